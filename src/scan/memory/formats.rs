//! Formats and reading: how long a formatted text is at least, what is read from outside, and where it goes.

use super::{
    arithmetic::multiplied,
    knowledge::{Print, Read},
    run::{Machine, Run},
    texts::after,
    value::*,
};
use crate::lang::facts::*;

impl Machine<'_> {
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
                self.limit_of_pointer(run, id, to, limit_at);
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
                let handed_on = format.is_some_and(|f| match run.val(f) {
                    Val::Ptr(p) => run
                        .state
                        .object(p.object)
                        .is_some_and(|o| o.kind == Kind::Given && !o.outside),
                    _ => false,
                });
                if let (Some(room), true, true) = (room, handed_on, self.is_array(run, to)) {
                    self.tell(
                        run,
                        "unbounded-given-array",
                        id,
                        None,
                        format!("the buffer holds {room}"),
                    );
                }
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
                        let array = self.is_array(run, to);
                        let name = match (outside, array) {
                            (true, true) => "unbounded-array",
                            (true, false) => "unbounded",
                            (false, true) => "unbounded-given-array",
                            (false, false) => "unbounded-given",
                        };
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

    /// Memory that was asked for in a size nobody knows here.
    fn unmeasured(&self, run: &Run, ptr: Ptr) -> bool {
        run.state
            .object(ptr.object)
            .is_some_and(|o| matches!(o.kind, Kind::Heap(_)) && o.size.is_none_or(|s| s.constant().is_none()))
    }

    pub(super) fn range_of(&self, run: &Run, var: Var) -> (i64, i64) {
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
                        (None, None) if self.unmeasured(run, ptr) => {}
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
                (_, Val::Ptr(ptr)) => run.state.change(ptr.object, |o| o.cells.clear()),
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
