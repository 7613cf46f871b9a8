//! Disclosure control against an attacker who tries every table there is, and against tampering, wrong input and the command line.

mod beside;
mod insiders;
mod large;
mod linked;
mod shown;

use crate::support::program::call;
use portaal_console::extract::read::{Hierarchy, Status, Table, hierarchy, table};
use portaal_console::extract::{
    Certificate, FORM, Interval, Problem, Protected, Quiet, Refusal, Rules, Verdict, Way, Wrong,
    Zeros, audit, differences, protect, verify,
};
use proptest::prelude::{ProptestConfig, any, prop};
use proptest::{prop_assert, proptest};
use std::collections::BTreeMap;
use std::fmt::Write;

const HIERARCHY: &str = "code,parent\nG,Total\nb,G\nc,G\na,Total\n";

/// A table of two dimensions, the second with a group, from the counts of its smallest cells. An absent count has no row.
fn text_of(rows: usize, counts: &[Option<i64>]) -> String {
    let mut cells: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (at, count) in counts.iter().enumerate() {
        let Some(count) = count else { continue };
        let (row, column) = (format!("r{}", at % rows), ["a", "b", "c"][at / rows]);
        let group = if column == "a" { "a" } else { "G" };
        for above in [row.as_str(), "Total"] {
            let mut columns = vec![column, group, "Total"];
            columns.dedup();
            for code in columns {
                *cells
                    .entry((above.to_owned(), code.to_owned()))
                    .or_default() += count;
            }
        }
    }
    let mut text = "row,column,value,status\n".to_owned();
    for ((row, column), value) in cells {
        writeln!(text, "{row},{column},{value},").expect("text");
    }
    text
}

fn read(text: &str) -> Table {
    table("t.csv", text).expect("table")
}

fn groups() -> Vec<Hierarchy> {
    vec![hierarchy("h.csv", "column", HIERARCHY).expect("hierarchy")]
}

fn problem(text: &str) -> Problem {
    Problem::new(&[read(text)], &groups(), "Total").expect("problem")
}

fn protected(problem: &Problem, rules: &Rules) -> Protected {
    protect(problem, rules, 1, &mut Quiet).expect("not stopped")
}

fn certificate(rules: Rules, witnesses: Vec<Vec<(u32, i64)>>) -> Certificate {
    Certificate {
        form: FORM.to_owned(),
        total: "Total".to_owned(),
        rules,
        hierarchies: groups().iter().map(Way::of).collect(),
        sha256: String::new(),
        beside: Vec::new(),
        relations: Vec::new(),
        witnesses,
    }
}

/// The table with what became of each cell.
fn marked(text: &str, status: &[Status]) -> Table {
    let mut table = read(text);
    for (row, status) in table.rows.iter_mut().zip(status) {
        row.status = *status;
    }
    table
}

/// Lowest and highest value of each cell over every whole, non-negative table that agrees with what is published. Counts above `most` are
/// not tried: an interval that ends there may go on.
fn every_table(problem: &Problem, hidden: &[bool], most: i64) -> Vec<(i64, i64)> {
    every_table_above(problem, hidden, &vec![0; problem.cells.len()], most)
}

/// The same over every table in which no cell is below what is given of it.
fn every_table_above(
    problem: &Problem,
    hidden: &[bool],
    least: &[i64],
    most: i64,
) -> Vec<(i64, i64)> {
    let codes = |cell: usize| problem.names(cell);
    let leaves: Vec<usize> = (0..problem.cells.len())
        .filter(|c| codes(*c)[0] != "Total" && !["Total", "G"].contains(&codes(*c)[1]))
        .collect();
    let of: Vec<Vec<usize>> = (0..problem.cells.len())
        .map(|cell| {
            let beneath = |leaf: &usize| {
                let (above, own) = (codes(cell), codes(*leaf));
                let row = above[0] == "Total" || above[0] == own[0];
                let group = above[1] == "G" && own[1] != "a";
                row && (above[1] == "Total" || above[1] == own[1] || group)
            };
            let places = leaves.iter().enumerate();
            places
                .filter(|(_, l)| beneath(l))
                .map(|(at, _)| at)
                .collect()
        })
        .collect();
    let mut reach = vec![(i64::MAX, i64::MIN); problem.cells.len()];
    let mut values = vec![0; leaves.len()];
    search(
        problem,
        hidden,
        (least, most),
        &of,
        0,
        &mut values,
        &mut reach,
    );
    reach
}

fn search(
    problem: &Problem,
    hidden: &[bool],
    (least, most): (&[i64], i64),
    of: &[Vec<usize>],
    next: usize,
    values: &mut [i64],
    reach: &mut [(i64, i64)],
) {
    for (cell, parts) in of.iter().enumerate().filter(|(c, _)| !hidden[*c]) {
        let sum: i64 = parts
            .iter()
            .filter(|p| **p < next)
            .map(|p| values[*p])
            .sum();
        let is_full = parts.iter().all(|p| *p < next);
        let value = problem.cells[cell].value;
        if sum > value || is_full && sum != value {
            return;
        }
    }
    if next == values.len() {
        let sum = |parts: &[usize]| parts.iter().map(|p| values[*p]).sum::<i64>();
        if of
            .iter()
            .zip(least)
            .any(|(parts, least)| sum(parts) < *least)
        {
            return;
        }
        for (cell, parts) in of.iter().enumerate() {
            let sum = sum(parts);
            reach[cell] = (reach[cell].0.min(sum), reach[cell].1.max(sum));
        }
        return;
    }
    for value in 0..=most {
        values[next] = value;
        search(problem, hidden, (least, most), of, next + 1, values, reach);
    }
}

/// Rules by which fewer than three are few.
fn three(exact: bool, zeros: bool) -> Rules {
    Rules {
        min_count: 3,
        interval: if exact {
            Interval::Exact
        } else {
            Interval::Threshold
        },
        zeros: if zeros {
            Zeros::Protect
        } else {
            Zeros::Publish
        },
        insider: None,
    }
}

/// Holds what was protected against somebody who finds how low and how high each cell can be when these are hidden.
fn learns_nothing(
    (problem, text): (&Problem, &str),
    rules: &Rules,
    done: &Protected,
    reach: impl Fn(&[bool]) -> Vec<(i64, i64)>,
) {
    assert!(done.open.is_empty(), "{text}");
    let hidden: Vec<bool> = done.status.iter().map(|s| s.is_hidden()).collect();
    for (at, (low, high)) in reach(&hidden).into_iter().enumerate() {
        let (name, must) = (
            problem.names(at),
            rules.reason(&problem.cells[at]).is_some(),
        );
        assert!(!must || hidden[at], "{name:?} is shown of {text}");
        if hidden[at] {
            assert!(low < high, "{name:?} is pinned in {text}{:?}", done.status);
        }
        if must && rules.interval == Interval::Threshold {
            let is_open = low == 0 && high >= rules.min_count;
            assert!(
                is_open,
                "{name:?} is within {low}..{high} in {text}{:?}",
                done.status
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn who_tries_every_table_learns_nothing(
        counts in prop::collection::vec(prop::option::weighted(0.9, 0_i64..6), 6),
        exact in any::<bool>(),
        zeros in any::<bool>(),
    ) {
        let text = text_of(2, &counts);
        let problem = problem(&text);
        let rules = three(exact, zeros);
        let done = protected(&problem, &rules);
        learns_nothing((&problem, &text), &rules, &done, |hidden| every_table(&problem, hidden, 11));
        let proof = certificate(rules, done.witnesses.clone());
        prop_assert!(verify(&marked(&text, &done.status), &proof).is_ok(), "{text}");
    }

    /// What the audit says of any pattern at all is what trying every table shows.
    #[test]
    fn the_audit_says_what_trying_every_table_shows(
        counts in prop::collection::vec(0_i64..5, 6),
        marks in prop::collection::vec(any::<bool>(), 15),
    ) {
        let text = text_of(2, &counts.iter().copied().map(Some).collect::<Vec<_>>());
        let mut problem = problem(&text);
        for (cell, mark) in problem.cells.iter_mut().zip(marks) {
            cell.status = if mark { Status::Primary } else { Status::Published };
        }
        let hidden: Vec<bool> = problem.cells.iter().map(|c| c.status.is_hidden()).collect();
        let rules = Rules { min_count: 3, zeros: Zeros::Publish, ..Rules::default() };
        let nothing = vec![false; problem.cells.len()];
        let found = audit(&problem, &rules, &nothing, &mut Quiet).expect("not stopped");
        let reach = every_table(&problem, &hidden, 11);
        for finding in found {
            let cell = &problem.cells[finding.cell];
            let (low, high) = reach[finding.cell];
            let (least, most) = rules.bounds(cell);
            let open = low <= least && high >= most;
            prop_assert!((finding.verdict == Verdict::Safe) == open, "{finding:?} but {low}..{high} in {text}{hidden:?}");
            prop_assert!((finding.verdict == Verdict::Exact) == (low == high), "{finding:?} but {low}..{high} in {text}{hidden:?}");
        }
    }

    #[test]
    fn a_proof_that_was_tampered_with_is_refused(
        counts in prop::collection::vec(1_i64..9, 6),
        place in any::<prop::sample::Index>(),
        by in 1_i64..4,
    ) {
        let text = text_of(2, &counts.iter().copied().map(Some).collect::<Vec<_>>());
        let rules = Rules { min_count: 4, ..Rules::default() };
        let problem = problem(&text);
        let done = protected(&problem, &rules);
        let table = marked(&text, &done.status);
        let proof = certificate(rules, done.witnesses.clone());
        prop_assert!(verify(&table, &proof).is_ok());

        let mut other = table.clone();
        place.get_mut(&mut other.rows).value += by;
        prop_assert!(verify(&other, &proof).is_err(), "a value changed");

        let mut other = table.clone();
        if let Some(row) = other.rows.iter_mut().find(|r| r.status == Status::Primary && r.n.is_none()) {
            row.status = Status::Published;
            prop_assert!(verify(&other, &proof).is_err(), "a small cell shown");
        }
        if !proof.witnesses.is_empty() {
            let mut other = proof.clone();
            let witness = place.get_mut(&mut other.witnesses);
            place.get_mut(witness).1 += by;
            prop_assert!(verify(&table, &other).is_err(), "a witness changed");
            let mut other = proof.clone();
            other.witnesses.clear();
            let without = verify(&table, &other);
            prop_assert!(matches!(without, Err(Refusal::Closed(_))), "no witness left: {without:?}");
        }
    }
}

#[test]
fn the_same_input_and_seed_give_the_same_pattern() {
    let counts: Vec<Option<i64>> = (0..6).map(|n| Some(n * 7 % 13)).collect();
    let problem = problem(&text_of(2, &counts));
    let rules = Rules::default();
    let (one, two) = (protected(&problem, &rules), protected(&problem, &rules));
    assert_eq!((one.status, one.witnesses), (two.status, two.witnesses));
}

#[test]
fn a_table_of_nothing_is_shown_or_hidden_as_the_rules_say() {
    let problem = problem(&text_of(2, &[Some(0); 6]));
    for interval in [Interval::Exact, Interval::Threshold] {
        for zeros in [Zeros::Publish, Zeros::Protect] {
            let rules = Rules {
                interval,
                zeros,
                ..Rules::default()
            };
            let done = protected(&problem, &rules);
            let is_hidden = zeros == Zeros::Protect;
            let as_asked = |s: &Status| s.is_hidden() == is_hidden;
            assert!(done.status.iter().all(as_asked), "{rules:?}");
            assert!(done.open.is_empty(), "{rules:?}");
        }
    }
}

/// Each way to be wrong: the table, the line that is named, and what it is called.
const WRONG: [(&str, u64, Wrong); 12] = [
    ("row,status\nx,s\n", 1, Wrong::Column),
    ("row,row,value\nx,y,1\n", 1, Wrong::Column),
    ("row,value\nr0,-1\nTotal,-1\n", 2, Wrong::Negative),
    ("row,value\nTotal,1\nr0,1.5\n", 3, Wrong::Number),
    ("row,value\nTotal,\n", 2, Wrong::Number),
    ("row,value,status\nTotal,1,q\n", 2, Wrong::Status),
    ("row,value,lpl,upl\nTotal,5,6,9\n", 2, Wrong::Interval),
    ("row,value\nTotal,3\nr0,1\nr0,2\n", 4, Wrong::Twice),
    ("row,value\nTotal,4\nr0,1\nr1,2\n", 2, Wrong::Total),
    ("row,value\nTotal,4\nr0\n", 3, Wrong::Form),
    ("row,value\nTotal,4\n\"r0,4\n", 3, Wrong::Form),
    (
        "row,column,value\nTotal,Total,3\nr0,Total,3\nr0,a,3\nr1,a,1\n",
        4,
        Wrong::NoTotal,
    ),
];

#[test]
fn every_wrong_table_is_named_with_its_line() {
    for (text, line, wrong) in WRONG {
        let found = table("t.csv", text).and_then(|t| Problem::new(&[t], &[], "Total"));
        let fault = found.expect_err(text);
        assert_eq!((fault.line, fault.wrong), (line, wrong), "{text}: {fault}");
        assert_eq!(fault.file, "t.csv");
    }
}

#[test]
fn every_wrong_hierarchy_is_named_with_its_line() {
    let text = text_of(2, &[Some(1); 6]);
    let rows = [
        ("code,parent\nG,Total\nb,G\na,Total\n", Wrong::Parent),
        ("code,parent\nG,X\nb,G\nc,G\na,Total\n", Wrong::Parent),
        ("code,parent\nG,b\nb,G\nc,G\na,Total\n", Wrong::Cycle),
    ];
    for (way, wrong) in rows {
        let way = hierarchy("h.csv", "column", way).expect("hierarchy");
        let fault = Problem::new(&[read(&text)], &[way], "Total").expect_err("wrong");
        assert_eq!(fault.wrong, wrong, "{fault}");
    }
}

#[test]
fn who_knows_its_own_cells_learns_more() {
    let text = "row,column,value,status\n\
        Total,Total,60,s\nTotal,a,30,s\nTotal,b,30,s\nTotal,c,0,s\n\
        r0,Total,30,s\nr0,a,4,u\nr0,b,26,x\nr0,c,0,s\n\
        r1,Total,30,s\nr1,a,26,x\nr1,b,4,u\nr1,c,0,s\n";
    let problem = Problem::new(&[read(text)], &[], "Total").expect("problem");
    let rules = Rules::default();
    let nothing = vec![false; problem.cells.len()];
    let outside = audit(&problem, &rules, &nothing, &mut Quiet).expect("not stopped");
    assert!(outside.iter().all(|f| f.verdict == Verdict::Safe));
    let own: Vec<bool> = (0..problem.cells.len())
        .map(|c| problem.names(c)[0] == "r0")
        .collect();
    let inside = audit(&problem, &rules, &own, &mut Quiet).expect("not stopped");
    assert_eq!(inside.len(), 2);
    assert!(inside.iter().all(|f| f.verdict == Verdict::Exact));
}

#[test]
fn a_cell_that_grew_by_one_gives_the_one_away() {
    let release = |r0: i64, r1: i64| {
        let total = r0 + r1;
        let text = format!("row,value,status\nTotal,{total},s\nr0,{r0},s\nr1,{r1},s\n");
        Problem::new(&[read(&text)], &[], "Total").expect("problem")
    };
    let (earlier, now) = (release(57, 40), release(58, 60));
    let found = differences(&now, &earlier, &Rules::default(), &mut Quiet).expect("not stopped");
    let found: Vec<_> = found
        .iter()
        .map(|d| (now.names(d.cell)[0], d.change))
        .collect();
    assert_eq!(found, [("r0", 1)]);
    // Shown in neither release, and worked out from the totals and the other cell.
    let (mut earlier, mut now) = (release(57, 40), release(58, 60));
    earlier.cells[1].status = Status::Secondary;
    now.cells[1].status = Status::Secondary;
    let found = differences(&now, &earlier, &Rules::default(), &mut Quiet).expect("not stopped");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn the_command_line_protects_attacks_and_checks() {
    let home = tempfile::tempdir().expect("directory");
    let keep = |name: &str, text: &str| std::fs::write(home.path().join(name), text).expect(name);
    let say = |arguments: &[&str]| call(home.path(), arguments, "");
    let counts: Vec<Option<i64>> = [3, 20, 31, 14, 25, 17].map(Some).to_vec();
    keep("t.csv", &text_of(2, &counts));
    keep("h.csv", HIERARCHY);
    let done = say(&[
        "disclosure",
        "protect",
        "t.csv",
        "--hierarchy",
        "column=h.csv",
        "--certificate",
        "c.json",
    ])
    .exits(0);
    keep("p.csv", &done.out);
    say(&["disclosure", "verify", "p.csv", "c.json"]).exits(0);
    let safe = say(&[
        "disclosure",
        "audit",
        "p.csv",
        "--hierarchy",
        "column=h.csv",
        "--output",
        "json",
    ])
    .exits(0);
    assert_eq!(safe.json()["safe"], true);

    let alone = done.out.replace(",x\n", ",s\n");
    keep("alone.csv", &alone);
    let unsafe_one = say(&[
        "disclosure",
        "audit",
        "alone.csv",
        "--hierarchy",
        "column=h.csv",
    ])
    .exits(1);
    assert!(unsafe_one.out.contains("exact"), "{unsafe_one:?}");
    say(&["disclosure", "verify", "alone.csv", "c.json"]).exits(1);
    assert!(!done.out.contains("c.json.partial"));

    keep(
        "wrong.csv",
        &text_of(2, &counts).replace("Total,Total,110", "Total,Total,111"),
    );
    let wrong = say(&[
        "disclosure",
        "protect",
        "wrong.csv",
        "--hierarchy",
        "column=h.csv",
        "--certificate",
        "none.json",
    ])
    .exits(2);
    assert!(
        wrong.err.contains("wrong.csv") && wrong.out.is_empty(),
        "{wrong:?}"
    );
    assert!(!home.path().join("none.json").exists());
}
