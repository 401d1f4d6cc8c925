//! Copies and texts: what is written where, how much of it, and what the buffer holds afterwards.

use super::{
    arithmetic::{added, multiplied},
    knowledge::{Copy, Fill, Text},
    run::{Machine, Run},
    value::*,
};
use crate::lang::facts::*;

impl Machine<'_> {
    pub(super) fn copy(&mut self, run: &mut Run, id: ExprId, row: &Copy, args: &[ExprId]) {
        let (Some(to), Some(from), Some(length)) = (args.get(row.to), args.get(row.from), args.get(row.length)) else {
            return;
        };
        let (to, from, length) = (*to, *from, *length);
        self.used(run, length, id);
        self.follow(run, to, id);
        self.follow(run, from, id);
        self.limit_of_pointer(run, id, to, length);
        let count = run.num(length);
        if self.length(run, count, "outside-length", id, length) {
            return;
        }
        let bytes = multiplied(count, Num::exact(row.width));
        let before = self.found.len();
        if let Val::Ptr(ptr) = run.val(to) {
            self.access(run, ptr, bytes, true, id, length);
        }
        let source = match run.val(from) {
            Val::Ptr(ptr) => {
                // One mistake in one call is told once.
                if self.found.len() == before {
                    self.access(run, ptr, bytes, false, id, from);
                }
                run.state.object(ptr.object).cloned()
            }
            _ => None,
        };
        if let Val::Ref(var) = run.val(to) {
            let outside = source.as_ref().is_some_and(|s| s.outside);
            let (lo, hi) = self.range_of(run, var);
            let value = if outside {
                Val::Num(Num::outside(lo, hi))
            } else {
                Val::Unknown
            };
            run.state.set(var, value);
        }
        if let Val::Ptr(ptr) = run.val(to) {
            let copied = source.as_ref().and_then(|s| s.text).and_then(|text| {
                let whole = text.hi < MAX && count.lo > text.hi;
                match whole {
                    true => Some(text),
                    false if text.lo >= count.hi => Some(unended(count)),
                    false => None,
                }
            });
            let at_start = ptr.offset.constant() == Some(0);
            let outside = source.is_some_and(|s| s.outside);
            run.state.change(ptr.object, |o| {
                o.text = copied.filter(|_| at_start);
                o.outside |= outside;
                o.cells.clear();
                o.fields.clear();
            });
        }
    }

    pub(super) fn fill(&mut self, run: &mut Run, id: ExprId, row: &Fill, args: &[ExprId]) {
        let (Some(to), Some(length)) = (args.get(row.to).copied(), args.get(row.length).copied()) else {
            return;
        };
        self.used(run, length, id);
        self.follow(run, to, id);
        let count = run.num(length);
        if self.length(run, count, "outside-length", id, length) {
            return;
        }
        if let Val::Ref(var) = run.val(to) {
            run.state.set(var, Val::Unknown);
        }
        let Val::Ptr(ptr) = run.val(to) else { return };
        let pointed = self.size_of_pointer(run, length).filter(|step| *step > 0 && *step != 8);
        if let Some(step) = pointed {
            let size = run.state.object(ptr.object).and_then(|o| o.size).map_or(step, |s| s.hi);
            if size != 8 {
                self.tell(
                    run,
                    "sizeof-pointer",
                    id,
                    Some(length),
                    "8 bytes, the size of the pointer".to_owned(),
                );
            }
        }
        self.access(run, ptr, multiplied(count, Num::exact(row.width)), true, id, length);
        let zero = row
            .value
            .is_none_or(|v| args.get(v).is_some_and(|a| run.num(*a).constant() == Some(0)));
        let start = ptr.offset.constant() == Some(0);
        run.state.change(ptr.object, |o| {
            o.text = match (start, zero) {
                (true, true) => Some(Num::exact(0)),
                (true, false) if count.lo > 0 => Some(unended(count)),
                _ => None,
            };
            o.cells.clear();
            o.fields
                .retain(|_, v| matches!(v, Val::Ptr(p) if p.object.2 & (1 << 31) != 0));
        });
    }

    /// `strncpy(p, s, sizeof(p))`: the size of the pointer, where that of the buffer is meant.
    pub(super) fn limit_of_pointer(&mut self, run: &Run, id: ExprId, to: ExprId, limit: ExprId) {
        let named = |m: &Self, at: ExprId| match m.kind(run, m.bare(run, at)) {
            ExprKind::Name(name) => Some(*name),
            _ => None,
        };
        let ExprKind::Call { args, .. } = self.kind(run, self.bare(run, limit)) else {
            return;
        };
        let Some(measured) = args.first().and_then(|a| named(self, a.value)) else {
            return;
        };
        if self.size_of_pointer(run, limit).is_some_and(|step| step != 8) && named(self, to) == Some(measured) {
            let detail = "8 bytes, the size of the pointer".to_owned();
            self.tell(run, "sizeof-pointer", id, Some(limit), detail);
        }
    }

    /// `s.c_str()` of a parameter: as long as the caller likes.
    fn is_view(&self, run: &Run, id: ExprId) -> bool {
        let ExprKind::Call { callee, args, .. } = self.kind(run, self.bare(run, id)) else {
            return false;
        };
        let ExprKind::Member { base, name, .. } = self.kind(run, *callee) else {
            return false;
        };
        let params = &self.facts.functions[run.function.ix()].params;
        let given = matches!(self.kind(run, *base), ExprKind::Name(n) if params.iter().any(|p| p.name == *n));
        given && args.is_empty() && matches!(self.facts.name(*name), "c_str" | "data")
    }

    /// What kind of object an address is in.
    fn kind_of(&self, run: &Run, ptr: Ptr) -> Option<Kind> {
        run.state.object(ptr.object).map(|o| o.kind)
    }

    /// `strncpy(to, from, strlen(from))`: a limit that limits nothing.
    fn limit_of_source(&self, run: &Run, from: ExprId, limit: ExprId) -> bool {
        let ExprKind::Call { callee, args, .. } = self.kind(run, self.bare(run, limit)) else {
            return false;
        };
        let length =
            matches!(self.kind(run, *callee), ExprKind::Name(n) if matches!(self.facts.name(*n), "strlen" | "wcslen"));
        let name = |at: ExprId| match self.kind(run, self.bare(run, at)) {
            ExprKind::Name(name) => Some(*name),
            _ => None,
        };
        length
            && args
                .first()
                .is_some_and(|a| name(a.value).is_some() && name(a.value) == name(from))
    }

    /// True for the name of an array, whose `sizeof` is its room.
    pub(super) fn is_array(&self, run: &Run, id: ExprId) -> bool {
        let named = matches!(self.kind(run, id), ExprKind::Name(_) | ExprKind::Member { .. });
        let ty = self.types.of_expr(run.function, id).filter(|_| named);
        ty.is_some_and(|t| self.types.of(&t).array)
    }

    /// The elements from an address to the end of its object.
    pub(super) fn room(&self, run: &Run, ptr: Ptr, width: i64) -> Option<i64> {
        let size = run.state.object(ptr.object)?.size?;
        let offset = ptr.offset;
        if size.hi >= MAX / 2 || offset.hi >= MAX / 2 || offset.lo <= MIN / 2 {
            return None;
        }
        Some((size.hi - offset.lo) / width.max(1))
    }

    pub(super) fn text(&mut self, run: &mut Run, id: ExprId, row: &Text, args: &[ExprId]) {
        let (Some(to), Some(from)) = (args.get(row.to).copied(), args.get(row.from).copied()) else {
            return;
        };
        self.follow(run, to, id);
        self.follow(run, from, id);
        let limit_at = row.limit.or(row.room).and_then(|p| args.get(p)).copied();
        let limit = limit_at.map(|a| run.num(a));
        if let (Some(at), Some(limit)) = (limit_at, limit)
            && self.length(run, limit, "outside-length", id, at)
        {
            return;
        }
        let source = match run.val(from) {
            Val::Ptr(ptr) => run.state.object(ptr.object).map(|o| (o.clone(), ptr)),
            _ => None,
        };
        if source.is_none()
            && limit.is_none()
            && row.room.is_none()
            && self.is_view(run, from)
            && self.is_array(run, to)
        {
            let detail = "nothing limits the text".to_owned();
            return self.tell(run, "unbounded-given-array", id, None, detail);
        }
        let source_text = source
            .as_ref()
            .and_then(|(o, ptr)| after(o.text?, ptr.offset, row.width));
        let Val::Ptr(ptr) = run.val(to) else { return };
        if let Some(at) = limit_at {
            self.limit_of_pointer(run, id, to, at);
        }
        if ptr.offset.hi < 0 && ptr.offset.below && !matches!(self.kind_of(run, ptr), Some(Kind::Given) | None) {
            let before = format!("{} bytes before it", -ptr.offset.lo);
            return self.tell(run, "underwrite", id, Some(to), before);
        }
        let room = self.room(run, ptr, row.width);
        let held = match row.append {
            true => run.state.object(ptr.object).and_then(|o| o.text),
            false => Some(Num::exact(0)),
        };
        let value = limit_at.unwrap_or(from);
        let full = |needed: i64, room: i64| format!("{needed} of {room} elements");
        let mut told = false;
        if let Some(room) = room {
            let written = match (row.room, row.limit, row.pads) {
                (Some(_), ..) => limit.filter(|l| l.hi < MAX).map(|l| l.lo),
                (None, Some(_), true) => limit.filter(|l| l.hi < MAX).map(|l| l.lo),
                (None, Some(_), false) => {
                    let most = source_text.map(|t| t.lo).or_else(|| source.as_ref().map(|_| MAX));
                    let taken = limit
                        .and_then(|l| most.map(|m| m.min(l.lo)))
                        .filter(|t| *t < MAX && *t >= 0);
                    let known_source = source_text.is_some() || source.as_ref().is_some_and(|(o, _)| o.outside);
                    let known = held.map_or(0, |h| h.lo);
                    taken.filter(|_| known_source).map(|t| t + known + 1)
                }
                (None, None, _) => source_text
                    .zip(held)
                    .map(|(t, h)| t.lo.saturating_add(h.lo).saturating_add(1)),
            };
            if let Some(written) = written.filter(|w| *w > room) {
                let plain = limit.is_none() && self.is_array(run, to);
                let name = if plain { "overflow-text" } else { "overflow" };
                self.tell(run, name, id, Some(value).filter(|_| !plain), full(written, room));
                told = true;
            }
        }
        let of_source = limit_at.is_some_and(|at| self.limit_of_source(run, from, at));
        let free_source = source.as_ref().is_some_and(|(o, _)| {
            let any_length = o.text.is_none_or(|t| of_source && t.hi == MAX);
            any_length && o.size.is_none_or(|s| s.hi >= MAX / 2)
        });
        let unlimited = limit.is_none() || of_source;
        if !told && unlimited && row.room.is_none() && room.is_some() && free_source {
            let outside = source.as_ref().is_some_and(|(o, _)| o.outside);
            let name = match (outside, self.is_array(run, to)) {
                (true, true) => "unbounded-array",
                (true, false) => "unbounded",
                (false, true) => "unbounded-given-array",
                (false, false) => "unbounded-given",
            };
            let size = room.unwrap_or_default();
            let value = Some(from).filter(|_| !self.is_array(run, to));
            self.tell(run, name, id, value, format!("the buffer holds {size}"));
        }
        // What is read from outside fits its own buffer; whether it fits this one depends on their sizes.
        if !told
            && limit.is_none()
            && row.room.is_none()
            && !row.append
            && let (Some(room), Some((source, _))) = (room, &source)
            && source.outside
            && let Some(text) = source.text
            && text.hi < MAX
            && text.hi >= room
        {
            let array = self.is_array(run, to);
            self.tell(
                run,
                if array { "unbounded-array" } else { "unbounded" },
                id,
                Some(from).filter(|_| !array),
                format!("up to {} elements into {room}", text.hi + 1),
            );
        }
        self.put_text(
            run,
            ptr,
            row,
            source_text,
            held,
            limit,
            source.is_some_and(|(o, _)| o.outside),
        );
    }

    #[allow(clippy::too_many_arguments)] // what a text becomes depends on all of them
    fn put_text(
        &mut self,
        run: &mut Run,
        ptr: Ptr,
        row: &Text,
        source: Option<Num>,
        held: Option<Num>,
        limit: Option<Num>,
        outside: bool,
    ) {
        let at_start = ptr.offset.constant() == Some(0);
        let text = match (source, limit) {
            (Some(text), None) => held.map(|h| added(h, text)),
            (Some(text), Some(limit)) if row.pads => match text.hi < limit.lo {
                true => Some(text),
                false if text.lo >= limit.hi => Some(unended(limit)),
                false => None,
            },
            (Some(text), Some(limit)) => held.map(|h| {
                added(
                    h,
                    Num {
                        lo: text.lo.min(limit.lo),
                        hi: text.hi.min(limit.hi),
                        ..text
                    },
                )
            }),
            _ => None,
        };
        run.state.change(ptr.object, |o| {
            o.text = text.filter(|_| at_start);
            o.outside |= outside;
            o.cells.clear();
        });
    }

    pub(super) fn text_length(&mut self, run: &mut Run, id: ExprId, args: &[ExprId]) -> Val {
        let Some(at) = args.first().copied() else {
            return Val::Unknown;
        };
        self.follow(run, at, id);
        let Val::Ptr(ptr) = run.val(at) else {
            return Val::Unknown;
        };
        let Some(text) = run.state.object(ptr.object).and_then(|o| o.text) else {
            // Whoever measures what a caller gave has its length at hand from here on.
            run.state.change(ptr.object, |o| {
                if o.kind == Kind::Given && !o.outside {
                    o.text = Some(Num {
                        hi: MAX,
                        ..Num::exact(0)
                    });
                }
            });
            return Val::Unknown;
        };
        match after(text, ptr.offset, ptr.step.max(1)) {
            Some(text) => Val::Num(Num {
                outside: false,
                above: true,
                below: true,
                ..text
            }),
            None => Val::Unknown,
        }
    }
}

/// A text that has no end within its first elements.
fn unended(at_least: Num) -> Num {
    Num {
        lo: at_least.lo,
        hi: MAX,
        ..Num::any()
    }
}

/// What is left of a text from an offset in bytes on.
pub(super) fn after(text: Num, offset: Num, width: i64) -> Option<Num> {
    let offset = offset.constant()? / width.max(1);
    if offset == 0 {
        return Some(text);
    }
    if text.lo < offset {
        return None;
    }
    Some(Num {
        lo: text.lo - offset,
        hi: if text.hi == MAX { MAX } else { text.hi - offset },
        ..text
    })
}
