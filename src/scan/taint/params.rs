//! What parameters are when a function begins: by declared type, by name where types are not written, by decorators, by where the
//! function was registered; and the paths of decorators, which say much of that.

use super::{
    file::Cell,
    trace::{Hop, Link},
    visit::Visit,
};
use crate::{
    lang::facts::{self, *},
    scan::{
        compile::{Kinds, Parameters, Part, Row, Source, Who},
        paths::arena::PathId,
        value::{From, Param, Passed, Taint, Taints, V, Value, join},
    },
};
use std::rc::Rc;

impl Visit<'_, '_> {
    pub(super) fn bind_params(&mut self) {
        let function = self.function;
        let conventions = self.conventions();
        for (index, param) in function.params.iter().enumerate() {
            let convention = conventions.get(index).copied().unwrap_or_default();
            let value = self.param_value(param, index as u16, convention);
            if value.path.known() && !self.given_paths.contains(&value.path) {
                self.given_paths.push(value.path);
            }
            if let Some(slot) = self.file.scopes.slot(self.id, param.name) {
                self.set_local(slot, value);
            }
        }
    }

    fn param_value(&mut self, param: &facts::Param, index: u16, convention: PathId) -> V {
        let me = Param {
            function: self.id,
            index,
        };
        if param.kind == ParamKind::Receiver {
            return Rc::new(self.receiver_value(param));
        }
        let given = self.file.read(Cell::Given(me), self.id);
        let (mut value, harmless) = match &param.ty {
            Some(ty) => self.file.typed(ty, self.id),
            None => (Value::default(), Kinds::NONE),
        };
        value.unknown = false;
        let by_framework = given.is_some();
        if let Some(given) = given {
            value = (*join(&mut self.file.arena, &given, &Rc::new(value))).clone();
        } else if !value.path.known() && value.instance.is_none() {
            value.path = convention;
        }
        // Frameworks check declared scalar types on the way in, where the language does not only hope for them.
        let hopes = self.file.facts.lang.types_are_hopes();
        if harmless.is_all() && !hopes {
            return Rc::new(value);
        }
        // `"/user/<int:id>"`: the framework lets only numbers through.
        if self.is_converted(param) {
            return Rc::new(value);
        }
        if let Some(taint) = self.given_source(me, param, value.path) {
            value.sourced = true;
            value.taints = Taints::one(taint);
        } else if !harmless.is_all() && !by_framework && !self.file.arena.has_sources_below(value.path) {
            value.param = Some(Passed::whole(me));
            value.taints = value.taints.union(&Taints::one(Taint {
                from: From::Param(Passed::whole(me)),
                cleaned: Kinds::NONE,
                built: false,
                weak: false,
                assumed: 0,
                trace: Link::first(self.id, param.span, Hop::Param(me)),
            }));
        }
        if !hopes {
            value.taints = value.taints.cleaned(harmless);
        }
        Rc::new(value)
    }

    /// What the parameters are by their names, receivers counted.
    fn conventions(&mut self) -> Vec<PathId> {
        let (index, facts, function) = (self.file.index, self.file.facts, self.function);
        let named: Vec<&str> = function.params.iter().map(|p| facts.name(p.name)).collect();
        let receivers = function
            .params
            .iter()
            .take_while(|p| p.kind == ParamKind::Receiver)
            .count();
        let Some(named) = named.get(receivers..).filter(|n| !n.is_empty()) else {
            return Vec::new();
        };
        let fits = |row: &&Parameters| {
            row.names.len() <= named.len()
                && row
                    .names
                    .iter()
                    .zip(named)
                    .all(|(any_of, name)| any_of.is_empty() || any_of.iter().any(|n| **n == **name))
                && row
                    .function
                    .as_ref()
                    .is_none_or(|r| r.is_match(facts.name(self.file.name_of(self.id)).as_bytes()))
        };
        let Some(row) = index.parameters.iter().find(fits) else {
            return Vec::new();
        };
        let mut paths = vec![PathId::UNKNOWN; receivers];
        for is in &row.is {
            paths.push(is.as_ref().map_or(PathId::UNKNOWN, |p| self.file.arena.of_pattern(p)));
        }
        paths
    }

    fn receiver_value(&mut self, param: &facts::Param) -> Value {
        match self.file.enclosing_class(self.id) {
            Some(class) => self.file.instance(class),
            None => match &param.ty {
                Some(ty) => self.file.typed(ty, self.id).0,
                None => Value::unknown(),
            },
        }
    }

    /// The source that a parameter is: by its type, by a decorator on it, or by a decorator of the function.
    fn given_source(&mut self, me: Param, param: &facts::Param, path: PathId) -> Option<Taint> {
        let mut found = self.file.source_row(path);
        if found.is_none() {
            found = self.decorated_source(me, param, path);
        }
        let (row, weak) = found?;
        Some(Taint {
            from: From::Given { param: me, row },
            cleaned: self.file.index.sources[row as usize].harmless,
            built: false,
            weak,
            assumed: 0,
            trace: Link::first(self.id, param.span, Hop::Given(me, row)),
        })
    }

    fn decorated_source(&mut self, me: Param, param: &facts::Param, path: PathId) -> Option<(u32, bool)> {
        let index = self.file.index;
        // What has sources among its members is read by them.
        let of_function = if self.file.arena.has_sources_below(path) {
            Vec::new()
        } else {
            let mut paths = self.file.decorators[self.id.ix()].clone();
            paths.extend(self.handled_by_class());
            paths
        };
        for path in of_function {
            for (row, fit) in self.file.arena.rows(path).iter() {
                let Row::Source(row) = row else { continue };
                let source = &index.sources[*row as usize];
                let Some(selector) = &source.decorated else {
                    continue;
                };
                let selected = selector.part == Part::Whole && self.selects_param(&selector.who, me, param);
                if selected && !self.is_provided(source, param) {
                    return Some((*row, !fit.exact));
                }
            }
        }
        // A decorator on the parameter itself: its own row, whatever its selector.
        for decorator in &param.decorators {
            for path in self.paths_of_decorator(*decorator) {
                for (row, fit) in self.file.arena.rows(path).iter() {
                    if let Row::Source(row) = row
                        && index.sources[*row as usize].decorated.is_some()
                        && !self.is_provided(&index.sources[*row as usize], param)
                    {
                        return Some((*row, !fit.exact));
                    }
                }
            }
        }
        None
    }

    /// What the class of a public method extends: frameworks call every public method of a controller.
    fn handled_by_class(&mut self) -> Option<PathId> {
        let function = self.function;
        let class = function
            .class
            .filter(|_| function.exported && function.kind == FunctionKind::Method)?;
        Some(self.file.class_path(class)).filter(|path| path.known())
    }

    /// True when something else than the request fills the parameter, or turns it into something harmless: its default, a decorator on it
    /// or an argument of that, or an argument of its type, says what.
    fn is_provided(&mut self, source: &Source, param: &facts::Param) -> bool {
        let Some(set) = source.provided else { return false };
        let by_default = param.default.is_some_and(|default| {
            let paths = self.paths_of_decorator(default);
            paths.iter().any(|path| self.file.arena.is_in(*path, set))
        });
        let by_decorator = param.decorators.iter().any(|decorator| {
            let mut paths = self.paths_of_decorator(*decorator);
            // `@Param("id", ParseIntPipe)`
            if let ExprKind::Call { args, .. } = &self.function.exprs[decorator.ix()].kind {
                paths.extend(args.iter().map(|arg| self.vals[arg.value.ix()].path));
            }
            paths.iter().any(|path| self.file.arena.is_in(*path, set))
        });
        let arguments = param.ty.iter().flat_map(|ty| &ty.args);
        by_default
            || by_decorator
            || arguments.into_iter().any(|argument| {
                let path = self.file.typed(argument, self.id).0.path;
                self.file.arena.is_in(path, set)
            })
    }

    /// True when the text of a decorator says that the parameter is converted: `<int:id>`.
    fn is_converted(&self, param: &facts::Param) -> bool {
        let index = self.file.index;
        let paths = &self.file.decorators[self.id.ix()];
        let rows = paths.iter().flat_map(|path| self.file.arena.rows(*path).to_vec());
        let converters: Vec<&str> = rows
            .filter_map(|(row, _)| match row {
                Row::Source(row) => Some(&index.sources[row as usize].converters),
                _ => None,
            })
            .flat_map(|all| all.iter().map(|c| &**c))
            .collect();
        let Some(parent) = self.function.parent.filter(|_| !converters.is_empty()) else {
            return false;
        };
        let (parent, end) = (
            self.file.function(parent),
            format!(":{}>", self.file.facts.name(param.name)),
        );
        let converter = |text: &str| {
            let before = text.split_once(&end)?.0;
            let (_, converter) = before.rsplit_once('<')?;
            let name = converter.split('(').next().unwrap_or_default();
            converters.contains(&name).then_some(())
        };
        let texts = self
            .function
            .decorators
            .iter()
            .flat_map(|d| match &parent.exprs[d.ix()].kind {
                ExprKind::Call { args, .. } => args.as_slice(),
                _ => &[],
            });
        texts.into_iter().any(|arg| match &parent.exprs[arg.value.ix()].kind {
            ExprKind::Str(text) => converter(text).is_some(),
            _ => false,
        })
    }

    fn selects_param(&self, who: &Who, me: Param, param: &facts::Param) -> bool {
        let receivers = self
            .function
            .params
            .iter()
            .filter(|p| p.kind == ParamKind::Receiver)
            .count();
        let position = (me.index as usize).wrapping_sub(receivers);
        match who {
            Who::From(from) => position >= *from,
            Who::Arg { position: p, names } => {
                *p == Some(position) || names.iter().any(|n| **n == *self.file.facts.name(param.name))
            }
            Who::Receiver | Who::Return => false,
        }
    }

    /// What a decorator is: as written, and what is called when it is a call. Decorators of parameters are not part of any statement: they are
    /// evaluated here.
    fn paths_of_decorator(&mut self, decorator: ExprId) -> Vec<PathId> {
        let mut run = vec![decorator];
        let mut open = vec![decorator];
        while let Some(id) = open.pop() {
            self.function.exprs[id.ix()].kind.each_operand(|operand| {
                run.push(operand);
                open.push(operand);
            });
        }
        run.sort_unstable();
        for id in run {
            self.vals[id.ix()] = self.eval(id);
        }
        self.decorator_paths(decorator)
    }

    fn decorator_paths(&self, decorator: ExprId) -> Vec<PathId> {
        // Attributes of what a macro holds may stand in another function's expressions.
        let Some(value) = self.vals.get(decorator.ix()) else {
            return Vec::new();
        };
        let mut paths = vec![value.path];
        if let ExprKind::Call { callee, .. } = &self.function.exprs[decorator.ix()].kind {
            paths.push(self.vals[callee.ix()].path);
        }
        paths.retain(|p| p.known());
        paths
    }

    /// Notes what the decorators of a class are, where it is defined.
    pub(super) fn publish_class_decorators(&mut self, class: ClassId) {
        let decorators = &self.file.facts.classes[class.ix()].decorators;
        let paths = decorators.iter().flat_map(|d| self.decorator_paths(*d)).collect();
        self.file.class_decorators[class.ix()] = paths;
    }

    /// Tells the functions written in this one what their decorators are.
    pub(super) fn publish_decorators(&mut self) {
        let children = self.file.scopes.children(self.id).to_vec();
        for child in children {
            let function = self.file.function(child);
            let mut paths: Vec<PathId> = Vec::new();
            for decorator in &function.decorators {
                // Attributes of what a macro holds may stand in another function's expressions.
                let Some(value) = self.vals.get(decorator.ix()) else {
                    continue;
                };
                if value.nothing {
                    paths.extend(self.paths_of_decorator(*decorator));
                } else {
                    paths.extend(self.decorator_paths(*decorator));
                }
            }
            if paths != self.file.decorators[child.ix()] {
                self.file.decorators[child.ix()] = paths;
                self.file.again(child);
            }
        }
    }
}
