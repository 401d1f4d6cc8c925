//! Is a person at the keys? What can be told from outside: the environment's marks of agents, and the controlling terminal.
//!
//! Marks can be unset and terminals can be forged, so this deters mistakes, not attacks; what was seen goes into the record.

use std::{collections::BTreeSet, ffi::OsString, path::Path};

/// Variables that agents set for what they start. A trailing `*` stands for any ending.
const MARKERS: &[(&str, &str)] = &[
    ("CLAUDECODE", "Claude Code"),
    ("CLAUDE_CODE_SESSION_ID", "Claude Code"),
    ("CLAUDE_CODE_CHILD_SESSION", "Claude Code"),
    ("CLAUDE_CODE_REMOTE", "Claude Code"),
    ("CLAUDE_PROJECT_DIR", "Claude Code"),
    ("AI_AGENT", "an agent"),
    ("OPENCODE", "opencode"),
    ("OPENCODE_PID", "opencode"),
    ("AGENT", "an agent"),
    ("GEMINI_CLI", "Gemini CLI"),
    ("CURSOR_AGENT", "Cursor"),
    ("CODEX_INTERNAL_ORIGINATOR_OVERRIDE", "Codex"),
    ("CODEX_THREAD_ID", "Codex"),
    ("CLOUD_AGENT_*", "a cloud agent"),
    ("AMP_THREAD_ID", "Amp"),
];

/// A folder that says so.
const MARKER_FOLDERS: &[(&str, &str)] = &[("/opt/.devin", "Devin")];

/// What was seen of who is at the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Names of the marks seen (never their values), sorted.
    pub markers: Vec<String>,
    /// The agents they point to, sorted.
    pub agents: Vec<String>,
    /// True when the process has a controlling terminal.
    pub terminal: bool,
}

impl Presence {
    /// Looks at this process.
    #[must_use]
    pub fn observe() -> Self {
        let folders = MARKER_FOLDERS.iter().filter(|(path, _)| Path::new(path).is_dir());
        let mut seen = Self::from_environment(std::env::vars_os());
        for (path, agent) in folders {
            seen.markers.push((*path).to_owned());
            seen.agents.push((*agent).to_owned());
        }
        seen.agents.sort();
        seen.agents.dedup();
        seen.terminal = has_controlling_terminal();
        seen
    }

    /// Looks at an environment only.
    #[must_use]
    pub fn from_environment(vars: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let (mut markers, mut agents) = (BTreeSet::new(), BTreeSet::new());
        for (key, value) in vars {
            let key = key.to_string_lossy().into_owned();
            // Set to nothing or to an explicit no is how people switch a mark off.
            if value.is_empty() || matches!(value.to_str(), Some("0" | "false")) {
                continue;
            }
            let hit = MARKERS.iter().find(|(pattern, _)| match pattern.strip_suffix('*') {
                Some(prefix) => key.starts_with(prefix),
                None => key == *pattern,
            });
            if let Some((_, agent)) = hit {
                markers.insert(key);
                agents.insert((*agent).to_owned());
            }
        }
        Self {
            markers: markers.into_iter().collect(),
            agents: agents.into_iter().collect(),
            terminal: false,
        }
    }

    /// Why a decision must not be taken here; `None` when nothing speaks against a person.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        if let Some(agent) = self.agents.first() {
            let marks = self.markers.join(", ");
            return Some(format!(
                "this process was started by {agent} ({marks}); only a person decides"
            ));
        }
        (!self.terminal).then(|| "there is no controlling terminal; only a person at a terminal decides".to_owned())
    }
}

/// True when the process has a terminal of its own, whatever standard input is.
#[must_use]
pub fn has_controlling_terminal() -> bool {
    #[cfg(unix)]
    {
        // Opening /dev/tty succeeds only with a controlling terminal; redirected standard streams do not matter.
        std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .is_ok()
    }
    #[cfg(not(unix))]
    {
        use std::io::IsTerminal;
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn seen(vars: &[(&str, &str)]) -> Presence {
        Presence::from_environment(vars.iter().map(|(k, v)| ((*k).into(), (*v).into())))
    }

    #[test]
    fn marks_of_agents_are_seen_by_name_and_never_by_value() {
        let presence = seen(&[
            ("CLAUDECODE", "1"),
            ("CLOUD_AGENT_TASK", "secret"),
            ("HOME", "/home/ada"),
            ("OPENCODE", "0"),
        ]);
        assert_eq!(presence.markers, ["CLAUDECODE", "CLOUD_AGENT_TASK"]);
        assert_eq!(presence.agents, ["Claude Code", "a cloud agent"]);
        assert!(!format!("{presence:?}").contains("secret"));
        assert!(presence.objection().unwrap().contains("Claude Code"));
    }

    #[test]
    fn no_terminal_is_an_objection_and_a_terminal_alone_is_not() {
        let mut presence = seen(&[("EDITOR", "vi")]);
        assert!(presence.objection().unwrap().contains("terminal"));
        presence.terminal = true;
        assert_eq!(presence.objection(), None);
    }
}
