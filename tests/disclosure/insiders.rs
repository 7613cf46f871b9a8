//! Insiders: who knows its own cells, and tries every table that agrees with them and with what is published.

use super::{
    certificate, every_table, every_table_above, marked, problem, protected, read, text_of,
};
use portaal_console::extract::{
    Interval, Problem, Quiet, Refusal, Rules, Verdict, Zeros, inside, verify,
};
use proptest::prelude::{ProptestConfig, any, prop};
use proptest::{prop_assert, proptest};
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_row_learns_of_another_from_what_is_published_and_its_own(
        counts in prop::collection::vec(prop::option::weighted(0.9, 0_i64..6), 6),
        exact in any::<bool>(),
        zeros in any::<bool>(),
    ) {
        let text = text_of(3, &counts);
        let problem = problem(&text);
        let rules = Rules {
            min_count: 3,
            interval: if exact { Interval::Exact } else { Interval::Threshold },
            zeros: if zeros { Zeros::Protect } else { Zeros::Publish },
            insider: Some("row".to_owned()),
        };
        let done = protected(&problem, &rules);
        prop_assert!(done.open.is_empty(), "{text}");
        for insider in ["r0", "r1", "r2"] {
            let hidden: Vec<bool> = (0..problem.cells.len())
                .map(|c| done.status[c].is_hidden() && problem.names(c)[0] != insider)
                .collect();
            let reach = every_table(&problem, &hidden, 11);
            for (at, cell) in problem.cells.iter().enumerate() {
                let names = problem.names(at);
                if rules.reason(cell).is_none() || names[0] == insider {
                    continue;
                }
                let part = |row: &str| {
                    let same = |c: &usize| problem.names(*c) == [row, names[1]];
                    let cell = (0..problem.cells.len()).find(same)?;
                    (names[0] == "Total").then_some(problem.cells[cell].value)
                };
                let own = part(insider);
                let others = ["r0", "r1", "r2"].iter().filter(|r| **r != insider);
                let is_alone = others.filter_map(|r| part(r)).count() == 0;
                // What is all its own, and known to be so, tells it nothing of anybody.
                if own == Some(cell.value) && (is_alone || !zeros) {
                    continue;
                }
                let own = own.unwrap_or(0);
                let (low, high) = reach[at];
                prop_assert!(low < high, "{insider} pins {names:?} of {text}{:?}", done.status);
                if !exact {
                    prop_assert!(low <= own && high >= 3, "{insider} sees {names:?} in {low}..{high} of {text}{:?}", done.status);
                }
            }
        }
        let proof = certificate(rules.clone(), done.witnesses.clone());
        prop_assert!(verify(&marked(&text, &done.status), &proof).is_ok(), "{text}");
        let mut marked = problem.clone();
        for (cell, status) in marked.cells.iter_mut().zip(&done.status) {
            cell.status = *status;
        }
        let found = inside(&marked, &rules, &mut Quiet).expect("not stopped");
        prop_assert!(found.is_empty(), "{found:?} of {text}{:?}", done.status);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Three are counted together in the first row. Each knows its own part of it, and so of the totals, and nobody knows the row.
    #[test]
    fn nobody_who_is_counted_with_others_learns_of_them(
        counts in prop::collection::vec(0_i64..6, 6),
        cuts in prop::collection::vec((0_i64..6, 0_i64..6), 3),
        exact in any::<bool>(),
    ) {
        let text = text_of(2, &counts.iter().copied().map(Some).collect::<Vec<_>>());
        let mut problem = problem(&text);
        let rules = Rules {
            min_count: 3,
            interval: if exact { Interval::Exact } else { Interval::Threshold },
            zeros: Zeros::Protect,
            insider: Some("row".to_owned()),
        };
        let parts = |member: usize| {
            let shares = counts.iter().copied().step_by(2).zip(&cuts).map(|(count, (one, other))| {
                let (one, other) = (*one.min(other), *one.max(other));
                [one.min(count), other.min(count) - one.min(count), count - other.min(count)][member]
            });
            let shares: Vec<i64> = shares.collect();
            let of = |column: &str| match column {
                "a" => shares[0],
                "b" => shares[1],
                "c" => shares[2],
                "G" => shares[1] + shares[2],
                _ => shares.iter().sum(),
            };
            let cells = (0..problem.cells.len()).filter(|c| problem.names(*c)[0] != "r1");
            let own = cells.map(|c| (u32::try_from(c).expect("few"), of(problem.names(c)[1])));
            own.collect::<BTreeMap<u32, i64>>()
        };
        let members: Vec<BTreeMap<u32, i64>> = (0..3).map(parts).collect();
        problem.members.clone_from(&members);
        let done = protected(&problem, &rules);
        prop_assert!(done.open.is_empty(), "{text}");
        let hidden: Vec<bool> = done.status.iter().map(|s| s.is_hidden()).collect();
        for own in &members {
            let part = |cell: usize| own.get(&u32::try_from(cell).expect("few")).copied().unwrap_or(0);
            let least: Vec<i64> = (0..problem.cells.len()).map(part).collect();
            let reach = every_table_above(&problem, &hidden, &least, 11);
            for (at, cell) in problem.cells.iter().enumerate() {
                if rules.reason(cell).is_none() {
                    continue;
                }
                let (low, high) = reach[at];
                let seen = format!("{:?} in {low}..{high} with {own:?} of {text}{:?}", problem.names(at), done.status);
                prop_assert!(low < high, "{seen}");
                if !exact {
                    prop_assert!(low <= least[at] && high >= 3, "{seen}");
                }
            }
        }
    }
}

/// Two small cells in one column: safe from outside, and each gives the other away.
const PAIR: &str = "row,column,value,status\n\
    Total,Total,90,s\nTotal,a,38,s\nTotal,b,52,s\n\
    r0,Total,30,s\nr0,a,4,u\nr0,b,26,x\n\
    r1,Total,30,s\nr1,a,4,u\nr1,b,26,x\n\
    r2,Total,30,s\nr2,a,30,s\nr2,b,0,s\n";

fn pair() -> Problem {
    Problem::new(&[read(PAIR)], &[], "Total").expect("problem")
}

fn rules() -> Rules {
    Rules {
        zeros: Zeros::Publish,
        insider: Some("row".to_owned()),
        ..Rules::default()
    }
}

#[test]
fn an_insider_that_breaks_a_cell_is_named_with_what_it_sees() {
    let problem = pair();
    let found = inside(&problem, &rules(), &mut Quiet).expect("not stopped");
    let row = |code: u32| problem.codes[0][code as usize].as_str();
    let found: Vec<_> = found
        .iter()
        .map(|f| {
            (
                row(f.code),
                problem.names(f.finding.cell)[0],
                f.finding.verdict,
            )
        })
        .collect();
    let (exact, narrow) = (Verdict::Exact, Verdict::Narrow);
    let two = [("r0", "r1", exact), ("r1", "r0", exact)];
    assert_eq!(found[..2], two);
    // The third knows that both together are 8, below the 10 that must stay possible.
    assert_eq!(found[2..], [("r2", "r0", narrow), ("r2", "r1", narrow)]);
}

#[test]
fn a_proof_for_the_outsider_is_none_for_insiders() {
    let outside = Rules {
        insider: None,
        ..rules()
    };
    let problem = pair();
    let (alone, all) = (protected(&problem, &outside), protected(&problem, &rules()));
    let mut proof = certificate(outside, alone.witnesses.clone());
    proof.hierarchies.clear();
    let table = |status: &[_]| marked(PAIR, status);
    assert!(verify(&table(&alone.status), &proof).is_ok());
    proof.rules = rules();
    let refused = verify(&table(&alone.status), &proof);
    assert!(matches!(refused, Err(Refusal::Closed(_))), "{refused:?}");
    proof.witnesses.clone_from(&all.witnesses);
    assert!(verify(&table(&all.status), &proof).is_ok());
}
