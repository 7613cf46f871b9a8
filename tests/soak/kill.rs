//! Workers killed at random while they work through many small deliveries.

use super::{QUICK, complete, deliver, deliverers, number, release, settings, small, worker};
use crate::storing::{check, nothing_staged};
use crate::support::db::{World, each, soak};
use portaal_console::domain::right::Language;
use portaal_console::service::{Actor, Call, stranded};
use portaal_console::store::Engine;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Deliveries and kills of the default run.
const DELIVERIES: u64 = 100;
const KILLS: u64 = 10;

fn end(mut child: Child) {
    child.kill().expect("killed");
    child.wait().expect("gone");
}

/// Kills one of the workers and starts another, until it was done often enough or nothing is left to do.
async fn kills(
    world: &World,
    workers: &mut Vec<Child>,
    times: u64,
    random: &mut ChaCha8Rng,
) -> u64 {
    let mut done = 0;
    while done < times {
        tokio::time::sleep(Duration::from_millis(random.random_range(20..250))).await;
        let left = "SELECT count(*) FROM job WHERE kind = 'submission' AND state IN ('available', 'running')";
        if number(world, left).await == Some(0) {
            break;
        }
        let victim = random.random_range(0..workers.len());
        end(workers.swap_remove(victim));
        workers.push(worker(world.state.path(), world.url(), &[]));
        done += 1;
        check(world).await;
    }
    done
}

#[test]
fn workers_killed_at_random_lose_and_double_nothing() {
    each(async |world| {
        let seed = u64::from(std::process::id());
        println!("seed {seed} on {:?}", world.engine);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        settings(&world, QUICK);
        let (actor, organisations) = deliverers(&world, 4).await;
        let count = usize::try_from(DELIVERIES * soak()).expect("count");
        for n in 0..count {
            let agb = &organisations[n % 4];
            deliver(&world, &actor, agb, &small(agb, n)).await;
        }
        // On an embedded database there is one worker at a time.
        let many = if world.engine == Engine::Postgres {
            2
        } else {
            1
        };
        let mut workers: Vec<Child> = (0..many)
            .map(|_| worker(world.state.path(), world.url(), &[]))
            .collect();
        let killed = kills(&world, &mut workers, KILLS * soak(), &mut random).await;
        let begin = Instant::now();
        let left = "SELECT count(*) FROM submission WHERE state <> 'processed'";
        loop {
            match number(&world, left).await {
                Some(0) => break,
                found => assert!(begin.elapsed().as_secs() < 300 * soak(), "{found:?} left"),
            }
            // A job that lost its worker twice waits for a person.
            release(&world).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        workers.into_iter().for_each(end);
        assert!(killed >= KILLS / 2, "only {killed} were killed");
        println!("{killed} kills, {count} deliveries");
        complete(&world, count, count * 3).await;
        let system = Arc::new(Actor::system("worker", Language::Nl));
        stranded::look_after(&world.services, &Call::new(&system))
            .await
            .expect("leftovers are cleared");
        nothing_staged(&world).await;
    });
}
