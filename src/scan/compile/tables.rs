//! The rows of an [`Index`](super::Index): what models and matchers become.

use super::{ArgCheck, ConstPat, Kind, Kinds, Range, Selector, SetId};
use crate::{
    lang::facts::ArmEnd,
    scan::{
        code_pattern::CodePattern,
        lazy_regex::LazyRegex,
        model::{BuildStyle, Origin},
        paths::pattern::Pattern,
        rule::Around,
    },
};

/// A rule's taint matcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    /// Index into [`Compiled::rules`].
    pub rule: usize,
    /// Index into the rule's `taint`.
    pub matcher: usize,
}

/// A compiled source.
pub struct Source {
    /// Who controls it.
    pub from: Origin,
    /// How to call it.
    pub label: Option<Box<str>>,
    /// It is always plain text.
    pub text: bool,
    /// Parameters of what is decorated with the path, instead of the path itself.
    pub decorated: Option<Selector>,
    /// The argument that calling it fills.
    pub into: Option<Selector>,
    /// Not parameters with these defaults or type arguments.
    pub provided: Option<SetId>,
    /// Kinds it does no harm in.
    pub harmless: Kinds,
    /// Not parameters converted to these.
    pub converters: Vec<Box<str>>,
}

/// A compiled sink.
pub struct Sink {
    /// Dangerous arguments.
    pub arg: Selector,
    /// Its kind.
    pub kind: Kind,
    /// What must hold of other arguments.
    pub when: Vec<ArgCheck>,
    /// What the text must look like.
    pub text: Option<LazyRegex>,
    /// What the text must not look like.
    pub not_text: Option<LazyRegex>,
    /// Writing to a member rather than calling.
    pub assigned: bool,
    /// Returning from what is decorated with the path, or takes a parameter of it.
    pub returned: bool,
    /// All paths are of elements.
    pub of_element: bool,
    /// Fields and elements count.
    pub deep: bool,
    /// Only built values.
    pub built: bool,
    /// What is passed becomes a part of a larger text.
    pub part: bool,
}

impl Sink {
    /// True when what counts is the key under which an element is written, or by which what is called is chosen (`arg = "key"` of a path
    /// that ends in `[]`).
    #[must_use]
    pub fn is_about_key(&self) -> bool {
        matches!(&self.arg.who, super::Who::Arg { position: None, names } if self.of_element && names.iter().any(|n| &**n == "key"))
    }
}

/// A compiled sanitiser.
pub struct Sanitiser {
    /// What it cleans.
    pub cleans: Kinds,
    /// What comes out is a number.
    pub number: bool,
    /// Conditions.
    pub args: Vec<ArgCheck>,
}

/// A compiled guard.
pub struct Guard {
    /// What is tested; `None`: the receiver of a method, else argument 0.
    pub arg: Option<Selector>,
    /// What it cleans.
    pub cleans: Kinds,
    /// The result that means clean.
    pub when: bool,
    /// Clean afterwards, without a branch.
    pub raises: bool,
    /// Conditions.
    pub args: Vec<ArgCheck>,
}

/// A compiled propagator.
pub struct Propagator {
    /// From.
    pub from: Vec<Selector>,
    /// To.
    pub to: Vec<Selector>,
    /// The result is another view of what it came from.
    pub view: bool,
    /// What arrives is a number.
    pub number: bool,
}

/// What a value stands for.
pub enum TypeIs {
    /// A path.
    Path(Pattern),
    /// The type argument with this index.
    Argument(usize),
    /// The argument of the call with this position.
    Passed(usize),
}

/// What parameters are by their names.
pub struct Parameters {
    /// For each, the names it may have; any when there are none.
    pub names: Vec<Vec<Box<str>>>,
    /// What each is.
    pub is: Vec<Option<Pattern>>,
    /// Name of the function.
    pub function: Option<LazyRegex>,
}

/// A compiled callback.
pub struct Callback {
    /// What is called.
    pub arg: Selector,
    /// What its parameters are.
    pub params: Vec<CallbackParam>,
}

/// What a callback's parameter is.
pub enum CallbackParam {
    /// Nothing known.
    Unknown,
    /// An element of the receiver.
    Element,
    /// The receiver itself.
    Receiver,
    /// An argument of the call that registers it.
    Argument(Selector),
    /// A path.
    Path(Pattern),
}

/// A compiled text builder.
pub struct Format {
    /// Template, separator, or what is appended.
    pub template: Selector,
    /// How.
    pub style: BuildStyle,
    /// What is joined.
    pub items: Option<Selector>,
    /// Where the text goes, when it is not given back.
    pub into: Option<Selector>,
    /// What stands between the text so far and what is appended.
    pub between: Option<Box<str>>,
    /// What the argument held before is gone.
    pub anew: bool,
}

/// What every structural matcher has.
pub struct Common {
    /// Index into [`Compiled::rules`].
    pub rule: usize,
    /// Index into the rule's `match`.
    pub matcher: usize,
    /// Name of the enclosing function.
    pub within: Option<LazyRegex>,
    /// Name of the enclosing function, forbidden.
    pub not_within: Option<LazyRegex>,
    /// Path of the file.
    pub path: Option<LazyRegex>,
    /// Path of the file, forbidden.
    pub not_path: Option<LazyRegex>,
    /// Imports, one of which the file has.
    pub imports: Option<Vec<Box<str>>>,
    /// What must be or must not be around it: an index into [`Index::surroundings`](super::Index::surroundings).
    pub surrounding: Option<u32>,
    /// It is itself no finding but something that a surrounding asks for.
    pub occurrence: Option<u32>,
}

/// What must be or must not be around a shape.
pub struct Surrounding {
    /// Occurrences that must be there.
    pub has: Vec<u32>,
    /// Occurrences that must not.
    pub lacks: Vec<u32>,
    /// Where.
    pub scope: Around,
}

/// A call matcher.
pub struct CallShape {
    /// Common part.
    pub common: Common,
    /// Conditions.
    pub args: Vec<ArgCheck>,
    /// Only where the result is not used.
    pub unused: bool,
}

/// An assignment matcher.
pub struct AssignShape {
    /// Common part.
    pub common: Common,
    /// The name.
    pub name: Option<LazyRegex>,
    /// The constant.
    pub equals: Option<Vec<ConstPat>>,
    /// The constant's text.
    pub matches: Option<LazyRegex>,
    /// How large its number is.
    pub range: Range,
    /// The last name of the value's expression.
    pub named: Option<LazyRegex>,
    /// Built from pieces or not.
    pub built: Option<bool>,
    /// What the value is.
    pub value_path: Option<SetId>,
    /// Where the value comes from.
    pub from: Option<Vec<Origin>>,
    /// What it is a part of.
    pub of: Option<SetId>,
    /// What a part of the value is.
    pub holds: Option<SetId>,
    /// It is a function that always returns this constant.
    pub returns: Option<Vec<ConstPat>>,
}

/// A comparison matcher.
pub struct CompareShape {
    /// Common part.
    pub common: Common,
    /// Operators.
    pub ops: Vec<Box<str>>,
    /// A side's name.
    pub name: Option<LazyRegex>,
    /// The other side's name.
    pub other: Option<LazyRegex>,
    /// The other side's constant text.
    pub constant: Option<LazyRegex>,
    /// The other side is no constant.
    pub dynamic: bool,
    /// Where a side comes from.
    pub from: Option<Vec<Origin>>,
    /// What a side is.
    pub side_path: Option<SetId>,
}

/// A branch matcher.
pub struct BranchShape {
    /// Common part.
    pub common: Common,
    /// Names in the test.
    pub mentions: Option<LazyRegex>,
    /// Negated.
    pub negated: Option<bool>,
    /// Always has this value.
    pub always: Option<bool>,
    /// First arm empty.
    pub empty: Option<bool>,
    /// How the first arm ends.
    pub ends: Option<Vec<ArmEnd>>,
    /// What the first arm is written like.
    pub then: Option<LazyRegex>,
    /// There is a second arm.
    pub other: Option<bool>,
    /// What is mentioned is the whole test.
    pub alone: bool,
    /// What the test reads.
    pub reads: Option<SetId>,
}

/// A matcher of defects of memory.
pub struct MemoryShape {
    /// Common part.
    pub common: Common,
    /// The names of the defects.
    pub names: Vec<&'static str>,
}

/// A handler matcher.
pub struct HandlerShape {
    /// Common part.
    pub common: Common,
    /// A call in the protected statements.
    pub guards: Option<LazyRegex>,
    /// Does nothing.
    pub empty: Option<bool>,
    /// Returns this constant.
    pub returns: Option<Vec<ConstPat>>,
}

/// A function matcher.
pub struct FunctionShape {
    /// Common part.
    pub common: Common,
    /// Its name.
    pub name: Option<LazyRegex>,
    /// Carries one of these.
    pub decorated: Option<SetId>,
    /// Carries none of these.
    pub undecorated: Option<SetId>,
    /// Carries a decorator of the first name outside one of the second.
    pub nested: Option<(LazyRegex, LazyRegex)>,
    /// Always returns this constant.
    pub always_returns: Option<Vec<ConstPat>>,
    /// Returns a parameter unchanged.
    pub returns_input: Option<bool>,
    /// Does nothing.
    pub empty: Option<bool>,
    /// Its class extends one of these.
    pub bases: Option<SetId>,
    /// How many parameters it has.
    pub params: Option<usize>,
    /// Copies under unchecked keys.
    pub copies_keys: bool,
}

/// A code pattern.
pub struct PatternShape {
    /// Common part.
    pub common: Common,
    /// The pattern.
    pub pattern: CodePattern,
}

/// A class matcher.
pub struct ClassShape {
    /// Common part.
    pub common: Common,
    /// Its name.
    pub name: Option<LazyRegex>,
    /// It extends one of these.
    pub bases: Option<SetId>,
    /// Carries one of these.
    pub decorated: Option<SetId>,
    /// Carries none of these.
    pub undecorated: Option<SetId>,
    /// Has one of these methods.
    pub has_method: Vec<Box<str>>,
    /// Has none of these methods.
    pub lacks_method: Vec<Box<str>>,
}
