//! What names of one file stand for in others, among the files that are analysed together.

use crate::{
    change::RepoPath,
    lang::facts::{ClassId, FunctionId, Symbol},
};
use std::{collections::HashMap, sync::Arc};

/// One of the files that are analysed together.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub path: RepoPath,
    /// Findings may be told in it. What ends in another file is told where the file under examination calls it.
    pub reports: bool,
    /// Where its text begins in the joined text, in bytes.
    pub start: u32,
    /// Its module body.
    pub module: FunctionId,
    /// The first of its classes, by number.
    pub first_class: ClassId,
}

/// What a name stands for in another file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// A function.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
    /// The one instance of a class that a module gives out.
    Instance(ClassId),
    /// A variable of a module body.
    Variable(FunctionId, Symbol),
    /// A module: index for [`Links::member`].
    Module(u32),
}

/// What a module gives to those that import it.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its members.
    pub members: HashMap<Symbol, Linked>,
    /// What it is itself where it is called or made: a default export.
    pub whole: Option<Linked>,
}

/// The files that are analysed together and what they know of each other. The first is the one under examination.
#[derive(Clone, Debug)]
pub struct Links {
    parts: Vec<Part>,
    names: HashMap<(FunctionId, Symbol), Linked>,
    loads: HashMap<(FunctionId, Arc<str>), u32>,
    modules: Vec<Module>,
}

impl Links {
    /// A file by itself.
    #[must_use]
    pub fn none(path: &RepoPath) -> Links {
        Links::new(vec![Part {
            path: path.clone(),
            reports: true,
            start: 0,
            module: FunctionId(0),
            first_class: ClassId(0),
        }])
    }

    /// These files, in the order of their texts, that know nothing of each other yet.
    #[must_use]
    pub fn new(parts: Vec<Part>) -> Links {
        Links {
            parts,
            names: HashMap::new(),
            loads: HashMap::new(),
            modules: Vec::new(),
        }
    }

    /// Adds a module; gives its index.
    pub fn add_module(&mut self, module: Module) -> u32 {
        self.modules.push(module);
        (self.modules.len() - 1) as u32
    }

    /// Says what a name stands for in a file, given by its module body. The first to say so is right.
    pub fn name(&mut self, file: FunctionId, name: Symbol, stands_for: Linked) {
        self.names.entry((file, name)).or_insert(stands_for);
    }

    /// Says which module an expression loads in a file.
    pub fn load(&mut self, file: FunctionId, path: Arc<str>, module: u32) {
        self.loads.insert((file, path), module);
    }

    /// The files.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The file that holds a byte of the joined text.
    #[must_use]
    pub fn part_at(&self, byte: u32) -> &Part {
        let after = self.parts.partition_point(|part| part.start <= byte);
        &self.parts[after.saturating_sub(1)]
    }

    /// The file that defines a function.
    #[must_use]
    pub fn part_of_function(&self, function: FunctionId) -> &Part {
        let after = self.parts.partition_point(|part| part.module <= function);
        &self.parts[after.saturating_sub(1)]
    }

    /// The file that defines a class.
    #[must_use]
    pub fn part_of_class(&self, class: ClassId) -> &Part {
        let after = self.parts.partition_point(|part| part.first_class <= class);
        &self.parts[after.saturating_sub(1)]
    }

    /// True for a function of the file under examination.
    #[must_use]
    pub fn is_own_function(&self, function: FunctionId) -> bool {
        self.parts.get(1).is_none_or(|next| function < next.module)
    }

    /// True for a place in the file under examination.
    #[must_use]
    pub fn is_own(&self, byte: u32) -> bool {
        self.parts.get(1).is_none_or(|next| byte < next.start)
    }

    /// What a name stands for in a file that does not define it.
    #[must_use]
    pub fn meaning(&self, file: FunctionId, name: Symbol) -> Option<Linked> {
        self.names.get(&(file, name)).copied()
    }

    /// The module that an expression loads.
    #[must_use]
    pub fn loaded(&self, file: FunctionId, path: &Arc<str>) -> Option<u32> {
        self.loads.get(&(file, path.clone())).copied()
    }

    /// A module.
    #[must_use]
    pub fn module(&self, index: u32) -> Option<&Module> {
        self.modules.get(index as usize)
    }

    /// The variables of module bodies that others use, each with its module.
    pub fn variables(&self) -> impl Iterator<Item = (FunctionId, Symbol)> {
        let of_modules = self.modules.iter().flat_map(|m| m.members.values().chain(&m.whole));
        let all = self.names.values().chain(of_modules);
        all.filter_map(|linked| match linked {
            Linked::Variable(module, name) => Some((*module, *name)),
            _ => None,
        })
    }
}
