//! What is shown of a cell that is open: numbers with their decimals, worked out from its count and sums. Not whether it is open, and no
//! words for people.

use super::built::BuiltCell;
use super::definition::{Definition, Instrument};
use super::number::real_of;
use crate::domain::sheet::{Sheet, TOTAL};

/// A number that is shown of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// What it is.
    pub name: Name,
    /// The number, not rounded yet; in percent for a share.
    pub value: f64,
    /// Decimals that are shown, and no more.
    pub decimals: usize,
}

crate::domain::code::codes! {
    /// What is measured.
    pub enum Name {
        Count = "n",
        Organisations = "organisations",
        Share = "share",
        MeanPre = "mean_pre",
        MeanPost = "mean_post",
        MeanDifference = "mean_difference",
        Deviation = "sd",
        Low = "interval_low",
        High = "interval_high",
        Effect = "standardised_effect",
        Improved = "improved",
        TPre = "t_pre",
        TPost = "t_post",
        Mean = "mean",
        FirstQuartile = "first_quartile",
        Median = "median",
        ThirdQuartile = "third_quartile",
    }
}

/// 97.5th percentile of the normal distribution.
const NORMAL: f64 = 1.959_963_985;
/// 97.5th percentiles of Student's t with 1 to 9 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2).
const STUDENT: [f64; 9] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
];

impl Measure {
    const fn count(n: i64) -> Self {
        Self::of(Name::Count, real_of(n), 0)
    }

    const fn of(name: Name, value: f64, decimals: usize) -> Self {
        Self {
            name,
            value,
            decimals,
        }
    }

    /// A score in thousandths, shown in points with one decimal.
    fn score(name: Name, thousandths: f64) -> Self {
        Self::of(name, thousandths / 1000.0, 1)
    }

    /// The number as it leaves: with a point, without grouping, no minus before nothing.
    pub fn text(&self) -> String {
        let text = format!("{:.*}", self.decimals, nearest(self.value, self.decimals));
        if text.trim_matches(['-', '0', '.']).is_empty() {
            return text.trim_start_matches('-').to_owned();
        }
        text
    }
}

/// Rounded half away from 0 in the decimals that are shown: a value such as 0.25 is exact and must not fall to either side by chance.
fn nearest(value: f64, decimals: usize) -> f64 {
    let scale = [1.0, 10.0, 100.0, 1000.0][decimals.min(3)];
    (value * scale).round() / scale
}

/// What is shown of a cell; nothing of a hidden one.
///
/// A response share is a share of the row it stands in, which is another cell (`row_of`): `share` works it out.
pub fn measures(definition: &Definition, cell: &BuiltCell) -> Vec<Measure> {
    if cell.status.is_hidden() || cell.n == 0 {
        return if cell.status.is_hidden() {
            Vec::new()
        } else {
            vec![Measure::count(0)]
        };
    }
    match cell.sheet {
        Sheet::Volume | Sheet::Response | Sheet::Coverage => vec![Measure::count(cell.n)],
        Sheet::Effect => effect(definition.instrument(&cell.codes[2]), cell),
        Sheet::Cqi => cqi(cell),
        Sheet::Benchmark => benchmark(cell),
    }
}

/// The place of the row that a response is a share of: the closed care paths of the same organisation and profile, a cell of the volume.
/// None for what is no response.
pub fn row_of(cell: &BuiltCell) -> Option<(Sheet, Vec<String>)> {
    let (_, codes) = cell.codes.split_last()?;
    let row = [codes, &[TOTAL.to_owned()]].concat();
    (cell.sheet == Sheet::Response).then_some((Sheet::Volume, row))
}

/// The share of a response in its row, in whole percents; none when one of the two is hidden or the row is empty.
pub fn share(cell: &BuiltCell, row: &BuiltCell) -> Option<Measure> {
    let is_open = !cell.status.is_hidden() && !row.status.is_hidden();
    let share = || Measure::of(Name::Share, 100.0 * real_of(cell.n) / real_of(row.n), 0);
    (is_open && row.n > 0).then(share)
}

fn effect(instrument: Option<&Instrument>, cell: &BuiltCell) -> Vec<Measure> {
    let [pre, post, pre_squared, difference_squared, improved] = cell.sums[..] else {
        return vec![Measure::count(cell.n)];
    };
    let n = real_of(cell.n);
    let (mean_pre, mean_post) = (real_of(pre) / n, real_of(post) / n);
    let difference = real_of(post - pre) / n;
    let mut all = vec![
        Measure::count(cell.n),
        Measure::score(Name::MeanPre, mean_pre),
        Measure::score(Name::MeanPost, mean_post),
        Measure::score(Name::MeanDifference, difference),
    ];
    if let Some(sd) = deviation(cell.n, post - pre, difference_squared) {
        let half = student(cell.n - 1) * sd / n.sqrt();
        all.push(Measure::score(Name::Deviation, sd));
        all.push(Measure::score(Name::Low, difference - half));
        all.push(Measure::score(Name::High, difference + half));
    }
    if let Some(sd) = deviation(cell.n, pre, pre_squared).filter(|sd| *sd > 0.0) {
        all.push(Measure::of(Name::Effect, difference / sd, 1));
    }
    let Some(instrument) = instrument else {
        return all;
    };
    if instrument.reliability.is_some() {
        all.push(Measure::of(
            Name::Improved,
            100.0 * real_of(improved) / n,
            0,
        ));
    }
    if let Some(norm) = &instrument.norm {
        let t = |mean: f64| 50.0 + 10.0 * (mean - real_of(norm.mean)) / real_of(norm.deviation);
        all.push(Measure::of(Name::TPre, t(mean_pre), 1));
        all.push(Measure::of(Name::TPost, t(mean_post), 1));
    }
    all
}

fn cqi(cell: &BuiltCell) -> Vec<Measure> {
    let [score, squared] = cell.sums[..] else {
        return vec![Measure::count(cell.n)];
    };
    let mut all = vec![
        Measure::count(cell.n),
        Measure::score(Name::Mean, real_of(score) / real_of(cell.n)),
    ];
    let sd = deviation(cell.n, score, squared);
    all.extend(sd.map(|sd| Measure::score(Name::Deviation, sd)));
    all
}

fn benchmark(cell: &BuiltCell) -> Vec<Measure> {
    let names: &[Name] = match cell.sums.len() {
        1 => &[Name::Median],
        _ => &[Name::FirstQuartile, Name::Median, Name::ThirdQuartile],
    };
    let quartiles = names.iter().zip(&cell.sums);
    let quartiles = quartiles.map(|(name, value)| Measure::score(*name, real_of(*value)));
    let organisations = Measure::of(Name::Organisations, real_of(cell.n), 0);
    std::iter::once(organisations).chain(quartiles).collect()
}

/// Standard deviation of a sample in thousandths, from its sum in thousandths and its sum of squares in millionths; none below two.
/// The difference is taken in whole numbers, so that nothing is lost when it is small beside the squares.
fn deviation(n: i64, sum: i64, squares: i64) -> Option<f64> {
    if n < 2 {
        return None;
    }
    let spread = i128::from(n) * i128::from(squares) - i128::from(sum) * i128::from(sum);
    let spread = real_of(i64::try_from(spread.max(0) / i128::from(n)).unwrap_or(i64::MAX));
    Some((spread / real_of(n - 1)).sqrt())
}

/// 97.5th percentile of Student's t, for an interval of 95 % around a mean whose spread is known from its own sample only. From ten degrees
/// of freedom by the expansion around the normal distribution (Abramowitz and Stegun, 26.7.5), which is right in four decimals there.
fn student(freedom: i64) -> f64 {
    let known = usize::try_from(freedom - 1)
        .ok()
        .and_then(|at| STUDENT.get(at));
    if let Some(t) = known {
        return *t;
    }
    let (z, v) = (NORMAL, real_of(freedom));
    let terms = [
        (z.powi(3) + z) / 4.0,
        (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0,
        (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0,
        (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5)
            - 1920.0 * z.powi(3)
            - 945.0 * z)
            / 92160.0,
    ];
    let terms = terms.iter().rev();
    terms.fold(0.0, |sum, term| (sum + term) / v) + z
}
