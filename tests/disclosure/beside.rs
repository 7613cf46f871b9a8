//! Cells beside the tables: what an earlier release gave away, and inequalities that everybody knows.

use super::{certificate, marked, protected, read};
use portaal_console::extract::read::Status;
use portaal_console::extract::{Beside, Interval, Kind, Problem, Refusal, Rules, Zeros, verify};

const NOW: &str = "row,value,status\nTotal,159,\nr0,58,\nr1,60,\nr2,41,\n";

fn now() -> Problem {
    Problem::new(&[read(NOW)], &[], "Total").expect("problem")
}

fn rules() -> Rules {
    Rules {
        zeros: Zeros::Publish,
        ..Rules::default()
    }
}

fn cell(value: i64, kind: Kind, with: usize) -> Beside {
    Beside {
        value,
        kind,
        with: Some(with),
        ..Beside::default()
    }
}

/// The release before showed 57, 40 and 21 and their total; one came to r0, twenty to each of the others.
fn with_an_earlier_release(problem: &mut Problem) -> Vec<usize> {
    let mut came = Vec::new();
    for (row, (before, added)) in [(118, 41), (57, 1), (40, 20), (21, 20)]
        .into_iter()
        .enumerate()
    {
        let kind = if added < 10 {
            Kind::Guarded
        } else {
            Kind::Free
        };
        let before = problem.add(cell(before, Kind::Known, row));
        let added = problem.add(cell(added, kind, row));
        problem.relate(&[(row, 1), (before, -1), (added, -1)]);
        came.push(added);
    }
    came
}

#[test]
fn in_a_large_table_a_cell_beside_it_that_shares_no_codes_is_kept_open_too() {
    let rows = 5_100;
    // The cheapest other row is too small to give all that the one beside must be able to take.
    let value = |row| if row == 1 { 12 } else { 60 };
    let total: i64 = (0..rows).map(value).sum();
    let lines = (0..rows).map(|row| format!("r{row},{},\n", value(row)));
    let text = format!("row,value,status\nTotal,{total},\n") + &lines.collect::<String>();
    let mut problem = Problem::new(&[read(&text)], &[], "Total").expect("problem");
    let alone = |value, kind| Beside {
        value,
        kind,
        ..Beside::default()
    };
    let before = problem.add(alone(59, Kind::Known));
    let came = problem.add(Beside {
        bounds: (Some(0), Some(40)),
        ..alone(1, Kind::Guarded)
    });
    problem.relate(&[(1, 1), (before, -1), (came, -1)]);
    let done = protected(&problem, &rules());
    assert!(done.open.is_empty());
    assert!(done.status[1].is_hidden(), "60 - 59 = 1");
}

#[test]
fn the_one_who_came_is_hidden_in_the_cell_that_grew() {
    let rules = rules();
    let plain = protected(&now(), &rules);
    assert!(
        plain.status.iter().all(|s| !s.is_hidden()),
        "nothing is small: {plain:?}"
    );
    let mut problem = now();
    let came = with_an_earlier_release(&mut problem);
    let done = protected(&problem, &rules);
    assert!(done.open.is_empty());
    assert!(done.status[1].is_hidden(), "58 - 57 = 1: {:?}", done.status);
    let change = |w: &Vec<(u32, i64)>| w.iter().find(|c| c.0 as usize == came[1]).map(|c| c.1);
    let changes: Vec<i64> = done.witnesses.iter().filter_map(change).collect();
    assert!(
        changes.contains(&-1) && changes.iter().any(|c| *c >= 9),
        "{changes:?}"
    );

    let (beside, relations) = problem.beside();
    let mut proof = certificate(rules, done.witnesses.clone());
    proof.hierarchies.clear();
    (proof.beside, proof.relations) = (beside, relations);
    let table = marked(NOW, &done.status);
    assert!(
        verify(&table, &proof).is_ok(),
        "{:?}",
        verify(&table, &proof)
    );
    // Written and read again it is the same proof.
    let text = serde_json::to_string(&proof).expect("json");
    assert_eq!(
        serde_json::from_str::<portaal_console::extract::Certificate>(&text).expect("read"),
        proof
    );
    // Who reckons with what was there before finds that a witness without it does not add up.
    for witness in &mut proof.witnesses {
        witness.retain(|(at, _)| (*at as usize) < problem.tabled());
    }
    let refused = verify(&table, &proof);
    assert!(matches!(refused, Err(Refusal::Sum(..))), "{refused:?}");
}

#[test]
fn an_inequality_bounds_what_is_possible() {
    // Improved clients are among those measured: improved + others = measured, both in tables of their own.
    let text = "what,value,status\nmeasured,14,s\nimproved,13,\n";
    let one = "code,parent\nmeasured,Total\nimproved,Total\n";
    let way = portaal_console::extract::read::hierarchy("h.csv", "what", one).expect("hierarchy");
    let text = text.to_owned() + "Total,27,\n";
    let mut problem = Problem::new(&[read(&text)], &[way], "Total").expect("problem");
    let others = problem.add(Beside {
        value: 1,
        kind: Kind::Guarded,
        ..Beside::default()
    });
    problem.relate(&[(0, 1), (1, -1), (others, -1)]);
    let done = protected(&problem, &rules());
    assert!(done.open.is_empty(), "{done:?}");
    assert!(
        done.status[1].is_hidden() || done.status[0].is_hidden(),
        "14 - 13 = 1: {done:?}"
    );
    for witness in &done.witnesses {
        let of = |at: usize| {
            witness
                .iter()
                .find(|c| c.0 as usize == at)
                .map_or(0, |c| c.1)
        };
        assert_eq!(of(0) - of(1) - of(others), 0);
    }
}

#[test]
fn what_is_free_is_never_published_and_asks_for_nothing() {
    let mut problem = now();
    let free = problem.add(cell(3, Kind::Free, 1));
    let known = problem.add(cell(55, Kind::Known, 1));
    problem.relate(&[(1, 1), (free, -1), (known, -1)]);
    for interval in [Interval::Exact, Interval::Threshold] {
        let done = protected(
            &problem,
            &Rules {
                interval,
                ..rules()
            },
        );
        assert!(done.open.is_empty());
        assert_eq!(done.status[known], Status::Published);
        assert_eq!(done.status[free], Status::Secondary);
        assert!(
            done.status[..4].iter().all(|s| *s == Status::Published),
            "{done:?}"
        );
    }
}
