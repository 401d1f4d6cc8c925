//! Accesses: is the object there, is the address one in it, and is the pointer one at all.

use super::{
    run::{Machine, Run},
    value::*,
};
use crate::lang::facts::*;

/// Numbers above this are the limit of a type, not one that somebody had in mind.
const VAGUE: i64 = 1 << 30;

impl Machine<'_> {
    /// Tells a defect once.
    pub(super) fn tell(&mut self, run: &Run, name: &'static str, expr: ExprId, value: Option<ExprId>, detail: String) {
        let function = run.function;
        if run.quiet(expr) || !self.told.insert((name, function, expr)) {
            return;
        }
        self.found.push(super::Defect {
            name,
            function,
            expr,
            value,
            detail,
        });
    }

    /// Looks at a pointer that is about to be followed: NULL, unset, freed. `id` is where.
    pub(super) fn follow(&mut self, run: &mut Run, pointer: ExprId, id: ExprId) {
        let value = run.val(pointer);
        let named = matches!(self.kind(run, self.bare(run, pointer)), ExprKind::Name(_));
        match value {
            Val::Null | Val::NullTested => {
                if named {
                    self.tell(run, "null", id, Some(pointer), String::new());
                }
                self.forget(run, pointer);
            }
            Val::Unset => {
                self.tell(run, "unset", id, Some(pointer), String::new());
                self.forget(run, pointer);
            }
            Val::Ptr(ptr) => {
                self.fine.insert(("unset", run.function, pointer));
                self.fine.insert(("null", run.function, pointer));
                if !ptr.unchecked {
                    self.fine.insert(("unchecked-null", run.function, pointer));
                }
                if ptr.unchecked && named {
                    self.tell(run, "unchecked-null", id, Some(pointer), String::new());
                    self.looked_at(run, ptr.object);
                }
                self.alive(run, ptr, pointer, id);
            }
            _ => {
                self.fine.insert(("unset", run.function, pointer));
                self.fine.insert(("null", run.function, pointer));
            }
        }
    }

    /// The object of an address is still there.
    pub(super) fn alive(&mut self, run: &mut Run, ptr: Ptr, pointer: ExprId, id: ExprId) {
        if run.state.object(ptr.object).is_some_and(|o| o.state == Life::Freed) {
            self.tell(run, "use-after-free", id, Some(pointer), String::new());
            run.state
                .change(ptr.object, |o| (o.state, o.escaped) = (Life::Live, true));
        }
    }

    /// Every variable with an address in that object has been compared with NULL.
    pub(super) fn looked_at(&mut self, run: &mut Run, object: ObjectId) {
        for value in run.state.vars.values_mut() {
            if let Val::Ptr(ptr) = value
                && ptr.object == object
            {
                ptr.unchecked = false;
            }
        }
        for object_held in run.state.objects.values_mut() {
            let holds = object_held
                .fields
                .values()
                .any(|v| matches!(v, Val::Ptr(p) if p.object == object && p.unchecked));
            if holds {
                for value in std::rc::Rc::make_mut(object_held).fields.values_mut() {
                    if let Val::Ptr(ptr) = value
                        && ptr.object == object
                    {
                        ptr.unchecked = false;
                    }
                }
            }
        }
    }

    /// The variable an expression names holds nobody knows what from here on.
    pub(super) fn forget(&mut self, run: &mut Run, id: ExprId) {
        if let ExprKind::Name(name) = self.kind(run, self.bare(run, id)) {
            let var = self.var(run, *name);
            run.state.set(var, Val::Unknown);
        }
    }

    /// An access of `bytes` bytes at an address.
    pub(super) fn access(&mut self, run: &mut Run, ptr: Ptr, bytes: Num, write: bool, id: ExprId, value: ExprId) {
        let Some(object) = run.state.object(ptr.object) else {
            return;
        };
        if object.state == Life::Freed {
            return self.alive(run, ptr, value, id);
        }
        let (kind, size) = (object.kind, object.size);
        let offset = ptr.offset;
        if offset.outside && (!offset.above || !offset.unsigned_checked()) {
            let detail = match (offset.above, size) {
                (true, _) => "it may be below zero".to_owned(),
                (false, Some(size)) => format!("the buffer has {} bytes", size.hi),
                (false, None) => "nothing limits it".to_owned(),
            };
            self.tell(run, "outside-index", id, Some(value), detail);
            // Said once; what else the number does comes of the same.
            let mut state = std::mem::take(&mut run.state);
            super::tests_say::marks(self, run, &mut state, value);
            run.state = state;
            return;
        }
        if offset.lo > offset.hi || bytes.lo > bytes.hi {
            return;
        }
        if offset.hi >= 0 {
            self.fine.insert(("underwrite", run.function, value));
            self.fine.insert(("underread", run.function, value));
        }
        if offset.hi < 0 && offset.below {
            let name = if write { "underwrite" } else { "underread" };
            if kind != Kind::Given {
                self.tell(run, name, id, Some(value), format!("{} bytes before it", -offset.lo));
            }
            return;
        }
        let Some(size) = size.filter(|s| s.hi < MAX / 2) else {
            return;
        };
        // Of a position and a length that both vary, one may be small where the other is large; a counter that nothing was compared with
        // ends where the data say.
        let exact = offset.constant().is_some() || bytes.constant().is_some();
        if !exact || !offset.above || offset.hi > VAGUE || bytes.hi > VAGUE && bytes.constant().is_none() {
            return;
        }
        let fits = |offset: i64, bytes: i64| offset.checked_add(bytes).is_some_and(|end| end <= size.hi);
        if offset.hi < MAX / 2 && bytes.hi < MAX / 2 && !fits(offset.hi, bytes.hi) {
            let name = if write { "overflow" } else { "overread" };
            let end = offset.hi.saturating_add(bytes.hi);
            self.tell(run, name, id, Some(value), format!("byte {end} of {}", size.hi));
        }
    }

    /// Numbers that lengths are: from outside without a limit, or below zero.
    pub(super) fn length(&mut self, run: &mut Run, length: Num, name: &'static str, id: ExprId, value: ExprId) -> bool {
        if length.unbounded() {
            self.tell(run, name, id, Some(value), "nothing limits it".to_owned());
            return true;
        }
        if !length.unsigned_checked() {
            let detail = "below zero it is a very large length".to_owned();
            self.tell(run, name, id, Some(value), detail);
            return true;
        }
        false
    }

    /// Something else may hold the address from here on.
    pub(super) fn escape(&mut self, run: &mut Run, value: &Val) {
        match value {
            Val::Ptr(ptr) => {
                // What is in it goes along.
                let mut open = vec![ptr.object];
                let mut seen = 0;
                while let Some(id) = open.pop() {
                    seen += 1;
                    if seen > 32 {
                        break;
                    }
                    let Some(object) = run.state.object(id) else { continue };
                    let inner = object.fields.values().chain(object.cells.values());
                    let inner: Vec<ObjectId> = inner
                        .filter_map(|v| match v {
                            Val::Ptr(p) => Some(p.object),
                            _ => None,
                        })
                        .collect();
                    if !object.escaped {
                        open.extend(inner);
                        run.state.change(id, |o| o.escaped = true);
                    }
                }
            }
            Val::Ref(var) => {
                let held = run.state.var(*var);
                if let Val::Ptr(ptr) = held {
                    run.state.change(ptr.object, |o| o.escaped = true);
                }
            }
            _ => {}
        }
    }
}
