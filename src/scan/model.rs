//! Framework models as data: what is a source, a sink, a sanitiser, a guard, a propagator. Shared by the rules that need
//! them; files under `rules/models/`.
//!
//! # Access paths
//!
//! Everything is named by an access path, resolved through the file's imports, local definitions and declared types:
//!
//! | written | means |
//! |---|---|
//! | `os.system` | the member `system` of module `os` |
//! | `flask.request.args` | a member of a member |
//! | `sqlite3.connect()` | what calling it returns; also an **instance** of a class, or a value declared with that type (`net/http.Request()`) |
//! | `sqlite3.connect().cursor().execute` | a method of what a method returns |
//! | `*.execute` | any receiver at all (the weakest match: costs confidence) |
//! | `a.{b,c}.d` | alternatives |
//! | `express.Request().headers[]` | an element, whatever the key; `["x-admin"]` a given key |
//! | `console!` | a macro |
//! | `a.*.b` | any one name in between |
//!
//! In paths of Rust and C++, `::` is written `.`; in Go the import path keeps its slashes (`database/sql.Open()`); a Node builtin
//! has no `node:` prefix; a relative import keeps its dots (`./db.connect`). A longer path wins over a shorter one, an exact
//! one over `*`.
//!
//! # Argument selectors
//!
//! `0` by position (receiver not counted); `"name"` by keyword; `"0|name"` either, `"0|sql|query"` with several keywords; `"*"` any argument; `"1.."` the second and all after
//! it; `"receiver"`; `"return"` (in propagators). A selector may go on with `[]`, the elements (`"0[]"`, `"receiver[]"`), with `[0]`, the
//! element whose key is argument 0 (`"receiver[0]"` for `dict.get`), or with `.name`, a field (`"0.text"` for `query({text: ..})`),
//! or with `()`, what a function that is passed gives back (`"0()"` for `map(f)`).
//! `"return[].1"` in `to`: the elements are tuples with the value at position 1 (`dict.items`).

use serde::Deserialize;

/// One file of models.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ModelFile {
    /// Version of the format: 1.
    pub schema: u32,
    /// Languages it applies to, by [`crate::lang::Lang::name`].
    pub languages: Vec<String>,
    /// The library or framework, for the reader.
    pub about: String,
    /// Sources.
    #[serde(default, rename = "source")]
    pub sources: Vec<SourceRow>,
    /// Sinks.
    #[serde(default, rename = "sink")]
    pub sinks: Vec<SinkRow>,
    /// Sanitisers.
    #[serde(default, rename = "sanitiser")]
    pub sanitisers: Vec<SanitiserRow>,
    /// Guards.
    #[serde(default, rename = "guard")]
    pub guards: Vec<GuardRow>,
    /// Propagators.
    #[serde(default, rename = "propagator")]
    pub propagators: Vec<PropagatorRow>,
    /// What calls and names return or are.
    #[serde(default, rename = "type")]
    pub types: Vec<TypeRow>,
    /// What parameters are by their names.
    #[serde(default, rename = "parameters")]
    pub parameters: Vec<ParametersRow>,
    /// Functions that call what they are given.
    #[serde(default, rename = "callback")]
    pub callbacks: Vec<CallbackRow>,
    /// Calls whose result carries nothing of their arguments (`len`, `bool`, `hash`).
    #[serde(default, rename = "neutral")]
    pub neutrals: Vec<NeutralRow>,
    /// Functions that build text: the template argument and how its holes are written, joining, appending.
    #[serde(default, rename = "format")]
    pub formats: Vec<FormatRow>,
    /// What calls do to lists whose elements are known by position.
    #[serde(default, rename = "sequence")]
    pub sequences: Vec<SequenceRow>,
    /// Functions of constants whose result the engine can tell.
    #[serde(default, rename = "fold")]
    pub folds: Vec<FoldRow>,
    /// Calls that do not return (`sys.exit`, `flask.abort`, `log.Fatal`): what follows them is not reached.
    #[serde(default, rename = "exit")]
    pub exits: Vec<NeutralRow>,
}

/// Where outside values enter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SourceRow {
    /// Access paths whose value (and everything read from it) comes from outside.
    pub path: Vec<String>,
    /// Who controls it.
    pub from: Origin,
    /// What to call it in a sentence: `the query string`. The code itself when absent.
    #[serde(default)]
    pub label: Option<String>,
    /// The parameter selector for functions carrying a decorator or signature: a source when the path is a **decorator** path and
    /// this names the parameters of the decorated function (`"*"`, `"0"`, a name). The path may also be that of a class: then those of
    /// the public methods of classes that extend it.
    #[serde(default)]
    pub decorated_params: Option<String>,
    /// It is always plain text, never an object with keys of its sender's choice (a header, a part of a path).
    #[serde(default)]
    pub text: bool,
    /// The call fills this argument with outside values (`c.Bind(&form)`), instead of giving them back: the path is that of the
    /// function, not of what it returns.
    #[serde(default)]
    pub into: Option<ArgSelector>,
    /// With `decorated-params`: not parameters whose default value, decorator or type argument is one of these (`fastapi.Depends()`):
    /// something else provides them.
    #[serde(default)]
    pub provided: Vec<String>,
    /// Kinds of sinks this value does no harm in, wherever it goes: a request's own address in a redirect, a header in a log line.
    #[serde(default)]
    pub harmless: Vec<String>,
    /// With `decorated-params`: not parameters that a text of the decorator converts to one of these (`int` in `"/user/<int:id>"`).
    #[serde(default)]
    pub converters: Vec<String>,
}

/// Who controls a source; the trust model.
///
/// `Internal` is the other way round: what the program knows and others should not (the text of an exception, a stack trace). It counts
/// only for rules that ask for it by `from`. What a handler catches has the path `caught()`, or
/// `caught.expected()` where the handler names what it expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The program's own inner workings, which are not for others to read.
    Internal,
    /// A parameter of a function nobody in the file calls with anything known: not a model row, what the engine assumes.
    Parameter,
    /// The operator: environment variables.
    Environment,
    /// The operator: command line, standard input of a tool.
    CommandLine,
    /// A file of the program's own surroundings.
    File,
    /// What was stored earlier (second order).
    Database,
    /// A response of another service.
    Response,
    /// Messages: queues, web sockets, RPC.
    Message,
    /// Whoever sends a request.
    Http,
}

impl Origin {
    /// The names, in order of declaration.
    pub const NAMES: [&str; 9] = [
        "internal",
        "parameter",
        "environment",
        "command-line",
        "file",
        "database",
        "response",
        "message",
        "http",
    ];

    /// From its name in model and rule files.
    #[must_use]
    pub fn parse(name: &str) -> Option<Origin> {
        const ALL: [Origin; 9] = [
            Origin::Internal,
            Origin::Parameter,
            Origin::Environment,
            Origin::CommandLine,
            Origin::File,
            Origin::Database,
            Origin::Response,
            Origin::Message,
            Origin::Http,
        ];
        Origin::NAMES.iter().position(|n| *n == name).map(|i| ALL[i])
    }
}

/// Where a value does harm.
///
/// `text` and `not-text` see the value's text as far as it is known, each unknown part written `{}`, the part from outside `{!}`; a list's
/// elements with spaces between. An `assigned` sink with `arg = "key"` (and a path that ends in `[]`) is about the **key** under which an element
/// is written, where the container was picked by an unknown key too or the element comes from outside; a called one about the key by which
/// the method is chosen (`object[key]()`). Bytes regexes without Unicode mode. Sinks through any receiver (`*.execute`) need `text`, unless `when` narrows them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SinkRow {
    /// Access paths of what is called (or assigned, with `assigned`).
    pub path: Vec<String>,
    /// Which arguments are dangerous. Default `0`.
    #[serde(default = "first")]
    pub arg: ArgSelector,
    /// The kind that rules ask for: `sql`, `shell`, `code`, `deserialise`, `html`, `path`, `url`, ...
    pub kind: String,
    /// Only when these hold of the call's other arguments. With `assigned`, `named` alone counts: of what is assigned.
    #[serde(default)]
    pub when: Vec<ArgTest>,
    /// Only when the constant text of the value so far matches this regex: for `*.execute` and other names that mean many
    /// things (`(?i)^\s*(select|insert|update|delete|...)\b`).
    #[serde(default)]
    pub text: Option<String>,
    /// Not when the constant text of the value so far matches this regex: what makes an outside part harmless where it stands
    /// (`^https?://[^/{]+/` for an address whose host is fixed).
    #[serde(default)]
    pub not_text: Option<String>,
    /// The sink is writing to this member (`element.innerHTML = x`) rather than calling it.
    #[serde(default)]
    pub assigned: bool,
    /// The paths are decorators, and the sink is what the decorated function returns: the answer of a view. Or they are what a parameter of
    /// the function is (`aws-lambda.APIGatewayEvent()`). `arg = "0.headers.Location"`: that part of what it returns.
    #[serde(default)]
    pub returned: bool,
    /// What is passed becomes a part of a larger text (`order_by(x)`, `builder.push(x)`): passing it on counts as building.
    #[serde(default)]
    pub part: bool,
    /// A value in some field or element of the argument, however deep, counts like the argument itself.
    #[serde(default)]
    pub deep: bool,
    /// Only a value **built** from pieces (concatenated, formatted, interpolated) does harm, not one passed as it came.
    #[serde(default)]
    pub built: bool,
    /// What counts is how much (memory, time, rounds): a number does the harm that text does elsewhere, unless it was compared with a bound.
    #[serde(default)]
    pub amount: bool,
}

/// An argument selector; see the module's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(untagged)]
pub enum ArgSelector {
    /// By position.
    Position(usize),
    /// `"name"`, `"0|name"`, `"*"`, `"receiver"`, `"return"`.
    Text(String),
}

fn first() -> ArgSelector {
    ArgSelector::Position(0)
}

/// A condition on one argument of a call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ArgTest {
    /// Which argument.
    pub arg: ArgSelector,
    /// Nothing is passed there.
    #[serde(default)]
    pub absent: Option<bool>,
    /// It was (or was not) compared with an upper bound on the way here.
    #[serde(default)]
    pub bounded: Option<bool>,
    /// Its constant value, or that of an element of a literal list, is one of these (text, number as written,
    /// `true`/`false`/`null`).
    #[serde(default)]
    pub equals: Option<Vec<toml::Value>>,
    /// Its constant text, or that of an element of a literal list, matches this regex.
    #[serde(default)]
    pub matches: Option<String>,
    /// Its text as far as it is known, each unknown part written `{}`, matches this regex, also through variables.
    #[serde(default)]
    pub text: Option<String>,
    /// It resolves to one of these access paths.
    #[serde(default)]
    pub path: Option<Vec<String>>,
    /// It is (or is not) a constant.
    #[serde(default)]
    pub constant: Option<bool>,
    /// It is a literal list, array or tuple.
    #[serde(default)]
    pub list: Option<bool>,
    /// Some part of it, as it is written, resolves to one of these access paths, or is a function that gives back one of them.
    #[serde(default)]
    pub holds: Option<Vec<String>>,
    /// It is (or is not) built from pieces: concatenated, formatted, interpolated, with something in it that is no constant.
    #[serde(default)]
    pub built: Option<bool>,
    /// It is a number less than this.
    #[serde(default)]
    pub below: Option<f64>,
    /// It is a number greater than this.
    #[serde(default)]
    pub above: Option<f64>,
    /// The last name of its expression (variable, member, key, called function) matches this regex (case-insensitive).
    #[serde(default)]
    pub named: Option<String>,
    /// A variable, member or key that is written somewhere in it matches this regex (case-insensitive); names of called functions do not count.
    #[serde(default)]
    pub mentions: Option<String>,
    /// It is (or is not) a constant regular expression that takes exponential time on some texts; see `scan/exploding.rs`.
    #[serde(default)]
    pub redos: Option<bool>,
    /// It is (or is not) a constant regular expression that takes time with the square of the text's length on some texts; see
    /// `scan/exploding.rs`.
    #[serde(default)]
    pub crawls: Option<bool>,
    /// Turns the whole test round.
    #[serde(default)]
    pub not: bool,
}

/// What makes a value harmless.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SanitiserRow {
    /// Calls whose result is clean. Or members and elements that take no harm from what is written to them (`Object.create()[]`).
    pub path: Vec<String>,
    /// For which sink kinds; `["*"]` for all (number conversions).
    #[serde(default)]
    pub cleans: Vec<String>,
    /// What comes out is a number: harmless wherever text does harm, but not where an `amount` does.
    #[serde(default)]
    pub number: bool,
    /// Only when these hold of the call's arguments (`text.replace(/[^a-z]/g, "")`: argument 0 matches `^\[\^`).
    #[serde(default)]
    pub args: Vec<ArgTest>,
}

/// A test that makes a value harmless in one branch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GuardRow {
    /// The test that is called: a method of the value (`*.isdigit`), or a function of it. `*.__contains__` is also the operator `in` with a
    /// constant before it (`".." in name`): the constant is argument 0, what is tested the receiver. `*.__eq__` is the comparison with a
    /// constant, likewise (with `when = false`: what is clean where it differs).
    pub path: Vec<String>,
    /// What is tested. Default: `receiver` for `*.x`, else argument 0.
    #[serde(default)]
    pub arg: Option<ArgSelector>,
    /// Kinds it cleans.
    pub cleans: Vec<String>,
    /// The result that means clean. Default true.
    #[serde(default = "yes")]
    pub when: bool,
    /// It raises instead of returning false: clean afterwards. With `arg = "receiver"` also what tells an object something that makes its
    /// later sinks harmless (`res.type("text")`).
    #[serde(default)]
    pub raises: bool,
    /// Only when these hold of the call's arguments (`isinstance(x, int)`: argument 1 resolves to `int`).
    #[serde(default)]
    pub args: Vec<ArgTest>,
}

fn yes() -> bool {
    true
}

/// How values pass through a call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PropagatorRow {
    /// The calls.
    pub path: Vec<String>,
    /// From these (`"0"`, `"receiver"`, `"*"`).
    pub from: Vec<ArgSelector>,
    /// To these (`"return"`, `"receiver"`, `"1"`).
    pub to: Vec<ArgSelector>,
    /// The result is another view of the whole of what it came from (`urlparse(x)`, `os.path.realpath(x)`, `x.lower()`, `list(x)`): a
    /// check of the result, or of a member of it, is a check of that too, and what is known of its elements stays known.
    #[serde(default)]
    pub view: bool,
    /// What arrives is a number, as with a sanitiser.
    #[serde(default)]
    pub number: bool,
}

/// What a call returns, or what a name is: the value of `path` has access path `is`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TypeRow {
    /// Paths, usually of calls (`sqlite3.connect()`); `f()[0]` for one of several results.
    pub path: Vec<String>,
    /// The path it stands for (`sqlite3.Connection()`); `<0>`: its first type argument (`std.sync.Arc()` is `<0>`); `0`: the first argument
    /// of the call (`util.promisify()` is `0`).
    pub is: String,
}

/// What the parameters of a function are by convention, where neither a declared type nor a caller says so: `(req, res)` of a handler
/// that is registered in another file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ParametersRow {
    /// The names, in order and from the first parameter (receivers not counted): alternatives by `|`, `*` for any.
    pub names: Vec<String>,
    /// What each of them is; `""` for unknown.
    pub is: Vec<String>,
    /// Only in functions whose name matches this regex.
    #[serde(default)]
    pub function: Option<String>,
}

/// A function that calls what it is given, with parameters of known type (`app.get("/", (req, res) => ..)`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CallbackRow {
    /// The function. Or the type that a function is declared to be (`express.RequestHandler()`), also the functions of an object.
    pub path: Vec<String>,
    /// Which arguments are called.
    pub arg: ArgSelector,
    /// The access paths of the parameters they get, in order; `""` for unknown, `"receiver"`, `"receiver[]"` for an element of the
    /// receiver, `"0"` or `"0[]"` for an argument of the registering call or its elements.
    pub params: Vec<String>,
}

/// Calls whose result carries nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NeutralRow {
    /// The calls.
    pub path: Vec<String>,
    /// It is a number: nothing is carried but how much, where an `amount` counts.
    #[serde(default)]
    pub number: bool,
}

/// A function that builds text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FormatRow {
    /// The calls.
    pub path: Vec<String>,
    /// `printf` and `braces`: the template; the arguments after it fill it. `join`: the separator. `append`: what is added to the
    /// text of the receiver. `path`: the parts.
    pub template: ArgSelector,
    /// How it builds.
    pub style: BuildStyle,
    /// For `join`: the list that is joined. For `path`: what stands before the parts (the receiver).
    #[serde(default)]
    pub items: Option<ArgSelector>,
    /// For `printf`, `braces` and `append`: the text is not given back but added to this argument (`Fprintf(&sb, ..)`, `strcat(s, t)`).
    #[serde(default)]
    pub into: Option<ArgSelector>,
    /// For `append`: what stands between the text so far and what is added (a space, for the words of a command).
    #[serde(default)]
    pub between: Option<String>,
    /// With `into`: what the argument held before is gone (`sprintf`, `strcpy`).
    #[serde(default)]
    pub anew: bool,
}

/// How a function builds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildStyle {
    /// `%s` holes.
    Printf,
    /// `{}` holes.
    Braces,
    /// The elements of a list with a separator between.
    Join,
    /// Appends to the receiver's text (`push_str`, `WriteString`).
    Append,
    /// Every selected argument, with `/` between (`filepath.Join(a, b)`).
    Path,
}

/// A call that changes or makes a list. Where nothing is known of the positions, the other rows of the call count instead.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SequenceRow {
    /// The calls; except for `make`, methods of the list.
    pub path: Vec<String>,
    /// What they do.
    pub does: SequenceStep,
}

/// What a call does to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SequenceStep {
    /// Makes one of its arguments, or of the elements of the only one.
    Make,
    /// Adds argument 0 to its end; with two arguments, argument 1 at position argument 0.
    Add,
    /// Adds argument 0 before its first element.
    AddFirst,
    /// Takes out the element at position argument 0 (without arguments: the first) and gives it back.
    Remove,
    /// Takes out the last element and gives it back.
    RemoveLast,
    /// Leaves nothing in it.
    Clear,
}

/// A function whose result is known when its receiver and its arguments are constants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FoldRow {
    /// The calls.
    pub path: Vec<String>,
    /// What they give.
    pub gives: Folding,
}

/// What a function of constants gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Folding {
    /// The character at a position, as text.
    CharAt,
    /// The part from a position on, or between two.
    Substring,
    /// The number of characters.
    Length,
    /// Whether it is empty.
    IsEmpty,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
    /// Without spaces at both ends.
    Trim,
    /// Whether two are the same.
    Equals,
    /// Whether two are the same but for case.
    EqualsIgnoringCase,
    /// Whether the second is in the first.
    Contains,
    /// Whether the first begins with the second.
    StartsWith,
    /// Whether the first ends with the second.
    EndsWith,
    /// Where the second begins in the first, or -1.
    IndexOf,
    /// The number that is written there.
    Number,
    /// The text of it.
    Text,
    /// The truth value that is written there.
    Truth,
}
