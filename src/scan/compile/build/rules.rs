//! Rules: what their matchers become.

use super::*;
use crate::scan::{
    code_pattern::CodePattern,
    rule::{AssignTest, BranchTest, ClassTest, CompareTest, FunctionTest, HandlerTest, Matcher, Occurrence, RuleFile},
};

impl Build {
    /// Takes a rule in; `file` is its index among those given.
    pub(in crate::scan::compile) fn rule(&mut self, file: usize, rule: &RuleFile) {
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
}
