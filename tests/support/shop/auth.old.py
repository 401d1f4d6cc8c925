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


@auth.post("/refund")
@admin_required
def refund():
    order = request.form["order"]
    g.shop.refund(order)
    return "", 204
