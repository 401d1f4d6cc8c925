//! Languages: grammars, parsing, and one adapter a language that lowers a syntax tree to common [`facts`].
//!
//! Everything after this module speaks of facts and never of a grammar; where the same facts mean different things it asks [`meaning`]. Adding a
//! language is an adapter here, answers there, and rules and models as data.

mod adapter;
mod append;
mod bash;
pub mod build;
mod c;
mod csharp;
pub mod document;
pub mod dump;
pub mod embedded;
pub mod facts;
mod go;
mod java;
mod javascript;
mod kotlin;
mod meaning;
pub mod parse;
mod php;
mod python;
mod ruby;
mod rust;
mod scope;
#[cfg(test)]
mod testing;

pub(crate) use c::{arithmetic, size_of_arithmetic};
pub use parse::{lower, lower_tree};

use serde::{Deserialize, Serialize};

/// Stack of a thread that parses or lowers, in bytes: enough for [`build::MAX_DEPTH`] levels of the deepest adapter frame in a
/// debug build.
pub const STACK_BYTES: usize = 64 << 20;

/// A language with an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Python 3.
    Python,
    /// JavaScript, JSX included.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// Java.
    Java,
    /// Kotlin.
    Kotlin,
    /// C#.
    CSharp,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// C.
    C,
    /// C++.
    Cpp,
    /// Bash and POSIX shells.
    Bash,
}

impl Lang {
    /// All of them.
    pub const ALL: [Lang; 14] = [
        Lang::Python,
        Lang::JavaScript,
        Lang::TypeScript,
        Lang::Tsx,
        Lang::Go,
        Lang::Rust,
        Lang::Java,
        Lang::Kotlin,
        Lang::CSharp,
        Lang::Ruby,
        Lang::Php,
        Lang::C,
        Lang::Cpp,
        Lang::Bash,
    ];

    /// The language of a file, by its name and, without a known extension, by its first line (`#!`).
    #[must_use]
    pub fn of(path: &[u8], text: &[u8]) -> Option<Lang> {
        let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let extension = name
            .iter()
            .rposition(|b| *b == b'.')
            .map(|i| name[i + 1..].to_ascii_lowercase());
        match extension.as_deref() {
            Some(b"py" | b"pyi" | b"pyw") => Some(Lang::Python),
            Some(b"js" | b"mjs" | b"cjs" | b"jsx") => Some(Lang::JavaScript),
            Some(b"ts" | b"mts" | b"cts") => Some(Lang::TypeScript),
            Some(b"tsx") => Some(Lang::Tsx),
            Some(b"go") => Some(Lang::Go),
            Some(b"rs") => Some(Lang::Rust),
            Some(b"java") => Some(Lang::Java),
            Some(b"kt" | b"kts") => Some(Lang::Kotlin),
            Some(b"cs" | b"csx") => Some(Lang::CSharp),
            Some(b"rb" | b"rake" | b"gemspec" | b"ru") => Some(Lang::Ruby),
            Some(b"php" | b"phtml" | b"php5" | b"inc") => Some(Lang::Php),
            Some(b"h") if is_cpp_header(text) => Some(Lang::Cpp),
            Some(b"c" | b"h") => Some(Lang::C),
            Some(b"cc" | b"cpp" | b"cxx" | b"hh" | b"hpp" | b"hxx" | b"c++" | b"h++") => Some(Lang::Cpp),
            Some(b"sh" | b"bash" | b"ksh" | b"bats") => Some(Lang::Bash),
            _ => Self::of_shebang(text),
        }
    }

    fn of_shebang(text: &[u8]) -> Option<Lang> {
        let first = text.strip_prefix(b"#!")?.split(|b| *b == b'\n').next()?;
        let first = String::from_utf8_lossy(first);
        if first.contains("python") {
            Some(Lang::Python)
        } else if first.contains("node") || first.contains("deno") || first.contains("bun") {
            Some(Lang::JavaScript)
        } else if first.contains("ruby") {
            Some(Lang::Ruby)
        } else if first.contains("php") {
            Some(Lang::Php)
        } else if first.ends_with("sh") || first.contains("sh ") {
            Some(Lang::Bash)
        } else {
            None
        }
    }

    /// The name in rule ids and `languages` lists. TSX is `typescript` there.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Lang::Python => "python",
            Lang::JavaScript => "javascript",
            Lang::TypeScript | Lang::Tsx => "typescript",
            Lang::Go => "go",
            Lang::Rust => "rust",
            Lang::Java => "java",
            Lang::Kotlin => "kotlin",
            Lang::CSharp => "csharp",
            Lang::Ruby => "ruby",
            Lang::Php => "php",
            Lang::C => "c",
            Lang::Cpp => "cpp",
            Lang::Bash => "bash",
        }
    }
}

/// True when a header uses what only C++ has.
fn is_cpp_header(text: &[u8]) -> bool {
    let only_cpp = |line: &[u8]| {
        let line = line.trim_ascii_start();
        let begins = [
            &b"class "[..],
            b"namespace ",
            b"template<",
            b"template <",
            b"using namespace",
            b"public:",
            b"private:",
            b"protected:",
        ];
        // `extern "C" {` alone guards a header of C.
        begins.iter().any(|b| line.starts_with(b))
            || !line.starts_with(b"//") && !line.starts_with(b"*") && line.windows(5).any(|w| w == b"std::")
    };
    text.split(|b| *b == b'\n').any(only_cpp)
}
