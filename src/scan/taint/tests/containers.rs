//! Lists, maps, tuples, objects.

use super::{check, flask};

#[test]
fn elements_by_key_and_position() {
    check(&flask(
        r#"
def f():
    d = {"a": request.args["a"], "b": "const"}
    os.system(d["a"])  # hit
    os.system(d["b"])
    os.system(d[unknown()])  # hit
    t = (request.args["a"], "const")
    os.system(t[0])  # hit
    os.system(t[1])
    x, y = t
    os.system(x)  # hit
    os.system(y)
    first, *others = ["a", "b", request.args["a"]]
    os.system(first)
    os.system(others[0])  # hit
    d["b"] = request.args["b"]
    os.system(d["b"])  # hit
    d["a"] = "const"
    os.system(d["a"])
"#,
    ));
}

#[test]
fn what_is_added_comes_out_again() {
    check(&flask(
        r#"
def f():
    out = ["ls"]
    os.system(" ".join(out))
    out.append(request.args["a"])
    os.system(" ".join(out))  # hit

def g():
    args = ["ls", "-l"]
    args.extend(["a", "b"])
    os.system(" ".join(args))

def h():
    d = {}
    d["x"] = request.args["a"]
    for k, v in d.items():
        os.system(v)  # hit
    os.system(d.get("x"))  # hit
    os.system(d.get("y", "const"))
    for i, v in enumerate(sorted(request.args.getlist("a"))):
        os.system(v)  # hit
        os.system(i)
    c = list({"a": "x", "b": request.args["b"]}.values())
    os.system(c[0])  # hit
    xs = sorted(["a", "b"])
    os.system(xs.pop())
"#,
    ));
}

#[test]
fn comprehensions_carry_their_elements() {
    check(&flask(
        r#"
def f():
    names = [n.strip() for n in request.args.getlist("n")]
    os.system(" ".join(names))  # hit
    os.system(" ".join(str(len(n)) for n in names))
    safe = [shlex.quote(n) for n in names]
    os.system(" ".join(safe))
    pairs = {k: v for k, v in request.args.items()}
    os.system(pairs["x"])  # hit
"#,
    ));
}

#[test]
fn a_known_map_gives_only_what_is_in_it() {
    check(&flask(
        r#"
COLUMNS = {"name": "u.name", "age": "u.age"}
def f():
    key = request.args["sort"]
    conn.execute("SELECT a ORDER BY " + COLUMNS[key])
    conn.execute("SELECT a ORDER BY " + COLUMNS.get(key, "id"))
    conn.execute("SELECT a ORDER BY " + COLUMNS.get(key, key))  # hit
"#,
    ));
}

#[test]
fn an_argument_vector_is_no_shell() {
    check(&flask(
        r#"
def f():
    n = request.args["n"]
    subprocess.run(["ls", n])
    subprocess.run(["ls", n], shell=False)
    subprocess.run("ls " + n, shell=True)  # hit
    use = True
    subprocess.run("ls " + n, shell=use)  # hit
"#,
    ));
}
