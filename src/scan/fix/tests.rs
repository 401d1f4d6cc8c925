#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use crate::{change::RepoPath, lang::STACK_BYTES, scan::file};

const MODEL: &str = r#"
schema = 1
languages = ["python", "javascript", "typescript", "go", "rust"]
about = "test"
"#;

const RULE: &str = r#"
schema = 1
category = "CATEGORY"
id = "test/CATEGORY"
title = "t"
severity = "high"
cwe = [1]
languages = ["python", "javascript", "typescript", "go", "rust"]
why = "-"
check = "-"
"#;

/// A rule set of one rule and one model.
pub struct Set {
    rules: RuleSet,
}

impl Set {
    /// From the tables of a rule and of a model.
    pub fn new(rule: &str, model: &str) -> Set {
        let category = if rule.contains("\"sql\"") {
            "sql-injection"
        } else {
            "command-injection"
        };
        let rule = format!("{}{rule}", RULE.replace("CATEGORY", category));
        let model = format!("{MODEL}{model}");
        let rules = RuleSet::of_texts(&[("rule.toml", &rule), ("models/model.toml", &model)]);
        rules.all().unwrap_or_else(|e| panic!("{e}"));
        Set { rules }
    }

    /// The code with every fix made, each checked fix once more for itself; sketches are marked by `sketch: ` before them.
    pub fn fixed(&self, path: &str, code: &str) -> String {
        std::thread::scope(|scope| {
            let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
            worker
                .spawn_scoped(scope, || self.fixed_here(path, code))
                .unwrap()
                .join()
                .unwrap()
        })
    }

    fn fixed_here(&self, path: &str, code: &str) -> String {
        let path = RepoPath::new(path);
        let view = FileView::new(&path, code.as_bytes());
        let scan = file::scan(&view, &self.rules);
        assert!(!scan.found.is_empty(), "nothing is found in\n{code}");
        let dialects = Dialects::default();
        let fixer = Fixer::new(&view, &scan, &self.rules, &dialects);
        let fixes: Vec<Fix> = scan.found.iter().filter_map(|f| fixer.propose(f).0).collect();
        if let [only] = &fixes[..]
            && only.quality == FixQuality::Sketch
        {
            return format!("sketch: {}", applied(code, only));
        }
        for (fix, found) in fixes
            .iter()
            .zip(&scan.found)
            .filter(|_| fixes.len() == scan.found.len())
        {
            self.is_gone(&path, &applied(code, fix), found);
        }
        let all = Fix {
            title: String::new(),
            quality: FixQuality::Checked,
            path: path.clone(),
            edits: together(code.as_bytes(), &fixes),
        };
        applied(code, &all)
    }

    fn is_gone(&self, path: &RepoPath, after: &str, found: &Found) {
        let scan = file::scan(&FileView::new(path, after.as_bytes()), &self.rules);
        let same = scan
            .found
            .iter()
            .filter(|f| f.finding.fingerprint == found.finding.fingerprint);
        assert_eq!(same.count(), 0, "still found in\n{after}");
    }

    /// Checks that `code` becomes `after`.
    #[track_caller]
    pub fn check(&self, path: &str, code: &str, after: &str) {
        let fixed = self.fixed(path, code);
        assert_eq!(fixed, after, "\n--- is\n{fixed}\n--- should be\n{after}");
    }

    /// Checks that there is no fix.
    #[track_caller]
    pub fn refuses(&self, path: &str, code: &str) {
        let fixed = self.fixed(path, code);
        assert_eq!(fixed, code, "a fix is proposed:\n{fixed}");
    }
}

fn applied(code: &str, fix: &Fix) -> String {
    String::from_utf8(fix.apply(code.as_bytes()).unwrap()).unwrap()
}

fn set(tables: &str) -> Set {
    Set::new(tables, "")
}

#[test]
fn a_comment_goes_with_the_space_before_it_and_other_words_stay() {
    let rule =
        "[[text]]\nmessage = \"m\"\nregex = '(?P<v>nosec\\b)'\n\n[[fix]]\ntitle = \"t\"\nverb = \"remove-text\"\n";
    let set = set(rule);
    set.check("a.py", "run(a)  # nosec\nb = 1\n", "run(a)\nb = 1\n");
    set.check("a.py", "run(a)  # why: nosec\n", "run(a)  # why:\n");
    set.check(
        "a.go",
        "package a\r\n\r\n// nosec\r\nvar x = 1\r\n",
        "package a\r\n\r\nvar x = 1\r\n",
    );
}

#[test]
fn a_comparison_becomes_a_call_whichever_way_it_is_asked() {
    let rule = |with: &str, import: &str| {
        set(&format!(
            "[[match]]\nmessage = \"m\"\ncompare = {{ ops = [\"==\", \"!=\", \"===\", \"!==\"], name = \"^token$\", dynamic = true }}\n\n\
             [[fix]]\ntitle = \"t\"\nverb = \"replace-comparison\"\nwith = \"{with}\"\nimport = \"{import}\"\n"
        ))
    };
    let python = rule("hmac.compare_digest({left}, {right})", "import hmac");
    python.check(
        "a.py",
        "def f(token, other):\n    if token != other:\n        stop()\n    return token == other\n",
        "import hmac\n\ndef f(token, other):\n    if not hmac.compare_digest(token, other):\n        stop()\n    return hmac.compare_digest(token, other)\n",
    );
    rule("subtle.ConstantTimeCompare([]byte({left}), []byte({right})) == 1", "crypto/subtle").check(
        "a.go",
        "package a\n\nfunc f(token, other string) bool {\n\treturn token != other\n}\n",
        "package a\n\nimport \"crypto/subtle\"\n\nfunc f(token, other string) bool {\n\treturn subtle.ConstantTimeCompare([]byte(token), []byte(other)) != 1\n}\n",
    );
}

#[test]
fn a_literal_becomes_a_look_up_under_its_own_name() {
    let set =
        set("[[text]]\nmessage = \"m\"\nregex = '(?P<v>s3cr3t)'\n\n[[fix]]\ntitle = \"t\"\nverb = \"env-lookup\"\n");
    let cases = [
        (
            "a.py",
            "apiKey = 's3cr3t'\n",
            "import os\n\napiKey = os.environ[\"API_KEY\"]\n",
        ),
        (
            "a.py",
            "import os\nk = os.environ.get(\"KEY\", \"s3cr3t\")\n",
            "import os\nk = os.environ[\"KEY\"]\n",
        ),
        (
            "a.js",
            "f({ password: 's3cr3t' });\n",
            "f({ password: process.env.PASSWORD });\n",
        ),
        (
            "a.js",
            "const k = process.env.KEY || 's3cr3t';\n",
            "const k = process.env.KEY;\n",
        ),
        (
            "a.go",
            "package a\n\nconst dbKey = \"s3cr3t\"\n",
            "package a\n\nimport \"os\"\n\nvar dbKey = os.Getenv(\"DB_KEY\")\n",
        ),
        (
            "a.rs",
            "fn f() {\n    let key = \"s3cr3t\";\n}\n",
            "fn f() {\n    let key = &std::env::var(\"KEY\").expect(\"KEY is not set\");\n}\n",
        ),
    ];
    for (path, code, after) in cases {
        set.check(path, code, after);
    }
    set.refuses("a.rs", "const KEY: &str = \"s3cr3t\";\n");
}

#[test]
fn a_command_line_becomes_a_vector_with_all_that_belongs_to_it() {
    let rule = r#"
[[taint]]
sink = "shell"
message = "m"

[[fix]]
title = "t"
verb = "argument-vector"
callee = ["os.system"]
with = "subprocess.call"
import = "import subprocess"

[[fix]]
title = "t"
verb = "argument-vector"
callee = ["child_process.exec"]
with = "execFile"
import = "child_process.execFile"

[[fix]]
title = "t"
verb = "argument-vector"

[[fix]]
title = "t"
verb = "wrap-holes"
callee = ["os.system"]
with = "shlex.quote({value})"
import = "import shlex"
options = { quotes = "drop" }
"#;
    let model = r#"
[[source]]
path = ["source()"]
from = "http"

[[sink]]
path = ["os.system", "subprocess.run", "child_process.exec"]
kind = "shell"

[[sanitiser]]
path = ["shlex.quote"]
cleans = ["shell"]

[[sink]]
path = ["os/exec.Command"]
arg = 2
kind = "shell"
when = [{ arg = 0, equals = ["sh"] }]

[[format]]
path = ["fmt.Sprintf"]
template = 0
style = "printf"
"#;
    let set = Set::new(rule, model);
    set.check(
        "a.py",
        "import os\nx = source()\nn = int(x)\nos.system(f\"ping -c {n} '{x}'\")\n",
        "import os\nimport subprocess\nx = source()\nn = int(x)\nsubprocess.call([\"ping\", \"-c\", str(n), x])\n",
    );
    set.check(
        "a.py",
        "import subprocess\nx = source()\nline = \"ls \" + x\nsubprocess.run(line, shell=True, check=True)\n",
        "import subprocess\nx = source()\nline = [\"ls\", x]\nsubprocess.run(line, check=True)\n",
    );
    set.check(
        "a.py",
        "import os\nx = source()\nos.system(f\"ls '{x}' | wc\")\n",
        "import os\nimport shlex\nx = source()\nos.system(f\"ls {shlex.quote(x)} | wc\")\n",
    );
    set.check(
        "a.js",
        "const { exec } = require('child_process');\nconst x = source();\nconst line = `ls -l ${x}`;\nexec(line, done);\n",
        "const { execFile } = require('child_process');\nconst x = source();\nexecFile(\"ls\", [\"-l\", x], done);\n",
    );
    set.check(
        "a.go",
        "package a\n\nimport (\n\t\"fmt\"\n\t\"os/exec\"\n)\n\nfunc f() {\n\tx := source()\n\texec.Command(\"sh\", \"-c\", fmt.Sprintf(\"ls -l %s\", x)).Run()\n}\n",
        "package a\n\nimport (\n\t\"os/exec\"\n)\n\nfunc f() {\n\tx := source()\n\texec.Command(\"ls\", \"-l\", x).Run()\n}\n",
    );
}

#[test]
fn a_branch_that_lets_through_goes_and_one_that_turns_away_stays() {
    let set = set(
        "[[match]]\nid = \"a\"\nmessage = \"m\"\nbranch = { mentions = \"^admin$\" }\n\n[[fix]]\ntitle = \"t\"\nverb = \"remove-branch\"\n",
    );
    let code = "def f(admin, user):\n    if admin == \"true\":\n        return True\n    return user.ok\n";
    set.check("a.py", code, "def f(admin, user):\n    return user.ok\n");
    for test in ["admin != \"true\"", "not admin", "admin == \"false\"", "user or admin"] {
        set.refuses("a.py", &code.replace("admin == \"true\"", test));
    }
    set.refuses(
        "a.py",
        &code.replace("    return user", "    else:\n        stop()\n    return user"),
    );
    set.refuses("a.py", &code.replace("return True", "raise Denied()"));
}

#[test]
fn a_constant_that_decides_a_test_goes() {
    let set = set(
        "[[match]]\nmessage = \"m\"\nbranch = { mentions = \"admin\", always = true }\n\n[[fix]]\ntitle = \"t\"\nverb = \"drop-constant\"\n",
    );
    set.check(
        "a.py",
        "if user.admin or True:\n    run()\n",
        "if user.admin:\n    run()\n",
    );
    set.check(
        "a.js",
        "if (true || admin) {\n  run();\n}\n",
        "if (admin) {\n  run();\n}\n",
    );
}
