//! Ways through a function: states per block, apart as long as there are few, joined when there are many; loops until nothing changes.

use super::{Defect, shape::Shape, tests_say, types::Types, value::*};
use crate::lang::{Lang, facts::*};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

/// Most states kept apart at one block.
const MAX_STATES: usize = 6;
/// States a block is gone through with before they are joined and bounds that move are given up.
const MAX_APART: u32 = 5;
/// Most states a block is gone through with in one run.
const MAX_PASSES: u32 = 24;
/// Deepest call of functions of the file that is followed.
const MAX_CALLS: usize = 6;
/// Steps for the whole file: one expression evaluated once.
pub(super) const MAX_STEPS: u32 = 1_500_000;

/// One statement on one way.
pub(super) struct Run {
    pub function: FunctionId,
    pub frame: u32,
    pub state: State,
    pub shape: Rc<Shape>,
    first: u32,
    vals: Vec<Val>,
    /// Where to go on.
    at: u32,
    /// A call in it never comes back.
    pub dead: bool,
}

impl Run {
    pub(super) fn val(&self, id: ExprId) -> Val {
        let index = id.0.checked_sub(self.first).map(|i| i as usize);
        index.and_then(|i| self.vals.get(i)).cloned().unwrap_or(Val::Unknown)
    }

    pub(super) fn num(&self, id: ExprId) -> Num {
        match self.val(id) {
            Val::Num(num) => num,
            Val::Null => Num::exact(0),
            _ => Num::any(),
        }
    }

    pub(super) fn quiet(&self, id: ExprId) -> bool {
        self.shape.quiet.get(id.ix()).copied().unwrap_or(false)
    }

    pub(super) fn addressed(&self, id: ExprId) -> bool {
        self.shape.addressed.get(id.ix()).copied().unwrap_or(false)
    }
}

/// A way out of a function.
pub(super) struct Outcome {
    pub state: State,
    pub value: Val,
}

/// The analysis of one file.
pub(super) struct Machine<'f> {
    pub facts: &'f Facts,
    text: &'f [u8],
    pub types: Types<'f>,
    pub found: Vec<Defect>,
    pub told: HashSet<(&'static str, FunctionId, ExprId)>,
    /// Places where on some way nothing is wrong: a pointer that is NULL on others only is not told.
    pub fine: HashSet<(&'static str, FunctionId, ExprId)>,
    /// Variables declared `static` in a function.
    pub statics: HashSet<Symbol>,
    pub globals: HashSet<Symbol>,
    /// Functions by name, methods too, when the name is that of one only.
    pub functions: HashMap<Symbol, Option<FunctionId>>,
    shapes: HashMap<FunctionId, Rc<Shape>>,
    open: Vec<FunctionId>,
    frames: u32,
    pub steps: u32,
    pub limit: u32,
}

impl<'f> Machine<'f> {
    pub(super) fn new(facts: &'f Facts, text: &'f [u8]) -> Machine<'f> {
        let mut functions: HashMap<Symbol, Option<FunctionId>> = HashMap::new();
        for (i, function) in facts.functions.iter().enumerate().skip(1) {
            if function.kind != FunctionKind::Lambda {
                let entry = functions.entry(function.name).or_insert(Some(FunctionId(i as u32)));
                if *entry != Some(FunctionId(i as u32)) {
                    *entry = None;
                }
            }
        }
        let mut globals = HashSet::new();
        for expr in &facts.module().exprs {
            if let ExprKind::Assign { target, .. } = &expr.kind
                && let Target::Name(name, _) = &**target
            {
                globals.insert(*name);
            }
        }
        Machine {
            facts,
            text,
            types: Types::of_file(facts),
            found: Vec::new(),
            told: HashSet::new(),
            fine: HashSet::new(),
            statics: HashSet::new(),
            globals,
            functions,
            shapes: HashMap::new(),
            open: Vec::new(),
            frames: 0,
            steps: 0,
            limit: MAX_STEPS,
        }
    }

    // ---- one call

    /// Goes through a function with these arguments.
    pub(super) fn call(&mut self, id: FunctionId, args: Vec<Val>, mut state: State) -> Vec<Outcome> {
        let function = &self.facts.functions[id.ix()];
        if self.open.len() >= MAX_CALLS || self.open.contains(&id) {
            let value = Val::Unknown;
            for arg in &args {
                if let Val::Ref(var) = arg {
                    // Whatever it gives the variable.
                    state.set(*var, Val::Unknown);
                }
            }
            return vec![Outcome { state, value }];
        }
        self.open.push(id);
        let frame = if id == FunctionId(0) {
            0
        } else {
            self.frames += 1;
            self.frames
        };
        for (param, value) in function.params.iter().zip(args) {
            // What a test found out about it is the caller's.
            let value = if value == Val::NullTested { Val::Unknown } else { value };
            state.set((frame, param.name), value);
        }
        let shape = self.shape(id);
        let mut waiting: BTreeMap<u32, Vec<State>> = BTreeMap::new();
        waiting.insert(0, vec![state]);
        let mut passes = vec![0_u32; function.blocks.len()];
        let mut joined: HashMap<BlockId, State> = HashMap::new();
        let mut outcomes: Vec<Outcome> = Vec::new();
        while let Some((rank, states)) = waiting.pop_first() {
            let block = shape.order[rank as usize];
            for state in states {
                let Some(state) = self.admitted(state, block, &mut passes, &mut joined, &shape) else {
                    continue;
                };
                for run in self.block(id, frame, block, state, &shape) {
                    self.leave(run, block, &mut waiting, &mut outcomes);
                }
                if self.steps > self.limit {
                    break;
                }
            }
            if self.steps > self.limit {
                break;
            }
        }
        self.open.pop();
        for outcome in &mut outcomes {
            self.leaks(outcome, frame, id);
            outcome.state.vars.retain(|(f, _), _| *f != frame || frame == 0);
        }
        outcomes
    }

    /// The state to go through a block with; joined with those before when there were many, none when it brings nothing new.
    fn admitted(
        &mut self,
        state: State,
        block: BlockId,
        passes: &mut [u32],
        joined: &mut HashMap<BlockId, State>,
        shape: &Shape,
    ) -> Option<State> {
        let pass = &mut passes[block.ix()];
        *pass += 1;
        if *pass <= MAX_APART {
            if *pass == MAX_APART {
                joined.insert(block, state.clone());
            }
            return Some(state);
        }
        if *pass > MAX_PASSES {
            return None;
        }
        let known = joined.entry(block).or_insert_with(|| state.clone());
        let before = known.clone();
        known.join(&state, shape.heads.contains(&block));
        (*known != before).then(|| known.clone())
    }

    /// Runs the statements of a block; a call with several ways out makes several runs.
    fn block(&mut self, id: FunctionId, frame: u32, block: BlockId, state: State, shape: &Rc<Shape>) -> Vec<Run> {
        let function = &self.facts.functions[id.ix()];
        let mut runs = vec![Run {
            function: id,
            frame,
            state,
            shape: shape.clone(),
            first: 0,
            vals: Vec::new(),
            at: 0,
            dead: false,
        }];
        for item in &function.blocks[block.ix()].items {
            let mut done: Vec<Run> = Vec::new();
            for run in &mut runs {
                run.first = item.first.0;
                run.at = item.first.0;
                run.vals = vec![Val::Unknown; (item.root.0 - item.first.0 + 1) as usize];
            }
            while let Some(mut run) = runs.pop() {
                let size = run.state.vars.len() as u32 / 16;
                self.steps = self.steps.saturating_add(1 + size);
                let mut more: Vec<Run> = Vec::new();
                while run.at <= item.root.0 && self.steps <= self.limit && !run.dead {
                    self.steps += 1;
                    let at = ExprId(run.at);
                    run.at += 1;
                    let value = self.eval(&mut run, at, &mut more);
                    let slot = (at.0 - run.first) as usize;
                    run.vals[slot] = value;
                }
                runs.extend(more);
                if done.len() < MAX_STATES && !run.dead {
                    done.push(run);
                }
            }
            runs = done;
        }
        runs
    }

    /// Another way to go on after a call that has several ways out.
    pub(super) fn fork(&self, run: &Run, id: ExprId, outcome: Outcome) -> Run {
        let mut vals = run.vals.clone();
        vals[(id.0 - run.first) as usize] = outcome.value;
        Run {
            function: run.function,
            frame: run.frame,
            state: outcome.state,
            shape: run.shape.clone(),
            first: run.first,
            vals,
            at: run.at,
            dead: false,
        }
    }

    fn leave(
        &mut self,
        run: Run,
        block: BlockId,
        waiting: &mut BTreeMap<u32, Vec<State>>,
        outcomes: &mut Vec<Outcome>,
    ) {
        let function = &self.facts.functions[run.function.ix()];
        let shape = run.shape.clone();
        let mut go = |to: BlockId, state: State| {
            let states = waiting.entry(shape.rank[to.ix()]).or_default();
            if states.contains(&state) {
                return;
            }
            match states.len() >= MAX_STATES {
                true => {
                    if let Some(last) = states.last_mut() {
                        last.join(&state, false);
                    }
                }
                false => states.push(state),
            }
        };
        match &function.blocks[block.ix()].exit {
            Exit::Goto(to) => go(*to, run.state),
            Exit::Any(all) => all.iter().for_each(|to| go(*to, run.state.clone())),
            Exit::Branch { test, yes, no } => {
                let in_loop = shape
                    .heads
                    .iter()
                    .any(|h| *h == block || matches!(function.blocks[h.ix()].exit, Exit::Goto(to) if to == block));
                if in_loop {
                    self.loop_bound(&run, *test);
                }
                for (truth, to) in [(true, *yes), (false, *no)] {
                    if let Some(state) = tests_say::after(self, &run, *test, truth) {
                        go(to, state);
                    }
                }
            }
            Exit::Return(value) => {
                let value_of = value.map_or(Val::Unknown, |v| run.val(v));
                if let Some(id) = *value {
                    self.returned(&run, &value_of, id);
                }
                push_outcome(outcomes, run.state, value_of);
            }
            Exit::End => push_outcome(outcomes, run.state, Val::Unknown),
            Exit::Raise => {}
        }
    }

    /// The address of something that ends with the call is given back.
    fn returned(&mut self, run: &Run, value: &Val, id: ExprId) {
        if let Val::Ptr(ptr) = value
            && run.state.object(ptr.object).is_some_and(|o| o.state == Life::Freed)
        {
            self.tell(run, "use-after-free", id, Some(id), String::new());
        }
        let ty = self.types.of_expr(run.function, id).map(|t| self.types.of(&t));
        let local = match value {
            Val::Ptr(ptr) => {
                let object = run.state.object(ptr.object);
                object.is_some_and(|o| o.kind == Kind::Stack(run.frame)) && ty.is_some_and(|t| t.array || t.pointer)
            }
            Val::Ref((frame, name)) => {
                let own = self.types.declares(run.function, *name) && !self.statics.contains(name);
                *frame == run.frame && run.frame > 0 && own
            }
            _ => false,
        };
        // In C++ an object may be made of it on the way out.
        let declared = self.facts.functions[run.function.ix()].returns.as_ref();
        let made_of = self.facts.lang == Lang::Cpp && declared.is_some_and(|t| !self.types.of(t).pointer);
        if local && !made_of {
            self.tell(run, "returns-local", id, Some(id), String::new());
        }
    }

    /// Memory made here that nothing holds when the function is left.
    fn leaks(&mut self, outcome: &Outcome, frame: u32, id: FunctionId) {
        if frame == 0 || self.facts.name(self.facts.functions[id.ix()].name) == "main" {
            return;
        }
        let lost: Vec<(ObjectId, FunctionId, ExprId)> = outcome
            .state
            .objects
            .iter()
            .filter(|(key, o)| key.0 == frame && matches!(o.kind, Kind::Heap(_)) && o.state == Life::Live && !o.escaped)
            .map(|(key, o)| (*key, o.at.0, o.at.1))
            .collect();
        for (object, function, expr) in lost {
            let holds = |v: &Val| matches!(v, Val::Ptr(p) if p.object == object);
            let held = holds(&outcome.value)
                || outcome.state.vars.iter().any(|((f, _), v)| *f != frame && holds(v))
                || outcome
                    .state
                    .objects
                    .values()
                    .any(|o| o.fields.values().chain(o.cells.values()).any(holds));
            if !held && self.told.insert(("leak", function, expr)) {
                self.found.push(Defect {
                    name: "leak",
                    function,
                    expr,
                    value: None,
                    detail: String::new(),
                });
            }
        }
    }

    // ---- names

    pub(super) fn kind(&self, run: &Run, id: ExprId) -> &'f ExprKind {
        &self.facts.functions[run.function.ix()].exprs[id.ix()].kind
    }

    /// The expression without casts and parentheses.
    pub(super) fn bare(&self, run: &Run, id: ExprId) -> ExprId {
        let mut at = id;
        loop {
            match self.kind(run, at) {
                ExprKind::Same(inner) => at = *inner,
                ExprKind::Cast { value, .. } => at = *value,
                _ => return at,
            }
        }
    }

    pub(super) fn var(&self, run: &Run, name: Symbol) -> Var {
        if self.globals.contains(&name) {
            (0, name)
        } else {
            (run.frame, name)
        }
    }

    /// True for a declaration that begins with `static`: what it declares outlives the call.
    pub(super) fn is_static(&self, span: crate::text::Span) -> bool {
        span.of(self.text).starts_with(b"static")
    }

    /// True for a declaration that says `const`.
    pub(super) fn is_constant(&self, span: crate::text::Span) -> bool {
        let declared = span.of(self.text).split(|b| *b == b'=').next().unwrap_or_default();
        if declared.contains(&b'*') {
            // What it points to is constant, not the pointer.
            return false;
        }
        let words = declared.split(|b| !b.is_ascii_alphanumeric() && *b != b'_');
        words.take(4).any(|w| w == b"const" || w == b"constexpr")
    }

    fn shape(&mut self, id: FunctionId) -> Rc<Shape> {
        if let Some(known) = self.shapes.get(&id) {
            return known.clone();
        }
        let shape = Rc::new(Shape::of(&self.facts.functions[id.ix()]));
        self.shapes.insert(id, shape.clone());
        shape
    }
}

fn push_outcome(outcomes: &mut Vec<Outcome>, state: State, value: Val) {
    if outcomes.len() < MAX_STATES {
        outcomes.push(Outcome { state, value });
    } else if let Some(last) = outcomes.last_mut() {
        last.state.join(&state, false);
        let joined = join(&last.value, &value, false);
        for lost in [&last.value, &value] {
            if let (Val::Ptr(ptr), Val::Unknown) = (lost, &joined) {
                last.state.change(ptr.object, |o| o.escaped = true);
            }
        }
        last.value = joined;
    }
}
