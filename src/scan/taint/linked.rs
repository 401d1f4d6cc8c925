//! What other files give that are analysed with this one: modules as values, and their members.

use super::{file::Cell, scope::Meaning, visit::Visit};
use crate::{
    lang::facts::*,
    scan::{
        link::Linked,
        paths::arena::PathId,
        value::{Callee, V, Value},
    },
};
use std::{rc::Rc, sync::Arc};

impl Visit<'_, '_> {
    /// A module that an expression loads; `None` when it is not one of those analysed together.
    pub(in crate::scan) fn loaded(&self, path: &Arc<str>) -> Option<Value> {
        let file = self.file.scopes.module(self.id);
        let module = self.file.links.loaded(file, path)?;
        let path = PathId::UNKNOWN;
        Some(self.module_at(module, path))
    }

    /// A module by the name it is imported as.
    pub(in crate::scan) fn module_named(&mut self, module: u32, name: Symbol) -> Value {
        let path = self.file.free(self.id, name).path;
        self.module_at(module, path)
    }

    /// A module as a value, with what it is itself where it is called.
    fn module_at(&self, module: u32, path: PathId) -> Value {
        let mut callees = vec![Callee::Module(module)];
        let whole = self.file.links.module(module).and_then(|m| m.whole);
        match self.file.scopes.linked(whole) {
            Meaning::Function(function) => callees.push(Callee::Function(function)),
            Meaning::Class(class) => callees.push(Callee::Class(class)),
            _ => {}
        }
        let mut value = Value::at(path);
        value.callees = Some(callees.into());
        value
    }

    /// A member of a module: what it defines, or a member of what it gives as a whole.
    pub(in crate::scan) fn member_of_module(&mut self, module: u32, name: Symbol) -> Option<V> {
        let of = self.file.links.module(module)?;
        let (member, whole) = (of.members.get(&name).copied(), of.whole);
        if member.is_some() {
            return self.linked(member);
        }
        match whole {
            Some(Linked::Variable(..) | Linked::Instance(_)) => {
                let whole = self.linked(whole)?;
                self.inner_member(&whole, name, ExprId(0))
            }
            _ => None,
        }
    }

    /// Something of another file as a value.
    fn linked(&mut self, linked: Option<Linked>) -> Option<V> {
        if let Some(Linked::Instance(class)) = linked {
            return Some(Rc::new(self.file.instance(class)));
        }
        match self.file.scopes.linked(linked) {
            Meaning::Function(function) => Some(Rc::new(self.file.function_value(function))),
            Meaning::Class(class) => Some(Rc::new(self.file.class_value(class))),
            Meaning::Module(module) => Some(Rc::new(self.module_at(module, PathId::UNKNOWN))),
            Meaning::Outer(owner, slot) => self.file.read(Cell::Shared(owner, slot), self.id),
            Meaning::Local(_) | Meaning::Free => None,
        }
    }
}
