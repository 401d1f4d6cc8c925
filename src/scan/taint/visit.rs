//! One visit of one function: its blocks in order, states joined where ways meet, loops until nothing changes.
//!
//! A visit reads what the file knows (cells, summaries), writes what it learns, and leaves behind a [`Summary`] and what was found
//! in each block. It never recurses into other functions.

use super::{
    env::Env,
    file::{Cell, File},
    summary::{Exit as Left, Summary},
    trace::Hop,
};
use crate::{
    lang::facts::*,
    scan::{
        compile::Kinds,
        matchers::ShapeHit,
        paths::arena::PathId,
        value::{Const, Root, Spot, V, Value},
    },
    text::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

/// Most times one block is gone through in one visit. Three suffice for a loop whose values settle; a fourth for loops in loops.
const MAX_PASSES: u8 = 4;

/// What was found in one block.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Values at sinks.
    pub sinks: Vec<SinkHit>,
    /// Shapes of code.
    pub shapes: Vec<ShapeHit>,
}

/// A value at a sink.
#[derive(Clone, Debug)]
pub struct SinkHit {
    /// The call or assignment.
    pub spot: Spot,
    /// What is called.
    pub callee: Option<ExprId>,
    /// The dangerous value's expression.
    pub arg: ExprId,
    /// Index into the compiled sinks.
    pub row: u32,
    /// The sink was recognised by its root, not through any receiver.
    pub exact: bool,
    /// The value.
    pub value: V,
    /// What the callee is.
    pub path: PathId,
}

/// One visit.
pub struct Visit<'f, 'a> {
    pub(in crate::scan) file: &'f mut File<'a>,
    pub(in crate::scan) id: FunctionId,
    pub(in crate::scan) function: &'a Function,
    /// What each expression was last.
    pub(in crate::scan) vals: Vec<V>,
    pub(in crate::scan) env: Env,
    /// What its parameters are, as far as it is known.
    pub(in crate::scan) given_paths: Vec<PathId>,
    pub(in crate::scan) found: Found,
    /// Nothing after this point of the block is reached.
    pub(in crate::scan) dead: bool,
    /// The branch of each test, when some matcher asks.
    pub(in crate::scan) branches: Option<HashMap<ExprId, usize>>,
    /// What functions passed to the call being evaluated give back, by the expression that passes them.
    pub(in crate::scan) given_back: Vec<(ExprId, V)>,
    /// Lambdas made so far.
    pub(in crate::scan) made: BTreeSet<FunctionId>,
    states: Vec<Option<Env>>,
    exits: BTreeMap<BlockId, Left>,
    spent: u32,
    limit: u32,
}

impl<'f, 'a> Visit<'f, 'a> {
    /// A visit of `id` that may take `limit` steps.
    pub fn new(file: &'f mut File<'a>, id: FunctionId, limit: u32) -> Self {
        let function = file.function(id);
        let nothing = file.nothing.clone();
        let count = file.scopes.count(id);
        file.found[id.ix()] = vec![Found::default(); function.blocks.len()];
        Self {
            id,
            function,
            vals: vec![nothing.clone(); function.exprs.len()],
            env: Env::new(id, count, &nothing),
            given_paths: Vec::new(),
            found: Found::default(),
            dead: false,
            branches: None,
            given_back: Vec::new(),
            made: BTreeSet::new(),
            states: vec![None; function.blocks.len()],
            exits: BTreeMap::new(),
            spent: 0,
            limit,
            file,
        }
    }

    /// Steps taken.
    #[must_use]
    pub fn spent(&self) -> u32 {
        self.spent
    }

    /// Goes through the function. False when the budget ran out.
    pub fn run(&mut self) -> bool {
        self.bind_params();
        let order = self.order();
        let mut rank = vec![u32::MAX; self.function.blocks.len()];
        for (i, block) in order.iter().enumerate() {
            rank[block.ix()] = i as u32;
        }
        let entry = std::mem::replace(&mut self.env, Env::new(self.id, 0, &self.file.nothing));
        self.states[0] = Some(entry);
        let mut passes = vec![0_u8; order.len()];
        let mut waiting = BTreeSet::from([0_u32]);
        while let Some(next) = waiting.pop_first() {
            let block = order[next as usize];
            if passes[next as usize] >= MAX_PASSES {
                continue;
            }
            passes[next as usize] += 1;
            if !self.block(block, &rank, &mut waiting) {
                return false;
            }
        }
        self.publish_decorators();
        self.default_shapes();
        true
    }

    /// Defaults of parameters are values given to names.
    fn default_shapes(&mut self) {
        let function = self.function;
        self.found = std::mem::take(&mut self.file.found[self.id.ix()][0]);
        for param in &function.params {
            let Some(default) = param.default else { continue };
            if self.vals[default.ix()].nothing {
                self.vals[default.ix()] = self.eval(default);
            }
            self.assign_shape_named(param.name, default, PathId::UNKNOWN, param.span, default);
        }
        self.file.found[self.id.ix()][0] = std::mem::take(&mut self.found);
    }

    /// What the function does, seen from outside.
    #[must_use]
    pub fn summary(self) -> Summary {
        let complete = self.spent <= self.limit;
        Summary::of(self.file, self.id, self.exits.into_values().collect(), complete)
    }

    /// Takes steps; false when none are left.
    pub(in crate::scan) fn spend(&mut self, steps: usize) -> bool {
        self.spent = self.spent.saturating_add(steps as u32);
        self.spent <= self.limit
    }

    // ---- blocks

    /// Reverse post-order from the entry, without recursion.
    fn order(&self) -> Vec<BlockId> {
        let blocks = &self.function.blocks;
        let mut seen = vec![false; blocks.len()];
        let mut order = Vec::with_capacity(blocks.len());
        let mut open = vec![(BlockId(0), false)];
        while let Some((id, left)) = open.pop() {
            if left {
                order.push(id);
                continue;
            }
            if std::mem::replace(&mut seen[id.ix()], true) {
                continue;
            }
            open.push((id, true));
            let block = &blocks[id.ix()];
            let mut push = |to: BlockId| {
                if !seen[to.ix()] {
                    open.push((to, false));
                }
            };
            block.on_error.into_iter().for_each(&mut push);
            match &block.exit {
                Exit::Goto(to) => push(*to),
                Exit::Branch { yes, no, .. } => {
                    push(*no);
                    push(*yes);
                }
                Exit::Any(all) => all.iter().rev().for_each(|to| push(*to)),
                Exit::Return(_) | Exit::Raise | Exit::End => {}
            }
        }
        order.reverse();
        order
    }

    fn block(&mut self, id: BlockId, rank: &[u32], waiting: &mut BTreeSet<u32>) -> bool {
        let function = self.function;
        let block = &function.blocks[id.ix()];
        let Some(state) = &self.states[id.ix()] else {
            return true;
        };
        self.env = state.clone();
        self.dead = false;
        self.found = Found::default();
        if !self.spend(1 + self.env.vars.len() / 8) {
            return false;
        }
        let handler = block.on_error;
        if let Some(handler) = handler {
            self.may_throw(handler, rank, waiting);
        }
        let mut last = None;
        for item in &block.items {
            if !self.item(*item) {
                return false;
            }
            if self.dead {
                break;
            }
            last = Some(item.root);
            if let Some(handler) = handler {
                self.may_throw(handler, rank, waiting);
            }
        }
        if !self.dead {
            self.leave(id, block, last, rank, waiting);
        } else {
            self.exits.remove(&id);
        }
        self.file.found[self.id.ix()][id.ix()] = std::mem::take(&mut self.found);
        true
    }

    fn leave(
        &mut self,
        id: BlockId,
        block: &'a Block,
        last: Option<ExprId>,
        rank: &[u32],
        waiting: &mut BTreeSet<u32>,
    ) {
        match &block.exit {
            Exit::Goto(to) => {
                if block.on_error == Some(*to)
                    && let Some(last) = last
                {
                    let thrown = self.carried(&self.vals[last.ix()].clone(), self.span(last), Hop::Thrown);
                    self.env.caught = Rc::new(thrown);
                }
                self.flow_to(*to, None, rank, waiting);
            }
            Exit::Branch { test, yes, no } => {
                self.branch_shapes(*test);
                let tests = self.vals[test.ix()].tests.clone();
                let (on_yes, on_no) = match &tests {
                    Some(tests) => (tests.yes.as_slice(), tests.no.as_slice()),
                    None => (&[][..], &[][..]),
                };
                let decided = self.decided(*test);
                if decided != Some(false) {
                    self.flow_to(*yes, Some(on_yes), rank, waiting);
                }
                if decided != Some(true) {
                    self.flow_to(*no, Some(on_no), rank, waiting);
                }
            }
            Exit::Any(all) => {
                for to in all {
                    self.flow_to(*to, None, rank, waiting);
                }
            }
            Exit::Return(value) => {
                if let Some(value) = value {
                    self.sink_returned(*value);
                }
                let value = value.map(|v| self.vals[v.ix()].clone());
                self.note_exit(id, value);
            }
            Exit::End => {
                self.note_exit(id, None);
                self.publish_class();
            }
            Exit::Raise => {}
        }
    }

    /// The truth of a test that is constant, where such a test leaves one way out.
    pub(in crate::scan) fn decided(&self, test: ExprId) -> Option<bool> {
        let constant = self.vals[test.ix()].constant.as_ref();
        constant
            .filter(|_| self.file.facts.lang.constants_decide())
            .map(Const::truth)
    }

    /// Joins the current state into a block, with what a test says on that way.
    fn flow_to(
        &mut self,
        to: BlockId,
        tests: Option<&[(crate::scan::value::Place, Kinds)]>,
        rank: &[u32],
        waiting: &mut BTreeSet<u32>,
    ) {
        let refined = match tests {
            Some(tests) if !tests.is_empty() => {
                let mut env = self.env.clone();
                refine(&mut env, tests);
                Some(env)
            }
            _ => None,
        };
        let env = refined.as_ref().unwrap_or(&self.env);
        let changed = match &mut self.states[to.ix()] {
            Some(state) => state.join(env, &mut self.file.arena),
            none => {
                *none = Some(env.clone());
                true
            }
        };
        self.spent = self.spent.saturating_add(env.vars.len() as u32 / 8);
        if changed {
            waiting.insert(rank[to.ix()]);
        }
    }

    /// An exception may lead to the handler from here, with whatever message.
    fn may_throw(&mut self, handler: BlockId, rank: &[u32], waiting: &mut BTreeSet<u32>) {
        let before = std::mem::replace(&mut self.env.caught, self.file.unknown.clone());
        self.flow_to(handler, None, rank, waiting);
        self.env.caught = before;
    }

    /// What a class body assigns are members of the class.
    fn publish_class(&mut self) {
        let Some(class) = self
            .function
            .class
            .filter(|_| self.function.kind == FunctionKind::ClassBody)
        else {
            return;
        };
        for (slot, value) in self.env.vars.clone().into_iter().enumerate() {
            if let Some(name) = self.file.scopes.name(self.id, slot as u32).filter(|_| !value.nothing) {
                self.file.write(Cell::Field(class, name), &value);
            }
        }
    }

    fn note_exit(&mut self, id: BlockId, value: Option<V>) {
        let exit = Left {
            value,
            checked: self.env.checked.clone(),
            vars: self.env.vars.clone(),
        };
        self.exits.insert(id, exit);
    }

    // ---- small things everything uses

    pub(in crate::scan) fn span(&self, id: ExprId) -> Span {
        self.function.exprs[id.ix()].span
    }

    pub(in crate::scan) fn kind(&self, id: ExprId) -> &'a ExprKind {
        &self.function.exprs[id.ix()].kind
    }

    pub(in crate::scan) fn spot(&self, expr: ExprId) -> Spot {
        Spot {
            function: self.id,
            expr,
        }
    }

    /// What a value carries after a step: its outside values, deep ones included, with the step on their way.
    pub(in crate::scan) fn carried(&self, value: &V, span: Span, hop: Hop) -> Value {
        let taints = value.deep_taints().map(|taint| {
            let mut taint = taint.clone();
            taint.trace = taint.trace.then(self.id, span, hop);
            match hop {
                Hop::Concat | Hop::Template | Hop::Format | Hop::Join | Hop::Append => taint.built = true,
                Hop::Assumed => taint.assumed = taint.assumed.saturating_add(1),
                _ => {}
            }
            Some(taint)
        });
        Value::carrying(taints, value.any_unknown())
    }

    /// Sets a local and tells the functions that share it.
    pub(in crate::scan) fn set_local(&mut self, slot: u32, value: V) {
        self.env.forget(Root::Variable(self.id, slot));
        if self.file.scopes.is_shared(self.id, slot) && !value.nothing {
            self.file.write(Cell::Shared(self.id, slot), &value);
            let capturing = |lambda: &&FunctionId| self.file.scopes.captures_variable(**lambda, self.id, slot);
            let capturing = self.made.iter().filter(capturing);
            let cells: Vec<Cell> = capturing.map(|l| Cell::Captured(*l, self.id, slot)).collect();
            self.file.write_all(cells, &value);
        }
        self.env.vars[slot as usize] = value;
    }
}

/// Applies what a test says: the places are harmless for these kinds from here on.
pub(in crate::scan) fn refine(env: &mut Env, tests: &[(crate::scan::value::Place, Kinds)]) {
    for (place, kinds) in tests {
        if let (Root::Variable(of, slot), 0) = (place.root, place.chain)
            && of == env.of
            && let Some(var) = env.vars.get_mut(slot as usize)
        {
            *var = Rc::new(var.cleaned(*kinds));
        }
        env.check(*place, *kinds);
    }
}
