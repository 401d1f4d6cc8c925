//! Functions that build text: format strings, joining, appending.

use super::*;

/// What is added to a text.
struct Added<'r> {
    text: V,
    /// What stands before it, unless it is the first.
    between: Option<&'r str>,
    /// What was there before is gone.
    anew: bool,
}

impl Added<'_> {
    fn of(text: V) -> Self {
        Self {
            text,
            between: None,
            anew: false,
        }
    }
}

/// A piece of a format string.
#[derive(Debug, PartialEq, Eq)]
enum Slot {
    Text(String),
    /// A hole: which argument (in turn, by position, by name), and whether only numbers fit.
    Hole(Which, bool),
}

#[derive(Debug, PartialEq, Eq)]
enum Which {
    Next,
    Position(usize),
    Name(String),
}

impl<'a> Visit<'_, 'a> {
    /// A format expression: `"..." % x`, `"...".format(x)`.
    pub(in crate::scan::taint) fn format(
        &mut self,
        template: ExprId,
        args: &'a [Arg],
        style: FormatStyle,
        id: ExprId,
    ) -> Value {
        let template = self.vals[template.ix()].clone();
        let args: Vec<(Option<Symbol>, V)> = args.iter().map(|a| (a.name, self.vals[a.value.ix()].clone())).collect();
        self.filled(&template, &args, style == FormatStyle::Printf, id)
    }

    /// A call that a model says builds text.
    pub(in crate::scan) fn formatted(&mut self, row: u32, call: &Call<'a>) -> Value {
        let index = self.file.index;
        let row = &index.formats[row as usize];
        let template = self.selected(&row.template, call).into_iter().next();
        match row.style {
            BuildStyle::Printf | BuildStyle::Braces => {
                let Some((template, at)) = template else {
                    return Value::unknown();
                };
                let after = call.args.iter().filter(|a| Some(a.value) != at);
                let from = call.args.iter().position(|a| Some(a.value) == at).map_or(0, |p| p + 1);
                let skipped = call.args.iter().take(from).filter(|a| Some(a.value) != at).count();
                let args: Vec<(Option<Symbol>, V)> = after
                    .skip(skipped)
                    .map(|a| (a.name, self.vals[a.value.ix()].clone()))
                    .collect();
                let text = self.filled(&template, &args, row.style == BuildStyle::Printf, call.id);
                let Some(into) = &row.into else { return text };
                let text = Rc::new(text);
                for target in self.selected_exprs(into, call) {
                    let added = Added {
                        anew: row.anew,
                        ..Added::of(text.clone())
                    };
                    self.appended(target, added, call.id);
                }
                Value::default()
            }
            BuildStyle::Join => {
                let items = row
                    .items
                    .as_ref()
                    .and_then(|s| self.selected(s, call).into_iter().next());
                let separator = template.map_or_else(|| Rc::new(Value::constant(Const::Text(",".into()))), |t| t.0);
                match items {
                    Some((items, _)) => self.joined_items(&items, &separator, call.id),
                    None => Value::unknown(),
                }
            }
            BuildStyle::Path => {
                let slash = Rc::new(Value::constant(Const::Text("/".into())));
                let mut pieces: Vec<V> = Vec::new();
                let before = row.items.as_ref().map(|s| self.selected(s, call)).unwrap_or_default();
                let parts = self.selected(&row.template, call);
                for (part, _) in before.into_iter().chain(parts) {
                    if !pieces.is_empty() {
                        pieces.push(slash.clone());
                    }
                    pieces.push(part);
                }
                self.built(&pieces, call.id, Hop::Join)
            }
            BuildStyle::Append => {
                let target = match &row.into {
                    Some(into) => self.selected_exprs(into, call).first().copied(),
                    None => call.receiver,
                };
                let (Some((added, _)), Some(target)) = (template, target) else {
                    return Value::default();
                };
                let added = Added {
                    between: row.between.as_deref(),
                    anew: row.anew,
                    ..Added::of(added)
                };
                let after = self.appended(target, added, call.id);
                (*after).clone()
            }
        }
    }

    /// Adds to the text that `target` holds, or puts it there anew; gives what it holds then.
    fn appended(&mut self, target: ExprId, added: Added<'_>, id: ExprId) -> V {
        let before = self.vals[target.ix()].clone();
        let so_far = (!added.anew).then(|| text_only(&before));
        let follows = so_far.as_ref().is_some_and(|v| v.text().is_none_or(|t| !t.is_empty()));
        let between = added.between.filter(|_| follows);
        let between = between.map(|text| Rc::new(Value::constant(Const::Text(text.into()))));
        let hop = if added.anew { Hop::Through } else { Hop::Append };
        let pieces: Vec<V> = [so_far, between, Some(added.text)].into_iter().flatten().collect();
        let mut after = self.built(&pieces, id, hop);
        after.path = before.path;
        after.parts = before.parts.clone().filter(|_| !added.anew);
        after.instance = before.instance;
        let after = Rc::new(after);
        self.replace(target, after.clone());
        after
    }

    fn joined_items(&mut self, items: &V, separator: &V, id: ExprId) -> Value {
        let mut pieces_in_turn: Vec<V> = Vec::new();
        if !items.taints.is_empty() || items.parts.is_none() {
            let mut opaque = Value::carrying(items.taints.clone(), items.unknown);
            opaque.shape = items.shape.clone();
            pieces_in_turn.push(Rc::new(opaque));
        }
        for element in items.parts.iter().flat_map(|p| p.values()) {
            if !pieces_in_turn.is_empty() {
                pieces_in_turn.push(separator.clone());
            }
            pieces_in_turn.push(element.clone());
        }
        self.built(&pieces_in_turn, id, Hop::Join)
    }

    /// A template with its holes filled.
    fn filled(&mut self, template: &V, args: &[(Option<Symbol>, V)], printf: bool, id: ExprId) -> Value {
        let mut values: Vec<V> = Vec::new();
        let mut next = 0;
        for piece in pieces(template) {
            let text = match piece {
                Piece::Lit(text) => text,
                Piece::Hole(hole) => {
                    values.push(hole);
                    continue;
                }
            };
            let slots = if printf {
                printf_slots(&text)
            } else {
                brace_slots(&text)
            };
            for slot in slots {
                match slot {
                    Slot::Text(text) => values.push(Rc::new(Value::constant(Const::Text(text.into())))),
                    Slot::Hole(_, true) => {
                        next += 1;
                        values.push(Rc::new(Value::default()));
                    }
                    Slot::Hole(which, false) => {
                        let position = match which {
                            Which::Next => {
                                next += 1;
                                Some(next - 1)
                            }
                            Which::Position(position) => Some(position),
                            Which::Name(_) => None,
                        };
                        let name = match &which {
                            Which::Name(name) => Some(name.as_str()),
                            _ => None,
                        };
                        values.push(self.argument(args, position, name));
                    }
                }
            }
        }
        // The template itself is unknown: everything may be in it.
        if template.text().is_none() && template.shape.is_none() {
            values.extend(args.iter().map(|(_, v)| v.clone()));
        }
        self.built(&values, id, Hop::Format)
    }

    fn argument(&mut self, args: &[(Option<Symbol>, V)], position: Option<usize>, name: Option<&str>) -> V {
        if let Some(name) = name {
            let named = args
                .iter()
                .find(|(n, _)| n.is_some_and(|n| self.file.facts.name(n) == name));
            if let Some((_, value)) = named {
                return value.clone();
            }
            // `"%(a)s" % values`: the map is the only argument.
            if let [(None, only)] = args {
                return Rc::new(self.element(&only.clone(), Some(&Key::Text(Rc::from(name)))));
            }
        }
        if let Some(position) = position {
            let positional: Vec<&V> = args.iter().filter(|(n, _)| n.is_none()).map(|(_, v)| v).collect();
            if let Some(value) = positional.get(position) {
                return (*value).clone();
            }
            // `"%s %s" % pair`: one argument that is taken apart.
            if let [only] = positional.as_slice()
                && only.parts.is_some()
            {
                return Rc::new(self.element(&(*only).clone(), Some(&Key::Position(position as u32))));
            }
        }
        let all: Vec<V> = args.iter().map(|(_, v)| v.clone()).collect();
        let taints = all.iter().fold(Taints::default(), |t, v| t.union(&v.deep_taints()));
        Rc::new(Value::carrying(taints, true))
    }
}

/// The text of a builder so far; an object that is no text yet has none.
fn text_only(value: &V) -> V {
    if value.shape.is_some() || value.constant.is_some() {
        return value.clone();
    }
    if value.is_clean() {
        return Rc::new(Value::constant(Const::Text("".into())));
    }
    Rc::new(Value::carrying(value.taints.clone(), value.unknown))
}

/// `%s`, `%(name)s`, `%-5.2f`, `%[1]s`, `%%`.
fn printf_slots(text: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        literal.push_str(&rest[..at]);
        let spec = &rest[at + 1..];
        if let Some(after) = spec.strip_prefix('%') {
            literal.push('%');
            rest = after;
            continue;
        }
        let Some((which, verb, after)) = printf_verb(spec) else {
            literal.push('%');
            rest = spec;
            continue;
        };
        slots.push(Slot::Text(std::mem::take(&mut literal)));
        slots.push(Slot::Hole(which, "dioufFgGeExXtpbc".contains(verb)));
        rest = after;
    }
    literal.push_str(rest);
    slots.push(Slot::Text(literal));
    slots
}

fn printf_verb(spec: &str) -> Option<(Which, char, &str)> {
    let mut rest = spec;
    let mut which = Which::Next;
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(inner) = rest.strip_prefix(open) {
            let (name, after) = inner.split_once(close)?;
            which = match name.parse::<usize>() {
                Ok(number) if open == '[' => Which::Position(number.saturating_sub(1)),
                _ => Which::Name(name.to_owned()),
            };
            rest = after;
        }
    }
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "+-# .*".contains(c));
    let verb = rest.chars().next().filter(char::is_ascii_alphabetic)?;
    Some((which, verb, &rest[1..]))
}

/// `{}`, `{0}`, `{name}`, `{x:>10}`, `{{`.
fn brace_slots(text: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let mark = &rest[at..=at];
        let after = &rest[at + 1..];
        if let Some(doubled) = after.strip_prefix(mark) {
            literal.push_str(mark);
            rest = doubled;
            continue;
        }
        let Some((inner, tail)) = after.split_once('}').filter(|_| mark == "{") else {
            literal.push_str(mark);
            rest = after;
            continue;
        };
        slots.push(Slot::Text(std::mem::take(&mut literal)));
        let (field, spec) = inner.split_once(':').unwrap_or((inner, ""));
        let field = field.split(['.', '[', '!']).next().unwrap_or_default();
        let which = match field.parse::<usize>() {
            Ok(position) => Which::Position(position),
            Err(_) if field.is_empty() => Which::Next,
            Err(_) => Which::Name(field.to_owned()),
        };
        let numbers = matches!(spec.chars().last(), Some('d' | 'f' | 'g' | 'e' | '%' | 'x' | 'X' | 'b'));
        slots.push(Slot::Hole(which, numbers));
        rest = tail;
    }
    literal.push_str(rest);
    slots.push(Slot::Text(literal));
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::value::concat;

    fn shown(slots: &[Slot]) -> String {
        let one = |slot: &Slot| match slot {
            Slot::Text(text) => text.clone(),
            Slot::Hole(Which::Next, numbers) => format!("<{}>", if *numbers { "#" } else { "" }),
            Slot::Hole(Which::Position(p), _) => format!("<{p}>"),
            Slot::Hole(Which::Name(n), _) => format!("<{n}>"),
        };
        slots.iter().map(one).collect()
    }

    #[test]
    fn holes_of_printf_and_braces() {
        assert_eq!(
            shown(&printf_slots("a %s b %-5d 100%% %(k)s %[2]v")),
            "a <> b <#> 100% <k> <1>"
        );
        assert_eq!(shown(&printf_slots("50%, all")), "50%, all");
        assert_eq!(shown(&brace_slots("{} {0} {x.y:>3} {{z}} {n:d}")), "<> <0> <x> {z} <n>");
        assert_eq!(shown(&brace_slots("a } b {")), "a } b {");
    }

    #[test]
    fn a_joined_text_is_one_text() {
        let parts = [
            Rc::new(Value::constant(Const::Text("a".into()))),
            Rc::new(Value::constant(Const::Text("b".into()))),
        ];
        assert!(matches!(&*concat(&parts), [Piece::Lit(text)] if &**text == "ab"));
    }
}
