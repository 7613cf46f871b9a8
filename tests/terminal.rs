//! The real console in a real terminal: every way out leaves the terminal sane, every size is drawn, nothing from outside steers it.

use crate::cli::{first_operator, import};
use crate::support::db::{Mark, World, each_marked};
use crate::support::driver::{Driver, PATIENCE};
use crate::support::program::run;
use portaal_console::domain::check::unprintable;
use portaal_console::store::Engine;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the process may take to be gone.
const GONE: Duration = Duration::from_secs(2);
/// How long another console may take to show a change.
const LIVE: Duration = Duration::from_secs(2);

/// Runs a body with a world on `SQLite`; what happens to a terminal does not depend on the database.
fn with_world(body: impl AsyncFnOnce(&World)) {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    runtime.block_on(async {
        let world = World::new(Engine::Sqlite, Mark::Plain).await;
        first_operator(&world, "support,administrator");
        body(&world).await;
    });
}

fn open(world: &World, variables: &[(&str, &str)], size: (u16, u16)) -> Driver {
    Driver::start(
        &["--database", world.url()],
        variables,
        world.state.path(),
        size,
    )
}

fn open_overview(world: &World, size: (u16, u16)) -> Driver {
    let driver = open(world, &[], size);
    driver.wait_for("Overzicht");
    driver.wait("data", has_data);
    driver
}

/// The age of the data is shown once there is data.
fn has_data(screen: &str) -> bool {
    let after = screen.split("gelezen ").skip(1);
    after
        .filter_map(|rest| rest.chars().next())
        .any(|c| c.is_ascii_digit())
}

/// The terminal is as a shell wants it: lines, echo, cursor, main screen, no mouse, no bracketed paste.
fn is_sane(driver: &Driver) {
    let settings = driver.settings();
    for wanted in ["icanon", "echo", "isig", "icrnl", "opost"] {
        let on = settings.split_whitespace().any(|word| word == wanted);
        assert!(on, "{wanted} is off: {settings}");
    }
    driver.look(|screen| {
        assert!(!screen.alternate_screen(), "the main screen is not back");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    });
}

#[test]
fn opens_and_leaves() {
    with_world(async |world| {
        for size in [(80, 24), (120, 40)] {
            let mut driver = open_overview(world, size);
            driver.look(|screen| assert!(screen.alternate_screen()));
            driver.send("q");
            let status = driver.ended(GONE).expect("the console did not leave");
            assert_eq!(status.exit_code(), 0);
            driver.drained();
            is_sane(&driver);
        }
    });
}

#[test]
fn signals_leave_the_terminal_sane() {
    with_world(async |world| {
        for (name, code) in [("HUP", 129), ("TERM", 143), ("INT", 130), ("QUIT", 143)] {
            let mut driver = open_overview(world, (80, 24));
            driver.signal(name);
            let status = driver.ended(GONE);
            assert!(status.is_some(), "{name}: still there after {GONE:?}");
            assert_eq!(status.expect("status").exit_code(), code, "{name}");
            if name != "HUP" {
                driver.drained();
                is_sane(&driver);
            }
        }
    });
}

#[test]
fn a_terminal_that_goes_away_takes_the_console_along() {
    with_world(async |world| {
        let mut driver = open_overview(world, (80, 24));
        driver.hang_up();
        assert!(driver.ended(GONE).is_some(), "still there after {GONE:?}");
    });
}

#[test]
fn ctrl_c_twice_is_an_interrupt() {
    with_world(async |world| {
        let mut driver = open_overview(world, (80, 24));
        driver.send("\u{3}");
        driver.send("\u{3}");
        let status = driver.ended(GONE).expect("still there");
        assert_eq!(status.exit_code(), 130);
        driver.drained();
        is_sane(&driver);
    });
}

/// Run by `a_panic_leaves_the_terminal_sane` in a terminal of its own.
#[test]
#[ignore = "panics; started by another test"]
fn panics_with_the_terminal() {
    portaal_console::console::terminal::guard_panics();
    let mouse = portaal_console::console::terminal::Mouse::On;
    let _terminal = portaal_console::console::terminal::Terminal::enter(mouse).expect("terminal");
    assert!(std::hint::black_box(false), "this panic is wanted");
}

#[test]
fn a_panic_leaves_the_terminal_sane() {
    let state = tempfile::tempdir().expect("directory");
    let program = std::env::current_exe().expect("test binary");
    let words = [
        "--exact",
        "terminal::panics_with_the_terminal",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ];
    let mut driver = Driver::start_program(&program, &words, &[], state.path(), (80, 24));
    driver.wait_for("this panic is wanted");
    assert!(driver.ended(PATIENCE).is_some());
    driver.drained();
    is_sane(&driver);
    let bytes = String::from_utf8_lossy(&driver.bytes()).into_owned();
    assert!(
        bytes.contains("\u{1b}[?1049h"),
        "it never had the terminal: {bytes:?}"
    );
}

#[test]
fn a_draft_survives_the_end_of_the_process() {
    with_world(async |world| {
        import(world, "12345678");
        let mut driver = open_overview(world, (120, 40));
        driver.send("2");
        driver.wait_for("Praktijk 12345678");
        driver.send("x");
        driver.wait_for("Inrichten");
        driver.send("\r");
        driver.wait_for("KvK-nummer");
        driver.send(" dubbel aangemeld");
        driver.wait_for("dubbel aangemeld");
        driver.signal("TERM");
        assert!(driver.ended(GONE).is_some());
        let kept = files_with(world.state.path(), "dubbel aangemeld");
        assert_eq!(kept, 1, "the draft was lost:\n{}", driver.screen());
    });
}

fn files_with(directory: &Path, text: &str) -> usize {
    let entries = std::fs::read_dir(directory).expect("directory");
    let count = |path: std::path::PathBuf| {
        if path.is_dir() {
            return files_with(&path, text);
        }
        usize::from(std::fs::read_to_string(path).is_ok_and(|t| t.contains(text)))
    };
    entries.map(|e| count(e.expect("entry").path())).sum()
}

#[test]
fn the_selected_row_shows_without_colour() {
    with_world(async |world| {
        for variables in [&[("NO_COLOR", "1")][..], &[]] {
            let driver = open(world, variables, (80, 24));
            driver.wait("data", has_data);
            let (marked, coloured) = driver.look(|screen| {
                let cells =
                    (0..24).flat_map(|row| (0..80).filter_map(move |col| screen.cell(row, col)));
                let all: Vec<_> = cells.collect();
                (
                    all.iter()
                        .filter(|c| c.inverse() || c.bgcolor() != vt100::Color::Default)
                        .count(),
                    all.iter().any(|c| {
                        c.fgcolor() != vt100::Color::Default || c.bgcolor() != vt100::Color::Default
                    }),
                )
            });
            assert!(
                marked > 20,
                "no row stands out with {variables:?}:\n{}",
                driver.screen()
            );
            assert!(
                variables.is_empty() || !coloured,
                "colour in spite of NO_COLOR"
            );
        }
    });
}

#[test]
fn every_size_is_drawn() {
    with_world(async |world| {
        let mut driver = open_overview(world, (60, 15));
        driver.resize((59, 14));
        driver.wait_for("60×15");
        driver.resize((1, 1));
        driver.resize((2, 40));
        driver.resize((200, 60));
        driver.wait_for("Overzicht");
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..40 * soak() {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let side =
                |shift: u32, most: u64| u16::try_from((seed >> shift) % most + 1).expect("small");
            driver.resize((side(33, 220), side(45, 70)));
            let key = ["j", "2", "3", "?", "\u{1b}", "G", "1", ":"]
                [usize::try_from(seed >> 61).expect("small")];
            driver.send(key);
        }
        driver.resize((80, 24));
        driver.send("\u{1b}");
        driver.send("\u{1b}");
        driver.send("\u{1b}");
        driver.wait("the console after all those sizes", |screen| {
            screen.contains("portaal.db")
        });
        driver.signal("TERM");
        assert!(driver.ended(GONE).is_some());
        driver.drained();
        is_sane(&driver);
    });
}

fn soak() -> u64 {
    std::env::var("PORTAAL_TEST_SOAK")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    with_world(async |world| {
        crate::cli::forms::add_hostile(world).await;
        let mut driver = open_overview(world, (120, 40));
        driver.send("2");
        driver.wait_for("Aanmeldingen");
        driver.wait_for("11111111");
        driver.send("\r");
        driver.wait_for("Inrichting");
        for _ in 0..5 {
            driver.send("\t");
            driver.send("j");
        }
        driver.send("x");
        driver.wait_for("Afwijzen");
        driver.send("\u{1b}");
        driver.send(":");
        driver.send("cmd");
        driver.wait("the palette", |screen| screen.contains("cmd"));
        driver.signal("TERM");
        assert!(driver.ended(GONE).is_some());
        driver.drained();
        judge(&driver.bytes());
    });
}

/// Takes away the sequences that the console itself may send; what then still is a control or unseen character came from outside.
fn judge(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("UTF-8 to the terminal");
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let sequence = &rest[at + 1..];
        assert!(
            sequence.starts_with('['),
            "not a CSI: {:?}",
            sequence.chars().take(12).collect::<String>()
        );
        let end = sequence
            .find(|c: char| c.is_ascii_alphabetic() || c == '@')
            .expect("end of a sequence");
        rest = &sequence[end + 1..];
    }
    plain.push_str(rest);
    let bad = plain
        .chars()
        .find(|c| !matches!(c, '\r' | '\n') && unprintable(*c));
    assert!(bad.is_none(), "{bad:?} reached the terminal");
}

#[test]
fn a_change_elsewhere_is_seen_within_two_seconds() {
    each_marked(Mark::Plain, |world| async move {
        first_operator(&world, "support,administrator");
        let mut driver = open_overview(&world, (120, 40));
        driver.send("2");
        driver.wait_for("Aanmeldingen");
        driver.wait("data", has_data);
        let began = Instant::now();
        import(&world, "12345678");
        let imported = Instant::now();
        driver.wait("the new registration", |screen| {
            screen.contains("Praktijk 12345678") || screen.contains("1 nieuw")
        });
        assert!(
            imported.elapsed() < LIVE,
            "{:?} after {:?}",
            imported.elapsed(),
            imported - began
        );
        driver.send("q");
        driver.ended(GONE);
        run(&world, &["audit", "verify"]).exits(0);
    });
}
