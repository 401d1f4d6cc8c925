//! What Python becomes, as [`dump`] prints it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{Lang, dump, facts::*, lower};

fn facts(code: &str) -> Facts {
    lower(Lang::Python, code.as_bytes()).expect("a tree")
}

/// All of a file as text, without the indent of the test.
fn dumped(code: &str) -> String {
    dump::facts(&facts(code))
}

/// The statements of a file's own body, one a line; control flow left out.
fn lines(code: &str) -> Vec<String> {
    let facts = facts(code);
    let text = dump::function(&facts, FunctionId(0));
    text.lines()
        .skip(1)
        .map(|l| l[5.min(l.len())..].trim().to_owned())
        .filter(|l| !l.starts_with("-> "))
        .collect()
}

fn line(code: &str) -> String {
    lines(code).join("; ")
}

#[test]
fn calls_members_and_subscripts_keep_their_shape() {
    assert_eq!(
        line("db.cursor().execute(q, *args, timeout=5, **kw)"),
        "db.cursor().execute(q, *args, timeout=5, *kw)"
    );
    assert_eq!(
        line("a.b[0]['k'].c(x for x in xs)[1:n]"),
        "| x <- xs; | 1; | n; a.b[0][\"k\"].c([x])[:]"
    );
    assert_eq!(line("m[1, 2]"), "m[[1, 2]]");
    assert_eq!(line("__import__('os').system(c)"), "module(os).system(c)");
}

#[test]
fn operators_are_flat_where_text_may_be_built() {
    assert_eq!(line("a + 'b' + c"), "(a ++ \"b\" ++ c)");
    assert_eq!(line("n + 1 - m"), "((n + 1) - m)");
    assert_eq!(line("a and b and c or not d"), "((a and b and c) or !d)");
    assert_eq!(line("0 < x <= y"), "((0 < x) and (x <= y))");
    assert_eq!(line("x not in y is not z"), "((x not in y) and (y is not z))");
    assert_eq!(line("b if a else c"), "(a ? b : c)");
    assert_eq!(line("-x ** 2"), "-(x ** 2)");
}

#[test]
fn every_form_of_formatting_is_a_template_or_a_format() {
    assert_eq!(line(r#"f"a{x!r:>10}b{{}}{y:.2f}" 'c'"#), r#"f"a{x}b{}{(y as float)}c""#);
    assert_eq!(line(r#"f'{x:{w}}'"#), r#"f"{other(x, w)}""#);
    assert_eq!(line(r#"f'{x=}'"#), r#"f"x={x}""#);
    assert_eq!(line(r#"f"""{f'{a}' + b}""""#), r#"f"{(f"{a}" ++ b)}""#);
    assert_eq!(line(r#"'%s %s' % (a, b)"#), r#""%s %s" % (a, b)"#);
    assert_eq!(line(r#"'%(k)s' % {'k': v}"#), r#"| "k"; "%(k)s" % (k=v)"#);
    assert_eq!(line("'a' '%s' % v"), r#""a%s" % (v)"#);
    assert_eq!(line("n % 2"), "(n % 2)");
    assert_eq!(line("'{} {k}'.format(a, k=b)"), r#""{} {k}" {} (a, k=b)"#);
    assert_eq!(line(r"r'\d' b'\x41' u'\n'"), r#""\\dA\n""#);
}

#[test]
fn targets_are_taken_apart() {
    assert_eq!(line("a, (b, *c) = d = e"), "(a, (b, *c)) = d = e");
    assert_eq!(line("self.x[k].y = v"), "self.x[k].y = v");
    assert_eq!(line("x[1:2] = v"), "| 1; | 2; x[other()] = v");
    assert_eq!(line("x: int = 1"), "x = 1");
    assert_eq!(line("s += t"), "s += t");
    assert_eq!(line("n -= 1"), "n -= 1");
    assert_eq!(line("(y := f(x))"), "y = f(x)");
    assert_eq!(line("del h['k'], z"), "h.__delitem__(\"k\"); del z");
}

#[test]
fn comprehensions_bind_then_test_then_build() {
    assert_eq!(
        line("[f(x) for x in xs if x in OK]"),
        "| x <- xs; [((x in OK) ? f(x) : null)]"
    );
    assert_eq!(line("{k: v for k, v in d.items()}"), "| (k, v) <- d.items(); {k: v}");
    assert_eq!(line("{1, *a}"), "[1, *a]");
    assert_eq!(line("{'a': 1, **b}"), "{\"a\": 1, *b}");
}

#[test]
fn an_if_chain_is_branches_inside_the_other_arm() {
    let text = dumped("if a:\n    pass\nelif b:\n    log.info(1)\nelse:\n    c()\nd()\n");
    assert_eq!(
        text,
        "fn <module>()\n  0: if a -> 1 else 2\n  1: -> 3\n  2: if b -> 4 else 5\n  3: d()\n  4: log.info(1)\n     -> 6\n  5: c()\n     -> 6\n  6: -> 3\n"
    );
    let facts = facts("if a:\n    return 1\nelif b:\n    # nothing\n    pass\nelse:\n    raise E\n");
    let branches = &facts.module().branches;
    let ends = |b: &Branch| (b.then.ends, b.then.empty, b.other.map(|o| o.ends));
    assert_eq!(ends(&branches[0]), (ArmEnd::Falls, true, Some(ArmEnd::Raises)));
    assert_eq!(ends(&branches[1]), (ArmEnd::Returns, false, Some(ArmEnd::Falls)));
}

#[test]
fn functions_know_their_parameters_and_decorators() {
    let text = dumped(concat!(
        "@app.get('/x')\nasync def f(a, b: str = 'x', /, *rest, c: Annotated[str, Query()] = None, **kw) -> Optional[list[int]]:\n",
        "    \"\"\"Doc.\"\"\"\n    return a\n",
    ));
    assert_eq!(
        text,
        concat!(
            "fn <module>()\n  0: app.get(\"/x\")\n     f = fn#1\n",
            "fn f(a, b: str = \"x\", *rest, c: keyword: str<Query> = null, **kw) -> list<int>   async, exported, @app.get(\"/x\")\n",
            "  0: \"x\"\n     null\n     return a\n",
        )
    );
}

#[test]
fn classes_have_bases_fields_and_methods_with_a_receiver() {
    let text = dumped(concat!(
        "class Shop(Base, Generic[T], metaclass=M):\n    name: 'str | None' = None\n    def __init__(self, db: Db):\n        self.db: Db = db\n",
        "    @staticmethod\n    def make(x): return Shop(x)\n    def _hidden(self): pass\n",
    ));
    assert_eq!(
        text,
        concat!(
            "class#0 Shop(Base, Generic<T>) .name: str .db: Db\n",
            "fn <module>()\n  0: | Base\n     | Generic[T]\n     | M\n     Shop = class#0\n",
            "fn <class>()   body of Shop\n  0: name = null\n     __init__ = fn#2\n     staticmethod\n     make = fn#3\n     _hidden = fn#4\n",
            "fn __init__(self: receiver, db: Db)   constructor of Shop, exported\n  0: self.db = db\n",
            "fn make(x)   method of Shop, exported, @staticmethod\n  0: return Shop(x)\n",
            "fn _hidden(self: receiver)   method of Shop\n  0:\n",
        )
    );
}

#[test]
fn a_lambda_is_a_function_of_its_own() {
    assert_eq!(
        dumped("f = lambda x, y=1: x + y\n"),
        "fn <module>()\n  0: f = fn#1\nfn <lambda>(x, y = 1)\n  0: 1\n     return (x ++ y)\n"
    );
}

#[test]
fn imports_say_what_names_mean() {
    let text = dumped(concat!(
        "import os.path\nimport a.b as c\nfrom x.y import z as w, (v)\nfrom . import s\nfrom ..p import q\nfrom t import *\n",
        "try:\n    import ujson as json\nexcept ImportError:\n    import json\n",
    ));
    let imports: Vec<&str> = text.lines().filter(|l| l.starts_with("import")).collect();
    assert_eq!(
        imports,
        [
            "import os = os",
            "import c = a.b",
            "import w = x.y.z",
            "import s = .s",
            "import q = ..p.q",
            "import * = t.*",
            "import json = ujson",
            "import json = json",
        ]
    );
}

#[test]
fn loops_bind_each_element_and_break_leaves_them_through_a_match() {
    let text = dumped(
        "for i, r in rows:\n    match r:\n        case 'a' | 'b': break\n        case {'k': v}: use(v)\nelse:\n    done()\n",
    );
    assert_eq!(
        text,
        concat!(
            "fn <module>()\n  0: -> 1\n  1: -> 2 | 3\n  2: (i, r) <- rows\n     <subject> = r\n     -> 5 | 8 | 4\n  3: done()\n  4: -> 1\n",
            "  5: if (<subject> in [\"a\", \"b\"]) -> 6 else 4\n  6: -> 3\n  8: {k: v} = <subject>\n     use(v)\n     -> 4\n",
        )
    );
}

#[test]
fn handlers_know_what_they_guard_and_a_finally_always_runs() {
    let code = "def f():\n    try:\n        return g()\n    except (A, b.B) as e:\n        pass\n    finally:\n        h()\n    k()\n";
    let facts = facts(code);
    let f = &facts.functions[1];
    let handler = &f.handlers[0];
    let types: Vec<String> = handler.types.iter().map(|t| dump::type_ref(&facts, t)).collect();
    assert_eq!(
        (types, handler.arm.empty),
        (vec!["A".to_owned(), "b.B".to_owned()], true)
    );
    assert_eq!(handler.guarded.of(code.as_bytes()), b"return g()");
    let text = dump::function(&facts, FunctionId(1));
    assert!(
        text.contains("e = caught") && text.contains("h()") && !text.contains("(dead): h()"),
        "{text}"
    );
}

#[test]
fn with_binds_the_context() {
    assert_eq!(line("with a() as x, b(): pass"), "x = a(); b()");
    assert_eq!(line("with (open(p) as f, lock): pass"), "f = open(p); lock");
}

#[test]
fn an_assertion_is_a_branch_that_raises() {
    let text = dumped("assert user.admin, 'no'\nrun()\n");
    assert_eq!(
        text,
        "fn <module>()\n  0: if !user.admin -> 1 else 2\n  1: \"no\"\n     raise\n  2: -> 3\n  3: run()\n"
    );
}

#[test]
fn calls_that_never_come_back_end_their_arm() {
    let facts = facts("if not ok:\n    abort(403)\nrun()\n");
    assert_eq!(facts.module().branches[0].then.ends, ArmEnd::Raises);
}

#[test]
fn what_a_generator_yields_goes_to_the_caller() {
    let facts = facts("def f(q):\n    yield q\n    g()\n");
    let text = dump::function(&facts, FunctionId(1));
    assert!(
        text.contains("return q") && text.contains("g()") && !text.contains("dead"),
        "{text}"
    );
}

#[test]
fn comments_and_docstrings_are_kept_in_order() {
    let code = "# a\n'''doc'''\ndef f(  # b\n    x):\n    '''inner'''\n    return [y  # c\n            for y in x]\n";
    let facts = facts(code);
    let seen: Vec<(String, bool)> = facts
        .comments
        .iter()
        .map(|c| (String::from_utf8_lossy(c.span.of(code.as_bytes())).into_owned(), c.doc))
        .collect();
    let seen: Vec<(&str, bool)> = seen.iter().map(|(t, d)| (&**t, *d)).collect();
    assert_eq!(
        seen,
        [
            ("# a", false),
            ("'''doc'''", true),
            ("# b", false),
            ("'''inner'''", true),
            ("# c", false)
        ]
    );
}

#[test]
fn what_surrounds_an_error_is_read() {
    let facts = facts("def f(:\n    a(1)\nos.system(x)\ny = = 2\nz(3)\n");
    assert!(!facts.unread.is_empty());
    let text = dump::facts(&facts);
    assert!(text.contains("os.system(x)") && text.contains("z(3)"), "{text}");
}

#[test]
fn types_are_plain_names_with_arguments() {
    let ty = |text: &str| {
        let facts = facts(&format!("def f(x: {text}): pass\n"));
        dump::type_ref(&facts, facts.functions[1].params[0].ty.as_ref().unwrap())
    };
    assert_eq!(ty("Optional[a.B]"), "a.B");
    assert_eq!(ty("None | 'B'"), "B");
    assert_eq!(ty("Union[str, int, None]"), "Union<str, int>");
    assert_eq!(ty("dict[str, list[int]]"), "dict<str, list<int>>");
    assert_eq!(ty("Literal['a', 'b']"), "Literal<'a', 'b'>");
    assert_eq!(ty("Annotated[Db, Depends(get_db)]"), "Db<Depends<get_db>>");
    assert_eq!(ty("Callable[[int], str]"), "Callable<[]<int>, str>");
    assert_eq!(ty("\"Optional['B']\""), "B");
}

/// Long chains cost neither stack nor more than a moment.
#[test]
fn long_chains_are_no_deeper_than_short_ones() {
    let n = 20_000;
    let sum = format!("x = {}\n", vec!["a"; n].join(" + "));
    let both = format!("x = {}\n", vec!["a"; n].join(" and "));
    let calls = format!("x = a{}\n", ".f()".repeat(n));
    let mut elif = String::from("if a == 0:\n    pass\n");
    for i in 1..n {
        elif.push_str(&format!("elif a == {i}:\n    x = {i}\n"));
    }
    for code in [sum, both, calls, elif] {
        let facts = facts(&code);
        assert!(facts.unread.is_empty(), "{:?}", facts.unread.first());
        assert!(facts.module().exprs.len() >= n);
    }
}

#[test]
fn too_deep_nesting_is_said_and_not_followed() {
    let code = format!("x = {}1{}\ny = 2\n", "[".repeat(5_000), "]".repeat(5_000));
    let facts = std::thread::Builder::new()
        .stack_size(crate::lang::STACK_BYTES)
        .spawn(move || facts(&code))
        .unwrap()
        .join()
        .unwrap();
    assert!(facts.unread.iter().any(|u| u.why == UnreadWhy::TooDeep));
    assert!(dump::function(&facts, FunctionId(0)).contains("y = 2"));
}

/// A file is often half written. Whatever the grammar makes of the first part, or of one with a hole, is lowered without harm.
#[test]
fn any_part_of_a_file_can_be_lowered() {
    let code = include_str!("tests.py");
    assert!(facts(code).unread.is_empty());
    for cut in (0..code.len()).step_by(3) {
        let bytes = code.as_bytes();
        let holed = [&bytes[..cut], bytes.get(cut + 7..).unwrap_or_default()].concat();
        for part in [&bytes[..cut], &bytes[cut..], &holed] {
            let facts = lower(Lang::Python, part).unwrap();
            assert!(!dump::facts(&facts).is_empty());
        }
    }
}

/// Lowering must be cheap beside parsing, and no real file may upset it. `COUNTERSIGN_PYTHON=/usr/lib/python3 cargo test --release
/// lowering_speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement over a folder of Python named in the environment"]
#[allow(clippy::print_stderr)]
fn lowering_speed() {
    use std::time::{Duration, Instant};
    let mut folders: Vec<std::path::PathBuf> = std::env::var_os("COUNTERSIGN_PYTHON")
        .map(Into::into)
        .into_iter()
        .collect();
    let measure = move || {
        let (mut parsing, mut lowering, mut bytes, mut count, mut unread) = (Duration::ZERO, Duration::ZERO, 0, 0, 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let Some(text) = path
                    .extension()
                    .filter(|e| *e == "py")
                    .and_then(|_| std::fs::read(&path).ok())
                else {
                    continue;
                };
                let start = Instant::now();
                let tree = crate::lang::parse::parse(Lang::Python, &text, None).unwrap();
                parsing += start.elapsed();
                let start = Instant::now();
                let facts = crate::lang::lower_tree(Lang::Python, &text, &tree);
                lowering += start.elapsed();
                (bytes, count) = (bytes + text.len(), count + 1);
                if !facts.unread.is_empty() {
                    unread += 1;
                    eprintln!("{} {:?}", path.display(), facts.unread[0]);
                }
            }
        }
        eprintln!("{count} files, {bytes} bytes, {unread} not read in full: parse {parsing:?}, lower {lowering:?}");
    };
    std::thread::Builder::new()
        .stack_size(crate::lang::STACK_BYTES)
        .spawn(measure)
        .unwrap()
        .join()
        .unwrap();
}
