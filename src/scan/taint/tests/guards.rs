//! Checks that make a value harmless, and those that do not.

use super::{check, flask};

#[test]
fn membership_and_equality() {
    check(&flask(
        r#"
ALLOWED = ("a", "b")
def f():
    n = request.args["n"]
    if n in ALLOWED:
        os.system(n)
    else:
        os.system(n)  # hit
    os.system(n)  # hit

def g():
    n = request.args["n"]
    if n not in ALLOWED:
        raise ValueError(n)
    os.system(n)

def h():
    n = request.args["n"]
    if n not in ALLOWED:
        abort(400)
    os.system("ls " + n)

def i():
    n = request.args["n"]
    if n == "a" or n == "b":
        os.system(n)
    if n == "a" or n:
        os.system(n)  # hit
    if n != "a":
        return
    os.system(n)

def j():
    n = request.args["n"]
    if n in request.args["list"]:
        os.system(n)  # hit
    if "a" in n:
        os.system(n)  # hit
"#,
    ));
}

#[test]
fn types_and_patterns() {
    check(&flask(
        r#"
def f():
    n = request.args["n"]
    if n.isdigit():
        os.system(n)
    if not n.isdigit():
        os.system(n)  # hit
    if re.fullmatch("[a-z]+", n):
        os.system(n)
    m = re.fullmatch("[a-z]+", n)
    if not m:
        return
    os.system(n)

def g():
    n = request.args["n"]
    if not isinstance(n, int):
        return
    os.system(n)

def h():
    n = request.args["n"]
    if not isinstance(n, str):
        return
    os.system(n)  # hit
"#,
    ));
}

#[test]
fn connectives_and_conditional_expressions() {
    check(&flask(
        r#"
ALLOWED = {"a"}
def f():
    n = request.args["n"]
    ok = n in ALLOWED and len(n) < 9
    if ok:
        os.system(n)
    if n in ALLOWED or len(n) < 9:
        os.system(n)  # hit
    x = n if n in ALLOWED else "a"
    os.system(x)
    y = n if n not in ALLOWED else "a"
    os.system(y)  # hit
    n in ALLOWED and os.system(n)
    n in ALLOWED or os.system(n)  # hit
"#,
    ));
}

#[test]
fn checks_in_helpers() {
    check(&flask(
        r#"
ALLOWED = {"a"}
def allowed(x):
    return x in ALLOWED
def checked(x):
    if x not in ALLOWED:
        raise ValueError()
    return x
def require(x):
    if x not in ALLOWED:
        raise ValueError()
def ok(x):
    if x not in ALLOWED:
        return False
    return True
def bad(x):
    if x in ALLOWED:
        log(x)
def f():
    n = request.args["n"]
    if allowed(n):
        os.system(n)
    if ok(n):
        os.system(n)
    else:
        os.system(n)  # hit
    bad(n)
    os.system(n)  # hit
    os.system(checked(n))

def g():
    n = request.args["n"]
    require(n)
    os.system(n)
"#,
    ));
}

#[test]
fn a_check_in_one_branch_only_is_none() {
    check(&flask(
        r#"
def f(flag):
    n = request.args["n"]
    if flag:
        n = shlex.quote(n)
    os.system("ls " + n)  # hit

def g(flag):
    n = request.args["n"]
    if flag:
        n = shlex.quote(n)
    else:
        n = shlex.quote(n + "x")
    os.system("ls " + n)
"#,
    ));
}

#[test]
fn what_is_cleaned_is_cleaned_for_its_kind() {
    check(&flask(
        r#"
def f():
    n = html.escape(request.args["n"])
    os.system("ls " + n)  # hit
    conn.execute("SELECT " + n)  # hit
    conn.execute("SELECT " + str(int(n)))
    conn.execute("SELECT " + str(len(n)))
    os.system("ls " + shlex.quote(n))
    eval(shlex.quote(n))  # hit
"#,
    ));
}

#[test]
fn a_check_of_another_view_counts() {
    check(&flask(
        r#"
from urllib.parse import urlparse
HOSTS = {"a.example"}
def f():
    url = request.args["url"]
    if urlparse(url).hostname not in HOSTS:
        abort(400)
    requests.get(url)

def g():
    url = request.args["url"]
    host = urlparse(url).hostname
    if host not in HOSTS:
        return
    requests.get(url)

def h():
    data = request.json
    if data["a"] in HOSTS:
        requests.get(data["a"])
        requests.get(data["b"])  # hit
"#,
    ));
}

#[test]
fn code_after_leaving_is_not_reached() {
    check(&flask(
        r#"
def f():
    return 1
    os.system(request.args["n"])

def g():
    sys.exit(1)
    os.system(request.args["n"])

def fail():
    raise ValueError()

def h():
    fail()
    os.system(request.args["n"])
"#,
    ));
}

#[test]
fn a_checked_value_that_changes_is_unchecked() {
    check(&flask(
        r#"
ALLOWED = {"a"}
def f():
    n = request.args["n"]
    if n not in ALLOWED:
        return
    n = request.args["m"]
    os.system(n)  # hit
"#,
    ));
}
