//! Which variable a name means: the locals of each function, what inner functions share with outer ones, and the functions and
//! classes that names of the file stand for. Computed once per file from the facts, and from what names of other files are linked to.

use crate::{
    lang::facts::*,
    scan::link::{Linked, Links},
};
use std::collections::{HashMap, HashSet};

/// What a name means in a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A local: its slot.
    Local(u32),
    /// A local of a function this one is written in: that function and the slot there.
    Outer(FunctionId, u32),
    /// A function of the file by its definition alone.
    Function(FunctionId),
    /// A class of the file.
    Class(ClassId),
    /// A module that is analysed with the file: its index in the links.
    Module(u32),
    /// Nothing of the file: imported, builtin, or unknown.
    Free,
}

/// The variables of one function.
#[derive(Default)]
struct Locals {
    slots: HashMap<Symbol, u32>,
    names: Vec<Symbol>,
    /// Slots that functions written inside read or write.
    shared: HashSet<u32>,
    /// Slots that functions written inside write.
    written_inside: HashSet<u32>,
    /// Outer variables that this function, or one written in it, uses.
    captures: Vec<(FunctionId, u32)>,
    captured: HashSet<(FunctionId, u32)>,
    /// Slots of parameters that are assigned again.
    reassigned: HashSet<u32>,
    /// Every name it mentions.
    mentions: Vec<Symbol>,
}

/// The variables of a file.
pub struct Scopes<'a> {
    links: &'a Links,
    locals: Vec<Locals>,
    named: HashMap<(FunctionId, Symbol), FunctionId>,
    /// By the module body of the file they are in.
    classes: HashMap<(FunctionId, Symbol), ClassId>,
    children: Vec<Vec<FunctionId>>,
}

impl<'a> Scopes<'a> {
    /// Reads the facts once.
    #[must_use]
    pub fn new(facts: &Facts, links: &'a Links) -> Scopes<'a> {
        let mut scopes = Scopes {
            links,
            locals: facts.functions.iter().map(|_| Locals::default()).collect(),
            named: HashMap::new(),
            classes: HashMap::new(),
            children: vec![Vec::new(); facts.functions.len()],
        };
        for (i, class) in facts.classes.iter().enumerate() {
            let module = links.part_of_class(ClassId(i as u32)).module;
            scopes.classes.entry((module, class.name)).or_insert(ClassId(i as u32));
        }
        for (i, function) in facts.functions.iter().enumerate() {
            let id = FunctionId(i as u32);
            if let Some(parent) = function.parent {
                scopes.children[parent.ix()].push(id);
                if function.kind == FunctionKind::Function {
                    scopes.named.entry((parent, function.name)).or_insert(id);
                }
            }
        }
        // Functions are numbered outer first, so an outer function's locals are known when an inner one asks for them.
        for i in 0..facts.functions.len() {
            scopes.collect(facts, FunctionId(i as u32));
        }
        for i in 0..facts.functions.len() {
            scopes.share(facts, FunctionId(i as u32));
        }
        for (module, name) in links.variables() {
            if let Some(slot) = scopes.slot(module, name) {
                scopes.locals[module.ix()].shared.insert(slot);
            }
        }
        scopes
    }

    /// What `name` means in `function`.
    #[must_use]
    pub fn meaning(&self, facts: &Facts, function: FunctionId, name: Symbol) -> Meaning {
        let mut at = Some(function);
        while let Some(id) = at {
            let own = id == function;
            // A class body's names are members, not variables of the functions in it.
            if own || facts.functions[id.ix()].kind != FunctionKind::ClassBody {
                if let Some(slot) = self.locals[id.ix()].slots.get(&name) {
                    return if own {
                        Meaning::Local(*slot)
                    } else {
                        Meaning::Outer(id, *slot)
                    };
                }
                if let Some(named) = self.named.get(&(id, name)) {
                    return Meaning::Function(*named);
                }
            }
            at = facts.functions[id.ix()].parent;
        }
        let module = self.module(function);
        match self.classes.get(&(module, name)) {
            Some(class) => Meaning::Class(*class),
            None => self.linked(self.links.meaning(module, name)),
        }
    }

    /// What something of another file is here.
    #[must_use]
    pub fn linked(&self, linked: Option<Linked>) -> Meaning {
        match linked {
            Some(Linked::Function(function)) => Meaning::Function(function),
            Some(Linked::Class(class)) => Meaning::Class(class),
            Some(Linked::Module(module)) => Meaning::Module(module),
            Some(Linked::Variable(module, name)) => match self.slot(module, name) {
                Some(slot) => Meaning::Outer(module, slot),
                None => Meaning::Free,
            },
            Some(Linked::Instance(_)) | None => Meaning::Free,
        }
    }

    /// The module body of the file a function is in.
    #[must_use]
    pub fn module(&self, function: FunctionId) -> FunctionId {
        self.links.part_of_function(function).module
    }

    /// The class of that name, as a function sees it.
    #[must_use]
    pub fn class(&self, within: FunctionId, name: Symbol) -> Option<ClassId> {
        let module = self.module(within);
        let own = self.classes.get(&(module, name)).copied();
        own.or_else(|| match self.links.meaning(module, name) {
            Some(Linked::Class(class)) => Some(class),
            _ => None,
        })
    }

    /// Number of locals.
    #[must_use]
    pub fn count(&self, function: FunctionId) -> usize {
        self.locals[function.ix()].names.len()
    }

    /// The slot of a local.
    #[must_use]
    pub fn slot(&self, function: FunctionId, name: Symbol) -> Option<u32> {
        self.locals[function.ix()].slots.get(&name).copied()
    }

    /// The name of a local.
    #[must_use]
    pub fn name(&self, function: FunctionId, slot: u32) -> Option<Symbol> {
        self.locals[function.ix()].names.get(slot as usize).copied()
    }

    /// True when functions written inside use this local.
    #[must_use]
    pub fn is_shared(&self, function: FunctionId, slot: u32) -> bool {
        self.locals[function.ix()].shared.contains(&slot)
    }

    /// True when functions written inside change this local.
    #[must_use]
    pub fn is_written_inside(&self, function: FunctionId, slot: u32) -> bool {
        self.locals[function.ix()].written_inside.contains(&slot)
    }

    /// True when this parameter is assigned again in its function.
    #[must_use]
    pub fn is_reassigned(&self, function: FunctionId, slot: u32) -> bool {
        self.locals[function.ix()].reassigned.contains(&slot)
    }

    /// The outer variables a function, or one written in it, uses.
    #[must_use]
    pub fn captures(&self, function: FunctionId) -> &[(FunctionId, u32)] {
        &self.locals[function.ix()].captures
    }

    /// True when a function, or one written in it, uses that outer variable.
    #[must_use]
    pub fn captures_variable(&self, function: FunctionId, owner: FunctionId, slot: u32) -> bool {
        self.locals[function.ix()].captured.contains(&(owner, slot))
    }

    /// The functions written directly in this one.
    #[must_use]
    pub fn children(&self, function: FunctionId) -> &[FunctionId] {
        &self.children[function.ix()]
    }

    /// The names a function mentions, without those of functions in it.
    #[must_use]
    pub fn mentions(&self, function: FunctionId) -> &[Symbol] {
        &self.locals[function.ix()].mentions
    }

    fn collect(&mut self, facts: &Facts, id: FunctionId) {
        let function = &facts.functions[id.ix()];
        for param in &function.params {
            self.add(id, param.name);
        }
        let mut seen = HashSet::new();
        for expr in &function.exprs {
            match &expr.kind {
                ExprKind::Name(name) if seen.insert(*name) => {
                    self.locals[id.ix()].mentions.push(*name);
                }
                ExprKind::Assign { target, .. } => self.assigned(facts, id, target),
                _ => {}
            }
        }
    }

    fn assigned(&mut self, facts: &Facts, id: FunctionId, target: &Target) {
        let mut open = vec![target];
        while let Some(target) = open.pop() {
            match target {
                Target::Name(name, _) if self.owns(facts, id, *name) => {
                    self.add(id, *name);
                    if facts.functions[id.ix()].params.iter().any(|p| p.name == *name)
                        && let Some(slot) = self.slot(id, *name)
                    {
                        self.locals[id.ix()].reassigned.insert(slot);
                    }
                }
                Target::Tuple(all) => open.extend(all),
                Target::Fields(all) => open.extend(all.iter().map(|(_, t)| t)),
                Target::Rest(inner) | Target::Default(inner, _) => open.push(inner),
                Target::Name(..) | Target::Member { .. } | Target::Index { .. } | Target::Ignore => {}
            }
        }
    }

    /// True when assigning `name` in `id` makes it a local there.
    fn owns(&self, facts: &Facts, id: FunctionId, name: Symbol) -> bool {
        let function = &facts.functions[id.ix()];
        if function.outer.contains(&name) {
            return false;
        }
        if facts.lang.assigning_makes_local() || function.kind == FunctionKind::ClassBody {
            return true;
        }
        !matches!(self.meaning(facts, id, name), Meaning::Outer(..))
    }

    fn add(&mut self, id: FunctionId, name: Symbol) {
        let locals = &mut self.locals[id.ix()];
        let next = locals.names.len() as u32;
        if let std::collections::hash_map::Entry::Vacant(entry) = locals.slots.entry(name) {
            entry.insert(next);
            locals.names.push(name);
        }
    }

    /// Notes what `id` uses of the functions it is written in.
    fn share(&mut self, facts: &Facts, id: FunctionId) {
        let mentions = std::mem::take(&mut self.locals[id.ix()].mentions);
        for name in &mentions {
            if let Meaning::Outer(owner, slot) = self.meaning(facts, id, *name) {
                self.capture(facts, id, owner, slot);
            }
        }
        self.locals[id.ix()].mentions = mentions;
        for expr in &facts.functions[id.ix()].exprs {
            let ExprKind::Assign { target, .. } = &expr.kind else {
                continue;
            };
            if let Target::Name(name, _) = &**target
                && let Meaning::Outer(owner, slot) = self.meaning(facts, id, *name)
            {
                self.capture(facts, id, owner, slot);
                self.locals[owner.ix()].written_inside.insert(slot);
            }
        }
    }

    /// `id`, and every function between it and `owner`, uses the variable.
    fn capture(&mut self, facts: &Facts, id: FunctionId, owner: FunctionId, slot: u32) {
        self.locals[owner.ix()].shared.insert(slot);
        let mut at = Some(id);
        while let Some(inner) = at.filter(|i| *i != owner) {
            let locals = &mut self.locals[inner.ix()];
            if locals.captured.insert((owner, slot)) {
                locals.captures.push((owner, slot));
            }
            at = facts.functions[inner.ix()].parent;
        }
    }
}
