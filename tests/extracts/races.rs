//! Two persons with eight sessions each at the same extract, at the same time and in any order: nobody approves their own request,
//! nothing else than what was approved leaves, and it leaves once.

use super::stage::{Cast, Person, built, cast, refill, row};
use crate::support::db::{World, each, soak};
use portaal_console::domain::action::Act;
use portaal_console::extract::outgoing::digest;
use portaal_console::store::audit::{self, Stored};
use portaal_console::store::{Query, extract_content as content};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;

/// Sessions of each person.
const SESSIONS: u64 = 8;
/// What each session tries.
const STEPS: usize = 8;

/// Races of the default run on each database; a thousand with `--soak 25`.
const RACES: u64 = 40;

async fn session(world: Arc<World>, person: Person, id: String, seed: u64) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let acts = [
        (Act::ExtractRequest, 9),
        (Act::ExtractApprove, 9),
        (Act::ExtractRelease, 9),
        (Act::ExtractWithdrawRequest, 1),
        (Act::ExtractBuild, 1),
    ];
    for _ in 0..STEPS {
        let (act, _) = *acts.choose_weighted(&mut chance, |a| a.1).expect("act");
        // Most are refused: it is not their turn. What matters is what is left at the end.
        let done = if act == Act::ExtractApprove {
            person.tries(act, &id).await
        } else {
            person.act(act, &id, &[]).await
        };
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

/// Reads what became of races: only what was written down since the last look, for the audit grows with each.
struct Judge<'a> {
    world: &'a World,
    cast: &'a Cast,
    /// Where in the audit the last look ended.
    seen: i64,
}

/// What a race left behind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    /// Times it was released.
    released: usize,
    /// Approvals and releases with one person behind both.
    own: usize,
    /// Releases of what was not approved.
    other: usize,
}

impl Judge<'_> {
    async fn look(&mut self, id: &str) -> Verdict {
        let mut tx = self.world.services.db.read().await.expect("transaction");
        let new = audit::after(&mut tx, self.seen, 1_000_000).await;
        let new = new.expect("audit");
        self.seen = new.last().map_or(self.seen, |r| r.sequence);
        let done: Vec<(&Stored, Value)> = new
            .iter()
            .filter(|r| r.object_id == id && r.outcome == "done")
            .map(|r| (r, serde_json::from_str(&r.detail).expect("JSON")))
            .collect();
        let of = |action: &'static str| done.iter().filter(move |(r, _)| r.action == action);
        let released = || of("extract.release");
        let approved: Vec<&Value> = of("extract.approve").map(|(_, d)| &d["digest"]).collect();
        let mut verdict = Verdict {
            released: released().count(),
            own: released()
                .filter(|(_, d)| d["requested_by"] == d["approved_by"])
                .count()
                + of("extract.approve")
                    .filter(|(r, d)| self.is_own(&r.operator_id, &d["requested_by"]))
                    .count(),
            other: released()
                .filter(|(_, d)| !approved.contains(&&d["digest"]))
                .count(),
        };
        let e = row(self.world, id).await;
        if e.state == "released" {
            let files = content::files(&mut tx, id).await.expect("files");
            let sums = files.iter().map(|f| (f.name.as_str(), f.sha256.as_str()));
            let other = digest(sums) != e.approved_digest || e.approved_digest != e.digest;
            verdict.other += usize::from(other);
            verdict.own += usize::from(e.requested_by == e.approved_by);
        }
        tx.rollback().await.expect("rollback");
        verdict
    }

    /// Whether the one who approved is the one who asked.
    fn is_own(&self, operator: &str, asked: &Value) -> bool {
        let people = [&self.cast.anna.actor, &self.cast.bram.actor];
        let mut people = people.into_iter();
        people.any(|p| p.operator == operator && *asked == p.login)
    }
}

/// One race: everybody at once at an extract of its own.
async fn run(world: &Arc<World>, cast: &Cast, race: u64) -> String {
    let id = built(world, &cast.anna).await;
    let sessions = (0..SESSIONS * 2).map(|n| {
        let person = if n % 2 == 0 { &cast.anna } else { &cast.bram };
        let seed = race * 100 + n;
        let session = session(Arc::clone(world), person.again(), id.clone(), seed);
        tokio::spawn(session)
    });
    for session in sessions.collect::<Vec<_>>() {
        session.await.expect("session");
    }
    id
}

#[test]
fn two_persons_with_eight_sessions_each_cannot_race_past_each_other() {
    each(async |world| {
        let cast = cast(&world).await;
        let begin = Instant::now();
        let mut judge = Judge {
            world: &world,
            cast: &cast,
            seen: 0,
        };
        let (races, mut left) = (RACES * soak(), 0);
        for race in 0..races {
            let id = run(&world, &cast, race).await;
            let verdict = judge.look(&id).await;
            left += verdict.released;
            assert!(
                verdict.released <= 1 && verdict.own == 0 && verdict.other == 0,
                "race {race}: {verdict:?}"
            );
        }
        let (engine, took) = (world.engine, begin.elapsed());
        println!("{races} races on {engine:?}: {left} released, once each; {took:?}");
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
