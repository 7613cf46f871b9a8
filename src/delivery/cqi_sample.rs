//! Synthetic rows of `cqi-1`, for `sample`. Nobody gave these answers.

use chrono::Days;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::fault;
use super::sample::{Kind, Sample, client_key};

/// What samples of `cqi-1` are made of.
pub(super) const CQI: Kind = Kind {
    columns: &COLUMNS,
    light: fault::CQI_LIGHT,
    heavy: fault::CQI_HEAVY,
    rows: respondent,
};

const COLUMNS: [&str; 23] = [
    "zorgaanbiedercode",
    "koppelnummer",
    "zorgtrajectnummer",
    "profiel",
    "vragenlijst",
    "afnamedatum",
    "v01",
    "v02",
    "v03",
    "v04",
    "v05",
    "v06",
    "v07",
    "v08",
    "v09",
    "v10",
    "v11",
    "v12",
    "v13",
    "v14",
    "v15",
    "rapportcijfer",
    "gezondheid",
];

/// One respondent per care path; one answer in eight is left open, the first never.
fn respondent(sample: &Sample, index: u64, random: &mut ChaCha8Rng) -> Vec<Vec<String>> {
    let questionnaire = ["CQI-GGZ-VZ-AMB-2017", "CQI-AMB-5.1"][random.random_range(0..2)];
    let taken_on = sample.as_of - Days::new(random.random_range(1..=400));
    let mut row = vec![
        sample.organisation.clone(),
        client_key(index),
        format!("T{index:07}"),
        ["kort", "middel", "intensief", "chronisch", "GBG04"][random.random_range(0..5)].to_owned(),
        questionnaire.to_owned(),
        taken_on.format("%Y-%m-%d").to_string(),
    ];
    for question in 0..15 {
        let answer = random.random_range(1..=5_u8);
        let open = question > 0 && random.random_range(0..8_u8) == 0;
        row.push(if open {
            String::new()
        } else {
            answer.to_string()
        });
    }
    row.push(random.random_range(1..=10_u8).to_string());
    row.push(random.random_range(1..=5_u8).to_string());
    vec![row]
}
