//! The values handed to the driver beside the text, in the way its call wants them, among those that are passed already.

use super::{Value, default_way};
use crate::{
    lang::{Lang, facts::*},
    scan::{
        Edit,
        fix::{
            arguments::Listed,
            job::{Call, Code, Job, edit, insert},
            names, template,
        },
    },
    text::Span,
};

/// What the statement has already.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// How many placeholders.
    pub placeholders: usize,
    /// They have names.
    pub named: bool,
}

/// The edits that pass `values`; `None` when they cannot be passed here.
pub fn pass(job: &Job<'_>, code: &Code<'_>, given: Given, values: &[Value]) -> Option<Vec<Edit>> {
    let call = code.call()?;
    let wanted = code.value?;
    let holder = call.args.iter().position(|a| a.value == wanted);
    let way = job.option("values").unwrap_or_else(|| default_way(code.lang()));
    let Some(index) = holder else {
        return in_object(code, &call, wanted, given, values);
    };
    let context = Context {
        code,
        call,
        index,
        given,
        values,
    };
    match way {
        "args" => context.args(),
        "chain" => context.chain(job.option("chain").unwrap_or(".bind({value})")),
        "bindparams" => context.bindparams(),
        "tuple" | "list" | "refs" | "params" | "dict" => context.beside(way),
        _ => match way.split_once(':')? {
            ("keyword", name) => context.keyword(name),
            ("property", name) => context.property(name),
            _ => None,
        },
    }
}

struct Context<'c, 'a> {
    code: &'c Code<'a>,
    call: Call<'a>,
    /// The statement's argument.
    index: usize,
    given: Given,
    values: &'c [Value],
}

impl Context<'_, '_> {
    /// Arguments after the statement.
    fn args(&self) -> Option<Vec<Edit>> {
        let after = self.call.args.get(self.index + 1..)?;
        let positional = after.iter().take_while(|a| a.name.is_none()).count();
        let unpacked = |a: &Arg| matches!(self.code.kind(a.value), ExprKind::Spread(_));
        if after.iter().any(unpacked) || self.given.named || positional < self.given.placeholders {
            return None;
        }
        let list = Listed::args(&self.call);
        let mut edits = Vec::new();
        for group in self.groups() {
            let codes: Vec<&str> = group.iter().map(|v| v.code.as_str()).collect();
            let at = self.index + 1 + group.first()?.after;
            edits.push(list.insert(self.code.text, at, &codes.join(", "))?);
        }
        Some(edits)
    }

    /// The values in runs that go to the same place.
    fn groups(&self) -> Vec<&[Value]> {
        self.values.chunk_by(|a, b| a.after == b.after).collect()
    }

    /// `.bind(a).bind(b)` after the call, after those that are there.
    fn chain(&self, link: &str) -> Option<Vec<Edit>> {
        let mut ends = vec![self.call.span.end];
        let mut at = self.call.id;
        while let Some(next) = self.bound_after(at) {
            ends.push(self.code.span(next).end);
            at = next;
        }
        if ends.len() <= self.given.placeholders {
            return None;
        }
        let mut edits = Vec::new();
        for group in self.groups() {
            let end = *ends.get(group.first()?.after)?;
            let lead = self.link_lead(end);
            let mut text = String::new();
            for value in group {
                let value = reference(value);
                text.push_str(&lead);
                text.push_str(&template::fill(link, |word| {
                    (word == "value").then(|| value.as_str().into())
                })?);
            }
            edits.push(insert(end, text));
        }
        Some(edits)
    }

    /// The `.bind(..)` of `id`, when that is what happens to it next.
    fn bound_after(&self, id: ExprId) -> Option<ExprId> {
        let member = self.code.parent(id)?;
        let ExprKind::Member { base, name, .. } = self.code.kind(member) else {
            return None;
        };
        let bind = *base == id && self.code.facts.name(*name) == "bind";
        bind.then(|| self.code.parent(member))?
    }

    /// Links on lines of their own get one each.
    fn link_lead(&self, end: u32) -> String {
        let rest = self.code.text.get(end as usize..).unwrap_or_default();
        let space = rest.len() - rest.trim_ascii_start().len();
        let (space, after) = rest.split_at(space);
        if after.starts_with(b".") && space.contains(&b'\n') {
            String::from_utf8_lossy(space).replace('\r', "")
        } else {
            String::new()
        }
    }

    /// `.bindparams(a=a)` after the call.
    fn bindparams(&self) -> Option<Vec<Edit>> {
        let named: Vec<String> = self.values.iter().map(|v| format!("{}={}", v.name, v.code)).collect();
        Some(vec![insert(
            self.call.span.end,
            format!(".bindparams({})", named.join(", ")),
        )])
    }

    /// A list of values as the next argument.
    fn beside(&self, way: &str) -> Option<Vec<Edit>> {
        let next = self.call.args.get(self.index + 1).filter(|a| a.name.is_none());
        let Some(next) = next else {
            return self.insert_beside(way);
        };
        match (self.code.kind(next.value), way) {
            (_, "params" | "refs") => self.extend_rust(next, way),
            (ExprKind::Sequence(items), "tuple" | "list") => {
                let items: Vec<Span> = items.iter().map(|i| self.code.span(*i)).collect();
                self.extended(self.code.span(next.value), &items).map(|e| vec![e])
            }
            (ExprKind::Map(entries), "dict") => {
                let list = Listed::entries(self.code.span(next.value), entries);
                let new = entries_of(self.code.lang(), self.values);
                Some(vec![list.insert(self.code.text, entries.len(), &new.join(", "))?])
            }
            (ExprKind::Lambda(_), "list") if self.given.placeholders == 0 => self.insert_beside(way),
            (ExprKind::Name(_), "list") if self.given.placeholders == 0 => self.insert_beside(way),
            (ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. }, "tuple" | "list")
                if self.given.placeholders > 0 =>
            {
                self.unpacked(next, way).map(|e| vec![e])
            }
            _ => None,
        }
    }

    fn insert_beside(&self, way: &str) -> Option<Vec<Edit>> {
        if self.given.placeholders > 0 {
            return None;
        }
        let list = Listed::args(&self.call);
        let new = written(self.code.lang(), way, self.values, self.given.named);
        Some(vec![list.insert(self.code.text, self.index + 1, &new)?])
    }

    /// `[...params, x]`: only when all of them come before.
    fn unpacked(&self, next: &Arg, way: &str) -> Option<Edit> {
        if self.given.named || self.values.iter().any(|v| v.after < self.given.placeholders) {
            return None;
        }
        let old = self.code.source(next.value)?;
        let codes: Vec<&str> = self.values.iter().map(|v| v.code.as_str()).collect();
        let new = match way {
            "tuple" => format!("(*{old}, {})", codes.join(", ")),
            _ => format!("[...{old}, {}]", codes.join(", ")),
        };
        Some(edit(self.code.span(next.value), new))
    }

    /// A list literal with the values put in at their places.
    fn extended(&self, span: Span, items: &[Span]) -> Option<Edit> {
        if items.len() != self.given.placeholders || self.given.named {
            return None;
        }
        let source = span.of(self.code.text);
        let (open, close) = match source.first()? {
            b'(' => ("(", ")"),
            _ => ("[", "]"),
        };
        let all = self.merged(items, |v| v.code.clone())?;
        let comma = if open == "(" && all.len() == 1 { "," } else { "" };
        Some(edit(span, format!("{open}{}{comma}{close}", all.join(", "))))
    }

    /// Old items and new values in the order of their placeholders.
    fn merged(&self, items: &[Span], show: impl Fn(&Value) -> String) -> Option<Vec<String>> {
        let mut all = Vec::new();
        for i in 0..=items.len() {
            all.extend(self.values.iter().filter(|v| v.after == i).map(&show));
            if let Some(item) = items.get(i) {
                all.push(String::from_utf8(item.of(self.code.text).to_vec()).ok()?);
            }
        }
        Some(all)
    }

    /// `[]`, `()`, `params![..]`, `&[..]` as the next argument.
    fn extend_rust(&self, next: &Arg, way: &str) -> Option<Vec<Edit>> {
        let mut id = next.value;
        while let ExprKind::Unary { op: "&", operand } | ExprKind::Same(operand) = self.code.kind(id) {
            id = *operand;
        }
        let items: Vec<Span> = match self.code.kind(id) {
            ExprKind::Sequence(items) => items.iter().map(|i| self.code.span(*i)).collect(),
            ExprKind::Call { callee, args, .. } if names::path(self.code, *callee)?.ends_with("params!") => {
                args.iter().map(|a| a.span).collect()
            }
            ExprKind::Name(_) | ExprKind::Member { .. } if self.code.source(id)?.ends_with("NO_PARAMS") => Vec::new(),
            ExprKind::Other(all) if all.is_empty() => Vec::new(),
            _ => return None,
        };
        if items.len() != self.given.placeholders {
            return None;
        }
        let show = |v: &Value| {
            if way == "refs" {
                format!("&{}", v.code)
            } else {
                v.code.clone()
            }
        };
        let all = self.merged(&items, show)?.join(", ");
        let new = match way {
            "refs" => format!("&[{all}]"),
            _ => format!("rusqlite::params![{all}]"),
        };
        Some(vec![edit(next.span, new)])
    }

    /// A keyword argument.
    fn keyword(&self, name: &str) -> Option<Vec<Edit>> {
        let known = self
            .call
            .args
            .iter()
            .find(|a| a.name.is_some_and(|n| self.code.facts.name(n) == name));
        if let Some(known) = known {
            return match self.code.kind(known.value) {
                ExprKind::Sequence(items) => {
                    let items: Vec<Span> = items.iter().map(|i| self.code.span(*i)).collect();
                    self.extended(self.code.span(known.value), &items).map(|e| vec![e])
                }
                _ => None,
            };
        }
        if self.given.placeholders > 0 {
            return None;
        }
        let way = if self.given.named { "dict" } else { "tuple" };
        let new = format!(
            "{name}={}",
            written(self.code.lang(), way, self.values, self.given.named)
        );
        let list = Listed::args(&self.call);
        Some(vec![list.insert(self.code.text, self.call.args.len(), &new)?])
    }

    /// An entry of the object of options that follows the statement.
    fn property(&self, name: &str) -> Option<Vec<Edit>> {
        if self.given.placeholders > 0 {
            return None;
        }
        let way = if self.given.named { "dict" } else { "list" };
        let new = format!(
            "{name}: {}",
            written(self.code.lang(), way, self.values, self.given.named)
        );
        let list = Listed::args(&self.call);
        match self.call.args.get(self.index + 1) {
            None => Some(vec![list.insert(
                self.code.text,
                self.index + 1,
                &format!("{{ {new} }}"),
            )?]),
            Some(next) => match self.code.kind(next.value) {
                ExprKind::Map(entries) => {
                    let entries = Listed::entries(self.code.span(next.value), entries);
                    Some(vec![entries.insert(self.code.text, entries.items.len(), &new)?])
                }
                _ => None,
            },
        }
    }
}

/// The statement is an entry of an object (`{ text: "..", values: [..] }`): the values go into the same object.
fn in_object(code: &Code<'_>, call: &Call<'_>, wanted: ExprId, given: Given, values: &[Value]) -> Option<Vec<Edit>> {
    let (map, entries) = call.args.iter().find_map(|a| match code.kind(a.value) {
        ExprKind::Map(entries) if entries.iter().any(|e| e.value == wanted) => Some((a.value, entries)),
        _ => None,
    })?;
    let key = |e: &Entry| match code.kind(e.key?) {
        ExprKind::Str(text) => Some(&**text),
        _ => None,
    };
    let taken = entries.iter().any(|e| key(e) == Some("values"));
    if taken || given.placeholders > 0 || given.named {
        return None;
    }
    let list = Listed::entries(code.span(map), entries);
    let new = format!("values: {}", written(code.lang(), "list", values, false));
    Some(vec![list.insert(code.text, entries.len(), &new)?])
}

fn entries_of(lang: Lang, values: &[Value]) -> Vec<String> {
    let quote = if lang == Lang::Python { "\"" } else { "" };
    let entry = |v: &Value| format!("{quote}{}{quote}: {}", v.name, v.code);
    values.iter().map(entry).collect()
}

/// All values as one list.
fn written(lang: Lang, way: &str, values: &[Value], named: bool) -> String {
    let codes: Vec<&str> = values.iter().map(|v| v.code.as_str()).collect();
    let codes = codes.join(", ");
    match way {
        "dict" => {
            let (open, close) = if lang == Lang::Python { ("{", "}") } else { ("{ ", " }") };
            format!("{open}{}{close}", entries_of(lang, values).join(", "))
        }
        _ if named && lang == Lang::Python => format!("{{{}}}", entries_of(lang, values).join(", ")),
        "tuple" if values.len() == 1 => format!("({codes},)"),
        "tuple" => format!("({codes})"),
        "params" => format!("rusqlite::params![{codes}]"),
        "refs" => {
            let refs: Vec<String> = values.iter().map(|v| format!("&{}", v.code)).collect();
            format!("&[{}]", refs.join(", "))
        }
        _ => format!("[{codes}]"),
    }
}

/// What is bound by reference, so that it can still be used afterwards.
fn reference(value: &Value) -> String {
    if value.place && !value.code.starts_with('&') {
        format!("&{}", value.code)
    } else {
        value.code.clone()
    }
}
