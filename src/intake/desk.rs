//! What every call of the intake shares: services, counts, rates, and whether it is going. Not a call itself.

use super::metrics::Metrics;
use super::rate::Rates;
use crate::service::Services;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// What every call shares.
pub(super) struct Desk {
    pub(super) services: Services,
    pub(super) metrics: Metrics,
    pub(super) rates: Rates,
    closing: AtomicBool,
    visits: watch::Sender<usize>,
}

/// A call that has begun; ends when it is dropped.
pub(super) struct Visit(Arc<Desk>);

impl Desk {
    pub(super) fn new(services: Services) -> Self {
        Self {
            metrics: Metrics::new(),
            rates: Rates::new(services.settings.intake.rate),
            services,
            closing: AtomicBool::new(false),
            visits: watch::Sender::new(0),
        }
    }

    /// From now on nothing new is begun.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// Whether nothing new is begun any more.
    pub(super) fn closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Begins a call, unless this intake is going.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Visit> {
        self.visits.send_modify(|n| *n += 1);
        let visit = Visit(Arc::clone(self));
        // Looked at after the count, so that whoever waits for quiet sees every call that was let in.
        (!self.closing()).then_some(visit)
    }

    /// Waits until no call is under way.
    pub(super) async fn quiet(&self) {
        let mut seen = self.visits.subscribe();
        // The sender lives as long as this.
        let _ = seen.wait_for(|n| *n == 0).await;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.visits.send_modify(|n| *n = n.saturating_sub(1));
    }
}
