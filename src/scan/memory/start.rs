//! Where the analysis begins: the functions nobody in the file calls, with what the file's own variables hold and what callers may pass.

use super::{
    Defect,
    run::{MAX_STEPS, Machine},
    value::*,
};
use crate::lang::facts::*;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

/// Steps for one function with all it calls.
const MAX_STEPS_ONE: u32 = 60_000;

impl Machine<'_> {
    /// Every function nobody in the file calls by name, or that other files may call.
    pub(super) fn run_all(mut self) -> Vec<Defect> {
        let base = self.file_state();
        let called = self.called();
        for i in 1..self.facts.functions.len() {
            let id = FunctionId(i as u32);
            let function = &self.facts.functions[i];
            let inside = called.contains(&function.name) && !function.exported;
            if function.kind == FunctionKind::Lambda || inside || self.steps > MAX_STEPS {
                continue;
            }
            self.limit = (self.steps + MAX_STEPS_ONE).min(MAX_STEPS);
            let mut state = base.clone();
            let args = self.given(id, &mut state);
            self.call(id, args, state);
        }
        let fine = std::mem::take(&mut self.fine);
        self.found
            .retain(|d| d.value.is_none_or(|value| !fine.contains(&(d.name, d.function, value))));
        self.found
    }

    fn called(&self) -> HashSet<Symbol> {
        let exprs = self.facts.functions.iter().skip(1).flat_map(|f| &f.exprs);
        exprs
            .filter_map(|e| match &e.kind {
                ExprKind::Name(name) => Some(*name),
                _ => None,
            })
            .collect()
    }

    /// The variables of the file: those that only their declaration gives a value have it, the others may hold anything.
    fn file_state(&mut self) -> State {
        let mut outcomes = self.call(FunctionId(0), Vec::new(), State::default());
        let mut state = outcomes.pop().map(|o| o.state).unwrap_or_default();
        self.found.clear();
        let mut changed: HashSet<Symbol> = HashSet::new();
        for function in self.facts.functions.iter().skip(1) {
            for expr in &function.exprs {
                match &expr.kind {
                    ExprKind::Assign { target, .. } => {
                        if let Target::Name(name, _) | Target::Member { name, .. } = &**target {
                            changed.insert(*name);
                        }
                    }
                    ExprKind::Unary { op: "&", operand } => {
                        if let ExprKind::Name(name) = function.exprs[operand.ix()].kind {
                            changed.insert(name);
                        }
                    }
                    _ => {}
                }
            }
        }
        state.vars.retain(|(frame, name), value| {
            let kept = matches!(value, Val::Ptr(_)) || !changed.contains(name);
            *frame == 0 && kept
        });
        state.vars.values_mut().for_each(|v| {
            if *v == Val::Unset {
                *v = Val::Unknown;
            }
        });
        let objects = std::mem::take(&mut state.objects);
        for (id, object) in objects {
            let mut object = (*object).clone();
            (object.kind, object.escaped) = (Kind::Static, true);
            // What is in it may have been changed since.
            object.fields.clear();
            object.cells.clear();
            // What nobody sets begins as zeros.
            object.blank = false;
            state.objects.insert(id, Rc::new(object));
        }
        state
    }

    /// What the parameters of a function are that other files call: pointers to something that is there.
    fn given(&mut self, id: FunctionId, state: &mut State) -> Vec<Val> {
        let function = &self.facts.functions[id.ix()];
        let whole_program = matches!(self.facts.name(function.name), "main" | "wmain" | "_tmain");
        let mut args = Vec::new();
        for (i, param) in function.params.iter().enumerate() {
            let ty = param.ty.as_ref().map(|t| self.types.of(t)).unwrap_or_default();
            if !ty.pointer {
                args.push(Val::Unknown);
                continue;
            }
            let object = (u32::MAX, id.0, i as u32);
            let made = Object {
                kind: Kind::Given,
                size: None,
                state: Life::Live,
                text: None,
                outside: whole_program,
                cells: BTreeMap::new(),
                fields: HashMap::new(),
                escaped: true,
                at: (id, ExprId(0)),
                blank: false,
            };
            state.objects.insert(object, Rc::new(made));
            args.push(Val::Ptr(Ptr {
                object,
                offset: Num::exact(0),
                step: ty.step,
                unchecked: false,
            }));
        }
        args
    }
}
