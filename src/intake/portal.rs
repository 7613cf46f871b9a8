//! The calls of the portal's front end, by its own service key: registrations, invitations, agreements, acceptances, status. A
//! licence code opens none of them.

use super::desk::Desk;
use super::problem::Problem;
use super::{body, caller};
use crate::service::acceptance::{self, Evidence};
use crate::service::reads::portal::{self as reads, Standing};
use crate::service::{Call, account, agreement, document, registration};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A call of the front end with its body, once the key is right.
async fn read(desk: &Arc<Desk>, request: Request) -> Result<(HeaderMap, String), Problem> {
    caller::portal(desk, request.headers())?;
    let (head, content) = request.into_parts();
    let text = body::text(desk, &head.headers, content).await?;
    Ok((head.headers, text))
}

/// `POST /v1/registrations`
pub(super) async fn register(
    State(desk): State<Arc<Desk>>,
    request: Request,
) -> Result<Response, Problem> {
    let (headers, text) = read(&desk, request).await?;
    let done = registration::import(&desk.services, &portal_call(&headers, ""), &text).await?;
    let body = json!({ "id": done.id, "state": "received" });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redemption {
    token: String,
}

/// `POST /v1/invitations/redeem`
pub(super) async fn redeem(
    State(desk): State<Arc<Desk>>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let (headers, text) = read(&desk, request).await?;
    let given: Redemption = document::parse(&text)?;
    let call = portal_call(&headers, "");
    let done = account::activate(&desk.services, &call, &given.token).await?;
    let found = reads::person(&desk.services, &done.id).await?;
    Ok(Json(json!({
        "account": found.id,
        "name": found.name,
        "roles": found.roles.split(',').filter(|r| !r.is_empty()).collect::<Vec<_>>(),
        "organisation": { "agb": found.agb, "name": found.organisation },
    })))
}

/// `GET /v1/agreements/{version}/document`
pub(super) async fn document(
    State(desk): State<Arc<Desk>>,
    Path(version): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller::portal(&desk, &headers)?;
    let call = portal_call(&headers, "");
    let name = match version.as_str() {
        "current" => reads::current_agreement(&desk.services).await?,
        named => named.to_owned(),
    };
    let (_, bytes) = agreement::document(&desk.services, &call, &name).await?;
    let head = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"agreement.pdf\"".to_owned(),
        ),
        (ETAG, format!("\"{}\"", hex::encode(Sha256::digest(&bytes)))),
    ];
    Ok((head, bytes).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    organisation: String,
    account: String,
    version: String,
    /// Network address of the person, as the front end saw it.
    address: String,
}

/// `POST /v1/acceptances`
pub(super) async fn accept(
    State(desk): State<Arc<Desk>>,
    request: Request,
) -> Result<Response, Problem> {
    let (headers, text) = read(&desk, request).await?;
    let given: Acceptance = document::parse(&text)?;
    let person = Some(given.account.as_str()).filter(|a| is_id(a));
    let call = portal_call(&headers, person.unwrap_or_default());
    let evidence = Evidence {
        organisation: given.organisation,
        account: given.account,
        version: given.version,
        remote: given.address,
    };
    let done = acceptance::record_acceptance(&desk.services, &call, &evidence).await?;
    let body = json!({ "id": done.id, "state": "accepted" });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// `GET /v1/organisations/{agb}/status`
pub(super) async fn status(
    State(desk): State<Arc<Desk>>,
    Path(agb): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    caller::portal(&desk, &headers)?;
    Ok(Json(standing(
        &reads::standing(&desk.services, &agb).await?,
    )))
}

fn standing(s: &Standing) -> Value {
    let acceptance = s.acceptance.as_ref().map(|a| {
        json!({
            "version": a.version, "title": a.title, "state": a.state, "accepted_at": a.accepted_at,
            "valid_until": a.valid_until,
        })
    });
    let connection = |c: &reads::Link| json!({ "id": c.id, "vendor": c.vendor, "route": c.route, "state": c.state, "since": c.since });
    let delivery = |d: &reads::Recent| {
        json!({
            "id": d.id, "kind": d.kind, "state": d.state, "test": d.test, "received_at": d.received_at,
            "findings": d.finding_count,
        })
    };
    json!({
        "agb": s.agb,
        "name": s.name,
        "state": s.state,
        "may_deliver": s.may_deliver,
        "agreement": acceptance,
        "connections": s.connections.iter().map(connection).collect::<Vec<_>>(),
        "deliveries": s.deliveries.iter().map(delivery).collect::<Vec<_>>(),
    })
}

fn portal_call(headers: &HeaderMap, on_behalf: &str) -> Call {
    caller::call(headers, on_behalf)
}

/// Whether a text has the form of an id of ours.
pub(super) fn is_id(text: &str) -> bool {
    let form = |(i, b): (usize, u8)| match i {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
    };
    text.len() == 36 && text.bytes().enumerate().all(form)
}
