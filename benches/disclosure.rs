//! Disclosure control on made-up tables of provider × product × diagnosis (two levels) × period: how much is hidden, in which time and memory, and
//! in the same run what an LP library needs to attack the smallest of them, cell by cell, as the audit does.
//! `cargo bench --bench disclosure`; each case runs in a process of its own, so that its memory is its own.

use microlp::{ComparisonOp, OptimizationDirection, Problem as Programme, SolveOutcome};
use portaal_console::extract::read::{Branch, Hierarchy, Record, Status, Table};
use portaal_console::extract::{
    Certificate, FORM, Interval, Problem, Quiet, Rules, Verdict, Way, Zeros, audit, protect, verify,
};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

/// Providers, products, diagnosis groups, diagnoses in each, periods.
const SIZES: [(&str, [u32; 5]); 3] = [
    ("S", [8, 3, 4, 2, 1]),
    ("M", [20, 4, 5, 4, 2]),
    ("L", [50, 5, 6, 5, 2]),
];
const TOTAL: &str = "Total";
/// Hidden cells that the library attacks.
const ATTACKED: usize = 20;

fn main() {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    match given.as_slice() {
        [case, size, interval] if case == "protect" => one(size, interval),
        [case] if case == "attack" => attack(),
        _ => {
            for (size, _) in SIZES {
                for interval in ["exact", "threshold"] {
                    again(&["protect", size, interval]);
                }
            }
            again(&["attack"]);
        }
    }
}

/// A case in a process of its own.
fn again(arguments: &[&str]) {
    let own = std::env::current_exe().expect("this program");
    let ended = Command::new(own).args(arguments).status();
    assert!(ended.expect("a process").success(), "{arguments:?}");
}

/// A table of a size with all its totals, and the groups of its diagnoses. Counts fall off steeply, and a quarter is not there.
fn made(size: &str) -> (Table, Hierarchy) {
    let (_, [providers, products, groups, each, periods]) =
        SIZES.into_iter().find(|s| s.0 == size).expect("S, M or L");
    let mut cells: BTreeMap<Vec<String>, i64> = BTreeMap::new();
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        f64::from(u32::try_from(chance >> 40).expect("24 bits")) / f64::from(1 << 24)
    };
    for provider in 0..providers {
        let weight = 1.0 / f64::from(1 + provider).sqrt();
        for (product, diagnosis, period) in each_of(products, groups * each, periods) {
            if draw() < 0.25 {
                continue;
            }
            #[expect(clippy::cast_possible_truncation, reason = "below 500")]
            let count = (weight * 6.2 * draw()).exp().floor() as i64;
            let chains = [
                vec![format!("a{provider}"), TOTAL.to_owned()],
                vec![format!("p{product}"), TOTAL.to_owned()],
                vec![
                    format!("d{diagnosis}"),
                    format!("g{}", diagnosis / each),
                    TOTAL.to_owned(),
                ],
                vec![format!("t{period}"), TOTAL.to_owned()],
            ];
            for codes in product_of(&chains) {
                *cells.entry(codes).or_default() += count;
            }
        }
    }
    let rows = (2..).zip(cells).map(|(line, (codes, value))| Record {
        line,
        codes,
        value,
        status: Status::Open,
        n: None,
        lower: None,
        upper: None,
    });
    let table = Table {
        file: format!("{size}.csv"),
        dimensions: ["provider", "product", "diagnosis", "period"]
            .map(ToOwned::to_owned)
            .to_vec(),
        rows: rows.collect(),
    };
    let branches = (0..groups * each).map(|d| (format!("d{d}"), format!("g{}", d / each)));
    let groups = (0..groups).map(|g| (format!("g{g}"), TOTAL.to_owned()));
    let branches = (2..).zip(branches.chain(groups));
    let hierarchy = Hierarchy {
        file: "diagnosis.csv".to_owned(),
        dimension: "diagnosis".to_owned(),
        branches: branches
            .map(|(line, (code, parent))| Branch { line, code, parent })
            .collect(),
    };
    (table, hierarchy)
}

fn each_of(one: u32, two: u32, three: u32) -> impl Iterator<Item = (u32, u32, u32)> {
    (0..one).flat_map(move |a| (0..two).flat_map(move |b| (0..three).map(move |c| (a, b, c))))
}

/// Every choice of one code from each chain.
fn product_of(chains: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for chain in chains {
        all = all
            .into_iter()
            .flat_map(|start: Vec<String>| {
                chain
                    .iter()
                    .map(move |code| [start.as_slice(), std::slice::from_ref(code)].concat())
            })
            .collect();
    }
    all
}

fn rules(interval: &str) -> Rules {
    Rules {
        zeros: Zeros::Publish,
        interval: match interval {
            "exact" => Interval::Exact,
            _ => Interval::Threshold,
        },
        ..Rules::default()
    }
}

/// Protects a table and has the proof checked.
fn one(size: &str, interval: &str) {
    let (mut table, hierarchy) = made(size);
    let rules = rules(interval);
    let began = Instant::now();
    let hierarchies = [hierarchy];
    let problem = Problem::new(std::slice::from_ref(&table), &hierarchies, TOTAL).expect("sums");
    let read = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let done = protect(&problem, &rules, 1, &mut Quiet).expect("not stopped");
    let took = began.elapsed().as_secs_f64();
    assert!(done.open.is_empty(), "{:?}", done.open);
    for (row, status) in table.rows.iter_mut().zip(&done.status) {
        row.status = *status;
    }
    let proof = Certificate {
        form: FORM.to_owned(),
        total: TOTAL.to_owned(),
        rules,
        hierarchies: hierarchies.iter().map(Way::of).collect(),
        sha256: String::new(),
        beside: Vec::new(),
        relations: Vec::new(),
        witnesses: done.witnesses,
    };
    let began = Instant::now();
    verify(&table, &proof).expect("a proof");
    let checked = began.elapsed().as_secs_f64();
    let of = |wanted: Status| {
        let rows = table.rows.iter().filter(move |r| r.status == wanted);
        rows.map(|r| r.value)
            .fold((0, 0), |(n, sum), v| (n + 1, sum + v))
    };
    let (primaries, (secondaries, clients)) = (of(Status::Primary).0, of(Status::Secondary));
    println!(
        "{size} {interval:<9} {:>6} cells, {primaries} too small, {secondaries} / {clients} hidden for them; adding up {read:.2} s, \
         protecting {took:.2} s, checking {checked:.2} s, {} MiB at most",
        table.rows.len(),
        memory()
    );
}

/// The audit of the smallest table, and the same by an LP library for some of its cells.
fn attack() {
    let (table, hierarchy) = made("S");
    let rules = rules("threshold");
    let mut problem = Problem::new(&[table], &[hierarchy], TOTAL).expect("sums");
    let done = protect(&problem, &rules, 1, &mut Quiet).expect("not stopped");
    for (cell, status) in problem.cells.iter_mut().zip(&done.status) {
        cell.status = *status;
    }
    let began = Instant::now();
    let known = vec![false; problem.cells.len()];
    let found = audit(&problem, &rules, &known, &mut Quiet).expect("not stopped");
    let own = began.elapsed().as_secs_f64() / f64::from(count(found.len()));
    assert!(found.iter().all(|f| f.verdict == Verdict::Safe));
    let began = Instant::now();
    for finding in found.iter().take(ATTACKED) {
        let low = by_library(&problem, finding.cell, OptimizationDirection::Minimize);
        let high = by_library(&problem, finding.cell, OptimizationDirection::Maximize);
        let [lower, upper] = [finding.lower, finding.upper].map(|end| f64::from(count_of(end)));
        assert!(
            low < lower + 1e-6 && high > upper - 1e-6,
            "{finding:?}: {low}–{high}"
        );
    }
    let theirs = began.elapsed().as_secs_f64() / f64::from(count(ATTACKED.min(found.len())));
    println!(
        "S attacked: audit {:.2} ms for each of {} cells, microlp {:.2} ms, ratio {:.4}",
        1e3 * own,
        found.len(),
        1e3 * theirs,
        own / theirs
    );
}

/// One end of what a hidden cell can be, in broken numbers too.
fn by_library(problem: &Problem, cell: usize, direction: OptimizationDirection) -> f64 {
    let mut programme = Programme::new(direction);
    let hidden: Vec<usize> = (0..problem.cells.len())
        .filter(|c| problem.cells[*c].status.is_hidden())
        .collect();
    let variables: BTreeMap<usize, _> = hidden
        .into_iter()
        .map(|c| {
            let worth = if c == cell { 1.0 } else { 0.0 };
            (c, programme.add_var(worth, (0.0, 1e6)))
        })
        .collect();
    for row in problem.sums.rows() {
        let mut shown = 0;
        let mut left = Vec::new();
        for (at, sign) in row {
            match variables.get(&(*at as usize)) {
                Some(variable) => left.push((*variable, f64::from(*sign))),
                None => shown += i64::from(*sign) * problem.cells[*at as usize].value,
            }
        }
        if !left.is_empty() {
            let rest = f64::from(count_of(-shown));
            programme.add_constraint(left, ComparisonOp::Eq, rest);
        }
    }
    match programme.solve().expect("the true table") {
        SolveOutcome::Solution(solution) => solution.objective(),
        SolveOutcome::Interrupted(_) => unreachable!("without a limit"),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).expect("few")
}

fn count_of(number: i64) -> i32 {
    i32::try_from(number).expect("small")
}

/// The most memory that this process ever had, in MiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let number = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
    number.unwrap_or_default() / 1024
}
