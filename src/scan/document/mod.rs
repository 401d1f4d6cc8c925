//! `[[document]]` matchers over files of configuration, infrastructure and CI: what stands in them, and what is absent.
//!
//! Owns the matchers in the form they run in, and the search. Knows the common form of documents and no format; gives hits, which
//! become findings where those of the text pass do.

pub mod pattern;
mod value;
mod walk;

use super::{
    Confidence, Tier,
    hit::Hit,
    lazy_regex::LazyRegex,
    rule::{DocumentCondition, DocumentMatcher, RuleFile},
    verify,
    view::FileView,
};
use crate::{
    lang::document::{Document, NodeId, Value},
    text::{Span, safe},
};
use pattern::Pattern;
use std::{collections::HashSet, sync::Arc};
use value::Test;
use walk::Walk;

/// A matcher, ready to run.
pub struct DocumentRule {
    rule: Arc<RuleFile>,
    /// Which of the rule's matchers it is.
    index: usize,
    patterns: Vec<Pattern>,
    test: Test,
    absent: bool,
    last: bool,
    with: Vec<Condition>,
    without: Vec<Condition>,
    of: Vec<Condition>,
    path: Option<LazyRegex>,
    not_path: Option<LazyRegex>,
}

/// Something else that the document says.
struct Condition {
    patterns: Vec<Pattern>,
    absent: bool,
    test: Test,
}

/// Where in its document a finding is, for fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The entry; for an absent one, the map that it should be in.
    pub node: NodeId,
    /// Which of the matcher's paths led there.
    pub pattern: usize,
    /// Index of the matcher in its rule.
    pub matcher: usize,
    /// The entry is not there.
    pub absent: bool,
}

/// The patterns of a matcher or condition; what is wrong with one is reported when the rule is checked.
fn patterns(keys: &[String]) -> Vec<Pattern> {
    keys.iter().filter_map(|k| Pattern::parse(k).ok()).collect()
}

impl Condition {
    fn new(condition: &DocumentCondition) -> Condition {
        Condition {
            patterns: patterns(&condition.key),
            absent: condition.absent,
            test: Test::new(condition.test()),
        }
    }

    fn holds(&self, walk: &Walk<'_>, from: NodeId, source: &[u8]) -> bool {
        let mut any = false;
        for pattern in &self.patterns {
            let Some(start) = up(walk.document, from, pattern.up) else {
                continue;
            };
            for node in walk.follow(start, &pattern.path) {
                any = true;
                let only_absence = self.absent && self.test.is_empty();
                if !only_absence && self.test.passes(walk.document, node, source) {
                    return true;
                }
            }
        }
        self.absent && !any
    }
}

/// The map that is `levels` above; lists are no levels.
fn up(document: &Document, mut at: NodeId, levels: usize) -> Option<NodeId> {
    for _ in 0..levels {
        at = container(document, at)?;
    }
    Some(at)
}

/// The nearest map that holds a node.
fn container(document: &Document, node: NodeId) -> Option<NodeId> {
    let mut at = document.node(node)?.parent?;
    while let Some(Value::List(_)) = document.node(at).map(|n| &n.value) {
        at = document.node(at)?.parent?;
    }
    Some(at)
}

impl DocumentRule {
    /// Takes a matcher of the rule by its place there; regexes are built when they are needed.
    #[must_use]
    pub fn new(rule: &Arc<RuleFile>, index: usize) -> Option<DocumentRule> {
        let matcher = rule.document.get(index)?;
        let all = |list: &[DocumentCondition]| list.iter().map(Condition::new).collect();
        Some(DocumentRule {
            index,
            absent: matcher.absent,
            last: matcher.last,
            patterns: patterns(&matcher.key),
            test: Test::new(matcher.test()),
            with: all(&matcher.with),
            without: all(&matcher.without),
            of: all(&matcher.of),
            path: matcher.path.as_deref().map(LazyRegex::new),
            not_path: matcher.not_path.as_deref().map(LazyRegex::new),
            rule: rule.clone(),
        })
    }

    /// What the rule says of it.
    fn matcher(&self) -> &DocumentMatcher {
        // Made from this very entry.
        &self.rule.document[self.index]
    }

    /// The rule it belongs to.
    #[must_use]
    pub fn rule(&self) -> &RuleFile {
        &self.rule
    }

    /// Words of which one is in every file where something may be found; `None` when that may be any file.
    #[must_use]
    pub fn words(&self) -> Option<Vec<String>> {
        // Readers name what has no name of its own: parts of instructions, stages, text beside elements.
        let of_docker = self.rule.languages.iter().any(|l| l == "dockerfile");
        let capitals = |key: &str| !key.contains(|c: char| c.is_ascii_lowercase());
        let written = |key: &str| !key.starts_with('#') && (!of_docker || capitals(key));
        let of_all = |patterns: &[Pattern], present: bool| {
            let each: Option<Vec<_>> = patterns.iter().map(|p| p.words(present, written)).collect();
            each.map(|w| w.concat())
        };
        of_all(&self.patterns, !self.absent).or_else(|| {
            let given = self.of.iter().filter(|c| !c.absent);
            given.filter_map(|c| of_all(&c.patterns, true)).next()
        })
    }

    /// Whether files of this path are looked at.
    fn is_about(&self, view: &FileView<'_>) -> bool {
        let path = view.path.bytes();
        self.path.as_ref().is_none_or(|r| r.is_match(path)) && !self.not_path.as_ref().is_some_and(|r| r.is_match(path))
    }

    /// Everything it finds below one root.
    fn spots(&self, walk: &Walk<'_>, root: NodeId, source: &[u8]) -> Vec<Spot> {
        if !self.of.iter().all(|c| c.holds(walk, root, source)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (pattern, at) in self.patterns.iter().zip(0..) {
            let spot = |node, absent| Spot {
                node,
                pattern: at,
                matcher: self.index,
                absent,
            };
            if !self.absent || !self.test.is_empty() {
                let nodes = walk.follow(root, &pattern.path).into_iter();
                found.extend(
                    nodes
                        .filter(|n| self.speaks_of(walk, *n, source))
                        .map(|n| spot(n, false)),
                );
            }
            if self.absent {
                let bases = walk.follow(root, pattern.base()).into_iter();
                let lacks = |base: &NodeId| walk.follow(*base, pattern.tail()).is_empty();
                let bases =
                    bases.filter(|b| is_closed_map(walk.document, *b) && lacks(b) && self.is_so(walk, *b, source));
                found.extend(bases.map(|b| spot(b, true)));
            }
        }
        found
    }

    /// Whether an entry passes the tests of its value, and the conditions hold around it.
    fn speaks_of(&self, walk: &Walk<'_>, node: NodeId, source: &[u8]) -> bool {
        let from = match walk.document.node(node) {
            Some(n) if n.key.is_none() && matches!(n.value, Value::Map(_)) => Some(node),
            _ => container(walk.document, node),
        };
        self.test.passes(walk.document, node, source)
            && (!self.last || is_last(walk.document, node))
            && from.is_some_and(|from| self.is_so(walk, from, source))
    }

    /// Whether the conditions hold, seen from a map.
    fn is_so(&self, walk: &Walk<'_>, from: NodeId, source: &[u8]) -> bool {
        self.with.iter().all(|c| c.holds(walk, from, source))
            && !self.without.iter().any(|c| c.holds(walk, from, source))
    }

    /// A hit for each place that must be looked at.
    fn hits(&self, view: &FileView<'_>, document: &Document, spot: Spot) -> Vec<Hit> {
        let mut hits = Vec::new();
        let m = self.matcher();
        let path = document.path(spot.node);
        let holder = if spot.absent {
            Some(spot.node)
        } else {
            container(document, spot.node)
        };
        let name = holder.and_then(|h| document.name(h)).unwrap_or_default();
        let within = if spot.absent {
            Some(spot.node)
        } else {
            document.node(spot.node).and_then(|n| n.parent)
        };
        let within = within.map(|w| document.path(w)).filter(|w| !w.is_empty());
        for place in self.places(view, document, spot) {
            let value = safe::visible(place.of(view.text));
            let message = m
                .message
                .replace("{path}", &path)
                .replace("{value}", &value)
                .replace("{name}", name);
            let mut hit = Hit::new(&self.rule, place, message);
            let verdict = verify::shape(view.surroundings, m.confidence.unwrap_or(Confidence::Medium), false);
            hit.confidence = verdict.confidence();
            hit.severity = verdict.severity(m.severity.unwrap_or(self.rule.severity));
            hit.arguments = verdict.arguments;
            hit.matcher = m.id.clone();
            hit.title = m.title.clone();
            hit.tier = m.tier.unwrap_or(hit.tier);
            // Of two rules about one entry, the one that everybody sees.
            hit.specific = u8::from(hit.tier != Tier::Audit);
            hit.cwe = m.cwe.clone();
            hit.within = within.clone();
            if spot.absent {
                // The place is where the entry should be, not what the finding is about.
                hit.about = Some(
                    m.key
                        .get(spot.pattern)
                        .map(|k| k.clone().into_bytes())
                        .unwrap_or_default(),
                );
            }
            hit.spot = Some(spot);
            hits.push(hit);
        }
        hits
    }

    /// What a person must look at: in a text of several lines each line where the regex matches, else the first line of the entry.
    fn places(&self, view: &FileView<'_>, document: &Document, spot: Spot) -> Vec<Span> {
        let Some(node) = document.node(spot.node) else {
            return Vec::new();
        };
        let (first, last) = view.lines().lines_of(node.entry);
        let mut found: Vec<Span> = Vec::new();
        if !spot.absent
            && first != last
            && let Some(regex) = &self.test.matches
            && let Some(text) = document.text(spot.node, view.text)
        {
            for m in regex.matches(text.as_bytes()) {
                let m = m.group("v").unwrap_or(m.whole());
                if m.is_empty() {
                    continue;
                }
                let place = first_line(view, document.place(spot.node, m.range(), view.text));
                let line = view.lines().line(place.start);
                if found.last().is_none_or(|p| view.lines().line(p.start) != line) {
                    found.push(place);
                }
            }
        }
        if found.is_empty() {
            found.push(first_line(view, node.entry));
        }
        found
    }
}

/// The part of a stretch that is on its first line.
fn first_line(view: &FileView<'_>, span: Span) -> Span {
    let code = span.of(view.text);
    let len = code.iter().position(|b| *b == b'\n').unwrap_or(code.len());
    let len = code.get(..len).unwrap_or_default().trim_ascii_end().len();
    Span::new(span.start as usize, span.start as usize + len)
}

/// A map to which no template adds anything.
fn is_closed_map(document: &Document, id: NodeId) -> bool {
    let value = document.node(document.resolve(id)).map(|n| &n.value);
    matches!(value, Some(Value::Map(_))) && !document.is_open(id)
}

/// No later entry of the same map has the same key.
fn is_last(document: &Document, node: NodeId) -> bool {
    let Some(parent) = document.node(node).and_then(|n| n.parent) else {
        return true;
    };
    let key = document.name(node);
    !document
        .children(parent)
        .into_iter()
        .any(|other| other > node && document.name(other) == key)
}

/// Every mistake in a matcher: the key of the rule file, and a sentence.
#[must_use]
pub fn problems(matcher: &DocumentMatcher) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if matcher.key.is_empty() {
        found.push(("key", "a matcher needs a path".to_owned()));
    }
    let conditions = || matcher.with.iter().chain(&matcher.without).chain(&matcher.of);
    let inner = conditions().flat_map(|c| &c.key);
    for key in matcher.key.iter().chain(inner) {
        match Pattern::parse(key) {
            Err(why) => found.push(("key", format!("`{key}`: {why}"))),
            Ok(pattern) if pattern.up > 0 && matcher.key.contains(key) => {
                found.push(("key", format!("`{key}`: only conditions go up with `^`")));
            }
            Ok(_) => {}
        }
    }
    let mut regex = |key: &'static str, source: &Option<String>| {
        if let Some(why) = source
            .as_deref()
            .and_then(|s| LazyRegex::new(s).error().map(str::to_owned))
        {
            found.push((key, why));
        }
    };
    for (matches, not_matches) in conditions().map(|c| (&c.matches, &c.not_matches)) {
        regex("matches", matches);
        regex("not-matches", not_matches);
    }
    regex("matches", &matcher.matches);
    regex("not-matches", &matcher.not_matches);
    regex("path", &matcher.path);
    regex("not-path", &matcher.not_path);
    found
}

/// What the matchers give in a file.
#[derive(Default)]
pub struct Outcome {
    /// What was found, in the order of the rules.
    pub hits: Vec<Hit>,
    /// There was more to look at than the limit.
    pub exhausted: bool,
}

/// Runs matchers that may find something over a file that has a reader.
pub fn run<'r>(rules: impl Iterator<Item = &'r DocumentRule>, view: &FileView<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let rules: Vec<&DocumentRule> = rules.filter(|r| r.is_about(view)).collect();
    if rules.is_empty() {
        return outcome;
    }
    let Some(document) = view.document() else {
        return outcome;
    };
    let walk = Walk::new(document);
    // One flaw is one finding: the first matcher of a rule that speaks of a line of an entry has said it. Absent entries of one map differ.
    let mut said: HashSet<(&str, NodeId, u32, Option<&str>)> = HashSet::new();
    for rule in &rules {
        for root in &document.roots {
            for spot in rule.spots(&walk, *root, view.text) {
                let absent = spot.absent.then_some(rule.matcher().message.as_str());
                for hit in rule.hits(view, document, spot) {
                    let line = view.lines().line(hit.span.start);
                    if said.insert((&rule.rule.id, spot.node, line, absent)) {
                        outcome.hits.push(hit);
                    }
                }
            }
        }
    }
    outcome.exhausted = walk.exhausted();
    outcome
}

#[cfg(test)]
mod tests;
