//! Several files as one: their facts, their texts one after the other, and what they know of each other.

use super::{
    links::{Linked, Links, Module, Part},
    names::module_of,
};
use crate::{change::RepoPath, lang::facts::*};
use std::sync::Arc;

/// A file of a program.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub path: RepoPath,
    /// Its text.
    pub text: Arc<[u8]>,
    /// Its facts.
    pub facts: Facts,
    /// See [`Part::reports`].
    pub reports: bool,
    /// What its imports mean: the path as written, the files (indices into the program's), and what of them.
    pub imports: Vec<(Arc<str>, Vec<usize>, Vec<String>)>,
    /// Files whose definitions it sees without importing them, with the name they are a module by, where they are one.
    pub sees: Vec<(usize, Option<String>)>,
}

/// Files that are analysed together. The first is the one under examination.
#[derive(Clone, Debug)]
pub struct Program {
    /// The facts of all.
    pub facts: Facts,
    /// The texts of all, one after the other.
    pub text: Vec<u8>,
    /// Which file is where, and what names mean.
    pub links: Links,
}

impl Program {
    /// Joins files; `None` without any.
    #[must_use]
    pub fn of(sources: Vec<Source>) -> Option<Program> {
        let mut parts: Vec<Part> = Vec::with_capacity(sources.len());
        let mut knowledge = Vec::with_capacity(sources.len());
        let mut joined: Option<(Facts, Vec<u8>)> = None;
        for source in sources {
            let first_class = ClassId(joined.as_ref().map_or(0, |(facts, _)| facts.classes.len() as u32));
            let start = joined.as_ref().map_or(0, |(_, text)| text.len() as u32);
            let module = match &mut joined {
                None => {
                    joined = Some((source.facts, Vec::new()));
                    FunctionId(0)
                }
                Some((facts, _)) => facts.append(source.facts, start),
            };
            if let Some((_, text)) = &mut joined {
                text.extend_from_slice(&source.text);
                // Every file begins a line, and none where another does.
                text.push(b'\n');
            }
            parts.push(Part {
                path: source.path,
                reports: source.reports,
                start,
                module,
                first_class,
            });
            knowledge.push((source.imports, source.sees));
        }
        let (facts, text) = joined?;
        let mut program = Program {
            links: Links::new(parts),
            facts,
            text,
        };
        program.link(&knowledge);
        Some(program)
    }

    fn link(&mut self, knowledge: &[Knowledge]) {
        // Module `i` is file `i`; packages of several files come after.
        for i in 0..knowledge.len() {
            let module = self.module(i);
            self.links.add_module(module);
        }
        for (i, (imports, sees)) in knowledge.iter().enumerate() {
            for (path, files, names) in imports {
                self.import(i, path, files, names);
            }
            let module = self.links.parts()[i].module;
            for (file, name) in sees {
                match name.as_ref().and_then(|n| self.facts.names.find(n)) {
                    Some(name) => self.links.name(module, name, Linked::Module(*file as u32)),
                    None => self.everything(module, *file as u32),
                }
            }
        }
    }

    fn module(&self, i: usize) -> Module {
        let parts = self.links.parts();
        let end = parts.get(i + 1).map_or(self.facts.functions.len(), |p| p.module.ix());
        let functions: Vec<_> = (parts[i].module.ix()..end).map(|f| FunctionId(f as u32)).collect();
        let end = parts
            .get(i + 1)
            .map_or(self.facts.classes.len(), |p| p.first_class.ix());
        let classes: Vec<_> = (parts[i].first_class.ix()..end).map(|c| ClassId(c as u32)).collect();
        module_of(&self.facts, &parts[i], &functions, &classes)
    }

    /// What one import means in file `i`.
    fn import(&mut self, i: usize, path: &Arc<str>, files: &[usize], names: &[String]) {
        let module = match files {
            [] => return,
            [only] => *only as u32,
            several => {
                let mut package = Module::default();
                for file in several {
                    let of = self.links.module(*file as u32);
                    package.members.extend(of.into_iter().flat_map(|m| m.members.clone()));
                }
                self.links.add_module(package)
            }
        };
        let file = self.links.parts()[i].module;
        let of_this = |import: &&Import| {
            import.path == *path
                && self.links.part_of_function(file).module == self.links.part_at(import.span.start).module
        };
        let locals: Vec<(Symbol, bool)> = self
            .facts
            .imports
            .iter()
            .filter(of_this)
            .map(|i| (i.local, i.all))
            .collect();
        let meant = self.named(module, names);
        for (local, all) in locals {
            match meant {
                Some(Linked::Module(module)) if all => self.everything(file, module),
                Some(meant) => self.links.name(file, local, meant),
                None => {}
            }
        }
        if names.is_empty() {
            self.links.load(file, path.clone(), module);
        }
    }

    /// What the names lead to in a module: itself without any, a member, a method of a class.
    fn named(&self, module: u32, names: &[String]) -> Option<Linked> {
        let Some((first, rest)) = names.split_first() else {
            return Some(Linked::Module(module));
        };
        let of = self.links.module(module)?;
        let member = self
            .facts
            .names
            .find(first)
            .and_then(|name| of.members.get(&name).copied())?;
        match (member, rest) {
            (member, []) => Some(member),
            (Linked::Class(class), [method]) => {
                let name = self.facts.names.find(method)?;
                let methods = &self.facts.classes[class.ix()].methods;
                let method = methods.iter().find(|m| self.facts.functions[m.ix()].name == name)?;
                Some(Linked::Function(*method))
            }
            _ => None,
        }
    }

    /// A file sees everything a module defines.
    fn everything(&mut self, file: FunctionId, module: u32) {
        let members = self.links.module(module).map(|m| m.members.clone()).unwrap_or_default();
        for (name, member) in members {
            self.links.name(file, name, member);
        }
    }
}

/// A file's imports and what it sees, as in [`Source`].
type Knowledge = (Vec<(Arc<str>, Vec<usize>, Vec<String>)>, Vec<(usize, Option<String>)>);
