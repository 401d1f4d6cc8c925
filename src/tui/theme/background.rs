//! Is the terminal dark or light? Asked of the terminal itself, with a limit on the wait.
//!
//! The question is OSC 11 ("what is your background colour?") followed by DA1 ("what are you?"), which every terminal answers:
//! when DA1's answer comes first, OSC 11 will not come, and nobody waits. Should neither come, the wait ends after
//! [`PATIENCE`]; an answer that arrives even later is swallowed by the input reader (see `runtime::input`), never taken for keys.

use serde::Deserialize;
use std::time::Duration;

/// How long the terminal may take to answer.
pub const PATIENCE: Duration = Duration::from_millis(150);

/// The question: background colour, then device attributes as the end mark.
pub const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

/// What a theme is made for, and what a terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    /// Light text on dark.
    #[default]
    Dark,
    /// Dark text on light.
    Light,
}

/// What the bytes read so far say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Keep reading.
    Waiting,
    /// The terminal said so.
    Known(Background),
    /// The terminal does not say.
    Silent,
}

/// Reads the terminal's answer in `bytes`.
#[must_use]
pub fn answer(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let colour = text.find("]11;").and_then(|at| colour(&text[at + 4..]));
    // DA1 answers `ESC [ ? ... c`; only then is it certain that nothing more will come.
    let done = text.find("\x1b[?").is_some_and(|at| text[at..].contains('c'));
    match (colour, done) {
        (Some(background), true) => Answer::Known(background),
        (None, true) => Answer::Silent,
        (_, false) => Answer::Waiting,
    }
}

/// What was learnt when the patience ran out: a colour without the end mark still counts.
#[must_use]
pub fn answer_so_far(bytes: &[u8]) -> Option<Background> {
    let text = String::from_utf8_lossy(bytes);
    text.find("]11;").and_then(|at| colour(&text[at + 4..]))
}

/// `rgb:1e1e/1e1e/2e2e` (one to four hex digits a channel) or `rgba:...`, terminated.
fn colour(text: &str) -> Option<Background> {
    let text = text.strip_prefix("rgb:").or_else(|| text.strip_prefix("rgba:"))?;
    let end = text.find(['\x07', '\x1b'])?;
    let mut channels = text[..end].split('/').map(|digits| {
        let value = u32::from_str_radix(digits, 16).ok()?;
        let full = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1)?;
        Some(f64::from(value) / f64::from(full.max(1)))
    });
    let (r, g, b) = (channels.next()??, channels.next()??, channels.next()??);
    let luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    Some(if luminance > 0.5 {
        Background::Light
    } else {
        Background::Dark
    })
}

/// What `COLORFGBG` (`15;0`, set by some terminals) says, for those that do not answer.
#[must_use]
pub fn from_environment(colorfgbg: Option<&str>) -> Option<Background> {
    let last: u8 = colorfgbg?.rsplit(';').next()?.parse().ok()?;
    Some(match last {
        7 | 9..=15 => Background::Light,
        _ => Background::Dark,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_answers_of_real_terminals() {
        let dark = b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62;22c";
        let light = b"\x1b]11;rgb:ff/ff/fd\x07\x1b[?1;2c";
        assert_eq!(answer(dark), Answer::Known(Background::Dark));
        assert_eq!(answer(light), Answer::Known(Background::Light));
        assert_eq!(answer(b"\x1b[?6c"), Answer::Silent);
    }

    #[test]
    fn waits_for_the_rest_of_a_cut_answer() {
        let whole = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22c";
        for cut in 0..whole.len() - 1 {
            assert_eq!(answer(&whole[..cut]), Answer::Waiting, "{cut}");
        }
        assert_eq!(answer_so_far(&whole[..26]), Some(Background::Light));
        assert_eq!(answer_so_far(b"\x1b]11;rgb:ff"), None);
    }

    #[test]
    fn nonsense_is_silence() {
        assert_eq!(answer(b"\x1b]11;rgb:zz/1/1\x07\x1b[?6c"), Answer::Silent);
        assert_eq!(answer(b"\x1b]11;rgb:ffffffffffff/1/1\x07\x1b[?6c"), Answer::Silent);
        assert_eq!(from_environment(Some("0;15")), Some(Background::Light));
        assert_eq!(from_environment(Some("15;default;0")), Some(Background::Dark));
        assert_eq!(from_environment(Some("x")), None);
    }
}
