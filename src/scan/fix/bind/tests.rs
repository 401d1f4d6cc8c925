use crate::scan::fix::tests::Set;

const RULE: &str = r#"
[[taint]]
sink = "sql"
message = "m"

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["py.{run,text}", "*.text"]
options = { placeholder = ":name", values = "bindparams" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["py.execute"]
options = { placeholder = "%s" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["py.guess", "js.guess", "db.guess"]
options = { placeholder = "?", guess = true }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["py.numbered", "js.query"]
options = { placeholder = "$n", values = "list" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["js.sequelize"]
options = { placeholder = "?", values = "property:replacements" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["py.frame"]
options = { placeholder = "?", values = "keyword:params" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["rs.execute"]
options = { placeholder = "?", values = "params" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["rs.client"]
options = { placeholder = "$n", values = "refs" }

[[fix]]
title = "Bind"
verb = "bind-parameters"
callee = ["py.q", "js.q", "db.Q", "rs.query"]
options = { placeholder = "?" }
"#;

const MODEL: &str = r#"
[[source]]
path = ["py.source()", "js.source()", "db.Source()", "rs.source()"]
from = "http"

[[sink]]
path = ["py.{q,run,text,execute,guess,numbered,frame}", "js.{q,query,guess,sequelize}", "db.{Q,guess}", "rs.{query,execute,client}"]
kind = "sql"

[[format]]
path = ["fmt.Sprintf"]
template = 0
style = "printf"

[[sink]]
path = ["js.query"]
arg = "0.text"
kind = "sql"
"#;

fn set() -> Set {
    Set::new(RULE, MODEL)
}

#[track_caller]
fn python(code: &str, after: &str) {
    let head = "import py\n\n\ndef f():\n    x = py.source()\n    y = py.source()\n    ";
    set().check("a.py", &format!("{head}{code}\n"), &format!("{head}{after}\n"));
}

#[track_caller]
fn refused(code: &str) {
    set().refuses(
        "a.py",
        &format!("import py\n\n\ndef f(table):\n    x = py.source()\n    {code}\n"),
    );
}

#[track_caller]
fn javascript(code: &str, after: &str) {
    let head =
        "const js = require(\"js\");\n\nfunction f(done) {\n  const x = js.source();\n  const y = js.source();\n  ";
    set().check("a.js", &format!("{head}{code}\n}}\n"), &format!("{head}{after}\n}}\n"));
}

#[track_caller]
fn go(code: &str, after: &str) {
    let head =
        "package a\n\nimport (\n\t\"fmt\"\n\n\t\"db\"\n)\n\nfunc f() {\n\tx := db.Source()\n\tfmt.Println(x)\n\t";
    set().check("a.go", &format!("{head}{code}\n}}\n"), &format!("{head}{after}\n}}\n"));
}

#[track_caller]
fn rust(code: &str, after: &str) {
    let head = "fn f() {\n    let x = rs::source();\n    let y = rs::source();\n    ";
    set().check("a.rs", &format!("{head}{code}\n}}\n"), &format!("{head}{after}\n}}\n"));
}

#[test]
fn every_python_way_of_building_text() {
    python(
        r#"py.q(f"SELECT a FROM t WHERE b = '{x}'")"#,
        r#"py.q("SELECT a FROM t WHERE b = ?", (x,))"#,
    );
    python(
        r#"py.q("SELECT a FROM t WHERE b = '" + x + "' AND c = " + str(y))"#,
        r#"py.q("SELECT a FROM t WHERE b = ? AND c = ?", (x, y))"#,
    );
    python(
        r#"py.q("SELECT a FROM t WHERE b = '%s' AND c = %s" % (x, y))"#,
        r#"py.q("SELECT a FROM t WHERE b = ? AND c = ?", (x, y))"#,
    );
    python(
        r#"py.q("SELECT a FROM t WHERE b = '%(b)s'" % {"b": x})"#,
        r#"py.q("SELECT a FROM t WHERE b = ?", (x,))"#,
    );
    python(
        r#"py.q('SELECT a FROM t WHERE b = "{}" AND c = {c}'.format(x, c=y))"#,
        r#"py.q('SELECT a FROM t WHERE b = ? AND c = ?', (x, y))"#,
    );
    python(
        r#"py.q(f"SELECT a FROM t WHERE b = {x!r}")"#,
        r#"py.q("SELECT a FROM t WHERE b = ?", (x,))"#,
    );
}

#[test]
fn wildcards_move_into_the_value() {
    python(
        r#"py.q(f"SELECT a FROM t WHERE b LIKE '%{x}%' LIMIT 5")"#,
        r#"py.q("SELECT a FROM t WHERE b LIKE ? LIMIT 5", (f"%{x}%",))"#,
    );
    python(
        r#"py.q("SELECT a FROM t WHERE b LIKE '%" + x + "%'")"#,
        r#"py.q("SELECT a FROM t WHERE b LIKE ?", ("%" + x + "%",))"#,
    );
    python(
        r#"py.q("SELECT a FROM t WHERE b LIKE '%%%s%%'" % x)"#,
        r#"py.q("SELECT a FROM t WHERE b LIKE ?", (f"%{x}%",))"#,
    );
    javascript(
        "js.q(`SELECT a FROM t WHERE b LIKE '%${x}%'`);",
        "js.q(`SELECT a FROM t WHERE b LIKE ?`, [`%${x}%`]);",
    );
    go(
        r#"db.Q(fmt.Sprintf("SELECT a FROM t WHERE b LIKE '%%%s%%'", x))"#,
        r#"db.Q("SELECT a FROM t WHERE b LIKE ?", "%" + x + "%")"#,
    );
    rust(
        r#"rs::query(&format!("SELECT a FROM t WHERE b LIKE '%{}%'", x)).fetch_all(&pool);"#,
        r#"rs::query("SELECT a FROM t WHERE b LIKE ?").bind(format!("%{x}%")).fetch_all(&pool);"#,
    );
}

#[test]
fn a_variable_used_only_there_is_followed() {
    python(
        "query = f\"SELECT a FROM t WHERE b = '{x}'\"\n    print(y)\n    py.q(query)",
        "query = \"SELECT a FROM t WHERE b = ?\"\n    print(y)\n    py.q(query, (x,))",
    );
    javascript(
        "const sql = \"SELECT a FROM t WHERE b = '\" + x + \"'\";\n  js.q(sql, done);",
        "const sql = \"SELECT a FROM t WHERE b = ?\";\n  js.q(sql, [x], done);",
    );
    go(
        "query := fmt.Sprintf(\"SELECT a FROM t WHERE b = '%s'\", x)\n\tdb.Q(query)",
        "query := \"SELECT a FROM t WHERE b = ?\"\n\tdb.Q(query, x)",
    );
    rust(
        "let sql = format!(\"SELECT a FROM t WHERE b = '{x}'\");\n    rs::query(&sql).fetch_all(&pool);",
        "let sql = \"SELECT a FROM t WHERE b = ?\";\n    rs::query(&sql).bind(&x).fetch_all(&pool);",
    );
    refused("query = f\"SELECT a FROM t WHERE b = '{x}'\"\n    log(query)\n    py.q(query)");
    refused("query = f\"SELECT a FROM t WHERE b = '{x}'\"\n    x = 1\n    py.q(query)");
}

#[test]
fn what_no_placeholder_can_be_stays() {
    python(
        "table = \"t\"\n    py.q(f\"SELECT a FROM {table} WHERE b = '{x}' ORDER BY a\")",
        "table = \"t\"\n    py.q(f\"SELECT a FROM {table} WHERE b = ? ORDER BY a\", (x,))",
    );
    python(
        "table = \"t\"\n    py.execute(\"SELECT a FROM %s WHERE b = '%s' AND c LIKE 'd%%'\" % (table, x))",
        "table = \"t\"\n    py.execute(\"SELECT a FROM %s WHERE b = %%s AND c LIKE 'd%%%%'\" % (table,), (x,))",
    );
    for code in [
        "py.q(f\"SELECT a FROM {x}\")",
        "py.q(f\"SELECT a FROM t ORDER BY {x}\")",
        "py.q(f\"SELECT {x} FROM t\")",
        "py.q(f\"SELECT a FROM t WHERE {x}\")",
        "py.q(f\"SELECT a FROM t WHERE b = 1 AND {x}\")",
        "py.q(f\"SELECT a FROM t_{x} WHERE b = 2\")",
        "py.q(f\"SELECT a FROM t WHERE b IN ({x})\")",
        "py.q(f\"DROP TABLE t WHERE b = '{x}'\")",
        "py.q(f\"SELECT a FROM t WHERE b = DATE '{x}'\")",
        "py.q(x)",
    ] {
        refused(code);
    }
}

#[test]
fn parameters_that_are_there_keep_their_order() {
    python(
        r#"py.q(f"SELECT a FROM t WHERE b = ? AND c = '{x}' AND d = ?", (1, 2))"#,
        r#"py.q("SELECT a FROM t WHERE b = ? AND c = ? AND d = ?", (1, x, 2))"#,
    );
    javascript(
        "js.query(`SELECT a FROM t WHERE b = $1 AND c = '${x}'`, [1]);",
        "js.query(`SELECT a FROM t WHERE b = $1 AND c = $2`, [1, x]);",
    );
    javascript(
        "js.q(`SELECT a FROM t WHERE b = ? AND c = '${x}'`, params);",
        "js.q(`SELECT a FROM t WHERE b = ? AND c = ?`, [...params, x]);",
    );
    go(
        r#"db.Q("SELECT a FROM t WHERE b = ? AND c = '" + x + "'", 1)"#,
        r#"db.Q("SELECT a FROM t WHERE b = ? AND c = ?", 1, x)"#,
    );
    rust(
        r#"rs::query(&format!("SELECT a FROM t WHERE b = ? AND c = '{}'", x)).bind(1).fetch_all(&pool);"#,
        r#"rs::query("SELECT a FROM t WHERE b = ? AND c = ?").bind(1).bind(&x).fetch_all(&pool);"#,
    );
    refused("py.q(f\"SELECT a FROM t WHERE b = ? AND c = '{x}' AND d = ?\", params)");
}

#[test]
fn each_way_of_passing() {
    python(
        r#"py.text(f"SELECT a FROM t WHERE b = '{x}' AND c = '{y}'")"#,
        r#"py.text("SELECT a FROM t WHERE b = :x AND c = :y").bindparams(x=x, y=y)"#,
    );
    python(
        r#"py.frame(f"SELECT a FROM t WHERE b = '{x}'", con)"#,
        r#"py.frame("SELECT a FROM t WHERE b = ?", con, params=(x,))"#,
    );
    python(
        r#"py.execute(f"SELECT a FROM t WHERE b = '{x}' AND c LIKE 'd%'")"#,
        r#"py.execute("SELECT a FROM t WHERE b = %s AND c LIKE 'd%%'", (x,))"#,
    );
    javascript(
        "js.sequelize(`SELECT a FROM t WHERE b = '${x}'`, { raw: true });",
        "js.sequelize(`SELECT a FROM t WHERE b = ?`, { raw: true, replacements: [x] });",
    );
    javascript(
        "js.query({ text: `SELECT a FROM t WHERE b = '${x}'` });",
        "js.query({ text: `SELECT a FROM t WHERE b = $1`, values: [x] });",
    );
    javascript(
        "js.q(`SELECT a FROM t WHERE b = ${x}`, (error, rows) => done(rows));",
        "js.q(`SELECT a FROM t WHERE b = ?`, [x], (error, rows) => done(rows));",
    );
    rust(
        r#"rs::execute(&format!("DELETE FROM t WHERE b = '{}' AND c = {}", x, y), []);"#,
        r#"rs::execute("DELETE FROM t WHERE b = ? AND c = ?", rusqlite::params![x, y]);"#,
    );
    rust(
        r#"rs::client(&format!("DELETE FROM t WHERE b = '{x}'"), &[]);"#,
        r#"rs::client("DELETE FROM t WHERE b = $1", &[&x]);"#,
    );
}

#[test]
fn layout_is_kept() {
    python(
        "py.q(\n        f\"\"\"\n        SELECT a -- it's\n        FROM t\n        WHERE b = '{x}' AND c = 'é{{1}}'\n        \"\"\",\n    )",
        "py.q(\n        \"\"\"\n        SELECT a -- it's\n        FROM t\n        WHERE b = ? AND c = 'é{1}'\n        \"\"\",\n        (x,),\n    )",
    );
    python(
        "py.q(\n        \"SELECT a FROM t \"  # the rest\n        f\"WHERE b = '{x}'\"\n        f\" AND c = {y}\"\n    )",
        "py.q(\n        \"SELECT a FROM t \"  # the rest\n        \"WHERE b = ?\"\n        \" AND c = ?\",\n        (x, y)\n    )",
    );
    javascript(
        "js.q(\"SELECT a \" +\n    \"FROM t WHERE b = '\" + x + \"' \" +\n    'AND c = ' + y);",
        "js.q(\"SELECT a \" +\n    \"FROM t WHERE b = ? \" +\n    'AND c = ?', [x, y]);",
    );
    rust(
        "rs::query(&format!(\"SELECT a FROM t WHERE b = '{x}'\"))\n        .fetch_all(&pool);",
        "rs::query(\"SELECT a FROM t WHERE b = ?\")\n        .bind(&x)\n        .fetch_all(&pool);",
    );
}

#[test]
fn go_loses_the_import_that_nothing_uses_any_more() {
    set().check(
        "a.go",
        "package a\r\n\r\nimport (\r\n\t\"fmt\"\r\n\r\n\t\"db\"\r\n)\r\n\r\nfunc f() {\r\n\tdb.Q(fmt.Sprintf(\"SELECT a FROM t WHERE b = %d AND c = '%v'\", n(), db.Source()))\r\n}\r\n",
        "package a\r\n\r\nimport (\r\n\r\n\t\"db\"\r\n)\r\n\r\nfunc f() {\r\n\tdb.Q(\"SELECT a FROM t WHERE b = ? AND c = ?\", n(), db.Source())\r\n}\r\n",
    );
}

#[test]
fn the_driver_is_told_by_other_statements_and_imports() {
    let fixed = |code: &str| set().fixed("a.py", code);
    let call = "x = py.source()\npy.guess(f\"SELECT a FROM t WHERE b = '{x}'\")\n";
    let seen = "other(\"SELECT a FROM t WHERE c = %s\", 1)\n";
    assert!(fixed(&format!("import py\n{call}{seen}")).contains("b = %s"));
    assert!(fixed(&format!("import py\nimport psycopg2\n{call}")).contains("b = %s"));
    let guessed = fixed(&format!("import py\n{call}"));
    assert!(guessed.starts_with("sketch: ") && guessed.contains("b = ?"));
}
