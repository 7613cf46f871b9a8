//! Of two deliveries the one that arrived later holds, in whatever order they are processed; counted against a plain model.

use super::{Line, check, deliverer, file, lines, nothing_staged, receive, row, scores};
use crate::support::db::{BEGIN, each, soak};
use portaal_console::domain::time::MINUTE;
use portaal_console::service::submission;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Clients of the model.
const CLIENTS: usize = 7;

#[test]
fn the_delivery_that_arrived_last_holds_in_any_order() {
    each(async |world| {
        let actor = deliverer(&world).await;
        for round in 0..u32::try_from(4 * soak()).expect("rounds") {
            let mut random = ChaCha8Rng::seed_from_u64(u64::from(round));
            let base = BEGIN.plus(i64::from(round) * 100 * MINUTE);
            let mut deliveries = Vec::new();
            for n in 0..5_i64 {
                // Clients of one round are told from those of the others by their scores and keys alike.
                let mut content = BTreeMap::new();
                for client in 0..CLIENTS {
                    if random.random_range(0..3) > 0 {
                        let variant = random.random_range(0..3_usize);
                        content.insert(
                            usize::try_from(round).expect("round") * CLIENTS + client,
                            client * 10 + variant,
                        );
                    }
                }
                // No two files have the same bytes.
                content.insert(
                    900_000
                        + usize::try_from(round * 5).expect("round")
                        + usize::try_from(n).expect("n"),
                    140,
                );
                let text = file(super::AGB, &lines(content.clone()));
                let id = receive(&world, &actor, base.plus(n * MINUTE), &text).await;
                deliveries.push((n, id, content));
            }
            deliveries.shuffle(&mut random);
            let before = scores(&world).await;
            let mut model: BTreeMap<usize, (i64, usize)> = BTreeMap::new();
            for (n, id, content) in deliveries {
                submission::process(&world.services, &id)
                    .await
                    .expect("processed");
                for (client, score) in &content {
                    let held = model.entry(*client).or_insert((n, *score));
                    if held.0 <= n {
                        *held = (n, *score);
                    }
                }
                let mut expected = before.clone();
                expected.extend(model.values().map(|(_, score)| *score));
                expected.sort_unstable();
                assert_eq!(
                    scores(&world).await,
                    expected,
                    "round {round}, delivery {n}"
                );
                check(&world).await;
                let done = row(&world, &id).await;
                let counted = done.paths_new + done.paths_changed + done.paths_same;
                assert_eq!(
                    usize::try_from(counted).expect("count"),
                    content.len(),
                    "{done:?}"
                );
            }
        }
        nothing_staged(&world).await;
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn rows_of_a_care_path_that_stand_apart_are_one_care_path() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let line = |client, moment, score| Line {
            client,
            moment,
            score,
        };
        let apart = [
            line(1, 1, 10),
            line(2, 1, 20),
            line(1, 2, 11),
            line(2, 2, 21),
            line(3, 1, 30),
        ];
        let first = receive(&world, &actor, BEGIN, &file(super::AGB, &apart)).await;
        submission::process(&world.services, &first)
            .await
            .expect("processed");
        let stored = row(&world, &first).await;
        assert_eq!(
            (stored.state.as_str(), stored.paths_new),
            ("processed", 3),
            "{stored:?}"
        );
        assert_eq!(scores(&world).await, [10, 11, 20, 21, 30]);
        // The same contents in another order of the rows are the same.
        let together = [
            line(3, 1, 30),
            line(1, 2, 11),
            line(1, 1, 10),
            line(2, 1, 20),
            line(2, 2, 21),
        ];
        let second = receive(
            &world,
            &actor,
            BEGIN.plus(MINUTE),
            &file(super::AGB, &together),
        )
        .await;
        submission::process(&world.services, &second)
            .await
            .expect("processed");
        let stored = row(&world, &second).await;
        assert_eq!(
            (stored.paths_new, stored.paths_changed, stored.paths_same),
            (0, 0, 3)
        );
        // One measurement less is a change of that care path alone.
        let less = [
            line(3, 1, 30),
            line(1, 1, 10),
            line(2, 1, 20),
            line(2, 2, 21),
        ];
        let third = receive(
            &world,
            &actor,
            BEGIN.plus(2 * MINUTE),
            &file(super::AGB, &less),
        )
        .await;
        submission::process(&world.services, &third)
            .await
            .expect("processed");
        let stored = row(&world, &third).await;
        assert_eq!(
            (stored.paths_new, stored.paths_changed, stored.paths_same),
            (0, 1, 2)
        );
        assert_eq!(scores(&world).await, [10, 20, 21, 30]);
        check(&world).await;
        nothing_staged(&world).await;
        world.services.clock.set(BEGIN);
    });
}
