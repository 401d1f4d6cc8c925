//! What code means differently from one language to another though it is written alike: all that the engine asks of a language beside its
//! facts. A new language answers here.

use super::Lang;

impl Lang {
    /// JavaScript, TypeScript, with JSX or without.
    fn is_script(self) -> bool {
        matches!(self, Lang::JavaScript | Lang::TypeScript | Lang::Tsx)
    }

    /// Sums may be addresses, and `*p` is the first element.
    #[must_use]
    pub fn has_pointers(self) -> bool {
        matches!(self, Lang::C | Lang::Cpp)
    }

    /// `<<` writes to a stream, and `+` may join texts, beside what both mean for numbers.
    #[must_use]
    pub fn has_streams(self) -> bool {
        self == Lang::Cpp
    }

    /// A constant is one for good: arithmetic on constants is done, and what a constant test excludes is not reached.
    #[must_use]
    pub fn constants_decide(self) -> bool {
        let others = matches!(
            self,
            Lang::Python | Lang::Java | Lang::Kotlin | Lang::CSharp | Lang::Php | Lang::Ruby
        );
        self.has_pointers() || self.is_script() || others
    }

    /// `a or b` is one of both, not true or false.
    #[must_use]
    pub fn connectives_give_operands(self) -> bool {
        self.is_script() || matches!(self, Lang::Python | Lang::Ruby)
    }

    /// A class may have several methods of one name.
    #[must_use]
    pub fn overloads(self) -> bool {
        matches!(self, Lang::Cpp | Lang::Java | Lang::Kotlin | Lang::CSharp)
    }

    /// `a.b` and `a["b"]` are the same, and named arguments are the entries of an object that is passed.
    #[must_use]
    pub fn members_are_keys(self) -> bool {
        self.is_script()
    }

    /// Files of one folder see what the others define without importing it.
    #[must_use]
    pub fn shares_folders(self) -> bool {
        let by_package = matches!(self, Lang::Go | Lang::Java | Lang::Kotlin | Lang::CSharp);
        by_package || matches!(self, Lang::Php | Lang::Ruby | Lang::C | Lang::Cpp)
    }

    /// The files of a folder are modules of that name to each other (`mod store;`).
    #[must_use]
    pub fn files_are_modules(self) -> bool {
        self == Lang::Rust
    }

    /// True when files of both can be analysed together.
    #[must_use]
    pub fn links_with(self, other: Lang) -> bool {
        self == other || self.is_script() && other.is_script()
    }

    /// What a framework hands to a parameter is of its declared type. Scripts forget types before they run.
    #[must_use]
    pub fn types_are_enforced(self) -> bool {
        !self.is_script()
    }

    /// `a.name` may call `getName()`.
    #[must_use]
    pub fn getters_are_properties(self) -> bool {
        self == Lang::Kotlin
    }

    /// A hole of a text may say how its value is written (`{x:d}`).
    #[must_use]
    pub fn holes_have_formats(self) -> bool {
        matches!(self, Lang::Python | Lang::Rust)
    }

    /// The last of several results, by these names, says how a call went and carries nothing of what was asked for.
    #[must_use]
    pub fn outcomes(self) -> &'static [&'static str] {
        match self {
            Lang::Go => &["err", "ok"],
            _ => &[],
        }
    }

    /// `x | 0` is a number whatever `x` is; elsewhere it may be two sets or maps put together.
    #[must_use]
    pub fn bars_make_numbers(self) -> bool {
        matches!(self, Lang::JavaScript | Lang::TypeScript | Lang::Tsx)
    }

    /// A cast to a number makes a number, rather than claiming that there is one.
    #[must_use]
    pub fn casts_convert(self) -> bool {
        self.has_pointers()
            || matches!(
                self,
                Lang::Go | Lang::Rust | Lang::Java | Lang::Kotlin | Lang::CSharp | Lang::Php
            )
    }

    /// Declared types are what is hoped for: nothing checks them when the program runs.
    #[must_use]
    pub fn types_are_hopes(self) -> bool {
        matches!(self, Lang::TypeScript | Lang::Tsx)
    }

    /// Assigning to a name makes it the function's own, also where a function around it has one of that name.
    #[must_use]
    pub fn assigning_makes_local(self) -> bool {
        self == Lang::Python
    }

    /// What people call a text with holes.
    #[must_use]
    pub fn word_for_template(self) -> &'static str {
        match self {
            Lang::Python => "an f-string",
            Lang::JavaScript | Lang::TypeScript | Lang::Tsx => "a template literal",
            Lang::Go | Lang::Rust | Lang::C | Lang::Cpp => "a format string",
            Lang::Java | Lang::Kotlin | Lang::CSharp | Lang::Ruby | Lang::Php | Lang::Bash => "an interpolated string",
        }
    }
}
