//! Annotations to [`TypeRef`]. They are read as text, not as tree: an annotation may be a string (`"User"`), and the grammar's
//! trees for the many forms say no more than the text does.

use crate::{
    lang::{build::Builder, facts::TypeRef, parse::Cx},
    text::Span,
};
use tree_sitter::Node;

/// Deepest nesting of brackets and quotes that is followed.
const MAX_NESTING: u32 = 32;

/// The type a node spells.
pub fn type_ref(cx: &mut Cx<'_>, node: Node<'_>) -> Option<TypeRef> {
    let text = cx.str(node);
    let mut reader = Reader {
        b: &mut cx.b,
        text: text.as_bytes(),
        at: 0,
        base: node.start_byte(),
        nesting: 0,
    };
    reader.union(false)
}

struct Reader<'a> {
    b: &'a mut Builder,
    text: &'a [u8],
    at: usize,
    /// Where `text` begins in the file.
    base: usize,
    nesting: u32,
}

impl Reader<'_> {
    /// `A | B | None`. `literal`: inside `Literal[..]`, where a string is itself and no forward reference.
    fn union(&mut self, literal: bool) -> Option<TypeRef> {
        let start = self.skip_space();
        let mut all: Vec<TypeRef> = self.one(literal).into_iter().collect();
        while self.peek() == Some(b'|') {
            self.at += 1;
            all.extend(self.one(literal));
        }
        if all.len() > 1 {
            Some(self.any_of(all, start))
        } else {
            all.pop()
        }
    }

    fn one(&mut self, literal: bool) -> Option<TypeRef> {
        let start = self.skip_space();
        match self.peek()? {
            b'"' | b'\'' => self.quoted(literal),
            b'[' => {
                let args = self.args(b']', literal);
                Some(self.make("[]", args, start))
            }
            b'(' => {
                let mut args = self.args(b')', literal);
                if args.len() == 1 {
                    args.pop()
                } else {
                    Some(self.make("()", args, start))
                }
            }
            b'*' => {
                self.at += 1;
                self.one(literal)
            }
            _ => self.named(),
        }
    }

    /// `a.b.C`, `C[..]`, `C(..)`.
    fn named(&mut self) -> Option<TypeRef> {
        let start = self.at;
        let end = self.text[start..]
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | 0x80..)))
            .map_or(self.text.len(), |n| start + n);
        if end == start {
            return None;
        }
        self.at = end;
        let name = String::from_utf8_lossy(&self.text[start..end]).into_owned();
        let last = name.rsplit('.').next().unwrap_or_default();
        let args = match self.peek() {
            Some(b'[') => self.args(b']', last == "Literal"),
            Some(b'(') => self.args(b')', true),
            _ => Vec::new(),
        };
        let mut args = args.into_iter();
        match last {
            "Optional" | "Final" | "ClassVar" | "Required" | "NotRequired" | "ReadOnly" if args.len() > 0 => {
                args.next()
            }
            "Annotated" if args.len() > 0 => {
                let mut inner = args.next()?;
                inner.args.extend(args);
                Some(inner)
            }
            "Union" if args.len() > 0 => Some(self.any_of(args.collect(), start)),
            _ => Some(self.make(&name, args.collect(), start)),
        }
    }

    /// One of several; `None` does not count.
    fn any_of(&mut self, all: Vec<TypeRef>, start: usize) -> TypeRef {
        let none = self.b.symbol("None");
        let mut some: Vec<TypeRef> = all.into_iter().filter(|t| t.name != none).collect();
        match (some.len(), some.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                some.extend(last);
                self.make("Union", some, start)
            }
        }
    }

    fn args(&mut self, close: u8, literal: bool) -> Vec<TypeRef> {
        let mut args = Vec::new();
        self.at += 1;
        self.nesting += 1;
        while self.nesting < MAX_NESTING {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b) if b == close => {
                    self.at += 1;
                    break;
                }
                Some(_) => {
                    let before = self.at;
                    args.extend(self.union(literal));
                    if self.at == before {
                        self.at += 1;
                    }
                }
            }
        }
        self.nesting -= 1;
        args
    }

    /// A string: a forward reference, or with `literal` a value that keeps its quotes.
    fn quoted(&mut self, literal: bool) -> Option<TypeRef> {
        let start = self.at;
        let quote = self.text[start];
        let close = self.text[start + 1..]
            .iter()
            .position(|b| *b == quote)
            .map(|n| start + 1 + n)?;
        self.at = close + 1;
        if literal {
            let text = String::from_utf8_lossy(&self.text[start..=close]).into_owned();
            return Some(self.make(&text, Vec::new(), start));
        }
        if self.nesting >= MAX_NESTING {
            return None;
        }
        let inner = &self.text[start + 1..close];
        let (base, nesting) = (self.base + start + 1, self.nesting + 1);
        Reader {
            b: self.b,
            text: inner,
            at: 0,
            base,
            nesting,
        }
        .union(false)
    }

    fn make(&mut self, name: &str, args: Vec<TypeRef>, start: usize) -> TypeRef {
        let name = self.b.symbol(name);
        TypeRef {
            name,
            args,
            span: Span::new(self.base + start, self.base + self.at),
        }
    }

    fn skip_space(&mut self) -> usize {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.at
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.text.get(self.at).copied()
    }
}
