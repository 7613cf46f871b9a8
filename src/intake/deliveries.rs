//! Deliveries by licence code: a file in, and what became of it. A code sees the deliveries of its own connection alone.

use super::desk::Desk;
use super::problem::Problem;
use super::{body, caller, disposition};
use crate::language::Language;
use crate::language::intake as say;
use crate::service::arrival::{self, By, Receipt};
use crate::service::reads::portal::{self, Delivery};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// `POST /v1/deliveries`
pub(super) async fn receive(
    State(desk): State<Arc<Desk>>,
    request: Request,
) -> Result<Response, Problem> {
    let (head, content) = request.into_parts();
    let deliverer = caller::deliverer(&desk, &head.headers).await?;
    let by = By::Connection(deliverer.connection.clone());
    let key = key(&head.headers)?;
    let arriving = Arriving {
        by,
        key,
        on_behalf: deliverer.connection,
        source: "intake",
    };
    take(&desk, &head.headers, content, arriving).await
}

/// A file on its way in.
pub(super) struct Arriving {
    pub(super) by: By,
    pub(super) key: Option<String>,
    pub(super) on_behalf: String,
    pub(super) source: &'static str,
}

/// Takes a file in: first whether it may come, then its bytes, then its row; only then the receipt.
pub(super) async fn take(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
    content: axum::body::Body,
    arriving: Arriving,
) -> Result<Response, Problem> {
    let result = take_in(desk, headers, content, &arriving).await;
    let (outcome, bytes) = match &result {
        Ok((receipt, bytes)) if receipt.first => ("received", *bytes),
        Ok((_, bytes)) => ("identical", *bytes),
        Err(_) => ("refused", 0),
    };
    desk.metrics.arrived(arriving.source, outcome, bytes);
    Ok(receipt(desk, &result?.0))
}

async fn take_in(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
    content: axum::body::Body,
    arriving: &Arriving,
) -> Result<(Receipt, u64), Problem> {
    let call = caller::call(headers, &arriving.on_behalf);
    arrival::admit(&desk.services, &call, &arriving.by).await?;
    body::looks_right(&desk.services, headers)?;
    let name = headers
        .get(CONTENT_DISPOSITION)
        .map(|v| disposition::file_name(v.as_bytes()));
    let kept = body::keep(desk, content, &name.unwrap_or_default()).await?;
    let bytes = u64::try_from(kept.bytes).unwrap_or(0);
    let key = arriving.key.as_deref();
    let done = arrival::receive(&desk.services, &call, &arriving.by, key, kept).await?;
    Ok((done.1, bytes))
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let text = value
        .to_str()
        .map_err(|_| Problem::bad_request(&say::BAD_KEY))?;
    Ok(Some(text.to_owned()))
}

fn receipt(desk: &Desk, receipt: &Receipt) -> Response {
    let path = format!("/v1/deliveries/{}", receipt.id);
    let body = json!({
        "id": receipt.id,
        "state": receipt.state,
        "test": receipt.test,
        "identical": !receipt.first,
        "status_url": format!("{}{path}", desk.services.settings.intake_url),
    });
    (StatusCode::ACCEPTED, [(LOCATION, path)], Json(body)).into_response()
}

/// `GET /v1/deliveries/{id}`
pub(super) async fn status(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let deliverer = caller::deliverer(&desk, &headers).await?;
    let found = portal::delivery(&desk.services, &deliverer.connection, &id).await?;
    Ok(Json(report(&found, caller::language(&headers))))
}

/// What became of a delivery. Findings name rows, columns and rules, never a value.
fn report(d: &Delivery, language: Language) -> Value {
    let finding = |f: &portal::Finding| {
        let (what, action) = crate::language::finding::finding(&f.code);
        json!({
            "code": f.code, "severity": f.severity, "row": f.line, "column": f.column_name, "count": f.count,
            "message": what.text(language), "action": action.text(language),
        })
    };
    json!({
        "id": d.id,
        "state": d.state,
        "hold": d.hold,
        "test": d.test,
        "kind": d.kind,
        "specification": d.specification,
        "received_at": d.received_at,
        "since": d.state_at,
        "sha256": d.sha256,
        "bytes": d.bytes,
        "rows": d.row_count,
        "measurements": { "accepted": d.accepted, "ignored": d.ignored },
        "care_paths": { "new": d.paths_new, "changed": d.paths_changed, "unchanged": d.paths_same },
        "finding_count": d.finding_count,
        "findings": d.findings.iter().map(finding).collect::<Vec<_>>(),
        "more_findings": d.more,
    })
}
