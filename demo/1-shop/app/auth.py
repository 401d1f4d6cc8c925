"""Sign-in and what a signed-in person may do."""

import hashlib
import hmac
from functools import wraps

from flask import abort, g, session

from app.db import connect


def load_user():
    user_id = session.get("user_id")
    if user_id is None:
        return None
    return connect().execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()


def is_admin(user) -> bool:
    return user is not None and user["role"] == "admin"


def admin_required(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        if not is_admin(g.user):
            abort(403)
        return view(*args, **kwargs)

    return wrapped


def token_is_valid(token: str, secret: bytes, message: bytes) -> bool:
    expected = hmac.new(secret, message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(token, expected)
