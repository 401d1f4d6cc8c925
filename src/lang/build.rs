//! The builder that adapters speak to: pushes expressions in post-order, opens and closes functions, and lays out blocks for
//! structured control flow. Adapters never touch block ids.

use super::{Lang, facts::*};
use crate::text::Span;
use std::collections::HashMap;

/// Deepest nesting of syntax an adapter follows. Deeper code is reported as [`UnreadWhy::TooDeep`], never followed: worker
/// threads have the stack for this many levels ([`super::STACK_BYTES`]), so no input can overflow it.
pub const MAX_DEPTH: usize = 400;

/// Builds [`Facts`].
pub struct Builder {
    facts: Facts,
    open: Vec<Open>,
}

/// A function under construction.
struct Open {
    id: FunctionId,
    block: BlockId,
    /// First expression of the statement being built.
    first: u32,
    loops: Vec<LoopFrame>,
    handlers: Vec<BlockId>,
    /// Where `goto` leads.
    labels: HashMap<Symbol, BlockId>,
    /// Which blocks something that can run leads to.
    incoming: Vec<bool>,
    /// Whether the statement being built can run.
    live: bool,
    /// How the last arm that cannot go on left.
    left: ArmEnd,
}

struct LoopFrame {
    label: Option<Symbol>,
    again: BlockId,
    after: BlockId,
    /// Only a jump that names the label comes here.
    named_only: bool,
}

/// A branch being built; see [`Builder::begin_if`].
pub struct IfFrame {
    test: ExprId,
    start: Span,
    then: BlockId,
    other: BlockId,
    after: BlockId,
    then_arm: Option<Arm>,
    other_arm: Option<Arm>,
}

/// A loop being built; see [`Builder::begin_loop`].
pub struct LoopHead {
    head: BlockId,
    after: BlockId,
}

/// A labelled block being built; see [`Builder::begin_labeled`].
pub struct LabelFrame {
    after: BlockId,
}

/// A `try` being built; see [`Builder::begin_try`].
pub struct TryFrame {
    start: Span,
    catch: BlockId,
    after: BlockId,
    arms: Vec<BlockId>,
}

/// The statements that always run after a `try`; see [`Builder::begin_finally`].
pub struct FinallyFrame {
    /// How the body left, when it could not go on.
    left: Option<ArmEnd>,
}

/// A `switch` being built; see [`Builder::begin_switch`].
pub struct SwitchFrame {
    head: BlockId,
    live: bool,
    after: BlockId,
    arms: Vec<BlockId>,
}

impl Builder {
    /// Starts a file; the module's body is open.
    #[must_use]
    pub fn new(lang: Lang, len: usize) -> Self {
        let facts = Facts {
            lang,
            functions: Vec::new(),
            classes: Vec::new(),
            imports: Vec::new(),
            comments: Vec::new(),
            unread: Vec::new(),
            names: Interner::default(),
        };
        let mut builder = Self {
            facts,
            open: Vec::new(),
        };
        builder.begin_function(
            FunctionKind::Module,
            "<module>",
            Span::new(0, len),
            Span::default(),
            Span::new(0, len),
        );
        builder
    }

    /// Closes the module and gives the facts.
    #[must_use]
    pub fn finish(mut self) -> Facts {
        while !self.open.is_empty() {
            self.end_function();
        }
        self.facts
    }

    /// Interns a name.
    pub fn symbol(&mut self, text: &str) -> Symbol {
        self.facts.names.intern(text)
    }

    /// The text of a name.
    #[must_use]
    pub fn name(&self, symbol: Symbol) -> &str {
        self.facts.name(symbol)
    }

    /// The facts so far, for imports, classes, comments and unread stretches.
    pub fn facts(&mut self) -> &mut Facts {
        &mut self.facts
    }

    /// The function being built.
    #[must_use]
    pub fn current(&self) -> FunctionId {
        self.top().id
    }

    /// The function being built, to set what [`Builder::begin_function`] does not take (class, params, decorators, ...).
    pub fn function(&mut self) -> &mut Function {
        let id = self.current();
        &mut self.facts.functions[id.ix()]
    }

    // ---- functions

    /// Opens a function inside the current one. Statements now go there, until [`Builder::end_function`]. May be called in the middle
    /// of an expression of the outer function.
    pub fn begin_function(
        &mut self,
        kind: FunctionKind,
        name: &str,
        span: Span,
        name_span: Span,
        body: Span,
    ) -> FunctionId {
        let name = self.symbol(name);
        let id = FunctionId(self.facts.functions.len() as u32);
        let parent = self.open.last().map(|o| o.id);
        let entry = Block {
            items: Vec::new(),
            exit: Exit::End,
            on_error: None,
        };
        self.facts.functions.push(Function {
            kind,
            name,
            span,
            name_span,
            body,
            class: None,
            parent,
            params: Vec::new(),
            decorators: Vec::new(),
            returns: None,
            is_async: false,
            exported: false,
            outer: Vec::new(),
            exprs: Vec::new(),
            blocks: vec![entry],
            branches: Vec::new(),
            handlers: Vec::new(),
        });
        self.open.push(Open {
            id,
            block: BlockId(0),
            first: 0,
            loops: Vec::new(),
            handlers: Vec::new(),
            labels: HashMap::new(),
            incoming: vec![true],
            live: true,
            left: ArmEnd::Falls,
        });
        id
    }

    /// Closes the current function.
    pub fn end_function(&mut self) -> FunctionId {
        match self.open.pop() {
            Some(open) => open.id,
            None => FunctionId(0),
        }
    }

    // ---- expressions and statements

    /// Pushes an expression whose operands were pushed before it.
    pub fn expr(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let function = self.function();
        function.exprs.push(Expr { kind, span });
        ExprId(function.exprs.len() as u32 - 1)
    }

    /// Takes back the expression pushed last, when `id` is that one and no statement holds it: for operands that turn out to be a
    /// part of what uses them (the tuple after `%`).
    pub fn take_back(&mut self, id: ExprId) -> Option<ExprKind> {
        let first = self.top().first as usize;
        let exprs = &mut self.function().exprs;
        if id.ix() + 1 != exprs.len() || id.ix() < first {
            return None;
        }
        exprs.pop().map(|e| e.kind)
    }

    /// What an expression of the current function is.
    #[must_use]
    pub fn kind(&self, id: ExprId) -> &ExprKind {
        &self.facts.functions[self.current().ix()].exprs[id.ix()].kind
    }

    /// Where an expression of the current function is written.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.facts.functions[self.current().ix()].exprs[id.ix()].span
    }

    /// Ends a statement: everything pushed since the last one belongs to it, `root` last.
    pub fn statement(&mut self, root: ExprId) {
        let (first, block) = (self.top().first, self.top().block);
        self.block_mut(block).items.push(Item {
            first: ExprId(first),
            root,
        });
        self.cut();
    }

    /// `target = value` as a statement.
    pub fn assign(&mut self, target: Target, value: ExprId, mode: AssignMode, span: Span) {
        let root = self.expr(
            ExprKind::Assign {
                target: Box::new(target),
                value,
                mode,
            },
            span,
        );
        self.statement(root);
    }

    // ---- leaving

    /// `return value`. What follows in the same arm is unreachable.
    pub fn ret(&mut self, value: Option<ExprId>) {
        if let Some(value) = value {
            self.statement(value);
        }
        self.leave(Exit::Return(value), ArmEnd::Returns);
    }

    /// `raise`, `throw`, `panic!`, `os.Exit`: after the statement that computes it (pushed with [`Builder::statement`]).
    pub fn raise(&mut self) {
        let exit = match self.top().handlers.last() {
            Some(handler) => Exit::Goto(*handler),
            None => Exit::Raise,
        };
        self.leave(exit, ArmEnd::Raises);
    }

    /// `break`, to the loop (or switch) with that label, or the innermost.
    pub fn brk(&mut self, label: Option<Symbol>) {
        if let Some(after) = self.frame(label).map(|f| f.after) {
            self.leave(Exit::Goto(after), ArmEnd::Jumps);
        }
    }

    /// `continue`.
    pub fn cont(&mut self, label: Option<Symbol>) {
        if let Some(again) = self.frame(label).map(|f| f.again) {
            self.leave(Exit::Goto(again), ArmEnd::Jumps);
        }
    }

    /// `goto label`.
    pub fn jump(&mut self, label: Symbol) {
        let to = self.labelled(label);
        self.leave(Exit::Goto(to), ArmEnd::Jumps);
    }

    /// `label:`, where a [`Builder::jump`] may arrive.
    pub fn label(&mut self, label: Symbol) {
        let here = self.labelled(label);
        self.exit(Exit::Goto(here));
        self.enter(here);
    }

    /// True when what follows in the current arm cannot run.
    #[must_use]
    pub fn unreachable(&self) -> bool {
        !self.top().live
    }

    // ---- branches: begin_if, statements, [otherwise, statements], end_if

    /// `if test { ..`: `test` must be the last expression pushed. `span` is the whole statement.
    pub fn begin_if(&mut self, test: ExprId, span: Span) -> IfFrame {
        self.statement(test);
        let (then, other, after) = (self.new_block(), self.new_block(), self.new_block());
        self.exit(Exit::Branch {
            test,
            yes: then,
            no: other,
        });
        self.enter(then);
        IfFrame {
            test,
            start: span,
            then,
            other,
            after,
            then_arm: None,
            other_arm: None,
        }
    }

    /// `.. } else { ..`: ends the first arm (its statements are `arm`, `empty` if they do nothing).
    pub fn otherwise(&mut self, frame: &mut IfFrame, arm: Span, empty: bool) {
        frame.then_arm = Some(self.close_arm(frame.then, frame.after, arm, empty));
        self.enter(frame.other);
    }

    /// Ends the branch. `arm` is the arm that was open: the first one when [`Builder::otherwise`] was not called.
    pub fn end_if(&mut self, mut frame: IfFrame, arm: Span, empty: bool) {
        if frame.then_arm.is_none() {
            frame.then_arm = Some(self.close_arm(frame.then, frame.after, arm, empty));
            self.enter(frame.other);
            self.exit(Exit::Goto(frame.after));
        } else {
            frame.other_arm = Some(self.close_arm(frame.other, frame.after, arm, empty));
        }
        self.enter(frame.after);
        if let Some(then) = frame.then_arm {
            let branch = Branch {
                test: frame.test,
                span: frame.start,
                then,
                other: frame.other_arm,
            };
            self.function().branches.push(branch);
        }
    }

    // ---- loops: begin_loop, [loop_test | element binding], statements, end_loop

    /// Opens a loop; what follows runs again and again, perhaps never.
    pub fn begin_loop(&mut self, label: Option<Symbol>) -> LoopHead {
        self.open_loop(label, true)
    }

    /// Opens a loop that nothing but its tests and jumps leaves (`while (1)`, `for (;;)`, `do`).
    pub fn begin_endless_loop(&mut self, label: Option<Symbol>) -> LoopHead {
        self.open_loop(label, false)
    }

    fn open_loop(&mut self, label: Option<Symbol>, may_not_run: bool) -> LoopHead {
        let (head, body, after) = (self.new_block(), self.new_block(), self.new_block());
        self.exit(Exit::Goto(head));
        self.enter(head);
        self.exit(match may_not_run {
            true => Exit::Any(vec![body, after]),
            false => Exit::Goto(body),
        });
        self.enter(body);
        self.top_mut().loops.push(LoopFrame {
            label,
            again: head,
            after,
            named_only: false,
        });
        LoopHead { head, after }
    }

    /// The loop's test, pushed as the last expression: leaves when false. In a case of a switch: what must hold for the case to
    /// apply (its value or guard); leaves the switch when false.
    pub fn loop_test(&mut self, test: ExprId) {
        let Some(after) = self.top().loops.last().map(|f| f.after) else {
            return;
        };
        self.statement(test);
        let body = self.new_block();
        self.exit(Exit::Branch {
            test,
            yes: body,
            no: after,
        });
        self.enter(body);
    }

    /// Closes the loop.
    pub fn end_loop(&mut self, frame: LoopHead) {
        self.exit(Exit::Goto(frame.head));
        self.top_mut().loops.pop();
        self.enter(frame.after);
    }

    // ---- labelled blocks: begin_labeled, statements, end_labeled

    /// Opens a block that a `break` with its label leaves.
    pub fn begin_labeled(&mut self, label: Option<Symbol>) -> LabelFrame {
        let (body, after) = (self.new_block(), self.new_block());
        self.exit(Exit::Goto(body));
        self.enter(body);
        self.top_mut().loops.push(LoopFrame {
            label,
            again: after,
            after,
            named_only: true,
        });
        LabelFrame { after }
    }

    /// Closes a labelled block.
    pub fn end_labeled(&mut self, frame: LabelFrame) {
        self.exit(Exit::Goto(frame.after));
        self.top_mut().loops.pop();
        self.enter(frame.after);
    }

    // ---- try: begin_try, statements, end_try_body, (begin_handler, statements, end_handler)*, end_try;
    // ---- with `finally`: begin_try, that, end_try_body, begin_finally, statements, end_finally

    /// Opens a `try`.
    pub fn begin_try(&mut self, span: Span) -> TryFrame {
        let (body, catch, after) = (self.new_block(), self.new_block(), self.new_block());
        self.exit(Exit::Goto(body));
        self.top_mut().handlers.push(catch);
        self.enter(body);
        TryFrame {
            start: span,
            catch,
            after,
            arms: Vec::new(),
        }
    }

    /// Ends the protected statements. Call once, before the first handler.
    pub fn end_try_body(&mut self, frame: &mut TryFrame, guarded: Span) {
        self.exit(Exit::Goto(frame.after));
        self.top_mut().handlers.pop();
        frame.start = guarded;
    }

    /// Opens a handler; bind the exception with an assignment from [`ExprKind::Caught`].
    pub fn begin_handler(&mut self, frame: &mut TryFrame) {
        let arm = self.new_block();
        self.top_mut().incoming[arm.ix()] = true;
        frame.arms.push(arm);
        self.enter(arm);
    }

    /// Ends a handler whose statements are `arm`.
    pub fn end_handler(&mut self, frame: &mut TryFrame, types: Vec<TypeRef>, arm: Span, empty: bool) {
        let Some(block) = frame.arms.last().copied() else {
            return;
        };
        let arm = self.close_arm(block, frame.after, arm, empty);
        let guarded = frame.start;
        self.function().handlers.push(Handler { types, guarded, arm });
    }

    /// Closes the `try`; what follows runs after the body and after every handler.
    pub fn end_try(&mut self, mut frame: TryFrame) {
        if frame.arms.is_empty() {
            frame.arms.push(frame.after);
        }
        let catch = frame.catch;
        self.block_mut(catch).exit = Exit::Any(frame.arms);
        self.enter(frame.after);
    }

    /// Closes a `try` that has a `finally`, and begins the statements that always run: they are reached even when the body leaves.
    /// Exceptions the handlers let through lead there too. To have both handlers and `finally`, open two tries, this one outside.
    pub fn begin_finally(&mut self, frame: TryFrame) -> FinallyFrame {
        let left = self.unreachable_after(&frame).then_some(self.top().left);
        let (catch, after) = (frame.catch, frame.after);
        self.block_mut(catch).exit = Exit::Goto(after);
        self.top_mut().incoming[after.ix()] = true;
        self.enter(after);
        FinallyFrame { left }
    }

    /// Ends the statements of a `finally`. When the body could only leave, so does this.
    pub fn end_finally(&mut self, frame: FinallyFrame) {
        let Some(how) = frame.left else { return };
        let exit = match self.top().handlers.last() {
            Some(handler) => Exit::Goto(*handler),
            None => Exit::Raise,
        };
        self.leave(exit, how);
    }

    fn unreachable_after(&self, frame: &TryFrame) -> bool {
        !self.top().incoming[frame.after.ix()]
    }

    // ---- switch: begin_switch after the subject's statement, (begin_case, statements, end_case)*, end_switch

    /// Opens a `switch`/`match` with the given label for `break`; the subject is a statement of its own before it.
    pub fn begin_switch(&mut self, label: Option<Symbol>) -> SwitchFrame {
        let (head, live) = (self.top().block, self.top().live);
        let after = self.new_block();
        self.cut();
        let again = self.top().loops.last().map_or(after, |f| f.again);
        self.top_mut().loops.push(LoopFrame {
            label,
            again,
            after,
            named_only: false,
        });
        SwitchFrame {
            head,
            live,
            after,
            arms: Vec::new(),
        }
    }

    /// Opens a case. `from_previous`: the case before falls through into this one.
    pub fn begin_case(&mut self, frame: &mut SwitchFrame, from_previous: bool) {
        let arm = self.new_block();
        if from_previous && !frame.arms.is_empty() {
            self.exit(Exit::Goto(arm));
        }
        if frame.live {
            self.top_mut().incoming[arm.ix()] = true;
        }
        frame.arms.push(arm);
        self.enter(arm);
    }

    /// Ends a case; `falls`: control goes into the next one.
    pub fn end_case(&mut self, frame: &SwitchFrame, falls: bool) {
        if !falls {
            self.exit(Exit::Goto(frame.after));
        }
    }

    /// Closes the switch; `exhaustive` when one case always matches.
    pub fn end_switch(&mut self, mut frame: SwitchFrame, exhaustive: bool) {
        self.exit(Exit::Goto(frame.after));
        if !exhaustive || frame.arms.is_empty() {
            frame.arms.push(frame.after);
            if frame.live {
                self.top_mut().incoming[frame.after.ix()] = true;
            }
        }
        let head = frame.head;
        self.block_mut(head).exit = Exit::Any(frame.arms);
        self.top_mut().loops.pop();
        self.enter(frame.after);
    }

    // ---- inside

    fn top(&self) -> &Open {
        &self.open[self.open.len() - 1]
    }

    fn top_mut(&mut self) -> &mut Open {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    fn block_mut(&mut self, block: BlockId) -> &mut Block {
        &mut self.function().blocks[block.ix()]
    }

    fn labelled(&mut self, label: Symbol) -> BlockId {
        if let Some(block) = self.top().labels.get(&label) {
            return *block;
        }
        let block = self.new_block();
        self.top_mut().labels.insert(label, block);
        block
    }

    fn new_block(&mut self) -> BlockId {
        let on_error = self.top().handlers.last().copied();
        self.top_mut().incoming.push(false);
        let function = self.function();
        function.blocks.push(Block {
            items: Vec::new(),
            exit: Exit::End,
            on_error,
        });
        BlockId(function.blocks.len() as u32 - 1)
    }

    /// Goes on in `block`, under the handlers that are open now.
    fn enter(&mut self, block: BlockId) {
        let on_error = self.top().handlers.last().copied();
        self.block_mut(block).on_error = on_error;
        let open = self.top_mut();
        open.block = block;
        open.live = open.incoming[block.ix()];
        self.cut();
    }

    /// Ends the current block, unless a `return` or jump already did.
    fn exit(&mut self, exit: Exit) {
        let (block, live) = (self.top().block, self.top().live);
        if live {
            for to in targets(&exit) {
                self.top_mut().incoming[to.ix()] = true;
            }
        }
        let current = self.block_mut(block);
        if matches!(current.exit, Exit::End) {
            current.exit = exit;
        }
        self.cut();
    }

    /// Leaves the current block for good and goes on in a new one that nothing leads to.
    fn leave(&mut self, exit: Exit, how: ArmEnd) {
        self.exit(exit);
        if self.top().live {
            self.top_mut().left = how;
        }
        let dead = self.new_block();
        self.enter(dead);
    }

    /// The next statement begins with the next expression pushed.
    fn cut(&mut self) {
        let first = self.function().exprs.len() as u32;
        self.top_mut().first = first;
    }

    fn frame(&self, label: Option<Symbol>) -> Option<&LoopFrame> {
        let loops = &self.top().loops;
        loops
            .iter()
            .rev()
            .find(|f| {
                if label.is_none() {
                    !f.named_only
                } else {
                    f.label == label
                }
            })
            .or(loops.last())
    }

    fn close_arm(&mut self, first: BlockId, after: BlockId, span: Span, empty: bool) -> Arm {
        let ends = if self.top().live {
            ArmEnd::Falls
        } else {
            self.top().left
        };
        self.exit(Exit::Goto(after));
        Arm {
            span,
            block: first,
            ends,
            empty,
        }
    }
}

/// The blocks an exit leads to.
fn targets(exit: &Exit) -> Vec<BlockId> {
    match exit {
        Exit::Goto(to) => vec![*to],
        Exit::Branch { yes, no, .. } => vec![*yes, *no],
        Exit::Any(all) => all.clone(),
        Exit::Return(_) | Exit::Raise | Exit::End => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(b: &mut Builder, text: &str) -> ExprId {
        let symbol = b.symbol(text);
        b.expr(ExprKind::Name(symbol), Span::default())
    }

    #[test]
    fn an_arm_that_returns_is_known_and_what_follows_is_reached_by_the_other() {
        let mut b = Builder::new(Lang::Python, 0);
        let test = name(&mut b, "x");
        let frame = b.begin_if(test, Span::default());
        let value = name(&mut b, "x");
        b.ret(Some(value));
        assert!(b.unreachable());
        b.end_if(frame, Span::default(), false);
        assert!(!b.unreachable());
        let facts = b.finish();
        assert_eq!(facts.module().branches[0].then.ends, ArmEnd::Returns);
        assert!(facts.module().branches[0].other.is_none());
    }

    #[test]
    fn when_every_arm_leaves_nothing_follows() {
        let mut b = Builder::new(Lang::Go, 0);
        let test = name(&mut b, "x");
        let mut frame = b.begin_if(test, Span::default());
        b.ret(None);
        b.otherwise(&mut frame, Span::default(), false);
        b.raise();
        b.end_if(frame, Span::default(), false);
        assert!(b.unreachable());
        let facts = b.finish();
        let branch = &facts.module().branches[0];
        assert_eq!(
            (branch.then.ends, branch.other.map(|o| o.ends)),
            (ArmEnd::Returns, Some(ArmEnd::Raises))
        );
    }

    #[test]
    fn a_finally_is_reached_though_the_body_returns_and_what_follows_is_not() {
        let mut b = Builder::new(Lang::Python, 0);
        let mut frame = b.begin_try(Span::default());
        b.ret(None);
        b.end_try_body(&mut frame, Span::default());
        let finally = b.begin_finally(frame);
        assert!(!b.unreachable());
        b.end_finally(finally);
        assert!(b.unreachable());
    }

    #[test]
    fn statements_are_contiguous_runs_even_with_a_lambda_inside() {
        let mut b = Builder::new(Lang::JavaScript, 0);
        let callee = name(&mut b, "map");
        let lambda = b.begin_function(
            FunctionKind::Lambda,
            "<lambda>",
            Span::default(),
            Span::default(),
            Span::default(),
        );
        let inner = name(&mut b, "y");
        b.ret(Some(inner));
        b.end_function();
        let value = b.expr(ExprKind::Lambda(lambda), Span::default());
        let arg = Arg {
            name: None,
            value,
            span: Span::default(),
        };
        let call = b.expr(
            ExprKind::Call {
                callee,
                args: vec![arg],
                new: false,
                args_span: Span::default(),
            },
            Span::default(),
        );
        b.statement(call);
        let facts = b.finish();
        let item = facts.module().blocks[0].items[0];
        assert_eq!((item.first, item.root), (ExprId(0), ExprId(2)));
        assert_eq!(facts.functions[1].blocks[0].items.len(), 1);
    }
}
