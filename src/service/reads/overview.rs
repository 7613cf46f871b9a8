//! Overzicht: what waits for a person now, how the last two weeks went, whether worker and database are well, who is on line.
//! Every line is one `Enter` from its list. Read from counters and by index; nothing is counted row by row.

use super::super::read::begin;
use super::super::{Actor, Error, Services};
use super::{cause, fixed, wide, worker};
use crate::domain::filter::{Compare, parse};
use crate::domain::kind::Kind;
use crate::domain::text::fold;
use crate::domain::time::{DAY, Timestamp};
use crate::language::{Language, Message, column as c, display, screen, state};
use crate::service::presence::HERE;
use crate::store::lists::cause as cause_rows;
use crate::store::lists::overview::{self as waits, Queue, Waiting};
use crate::store::lists::worker::alive;
use crate::store::{Engine, Tx, presence};
use crate::ui::{Cell, Column, Cursor, Page, Query, Row};
use std::borrow::Cow;

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("what", &c::WHAT, (30, 3), 0),
    fixed("count", &c::AMOUNT, 6, 0),
    fixed("oldest", &c::OLDEST, 6, 0),
    fixed("who", &c::WHO, 13, 0),
    fixed("trend", &c::TREND, 14, 1),
];

/// Days of a trend.
const DAYS: i64 = 14;
/// Causes that are shown.
const CAUSES: i64 = 5;

/// Something that may wait: its list, what it is called, who must act, and where it is read.
struct Line {
    link: &'static str,
    what: &'static Message,
    who: &'static Message,
    waiting: Waiting,
}

static LINES: &[Line] = &[
    Line {
        link: "registrations status:received",
        what: &screen::WAIT_REGISTRATIONS,
        who: &screen::WHO_SUPPORT,
        waiting: waits::REGISTRATIONS_RECEIVED,
    },
    Line {
        link: "registrations status:in_setup",
        what: &screen::WAIT_SETUP,
        who: &screen::WHO_SUPPORT,
        waiting: waits::REGISTRATIONS_IN_SETUP,
    },
    Line {
        link: "accounts status:expired",
        what: &screen::WAIT_ACCOUNTS,
        who: &screen::WHO_SUPPORT,
        waiting: waits::ACCOUNTS_EXPIRED,
    },
    Line {
        link: "organisations status:active !signatory",
        what: &screen::WAIT_SIGNATORY,
        who: &screen::WHO_SUPPORT,
        waiting: waits::WITHOUT_SIGNATORY,
    },
    Line {
        link: "organisations status:active delivered !reader",
        what: &screen::WAIT_READER,
        who: &screen::WHO_SUPPORT,
        waiting: waits::WITHOUT_READER,
    },
    Line {
        link: "agreements status:pending",
        what: &screen::WAIT_ACCEPTANCES,
        who: &screen::WHO_SIGNATORY,
        waiting: waits::ACCEPTANCES_PENDING,
    },
    Line {
        link: "submissions/cause age<1d",
        what: &screen::WAIT_CAUSES,
        who: &screen::WHO_ON_CALL,
        waiting: waits::CAUSES_NEW,
    },
    Line {
        link: "submissions/obligation status:overdue",
        what: &screen::WAIT_OBLIGATIONS,
        who: &screen::WHO_ORGANISATION,
        waiting: waits::OBLIGATIONS_OVERDUE,
    },
    Line {
        link: "connections status:requested",
        what: &screen::WAIT_CONNECTIONS,
        who: &screen::WHO_SUPPORT,
        waiting: waits::CONNECTIONS_REQUESTED,
    },
    Line {
        link: "connections uncollected:ja",
        what: &screen::WAIT_UNCOLLECTED,
        who: &screen::WHO_SUPPORT,
        waiting: waits::CONNECTIONS_UNCOLLECTED,
    },
    Line {
        link: "connections judge:ja",
        what: &screen::WAIT_TEST_RUNS,
        who: &screen::WHO_ON_CALL,
        waiting: waits::TEST_RUNS,
    },
    Line {
        link: "connections/licence status:active,expiring",
        what: &screen::WAIT_LICENCES,
        who: &screen::WHO_SUPPORT,
        waiting: waits::LICENCES_END,
    },
    Line {
        link: "submissions/submission status:held",
        what: &screen::WAIT_HELD,
        who: &screen::WHO_ON_CALL,
        waiting: waits::SUBMISSIONS_HELD,
    },
    Line {
        link: "submissions/submission status:failed",
        what: &screen::WAIT_FAILED,
        who: &screen::WHO_ON_CALL,
        waiting: waits::SUBMISSIONS_FAILED,
    },
    Line {
        link: "mails status:failed age<30d !resent",
        what: &screen::WAIT_MAIL_FAILED,
        who: &screen::WHO_SUPPORT,
        waiting: waits::MAILS_FAILED,
    },
    Line {
        link: "mails status:unknown age<30d !resent",
        what: &screen::WAIT_MAIL_UNKNOWN,
        who: &screen::WHO_SUPPORT,
        waiting: waits::MAILS_UNKNOWN,
    },
    Line {
        link: "mails status:bounced age<30d !resent",
        what: &screen::WAIT_MAIL_BOUNCED,
        who: &screen::WHO_SUPPORT,
        waiting: waits::MAILS_BOUNCED,
    },
    Line {
        link: "system status:held",
        what: &screen::WAIT_JOBS,
        who: &screen::WHO_ON_CALL,
        waiting: waits::JOBS_HELD,
    },
];

/// A trend: its list, what it is called, and the names that are added up per day.
struct Trend {
    link: &'static str,
    what: &'static Message,
    names: &'static [&'static str],
}

static TRENDS: &[Trend] = &[
    Trend {
        link: "submissions/submission age<14d",
        what: &screen::TREND_SUBMISSIONS,
        names: &["submission.received"],
    },
    Trend {
        link: "submissions/submission status:failed,invalid age<14d",
        what: &screen::TREND_FAILED,
        names: &["submission.failed", "submission.invalid"],
    },
    Trend {
        link: "mails status:sent age<14d",
        what: &screen::TREND_MAIL,
        names: &["mail.sent"],
    },
];

/// One line as it is shown; `part` is its row state, so that a screen can tell the parts apart.
struct Shown {
    part: &'static str,
    /// `SCREEN/NOUN FILTER`, or empty for a line that leads nowhere.
    link: Cow<'static, str>,
    what: String,
    count: Cell,
    oldest: Timestamp,
    who: String,
    trend: Cell,
}

impl Shown {
    fn row(self) -> Row {
        let own = || format!("-{} {}", self.part, self.what);
        Row {
            id: if self.link.is_empty() {
                own()
            } else {
                self.link.into_owned()
            },
            version: 0,
            state: self.part.to_owned(),
            cells: vec![
                Cell::text(&self.what),
                self.count,
                Cell::Age(self.oldest),
                Cell::text(self.who),
                self.trend,
            ],
            label: self.what,
            cursor: Cursor::default(),
        }
    }
}

/// The whole list; it is always one page.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    let now = services.clock.now();
    let language = actor.language;
    let mut tx = begin(services, actor).await?;
    let mut rows = waiting(&mut tx, now, language).await?;
    rows.extend(causes(&mut tx, now, language).await?);
    rows.extend(trends(&mut tx, now, language).await?);
    rows.extend(health(&mut tx, services, now, language).await?);
    for here in presence::online(&mut tx, now.plus(-HERE)).await? {
        let what = screen::ON_LINE.with(language, &[("name", &here.operator_name)]);
        rows.push(Shown {
            oldest: here.seen_at,
            who: screen::named(&here.screen).map_or(here.screen, |m| m.text(language).to_owned()),
            ..quiet("online", what)
        });
    }
    tx.rollback().await?;
    let terms = parse(&query.filter, &[])?;
    let words: Vec<&String> = terms
        .iter()
        .filter(|t| t.compare == Compare::Text)
        .flat_map(|t| &t.values)
        .collect();
    rows.retain(|r| words.iter().all(|w| fold(&r.what).contains(&fold(w))));
    let rows: Vec<Row> = rows.into_iter().map(Shown::row).collect();
    Ok(Page {
        total: i64::try_from(rows.len()).ok(),
        rows,
        at: now,
        ..Page::default()
    })
}

/// A line without figures.
fn quiet(part: &'static str, what: String) -> Shown {
    Shown {
        part,
        link: Cow::Borrowed(""),
        what,
        count: Cell::Empty,
        oldest: Timestamp::NEVER,
        who: String::new(),
        trend: Cell::Empty,
    }
}

/// What waits, oldest first; a line of which nothing waits is left out.
async fn waiting(tx: &mut Tx, now: Timestamp, language: Language) -> Result<Vec<Shown>, Error> {
    let mut found: Vec<(&Line, Queue)> = Vec::with_capacity(LINES.len());
    for line in LINES {
        let queue = waits::queue(tx, line.waiting, now.plus(-30 * DAY)).await?;
        if queue.n > 0 {
            found.push((line, queue));
        }
    }
    found.sort_by_key(|(_, queue)| queue.oldest);
    if found.is_empty() {
        let what = screen::NO_WAITING.text(language).to_owned();
        return Ok(vec![quiet("calm", what)]);
    }
    let shown = |(line, queue): (&Line, Queue)| Shown {
        part: "waiting",
        link: Cow::Borrowed(line.link),
        what: line.what.text(language).to_owned(),
        count: Cell::Number(queue.n),
        oldest: queue.oldest,
        who: line.who.text(language).to_owned(),
        trend: Cell::Empty,
    };
    Ok(found.into_iter().map(shown).collect())
}

/// How many today, for the column that says who in other lines.
fn today(n: i64, language: Language) -> String {
    let count = display::number(n, language);
    screen::TODAY.with(language, &[("count", &count)])
}

/// By what most stands still: today against the last two weeks.
async fn causes(tx: &mut Tx, now: Timestamp, language: Language) -> Result<Vec<Shown>, Error> {
    let worst = cause_rows::worst(tx, CAUSES).await?;
    let shown = |r: cause_rows::Row| {
        let trend = cause::trend(&r.days, now);
        let code = state::label(Kind::Cause, &r.code, language);
        let name = format!("{code} {}", r.vendor);
        Shown {
            link: Cow::Owned(format!("submissions/submission group:{}", r.id)),
            count: Cell::Number(r.n),
            oldest: r.first_at,
            who: today(i64::from(trend.last().copied().unwrap_or(0)), language),
            trend: Cell::Spark(trend),
            ..quiet(
                "cause",
                screen::STANDS_STILL.with(language, &[("name", name.trim_end())]),
            )
        }
    };
    Ok(worst.into_iter().map(shown).collect())
}

async fn trends(tx: &mut Tx, now: Timestamp, language: Language) -> Result<Vec<Shown>, Error> {
    let days: Vec<String> = (0..DAYS)
        .rev()
        .map(|ago| display::iso_date(now.plus(-ago * DAY)))
        .collect();
    let since = days.first().cloned().unwrap_or_default();
    let mut shown = Vec::with_capacity(TRENDS.len());
    for trend in TRENDS {
        let mut counts = Vec::new();
        for name in trend.names {
            counts.extend(waits::daily(tx, name, &since).await?);
        }
        let on = |day: &String| -> i64 {
            let of_day = counts.iter().filter(|(d, _)| d == day);
            of_day.map(|(_, n)| *n).sum()
        };
        let each: Vec<i64> = days.iter().map(on).collect();
        let height = |n: &i64| u32::try_from((*n).max(0)).unwrap_or(u32::MAX);
        shown.push(Shown {
            part: "trend",
            link: Cow::Borrowed(trend.link),
            count: Cell::Number(each.iter().sum()),
            who: today(each.last().copied().unwrap_or(0), language),
            trend: Cell::Spark(each.iter().map(height).collect()),
            ..quiet("trend", trend.what.text(language).to_owned())
        });
    }
    Ok(shown)
}

/// Workers that were heard, and the database; without a worker a line says so.
async fn health(
    tx: &mut Tx,
    services: &Services,
    now: Timestamp,
    language: Language,
) -> Result<Vec<Shown>, Error> {
    let mut rows = Vec::new();
    for w in alive(tx, now.plus(-worker::SILENT)).await? {
        let name = format!("{} {} ({})", w.host, w.pid, w.via);
        rows.push(Shown {
            oldest: w.seen_at,
            ..quiet(
                "health",
                screen::HEALTH_WORKER.with(language, &[("name", &name)]),
            )
        });
    }
    if rows.is_empty() {
        rows.push(Shown {
            who: screen::WHO_ADMINISTRATOR.text(language).to_owned(),
            ..quiet("alarm", screen::HEALTH_NO_WORKER.text(language).to_owned())
        });
    }
    let name = match services.db.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let what = screen::HEALTH_DATABASE.with(language, &[("name", name)]);
    rows.push(quiet("health", what));
    Ok(rows)
}
