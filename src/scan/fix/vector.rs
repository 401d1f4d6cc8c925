//! `argument-vector`: a command line that a shell would read becomes a program and its arguments, which no shell reads.
//!
//! The text is cut into words ([`super::shell`]); when only a shell could run it, there is no fix. What runs it is changed with it:
//!
//! | now | then |
//! |---|---|
//! | one text (`subprocess.run(text, shell=True)`, `exec(text, done)`) | a list, or in JavaScript a program and a list; `shell` goes |
//! | a shell by name (`["sh", "-c", text]`, `exec.Command("sh", "-c", text)`) | the program and its arguments in their place |
//! | Rust's `Command::new("sh").arg("-c").arg(text)` | `Command::new(program).arg(..)` |
//!
//! `with` and `import` replace the function as in `replace-callee`; `options.follow` and `options.then` too; `options.add` is one more argument.

use super::{
    argument::taken_out,
    arguments::{Found, Listed, find},
    built::{Built, Show, Traced, traced},
    callee,
    compose::{self, Content},
    follow::is_number,
    job::{Call, Code, Job, Plan, edit},
    literal, names,
    shell::{self, Word},
};
use crate::{
    lang::{Lang, facts::*},
    scan::{
        Edit,
        compile::{Part, Selector, Who},
    },
    text::Span,
};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let call = code.call()?;
    let place = Place::of(&code, &call, code.value?)?;
    let traced = traced(&code, place.text)?;
    let words = shell::words(&traced.built)?;
    if words.iter().any(|w| holds_several(&code, &traced.built, w)) {
        return None;
    }
    let words: Option<Vec<String>> = words.iter().map(|w| word(&code, &traced.built, w)).collect();
    let mut edits = place.edits(&code, &call, &traced, &words?)?;
    if let Some(with) = job.spec.with.as_deref() {
        edits.extend(callee::replaced_through(job, &code, call.callee, with)?);
    }
    if let Some(add) = job.option("add") {
        edits.push(Listed::args(&call).insert(code.text, call.args.len(), add)?);
    }
    edits.extend(callee::followed(job, &call)?);
    Some(edits.into())
}

/// True for a hole alone in a word whose name says that it is more than one.
fn holds_several(code: &Code<'_>, built: &Built, word: &Word) -> bool {
    let [Content::Hole(hole)] = word[..] else { return false };
    names::last_name(code, built.holes[hole].value).is_some_and(shell::names_several)
}

/// The code of one word.
fn word(code: &Code<'_>, built: &Built, word: &Word) -> Option<String> {
    let [Content::Hole(at)] = word[..] else {
        return if word.is_empty() {
            Some(literal::write(code.lang(), &built.literals.first()?.style, ""))
        } else {
            compose::text(code, built, word)
        };
    };
    let hole = &built.holes[at];
    if matches!(hole.show, Show::Formatted | Show::Quoted) {
        return compose::text(code, built, word);
    }
    let id = unquoted(code, hole.value);
    let source = code.source(id)?;
    let number = hole.show == Show::Number || is_number(code, id);
    let place = matches!(
        code.kind(id),
        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. }
    );
    Some(match code.lang() {
        Lang::Python if number => format!("str({source})"),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx if number => format!("String({source})"),
        Lang::Go if number => format!("fmt.Sprint({source})"),
        Lang::Rust if number => format!("{source}.to_string()"),
        Lang::Rust if place && !source.starts_with('&') => format!("&{source}"),
        _ => source.to_owned(),
    })
}

/// What was quoted for a shell, without that.
fn unquoted(code: &Code<'_>, id: ExprId) -> ExprId {
    match code.kind(id) {
        ExprKind::Call { callee, args, .. } if args.len() == 1 => match names::path(code, *callee).as_deref() {
            Some("shlex.quote" | "pipes.quote") => args[0].value,
            _ => id,
        },
        _ => id,
    }
}

/// Where the command line stands.
enum Shape {
    /// An argument (by index) that is the command line.
    Line(usize),
    /// The elements of a list, shell and `-c` before the text; in JavaScript the shell is the argument before.
    List { arg: usize, shell_before: bool },
    /// Arguments: shell, `-c`, text; the index of the shell.
    Args { shell: usize, text: usize },
    /// A chain of calls: where the shell's name stands, and where the arguments begin.
    Chain { shell: Span, from: u32 },
}

/// The command line and its surroundings.
struct Place {
    text: ExprId,
    shape: Shape,
}

impl Place {
    fn of(code: &Code<'_>, call: &Call<'_>, value: ExprId) -> Option<Place> {
        let holder =
            |a: &Arg| a.value == value || matches!(code.kind(a.value), ExprKind::Sequence(all) if all.contains(&value));
        let arg = call.args.iter().position(holder)?;
        if code.lang() == Lang::Rust
            && let Some(found) = Self::in_chain(code, call)
        {
            return Some(found);
        }
        if let ExprKind::Sequence(items) = code.kind(call.args[arg].value) {
            let before = arg.checked_sub(1).is_some_and(|i| is_shell(code, call.args[i].value));
            let (shell, flag_at) = if before {
                (true, 0)
            } else {
                (is_shell(code, *items.first()?), 1)
            };
            let text = *items.get(flag_at + 1)?;
            let fits = shell && is_flag(code, *items.get(flag_at)?) && items.len() == flag_at + 2;
            return fits.then_some(Place {
                text,
                shape: Shape::List {
                    arg,
                    shell_before: before,
                },
            });
        }
        let shell = (0..arg).find(|i| is_shell(code, call.args[*i].value));
        match shell {
            Some(shell) if shell + 2 < call.args.len() && is_flag(code, call.args[shell + 1].value) => {
                let last = shell + 3 == call.args.len();
                last.then_some(Place {
                    text: call.args[shell + 2].value,
                    shape: Shape::Args { shell, text: shell + 2 },
                })
            }
            Some(_) => None,
            None => Some(Place {
                text: call.args[arg].value,
                shape: Shape::Line(arg),
            }),
        }
    }

    /// `Command::new("sh").arg("-c").arg(text)`, `Command::new("sh").args(["-c", text])`.
    fn in_chain(code: &Code<'_>, call: &Call<'_>) -> Option<Place> {
        let receiver = |call: &Call<'_>, name: &str| match code.kind(call.callee) {
            ExprKind::Member { base, name: n, .. } if code.facts.name(*n) == name => code.call_at(*base),
            _ => None,
        };
        let made = |call: &Call<'_>| {
            let arg = call.args.first()?;
            is_shell(code, arg.value).then(|| (code.span(arg.value), call.span.end))
        };
        if let Some(new) = receiver(call, "args") {
            let mut list = call.args.first()?.value;
            while let ExprKind::Same(operand) = code.kind(list) {
                list = *operand;
            }
            let ExprKind::Sequence(items) = code.kind(list) else {
                return None;
            };
            let [flag, text] = items[..] else { return None };
            let (shell, from) = made(&new).filter(|_| is_flag(code, flag))?;
            return Some(Place {
                text,
                shape: Shape::Chain { shell, from },
            });
        }
        let flag = receiver(call, "arg")?;
        let new = receiver(&flag, "arg")?;
        let (shell, from) = made(&new).filter(|_| flag.args.first().is_some_and(|a| is_flag(code, a.value)))?;
        Some(Place {
            text: call.args.first()?.value,
            shape: Shape::Chain { shell, from },
        })
    }

    fn edits(&self, code: &Code<'_>, call: &Call<'_>, traced: &Traced, words: &[String]) -> Option<Vec<Edit>> {
        let (program, rest) = words.split_first()?;
        let list = |items: &[String]| format!("[{}]", items.join(", "));
        let program_and_list = || format!("{program}, {}", list(rest));
        let javascript = matches!(code.lang(), Lang::JavaScript | Lang::TypeScript | Lang::Tsx);
        let mut edits = Vec::new();
        // A Python list can stay in the variable that held the text; elsewhere the variable goes.
        let stays = matches!(self.shape, Shape::Line(_)) && code.lang() == Lang::Python && traced.assigned.is_some();
        if traced.assigned.is_some() && !stays {
            edits.push(declaration_gone(code, traced)?);
        }
        match &self.shape {
            Shape::Line(_) if stays => edits.push(edit(code.span(traced.id), list(words))),
            Shape::Line(arg) if javascript => edits.push(edit(call.args[*arg].span, program_and_list())),
            Shape::Line(arg) if code.lang() == Lang::Python => {
                edits.push(edit(super::arguments::value_span(code, &call.args[*arg]), list(words)));
            }
            Shape::Line(_) => return None,
            Shape::List {
                arg,
                shell_before: true,
            } => {
                edits.push(edit(
                    call.args[arg - 1].span.to(call.args[*arg].span),
                    program_and_list(),
                ));
            }
            Shape::List { arg, .. } => edits.push(edit(code.span(call.args[*arg].value), list(words))),
            Shape::Args { shell, text } => {
                edits.push(edit(call.args[*shell].span.to(call.args[*text].span), words.join(", ")));
            }
            Shape::Chain { shell, from } => {
                edits.push(edit(*shell, program.clone()));
                let span = Span {
                    start: *from,
                    end: call.span.end,
                };
                let lead = lead(code.text, *from);
                let links: String = rest.iter().map(|w| format!("{lead}.arg({w})")).collect();
                edits.push(edit(span, links));
            }
        }
        let selector = Selector {
            who: Who::Arg {
                position: None,
                names: vec!["shell".into()],
            },
            part: Part::Whole,
            field: None,
        };
        if let Some(found) = find(code, call, &selector) {
            let inside = matches!((found, &self.shape), (Found::Arg(i), Shape::Line(arg)) if i == *arg);
            if !inside {
                edits.push(taken_out(code, call, found)?);
            }
        }
        Some(edits)
    }
}

/// White space before the next link of a chain, when links stand on lines of their own.
fn lead(text: &[u8], from: u32) -> String {
    let rest = text.get(from as usize..).unwrap_or_default();
    let space = rest.len() - rest.trim_ascii_start().len();
    let space = &rest[..space];
    if space.contains(&b'\n') {
        String::from_utf8_lossy(space).replace('\r', "")
    } else {
        String::new()
    }
}

/// The variable's declaration, taken out with its lines; `None` when something else stands there too.
fn declaration_gone(code: &Code<'_>, traced: &Traced) -> Option<Edit> {
    let end = traced.assigned?;
    let value = code.span(traced.id);
    let text = code.text;
    let from = text[..value.start as usize]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |i| i + 1);
    let line_end = text[end as usize..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(text.len(), |i| end as usize + i + 1);
    let before = String::from_utf8_lossy(&text[from..value.start as usize]).into_owned();
    let after = String::from_utf8_lossy(&text[end as usize..line_end]).into_owned();
    let before = before.trim().trim_end_matches('=').trim_end_matches(':').trim();
    let name = before
        .trim_start_matches("const ")
        .trim_start_matches("let ")
        .trim_start_matches("var ")
        .trim_start_matches("mut ");
    let name = name.split(':').next().unwrap_or_default().trim();
    let alone = names::is_word(name) && matches!(after.trim(), "" | ";");
    alone.then(|| edit(Span::new(from, line_end), ""))
}

fn is_shell(code: &Code<'_>, id: ExprId) -> bool {
    const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "ksh", "ash"];
    let ExprKind::Str(text) = code.kind(id) else {
        return false;
    };
    SHELLS.contains(&text.rsplit('/').next().unwrap_or_default())
}

fn is_flag(code: &Code<'_>, id: ExprId) -> bool {
    let ExprKind::Str(text) = code.kind(id) else {
        return false;
    };
    // `-lc` reads the profile first: another environment, the same command.
    text.starts_with('-') && text.ends_with('c') && text.bytes().skip(1).all(|b| b.is_ascii_lowercase())
}
