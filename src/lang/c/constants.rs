//! Integer constants the compiler would know: literals, macros, enumerators, sizes of arithmetic types, and arithmetic on them.

use super::{C, children};
use crate::lang::adapter::Adapter;
use tree_sitter::Node;

/// Deepest arithmetic looked into.
const MAX_DEPTH: usize = 24;

impl C<'_, '_> {
    /// The value of a constant expression.
    pub(super) fn constant(&self, node: Node<'_>) -> Option<i64> {
        self.constant_within(node, 0)
    }

    fn constant_within(&self, node: Node<'_>, depth: usize) -> Option<i64> {
        if depth > MAX_DEPTH {
            return None;
        }
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "number_literal" => integer(&self.str(node)),
            "char_literal" => self.character(node),
            "identifier" => self.constants.get(&*self.str(node)).copied(),
            "parenthesized_expression" => self.constant_within(*children(node).first()?, depth + 1),
            "cast_expression" => self.constant_within(field("value")?, depth + 1),
            "sizeof_expression" => {
                let ty = field("type")?;
                let declared = ty.child_by_field_name("declarator").map(|d| self.declared(d));
                if declared.is_some_and(|d| d.stars > 0) {
                    return Some(8);
                }
                size_of_arithmetic(&self.str(ty.child_by_field_name("type")?))
            }
            "unary_expression" => {
                let value = self.constant_within(field("argument")?, depth + 1)?;
                match &*self.str(field("operator")?) {
                    "-" => value.checked_neg(),
                    "+" => Some(value),
                    "~" => Some(!value),
                    _ => None,
                }
            }
            "binary_expression" => {
                let left = self.constant_within(field("left")?, depth + 1)?;
                let right = self.constant_within(field("right")?, depth + 1)?;
                arithmetic(field("operator")?.kind(), left, right)
            }
            _ => None,
        }
    }

    /// The code of a character literal.
    pub(super) fn character(&self, node: Node<'_>) -> Option<i64> {
        let text = self.str(node);
        let inner = text.split_once('\'')?.1.strip_suffix('\'')?;
        let decoded = super::literal::decode(inner);
        decoded.first().map(|b| i64::from(*b))
    }

    /// The value of a macro's text, when it is a plain number, character, known name or simple arithmetic of them.
    pub(super) fn macro_value(&self, text: &str) -> Option<i64> {
        let text = text.split("/*").next()?.split("//").next()?.trim();
        let text = bare(text);
        if let Some(value) = integer(text).or_else(|| self.constants.get(text).copied()) {
            return Some(value);
        }
        for op in ["+", "-", "*", "/", "<<"] {
            if let Some((left, right)) = text.rsplit_once(op) {
                let value = |t: &str| integer(bare(t)).or_else(|| self.constants.get(bare(t)).copied());
                if let (Some(left), Some(right)) = (value(left), value(right)) {
                    return arithmetic(op, left, right);
                }
            }
        }
        None
    }
}

/// Without surrounding parentheses.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        text = inner.trim();
    }
    text
}

/// An operator on two integers; `None` where it has no value.
pub(crate) fn arithmetic(op: &str, left: i64, right: i64) -> Option<i64> {
    match op {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left.checked_div(right),
        "%" => left.checked_rem(right),
        "<<" => left.checked_shl(u32::try_from(right).ok()?),
        ">>" => left.checked_shr(u32::try_from(right).ok()?),
        "&" => Some(left & right),
        "|" => Some(left | right),
        "^" => Some(left ^ right),
        _ => None,
    }
}

/// A C integer literal: `10`, `0x1F`, `017`, `0b1`, `10UL`, `1'000`.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.replace('\'', "").to_ascii_lowercase();
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x', ..] => (&text[2..], 16),
        [b'0', b'b', ..] => (&text[2..], 2),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (&text[..], 10),
    };
    let digits = digits.trim_end_matches(['u', 'l', 'z']);
    if digits.is_empty() {
        return (radix == 8).then_some(0);
    }
    i64::from_str_radix(digits, radix)
        .ok()
        .or_else(|| u64::from_str_radix(digits, radix).ok().map(|v| v as i64))
}

/// The size of an arithmetic type in bytes, on the usual 64-bit systems.
#[must_use]
pub(crate) fn size_of_arithmetic(name: &str) -> Option<i64> {
    let name = if name.contains(' ') && !name.contains(['*', ':', '<']) && is_sized(name) {
        super::types::one_word(name)
    } else {
        name
    };
    Some(match name {
        "char" | "uchar" | "bool" | "_Bool" | "int8_t" | "uint8_t" | "BYTE" | "CHAR" | "UCHAR" | "u_char"
        | "std.byte" | "uint8" | "int8" | "u8" | "char8_t" => 1,
        "short" | "ushort" | "int16_t" | "uint16_t" | "WORD" | "USHORT" | "char16_t" | "u_short" | "u16" => 2,
        "int" | "uint" | "unsigned" | "signed" | "float" | "int32_t" | "uint32_t" | "DWORD" | "UINT" | "INT"
        | "BOOL" | "wchar_t" | "char32_t" | "u_int" | "pid_t" | "uid_t" | "gid_t" | "mode_t" | "wint_t" | "u32" => 4,
        "long" | "ulong" | "double" | "int64_t" | "uint64_t" | "size_t" | "ssize_t" | "ptrdiff_t" | "intptr_t"
        | "uintptr_t" | "off_t" | "time_t" | "intmax_t" | "uintmax_t" | "u64" | "std.size_t" | "ULONGLONG"
        | "LONGLONG" | "SIZE_T" => 8,
        _ => return None,
    })
}

/// True for names made of the words of arithmetic types.
fn is_sized(name: &str) -> bool {
    let word = |w: &str| matches!(w, "unsigned" | "signed" | "long" | "short" | "int" | "char" | "double");
    name.split_whitespace().all(word)
}
