//! Second look at every candidate: arguments for and against, and the confidence, severity and tier that follow from them. What is
//! disproved is dismissed with the argument that did it. Comments, names and suppressions of the file are never asked.

use super::{
    Argument, Confidence, Severity, Tier,
    model::Origin,
    questioned::questioned,
    surroundings::Surroundings,
    taint::{
        file::{Cell, File},
        resolve::Reached,
        sentence::function_name,
        trace::Hop,
    },
    value::Param,
};
use crate::lang::facts::*;

/// The sum from which a finding is of high confidence.
const HIGH: i32 = 3;
/// The sum from which it is of medium confidence.
const MEDIUM: i32 = 0;

/// Passages from function to function from which a way is long.
const MANY: usize = 2;

/// What verification says.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// For and against.
    pub arguments: Vec<Argument>,
    /// The most that can be said, whatever the arguments.
    pub at_most: Option<Confidence>,
    /// One step less severe, for each.
    pub milder: u8,
    /// Only on request.
    pub audit: bool,
}

impl Verdict {
    /// Adds an argument.
    pub fn argue(&mut self, key: &'static str, weight: i8, note: impl Into<String>) {
        self.arguments.push(Argument {
            key,
            note: note.into(),
            weight,
        });
    }

    /// Adds an argument that weighs as much as it takes to make a high confidence a medium one.
    fn doubt(&mut self, key: &'static str, note: &str) {
        let above = i8::try_from(self.sum() - HIGH).unwrap_or(i8::MAX);
        if above >= 0 {
            self.argue(key, -1 - above, note);
        }
    }

    fn sum(&self) -> i32 {
        self.arguments.iter().map(|a| i32::from(a.weight)).sum()
    }

    /// The confidence that follows.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        let found = match self.sum() {
            s if s >= HIGH => Confidence::High,
            s if s >= MEDIUM => Confidence::Medium,
            _ => Confidence::Low,
        };
        self.at_most.map_or(found, |most| most.min(found))
    }

    /// The severity that follows from the rule's.
    #[must_use]
    pub fn severity(&self, of_rule: Severity) -> Severity {
        const ORDER: [Severity; 5] = [
            Severity::Info,
            Severity::Low,
            Severity::Medium,
            Severity::High,
            Severity::Critical,
        ];
        let at = ORDER.iter().position(|s| *s == of_rule).unwrap_or_default();
        ORDER[at.saturating_sub(self.milder as usize)]
    }

    /// The tier that follows from the rule's.
    #[must_use]
    pub fn tier(&self, of_rule: Tier) -> Tier {
        if self.audit { Tier::Audit } else { of_rule }
    }

    /// Notes that a parameter reaches the sink as it came.
    pub fn handed_on(&mut self) {
        self.argue(
            "handed-on",
            -2,
            "the function hands on what it is given; its callers decide what that is",
        );
        self.audit = true;
    }

    fn limit(&mut self, most: Confidence) {
        self.at_most = Some(self.at_most.map_or(most, |known| known.min(most)));
    }
}

/// Judges an outside value at a sink. `asked`: the rule names the origins that count, so none of them is held against it.
#[must_use]
pub fn taint(file: &File<'_>, reached: &Reached, surroundings: Surroundings, asked: bool) -> Verdict {
    let mut verdict = Verdict::default();
    trust(file, reached, asked, &mut verdict);
    if let Some(taint) = &reached.taint {
        if taint.weak {
            verdict.argue(
                "weak-source",
                -1,
                "the source is recognised by a member's name alone, whatever it is taken from",
            );
        }
        if taint.assumed > 0 {
            let weight = -1 - i8::try_from(taint.assumed.min(3)).unwrap_or(3);
            let what = if taint.assumed == 1 {
                "one step is"
            } else {
                "some steps are"
            };
            verdict.argue(
                "assumed-step",
                weight,
                format!("{what} through code this file does not hold, assumed to pass the value on"),
            );
        }
        false_sanitisers(file, reached, &mut verdict);
    }
    let sink = &file.index.sinks[reached.hit.row as usize];
    if !reached.hit.exact && sink.text.is_none() {
        verdict.argue("weak-receiver", -1, "nothing in this file shows what it is called on");
    }
    if let Some(handler) = handler_of(file, reached) {
        verdict.argue("reached-from-handler", 1, format!("{handler} is called from outside"));
    }
    aside(surroundings, &mut verdict);
    doubts(file, reached, &mut verdict);
    // What stands on assumptions alone is shown to those who ask for everything.
    let by_anyone = matches!(reached.origin, Some(Origin::Http | Origin::Message));
    verdict.audit |= !by_anyone && verdict.confidence() == Confidence::Low;
    verdict
}

/// Judges a shape of code with the confidence its matcher gives it.
#[must_use]
pub fn shape(surroundings: Surroundings, given: Confidence, weak: bool) -> Verdict {
    let mut verdict = Verdict::default();
    match given {
        Confidence::High => verdict.argue("pattern", 3, "what is written here says it by itself"),
        Confidence::Medium => verdict.argue("pattern", 1, "what is written here matches"),
        Confidence::Low => verdict.argue(
            "pattern",
            -1,
            "what is written here matches, but often has another reason",
        ),
    }
    if weak {
        verdict.argue("weak-receiver", -1, "nothing in this file shows what it is called on");
    }
    aside(surroundings, &mut verdict);
    verdict
}

/// The argument that disproves a value that every caller of the file gives as a constant.
#[must_use]
pub fn constant_callers(file: &File<'_>, param: Param) -> Argument {
    let name = function_name(file, param.function);
    Argument {
        key: "constant",
        note: format!("every call of {name} in this file passes a constant"),
        weight: -10,
    }
}

/// Who controls the value.
fn trust(file: &File<'_>, reached: &Reached, asked: bool, verdict: &mut Verdict) {
    let (key, weight, note) = match reached.origin {
        Some(Origin::Http) => ("from-http", 4, "whoever sends a request controls the value"),
        Some(Origin::Message) => ("from-message", 3, "whoever sends a message controls the value"),
        Some(Origin::Response) => ("from-response", 2, "another service controls the value"),
        Some(Origin::Database) => ("from-database", 2, "whoever stored the value earlier controls it"),
        Some(Origin::File) => ("from-file", 1, "the value is read from a file"),
        Some(Origin::CommandLine) => (
            "from-command-line",
            -1,
            "the value comes from whoever starts the program",
        ),
        Some(Origin::Environment) => (
            "from-environment",
            -1,
            "the value comes from the program's own environment",
        ),
        Some(Origin::Internal) => ("from-inside", 2, "the value tells how the program works inside"),
        Some(Origin::Parameter) => return parameter(file, reached, verdict),
        None => {
            verdict.argue(
                "unknown-origin",
                -2,
                "nothing in this file shows where the value comes from",
            );
            verdict.limit(Confidence::Low);
            verdict.audit = true;
            return;
        }
    };
    // What a rule asks for by name is not held against it.
    let weight = if asked { weight.max(0) } else { weight };
    verdict.argue(key, weight, note);
    if matches!(reached.origin, Some(Origin::CommandLine | Origin::Environment)) && !asked {
        verdict.milder += 1;
        verdict.audit = true;
    }
}

fn parameter(file: &File<'_>, reached: &Reached, verdict: &mut Verdict) {
    let Some(param) = reached.param else { return };
    let function = file.function(param.function);
    let name = function_name(file, param.function);
    if reached.taint.as_ref().is_some_and(|t| t.assumed > 0) {
        verdict.audit = true;
    }
    let called = file.feeds.get(&param).is_some_and(|f| !f.is_empty());
    if called {
        verdict.argue(
            "parameter",
            -1,
            format!("nothing in this file shows what the callers of {name} pass in the end"),
        );
        verdict.limit(Confidence::Low);
    } else if function.exported {
        verdict.argue(
            "parameter",
            0,
            format!("{name} can be called from other files with anything"),
        );
        verdict.limit(Confidence::Medium);
    } else {
        verdict.argue(
            "parameter",
            0,
            format!("nothing in this file calls {name}; what it is given is not known"),
        );
        verdict.limit(Confidence::Medium);
    }
}

/// What keeps a case from being certain, however strong it is: a test that the engine cannot read, or a way through functions of which any may
/// hold one. (Of the labelled findings of high confidence those were right in 2 of 16.)
fn doubts(file: &File<'_>, reached: &Reached, verdict: &mut Verdict) {
    if questioned(file, reached).is_some() {
        let note = "a test of the value stands before; whether it makes it harmless is not known";
        verdict.doubt("tested-before", note);
    }
    let steps = reached.taint.as_ref().map(|t| t.trace.steps()).unwrap_or_default();
    let between = |hop: &Hop| matches!(hop, Hop::Into(_) | Hop::Returned(..) | Hop::Callback(_));
    let crossings = steps.iter().filter(|step| between(&step.hop)).count();
    if crossings >= MANY && handler_of(file, reached).is_none() {
        verdict.doubt("long-way", "the value goes through several functions on its way");
    }
}

/// Functions on the way that promise safety and give back what they got.
fn false_sanitisers(file: &File<'_>, reached: &Reached, verdict: &mut Verdict) {
    const PROMISES: [&str; 9] = [
        "sanit", "escape", "clean", "valid", "safe", "quote", "filter", "purify", "check",
    ];
    let Some(taint) = &reached.taint else { return };
    for link in taint.trace.steps() {
        let Hop::Returned(function, true) = link.hop else {
            continue;
        };
        let name = file.facts.name(file.function(function).name).to_ascii_lowercase();
        if PROMISES.iter().any(|p| name.contains(p)) {
            let name = function_name(file, function);
            verdict.argue(
                "sanitiser-returns-input",
                1,
                format!("{name} returns what it was given, unchanged"),
            );
            return;
        }
    }
}

/// The function on the way that a framework calls, by name.
fn handler_of(file: &File<'_>, reached: &Reached) -> Option<String> {
    let from_trace = reached.taint.iter().flat_map(|t| t.trace.steps()).map(|l| l.function);
    let mut functions: Vec<FunctionId> = from_trace.collect();
    functions.push(reached.hit.spot.function);
    functions.dedup();
    let handler = functions.into_iter().find(|id| {
        let given = (0..file.function(*id).params.len()).any(|index| {
            let param = Param {
                function: *id,
                index: index as u16,
            };
            file.holds(Cell::Given(param))
        });
        given || file.is_decorated_handler(*id)
    })?;
    Some(function_name(file, handler))
}

/// Code that is not what runs for users.
fn aside(surroundings: Surroundings, verdict: &mut Verdict) {
    if surroundings.test {
        verdict.argue("test-code", -3, "it stands in test code");
        verdict.milder += 1;
    } else if surroundings.example || surroundings.docs {
        verdict.argue("example-code", -2, "the file is an example or documentation");
        verdict.milder += 1;
    } else if surroundings.generated || surroundings.vendored {
        verdict.argue(
            "generated-code",
            -1,
            "the file was written by a program or by somebody else",
        );
    }
}
