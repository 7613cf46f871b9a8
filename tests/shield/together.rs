//! Several releases beside each other, in hundreds of small worlds: exact algebra over everything that any of them shows must not give a
//! small cell or a small change. It knows nothing of how the cells were protected.

use super::world::{World, definition, open, release};
use portaal_console::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use portaal_console::extract::built::{Built, BuiltCell, Rule};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::earlier::Earlier;
use portaal_console::extract::{Quiet, shield};
use std::collections::{BTreeMap, BTreeSet};

/// Organisations and diagnosis groups of a world; the first four groups make one.
const ORGANISATIONS: usize = 12;
const GROUPS: [&str; 5] = ["05", "06", "07", "08", "04"];
/// What is counted in a period, by organisation and group.
type Counts = Vec<[i64; 5]>;
/// A large prime: what follows in fractions follows in remainders of it.
const PRIME: i128 = (1 << 61) - 1;

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % most.unsigned_abs()).expect("small")
    }

    /// A world of mostly large counts with a few small ones.
    fn counts(&mut self) -> Counts {
        let mut count = || match self.below(12) {
            0 => 1 + self.below(8),
            _ => 12 + self.below(60),
        };
        let mut row = || [count(), count(), count(), count(), 120];
        (0..ORGANISATIONS).map(|_| row()).collect()
    }

    /// A world in which some organisations have nobody in some groups: there is no row for that.
    fn gaps(&mut self) -> Counts {
        let mut counts = self.counts();
        for row in &mut counts {
            let group = usize::try_from(self.below(8)).expect("small");
            if let Some(n) = row[..4].get_mut(group) {
                *n = 0;
            }
        }
        counts
    }

    /// Large deliveries of half of the organisations.
    fn delivered(&mut self, counts: &Counts) -> Counts {
        let mut counts = counts.clone();
        for row in counts.iter_mut().skip(ORGANISATIONS / 2) {
            for n in row.iter_mut().take(4) {
                *n += if self.below(2) == 0 {
                    10 + self.below(60)
                } else {
                    0
                };
            }
        }
        counts
    }
}

fn sum(one: &Counts, other: &Counts) -> Counts {
    let rows = one.iter().zip(other);
    rows.map(|(a, b)| std::array::from_fn(|at| a[at] + b[at]))
        .collect()
}

fn name(at: usize) -> String {
    format!("02{:06}", at + 1)
}

fn build(counts: &Counts, definition: &Definition, period: &str, earlier: &[Earlier]) -> Built {
    let mut world = World::default();
    for (at, row) in counts.iter().enumerate() {
        world.holder(&name(at), row.iter().sum());
        let of: Vec<(&str, i64)> = GROUPS.into_iter().zip(*row).collect();
        world.volume(&name(at), &of);
    }
    shield::build(&world.0, definition, period, earlier, 1, &mut Quiet).expect("built")
}

/// One unknown: a finest cell of a release.
type Unknown = (usize, String, String);
type Form = BTreeMap<Unknown, i128>;

/// Somebody who kept all releases.
#[derive(Default)]
struct Attacker {
    /// Reduced rows by their first unknown.
    rows: BTreeMap<Unknown, Form>,
}

impl Attacker {
    fn reduce(&self, mut form: Form) -> Form {
        let mut done = BTreeSet::new();
        while let Some(first) = form
            .keys()
            .find(|u| !done.contains(*u) && self.rows.contains_key(*u))
            .cloned()
        {
            let by = form[&first];
            for (unknown, factor) in &self.rows[&first] {
                let value = form.entry(unknown.clone()).or_default();
                *value = (*value - by * factor).rem_euclid(PRIME);
            }
            form.retain(|_, f| *f != 0);
            done.insert(first);
        }
        form
    }

    /// Takes in that a sum is known.
    fn learn(&mut self, form: Form) {
        let form = self.reduce(form);
        let Some((first, factor)) = form.iter().next().map(|(u, f)| (u.clone(), *f)) else {
            return;
        };
        let turned = power(factor, PRIME - 2);
        let row = form
            .into_iter()
            .map(|(u, f)| (u, f * turned % PRIME))
            .collect();
        self.rows.insert(first, row);
    }

    fn knows(&self, form: Form) -> bool {
        self.reduce(form).is_empty()
    }
}

fn power(mut base: i128, mut exponent: i128) -> i128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent /= 2;
    }
    result
}

/// The releases of a world with what they truly count.
struct Shelf<'a> {
    releases: &'a [(Earlier, Counts)],
}

impl Shelf<'_> {
    /// A cell as a sum of finest cells.
    fn form(&self, release: usize, codes: &[String]) -> Form {
        let pooled = &self.releases[release].0.pooled;
        let mut form = Form::new();
        for at in 0..ORGANISATIONS {
            let is_pooled = pooled.contains(&name(at));
            let code = if is_pooled {
                SMALL_HOLDERS.to_owned()
            } else {
                name(at)
            };
            for group in GROUPS {
                let is_in =
                    |code: &str| code == TOTAL || code == group || code == "angst" && group != "04";
                if (codes[0] == TOTAL || codes[0] == code) && is_in(&codes[2]) {
                    form.insert((release, name(at), group.to_owned()), 1);
                }
            }
        }
        form
    }

    /// What somebody knows who kept all, and takes it that what can have stayed the same did.
    fn attacker(&self) -> Attacker {
        let mut attacker = Attacker::default();
        for (release, (it, _)) in self.releases.iter().enumerate() {
            let shown = it
                .cells
                .iter()
                .filter(|c| c.sheet == Sheet::Volume && !c.status.is_hidden());
            shown.for_each(|c| attacker.learn(self.form(release, &c.codes)));
            for at in 0..ORGANISATIONS {
                for group in GROUPS {
                    let is_it = |c: &&BuiltCell| c.codes[0] == name(at) && c.codes[2] == group;
                    // What has no row is nobody.
                    if !it.cells.iter().any(|c| is_it(&c)) && !it.pooled.contains(&name(at)) {
                        let nobody = (release, name(at), group.to_owned());
                        attacker.learn(Form::from([(nobody, 1)]));
                    }
                }
            }
        }
        for (signs, terms) in self.ties() {
            for at in 0..ORGANISATIONS {
                for (place, group) in GROUPS.into_iter().enumerate() {
                    let value = terms
                        .iter()
                        .zip(&signs)
                        .map(|(r, s)| self.releases[*r].1[at][place] * s)
                        .sum::<i64>();
                    if value == 0 {
                        let tie = terms.iter().zip(&signs);
                        let tie = tie.map(|(r, s)| {
                            (
                                (*r, name(at), group.to_owned()),
                                i128::from(*s).rem_euclid(PRIME),
                            )
                        });
                        attacker.learn(tie.collect());
                    }
                }
            }
        }
        attacker
    }

    /// Releases that count the same clients: two of one period, or a year and its halves.
    fn ties(&self) -> Vec<(Vec<i64>, Vec<usize>)> {
        let period = |at: usize| self.releases[at].0.period.as_str();
        let all = 0..self.releases.len();
        let mut ties = Vec::new();
        for (one, other) in all.clone().flat_map(|a| (0..a).map(move |b| (a, b))) {
            if period(one) == period(other) {
                ties.push((vec![1, -1], vec![one, other]));
            }
            for year in all.clone().filter(|y| period(*y) == "2025") {
                let mut halves = [period(one), period(other)];
                halves.sort_unstable();
                if halves == ["2025-H1", "2025-H2"] {
                    ties.push((vec![1, -1, -1], vec![year, one, other]));
                }
            }
        }
        ties
    }

    /// Small cells and small changes that follow exactly. That nobody is left of a year without its half follows from what both show.
    fn leaks(&self) -> Vec<String> {
        let attacker = self.attacker();
        let mut leaks = Vec::new();
        for (release, (it, _)) in self.releases.iter().enumerate() {
            for cell in it
                .cells
                .iter()
                .filter(|c| c.sheet == Sheet::Volume && (1..10).contains(&c.n))
            {
                let is_small = matches!(cell.rule, Some(Rule::Small | Rule::Zero));
                if is_small && attacker.knows(self.form(release, &cell.codes)) {
                    leaks.push(format!("release {release}: {:?} is {}", cell.codes, cell.n));
                }
            }
        }
        let pairs = self.ties().into_iter().chain(self.halves());
        for (signs, terms) in pairs {
            leaks.extend(self.changes(&attacker, &signs, &terms));
        }
        leaks
    }

    /// A year without one of its halves, when the other was never released.
    fn halves(&self) -> Vec<(Vec<i64>, Vec<usize>)> {
        let period = |at: usize| self.releases[at].0.period.as_str();
        let all = 0..self.releases.len();
        let pairs = all.clone().flat_map(|a| all.clone().map(move |b| (a, b)));
        let is_it =
            |(a, b): &(usize, usize)| period(*a) == "2025" && period(*b).starts_with("2025-H");
        pairs
            .filter(is_it)
            .map(|(a, b)| (vec![1, -1], vec![a, b]))
            .collect()
    }

    fn changes(&self, attacker: &Attacker, signs: &[i64], terms: &[usize]) -> Vec<String> {
        let mut leaks = Vec::new();
        let keys: BTreeSet<&Vec<String>> = terms
            .iter()
            .flat_map(|r| &self.releases[*r].0.cells)
            .map(|c| &c.codes)
            .collect();
        for codes in keys
            .into_iter()
            .filter(|c| c[0] != SMALL_HOLDERS && c.len() == 3)
        {
            let mut form = Form::new();
            let mut change = 0;
            for (release, sign) in terms.iter().zip(signs) {
                for (unknown, _) in self.form(*release, codes) {
                    let at: usize = unknown.1[2..].parse::<usize>().expect("number") - 1;
                    let place = GROUPS.iter().position(|g| *g == unknown.2).expect("group");
                    change += sign * self.releases[*release].1[at][place];
                    form.insert(unknown, i128::from(*sign).rem_euclid(PRIME));
                }
            }
            if change != 0 && change.abs() < 10 && attacker.knows(form) {
                leaks.push(format!("{terms:?}: {codes:?} changed by {change}"));
            }
        }
        leaks
    }
}

/// Releases one after the other, each aware of those before or of none.
fn shelf(of: &[(&str, Counts, Definition)], is_aware: bool) -> Vec<(Earlier, Counts)> {
    let mut all: Vec<(Earlier, Counts)> = Vec::new();
    for (period, counts, definition) in of {
        let before: Vec<Earlier> = all.iter().map(|(e, _)| e.clone()).collect();
        let (overlapping, connected): (Vec<Earlier>, Vec<Earlier>) =
            before.into_iter().partition(|e| e.overlaps(period));
        let earlier = if is_aware {
            [overlapping, connected].concat()
        } else {
            Vec::new()
        };
        let built = build(counts, definition, period, &earlier);
        // One that an attack finds something in never leaves.
        if open(&built) == 0 {
            all.push((release(&built, definition, period), counts.clone()));
        }
    }
    all
}

/// Leaks of worlds, those that nobody kept from it, and how many releases left of how many.
fn run(
    worlds: u64,
    of: impl Fn(&mut Dice) -> Vec<(&'static str, Counts, Definition)>,
) -> [usize; 4] {
    let mut found = [0; 4];
    for seed in 1..=worlds {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let plan = of(&mut dice);
        let aware = shelf(&plan, true);
        let leaks = Shelf { releases: &aware }.leaks();
        assert!(leaks.is_empty(), "world {seed}: {leaks:#?}");
        let unaware = shelf(&plan, false);
        found[0] += Shelf { releases: &unaware }.leaks().len();
        found[1] += aware.len();
        found[2] += plan.len();
        found[3] += aware
            .iter()
            .flat_map(|(e, _)| &e.cells)
            .filter(|c| c.status.is_hidden())
            .count();
    }
    found
}

fn plain() -> Definition {
    definition(&[Sheet::Volume])
}

#[test]
fn the_pattern_does_not_move_where_nothing_changed() {
    let found = run(60, |dice| {
        let first = dice.counts();
        let second = dice.delivered(&first);
        vec![("2025", first, plain()), ("2025", second, plain())]
    });
    assert!(
        found[0] > 0,
        "unaware of each other they would leak: {found:?}"
    );
    assert!(
        10 * found[1] >= 9 * found[2],
        "most are released: {found:?}"
    );
    println!("same period: {found:?}");
}

#[test]
fn a_row_that_is_not_there_gives_nobody_away() {
    let halves = |dice: &mut Dice| {
        let (first, second) = (dice.gaps(), dice.gaps());
        (first.clone(), second.clone(), sum(&first, &second))
    };
    let found = run(20, |dice| {
        let (first, second, year) = halves(dice);
        vec![
            ("2025", year, plain()),
            ("2025-H2", second, plain()),
            ("2025-H1", first, plain()),
        ]
    });
    assert!(
        found[0] > 0,
        "unaware of each other they would leak: {found:?}"
    );
    let other = run(20, |dice| {
        let (first, second, year) = halves(dice);
        vec![
            ("2025-H1", first, plain()),
            ("2025-H2", second, plain()),
            ("2025", year, plain()),
        ]
    });
    println!("the year and its halves with gaps: {found:?}, the other way round {other:?}");
}

#[test]
fn a_year_and_its_halves_are_one_system() {
    let found = run(15, |dice| {
        let (first, second) = (dice.counts(), dice.counts());
        let year = sum(&first, &second);
        vec![
            ("2025-H1", first, plain()),
            ("2025-H2", second, plain()),
            ("2025", year, plain()),
        ]
    });
    assert!(
        found[0] > 0,
        "unaware of each other they would leak: {found:?}"
    );
    assert!(
        10 * found[1] >= 9 * found[2],
        "most are released: {found:?}"
    );
    println!("halves, then the year: {found:?}");
    let found = run(15, |dice| {
        let (first, second) = (dice.counts(), dice.counts());
        let year = sum(&first, &second);
        vec![
            ("2025-H1", first, plain()),
            ("2025", year, plain()),
            ("2025-H2", second, plain()),
        ]
    });
    assert!(
        found[0] > 0,
        "unaware of each other they would leak: {found:?}"
    );
    println!("a half, the year, the other half: {found:?}");
}
