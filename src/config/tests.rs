//! Settings and policy: what the examples say is what the program does, and mistakes are named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use std::path::PathBuf;

fn config(text: &str) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.toml"), text).unwrap();
    UserFiles::at(dir.path()).config()
}

#[test]
fn the_example_shows_the_defaults() {
    let example = include_str!("example.toml");
    assert_eq!(parse::<Config>("example.toml", example).unwrap(), Config::default());
    let all: toml::Table = toml::from_str(&example.replace("# theme", "theme")).unwrap();
    assert!(parse::<Config>("example.toml", &all.to_string()).is_ok());
}

#[test]
fn the_policy_example_asks_for_the_defaults() {
    let policy = Policy::read("base", Some(include_bytes!("policy-example.toml"))).unwrap();
    assert_eq!(policy.over(Review::default()), Review::default());
    assert!(policy.permits("anybody@example.com"));
}

#[test]
fn without_a_file_everything_has_its_default() {
    let dir = tempfile::tempdir().unwrap();
    let files = UserFiles::at(dir.path().join("none"));
    assert_eq!(files.config().unwrap(), Config::default());
    assert_eq!(files.text("keymap.toml").unwrap(), None);
}

#[test]
fn a_file_changes_what_it_names() {
    let config =
        config("[review]\nthreshold = \"low\"\n[record]\nprofile = \"notes-only\"\n[scan]\ntier = \"audit\"").unwrap();
    assert_eq!(config.review.threshold, Severity::Low);
    assert_eq!(config.review.require_reason_at, Severity::High);
    assert_eq!(
        (config.record.profile, config.scan.tier),
        (Profile::NotesOnly, Tier::Audit)
    );
}

#[test]
fn mistakes_are_named_with_their_line_and_the_nearest_name() {
    for (text, said) in [
        (
            "[review]\nthresold = \"low\"",
            "config.toml:2:1: unknown field `thresold`, expected `threshold` or `require_reason_at` (did you mean `threshold`?)",
        ),
        ("\n[reveiw]\n", "config.toml:2:2: unknown field `reveiw`"),
        (
            "[record]\nprofile = \"notes\"",
            "config.toml:2:11: unknown variant `notes`",
        ),
        (
            "[scan]\nmax_file_bytes = 3",
            "config.toml:2:18: a limit is between 1024",
        ),
    ] {
        let error = config(text).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn folders_are_relative_to_the_configuration() {
    let files = UserFiles::at("/etc/cs");
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.toml"), "scan.rules = [\"mine\", \"/abs\"]").unwrap();
    let config = UserFiles::at(dir.path()).config().unwrap();
    assert_eq!(config.scan.rules, [dir.path().join("mine"), PathBuf::from("/abs")]);
    assert_eq!(files.folder().unwrap(), std::path::Path::new("/etc/cs"));
}

#[test]
fn the_stricter_of_policy_and_person_holds() {
    let policy = Policy::read("base", Some(b"threshold = \"low\"\nrequire_reason_at = \"critical\"")).unwrap();
    let user = Review {
        threshold: Severity::High,
        require_reason_at: Severity::Medium,
    };
    let both = policy.over(user);
    assert_eq!(
        (both.threshold, both.require_reason_at),
        (Severity::Low, Severity::Medium)
    );
    assert_eq!(Policy::read("base", None).unwrap().over(user), user);
}

#[test]
fn only_those_the_policy_names_may_countersign() {
    let policy = Policy::read("base", Some(b"reviewers = [\"ada@example.com\"]")).unwrap();
    assert!(policy.permits("Ada@Example.com ") && !policy.permits("eve@example.com"));
}

#[test]
fn a_broken_policy_is_an_error_and_not_an_empty_one() {
    let error = Policy::read("a1f3c09", Some(b"\nreviwers = []")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("a1f3c09:.countersign.toml:2:1: unknown field `reviwers`"),
        "{error}"
    );
    assert_eq!(error.hint.as_deref(), Some("did you mean `reviewers`?"));
    assert!(Policy::read("base", Some(b"\xff")).is_err());
}
