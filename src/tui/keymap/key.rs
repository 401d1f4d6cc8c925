//! One key press, as it is written in keymap files and shown in help: `a`, `Ctrl-d`, `Shift-Tab`, `Space`, `F1`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::{fmt, str::FromStr};

/// A key with its modifiers. Shift is part of the character where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which.
    pub code: KeyCode,
    /// With Control.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift; only for keys that are no characters.
    pub shift: bool,
}

/// Names of keys that are no single printable character.
const NAMED: &[(&str, KeyCode)] = &[
    ("Space", KeyCode::Char(' ')),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Insert", KeyCode::Insert),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
];

impl Key {
    /// The key of a terminal event.
    #[must_use]
    pub fn of(event: &KeyEvent) -> Self {
        let held = |m| event.modifiers.contains(m);
        let code = if event.code == KeyCode::BackTab {
            KeyCode::Tab
        } else {
            event.code
        };
        let shift = event.code == KeyCode::BackTab || held(KeyModifiers::SHIFT);
        let is_char = matches!(code, KeyCode::Char(c) if c != ' ');
        let code = match code {
            // Some terminals report Shift with the unshifted letter.
            KeyCode::Char(c) if shift && c.is_ascii_lowercase() => KeyCode::Char(c.to_ascii_uppercase()),
            // Control makes no difference between cases.
            KeyCode::Char(c) if held(KeyModifiers::CONTROL) => KeyCode::Char(c.to_ascii_lowercase()),
            code => code,
        };
        Self {
            code,
            ctrl: held(KeyModifiers::CONTROL),
            alt: held(KeyModifiers::ALT),
            shift: shift && !is_char,
        }
    }

    /// The digit, when it is a bare one.
    #[must_use]
    pub fn digit(self) -> Option<usize> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => c.to_digit(10).map(|d| d as usize),
            _ => None,
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut key = Key {
            code: KeyCode::Null,
            ctrl: false,
            alt: false,
            shift: false,
        };
        let mut rest = text;
        loop {
            if let Some(r) = rest.strip_prefix("Ctrl-").filter(|r| !r.is_empty()) {
                (key.ctrl, rest) = (true, r);
            } else if let Some(r) = rest.strip_prefix("Alt-").filter(|r| !r.is_empty()) {
                (key.alt, rest) = (true, r);
            } else if let Some(r) = rest.strip_prefix("Shift-").filter(|r| !r.is_empty()) {
                (key.shift, rest) = (true, r);
            } else {
                break;
            }
        }
        key.code = code(rest).ok_or_else(|| text.to_owned())?;
        if let (true, KeyCode::Char(c)) = (key.shift, key.code) {
            // `Shift-a` is `A`; a shifted sign depends on the keyboard and is written as the sign.
            if !c.is_ascii_alphabetic() && c != ' ' {
                return Err(text.to_owned());
            }
            if c != ' ' {
                key.code = KeyCode::Char(c.to_ascii_uppercase());
                key.shift = false;
            }
        }
        Ok(key)
    }
}

fn code(name: &str) -> Option<KeyCode> {
    if let Some((_, code)) = NAMED.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Some(*code);
    }
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(KeyCode::Char(c));
    }
    let number = name
        .strip_prefix(['F', 'f'])?
        .parse()
        .ok()
        .filter(|n| (1..=12).contains(n))?;
    Some(KeyCode::F(number))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Char(c) if c != ' ' => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            code => f.write_str(NAMED.iter().find(|(_, c)| *c == code).map_or("?", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn written_keys_read_back_the_same() {
        for text in [
            "a",
            "A",
            "Ctrl-d",
            "Alt-x",
            "Shift-Tab",
            "Space",
            "Enter",
            "F1",
            "]",
            "?",
            "-",
            "Ctrl--",
            "PageDown",
            "Alt-Enter",
        ] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        assert_eq!("Shift-a".parse::<Key>().unwrap().to_string(), "A");
        for text in ["", "ab", "Ctrl-", "F13", "Shift-1", "\t", "Hyper-x"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn terminal_events_become_the_written_key() {
        let key = |code, modifiers| Key::of(&KeyEvent::new(code, modifiers)).to_string();
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT), "Shift-Tab");
        assert_eq!(key(KeyCode::Char('A'), KeyModifiers::SHIFT), "A");
        assert_eq!(key(KeyCode::Char('a'), KeyModifiers::SHIFT), "A");
        assert_eq!(key(KeyCode::Char('?'), KeyModifiers::SHIFT), "?");
        assert_eq!(key(KeyCode::Char('d'), KeyModifiers::CONTROL), "Ctrl-d");
    }
}
