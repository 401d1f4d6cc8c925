#![allow(clippy::unwrap_used)]
use super::*;
use crate::change::RepoPath;

fn index(tables: &str) -> TextIndex {
    let head =
        "schema=1\nid='a/xss'\ncategory='xss'\ntitle='t'\nseverity='low'\ncwe=[]\nlanguages=['*']\nwhy=''\ncheck=''\n";
    let rule: RuleFile = toml::from_str(&format!("{head}{tables}")).unwrap();
    TextIndex::new(&[Arc::new(rule)], None)
}

fn hits(index: &TextIndex, path: &str, text: &str) -> Vec<String> {
    let path = RepoPath::new(path);
    let view = FileView::new(&path, text.as_bytes());
    let live = index.live(text.as_bytes());
    let hits = index.run(&view, &live);
    hits.iter()
        .map(|h| String::from_utf8_lossy(h.span.of(view.text)).into_owned())
        .collect()
}

#[test]
fn a_rule_whose_literal_is_absent_does_not_run() {
    let index = index("[[text]]\nmessage='m'\nregex='(?i)for(bid)den'");
    assert_eq!(index.live(b"nothing here"), Live::default());
    assert_eq!(index.live(b"FORBIDDEN").texts, [0]);
}

#[test]
fn the_group_v_is_the_place_and_paths_narrow() {
    let index = index("[[text]]\nmessage='m'\nregex='key=(?P<v>[0-9]+)'\npath='\\.conf$'\nnot-path='^old/'");
    assert_eq!(hits(&index, "a.conf", "key=12"), ["12"]);
    assert_eq!(hits(&index, "a.txt", "key=12"), [""; 0]);
    assert_eq!(hits(&index, "old/a.conf", "key=12"), [""; 0]);
}

#[test]
fn comments_strings_and_code_are_told_apart() {
    let text = "mark('mark2'); // mark3";
    for (place, wanted) in [("code", "mark"), ("string", "mark2"), ("comment", "mark3")] {
        let index = index(&format!("[[text]]\nmessage='m'\nregex='mark[0-9]?'\nin='{place}'"));
        assert_eq!(hits(&index, "a.dart", text), [wanted], "{place}");
    }
}

#[test]
fn comments_of_languages_with_an_adapter_come_from_the_facts() {
    let index = index("[[text]]\nmessage='m'\nregex='mark[0-9]?'\nin='comment'");
    assert_eq!(hits(&index, "a.py", "x = '# mark'  # mark1\n"), ["mark1"]);
}
