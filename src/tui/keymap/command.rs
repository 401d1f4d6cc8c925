//! The vocabulary of what a key can do. The same names serve keymap files, the help, the palette and the tests.

use serde::Deserialize;

/// Declares the commands with the sentence that explains each.
macro_rules! commands {
    ($($variant:ident = $name:literal, $sentence:literal;)*) => {
        /// Something a person can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        pub enum Command {
            $(#[doc = $sentence] #[serde(rename = $name)] $variant,)*
        }

        impl Command {
            /// All of them, in the order of the help.
            pub const ALL: &'static [Command] = &[$(Command::$variant),*];

            /// Its name in keymap files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Command::$variant => $name,)* }
            }

            /// What it does, in a sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Command::$variant => $sentence,)* }
            }
        }
    };
}

commands! {
    Approve = "approve", "Approve the finding, or the lighter findings of a file or group together";
    Reject = "reject", "Reject the finding";
    Comment = "comment", "Write a note on the finding";
    Fix = "fix", "Show the fix; again: apply it to the working tree";
    Withdraw = "withdraw", "Take the decision on this finding back";
    Seen = "seen", "Mark the hunk (or every hunk of the file) as seen, or take that back";
    Undo = "undo", "Undo the latest decision, note, mark or fix";
    Redo = "redo", "Do again what was undone";
    Countersign = "countersign", "Write the decisions into git; shows first exactly what will be written";
    UndoRecording = "undo-recording", "Take the latest recording back out of git; decisions stay";

    NextOpen = "next-open", "Next finding to decide, or the next match while a search is on";
    PreviousOpen = "previous-open", "Previous finding to decide, or the previous match";
    NextHunk = "next-hunk", "Next hunk";
    PreviousHunk = "previous-hunk", "Previous hunk";
    NextFile = "next-file", "Next file";
    PreviousFile = "previous-file", "Previous file";
    Down = "down", "Down one row of the pane";
    Up = "up", "Up one row of the pane";
    Left = "left", "Close the fold, or scroll the code left";
    Right = "right", "Open the fold, or scroll the code right";
    First = "first", "To the first row";
    Last = "last", "To the last row";
    HalfPageDown = "half-page-down", "Half a page down in the code, or in the case when it has the keys";
    HalfPageUp = "half-page-up", "Half a page up";
    PageDown = "page-down", "A page down in the code, or in the case when it has the keys";
    PageUp = "page-up", "A page up";
    ScrollDown = "scroll-down", "One line down in the code, whichever pane has the keys";
    ScrollUp = "scroll-up", "One line up in the code, whichever pane has the keys";
    Centre = "centre", "Put the finding's lines in the middle of the code pane";
    NextPane = "next-pane", "Give the keys to the next pane";
    PreviousPane = "previous-pane", "Give the keys to the previous pane";
    Open = "open", "Open or close the fold, go to the code, or to the place of the evidence";

    Search = "search", "Search the changed code";
    Filter = "filter", "Show only findings with these words";
    Severity = "severity", "Show only findings from this severity on, round and round";
    Audit = "audit", "Show or hide findings of the audit tier";
    Old = "old", "Show or hide findings in code the change did not touch";
    Group = "group", "Group by file, severity, category or commit, round and round";
    Refresh = "refresh", "Load the change again and take in what is new on disk";
    Editor = "editor", "Open your editor at this line";
    Copy = "copy", "Copy the finding's place and title, or the line of code";

    SideBySide = "side-by-side", "Old and new side by side, or one under the other";
    Wrap = "wrap", "Wrap long lines, or cut them";
    WholeFile = "whole-file", "Show the whole file, or only what changed";
    Theme = "theme", "Dark or light";
    Palette = "palette", "Find a command by its name";
    Help = "help", "All keys";
    Back = "back", "Close, clear the search, put the fix away";
    Suspend = "suspend", "Back to the shell; fg returns";
    Quit = "quit", "Leave; everything decided is kept";

    Submit = "submit", "Do what the dialog says";
    NewLine = "new-line", "Begin a new line in a text";
    NextField = "next-field", "Next field of the dialog";
    PreviousField = "previous-field", "Previous field of the dialog";
    Choice1 = "choice-1", "The first choice";
    Choice2 = "choice-2", "The second choice";
    Choice3 = "choice-3", "The third choice";
    EditMessage = "edit-message", "Edit the message before it is written";
    OtherWay = "other-way", "Record the other way: a note, or a commit of its own";
    CopyFeedback = "copy-feedback", "Copy the feedback for the agent";

    Nothing = "nothing", "Unbinds a key";
}

impl Command {
    /// The command of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }
}
