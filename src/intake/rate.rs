//! How often one code may ask: a bucket of requests per code that fills evenly. In memory; a restart begins with full buckets.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Buckets that are kept before full ones are forgotten.
const MANY: usize = 4096;

struct Bucket {
    left: f64,
    at: Instant,
}

/// The buckets of all codes.
pub(super) struct Rates {
    per_minute: f64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Rates {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: f64::from(per_minute),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one request out of a bucket; an empty one says in how many seconds there is one again.
    pub(super) fn take(&self, who: &str) -> Result<(), u64> {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, b| self.filled(b, now) < self.per_minute);
        }
        let bucket = buckets.entry(who.to_owned()).or_insert(Bucket {
            left: self.per_minute,
            at: now,
        });
        bucket.left = self.filled(bucket, now);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - bucket.left) * 60.0 / self.per_minute;
        Err(std::time::Duration::from_secs_f64(wait).as_secs() + 1)
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (since / 60.0)
            .mul_add(self.per_minute, bucket.left)
            .min(self.per_minute)
    }
}
