//! Dockerfiles: a map with the `ARG`s before the first `FROM` and a `stage` for each `FROM`, the last of which is called `final`. A stage is a
//! map of its instructions in order, by name in capitals: `FROM` (image, name, tag, digest, platform, as), `ENV` and `ARG` (a map of their
//! names), `ADD` and `COPY` (flags, `source`, `dest`), `EXPOSE` (a list), and every other one as its text with its lines joined. Heredocs
//! belong to the text of their instruction.

use super::{Document, Key, NodeId, Value};
use crate::text::Span;

/// Reads the whole text.
pub fn read(text: &[u8], document: &mut Document) {
    let root = document.add(None, None, Value::Map(Vec::new()), Span::new(0, text.len()));
    let escape = escape_character(text);
    let (mut at, mut stage, mut last_end) = (0, None, 0);
    while let Some(instruction) = Instruction::next(text, &mut at, escape) {
        let end = instruction.span().end;
        if &*instruction.key.name == "FROM" {
            close(stage, last_end, document);
            let key = Key {
                name: "stage".into(),
                span: instruction.key.span,
            };
            stage = Some(document.add(Some(root), Some(key), Value::Map(Vec::new()), instruction.span()));
        }
        instruction.add(stage.unwrap_or(root), document);
        last_end = end;
    }
    close(stage, last_end, document);
    if let Some(key) = stage.and_then(|s| document.node_mut(s)).and_then(|n| n.key.as_mut()) {
        key.name = "final".into();
    }
}

/// A stage reaches to its last instruction.
fn close(stage: Option<NodeId>, end: u32, document: &mut Document) {
    if let Some(node) = stage.and_then(|s| document.node_mut(s)) {
        node.span.end = end.max(node.span.end);
        node.entry.end = node.span.end;
    }
}

/// What joins lines: a backslash, unless the first line says otherwise.
fn escape_character(text: &[u8]) -> u8 {
    let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first).to_ascii_lowercase().replace(' ', "");
    if first.starts_with("#escape=`") { b'`' } else { b'\\' }
}

/// One instruction with its arguments as one text.
struct Instruction {
    key: Key,
    /// The arguments, lines joined.
    text: String,
    /// Where the parts of the text are from.
    pieces: Vec<(u32, u32)>,
    end: usize,
}

/// A line without its end, and where the next one begins.
fn line_at(text: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = text.get(at..).filter(|r| !r.is_empty())?;
    let len = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    Some((rest.get(..len)?, at + len + 1))
}

impl Instruction {
    /// The next one; `at` is moved behind it.
    fn next(text: &[u8], at: &mut usize, escape: u8) -> Option<Instruction> {
        let (mut start, mut line);
        loop {
            let (whole, next) = line_at(text, *at)?;
            line = whole.trim_ascii_start();
            start = *at + whole.len() - line.len();
            if !line.is_empty() && !line.starts_with(b"#") {
                break;
            }
            *at = next;
        }
        // What is done to images built on this one is looked at like the rest.
        let word = |line: &[u8]| line.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if line
            .get(..word(line))
            .is_some_and(|w| w.eq_ignore_ascii_case(b"ONBUILD"))
        {
            let rest = line.get(word(line)..).unwrap_or_default().trim_ascii_start();
            start += line.len() - rest.len();
            line = rest;
        }
        let len = word(line).max(1);
        let name = String::from_utf8_lossy(line.get(..len).unwrap_or_default()).to_ascii_uppercase();
        let mut made = Instruction {
            key: Key {
                name: name.into(),
                span: Span::new(start, start + len),
            },
            text: String::new(),
            pieces: Vec::new(),
            end: start + len,
        };
        made.join_lines(text, start + len, at, escape);
        made.take_heredocs(text, at);
        Some(made)
    }

    /// Takes lines as long as they are joined. Comments and empty lines between them are not part of the text.
    fn join_lines(&mut self, text: &[u8], from: usize, at: &mut usize, escape: u8) {
        let mut start = from;
        while let Some((line, next)) = line_at(text, start) {
            *at = next;
            let content = line.trim_ascii();
            let skipped = line.len() - line.trim_ascii_start().len();
            let passed = start > from && (content.is_empty() || content.starts_with(b"#"));
            let joined = content.strip_suffix(&[escape]);
            if !passed {
                self.push(joined.unwrap_or(content).trim_ascii_end(), start + skipped, ' ');
            }
            if joined.is_none() && !passed {
                return;
            }
            start = next;
        }
        *at = (*at).max(text.len().min(start));
    }

    fn push(&mut self, line: &[u8], start: usize, separator: char) {
        if line.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(separator);
        }
        self.pieces.push((self.text.len() as u32, start as u32));
        self.text.push_str(&String::from_utf8_lossy(line));
        self.end = start + line.len();
    }

    /// Takes the lines of heredocs (`RUN <<EOF`).
    fn take_heredocs(&mut self, text: &[u8], at: &mut usize) {
        if !matches!(&*self.key.name, "RUN" | "COPY" | "ADD") {
            return;
        }
        for name in heredoc_names(&self.text) {
            while let Some((line, next)) = line_at(text, *at) {
                let start = *at;
                *at = next;
                if line.trim_ascii() == name.as_bytes() {
                    break;
                }
                self.push(line, start, '\n');
            }
        }
    }

    /// The whole instruction.
    fn span(&self) -> Span {
        Span::new(self.key.span.start as usize, self.end)
    }

    /// Where a stretch of the text is written.
    fn place(&self, start: usize, end: usize) -> Span {
        let at = |offset: usize| {
            let before = self.pieces.partition_point(|(decoded, _)| *decoded as usize <= offset);
            let piece = before.checked_sub(1).and_then(|i| self.pieces.get(i));
            piece.map_or(self.end, |(decoded, written)| {
                *written as usize + offset - *decoded as usize
            })
        };
        Span::new(at(start), at(end.max(start + 1) - 1) + 1)
    }

    fn add(self, parent: NodeId, document: &mut Document) {
        let whole = self.place(0, self.text.len());
        let key = Some(self.key.clone());
        let map = Value::Map(Vec::new());
        match &*self.key.name {
            "FROM" => {
                let id = document.add(Some(parent), key, map, whole);
                self.from(id, document);
            }
            "ENV" | "ARG" => {
                let id = document.add(Some(parent), key, map, whole);
                self.assignments(id, document);
            }
            "ADD" | "COPY" => {
                let id = document.add(Some(parent), key, map, whole);
                self.files(id, document);
            }
            "EXPOSE" => {
                let id = document.add(Some(parent), key, Value::List(Vec::new()), whole);
                for word in words(&self.text) {
                    self.element(word, id, document);
                }
            }
            _ => {
                let id = document.add(Some(parent), key, Value::Text(self.text.into()), whole);
                document.set_pieces(id, self.pieces);
            }
        }
    }

    fn element(&self, word: Word, parent: NodeId, document: &mut Document) {
        let span = self.place(word.start, word.end);
        let computed = word.text.contains('$');
        let id = document.add(Some(parent), None, Value::Text(word.text.into()), span);
        mark(document, id, computed);
    }

    /// An entry of a map the instruction is; the whole instruction's place, since its parts have no keys of their own.
    fn part(&self, name: &str, text: &str, span: Span, parent: NodeId, document: &mut Document) {
        let key = Key {
            name: name.into(),
            span,
        };
        let computed = text.contains('$');
        let id = document.add(Some(parent), Some(key), Value::Text(text.into()), span);
        mark(document, id, computed);
    }

    fn from(&self, id: NodeId, document: &mut Document) {
        let mut rest = Vec::new();
        for word in words(&self.text) {
            match word.text.strip_prefix("--platform=") {
                Some(platform) => self.part("platform", platform, self.place(word.start, word.end), id, document),
                None => rest.push(word),
            }
        }
        let Some(image) = rest.first() else { return };
        let span = self.place(image.start, image.end);
        self.part("image", &image.text, span, id, document);
        let (named, digest) = match image.text.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (&*image.text, None),
        };
        // A colon before the last slash is a port.
        let tag_at = named.rfind(':').filter(|i| !named[*i..].contains('/'));
        let (name, tag) = match tag_at {
            Some(at) => (&named[..at], named.get(at + 1..)),
            None => (named, None),
        };
        self.part("name", name, span, id, document);
        for (key, text) in [("tag", tag), ("digest", digest)] {
            if let Some(text) = text {
                self.part(key, text, span, id, document);
            }
        }
        if let [_, keyword, alias, ..] = rest.as_slice()
            && keyword.text.eq_ignore_ascii_case("as")
        {
            self.part("as", &alias.text, self.place(alias.start, alias.end), id, document);
        }
    }

    /// `ENV A=1 B="2 3"`, `ENV A the rest`, `ARG A=1`, `ARG A`.
    fn assignments(&self, id: NodeId, document: &mut Document) {
        let words = words(&self.text);
        let Some(first) = words.first() else { return };
        if !first.text.contains('=') && &*self.key.name == "ENV" {
            let value = self.text.get(first.end..).unwrap_or_default();
            let start = first.end + value.len() - value.trim_start().len();
            let key = Key {
                name: first.text.as_str().into(),
                span: self.place(first.start, first.end),
            };
            let value = Value::Text(value.trim().into());
            document.add(Some(id), Some(key), value, self.place(start, self.text.len()));
            return;
        }
        for word in &words {
            let (name, value) = match word.text.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (&*word.text, None),
            };
            let name_end = word.start + name.len();
            let key = Key {
                name: name.into(),
                span: self.place(word.start, name_end),
            };
            let span = self.place((name_end + 1).min(word.end), word.end);
            let computed = value.is_some_and(|v| v.contains('$'));
            let value = value.map_or(Value::Null, |v| Value::Text(v.into()));
            let made = document.add(Some(id), Some(key), value, span);
            mark(document, made, computed);
        }
    }

    /// `ADD --chown=a:b from.. to`.
    fn files(&self, id: NodeId, document: &mut Document) {
        let mut plain = Vec::new();
        for word in words(&self.text) {
            let span = self.place(word.start, word.end);
            match word
                .text
                .strip_prefix("--")
                .map(|f| f.split_once('=').unwrap_or((f, "")))
            {
                Some((flag, value)) => self.part(&format!("--{flag}"), value, span, id, document),
                None => plain.push(word),
            }
        }
        if let Some(dest) = plain.pop() {
            let span = self.place(dest.start, dest.end);
            self.part("dest", dest.text.trim_end_matches(']'), span, id, document);
        }
        let span = self.place(0, self.text.len());
        let key = Key {
            name: "source".into(),
            span,
        };
        let list = document.add(Some(id), Some(key), Value::List(Vec::new()), span);
        for word in plain {
            self.element(word, list, document);
        }
    }
}

fn mark(document: &mut Document, id: NodeId, computed: bool) {
    if let Some(node) = document.node_mut(id) {
        node.computed = computed;
    }
}

/// A word with its quotes taken off, and where it is in the text.
struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// Words as the instructions have them: quotes group, a backslash keeps the next character, commas and brackets of the exec form part.
fn words(text: &str) -> Vec<Word> {
    let exec = text.trim_start().starts_with('[');
    let mut found: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let parts = c.is_whitespace() || exec && matches!(c, ',' | '[' | ']');
        if quote.is_none() && parts {
            found.extend(word.take());
            continue;
        }
        let current = word.get_or_insert_with(|| Word {
            text: String::new(),
            start: at,
            end: at,
        });
        match c {
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            '\\' => current.text.extend(chars.next().map(|(_, c)| c)),
            _ => current.text.push(c),
        }
        current.end = at + c.len_utf8();
    }
    found.extend(word);
    found
}

/// The names of the heredocs that a text opens.
fn heredoc_names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in text.split("<<").skip(1) {
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let rest = rest.trim_start_matches(['"', '\'']);
        let name: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push(name);
        }
    }
    found
}
