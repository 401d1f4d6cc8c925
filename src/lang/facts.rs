//! Facts: the one common form that every language is lowered to, and the only form that rules and taint speak of.
//!
//! A file is a list of functions (function 0 is the module's own body). A function is an arena of expressions and a graph
//! of basic blocks. Two properties make the engine simple and free of recursion:
//!
//! - **Post-order arena.** Operands are pushed before what uses them, so the expression of a statement is the contiguous
//!   run of ids `first..=root`, and evaluating it is one loop over that run.
//! - **Everything that happens is an expression.** Assignment, iteration and binding are expression kinds; a block is a
//!   list of [`Item`]s (statement roots) and an [`Exit`].
//!
//! Lambdas and nested functions have their own [`Function`]; the arena of the outer one only refers to them.

use super::Lang;
use crate::text::Span;
use std::{collections::HashMap, sync::Arc};

/// An interned name of one file (see [`Facts::name`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub u32);

macro_rules! index {
    ($(#[$doc:meta] $name:ident),*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index.
            #[must_use]
            pub fn ix(self) -> usize { self.0 as usize }
        }
    )*};
}
index!(
    /// A function of the file.
    FunctionId,
    /// A class, struct or interface of the file.
    ClassId,
    /// An expression of one function's arena.
    ExprId,
    /// A basic block of one function.
    BlockId
);

/// Everything known of one parsed file.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The language it was lowered from.
    pub lang: Lang,
    /// All functions; index 0 is the module body.
    pub functions: Vec<Function>,
    /// All classes, structs, interfaces (and Rust `impl` targets, Go receiver types).
    pub classes: Vec<Class>,
    /// What names mean.
    pub imports: Vec<Import>,
    /// All comments, in order.
    pub comments: Vec<Comment>,
    /// Stretches that could not be read (syntax errors, nesting past the limit), in order.
    pub unread: Vec<Unread>,
    /// The interned names.
    pub names: Interner,
}

impl Facts {
    /// The text of a name.
    #[must_use]
    pub fn name(&self, symbol: Symbol) -> &str {
        self.names.get(symbol)
    }

    /// The module's own body.
    #[must_use]
    pub fn module(&self) -> &Function {
        &self.functions[0]
    }

    /// The innermost named function that holds the byte at `offset`.
    #[must_use]
    pub fn enclosing(&self, offset: u32) -> Option<FunctionId> {
        let holds = |f: &&(usize, &Function)| f.1.span.start <= offset && offset < f.1.span.end;
        let named: Vec<_> = self.functions.iter().enumerate().skip(1).collect();
        named
            .iter()
            .filter(holds)
            .filter(|f| {
                matches!(
                    f.1.kind,
                    FunctionKind::Function | FunctionKind::Method | FunctionKind::Constructor
                )
            })
            .min_by_key(|f| f.1.span.len())
            .map(|f| FunctionId(f.0 as u32))
    }
}

/// Interned names of one file.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    by_text: HashMap<Arc<str>, Symbol>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    /// The symbol of `text`, new or known.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.by_text.get(text) {
            return *symbol;
        }
        let symbol = Symbol(self.texts.len() as u32);
        let text: Arc<str> = Arc::from(text);
        self.texts.push(text.clone());
        self.by_text.insert(text, symbol);
        symbol
    }

    /// A new symbol with a text that may be known already: another variable of the same name (see [`super::scope`]). [`Interner::find`]
    /// keeps giving the first one.
    pub fn fresh(&mut self, text: &str) -> Symbol {
        let known = self.intern(text);
        let symbol = Symbol(self.texts.len() as u32);
        let text = self.texts[known.0 as usize].clone();
        self.texts.push(text);
        symbol
    }

    /// The symbol of `text`, when the file uses that name at all.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.by_text.get(text).copied()
    }

    /// The text of a symbol.
    #[must_use]
    pub fn get(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.0 as usize).map_or("", |t| t)
    }

    /// All names, in order of first use.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        self.texts.iter().enumerate().map(|(i, t)| (Symbol(i as u32), &**t))
    }
}

/// What kind of code a [`Function`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// The file's top level.
    Module,
    /// The statements of a class body; runs once, inside its parent.
    ClassBody,
    /// A named function.
    Function,
    /// A named function of a class (or with a receiver).
    Method,
    /// A method that builds an instance (`__init__`, `constructor`).
    Constructor,
    /// A function without a name: lambda, arrow, closure, function literal.
    Lambda,
}

/// One function: parameters, arena, blocks.
#[derive(Clone, Debug)]
pub struct Function {
    /// What it is.
    pub kind: FunctionKind,
    /// Its name; `<module>`, `<class>` or `<lambda>` when it has none. An arrow assigned to a name keeps `<lambda>`.
    pub name: Symbol,
    /// The whole definition, decorators included.
    pub span: Span,
    /// Only the name; empty when it has none.
    pub name_span: Span,
    /// The body, without the braces or the colon.
    pub body: Span,
    /// The class it belongs to.
    pub class: Option<ClassId>,
    /// The function it is written in.
    pub parent: Option<FunctionId>,
    /// Its parameters in order, receiver first when there is one.
    pub params: Vec<Param>,
    /// Decorators, annotations, attributes; expressions of the **parent's** arena.
    pub decorators: Vec<ExprId>,
    /// The declared return type.
    pub returns: Option<TypeRef>,
    /// True for `async` functions.
    pub is_async: bool,
    /// True when other files can call it (exported, public, capitalised; in Python: no leading underscore).
    pub exported: bool,
    /// Names this function assigns that belong to a function it is written in, where assigning would otherwise make them its own
    /// (Python's `global` and `nonlocal`). In the other languages the same [`Symbol`] in a function and in one written inside it is
    /// one variable, and adapters give a shadowing declaration a symbol of its own.
    pub outer: Vec<Symbol>,
    /// Expressions, operands before users.
    pub exprs: Vec<Expr>,
    /// Basic blocks; index 0 is the entry.
    pub blocks: Vec<Block>,
    /// The `if`s, for rules about the shape of checks.
    pub branches: Vec<Branch>,
    /// The exception handlers, for rules about the shape of failure.
    pub handlers: Vec<Handler>,
}

impl Function {
    /// The names of what it calls that stand alone or after the name of something (`name(..)`, `self.name(..)`, `Class.name(..)`), each with
    /// that name.
    pub fn calls(&self) -> impl Iterator<Item = (Option<Symbol>, Symbol)> {
        let named = |id: ExprId| match &self.exprs[id.ix()].kind {
            ExprKind::Name(name) => Some((None, *name)),
            ExprKind::Member { base, name, .. } => match &self.exprs[base.ix()].kind {
                ExprKind::Name(base) => Some((Some(*base), *name)),
                _ => None,
            },
            _ => None,
        };
        self.exprs.iter().filter_map(move |expr| match &expr.kind {
            ExprKind::Call { callee, .. } => named(*callee),
            _ => None,
        })
    }
}

/// One parameter. A destructured one is a name of its own (`<0>`, `<1>`, ...) taken apart in the entry block.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Symbol,
    /// Where it is written.
    pub span: Span,
    /// Its declared type.
    pub ty: Option<TypeRef>,
    /// Its default value, an expression of this function's arena.
    pub default: Option<ExprId>,
    /// How arguments reach it.
    pub kind: ParamKind,
    /// Decorators on it (`@Body() dto`); expressions of this function's arena.
    pub decorators: Vec<ExprId>,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// By position (and by name, where the language allows).
    Normal,
    /// The same; what is assigned to it the caller's variable becomes (`out x`, `ref x`).
    Reference,
    /// By name only.
    Keyword,
    /// Takes the remaining positional arguments.
    Rest,
    /// Takes the remaining named arguments.
    KeywordRest,
    /// The instance: `self`, `cls`, `this`, a Go receiver.
    Receiver,
}

/// A type as written: outer name in dotted form without references, pointers, lifetimes, `Optional`/`| None`; its arguments
/// beside it. `web::Query<Params>` is `web.Query` with `[Params]`; `*http.Request` is `http.Request`; `[]byte` is `[]` with
/// `[byte]`; a tuple, and the results of a Go function with several, is `()` with its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// Dotted name as written (not yet resolved through imports).
    pub name: Symbol,
    /// Type arguments.
    pub args: Vec<TypeRef>,
    /// Where it is written.
    pub span: Span,
}

/// One expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is written.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A string (or bytes) literal without holes; the decoded text, lossy.
    Str(Box<str>),
    /// A number, as written.
    Num(Box<str>),
    /// `true`, `false`.
    Bool(bool),
    /// `None`, `null`, `undefined`, `nil`.
    Null,
    /// A variable, function, module or type by its name. `self` and `this` too.
    Name(Symbol),
    /// A whole module taken by an expression: `require("x")`, `import("x")`, `__import__("x")` with a literal.
    Module(Arc<str>),
    /// `base.name`, `base?.name`, `base::name`, `base->name`.
    Member {
        /// What it is taken from.
        base: ExprId,
        /// The member.
        name: Symbol,
        /// Where the member's name is written.
        name_span: Span,
    },
    /// `base[index]`.
    Index {
        /// What is indexed.
        base: ExprId,
        /// The key or position.
        index: ExprId,
    },
    /// `base[a:b]` and the like: a part of the same kind as the base.
    Slice {
        /// What is sliced.
        base: ExprId,
    },
    /// A call, a construction, a macro. Macros are calls of a name that ends in `!`, with what could be read as arguments.
    Call {
        /// What is called.
        callee: ExprId,
        /// Its arguments.
        args: Vec<Arg>,
        /// True for `new X()` and struct literals (`X{..}`, `X { .. }`), whose fields are named arguments.
        new: bool,
        /// The parentheses and what is in them (for argument edits).
        args_span: Span,
    },
    /// `a + b + c`, flattened, when it may build text (either side not plainly a number).
    Concat(Vec<ExprId>),
    /// An interpolated string: f-string, template literal, Rust format string with its arguments put in place.
    Template {
        /// The tag of a tagged template.
        tag: Option<ExprId>,
        /// Literal text and holes, in order.
        parts: Vec<Part>,
    },
    /// A format string with arguments: `"..." % x` (printf), `"...".format(x)` (braces). Calls such as `fmt.Sprintf` stay calls;
    /// models say that they format.
    Format {
        /// The format string.
        template: ExprId,
        /// What fills it. For `%` with a tuple: one argument an element; with a map: named ones.
        args: Vec<Arg>,
        /// How holes are written.
        style: FormatStyle,
    },
    /// Any other operator on two operands, as written (`-`, `==`, `in`, `not in`, `is`, `&`, ...).
    Binary {
        /// The operator as written, one space inside at most.
        op: &'static str,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `not x`, `!x`, `-x`, `&x`, `*x`, `typeof x`, `del x`.
    Unary {
        /// The operator as written; `not` and `!` are both `!`.
        op: &'static str,
        /// The operand.
        operand: ExprId,
    },
    /// `a and b`, `a || b`, `a ?? b`, flattened; the value may be any operand.
    Logic {
        /// Which.
        op: LogicOp,
        /// The operands in order.
        operands: Vec<ExprId>,
    },
    /// `test ? then : other`, `then if test else other`, `if`/`match` used as a value (several results: nested).
    Ternary {
        /// The test.
        test: ExprId,
        /// Value when true.
        then: ExprId,
        /// Value when false.
        other: ExprId,
    },
    /// List, tuple, set, array, slice literal, in order. Spread elements are [`ExprKind::Spread`].
    Sequence(Vec<ExprId>),
    /// Dictionary or object literal.
    Map(Vec<Entry>),
    /// A function as a value. Evaluated where it is called. A named function may also be bound to its name by an assignment of
    /// this (Python does so: there a `def` runs); where definitions are hoisted its name and parent alone bind it.
    Lambda(FunctionId),
    /// `*x`, `**x`, `...x` in a call or literal.
    Spread(ExprId),
    /// `await x`, `x.await`, `x?`, `<-x`, `yield x`, parentheses with a meaning: the same value, perhaps later.
    Same(ExprId),
    /// A value known to be of a type: the language's cast syntax (`x as T`, `x.(T)`, `T(x)` where `T` is a builtin type in Go), or
    /// the declared type of a variable with its value (`let n: i64 = v`), [`ExprKind::Null`] when it has none (`var db *sql.DB`).
    Cast {
        /// What is converted.
        value: ExprId,
        /// To what.
        ty: TypeRef,
    },
    /// An assignment or binding; its value is the assigned value.
    Assign {
        /// What is assigned.
        target: Box<Target>,
        /// The value.
        value: ExprId,
        /// Plain, one element at a time, or with an operator.
        mode: AssignMode,
    },
    /// The exception caught by a handler (value of the binding at the start of a handler block).
    Caught,
    /// A class, as a value, where it is defined (assigned to its name there).
    Class(ClassId),
    /// Anything not modelled; its value may depend on any of these.
    Other(Vec<ExprId>),
}

impl ExprKind {
    /// Every expression this one uses directly, in order; what a target of an assignment uses included.
    pub fn each_operand(&self, mut each: impl FnMut(ExprId)) {
        match self {
            ExprKind::Str(_)
            | ExprKind::Num(_)
            | ExprKind::Bool(_)
            | ExprKind::Null
            | ExprKind::Name(_)
            | ExprKind::Module(_)
            | ExprKind::Lambda(_)
            | ExprKind::Caught
            | ExprKind::Class(_) => {}
            ExprKind::Member { base: one, .. }
            | ExprKind::Slice { base: one }
            | ExprKind::Unary { operand: one, .. }
            | ExprKind::Spread(one)
            | ExprKind::Same(one)
            | ExprKind::Cast { value: one, .. } => each(*one),
            ExprKind::Index {
                base: left,
                index: right,
            }
            | ExprKind::Binary { left, right, .. } => {
                each(*left);
                each(*right);
            }
            ExprKind::Call {
                callee: first, args, ..
            }
            | ExprKind::Format {
                template: first, args, ..
            } => {
                each(*first);
                args.iter().for_each(|a| each(a.value));
            }
            ExprKind::Concat(all)
            | ExprKind::Logic { operands: all, .. }
            | ExprKind::Sequence(all)
            | ExprKind::Other(all) => all.iter().for_each(|id| each(*id)),
            ExprKind::Template { tag, parts } => {
                tag.iter().for_each(|id| each(*id));
                for part in parts {
                    if let Part::Hole { value, .. } = part {
                        each(*value);
                    }
                }
            }
            ExprKind::Ternary { test, then, other } => {
                each(*test);
                each(*then);
                each(*other);
            }
            ExprKind::Map(entries) => {
                for entry in entries {
                    entry.key.iter().for_each(|id| each(*id));
                    each(entry.value);
                }
            }
            ExprKind::Assign { target, value, .. } => {
                target.each_operand(&mut each);
                each(*value);
            }
        }
    }
}

impl Target {
    /// Every expression the target uses: objects, containers, keys, defaults.
    pub fn each_operand(&self, each: &mut dyn FnMut(ExprId)) {
        match self {
            Target::Name(..) | Target::Ignore => {}
            Target::Member { base, .. } => each(*base),
            Target::Index { base, index, .. } => {
                each(*base);
                each(*index);
            }
            Target::Tuple(all) => all.iter().for_each(|t| t.each_operand(each)),
            Target::Fields(all) => all.iter().for_each(|(_, t)| t.each_operand(each)),
            Target::Rest(inner) => inner.each_operand(each),
            Target::Default(inner, value) => {
                inner.each_operand(each);
                each(*value);
            }
        }
    }
}

/// One argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Its keyword, field or label.
    pub name: Option<Symbol>,
    /// The value (a [`ExprKind::Spread`] for `*args`).
    pub value: ExprId,
    /// The whole argument, keyword included.
    pub span: Span,
}

/// One part of an interpolated string.
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text, decoded, and where it is written.
    Lit(Box<str>, Span),
    /// A hole: its expression, and the whole hole with its delimiters (`{x!r:>10}`, `${x}`).
    Hole {
        /// The expression.
        value: ExprId,
        /// With delimiters.
        span: Span,
    },
}

/// One entry of a map literal; `key` is `None` for a spread.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The key; a bare identifier key is a [`ExprKind::Str`].
    pub key: Option<ExprId>,
    /// The value.
    pub value: ExprId,
    /// Key and value.
    pub span: Span,
}

/// How the holes of a format string are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormatStyle {
    /// `%s`, `%(name)s`, `%v`.
    Printf,
    /// `{}`, `{0}`, `{name}`.
    Braces,
}

/// A logical connective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogicOp {
    /// `and`, `&&`.
    And,
    /// `or`, `||`.
    Or,
    /// `??`, `?:`.
    Coalesce,
}

/// How an assignment gives its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssignMode {
    /// `a = v`.
    Plain,
    /// `for a in v`: each element of the value in turn.
    Each,
    /// `a += v` (and other operators that keep text: `??=`, `||=`, `.=`): the old value joined with the new.
    Extend,
    /// `a -= v`, `a |= v`, ...: a number or a set, no text.
    Other,
}

/// What an assignment writes to.
#[derive(Clone, Debug)]
pub enum Target {
    /// A variable.
    Name(Symbol, Span),
    /// `base.name = ..`.
    Member {
        /// The object.
        base: ExprId,
        /// The field.
        name: Symbol,
        /// The whole target.
        span: Span,
    },
    /// `base[index] = ..`.
    Index {
        /// The container.
        base: ExprId,
        /// The key.
        index: ExprId,
        /// The whole target.
        span: Span,
    },
    /// `a, b = ..`, `[a, b] = ..`: element by position.
    Tuple(Vec<Target>),
    /// `{a, b: c} = ..`, `Struct { a, b }`: element by key. A rest (`...others`) is a [`Target::Rest`] under the key `...`; a computed
    /// key is `[]`.
    Fields(Vec<(Symbol, Target)>),
    /// `*rest`, `...rest`.
    Rest(Box<Target>),
    /// A target with a default (`{a = 1}`).
    Default(Box<Target>, ExprId),
    /// `_`, or a pattern that binds nothing.
    Ignore,
}

/// The expression of one statement: ids `first..=root` of the arena.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The first id.
    pub first: ExprId,
    /// The last id, the statement itself.
    pub root: ExprId,
}

/// A run of statements without branches.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its statements.
    pub items: Vec<Item>,
    /// Where control goes next.
    pub exit: Exit,
    /// Where control may go from any of its statements (the handlers of an enclosing `try`).
    pub on_error: Option<BlockId>,
}

/// How a block ends.
#[derive(Clone, Debug)]
pub enum Exit {
    /// On to another.
    Goto(BlockId),
    /// A two-way branch on the value of the block's last item.
    Branch {
        /// The test.
        test: ExprId,
        /// When true.
        yes: BlockId,
        /// When false.
        no: BlockId,
    },
    /// Any one of several (`switch`, `match`, loops that may not run).
    Any(Vec<BlockId>),
    /// Leaves the function with the value of the last item, or nothing.
    Return(Option<ExprId>),
    /// Leaves by exception, panic or process exit.
    Raise,
    /// The end of the function.
    End,
}

/// One `if` (each `elif`/`else if` is one of its own).
#[derive(Clone, Debug)]
pub struct Branch {
    /// The test.
    pub test: ExprId,
    /// From `if` to the end of its last arm.
    pub span: Span,
    /// The arm taken when true.
    pub then: Arm,
    /// The arm taken when false, when written.
    pub other: Option<Arm>,
}

/// One arm of a branch or handler.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// Its statements.
    pub span: Span,
    /// Its first block.
    pub block: BlockId,
    /// How it ends, seen from outside.
    pub ends: ArmEnd,
    /// True when it holds no statement but `pass`, a comment, a docstring or a log call the adapter knows.
    pub empty: bool,
}

/// How an arm leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArmEnd {
    /// Goes on after the branch.
    Falls,
    /// Returns.
    Returns,
    /// Raises, throws, panics, aborts.
    Raises,
    /// `break`, `continue`, `goto`.
    Jumps,
}

/// One exception handler.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The caught types as written; empty catches everything.
    pub types: Vec<TypeRef>,
    /// The protected statements.
    pub guarded: Span,
    /// The handler's body.
    pub arm: Arm,
}

/// A class, struct, interface, trait or impl target.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: Symbol,
    /// The whole definition.
    pub span: Span,
    /// What it extends or implements.
    pub bases: Vec<TypeRef>,
    /// Declared fields.
    pub fields: Vec<Field>,
    /// Its methods.
    pub methods: Vec<FunctionId>,
    /// The statements of its body, when it has any.
    pub body: Option<FunctionId>,
    /// Decorators, annotations, attributes (`derive`); expressions of the arena of the function it is written in.
    pub decorators: Vec<ExprId>,
}

/// A declared field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Symbol,
    /// Its declared type.
    pub ty: Option<TypeRef>,
    /// Where it is written.
    pub span: Span,
}

/// What a name at file level means. Paths are dotted: `os.path.join`, `net/http`, `child_process.exec`,
/// `std.process.Command`, `.db.connect` (relative), `./db.connect`.
#[derive(Clone, Debug)]
pub struct Import {
    /// The local name; empty when nothing is bound (`import "x"`, `export * from "x"`).
    pub local: Symbol,
    /// What it stands for.
    pub path: Arc<str>,
    /// Where it is written.
    pub span: Span,
    /// `from x import *`, `use x::*`, `import . "x"`: every name of `path`.
    pub all: bool,
}

/// One comment.
#[derive(Clone, Copy, Debug)]
pub struct Comment {
    /// With its delimiters.
    pub span: Span,
    /// A documentation comment or docstring.
    pub doc: bool,
}

/// A stretch that could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Unread {
    /// Where.
    pub span: Span,
    /// Why.
    pub why: UnreadWhy,
}

/// Why a stretch could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnreadWhy {
    /// The grammar does not accept it.
    Syntax,
    /// Nested deeper than the limit.
    TooDeep,
}
