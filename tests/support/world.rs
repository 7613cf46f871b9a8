//! A small world in memory behind fake screens: rows made by rule, filtered, sorted and paged as a database would.

use portaal_console::domain::action::Act;
use portaal_console::domain::filter;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::time::{DAY, HOUR, MINUTE, Timestamp};
use portaal_console::language::Message;
use portaal_console::screens::{Answer, Enter, Filter, List, Screen, Stage};
use portaal_console::service::{Actor, Error};
use portaal_console::ui::page::Side;
use portaal_console::ui::record::{Body, Check, Choice, Related};
use portaal_console::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab, Width};
use std::sync::Arc;

/// The time at which the world stands still: 23 November 2026, 14:02:31 in Amsterdam.
pub const NOW: Timestamp = Timestamp(1_795_438_951_000);

macro_rules! words {
    ($($name:ident = $nl:literal / $en:literal;)+) => {
        $(static $name: Message = Message { key: stringify!($name), nl: $nl, en: $en };)+
    };
}

words! {
    OVERVIEW = "Overzicht" / "Overview";
    WAITS = "Wat wacht" / "What waits";
    REGISTRATIONS = "Aanmeldingen" / "Registrations";
    ORGANISATIONS = "Zorgaanbieders" / "Organisations";
    ACCOUNTS = "Accounts" / "Accounts";
    AGREEMENTS = "Overeenkomsten" / "Agreements";
    ACCEPTANCES = "Akkoorden" / "Acceptances";
    VERSIONS = "Versies" / "Versions";
    SUBMISSIONS = "Aanleveringen" / "Submissions";
    CAUSES = "Oorzaken" / "Causes";
    FIGURES = "Cijfers" / "Figures";
    MAIL = "Mail" / "Mail";
    LOG = "Logboek" / "Audit";
    SYSTEM = "Systeem" / "System";
    NAME = "Naam" / "Name";
    STATE = "Status" / "State";
    AGE = "Sinds" / "Since";
    AGB = "AGB" / "AGB";
    CITY = "Plaats" / "City";
    USERS = "Accounts" / "Accounts";
    TREND = "14 dagen" / "14 days";
    COUNT = "Aantal" / "Count";
    OLDEST = "Oudste" / "Oldest";
    GENERAL = "Algemeen" / "General";
    TIMELINE = "Tijdlijn" / "Timeline";
    TODO = "Te doen" / "To do";
    DATA = "Gegevens" / "Data";
    WHAT = "Wat" / "What";
    WHEN = "Wanneer" / "When";
    RELATED = "Mail" / "Mail";
    NOTHING = "Er wacht niets." / "Nothing waits.";
    NO_ROWS = "Nog geen aanmeldingen. Lees er een in met: portaal registration import" / "No registrations yet. Import one with: portaal registration import";
}

const fn column(name: &'static str, title: &'static Message, width: Width, rank: u8) -> Column {
    Column {
        name,
        title,
        width,
        rank,
        sort: None,
    }
}

static COLUMNS: &[Column] = &[
    Column {
        sort: Some("name"),
        ..column("name", &NAME, Width::Fill { min: 18, weight: 3 }, 0)
    },
    column("state", &STATE, Width::Fixed(16), 0),
    Column {
        sort: Some("age"),
        ..column("since", &AGE, Width::Fixed(6), 0)
    },
    column("agb", &AGB, Width::Fixed(8), 1),
    column("city", &CITY, Width::Fill { min: 10, weight: 1 }, 2),
    column("users", &USERS, Width::Fixed(8), 3),
];
static PULSE: &[Column] = &[
    column("what", &WHAT, Width::Fill { min: 20, weight: 1 }, 0),
    column("count", &COUNT, Width::Fixed(7), 0),
    column("oldest", &OLDEST, Width::Fixed(7), 0),
    column("trend", &TREND, Width::Fixed(14), 1),
];
const STATES: &[&str] = &["received", "in_setup", "completed", "rejected", "withdrawn"];
static STAGES: &[Stage] = &[
    Stage { state: "received" },
    Stage { state: "in_setup" },
    Stage { state: "completed" },
    Stage { state: "rejected" },
];
static FILTERS: &[Filter] = &[
    Filter {
        name: "status",
        codes: STATES,
    },
    Filter {
        name: "city",
        codes: &[],
    },
    Filter {
        name: "age",
        codes: &[],
    },
];
static ACTS: &[Act] = &[
    Act::RegistrationSetUp,
    Act::RegistrationComplete,
    Act::RegistrationReject,
    Act::RegistrationWithdraw,
];

macro_rules! list {
    ($name:ident $kind:ident $title:ident $acts:expr) => {
        static $name: List = List {
            kind: Kind::$kind,
            title: &$title,
            columns: COLUMNS,
            filters: FILTERS,
            sorts: &["age", "name"],
            order: "-age",
            stages: STAGES,
            load: |_, _, q| answer(page(Kind::$kind, &q)),
            enter: Enter::Record(|_, _, id| answer(Ok(record(&id)))),
            aside: None,
            acts: $acts,
            creates: &[],
            empty: &NO_ROWS,
        };
    };
}

list!(REGISTRATION_LIST Registration REGISTRATIONS ACTS);
list!(ORGANISATION_LIST Organisation ORGANISATIONS &[Act::OrganisationEdit, Act::OrganisationEnd]);
list!(ACCOUNT_LIST Account ACCOUNTS &[Act::AccountLock, Act::AccountResend]);
list!(ACCEPTANCE_LIST Acceptance ACCEPTANCES &[Act::AgreementRemind]);
list!(AGREEMENT_LIST Agreement VERSIONS &[Act::AgreementPublish]);
list!(MAIL_LIST Mail MAIL &[Act::MailResend, Act::MailCancel, Act::MailUndo]);
list!(AUDIT_LIST Audit LOG &[]);
list!(JOB_LIST Job SYSTEM &[]);

static SUBMISSION_LIST: List = List {
    aside: Some(|_, _, id| answer(Ok(record(&id)))),
    kind: Kind::Submission,
    title: &SUBMISSIONS,
    columns: COLUMNS,
    filters: FILTERS,
    sorts: &["age", "name"],
    order: "-age",
    stages: STAGES,
    load: |_, _, q| answer(page(Kind::Submission, &q)),
    enter: Enter::Record(|_, _, id| answer(Ok(record(&id)))),
    acts: &[Act::SubmissionRetry, Act::SubmissionReject],
    creates: &[],
    empty: &NO_ROWS,
};

static CAUSE_LIST: List = List {
    kind: Kind::Cause,
    title: &CAUSES,
    columns: COLUMNS,
    filters: FILTERS,
    sorts: &["age", "name"],
    order: "-age",
    stages: &[],
    load: |_, _, q| answer(page(Kind::Cause, &q)),
    enter: Enter::Members {
        open: |_, _, id| answer(Ok(record(&id))),
        of: Kind::Submission,
        by: |row| format!("group:{}", row.id),
    },
    aside: None,
    acts: &[Act::CauseRetry, Act::CauseMail],
    creates: &[],
    empty: &NO_ROWS,
};

/// Rows that are made of rows of the same list; those that were received are made of nothing.
static FIGURE_LIST: List = List {
    kind: Kind::Figure,
    title: &FIGURES,
    columns: COLUMNS,
    filters: FILTERS,
    sorts: &["age", "name"],
    order: "-age",
    stages: &[],
    load: |_, _, q| answer(page(Kind::Figure, &q)),
    enter: Enter::Members {
        open: |_, _, id| answer(Ok(record(&id))),
        of: Kind::Figure,
        by: |row| {
            if row.state == "received" {
                String::new()
            } else {
                format!("group:{}", row.id)
            }
        },
    },
    aside: None,
    acts: &[],
    creates: &[],
    empty: &NO_ROWS,
};

static OVERVIEW_LIST: List = List {
    kind: Kind::System,
    title: &WAITS,
    columns: PULSE,
    filters: &[],
    sorts: &[],
    order: "",
    stages: &[],
    load: |_, _, _| answer(Ok(overview())),
    enter: Enter::Link,
    aside: None,
    acts: &[],
    creates: &[],
    empty: &NOTHING,
};

macro_rules! screen {
    ($key:literal $title:ident $nl:literal $en:literal $($list:ident)+) => {
        &Screen { key: $key, title: &$title, name_nl: $nl, name_en: $en, lists: &[$(&$list),+] }
    };
}

/// The screens.
pub static SCREENS: &[&Screen] = &[
    screen!('1' OVERVIEW "overzicht" "overview" OVERVIEW_LIST),
    screen!('2' REGISTRATIONS "aanmeldingen" "registrations" REGISTRATION_LIST),
    screen!('3' ORGANISATIONS "zorgaanbieders" "organisations" ORGANISATION_LIST),
    screen!('4' ACCOUNTS "accounts" "accounts" ACCOUNT_LIST),
    screen!('5' AGREEMENTS "overeenkomsten" "agreements" ACCEPTANCE_LIST AGREEMENT_LIST),
    screen!('6' SUBMISSIONS "aanleveringen" "submissions" SUBMISSION_LIST CAUSE_LIST),
    screen!('7' MAIL "mail" "mail" MAIL_LIST),
    screen!('8' LOG "logboek" "audit" AUDIT_LIST),
    screen!('9' SYSTEM "systeem" "system" JOB_LIST FIGURE_LIST),
];

fn answer<T: Send + 'static>(result: Result<T, Error>) -> Answer<T> {
    Box::pin(std::future::ready(result))
}

/// How many rows each list has.
pub const ROWS: usize = 1234;

const FIRST: &[&str] = &[
    "Praktijk",
    "Stichting",
    "GGZ",
    "Psychologen",
    "Centrum",
    "Coöperatie",
];
const SECOND: &[&str] = &[
    "De Linde",
    "Het Baken",
    "Zonzijde",
    "Oosterpoort",
    "De Vlinder",
    "Waterland",
    "Rijnstroom",
];
const CITIES: &[&str] = &[
    "Utrecht",
    "Zwolle",
    "Middelburg",
    "’s-Hertogenbosch",
    "Groningen",
    "Apeldoorn",
];

fn pick<'a>(from: &[&'a str], n: usize) -> &'a str {
    from.get(n % from.len()).copied().unwrap_or_default()
}

/// The row of a number: the higher, the older.
pub fn row(n: usize) -> Row {
    let state = pick(STATES, n * 7 / 3);
    let name = format!("{} {} {n}", pick(FIRST, n), pick(SECOND, n / 2));
    let at = NOW.plus(-(MINUTE * 4 + HOUR * i64::try_from(n).unwrap_or(0)));
    Row {
        id: id(n),
        version: 1,
        state: state.to_owned(),
        label: name.clone(),
        cells: vec![
            Cell::text(name),
            Cell::Code(Kind::Registration, state.to_owned()),
            Cell::Age(at),
            Cell::text(format!("{:08}", 22_000_000 + n * 37)),
            Cell::text(pick(CITIES, n * 5)),
            Cell::Number(i64::try_from(n % 9).unwrap_or(0)),
        ],
        cursor: Cursor {
            key: format!("{:020}", at.0),
            id: id(n),
        },
    }
}

/// The id of a number.
pub fn id(n: usize) -> String {
    format!("0193f0a0-0000-7000-8000-{n:012}")
}

/// Every row of the world, newest first.
pub fn rows() -> Vec<Row> {
    (0..ROWS).map(row).collect()
}

/// A page as a database would give it.
pub fn page(_: Kind, query: &Query) -> Result<Page, Error> {
    page_of(&rows(), query)
}

/// A page of given rows.
pub fn page_of(rows: &[Row], query: &Query) -> Result<Page, Error> {
    let terms = filter::parse(&query.filter, &["status", "city", "age", "group"])?;
    let fits = |row: &&Row| {
        terms.iter().all(|t| match t.field.as_str() {
            "status" => t.values.contains(&row.state) != t.negated,
            "group" => true,
            _ => t
                .values
                .iter()
                .all(|v| row.label.to_lowercase().contains(&v.to_lowercase())),
        })
    };
    let mut kept: Vec<Row> = rows.iter().filter(fits).cloned().collect();
    if query.sort.trim_start_matches('-') == "name" {
        kept.sort_by(|a, b| a.label.cmp(&b.label));
    }
    if query.sort == "age" || query.sort == "-name" {
        kept.reverse();
    }
    let counts = STATES.iter().map(|s| {
        (
            (*s).to_owned(),
            rows.iter().filter(|r| r.state == **s).count(),
        )
    });
    let limit = usize::try_from(query.limit).unwrap_or(0);
    let at = query
        .cursor
        .as_ref()
        .and_then(|c| kept.iter().position(|r| r.id == c.id));
    let range = match (query.side, at) {
        (Side::After, None) => 0..limit.min(kept.len()),
        (Side::After, Some(n)) => n + 1..(n + 1 + limit).min(kept.len()),
        (Side::Before, None) => kept.len().saturating_sub(limit)..kept.len(),
        (Side::Before, Some(n)) => n.saturating_sub(limit)..n,
    };
    Ok(Page {
        before: range.start > 0,
        after: range.end < kept.len(),
        total: i64::try_from(kept.len()).ok(),
        counts: counts
            .map(|(s, n)| (s, i64::try_from(n).unwrap_or(0)))
            .collect(),
        rows: kept.get(range).unwrap_or_default().to_vec(),
        at: NOW,
    })
}

/// The page of Overzicht.
pub fn overview() -> Page {
    let line = |what: &str, link: &str, count: i64, age: i64, trend: &[u32]| Row {
        id: link.to_owned(),
        version: 0,
        state: String::new(),
        label: what.to_owned(),
        cells: vec![
            Cell::text(what),
            Cell::Number(count),
            Cell::Age(NOW.plus(-age)),
            Cell::Spark(trend.to_vec()),
        ],
        cursor: Cursor {
            key: what.to_owned(),
            id: link.to_owned(),
        },
    };
    let rows = vec![
        line(
            "Aanmeldingen nog niet opgepakt",
            "registrations status:received",
            3,
            5 * DAY,
            &[0, 1, 2, 0, 1, 3, 2, 1, 0, 0, 4, 2, 1, 3],
        ),
        line(
            "Mail mislukt",
            "mail status:failed",
            12,
            2 * DAY,
            &[1, 1, 2, 5, 3, 3, 8, 9, 2, 1, 0, 0, 1, 2],
        ),
        line(
            "Aanleveringen vastgehouden",
            "submissions status:held",
            2,
            3 * HOUR,
            &[0; 14],
        ),
    ];
    Page {
        rows,
        at: NOW,
        ..Page::default()
    }
}

/// A record with every kind of body.
pub fn record(id: &str) -> Record {
    let n = id
        .rsplit('-')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let row = row(n);
    let mail = |n: usize| Row {
        label: format!("Bevestiging {n}"),
        ..self::row(n)
    };
    let mails = (0..30).map(|n| {
        let state = pick(&["sent", "queued", "failed"], n);
        Row {
            cells: vec![
                Cell::text(format!("Bevestiging {n}")),
                Cell::Code(Kind::Mail, state.into()),
                Cell::Moment(NOW),
            ],
            ..mail(n)
        }
    });
    Record {
        id: row.id.clone(),
        version: row.version,
        state: row.state.clone(),
        title: row.label.clone(),
        summary: vec![
            (&AGB, Cell::text("22000037")),
            (&CITY, Cell::text("Utrecht")),
        ],
        tabs: vec![
            Tab {
                title: &GENERAL,
                body: Body::Sections(vec![
                    (
                        &TODO,
                        Body::Checklist(vec![
                            Check {
                                title: &DATA,
                                done: true,
                                detail: "J. de Vries, gisteren".into(),
                            },
                            Check {
                                title: &USERS,
                                done: false,
                                detail: "wacht op een tekenbevoegde".into(),
                            },
                        ]),
                    ),
                    (
                        &DATA,
                        Body::Fields(vec![
                            (&NAME, Cell::text(row.label.clone())),
                            (&CITY, Cell::text("Utrecht")),
                            (&AGE, Cell::Age(NOW.plus(-DAY))),
                            (&STATE, Cell::Code(Kind::Registration, row.state.clone())),
                            (&AGB, Cell::Masked),
                        ]),
                    ),
                ]),
            },
            Tab {
                title: &RELATED,
                body: Body::List(Related {
                    kind: Some(Kind::Mail),
                    columns: vec![&WHAT, &STATE, &WHEN],
                    rows: mails.collect(),
                    more: true,
                    empty: None,
                }),
            },
            Tab {
                title: &TIMELINE,
                body: Body::Text((0..50).map(|n| format!("regel {n}")).collect()),
            },
        ],
        actions: ACTS
            .iter()
            .map(|act| Choice {
                act: *act,
                refusal: refusal(*act, &row.state),
            })
            .collect(),
        claim: None,
        present: Vec::new(),
        at: NOW,
    }
}

fn refusal(act: Act, state: &str) -> Option<String> {
    let legal = portaal_console::domain::action::legal(act, state);
    (!legal).then(|| "Dat kan niet in deze status.".to_owned())
}

/// An operator with the rights of support and administrator.
pub fn actor() -> Arc<Actor> {
    use portaal_console::domain::right::{Language, Role};
    let system = Actor::system("console", Language::Nl);
    Arc::new(Actor {
        operator: "op-1".into(),
        login: "jdevries".into(),
        name: "J. de Vries".into(),
        roles: vec![Role::Support, Role::OnCall, Role::Administrator],
        system: false,
        ..system
    })
}
