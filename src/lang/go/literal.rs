//! Strings with their escapes decoded, and composite literals: `T{..}` builds a `T` with its fields as named arguments,
//! `[]T{..}` is a sequence, `map[K]V{..}` a map.

use super::{Go, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl Go<'_, '_> {
    /// The text of a string literal.
    pub(super) fn string_text(&self, node: Node<'_>) -> String {
        let written = self.str(node);
        let mut inner = written.chars();
        inner.next();
        inner.next_back();
        match node.kind() {
            "raw_string_literal" => inner.as_str().replace('\r', ""),
            _ => decode(inner.as_str()),
        }
    }

    pub(super) fn composite_literal(&mut self, node: Node<'_>) -> ExprId {
        let ty = node.child_by_field_name("type");
        match node.child_by_field_name("body") {
            Some(body) => self.literal_value(body, ty, node),
            None => self.anything(node),
        }
    }

    /// `{..}` of the given type; `whole` is what to mark as its place. Inside slices and maps the type may be left out.
    fn literal_value(&mut self, body: Node<'_>, ty: Option<Node<'_>>, whole: Node<'_>) -> ExprId {
        match ty.map(|t| t.kind()) {
            Some("slice_type" | "array_type" | "implicit_length_array_type") => {
                let element = ty.and_then(|t| t.child_by_field_name("element"));
                let values = children(body).into_iter();
                let values = values.map(|v| self.element(value_of(v), element)).collect();
                self.push(ExprKind::Sequence(values), whole)
            }
            Some("map_type") => self.map_literal(body, ty, whole),
            Some("pointer_type") => self.literal_value(body, ty.and_then(|t| children(t).first().copied()), whole),
            _ => self.struct_literal(body, ty, whole),
        }
    }

    fn map_literal(&mut self, body: Node<'_>, ty: Option<Node<'_>>, whole: Node<'_>) -> ExprId {
        let of = |field| ty.and_then(|t| t.child_by_field_name(field));
        let (key_type, value_type) = (of("key"), of("value"));
        let mut entries = Vec::new();
        for element in children(body) {
            let key = element.child_by_field_name("key").map(|k| self.element(k, key_type));
            let value = self.element(value_of(element), value_type);
            let span = self.span(element);
            entries.push(Entry { key, value, span });
        }
        self.push(ExprKind::Map(entries), whole)
    }

    /// A struct, or a named type that may be a map or slice (`gin.H{"k": v}`): text keys are names too.
    fn struct_literal(&mut self, body: Node<'_>, ty: Option<Node<'_>>, whole: Node<'_>) -> ExprId {
        let callee = ty.map(|t| self.type_path(t));
        let mut args = Vec::new();
        for element in children(body) {
            let name = element.child_by_field_name("key").and_then(|k| self.field_name(k));
            let value = self.element(value_of(element), None);
            let span = self.span(element);
            args.push(Arg { name, value, span });
        }
        let args_span = self.span(body);
        match callee {
            Some(callee) => self.push(
                ExprKind::Call {
                    callee,
                    args,
                    new: true,
                    args_span,
                },
                whole,
            ),
            None => self.push(ExprKind::Other(args.iter().map(|a| a.value).collect()), whole),
        }
    }

    fn field_name(&mut self, key: Node<'_>) -> Option<Symbol> {
        let key = children(key).into_iter().next().unwrap_or(key);
        match key.kind() {
            "identifier" => Some(self.cx.symbol(key)),
            "interpreted_string_literal" | "raw_string_literal" => {
                let text = self.string_text(key);
                Some(self.cx.b.symbol(&text))
            }
            _ => None,
        }
    }

    /// An element: an expression, or `{..}` of the type the container gives.
    fn element(&mut self, node: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        let inner = match node.kind() {
            "literal_element" => children(node).into_iter().next().unwrap_or(node),
            _ => node,
        };
        if inner.kind() != "literal_value" {
            return self.expression(inner);
        }
        let lowered = self.deeper(inner, |go| go.literal_value(inner, ty, inner));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), inner))
    }

    /// A type where a value is called for: `T`, `pkg.T`; without its arguments.
    pub(super) fn type_path(&mut self, node: Node<'_>) -> ExprId {
        let mut ty = node;
        while matches!(ty.kind(), "generic_type" | "parenthesized_type" | "pointer_type") {
            let inner = ty.child_by_field_name("type").or(children(ty).first().copied());
            match inner {
                Some(inner) => ty = inner,
                None => break,
            }
        }
        match (
            ty.kind(),
            ty.child_by_field_name("package"),
            ty.child_by_field_name("name"),
        ) {
            ("qualified_type", Some(package), Some(name)) => {
                let symbol = self.variable(package);
                let base = self.push(ExprKind::Name(symbol), package);
                let (name, name_span) = (self.cx.symbol(name), self.span(name));
                self.push(ExprKind::Member { base, name, name_span }, ty)
            }
            ("type_identifier" | "identifier", ..) => {
                let symbol = self.variable(ty);
                self.push(ExprKind::Name(symbol), ty)
            }
            _ => self.push(ExprKind::Other(Vec::new()), ty),
        }
    }
}

/// The value of an element with or without key.
fn value_of(element: Node<'_>) -> Node<'_> {
    element.child_by_field_name("value").unwrap_or(element)
}

/// Decodes the escapes of an interpreted string. `\x` and octal escapes are bytes, the others characters.
fn decode(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let taken = escape(rest, &mut out);
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Decodes one escape, of which `rest` is what follows the backslash; gives the bytes it takes of `rest`.
fn escape(rest: &str, out: &mut Vec<u8>) -> usize {
    let Some(kind) = rest.chars().next() else { return 0 };
    let number = |from: usize, digits: usize, radix: u32| {
        let digits = rest.get(from..from + digits)?;
        u32::from_str_radix(digits, radix).ok()
    };
    let single = match kind {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        'x' => {
            out.extend(number(1, 2, 16).map(|n| n as u8));
            return 3;
        }
        '0'..='7' => {
            out.extend(number(0, 3, 8).map(|n| n as u8));
            return 3;
        }
        'u' | 'U' => {
            let digits = if kind == 'u' { 4 } else { 8 };
            let decoded = number(1, digits, 16).and_then(char::from_u32);
            let mut buffer = [0; 4];
            out.extend_from_slice(decoded.unwrap_or('\u{fffd}').encode_utf8(&mut buffer).as_bytes());
            return 1 + digits;
        }
        other => {
            let mut buffer = [0; 4];
            out.extend_from_slice(other.encode_utf8(&mut buffer).as_bytes());
            return other.len_utf8();
        }
    };
    out.push(single);
    1
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_are_decoded_and_broken_ones_do_no_harm() {
        assert_eq!(
            decode(r#"a\tb\"\\\x41\101\u00e9\U0001F600"#),
            "a\tb\"\\AA\u{e9}\u{1F600}"
        );
        assert_eq!(decode(r"\xe9"), "\u{fffd}");
        assert_eq!((decode(r"\x4"), decode("\\")), (String::new(), String::new()));
    }
}
