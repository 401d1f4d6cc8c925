//! Text built in every form.

use super::{check, flask};

#[test]
fn every_operator_that_builds_text() {
    check(&flask(
        r#"
def f():
    q = request.args["q"]
    conn.execute("SELECT " + q)  # hit
    conn.execute("SELECT %s" % q)  # hit
    conn.execute("SELECT %s, %s" % (1, q))  # hit
    conn.execute("SELECT %(a)s" % {"a": q})  # hit
    conn.execute("SELECT {}".format(q))  # hit
    conn.execute("SELECT {x}".format(x=q))  # hit
    conn.execute(f"SELECT {q}")  # hit
    conn.execute(" ".join(["SELECT", q]))  # hit
    conn.execute("SELECT %d" % q)
    conn.execute(f"SELECT {q:d}")
    conn.execute("SELECT ?", (q,))
    conn.execute("SELECT %s", [q])
    conn.execute("SELECT " + "a" + str(3))
"#,
    ));
}

#[test]
fn text_grows_through_variables_and_loops() {
    check(&flask(
        r#"
def f():
    sql = "SELECT * FROM t WHERE 1=1"
    name = request.args.get("name")
    if name:
        sql += " AND name = '" + name + "'"
    conn.execute(sql)  # hit

def g():
    parts = []
    for key in request.form:
        parts.append(key + " = 1")
    conn.execute("SELECT * FROM t WHERE " + " AND ".join(parts))  # hit

def h(rows):
    sql = "SELECT a"
    for i in range(3):
        sql = sql + ", b" + str(len(rows))
    conn.execute(sql)
"#,
    ));
}

#[test]
fn choices_carry_what_either_side_carries() {
    check(&flask(
        r#"
def f():
    a = request.args.get("a") or "x"
    os.system("ls " + a)  # hit
    b = "x" if a else request.args.get("b")
    os.system("ls " + b)  # hit
    c = "x" if a else "y"
    os.system("ls " + c)
    d = a and a.strip()
    os.system(d)  # hit
"#,
    ));
}

#[test]
fn any_receiver_needs_text_that_fits() {
    check(&flask(
        r#"
def f(db, job):
    q = request.args["q"]
    db.execute("SELECT * FROM t WHERE a = '" + q + "'")  # hit
    job.execute("run " + q)
    job.execute(q)
"#,
    ));
}

#[test]
fn a_fixed_host_is_no_address_of_the_senders_choice() {
    check(&flask(
        r#"
HOST = "https://api.example.com"
def f():
    p = request.args["p"]
    requests.get(p)  # hit
    requests.get("http://" + p)  # hit
    requests.get(f"{HOST}/items/{p}")
    requests.get("https://api.example.com/" + p)
    requests.get(f"https://{p}.example.com/")  # hit
"#,
    ));
}
