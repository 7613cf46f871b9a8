//! Two persons with eight sessions each at the same extract, at the same time and in any order: nobody approves their own request,
//! nothing else than what was approved leaves, and it leaves once.

use super::stage::{Cast, Person, built, cast, refill, row};
use crate::support::db::{World, each, soak};
use portaal_console::domain::action::Act;
use portaal_console::extract::outgoing::digest;
use portaal_console::store::audit;
use portaal_console::store::{Query, extract_content as content};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

/// Sessions of each person.
const SESSIONS: u64 = 8;
/// What each session tries.
const STEPS: usize = 6;

/// Races of one run; all thousand with `--soak`.
fn races() -> u64 {
    if soak() > 1 { 1000 } else { 10 }
}

async fn session(world: Arc<World>, person: Person, id: String, seed: u64) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let acts = [
        (Act::ExtractRequest, 4),
        (Act::ExtractApprove, 4),
        (Act::ExtractRelease, 5),
        (Act::ExtractWithdrawRequest, 1),
        (Act::ExtractBuild, 1),
    ];
    for _ in 0..STEPS {
        let (act, _) = *acts.choose_weighted(&mut chance, |a| a.1).expect("act");
        // Most are refused: it is not their turn. What matters is what is left at the end.
        let done = person.act(act, &id, &[]).await;
        if act == Act::ExtractBuild && done.is_ok() {
            refill(
                &world,
                &id,
                &format!("{seed}-{}", chance.random_range(0..1000)),
            )
            .await;
        }
    }
}

/// What one race left behind: times it was released, self-approved or on another digest.
async fn judge(world: &World, cast: &Cast, id: &str) -> [usize; 3] {
    let mut tx = world.services.db.read().await.expect("transaction");
    let all = audit::after(&mut tx, 0, 1_000_000).await.expect("audit");
    let done = |action: &'static str| {
        let rows = all
            .iter()
            .filter(move |r| r.action == action && r.object_id == id && r.outcome == "done");
        rows.map(|r| {
            (
                r.operator_id.clone(),
                serde_json::from_str::<serde_json::Value>(&r.detail).expect("JSON"),
            )
        })
    };
    let released = done("extract.release").count();
    let own = done("extract.release")
        .filter(|(_, d)| d["requested_by"] == d["approved_by"])
        .count()
        + done("extract.approve")
            .filter(|(who, d)| {
                let people = [&cast.anna.actor, &cast.bram.actor];
                people
                    .iter()
                    .any(|p| p.operator == *who && d["requested_by"] == p.login)
            })
            .count();
    let approved: Vec<String> = done("extract.approve")
        .map(|(_, d)| d["digest"].to_string())
        .collect();
    let mut other = done("extract.release")
        .filter(|(_, d)| !approved.contains(&d["digest"].to_string()))
        .count();
    let e = row(world, id).await;
    if e.state == "released" {
        let files = content::files(&mut tx, id).await.expect("files");
        let sums = files.iter().map(|f| (f.name.as_str(), f.sha256.as_str()));
        other += usize::from(digest(sums) != e.approved_digest || e.approved_digest != e.digest);
        assert_ne!(e.requested_by, e.approved_by);
    }
    tx.rollback().await.expect("rollback");
    [released, own, other]
}

#[test]
fn two_persons_with_eight_sessions_each_cannot_race_past_each_other() {
    each(async |world| {
        let cast = cast(&world).await;
        let mut left = 0;
        for race in 0..races() {
            let id = built(&world, &cast.anna).await;
            let sessions = (0..SESSIONS * 2).map(|n| {
                let person = if n % 2 == 0 { &cast.anna } else { &cast.bram };
                let seed = race * 100 + n;
                tokio::spawn(session(
                    Arc::clone(&world),
                    person.again(),
                    id.clone(),
                    seed,
                ))
            });
            for session in sessions.collect::<Vec<_>>() {
                session.await.expect("session");
            }
            let [released, own, other] = judge(&world, &cast, &id).await;
            assert!(released <= 1, "race {race}: released {released} times");
            assert_eq!(
                (own, other),
                (0, 0),
                "race {race}: self-approved, on another digest"
            );
            left += released;
        }
        assert!(
            left > 0,
            "no race came as far as a release: it shows nothing"
        );
        let twice = "SELECT object_id FROM audit WHERE action = 'extract.release' AND outcome = 'done' \
            GROUP BY object_id HAVING count(*) > 1";
        let mut tx = world.services.db.read().await.expect("transaction");
        let rows: Vec<(String,)> = tx.all(Query::new(twice)).await.expect("query");
        assert_eq!(rows, []);
    });
}
