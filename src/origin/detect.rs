//! Rows of the table against one commit.

use super::{
    Agent, Automation, Mark, Origin, Place, Suspicion, UNNAMED, identity, message, notes,
    table::{Row, Sign, TABLE, Table},
};
use crate::change::{Commit, Identity};
use regex::{Captures, Regex};

/// Characters of an untrusted text that are kept as evidence.
const KEPT: usize = 200;

/// Who had a part in `commit`.
#[must_use]
pub fn of(commit: &Commit) -> Origin {
    let mut found = Found::new(&TABLE);
    found.identity(Place::Author, &commit.author, &written(&commit.author));
    found.origin.author_is_agent = !found.origin.agents.is_empty();
    found.identity(Place::Committer, &commit.committer, &written(&commit.committer));
    found.message(&commit.message);
    for (name, text) in &commit.notes {
        let read = notes::read(name, text);
        found.origin.lines.extend(read.lines);
        for mut agent in read.agents {
            agent.tool = TABLE.tool(&agent.tool).map_or(agent.tool, str::to_owned);
            found.add(agent);
        }
    }
    found.finish()
}

/// True when an identity is an agent's own, by its address.
#[must_use]
pub fn is_agent(identity: &Identity) -> bool {
    let mut found = Found::new(&TABLE);
    found.identity(Place::Author, identity, &written(identity));
    !found.origin.agents.is_empty()
}

/// What the name of a branch says; little, since people use the same prefixes.
#[must_use]
pub fn of_branch(branch: &str) -> Origin {
    let mut found = Found::new(&TABLE);
    for row in &TABLE.agents {
        if let Sign::Branch(pattern) = &row.sign
            && let Some(captures) = pattern.captures(branch)
        {
            found.mark(row, Place::Branch, branch, Some(&captures), None);
        }
    }
    found.finish()
}

/// An identity as a commit writes it.
fn written(identity: &Identity) -> String {
    format!("{} <{}>", identity.name, identity.email)
}

/// What has been found so far.
struct Found<'t> {
    table: &'t Table,
    origin: Origin,
}

impl<'t> Found<'t> {
    fn new(table: &'t Table) -> Self {
        Self {
            table,
            origin: Origin::default(),
        }
    }

    /// One identity. `text` is where it was read.
    fn identity(&mut self, place: Place, who: &Identity, text: &str) {
        for impostor in &self.table.impostors {
            if impostor.email.is_match(&who.email) {
                self.suspect(&impostor.id, &impostor.why, place, text);
                return;
            }
        }
        let account = identity::github(&who.email);
        for row in &self.table.agents {
            match &row.sign {
                Sign::Email { places, pattern } if places.contains(&place) && pattern.is_match(&who.email) => {
                    self.mark(row, place, text, None, Some(&who.name));
                }
                Sign::Display { places, pattern } if places.contains(&place) && pattern.is_match(&who.name) => {
                    self.mark(row, place, text, None, None);
                }
                Sign::Github { places, accounts } if places.contains(&place) => {
                    let Some((number, login)) = &account else { continue };
                    let Some(known) = accounts.iter().find(|a| a.login == *login) else {
                        continue;
                    };
                    if known.ids.is_empty() || number.is_some_and(|n| known.ids.contains(&n)) {
                        self.mark(row, place, text, None, None);
                    } else {
                        let why = "the login of an agent with a number that is not known to be its account";
                        self.suspect(&row.id, why, place, text);
                    }
                }
                _ => {}
            }
        }
        for program in &self.table.automation {
            let by_login = account
                .as_ref()
                .is_some_and(|(_, login)| program.logins.contains(login));
            if by_login || program.email.as_ref().is_some_and(|e| e.is_match(&who.email)) {
                self.origin.automation.push(Automation {
                    name: program.name.clone(),
                    place,
                });
            }
        }
    }

    /// The subject and every line behind it.
    fn message(&mut self, text: &str) {
        let subject = message::subject(text);
        let body = message::body(text);
        for row in &self.table.agents {
            if let Sign::Subject(pattern) = &row.sign
                && let Some(captures) = pattern.captures(subject)
            {
                self.mark(row, Place::Subject, subject, Some(&captures), None);
            }
        }
        for line in &body {
            self.line(line.text);
            if let Some((key, value)) = &line.trailer {
                let values = [Some(value), line.folded.as_ref()];
                for value in values.into_iter().flatten() {
                    self.trailer(key, value, line.text);
                }
            }
        }
    }

    /// A whole line.
    fn line(&mut self, text: &str) {
        for row in &self.table.agents {
            if let Sign::Line(pattern) = &row.sign
                && let Some(captures) = pattern.captures(text)
            {
                self.mark(row, Place::Line, text, Some(&captures), None);
            }
        }
    }

    /// A line that looks like a trailer.
    fn trailer(&mut self, key: &str, value: &str, text: &str) {
        for row in &self.table.agents {
            if let Sign::Key {
                keys,
                value: pattern,
                not,
            } = &row.sign
                && keys.iter().any(|k| k == key)
                && !not.as_ref().is_some_and(|not| not.is_match(value))
                && let Some(captures) = pattern.captures(value)
            {
                self.mark(row, Place::Trailer, text, Some(&captures), None);
            }
        }
        if let Some(certifies) = self.table.identity_keys.get(key)
            && let Some(who) = identity::parse(value)
        {
            let before = self.marks();
            self.identity(Place::Trailer, &who, text);
            if *certifies && self.marks() > before {
                let why = "an agent certifies the right to contribute, which only a person can";
                self.suspect("agent-sign-off", why, Place::Trailer, text);
            }
        }
    }

    fn marks(&self) -> usize {
        self.origin.agents.iter().map(|a| a.evidence.len()).sum()
    }

    /// A row has matched: notes the mark with its agent.
    fn mark(&mut self, row: &Row, place: Place, text: &str, captures: Option<&Captures<'_>>, display: Option<&str>) {
        let named = captures.and_then(|c| group(c, "tool"));
        let known = named.as_deref().and_then(|name| self.table.tool(name));
        if row.known_tool && known.is_none() {
            return;
        }
        let other = display.filter(|name| !name.is_empty() && row.named.as_ref().is_some_and(|n| !n.is_match(name)));
        let tool = match (known, named, other, &row.tool) {
            (Some(known), ..) => known.to_owned(),
            (None, Some(named), ..) => named,
            (None, None, Some(other), _) => clip(other, 60),
            (None, None, None, Some(tool)) => tool.clone(),
            (None, None, None, None) => UNNAMED.to_owned(),
        };
        let from_name = |pattern: &Regex| pattern.captures(display?).and_then(|c| group(&c, "model"));
        if let Some(why) = &row.suspicious {
            self.suspect(&row.id, why, place, text);
        }
        self.add(Agent {
            tool,
            model: captures
                .and_then(|c| group(c, "model"))
                .or_else(|| row.name.as_ref().and_then(from_name)),
            session: captures.and_then(|c| group(c, "session")),
            confidence: row.confidence,
            evidence: vec![Mark {
                rule: row.id.clone(),
                what: row.what.clone(),
                place,
                text: clip(text, KEPT),
            }],
        });
    }

    fn suspect(&mut self, rule: &str, why: &str, place: Place, text: &str) {
        self.origin.suspicious.push(Suspicion {
            rule: rule.to_owned(),
            why: why.to_owned(),
            place,
            text: clip(text, KEPT),
        });
    }

    /// Adds marks to the agent of the same name, or the agent itself.
    fn add(&mut self, agent: Agent) {
        match self.origin.agents.iter_mut().find(|a| a.tool == agent.tool) {
            Some(known) => join(known, agent),
            None => self.origin.agents.push(agent),
        }
    }

    /// Puts marks that name no agent to the one that is named, when there is just one; sorts the surest first.
    fn finish(mut self) -> Origin {
        let agents = &mut self.origin.agents;
        if let [_, _] = agents[..]
            && let Some(unnamed) = agents.iter().position(|a| a.tool == UNNAMED)
        {
            let marks = agents.remove(unnamed);
            agents.iter_mut().for_each(|named| join(named, marks.clone()));
        }
        agents.sort_by(|a, b| b.confidence.cmp(&a.confidence).then(a.tool.cmp(&b.tool)));
        self.origin.automation.dedup();
        self.origin
    }
}

/// Adds the marks of `other`, which is the same agent, to `agent`.
fn join(agent: &mut Agent, other: Agent) {
    agent.confidence = agent.confidence.max(other.confidence);
    agent.model = agent.model.take().or(other.model);
    agent.session = agent.session.take().or(other.session);
    for mark in other.evidence {
        if !agent.evidence.contains(&mark) {
            agent.evidence.push(mark);
        }
    }
}

/// The group `name`, or `name2` where a pattern has two forms.
fn group(captures: &Captures<'_>, name: &str) -> Option<String> {
    let found = captures.name(name).or_else(|| captures.name(&format!("{name}2")))?;
    let text = clip(found.as_str().trim(), 120);
    (!text.is_empty()).then_some(text)
}

/// The first `characters` of a text.
fn clip(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
