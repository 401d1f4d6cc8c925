//! The table of marks: `rules/origin.toml`, read strictly and compiled once.

use super::{Confidence, Place};
use crate::config::{TomlError, parse};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::{collections::HashMap, sync::LazyLock};

/// The file, as embedded in the program.
const FILE: &str = "rules/origin.toml";
const TEXT: &str = include_str!("../../rules/origin.toml");

/// The embedded table. A test reads it, so that a mistake in the file never reaches a user.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(FILE, TEXT).unwrap_or_default());

/// All rows.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub agents: Vec<Row>,
    pub impostors: Vec<Impostor>,
    pub automation: Vec<Program>,
    /// Keys of trailers that hold identities, in lower case; true for those that certify.
    pub identity_keys: HashMap<String, bool>,
    /// Names of tools in lower case to how they are written here.
    tools: HashMap<String, String>,
}

/// A mark of an agent.
#[derive(Debug)]
pub(super) struct Row {
    pub id: String,
    pub what: String,
    /// `None` when the mark names the tool, or none does.
    pub tool: Option<String>,
    pub confidence: Confidence,
    pub sign: Sign,
    pub suspicious: Option<String>,
    /// Reads the model off a display name.
    pub name: Option<Regex>,
    /// A display name that does not match is another tool's.
    pub named: Option<Regex>,
    pub known_tool: bool,
    /// Examples: what must match, what must not.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the table"))]
    pub examples: (Vec<String>, Vec<String>),
}

/// What a row decides by.
#[derive(Debug)]
pub(super) enum Sign {
    Email {
        places: Vec<Place>,
        pattern: Regex,
    },
    Github {
        places: Vec<Place>,
        accounts: Vec<Account>,
    },
    Display {
        places: Vec<Place>,
        pattern: Regex,
    },
    Key {
        keys: Vec<String>,
        value: Regex,
        not: Option<Regex>,
    },
    Line(Regex),
    Subject(Regex),
    Branch(Regex),
}

/// A GitHub account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    /// In lower case.
    pub login: String,
    /// Its numbers; any when empty.
    #[serde(default)]
    pub ids: Vec<u64>,
}

/// An identity that claims to be an agent.
#[derive(Debug)]
pub(super) struct Impostor {
    pub id: String,
    pub email: Regex,
    pub why: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the table"))]
    pub examples: (Vec<String>, Vec<String>),
}

/// A program that writes commits.
#[derive(Debug)]
pub(super) struct Program {
    pub name: String,
    pub logins: Vec<String>,
    pub email: Option<Regex>,
}

impl Table {
    /// How a tool that is named in words is written here.
    pub(super) fn tool(&self, name: &str) -> Option<&str> {
        self.tools.get(&name.to_lowercase()).map(String::as_str)
    }

    /// Reads and compiles a table.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, TomlError> {
        let raw: RawTable = parse(file, text)?;
        let wrong = |message: String| TomlError::new(file, text, None, message);
        let certifying: Vec<String> = raw.certifying_keys.iter().map(|k| k.to_lowercase()).collect();
        let keys = raw.identity_keys.iter().map(|k| k.to_lowercase());
        let tools = raw.tools.into_iter().flat_map(|(tool, aliases)| {
            let mut names: Vec<String> = aliases;
            names.push(tool.to_lowercase());
            names.into_iter().map(move |alias| (alias, tool.clone()))
        });
        Ok(Self {
            agents: raw
                .agent
                .into_iter()
                .map(RawRow::compile)
                .collect::<Result<_, _>>()
                .map_err(wrong)?,
            impostors: raw
                .impostor
                .into_iter()
                .map(RawImpostor::compile)
                .collect::<Result<_, _>>()
                .map_err(wrong)?,
            automation: raw
                .automation
                .into_iter()
                .map(RawProgram::compile)
                .collect::<Result<_, _>>()
                .map_err(wrong)?,
            identity_keys: keys.map(|key| (key.clone(), certifying.contains(&key))).collect(),
            tools: tools.collect(),
        })
    }
}

/// A pattern of the file: without regard to case.
fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .map_err(|e| format!("pattern {pattern:?}: {e}"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    identity_keys: Vec<String>,
    certifying_keys: Vec<String>,
    tools: HashMap<String, Vec<String>>,
    agent: Vec<RawRow>,
    impostor: Vec<RawImpostor>,
    automation: Vec<RawProgram>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    id: String,
    what: String,
    tool: Option<String>,
    confidence: Confidence,
    #[serde(default)]
    places: Vec<Place>,
    email: Option<String>,
    github: Option<Vec<Account>>,
    display: Option<String>,
    #[serde(default)]
    keys: Vec<String>,
    value: Option<String>,
    not: Option<String>,
    line: Option<String>,
    subject: Option<String>,
    branch: Option<String>,
    name: Option<String>,
    named: Option<String>,
    suspicious: Option<String>,
    #[serde(default)]
    known_tool: bool,
    matches: Vec<String>,
    misses: Vec<String>,
}

impl RawRow {
    fn compile(self) -> Result<Row, String> {
        let id = self.id.clone();
        let wrong = |e: String| format!("row {id:?}: {e}");
        let optional = |pattern: &Option<String>| pattern.as_deref().map(regex).transpose();
        let signs = [
            self.email.is_some(),
            self.github.is_some(),
            self.display.is_some(),
            self.value.is_some(),
            self.line.is_some(),
            self.subject.is_some(),
            self.branch.is_some(),
        ];
        if signs.iter().filter(|s| **s).count() != 1 || self.value.is_some() == self.keys.is_empty() {
            return Err(wrong("it must decide by exactly one thing".into()));
        }
        let places = self.places;
        let sign = if let Some(pattern) = optional(&self.email).map_err(wrong)? {
            Sign::Email { places, pattern }
        } else if let Some(accounts) = self.github {
            Sign::Github { places, accounts }
        } else if let Some(pattern) = optional(&self.display).map_err(wrong)? {
            Sign::Display { places, pattern }
        } else if let Some(value) = optional(&self.value).map_err(wrong)? {
            Sign::Key {
                keys: self.keys.iter().map(|k| k.to_lowercase()).collect(),
                not: optional(&self.not).map_err(wrong)?,
                value,
            }
        } else if let Some(pattern) = optional(&self.line).map_err(wrong)? {
            Sign::Line(pattern)
        } else if let Some(pattern) = optional(&self.subject).map_err(wrong)? {
            Sign::Subject(pattern)
        } else if let Some(pattern) = optional(&self.branch).map_err(wrong)? {
            Sign::Branch(pattern)
        } else {
            return Err(wrong("it decides by nothing".into()));
        };
        Ok(Row {
            name: optional(&self.name).map_err(wrong)?,
            named: optional(&self.named).map_err(wrong)?,
            id: self.id,
            what: self.what,
            tool: self.tool,
            confidence: self.confidence,
            sign,
            suspicious: self.suspicious,
            known_tool: self.known_tool,
            examples: (self.matches, self.misses),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawImpostor {
    id: String,
    email: String,
    why: String,
    matches: Vec<String>,
    misses: Vec<String>,
}

impl RawImpostor {
    fn compile(self) -> Result<Impostor, String> {
        Ok(Impostor {
            email: regex(&self.email)?,
            id: self.id,
            why: self.why,
            examples: (self.matches, self.misses),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProgram {
    name: String,
    #[serde(default)]
    github: Vec<String>,
    email: Option<String>,
}

impl RawProgram {
    fn compile(self) -> Result<Program, String> {
        Ok(Program {
            name: self.name,
            logins: self.github,
            email: self.email.as_deref().map(regex).transpose()?,
        })
    }
}
