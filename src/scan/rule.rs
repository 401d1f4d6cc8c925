//! Rule files: one family a file, with what it is, why it matters, how to check it by hand, what it matches, how to fix it,
//! and its own examples. Strict: an unknown key is an error with line and nearest name.

mod around;
mod document;

pub use around::{Around, ClassTest, Occurrence};
pub use document::{DocumentCondition, DocumentMatcher, ValueTest};

use super::{
    Confidence, Severity, Tier,
    model::{ArgSelector, ArgTest, Origin},
};
use serde::Deserialize;
use std::borrow::Cow;

/// One rule file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleFile {
    /// Version of the format: 1.
    pub schema: u32,
    /// `python/sql-injection`: language or topic, then category.
    pub id: String,
    /// The category of the catalogue.
    pub category: String,
    /// A short noun phrase.
    pub title: String,
    /// How bad it is when it is real.
    pub severity: Severity,
    /// Who sees it without asking.
    #[serde(default)]
    pub tier: Tier,
    /// CWE numbers, the most specific first.
    pub cwe: Vec<u32>,
    /// Languages by [`crate::lang::Lang::name`]; `["*"]` for any text.
    pub languages: Vec<String>,
    /// Why it matters, in prose.
    pub why: String,
    /// How to check by hand, in prose.
    pub check: String,
    /// Where to read on.
    #[serde(default)]
    pub references: Vec<String>,
    /// A finding only where the change brings it: nothing is said of lines that were there before, or of whole files.
    #[serde(default)]
    pub only_new: bool,
    /// Outside values reaching a kind of sink.
    #[serde(default)]
    pub taint: Vec<TaintMatcher>,
    /// Shapes of code.
    #[serde(default, rename = "match")]
    pub matches: Vec<Matcher>,
    /// Regexes over text.
    #[serde(default)]
    pub text: Vec<TextMatcher>,
    /// Entries of configuration, infrastructure and CI files.
    #[serde(default)]
    pub document: Vec<DocumentMatcher>,
    /// Secret formats.
    #[serde(default)]
    pub secret: Vec<SecretMatcher>,
    /// Engine detectors asked for by name (hidden characters, ...), each documented where it is implemented.
    #[serde(default)]
    pub detector: Vec<DetectorMatcher>,
    /// How to fix it; the first that applies and checks is proposed.
    #[serde(default)]
    pub fix: Vec<FixSpec>,
    /// What must match.
    #[serde(default)]
    pub example: Vec<Example>,
    /// Near misses that must not.
    #[serde(default)]
    pub near: Vec<Near>,
}

/// Taint: values of a source reaching a sink of this kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TaintMatcher {
    /// The kind of sink (see models).
    pub sink: String,
    /// The sentence; `{source}`, `{sink}` are put in.
    pub message: String,
    /// Overrides the rule's title for findings of this matcher.
    #[serde(default)]
    pub title: Option<String>,
    /// Overrides the rule's severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Labels fix specs may ask for.
    #[serde(default)]
    pub id: Option<String>,
    /// A parameter that reaches the sink as it came, from callers nobody knows, is what the function is for (`query(sql)`): such a
    /// finding is only shown on request. One that something is built from counts as ever.
    #[serde(default)]
    pub handed_on: HandedOn,
    /// Also report a value that is built from something whose origin is unknown (low confidence).
    #[serde(default)]
    pub unknown: bool,
    /// The trust model: only values from these origins count (`["http", "message"]`). All when absent.
    #[serde(default)]
    pub from: Option<Vec<Origin>>,
    /// Only values that may be more than text, an object whose keys the sender chose: neither built into a text on their way nor from
    /// a source that is always text. `typeof x === "string"` makes them harmless.
    #[serde(default)]
    pub structured: bool,
    /// A value that only passed through code which the file does not hold (a renderer, a client) is shown on request.
    #[serde(default)]
    pub direct: bool,
    /// Overrides the rule's tier.
    #[serde(default)]
    pub tier: Option<Tier>,
}

/// What to do with a parameter that is handed on to the sink as it came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandedOn {
    /// A finding like any other.
    #[default]
    Report,
    /// A finding of the audit tier.
    Audit,
}

/// A shape of code. Exactly one of `call`, `assign`, `compare`, `branch`, `handler`, `function`, `class`, `memory`, `pattern` names what is
/// looked at; `args` (for calls), `within`, `path`, `not-path`, `imports`, `has` and `lacks` narrow it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Matcher {
    /// Labels fix specs may ask for.
    #[serde(default)]
    pub id: Option<String>,
    /// The sentence; `{code}`, `{name}`, `{value}` are put in.
    pub message: String,
    /// Overrides the rule's title.
    #[serde(default)]
    pub title: Option<String>,
    /// Overrides the rule's severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// How sure a match is before verification. Default medium.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Overrides the rule's tier.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// A call of one of these access paths.
    #[serde(default)]
    pub call: Option<Vec<String>>,
    /// Defects of memory and numbers (C and C++), by the names of [`super::memory::NAMES`]; `{name}` is what the analysis says of sizes.
    #[serde(default)]
    pub memory: Option<Vec<String>>,
    /// Conditions on the call's arguments; all must hold.
    #[serde(default)]
    pub args: Vec<ArgTest>,
    /// Only where nobody uses what the call returns.
    #[serde(default)]
    pub unused: bool,
    /// Overrides the rule's CWE numbers.
    #[serde(default)]
    pub cwe: Option<Vec<u32>>,
    /// A value given to a name: assignment, default, keyword argument, struct field, map entry.
    #[serde(default)]
    pub assign: Option<AssignTest>,
    /// A comparison.
    #[serde(default)]
    pub compare: Option<CompareTest>,
    /// An `if`.
    #[serde(default)]
    pub branch: Option<BranchTest>,
    /// An exception handler.
    #[serde(default)]
    pub handler: Option<HandlerTest>,
    /// A function (its decorators, name, what it returns).
    #[serde(default)]
    pub function: Option<FunctionTest>,
    /// The enclosing function's name matches this regex.
    #[serde(default)]
    pub within: Option<String>,
    /// The enclosing function's name does not match this regex.
    #[serde(default)]
    pub not_within: Option<String>,
    /// The file's path matches this regex.
    #[serde(default)]
    pub path: Option<String>,
    /// The file's path does not match this regex.
    #[serde(default)]
    pub not_path: Option<String>,
    /// The file imports one of these.
    #[serde(default)]
    pub imports: Option<Vec<String>>,
    /// A class.
    #[serde(default)]
    pub class: Option<ClassTest>,
    /// Code, as it is written in the language, with `$NAME` for any expression and `...` for any arguments; see `scan/code_pattern.rs`.
    /// `{value}` in the message is what `$X` stands for.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Only where each of these occurs too.
    #[serde(default)]
    pub has: Vec<Occurrence>,
    /// Only where none of these occurs: what makes the shape safe (`parser.setFeature(..)`, `cookie.setSecure(true)`).
    #[serde(default)]
    pub lacks: Vec<Occurrence>,
    /// Where `has` and `lacks` look. Default: the same function.
    #[serde(default)]
    pub scope: Around,
}

/// A value given to a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AssignTest {
    /// The name (last segment of the target, keyword, key) matches this regex (case-insensitive, anchored by the author).
    pub name: String,
    /// The constant value, or that of an element of a literal list, is one of these.
    #[serde(default)]
    pub equals: Option<Vec<toml::Value>>,
    /// The constant text, or that of an element of a literal list, matches this regex.
    #[serde(default)]
    pub matches: Option<String>,
    /// It is a number less than this.
    #[serde(default)]
    pub below: Option<f64>,
    /// It is a number greater than this.
    #[serde(default)]
    pub above: Option<f64>,
    /// The last name of the value's expression matches this regex (case-insensitive).
    #[serde(default)]
    pub named: Option<String>,
    /// The value is (or is not) built from pieces, with something in it that is no constant.
    #[serde(default)]
    pub built: Option<bool>,
    /// The value resolves to one of these access paths.
    #[serde(default)]
    pub value_path: Option<Vec<String>>,
    /// The value comes from a source with one of these origins (`http`, ...).
    #[serde(default)]
    pub from: Option<Vec<String>>,
    /// The object assigned to (or the call, struct or map it is an argument of) resolves to one of these.
    #[serde(default)]
    pub of: Option<Vec<String>>,
    /// Some part of the value, as it is written, resolves to one of these access paths, or is a function that gives back one of them.
    #[serde(default)]
    pub holds: Option<Vec<String>>,
    /// The value is a function of the file that always returns one of these constants.
    #[serde(default)]
    pub returns: Option<Vec<toml::Value>>,
}

/// A comparison.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CompareTest {
    /// Operators as written (`==`, `!=`, `===`, `in`).
    pub ops: Vec<String>,
    /// One side's last name segment matches this regex.
    #[serde(default)]
    pub name: Option<String>,
    /// The other side's last name segment matches this regex.
    #[serde(default)]
    pub other: Option<String>,
    /// The other side is a constant text matching this.
    #[serde(default)]
    pub constant: Option<String>,
    /// The other side is not a constant.
    #[serde(default)]
    pub dynamic: bool,
    /// One side comes from a source with one of these origins.
    #[serde(default)]
    pub from: Option<Vec<String>>,
    /// One side resolves to (or was read from) one of these access paths.
    #[serde(default)]
    pub side_path: Option<Vec<String>>,
}

/// An `if`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BranchTest {
    /// Some name in the test matches this regex.
    #[serde(default)]
    pub mentions: Option<String>,
    /// The test is negated (`not x`, `!x`, `x == false`): `true` demands it, `false` forbids it.
    #[serde(default)]
    pub negated: Option<bool>,
    /// The test always has this value because of a constant operand (`or True`, `and False`, `if True`).
    #[serde(default)]
    pub always: Option<bool>,
    /// The first arm does nothing.
    #[serde(default)]
    pub empty: Option<bool>,
    /// How the first arm ends: `falls`, `returns`, `raises`, `jumps`.
    #[serde(default)]
    pub ends: Option<Vec<String>>,
    /// The source of the first arm matches this regex.
    #[serde(default)]
    pub then: Option<String>,
    /// There is a second arm (`else`).
    #[serde(default)]
    pub other: Option<bool>,
    /// What `mentions` matches is all that is tested (`x`, `a.x`, `x(..)`, each perhaps negated), not a part of more.
    #[serde(default)]
    pub alone: bool,
    /// The test reads one of these access paths (also through variables).
    #[serde(default)]
    pub reads: Option<Vec<String>>,
}

/// An exception handler.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HandlerTest {
    /// Some call in the protected statements has a name that matches this regex.
    #[serde(default)]
    pub guards: Option<String>,
    /// The handler does nothing.
    #[serde(default)]
    pub empty: Option<bool>,
    /// The handler returns this constant.
    #[serde(default)]
    pub returns: Option<Vec<toml::Value>>,
}

/// A function.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FunctionTest {
    /// Its name matches this regex.
    #[serde(default)]
    pub name: Option<String>,
    /// It carries one of these decorators.
    #[serde(default)]
    pub decorated: Option<Vec<String>>,
    /// It does not carry any of these.
    #[serde(default)]
    pub undecorated: Option<Vec<String>>,
    /// A decorator whose last name matches this regex stands outside (before) one whose last name matches `inner`.
    #[serde(default)]
    pub outer: Option<String>,
    /// See `outer`.
    #[serde(default)]
    pub inner: Option<String>,
    /// Every return gives this constant.
    #[serde(default)]
    pub always_returns: Option<Vec<toml::Value>>,
    /// It returns one of its parameters unchanged.
    #[serde(default)]
    pub returns_input: Option<bool>,
    /// Its body does nothing: no call, no assignment, no test, nothing thrown, nothing given back.
    #[serde(default)]
    pub empty: Option<bool>,
    /// The class it belongs to extends or implements one of these.
    #[serde(default)]
    pub bases: Option<Vec<String>>,
    /// How many parameters it takes, without the instance.
    #[serde(default)]
    pub params: Option<usize>,
    /// It writes into an object under keys it does not check, and goes deeper by them (a recursive merge, a setter by path); the place
    /// is where it writes. See `scan/matchers/copying.rs`. Functions without a name count too.
    #[serde(default)]
    pub copies_keys: bool,
}

/// A regex over text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TextMatcher {
    /// Labels fix specs may ask for.
    #[serde(default)]
    pub id: Option<String>,
    /// The sentence.
    pub message: String,
    /// Overrides the rule's title.
    #[serde(default)]
    pub title: Option<String>,
    /// The byte regex (no Unicode mode); group `v`, when there is one, is the place.
    pub regex: String,
    /// Not where the line that holds the place matches this regex.
    #[serde(default)]
    pub unless: Option<String>,
    /// Not where the whole match, which may be longer than the place, matches this regex.
    #[serde(default)]
    pub unless_match: Option<String>,
    /// Literals of which one must occur in the file, lower case; derived from the regex when absent.
    #[serde(default)]
    pub literals: Vec<String>,
    /// Where the match begins. Default anywhere.
    #[serde(default, rename = "in")]
    pub within: Where,
    /// The file's path matches this regex.
    #[serde(default)]
    pub path: Option<String>,
    /// The file's path does not match this regex.
    #[serde(default)]
    pub not_path: Option<String>,
    /// Overrides the rule's severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// How sure.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Overrides the rule's tier.
    #[serde(default)]
    pub tier: Option<Tier>,
}

/// Which part of a file a regex is about. In files without an adapter: comments by the file kind's own comment signs,
/// everything else is code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// Everywhere.
    #[default]
    Any,
    /// Comments and docstrings.
    Comment,
    /// String literals.
    String,
    /// What is neither.
    Code,
}

/// A secret format.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SecretMatcher {
    /// What it is: `GitHub personal access token`.
    pub name: String,
    /// Literals of which one must occur in the file, lower case.
    pub keywords: Vec<String>,
    /// The byte regex; group `v` is the secret itself (the whole match when there is no such group).
    pub regex: String,
    /// The value alone says too little (`[a-f0-9]{32}`): a name that holds the provider's must be given it. A regex of the provider's
    /// names; `regex` is then the value alone, which must look drawn by chance too.
    #[serde(default)]
    pub provider: Option<String>,
    /// A structure the value must have, by name; see `scan/secrets/structure.rs`.
    #[serde(default)]
    pub checksum: Option<String>,
    /// Least Shannon entropy of the value, bits a character.
    #[serde(default)]
    pub entropy: Option<f64>,
    /// Instead of the sentence made from `name`.
    #[serde(default)]
    pub message: Option<String>,
    /// Severity when it differs from the rule's.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// How sure a match is.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Texts in which it is found. Secrets are not written out: `«alnum:36»` stands for that many characters, drawn from the text
    /// itself (see `scan/secrets/sample.rs`).
    #[serde(default)]
    pub valid: Vec<String>,
    /// Texts in which it is not.
    #[serde(default)]
    pub invalid: Vec<String>,
}

impl SecretMatcher {
    /// The whole regex: the format's own, or with a provider's name, what kind of credential it is, and a sign of assignment before it.
    #[must_use]
    pub fn source(&self) -> Cow<'_, str> {
        let Some(provider) = &self.provider else {
            return Cow::Borrowed(&self.regex);
        };
        let kind = "key|token|secret|pat|passw|pwd|auth|cred|access|private|api";
        let value = &self.regex;
        Cow::Owned(format!(
            r#"(?i:(?:\b|_)(?:{provider})[a-z0-9_.\- ]{{0,24}}?(?:{kind})[a-z0-9_.\- ]{{0,16}})["'\]]{{0,2}}\s*(?:=>|:=|[:=,(]|\s)\s*["'`]?(?P<v>{value})(?:[^A-Za-z0-9+/=_-]|$)"#
        ))
    }
}

/// A detector implemented by the engine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DetectorMatcher {
    /// Its name.
    pub name: String,
    /// The sentence; `{value}` is put in.
    pub message: String,
    /// Overrides the rule's severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Overrides the rule's title.
    #[serde(default)]
    pub title: Option<String>,
    /// How sure.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Overrides the rule's tier.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Only for those results of the detector that carry this label.
    #[serde(default)]
    pub of: Option<String>,
    /// Data for the detector; each documents and checks its own.
    #[serde(default)]
    pub options: toml::Table,
}

/// How to fix: a verb of the engine with its operands. Verbs are documented in `scan/fix/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FixSpec {
    /// What it does, for people.
    pub title: String,
    /// The verb: one of `scan/fix/verbs.rs`, which says what each needs and takes.
    pub verb: String,
    /// Only for findings of the matcher with this id.
    #[serde(default)]
    pub of: Option<String>,
    /// Only when the callee matches one of these access paths.
    #[serde(default)]
    pub callee: Option<Vec<String>>,
    /// The argument it works on.
    #[serde(default)]
    pub arg: Option<ArgSelector>,
    /// New code. `{value}` is the matched value's code, `{code}` that of the whole expression, `{left}` and `{right}` those of a comparison,
    /// `{0}` that of an argument, `{callee}`, `{receiver}`; `{name}` is what the value is given to. Other braces stay.
    #[serde(default)]
    pub with: Option<String>,
    /// What `with` needs: `import hmac`, `from html import escape`, `crypto/subtle`, `child_process.execFile`, `std::env`. Added where it is
    /// missing, in the file's own style.
    #[serde(default)]
    pub import: Option<String>,
    /// Dialect details for the verb (`placeholder = "?"`, ...).
    #[serde(default)]
    pub options: std::collections::BTreeMap<String, toml::Value>,
    /// A person must finish it.
    #[serde(default)]
    pub sketch: bool,
}

/// What must match.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// Language, when the rule has several.
    #[serde(default)]
    pub language: Option<String>,
    /// File name, when it matters.
    #[serde(default)]
    pub path: Option<String>,
    /// The code.
    pub code: String,
    /// 1-based lines with a finding; exactly these.
    pub lines: Vec<u32>,
    /// The code with all checked fixes applied.
    #[serde(default)]
    pub fixed: Option<String>,
    /// Least confidence of the findings.
    #[serde(default)]
    pub confidence: Option<Confidence>,
}

/// A near miss.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Near {
    /// Language, when the rule has several.
    #[serde(default)]
    pub language: Option<String>,
    /// File name, when it matters.
    #[serde(default)]
    pub path: Option<String>,
    /// The code.
    pub code: String,
    /// Why it is no finding.
    pub because: String,
}
