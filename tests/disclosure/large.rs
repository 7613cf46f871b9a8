//! A table so large that shifts are first looked for around a cell: what the audit says of it, beside an LP library that knows nothing of us.

use super::protected;
use microlp::{ComparisonOp, OptimizationDirection, Problem as Programme, SolveOutcome};
use portaal_console::extract::read::{Status, hierarchy, table};
use portaal_console::extract::{Finding, Interval, Problem, Quiet, Rules, Verdict, Zeros, audit};
use std::collections::BTreeMap;
use std::fmt::Write;

/// 13 providers, 4 products, 12 diagnoses in 3 groups: 1,120 cells, the totals among them.
fn large() -> Problem {
    let mut cells: BTreeMap<[String; 3], i64> = BTreeMap::new();
    let mut chance = 11_u64;
    let mut draw = |most: u64| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % most
    };
    for place in 0..13 * 4 * 12 {
        let (provider, product, diagnosis) = (place / 48, place / 12 % 4, place % 12);
        let count = if draw(4) == 0 { draw(10) } else { 4 + draw(90) };
        let count = i64::try_from(count).expect("small");
        let total = || "Total".to_owned();
        for first in [format!("a{provider}"), total()] {
            for second in [format!("p{product}"), total()] {
                for third in [
                    format!("d{diagnosis}"),
                    format!("g{}", diagnosis / 4),
                    total(),
                ] {
                    *cells
                        .entry([first.clone(), second.clone(), third])
                        .or_default() += count;
                }
            }
        }
    }
    let mut text = "provider,product,diagnosis,value\n".to_owned();
    for (codes, value) in cells {
        writeln!(text, "{},{value}", codes.join(",")).expect("text");
    }
    let mut groups = "code,parent\ng0,Total\ng1,Total\ng2,Total\n".to_owned();
    for diagnosis in 0..12 {
        writeln!(groups, "d{diagnosis},g{}", diagnosis / 4).expect("text");
    }
    let groups = hierarchy("h.csv", "diagnosis", &groups).expect("hierarchy");
    let table = table("t.csv", &text).expect("table");
    Problem::new(&[table], &[groups], "Total").expect("problem")
}

fn attacked(problem: &Problem, rules: &Rules) -> Vec<Finding> {
    let nothing = vec![false; problem.cells.len()];
    audit(problem, rules, &nothing, &mut Quiet).expect("not stopped")
}

/// How low or how high a hidden cell can be, whole or not.
fn furthest(problem: &Problem, cell: usize, way: OptimizationDirection) -> f64 {
    let mut programme = Programme::new(way);
    let mut add = |at: usize| {
        let known = real(problem.cells[at].value);
        let ends = if problem.cells[at].status.is_hidden() {
            (0.0, f64::INFINITY)
        } else {
            (known, known)
        };
        programme.add_var(if at == cell { 1.0 } else { 0.0 }, ends)
    };
    let cells: Vec<_> = (0..problem.cells.len()).map(&mut add).collect();
    for row in problem.sums.rows() {
        let terms: Vec<_> = row
            .iter()
            .map(|(at, sign)| (cells[*at as usize], f64::from(*sign)))
            .collect();
        programme.add_constraint(&terms[..], ComparisonOp::Eq, 0.0);
    }
    let Ok(SolveOutcome::Solution(found)) = programme.solve() else {
        return f64::NAN;
    };
    found.objective()
}

#[expect(clippy::cast_precision_loss, reason = "counts of a small table")]
fn real(count: i64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "counts of a small table")]
fn exact(count: f64) -> i64 {
    assert!((count - count.round()).abs() < 1e-6, "{count}");
    count.round() as i64
}

#[test]
fn what_was_protected_is_found_safe_and_what_was_taken_from_it_is_found_open() {
    let mut problem = large();
    for interval in [Interval::Exact, Interval::Threshold] {
        let rules = Rules {
            zeros: Zeros::Publish,
            interval,
            ..Rules::default()
        };
        let done = protected(&problem, &rules);
        assert!(done.open.is_empty());
        for (cell, status) in problem.cells.iter_mut().zip(&done.status) {
            cell.status = *status;
        }
        let found = attacked(&problem, &rules);
        assert!(found.len() > 100 && found.iter().all(|f| f.verdict == Verdict::Safe));
    }
    // Every other secondary is shown after all.
    let secondaries = problem
        .cells
        .iter_mut()
        .filter(|c| c.status == Status::Secondary);
    for cell in secondaries.step_by(2) {
        cell.status = Status::Published;
    }
    let rules = Rules {
        zeros: Zeros::Publish,
        ..Rules::default()
    };
    let found = attacked(&problem, &rules);
    for verdict in [Verdict::Exact, Verdict::Narrow, Verdict::Safe] {
        let of: Vec<&Finding> = found.iter().filter(|f| f.verdict == verdict).collect();
        assert!(!of.is_empty(), "{verdict:?}");
        for finding in of.iter().step_by(of.len().div_ceil(4)) {
            let low = furthest(&problem, finding.cell, OptimizationDirection::Minimize);
            let high = furthest(&problem, finding.cell, OptimizationDirection::Maximize);
            let cell = &problem.cells[finding.cell];
            let (least, most) = rules.bounds(cell);
            let is_open = match cell.status {
                Status::Primary => low <= real(least) && real(most) <= high,
                _ => low < high,
            };
            if verdict == Verdict::Safe {
                assert!(is_open, "{finding:?} {low} {high}");
            } else {
                let seen = (exact(low), exact(high));
                assert_eq!((finding.lower, finding.upper), seen, "{finding:?}");
                assert!(!is_open, "{finding:?}");
            }
        }
    }
}
