#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

/// Every scalar of a text as `path = value`, computed ones with a `~`.
fn shown(format: Format, text: &str) -> Vec<String> {
    let document = read(format, text.as_bytes());
    let mut all = Vec::new();
    for (i, node) in document.nodes.iter().enumerate() {
        let id = NodeId(i as u32);
        let value = match &node.value {
            Value::Map(inner) | Value::List(inner) if !inner.is_empty() => continue,
            Value::Alias(to) => format!("*{}", document.path(*to)),
            Value::Text(text) => format!("{:?}", &**text),
            other => format!("{other:?}"),
        };
        let computed = if node.computed { "~" } else { "" };
        all.push(format!("{} = {computed}{value}", document.path(id)));
    }
    all
}

fn unread(format: Format, text: &str) -> usize {
    read(format, text.as_bytes()).unread.len()
}

#[test]
fn json_with_comments_escapes_and_several_values() {
    let text = "// c\n{\"a\": [1, true, null], \"b\\u0041\": {\"c\": \"x\\n\"}, }\n{\"d\": -2.5}";
    let expected = [
        "a[] = Number(1.0)",
        "a[] = Bool(true)",
        "a[] = Null",
        "bA.c = \"x\\n\"",
        "d = Number(-2.5)",
    ];
    assert_eq!(shown(Format::Json, text), expected);
    assert_eq!(unread(Format::Json, text), 0);
    assert!(unread(Format::Json, "{\"a\": }") > 0);
}

#[test]
fn yaml_blocks_flow_scalars_and_documents() {
    let text = "a: yes\nb:\n  - name: web\n    port: 0x10\n  - {x: 'it''s', \"y\": \"q\\t\"}\nc: |\n  one\n    two\nd: >-\n  joined\n  here\ne:\n---\nf: [1, ~]\n";
    let expected = [
        "a = \"yes\"",
        "b[web].name = \"web\"",
        "b[web].port = Number(16.0)",
        "b[].x = \"it's\"",
        "b[].y = \"q\\t\"",
        "c = \"one\\n  two\"",
        "d = \"joined here\"",
        "e = Null",
        "f[] = Number(1.0)",
        "f[] = Null",
    ];
    assert_eq!(shown(Format::Yaml, text), expected);
    let document = read(Format::Yaml, text.as_bytes());
    assert_eq!(document.roots.len(), 2);
}

#[test]
fn yaml_anchors_and_merges() {
    let text = "base: &b\n  a: 1\n  c: 2\nuse:\n  <<: *b\n  c: 3\nsame: *b\n";
    let document = read(Format::Yaml, text.as_bytes());
    let root = document.roots[0];
    let used = document.get(root, "use").unwrap();
    let number = |map, key| match document.node(document.get(map, key).unwrap()).unwrap().value {
        Value::Number(n) => n,
        _ => panic!(),
    };
    assert_eq!((number(used, "a"), number(used, "c")), (1.0, 3.0));
    assert_eq!(number(document.get(root, "same").unwrap(), "c"), 2.0);
}

#[test]
fn yaml_templates_do_not_break_reading() {
    let text = "{{- if .Values.on }}\nkind: Pod\nname: {{ .Values.name }}-x\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n{{- end }}\nx: ${{ github.a }}\n";
    let document = read(Format::Yaml, text.as_bytes());
    assert_eq!(document.unread.len(), 0);
    let expected = [
        "kind = \"Pod\"",
        "name = ~\"{{ .Values.name }}-x\"",
        "spec = Null",
        "x = \"${{ github.a }}\"",
    ];
    assert_eq!(shown(Format::Yaml, text), expected);
    let spec = document.get(document.roots[0], "spec").unwrap();
    assert!(document.is_open(spec));
    assert!(!document.is_open(document.get(document.roots[0], "name").unwrap()));
}

#[test]
fn templates_over_several_lines_keep_the_indentation() {
    let text = "a:\n  b:\n    say {{ x\n    }} now\n  c: \"{{ y |\n    z }}\"\n";
    let document = read(Format::Yaml, text.as_bytes());
    assert_eq!(document.unread.len(), 0);
    assert_eq!(shown(Format::Yaml, text).len(), 2);
}

#[test]
fn toml_tables_and_dotted_keys() {
    let text =
        "a.b = 1\n[t.\"u v\"]\nx = 'raw\\n'\ny = [ { z = true } ]\n[[l]]\nn = 1\n[[l]]\nn = 2\n[l.inner]\nm = 3\n";
    let expected = [
        "a.b = Number(1.0)",
        "t.u v.x = \"raw\\\\n\"",
        "t.u v.y[].z = Bool(true)",
        "l[].n = Number(1.0)",
        "l[].n = Number(2.0)",
        "l[].inner.m = Number(3.0)",
    ];
    assert_eq!(shown(Format::Toml, text), expected);
}

#[test]
fn lines_of_settings() {
    let ini = "; c\nz=1\n[main]\na = b ; no\nq: \"x # y\"\nflag\n";
    assert_eq!(
        shown(Format::Ini, ini),
        ["z = \"1\"", "main.a = \"b\"", "main.q = \"x # y\"", "main.flag = Null"]
    );
    let env = "export A='x y' # c\nB=c#d\n";
    assert_eq!(shown(Format::Env, env), ["A = \"x y\"", "B = \"c#d\""]);
    let properties = "! c\na.b.c = one,\\\n   two\na.b.d: 3\n";
    assert_eq!(
        shown(Format::Properties, properties),
        ["a.b.c = \"one,two\"", "a.b.d = \"3\""]
    );
}

#[test]
fn xml_elements_and_attributes() {
    let text =
        "<?xml version=\"1.0\"?>\n<m xmlns:a='u'><app a:debug=\"true\"><x>t &amp; u</x></app><app/><y k='1'>w</y></m>";
    let expected = [
        "m.@xmlns:a = \"u\"",
        "m.app.@a:debug = \"true\"",
        "m.app.x = \"t & u\"",
        "m.app = Map([])",
        "m.y.@k = \"1\"",
        "m.y.#text = \"w\"",
    ];
    let mut found = shown(Format::Xml, text);
    let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn hcl_blocks_references_and_json_inside() {
    let text = "resource \"aws_x\" \"y\" {\n  acl = \"public\"\n  n = var.n\n  t = \"${var.a}-b\"\n  ports = [22, \"80\"]\n  dynamic \"ingress\" {\n    for_each = var.l\n    content {\n      from_port = 22\n    }\n  }\n  policy = jsonencode({ Statement = [{ Action = \"*\" }] })\n  other = <<EOF\n{\"Effect\": \"Allow\", \"R\": \"${x}\"}\nEOF\n  script = <<-EOF\n    curl\n  EOF\n}\n";
    let expected = [
        "resource.aws_x.y.acl = \"public\"",
        "resource.aws_x.y.n = ~\"var.n\"",
        "resource.aws_x.y.t = ~\"${var.a}-b\"",
        "resource.aws_x.y.ports[] = Number(22.0)",
        "resource.aws_x.y.ports[] = \"80\"",
        "resource.aws_x.y.ingress.from_port = Number(22.0)",
        "resource.aws_x.y.policy.Statement[].Action = \"*\"",
        "resource.aws_x.y.other.Effect = \"Allow\"",
        "resource.aws_x.y.other.R = \"${x}\"",
        "resource.aws_x.y.script = \"    curl\"",
    ];
    let mut found = shown(Format::Hcl, text);
    let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(unread(Format::Hcl, text), 0);
}

#[test]
fn dockerfiles_by_stages() {
    let text = "# c\nARG V=1\nFROM --platform=linux/amd64 reg:5000/go:1.2@sha256:ab AS build\nRUN a && \\\n  # note\n  b\nFROM alpine\nENV A=1 B=\"2 3\"\nENV C d e\nCOPY --chown=x:y a b /to/\nADD [\"f g\", \"/to\"]\nRUN <<EOF\nchmod 777 /x\nEOF\nEXPOSE 22 80/tcp\nuser root\n";
    let expected = [
        "ARG.V = \"1\"",
        "stage.FROM.platform = \"linux/amd64\"",
        "stage.FROM.image = \"reg:5000/go:1.2@sha256:ab\"",
        "stage.FROM.name = \"reg:5000/go\"",
        "stage.FROM.tag = \"1.2\"",
        "stage.FROM.digest = \"sha256:ab\"",
        "stage.FROM.as = \"build\"",
        "stage.RUN = \"a && b\"",
        "final.FROM.image = \"alpine\"",
        "final.FROM.name = \"alpine\"",
        "final.ENV.A = \"1\"",
        "final.ENV.B = \"2 3\"",
        "final.ENV.C = \"d e\"",
        "final.COPY.--chown = \"x:y\"",
        "final.COPY.dest = \"/to/\"",
        "final.COPY.source[] = \"a\"",
        "final.COPY.source[] = \"b\"",
        "final.ADD.dest = \"/to\"",
        "final.ADD.source[] = \"f g\"",
        "final.RUN = \"<<EOF\\nchmod 777 /x\"",
        "final.EXPOSE[] = \"22\"",
        "final.EXPOSE[] = \"80/tcp\"",
        "final.USER = \"root\"",
    ];
    assert_eq!(shown(Format::Dockerfile, text), expected);
    let document = read(Format::Dockerfile, text.as_bytes());
    let last = document.get(document.roots[0], "final").unwrap();
    let run = document.get(last, "RUN").unwrap();
    let decoded = document.text(run, text.as_bytes()).unwrap();
    let at = decoded.find("chmod 777").unwrap();
    let place = document.place(run, at..at + 9, text.as_bytes());
    assert_eq!(place.of(text.as_bytes()), b"chmod 777");
}

#[test]
fn places_of_block_scalars_are_those_of_their_lines() {
    let text = "run: |\n    one\n      two x\nnext: 1\n";
    let document = read(Format::Yaml, text.as_bytes());
    let run = document.get(document.roots[0], "run").unwrap();
    let decoded = document.text(run, text.as_bytes()).unwrap();
    let at = decoded.find("two").unwrap();
    assert_eq!(
        document.place(run, at..at + 3, text.as_bytes()).of(text.as_bytes()),
        b"two"
    );
}

#[test]
fn odd_inputs_survive() {
    let all = [
        Format::Json,
        Format::Yaml,
        Format::Toml,
        Format::Ini,
        Format::Env,
        Format::Properties,
        Format::Xml,
        Format::Hcl,
        Format::Dockerfile,
    ];
    let deep = "[".repeat(20_000);
    let braces = "{\"a\":".repeat(20_000);
    let elements = "<a>".repeat(20_000);
    let blocks = "a {\n".repeat(5_000);
    let dashes = "- ".repeat(5_000);
    let long = "x".repeat(1 << 20);
    let odd: [&[u8]; 14] = [
        b"",
        b"\xff\xfe\x00",
        b"{{",
        b"a: *x\nb: &x\n  <<: *x\n",
        b"FROM",
        b"RUN \\",
        b"[",
        b"\"",
        b"a=",
        deep.as_bytes(),
        braces.as_bytes(),
        elements.as_bytes(),
        blocks.as_bytes(),
        dashes.as_bytes(),
    ];
    for format in all {
        for text in odd.iter().copied().chain([long.as_bytes()]) {
            let document = read(format, text);
            for i in 0..document.nodes.len().min(50) {
                let id = NodeId(i as u32);
                let _ = (document.path(id), document.is_open(id), document.place(id, 0..1, text));
            }
        }
    }
    assert!(unread(Format::Json, &deep) > 0);
}
