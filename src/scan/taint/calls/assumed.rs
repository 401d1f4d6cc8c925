//! Calls of which nothing is known: what they give is assumed to carry what goes in.

use super::*;

impl<'a> Visit<'_, 'a> {
    /// Nothing is known of what is called: its result may carry whatever goes in.
    pub(super) fn assumed(&mut self, of: &V, call: &Call<'a>, registered: bool) -> Value {
        let span = self.span(call.callee);
        let mut value = Value::unknown();
        if let Some(receiver) = call.receiver {
            let receiver_value = self.vals[receiver.ix()].clone();
            // What a source is asked for comes from outside without any assumption.
            let hop = if receiver_value.sourced {
                Hop::Through
            } else {
                Hop::Assumed
            };
            value.taints = self.carried(&receiver_value, span, hop).taints;
            value.unknown = !(receiver_value.constant.is_some() || self.is_known(&receiver_value))
                || !call.args.iter().all(|a| self.is_known(&self.vals[a.value.ix()]));
        } else {
            value.taints = self.carried(of, span, Hop::Through).taints;
        }
        for arg in call.args {
            let arg_value = self.vals[arg.value.ix()].clone();
            if !arg_value.is_clean() {
                value.taints = value.taints.union(&self.carried(&arg_value, span, Hop::Assumed).taints);
            }
        }
        if !registered {
            self.assumed_callbacks(call);
            if call.receiver.is_none() {
                value.callees = self.wrapped(call);
            }
        }
        value
    }

    /// Remembers who is given something, for when the file that defines it is found.
    pub(super) fn note_handed(&mut self, call: &Call<'a>) {
        let (ExprKind::Name(name) | ExprKind::Member { name, .. }) = *self.kind(call.callee) else {
            return;
        };
        let mut given = call
            .args
            .iter()
            .map(|a| &self.vals[a.value.ix()])
            .filter(|v| !v.is_clean())
            .peekable();
        if given.peek().is_none() {
            return;
        }
        let outside = given.any(|v| v.deep_taints().any_source());
        *self.file.handed.entry((self.id, name)).or_default() |= outside;
    }

    /// A function given to an unknown function that gives something back (`wrap(async (req, res) => ..)`, `debounce(f)`) is taken for
    /// what is given back.
    pub(super) fn wrapped(&self, call: &Call<'a>) -> Option<Rc<[Callee]>> {
        let mut lambdas = call
            .args
            .iter()
            .filter(|a| matches!(self.kind(a.value), ExprKind::Lambda(_)));
        let (only, more) = (lambdas.next()?, lambdas.next());
        let is_new = matches!(self.kind(call.id), ExprKind::Call { new: true, .. });
        if more.is_some() || is_new {
            return None;
        }
        self.vals[only.value.ix()].callees.clone()
    }

    /// True when nothing of the value is unknown or from outside.
    pub(super) fn is_known(&self, value: &V) -> bool {
        value.is_clean() && !value.any_unknown()
    }
}
