//! Without a command: the review screen.

use super::{Failure, Outcome, args::ReviewArgs, output, subject};
use crate::{
    config::{Config, UserFiles},
    record::Presence,
    session::{self, Session, SessionError},
    tui::{self, Left, ScreenError, ThemeChoice, panes::code::Options, theme::Background},
};
use std::path::{Path, PathBuf};

/// The user's key table, in the configuration folder.
const KEYMAP: &str = "keymap.toml";

pub(super) fn run(args: &ReviewArgs, dir: Option<&Path>) -> Result<Outcome, Failure> {
    let files = UserFiles::standard();
    let opening = session::Opening {
        dir: dir.map_or_else(|| PathBuf::from("."), Path::to_path_buf),
        request: subject::request(&args.change),
        files: files.clone(),
        rules: Vec::new(),
    };
    let session = Session::open(opening, Presence::observe())?;
    let screen = opening_of(&files, session.config(), args.theme.as_deref())?;
    let left = tui::run(session, screen)?;
    output::print(&farewell(left))?;
    Ok(Outcome::Done)
}

/// How the user wants the screen: the arguments, else the configuration. The repository has no say.
fn opening_of(files: &UserFiles, config: &Config, theme: Option<&str>) -> Result<tui::Opening, Failure> {
    let keys = files.text(KEYMAP).map_err(SessionError::from)?;
    let theme = match (theme, &config.screen.theme) {
        (Some(name), _) => built_in(name).map_or_else(|| read(Path::new(name)), Ok)?,
        (None, Some(name)) => match built_in(name) {
            Some(theme) => theme,
            None => match files.text(name).map_err(SessionError::from)? {
                Some((_, text)) => ThemeChoice::File(text),
                None => return Err(no_theme(name)),
            },
        },
        (None, None) => ThemeChoice::Automatic,
    };
    Ok(tui::Opening {
        theme,
        keys: keys.map(|(_, text)| text),
        options: Options {
            wrap: config.screen.wrap,
            ..Options::default()
        },
        mouse: config.screen.mouse,
    })
}

fn built_in(name: &str) -> Option<ThemeChoice> {
    match name {
        "dark" => Some(ThemeChoice::BuiltIn(Background::Dark)),
        "light" => Some(ThemeChoice::BuiltIn(Background::Light)),
        _ => None,
    }
}

fn read(path: &Path) -> Result<ThemeChoice, Failure> {
    let text = std::fs::read_to_string(path).map_err(|_| no_theme(&path.display().to_string()))?;
    Ok(ThemeChoice::File(text))
}

fn no_theme(name: &str) -> Failure {
    Failure::new(format!("there is no theme {name}")).hint("Themes are dark, light, or a theme file.")
}

/// One line after the screen is gone.
fn farewell(left: Left) -> String {
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    match (left.open, left.unseen) {
        (0, 0) => "Everything is decided and seen.\n".into(),
        (open, unseen) => format!(
            "{} open, {} not seen. Everything decided is kept; `countersign` goes on where you left.\n",
            count(open, "finding", "findings"),
            count(unseen, "hunk", "hunks")
        ),
    }
}

impl From<ScreenError> for Failure {
    fn from(error: ScreenError) -> Self {
        let hint = match &error {
            ScreenError::NoTerminal(_) => Some("`countersign scan` needs none.".into()),
            ScreenError::Session(error) => error.hint(),
            ScreenError::Change(error) => error.hint(),
            _ => None,
        };
        Failure {
            what: error.to_string(),
            hint,
        }
    }
}
