//! Building an [`Index`] from rule and model files, collecting every mistake.

use super::*;
use crate::{
    lang::{Lang, facts::ArmEnd},
    scan::{
        code_pattern::CodePattern,
        lazy_regex::LazyRegex,
        model::*,
        paths::pattern::Pattern,
        rule::{AssignTest, BranchTest, ClassTest, CompareTest, FunctionTest, HandlerTest, Matcher, Occurrence},
    },
};

/// An index being built.
#[derive(Default)]
pub(super) struct Build {
    index: Index,
    kinds: HashMap<Box<str>, Kind>,
    sets: u32,
    errors: Vec<CompileError>,
    at: At,
    lang: Option<Lang>,
    regexes: Regexes,
    known: HashMap<Box<str>, LazyRegex>,
}

/// Where we are, for errors.
#[derive(Clone, Copy, Default)]
struct At {
    model: bool,
    file: usize,
    table: &'static str,
    entry: usize,
}

impl Build {
    pub(super) fn new(language: &str, regexes: Regexes) -> Self {
        Self {
            lang: Lang::ALL.into_iter().find(|l| l.name() == language),
            regexes,
            ..Self::default()
        }
    }

    pub(super) fn finish(mut self) -> (Index, Vec<CompileError>) {
        let rank = |p: &Parameters| {
            std::cmp::Reverse((p.function.is_some(), p.names.iter().filter(|n| !n.is_empty()).count()))
        };
        self.index.parameters.sort_by_key(rank);
        (self.index, self.errors)
    }

    // ---- rules

    pub(super) fn rule(&mut self, file: usize, rule: &RuleFile) {
        for (entry, taint) in rule.taint.iter().enumerate() {
            self.at(false, file, "taint", entry);
            if let Some(kind) = self.kind("sink", &taint.sink) {
                self.index.takers[kind.0 as usize].push(Taker {
                    rule: file,
                    matcher: entry,
                });
                if taint.structured {
                    self.index.structured = self.index.structured.or(Kinds::of(kind));
                }
            }
        }
        for (entry, matcher) in rule.matches.iter().enumerate() {
            self.at(false, file, "match", entry);
            self.matcher(matcher);
        }
        for (entry, fix) in rule.fix.iter().enumerate() {
            self.at(false, file, "fix", entry);
            if let Some(callee) = &fix.callee {
                let set = self.set("callee", callee);
                self.index.fix_callees.insert((file, entry), set);
            }
        }
    }

    fn matcher(&mut self, m: &Matcher) {
        let named = [
            m.call.is_some(),
            m.assign.is_some(),
            m.compare.is_some(),
            m.branch.is_some(),
            m.handler.is_some(),
            m.function.is_some(),
            m.class.is_some(),
            m.memory.is_some(),
            m.pattern.is_some(),
        ];
        if named.iter().filter(|n| **n).count() != 1 {
            let problem = "exactly one of `call`, `assign`, `compare`, `branch`, `handler`, `function`, `class`, `memory`, `pattern` says what to look at";
            self.error("call", problem.into());
            return;
        }
        let surrounding = self.surrounding(m);
        let common = Common {
            rule: self.at.file,
            matcher: self.at.entry,
            surrounding,
            occurrence: None,
            within: self.regex("within", m.within.as_deref()),
            not_within: self.regex("not-within", m.not_within.as_deref()),
            path: self.regex("path", m.path.as_deref()),
            not_path: self.regex("not-path", m.not_path.as_deref()),
            imports: m
                .imports
                .as_ref()
                .map(|all| all.iter().map(|i| i.as_str().into()).collect()),
        };
        if let Some(paths) = &m.call {
            let args = m.args.iter().filter_map(|a| self.check("args", a)).collect();
            let row = Row::Call(self.index.calls.len() as u32);
            self.index.calls.push(CallShape {
                common,
                args,
                unused: m.unused,
            });
            self.paths("call", paths, row);
            self.triggers(paths);
        } else if let Some(test) = &m.assign {
            let shape = self.assign(common, test);
            self.index.assigns.push(shape);
        } else if let Some(test) = &m.compare {
            let shape = self.compare(common, test);
            self.index.compares.push(shape);
        } else if let Some(test) = &m.branch {
            let shape = self.branch(common, test);
            self.index.branches.push(shape);
        } else if let Some(test) = &m.handler {
            let shape = self.handler(common, test);
            self.index.handlers.push(shape);
        } else if let Some(test) = &m.function {
            let shape = self.function(common, test);
            self.index.functions.push(shape);
        } else if let Some(test) = &m.class {
            let shape = self.class(common, test);
            self.index.classes.push(shape);
        } else if let (Some(source), Some(lang)) = (&m.pattern, self.lang) {
            match CodePattern::parse(lang, source) {
                Ok(pattern) => self.index.patterns.push(PatternShape { common, pattern }),
                Err(problem) => self.error("pattern", problem),
            }
        } else if let Some(names) = &m.memory {
            let known = crate::scan::memory::NAMES;
            if let Some(unknown) = names.iter().find(|n| !known.contains(&n.as_str())) {
                self.error("memory", format!("unknown defect `{unknown}`"));
            }
            let names = known.into_iter().filter(|k| names.iter().any(|n| n == k)).collect();
            self.index.memory.push(MemoryShape { common, names });
        }
    }

    /// What a matcher wants around what it matches.
    fn surrounding(&mut self, m: &Matcher) -> Option<u32> {
        if m.has.is_empty() && m.lacks.is_empty() {
            return None;
        }
        let has = m.has.iter().filter_map(|o| self.occurrence("has", o)).collect();
        let lacks = m.lacks.iter().filter_map(|o| self.occurrence("lacks", o)).collect();
        let scope = m.scope;
        self.index.surroundings.push(Surrounding { has, lacks, scope });
        Some(self.index.surroundings.len() as u32 - 1)
    }

    /// An occurrence is found by the same tables as the shapes themselves.
    fn occurrence(&mut self, key: &'static str, wanted: &Occurrence) -> Option<u32> {
        let number = self.index.occurrences;
        let common = Common {
            rule: self.at.file,
            matcher: self.at.entry,
            surrounding: None,
            occurrence: Some(number),
            within: None,
            not_within: None,
            path: None,
            not_path: None,
            imports: None,
        };
        match (&wanted.call, &wanted.assign) {
            (Some(paths), None) => {
                let args = wanted.args.iter().filter_map(|a| self.check("args", a)).collect();
                let row = Row::Call(self.index.calls.len() as u32);
                let unused = false;
                self.index.calls.push(CallShape { common, args, unused });
                self.paths("call", paths, row);
            }
            (None, Some(test)) => {
                let shape = self.assign(common, test);
                self.index.assigns.push(shape);
            }
            _ => {
                self.error(key, "an occurrence is either a `call` or an `assign`".into());
                return None;
            }
        }
        self.index.occurrences += 1;
        Some(number)
    }

    fn class(&mut self, common: Common, test: &ClassTest) -> ClassShape {
        let names = |all: &[String]| all.iter().map(|n| n.as_str().into()).collect();
        ClassShape {
            common,
            name: self.regex("name", test.name.as_deref()),
            bases: test.bases.as_ref().map(|p| self.set("bases", p)),
            decorated: test.decorated.as_ref().map(|p| self.set("decorated", p)),
            undecorated: test.undecorated.as_ref().map(|p| self.set("undecorated", p)),
            has_method: names(&test.has_method),
            lacks_method: names(&test.lacks_method),
        }
    }

    fn assign(&mut self, common: Common, test: &AssignTest) -> AssignShape {
        AssignShape {
            common,
            name: self.name_regex("name", Some(&test.name)),
            equals: self.constants("equals", test.equals.as_deref()),
            matches: self.regex("matches", test.matches.as_deref()),
            range: Range {
                below: test.below,
                above: test.above,
            },
            named: self.name_regex("named", test.named.as_deref()),
            built: test.built,
            value_path: test.value_path.as_ref().map(|p| self.set("value-path", p)),
            from: self.origins("from", test.from.as_deref()),
            of: test.of.as_ref().map(|p| self.set("of", p)),
            holds: test.holds.as_ref().map(|p| self.set("holds", p)),
            returns: self.constants("returns", test.returns.as_deref()),
        }
    }

    fn compare(&mut self, common: Common, test: &CompareTest) -> CompareShape {
        CompareShape {
            common,
            ops: test.ops.iter().map(|o| o.as_str().into()).collect(),
            name: self.regex("name", test.name.as_deref()),
            other: self.regex("other", test.other.as_deref()),
            constant: self.regex("constant", test.constant.as_deref()),
            dynamic: test.dynamic,
            from: self.origins("from", test.from.as_deref()),
            side_path: test.side_path.as_ref().map(|p| self.set("side-path", p)),
        }
    }

    fn branch(&mut self, common: Common, test: &BranchTest) -> BranchShape {
        BranchShape {
            common,
            mentions: self.regex("mentions", test.mentions.as_deref()),
            negated: test.negated,
            always: test.always,
            empty: test.empty,
            ends: test.ends.as_ref().map(|all| self.ends(all)),
            then: self.regex("then", test.then.as_deref()),
            other: test.other,
            alone: test.alone,
            reads: test.reads.as_ref().map(|p| self.set("reads", p)),
        }
    }

    fn handler(&mut self, common: Common, test: &HandlerTest) -> HandlerShape {
        HandlerShape {
            common,
            guards: self.regex("guards", test.guards.as_deref()),
            empty: test.empty,
            returns: self.constants("returns", test.returns.as_deref()),
        }
    }

    fn function(&mut self, common: Common, test: &FunctionTest) -> FunctionShape {
        FunctionShape {
            common,
            name: self.regex("name", test.name.as_deref()),
            decorated: test.decorated.as_ref().map(|p| self.set("decorated", p)),
            undecorated: test.undecorated.as_ref().map(|p| self.set("undecorated", p)),
            nested: self.nested(test),
            always_returns: self.constants("always-returns", test.always_returns.as_deref()),
            returns_input: test.returns_input,
            empty: test.empty,
            bases: test.bases.as_ref().map(|p| self.set("bases", p)),
            params: test.params,
            copies_keys: test.copies_keys,
        }
    }

    fn nested(&mut self, test: &FunctionTest) -> Option<(LazyRegex, LazyRegex)> {
        match (&test.outer, &test.inner) {
            (Some(outer), Some(inner)) => {
                let outer = self.regex("outer", Some(outer))?;
                Some((outer, self.regex("inner", Some(inner))?))
            }
            (None, None) => None,
            _ => {
                self.error("outer", "`outer` and `inner` go together".into());
                None
            }
        }
    }

    // ---- models

    pub(super) fn model(&mut self, file: usize, model: &ModelFile) {
        for (entry, row) in model.sources.iter().enumerate() {
            self.at(true, file, "source", entry);
            self.source(row);
        }
        for (entry, row) in model.sinks.iter().enumerate() {
            self.at(true, file, "sink", entry);
            self.sink(row);
        }
        for (entry, row) in model.sanitisers.iter().enumerate() {
            self.at(true, file, "sanitiser", entry);
            let cleans = self.kinds("cleans", &row.cleans);
            let id = Row::Sanitiser(self.index.sanitisers.len() as u32);
            let args = row.args.iter().filter_map(|t| self.check("args", t)).collect();
            self.index.sanitisers.push(Sanitiser { cleans, args });
            self.paths("path", &row.path, id);
        }
        for (entry, row) in model.guards.iter().enumerate() {
            self.at(true, file, "guard", entry);
            self.guard(row);
        }
        for (entry, row) in model.propagators.iter().enumerate() {
            self.at(true, file, "propagator", entry);
            let propagator = Propagator {
                from: row.from.iter().filter_map(|s| self.selector("from", s)).collect(),
                to: row.to.iter().filter_map(|s| self.selector("to", s)).collect(),
                view: row.view,
            };
            let id = Row::Propagator(self.index.propagators.len() as u32);
            self.index.propagators.push(propagator);
            self.paths("path", &row.path, id);
        }
        for (entry, row) in model.types.iter().enumerate() {
            self.at(true, file, "type", entry);
            self.type_row(row);
        }
        for (entry, row) in model.parameters.iter().enumerate() {
            self.at(true, file, "parameters", entry);
            self.parameters(row);
        }
        for (entry, row) in model.callbacks.iter().enumerate() {
            self.at(true, file, "callback", entry);
            self.callback(row);
        }
        for (entry, row) in model.neutrals.iter().enumerate() {
            self.at(true, file, "neutral", entry);
            self.paths("path", &row.path, Row::Neutral);
        }
        for (entry, row) in model.sequences.iter().enumerate() {
            self.at(true, file, "sequence", entry);
            self.paths("path", &row.path, Row::Sequence(row.does));
        }
        for (entry, row) in model.folds.iter().enumerate() {
            self.at(true, file, "fold", entry);
            self.paths("path", &row.path, Row::Fold(row.gives));
        }
        for (entry, row) in model.exits.iter().enumerate() {
            self.at(true, file, "exit", entry);
            self.paths("path", &row.path, Row::Exit);
        }
        for (entry, row) in model.formats.iter().enumerate() {
            self.at(true, file, "format", entry);
            self.format(row);
        }
    }

    fn source(&mut self, row: &SourceRow) {
        let decorated = row
            .decorated_params
            .as_ref()
            .and_then(|s| self.selector("decorated-params", &ArgSelector::Text(s.clone())));
        let into = row.into.as_ref().and_then(|s| self.selector("into", s));
        let id = Row::Source(self.index.sources.len() as u32);
        let provided = (!row.provided.is_empty()).then(|| self.set("provided", &row.provided));
        let harmless = self.kinds("harmless", &row.harmless);
        self.index.sources.push(Source {
            harmless,
            from: row.from,
            label: row.label.as_deref().map(Into::into),
            text: row.text,
            decorated,
            into,
            provided,
            converters: row.converters.iter().map(|c| c.as_str().into()).collect(),
        });
        self.paths("path", &row.path, id);
    }

    fn sink(&mut self, row: &SinkRow) {
        // A kind that no rule of this language asks for costs nothing.
        let asked = self.kinds.get(row.kind.as_str()).copied();
        let Some(kind) = asked.filter(|k| !self.index.takers[k.0 as usize].is_empty()) else {
            return;
        };
        let anywhere = row.path.iter().any(|p| p.trim_start().starts_with('*'));
        if anywhere && row.text.is_none() && row.when.is_empty() {
            self.error(
                "path",
                "a sink through any receiver needs `text` (or `when`) to tell it apart".into(),
            );
        }
        let Some(arg) = self.selector("arg", &row.arg) else {
            return;
        };
        let sink = Sink {
            arg,
            kind,
            when: row.when.iter().filter_map(|t| self.check("when", t)).collect(),
            text: self.regex("text", row.text.as_deref()),
            not_text: self.regex("not-text", row.not_text.as_deref()),
            assigned: row.assigned,
            returned: row.returned,
            deep: row.deep,
            built: row.built,
            part: row.part,
        };
        let id = Row::Sink(self.index.sinks.len() as u32);
        self.index.sinks.push(sink);
        self.paths("path", &row.path, id);
        self.triggers(&row.path);
    }

    fn guard(&mut self, row: &GuardRow) {
        let guard = Guard {
            arg: row.arg.as_ref().and_then(|s| self.selector("arg", s)),
            cleans: self.kinds("cleans", &row.cleans),
            when: row.when,
            raises: row.raises,
            args: row.args.iter().filter_map(|t| self.check("args", t)).collect(),
        };
        let number = self.index.guards.len() as u32;
        if row.path.iter().any(|p| p == "*.__contains__") {
            self.index.contained.push(number);
        }
        let id = Row::Guard(number);
        self.index.guards.push(guard);
        self.paths("path", &row.path, id);
    }

    fn type_row(&mut self, row: &TypeRow) {
        let argument = row.is.strip_prefix('<').and_then(|r| r.strip_suffix('>'));
        let is = match argument {
            Some(number) => number
                .parse()
                .map(TypeIs::Argument)
                .map_err(|_| "between `<` and `>` stands the number of a type argument".to_owned()),
            None => match row.is.parse() {
                Ok(position) => Ok(TypeIs::Passed(position)),
                Err(_) => self.one_path(&row.is).map(TypeIs::Path),
            },
        };
        match is {
            Ok(is) => {
                let id = Row::Type(self.index.types.len() as u32);
                self.index.types.push(is);
                self.paths("path", &row.path, id);
            }
            Err(problem) => self.error("is", problem),
        }
    }

    fn parameters(&mut self, row: &ParametersRow) {
        if row.names.is_empty() || row.names.len() < row.is.len() {
            self.error("names", "`names` and `is` go side by side".into());
            return;
        }
        let any = |name: &String| name == "*";
        if row.names.iter().all(any) && row.function.is_none() {
            self.error(
                "names",
                "at least one name, or `function`, must tell these parameters apart".into(),
            );
            return;
        }
        let names = row.names.iter().map(|n| match n.as_str() {
            "*" => Vec::new(),
            names => names.split('|').map(|n| n.trim().into()).collect(),
        });
        let names = names.collect();
        let mut is = Vec::with_capacity(row.is.len());
        for path in &row.is {
            match path.as_str() {
                "" => is.push(None),
                path => match self.one_path(path) {
                    Ok(path) => is.push(Some(path)),
                    Err(problem) => self.error("is", problem),
                },
            }
        }
        let function = self.regex("function", row.function.as_deref());
        self.index.parameters.push(Parameters { names, is, function });
    }

    fn callback(&mut self, row: &CallbackRow) {
        let Some(arg) = self.selector("arg", &row.arg) else {
            return;
        };
        let params = row.params.iter().map(|p| self.callback_param(p)).collect();
        let id = Row::Callback(self.index.callbacks.len() as u32);
        self.index.callbacks.push(Callback { arg, params });
        self.paths("path", &row.path, id);
    }

    fn callback_param(&mut self, text: &str) -> CallbackParam {
        match text {
            "" => CallbackParam::Unknown,
            "receiver[]" => CallbackParam::Element,
            "receiver" => CallbackParam::Receiver,
            _ if text.bytes().next().is_some_and(|b| b.is_ascii_digit()) => {
                match self.selector("params", &ArgSelector::Text(text.into())) {
                    Some(selector) => CallbackParam::Argument(selector),
                    None => CallbackParam::Unknown,
                }
            }
            _ => match self.one_path(text) {
                Ok(path) => CallbackParam::Path(path),
                Err(problem) => {
                    self.error("params", problem);
                    CallbackParam::Unknown
                }
            },
        }
    }

    fn format(&mut self, row: &FormatRow) {
        let Some(template) = self.selector("template", &row.template) else {
            return;
        };
        let items = row.items.as_ref().and_then(|s| self.selector("items", s));
        if row.style != BuildStyle::Path && (row.style == BuildStyle::Join) != items.is_some() {
            self.error(
                "items",
                "`items` says what is joined: it goes with the style `join`, may go with `path`, and with no other"
                    .into(),
            );
        }
        let into = row.into.as_ref().and_then(|s| self.selector("into", s));
        let id = Row::Format(self.index.formats.len() as u32);
        self.index.formats.push(Format {
            template,
            style: row.style,
            items,
            into,
            between: row.between.as_deref().map(Into::into),
            anew: row.anew,
        });
        self.paths("path", &row.path, id);
    }

    // ---- parts

    fn at(&mut self, model: bool, file: usize, table: &'static str, entry: usize) {
        self.at = At {
            model,
            file,
            table,
            entry,
        };
    }

    fn error(&mut self, key: &'static str, problem: String) {
        let At {
            model,
            file,
            table,
            entry,
        } = self.at;
        self.errors.push(CompileError {
            model,
            file,
            table,
            entry,
            key,
            problem,
        });
    }

    fn paths(&mut self, key: &'static str, texts: &[String], row: Row) {
        for text in texts {
            match Pattern::parse(text) {
                Ok(patterns) => {
                    for pattern in &patterns {
                        let way = self.index.paths.add(pattern, row);
                        if matches!(row, Row::Source(_)) {
                            self.index.sources_below.extend(way);
                        }
                    }
                }
                Err(e) => self.error(key, format!("`{text}`: {e}")),
            }
        }
    }

    fn one_path(&mut self, text: &str) -> Result<Pattern, String> {
        let mut patterns = Pattern::parse(text).map_err(|e| format!("`{text}`: {e}"))?;
        match (patterns.pop(), patterns.is_empty()) {
            (Some(one), true) if !one.anywhere => Ok(one),
            _ => Err(format!(
                "`{text}`: exactly one path, without `*` at its beginning or braces"
            )),
        }
    }

    fn set(&mut self, key: &'static str, texts: &[String]) -> SetId {
        let set = SetId(self.sets);
        self.sets += 1;
        self.paths(key, texts, Row::Set(set));
        set
    }

    fn triggers(&mut self, texts: &[String]) {
        for pattern in texts.iter().filter_map(|t| Pattern::parse(t).ok()).flatten() {
            match pattern.last_name() {
                Some(name) => self.index.trigger_names.push(name.into()),
                None => self.index.always_triggered = true,
            }
        }
    }

    fn kind(&mut self, key: &'static str, name: &str) -> Option<Kind> {
        if let Some(kind) = self.kinds.get(name) {
            return Some(*kind);
        }
        if self.kinds.len() >= MAX_KINDS {
            self.error(key, format!("more than {MAX_KINDS} kinds of sinks in one language"));
            return None;
        }
        let kind = Kind(self.kinds.len() as u8);
        self.kinds.insert(name.into(), kind);
        self.index.kinds.push(name.into());
        self.index.takers.push(Vec::new());
        Some(kind)
    }

    fn kinds(&mut self, key: &'static str, names: &[String]) -> Kinds {
        names.iter().fold(Kinds::NONE, |all, name| match name.as_str() {
            "*" => Kinds::ALL,
            name => self.kind(key, name).map_or(all, |k| all.or(Kinds::of(k))),
        })
    }

    fn selector(&mut self, key: &'static str, selector: &ArgSelector) -> Option<Selector> {
        Selector::parse(selector)
            .map_err(|problem| self.error(key, problem))
            .ok()
    }

    fn regex(&mut self, key: &'static str, source: Option<&str>) -> Option<LazyRegex> {
        let source = source?;
        // The same expression in many matchers is built once.
        let known = self
            .known
            .entry(source.into())
            .or_insert_with(|| LazyRegex::new(source));
        let regex = known.clone();
        if self.regexes == Regexes::Checked
            && let Some(problem) = regex.error()
        {
            let problem = problem.to_owned();
            self.error(key, problem);
        }
        Some(regex)
    }

    /// A regex for names, which are compared without regard to case.
    fn name_regex(&mut self, key: &'static str, source: Option<&str>) -> Option<LazyRegex> {
        self.regex(key, Some(&format!("(?i){}", source?)))
    }

    fn constants(&mut self, key: &'static str, values: Option<&[toml::Value]>) -> Option<Vec<ConstPat>> {
        let values = values?;
        let mut all = Vec::with_capacity(values.len());
        for value in values {
            match ConstPat::parse(value) {
                Ok(constant) => all.push(constant),
                Err(problem) => self.error(key, problem),
            }
        }
        Some(all)
    }

    fn check(&mut self, key: &'static str, test: &ArgTest) -> Option<ArgCheck> {
        Some(ArgCheck {
            arg: self.selector(key, &test.arg)?,
            absent: test.absent,
            equals: self.constants(key, test.equals.as_deref()),
            matches: self.regex(key, test.matches.as_deref()),
            path: test.path.as_ref().map(|p| self.set(key, p)),
            constant: test.constant,
            list: test.list,
            holds: test.holds.as_ref().map(|p| self.set(key, p)),
            built: test.built,
            range: Range {
                below: test.below,
                above: test.above,
            },
            named: self.name_regex(key, test.named.as_deref()),
            mentions: self.name_regex(key, test.mentions.as_deref()),
            redos: test.redos,
            not: test.not,
        })
    }

    fn origins(&mut self, key: &'static str, names: Option<&[String]>) -> Option<Vec<Origin>> {
        let names = names?;
        let mut all = Vec::with_capacity(names.len());
        for name in names {
            match Origin::parse(name) {
                Some(origin) => all.push(origin),
                None => self.error(
                    key,
                    format!("`{name}` is no origin; one of {}", Origin::NAMES.join(", ")),
                ),
            }
        }
        Some(all)
    }

    fn ends(&mut self, names: &[String]) -> Vec<ArmEnd> {
        let mut all = Vec::with_capacity(names.len());
        for name in names {
            match name.as_str() {
                "falls" => all.push(ArmEnd::Falls),
                "returns" => all.push(ArmEnd::Returns),
                "raises" => all.push(ArmEnd::Raises),
                "jumps" => all.push(ArmEnd::Jumps),
                _ => self.error(
                    "ends",
                    format!("`{name}` is none of `falls`, `returns`, `raises`, `jumps`"),
                ),
            }
        }
        all
    }
}
