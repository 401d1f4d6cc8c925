//! Conditions on arguments and constants, ready to be asked.

use super::{Selector, SetId};
use crate::scan::lazy_regex::LazyRegex;

/// A condition on one argument.
pub struct ArgCheck {
    /// Which.
    pub arg: Selector,
    /// Nothing is passed there.
    pub absent: Option<bool>,
    /// Compared with an upper bound or not.
    pub bounded: Option<bool>,
    /// Its constant value.
    pub equals: Option<Vec<ConstPat>>,
    /// Its constant text.
    pub matches: Option<LazyRegex>,
    /// Its text as far as it is known.
    pub text: Option<LazyRegex>,
    /// What it is.
    pub path: Option<SetId>,
    /// A constant or not.
    pub constant: Option<bool>,
    /// A literal list or not.
    pub list: Option<bool>,
    /// What a part of it is.
    pub holds: Option<SetId>,
    /// Built from pieces or not.
    pub built: Option<bool>,
    /// How large its number is.
    pub range: Range,
    /// The last name of its expression.
    pub named: Option<LazyRegex>,
    /// The name of something in it.
    pub mentions: Option<LazyRegex>,
    /// A regex that explodes or not.
    pub redos: Option<bool>,
    /// A regex that crawls or not.
    pub crawls: Option<bool>,
    /// Turned round.
    pub not: bool,
}

/// Limits of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// It is less than this.
    pub below: Option<f64>,
    /// It is greater than this.
    pub above: Option<f64>,
}

impl Range {
    /// True when no limit is set, or the number as written keeps to them.
    #[must_use]
    pub fn holds(self, written: Option<&str>) -> bool {
        if self == Range::default() {
            return true;
        }
        let Some(value) = written.and_then(number) else {
            return false;
        };
        self.below.is_none_or(|limit| value < limit) && self.above.is_none_or(|limit| value > limit)
    }
}

/// A constant to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstPat {
    /// Text; `null` is also the null value.
    Text(Box<str>),
    /// A number.
    Number(f64),
    /// A truth value.
    Bool(bool),
}

impl ConstPat {
    /// From TOML.
    ///
    /// # Errors
    /// A sentence for what is no text, number or truth value.
    pub fn parse(value: &toml::Value) -> Result<ConstPat, String> {
        match value {
            toml::Value::String(text) => Ok(ConstPat::Text(text.as_str().into())),
            toml::Value::Integer(number) => Ok(ConstPat::Number(*number as f64)),
            toml::Value::Float(number) => Ok(ConstPat::Number(*number)),
            toml::Value::Boolean(truth) => Ok(ConstPat::Bool(*truth)),
            other => Err(format!(
                "a constant is text, a number or a truth value, not {}",
                other.type_str()
            )),
        }
    }
}

/// The value of a number as written in any of the languages; `None` when it is not finite or not understood.
#[must_use]
pub fn number(written: &str) -> Option<f64> {
    let plain: String = written.chars().filter(|c| *c != '_').collect();
    let lower = plain.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            let digits: String = digits.chars().take_while(|c| c.is_digit(radix)).collect();
            return u64::from_str_radix(&digits, radix).ok().map(|n| n as f64);
        }
    }
    if lower.len() > 1 && lower.starts_with('0') && lower.bytes().all(|b| b.is_ascii_digit()) {
        return u64::from_str_radix(&lower, 8).ok().map(|n| n as f64);
    }
    let end = lower
        .find(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c)))
        .unwrap_or(lower.len());
    lower[..end].parse().ok().filter(|n: &f64| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_languages_write_them() {
        assert_eq!(number("0o777"), Some(511.0));
        assert_eq!(number("0777"), Some(511.0));
        assert_eq!(number("1_024"), Some(1024.0));
        assert_eq!(number("0x1Fu8"), Some(31.0));
        assert_eq!(number("10u32"), Some(10.0));
        assert_eq!(number("1.5"), Some(1.5));
        assert_eq!(number("abc"), None);
    }
}
