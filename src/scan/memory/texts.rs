//! Copies, texts, formats and reading: what is written where, how much of it, and what the buffer holds afterwards.

use super::{
    arithmetic::{added, multiplied},
    knowledge::{Copy, Fill, Print, Read, Text},
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
                    self.access(run, ptr, bytes, false, id, length);
                }
                run.state.object(ptr.object).cloned()
            }
            _ => None,
        };
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

    /// True for the name of an array, whose `sizeof` is its room.
    fn is_array(&self, run: &Run, id: ExprId) -> bool {
        let named = matches!(self.kind(run, id), ExprKind::Name(_) | ExprKind::Member { .. });
        let ty = self.types.of_expr(run.function, id).filter(|_| named);
        ty.is_some_and(|t| self.types.of(&t).array)
    }

    /// The elements from an address to the end of its object.
    fn room(&self, run: &Run, ptr: Ptr, width: i64) -> Option<i64> {
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
        let source_text = source
            .as_ref()
            .and_then(|(o, ptr)| after(o.text?, ptr.offset, row.width));
        let Val::Ptr(ptr) = run.val(to) else { return };
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
        let free_source = source
            .as_ref()
            .is_some_and(|(o, _)| o.text.is_none() && o.size.is_none_or(|s| s.hi >= MAX / 2));
        if !told && limit.is_none() && row.room.is_none() && room.is_some() && free_source {
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

    // ---- formats and reading

    pub(super) fn print(&mut self, run: &mut Run, id: ExprId, row: &Print, args: &[ExprId]) {
        let Some(to) = args.get(row.to).copied() else { return };
        // `snprintf(NULL, 0, ..)` asks how long the text would be.
        if run.val(to) != Val::Null {
            self.follow(run, to, id);
        }
        for arg in args {
            self.used(run, *arg, id);
            if let Val::Ptr(ptr) = run.val(*arg) {
                self.alive(run, ptr, *arg, id);
            }
        }
        let Val::Ptr(ptr) = run.val(to) else { return };
        let room = self.room(run, ptr, row.width);
        let format = args.get(row.format).copied();
        let rest: Vec<ExprId> = args.get(row.format + 1..).unwrap_or_default().to_vec();
        let format_text = format.and_then(|f| match self.kind(run, self.bare(run, f)) {
            ExprKind::Str(text) => Some(text.to_string()),
            _ => None,
        });
        let written = format_text.as_deref().map(|t| self.printed(run, t, &rest));
        match row.room.and_then(|p| args.get(p)).copied() {
            Some(limit_at) => {
                let limit = run.num(limit_at);
                if !self.length(run, limit, "outside-length", id, limit_at)
                    && let Some(room) = room
                    && limit.hi < MAX
                    && limit.lo > room
                {
                    self.tell(
                        run,
                        "overflow",
                        id,
                        Some(limit_at),
                        format!("{} of {room} elements", limit.lo),
                    );
                }
            }
            None => {
                if let (Some(room), Some(written)) = (room, &written) {
                    if written.least + 1 > room {
                        self.tell(
                            run,
                            "overflow",
                            id,
                            Some(to),
                            format!("{} of {room} elements", written.least + 1),
                        );
                    } else if let Some((arg, outside)) = written.open {
                        let name = if outside { "unbounded" } else { "unbounded-given" };
                        self.tell(run, name, id, Some(arg), format!("the buffer holds {room}"));
                    }
                }
            }
        }
        let outside = rest.iter().any(|a| match run.val(*a) {
            Val::Ptr(p) => run.state.object(p.object).is_some_and(|o| o.outside),
            _ => false,
        });
        run.state.change(ptr.object, |o| {
            o.text = None;
            o.outside |= outside;
            o.cells.clear();
        });
    }

    /// How long a formatted text is at least, and the argument that makes it as long as it likes.
    fn printed(&mut self, run: &Run, format: &str, args: &[ExprId]) -> Printed {
        let mut printed = Printed { least: 0, open: None };
        let mut rest = format;
        let mut args = args.iter();
        while let Some(at) = rest.find('%') {
            printed.least += at as i64;
            rest = &rest[at + 1..];
            let end = rest.find(|c: char| c.is_ascii_alphabetic() && !"hlLqjzt".contains(c) || c == '%');
            let Some(end) = end else { break };
            let (spec, conversion) = (&rest[..end], rest.as_bytes()[end]);
            rest = &rest[end + 1..];
            if conversion == b'%' {
                printed.least += 1;
                continue;
            }
            if spec.contains('*') {
                args.next();
            }
            let Some(arg) = args.next() else { break };
            if conversion != b's' {
                printed.least += 1;
                continue;
            }
            let Val::Ptr(ptr) = run.val(*arg) else { continue };
            let Some(object) = run.state.object(ptr.object) else {
                continue;
            };
            let text = object.text.and_then(|t| after(t, ptr.offset, ptr.step));
            match text {
                _ if spec.contains('.') => {}
                Some(text) if !object.outside => printed.least += text.lo,
                None if object.size.is_none_or(|s| s.hi >= MAX / 2) => printed.open = Some((*arg, object.outside)),
                _ => {}
            }
        }
        printed.least += rest.len() as i64;
        printed
    }

    pub(super) fn read(&mut self, run: &mut Run, id: ExprId, row: &Read, args: &[ExprId]) -> Val {
        let Some(to) = args.get(row.to).copied() else {
            return Val::Unknown;
        };
        self.follow(run, to, id);
        if row.all {
            let name = if self.is_array(run, to) {
                "unbounded-array"
            } else {
                "unbounded"
            };
            self.tell(run, name, id, None, "nothing limits what is read".to_owned());
        }
        let length_at = row.length.and_then(|p| args.get(p)).copied();
        let mut length = length_at.map(|a| run.num(a));
        if let (Some(known), Some(times)) = (length, row.times.and_then(|p| args.get(p))) {
            length = Some(multiplied(known, run.num(*times)));
        }
        if let (Some(at), Some(length)) = (length_at, length)
            && !self.length(run, length, "outside-length", id, at)
            && let Val::Ptr(ptr) = run.val(to)
            && length.hi < MAX
        {
            self.access(run, ptr, multiplied(length, Num::exact(row.width)), true, id, at);
        }
        match run.val(to) {
            Val::Ptr(ptr) => {
                let at_start = ptr.offset.constant() == Some(0);
                run.state.change(ptr.object, |o| {
                    o.outside = true;
                    o.cells.clear();
                    o.text = match (row.text && at_start, length) {
                        (true, Some(length)) if length.hi < MAX => Some(Num {
                            lo: 0,
                            hi: length.hi - 1,
                            ..Num::exact(0)
                        }),
                        _ => None,
                    };
                });
            }
            // A number read as it is: `recv(s, &n, sizeof n, 0)`.
            Val::Ref(var) => {
                let (lo, hi) = self.range_of(run, var);
                run.state.set(var, Val::Num(Num::outside(lo, hi)));
            }
            _ => {}
        }
        match (row.text, length) {
            (false, Some(length)) if length.hi < MAX => Val::Num(Num {
                lo: -1,
                hi: length.hi,
                ..Num::exact(0)
            }),
            _ => Val::Unknown,
        }
    }

    fn range_of(&self, run: &Run, var: Var) -> (i64, i64) {
        let ty = self.types.of_name(run.function, var.1);
        ty.and_then(|t| self.types.of(t).range).unwrap_or((MIN, MAX))
    }

    pub(super) fn scan(&mut self, run: &mut Run, id: ExprId, format: usize, args: &[ExprId]) {
        let text = args.get(format).and_then(|f| match self.kind(run, self.bare(run, *f)) {
            ExprKind::Str(text) => Some(text.to_string()),
            _ => None,
        });
        let mut targets = args.get(format + 1..).unwrap_or_default().iter().copied();
        let mut rest = text.as_deref().unwrap_or_default();
        while let Some(at) = rest.find('%') {
            rest = &rest[at + 1..];
            let end = rest.find(|c: char| c.is_ascii_alphabetic() && !"hlLqjzt".contains(c) || c == '%' || c == '[');
            let Some(end) = end else { break };
            let (spec, conversion) = (&rest[..end], rest.as_bytes()[end]);
            rest = &rest[end + 1..];
            if conversion == b'%' || spec.starts_with('*') {
                continue;
            }
            let Some(target) = targets.next() else { break };
            let digits: String = spec.chars().filter(char::is_ascii_digit).collect();
            let width: Option<i64> = digits.parse().ok();
            match (conversion, run.val(target)) {
                (b's' | b'[', Val::Ptr(ptr)) => {
                    match (width, self.room(run, ptr, 1)) {
                        (None, _) if !spec.contains('m') => {
                            self.tell(
                                run,
                                "unbounded",
                                id,
                                Some(target),
                                "nothing limits what is read".to_owned(),
                            );
                        }
                        (Some(width), Some(room)) if width >= room => {
                            self.tell(
                                run,
                                "overflow",
                                id,
                                Some(target),
                                format!("{} of {room} elements", width + 1),
                            );
                        }
                        _ => {}
                    }
                    run.state.change(ptr.object, |o| {
                        o.outside = true;
                        o.text = width.map(|w| Num {
                            lo: 0,
                            hi: w,
                            ..Num::exact(0)
                        });
                    });
                }
                (_, Val::Ref(var)) => {
                    let (lo, hi) = self.range_of(run, var);
                    run.state.set(var, Val::Num(Num::outside(lo, hi)));
                }
                _ => {}
            }
        }
        for target in targets {
            if let Val::Ref(var) = run.val(target) {
                run.state.set(var, Val::Unknown);
            }
        }
    }
}

/// What a formatted text is like.
struct Printed {
    least: i64,
    open: Option<(ExprId, bool)>,
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
fn after(text: Num, offset: Num, width: i64) -> Option<Num> {
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
