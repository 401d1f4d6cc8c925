//! The names of looks: what the panes ask for, and what theme files give.

use serde::Deserialize;

/// Declares an enum whose variants are also rows of a theme file.
macro_rules! looks {
    ($(#[$doc:meta])* $name:ident { $($(#[$row:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$row])* $variant,)* }

        impl $name {
            /// All of them, in order.
            pub const ALL: [$name; [$($text),*].len()] = [$($name::$variant),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Its name in theme files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
    };
}

looks! {
    /// A part of the screen that has a look of its own.
    Role {
        /// Behind everything.
        Page = "page",
        /// Ordinary text.
        Text = "text",
        /// What should be read first.
        Strong = "strong",
        /// What need not be read.
        Dim = "dim",
        /// What is there for orientation only.
        Faint = "faint",
        /// Lines between panes.
        Rule = "rule",
        /// A pane's title.
        Title = "title",
        /// The title of the pane that has the keys.
        TitleFocused = "title-focused",
        /// The program's own name.
        Product = "product",
        /// A key in the footer, a dialog, the help.
        Key = "key",
        /// The selected row of the pane that has the keys.
        Selected = "selected",
        /// The selected row of a pane that does not.
        SelectedAway = "selected-away",
        /// The sign before the selected row.
        Pointer = "pointer",
        /// A dialog's inside.
        Popup = "popup",
        /// A dialog's border.
        PopupEdge = "popup-edge",
        /// The text cursor.
        Cursor = "cursor",
        /// What a search found.
        Match = "match",
        /// The search match under the cursor.
        MatchCurrent = "match-current",
        /// A scrollbar's track.
        Scroll = "scroll",
        /// A scrollbar's thumb.
        ScrollThumb = "scroll-thumb",
        /// The part of a progress bar that is done.
        Progress = "progress",
        /// The part that is not.
        ProgressLeft = "progress-left",
        /// A message that something went well; an argument against a finding.
        Good = "good",
        /// A message that wants attention.
        Warn = "warn",
        /// A message that something failed.
        Bad = "bad",
        /// Severity critical.
        Critical = "critical",
        /// Severity high.
        High = "high",
        /// Severity medium.
        Medium = "medium",
        /// Severity low.
        Low = "low",
        /// Severity info.
        Info = "info",
        /// Not decided yet.
        Open = "open",
        /// Approved.
        Approved = "approved",
        /// Rejected.
        Rejected = "rejected",
        /// Fixed.
        Fixed = "fixed",
        /// Decided, and changed since.
        Stale = "stale",
        /// A hunk nobody has looked at.
        Unseen = "unseen",
        /// Written by an agent.
        Agent = "agent",
        /// Written by a person.
        Person = "person",
        /// Line numbers.
        Gutter = "gutter",
        /// Unchanged lines.
        Context = "context",
        /// Added lines.
        Added = "added",
        /// The words that differ in an added line.
        AddedWord = "added-word",
        /// The plus sign.
        AddedSign = "added-sign",
        /// Removed lines.
        Removed = "removed",
        /// The words that differ in a removed line.
        RemovedWord = "removed-word",
        /// The minus sign.
        RemovedSign = "removed-sign",
        /// The line above a hunk.
        Hunk = "hunk",
        /// Lines that are not shown.
        Gap = "gap",
        /// The bar beside offending lines.
        Bar = "bar",
        /// The offending code itself.
        Offending = "offending",
        /// The numbers of evidence steps.
        Evidence = "evidence",
        /// The visible stand-in of a character that would not show.
        Hidden = "hidden",
    }
}

looks! {
    /// A kind of token in code.
    Syntax {
        /// `if`, `return`, `import`.
        Keyword = "keyword",
        /// A function or method, called or defined.
        Function = "function",
        /// A type, class or constructor.
        Type = "type",
        /// Text in quotes.
        String = "string",
        /// An escape inside one.
        Escape = "escape",
        /// A number.
        Number = "number",
        /// A constant, `true`, `None`.
        Constant = "constant",
        /// A comment.
        Comment = "comment",
        /// An operator.
        Operator = "operator",
        /// Brackets and separators.
        Punctuation = "punctuation",
        /// A field or key.
        Property = "property",
        /// A variable.
        Variable = "variable",
        /// A parameter.
        Parameter = "parameter",
        /// A decorator, attribute, annotation.
        Attribute = "attribute",
        /// A markup tag.
        Tag = "tag",
        /// A heading in prose.
        Heading = "heading",
        /// Emphasis in prose.
        Emphasis = "emphasis",
    }
}
