//! SQL text cut into words, signs, quoted stretches, holes and placeholders. Comments and white space are left out.

use crate::scan::fix::{built::Tok, compose::Content};

/// How a placeholder is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// `?`.
    Question,
    /// `%s`.
    Percent,
    /// `%(name)s`.
    PercentName,
    /// `$1`.
    Dollar,
    /// `:name`.
    Colon,
    /// `:1`.
    ColonNumber,
    /// `@p1`.
    AtNumber,
    /// `@name`.
    At,
}

/// One piece of a statement; offsets are indices of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A word, lower case, or a number.
    Word {
        text: String,
        from: usize,
        /// One past its last character.
        to: usize,
    },
    /// Any other character; `after` is what stands before it, for parentheses.
    Sign { ch: char, at: usize, after: Option<String> },
    /// In quotes; `to` is one past the closing one.
    Quoted {
        from: usize,
        to: usize,
        quote: Quote,
        parts: Vec<Content>,
    },
    /// A hole outside quotes.
    Hole { at: usize, hole: usize },
    /// A placeholder.
    Placeholder { at: usize, style: Style },
}

/// What quotes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `'..'`: a value.
    Single,
    /// `".."`: a name, or in some dialects a value.
    Double,
    /// `` `..` ``, `[..]`: a name.
    Name,
}

impl Item {
    /// The word, when it is one.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match self {
            Item::Word { text, .. } => Some(text),
            _ => None,
        }
    }

    /// True for a quoted stretch that begins right at `at`.
    #[must_use]
    pub fn begins_with_quote(&self, at: usize) -> bool {
        matches!(self, Item::Quoted { from, .. } if *from == at)
    }
}

/// Cuts the text.
#[must_use]
pub fn items(toks: &[Tok]) -> Vec<Item> {
    let mut lexer = Lexer { toks, at: 0 };
    let mut found: Vec<Item> = Vec::new();
    while lexer.at < toks.len() {
        let item = lexer.next(&found);
        found.extend(item);
    }
    found
}

struct Lexer<'t> {
    toks: &'t [Tok],
    at: usize,
}

fn is_word(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_'
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        match self.toks.get(self.at + ahead)? {
            Tok::Char { ch, .. } => Some(*ch),
            Tok::Hole(_) => None,
        }
    }

    fn next(&mut self, before: &[Item]) -> Option<Item> {
        let at = self.at;
        let ch = match self.toks[at] {
            Tok::Hole(hole) => {
                self.at += 1;
                return Some(Item::Hole { at, hole });
            }
            Tok::Char { ch, .. } => ch,
        };
        match ch {
            '\'' => Some(self.quoted('\'', Quote::Single)),
            '"' => Some(self.quoted('"', Quote::Double)),
            '`' => Some(self.quoted('`', Quote::Name)),
            '-' if self.peek(1) == Some('-') => self.skip_line(),
            '/' if self.peek(1) == Some('*') => self.skip_block(),
            ch if ch.is_whitespace() => {
                self.at += 1;
                None
            }
            ch if is_word(ch) => Some(self.word()),
            _ => Some(self.placeholder(ch).unwrap_or_else(|| self.sign(ch, before))),
        }
    }

    fn word(&mut self) -> Item {
        let from = self.at;
        let mut text = String::new();
        while let Some(ch) = self.peek(0).filter(|c| is_word(*c)) {
            text.extend(ch.to_lowercase());
            self.at += 1;
        }
        Item::Word {
            text,
            from,
            to: self.at,
        }
    }

    fn sign(&mut self, ch: char, before: &[Item]) -> Item {
        let after = match before.last() {
            Some(Item::Word { text, .. }) => Some(text.clone()),
            Some(Item::Sign { ch, .. }) => Some(ch.to_string()).filter(|s| s == ","),
            _ => None,
        };
        self.at += 1;
        Item::Sign {
            ch,
            at: self.at - 1,
            after,
        }
    }

    fn placeholder(&mut self, ch: char) -> Option<Item> {
        let at = self.at;
        let run = |from: usize, fits: fn(char) -> bool| {
            let mut len = 0;
            while self.peek(from + len).is_some_and(fits) {
                len += 1;
            }
            len
        };
        let digits = |from| run(from, |c| c.is_ascii_digit());
        let word = |from| run(from, is_word);
        let doubled = at > 0 && matches!(self.toks[at - 1], Tok::Char { ch: before, .. } if before == ch);
        let (style, len) = match ch {
            '?' => (Style::Question, 1 + digits(1)),
            '%' if self.peek(1) == Some('s') && !self.peek(2).is_some_and(is_word) => (Style::Percent, 2),
            '%' if self.peek(1) == Some('(') => (Style::PercentName, 2 + run(2, |c| c != ')') + 2),
            '$' if digits(1) > 0 => (Style::Dollar, 1 + digits(1)),
            ':' if digits(1) > 0 && !doubled => (Style::ColonNumber, 1 + digits(1)),
            ':' if word(1) > 0 && !doubled => (Style::Colon, 1 + word(1)),
            '@' if self.peek(1) == Some('p') && digits(2) > 0 => (Style::AtNumber, 2 + digits(2)),
            '@' if word(1) > 0 && !doubled => (Style::At, 1 + word(1)),
            _ => return None,
        };
        self.at += len;
        Some(Item::Placeholder { at, style })
    }

    /// From a quote to its partner; a doubled one inside is one of the text.
    fn quoted(&mut self, mark: char, quote: Quote) -> Item {
        let from = self.at;
        self.at += 1;
        let mut parts: Vec<Content> = Vec::new();
        while let Some(tok) = self.toks.get(self.at) {
            let ch = match tok {
                Tok::Hole(hole) => {
                    parts.push(Content::Hole(*hole));
                    self.at += 1;
                    continue;
                }
                Tok::Char { ch, .. } => *ch,
            };
            self.at += 1;
            if ch == mark {
                if self.peek(0) != Some(mark) {
                    break;
                }
                self.at += 1;
            }
            match parts.last_mut() {
                Some(Content::Text(text)) => text.push(ch),
                _ => parts.push(Content::Text(ch.to_string())),
            }
        }
        Item::Quoted {
            from,
            to: self.at,
            quote,
            parts,
        }
    }

    fn skip_line(&mut self) -> Option<Item> {
        while self.at < self.toks.len() && self.peek(0) != Some('\n') {
            self.at += 1;
        }
        None
    }

    fn skip_block(&mut self) -> Option<Item> {
        self.at += 2;
        while self.at < self.toks.len() && !(self.peek(0) == Some('*') && self.peek(1) == Some('/')) {
            self.at += 1;
        }
        self.at += 2;
        None
    }
}
