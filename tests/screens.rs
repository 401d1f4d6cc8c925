//! What people see: named scenes at fixed sizes, as text for review and as pictures for the README.
//!
//! `UPDATE_SCREENSHOTS=1 cargo test --test screens` writes the pictures anew; `INSTA_UPDATE=always` the texts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shop.rs"]
mod shop;

use countersign::{
    review::{Action, State},
    tui::{
        app::{App, Request, Setup},
        glyphs::Glyphs,
        highlight::worker::Paint,
        keymap::Keymap,
        panes::{
            case::{Explanation, Explanations},
            code::Options,
        },
        shots::{Frame, svg},
        theme::{Background, Depth, Role, Theme},
    },
};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::{buffer::Buffer, layout::Rect, style::Color};
use std::path::Path;

/// The screen, driven as the runtime would: journal entries come back at once, files are painted at once.
struct Screen {
    app: App,
    size: (u16, u16),
    asked: Vec<Request>,
}

impl Screen {
    fn of(state: State, size: (u16, u16)) -> Self {
        Self::with(state, size, Depth::True, Background::Dark)
    }

    fn with(state: State, size: (u16, u16), depth: Depth, background: Background) -> Self {
        let other = if background == Background::Dark {
            Background::Light
        } else {
            Background::Dark
        };
        let setup = Setup {
            project: "shop".into(),
            keymap: Keymap::built_in().unwrap(),
            themes: vec![
                Theme::built_in(background, depth).unwrap(),
                Theme::built_in(other, depth).unwrap(),
            ],
            glyphs: Glyphs::unicode(),
            options: Options::default(),
            explanations: explanations(),
        };
        let mut screen = Self {
            app: App::new(state, setup),
            size,
            asked: Vec::new(),
        };
        screen.frame();
        screen
    }

    /// Types keys: words are typed letter by letter, `<Enter>` and the like are named keys.
    fn keys(&mut self, text: &str) -> &mut Self {
        for key in parse(text) {
            let requests = self.app.input(&Event::Key(key));
            self.perform(requests);
            self.frame();
        }
        self
    }

    fn perform(&mut self, requests: Vec<Request>) {
        for request in requests {
            match request {
                Request::Journal(entry) => {
                    let more = self.app.take(Action::Journaled(shop::stamp(entry)));
                    self.perform(more);
                }
                Request::Paint(path) => {
                    let paint = Paint::of(self.app.state().file(&path).unwrap());
                    self.app.painted(paint);
                }
                other => self.asked.push(other),
            }
        }
    }

    /// One frame as the runtime makes it.
    fn frame(&mut self) -> Buffer {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let requests = self.app.fit(area);
        self.perform(requests);
        self.app.fit(area);
        let mut buffer = Buffer::empty(area);
        self.app.draw(&mut buffer);
        let requests = self.app.drawn();
        self.perform(requests);
        buffer
    }

    fn text(&mut self) -> String {
        let buffer = self.frame();
        let rows = (0..buffer.area.height).map(|y| {
            let mut row = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                x += (unicode_width::UnicodeWidthStr::width(symbol) as u16).max(1);
            }
            row.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }
}

fn explanations() -> Explanations {
    let about = Explanation {
        why:
            "A statement that is put together from text says whatever the text says. Bound parameters never become SQL."
                .into(),
        check: "Follow the value back to where it enters. Is there any way in that is not a number or a fixed word?"
            .into(),
        references: vec!["https://cwe.mitre.org/data/definitions/89.html".into()],
    };
    Explanations::new(move |rule| (rule == "python/sql-injection").then(|| about.clone()))
}

fn parse(text: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
            let (code, modifiers) = match name {
                "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
                "Esc" => (KeyCode::Esc, KeyModifiers::NONE),
                "Tab" => (KeyCode::Tab, KeyModifiers::NONE),
                "Down" => (KeyCode::Down, KeyModifiers::NONE),
                ctrl => (
                    KeyCode::Char(ctrl.strip_prefix("C-").unwrap().chars().next().unwrap()),
                    KeyModifiers::CONTROL,
                ),
            };
            keys.push(KeyEvent::new(code, modifiers));
            rest = after;
        } else {
            keys.push(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
            rest = &rest[c.len_utf8()..];
        }
    }
    keys
}

/// Compares the screen with its picture, or writes it.
fn picture(name: &str, screen: &mut Screen) {
    let buffer = screen.frame();
    let theme = screen.app.theme();
    let rgb = |colour: Option<Color>| match colour {
        Some(Color::Rgb(r, g, b)) => (r, g, b),
        _ => panic!("pictures are made in true colour"),
    };
    let page = theme.style(Role::Page);
    let frame = Frame {
        page: (rgb(page.fg), rgb(page.bg)),
        title: format!("countersign: {name}"),
    };
    let drawn = svg(&buffer, &frame);
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("screenshots")
        .join(format!("{name}.svg"));
    if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
        std::fs::write(&path, drawn).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{name}.svg is not what the screen shows; UPDATE_SCREENSHOTS=1 writes it anew, then look at it"
    );
}

#[test]
fn pictures() {
    picture("review-160", &mut Screen::of(shop::state(), (160, 45)));
    picture("review-200", &mut Screen::of(shop::state(), (200, 60)));
    picture("review-120", &mut Screen::of(shop::state(), (120, 35)));
    picture("review-80", &mut Screen::of(shop::state(), (80, 24)));
    picture(
        "light-160",
        &mut Screen::with(shop::state(), (160, 45), Depth::True, Background::Light),
    );
    picture(
        "approve",
        Screen::of(shop::state(), (120, 35)).keys("a1ids come from the session, see load_user()"),
    );
    picture("side-by-side", Screen::of(shop::state(), (160, 45)).keys("s"));
    picture("help", Screen::of(shop::state(), (160, 45)).keys("?"));
    picture(
        "hidden-characters",
        Screen::of(shop::state(), (160, 45)).keys("G<Enter>kkkk"),
    );
}
