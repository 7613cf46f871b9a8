//! Counts for Prometheus: calls by route and status, bytes, connections. Labels are route templates and numbers, never what a
//! caller sent.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::time::Duration;

/// The type of what `text` gives.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Way {
    source: &'static str,
    outcome: &'static str,
}

/// The counts of one intake.
pub(super) struct Metrics {
    registry: Registry,
    answers: Family<Answer, Counter>,
    arrivals: Family<Way, Counter>,
    bytes: Counter,
    under_way: Gauge,
    seconds: Histogram,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("portaal_intake");
        let answers = Family::default();
        let arrivals = Family::default();
        let (bytes, under_way) = (Counter::default(), Gauge::default());
        let seconds = Histogram::new(exponential_buckets(0.001, 4.0, 10));
        registry.register("answers", "Answers by route and status", answers.clone());
        registry.register(
            "arrivals",
            "Files that arrived, by way and outcome",
            arrivals.clone(),
        );
        registry.register(
            "received_bytes",
            "Bytes of files that were received",
            bytes.clone(),
        );
        registry.register("calls_under_way", "Calls under way", under_way.clone());
        registry.register(
            "answer_seconds",
            "Time from the head of a request to its answer",
            seconds.clone(),
        );
        Self {
            registry,
            answers,
            arrivals,
            bytes,
            under_way,
            seconds,
        }
    }

    /// A call began.
    pub(super) fn begun(&self) {
        self.under_way.inc();
    }

    /// A call ended; `route` is the template of the table of routes.
    pub(super) fn ended(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.under_way.dec();
        let answer = Answer {
            method: method.to_owned(),
            route: route.to_owned(),
            status,
        };
        self.answers.get_or_create(&answer).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// A file arrived, or was refused.
    pub(super) fn arrived(&self, source: &'static str, outcome: &'static str, bytes: u64) {
        let way = Way { source, outcome };
        self.arrivals.get_or_create(&way).inc();
        self.bytes.inc_by(bytes);
    }

    /// All of them as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
