//! What a file has to do with others, by names alone: enough to tell which files are worth analysing together, without doing it.

use super::names::bound_names;
use crate::{
    lang::facts::*,
    scan::{
        taint::file::File,
        value::{From, Param},
    },
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// What a file expects of others, and what others may expect of it.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// What it imports.
    pub imports: Vec<Arc<str>>,
    /// Functions it does not define that it hands values to.
    pub hands: Vec<Handed>,
    /// Names of its functions and classes that take what they are given to a sink.
    pub sinks: BTreeSet<Box<str>>,
    /// Names of its functions that give outside values.
    pub gives: BTreeSet<Box<str>>,
    /// Names of its functions and classes.
    pub defines: BTreeSet<Box<str>>,
}

/// A call that hands values to a function of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handed {
    /// The function that calls; empty for one without a name.
    pub by: Box<str>,
    /// The last name of what is called.
    pub to: Box<str>,
    /// Some of it comes from outside for certain; else the caller's own parameters are handed on.
    pub outside: bool,
}

impl Outlook {
    /// Of a file that was analysed by itself.
    #[must_use]
    pub fn of(file: &File<'_>) -> Outlook {
        let bound = bound_names(file.facts);
        let name = |id| name_outside(file, &bound, id);
        let fed_from_outside = file
            .feeds
            .values()
            .flat_map(|f| f.values())
            .any(|v| v.deep_taints().any_source());
        let hands = file.handed.iter().map(|((by, to), outside)| Handed {
            by: name(*by),
            to: file.facts.name(*to).into(),
            outside: *outside || fed_from_outside,
        });
        let gives = file.summaries.iter().enumerate();
        let gives = gives.filter(|(_, summary)| summary.returns.deep_taints().any_source());
        let functions = (0..file.facts.functions.len() as u32).map(FunctionId);
        let named = functions.filter(|id| file.function(*id).kind != FunctionKind::Module);
        let mut outlook = Outlook {
            imports: file.facts.imports.iter().map(|i| i.path.clone()).collect(),
            hands: hands.collect(),
            sinks: to_sinks(file).into_iter().map(|p| name(p.function)).collect(),
            gives: gives.map(|(i, _)| name(FunctionId(i as u32))).collect(),
            defines: named.map(name).collect(),
        };
        for names in [&mut outlook.sinks, &mut outlook.gives, &mut outlook.defines] {
            names.remove("");
        }
        outlook
    }
}

/// The name others call a function by: its own, that of its class for a constructor, that of what it is assigned to or written in.
fn name_outside(file: &File<'_>, bound: &HashMap<FunctionId, Symbol>, id: FunctionId) -> Box<str> {
    let mut at = Some(id);
    while let Some(id) = at {
        let function = file.function(id);
        let symbol = match function.kind {
            FunctionKind::Constructor => function.class.map(|c| file.facts.classes[c.ix()].name),
            FunctionKind::Function | FunctionKind::Method => Some(function.name),
            _ => bound.get(&id).copied(),
        };
        if let Some(symbol) = symbol {
            return file.facts.name(symbol).into();
        }
        at = function.parent;
    }
    "".into()
}

/// Parameters that reach a sink, through whatever calls of the file.
fn to_sinks(file: &File<'_>) -> BTreeSet<Param> {
    let params = |taints: crate::scan::value::Taints| -> Vec<Param> {
        let of = taints.iter().filter_map(|taint| match taint.from {
            From::Param(passed) => Some(passed.param),
            _ => None,
        });
        of.collect()
    };
    let hits = file.found.iter().flatten().flat_map(|block| &block.sinks);
    let mut open: Vec<Param> = hits.flat_map(|hit| params(hit.value.deep_taints())).collect();
    let mut all = BTreeSet::new();
    while let Some(param) = open.pop() {
        if all.insert(param) {
            let fed = file.feeds.get(&param).into_iter().flat_map(|f| f.values());
            open.extend(fed.flat_map(|v| params(v.deep_taints())));
        }
    }
    all
}
