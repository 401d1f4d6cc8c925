//! What things look like: roles, and the themes that give each role a style.
//!
//! Owns the list of [`Role`]s (the only way the screen names a look) and the loading of theme files: `themes/roles.toml` says
//! which palette entry each role uses, `themes/dark.toml` and `themes/light.toml` are palettes, and a user's own theme file (from
//! the user's configuration only) lies over one of them. Colours are brought down to what the terminal can show in [`depth`];
//! [`background`] asks the terminal whether it is dark. Nothing else in the program names a colour.

pub mod background;
pub mod depth;
mod file;
mod role;

pub use background::Background;
pub use depth::Depth;
pub use role::{Role, Syntax};

use depth::Colour;
use ratatui::style::{Color, Modifier, Style};

/// The palettes and roles that ship with the program.
const DARK: &str = include_str!("../../../themes/dark.toml");
const LIGHT: &str = include_str!("../../../themes/light.toml");
const ROLES: &str = include_str!("../../../themes/roles.toml");

/// A theme that could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// Not TOML, or not of a theme's form.
    #[error("the theme {name} is not readable: {why}")]
    Form {
        /// Which theme.
        name: String,
        /// What the reader said.
        why: String,
    },
    /// A colour that is neither `#rrggbb` nor one of the sixteen names nor 0 to 255.
    #[error("the theme {name} gives {entry} the colour `{value}`; write #rrggbb, a colour's name, or `none`")]
    Colour {
        /// Which theme.
        name: String,
        /// Which palette entry.
        entry: String,
        /// What it says.
        value: String,
    },
    /// A role uses a palette entry that is not there.
    #[error("the theme {name} lets `{role}` use `{entry}`, which its palette does not have")]
    Palette {
        /// Which theme.
        name: String,
        /// Which role.
        role: String,
        /// The missing entry.
        entry: String,
    },
    /// A role has no style: only possible in a damaged `roles.toml`.
    #[error("the theme {name} says nothing of `{role}`")]
    Missing {
        /// Which theme.
        name: String,
        /// Which role.
        role: String,
    },
}

/// A style for every role, at one colour depth.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name, as shown when it is switched to.
    pub name: String,
    /// What kind of background it is made for.
    pub background: Background,
    /// What the terminal can show.
    pub depth: Depth,
    roles: [Style; Role::COUNT],
    syntax: [Style; Syntax::COUNT],
}

impl Theme {
    /// The built-in theme for this background.
    ///
    /// # Errors
    /// Only when the embedded files are damaged, which a test rules out.
    pub fn built_in(background: Background, depth: Depth) -> Result<Self, ThemeError> {
        let palette = match background {
            Background::Dark => DARK,
            Background::Light => LIGHT,
        };
        Self::over(&[ROLES, palette], depth)
    }

    /// A user's theme: the text of its file, laid over the built-in theme of the background it names.
    ///
    /// # Errors
    /// When the text is no theme, or names colours or roles that do not exist.
    pub fn from_user(text: &str, depth: Depth) -> Result<Self, ThemeError> {
        let palette = match file::background_of(text)? {
            Background::Dark => DARK,
            Background::Light => LIGHT,
        };
        Self::over(&[ROLES, palette, text], depth)
    }

    fn over(layers: &[&str], depth: Depth) -> Result<Self, ThemeError> {
        let mut merged = file::File::default();
        for layer in layers {
            merged.lay(file::File::read(layer)?);
        }
        let name = merged.name.clone().unwrap_or_default();
        let background = merged.background.unwrap_or_default();
        let mut roles = [Style::new(); Role::COUNT];
        for role in Role::ALL {
            let look = merged.roles.get(&role).ok_or_else(|| missing(&name, role.name()))?;
            roles[role as usize] = look.style(&merged, role.name(), depth)?;
        }
        let mut syntax = [Style::new(); Syntax::COUNT];
        for kind in Syntax::ALL {
            let look = merged.syntax.get(&kind).ok_or_else(|| missing(&name, kind.name()))?;
            syntax[kind as usize] = look.style(&merged, kind.name(), depth)?;
        }
        Ok(Self {
            name,
            background,
            depth,
            roles,
            syntax,
        })
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.roles[role as usize]
    }

    /// The style of a kind of token.
    #[must_use]
    pub fn syntax(&self, kind: Syntax) -> Style {
        self.syntax[kind as usize]
    }
}

fn missing(name: &str, role: &str) -> ThemeError {
    ThemeError::Missing {
        name: name.to_owned(),
        role: role.to_owned(),
    }
}

/// Foreground, background and modifiers of one role, as a theme file states them.
impl file::Look {
    fn style(&self, theme: &file::File, role: &str, depth: Depth) -> Result<Style, ThemeError> {
        let name = theme.name.clone().unwrap_or_default();
        let colour = |entry: &Option<String>| -> Result<Option<Color>, ThemeError> {
            let Some(entry) = entry else { return Ok(None) };
            let row = theme.palette.get(entry).ok_or_else(|| ThemeError::Palette {
                name: name.clone(),
                role: role.to_owned(),
                entry: entry.clone(),
            })?;
            let colour = Colour::read(row).map_err(|value| ThemeError::Colour {
                name: name.clone(),
                entry: entry.clone(),
                value,
            })?;
            Ok(colour.at(depth))
        };
        let (fg, bg) = (colour(&self.fg)?, colour(&self.bg)?);
        let mut style = Style { fg, bg, ..Style::new() };
        for modifier in &self.add {
            style = style.add_modifier((*modifier).into());
        }
        let lost_background = self.bg.is_some() && bg.is_none() && depth <= Depth::Ansi;
        if depth == Depth::None || lost_background {
            for modifier in &self.plain {
                style = style.add_modifier((*modifier).into());
            }
        }
        Ok(style)
    }
}

impl From<file::Mark> for Modifier {
    fn from(mark: file::Mark) -> Self {
        match mark {
            file::Mark::Bold => Modifier::BOLD,
            file::Mark::Dim => Modifier::DIM,
            file::Mark::Italic => Modifier::ITALIC,
            file::Mark::Underlined => Modifier::UNDERLINED,
            file::Mark::Reversed => Modifier::REVERSED,
        }
    }
}

#[cfg(test)]
mod tests;
