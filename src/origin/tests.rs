//! The table against its own examples, and the rules that keep it honest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{table::*, *};
use crate::change::{Commit, Identity, ObjectId};
use proptest::prelude::*;
use std::sync::Arc;

fn identity(text: &str) -> Identity {
    identity::parse(text).unwrap()
}

fn commit(author: &str, message: &str) -> Commit {
    let id = ObjectId(Arc::from("0".repeat(40)));
    Commit {
        id: id.clone(),
        tree: id,
        parents: Vec::new(),
        author: identity(author),
        committer: identity("Ada Byron <ada@example.com>"),
        time: (0, 0),
        message: message.to_owned(),
        signed: false,
        notes: Vec::new(),
    }
}

const ADA: &str = "Ada Byron <ada@example.com>";

/// The origin of an example of the table.
fn example(text: &str) -> Origin {
    let (place, text) = text.split_once(": ").unwrap();
    match place {
        "author" => of(&commit(text, "subject")),
        "committer" => {
            let mut commit = commit(ADA, "subject");
            commit.committer = identity(text);
            of(&commit)
        }
        "subject" => of(&commit(ADA, text)),
        "message" => of(&commit(ADA, &format!("subject\n\nprose\n{text}\nmore prose\n"))),
        "branch" => of_branch(text),
        _ => panic!("an example begins with author, committer, subject, message or branch: {place}"),
    }
}

/// The rows that an example is marked by, as attribution.
fn marks(text: &str) -> Vec<String> {
    let origin = example(text);
    origin
        .agents
        .into_iter()
        .flat_map(|a| a.evidence)
        .map(|m| m.rule)
        .collect()
}

#[test]
fn the_embedded_table_reads() {
    let table = Table::read("rules/origin.toml", include_str!("../../rules/origin.toml")).unwrap();
    let mut ids: Vec<&str> = table.agents.iter().map(|r| r.id.as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "two rows have one id");
    assert!(
        table
            .agents
            .iter()
            .all(|r| !r.examples.0.is_empty() && !r.examples.1.is_empty())
    );
}

#[test]
fn every_row_matches_its_examples_and_misses_its_near_misses() {
    for row in &TABLE.agents {
        for text in &row.examples.0 {
            assert!(
                marks(text).contains(&row.id),
                "{} should match {text:?}, which gives {:?}",
                row.id,
                example(text)
            );
        }
        for text in &row.examples.1 {
            assert!(!marks(text).contains(&row.id), "{} should not match {text:?}", row.id);
        }
    }
    for row in &TABLE.impostors {
        let suspects = |text: &str| example(text).suspicious.iter().any(|s| s.rule == row.id);
        assert!(
            row.examples
                .0
                .iter()
                .all(|text| suspects(text) && marks(text).is_empty()),
            "{}",
            row.id
        );
        assert!(!row.examples.1.iter().any(|text| suspects(text)), "{}", row.id);
    }
}

#[test]
fn people_are_people_whatever_they_are_called_and_wherever_they_work() {
    for who in [
        "Claude Monet <monet@example.org>",
        "Devin Smith <devin@example.com>",
        "Cursor Johnson <cj@example.com>",
        "Alice Gemini <alice@example.com>",
        "Jules <jules@google.com>",
        "Jane <jane@openai.com>",
        "Paul <paul@aider.chat>",
        "Boris <boris@anthropic.com>",
        "Claude <claude@anthropic.com>",
    ] {
        let trailers =
            format!("Fix Claude Code, Copilot and aider: a parser\n\nCo-authored-by: {who}\nAssisted-by: {who}\n");
        let origin = of(&commit(who, &trailers));
        assert_eq!(origin, Origin::default(), "{who}");
    }
}

#[test]
fn one_agent_with_many_marks_is_one_agent() {
    let origin = of(&commit(
        ADA,
        "Add a parser\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\n\
         Co-Authored-By: Claude Opus 4.5 (1M context) <noreply@anthropic.com>\n\
         Claude-Session: https://claude.ai/code/session_01\n\
         Assisted-by: Claude:claude-opus-4-5\nEntire-Checkpoint: 0a1b\n",
    ));
    let [agent] = &origin.agents[..] else {
        panic!("{:?}", origin.agents)
    };
    assert_eq!(
        (agent.tool.as_str(), agent.model.as_deref()),
        ("Claude Code", Some("Opus 4.5"))
    );
    assert_eq!(agent.session.as_deref(), Some("https://claude.ai/code/session_01"));
    assert_eq!((agent.confidence, agent.evidence.len()), (Confidence::High, 5));
    assert!(origin.is_ai() && !origin.author_is_agent && origin.suspicious.is_empty());
}

#[test]
fn several_agents_are_told_apart() {
    let origin = of(&commit(
        "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>",
        "Add a parser\n\nCo-authored-by: goose <noreply@anthropic.com>\nCo-authored-by: aider (gpt-5) <aider@aider.chat>\n\
         Co-authored-by: Ada Byron <ada@example.com>\n",
    ));
    let tools: Vec<&str> = origin.agents.iter().map(|a| a.tool.as_str()).collect();
    assert_eq!(tools, ["Aider", "GitHub Copilot", "goose"]);
    assert!(origin.author_is_agent);
}

#[test]
fn a_forged_account_is_suspicious_and_no_attribution() {
    let origin = of(&commit(
        "claude <claude@users.noreply.github.com>",
        "chore: update dependencies",
    ));
    assert!(!origin.is_ai() && origin.agents.is_empty() && !origin.author_is_agent);
    assert_eq!(origin.suspicious[0].rule, "claude-impostor");
    let origin = of(&commit(
        "d <42+devin-ai-integration[bot]@users.noreply.github.com>",
        "s",
    ));
    assert_eq!(
        (origin.agents.len(), origin.suspicious[0].rule.as_str()),
        (0, "devin-github")
    );
}

#[test]
fn an_agent_that_signs_off_is_reported() {
    let origin = of(&commit(
        ADA,
        "s\n\nSigned-off-by: Claude <noreply@anthropic.com>\nSigned-off-by: Ada <a@b>\n",
    ));
    assert_eq!(origin.agents.len(), 1);
    let rules: Vec<&str> = origin.suspicious.iter().map(|s| s.rule.as_str()).collect();
    assert_eq!(rules, ["agent-sign-off"]);
}

#[test]
fn automation_is_its_own_class() {
    let mut commit = commit(
        "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
        "Bump x\n\nSigned-off-by: dependabot[bot] <support@github.com>\n",
    );
    commit.committer = identity("GitHub <noreply@github.com>");
    let origin = of(&commit);
    let found: Vec<(&str, Place)> = origin.automation.iter().map(|a| (a.name.as_str(), a.place)).collect();
    assert_eq!(
        found,
        [("Dependabot", Place::Author), ("GitHub (web)", Place::Committer)]
    );
    assert!(origin.agents.is_empty() && !origin.is_ai());
}

#[test]
fn use_of_a_tool_alone_is_not_ai() {
    let mut commit = commit(ADA, "s");
    commit.committer = identity("Ada Byron (aider) <ada@example.com>");
    let origin = of(&commit);
    assert_eq!(origin.agents[0].tool, "Aider");
    assert!(!origin.is_ai());
}

#[test]
fn squashed_and_indented_messages_keep_their_marks() {
    for message in [
        "Squash (#1)\n\n* one\n\n    Co-authored-by: Claude <noreply@anthropic.com>\n\n* two\n\n---------\n\nCo-authored-by: Ada <a@b>\n",
        "s\r\n\r\nGenerated by hand\r\nCo-authored-by: Claude\r\n <noreply@anthropic.com>\r\n",
    ] {
        assert!(of(&commit(ADA, message)).is_ai(), "{message}");
    }
}

#[test]
fn notes_make_agents_of_what_they_name() {
    let mut commit = commit(ADA, "s");
    commit.notes = vec![(
        "refs/notes/ai".into(),
        "a.rs\n  s_1::t_1 1-2\n---\n{\"schema_version\":\"authorship/3.1\",\"sessions\":{\"s_1\":{\"agent_id\":{\"tool\":\"claude\"}}}}"
            .into(),
    )];
    let origin = of(&commit);
    assert_eq!(origin.agents[0].tool, "Claude Code");
    assert_eq!(origin.lines[0].ranges.len(), 1);
}

proptest! {
    #[test]
    fn no_commit_makes_it_panic(name in "\\PC{0,20}", email in "\\PC{0,40}", message in "(?s).{0,300}", note in "(?s).{0,200}") {
        let mut commit = commit(ADA, &message);
        commit.author = Identity { name, email };
        commit.notes = vec![("refs/notes/ai".into(), note.clone()), ("refs/notes/ai-attribution".into(), note)];
        let _ = of(&commit);
    }

    #[test]
    fn no_pieces_of_marks_make_it_panic(pieces in proptest::collection::vec(
        prop::sample::select(vec!["Co-authored-by", ": ", "<", ">", "noreply@anthropic.com", "\n", "\r\n", " ", "Assisted-by",
            ":", "Claude", "1+claude[bot]@users.noreply.github.com", "---", "🤖 Generated with [", "](", ")", "é", "\u{202e}"]), 0..30)) {
        let _ = of(&commit(ADA, &pieces.concat()));
        let _ = of_branch(&pieces.concat());
    }
}
