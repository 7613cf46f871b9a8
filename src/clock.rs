//! The only reader of the system clock. A clock can be fixed for tests and follows the database server on `PostgreSQL`.

use crate::domain::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where the time comes from; cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    /// Time at a known instant plus the monotonic time since.
    Running { base: i64, since: Instant },
    /// Stands still until it is set.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::from(Timestamp(
            i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX),
        ))
    }

    /// A clock that runs on from a given time, such as the database server's.
    pub fn from(base: Timestamp) -> Self {
        Self(Source::Running {
            base: base.0,
            since: Instant::now(),
        })
    }

    /// A clock that stands still, for tests and for building a demo world.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.0))))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Running { base, since } => Timestamp(
                base.saturating_add(i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)),
            ),
            Source::Fixed(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Whether the time passes by itself, so that it can be compared with another clock.
    pub const fn runs(&self) -> bool {
        matches!(self.0, Source::Running { .. })
    }

    /// Moves a fixed clock; a running clock stays as it is.
    pub fn set(&self, to: Timestamp) {
        if let Source::Fixed(at) = &self.0 {
            at.store(to.0, Ordering::SeqCst);
        }
    }
}
