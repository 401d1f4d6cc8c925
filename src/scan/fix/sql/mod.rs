//! SQL text with holes: where a hole is a value that a placeholder can stand for, and where it is something else (a table, a column, an
//! order, a piece of syntax) that no placeholder can be.
//!
//! No grammar of a dialect: quotes, comments, parentheses, and the word or sign before and after a hole are enough to be sure. What is not
//! sure is not a value.

mod lexer;

use super::{built::Built, compose::Content};
pub use lexer::Style;
use lexer::{Item, Quote, items};

/// A stretch of the text that a placeholder can stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First of [`Built::toks`], quotes included.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// What the value is: text and holes between the quotes, or one hole.
    pub content: Vec<Content>,
    /// It stood in quotes: the value is text.
    pub quoted: bool,
    /// It is all there is in `IN (..)`, without quotes: it may be a list written out.
    pub list: bool,
}

/// A statement, looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Where placeholders can go, in order.
    pub slots: Vec<Slot>,
    /// Holes that no placeholder can stand for.
    pub fixed: Vec<usize>,
    /// Placeholders that are there already: where (in [`Built::toks`]) and how written.
    pub placeholders: Vec<(usize, Style)>,
}

/// Looks at a statement, or a piece of one.
#[must_use]
pub fn statement(built: &Built) -> Statement {
    let mut found = Statement::default();
    let all = items(&built.toks);
    let defines = all.iter().find_map(Item::word).is_some_and(|w| NO_VALUES.contains(&w));
    let mut walk = Walk::default();
    for (i, item) in all.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| &all[i]);
        let after = all.get(i + 1);
        match item {
            Item::Placeholder { at, style } => found.placeholders.push((*at, *style)),
            Item::Hole { at, hole } => {
                let value = !defines && walk.takes_value(before, *at) && ends_well(after, at + 1);
                let slot = Slot {
                    from: *at,
                    to: at + 1,
                    content: vec![Content::Hole(*hole)],
                    quoted: false,
                    list: walk.alone_in_list(before, after),
                };
                if value {
                    found.slots.push(slot);
                } else {
                    found.fixed.push(*hole);
                }
            }
            Item::Quoted { from, to, quote, parts } => {
                let holes = parts.iter().filter_map(|p| match p {
                    Content::Hole(hole) => Some(*hole),
                    Content::Text(_) => None,
                });
                let holes: Vec<usize> = holes.collect();
                if holes.is_empty() {
                    walk.pass(item);
                    continue;
                }
                let name = *quote == Quote::Name || *quote == Quote::Double && !walk.takes_value(before, *from);
                let plain = !parts.iter().any(|p| matches!(p, Content::Text(t) if t.contains('\\')));
                let value = !defines
                    && !name
                    && plain
                    && walk.takes_value(before, *from)
                    && !typed(before, *from)
                    && !all.get(i + 1).is_some_and(|next| next.begins_with_quote(*to));
                if value {
                    found.slots.push(Slot {
                        from: *from,
                        to: *to,
                        content: parts.clone(),
                        quoted: true,
                        list: false,
                    });
                } else {
                    found.fixed.extend(holes);
                }
            }
            _ => {}
        }
        walk.pass(item);
    }
    found
}

/// Statements that take no values: they define things.
const NO_VALUES: &[&str] = &[
    "create",
    "alter",
    "drop",
    "grant",
    "revoke",
    "pragma",
    "truncate",
    "use",
    "vacuum",
    "attach",
    "detach",
    "copy",
    "comment",
    "lock",
    "show",
    "describe",
    "load",
    "begin",
    "savepoint",
    "release",
    "rollback",
    "listen",
    "notify",
    "analyze",
    "reindex",
    "cluster",
];

/// Words after which a value may stand.
const BEFORE_VALUE: &[&str] = &[
    "like",
    "ilike",
    "rlike",
    "regexp",
    "glob",
    "match",
    "similar",
    "to",
    "between",
    "and",
    "limit",
    "offset",
    "values",
    "then",
    "else",
    "escape",
    "top",
    "fetch",
    "first",
    "next",
    "skip",
    "returning",
    "when",
    "case",
    "in",
    "any",
    "some",
];

/// Words that begin a clause in which names, not values, follow commas.
const NAME_CLAUSES: &[&str] = &[
    "select", "from", "join", "into", "update", "table", "by", "on", "using", "as", "distinct", "with",
];

/// Words that begin a clause in which values follow commas and operators.
const VALUE_CLAUSES: &[&str] = &[
    "where", "set", "values", "having", "limit", "offset", "call", "exec", "execute", "between",
];

/// What is known on the way through a statement.
#[derive(Clone, Debug, Default)]
struct Walk {
    /// The clause that is open, and those around the open parentheses.
    clause: Clause,
    around: Vec<(Clause, bool)>,
    /// `BETWEEN` waits for its `AND`.
    between: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Clause {
    /// None yet: a piece of a statement.
    #[default]
    Start,
    Names,
    Values,
    /// Inside the parentheses of `VALUES (..)`, `IN (..)`, or a function's.
    List,
}

impl Walk {
    /// True when a value may stand after `before`, which ends where `at` begins or before.
    fn takes_value(&self, before: Option<&Item>, at: usize) -> bool {
        match before {
            Some(Item::Sign { ch, .. }) => match ch {
                '=' | '<' | '>' => true,
                '+' | '-' | '/' | '|' => self.clause != Clause::Names,
                '*' | ',' => matches!(self.clause, Clause::Values | Clause::List),
                '(' => self.clause == Clause::List,
                _ => false,
            },
            Some(Item::Word { text, to, .. }) => {
                let apart = *to < at;
                let and = text == "and";
                apart
                    && (if and {
                        self.between
                    } else {
                        BEFORE_VALUE.contains(&text.as_str()) && text != "in"
                    })
            }
            _ => false,
        }
    }

    /// True for the only thing in the parentheses of `IN (..)`: it may be a list written out.
    fn alone_in_list(&self, before: Option<&Item>, after: Option<&Item>) -> bool {
        let open = matches!(before, Some(Item::Sign { ch: '(', .. }));
        let close = matches!(after, Some(Item::Sign { ch: ')', .. }));
        open && close && self.around.last().is_some_and(|(_, in_list)| *in_list)
    }

    fn pass(&mut self, item: &Item) {
        match item {
            Item::Word { text, .. } => {
                let word = text.as_str();
                if word == "between" {
                    self.between = true;
                } else if word == "and" {
                    self.between = false;
                }
                if NAME_CLAUSES.contains(&word) {
                    self.clause = Clause::Names;
                } else if VALUE_CLAUSES.contains(&word) {
                    self.clause = Clause::Values;
                }
            }
            Item::Sign { ch: '(', after, .. } => {
                let after = after.as_deref().unwrap_or_default();
                let in_list = after == "in";
                self.around.push((self.clause, in_list));
                let list = match after {
                    "in" | "values" => true,
                    // `VALUES (..), (..)`.
                    "," => self.clause == Clause::Values,
                    "" => false,
                    // A table's columns, or a function's arguments where names are expected.
                    _ if self.clause == Clause::Names => false,
                    word => !GROUPING.contains(&word),
                };
                if list {
                    self.clause = Clause::List;
                }
            }
            Item::Sign { ch: ')', .. } => {
                if let Some((clause, _)) = self.around.pop() {
                    self.clause = clause;
                }
            }
            _ => {}
        }
    }
}

/// Words after which a parenthesis groups.
const GROUPING: &[&str] = &[
    "where", "and", "or", "not", "on", "when", "having", "from", "join", "select", "set", "exists", "as",
];

/// True when nothing that belongs to a longer name follows.
fn ends_well(after: Option<&Item>, at: usize) -> bool {
    match after {
        None => true,
        Some(Item::Word { from, .. }) => *from > at,
        Some(Item::Sign { ch, at: sign, .. }) => !matches!(ch, '.' | '(' | '_' | '$' | '@') || *sign > at,
        Some(Item::Hole { at: next, .. }) => *next > at,
        Some(Item::Quoted { from, .. }) => *from > at,
        Some(Item::Placeholder { at: next, .. }) => *next > at,
    }
}

/// True for a literal with a type before it, which only a literal may follow: `DATE '..'`, `E'..'`, `X'..'`.
fn typed(before: Option<&Item>, at: usize) -> bool {
    const TYPES: &[&str] = &[
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "interval",
        "uuid",
        "json",
        "jsonb",
        "point",
        "inet",
    ];
    match before {
        Some(Item::Word { text, to, .. }) => *to == at || TYPES.contains(&text.as_str()),
        Some(Item::Sign { ch: '&', at: sign, .. }) => sign + 1 == at,
        _ => false,
    }
}

impl Slot {
    /// The only hole, when the value is nothing but that.
    #[must_use]
    pub fn only_hole(&self) -> Option<usize> {
        match self.content[..] {
            [Content::Hole(hole)] => Some(hole),
            _ => None,
        }
    }
}
