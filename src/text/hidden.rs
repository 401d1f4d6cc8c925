//! Characters that cannot be seen, found in their surroundings: which are part of ordinary writing (an emoji sequence, a
//! joiner between Persian letters, a byte order mark at the start) and which hide something.
//!
//! Serves two masters with one judgement: drawing ([`super::safe`]) marks all of them, the scanner reports those that are not
//! legitimate. Reads bytes, knows nothing of languages or files.

use super::{
    Span,
    unicode::{Class, carried_byte, class, is_cjk, is_emoji, is_joining_script, is_right_to_left},
};
use unicode_script::{Script, UnicodeScript};

/// One character, or a run of characters of one class, that cannot be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where, in bytes of the text given.
    pub span: Span,
    /// What.
    pub class: Class,
    /// The first of them.
    pub first: char,
    /// How many characters. Bidirectional controls are never joined to runs.
    pub count: u32,
    /// True when ordinary writing uses it like this.
    pub legitimate: bool,
    /// The text that a run of tags or variation selectors spells, when it spells printable ASCII.
    pub spells: Option<String>,
}

/// How many characters on either side are looked at for right-to-left letters.
const REACH: usize = 120;

/// Finds every hidden character of `text`, in order. `file_start` says that `text` begins where the file begins (a byte order
/// mark is legitimate there). Invalid UTF-8 is passed over: those bytes are never drawn as characters.
#[must_use]
pub fn find(text: &[u8], file_start: bool) -> Vec<Hidden> {
    let mut found = Vec::new();
    if is_plain(text) {
        return found;
    }
    let cr_endings = !text.contains(&b'\n') && text.iter().filter(|b| **b == b'\r').count() > 1;
    let mut offset = 0;
    for chunk in text.utf8_chunks() {
        find_in(chunk.valid(), offset, file_start, cr_endings, &mut found);
        offset += chunk.valid().len() + chunk.invalid().len();
    }
    found
}

/// True when a glance at the bytes shows that there is nothing to find: printable ASCII, tabs, line ends.
#[must_use]
pub fn is_plain(text: &[u8]) -> bool {
    let odd = |b: &u8| !(matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r'));
    if text.iter().any(odd) {
        return false;
    }
    let mut rest = text;
    while let Some(at) = rest.iter().position(|b| *b == b'\r') {
        if rest.get(at + 1) != Some(&b'\n') {
            return false;
        }
        rest = &rest[at + 1..];
    }
    true
}

fn find_in(text: &str, offset: usize, file_start: bool, cr_endings: bool, found: &mut Vec<Hidden>) {
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let Some(kind) = class(first) else { continue };
        let mut end = start + first.len_utf8();
        if first == '\r' && (text.as_bytes().get(end) == Some(&b'\n') || cr_endings) {
            continue;
        }
        let mut count = 1;
        let runs = kind != Class::Bidi && kind != Class::Control;
        while let Some((_, c)) = chars.next_if(|(_, c)| runs && class(*c) == Some(kind)) {
            end += c.len_utf8();
            count += 1;
        }
        let around = Around {
            first,
            count,
            run: &text[start..end],
            before: &text[..start],
            after: &text[end..],
            file_start: file_start && offset + start == 0,
        };
        found.push(Hidden {
            span: Span::new(offset + start, offset + end),
            class: kind,
            first,
            count,
            legitimate: around.legitimate(kind),
            spells: spelled(&text[start..end], kind),
        });
    }
}

/// A run of hidden characters and what stands around it.
struct Around<'t> {
    first: char,
    count: u32,
    run: &'t str,
    before: &'t str,
    after: &'t str,
    file_start: bool,
}

impl Around<'_> {
    fn previous(&self) -> Option<char> {
        self.before.chars().next_back()
    }

    fn next(&self) -> Option<char> {
        self.after.chars().next()
    }

    fn legitimate(&self, kind: Class) -> bool {
        match kind {
            Class::Bidi => self.direction_mark_among_letters(),
            Class::ZeroWidth => self.zero_width(),
            // Flags of regions: black flag, tag letters, cancel tag.
            Class::Tag => self.previous() == Some('\u{1f3f4}') && self.run.ends_with('\u{e007f}') && self.count <= 7,
            Class::VariationSelector => self.count == 1 && self.selector_on_its_base(),
            Class::InvisibleLetter => self.among_its_own(),
            Class::Control => self.page_break(),
            Class::PrivateUse | Class::Separator | Class::Format | Class::Unassigned => false,
        }
    }

    /// Left-to-right, right-to-left and Arabic letter marks belong to text in those scripts; overrides and embeddings do not.
    fn direction_mark_among_letters(&self) -> bool {
        let mark = matches!(self.first, '\u{200e}' | '\u{200f}' | '\u{61c}');
        let isolate = matches!(self.first, '\u{2066}'..='\u{2069}');
        let on_line = |c: &char| *c != '\n';
        let mut near = self
            .before
            .chars()
            .rev()
            .take(REACH)
            .take_while(on_line)
            .chain(self.after.chars().take(REACH).take_while(on_line));
        (mark || isolate && self.isolates_balance()) && near.any(is_right_to_left)
    }

    /// On this line every isolate that is opened is closed.
    fn isolates_balance(&self) -> bool {
        let mut depth = 0i32;
        let line_before: Vec<char> = self
            .before
            .chars()
            .rev()
            .take(REACH)
            .take_while(|c| *c != '\n')
            .collect();
        let line = line_before.into_iter().rev().chain(self.run.chars());
        for c in line.chain(self.after.chars().take(REACH).take_while(|c| *c != '\n')) {
            match c {
                '\u{2066}'..='\u{2068}' => depth += 1,
                '\u{2069}' => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return false;
            }
        }
        depth == 0
    }

    fn zero_width(&self) -> bool {
        let (previous, next) = (self.previous(), self.next());
        match self.first {
            '\u{feff}' => self.file_start && self.count == 1,
            _ if self.count > 1 => false,
            '\u{200d}' if previous.is_some_and(|c| is_emoji(c) || c == '\u{fe0f}') => next.is_some_and(is_emoji),
            '\u{200c}' | '\u{200d}' => {
                let joins = |c: Option<char>| c.is_some_and(is_joining_script);
                joins(previous) && (joins(next) || next.is_none_or(|c| !c.is_alphanumeric()))
            }
            // Words of Khmer, Thai, Lao, Myanmar are divided by zero-width spaces.
            '\u{200b}' => previous.is_some_and(is_joining_script) && next.is_some_and(is_joining_script),
            '\u{180e}' => previous.is_some_and(|c| c.script() == Script::Mongolian),
            '\u{34f}' => previous.is_some_and(|c| !c.is_ascii()) && next.is_some_and(|c| !c.is_ascii()),
            // Hyphenation inside a word of prose. ASCII words too: the scanner asks where it stands.
            _ => false,
        }
    }

    fn selector_on_its_base(&self) -> bool {
        let Some(base) = self.previous() else { return false };
        match self.first {
            '\u{fe0e}' | '\u{fe0f}' => {
                is_emoji(base)
                    || is_cjk(base)
                    || (matches!(base, '0'..='9' | '#' | '*') && self.next() == Some('\u{20e3}'))
            }
            '\u{180b}'..='\u{180d}' | '\u{180f}' => base.script() == Script::Mongolian,
            '\u{e0100}'..='\u{e01ef}' => is_cjk(base),
            // Variants of mathematical operators, of Myanmar and of other letters.
            _ => is_cjk(base) || (!base.is_ascii() && class(base).is_none() && base.script() != Script::Latin),
        }
    }

    /// Hangul fillers beside Jamo, the empty braille pattern beside braille (progress spinners).
    fn among_its_own(&self) -> bool {
        let own = |c: char| match self.first {
            '\u{2800}' => ('\u{2801}'..='\u{28ff}').contains(&c),
            '\u{115f}' | '\u{1160}' => ('\u{1100}'..='\u{11ff}').contains(&c),
            _ => false,
        };
        self.before.chars().rev().take(16).any(own) || self.after.chars().take(16).any(own)
    }

    /// A form feed on a line of its own, as old sources have them; a DOS end-of-file mark at the end.
    fn page_break(&self) -> bool {
        let starts = self.previous().is_none_or(|c| c == '\n');
        let ends = self.next().is_none_or(|c| c == '\n' || c == '\r');
        match self.first {
            '\u{c}' => starts || ends,
            '\u{1a}' => self.next().is_none(),
            _ => false,
        }
    }
}

/// What a run of invisible characters spells in the encodings in use for smuggling.
fn spelled(run: &str, kind: Class) -> Option<String> {
    if !matches!(kind, Class::Tag | Class::VariationSelector) {
        return None;
    }
    let bytes: Vec<u8> = run.chars().filter_map(carried_byte).collect();
    let text = String::from_utf8(bytes).ok()?;
    let readable = text.chars().all(|c| matches!(c, ' '..='~' | '\n' | '\t'));
    (text.len() > 1 && readable).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspicious(text: &str) -> Vec<(Class, u32)> {
        find(text.as_bytes(), true)
            .into_iter()
            .filter(|h| !h.legitimate)
            .map(|h| (h.class, h.count))
            .collect()
    }

    #[test]
    fn ordinary_writing_is_legitimate() {
        for text in [
            "plain\r\ntext\n",
            "family 👨\u{200d}👩\u{200d}👧 and ❤\u{fe0f}\u{200d}🔥, key 1\u{fe0f}\u{20e3}, ©\u{fe0f}",
            "flag 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "Persian می\u{200c}خواهم, Hindi क्\u{200d}ष",
            "Hebrew שלום\u{200f} (hello)",
            "\u{feff}starts with a byte order mark",
            "中\u{e0100} 葛\u{fe00}",
            "spinner ⠋\u{2800}⠙",
            "int a;\n\u{c}\nint b;",
            "old mac\rline endings\r",
        ] {
            assert_eq!(suspicious(text), [], "{text:?}");
        }
    }

    #[test]
    fn the_same_characters_elsewhere_are_not() {
        for (text, wanted) in [
            ("if admin\u{202e} } \u{2066}// x", Class::Bidi),
            ("English\u{200f}", Class::Bidi),
            ("us\u{200b}er", Class::ZeroWidth),
            ("us\u{200d}er", Class::ZeroWidth),
            ("mid\u{feff}dle", Class::ZeroWidth),
            ("a\u{fe0f}", Class::VariationSelector),
            ("😀\u{fe0f}\u{fe01}", Class::VariationSelector),
            ("ok\u{e0069}\u{e0067}", Class::Tag),
            ("x\u{3164} = 1", Class::InvisibleLetter),
            ("print \u{1b}[2J", Class::Control),
            ("safe()\rrm -rf\n", Class::Control),
            ("a\u{2028}b", Class::Separator),
        ] {
            assert_eq!(suspicious(text).first().map(|s| s.0), Some(wanted), "{text:?}");
        }
    }

    #[test]
    fn smuggled_text_is_spelled_out() {
        let tags: String = "ignore all"
            .bytes()
            .filter_map(|b| char::from_u32(0xe0000 + u32::from(b)))
            .collect();
        let found = find(format!("ok{tags}").as_bytes(), true);
        assert_eq!(found[0].spells.as_deref(), Some("ignore all"));
        assert_eq!(found[0].count, 10);
        let selectors: String = "rm -rf"
            .bytes()
            .filter_map(|b| char::from_u32(0xe0100 + u32::from(b) - 16))
            .collect();
        let found = find(format!("😀{selectors}").as_bytes(), true);
        assert_eq!(found[0].spells.as_deref(), Some("rm -rf"));
    }

    #[test]
    fn invalid_bytes_do_not_stop_the_search() {
        let found = find(b"caf\xe9 \xe2\x80\xae x", true);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].span, Span { start: 5, end: 8 });
    }
}
