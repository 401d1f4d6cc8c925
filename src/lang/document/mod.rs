//! Documents: configuration, infrastructure and CI files read into one common form, as [`facts`](super::facts) is for programs.
//!
//! Owns the readers, one file a format, and the [`Document`] they give. A reader never fails: what it cannot read is noted in
//! [`Document::unread`], and the rest is there. Nothing here knows a rule, follows a reference out of the file or expands a template;
//! what a template or a reference decides is marked [`Node::computed`]. Every reader works with stacks of its own, so that no
//! nesting of the input can exhaust the thread's.

mod dockerfile;
mod grammar;
mod hcl;
mod ini;
mod json;
mod model;
mod scalar;
mod template;
mod toml;
mod xml;
mod yaml;

pub use model::{Document, Key, Node, NodeId, Value};

/// A format with a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON, with comments; several values one after another.
    Json,
    /// YAML, several documents in one file, templates of Helm and Jinja tolerated.
    Yaml,
    /// TOML.
    Toml,
    /// `name = value` in `[sections]`.
    Ini,
    /// `NAME=value` lines.
    Env,
    /// Java properties: dots make levels.
    Properties,
    /// XML.
    Xml,
    /// HCL, the language of Terraform.
    Hcl,
    /// Dockerfile, Containerfile.
    Dockerfile,
}

impl Format {
    /// The format of a kind of file by its name (`rules/kinds.toml`), and, where one kind holds several formats, by the first byte.
    #[must_use]
    pub fn of(kind: &str, text: &[u8]) -> Option<Format> {
        let first = text.trim_ascii_start().first().copied();
        Some(match kind {
            "json" if first == Some(b'<') => return None,
            "json" => Format::Json,
            "yaml" => Format::Yaml,
            "toml" => Format::Toml,
            "ini" | "xml" if first == Some(b'<') => Format::Xml,
            "xml" => Format::Xml,
            "ini" => Format::Ini,
            "env" => Format::Env,
            "properties" => Format::Properties,
            "hcl" if first == Some(b'{') => Format::Json,
            "hcl" => Format::Hcl,
            "dockerfile" => Format::Dockerfile,
            _ => return None,
        })
    }
}

/// Reads `text`. Takes time and memory in proportion to its length.
#[must_use]
pub fn read(format: Format, text: &[u8]) -> Document {
    let mut document = Document::new(format);
    match format {
        Format::Json => json::read(text, &mut document),
        Format::Yaml => yaml::read(text, &mut document),
        Format::Toml => toml::read(text, &mut document),
        Format::Ini => ini::read(text, ini::Style::Ini, &mut document),
        Format::Env => ini::read(text, ini::Style::Env, &mut document),
        Format::Properties => ini::read(text, ini::Style::Properties, &mut document),
        Format::Xml => xml::read(text, &mut document),
        Format::Hcl => hcl::read(text, &mut document),
        Format::Dockerfile => dockerfile::read(text, &mut document),
    }
    document
}

#[cfg(test)]
mod tests;
