//! Which key does what: a table of rows, read into a trie.
//!
//! The default table is `default.toml` beside this file; the user's own table lies over it. Both come from the program and the
//! user's configuration, never from a reviewed repository. Help, footer and the hints of dialogs are read off the same table, so
//! they cannot disagree with what the keys do.

mod command;
mod key;

pub use command::Command;
pub use key::Key;

use crossterm::event::KeyCode;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

const DEFAULT: &str = include_str!("default.toml");

/// A key table that could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeymapError {
    /// Not TOML, or not of the table's form.
    #[error("the key table is not readable: {0}")]
    Form(String),
    /// A key that is no key.
    #[error("`{0}` is no key; keys are written as a, A, Ctrl-d, Alt-x, Shift-Tab, Space, F1")]
    Key(String),
    /// A key that would both act and begin a sequence.
    #[error("`{on}` begins the sequence of another key in `{mode}`; unbind that one first (run = \"nothing\")")]
    Shadowed {
        /// The key.
        on: String,
        /// The mode.
        mode: &'static str,
    },
}

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Any pane.
    Main,
    /// The queue; wins over `Main`, as the other panes do.
    Queue,
    /// The code.
    Code,
    /// The case.
    Case,
    /// The approve dialog, outside its text.
    Approve,
    /// One line of text.
    Line,
    /// Several lines of text.
    Text,
    /// Something to read.
    Read,
    /// What countersign would write.
    Record,
}

impl Mode {
    /// Its name in key tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Mode::Main => "main",
            Mode::Queue => "queue",
            Mode::Code => "code",
            Mode::Case => "case",
            Mode::Approve => "approve",
            Mode::Line => "line",
            Mode::Text => "text",
            Mode::Read => "read",
            Mode::Record => "record",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    keys: Vec<TableRow>,
    #[serde(default)]
    layouts: Vec<Layout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableRow {
    mode: Mode,
    on: OneOrMore,
    run: Command,
    #[serde(default)]
    desc: Option<String>,
    #[serde(default)]
    hint: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    #[serde(rename = "name")]
    _name: String,
    from: String,
    to: String,
}

/// One binding, as help and footer show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it works.
    pub mode: Mode,
    /// The keys, in order.
    pub keys: Vec<Key>,
    /// What it does.
    pub command: Command,
    /// In a few words, for the help.
    pub desc: String,
    /// In one or two words, for the footer; empty when it does not belong there.
    pub hint: String,
}

impl Binding {
    /// The keys as written: `z z`.
    #[must_use]
    pub fn written(&self) -> String {
        self.keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// What a sequence of keys means so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It is bound.
    Run(Command),
    /// It begins something.
    More,
    /// It is bound to nothing.
    Unbound,
}

#[derive(Clone, Debug, Default)]
struct Node {
    next: HashMap<Key, Node>,
    run: Option<Command>,
}

/// All bindings.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
    trie: BTreeMap<Mode, Node>,
    layouts: BTreeMap<char, char>,
}

impl Keymap {
    /// The default keys.
    ///
    /// # Errors
    /// Only when the embedded table is damaged, which a test rules out.
    pub fn built_in() -> Result<Self, KeymapError> {
        Self::over(&[DEFAULT])
    }

    /// The default keys with the user's table over them.
    ///
    /// # Errors
    /// When the user's table is not readable or contradicts itself.
    pub fn with_user(text: &str) -> Result<Self, KeymapError> {
        Self::over(&[DEFAULT, text])
    }

    fn over(layers: &[&str]) -> Result<Self, KeymapError> {
        let mut made = Self {
            bindings: Vec::new(),
            trie: BTreeMap::new(),
            layouts: BTreeMap::new(),
        };
        for layer in layers {
            let table: Table = toml::from_str(layer).map_err(|e| KeymapError::Form(e.to_string()))?;
            for row in table.keys {
                made.lay(row)?;
            }
            for layout in table.layouts {
                made.layouts.extend(layout.from.chars().zip(layout.to.chars()));
            }
        }
        made.bindings.retain(|b| b.command != Command::Nothing);
        for binding in &made.bindings {
            insert(made.trie.entry(binding.mode).or_default(), binding)?;
        }
        Ok(made)
    }

    fn lay(&mut self, row: TableRow) -> Result<(), KeymapError> {
        let written = match row.on {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more,
        };
        for sequence in written {
            let keys = sequence
                .split_whitespace()
                .map(|k| k.parse().map_err(KeymapError::Key))
                .collect::<Result<Vec<Key>, _>>()?;
            if keys.is_empty() {
                return Err(KeymapError::Key(sequence));
            }
            // A user's row takes the words of the default row of the same command, and its place in the footer.
            let like = self
                .bindings
                .iter()
                .find(|b| b.mode == row.mode && b.command == row.run)
                .cloned();
            let words = |own: &Option<String>, of: fn(&Binding) -> &String, or: &str| {
                own.clone()
                    .or_else(|| like.as_ref().map(|b| of(b).clone()))
                    .unwrap_or_else(|| or.to_owned())
            };
            let binding = Binding {
                mode: row.mode,
                command: row.run,
                desc: words(&row.desc, |b| &b.desc, row.run.sentence()),
                hint: words(&row.hint, |b| &b.hint, ""),
                keys,
            };
            match self
                .bindings
                .iter_mut()
                .find(|b| b.mode == row.mode && b.keys == binding.keys)
            {
                Some(there) => *there = binding,
                None => self.bindings.push(binding),
            }
        }
        Ok(())
    }

    /// What `keys` mean, looked up in `modes` in turn; the first mode that knows them wins.
    #[must_use]
    pub fn resolve(&self, modes: &[Mode], keys: &[Key]) -> Resolved {
        match self.look_up(modes, keys) {
            Resolved::Unbound => {
                let elsewhere: Vec<Key> = keys.iter().map(|k| self.in_place(*k)).collect();
                if elsewhere == keys {
                    Resolved::Unbound
                } else {
                    self.look_up(modes, &elsewhere)
                }
            }
            resolved => resolved,
        }
    }

    fn look_up(&self, modes: &[Mode], keys: &[Key]) -> Resolved {
        let mut begins = false;
        for mode in modes {
            let node = self
                .trie
                .get(mode)
                .and_then(|root| keys.iter().try_fold(root, |node, key| node.next.get(key)));
            match node {
                Some(Node { run: Some(command), .. }) => return Resolved::Run(*command),
                Some(_) => begins = true,
                None => {}
            }
        }
        if begins { Resolved::More } else { Resolved::Unbound }
    }

    /// The key in the same place of a Latin keyboard, for letters of the layouts we know.
    fn in_place(&self, key: Key) -> Key {
        match key.code {
            KeyCode::Char(c) => Key {
                code: KeyCode::Char(self.layouts.get(&c).copied().unwrap_or(c)),
                ..key
            },
            _ => key,
        }
    }

    /// All bindings of a mode, in the order of the table.
    pub fn of(&self, mode: Mode) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |b| b.mode == mode)
    }

    /// What may follow `keys`, for the hint while a sequence is being typed.
    pub fn after<'k>(&'k self, modes: &'k [Mode], keys: &'k [Key]) -> impl Iterator<Item = &'k Binding> {
        self.bindings
            .iter()
            .filter(move |b| modes.contains(&b.mode) && b.keys.len() > keys.len() && b.keys.starts_with(keys))
    }

    /// The first key of a command, as written; for messages. The command's name when it has no key.
    #[must_use]
    pub fn key_of(&self, modes: &[Mode], command: Command) -> String {
        let found = modes.iter().find_map(|m| self.of(*m).find(|b| b.command == command));
        found.map_or_else(|| format!(":{}", command.name()), Binding::written)
    }
}

fn insert(root: &mut Node, binding: &Binding) -> Result<(), KeymapError> {
    let shadowed = || KeymapError::Shadowed {
        on: binding.written(),
        mode: binding.mode.name(),
    };
    let mut node = root;
    for key in &binding.keys {
        if node.run.is_some() {
            return Err(shadowed());
        }
        node = node.next.entry(*key).or_default();
    }
    if !node.next.is_empty() {
        return Err(shadowed());
    }
    node.run = Some(binding.command);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.split_whitespace().map(|k| k.parse().unwrap()).collect()
    }

    const PANE: &[Mode] = &[Mode::Code, Mode::Main];

    #[test]
    fn the_default_table_is_sound_and_binds_every_command() {
        let map = Keymap::built_in().unwrap();
        for command in Command::ALL.iter().filter(|c| **c != Command::Nothing) {
            assert!(map.bindings.iter().any(|b| b.command == *command), "{}", command.name());
        }
        assert_eq!(map.resolve(PANE, &keys("a")), Resolved::Run(Command::Approve));
        assert_eq!(map.resolve(PANE, &keys("z")), Resolved::More);
        assert_eq!(map.resolve(PANE, &keys("z z")), Resolved::Run(Command::Centre));
        assert_eq!(map.resolve(PANE, &keys("z x")), Resolved::Unbound);
        assert_eq!(map.after(PANE, &keys("z")).count(), 3);
    }

    #[test]
    fn the_users_rows_win_and_keep_the_words_of_the_default() {
        let user = r#"keys = [
            { mode = "main", on = "d", run = "approve" },
            { mode = "main", on = "a", run = "nothing" },
            { mode = "queue", on = "x", run = "seen", desc = "looked at" },
        ]"#;
        let map = Keymap::with_user(user).unwrap();
        assert_eq!(map.resolve(PANE, &keys("d")), Resolved::Run(Command::Approve));
        assert_eq!(map.resolve(PANE, &keys("a")), Resolved::Unbound);
        assert_eq!(map.resolve(PANE, &keys("x")), Resolved::Run(Command::Reject));
        assert_eq!(
            map.resolve(&[Mode::Queue, Mode::Main], &keys("x")),
            Resolved::Run(Command::Seen)
        );
        let approve = map.of(Mode::Main).find(|b| b.command == Command::Approve).unwrap();
        assert_eq!((approve.hint.as_str(), approve.written()), ("approve", "d".to_owned()));
    }

    #[test]
    fn a_bad_table_says_what_is_wrong() {
        let error = |text: &str| Keymap::with_user(text).unwrap_err().to_string();
        assert!(error(r#"keys = [{ mode = "main", on = "aa", run = "approve" }]"#).contains("`aa` is no key"));
        assert!(error(r#"keys = [{ mode = "main", on = "a b", run = "approve" }]"#).contains("begins the sequence"));
        assert!(error(r#"keys = [{ mode = "main", on = "z", run = "approve" }]"#).contains("begins the sequence"));
        assert!(error(r#"keys = [{ mode = "main", on = "z", run = "aprove" }]"#).contains("aprove"));
    }

    #[test]
    fn letters_of_other_layouts_count_by_their_place() {
        let map = Keymap::built_in().unwrap();
        assert_eq!(map.resolve(PANE, &keys("ф")), Resolved::Run(Command::Approve));
        assert_eq!(map.resolve(PANE, &keys("Т")), Resolved::Run(Command::PreviousOpen));
        assert_eq!(map.resolve(PANE, &keys("я я")), Resolved::Run(Command::Centre));
        let user = r#"keys = [{ mode = "main", on = "ф", run = "quit" }]"#;
        assert_eq!(
            Keymap::with_user(user).unwrap().resolve(PANE, &keys("ф")),
            Resolved::Run(Command::Quit)
        );
    }

    #[test]
    fn every_layout_pairs_each_letter() {
        let table: Table = toml::from_str(DEFAULT).unwrap();
        for layout in table.layouts {
            assert_eq!(layout.from.chars().count(), layout.to.chars().count());
        }
    }
}
