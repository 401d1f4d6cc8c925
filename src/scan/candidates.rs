//! From what the evaluation found to candidates: message, evidence in words, verdict, identity.

use super::{
    Confidence, Finding, Place, Scope, Step, StepKind, Tier,
    compile::{Compiled, Taker},
    dedupe::dedupe,
    engine::{Candidate, Site},
    fingerprint::fingerprint,
    identity::normalised,
    matchers::ShapeHit,
    model::Origin,
    paths::arena::PathId,
    placing,
    rule::{HandedOn, RuleFile},
    surroundings::Surroundings,
    taint::{
        file::File,
        resolve::{Reached, Resolved},
        sentence::{self, Told},
    },
    test_code::is_test_code,
    value::{From, Param, Spot, Taint},
    verify::{self, Verdict},
};
use crate::{
    change::RepoPath,
    lang::facts::*,
    text::{LineIndex, Span, safe},
};
use std::{collections::HashMap, sync::Arc};

/// Longest code put into a message, in characters.
const LONGEST: usize = 80;

/// Builds candidates of one file.
pub struct Build<'c, 'a> {
    /// What the evaluation knows.
    pub file: &'c File<'a>,
    /// The rules.
    pub rules: &'c Compiled,
    /// The file's name.
    pub path: &'c RepoPath,
    /// Its lines.
    pub lines: LineIndex,
    /// What it is for.
    pub surroundings: Surroundings,
}

/// What every candidate is made of.
struct Draft<'r> {
    rule: usize,
    of: &'r Arc<RuleFile>,
    matcher: Option<&'r str>,
    title: &'r str,
    message: String,
    severity: super::Severity,
    tier: Tier,
    span: Span,
    function: FunctionId,
    told: Vec<Told>,
    verdict: Verdict,
    site: Site,
    callee: PathId,
}

impl Build<'_, '_> {
    /// The candidates, one for each sink and category.
    #[must_use]
    pub fn candidates(&self, resolved: &Resolved, shapes: &[ShapeHit]) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = self.best_by_taker(&resolved.reached);
        all.extend(shapes.iter().filter_map(|hit| self.of_shape(hit)));
        let mut kept = dedupe(all);
        if self.file.links.parts().len() > 1 {
            kept.iter_mut()
                .for_each(|candidate| placing::where_called(self.file, candidate));
            kept = dedupe(kept);
        }
        self.identify(&mut kept);
        kept.iter_mut()
            .for_each(|c| placing::in_files(self.file, &self.lines, &mut c.finding));
        kept
    }

    /// What verification disproved.
    #[must_use]
    pub fn dismissed(&self, resolved: &Resolved, kept: &[Candidate]) -> Vec<Candidate> {
        let mut all = Vec::new();
        for constant in &resolved.constant {
            let reached = Reached {
                hit: constant.hit.clone(),
                taint: constant.hit.value.taints.iter().next().cloned(),
                origin: Some(Origin::Parameter),
                param: Some(constant.param),
                text: constant.text.clone(),
                through_callers: true,
            };
            let kind = self.file.index.sinks[constant.hit.row as usize].kind;
            for taker in &self.file.index.takers[kind.0 as usize] {
                if let Some(mut candidate) = self.of_taint(&reached, *taker) {
                    candidate
                        .finding
                        .arguments
                        .push(verify::constant_callers(self.file, constant.param));
                    candidate.finding.confidence = Confidence::Low;
                    all.push(candidate);
                }
            }
        }
        let mut all = dedupe(all);
        all.retain(|c| {
            !kept
                .iter()
                .filter(|k| k.finding.place.path == c.finding.place.path)
                .any(|k| k.finding.place.span == c.finding.place.span && k.finding.category == c.finding.category)
        });
        self.identify(&mut all);
        all.iter_mut()
            .for_each(|c| placing::in_files(self.file, &self.lines, &mut c.finding));
        all
    }

    // ---- taint

    /// For each sink argument and rule, the value whose case is best.
    fn best_by_taker(&self, reached: &[Reached]) -> Vec<Candidate> {
        let mut best: Vec<((Spot, ExprId, usize), Candidate)> = Vec::new();
        let mut at: HashMap<(Spot, ExprId, usize), usize> = HashMap::new();
        for one in reached {
            let kind = self.file.index.sinks[one.hit.row as usize].kind;
            for taker in &self.file.index.takers[kind.0 as usize] {
                let Some(candidate) = self.of_taint(one, *taker) else {
                    continue;
                };
                let key = (one.hit.spot, one.hit.arg, taker.rule);
                match at.get(&key) {
                    Some(i) if rank(&best[*i].1) >= rank(&candidate) => {}
                    Some(i) => best[*i].1 = candidate,
                    None => {
                        at.insert(key, best.len());
                        best.push((key, candidate));
                    }
                }
            }
        }
        best.into_iter().map(|(_, candidate)| candidate).collect()
    }

    fn of_taint(&self, reached: &Reached, taker: Taker) -> Option<Candidate> {
        let of = self.rules.rules.get(taker.rule)?;
        let matcher = of.taint.get(taker.matcher)?;
        match (&matcher.from, reached.origin) {
            (_, None) if !matcher.unknown => return None,
            (None, Some(Origin::Internal)) => return None,
            (Some(from), Some(origin)) if !from.contains(&origin) => return None,
            _ => {}
        }
        let file = self.file;
        if matcher.structured && reached.taint.as_ref().is_none_or(|t| is_text(file, t)) {
            return None;
        }
        let hit = &reached.hit;
        let function = file.function(hit.spot.function);
        let span = called_at(file, function, hit.spot.expr);
        let callee = hit.callee.map_or(span, |c| function.exprs[c.ix()].span);
        let sink = sentence::code(file, callee);
        let source = match &reached.taint {
            Some(taint) => sentence::origin(file, &taint.trace),
            None => "a value of unknown origin".to_owned(),
        };
        let mut told = reached
            .taint
            .as_ref()
            .map_or_else(Vec::new, |t| sentence::told(file, &t.trace));
        told.push(Told {
            kind: StepKind::Sink,
            function: hit.spot.function,
            span: function.exprs[hit.arg.ix()].span,
            note: match hit.callee {
                Some(_) => format!("reaches `{sink}`"),
                None => "is written where it takes effect".to_owned(),
            },
        });
        let mut verdict = verify::taint(file, reached, self.around(hit.spot.function), matcher.from.is_some());
        let part = file.index.sinks[hit.row as usize].part;
        let built = part || reached.taint.as_ref().is_some_and(|t| t.built);
        if matcher.handed_on == HandedOn::Audit && reached.origin == Some(Origin::Parameter) && !built {
            verdict.handed_on();
        }
        verdict.audit |= matcher.direct && reached.taint.as_ref().is_some_and(|t| t.assumed > 0);
        let draft = Draft {
            rule: taker.rule,
            of,
            matcher: matcher.id.as_deref(),
            title: matcher.title.as_deref().unwrap_or(&of.title),
            message: sentence(&matcher.message, &source, &sink),
            severity: matcher.severity.unwrap_or(of.severity),
            tier: matcher.tier.unwrap_or(of.tier),
            span,
            function: hit.spot.function,
            told,
            verdict,
            site: Site {
                function: hit.spot.function,
                expr: Some(hit.spot.expr),
                value: Some(hit.arg),
            },
            callee: hit.path,
        };
        Some(self.finished(draft))
    }

    // ---- shapes

    fn of_shape(&self, hit: &ShapeHit) -> Option<Candidate> {
        let of = self.rules.rules.get(hit.rule)?;
        let matcher = of.matches.get(hit.matcher)?;
        let file = self.file;
        let code = sentence::code(file, hit.span);
        let value = hit
            .value
            .map(|v| sentence::code(file, file.function(hit.function).exprs[v.ix()].span));
        let name = hit.name.as_deref().map(safe::visible).unwrap_or_default();
        let message = matcher
            .message
            .replace("{code}", &shortened(&code))
            .replace("{name}", &name)
            .replace("{value}", &shortened(&value.unwrap_or_default()));
        let mut told = hit
            .from
            .as_ref()
            .map_or_else(Vec::new, |t| sentence::told(file, &t.trace));
        told.push(Told {
            kind: StepKind::Sink,
            function: hit.function,
            span: hit.span,
            note: format!("`{}`", shortened(&code)),
        });
        let given = matcher.confidence.unwrap_or(Confidence::Medium);
        let draft = Draft {
            rule: hit.rule,
            of,
            matcher: matcher.id.as_deref(),
            title: matcher.title.as_deref().unwrap_or(&of.title),
            message,
            severity: matcher.severity.unwrap_or(of.severity),
            tier: matcher.tier.unwrap_or(of.tier),
            span: match (hit.callee, hit.expr) {
                (Some(_), Some(call)) => called_at(file, file.function(hit.function), call),
                _ => hit.span,
            },
            function: hit.function,
            told,
            verdict: verify::shape(self.around(hit.function), given, hit.weak),
            site: Site {
                function: hit.function,
                expr: hit.expr,
                value: hit.value,
            },
            callee: hit.path,
        };
        let mut candidate = self.finished(draft);
        if let Some(cwe) = &matcher.cwe {
            candidate.finding.cwe.clone_from(cwe);
        }
        Some(candidate)
    }

    // ---- both

    /// What the code of a function is for.
    fn around(&self, function: FunctionId) -> Surroundings {
        let test = self.surroundings.test || is_test_code(self.file, function);
        Surroundings {
            test,
            ..self.surroundings
        }
    }

    fn finished(&self, draft: Draft<'_>) -> Candidate {
        let of = draft.of;
        let place = self.place(draft.span, draft.function);
        let steps = draft.told.iter().map(|told| Step {
            kind: told.kind,
            place: self.place(told.span, told.function),
            note: told.note.clone(),
            code: None,
        });
        let finding = Finding {
            // Made when it is known which findings stay.
            fingerprint: super::Fingerprint("".into()),
            rule: of.id.as_str().into(),
            category: of.category.as_str().into(),
            cwe: of.cwe.clone(),
            severity: draft.verdict.severity(draft.severity),
            confidence: draft.verdict.confidence(),
            // What the compiler leaves out of the program is shown on request.
            tier: match is_test_code(self.file, draft.function) {
                true => Tier::Audit,
                false => draft.verdict.tier(draft.tier),
            },
            title: draft.title.to_owned(),
            message: draft.message,
            steps: steps.collect(),
            place,
            arguments: draft.verdict.arguments,
            fix: None,
            scope: Scope::New,
            redact: Vec::new(),
            also: Vec::new(),
            commit: None,
        };
        Candidate {
            finding,
            rule: draft.rule,
            fixes: self.fixes(draft.rule, of, draft.matcher, draft.callee),
            matcher: draft.matcher.map(str::to_owned),
            site: draft.site,
        }
    }

    /// The rule's fixes whose conditions fit.
    fn fixes(&self, rule: usize, of: &RuleFile, matcher: Option<&str>, callee: PathId) -> Vec<usize> {
        let index = self.file.index;
        let fits = |i: usize| {
            let fix = &of.fix[i];
            let id = fix.of.is_none() || fix.of.as_deref() == matcher;
            let set = index.fix_callees.get(&(rule, i));
            id && set.is_none_or(|set| self.file.arena.is_in(callee, *set))
        };
        (0..of.fix.len()).filter(|i| fits(*i)).collect()
    }

    fn place(&self, span: Span, function: FunctionId) -> Place {
        Place {
            path: self.path.clone(),
            old_side: false,
            span,
            start: self.lines.pos(self.file.text, span.start),
            end: self.lines.pos(self.file.text, span.end),
            within: self.within(function),
        }
    }

    /// The enclosing definition in dotted form: `Shop.orders`.
    fn within(&self, function: FunctionId) -> Option<String> {
        let facts = self.file.facts;
        let mut names: Vec<&str> = Vec::new();
        let mut at = Some(function);
        while let Some(id) = at {
            let function = self.file.function(id);
            let named = matches!(
                function.kind,
                FunctionKind::Function | FunctionKind::Method | FunctionKind::Constructor
            );
            if named {
                names.push(facts.name(function.name));
            }
            if named || function.kind == FunctionKind::ClassBody {
                names.extend(function.class.map(|c| facts.name(facts.classes[c.ix()].name)));
            }
            at = function.parent;
        }
        names.reverse();
        names.dedup();
        (!names.is_empty()).then(|| names.join("."))
    }

    /// Gives every finding its identity. Equal ones are numbered in order of place.
    fn identify(&self, all: &mut [Candidate]) {
        let mut ordinals: HashMap<Arc<str>, u32> = HashMap::new();
        for candidate in all {
            let finding = &candidate.finding;
            let about = normalised(self.file.facts, self.file.text, finding.place.span);
            let within = finding.place.within.clone();
            let make = |ordinal| fingerprint(&finding.rule, within.as_deref(), [about.as_slice()], ordinal);
            let first = make(0);
            let ordinal = ordinals.entry(first.0.clone()).or_insert(0);
            let print = if *ordinal == 0 { first } else { make(*ordinal) };
            *ordinal += 1;
            candidate.finding.fingerprint = print;
        }
    }
}

/// True for a value that can be nothing but text: it was put into one, or its source gives nothing else.
fn is_text(file: &File<'_>, taint: &Taint) -> bool {
    let always = match taint.from {
        From::Source { row, .. } => file.index.sources[row as usize].text,
        From::Given { row, param } => file.index.sources[row as usize].text || is_declared_text(file, param),
        From::Param(_) => false,
    };
    taint.built || always
}

/// True for a parameter whose declared type lets nothing but text in.
fn is_declared_text(file: &File<'_>, param: Param) -> bool {
    let declared = file.function(param.function).params.get(param.index as usize);
    let declared = declared.and_then(|p| p.ty.as_ref()).map(|ty| file.facts.name(ty.name));
    file.facts.lang.types_are_enforced() && declared.is_some_and(|ty| matches!(ty, "str" | "String" | "string"))
}

/// How telling a candidate is.
fn rank(candidate: &Candidate) -> (Tier, Confidence, i32, i32) {
    let finding = &candidate.finding;
    let sum = finding.arguments.iter().map(|a| i32::from(a.weight)).sum();
    let steps = -i32::try_from(finding.steps.len()).unwrap_or(i32::MAX);
    (finding.tier, finding.confidence, sum, steps)
}

fn shortened(code: &str) -> String {
    match code.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &code[..end]),
        None => code.to_owned(),
    }
}

/// Where a call is: in a chain over several lines, from the name of the method on.
pub(super) fn called_at(file: &File<'_>, function: &Function, call: ExprId) -> Span {
    let span = function.exprs[call.ix()].span;
    let ExprKind::Call { callee, .. } = &function.exprs[call.ix()].kind else {
        return span;
    };
    let ExprKind::Member { name_span, .. } = &function.exprs[callee.ix()].kind else {
        return span;
    };
    let before = Span {
        end: name_span.start.max(span.start),
        ..span
    };
    if before.of(file.text).contains(&b'\n') {
        Span {
            start: name_span.start,
            ..span
        }
    } else {
        span
    }
}

/// The matcher's sentence with its phrases put in. Only a phrase is made to begin the sentence: code keeps its spelling.
fn sentence(template: &str, source: &str, sink: &str) -> String {
    let text = template.replace("{source}", source).replace("{sink}", sink);
    if !template.starts_with("{source}") || source.starts_with('`') {
        return text;
    }
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
