#![allow(clippy::unwrap_used)]
use super::*;
use std::{fs, path::Path};

const RULE: &str = r#"schema = 1
id = "mine/hidden-unicode"
category = "hidden-unicode"
title = "t"
severity = "low"
cwe = [1]
languages = ["*"]
why = "w"
check = "c"
[[text]]
message = "m"
regex = 'forbidden-word'
"#;

fn load(files: &[(&str, &str)]) -> Result<RuleSet, LoadErrors> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, text).unwrap();
    }
    RuleSet::load(&[dir.path().to_path_buf()])
}

fn error(files: &[(&str, &str)]) -> String {
    load(files).err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn embedded_rules_are_complete_and_right() {
    let rules = RuleSet::builtin();
    let all = rules.all().map_err(|e| e.to_string()).unwrap();
    assert!(!all.is_empty());
    for lang in Lang::ALL {
        assert_eq!(rules.of_lang(lang).unwrap().errors, []);
    }
    assert_eq!(rules.of_any().unwrap().errors, []);
}

#[test]
fn a_users_rule_is_added_and_changes_the_hash() {
    let rules = load(&[("a/mine.toml", RULE)]).unwrap();
    assert!(
        rules
            .of_any()
            .unwrap()
            .rules
            .iter()
            .any(|r| r.id == "mine/hidden-unicode")
    );
    assert_ne!(rules.hash(), RuleSet::builtin().hash());
    assert_eq!(RuleSet::builtin().hash(), RuleSet::builtin().hash());
}

#[test]
fn an_id_that_exists_is_an_error_naming_both_files() {
    let text = RULE.replace("mine/", "text/");
    let message = error(&[("mine.toml", &text)]);
    assert!(
        message.contains("mine.toml:2:1") && message.contains("rules/text/hidden-unicode.toml"),
        "{message}"
    );
    let message = error(&[("a.toml", RULE), ("b.toml", RULE)]);
    assert!(
        message.contains("b.toml") && message.contains("taken by") && message.contains("a.toml"),
        "{message}"
    );
}

#[test]
fn mistakes_name_their_line_and_what_was_meant() {
    for (from, to, wanted) in [
        ("severity = ", "sevrity = ", "5:1: unknown field `sevrity`"),
        (
            "hidden-unicode\"\ntitle",
            "hiden-unicode\"\ntitle",
            "did you mean `hidden-unicode`",
        ),
        ("[\"*\"]", "[\"pyton\"]", "did you mean `python`"),
        ("'forbidden-word'", "'('", "12:1"),
        ("schema = 1", "schema = 2", "schema 2 is not known"),
        ("\"mine/hidden-unicode\"", "\"Mine\"", "is no id"),
        (
            "message = \"m\"",
            "message = \"m\"\nin = \"comments\"",
            "unknown variant `comments`",
        ),
        (
            "regex = 'forbidden-word'\n",
            "regex = 'x'\n[[fix]]\ntitle = \"t\"\nverb = \"wrp\"\n",
            "did you mean `wrap`",
        ),
        (
            "regex = 'forbidden-word'\n",
            "regex = 'x'\n[[detector]]\nname = \"hidden\"\nmessage = \"m\"\n",
            "unknown detector",
        ),
    ] {
        assert!(RULE.contains(from), "{from}");
        let message = error(&[("mine.toml", &RULE.replacen(from, to, 1))]);
        assert!(message.contains(wanted), "{wanted:?} is not in {message:?}");
    }
}

#[test]
fn models_of_users_are_checked_too() {
    let model = "schema = 1\nlanguages = [\"python\"]\nabout = \"x\"\n[[source]]\npath = [\"a..b\"]\nfrom = \"http\"\n";
    let message = error(&[("models/x.toml", model)]);
    assert!(message.contains("x.toml:5:1"), "{message}");
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let missing = RuleSet::load(&[PathBuf::from("/nonexistent-folder")]);
    assert!(missing.is_err());
}
