//! From values at sinks to where they come from. A value that is a parameter is followed up to the callers in the file, with what they
//! pass put in its place; a parameter nobody in the file passes anything to is a weak source of its own.

use super::{file::File, summary::Instance, trace::Hop, visit::SinkHit};
use crate::{
    lang::facts::*,
    scan::{
        compile::{Kind, Sink},
        model::Origin,
        value::{From, Param, Passed, Taint, V, Value, render_words},
    },
};
use std::collections::BTreeMap;

/// Deepest chain of callers followed.
const MAX_CALLERS: usize = 4;
/// Most callers' arguments looked at for one value at a sink.
const MAX_FEEDS: usize = 400;

/// An outside value that reaches a sink.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The sink.
    pub hit: SinkHit,
    /// The value's way; its trace ends where it enters the sink.
    pub taint: Option<Taint>,
    /// Who controls it; `None` when nobody knows.
    pub origin: Option<Origin>,
    /// What the parameter is, when the origin is a parameter.
    pub param: Option<Param>,
    /// The text at the sink as far as it is known, the outside part marked.
    pub text: String,
    /// It passed through callers of the file on its way.
    pub through_callers: bool,
}

/// A value at a sink that verification need not look at: every caller of the file passes constants.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The sink.
    pub hit: SinkHit,
    /// The parameter.
    pub param: Param,
    /// The text at the sink.
    pub text: String,
}

/// Everything that reaches sinks of a file.
#[derive(Default)]
pub struct Resolved {
    /// Outside values at sinks.
    pub reached: Vec<Reached>,
    /// What callers disprove.
    pub constant: Vec<Constant>,
}

/// A value on its way up to the callers.
struct Climb {
    passed: Passed,
    taint: Taint,
    value: V,
    depth: usize,
    seen: Vec<Passed>,
}

/// Follows every hit of the file to its sources.
#[must_use]
pub fn resolve(file: &File<'_>) -> Resolved {
    let mut all = Resolved::default();
    for blocks in &file.found {
        for hit in blocks.iter().flat_map(|b| &b.sinks) {
            one(file, hit, &mut all);
        }
    }
    let own = |hit: &SinkHit| file.links.is_own_function(hit.spot.function);
    all.constant.retain(|constant| own(&constant.hit));
    all.reached
        .retain(|reached| own(&reached.hit) || comes_from_here(file, reached));
    all
}

/// True when an outside value passes through the file under examination. What happens in another file alone is found there.
fn comes_from_here(file: &File<'_>, reached: &Reached) -> bool {
    let taint = reached.taint.as_ref().filter(|t| !matches!(t.from, From::Param(_)));
    taint.is_some_and(|t| {
        t.trace
            .steps()
            .iter()
            .any(|step| file.links.is_own_function(step.function))
    })
}

fn one(file: &File<'_>, hit: &SinkHit, all: &mut Resolved) {
    let sink = &file.index.sinks[hit.row as usize];
    let mut best: BTreeMap<From, Reached> = BTreeMap::new();
    let mut constants: Vec<Constant> = Vec::new();
    let taints = hit
        .value
        .at_sink(sink.text.is_some() || file.facts.lang.has_pointers(), sink.deep);
    for taint in taints.iter().filter(|t| !t.cleaned.has(sink.kind)) {
        match taint.from {
            From::Source { .. } | From::Given { .. } => {
                keep(&mut best, reached(file, hit, sink, taint, &hit.value, false));
            }
            From::Param(passed) => climb(file, hit, sink, passed, taint, &mut best, &mut constants),
        }
    }
    if best.is_empty() && hit.value.unknown && hit.value.shape.is_some() {
        let text = render_words(&hit.value, |v| v.unknown);
        if fits(sink, &text) && text.contains('{') {
            all.reached.push(Reached {
                hit: hit.clone(),
                taint: None,
                origin: None,
                param: None,
                text,
                through_callers: false,
            });
        }
    }
    if best.is_empty() {
        all.constant.extend(constants);
    }
    all.reached.extend(best.into_values());
}

fn keep(best: &mut BTreeMap<From, Reached>, found: Option<Reached>) {
    let Some(found) = found else { return };
    let Some(from) = found.taint.as_ref().map(|t| t.from) else {
        return;
    };
    let assumed = |r: &Reached| r.taint.as_ref().map_or(u8::MAX, |t| t.assumed);
    match best.get(&from) {
        Some(known) if assumed(known) <= assumed(&found) => {}
        _ => {
            best.insert(from, found);
        }
    }
}

/// The value as it stands at the sink, when the sink's conditions on its text hold.
fn reached(file: &File<'_>, hit: &SinkHit, sink: &Sink, taint: &Taint, value: &V, up: bool) -> Option<Reached> {
    if sink.built && !taint.built {
        return None;
    }
    let text = render_words(value, |hole| carries(hole, taint.from, sink.kind));
    if !fits(sink, &text) {
        return None;
    }
    let (origin, param) = match taint.from {
        From::Source { row, .. } | From::Given { row, .. } => (file.index.sources[row as usize].from, None),
        From::Param(passed) => (Origin::Parameter, Some(passed.param)),
    };
    Some(Reached {
        hit: hit.clone(),
        taint: Some(taint.clone()),
        origin: Some(origin),
        param,
        text,
        through_callers: up,
    })
}

fn carries(hole: &Value, from: From, kind: Kind) -> bool {
    hole.deep_taints()
        .iter()
        .any(|t| t.from == from && !t.cleaned.has(kind))
}

fn fits(sink: &Sink, text: &str) -> bool {
    sink.text.as_ref().is_none_or(|r| r.is_match(text.as_bytes()))
        && !sink.not_text.as_ref().is_some_and(|r| r.is_match(text.as_bytes()))
}

/// Follows a parameter up to the callers of the file.
fn climb(
    file: &File<'_>,
    hit: &SinkHit,
    sink: &Sink,
    passed: Passed,
    taint: &Taint,
    best: &mut BTreeMap<From, Reached>,
    constants: &mut Vec<Constant>,
) {
    let mut open = vec![Climb {
        passed,
        taint: taint.clone(),
        value: hit.value.clone(),
        depth: 0,
        seen: vec![passed],
    }];
    let mut feeds_left = MAX_FEEDS;
    while let Some(at) = open.pop() {
        let feeds = file.feeds.get(&at.passed.param).filter(|f| !f.is_empty());
        let Some(feeds) = feeds else {
            keep(best, reached(file, hit, sink, &at.taint, &at.value, at.depth > 0));
            continue;
        };
        let mut open_end = false;
        let mut known = true;
        for (spot, whole) in feeds {
            let part = file.withins.select(whole, at.passed.within);
            if feeds_left == 0 {
                break;
            }
            feeds_left -= 1;
            known &= part.is_clean() && !part.any_unknown();
            let caller = file.function(spot.function);
            let span = caller.exprs[spot.expr.ix()].span;
            let value = substituted(file, &at, spot.function, span, whole);
            for outer in part.deep_taints().iter() {
                let taint = combined(outer, &at, spot.function, span);
                if taint.cleaned.has(sink.kind) {
                    continue;
                }
                match taint.from {
                    From::Source { .. } | From::Given { .. } => {
                        keep(best, reached(file, hit, sink, &taint, &value, true));
                    }
                    From::Param(next) if at.depth + 1 < MAX_CALLERS && !at.seen.contains(&next) => {
                        let mut seen = at.seen.clone();
                        seen.push(next);
                        open.push(Climb {
                            passed: next,
                            taint,
                            value: value.clone(),
                            depth: at.depth + 1,
                            seen,
                        });
                    }
                    From::Param(_) => open_end = true,
                }
            }
        }
        if known {
            constants.push(Constant {
                hit: hit.clone(),
                param: at.passed.param,
                text: render_words(&at.value, |_| false),
            });
        }
        if open_end {
            keep(best, reached(file, hit, sink, &at.taint, &at.value, true));
        }
    }
}

fn combined(outer: &Taint, at: &Climb, caller: FunctionId, span: crate::text::Span) -> Taint {
    let way = outer.trace.then(caller, span, Hop::Into(at.passed.param));
    Taint {
        from: outer.from,
        cleaned: outer.cleaned.or(at.taint.cleaned),
        built: outer.built | at.taint.built,
        weak: outer.weak | at.taint.weak,
        assumed: outer.assumed.saturating_add(at.taint.assumed),
        trace: way.followed_by(&at.taint.trace),
    }
}

/// The value at the sink with the passed argument in place of the parameter.
fn substituted(file: &File<'_>, at: &Climb, caller: FunctionId, span: crate::text::Span, passed: &V) -> V {
    let count = file.function(at.passed.param.function).params.len();
    let mut args = vec![None; count];
    if let Some(slot) = args.get_mut(at.passed.param.index as usize) {
        *slot = Some(passed.clone());
    }
    let instance = Instance {
        callee: at.passed.param.function,
        args: &args,
        places: &[],
        withins: &file.withins,
        caller,
        span,
    };
    instance.value(&at.value)
}
