//! What single characters are: which of them a terminal or an editor shows as nothing, moves the cursor by, or reorders text
//! with. Classes and names only; whether a character is legitimate where it stands is decided in [`super::hidden`].
//!
//! The ranges are Unicode's own (`Bidi_Control`, `Default_Ignorable_Code_Point`, general category `Cf`, `Cc`, `Co`, `Zl`, `Zp`);
//! scripts come from the crate `unicode-script`.

use unicode_script::{Script, UnicodeScript};

/// Why a character must not be drawn as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Reorders what follows: embeddings, overrides, isolates, direction marks.
    Bidi,
    /// Takes no room: zero-width spaces and joiners, invisible operators, soft hyphen, a byte order mark.
    ZeroWidth,
    /// The tag block U+E0000–E007F: invisible copies of ASCII.
    Tag,
    /// Variation selectors: invisible, 256 of them, so each can carry a byte.
    VariationSelector,
    /// A letter without ink: Hangul fillers, the empty braille pattern.
    InvisibleLetter,
    /// C0 and C1 controls (except tab and line feed), DEL, and CR where no LF follows.
    Control,
    /// Line and paragraph separator: a new line to some programs only.
    Separator,
    /// Private use: whatever the font in use makes of it.
    PrivateUse,
    /// Other format characters (category `Cf`).
    Format,
    /// Noncharacters and code points that Unicode has not given a meaning.
    Unassigned,
}

impl Class {
    /// In a sentence: `a bidirectional control`.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Class::Bidi => "a bidirectional control",
            Class::ZeroWidth => "a zero-width character",
            Class::Tag => "tag characters",
            Class::VariationSelector => "variation selectors",
            Class::InvisibleLetter => "a letter without ink",
            Class::Control => "a control character",
            Class::Separator => "a line separator",
            Class::PrivateUse => "a private-use character",
            Class::Format => "a format character",
            Class::Unassigned => "an unassigned code point",
        }
    }
}

/// The class of `c`; `None` when it may be drawn. Tab and line feed have none (the caller lays those out); carriage return is
/// a [`Class::Control`].
#[must_use]
pub fn class(c: char) -> Option<Class> {
    if matches!(c, ' '..='~' | '\t' | '\n') {
        return None;
    }
    Some(match c {
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Class::Control,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => Class::Bidi,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{180e}' | '\u{34f}' => {
            Class::ZeroWidth
        }
        '\u{e0000}'..='\u{e007f}' => Class::Tag,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}' => {
            Class::VariationSelector
        }
        '\u{3164}' | '\u{115f}' | '\u{1160}' | '\u{ffa0}' | '\u{2800}' | '\u{17b4}' | '\u{17b5}' => {
            Class::InvisibleLetter
        }
        '\u{2028}' | '\u{2029}' => Class::Separator,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}' => Class::PrivateUse,
        '\u{600}'..='\u{605}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'..='\u{891}'
        | '\u{8e2}'
        | '\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}'
        | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0080}'..='\u{e00ff}'
        | '\u{e01f0}'..='\u{e0fff}' => Class::Format,
        // Alphabets without gaps: most text outside ASCII is written in them, and scripts are looked for in a long table.
        '\u{a0}'..='\u{377}' | '\u{400}'..='\u{52f}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => {
            return None;
        }
        _ if c.script() == Script::Unknown => Class::Unassigned,
        _ => return None,
    })
}

/// The customary short name of a character that has one: `RLO`, `ZWJ`, `ESC`.
#[must_use]
pub fn short_name(c: char) -> Option<&'static str> {
    const C0: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
        "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
    ];
    Some(match c {
        '\0'..='\u{1f}' => C0.get(c as usize)?,
        '\u{7f}' => "DEL",
        '\u{85}' => "NEL",
        '\u{9b}' => "CSI",
        '\u{ad}' => "SHY",
        '\u{34f}' => "CGJ",
        '\u{61c}' => "ALM",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "HF",
        '\u{180e}' => "MVS",
        '\u{200b}' => "ZWSP",
        '\u{200c}' => "ZWNJ",
        '\u{200d}' => "ZWJ",
        '\u{200e}' => "LRM",
        '\u{200f}' => "RLM",
        '\u{2028}' => "LS",
        '\u{2029}' => "PS",
        '\u{202a}' => "LRE",
        '\u{202b}' => "RLE",
        '\u{202c}' => "PDF",
        '\u{202d}' => "LRO",
        '\u{202e}' => "RLO",
        '\u{2060}' => "WJ",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{2800}' => "BLANK",
        '\u{feff}' => "BOM",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "VS",
        '\u{e0000}'..='\u{e007f}' => "TAG",
        _ => return None,
    })
}

/// `U+202E RLO`, or `U+E123` for what has no short name.
#[must_use]
pub fn describe(c: char) -> String {
    match short_name(c) {
        Some(name) => format!("U+{:04X} {name}", c as u32),
        None => format!("U+{:04X}", c as u32),
    }
}

/// The byte an invisible character can carry: its ASCII twin for tags, the selector's number for variation selectors (the
/// schemes that are in use for smuggling text).
#[must_use]
pub fn carried_byte(c: char) -> Option<u8> {
    match c {
        '\u{e0020}'..='\u{e007e}' => u8::try_from(c as u32 - 0xe_0000).ok(),
        '\u{fe00}'..='\u{fe0f}' => u8::try_from(c as u32 - 0xfe00).ok(),
        '\u{e0100}'..='\u{e01ef}' => u8::try_from(c as u32 - 0xe_0100 + 16).ok(),
        _ => None,
    }
}

/// True for pictographs and the symbols that have an emoji form: what a joiner or an emoji selector may stand beside.
#[must_use]
pub fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}'
        | '\u{2190}'..='\u{2bff}'
        | '\u{203c}' | '\u{2049}' | '\u{20e3}' | '\u{2122}' | '\u{2139}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{a9}' | '\u{ae}')
}

/// True for letters that are written right to left.
#[must_use]
pub fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && class(c).is_none()
}

/// True for scripts whose spelling needs joiners (Arabic, Indic and their kin).
#[must_use]
pub fn is_joining_script(c: char) -> bool {
    matches!(
        c.script(),
        Script::Arabic
            | Script::Syriac
            | Script::Nko
            | Script::Mongolian
            | Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
            | Script::Thai
            | Script::Lao
            | Script::Tibetan
            | Script::Balinese
            | Script::Javanese
    )
}

/// True for ideographs and the syllables written beside them.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(
        c.script(),
        Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_must_not_be_drawn_has_a_class() {
        for (c, wanted) in [
            ('\u{202e}', Class::Bidi),
            ('\u{61c}', Class::Bidi),
            ('\u{200b}', Class::ZeroWidth),
            ('\u{feff}', Class::ZeroWidth),
            ('\u{e0041}', Class::Tag),
            ('\u{fe0f}', Class::VariationSelector),
            ('\u{e0100}', Class::VariationSelector),
            ('\u{3164}', Class::InvisibleLetter),
            ('\u{1b}', Class::Control),
            ('\r', Class::Control),
            ('\u{85}', Class::Control),
            ('\u{2028}', Class::Separator),
            ('\u{e000}', Class::PrivateUse),
            ('\u{206a}', Class::Format),
            ('\u{ffff}', Class::Unassigned),
        ] {
            assert_eq!(class(c), Some(wanted), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn ordinary_text_of_any_script_has_none() {
        for c in "aZ09~ é ß я λ ש ب क 中 あ 한 € → 😀 \t\n".chars() {
            assert_eq!(class(c), None, "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn all_of_default_ignorable_and_control_is_covered() {
        // Whatever takes no cell on its own and is no combining mark must have a class.
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            if c.is_control() && !matches!(c, '\t' | '\n') {
                assert!(class(c).is_some(), "U+{:04X}", c as u32);
            }
        }
    }

    #[test]
    fn tags_and_selectors_carry_bytes() {
        assert_eq!(carried_byte('\u{e0041}'), Some(b'A'));
        assert_eq!(carried_byte('\u{fe01}'), Some(1));
        assert_eq!(carried_byte('\u{e0100}'), Some(16));
        assert_eq!(describe('\u{202e}'), "U+202E RLO");
    }
}
