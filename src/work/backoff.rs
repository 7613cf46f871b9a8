//! How long to wait before the next try: doubling, with a jitter that is the same for the same job and attempt.

use crate::domain::time::{HOUR, MINUTE, SECOND};

/// Longest wait between two tries.
const MOST: i64 = 2 * HOUR;

/// Milliseconds until a mail is tried again after so many attempts: 1 minute, doubling to 2 hours, 20 % more or less.
pub(super) fn mail(id: &str, attempts: i64) -> i64 {
    spread(MINUTE, id, attempts)
}

/// Milliseconds until another job is tried again after so many failures: 5 seconds, doubling to 2 hours, 20 % more or less.
pub(super) fn job(id: &str, failures: i64) -> i64 {
    spread(5 * SECOND, id, failures)
}

fn spread(first: i64, id: &str, count: i64) -> i64 {
    let doublings = u32::try_from(count.clamp(1, 32) - 1).unwrap_or(0);
    let wait = first.saturating_mul(1_i64 << doublings).min(MOST);
    let percent = 80 + i64::try_from(hash(id, count) % 41).unwrap_or(20);
    wait / 100 * percent
}

/// FNV-1a: not for secrets, the same on every machine.
fn hash(id: &str, count: i64) -> u64 {
    id.bytes()
        .chain(count.to_be_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
