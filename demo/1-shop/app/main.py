"""The pages."""

import os

from flask import Flask, abort, g, jsonify

from app.auth import admin_required, load_user
from app.db import find_customer

app = Flask(__name__)
app.secret_key = os.environ["SHOP_SECRET_KEY"]


@app.before_request
def who_is_it():
    g.user = load_user()


@app.get("/customers/<int:customer_id>")
@admin_required
def customer(customer_id):
    found = find_customer(customer_id)
    if found is None:
        abort(404)
    return jsonify(dict(found))


@app.get("/health")
def health():
    return "ok"
