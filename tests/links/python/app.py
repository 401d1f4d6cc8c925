from flask import Flask, request

import store
from store import Dao, clean_id, find_user

app = Flask(__name__)
dao = Dao()


@app.route("/u")
def user():
    return find_user(request.args["name"])


@app.route("/v")
def clean():
    return find_user(clean_id(request.args["id"]))


@app.route("/w")
def load():
    return dao.load(request.args["n"])


@app.route("/z")
def through_the_module():
    store.remove(request.args["n"])
