//! Attribution that agents and their tools leave in notes: which lines of which file are whose.
//!
//! Two formats are known. git-ai's (`refs/notes/ai`, schema `authorship/3.x`) has an attestation part of paths and line
//! ranges, a line `---`, and JSON that says what the keys mean. Qwen Code's (`refs/notes/ai-attribution`) is JSON with shares.
//! Both are read leniently: what is not understood is passed over, and nothing is believed beyond what is written.

use super::{Agent, Confidence, Mark, Place, UNNAMED};
use crate::change::RepoPath;
use serde_json::Value;

/// The ref of git-ai's notes.
const GIT_AI: &str = "refs/notes/ai";
/// The ref of Qwen Code's notes.
const QWEN: &str = "refs/notes/ai-attribution";
/// Line ranges that are kept of one note.
const RANGES: usize = 200_000;

/// Who wrote lines, as a note claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// An agent.
    Agent {
        /// The tool, as the note names it; untrusted.
        tool: String,
        /// The model.
        model: Option<String>,
        /// The session.
        session: Option<String>,
    },
    /// A known person, by name when the note has one.
    Human(Option<String>),
    /// The key means nothing that is known. Lines in no range at all are unknown too: that is not the same as human.
    Unknown,
}

/// Who wrote which lines of one file, on the new side of the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLines {
    /// The file.
    pub path: RepoPath,
    /// First and last line, 1-based and inclusive, in the order of the note.
    pub ranges: Vec<(u32, u32, Author)>,
}

/// What a note says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub lines: Vec<FileLines>,
    pub agents: Vec<Agent>,
}

/// Reads the note `text` of the notes ref `name`; nothing when the ref is of no known format.
pub(super) fn read(name: &str, text: &str) -> Read {
    match name {
        GIT_AI => git_ai(text),
        QWEN => qwen(text),
        _ => Read::default(),
    }
}

fn git_ai(text: &str) -> Read {
    let (attestation, metadata) = split(text);
    let metadata: Value = serde_json::from_str(metadata).unwrap_or(Value::Null);
    let is_known = metadata["schema_version"]
        .as_str()
        .is_some_and(|v| v.starts_with("authorship/3"));
    if !is_known {
        return Read::default();
    }
    let mut read = Read::default();
    let mut left = RANGES;
    for line in attestation.lines() {
        if let Some(entry) = line.strip_prefix("  ") {
            let Some(file) = read.lines.last_mut() else { continue };
            let Some((key, ranges)) = entry.trim().rsplit_once(' ') else {
                continue;
            };
            let author = author(key.trim(), &metadata);
            for (first, last) in ranges.split(',').filter_map(range) {
                if left == 0 {
                    break;
                }
                left -= 1;
                file.ranges.push((first, last, author.clone()));
            }
        } else if !line.trim().is_empty() {
            read.lines.push(FileLines {
                path: RepoPath::new(unquote(line)),
                ranges: Vec::new(),
            });
        }
    }
    for file in &read.lines {
        for (_, _, author) in &file.ranges {
            if let Author::Agent { tool, model, session } = author
                && !read.agents.iter().any(|a| a.tool == *tool && a.model == *model)
            {
                let what = "lines that git-ai recorded as the agent's";
                let mut agent = agent("git-ai-note", what, tool.clone(), GIT_AI.to_owned());
                agent.model.clone_from(model);
                agent.session.clone_from(session);
                read.agents.push(agent);
            }
        }
    }
    read
}

/// The two parts of a git-ai note, around the line that is exactly `---`.
fn split(text: &str) -> (&str, &str) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end_matches(['\r', '\n']) == "---" {
            return (&text[..at], &text[at + line.len()..]);
        }
        at += line.len();
    }
    (text, "")
}

/// A path, which stands in double quotes when it holds white space.
fn unquote(line: &str) -> &str {
    let line = line.trim_end();
    line.strip_prefix('"').and_then(|l| l.strip_suffix('"')).unwrap_or(line)
}

/// `12` or `12-40`.
fn range(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.trim().split_once('-').unwrap_or((text.trim(), text.trim()));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (0 < first && first <= last).then_some((first, last))
}

/// What a key of the attestation stands for: `s_…::t_…` a session, `h_…` a person, bare hex an older prompt.
fn author(key: &str, metadata: &Value) -> Author {
    let short = key.split("::").next().unwrap_or(key);
    let find = |table: &str| {
        let table = &metadata[table];
        [key, short].into_iter().map(|k| &table[k]).find(|v| !v.is_null())
    };
    if key.starts_with("h_") {
        let human = find("humans");
        let name = human.and_then(|h| ["author", "name"].into_iter().find_map(|field| h[field].as_str()));
        return Author::Human(name.map(str::to_owned));
    }
    match find("sessions").or_else(|| find("prompts")) {
        Some(session) => {
            let agent = &session["agent_id"];
            let text = |field: &str| agent[field].as_str().filter(|v| !v.is_empty()).map(str::to_owned);
            Author::Agent {
                tool: text("tool").unwrap_or_else(|| UNNAMED.to_owned()),
                model: text("model"),
                session: text("id"),
            }
        }
        None => Author::Unknown,
    }
}

fn qwen(text: &str) -> Read {
    let note: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let share = note["summary"]["aiPercent"].as_f64().unwrap_or(0.0);
    let mut read = Read::default();
    if note["version"].as_u64() == Some(1) && share > 0.0 {
        let what = "the share that Qwen Code counted as its own";
        read.agents.push(agent(
            "qwen-note",
            what,
            "Qwen Code".to_owned(),
            format!("{QWEN}: {share}%"),
        ));
    }
    read
}

/// An agent known by a note.
fn agent(rule: &str, what: &str, tool: String, text: String) -> Agent {
    Agent {
        tool,
        model: None,
        session: None,
        confidence: Confidence::High,
        evidence: vec![Mark {
            rule: rule.to_owned(),
            what: what.to_owned(),
            place: Place::Note,
            text,
        }],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const NOTE: &str = r#"src/a.rs
  s_0123456789abcd::t_0123456789abcd 1-4,9
  h_0123456789abcd 5
"src/with space.rs"
  0123456789abcdef 2
  s_ffffffffffffff::t_0 3
---
{
  "schema_version": "authorship/3.0.0",
  "base_commit_sha": "0",
  "sessions": {"s_0123456789abcd": {"agent_id": {"tool": "claude", "id": "abc", "model": "claude-opus-4-6"}}},
  "prompts": {"0123456789abcdef": {"agent_id": {"tool": "cursor", "id": "x", "model": ""}}},
  "humans": {"h_0123456789abcd": {"author": "Ada <ada@example.com>"}}
}"#;

    #[test]
    fn git_ai_notes_say_whose_each_line_is() {
        let read = read(GIT_AI, NOTE);
        let claude = Author::Agent {
            tool: "claude".into(),
            model: Some("claude-opus-4-6".into()),
            session: Some("abc".into()),
        };
        let cursor = Author::Agent {
            tool: "cursor".into(),
            model: None,
            session: Some("x".into()),
        };
        assert_eq!(read.lines[0].path, RepoPath::new("src/a.rs"));
        let ada = Author::Human(Some("Ada <ada@example.com>".into()));
        assert_eq!(
            read.lines[0].ranges,
            [(1, 4, claude.clone()), (9, 9, claude), (5, 5, ada)]
        );
        assert_eq!(read.lines[1].path, RepoPath::new("src/with space.rs"));
        assert_eq!(read.lines[1].ranges, [(2, 2, cursor), (3, 3, Author::Unknown)]);
        assert_eq!(read.agents.len(), 2);
    }

    #[test]
    fn what_is_not_understood_says_nothing() {
        for note in [
            "",
            "---",
            "a\n  b 1\n",
            "a\n  b 1\n---\n{}",
            "  x 1\n---\n{\"schema_version\":\"authorship/9\"}",
        ] {
            assert_eq!(read(GIT_AI, note), Read::default(), "{note:?}");
        }
        for bad in ["0-3", "5-2", "x", "", "1-2-3", "-"] {
            assert_eq!(range(bad), None, "{bad}");
        }
        assert_eq!(read("refs/notes/commits", NOTE), Read::default());
    }

    #[test]
    fn qwen_notes_count_when_they_claim_a_share() {
        let note = |share| format!("{{\"version\": 1, \"summary\": {{\"aiPercent\": {share}}}, \"promptCount\": 3}}");
        assert_eq!(
            read(QWEN, &note(73)).agents[0].evidence[0].text,
            "refs/notes/ai-attribution: 73%"
        );
        assert!(read(QWEN, &note(0)).agents.is_empty());
        assert!(read(QWEN, "{").agents.is_empty());
    }
}
