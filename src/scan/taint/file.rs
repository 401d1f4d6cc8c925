//! What is known of one file while it is analysed: paths, variables shared between functions, fields, summaries, and who calls whom with
//! what. Functions are visited until nothing of this changes; the order and the number of visits depend on the facts alone.

use super::{
    scope::{Meaning, Scopes},
    summary::Summary,
    trace::{Hop, Link},
    visit::{Found, Visit},
};
use crate::{
    lang::facts::*,
    scan::{
        compile::{Index, Kinds, Row},
        engine::Budget,
        link::Links,
        matchers::Active,
        paths::arena::{Arena, Part as Step, PathId},
        value::{Callee, From, Key, Param, Parts, Spot, Taint, Taints, V, Value, Withins, join, same},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

/// Most visits of one function. What is still changing then changes only in ways that no longer matter to findings of this file in
/// practice; it is bounded because outside input decides it.
const MAX_VISITS: u8 = 5;
/// Deepest nesting of type arguments and base classes followed.
const MAX_TYPE_DEPTH: u8 = 4;

/// Most classes looked through for a method or field.
const MAX_BASES: usize = 8;

/// A value that several functions share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    /// A variable of a function that functions written in it use.
    Shared(FunctionId, u32),
    /// What functions written inside of a function put into its variable.
    Inner(FunctionId, u32),
    /// A variable as a lambda found it when it was made: lambda, owner, slot.
    Captured(FunctionId, FunctionId, u32),
    /// A field of a class.
    Field(ClassId, Symbol),
    /// What is known of a parameter from where its function was registered as a callback.
    Given(Param),
}

/// What callers pass, for each parameter and calling expression.
pub type Feeds = BTreeMap<Param, BTreeMap<Spot, V>>;

/// Everything known of one file.
pub struct File<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The text they were read from.
    pub text: &'a [u8],
    /// The files they are of, and what these know of each other.
    pub links: &'a Links,
    /// Rules and models.
    pub index: &'a Index,
    /// Matchers that apply to this file.
    pub active: &'a Active,
    /// Named arguments are written as entries of an object (JavaScript).
    pub takes_options: bool,
    /// Access paths.
    pub arena: Arena<'a>,
    /// Variables.
    pub scopes: Scopes<'a>,
    /// Parts of parameters.
    pub withins: Withins,
    /// What callers pass.
    pub feeds: Feeds,
    /// What each function does, seen from outside.
    pub summaries: Vec<Rc<Summary>>,
    /// What was found in each block of each function.
    pub found: Vec<Vec<Found>>,
    /// Access paths of each function's decorators.
    pub decorators: Vec<Vec<PathId>>,
    /// Access paths of each class's decorators.
    pub class_decorators: Vec<Vec<PathId>>,
    /// Functions that were given up because the budget ran out.
    pub exhausted: BTreeSet<FunctionId>,
    /// What functions hand to callees that nothing is known of: by the caller and the callee's last name, whether some of it comes from
    /// outside for certain.
    pub handed: BTreeMap<(FunctionId, Symbol), bool>,
    /// The value of nothing, shared.
    pub nothing: V,
    /// The value of unknown origin, shared.
    pub unknown: V,
    budget: Budget,
    spent: u32,
    given_names: HashMap<FunctionId, Symbol>,
    named: HashMap<Rc<str>, Rc<[u32]>>,
    /// By the module body of the file that imports, like `stars` and `free`.
    imports: HashMap<(FunctionId, Symbol), PathId>,
    stars: Vec<(FunctionId, PathId)>,
    free: HashMap<(FunctionId, Symbol), V>,
    class_paths: HashMap<ClassId, PathId>,
    cells: HashMap<Cell, V>,
    readers: HashMap<Cell, BTreeSet<FunctionId>>,
    callers: Vec<BTreeSet<FunctionId>>,
    rank: Vec<u32>,
    queue: BTreeSet<(u32, FunctionId)>,
    visits: Vec<u8>,
}

impl<'a> File<'a> {
    /// Prepares the analysis; nothing is evaluated yet.
    #[must_use]
    pub fn new(
        facts: &'a Facts,
        text: &'a [u8],
        links: &'a Links,
        index: &'a Index,
        active: &'a Active,
        budget: Budget,
    ) -> File<'a> {
        let members_are_keys = facts.lang.members_are_keys();
        let count = facts.functions.len();
        let nothing = Rc::new(Value::nothing());
        let mut file = File {
            facts,
            text,
            links,
            index,
            active,
            takes_options: members_are_keys,
            arena: Arena::new(index, &facts.names, members_are_keys),
            scopes: Scopes::new(facts, links),
            withins: Withins::default(),
            feeds: Feeds::new(),
            summaries: (0..count).map(|_| Rc::new(Summary::none(&nothing))).collect(),
            found: (0..count).map(|_| Vec::new()).collect(),
            decorators: vec![Vec::new(); count],
            class_decorators: vec![Vec::new(); facts.classes.len()],
            exhausted: BTreeSet::new(),
            handed: BTreeMap::new(),
            nothing,
            unknown: Rc::new(Value::unknown()),
            budget,
            spent: 0,
            given_names: super::names::given_names(facts),
            named: HashMap::new(),
            imports: HashMap::new(),
            stars: Vec::new(),
            free: HashMap::new(),
            class_paths: HashMap::new(),
            cells: HashMap::new(),
            readers: HashMap::new(),
            callers: vec![BTreeSet::new(); count],
            rank: Vec::new(),
            queue: BTreeSet::new(),
            visits: vec![0; count],
        };
        file.read_imports();
        file.rank = super::order::ranks(facts, &file.scopes);
        file.queue = (0..count as u32)
            .filter(|i| file.is_visited_unasked(FunctionId(*i)))
            .map(|i| (file.rank[i as usize], FunctionId(i)))
            .collect();
        file
    }

    /// Everything of the file under examination; of the others what runs when they are loaded. Their functions wait until one is called.
    fn is_visited_unasked(&self, id: FunctionId) -> bool {
        let kind = self.function(id).kind;
        self.links.is_own_function(id) || matches!(kind, FunctionKind::Module | FunctionKind::ClassBody)
    }

    /// Visits functions until nothing changes.
    pub fn run(&mut self) {
        while let Some((_, id)) = self.queue.pop_first() {
            if self.visits[id.ix()] >= MAX_VISITS {
                continue;
            }
            self.visits[id.ix()] += 1;
            let left = self.budget.per_file.saturating_sub(self.spent);
            let limit = self.budget.per_function.min(left);
            let mut visit = Visit::new(self, id, limit);
            let done = visit.run();
            let (spent, summary) = (visit.spent(), visit.summary());
            self.spent = self.spent.saturating_add(spent);
            if !done {
                self.exhausted.insert(id);
            }
            if !summary.same(&self.summaries[id.ix()]) {
                self.summaries[id.ix()] = Rc::new(summary);
                for caller in self.callers[id.ix()].clone() {
                    self.again(caller);
                }
            }
        }
    }

    /// Visits a function once more.
    pub fn again(&mut self, id: FunctionId) {
        self.queue.insert((self.rank[id.ix()], id));
    }

    /// A function of the facts.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &'a Function {
        &self.facts.functions[id.ix()]
    }

    /// What a function is called; without a name of its own, what it is assigned to.
    #[must_use]
    pub fn name_of(&self, id: FunctionId) -> Symbol {
        let given = self.given_names.get(&id);
        given.copied().unwrap_or(self.function(id).name)
    }

    /// What a function does, seen by `reader`, which is visited again when that changes.
    pub fn summary(&mut self, id: FunctionId, reader: FunctionId) -> Rc<Summary> {
        self.callers[id.ix()].insert(reader);
        if self.visits[id.ix()] == 0 {
            self.again(id);
            for inner in self.scopes.children(id).to_vec() {
                self.again(inner);
            }
        }
        self.summaries[id.ix()].clone()
    }

    // ---- cells

    /// The value of a cell, for `reader`, which is visited again when it changes.
    pub fn read(&mut self, cell: Cell, reader: FunctionId) -> Option<V> {
        self.readers.entry(cell).or_default().insert(reader);
        self.cells.get(&cell).cloned()
    }

    /// Adds to what a cell may hold.
    pub fn write(&mut self, cell: Cell, value: &V) {
        self.write_all([cell], value);
    }

    /// Adds to what each of these cells may hold.
    pub fn write_all(&mut self, cells: impl IntoIterator<Item = Cell>, value: &V) {
        let value = elsewhere(value);
        // Most of them hold the same: what was known, and what it became.
        let mut last: Option<(V, V)> = None;
        for cell in cells {
            let joined = match (self.cells.get(&cell), &last) {
                (None, _) => value.clone(),
                (Some(known), Some((before, joined))) if Rc::ptr_eq(known, before) => joined.clone(),
                (Some(known), _) => {
                    let joined = join(&mut self.arena, known, &value);
                    let joined = if same(known, &joined) { known.clone() } else { joined };
                    last.insert((known.clone(), joined)).1.clone()
                }
            };
            let before = self.cells.insert(cell, joined.clone());
            if before.is_some_and(|known| Rc::ptr_eq(&known, &joined)) {
                continue;
            }
            for reader in self.readers.get(&cell).cloned().unwrap_or_default() {
                self.again(reader);
            }
        }
    }

    /// True when something is known of a cell.
    #[must_use]
    pub fn holds(&self, cell: Cell) -> bool {
        self.cells.contains_key(&cell)
    }

    /// True when a decorator makes the function one that a framework calls with outside values.
    #[must_use]
    pub fn is_decorated_handler(&self, id: FunctionId) -> bool {
        self.decorators[id.ix()].iter().any(|path| {
            self.arena.rows(*path).iter().any(|(row, _)| match row {
                Row::Source(row) => self.index.sources[*row as usize].decorated.is_some(),
                _ => false,
            })
        })
    }

    // ---- names

    fn read_imports(&mut self) {
        for import in &self.facts.imports {
            let path = self.arena.dotted(&import.path);
            let module = self.links.part_at(import.span.start).module;
            if import.all {
                self.stars.push((module, path));
            } else {
                let local = (module, import.local);
                let known = self.imports.get(&local).copied().unwrap_or_default();
                let both = self.arena.both(path, known);
                self.imports.insert(local, both);
            }
        }
    }

    /// The value of a name that is no variable, function or class of the file, in a function.
    pub fn free(&mut self, within: FunctionId, name: Symbol) -> V {
        let module = self.scopes.module(within);
        if let Some(known) = self.free.get(&(module, name)) {
            return known.clone();
        }
        let path = match self.imports.get(&(module, name)) {
            Some(path) => *path,
            None => {
                let mut path = self.arena.root(name);
                for (_, star) in self.stars.clone().into_iter().filter(|(of, _)| *of == module) {
                    let member = self.arena.part(star, Step::Member(name));
                    path = self.arena.both(path, member);
                }
                path
            }
        };
        let mut value = Value::at(path);
        self.add_source(&mut value, path, None);
        let value = Rc::new(value);
        self.free.insert((module, name), value.clone());
        value
    }

    /// True when the name is imported in the file of that function.
    #[must_use]
    pub fn is_imported(&self, within: FunctionId, name: Symbol) -> bool {
        self.imports.contains_key(&(self.scopes.module(within), name))
    }

    /// Marks the value as a source when a model says that `path` is one; `spot` is where it is read (none: not known yet, only the flag
    /// is set).
    fn add_source(&mut self, value: &mut Value, path: PathId, spot: Option<(Spot, crate::text::Span)>) {
        let Some((row, weak)) = self.source_row(path) else {
            return;
        };
        value.sourced = true;
        if let Some((spot, span)) = spot {
            value.taints = Taints::one(Taint {
                from: From::Source { spot, row },
                cleaned: self.index.sources[row as usize].harmless,
                built: false,
                weak,
                assumed: 0,
                trace: Link::first(spot.function, span, Hop::Source(row)),
            });
        }
    }

    /// The best source row of a path and whether it fits any receiver.
    #[must_use]
    pub fn source_row(&self, path: PathId) -> Option<(u32, bool)> {
        self.arena.rows(path).iter().find_map(|(row, fit)| match row {
            Row::Source(row) => {
                let source = &self.index.sources[*row as usize];
                let plain = source.decorated.is_none() && source.into.is_none();
                plain.then_some((*row, !fit.exact))
            }
            _ => None,
        })
    }

    /// `value` as read at `spot`: tainted when its path is a source.
    pub fn sourced(&mut self, value: Value, spot: Spot, span: crate::text::Span) -> Value {
        let mut value = value;
        let path = value.path;
        if path.known() {
            self.add_source(&mut value, path, Some((spot, span)));
        }
        value
    }

    /// The matchers of values given to a name that this name fits.
    pub fn assigns_named(&mut self, name: &Rc<str>) -> Rc<[u32]> {
        if let Some(known) = self.named.get(name) {
            return known.clone();
        }
        let fits = |shape: &&u32| {
            let regex = &self.index.assigns[**shape as usize].name;
            regex.as_ref().is_some_and(|r| r.is_match(name.as_bytes()))
        };
        let fitting: Rc<[u32]> = self.active.assigns.iter().filter(fits).copied().collect();
        self.named.insert(name.clone(), fitting.clone());
        fitting
    }

    // ---- types and classes

    /// The path of a class of the file, from what it extends: as a class, not an instance.
    pub fn class_path(&mut self, class: ClassId) -> PathId {
        self.class_path_within(class, 0)
    }

    fn class_path_within(&mut self, class: ClassId, depth: u8) -> PathId {
        if let Some(known) = self.class_paths.get(&class) {
            return *known;
        }
        self.class_paths.insert(class, PathId::UNKNOWN);
        let facts = self.facts;
        let mut path = PathId::UNKNOWN;
        let module = self.links.part_of_class(class).module;
        for base in &facts.classes[class.ix()].bases {
            let (of_base, local) = self.type_path(base.name, module);
            let of_base = match local {
                Some(local) if depth < MAX_TYPE_DEPTH => self.class_path_within(local, depth + 1),
                _ => of_base,
            };
            path = if path.known() {
                self.arena.both(path, of_base)
            } else {
                of_base
            };
        }
        self.class_paths.insert(class, path);
        path
    }

    /// What a type's dotted name stands for: a path, a class of the file.
    /// What a type's name stands for: its access path, and its class when it is one of the file.
    pub fn type_path(&mut self, name: Symbol, within: FunctionId) -> (PathId, Option<ClassId>) {
        let text = self.facts.names.get(name);
        let mut names = text.split('.');
        let first = names.next().unwrap_or_default();
        let Some(first) = self.facts.names.find(first) else {
            return (self.arena.dotted(text), None);
        };
        let single = first == name;
        let (mut path, mut class) = match self.scopes.class(within, first) {
            Some(class) if single => (PathId::UNKNOWN, Some(class)),
            _ => match self.scopes.meaning(self.facts, within, first) {
                Meaning::Class(class) => (PathId::UNKNOWN, Some(class)),
                Meaning::Free => (self.free(within, first).path, None),
                _ if self.is_imported(within, first) => (self.free(within, first).path, None),
                _ => (PathId::UNKNOWN, None),
            },
        };
        for name in names {
            path = self.arena.member_named(path, name);
            class = None;
        }
        (path, class)
    }

    /// What a value of that path is harmless for by what it is: a truth value for all, a number for all but amounts.
    pub fn harmless(&self, path: PathId) -> Kinds {
        let numbers = self.index.harmless_numbers();
        let rows = self.arena.rows(path);
        let of = rows.iter().filter_map(|(row, _)| match row {
            Row::Neutral => Some(Kinds::ALL),
            Row::Number => Some(numbers),
            _ => None,
        });
        of.fold(Kinds::NONE, Kinds::or)
    }

    /// A value declared with a type, and what it is harmless for because of that.
    pub fn typed(&mut self, ty: &TypeRef, within: FunctionId) -> (Value, Kinds) {
        self.typed_within(ty, within, 0)
    }

    fn typed_within(&mut self, ty: &TypeRef, within: FunctionId, depth: u8) -> (Value, Kinds) {
        let (mut path, class) = self.type_path(ty.name, within);
        if let Some(class) = class {
            path = self.class_path(class);
        }
        let path = self.arena.part(path, Step::Call);
        let mut value = Value::at(path);
        value.instance = class;
        let harmless = self.harmless(path);
        if depth < MAX_TYPE_DEPTH {
            if let Some(number) = self.arena.stands_for_argument(path)
                && let Some(argument) = ty.args.get(number)
            {
                let (inner, harmless_inner) = self.typed_within(argument, within, depth + 1);
                let both = join(&mut self.arena, &Rc::new(value), &Rc::new(inner));
                return ((*both).clone(), harmless.or(harmless_inner));
            }
            let mut inner = Vec::with_capacity(ty.args.len());
            for argument in &ty.args {
                inner.push(self.typed_within(argument, within, depth + 1));
            }
            // What is made of numbers only carries no text either.
            let all = inner.iter().map(|(_, harmless)| *harmless).reduce(Kinds::and);
            let of_parts = all.filter(|_| class.is_none()).unwrap_or(Kinds::NONE);
            self.put_inside(&mut value, ty, inner.into_iter().map(|(v, _)| Rc::new(v)).collect());
            return (value, harmless.or(of_parts));
        }
        (value, harmless)
    }

    /// What the type arguments say of the inside: of a tuple by position, of a container its elements.
    fn put_inside(&mut self, value: &mut Value, ty: &TypeRef, inner: Vec<V>) {
        if self.facts.names.get(ty.name) == "()" {
            let entries = inner.into_iter().enumerate();
            let entries = entries.map(|(at, v)| (Key::Position(at as u32), v)).collect();
            value.parts = Some(Rc::new(Parts::new(&mut self.arena, entries, None, false)));
        } else {
            value.element = inner.into_iter().next_back();
        }
    }

    /// A class and the classes of the file it extends, nearest first.
    #[must_use]
    pub fn with_bases(&self, class: ClassId) -> Vec<ClassId> {
        let mut all = vec![class];
        let mut next = 0;
        while next < all.len() && all.len() <= MAX_BASES {
            let class = &self.facts.classes[all[next].ix()];
            let module = self.links.part_of_class(all[next]).module;
            next += 1;
            for base in class.bases.iter().filter_map(|b| self.scopes.class(module, b.name)) {
                if !all.contains(&base) {
                    all.push(base);
                }
            }
        }
        all
    }

    /// A method of a class of the file, its own or one of a base in the file.
    #[must_use]
    pub fn method(&self, class: ClassId, name: Symbol) -> Option<FunctionId> {
        self.method_where(class, |f| f.name == name)
    }

    /// The constructor of a class, its own or one of a base in the file.
    #[must_use]
    pub fn constructor(&self, class: ClassId) -> Option<FunctionId> {
        self.method_where(class, |f| f.kind == FunctionKind::Constructor)
    }

    fn method_where(&self, class: ClassId, fits: impl Fn(&Function) -> bool) -> Option<FunctionId> {
        let mut methods = self
            .with_bases(class)
            .into_iter()
            .flat_map(|c| self.facts.classes[c.ix()].methods.iter().copied());
        methods.find(|m| fits(&self.facts.functions[m.ix()]))
    }

    /// What `super` is in a function: an instance of the class of the file that its class extends, which can be called like that
    /// class.
    pub fn base_instance(&mut self, id: FunctionId) -> Option<Value> {
        let class = self.enclosing_class(id)?;
        let base = self.with_bases(class).get(1).copied()?;
        let mut value = self.instance(base);
        value.callees = Some(Rc::from([Callee::Class(base)]));
        Some(value)
    }

    /// The declared type of a field.
    pub fn declared_field(&mut self, class: ClassId, name: Symbol) -> Option<Value> {
        let facts = self.facts;
        let field = facts.classes[class.ix()].fields.iter().find(|f| f.name == name)?;
        let module = self.links.part_of_class(class).module;
        Some(self.typed(field.ty.as_ref()?, module).0)
    }

    /// The class whose instance `self` or `this` is in a function, its enclosing functions included.
    #[must_use]
    pub fn enclosing_class(&self, id: FunctionId) -> Option<ClassId> {
        let mut at = Some(id);
        while let Some(id) = at {
            let function = &self.facts.functions[id.ix()];
            if function.class.is_some() {
                return function.class;
            }
            at = function.parent;
        }
        None
    }

    /// An instance of a class of the file.
    pub fn instance(&mut self, class: ClassId) -> Value {
        let class_path = self.class_path(class);
        let mut value = Value::at(self.arena.part(class_path, Step::Call));
        value.instance = Some(class);
        value.unknown = false;
        value
    }

    /// A class as a value.
    pub fn class_value(&mut self, class: ClassId) -> Value {
        let mut value = Value::at(self.class_path(class));
        value.callees = Some(Rc::from([Callee::Class(class)]));
        value.unknown = false;
        value
    }

    /// A function as a value.
    #[must_use]
    pub fn function_value(&self, id: FunctionId) -> Value {
        Value {
            callees: Some(Rc::from([Callee::Function(id)])),
            ..Value::default()
        }
    }
}

/// A value as another function sees it: what its truth says of the variables of the function it comes from means nothing there.
pub(super) fn elsewhere(value: &V) -> V {
    if value.tests.is_none() && value.views.is_none() {
        return value.clone();
    }
    Rc::new(Value {
        tests: None,
        views: None,
        ..(**value).clone()
    })
}
