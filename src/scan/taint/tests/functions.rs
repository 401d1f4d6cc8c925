//! Values through functions, methods, fields, closures and callbacks of the file.

use super::{check, flask};
use crate::scan::engine::Budget;

#[test]
fn through_helpers_in_both_directions() {
    check(&flask(
        r#"
def name():
    return request.args["name"]

def wrap(x):
    return "ls " + x

def run(cmd):
    os.system(cmd)  # hit

def constant(x):
    return "const"

def f():
    os.system(name())  # hit
    os.system(wrap(request.args["a"]))  # hit
    os.system(wrap("a"))
    os.system(constant(request.args["a"]))
    run(request.args["a"])
"#,
    ));
}

#[test]
fn a_helper_given_only_constants_is_dismissed() {
    let code = flask("def run(cmd):\n    os.system('ls ' + cmd)\nrun('a')\nrun('b')\n");
    let analysis = super::analysis_of("src/app.py", &code, &[super::PYTHON], &[], Budget::default());
    assert!(analysis.candidates.is_empty());
    let why: Vec<_> = analysis.dismissed[0].finding.arguments.iter().map(|a| a.key).collect();
    assert!(why.contains(&"constant"), "{why:?}");
}

#[test]
fn the_same_helper_for_good_and_bad() {
    check(&flask(
        r#"
def ident(x):
    return x
def f():
    bad = ident(request.args["a"])
    good = ident("const")
    os.system(good)
    os.system(bad)  # hit
"#,
    ));
}

#[test]
fn fields_set_in_one_method_and_read_in_another() {
    check(&flask(
        r#"
class Job:
    def __init__(self, cmd, label):
        self.cmd = cmd
        self.label = "label"
    def go(self):
        os.system(self.cmd)  # hit
        os.system(self.label)

def f():
    Job(request.args["a"], "x").go()

class Lazy:
    def load(self):
        self.value = request.args["a"]
    def go(self):
        os.system(self.value)  # hit
"#,
    ));
}

#[test]
fn each_instance_has_its_own_fields() {
    check(&flask(
        r#"
class Box:
    def __init__(self, v):
        self.v = v
def f():
    a = Box("const")
    b = Box(request.args["a"])
    os.system(a.v)
    os.system(b.v)  # hit
"#,
    ));
}

#[test]
fn methods_and_properties() {
    check(&flask(
        r#"
class View:
    @property
    def name(self):
        return request.args["name"]
    def quoted(self, x):
        return shlex.quote(x)
    def go(self):
        os.system(self.name)  # hit
        os.system(self.quoted(self.name))
        self.run(self.name)
    def run(self, cmd):
        os.system("ls " + cmd)  # hit
"#,
    ));
}

#[test]
fn closures_and_callbacks() {
    check(&flask(
        r#"
def f():
    cmd = request.args["a"]
    def inner():
        os.system(cmd)  # hit
    inner()

def g():
    cmd = request.args["a"]
    later = lambda: os.system(cmd)  # hit
    later()

def h():
    list(map(lambda n: os.system(n), request.args.getlist("a")))  # hit
    list(map(lambda n: os.system(n), ["a", "b"]))

def k():
    run = os.system
    run(request.args["a"])  # hit
"#,
    ));
}

#[test]
fn a_name_promises_nothing() {
    check(&flask(
        r#"
def sanitize(x):
    return x
def escape(x):
    return x.replace("'", "")
def validate_strictly(x):
    print("checked", x)
    return True
def f():
    os.system(sanitize(request.args["a"]))  # hit
    os.system(escape(request.args["a"]))  # hit
    b = request.args["b"]
    if validate_strictly(b):
        os.system(b)  # hit
"#,
    ));
}

#[test]
fn arguments_reach_their_parameters() {
    check(&flask(
        r#"
def run(a, b="x", *rest, c="y", **more):
    os.system(a)
    os.system(b)
    os.system(rest[0])  # hit
    os.system(c)  # hit
    os.system(more["d"])
    os.system(more["e"])  # hit
def f():
    q = request.args["q"]
    run("a", "b", q, c=q, d="d", e=q)
"#,
    ));
}

#[test]
fn what_a_helper_adds_to_its_argument() {
    check(&flask(
        r#"
def fill(into):
    into.append(request.args["a"])
def f():
    xs = []
    fill(xs)
    os.system(" ".join(xs))  # hit
"#,
    ));
}

#[test]
fn recursion_ends() {
    check(&flask(
        r#"
def a(x, n):
    if n:
        return b(x + "a", n)
    os.system(x)  # hit
    return x
def b(x, n):
    return a(x + "b", n)
a(request.args["q"], 3)
"#,
    ));
}

#[test]
fn parameters_are_a_weak_source() {
    use crate::scan::Confidence;
    let found = super::python(&flask("def f(name):\n    conn.execute('SELECT ' + name)\n"));
    assert_eq!(found[0].finding.confidence, Confidence::Medium);
    assert!(super::python(&flask("def f(q):\n    conn.execute(q)\n")).is_empty());
    assert!(super::python(&flask("def f(n: int):\n    conn.execute('SELECT ' + n)\n")).is_empty());
}

#[test]
fn decorated_parameters_come_from_outside() {
    check(
        r#"
import os
from fastapi import FastAPI
app = FastAPI()
@app.get("/x")
def f(name: str, count: int):
    os.system(name)  # hit
    os.system(count)
"#,
    );
}

#[test]
fn class_members_and_bases() {
    check(&flask(
        r#"
class Base:
    command = "ls "
    unsafe = request.args["u"]
    def __init__(self, arg):
        self.arg = arg
    def go(self):
        os.system(self.command + "x")
        os.system(self.unsafe)  # hit
class Job(Base):
    def __init__(self, arg):
        super().__init__(arg)
    def other(self):
        os.system(self.arg)  # hit
        self.go()
Job(request.args["a"]).other()
"#,
    ));
}

#[test]
fn exceptions_carry_their_message() {
    check(&flask(
        r#"
def f():
    try:
        raise ValueError("bad " + request.args["a"])
    except ValueError as e:
        os.system("echo " + str(e))  # hit
"#,
    ));
}

#[test]
fn generators_give_what_they_yield() {
    check(&flask(
        r#"
def names():
    for n in request.args.getlist("n"):
        yield n
def f():
    for n in names():
        os.system(n)  # hit
"#,
    ));
}

#[test]
fn a_test_kept_where_another_function_sees_it_says_nothing_there() {
    check(&flask(
        r#"
n = request.args["n"]
ok = n in ("a", "b")
def f(m):
    if ok:
        os.system(request.args["m"])  # hit
    return ok and os.system(request.args["m"])  # hit
"#,
    ));
}
