//! What was recalled does not lie in the outgoing directory, also when the worker died between the writing and the note of it.

use super::stage::{built, cast, row};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::store::Query;
use portaal_console::work;
use std::path::PathBuf;

async fn drain(world: &World) {
    work::drain(world.services.clone()).await.expect("drained");
}

/// Everything beneath the outgoing directory, hidden or not.
fn lying(world: &World) -> Vec<PathBuf> {
    let all = std::fs::read_dir(&world.services.settings.outgoing);
    let all = all.map(|entries| entries.map(|e| e.expect("entry").path()).collect());
    all.unwrap_or_default()
}

async fn change(world: &World, sql: &'static str) {
    let mut tx = world.services.db.write().await.expect("transaction");
    tx.execute(Query::new(sql)).await.expect(sql);
    tx.commit().await.expect("commit");
}

/// The last job runs once more.
const AGAIN: &str = "UPDATE job SET state = 'available' WHERE id IN (SELECT max(id) FROM job WHERE kind = 'outgoing')";

type Crash = fn(&World);

/// How a worker that died can have left the directory.
const CRASHES: &[(&str, Crash)] = &[
    ("written", |_| {}),
    ("half written", |world| {
        for path in lying(world) {
            let name = path
                .file_name()
                .expect("name")
                .to_string_lossy()
                .into_owned();
            std::fs::rename(&path, path.with_file_name(format!(".{name}"))).expect("half");
        }
    }),
    ("half away, and written again", |world| {
        for path in lying(world) {
            let name = path
                .file_name()
                .expect("name")
                .to_string_lossy()
                .into_owned();
            std::fs::create_dir(path.with_file_name(format!(".{name}"))).expect("half");
        }
    }),
    ("away", |world| {
        for path in lying(world) {
            std::fs::remove_dir_all(path).expect("away");
        }
    }),
];

#[test]
fn what_is_recalled_goes_also_after_a_crash() {
    each(async |world| {
        let cast = cast(&world).await;
        for (crash, leaves) in CRASHES {
            let id = built(&world, &cast.anna).await;
            cast.anna.does(Act::ExtractRequest, &id).await;
            cast.bram.does(Act::ExtractApprove, &id).await;
            cast.anna.does(Act::ExtractRelease, &id).await;
            drain(&world).await;
            assert_eq!(lying(&world).len(), 1, "{crash}");
            change(&world, "UPDATE extract SET written_at = 0, directory = ''").await;
            leaves(&world);
            cast.bram.does(Act::ExtractRecall, &id).await;
            drain(&world).await;
            assert_eq!(lying(&world), [] as [PathBuf; 0], "{crash}");
            let e = row(&world, &id).await;
            assert_eq!((e.state.as_str(), e.written_at.0), ("recalled", 0));
            // A worker that comes late finds nothing to write.
            change(&world, AGAIN).await;
            drain(&world).await;
            assert_eq!(lying(&world), [] as [PathBuf; 0], "{crash}");
        }
    });
}
