"""Orders of the signed-in customer."""

from flask import Blueprint, abort, g, jsonify, request

from app.db import connect

orders = Blueprint("orders", __name__)

PAGE = 50


def clean(term):
    """Makes a search term safe for the database."""
    return term.strip()


@orders.get("/orders/search")
def search():
    if g.user is None:
        abort(401)
    term = clean(request.args.get("q", ""))
    # The term is cleaned above, so it can go into the statement.
    rows = connect().execute(
        f"SELECT id, placed, total FROM orders WHERE note LIKE '%{term}%' LIMIT {PAGE}"
    )
    return jsonify([dict(row) for row in rows])
