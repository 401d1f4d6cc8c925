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
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier},
};
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
    picture("hidden-characters", Screen::of(shop::state(), (160, 45)).keys("Gkk"));
}

#[test]
fn the_review_at_every_size() {
    for (width, height) in [(60, 15), (80, 24), (120, 35), (160, 45), (200, 60)] {
        let text = Screen::of(shop::state(), (width, height)).text();
        insta::assert_snapshot!(format!("review-{width}x{height}"), text);
    }
}

#[test]
fn the_case_takes_the_place_of_the_code_where_it_is_narrow() {
    let text = Screen::of(shop::state(), (80, 24)).keys("<Tab><Tab>").text();
    insta::assert_snapshot!("case-80x24", text);
}

#[test]
fn no_size_breaks_the_screen() {
    for width in [1, 5, 20, 30, 31, 59, 99, 100, 139, 140, 250] {
        for height in [1, 2, 5, 6, 7, 15, 16, 24, 90] {
            let mut screen = Screen::of(shop::state(), (width, height));
            for keys in ["j", "<Tab>", "<Tab>", "sw", "z", "a", "?", "<Esc>", ":", "<Esc>", "ac"] {
                screen.keys(keys);
            }
        }
    }
}

#[test]
fn the_selected_row_and_the_offending_lines_show_without_colour() {
    let mut screen = Screen::with(shop::state(), (160, 45), Depth::None, Background::Dark);
    let buffer = screen.frame();
    let row = (0..45)
        .find(|y| {
            (0..40)
                .map(|x| buffer[(x, *y)].symbol())
                .collect::<String>()
                .contains("SQL statement")
        })
        .unwrap();
    assert!(buffer[(5, row)].modifier.contains(Modifier::REVERSED));
    assert_eq!(buffer[(1, row)].symbol(), "▶");
    let offending = (0..45).any(|y| (40..110).any(|x| buffer[(x, y)].modifier.contains(Modifier::UNDERLINED)));
    assert!(offending, "the offending code is underlined");
    assert!(
        buffer
            .content
            .iter()
            .all(|c| c.fg == Color::Reset && c.bg == Color::Reset),
        "no colour anywhere"
    );
}

#[test]
fn approving_a_severe_finding_asks_for_words_and_a_light_one_does_not() {
    let mut screen = Screen::of(shop::state(), (160, 45));
    let open = |s: &Screen| s.app.state().progress().open;
    let before = open(&screen);
    screen.keys("a1<Enter>");
    assert!(screen.text().contains("A reason in words is needed here."));
    screen.keys("only numbers reach this<Enter>");
    assert_eq!(open(&screen), before - 1);
    assert!(screen.text().contains("Approved. u undoes."));
    screen.keys("Gkka2");
    assert_eq!(open(&screen), before - 2, "{}", screen.text());
    screen.keys("u");
    assert_eq!(open(&screen), before - 1);
}

#[test]
fn a_note_that_was_begun_is_not_lost_by_leaving() {
    let mut screen = Screen::of(shop::state(), (160, 45));
    screen.keys("cask Grace first<Esc>q");
    assert!(screen.asked.is_empty(), "it did not leave: {:?}", screen.asked);
    assert!(screen.text().contains("ask Grace first"));
    screen.keys("<Enter>q");
    assert_eq!(screen.asked, [Request::Quit]);
}

#[test]
fn searching_goes_through_the_files_and_escape_ends_it() {
    let mut screen = Screen::of(shop::state(), (160, 45));
    screen.keys("/refund<Enter>");
    assert!(screen.text().contains("Match 1 of"), "{}", screen.text());
    assert!(screen.text().contains("app/auth.py"));
    screen.keys("n");
    assert!(screen.text().contains("Match 2 of"));
    screen.keys("<Esc>");
    assert!(!screen.text().contains("Match"));
}

#[test]
fn evidence_leads_the_code_and_escape_leads_back() {
    let mut screen = Screen::of(shop::state(), (120, 24));
    screen.keys("<Tab>j");
    assert!(screen.text().contains("request.args.get"));
    screen.keys("<Esc><Esc>");
    let text = screen.text();
    assert!(text.contains("db.execute("), "{text}");
}

#[test]
fn nothing_that_hides_reaches_a_cell() {
    let mut state = shop::state();
    shop::select(&mut state, "Characters that hide in a comment");
    let mut screen = Screen::of(state, (160, 45));
    let text = screen.text();
    assert!(text.contains("U+202E"), "{text}");
    let hides = |c: &char| {
        *c != '\n'
            && (c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'))
    };
    assert_eq!(text.chars().find(hides), None, "{text:?}");
}

#[test]
fn a_secret_is_never_drawn() {
    let mut screen = Screen::of(shop::state(), (200, 60));
    for keys in ["", "s", "f", "<Tab>", "zz", "za"] {
        screen.keys(keys);
        assert!(!screen.text().contains("Ub7kq2mZx9"), "after {keys:?}");
    }
}
