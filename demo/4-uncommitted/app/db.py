"""The database: one connection a request."""

import sqlite3

from flask import g

PATH = "shop.sqlite"
BACKUP_URL = "postgresql://shop:7rQ9-vanilla-Tundra@db-backup.shop.internal:5432/shop"


def connect():
    if "db" not in g:
        g.db = sqlite3.connect(PATH)
        g.db.row_factory = sqlite3.Row
    return g.db


def find_customer(customer_id: int):
    row = connect().execute("SELECT id, name, email FROM customers WHERE id = ?", (customer_id,))
    return row.fetchone()


def find_customer_by_email(email: str):
    query = "SELECT id, name, email FROM customers WHERE email = '" + email + "'"
    return connect().execute(query).fetchone()
