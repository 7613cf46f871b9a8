//! Keymaps: what the shipped files hold, what a user's file may say, and how mistakes are told.

use portaal_console::console::command::{Command, Offer};
use portaal_console::console::key::{Chord, Code, Key, sequence};
use portaal_console::console::keymap::{Context, Keymap, Meaning, reference};
use portaal_console::console::keymap_file::{Problem, Reason, load, parse};
use portaal_console::domain::action::Act;
use portaal_console::language::Language;
use std::path::Path;

const SCREENS: &[&str] = &["mail", "registrations"];

fn shipped(name: &str) -> Keymap {
    load(name, Path::new("/nonexistent"), SCREENS).expect("a shipped keymap")
}

fn keys(text: &str) -> Vec<Key> {
    sequence(text).expect("keys")
}

fn problem(text: &str) -> (usize, Problem) {
    let error = parse("keys.toml", text, SCREENS).expect_err("a mistake");
    (error.line, error.problem)
}

#[test]
fn shipped_keymaps_load() {
    for name in ["default", "vim"] {
        assert!(shipped(name).contexts().count() >= 10, "{name}");
    }
}

#[test]
fn a_key_is_written_as_it_is_read() {
    let texts = [
        "j",
        "G",
        "Ctrl-d",
        "Alt-x",
        "Enter",
        "Space",
        "Shift-Tab",
        "PgDn",
        "F1",
        "F12",
        "/",
        "-",
        "é",
        "*",
    ];
    for text in texts {
        let key: Key = text.parse().expect("a key");
        assert_eq!(key.to_string(), text);
    }
    for text in ["", "Ctrl-", "Foo", "F13", "jj", "Hyper-x"] {
        assert!(text.parse::<Key>().is_err(), "{text}");
    }
}

#[test]
fn the_character_counts_and_not_shift() {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    let shifted = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
    assert_eq!(Key::of(&shifted), Some(Key::char('G')));
    let shifted = KeyEvent::new(KeyCode::Char('?'), KeyModifiers::SHIFT);
    assert_eq!(Key::of(&shifted), Some(Key::char('?')));
    let control = KeyEvent::new(KeyCode::Char('D'), KeyModifiers::CONTROL);
    assert_eq!(Key::of(&control), Some(Key::ctrl('d')));
}

/// What every list must do on which key, as the manual promises.
const PROMISED: &[(&str, Command)] = &[
    ("j", Command::Down),
    ("k", Command::Up),
    ("Down", Command::Down),
    ("Up", Command::Up),
    ("g", Command::First),
    ("G", Command::Last),
    ("Ctrl-d", Command::HalfDown),
    ("Ctrl-u", Command::HalfUp),
    ("PgUp", Command::PageUp),
    ("PgDn", Command::PageDown),
    ("Enter", Command::Open),
    ("Esc", Command::Back),
    ("Space", Command::Mark),
    ("v", Command::Range),
    ("*", Command::MarkAll),
    ("/", Command::Filter),
    ("n", Command::NextMatch),
    ("N", Command::PreviousMatch),
    ("s", Command::Sort),
    ("x", Command::Actions),
    ("y", Command::CopyId),
    ("Y", Command::CopyField),
    (":", Command::Palette),
    ("?", Command::Help),
    ("p", Command::Pause),
    ("Ctrl-r", Command::Refresh),
    ("-", Command::PreviousScreen),
    ("Tab", Command::NextPane),
    ("1", Command::Screen('1')),
    ("9", Command::Screen('9')),
    ("u", Command::Undo),
    ("q", Command::Close),
    ("Ctrl-c", Command::Cancel),
    ("Ctrl-z", Command::Suspend),
    ("Ctrl-l", Command::Repaint),
];

#[test]
fn every_list_has_the_same_grammar() {
    let keymap = shipped("default");
    for (key, command) in PROMISED {
        let meaning = keymap.resolve(&[Context::List, Context::Global], &keys(key));
        assert_eq!(meaning, Meaning::Run(*command), "{key}");
    }
}

#[test]
fn a_question_is_only_answered_yes_by_y() {
    let keymap = shipped("default");
    let yes = keymap.keys_of(&[Context::Confirm], Command::Yes);
    assert_eq!(yes, ["y"]);
    let enter = keymap.resolve(&[Context::Confirm], &keys("Enter"));
    assert_eq!(enter, Meaning::Run(Command::No));
}

#[test]
fn every_chord_has_a_twin() {
    let keymap = shipped("default");
    for context in keymap.contexts() {
        let bindings = keymap.bindings(context);
        for (chord, binding) in bindings
            .iter()
            .filter(|(k, _)| k.iter().any(|k| k.chord != Chord::Plain))
        {
            let twin = bindings
                .iter()
                .any(|(k, b)| b.run == binding.run && k.iter().all(|k| k.chord == Chord::Plain));
            let typed = binding.run.offer() == Offer::Palette;
            // Half a page is a page by another key; words and lines are erased one character at a time too.
            let by_steps = matches!(
                binding.run,
                Command::HalfDown | Command::HalfUp | Command::DeleteWord | Command::DeleteLine
            );
            assert!(
                twin || typed || by_steps,
                "{chord:?} {:?} in {context:?}",
                binding.run
            );
        }
    }
}

#[test]
fn sequences_wait_for_their_end() {
    let keymap = shipped("vim");
    let list = [Context::List, Context::Global];
    assert_eq!(keymap.resolve(&list, &keys("g")), Meaning::Wait);
    assert_eq!(
        keymap.resolve(&list, &keys("g g")),
        Meaning::Run(Command::First)
    );
    assert_eq!(keymap.resolve(&list, &keys("g x")), Meaning::Unknown);
    assert_eq!(
        keymap.resolve(&list, &keys("j")),
        Meaning::Run(Command::Down),
        "what vim.toml leaves stays"
    );
}

#[test]
fn a_screen_goes_before_the_list_and_the_list_before_all() {
    let text = "[mail]\nkeymap = [{ on = \"r\", run = \"mail resend\" }]\n[list]\nkeymap = [{ on = \"r\", run = \"refresh\" }]";
    let keymap = parse("keys.toml", text, SCREENS).expect("a keymap");
    let mail = [Context::Screen("mail"), Context::List, Context::Global];
    assert_eq!(
        keymap.resolve(&mail, &keys("r")),
        Meaning::Run(Command::Act(Act::MailResend))
    );
    assert_eq!(
        keymap.resolve(&mail[1..], &keys("r")),
        Meaning::Run(Command::Refresh)
    );
}

#[test]
fn the_users_file_wins_and_can_take_a_key_away() {
    let mut keymap = shipped("default");
    let own = "[list]\nkeymap = [{ on = \"j\", run = \"nothing\" }, { on = \"g d\", run = \"last\", desc = \"Onderaan\" }]";
    keymap.overlay(parse("keys.toml", own, SCREENS).expect("a keymap"));
    let list = [Context::List, Context::Global];
    assert_eq!(keymap.resolve(&list, &keys("j")), Meaning::Unknown);
    assert_eq!(
        keymap.resolve(&list, &keys("g")),
        Meaning::Wait,
        "g alone gave way to g d"
    );
    assert!(reference(&keymap, Language::Nl).contains("Onderaan"));
}

#[test]
fn mistakes_name_the_line_and_what_was_meant() {
    let near = |text: &str| Some(text.to_owned());
    let rows: &[(&str, usize, Problem)] = &[
        (
            "[lst]\nkeymap = []",
            1,
            Problem::Context("lst".into(), near("list")),
        ),
        (
            "[list]\nkeymap = [\n { on = \"j\", run = \"dwon\" },\n]",
            3,
            Problem::Action("dwon".into(), near("down")),
        ),
        (
            "[list]\nkeymap = [{ on = \"r\", run = \"mail resnd\" }]",
            2,
            Problem::Action("mail resnd".into(), near("mail resend")),
        ),
        (
            "[list]\nkeymap = [{ on = \"Foo\", run = \"down\" }]",
            2,
            Problem::Key("Foo".into()),
        ),
        (
            "[list]\nkeymap = [\n{ on = \"j\", run = \"down\" },\n{ on = \"j\", run = \"up\" }]",
            4,
            Problem::Clash("j".into(), 3),
        ),
        (
            "[list]\nkeymap = [\n{ on = \"g\", run = \"down\" },\n{ on = \"g g\", run = \"up\" }]",
            4,
            Problem::Clash("g g".into(), 3),
        ),
    ];
    for (text, line, expected) in rows {
        assert_eq!(problem(text), (*line, expected.clone()), "{text}");
    }
    let told = parse("keys.toml", rows.get(1).map_or("", |r| r.0), SCREENS).expect_err("a mistake");
    assert_eq!(
        told.tell(Language::Nl),
        "keys.toml, regel 3: onbekende actie \"dwon\"; bedoelde je \"down\"?"
    );
    let (line, toml) = problem("[list]\nkeymap = [{ on = \"j\" }]");
    assert_eq!(line, 2);
    assert!(matches!(toml, Problem::Toml(_)));
}

#[test]
fn keys_that_terminals_cannot_be_trusted_with_are_refused() {
    let rows = [
        ("Ctrl-h", Reason::Control),
        ("Ctrl-i", Reason::Control),
        ("Ctrl-j", Reason::Control),
        ("Ctrl-m", Reason::Control),
        ("Ctrl-[", Reason::Control),
        ("Ctrl-a", Reason::Prefix),
        ("Ctrl-b", Reason::Prefix),
        ("Ctrl-s", Reason::Prefix),
        ("Ctrl-q", Reason::Prefix),
        ("Alt-3", Reason::Digit),
        ("'", Reason::Dead),
        ("~", Reason::Dead),
        ("^", Reason::Dead),
        ("`", Reason::Dead),
        ("]", Reason::AltGr),
        ("@", Reason::AltGr),
    ];
    for (key, reason) in rows {
        let text = format!("[list]\nkeymap = [{{ on = \"{key}\", run = \"down\" }}]");
        assert_eq!(problem(&text), (2, Problem::Forbidden(key.into(), reason)));
    }
    let twin = "[list]\nkeymap = [{ on = [\"]\", \"w\"], run = \"down\" }]";
    assert!(
        parse("keys.toml", twin, SCREENS).is_ok(),
        "with a twin it may"
    );
}

#[test]
fn every_command_has_one_name() {
    let all: Vec<Command> = Command::PLAIN
        .iter()
        .copied()
        .chain(Act::ALL.iter().map(|a| Command::Act(*a)))
        .collect();
    for command in &all {
        assert_eq!(Command::of(&command.name()), Some(*command));
        assert!(!command.describe(Language::Nl).is_empty());
    }
    assert_eq!(Command::of("screen-4"), Some(Command::Screen('4')));
    assert_eq!(Command::of("screen-44"), None);
}

#[test]
fn what_is_typed_reaches_inputs() {
    for code in ['a', 'Z', '1', 'é'] {
        assert_eq!(Key::char(code).typed(), Some(code));
    }
    assert_eq!(Key::char(' ').typed(), Some(' '));
    assert_eq!(
        Key {
            code: Code::Char('a'),
            chord: Chord::Ctrl
        }
        .typed(),
        None
    );
}
