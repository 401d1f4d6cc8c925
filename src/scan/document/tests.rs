#![allow(clippy::unwrap_used)]
use crate::{
    change::RepoPath,
    scan::{RuleSet, file, view::FileView},
};

const HEAD: &str = "schema=1\nid='a/xss'\ncategory='xss'\ntitle='t'\nseverity='low'\ncwe=[]\nlanguages=['yaml', 'json', 'hcl']\nwhy=''\ncheck=''\n";

/// Line and message of every finding of a rule with these tables.
fn found(tables: &str, path: &str, text: &str) -> Vec<(u32, String)> {
    let rule = format!("{HEAD}{tables}");
    let rules = RuleSet::of_texts(&[("rules/a/xss.toml", &rule)]);
    let path = RepoPath::new(path);
    let scan = file::scan(&FileView::new(&path, text.as_bytes()), &rules);
    let findings = scan.found.iter().map(|f| &f.finding);
    findings.map(|f| (f.place.start.line, f.message.clone())).collect()
}

fn lines(tables: &str, text: &str) -> Vec<u32> {
    found(tables, "a.yaml", text)
        .into_iter()
        .map(|(line, _)| line)
        .collect()
}

#[test]
fn paths_lead_to_entries_and_values_are_tested() {
    let table = "[[document]]\nmessage='{path} of {name}'\nkey=['**.list[].on']\nequals=[true]";
    let text =
        "a:\n  list:\n    - name: x\n      on: true\n    - on: false\n  other:\n    on: true\nb:\n  list: {on: true}\n";
    let expected = [(4, "a.list[x].on of ".to_owned()), (9, "b.list.on of list".to_owned())];
    assert_eq!(found(table, "a.yaml", text), expected);
}

#[test]
fn conditions_look_beside_above_and_at_the_root() {
    let table = "[[document]]\nmessage='m'\nkey=['**.p']\nabove=1\nwith=[{key=['q'], equals=['y']}, {key=['^.r'], absent=true}]\nwithout=[{key=['s']}]\nwhere=[{key=['kind'], equals=['K']}]";
    let text = |kind: &str, more: &str| format!("kind: {kind}\na:\n  b:\n    p: 2\n    q: y\n{more}");
    assert_eq!(lines(table, &text("K", "")), [4]);
    assert_eq!(lines(table, &text("L", "")), [] as [u32; 0]);
    assert_eq!(lines(table, &text("K", "    s: 1\n")), [] as [u32; 0]);
    assert_eq!(lines(table, &text("K", "  r: 1\n")), [] as [u32; 0]);
}

#[test]
fn absent_entries_are_found_where_they_should_be() {
    let table = "[[document]]\nmessage='m'\nkey=['resource.x.* > a.b']\nabsent=true\nequals=[false]";
    let text = "resource \"x\" \"none\" {\n  c = 1\n}\nresource \"x\" \"off\" {\n  a {\n    b = false\n  }\n}\nresource \"x\" \"on\" {\n  a {\n    b = true\n  }\n}\nresource \"x\" \"var\" {\n  a {\n    b = var.b\n  }\n}\n";
    let all: Vec<u32> = found(table, "a.tf", text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(all, [1, 6]);
}

#[test]
fn nothing_is_called_absent_where_a_template_may_put_it() {
    let table = "[[document]]\nmessage='m'\nkey=['spec > a']\nabsent=true";
    assert_eq!(lines(table, "spec:\n  b: 1\n"), [1]);
    assert_eq!(
        lines(table, "spec:\n  b: 1\n  {{- toYaml .Values.x | nindent 2 }}\n"),
        [] as [u32; 0]
    );
}

#[test]
fn every_line_of_a_text_that_matches_is_a_place() {
    let table = "[[document]]\nmessage='{value}'\nkey=['run']\nmatches='bad[a-z]*'";
    let text = "run: |\n  bad\n  good\n  x badly\n";
    assert_eq!(
        found(table, "a.yaml", text),
        [(2, "bad".to_owned()), (4, "badly".to_owned())]
    );
}

#[test]
fn keys_with_dots_are_levels_and_relaxed_keys_have_no_case() {
    let table = "[[document]]\nmessage='m'\nkey=['spring.~show-sql']\nequals=[true]";
    assert_eq!(lines(table, "spring:\n  showSql: on\n"), [2]);
    assert_eq!(lines(table, "spring.show_sql: true\n"), [1]);
}

#[test]
fn aliases_and_merged_maps_are_looked_through() {
    let table = "[[document]]\nmessage='m'\nkey=['use.on']\nequals=[true]";
    assert_eq!(lines(table, "base: &b\n  on: true\nuse:\n  <<: *b\n"), [2]);
}

#[test]
fn what_is_not_read_is_told() {
    let rule = format!("{HEAD}[[document]]\nmessage='m'\nkey=['a']");
    let rules = RuleSet::of_texts(&[("rules/a/xss.toml", &rule)]);
    let path = RepoPath::new("a.json");
    let scan = file::scan(&FileView::new(&path, b"{\"a\": 1, \"b\": }"), &rules);
    assert_eq!((scan.found.len(), scan.not_examined.len()), (1, 1));
}
