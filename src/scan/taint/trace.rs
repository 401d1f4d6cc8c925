//! The way an outside value takes, as a chain of steps that values share.

use super::super::value::Param;
use crate::{
    lang::facts::{FunctionId, Symbol},
    text::Span,
};
use std::rc::Rc;

/// Longest way kept; further steps are left out, never the source.
const MAX_STEPS: u16 = 40;
/// Most steps of a callee's inside that are copied into the caller's way.
const MAX_INNER: usize = 8;

/// One step, with the way before it.
#[derive(Clone, Debug)]
pub struct Link {
    /// The way before.
    pub before: Option<Rc<Link>>,
    /// Number of steps before this one.
    pub depth: u16,
    /// The function it is in.
    pub function: FunctionId,
    /// Where.
    pub span: Span,
    /// What happens.
    pub hop: Hop,
}

/// What happens at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// It comes from a source: index into the compiled sources.
    Source(u32),
    /// It is a parameter that a source row speaks of.
    Given(Param, u32),
    /// It is a parameter.
    Param(Param),
    /// It is kept in a variable.
    Kept(Symbol),
    /// It is kept in a field.
    Field(Symbol),
    /// It is joined to other text with an operator.
    Concat,
    /// It is put into an interpolated string.
    Template,
    /// It is put into a format string.
    Format,
    /// It is joined with a separator.
    Join,
    /// It is appended to a text or container.
    Append,
    /// It passes through a call that a model knows.
    Through,
    /// It passes through a call that nothing is known of.
    Assumed,
    /// It passes through a call that makes it safe for other uses.
    Cleaned,
    /// It is passed to a function of the file.
    Into(Param),
    /// It is returned by a function of the file, unchanged or not.
    Returned(FunctionId, bool),
    /// It is put in the exception that is caught.
    Thrown,
    /// It is handed to a callback.
    Callback(Param),
}

impl Link {
    /// The first step.
    #[must_use]
    pub fn first(function: FunctionId, span: Span, hop: Hop) -> Rc<Link> {
        Rc::new(Link {
            before: None,
            depth: 0,
            function,
            span,
            hop,
        })
    }

    /// A step after this one.
    #[must_use]
    pub fn then(self: &Rc<Self>, function: FunctionId, span: Span, hop: Hop) -> Rc<Link> {
        if self.depth >= MAX_STEPS || (self.span == span && self.hop == hop && self.function == function) {
            return self.clone();
        }
        Rc::new(Link {
            before: Some(self.clone()),
            depth: self.depth + 1,
            function,
            span,
            hop,
        })
    }

    /// The steps of `inner` after its own beginning, appended to this way.
    #[must_use]
    pub fn followed_by(self: &Rc<Self>, inner: &Rc<Link>) -> Rc<Link> {
        let steps: Vec<&Link> = inner.steps().into_iter().skip(1).collect();
        let skip = steps.len().saturating_sub(MAX_INNER);
        let mut way = self.clone();
        for step in &steps[skip..] {
            way = way.then(step.function, step.span, step.hop);
        }
        way
    }

    /// All steps, the first one first.
    #[must_use]
    pub fn steps(&self) -> Vec<&Link> {
        let mut all = vec![self];
        let mut at = self;
        while let Some(before) = &at.before {
            all.push(before);
            at = before;
        }
        all.reverse();
        all
    }
}
