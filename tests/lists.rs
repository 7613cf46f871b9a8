//! The lists on both databases: pages both ways, filters, totals, what is masked and what is noted.

use crate::records::open;
use crate::support::db::{World, each};
use crate::support::stock::{self, fill};
use portaal_console::domain::filter::FilterError;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::screens::{ALL, List, list_of};
use portaal_console::service::reads::search;
use portaal_console::service::{Actor, Error};
use portaal_console::store::audit::after;
use portaal_console::ui::{Cursor, Page, Query, Side};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What a list answers: identifiers, or nothing for a filter that it refuses.
type Answers = BTreeMap<String, Option<Vec<String>>>;

/// Everything that a filter finds.
pub fn query(filter: &str) -> Query {
    Query {
        filter: filter.to_owned(),
        limit: 1000,
        ..Query::default()
    }
}

/// One page of a list.
pub async fn load(
    world: &World,
    actor: &Arc<Actor>,
    list: &List,
    query: Query,
) -> Result<Page, Error> {
    (list.load)(world.services.clone(), Arc::clone(actor), query).await
}

async fn ids(world: &World, actor: &Arc<Actor>, kind: Kind, filter: &str) -> Vec<String> {
    let list = list_of(kind).expect("list");
    let page = load(world, actor, list, query(filter)).await.expect(filter);
    page.rows.into_iter().map(|r| r.id).collect()
}

/// Every list of every screen.
pub fn lists() -> impl Iterator<Item = &'static List> {
    ALL.iter().flat_map(|screen| screen.lists).copied()
}

/// All rows, page by page from one end, as identifiers.
async fn walk(
    world: &World,
    actor: &Arc<Actor>,
    list: &List,
    sort: &str,
    side: Side,
) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let asked = Query {
            filter: String::new(),
            sort: sort.to_owned(),
            cursor: cursor.clone(),
            side,
            limit: 7,
        };
        let page = load(world, actor, list, asked).await.expect("page");
        let (more, edge) = match side {
            Side::After => (page.after, page.rows.last()),
            Side::Before => (page.before, page.rows.first()),
        };
        assert!(page.rows.len() <= 7);
        cursor = edge.map(|r| r.cursor.clone());
        let found = page.rows.iter().map(|r| r.id.clone());
        match side {
            Side::After => all.extend(found),
            Side::Before => all = found.chain(all).collect(),
        }
        if !more {
            return all;
        }
    }
}

#[test]
fn every_list_pages_both_ways_in_every_order() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        for list in lists() {
            for sort in list.sorts {
                for sort in [(*sort).to_owned(), format!("-{sort}")] {
                    let whole = Query {
                        sort: sort.clone(),
                        ..query("")
                    };
                    let whole = load(&world, &actor, list, whole).await.expect("whole");
                    let whole: Vec<String> = whole.rows.into_iter().map(|r| r.id).collect();
                    let forth = walk(&world, &actor, list, &sort, Side::After).await;
                    let back = walk(&world, &actor, list, &sort, Side::Before).await;
                    assert_eq!(forth, whole, "{} {sort} forth", list.kind);
                    assert_eq!(back, whole, "{} {sort} back", list.kind);
                }
            }
        }
    });
}

#[test]
fn the_cells_fit_the_columns_and_the_default_order_is_a_sort() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        for list in lists() {
            let page = load(&world, &actor, list, query("")).await.expect("page");
            assert!(!page.rows.is_empty(), "{}", list.kind);
            for row in &page.rows {
                assert_eq!(row.cells.len(), list.columns.len(), "{}", list.kind);
                assert!(!row.label.is_empty(), "{}", list.kind);
            }
            let own = |name: &str| matches!(name, "id" | "version" | "label");
            assert!(!list.columns.iter().any(|c| own(c.name)), "{}", list.kind);
            let order = list.order.trim_start_matches('-');
            assert!(list.sorts.is_empty() || list.sorts.contains(&order));
            for column in list.columns {
                assert!(
                    column.sort.is_none_or(|s| list.sorts.contains(&s)),
                    "{}",
                    column.name
                );
            }
        }
    });
}

/// Values that fit one kind of field or another.
const VALUES: &[&str] = &[
    "x",
    "*",
    "praktijk",
    "06010",
    "0190",
    "01900007-0000",
    "2026-10",
    "05-10-2026",
    "2d",
    "3",
    "ja",
    "nee",
    "%",
    "_",
    "\\",
    "\"a b\"",
    "persoon01@zorg.example",
    "cli",
    "account",
];

fn filters(list: &List) -> Vec<String> {
    let mut all = vec![
        String::new(),
        "praktijk".to_owned(),
        "!praktijk".to_owned(),
        "x".to_owned(),
    ];
    for field in list.filters {
        all.push(format!("!{}", field.name));
        let values = VALUES.iter().chain(field.codes);
        for value in values {
            for mark in [':', '>', '<'] {
                all.push(format!("{}{mark}{value}", field.name));
            }
            all.push(format!("!{}:{value}", field.name));
        }
        if let [first, second, ..] = field.codes {
            all.push(format!("{}:{first},{second} praktijk", field.name));
        }
    }
    all
}

#[test]
fn both_databases_answer_every_filter_alike() {
    let seen: Arc<Mutex<Vec<Answers>>> = Arc::default();
    each(|world| {
        let seen = Arc::clone(&seen);
        async move {
            fill(&world).await;
            let actor = world
                .operator("support", &[Role::Support, Role::ReleaseManager])
                .await;
            let mut answers = Answers::new();
            for list in lists().filter(|l| l.kind != Kind::Operator && l.kind != Kind::System) {
                for filter in filters(list) {
                    let page = load(&world, &actor, list, query(&filter)).await;
                    let answer = match page {
                        Ok(page) => Some(page.rows.into_iter().map(|r| r.id).collect()),
                        Err(Error::Filter(_)) => None,
                        Err(error) => panic_with(&format!("{} {filter}: {error}", list.kind)),
                    };
                    // The searches of this test are audit rows as well.
                    if list.kind != Kind::Audit {
                        answers.insert(format!("{} {filter}", list.kind), answer);
                    }
                }
            }
            seen.lock().expect("answers").push(answers);
        }
    });
    let seen = seen.lock().expect("answers");
    let [sqlite, postgres] = seen.as_slice() else {
        panic_with("two databases")
    };
    for (filter, answer) in sqlite {
        assert_eq!(postgres.get(filter), Some(answer), "{filter}");
    }
}

/// Fails a test.
#[expect(clippy::panic, reason = "a test fails by panicking")]
pub fn panic_with(text: &str) -> ! {
    panic!("{text}")
}

#[test]
fn filters_find_what_they_say() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        let count = |kind, filter: &'static str| {
            let (world, actor) = (&world, &actor);
            async move { ids(world, actor, kind, filter).await.len() }
        };
        let submissions = stock::SUBMISSIONS;
        assert_eq!(
            count(Kind::Submission, "status:invalid").await,
            submissions / 10
        );
        assert_eq!(
            count(Kind::Submission, "status:invalid,held").await,
            submissions / 5
        );
        assert_eq!(
            count(Kind::Submission, "!status:invalid").await,
            submissions * 9 / 10
        );
        assert_eq!(
            count(Kind::Submission, "status:\"niet valide\"").await,
            submissions / 10
        );
        assert_eq!(
            count(Kind::Submission, "status:vastgehouden").await,
            submissions / 10
        );
        assert_eq!(
            count(Kind::Submission, "vendor:\"rom plus\"").await,
            submissions / 4
        );
        assert_eq!(
            count(Kind::Submission, "vendor:100%").await,
            submissions / 4
        );
        assert_eq!(count(Kind::Submission, "vendor:%").await, submissions / 4);
        assert_eq!(count(Kind::Submission, "!vendor").await, submissions / 4);
        assert_eq!(
            count(Kind::Submission, "!vendor:rom").await,
            submissions * 3 / 4
        );
        assert_eq!(
            count(Kind::Submission, "org:06010000").await,
            submissions / 5
        );
        assert_eq!(count(Kind::Submission, "praktijk").await, submissions);
        assert_eq!(count(Kind::Submission, "nowhere").await, 0);
        assert_eq!(
            count(Kind::Submission, "assigned:jdv").await,
            submissions / 6
        );
        assert_eq!(
            count(Kind::Submission, "!assigned").await,
            submissions * 5 / 6
        );
        assert_eq!(count(Kind::Submission, "file:rom_00").await, 10);
        assert_eq!(count(Kind::Submission, "age<7h").await, 3);
        assert_eq!(count(Kind::Submission, "received:2026-10-05").await, 6);
        assert_eq!(
            count(Kind::Submission, "findings>15").await,
            submissions / 17
        );
        assert_eq!(
            count(Kind::Account, "role:signatory").await,
            stock::ACCOUNTS / 3
        );
        assert_eq!(
            count(Kind::Account, "role:tekenbevoegde,lezer").await,
            stock::ACCOUNTS * 2 / 3
        );
        assert_eq!(count(Kind::Organisation, "agb:0601000").await, 10);
        assert_eq!(count(Kind::Organisation, "Praktijk 03").await, 1);
        assert_eq!(count(Kind::Audit, "outcome:refused").await, 1);
        assert_eq!(count(Kind::Audit, "!read action:account").await, 6);
    });
}

#[test]
fn a_wrong_filter_names_what_is_near() {
    each(|world| async move {
        let actor = world.operator("support", &[Role::Support]).await;
        let list = list_of(Kind::Submission).expect("list");
        let wrong = async |filter: &str| match load(&world, &actor, list, query(filter)).await {
            Err(Error::Filter(error)) => Some(error),
            _ => None,
        };
        let unknown = FilterError::UnknownField {
            field: "statsu".to_owned(),
            nearest: Some("status".to_owned()),
        };
        assert_eq!(wrong("statsu:held").await, Some(unknown));
        assert!(
            matches!(wrong("status:nope").await, Some(FilterError::BadValue { takes, .. }) if takes.contains("held"))
        );
        assert!(matches!(
            wrong("age>soon").await,
            Some(FilterError::BadValue { .. })
        ));
        assert!(matches!(
            wrong("org>3").await,
            Some(FilterError::BadCompare { .. })
        ));
        assert_eq!(wrong("a").await, Some(FilterError::TooShort { least: 2 }));
        let sorted = Query {
            sort: "recieved".to_owned(),
            ..query("")
        };
        let sorted = load(&world, &actor, list, sorted).await;
        assert!(
            matches!(sorted, Err(Error::Filter(FilterError::UnknownField { nearest: Some(n), .. })) if n == "received")
        );
    });
}

#[test]
fn totals_come_from_counters_and_only_for_states() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        let list = list_of(Kind::Submission).expect("list");
        let total = async |filter: &str| {
            let asked = Query {
                limit: 3,
                ..query(filter)
            };
            load(&world, &actor, list, asked).await.expect("page").total
        };
        let all = i64::try_from(stock::SUBMISSIONS).expect("small");
        assert_eq!(total("").await, Some(all));
        assert_eq!(total("status:held").await, Some(all / 10));
        assert_eq!(total("!status:held").await, Some(all * 9 / 10));
        assert_eq!(total("status:held,failed").await, Some(all / 5));
        assert_eq!(total("status:held age>1d").await, None);
        assert_eq!(total("praktijk").await, None);
        let page = load(&world, &actor, list, query("status:held"))
            .await
            .expect("page");
        assert_eq!(page.counts.len(), 10);
        assert!(page.counts.iter().all(|(_, n)| *n == all / 10));
        for stage in list.stages {
            assert!(page.counts.iter().any(|(state, _)| state == stage.state));
        }
    });
}

#[test]
fn addresses_are_masked_in_lists_and_searches_for_them_are_noted_once() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        let list = list_of(Kind::Account).expect("list");
        let begin = sequence(&world).await;
        load(&world, &actor, list, query("status:active"))
            .await
            .expect("page");
        assert_eq!(sequence(&world).await, begin);
        for _ in 0..3 {
            let page = load(&world, &actor, list, query("email:persoon07"))
                .await
                .expect("page");
            let text = format!("{:?}", page.rows);
            assert!(
                text.contains("p•••@zorg.example") && !text.contains("persoon07@"),
                "{text}"
            );
        }
        assert_eq!(sequence(&world).await, begin + 1);
        load(&world, &actor, list, query("persoon08"))
            .await
            .expect("page");
        search::search(&world.services, &actor, "persoon 09")
            .await
            .expect("search");
        let record = open(&world, &actor, list, &stock::id(3, 7))
            .await
            .expect("record");
        assert!(format!("{record:?}").contains("persoon07@zorg.example"));
        open(&world, &actor, list, &stock::id(3, 7))
            .await
            .expect("record");
        assert_eq!(sequence(&world).await, begin + 4);
        let mut tx = world.services.db.read().await.expect("transaction");
        let rows = after(&mut tx, begin, 10).await.expect("audit");
        tx.rollback().await.expect("rollback");
        let actions: Vec<&str> = rows.iter().map(|r| r.action.as_str()).collect();
        assert_eq!(
            actions,
            [
                "account.search",
                "account.search",
                "account.search",
                "account.view"
            ]
        );
        assert!(rows.iter().all(|r| !r.detail.contains("persoon")));
    });
}

async fn sequence(world: &World) -> i64 {
    let mut tx = world.services.db.read().await.expect("transaction");
    let head = portaal_console::store::audit::head(&mut tx)
        .await
        .expect("head");
    tx.rollback().await.expect("rollback");
    head.sequence
}

#[test]
fn keys_and_names_of_screens_are_their_own() {
    let keys: Vec<char> = ALL.iter().map(|s| s.key).collect();
    // Digits in the order of the plan; the last is opened by name.
    assert_eq!(keys, "1234567890 ".chars().collect::<Vec<_>>());
    let mut names: Vec<&str> = ALL.iter().flat_map(|s| [s.name_en, s.name_nl]).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > ALL.len());
    for screen in ALL {
        let title = portaal_console::language::screen::named(screen.name_en);
        assert_eq!(title.map(|t| t.key), Some(screen.title.key));
    }
    for list in lists() {
        let names: Vec<&str> = list.filters.iter().map(|f| f.name).collect();
        for (i, name) in names.iter().enumerate() {
            assert!(!names.iter().skip(i + 1).any(|n| n == name), "{name} twice");
        }
    }
}
