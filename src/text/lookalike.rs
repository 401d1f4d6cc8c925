//! Letters that look like other letters: a Cyrillic `а` inside an English word.
//!
//! Owns the table of twins (a part of Unicode's confusables: the letters that common fonts draw alike) and the two questions
//! asked of it: does a word mix scripts so that one letter passes for another, and what does a word look like.

use super::Span;
use unicode_script::{Script, UnicodeScript};

/// The ASCII character that `c` passes for; `None` when it passes for none.
#[must_use]
pub fn twin(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    let offset = |first: u32, ascii: char| char::from_u32(ascii as u32 + (c as u32 - first));
    match c {
        // Fullwidth forms are ASCII, moved.
        '\u{ff01}'..='\u{ff5e}' => return offset(0xff01, '!'),
        // Mathematical letters, in runs of 26 capitals and 26 small letters.
        '\u{1d400}'..='\u{1d6a3}' => {
            let index = (c as u32 - 0x1d400) % 52;
            let base = if index < 26 {
                'A' as u32 + index
            } else {
                'a' as u32 + index - 26
            };
            return char::from_u32(base);
        }
        '\u{1d7ce}'..='\u{1d7ff}' => return char::from_u32('0' as u32 + (c as u32 - 0x1d7ce) % 10),
        _ => {}
    }
    TWINS.binary_search_by_key(&c, |pair| pair.0).ok().map(|i| TWINS[i].1)
}

/// True for the ASCII letters in another dress (fullwidth, mathematical), which some languages read as the plain ones.
#[must_use]
pub fn is_styled(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d6a3}' | '\u{1d7ce}'..='\u{1d7ff}')
}

/// Letters and signs that common fonts draw like ASCII, sorted.
const TWINS: &[(char, char)] = &[
    ('\u{0131}', 'i'),
    ('\u{0184}', 'b'),
    ('\u{01bd}', 's'),
    ('\u{01c0}', 'l'),
    ('\u{01c3}', '!'),
    ('\u{0251}', 'a'),
    ('\u{0261}', 'g'),
    ('\u{0269}', 'i'),
    ('\u{037e}', ';'),
    ('\u{037f}', 'J'),
    ('\u{0391}', 'A'),
    ('\u{0392}', 'B'),
    ('\u{0395}', 'E'),
    ('\u{0396}', 'Z'),
    ('\u{0397}', 'H'),
    ('\u{0399}', 'I'),
    ('\u{039a}', 'K'),
    ('\u{039c}', 'M'),
    ('\u{039d}', 'N'),
    ('\u{039f}', 'O'),
    ('\u{03a1}', 'P'),
    ('\u{03a4}', 'T'),
    ('\u{03a5}', 'Y'),
    ('\u{03a7}', 'X'),
    ('\u{03bf}', 'o'),
    ('\u{03f2}', 'c'),
    ('\u{03f3}', 'j'),
    ('\u{03f9}', 'C'),
    ('\u{0405}', 'S'),
    ('\u{0406}', 'I'),
    ('\u{0408}', 'J'),
    ('\u{0410}', 'A'),
    ('\u{0412}', 'B'),
    ('\u{0415}', 'E'),
    ('\u{041a}', 'K'),
    ('\u{041c}', 'M'),
    ('\u{041d}', 'H'),
    ('\u{041e}', 'O'),
    ('\u{0420}', 'P'),
    ('\u{0421}', 'C'),
    ('\u{0422}', 'T'),
    ('\u{0425}', 'X'),
    ('\u{0430}', 'a'),
    ('\u{0435}', 'e'),
    ('\u{043e}', 'o'),
    ('\u{0440}', 'p'),
    ('\u{0441}', 'c'),
    ('\u{0443}', 'y'),
    ('\u{0445}', 'x'),
    ('\u{0455}', 's'),
    ('\u{0456}', 'i'),
    ('\u{0458}', 'j'),
    ('\u{0475}', 'v'),
    ('\u{04ae}', 'Y'),
    ('\u{04af}', 'y'),
    ('\u{04bb}', 'h'),
    ('\u{04c0}', 'I'),
    ('\u{04cf}', 'l'),
    ('\u{0501}', 'd'),
    ('\u{050c}', 'G'),
    ('\u{051a}', 'Q'),
    ('\u{051b}', 'q'),
    ('\u{051c}', 'W'),
    ('\u{051d}', 'w'),
    ('\u{054f}', 'S'),
    ('\u{0555}', 'O'),
    ('\u{0561}', 'w'),
    ('\u{0563}', 'q'),
    ('\u{0566}', 'q'),
    ('\u{0570}', 'h'),
    ('\u{0578}', 'n'),
    ('\u{057d}', 'u'),
    ('\u{0581}', 'g'),
    ('\u{0584}', 'f'),
    ('\u{0585}', 'o'),
    ('\u{0589}', ':'),
    ('\u{13a0}', 'D'),
    ('\u{13a1}', 'R'),
    ('\u{13a2}', 'T'),
    ('\u{13aa}', 'A'),
    ('\u{13ab}', 'J'),
    ('\u{13ac}', 'E'),
    ('\u{13b3}', 'W'),
    ('\u{13b7}', 'M'),
    ('\u{13bb}', 'H'),
    ('\u{13c0}', 'G'),
    ('\u{13c2}', 'h'),
    ('\u{13c3}', 'Z'),
    ('\u{13cf}', 'b'),
    ('\u{13d2}', 'R'),
    ('\u{13d4}', 'W'),
    ('\u{13d5}', 'S'),
    ('\u{13d9}', 'V'),
    ('\u{13da}', 'S'),
    ('\u{13de}', 'L'),
    ('\u{13df}', 'C'),
    ('\u{13e2}', 'P'),
    ('\u{13e6}', 'K'),
    ('\u{13e7}', 'd'),
    ('\u{13f3}', 'G'),
    ('\u{13f4}', 'B'),
    ('\u{1d04}', 'c'),
    ('\u{1d0f}', 'o'),
    ('\u{1d1c}', 'u'),
    ('\u{1d20}', 'v'),
    ('\u{1d21}', 'w'),
    ('\u{1d22}', 'z'),
    ('\u{2010}', '-'),
    ('\u{2024}', '.'),
    ('\u{2039}', '<'),
    ('\u{203a}', '>'),
    ('\u{2044}', '/'),
    ('\u{2160}', 'I'),
    ('\u{2164}', 'V'),
    ('\u{2169}', 'X'),
    ('\u{216c}', 'L'),
    ('\u{216d}', 'C'),
    ('\u{216e}', 'D'),
    ('\u{216f}', 'M'),
    ('\u{2170}', 'i'),
    ('\u{2174}', 'v'),
    ('\u{2179}', 'x'),
    ('\u{217c}', 'l'),
    ('\u{217d}', 'c'),
    ('\u{217e}', 'd'),
    ('\u{217f}', 'm'),
    ('\u{2212}', '-'),
    ('\u{2215}', '/'),
    ('\u{2216}', '\\'),
    ('\u{2223}', '|'),
    ('\u{2236}', ':'),
    ('\u{2c9f}', 'o'),
    ('\u{a731}', 's'),
    ('\u{a789}', ':'),
    ('\u{ab32}', 'e'),
];

/// What `word` looks like, in ASCII where its letters have twins there.
#[must_use]
pub fn skeleton(word: &str) -> String {
    word.chars().map(|c| twin(c).unwrap_or(c)).collect()
}

/// A word of which some letters pass for letters of another script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixedWord {
    /// The whole word.
    pub span: Span,
    /// The letters that pass for ASCII, in order.
    pub letters: Vec<Span>,
    /// What the word looks like.
    pub looks_like: String,
}

/// Finds words (runs of letters, digits and `_`) that hold ASCII letters **and** letters of other scripts that look like ASCII
/// ones, all of whose foreign letters do, in the minority. `µs`, `Δt`, a Russian ending on an English word, or the ranges of a
/// regular expression (`A-Zа-я`) are not such words.
#[must_use]
pub fn mixed_words(text: &[u8]) -> Vec<MixedWord> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let mut offset = 0;
    for chunk in text.utf8_chunks() {
        words_beyond_ascii(chunk.valid(), |start, word| {
            if let Some(letters) = foreign_letters(word) {
                let span = |i: usize, len: usize| Span::new(offset + start + i, offset + start + i + len);
                found.push(MixedWord {
                    span: span(0, word.len()),
                    letters: letters.into_iter().map(|(i, c)| span(i, c.len_utf8())).collect(),
                    looks_like: skeleton(word),
                });
            }
        });
        offset += chunk.valid().len() + chunk.invalid().len();
    }
    found
}

/// Calls `each` with every word of `text` that is not all ASCII, and the byte it begins at.
fn words_beyond_ascii(text: &str, mut each: impl FnMut(usize, &str)) {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    // ASCII is most of most texts, and is told by a glance at its bytes.
    for piece in text.split(|c: char| c.is_ascii() && !part(c)) {
        if !piece.is_ascii() {
            let mut start = at;
            for word in piece.split(|c| !part(c)) {
                each(start, word);
                start += word.len()
                    + piece[start - at + word.len()..]
                        .chars()
                        .next()
                        .map_or(0, char::len_utf8);
            }
        }
        at += piece.len() + 1;
    }
}

fn foreign_letters(word: &str) -> Option<Vec<(usize, char)>> {
    if word.is_ascii() || !word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut letters = Vec::new();
    for (i, c) in word.char_indices().filter(|(_, c)| !c.is_ascii()) {
        if is_styled(c) {
            letters.push((i, c));
        } else if !matches!(c.script(), Script::Latin | Script::Common | Script::Inherited) {
            twin(c)?;
            letters.push((i, c));
        }
    }
    let ascii = word.bytes().filter(u8::is_ascii_alphabetic).count();
    (!letters.is_empty() && ascii >= 2 && ascii >= letters.len()).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(TWINS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn one_cyrillic_letter_in_an_english_word_is_found() {
        let text = "if is_\u{430}dmin(user):".as_bytes();
        let found = mixed_words(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].looks_like, "is_admin");
        assert_eq!(found[0].letters, [Span { start: 6, end: 8 }]);
    }

    #[test]
    fn ordinary_words_of_any_script_are_not() {
        for text in [
            "naïve",
            "Δt",
            "μs",
            "σ_x",
            "привет",
            "JSONом",
            "中文abc",
            "déjà_vu",
            "αβγ",
            "変数x",
            "[a-zA-Zа-яА-Я]",
        ] {
            assert_eq!(mixed_words(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn fullwidth_and_mathematical_letters_have_twins() {
        assert_eq!(skeleton("\u{ff45}\u{1d431}ec"), "exec");
        assert_eq!(skeleton("\u{440}\u{430}\u{443}"), "pay");
    }
}
