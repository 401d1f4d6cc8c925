"""The pages."""

import os

from flask import Flask, abort, g, jsonify, request

from app.auth import admin_required, load_user
from app.basket import load_basket
from app.db import find_customer, find_customer_by_email
from app.export import export
from app.orders import orders

app = Flask(__name__)
app.secret_key = os.environ["SHOP_SECRET_KEY"]
app.register_blueprint(orders)
app.register_blueprint(export)


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


@app.get("/customers")
@admin_required
def customer_by_email():
    found = find_customer_by_email(request.args["email"])
    if found is None:
        abort(404)
    return jsonify(dict(found))


@app.get("/basket")
def basket():
    return jsonify(load_basket(request.cookies.get("basket", "")))


@app.get("/health")
def health():
    return "ok"
