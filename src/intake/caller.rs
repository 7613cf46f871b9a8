//! Who calls: a deliverer by its licence code, or the portal's front end by its service key; and the actor that its calls have.

use super::desk::Desk;
use super::problem::Problem;
use crate::domain::licence_code::{self, LicenceCode, Opens};
use crate::domain::right::Language;
use crate::service::licence::{self, Deliverer};
use crate::service::{Actor, Call, arrival};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use std::sync::Arc;

/// The deliverer whose code stands in the head of a request.
pub(super) async fn deliverer(desk: &Desk, headers: &HeaderMap) -> Result<Deliverer, Problem> {
    let code = bearer(headers);
    desk.rates
        .take(&licence_code::hash(code))
        .map_err(Problem::too_often)?;
    match licence::authenticate(&desk.services, code).await {
        Ok(Some(deliverer)) => Ok(deliverer),
        Ok(None) => Err(Problem::unauthorized()),
        Err(error) => Err(arrival::refuse(&desk.services, &call(headers, ""), error)
            .await
            .into()),
    }
}

/// Lets the portal's front end in: its key is one of those whose digests stand in the settings.
pub(super) fn portal(desk: &Desk, headers: &HeaderMap) -> Result<(), Problem> {
    let key = bearer(headers);
    let digest = licence_code::hash(key);
    let known = &desk.services.settings.intake.service_keys;
    // Digests of what is secret tell nothing of it by how long their comparison takes; all of them are compared all the same.
    let right = known.iter().filter(|k| **k == digest).count() > 0;
    let form = LicenceCode::parse(key).is_some_and(|k| k.opens() == Opens::Portal);
    (right && form)
        .then_some(())
        .ok_or_else(Problem::unauthorized)
}

fn bearer(headers: &HeaderMap) -> &str {
    let given = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let words = given.and_then(|v| v.split_once(' '));
    words
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map_or("", |(_, code)| code.trim())
}

/// A call for a deliverer, or for a person of the portal, by its id.
pub(super) fn call(headers: &HeaderMap, on_behalf: &str) -> Call {
    let mut actor = Actor::system("intake", language(headers));
    on_behalf.clone_into(&mut actor.on_behalf);
    Call::new(&Arc::new(actor))
}

/// The language that a caller prefers of the two; Dutch when it names neither.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let mut best = (0.0, Language::Nl);
    for item in wanted.unwrap_or_default().split(',') {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok());
        let language = match tag.split('-').next() {
            Some("nl") => Language::Nl,
            Some("en") => Language::En,
            _ => continue,
        };
        let weight: f32 = weight.unwrap_or(1.0);
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}
