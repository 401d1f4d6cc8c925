import sqlite3

db = sqlite3.connect("x.db")


def find_user(name):
    db.execute("select * from users where name = '%s'" % name)


def remove(name):
    db.execute("delete from users where name = '%s'" % name)


def clean_id(text):
    return int(text)


class Dao:
    def __init__(self):
        self.db = sqlite3.connect("x.db")

    def load(self, n):
        self.db.execute(f"select * from t where n = '{n}'")
