//! Tables that share cells, attacked together: what one shows, the other may give away.

use super::{learns_nothing, protected, read, three};
use portaal_console::extract::read::hierarchy;
use portaal_console::extract::{Interval, Problem, Quiet, Rules, Verdict, audit};
use proptest::prelude::{ProptestConfig, any, prop};
use proptest::proptest;
use std::fmt::Write;

/// Of each of two rows two columns and the first of two kinds; the second is what the columns leave over.
type Counts = [[i64; 3]; 2];

const TOTAL: &str = "Total";

/// What a cell of either table counts.
fn value(counts: &Counts, [row, column, kind]: [&str; 3]) -> i64 {
    let rows = counts.iter().zip(["r0", "r1"]);
    let rows = rows.filter(|(_, name)| [TOTAL, name].contains(&row));
    let of = |[a, b, k]: &[i64; 3]| match (column, kind) {
        ("a", _) => *a,
        ("b", _) => *b,
        (_, "k") => *k,
        (_, "l") => a + b - k,
        _ => a + b,
    };
    rows.map(|(counts, _)| of(counts)).sum()
}

/// Two tables, of rows by columns and of rows by kinds.
fn tables(counts: &Counts) -> [String; 2] {
    [("column", ["a", "b"]), ("kind", ["k", "l"])].map(|(name, [one, two])| {
        let mut text = format!("row,{name},value,status\n");
        for row in ["r0", "r1", TOTAL] {
            for code in [one, two, TOTAL] {
                let codes = match name {
                    "column" => [row, code, TOTAL],
                    _ => [row, TOTAL, code],
                };
                writeln!(text, "{row},{code},{},", value(counts, codes)).expect("text");
            }
        }
        text
    })
}

fn codes(problem: &Problem, cell: usize) -> [&str; 3] {
    let names = problem.names(cell);
    [names[0], names[1], names[2]]
}

/// Lowest and highest value of each cell over every pair of tables that agrees with what is shown; columns above `most` are not tried.
fn every_pair(problem: &Problem, hidden: &[bool], most: i64) -> Vec<(i64, i64)> {
    let all = 0..problem.cells.len();
    let shown: Vec<([&str; 3], i64)> = all
        .clone()
        .filter(|cell| !hidden[*cell])
        .map(|cell| (codes(problem, cell), problem.cells[cell].value))
        .collect();
    let row = |row: &str| -> Vec<[i64; 3]> {
        let ab = (0..=most).flat_map(|a| (0..=most).map(move |b| (a, b)));
        let all = ab.flat_map(|(a, b)| (0..=a + b).map(move |k| [a, b, k]));
        let agrees = |counts: &[i64; 3]| {
            let own = shown.iter().filter(|(codes, _)| codes[0] == row);
            let mut own =
                own.map(|(codes, is)| value(&[*counts, [0; 3]], ["r0", codes[1], codes[2]]) == *is);
            own.all(|agrees| agrees)
        };
        all.filter(agrees).collect()
    };
    let (first, second) = (row("r0"), row("r1"));
    let totals: Vec<&([&str; 3], i64)> = shown.iter().filter(|(c, _)| c[0] == TOTAL).collect();
    let mut reach = vec![(i64::MAX, i64::MIN); problem.cells.len()];
    let names: Vec<[&str; 3]> = all.map(|cell| codes(problem, cell)).collect();
    for one in &first {
        for two in &second {
            let counts = [*one, *two];
            if totals
                .iter()
                .all(|(codes, is)| value(&counts, *codes) == *is)
            {
                for (reach, codes) in reach.iter_mut().zip(&names) {
                    let value = value(&counts, *codes);
                    *reach = (reach.0.min(value), reach.1.max(value));
                }
            }
        }
    }
    reach
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn who_tries_every_pair_of_linked_tables_learns_nothing(
        counts in prop::collection::vec((0_i64..5, 0_i64..5, any::<prop::sample::Index>()), 2),
        exact in any::<bool>(),
        zeros in any::<bool>(),
    ) {
        let row = |at: usize| {
            let (a, b, k): &(i64, i64, prop::sample::Index) = &counts[at];
            let part = k.index(usize::try_from(a + b + 1).expect("small"));
            [*a, *b, i64::try_from(part).expect("small")]
        };
        let texts = tables(&[row(0), row(1)]);
        let both = texts.each_ref().map(|text| read(text));
        let problem = Problem::new(&both, &[], TOTAL).expect("linked");
        let rules = three(exact, zeros);
        let done = protected(&problem, &rules);
        learns_nothing((&problem, &texts.concat()), &rules, &done, |hidden| every_pair(&problem, hidden, 8));
    }
}

#[test]
fn linked_tables_are_attacked_together() {
    let (one, two) = (
        "region,value,status\nTotal,36,s\nnorth,20,s\na,2,u\nb,2,u\nc,16,s\nsouth,16,s\n",
        "region,value,status\nTotal,36,s\nlarge,26,s\nd,3,u\ne,23,u\na,2,u\nf,8,s\n",
    );
    let north = "code,parent\nnorth,Total\nsouth,Total\na,north\nb,north\nc,north\n";
    let large = "code,parent\nlarge,Total\nd,large\ne,large\na,Total\nf,Total\n";
    let ways = [north, large].map(|w| hierarchy("h.csv", "region", w).expect("hierarchy"));
    let problem = Problem::new(&[read(one), read(two)], &ways, "Total").expect("linked");
    let nothing = vec![false; problem.cells.len()];
    let rules = Rules {
        interval: Interval::Exact,
        ..Rules::default()
    };
    let found = audit(&problem, &rules, &nothing, &mut Quiet).expect("not stopped");
    let exact: Vec<_> = found
        .iter()
        .filter(|f| f.verdict == Verdict::Exact)
        .map(|f| problem.names(f.cell)[0])
        .collect();
    assert_eq!(exact, ["a", "b"], "36 - 26 - 8 = 2, then 20 - 16 - 2 = 2");
}
