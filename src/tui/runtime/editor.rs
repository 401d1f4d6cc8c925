//! The user's editor at a line: an argument vector from the user's environment, no shell.

use std::{io, path::Path, process::Command};

/// How editors take a line, by the program's name. `{file}` and `{line}` are put in.
const LINES: &[(&[&str], &[&str])] = &[
    (
        &[
            "vi",
            "vim",
            "nvim",
            "view",
            "nano",
            "emacs",
            "emacsclient",
            "kak",
            "micro",
            "joe",
            "mg",
            "ne",
        ],
        &["+{line}", "{file}"],
    ),
    (&["hx", "helix", "subl", "zed"], &["{file}:{line}"]),
    (
        &["code", "codium", "code-insiders", "cursor"],
        &["--wait", "--goto", "{file}:{line}"],
    ),
];

/// Program and arguments for `file` at 1-based `line`. `setting` is `$VISUAL` or `$EDITOR`: words at blanks, no quoting, no expansion.
fn arguments(setting: &str, file: &Path, line: u32) -> Option<(String, Vec<std::ffi::OsString>)> {
    let mut words = setting.split_whitespace();
    let program = words.next()?.to_owned();
    let mut arguments: Vec<std::ffi::OsString> = words.map(Into::into).collect();
    let name = Path::new(&program)
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    match LINES.iter().find(|(names, _)| names.contains(&name.as_str())) {
        Some((_, form)) => {
            for part in *form {
                let mut argument = std::ffi::OsString::new();
                let text = part.replace("{line}", &line.to_string());
                let mut pieces = text.split("{file}");
                argument.push(pieces.next().unwrap_or_default());
                for piece in pieces {
                    argument.push(file);
                    argument.push(piece);
                }
                arguments.push(argument);
            }
        }
        None => arguments.push(file.into()),
    }
    Some((program, arguments))
}

/// Opens the editor and waits for it. The caller has given the terminal back.
pub(super) fn open(file: &Path, line: u32) -> io::Result<()> {
    let named = |name: &str| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    let setting = named("VISUAL")
        .or_else(|| named("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    let (program, arguments) = arguments(&setting, file, line).ok_or(io::ErrorKind::NotFound)?;
    Command::new(program).args(arguments).status().map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn vector(setting: &str) -> Vec<String> {
        let (program, arguments) = arguments(setting, Path::new("/r/a b;$(x).py"), 7).unwrap();
        [program]
            .into_iter()
            .chain(arguments.iter().map(|a| a.to_string_lossy().into_owned()))
            .collect()
    }

    #[test]
    fn each_editor_gets_the_line_its_way_and_names_stay_one_argument() {
        assert_eq!(vector("vim"), ["vim", "+7", "/r/a b;$(x).py"]);
        assert_eq!(
            vector("/usr/bin/nvim -u NONE"),
            ["/usr/bin/nvim", "-u", "NONE", "+7", "/r/a b;$(x).py"]
        );
        assert_eq!(vector("hx"), ["hx", "/r/a b;$(x).py:7"]);
        assert_eq!(vector("code"), ["code", "--wait", "--goto", "/r/a b;$(x).py:7"]);
        assert_eq!(vector("ed"), ["ed", "/r/a b;$(x).py"]);
        assert_eq!(arguments("  ", Path::new("x"), 1), None);
    }
}
