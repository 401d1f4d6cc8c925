//! Calls on what is known exactly: functions of constants, lists whose elements are known by position, parts of an object of the file
//! that are read by a call. Whatever is not known exactly is left to the other rows of a call.

use super::*;
use crate::scan::model::{Folding, SequenceStep};

impl<'a> Visit<'_, 'a> {
    /// The result, when the call is one of these.
    pub(super) fn known_call(&mut self, rows: &[(Row, Fit)], of: &V, call: &Call<'a>) -> Option<Value> {
        if let Some(read) = self.accessor(of, call) {
            return Some(read);
        }
        let row = rows.iter().find_map(|(row, fit)| match row {
            Row::Fold(gives) => self.folded_call(*gives, *fit, call),
            _ => None,
        });
        if let Some(constant) = row {
            return Some(Value::constant(constant));
        }
        rows.iter().find_map(|(row, _)| match row {
            Row::Sequence(SequenceStep::Make) => self.made(call),
            Row::Sequence(step) => self.sequence_step(*step, call),
            _ => None,
        })
    }

    /// `point.x()` of a record of the file: what is in its field.
    fn accessor(&self, of: &V, call: &Call<'a>) -> Option<Value> {
        let class = self.vals[call.receiver?.ix()]
            .instance
            .filter(|_| call.args.is_empty())?;
        let ExprKind::Member { name, .. } = self.kind(call.callee) else {
            return None;
        };
        let fields = &self.file.facts.classes[class.ix()].fields;
        fields.iter().any(|f| f.name == *name).then(|| (**of).clone())
    }

    // ---- constants

    fn folded_call(&self, gives: Folding, fit: Fit, call: &Call<'a>) -> Option<Const> {
        let receiver = call.receiver.and_then(|r| self.vals[r.ix()].constant.clone());
        // A method of whatever it is called on tells nothing of its arguments alone.
        if receiver.is_none() && !fit.exact {
            return None;
        }
        let mut operands: Vec<Const> = receiver.into_iter().collect();
        // How a text is encoded does not change what it says.
        let encoded = gives == Folding::Text && !operands.is_empty();
        for arg in call.args.iter().filter(|_| !encoded) {
            operands.push(self.vals[arg.value.ix()].constant.clone()?);
        }
        fold(gives, &operands)
    }

    // ---- lists

    /// The elements of a list that holds nothing else, in order.
    fn listed(&self, of: &V) -> Option<Vec<V>> {
        let parts = of.parts.as_ref().filter(|p| p.is_closed() && of.taints.is_empty())?;
        let mut elements: Vec<(u32, V)> = Vec::new();
        for (key, value) in parts.entries() {
            let Key::Position(at) = key else { return None };
            elements.push((*at, value.clone()));
        }
        elements.sort_by_key(|(at, _)| *at);
        let whole = elements.iter().enumerate().all(|(i, (at, _))| *at as usize == i);
        whole.then(|| elements.into_iter().map(|(_, v)| v).collect())
    }

    fn list_of_all(&mut self, elements: Vec<V>) -> Rc<Parts> {
        let entries = elements.into_iter().enumerate();
        let entries = entries.map(|(at, v)| (Key::Position(at as u32), v)).collect();
        Rc::new(Parts::new(&mut self.file.arena, entries, None, true))
    }

    fn made(&mut self, call: &Call<'a>) -> Option<Value> {
        let args: Vec<V> = call.args.iter().map(|a| self.vals[a.value.ix()].clone()).collect();
        let elements = match args.as_slice() {
            [only] if only.parts.is_some() => self.listed(only)?,
            // How many it will hold.
            [only] if matches!(self.kind(call.id), ExprKind::Call { new: true, .. }) => match only.constant {
                Some(Const::Number(_)) => Vec::new(),
                _ => return None,
            },
            _ if call
                .args
                .iter()
                .any(|a| matches!(self.kind(a.value), ExprKind::Spread(_))) =>
            {
                return None;
            }
            _ => args,
        };
        let parts = self.list_of_all(elements);
        Some(Value {
            parts: Some(parts),
            ..Value::default()
        })
    }

    fn sequence_step(&mut self, step: SequenceStep, call: &Call<'a>) -> Option<Value> {
        let receiver = call.receiver?;
        let of = self.vals[receiver.ix()].clone();
        let mut elements = self.listed(&of)?;
        let span = self.span(call.id);
        let arg = |i: usize| call.args.get(i).map(|a| self.vals[a.value.ix()].clone());
        let position = |i: usize| match constant_key(&arg(i)?)? {
            Key::Position(at) => Some(at as usize),
            Key::Text(_) => None,
        };
        let mut given = Value::default();
        match step {
            SequenceStep::Make => return None,
            SequenceStep::Add => {
                let (at, value) = match call.args.len() {
                    1 => (elements.len(), arg(0)?),
                    _ => (position(0)?, arg(1)?),
                };
                let value = self.with_hop(&value, span, Hop::Append);
                elements.insert(at.min(elements.len()), value);
            }
            SequenceStep::AddFirst => {
                let value = self.with_hop(&arg(0)?, span, Hop::Append);
                elements.insert(0, value);
            }
            SequenceStep::Remove => {
                let at = if call.args.is_empty() { 0 } else { position(0)? };
                if at < elements.len() {
                    given = (*elements.remove(at)).clone();
                }
            }
            SequenceStep::RemoveLast => {
                if let Some(last) = elements.pop() {
                    given = (*last).clone();
                }
            }
            SequenceStep::Clear => elements.clear(),
        }
        let mut changed = (*of).clone();
        changed.parts = Some(self.list_of_all(elements));
        self.replace(receiver, Rc::new(changed));
        Some(given)
    }
}

/// What a function gives for these constants; `None` when it would not run, or these are not what it takes.
fn fold(gives: Folding, operands: &[Const]) -> Option<Const> {
    let text = |i: usize| match operands.get(i)? {
        Const::Text(text) => Some(&**text),
        _ => None,
    };
    let position = |i: usize| match operands.get(i)? {
        Const::Number(number) => number.parse::<usize>().ok(),
        _ => None,
    };
    let number = |n: usize| Const::Number(n.to_string().into());
    let known = |t: String| Const::Text(t.into());
    Some(match gives {
        Folding::CharAt => known(text(0)?.chars().nth(position(1)?)?.to_string()),
        Folding::Substring => {
            let (from, all) = (position(1)?, text(0)?);
            let to = match operands.len() {
                2 => all.chars().count(),
                _ => position(2)?,
            };
            known(all.chars().take(to).skip(from).collect())
        }
        Folding::Length => number(text(0)?.chars().count()),
        Folding::IsEmpty => Const::Bool(text(0)?.is_empty()),
        Folding::Lower => known(text(0)?.to_lowercase()),
        Folding::Upper => known(text(0)?.to_uppercase()),
        Folding::Trim => known(text(0)?.trim().to_owned()),
        Folding::Equals => match operands {
            [one, other] => Const::Bool(one == other),
            _ => return None,
        },
        Folding::EqualsIgnoringCase => Const::Bool(text(0)?.to_lowercase() == text(1)?.to_lowercase()),
        Folding::Contains => Const::Bool(text(0)?.contains(text(1)?)),
        Folding::StartsWith => Const::Bool(text(0)?.starts_with(text(1)?)),
        Folding::EndsWith => Const::Bool(text(0)?.ends_with(text(1)?)),
        Folding::IndexOf => match text(0)?.find(text(1)?) {
            Some(at) => number(text(0)?[..at].chars().count()),
            None => Const::Number("-1".into()),
        },
        Folding::Number => match operands {
            [Const::Number(number)] => Const::Number(number.clone()),
            [Const::Text(text)] => Const::Number(text.trim().parse::<i64>().ok()?.to_string().into()),
            _ => return None,
        },
        Folding::Text => match operands {
            [Const::Text(text) | Const::Number(text)] => Const::Text(text.clone()),
            [Const::Bool(truth)] => known(truth.to_string()),
            _ => return None,
        },
        Folding::Truth => match operands {
            [Const::Bool(truth)] => Const::Bool(*truth),
            [Const::Text(text)] => Const::Bool(text.eq_ignore_ascii_case("true")),
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Const {
        Const::Text(t.into())
    }

    fn number(n: &str) -> Const {
        Const::Number(n.into())
    }

    #[test]
    fn functions_of_constants() {
        assert_eq!(fold(Folding::CharAt, &[text("ABC"), number("1")]), Some(text("B")));
        assert_eq!(fold(Folding::CharAt, &[text("ABC"), number("3")]), None);
        assert_eq!(
            fold(Folding::Substring, &[text("table"), number("2"), number("4")]),
            Some(text("bl"))
        );
        assert_eq!(fold(Folding::Equals, &[text("a"), text("b")]), Some(Const::Bool(false)));
        assert_eq!(fold(Folding::Equals, &[text("a")]), None);
        assert_eq!(fold(Folding::IndexOf, &[text("äb"), text("b")]), Some(number("1")));
        assert_eq!(fold(Folding::Number, &[text("12")]), Some(number("12")));
        assert_eq!(fold(Folding::Length, &[number("12")]), None);
    }
}
