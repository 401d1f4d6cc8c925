//! The way of a value in words: one plain sentence a step, with the place it speaks of.

use super::{
    file::File,
    trace::{Hop, Link},
};
use crate::{
    lang::facts::*,
    scan::{StepKind, value::Param},
    text::{Span, safe},
};

/// Longest piece of code in a sentence, in characters.
const LONGEST_CODE: usize = 60;
/// Most steps shown between the source and the sink; of a longer way the middle is left out.
const MOST_STEPS: usize = 10;

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is.
    pub kind: StepKind,
    /// The function it is in.
    pub function: FunctionId,
    /// Where.
    pub span: Span,
    /// The sentence, without a full stop.
    pub note: String,
}

/// The way of a value, the sink not included.
#[must_use]
pub fn told(file: &File<'_>, trace: &Link) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for link in trace.steps() {
        let told = Told {
            kind: if link.before.is_none() {
                StepKind::Source
            } else {
                StepKind::Step
            },
            function: link.function,
            span: link.span,
            note: sentence(file, link),
        };
        match all.last_mut() {
            // Keeping a value under the name it is read as tells nothing new.
            Some(last) if matches!(link.hop, Hop::Kept(_)) && on_one_line(file, last.span, told.span) => {}
            Some(last) if last.span == told.span && last.note == told.note => {}
            _ => all.push(told),
        }
    }
    if all.len() > MOST_STEPS + 1 {
        let tail = all.split_off(all.len() - MOST_STEPS / 2);
        all.truncate(1 + MOST_STEPS / 2);
        all.extend(tail);
    }
    all
}

/// True when no line ends between the two.
fn on_one_line(file: &File<'_>, one: Span, other: Span) -> bool {
    let between = Span {
        start: one.end.min(other.end),
        end: one.start.max(other.start),
    };
    between.start >= between.end || !between.of(file.text).contains(&b'\n')
}

fn sentence(file: &File<'_>, link: &Link) -> String {
    let name = |symbol: Symbol| safe::visible(file.facts.name(symbol));
    match link.hop {
        Hop::Source(row) => source(file, row, link.span),
        Hop::Given(param, row) => match &file.index.sources[row as usize].label {
            Some(label) => format!("comes from {label}, as the parameter `{}`", param_name(file, param)),
            None => format!("comes from outside, as the parameter `{}`", param_name(file, param)),
        },
        Hop::Param(param) => format!(
            "is the parameter `{}` of {}",
            param_name(file, param),
            function_name(file, param.function)
        ),
        Hop::Kept(variable) => format!("is kept in `{}`", name(variable)),
        Hop::Field(field) => format!("is kept in the field `{}`", name(field)),
        Hop::Concat => "is joined to other text".into(),
        Hop::Template => format!("is put into the text of {}", file.facts.lang.word_for_template()),
        Hop::Format => "is put into a format string".into(),
        Hop::Join => "is joined with other pieces into one text".into(),
        Hop::Append => "is added to what is there already".into(),
        Hop::Through => format!("passes through `{}`", code(file, link.span)),
        Hop::Assumed => format!(
            "passes through `{}`, which this file does not define: assumed to pass it on",
            code(file, link.span)
        ),
        Hop::Cleaned => format!(
            "passes through `{}`, which does not make it safe for this use",
            code(file, link.span)
        ),
        Hop::Into(param) => format!(
            "is passed to {} as `{}`",
            function_name(file, param.function),
            param_name(file, param)
        ),
        Hop::Returned(function, true) => format!("is returned by {} unchanged", function_name(file, function)),
        Hop::Returned(function, false) => format!("is part of what {} returns", function_name(file, function)),
        Hop::Thrown => "becomes part of the exception".into(),
        Hop::Callback(param) => format!("is handed to the callback as `{}`", param_name(file, param)),
    }
}

/// Where a value of a source row comes from.
#[must_use]
pub fn source(file: &File<'_>, row: u32, span: Span) -> String {
    match &file.index.sources[row as usize].label {
        Some(label) => format!("comes from {label}"),
        None => format!("comes from `{}`", code(file, span)),
    }
}

/// What to call the origin of a value in a message: a source's label, a parameter's name.
#[must_use]
pub fn origin(file: &File<'_>, trace: &Link) -> String {
    let steps = trace.steps();
    let Some(first) = steps.first() else {
        return String::new();
    };
    match first.hop {
        Hop::Source(row) | Hop::Given(_, row) => match &file.index.sources[row as usize].label {
            Some(label) => label.to_string(),
            None => format!("`{}`", code(file, first.span)),
        },
        Hop::Param(param) => format!("the parameter `{}`", param_name(file, param)),
        _ => format!("`{}`", code(file, first.span)),
    }
}

/// Code on one line, harmless, shortened.
#[must_use]
pub fn code(file: &File<'_>, span: Span) -> String {
    let text = String::from_utf8_lossy(span.of(file.text));
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = safe::visible(words.join(" "));
    match line.char_indices().nth(LONGEST_CODE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A function by its name, as in `orders()`.
#[must_use]
pub fn function_name(file: &File<'_>, id: FunctionId) -> String {
    let function = file.function(id);
    match function.kind {
        FunctionKind::Lambda => "a function without a name".into(),
        FunctionKind::Module => "the file's top level".into(),
        FunctionKind::ClassBody => "the class body".into(),
        FunctionKind::Function | FunctionKind::Method | FunctionKind::Constructor => {
            format!("`{}()`", safe::visible(file.facts.name(function.name)))
        }
    }
}

fn param_name(file: &File<'_>, param: Param) -> String {
    let params = &file.function(param.function).params;
    let Some(of) = params.get(param.index as usize) else {
        return String::new();
    };
    let name = file.facts.name(of.name);
    // A parameter that is taken apart has no name of its own.
    if name.starts_with('<') {
        return code(file, of.span);
    }
    safe::visible(name)
}
