//! Shapes of code, each matcher on its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::scan::{
    Confidence,
    engine::{Budget, Candidate},
    testing::{PYTHON, analysis_of},
};

/// What a rule with this `match` table finds in Python code.
fn found_in(path: &str, matcher: &str, code: &str) -> Vec<Candidate> {
    let rule = format!(
        r#"
schema = 1
id = "test/shape"
category = "shape"
title = "shape"
severity = "medium"
cwe = [1]
languages = ["python"]
why = "-"
check = "-"
[[match]]
message = "{{code}} | {{name}} | {{value}}"
{matcher}
"#
    );
    let rule: &'static str = Box::leak(rule.into_boxed_str());
    let found = analysis_of(path, code, &[PYTHON], &[rule], Budget::default()).candidates;
    found.into_iter().filter(|c| &*c.finding.rule == "test/shape").collect()
}

fn found(matcher: &str, code: &str) -> Vec<Candidate> {
    found_in("src/app.py", matcher, code)
}

fn lines(matcher: &str, code: &str) -> Vec<u32> {
    found(matcher, code)
        .iter()
        .map(|c| c.finding.place.start.line)
        .collect()
}

#[test]
fn calls_by_path_and_arguments() {
    let matcher = r#"
call = ["requests.{get,post}", "*.get_it"]
args = [{ arg = "verify", equals = [false] }]
"#;
    let code = "import requests as r\nr.get(u, verify=False)\nflag = False\nr.post(u, verify=flag)\nr.get(u)\nr.get(u, verify=True)\nx.get_it(verify=False)\nr.get(u, **options)\n";
    assert_eq!(lines(matcher, code), [2, 4, 7]);
    let all = found(matcher, code);
    assert_eq!(all[0].finding.message, "r.get(u, verify=False) | get | False");
    assert!(all[2].finding.arguments.iter().any(|a| a.key == "weak-receiver"));
    assert!(all[0].site.value.is_some());
}

#[test]
fn absent_arguments() {
    let matcher = "call = [\"requests.get\"]\nargs = [{ arg = \"1|timeout\", absent = true }]";
    let code =
        "import requests\nrequests.get(u)\nrequests.get(u, timeout=3)\nrequests.get(u, 3)\nrequests.get(u, **kw)\n";
    assert_eq!(lines(matcher, code), [2]);
}

#[test]
fn other_conditions_on_arguments() {
    let code = "import yaml\nyaml.load(x)\nyaml.load(x, Loader=yaml.SafeLoader)\nyaml.load('a', yaml.Loader)\nyaml.load([1])\n";
    let of = |test: &str| lines(&format!("call = [\"yaml.load\"]\nargs = [{{ {test} }}]"), code);
    assert_eq!(
        of("arg = \"1|Loader\", path = [\"yaml.SafeLoader\"], not = true"),
        [2, 4, 5]
    );
    assert_eq!(of("arg = 0, constant = true"), [4, 5]);
    assert_eq!(of("arg = 0, list = true"), [5]);
    assert_eq!(of("arg = 0, matches = '^a'"), [4]);
}

#[test]
fn values_given_to_names() {
    let matcher = "assign = { name = 'password', matches = '^.{4,}$' }";
    let code = "password = 'hunter22'\nPASSWORD_FIELD = 'x'\nself.db_password = 'hunter22'\nconnect(password='hunter22')\nd = {'password': 'hunter22'}\nd['password'] = 'hunter22'\ndef f(password='hunter22'):\n    pass\npassword = get()\na, password = 1, 'hunter22'\n";
    assert_eq!(lines(matcher, code), [1, 3, 4, 5, 6, 7, 10]);
    let matcher = "assign = { name = '^debug$', equals = [true], of = [\"flask.Flask()\"] }";
    let code = "from flask import Flask\napp = Flask()\napp.debug = True\nother.debug = True\napp.debug = False\n";
    assert_eq!(lines(matcher, code), [3]);
    let matcher = "assign = { name = 'role|admin', from = [\"http\"] }";
    let code = "from flask import request\nuser.role = request.json['role']\nuser.role = 'user'\nuser.name = request.json['name']\n";
    assert_eq!(lines(matcher, code), [2]);
    assert_eq!(found(matcher, code)[0].finding.steps.len(), 2);
}

#[test]
fn comparisons() {
    let matcher = "compare = { ops = ['==', '!='], name = '(?i)token|signature', dynamic = true }";
    let code = "if token == expected: pass\nif token == 'x': pass\nif self.signature != given(): pass\nif a == b.token: pass\nif tokens is None: pass\n";
    assert_eq!(lines(matcher, code), [1, 3, 4]);
    let matcher = "compare = { ops = ['=='], side-path = ['flask.request.headers[]', 'flask.request.headers.get()'] }";
    let code = "from flask import request\nh = request.headers['X']\nif h == 'admin': pass\nif request.headers.get('Y') == role: pass\nif x == 'admin': pass\n";
    assert_eq!(lines(matcher, code), [3, 4]);
}

#[test]
fn branches() {
    let code = "def f():\n    if not is_admin:\n        pass\n    if is_admin or True:\n        go()\n    if user.is_admin:\n        return 1\n    if debug:\n        raise X()\n";
    assert_eq!(
        lines("branch = { mentions = 'admin', negated = true, empty = true }", code),
        [2]
    );
    assert_eq!(lines("branch = { always = true }", code), [4]);
    assert_eq!(lines("branch = { mentions = 'admin', ends = ['returns'] }", code), [6]);
    assert_eq!(lines("branch = { ends = ['raises'] }", code), [8]);
    let code = "from flask import request\nrole = request.headers.get('X-Role')\nif role == 'admin':\n    go()\n";
    assert_eq!(lines("branch = { reads = ['flask.request.headers.get()'] }", code), [3]);
}

#[test]
fn handlers() {
    let code = "def f(t):\n    try:\n        jwt.verify(t)\n    except Exception:\n        return True\ndef g(t):\n    try:\n        verify_it(t)\n    except Exception:\n        pass\ndef h(t):\n    try:\n        load(t)\n    except Exception:\n        return True\n";
    assert_eq!(lines("handler = { guards = 'verify', returns = [true] }", code), [4]);
    assert_eq!(lines("handler = { guards = 'verify', empty = true }", code), [9]);
}

#[test]
fn functions() {
    let code = "from flask import Flask\napp = Flask(1)\ndef sanitize(x):\n    log(x)\n    return x\ndef clean(x):\n    return x.strip()\ndef is_admin(u):\n    return True\ndef check(u):\n    return u.ok\n@app.route('/a')\ndef a(): pass\n@app.route('/b')\n@login_required\ndef b(): pass\n";
    assert_eq!(lines("function = { returns-input = true }", code), [3]);
    assert_eq!(
        lines("function = { name = '^is_|^check', always-returns = [true] }", code),
        [8]
    );
    let matcher = "function = { decorated = ['flask.Flask().route'], undecorated = ['login_required'] }";
    assert_eq!(lines(matcher, code), [13]);
}

#[test]
fn narrowing_by_function_path_and_imports() {
    let code = "import hashlib\ndef hash_password(p):\n    return hashlib.md5(p)\ndef cache_key(p):\n    return hashlib.md5(p)\n";
    assert_eq!(lines("call = ['hashlib.md5']\nwithin = 'password'", code), [3]);
    let matcher = "call = ['hashlib.md5']\nnot-path = 'src/'";
    assert!(lines(matcher, code).is_empty());
    assert_eq!(found_in("lib/a.py", matcher, code).len(), 2);
    assert_eq!(lines("call = ['hashlib.md5']\nimports = ['hashlib']", code).len(), 2);
    assert!(lines("call = ['hashlib.md5']\nimports = ['django']", code).is_empty());
}

#[test]
fn what_cannot_run_is_not_looked_at_and_confidence_is_the_matchers() {
    let code = "import os\ndef f():\n    return 1\n    os.mktemp()\nos.mktemp()\n";
    let all = found("call = ['os.mktemp']\nconfidence = 'high'", code);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].finding.confidence, Confidence::High);
}

#[test]
fn what_must_be_around_and_what_must_not() {
    let lacks = r#"
call = ["xml.parser"]
lacks = [{ call = ["*.refuse"], args = [{ arg = 0, equals = [true] }] }, { assign = { name = "safe", equals = [true] } }]
"#;
    let code = "import xml
def bad():
    p = xml.parser()
def wrong():
    p = xml.parser()
    p.refuse(False)
def told():
    p = xml.parser()
    p.refuse(True)
def set():
    p = xml.parser()
    p.safe = True
def within():
    p = xml.parser()
    return lambda: p.refuse(True)
";
    assert_eq!(lines(lacks, code), [3, 5]);
    assert!(lines(&format!("{lacks}\nscope = \"file\""), code).is_empty());
    let has = "call = [\"xml.parser\"]\nhas = [{ assign = { name = \"safe\" } }]";
    assert_eq!(lines(has, code), [11]);
    let class = "call = [\"xml.parser\"]\nscope = \"class\"\nlacks = [{ call = [\"*.refuse\"] }]";
    let code = "import xml
class A:
    def a(self):
        self.p = xml.parser()
    def b(self):
        self.p.refuse()
class B:
    def a(self):
        self.p = xml.parser()
";
    assert_eq!(lines(class, code), [9]);
}

#[test]
fn numbers_names_and_built_values() {
    let code = "import rsa\nrsa.make(1024)\nrsa.make(2048)\nrsa.make(n)\nBITS = 512\nrsa.make(BITS)\n";
    let below = "call = [\"rsa.make\"]\nargs = [{ arg = 0, below = 2048 }]";
    assert_eq!(lines(below, code), [2, 6]);
    let above = "call = [\"rsa.make\"]\nargs = [{ arg = 0, above = 2047 }]";
    assert_eq!(lines(above, code), [3]);
    let named = "call = [\"rsa.make\"]\nargs = [{ arg = 0, named = '^n$' }]";
    assert_eq!(lines(named, code), [4]);
    let code = "import log\nlog.say(f\"a {b}\")\nlog.say(\"a\" + \"b\")\nlog.say(b)\nlog.say(\"a %s\" % b)\n";
    let built = "call = [\"log.say\"]\nargs = [{ arg = 0, built = true }]";
    assert_eq!(lines(built, code), [2, 5]);
    let redos = "call = [\"re.compile\"]\nargs = [{ arg = 0, redos = true }]";
    let code = "import re\nre.compile('^(a+)+$')\nre.compile('^a+$')\nre.compile(x)\n";
    assert_eq!(lines(redos, code), [2]);
}

#[test]
fn classes_and_empty_functions() {
    let code = "from tls import Manager, plain
class Trusting(Manager):
    def check(self, chain, kind):
        pass
class Careful(Manager):
    def check(self, chain, kind):
        verify(chain)
@plain
class Other:
    def check(self, chain):
        pass
";
    let empty = "function = { name = '^check$', empty = true, bases = [\"tls.Manager\"] }";
    assert_eq!(lines(empty, code), [3]);
    assert_eq!(lines("function = { empty = true, params = 1 }", code), [10]);
    assert_eq!(lines("class = { bases = [\"tls.Manager\"] }", code), [2, 5]);
    assert_eq!(lines("class = { decorated = [\"tls.plain\"] }", code), [9]);
    assert_eq!(
        lines("class = { undecorated = [\"tls.plain\"], name = '^Tr' }", code),
        [2]
    );
    assert!(lines("class = { lacks-method = [\"check\"] }", code).is_empty());
}

#[test]
fn code_as_it_is_written() {
    let code = "import subprocess as sp\nsp.run(a, shell=True)\nsp.run([a])\ndef f():\n    return sp.run(x, shell=True, cwd=y)\n";
    let matcher = "pattern = \"subprocess.run($X, shell=True, ...)\"";
    assert_eq!(lines(matcher, code), [2, 5]);
    assert_eq!(found(matcher, code)[0].finding.message, "sp.run(a, shell=True) |  | a");
}
