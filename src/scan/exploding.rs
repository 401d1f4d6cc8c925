//! Regular expressions that take exponential time on some texts: a repeated group whose body can match one text in several ways. And those
//! that take time with the square of a text's length.
//!
//! Reads the common core of the regex dialects of all languages by its own small parser (a dialect's own parser would refuse the
//! others'); what it does not know it takes for a literal. The judgement is about shapes: `(a+)+`, `(\w|\d)*`, `(.*,)*`; texts are never
//! tried.

/// Longest pattern looked at, in bytes; longer ones are taken for tables of words.
const MAX_PATTERN: usize = 4096;
/// Deepest nesting of groups.
const MAX_DEPTH: usize = 32;

/// Bytes a single position may match; everything outside ASCII is one bit.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Set(u128, bool);

impl Set {
    const NONE: Set = Set(0, false);
    const ANY: Set = Set(u128::MAX, true);

    fn of(byte: u8) -> Set {
        if byte < 128 {
            Set(1 << byte, false)
        } else {
            Set(0, true)
        }
    }

    fn range(from: u8, to: u8) -> Set {
        (from..=to).fold(Set::NONE, |all, b| all.or(Set::of(b)))
    }

    fn or(self, other: Set) -> Set {
        Set(self.0 | other.0, self.1 || other.1)
    }

    fn not(self) -> Set {
        Set(!self.0, !self.1)
    }

    fn meets(self, other: Set) -> bool {
        self.0 & other.0 != 0 || (self.1 && other.1)
    }

    /// `\d`, `\w`, `\s` and their opposites.
    fn class(letter: u8) -> Option<Set> {
        let digits = Set::range(b'0', b'9');
        let word = digits
            .or(Set::range(b'a', b'z'))
            .or(Set::range(b'A', b'Z'))
            .or(Set::of(b'_'));
        let space = b" \t\n\r\x0b\x0c".iter().fold(Set::NONE, |all, b| all.or(Set::of(*b)));
        Some(match letter {
            b'd' => digits,
            b'D' => digits.not(),
            b'w' => word,
            b'W' => word.not(),
            b's' => space,
            b'S' => space.not(),
            _ => return None,
        })
    }
}

/// A part of a pattern.
enum Node {
    /// One position.
    One(Set),
    /// `\b`, a look-around, a reference back: nothing is known to be consumed.
    Nothing,
    /// `^`.
    Start,
    /// `$`.
    End,
    /// Alternatives, each a sequence.
    Group(Vec<Vec<Node>>),
    /// A repetition.
    Repeat {
        inner: Box<Node>,
        least: u32,
        endless: bool,
    },
}

/// True when some text makes matching take exponential time.
#[must_use]
pub fn explodes(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    // Without two of these nothing can be repeated within a repetition or an alternation.
    if bytes.len() > MAX_PATTERN || !bytes.contains(&b'(') {
        return false;
    }
    let mut parser = Parser { bytes, at: 0, depth: 0 };
    let whole = parser.alternatives();
    whole.iter().any(|sequence| sequence_explodes(sequence, false))
}

/// True when some text makes searching take time with the square of its length: an endless repetition that is tried from every position
/// (`\s+$`), or two side by side that can share one stretch (`.*\s*$`), with something behind that can fail.
#[must_use]
pub fn crawls(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    if bytes.len() > MAX_PATTERN {
        return false;
    }
    let mut parser = Parser { bytes, at: 0, depth: 0 };
    parser.alternatives().iter().any(|sequence| sequence_crawls(sequence))
}

fn sequence_crawls(sequence: &[Node]) -> bool {
    let can_fail = |rest: &[Node]| rest.iter().any(|n| matches!(n, Node::End) || !is_optional(n));
    let from_everywhere = sequence.first().is_some_and(|n| {
        let rest = sequence.get(1..).unwrap_or_default();
        endless_set(n).is_some_and(|own| can_fail(rest) && !begins_with_all_of(rest, own))
    });
    from_everywhere
        || sequence.iter().enumerate().any(|(i, node)| {
            let Some(own) = endless_set(node) else { return false };
            let behind = sequence.get(i + 1..).unwrap_or_default();
            let between = behind.iter().position(|n| !is_optional(n)).unwrap_or(behind.len());
            let shared = behind
                .iter()
                .take(between + 1)
                .position(|n| endless_set(n).is_some_and(|s| s.meets(own)));
            shared.is_some_and(|at| can_fail(behind.get(at + 1..).unwrap_or_default()))
        })
}

/// True when what must follow takes every byte of `own`: the first position that is reached matches.
fn begins_with_all_of(rest: &[Node], own: Set) -> bool {
    matches!(rest.iter().find(|n| !is_optional(n)), Some(Node::One(set)) if own.0 & !set.0 == 0 && (set.1 || !own.1))
}

/// `follows`: something after this sequence can still fail.
fn sequence_explodes(sequence: &[Node], follows: bool) -> bool {
    sequence.iter().enumerate().any(|(i, node)| {
        let follows = follows || i + 1 < sequence.len();
        match node {
            Node::One(_) | Node::Nothing | Node::Start | Node::End => false,
            Node::Group(all) => all.iter().any(|s| sequence_explodes(s, follows)),
            Node::Repeat { inner, endless, .. } => {
                let within = match &**inner {
                    Node::Group(all) => all.iter().any(|s| sequence_explodes(s, follows)),
                    _ => false,
                };
                within || (*endless && follows && is_ambiguous(inner))
            }
        }
    })
}

/// True when the body of an endless repetition matches some text in more than one way.
fn is_ambiguous(body: &Node) -> bool {
    let Node::Group(alternatives) = body else { return false };
    alternatives.iter().any(|sequence| repeats_run_together(sequence)) || alternatives_overlap(alternatives)
}

/// `(a+)+`, `(a+b?)+`, `(.*,)*`: an endless part whose neighbours, round the loop, may be missing or match nothing that it could not.
fn repeats_run_together(sequence: &[Node]) -> bool {
    sequence.iter().enumerate().any(|(i, node)| {
        if !is_endless(node) {
            return false;
        }
        let own = endless_set(node);
        let mut neighbours = sequence.iter().enumerate().filter(|(other, _)| *other != i);
        neighbours.all(|(_, node)| is_optional(node) || own.is_some_and(|own| whole_meets(node, own)))
    })
}

/// True for an endless repetition, also within a group of its own.
fn is_endless(node: &Node) -> bool {
    match node {
        Node::Repeat { endless, .. } => *endless,
        Node::Group(all) => matches!(&all[..], [one] if matches!(&one[..], [inner] if is_endless(inner))),
        Node::One(_) | Node::Nothing | Node::Start | Node::End => false,
    }
}

/// The set of an endless repetition of single positions (also within a group of its own).
fn endless_set(node: &Node) -> Option<Set> {
    match node {
        Node::Repeat {
            inner, endless: true, ..
        } => match &**inner {
            Node::One(set) => Some(*set),
            Node::Group(all) => match &all[..] {
                [one] => match &one[..] {
                    [Node::One(set)] => Some(*set),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        },
        Node::Group(all) => match &all[..] {
            [one] if one.len() == 1 => endless_set(&one[0]),
            _ => None,
        },
        _ => None,
    }
}

/// `(\w|\d)*`: two alternatives of one position each that match the same byte.
fn alternatives_overlap(alternatives: &[Vec<Node>]) -> bool {
    let single = |sequence: &Vec<Node>| match &sequence[..] {
        [one] => match one {
            Node::One(set) => Some(*set),
            other => endless_set(other),
        },
        _ => None,
    };
    let sets: Vec<Set> = alternatives.iter().filter_map(single).collect();
    sets.iter()
        .enumerate()
        .any(|(i, a)| sets[i + 1..].iter().any(|b| a.meets(*b)))
}

fn is_optional(node: &Node) -> bool {
    match node {
        Node::One(_) => false,
        Node::Nothing | Node::Start | Node::End => true,
        Node::Group(all) => all.iter().any(|s| s.iter().all(is_optional)),
        Node::Repeat { inner, least, .. } => *least == 0 || is_optional(inner),
    }
}

/// True when every mandatory position of the part can be one of `own`.
fn whole_meets(node: &Node, own: Set) -> bool {
    match node {
        Node::One(set) => set.meets(own),
        Node::Nothing | Node::Start | Node::End => true,
        Node::Repeat { inner, least, .. } => *least == 0 || whole_meets(inner, own),
        Node::Group(all) => all.iter().any(|s| s.iter().all(|n| whole_meets(n, own))),
    }
}

struct Parser<'p> {
    bytes: &'p [u8],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn takes(&mut self, text: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Up to the closing parenthesis or the end; leaves the parenthesis.
    fn alternatives(&mut self) -> Vec<Vec<Node>> {
        let mut all = vec![Vec::new()];
        while let Some(byte) = self.peek() {
            match byte {
                b')' if self.depth > 0 => break,
                b'|' => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                _ => {
                    let atom = self.atom();
                    let node = self.repeated(atom);
                    if let Some(last) = all.last_mut() {
                        last.push(node);
                    }
                }
            }
        }
        all
    }

    fn atom(&mut self) -> Node {
        match self.next() {
            Some(b'.') => Node::One(Set::ANY),
            Some(b'^') => Node::Start,
            Some(b'$') => Node::End,
            None => Node::Nothing,
            Some(b'[') => Node::One(self.class()),
            Some(b'(') => self.group(),
            Some(b'\\') => match self.next() {
                Some(b'b' | b'B' | b'A' | b'z' | b'Z' | b'G' | b'1'..=b'9' | b'k') | None => Node::Nothing,
                Some(letter) => Node::One(Set::class(letter).unwrap_or(Set::of(escaped(letter)))),
            },
            Some(byte) => Node::One(Set::of(byte)),
        }
    }

    fn group(&mut self) -> Node {
        let around = self.takes(b"?=") || self.takes(b"?!") || self.takes(b"?<=") || self.takes(b"?<!");
        // Atomic groups never come back.
        let atomic = !around && self.takes(b"?>");
        if !around && !atomic && self.takes(b"?") {
            self.head_of_group();
        }
        if self.depth >= MAX_DEPTH {
            self.at = self.bytes.len();
            return Node::Nothing;
        }
        self.depth += 1;
        let inner = self.alternatives();
        self.depth -= 1;
        self.takes(b")");
        if around || atomic {
            Node::Nothing
        } else {
            Node::Group(inner)
        }
    }

    /// `:`, `<name>`, `P<name>`, `'name'`, flags.
    fn head_of_group(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b')' => return,
                b':' | b'>' | b'\'' => {
                    self.at += 1;
                    if byte != b'\'' || self.bytes[..self.at - 1].last() != Some(&b'?') {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn class(&mut self) -> Set {
        let negated = self.takes(b"^");
        let mut set = Set::NONE;
        let mut first = true;
        while let Some(byte) = self.next() {
            let low = match byte {
                b']' if !first => break,
                b'\\' => match self.next() {
                    Some(letter) => match Set::class(letter) {
                        Some(class) => {
                            set = set.or(class);
                            first = false;
                            continue;
                        }
                        None => escaped(letter),
                    },
                    None => break,
                },
                other => other,
            };
            first = false;
            let ranged = self.peek() == Some(b'-') && self.bytes.get(self.at + 1).is_some_and(|b| *b != b']');
            if ranged {
                self.at += 1;
                let high = self.next().unwrap_or(low);
                set = set.or(Set::range(low.min(high), low.max(high)));
            } else {
                set = set.or(Set::of(low));
            }
        }
        if negated { set.not() } else { set }
    }

    fn repeated(&mut self, atom: Node) -> Node {
        let (least, endless) = match self.peek() {
            Some(b'*') => (0, true),
            Some(b'+') => (1, true),
            Some(b'?') => (0, false),
            Some(b'{') => match self.counted() {
                Some(count) => count,
                None => return atom,
            },
            _ => return atom,
        };
        if matches!(self.peek(), Some(b'*' | b'+' | b'?')) {
            self.at += 1;
        }
        // Lazy repetitions try as many ways; possessive ones try one.
        self.takes(b"?");
        if self.takes(b"+") {
            return Node::Nothing;
        }
        let inner = Box::new(atom);
        Node::Repeat { inner, least, endless }
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else is text.
    fn counted(&mut self) -> Option<(u32, bool)> {
        let rest = &self.bytes[self.at + 1..];
        let end = rest.iter().position(|b| *b == b'}')?;
        let inside = std::str::from_utf8(&rest[..end]).ok()?;
        let (least, most) = inside
            .split_once(',')
            .map_or((inside, Some(inside)), |(a, b)| (a, (!b.is_empty()).then_some(b)));
        let least = least.trim().parse().ok()?;
        // A large bound is as good as none.
        let endless = most.is_none_or(|m| m.trim().parse::<u32>().is_ok_and(|m| m >= 25));
        self.at += end + 2;
        Some((least, endless))
    }
}

fn escaped(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'f' => 0x0c,
        b'v' => 0x0b,
        b'0' => 0,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{crawls, explodes};

    #[test]
    fn what_is_tried_from_everywhere_crawls() {
        for pattern in [
            r"\s+$",
            r"^\s+|\s+$",
            r"\d+\.\d+x",
            r"^.*\s*$",
            r"[a-z]+@",
            r"(\s+)$",
            r"^\s*a*\s*a*b",
        ] {
            assert!(crawls(pattern), "{pattern}");
        }
        for pattern in [
            r"\s+",
            r"^\s+$",
            r"^[a-z]+@[a-z.]+$",
            r"a\s+",
            r"\s*",
            "abc",
            r"^\d+-\d+$",
            r"[^,]*,?",
        ] {
            assert!(!crawls(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_explodes() {
        for pattern in [
            "^(a+)+$",
            r"^([a-zA-Z0-9]+)*$",
            r"^(\w+\s?)*$",
            r"(\d|\w)+!",
            r"^(.*,)*$",
            r"^(?:x+x+)+y",
            r"^(([a-z])+.)+[A-Z]([a-z])+$",
            r"^(?<name>a*)*b",
            r"(a{1,}){2,}$",
            r"^((ab*)+c?)+$",
        ] {
            assert!(explodes(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_is_kept_apart_does_not() {
        for pattern in [
            r"^[a-z]+$",
            r"^([a-z]+\.)+[a-z]+$",
            r"^(\d+,)*\d+$",
            r"(foo|bar)+",
            r"^(a+)$",
            r"^(?:[^,]+,)*$",
            r"\((\w+)\)",
            r"(a+)+",
            r"^(?>a+)+$",
            "[(a+)+]",
            r"^\w+([-+.']\w+)*@\w+([-.]\w+)*\.\w+([-.]\w+)*$",
            "((((",
            "(?",
            "[",
        ] {
            assert!(!explodes(pattern), "{pattern}");
        }
    }
}
