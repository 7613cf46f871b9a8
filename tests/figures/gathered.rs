//! What is gathered from a database against the same counted row by row, on both databases, to the last digit.

use super::model::{Delivery, Model, day, submission};
use super::reference::{self, Then};
use crate::support::db::{World, each, soak};
use portaal_console::domain::sheet::Sheet;
use portaal_console::extract::definition::{Definition, Period, Reliability};
use portaal_console::extract::figures::{Counted, Figures, LeftOut};
use portaal_console::extract::tally::Uncountable;
use portaal_console::extract::{Progress, Quiet, Stage, Stopped};
use portaal_console::service::figures::{Halt, gather};
use portaal_console::store::Query;
use std::collections::HashSet;

/// Tables in the order in which they can be emptied.
const TABLES: [&str; 9] = [
    "DELETE FROM response",
    "DELETE FROM measurement",
    "DELETE FROM care_path",
    "DELETE FROM submission",
    "DELETE FROM obligation",
    "DELETE FROM acceptance",
    "DELETE FROM quality_mark",
    "DELETE FROM organisation",
    "DELETE FROM agreement",
];

/// The built-in definition with figures for reliable change, which are made up.
fn definition() -> Definition {
    let mut definition = Definition::built_in().clone();
    for (code, r, deviation) in [
        ("SQ48", 900, 9_000),
        ("MANSA-12", 850, 7_000),
        ("BSI", 950, 500),
    ] {
        let mut instruments = definition.instruments.iter_mut();
        let found = instruments.find(|i| i.code == code).expect(code);
        found.reliability = Some(Reliability {
            r,
            deviation,
            source: "a test".to_owned(),
        });
    }
    definition
}

fn period(text: &str) -> Period {
    Period::parse(text).expect(text)
}

async fn put(world: &World, model: &Model) {
    let mut tx = world.services.db.write().await.expect("transaction");
    for sql in TABLES {
        tx.execute(Query::new(sql)).await.expect(sql);
    }
    model.store(&mut tx).await;
    tx.commit().await.expect("commit");
}

async fn figures(world: &World, text: &str, earlier: &[Counted]) -> Figures {
    let (definition, period) = (definition(), period(text));
    let gathered = gather(&world.services, &definition, &period, earlier, &mut Quiet).await;
    gathered.expect("figures")
}

#[test]
fn figures_are_those_of_a_count_row_by_row() {
    each(async |world| {
        let mut counted = [0; 3];
        for seed in 0..12 * soak() {
            let model = Model::random(seed, 6);
            put(&world, &model).await;
            for text in ["2025", "2025-H1", "2025-H2"] {
                let expected = reference::figures(&definition(), &period(text), &model, &[]);
                let found = figures(&world, text, &[]).await;
                for (sum, more) in counted.iter_mut().zip(found.read) {
                    *sum += more;
                }
                assert_eq!(found, expected, "seed {seed}, {text}, {:?}", world.engine);
            }
        }
        assert!(
            counted.iter().all(|n| *n > 100),
            "hardly anything was counted: {counted:?}"
        );
    });
}

#[test]
fn what_changed_since_earlier_releases_is_counted_row_by_row() {
    each(async |world| {
        let mut told = [0; 2];
        for seed in 100..100 + 12 * soak() {
            let mut model = Model::random(seed, 5);
            // A little, most and all of the deliveries were there; one organisation came or went since.
            let worlds = [5, 15, 20].map(|deliveries| model.first(deliveries));
            let went = usize::try_from(seed % 5).expect("small");
            model.parties[went].state = if seed % 2 == 0 { "ended" } else { "active" };
            put(&world, &model).await;
            let periods = ["2025", "2025-H2", "2025-H1"].map(period);
            let earlier: Vec<Then<'_>> = worlds
                .iter()
                .zip(periods)
                .map(|(model, period)| {
                    let was = reference::figures(&definition(), &period, model, &[]);
                    let submissions = was.submissions.into_iter().map(|(id, _)| id).collect();
                    Then {
                        period,
                        model,
                        submissions,
                    }
                })
                .collect();
            let asked: Vec<Counted> = earlier
                .iter()
                .map(|then| Counted {
                    period: then.period.clone(),
                    submissions: then.submissions.clone(),
                })
                .collect();
            let expected = reference::figures(&definition(), &period("2025"), &model, &earlier);
            let found = figures(&world, "2025", &asked).await;
            for leaf in &found.leaves {
                told[0] += leaf.changed.iter().sum::<i64>();
                told[1] += leaf.then.iter().sum::<i64>();
            }
            assert_eq!(found, expected, "seed {seed}, {:?}", world.engine);
        }
        assert!(
            told.iter().all(|n| *n > 100),
            "hardly anything changed: {told:?}"
        );
    });
}

/// The count of a cell, 0 when it is not there.
fn n(figures: &Figures, sheet: Sheet, codes: [&str; 2]) -> i64 {
    let of = |leaf: &&portaal_console::extract::figures::Leaf| {
        leaf.sheet == sheet && leaf.codes[1..] == codes
    };
    figures.leaves.iter().filter(of).map(|leaf| leaf.n).sum()
}

#[test]
fn what_is_erased_since_shows_in_what_is_left_of_then() {
    each(async |world| {
        let model = Model::plain(12);
        put(&world, &model).await;
        let before = figures(&world, "2025", &[]).await;
        assert_eq!(n(&before, Sheet::Volume, ["kort", "04"]), 12);
        let ids: HashSet<String> = before
            .submissions
            .iter()
            .map(|(id, _)| id.clone())
            .collect();
        let then = Counted {
            period: period("2025"),
            submissions: ids,
        };
        let mut tx = world.services.db.write().await.expect("transaction");
        for table in [
            "DELETE FROM measurement WHERE client_key = $1",
            "DELETE FROM care_path WHERE client_key = $1",
        ] {
            tx.execute(Query::new(table).bind(vec![3_u8; 32]))
                .await
                .expect(table);
        }
        tx.commit().await.expect("commit");
        let after = figures(&world, "2025", &[then]).await;
        let mut leaves = after.leaves.iter();
        let leaf = leaves
            .find(|leaf| leaf.sheet == Sheet::Volume)
            .expect("volume");
        assert_eq!(
            (leaf.n, &leaf.changed, &leaf.then),
            (11, &vec![0], &vec![11])
        );
    });
}

#[test]
fn who_takes_part_is_told_and_why_not() {
    each(async |world| {
        // What is changed in a plain world, and what becomes of its organisation.
        type Change = fn(&mut Model);
        let cases: [(&str, Change, Option<LeftOut>); 9] = [
            ("nothing", |_| (), None),
            ("suspended", |m| m.parties[0].state = "suspended", None),
            (
                "ended",
                |m| m.parties[0].state = "ended",
                Some(LeftOut::Ended),
            ),
            (
                "withdrawn",
                |m| m.parties[0].acceptances[0].state = "terminated",
                Some(LeftOut::NoAcceptance),
            ),
            (
                "run out",
                |m| m.parties[0].acceptances[0].until = day("2026-10-04"),
                Some(LeftOut::NoAcceptance),
            ),
            (
                "accepted after the period",
                |m| m.parties[0].acceptances[0].accepted = Some(day("2026-01-01")),
                Some(LeftOut::NoAcceptance),
            ),
            (
                "overdue",
                |m| m.parties[0].obligation = Some(("overdue", Some(day("2025-12-31")))),
                Some(LeftOut::Overdue),
            ),
            (
                "overdue since, with the period delivered",
                |m| m.parties[0].obligation = Some(("overdue", Some(day("2026-01-01")))),
                None,
            ),
            (
                "a test run alone",
                |m| m.deliveries[0].test = true,
                Some(LeftOut::NothingDelivered),
            ),
        ];
        for (why, change, left_out) in cases {
            let mut model = Model::plain(12);
            change(&mut model);
            put(&world, &model).await;
            let found = figures(&world, "2025", &[]).await;
            let holder = found.holders.first().expect("holder");
            assert_eq!(holder.left_out, left_out, "{why}");
            let counts = if left_out.is_none() { 12 } else { 0 };
            assert_eq!(
                (holder.closed, n(&found, Sheet::Volume, ["kort", "04"])),
                (counts, counts),
                "{why}"
            );
            assert_eq!(found.submissions.is_empty(), counts == 0, "{why}");
        }
    });
}

#[test]
fn a_care_path_counts_as_its_newest_delivery_says() {
    each(async |world| {
        let mut model = Model::plain(12);
        model.deliveries.push(Delivery {
            party: 0,
            specification: "rom-1",
            state: "processed",
            test: false,
        });
        // One is open again, one has a sentinel for its score after, one has another profile.
        for client in 0..3 {
            let mut newer = model.paths[client].clone();
            newer.delivery = 1;
            match client {
                0 => newer.ends = None,
                1 => newer.measured[1].score = 999.0,
                _ => newer.profile = "middel",
            }
            model.paths[client].superseded_by = Some(1);
            model.paths.push(newer);
        }
        put(&world, &model).await;
        let first = Counted {
            period: period("2025"),
            submissions: HashSet::from([submission(0)]),
        };
        let found = figures(&world, "2025", &[first]).await;
        for (sheet, codes, n, changed) in [
            (Sheet::Volume, ["kort", "04"], 10, 2),
            (Sheet::Volume, ["middel", "04"], 1, 1),
            (Sheet::Response, ["kort", "completer"], 9, 3),
            (Sheet::Response, ["kort", "dropout"], 1, 1),
            (Sheet::Response, ["middel", "completer"], 1, 1),
            (Sheet::Effect, ["kort", "SQ48"], 9, 3),
            (Sheet::Effect, ["middel", "SQ48"], 1, 1),
        ] {
            let mut leaves = found.leaves.iter();
            let leaf = leaves
                .find(|l| l.sheet == sheet && l.codes[1..] == codes)
                .expect("leaf");
            assert_eq!((leaf.n, leaf.changed[0]), (n, changed), "{sheet} {codes:?}");
        }
        let mut leaves = found.leaves.iter();
        let effect = leaves
            .find(|l| l.codes[1..] == ["kort", "SQ48"])
            .expect("effect");
        // Clients 3 to 11 went from 60 points less their number to 20: nine pairs, in thousandths.
        let pre: i64 = (3..12).map(|c| (60 - c) * 1000).sum();
        let squares = |of: fn(i64) -> i64| (3..12).map(|c| (of(c) * 1000).pow(2)).sum::<i64>();
        assert_eq!(
            effect.sums,
            [pre, 180_000, squares(|c| 60 - c), squares(|c| 40 - c), 9]
        );
    });
}

#[test]
fn a_code_that_the_definition_lacks_is_told_and_nothing_is_counted_without_it() {
    each(async |world| {
        put(&world, &Model::plain(12)).await;
        let mut without = definition();
        without.profiles.retain(|p| p.code != "kort");
        let result = gather(&world.services, &without, &period("2025"), &[], &mut Quiet).await;
        let expected = Uncountable::Code("profile", "kort".to_owned());
        assert!(
            matches!(&result, Err(Halt::Uncountable(why)) if *why == expected),
            "{result:?}"
        );
    });
}

/// Stops when it has heard so many steps.
struct Stopping(usize);

impl Progress for Stopping {
    fn step(&mut self, _: Stage, _: usize, _: usize) -> Result<(), Stopped> {
        self.0 = self.0.checked_sub(1).ok_or(Stopped)?;
        Ok(())
    }
}

#[test]
fn who_wants_it_to_end_is_heard() {
    each(async |world| {
        let model = Model::random(1, 6);
        put(&world, &model).await;
        let whole = period("2025");
        let result = gather(
            &world.services,
            &definition(),
            &whole,
            &[],
            &mut Stopping(1),
        )
        .await;
        assert!(matches!(result, Err(Halt::Stopped(_))), "{result:?}");
        // Nothing hangs on to the database.
        let expected = reference::figures(&definition(), &whole, &model, &[]);
        assert_eq!(figures(&world, "2025", &[]).await, expected);
    });
}
