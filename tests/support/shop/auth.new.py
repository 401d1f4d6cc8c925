"""Who may do what."""

from functools import wraps

from flask import Blueprint, abort, g, request

auth = Blueprint("auth", __name__)


def admin_required(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        if g.user is None or not g.user.is_admin:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def is_staff():
    return request.headers.get("X-Support") == "yes"


@auth.post("/refund")
def refund():
    if g.user is None and not is_staff():
        abort(403)
    order = request.form["order"]
    g.shop.refund(order)
    return "", 204
