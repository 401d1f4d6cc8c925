//! Argument selectors, taken apart.

use crate::scan::model::ArgSelector;

/// Which value of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Which.
    pub who: Who,
    /// Which part of it.
    pub part: Part,
    /// For [`Part::Field`]: its name. For [`Part::Elements`]: the elements are tuples, and this is the position in them.
    pub field: Option<Box<str>>,
}

/// Which argument, or the receiver or result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// By position, by keyword, or either.
    Arg {
        /// 0-based, receiver not counted.
        position: Option<usize>,
        /// Keywords, fields or labels.
        names: Vec<Box<str>>,
    },
    /// Every argument from this position on, and those given by name when it is 0.
    From(usize),
    /// What the method is called on.
    Receiver,
    /// The result.
    Return,
}

/// Which part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its elements.
    Elements,
    /// The element whose key is this argument.
    At(usize),
    /// The field of that name.
    Field,
    /// What calling it gives.
    Result,
}

impl Selector {
    /// Takes a selector apart.
    ///
    /// # Errors
    /// A sentence when it is none.
    pub fn parse(selector: &ArgSelector) -> Result<Selector, String> {
        let text = match selector {
            ArgSelector::Position(position) => {
                let who = Who::Arg {
                    position: Some(*position),
                    names: Vec::new(),
                };
                return Ok(Selector {
                    who,
                    part: Part::Whole,
                    field: None,
                });
            }
            ArgSelector::Text(text) => text.trim(),
        };
        if let Some((who, field)) = text.split_once('.').filter(|(_, f)| !f.starts_with('.')) {
            let elements = who.strip_suffix("[]");
            return Ok(Selector {
                who: parse_who(elements.unwrap_or(who))?,
                part: if elements.is_some() {
                    Part::Elements
                } else {
                    Part::Field
                },
                field: Some(field.into()),
            });
        }
        if let Some(who) = text.strip_suffix("()") {
            return Ok(Selector {
                who: parse_who(who)?,
                part: Part::Result,
                field: None,
            });
        }
        let (who, part) = match text.split_once('[') {
            None => (text, Part::Whole),
            Some((who, "]")) => (who, Part::Elements),
            Some((who, key)) => {
                let key = key.strip_suffix(']').and_then(|k| k.parse().ok());
                let bad = || format!("`{text}`: between `[` and `]` stands an argument's position or nothing");
                (who, Part::At(key.ok_or_else(bad)?))
            }
        };
        Ok(Selector {
            who: parse_who(who)?,
            part,
            field: None,
        })
    }
}

fn parse_who(text: &str) -> Result<Who, String> {
    match text {
        "" => return Err("a selector needs a position, a name, `*`, `receiver` or `return`".into()),
        "*" => return Ok(Who::From(0)),
        "receiver" => return Ok(Who::Receiver),
        "return" => return Ok(Who::Return),
        _ => {}
    }
    if let Some(from) = text.strip_suffix("..") {
        let from = from
            .parse()
            .map_err(|_| format!("`{text}`: before `..` stands a position"))?;
        return Ok(Who::From(from));
    }
    let (mut position, mut names) = (None, Vec::new());
    for one in text.split('|').map(str::trim) {
        match one.parse::<usize>() {
            Ok(p) if position.is_none() => position = Some(p),
            Err(_) if !one.is_empty() => names.push(one.into()),
            _ => return Err(format!("`{text}`: at most one position, then names, as in `0|name`")),
        }
    }
    Ok(Who::Arg { position, names })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn parsed(text: &str) -> Selector {
        Selector::parse(&ArgSelector::Text(text.into())).unwrap()
    }

    #[test]
    fn positions_names_and_parts() {
        let either = Who::Arg {
            position: Some(0),
            names: vec!["shell".into()],
        };
        assert_eq!(parsed("0|shell").who, either);
        let named = Who::Arg {
            position: None,
            names: vec!["sql".into(), "query".into()],
        };
        assert_eq!(parsed("sql|query").who, named);
        assert_eq!(parsed("*").who, Who::From(0));
        assert_eq!(parsed("1..").who, Who::From(1));
        assert_eq!(
            (parsed("receiver[]").who, parsed("receiver[]").part),
            (Who::Receiver, Part::Elements)
        );
        assert_eq!(parsed("receiver[0]").part, Part::At(0));
        assert_eq!(parsed("0()").part, Part::Result);
        assert_eq!(
            (parsed("0.sql").part, parsed("0.sql").field.as_deref()),
            (Part::Field, Some("sql"))
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "0|1", "receiver[x]", "x..", "|"] {
            assert!(Selector::parse(&ArgSelector::Text(bad.into())).is_err(), "{bad}");
        }
    }
}
