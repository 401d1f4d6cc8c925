#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn both(depth: Depth) -> [Theme; 2] {
    [Background::Dark, Background::Light].map(|b| Theme::built_in(b, depth).unwrap())
}

/// Relative luminance of WCAG 2.
fn luminance(colour: Color) -> f64 {
    let Color::Rgb(r, g, b) = colour else {
        panic!("{colour:?} is not 24-bit")
    };
    let channel = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn code_is_readable_on_every_background_it_lies_on() {
    for theme in both(Depth::True) {
        let page = theme.style(Role::Page).bg.unwrap();
        for ground in [Role::Page, Role::Added, Role::Removed, Role::Selected, Role::Popup] {
            let ground_colour = theme.style(ground).bg.unwrap_or(page);
            for kind in Syntax::ALL {
                let fg = theme.syntax(kind).fg.unwrap_or(theme.style(Role::Text).fg.unwrap());
                let ratio = contrast(fg, ground_colour);
                assert!(ratio >= 4.5, "{} {kind:?} on {ground:?}: {ratio:.2}", theme.name);
            }
        }
        for ground in [Role::AddedWord, Role::RemovedWord, Role::Match] {
            for kind in Syntax::ALL {
                let fg = theme.syntax(kind).fg.unwrap_or(theme.style(Role::Text).fg.unwrap());
                let ratio = contrast(fg, theme.style(ground).bg.unwrap());
                assert!(ratio >= 3.0, "{} {kind:?} on {ground:?}: {ratio:.2}", theme.name);
            }
        }
    }
}

#[test]
fn signs_and_words_are_readable() {
    let meaning = [
        Role::Text,
        Role::Strong,
        Role::Dim,
        Role::Title,
        Role::TitleFocused,
        Role::Product,
        Role::Key,
        Role::Good,
        Role::Warn,
        Role::Bad,
        Role::Critical,
        Role::High,
        Role::Medium,
        Role::Low,
        Role::Info,
        Role::Open,
        Role::Approved,
        Role::Rejected,
        Role::Fixed,
        Role::Stale,
        Role::Unseen,
        Role::Agent,
        Role::Person,
        Role::AddedSign,
        Role::RemovedSign,
        Role::Bar,
        Role::Evidence,
    ];
    for theme in both(Depth::True) {
        let page = theme.style(Role::Page).bg.unwrap();
        for ground in [
            page,
            theme.style(Role::Selected).bg.unwrap(),
            theme.style(Role::Popup).bg.unwrap(),
        ] {
            for role in meaning {
                let ratio = contrast(theme.style(role).fg.unwrap(), ground);
                assert!(ratio >= 4.5, "{} {role:?}: {ratio:.2}", theme.name);
            }
        }
        for role in [Role::Faint, Role::Gutter, Role::PopupEdge] {
            let ratio = contrast(theme.style(role).fg.unwrap(), page);
            assert!(ratio >= 3.0, "{} {role:?}: {ratio:.2}", theme.name);
        }
        for role in [Role::Hidden, Role::MatchCurrent] {
            let style = theme.style(role);
            assert!(
                contrast(style.fg.unwrap(), style.bg.unwrap()) >= 4.5,
                "{} {role:?}",
                theme.name
            );
        }
    }
}

/// Added and removed stay apart for people who do not tell red from green: compared by lightness-free opponent signals of a
/// simulated deuteranope (Vienot 1999).
#[test]
fn added_and_removed_differ_without_red_green_sight() {
    let seen = |colour: Color| {
        let Color::Rgb(r, g, b) = colour else { panic!() };
        let (r, g, b) = (f64::from(r), f64::from(g), f64::from(b));
        let yellow = 0.29 * r + 0.71 * g;
        (yellow, b)
    };
    for theme in both(Depth::True) {
        for (a, b) in [
            (Role::AddedSign, Role::RemovedSign),
            (Role::AddedWord, Role::RemovedWord),
        ] {
            let pick = |role: Role| theme.style(role).bg.or(theme.style(role).fg).unwrap();
            let (a, b) = (seen(pick(a)), seen(pick(b)));
            let (hue_a, hue_b) = (a.1 - a.0, b.1 - b.0);
            assert!((hue_a - hue_b).abs() > 25.0, "{}: {hue_a:.0} {hue_b:.0}", theme.name);
        }
    }
}

#[test]
fn without_colour_nothing_names_one_and_selection_still_shows() {
    for theme in both(Depth::None) {
        for role in Role::ALL {
            assert_eq!((theme.style(role).fg, theme.style(role).bg), (None, None), "{role:?}");
        }
        assert!(theme.style(Role::Selected).add_modifier.contains(Modifier::REVERSED));
        assert!(theme.style(Role::Offending).add_modifier.contains(Modifier::UNDERLINED));
    }
}

#[test]
fn sixteen_colours_keep_the_terminals_own_background() {
    for theme in both(Depth::Ansi) {
        assert_eq!(theme.style(Role::Page).bg, None);
        assert!(theme.style(Role::Selected).add_modifier.contains(Modifier::REVERSED));
        assert!(theme.style(Role::High).fg.is_some());
    }
}

#[test]
fn a_user_theme_lies_over_a_built_in_one_and_errors_name_what_is_wrong() {
    let text = "name = \"mine\"\nbackground = \"light\"\n[palette]\nink = { rgb = \"#010203\", ansi = \"black\" }\n";
    let theme = Theme::from_user(text, Depth::True).unwrap();
    assert_eq!(theme.style(Role::Text).fg, Some(Color::Rgb(1, 2, 3)));
    assert_eq!(theme.background, Background::Light);
    let error = |text: &str| Theme::from_user(text, Depth::True).unwrap_err().to_string();
    assert!(error("name = \"x\"\n[palette]\nink = { rgb = \"red\", ansi = \"red\" }").contains("`red`"));
    assert!(error("name = \"x\"\n[roles]\nhigh = { fg = \"nope\" }").contains("`nope`"));
    assert!(error("name = \"x\"\n[roles]\nhihg = {}").contains("hihg"));
}
