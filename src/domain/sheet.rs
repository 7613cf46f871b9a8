//! The tables of an extract: their names, dimensions and what is added up in each of their cells. Pure names: no figure is here.

use super::code::codes;

codes! {
    /// A table of an extract.
    pub enum Sheet {
        Volume = "volume",
        Response = "response",
        Effect = "effect",
        Cqi = "cqi",
        Benchmark = "benchmark",
        Coverage = "coverage",
    }
}

/// The word for a total, in every dimension that has one.
pub const TOTAL: &str = "Total";
/// The code under which holders are counted that are too small to stand alone.
pub const SMALL_HOLDERS: &str = "kleine-aanbieders";

impl Sheet {
    /// Names of the dimensions, in the order of the codes of a cell.
    pub const fn dimensions(self) -> &'static [&'static str] {
        match self {
            Self::Volume => &["organisation", "profile", "diagnosis"],
            Self::Response => &["organisation", "profile", "response"],
            Self::Effect => &["organisation", "profile", "instrument"],
            Self::Cqi => &["organisation", "questionnaire", "indicator"],
            Self::Benchmark => &["profile", "subject"],
            Self::Coverage => &["organisation"],
        }
    }

    /// What is added up beside the count, in thousandths of a point; squares in millionths. `improved` is a count.
    pub const fn sums(self) -> &'static [&'static str] {
        match self {
            Self::Effect => &[
                "pre",
                "post",
                "pre_squared",
                "difference_squared",
                "improved",
            ],
            Self::Cqi => &["score", "score_squared"],
            Self::Volume | Self::Response | Self::Benchmark | Self::Coverage => &[],
        }
    }
}
