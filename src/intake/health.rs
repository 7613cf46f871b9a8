//! Whether this process lives, whether it takes deliveries now, and its counts.

use super::desk::Desk;
use super::metrics;
use super::problem::Problem;
use crate::service::arrival;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long the database may take to answer before this intake is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers and this intake is not going.
pub(super) async fn ready(State(desk): State<Arc<Desk>>) -> Result<&'static str, Problem> {
    if desk.closing() {
        return Err(Problem::going());
    }
    match timeout(PATIENCE, arrival::ready(&desk.services)).await {
        Ok(Ok(())) => Ok("ready\n"),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Problem::going()),
    }
}

/// Counts for Prometheus.
pub(super) async fn metrics(State(desk): State<Arc<Desk>>) -> Response {
    let form = [(CONTENT_TYPE, metrics::CONTENT_TYPE)];
    (form, desk.metrics.text()).into_response()
}
