//! What is gathered from a database against the same counted row by row, on both databases, to the last digit.

use super::model::Model;
use super::reference;
use crate::support::db::{World, each, soak};
use portaal_console::extract::definition::{Definition, Period, Reliability};
use portaal_console::extract::figures::Figures;
use portaal_console::extract::{Progress, Quiet, Stage, Stopped};
use portaal_console::service::figures::{Halt, gather};
use portaal_console::store::Query;

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
pub fn definition() -> Definition {
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

pub async fn put(world: &World, model: &Model) {
    let mut tx = world.services.db.write().await.expect("transaction");
    for sql in TABLES {
        tx.execute(Query::new(sql)).await.expect(sql);
    }
    model.store(&mut tx).await;
    tx.commit().await.expect("commit");
}

pub async fn figures(world: &World, period: &str) -> Figures {
    let (definition, period) = (definition(), Period::parse(period).expect("period"));
    gather(&world.services, &definition, &period, &mut Quiet)
        .await
        .expect("figures")
}

#[test]
fn figures_are_those_of_a_count_row_by_row() {
    each(async |world| {
        let mut counted = [0; 3];
        for seed in 0..12 * soak() {
            let model = Model::random(seed, 6);
            put(&world, &model).await;
            for text in ["2025", "2025-H1", "2025-H2"] {
                let period = Period::parse(text).expect("period");
                let expected = reference::figures(&definition(), &period, &model);
                let found = figures(&world, text).await;
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

/// Stops at once, or when it has heard so many steps.
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
        let period = Period::parse("2025").expect("period");
        let result = gather(&world.services, &definition(), &period, &mut Stopping(1)).await;
        assert!(matches!(result, Err(Halt::Stopped(_))), "{result:?}");
        // Nothing hangs on to the database.
        assert_eq!(
            figures(&world, "2025").await,
            reference::figures(&definition(), &period, &model)
        );
    });
}
