//! Every operation on the database fails once, with and without effect: nothing is half stored, and the next attempt completes it.

use super::{AGB, check, claim, deliverer, file, lines, nothing_staged, receive, row};
use crate::support::db::{BEGIN, World, each};
use portaal_console::domain::time::{MINUTE, SECOND};
use portaal_console::mail::smtp::Abandon;
use portaal_console::service::Services;
use portaal_console::service::submission::{Errand, work_off};
use portaal_console::store::fault::{Faults, Manner};
use portaal_console::store::job::{self, Job};

/// More operations than any of these deliveries needs.
const ENOUGH: u64 = 300;

/// Kinds of delivery: what is in the file, and how it ends.
const KINDS: [(&str, &str); 3] = [
    ("new", "processed"),
    ("changed", "processed"),
    ("broken", "invalid"),
];

fn text(kind: &str, n: u64) -> String {
    let n = usize::try_from(n).expect("number");
    match kind {
        "new" => file(AGB, &lines([(1000 + n, 50), (2000 + n, 51)])),
        "changed" => file(AGB, &lines([(1, n % 100), (2, 7), (3000 + n, 52)])),
        _ => file(AGB, &lines([(1, 1), (1, 1), (4000 + n, 3)])),
    }
}

async fn attempt(services: &Services, id: &str, job: &Job) -> bool {
    let errand = Errand {
        id,
        job: Some(job),
        abandon: Abandon::never(),
    };
    work_off(services, &errand).await.is_ok()
}

/// Gives the job back as a worker does whose attempt failed; a job that ended with its effect stays ended.
async fn give_back(world: &World, job: &Job) {
    let now = world.services.clock.now();
    let mut tx = world.services.db.write().await.expect("transaction");
    let hold = job::fail(&mut tx, job, now, now, "on request")
        .await
        .expect("fail");
    if hold == job::Hold::Kept {
        tx.commit().await.expect("commit");
    }
}

/// Lets the n-th operation fail during a delivery of a kind; false when there are fewer.
async fn breaks(world: &World, id: &str, nth: u64, manner: Manner, end: &str) -> bool {
    let faults = Faults::at(nth, manner);
    let troubled = Services {
        db: world.services.db.clone().with_faults(faults.clone()),
        ..world.services.clone()
    };
    let job = claim(world, "troubled").await;
    attempt(&troubled, id, &job).await;
    check(world).await;
    give_back(world, &job).await;
    check(world).await;
    if row(world, id).await.state != end {
        let job = claim(world, "sound").await;
        assert!(
            attempt(&world.services, id, &job).await,
            "operation {nth}, {manner:?}"
        );
    }
    let done = row(world, id).await;
    assert_eq!(done.state, end, "operation {nth}, {manner:?}");
    assert_eq!(done.cause.is_empty(), end == "processed", "{done:?}");
    check(world).await;
    faults.struck()
}

#[test]
fn wherever_it_breaks_off_nothing_is_half_stored() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let first = receive(
            &world,
            &actor,
            BEGIN,
            &file(AGB, &lines([(1, 120), (2, 7)])),
        )
        .await;
        let job = claim(&world, "first").await;
        assert!(attempt(&world.services, &first, &job).await);
        let mut at = BEGIN.plus(MINUTE);
        for (kind, end) in KINDS {
            for manner in [Manner::Undone, Manner::AnswerLost] {
                let mut nth = 1;
                loop {
                    let unique = nth + if manner == Manner::Undone { 0 } else { ENOUGH };
                    let id = receive(&world, &actor, at, &text(kind, unique)).await;
                    at = at.plus(SECOND);
                    let struck = breaks(&world, &id, nth, manner, end).await;
                    if !struck {
                        break;
                    }
                    nth += 1;
                    assert!(nth < ENOUGH, "it never ends");
                }
                assert!(nth > 20, "{kind}: only {nth} operations");
            }
        }
        portaal_console::work::drain(world.services.clone())
            .await
            .expect("leftovers are cleared");
        nothing_staged(&world).await;
        world.services.clock.set(BEGIN);
    });
}
