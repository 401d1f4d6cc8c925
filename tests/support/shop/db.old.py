"""Orders and where they are kept."""

import os

import psycopg
from flask import Flask, jsonify, request

app = Flask(__name__)

DSN = os.environ["SHOP_DSN"]


def connect():
    """A connection that commits when the block ends."""
    return psycopg.connect(DSN)


def sanitize(value):
    """Blanks at both ends are never meant."""
    return value.strip()


@app.get("/health")
def health():
    with connect() as db:
        db.execute("SELECT 1")
    return "ok"


def tax(amount, rate):
    """Tax on an amount, rounded down to whole cents."""
    return int(amount * rate)


def totals(rows):
    """Totals by order."""
    result = {}
    for row in rows:
        result[row.id] = row.total
    return result
