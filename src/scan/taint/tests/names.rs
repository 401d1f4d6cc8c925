//! What names mean: imports, aliases, shadowing, types.

use super::check;

#[test]
fn imports_and_aliases() {
    check(
        r#"
import os as system_module
from os import system as go
from flask import request as r
from subprocess import *
import os.path
def f():
    q = r.args["q"]
    system_module.system(q)  # hit
    go(q)  # hit
    run(q, shell=True)  # hit
    os.system(q)  # hit
"#,
    );
}

#[test]
fn a_local_name_is_not_the_library() {
    check(
        r#"
from flask import request
class os:
    def system(x):
        return x
def eval(x):
    return x
def f(request):
    os.system(request.args["q"])
    eval(request.args["q"])
"#,
    );
}

#[test]
fn a_parameter_called_request_is_no_request() {
    use crate::scan::Confidence;
    let found = super::python("import os\ndef f(request):\n    os.system(request.args['q'])\n");
    assert!(found.iter().all(|c| c.finding.confidence < Confidence::High));
    assert!(
        found
            .iter()
            .all(|c| c.finding.arguments.iter().all(|a| a.key != "from-http"))
    );
}

#[test]
fn types_follow_values() {
    check(
        r#"
import sqlite3
from flask import request
class Base(sqlite3.Connection):
    pass
class Repo:
    def __init__(self):
        self.db = sqlite3.connect("x")
    def cursor(self):
        return self.db.cursor()
    def f(self, conn: sqlite3.Connection):
        q = "x" + request.args["q"]
        self.db.execute(q)  # hit
        self.cursor().execute(q)  # hit
        conn.cursor().execute(q)  # hit
        with sqlite3.connect("y") as other:
            other.execute(q)  # hit
        Base().execute(q)  # hit
        self.execute(q)
    def execute(self, q):
        return q
"#,
    );
}
