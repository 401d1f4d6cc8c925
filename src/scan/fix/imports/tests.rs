#![allow(clippy::unwrap_used)]
use super::*;
use crate::{
    lang::lower,
    scan::{engine::Site, fix::edits::tidy},
};

/// The text with the import, and what `code` becomes.
fn with(path: &str, text: &str, import: &str, code: &str) -> Option<(String, String)> {
    let (path, text) = (path.to_owned(), text.to_owned());
    let lang = Lang::of(path.as_bytes(), b"").unwrap();
    let facts = lower(lang, text.as_bytes()).unwrap();
    let site = Site {
        function: FunctionId(0),
        expr: None,
        value: None,
    };
    let place = Code::new(text.as_bytes(), &facts, site).unwrap();
    let met = meet(&place, path.as_bytes(), &Wanted::parse(lang, import).unwrap(), None)?;
    let mut out = text.clone();
    for edit in tidy(text.as_bytes(), met.edits.clone())
        .unwrap_or_default()
        .iter()
        .rev()
    {
        out.replace_range(edit.span.range(), &edit.text);
    }
    Some((out, met.localised(code)))
}

fn added(path: &str, text: &str, import: &str) -> String {
    with(path, text, import, "").unwrap().0
}

#[test]
fn python_after_docstring_and_future_among_the_imports() {
    let cases = [
        (
            "\"\"\"Doc.\"\"\"\n\nx = 1\n",
            "\"\"\"Doc.\"\"\"\n\nimport hmac\n\nx = 1\n",
        ),
        (
            "#!/usr/bin/python\nx = 1\n",
            "#!/usr/bin/python\n\nimport hmac\n\nx = 1\n",
        ),
        ("x = 1\n", "import hmac\n\nx = 1\n"),
        (
            "from __future__ import annotations\n\nx = 1\n",
            "from __future__ import annotations\n\nimport hmac\n\nx = 1\n",
        ),
        ("import os\nimport sys\n", "import hmac\nimport os\nimport sys\n"),
        (
            "import base64\nimport sys\n\nimport flask\n",
            "import base64\nimport hmac\nimport sys\n\nimport flask\n",
        ),
        (
            "import base64\nfrom x import (\n    y,\n)\n",
            "import base64\nimport hmac\nfrom x import (\n    y,\n)\n",
        ),
        (
            "from flask import request\n",
            "import hmac\n\nfrom flask import request\n",
        ),
        (
            "import os\r\nimport sys\r\n",
            "import hmac\r\nimport os\r\nimport sys\r\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(added("a.py", before, "import hmac"), after);
    }
}

#[test]
fn what_is_there_is_used_under_its_own_name() {
    let there = with(
        "a.py",
        "import hmac as h\n",
        "import hmac",
        "hmac.compare(x.hmac, hmacs)",
    )
    .unwrap();
    assert_eq!(there, ("import hmac as h\n".into(), "h.compare(x.hmac, hmacs)".into()));
    let there = with("a.js", "import c from \"node:crypto\";\n", "crypto", "crypto.x()").unwrap();
    assert_eq!(there.1, "c.x()");
    let inside = "def f():\n    import hmac\n";
    assert_eq!(added("a.py", inside, "import hmac"), format!("import hmac\n\n{inside}"));
}

#[test]
fn a_name_that_is_taken_is_refused() {
    assert_eq!(with("a.py", "def f(hmac):\n    pass\n", "import hmac", ""), None);
    assert_eq!(with("a.py", "from mine import hmac\n", "import hmac", ""), None);
    assert_eq!(
        with("a.go", "package a\n\nfunc subtle() {}\n", "crypto/subtle", ""),
        None
    );
}

#[test]
fn go_in_the_block_in_order() {
    let block = "package a\n\nimport (\n\t\"bytes\"\n\t\"fmt\"\n\n\t\"github.com/x/y\"\n)\n";
    assert_eq!(
        added("a.go", block, "crypto/subtle"),
        "package a\n\nimport (\n\t\"bytes\"\n\t\"crypto/subtle\"\n\t\"fmt\"\n\n\t\"github.com/x/y\"\n)\n"
    );
    assert_eq!(
        added("a.go", "package a\n\nimport (\n\t\"github.com/x/y\"\n)\n", "os"),
        "package a\n\nimport (\n\t\"os\"\n\n\t\"github.com/x/y\"\n)\n"
    );
    assert_eq!(
        added("a.go", "package a\n\nimport \"fmt\"\n", "os"),
        "package a\n\nimport \"fmt\"\nimport \"os\"\n"
    );
    assert_eq!(
        added("a.go", "package a\n\nvar x int\n", "os"),
        "package a\n\nimport \"os\"\n\nvar x int\n"
    );
}

#[test]
fn javascript_in_the_files_own_style() {
    let cases = [
        (
            "a.js",
            "const { exec } = require('child_process');\n",
            "child_process.execFile",
            "const { exec, execFile } = require('child_process');\n",
        ),
        (
            "a.js",
            "const a = require('node:fs')\n\nf()\n",
            "crypto",
            "const a = require('node:fs')\nconst crypto = require('node:crypto')\n\nf()\n",
        ),
        (
            "a.mjs",
            "import { a } from \"x\";\nf();\n",
            "child_process.execFile",
            "import { a } from \"x\";\nimport { execFile } from \"child_process\";\nf();\n",
        ),
        (
            "a.ts",
            "import fs from \"fs\";\n",
            "crypto",
            "import fs from \"fs\";\nimport * as crypto from \"crypto\";\n",
        ),
        (
            "a.js",
            "\"use strict\";\nf();\n",
            "crypto",
            "\"use strict\";\nconst crypto = require(\"crypto\");\n\nf();\n",
        ),
        (
            "a.ts",
            "import {\n  exec,\n} from \"child_process\";\n",
            "child_process.execFile",
            "import {\n  exec, execFile,\n} from \"child_process\";\n",
        ),
    ];
    for (path, before, import, after) in cases {
        assert_eq!(added(path, before, import), after);
    }
}

#[test]
fn rust_among_the_uses() {
    assert_eq!(
        added(
            "a.rs",
            "//! Doc.\n\nuse std::fs;\nuse std::process::Command;\n",
            "use std::path::Path;"
        ),
        "//! Doc.\n\nuse std::fs;\nuse std::path::Path;\nuse std::process::Command;\n"
    );
    assert_eq!(
        added("a.rs", "fn f() {}\n", "std::path::Path"),
        "use std::path::Path;\n\nfn f() {}\n"
    );
}

#[test]
fn java_among_the_imports_unless_the_package_is_there() {
    let wanted = "java.security.SecureRandom";
    let cases = [
        (
            "package a;\n\nimport java.util.List;\n\nclass A {}\n",
            "package a;\n\nimport java.security.SecureRandom;\nimport java.util.List;\n\nclass A {}\n",
        ),
        (
            "import java.io.File;\nclass A {}\n",
            "import java.io.File;\nimport java.security.SecureRandom;\nclass A {}\n",
        ),
        (
            "import java.security.*;\nclass A {}\n",
            "import java.security.*;\nclass A {}\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(added("A.java", before, wanted), after);
    }
}

#[test]
fn csharp_the_namespace_once_among_the_usings() {
    let import = "System.Security.Cryptography.RandomNumberGenerator";
    let cases = [
        (
            "using System;\nusing System.Text;\nusing Dapper;\n\nclass A { }\n",
            "using System;\nusing System.Security.Cryptography;\nusing System.Text;\nusing Dapper;\n\nclass A { }\n",
        ),
        (
            "using Dapper;\n\nclass A { }\n",
            "using System.Security.Cryptography;\nusing Dapper;\n\nclass A { }\n",
        ),
        (
            "// (c) somebody\n\nnamespace A;\n\nclass B { }\n",
            "// (c) somebody\n\nusing System.Security.Cryptography;\n\nnamespace A;\n\nclass B { }\n",
        ),
        (
            "using System.Security.Cryptography;\n\nclass A { }\n",
            "using System.Security.Cryptography;\n\nclass A { }\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(added("a.cs", before, import), after);
    }
    // A type of that name stands in the file.
    assert!(with("a.cs", "class RandomNumberGenerator { }\n", import, "").is_none());
}

#[test]
fn ruby_after_the_other_requires_or_first() {
    let wanted = "require \"shellwords\"";
    assert_eq!(added("a.rb", "x = 1\n", wanted), "require \"shellwords\"\n\nx = 1\n");
    assert_eq!(
        added("a.rb", "require 'json'\nrequire 'yaml'\n\nx = 1\n", wanted),
        "require 'json'\nrequire 'yaml'\nrequire 'shellwords'\n\nx = 1\n"
    );
    assert_eq!(
        added("a.rb", "# frozen_string_literal: true\n\nx = 1\n", wanted),
        "# frozen_string_literal: true\n\nrequire \"shellwords\"\n\nx = 1\n"
    );
    let loaded = "require 'shellwords'\nx = 1\n";
    assert_eq!(added("a.rb", loaded, wanted), loaded);
}
