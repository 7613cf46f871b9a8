//! Points in time and spans as the portal counts them: milliseconds UTC since 1970. Not the clock.

/// A point in time: milliseconds UTC since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl From<i64> for Timestamp {
    fn from(millis: i64) -> Self {
        Self(millis)
    }
}

impl Timestamp {
    /// Stands for "never" in columns that may not be empty because lists sort on them.
    pub const NEVER: Self = Self(0);

    /// Later by a number of milliseconds; stops at the far end instead of wrapping.
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to here, negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds in one second.
pub const SECOND: i64 = 1000;
/// Milliseconds in one minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in one hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in one day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// Milliseconds of a span such as `90s`, `15m`, `36h`, `2d` or `3w`; `None` when it is not one.
pub fn parse_span(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..)? {
        "s" => SECOND,
        "m" => MINUTE,
        "h" | "u" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return None,
    };
    digits
        .parse::<i64>()
        .ok()
        .filter(|n| *n >= 0)?
        .checked_mul(unit)
}
