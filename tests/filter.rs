//! The filter language: what parses to what, what is refused and why, and that no text makes it panic.

use portaal_console::domain::filter::{
    Compare, FilterError, MOST_TERMS, Term, nearest, parse, quoted,
};
use portaal_console::domain::period;
use portaal_console::domain::time::{DAY, HOUR};
use portaal_console::store::filter::containing;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

const FIELDS: &[&str] = &["status", "vendor", "age", "assigned", "org"];

fn one(text: &str) -> Term {
    let mut terms = parse(text, FIELDS).expect(text);
    assert_eq!(terms.len(), 1, "{text}");
    terms.pop().expect("term")
}

fn shown(text: &str) -> (bool, String, Compare, Vec<String>) {
    let term = one(text);
    (term.negated, term.field, term.compare, term.values)
}

#[test]
fn each_form_of_a_term() {
    let rows: &[(&str, bool, &str, Compare, &[&str])] = &[
        ("status:invalid", false, "status", Compare::Is, &["invalid"]),
        ("status:a,b", false, "status", Compare::Is, &["a", "b"]),
        ("STATUS:Invalid", false, "status", Compare::Is, &["Invalid"]),
        ("!status:a", true, "status", Compare::Is, &["a"]),
        (
            "vendor:\"ROM Plus\"",
            false,
            "vendor",
            Compare::Is,
            &["ROM Plus"],
        ),
        ("vendor:\"a,b\"", false, "vendor", Compare::Is, &["a,b"]),
        (
            "vendor:ROM\" \"Plus",
            false,
            "vendor",
            Compare::Is,
            &["ROM Plus"],
        ),
        ("age>2d", false, "age", Compare::More, &["2d"]),
        ("age<2d", false, "age", Compare::Less, &["2d"]),
        ("!assigned", true, "assigned", Compare::Present, &[]),
        ("assigned", false, "", Compare::Text, &["assigned"]),
        ("assigned:*", false, "assigned", Compare::Is, &["*"]),
        ("linde", false, "", Compare::Text, &["linde"]),
        ("!linde", true, "", Compare::Text, &["linde"]),
        ("\"status:x\"", false, "", Compare::Text, &["status:x"]),
        ("\"!x\"", false, "", Compare::Text, &["!x"]),
        ("!", false, "", Compare::Text, &["!"]),
    ];
    for (text, negated, field, compare, values) in rows {
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        assert_eq!(
            shown(text),
            (*negated, (*field).to_owned(), *compare, values),
            "{text}"
        );
    }
}

#[test]
fn terms_stand_where_they_begin() {
    let terms = parse("  status:a  \"twee woorden\" !x", FIELDS).expect("filter");
    assert_eq!(terms.iter().map(|t| t.at).collect::<Vec<_>>(), [2, 12, 27]);
}

#[test]
fn what_is_refused_says_why() {
    assert_eq!(
        parse("a \"b", FIELDS),
        Err(FilterError::OpenQuote { at: 2 })
    );
    let unknown = FilterError::UnknownField {
        field: "satus".to_owned(),
        nearest: Some("status".to_owned()),
    };
    assert_eq!(parse("satus:a", FIELDS), Err(unknown));
    let far = FilterError::UnknownField {
        field: "zzzzzz".to_owned(),
        nearest: None,
    };
    assert_eq!(parse("zzzzzz:a", FIELDS), Err(far));
    assert!(matches!(
        parse("status:", FIELDS),
        Err(FilterError::BadValue { .. })
    ));
    let many = "x ".repeat(MOST_TERMS + 1);
    assert_eq!(
        parse(&many, FIELDS),
        Err(FilterError::TooMany { most: MOST_TERMS })
    );
}

#[test]
fn nothing_is_no_filter() {
    for text in ["", "   ", "\"\"", "\u{a0}"] {
        assert_eq!(parse(text, FIELDS), Ok(Vec::new()), "{text:?}");
    }
    assert_eq!(nearest("", &[]), None);
}

#[test]
fn periods_are_days_in_amsterdam() {
    let summer = period::parse("2026-07-01").expect("day");
    assert_eq!(summer.until.since(summer.from), DAY);
    assert_eq!(period::parse("01-07-2026"), Some(summer));
    let spring = period::parse("2026-03-29").expect("day");
    assert_eq!(spring.until.since(spring.from), 23 * HOUR);
    let autumn = period::parse("2026-10-25").expect("day");
    assert_eq!(autumn.until.since(autumn.from), 25 * HOUR);
    let year = period::parse("2026").expect("year");
    assert_eq!(year.until.since(year.from), 365 * DAY);
    assert_eq!(
        period::parse_days("2026-02"),
        Some(("2026-02-01".to_owned(), "2026-03-01".to_owned()))
    );
    for text in [
        "",
        "2026-13",
        "2026-02-30",
        "26",
        "2026-1",
        "99999",
        "+999",
        "-1-1",
        "2026-٠١",
    ] {
        assert_eq!(period::parse(text), None, "{text}");
    }
}

#[test]
fn patterns_hold_their_signs() {
    assert_eq!(containing("100%_\\"), "%100\\%\\_\\\\%");
    assert_eq!(containing("  Müller  "), "%muller%");
}

#[test]
fn a_day_whose_midnight_does_not_exist_begins_at_its_first_minute() {
    let period = period::parse("1916-05-01").expect("a day");
    assert_eq!(
        period.until.since(period.from),
        23 * HOUR,
        "the clocks went forward an hour at midnight"
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        drop(parse(&text, FIELDS));
        prop_assert!(period::parse(&text).is_none_or(|p| p.until > p.from));
        prop_assert!(period::parse_days(&text).is_none_or(|(a, b)| a < b));
    }

    #[test]
    fn no_text_of_its_own_marks_panics(text in "[a-z:<>!,\"* 0-9%_-]{0,40}") {
        if let Ok(terms) = parse(&text, FIELDS) {
            for term in terms {
                prop_assert!(term.at < text.chars().count());
                prop_assert!(term.compare == Compare::Present || !term.values.is_empty());
            }
        }
    }

    #[test]
    fn a_quoted_value_comes_back(value in "[^\"]{1,30}") {
        let value = value.trim();
        if !value.is_empty() {
            let term = one(&format!("vendor:{}", quoted(value)));
            prop_assert_eq!(term.values, vec![value.to_owned()]);
            let free = one(&quoted(value));
            prop_assert_eq!(free.values, vec![value.to_owned()]);
        }
    }

    #[test]
    fn periods_follow_each_other(year in 1900..2200_i32, month in 1..13_u32, day in 1..29_u32) {
        let text = format!("{year:04}-{month:02}-{day:02}");
        let period = period::parse(&text);
        prop_assert!(period.is_some_and(|p| p.until > p.from));
    }
}
