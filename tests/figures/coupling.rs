//! Pre and post coupling, rule by rule.

use chrono::NaiveDate;
use portaal_console::domain::coupling::{
    Coupling, Course, Measurement, Moment, Pair, Preference, Reference, Response,
};

const USUAL: Coupling = Coupling {
    months: 3,
    pre: (Reference::Session, Preference::Earlier),
    post: (Reference::Session, Preference::Later),
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

/// `starts ends first last`, with `-` for none.
fn course(text: &str) -> Course {
    let all: Vec<Option<NaiveDate>> = text.split(' ').map(|t| t.parse().ok()).collect();
    Course {
        starts: all[0].expect("starts"),
        ends: all[1],
        first_session: all[2],
        last_session: all[3],
    }
}

/// Measurements such as `<BSI 2025-01-01 1000`, `>` for one after; `x` for a sentinel.
fn measurements(text: &str) -> Vec<Measurement<&str>> {
    let all = text.split(", ").filter(|t| !t.is_empty());
    all.map(|t| {
        let parts: Vec<&str> = t.split(' ').collect();
        Measurement {
            moment: if parts[0].starts_with('<') {
                Moment::Pre
            } else {
                Moment::Post
            },
            instrument: &parts[0][1..],
            day: day(parts[1]),
            score: parts[2].parse().ok(),
        }
    })
    .collect()
}

fn coupled<'a>(coupling: Coupling, path: &str, measured: &'a str) -> Vec<Pair<&'a str>> {
    let mut pairs = Vec::new();
    coupling.pairs(&course(path), &measurements(measured), &mut pairs);
    pairs
}

/// Pairs as `BSI 1000 -`.
fn told(pairs: &[Pair<&str>]) -> String {
    let score = |s: Option<i64>| s.map_or_else(|| "-".to_owned(), |s| s.to_string());
    let all = pairs
        .iter()
        .map(|p| format!("{} {} {}", p.instrument, score(p.pre), score(p.post)));
    all.collect::<Vec<_>>().join(", ")
}

const WHOLE: &str = "2025-01-10 2025-09-20 2025-02-01 2025-09-01";
const BARE: &str = "2025-01-10 2025-09-20 - -";
const OPEN: &str = "2025-01-10 - 2025-02-01 2025-09-01";

/// Why, care path, measurements and what comes of them.
const BY_DATE: &[(&str, &str, &str, &str)] = &[
    ("nothing measured", WHOLE, "", ""),
    (
        "a pair",
        WHOLE,
        "<BSI 2025-02-01 1, >BSI 2025-09-01 2",
        "BSI 1 2",
    ),
    (
        "first day of the window before",
        WHOLE,
        "<BSI 2024-11-01 1",
        "BSI 1 -",
    ),
    ("a day too early", WHOLE, "<BSI 2024-10-31 1", ""),
    (
        "last day of the window before",
        WHOLE,
        "<BSI 2025-05-01 1",
        "BSI 1 -",
    ),
    ("a day too late", WHOLE, "<BSI 2025-05-02 1", ""),
    (
        "first day of the window after",
        WHOLE,
        ">BSI 2025-06-01 1",
        "BSI - 1",
    ),
    ("a day too early after", WHOLE, ">BSI 2025-05-31 1", ""),
    (
        "last day of the window after",
        WHOLE,
        ">BSI 2025-12-01 1",
        "BSI - 1",
    ),
    ("a day too late after", WHOLE, ">BSI 2025-12-02 1", ""),
    (
        "no sessions: the start",
        BARE,
        "<BSI 2024-10-10 1",
        "BSI 1 -",
    ),
    (
        "no sessions: before the start's window",
        BARE,
        "<BSI 2024-10-09 1",
        "",
    ),
    ("no sessions: the end", BARE, ">BSI 2025-12-20 1", "BSI - 1"),
    (
        "open: the one before counts",
        OPEN,
        "<BSI 2025-02-01 1, >BSI 2025-09-01 2",
        "BSI 1 -",
    ),
    (
        "open: one after alone says nothing",
        OPEN,
        ">BSI 2025-09-01 2",
        "",
    ),
    (
        "nearest before",
        WHOLE,
        "<BSI 2025-01-30 1, <BSI 2025-02-02 2, <BSI 2025-02-04 3",
        "BSI 2 -",
    ),
    (
        "as near before: the earlier",
        WHOLE,
        "<BSI 2025-02-03 1, <BSI 2025-01-30 2",
        "BSI 2 -",
    ),
    (
        "as near after: the later",
        WHOLE,
        ">BSI 2025-09-03 1, >BSI 2025-08-30 2",
        "BSI - 1",
    ),
    (
        "as near, whatever the order",
        WHOLE,
        ">BSI 2025-08-30 2, >BSI 2025-09-03 1",
        "BSI - 1",
    ),
    (
        "instruments apart",
        WHOLE,
        "<BSI 2025-02-01 1, >SQ48 2025-09-01 2",
        "BSI 1 -, SQ48 - 2",
    ),
    (
        "each its own pair",
        WHOLE,
        "<BSI 2025-02-01 1, <SQ48 2025-02-01 3, >SQ48 2025-09-01 4, >BSI 2025-09-01 2",
        "BSI 1 2, SQ48 3 4",
    ),
    (
        "a sentinel is none",
        WHOLE,
        "<BSI 2025-02-01 x, >BSI 2025-09-01 2",
        "BSI - 2",
    ),
    (
        "a sentinel gives way",
        WHOLE,
        "<BSI 2025-02-01 x, <BSI 2025-03-01 1",
        "BSI 1 -",
    ),
];

#[test]
fn measurements_are_coupled_by_their_dates() {
    for (why, path, measured, expected) in BY_DATE {
        assert_eq!(told(&coupled(USUAL, path, measured)), *expected, "{why}");
    }
}

#[test]
fn a_pair_is_of_two_dates() {
    let short = "2025-02-01 2025-03-01 2025-02-01 2025-03-01";
    for (why, measured, expected) in [
        (
            "one day alone",
            "<BSI 2025-02-15 1, >BSI 2025-02-15 2",
            "BSI 1 -",
        ),
        (
            "the next best after",
            "<BSI 2025-02-15 1, >BSI 2025-02-15 2, >BSI 2025-03-20 3",
            "BSI 1 3",
        ),
        (
            "other instruments may",
            "<BSI 2025-02-15 1, >SQ48 2025-02-15 2",
            "BSI 1 -, SQ48 - 2",
        ),
    ] {
        assert_eq!(told(&coupled(USUAL, short, measured)), expected, "{why}");
    }
}

#[test]
fn windows_end_with_the_month_and_the_leap_year() {
    for (why, path, measured, expected) in [
        (
            "three months before 31 May is the last of February",
            "2025-05-31 - - -",
            "<BSI 2025-02-28 1",
            "BSI 1 -",
        ),
        (
            "in a leap year the 29th",
            "2024-05-31 - - -",
            "<BSI 2024-02-29 1",
            "BSI 1 -",
        ),
        (
            "and not the 28th",
            "2024-05-31 - - -",
            "<BSI 2024-02-28 1",
            "",
        ),
        (
            "three months after 30 November",
            "2025-11-30 - - -",
            "<BSI 2026-02-28 1",
            "BSI 1 -",
        ),
        (
            "and no day more",
            "2025-11-30 - - -",
            "<BSI 2026-03-01 1",
            "",
        ),
        (
            "from a leap day back",
            "2024-02-29 - - -",
            "<BSI 2023-11-29 1",
            "BSI 1 -",
        ),
        (
            "and no day more back",
            "2024-02-29 - - -",
            "<BSI 2023-11-28 1",
            "",
        ),
        (
            "from a leap day on",
            "2024-02-29 - - -",
            "<BSI 2024-05-29 1",
            "BSI 1 -",
        ),
    ] {
        assert_eq!(told(&coupled(USUAL, path, measured)), expected, "{why}");
    }
}

#[test]
fn a_definition_says_which_dates_and_how_far() {
    let path = "2025-01-10 2025-09-20 2025-02-01 2025-09-01";
    let by_path = Coupling {
        months: 1,
        pre: (Reference::CarePath, Preference::Later),
        post: (Reference::CarePath, Preference::Earlier),
    };
    for (measured, expected) in [
        ("<BSI 2025-01-09 1, <BSI 2025-01-11 2", "BSI 2 -"),
        (">BSI 2025-09-19 1, >BSI 2025-09-21 2", "BSI - 1"),
        ("<BSI 2025-02-11 1, >BSI 2025-10-20 2", "BSI - 2"),
    ] {
        assert_eq!(
            told(&coupled(by_path, path, measured)),
            expected,
            "{measured}"
        );
    }
}

#[test]
fn a_response_is_named_by_what_there_is() {
    let pair = |pre: Option<i64>, post: Option<i64>| Pair {
        instrument: "BSI",
        pre,
        post,
    };
    for (pairs, expected) in [
        (vec![], Response::NonResponder),
        (vec![pair(Some(1), None)], Response::Dropout),
        (vec![pair(None, Some(1))], Response::NonStarter),
        (vec![pair(Some(1), Some(1))], Response::Completer),
        (
            vec![pair(Some(1), None), pair(None, Some(1))],
            Response::Dropout,
        ),
        (
            vec![pair(None, Some(1)), pair(Some(1), Some(1))],
            Response::Completer,
        ),
    ] {
        assert_eq!(Response::of(&pairs), expected, "{pairs:?}");
    }
}
