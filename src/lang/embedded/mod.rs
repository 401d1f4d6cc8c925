//! Code inside files of another kind: scripts in HTML, Vue and Svelte, Ruby, JavaScript and Java in templates, the cells of notebooks.
//!
//! An [`Island`] is the file with everything blanked that is not code of its language: of the same length, so that an offset in it is the
//! same offset in the file, and adapters, rules and places need not know that there was anything around it.

mod markup;
mod notebook;
mod template;

use super::Lang;

/// What is called in an island where a template puts a value into the page without escaping it: three characters, as long as the `<%=` they
/// stand for. Models name it as a sink.
pub const RAW_OUTPUT: &str = "O_";

/// The code of one language in a file of another kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Island {
    /// Its language.
    pub lang: Lang,
    /// The file, blanked around the code.
    pub text: Vec<u8>,
    /// The code is whole, so that what is not valid in it is worth a word; false where template marks stood in it.
    pub whole: bool,
}

/// A kind of file that holds code of other languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// HTML and templates that are mostly HTML: scripts.
    Markup,
    /// Single-file components: scripts that are the component's code.
    Component,
    /// Ruby between `<%` and `%>`, and scripts.
    Erb,
    /// JavaScript between `<%` and `%>`, and scripts.
    Ejs,
    /// Java between `<%` and `%>`, and scripts.
    Jsp,
    /// C# between `<%` and `%>`, and scripts.
    Aspx,
    /// Jupyter notebooks: cells of Python.
    Notebook,
}

impl Host {
    /// By the file's extension.
    #[must_use]
    pub fn of(path: &[u8]) -> Option<Host> {
        let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let dot = name.iter().rposition(|b| *b == b'.')?;
        Some(match name[dot + 1..].to_ascii_lowercase().as_slice() {
            b"html" | b"htm" | b"xhtml" | b"jinja" | b"jinja2" | b"j2" | b"hbs" | b"handlebars" | b"mustache"
            | b"njk" | b"liquid" | b"twig" | b"tmpl" | b"gohtml" | b"cshtml" | b"razor" => Host::Markup,
            b"vue" | b"svelte" | b"astro" => Host::Component,
            b"erb" | b"rhtml" => Host::Erb,
            b"ejs" => Host::Ejs,
            b"aspx" | b"ascx" | b"master" => Host::Aspx,
            b"jsp" | b"jspf" | b"jspx" | b"tag" => Host::Jsp,
            b"ipynb" => Host::Notebook,
            _ => return None,
        })
    }

    /// The code in `text`, one island a language.
    #[must_use]
    pub fn islands(self, text: &[u8]) -> Vec<Island> {
        let mut found = match self {
            Host::Markup | Host::Component => Vec::new(),
            Host::Erb => template::between_percents(text, Lang::Ruby).into_iter().collect(),
            Host::Ejs => template::between_percents(text, Lang::JavaScript).into_iter().collect(),
            Host::Jsp => template::between_percents(text, Lang::Java).into_iter().collect(),
            Host::Aspx if template::is_visual_basic(text) => Vec::new(),
            Host::Aspx => template::between_percents(text, Lang::CSharp).into_iter().collect(),
            Host::Notebook => return notebook::cells(text).into_iter().collect(),
        };
        found.extend(markup::scripts(text, self == Host::Component));
        found
    }
}

/// As many blanks as `text` has bytes, with its line ends.
fn blank(text: &[u8]) -> Vec<u8> {
    text.iter().map(|b| if *b == b'\n' { b'\n' } else { b' ' }).collect()
}

#[cfg(test)]
mod tests;
