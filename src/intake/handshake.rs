//! The one-time pages of a handshake: looking changes nothing, for mail scanners follow links; only the button collects. The code is
//! shown once, on a page that no cache keeps and no referrer names.

use super::caller;
use super::desk::Desk;
use super::problem::Problem;
use crate::language::intake as say;
use crate::language::{Language, display};
use crate::service::error::Rule;
use crate::service::handshake::{self, Collected, Waiting};
use crate::service::{Error, Services};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;\
color:#1b1b1b;background:#fff}h1{font-size:1.4rem}dt{color:#555;margin-top:1rem}dd{margin:0}\
code{font:1rem/1.6 ui-monospace,monospace;background:#f2f2f2;padding:.2rem .4rem;overflow-wrap:anywhere}\
button{font:inherit;padding:.6rem 1.2rem;border:0;background:#0b4f8a;color:#fff;cursor:pointer}\
.note{border-left:4px solid #0b4f8a;padding-left:1rem}";

/// `GET /handshake/{token}`
pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = caller::language(&headers);
    match handshake::waiting(&desk.services, &token).await {
        Ok(Some(waiting)) => page(StatusCode::OK, language, &asks(&waiting, language)),
        Ok(None) => page(StatusCode::GONE, language, &gone(language)),
        Err(error) => trouble(error, language),
    }
}

/// `POST /handshake/{token}`
pub(super) async fn collect(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = caller::language(&headers);
    let call = caller::call(&headers, "");
    match handshake::collect(&desk.services, &call, &token).await {
        Ok(collected) => {
            let shown = gives(&desk.services, &collected, language);
            page(StatusCode::OK, language, &shown)
        }
        Err(Error::Rule(Rule::HandshakeInvalid | Rule::HandshakeCollected)) => {
            page(StatusCode::GONE, language, &gone(language))
        }
        Err(error) => trouble(error, language),
    }
}

fn asks(w: &Waiting, language: Language) -> String {
    let until = display::moment(w.expires, language);
    let mut body = heading(&say::HANDSHAKE_TITLE, language);
    parties(&mut body, &w.organisation, w.vendor.as_deref(), language);
    paragraph(&mut body, "", say::HANDSHAKE_ONCE.text(language));
    let shown = say::HANDSHAKE_UNTIL.with(language, &[("until", &until)]);
    paragraph(&mut body, "", &shown);
    let label = escaped(say::HANDSHAKE_BUTTON.text(language));
    let _ = write!(
        body,
        "<form method=\"post\"><button>{label}</button></form>"
    );
    body
}

fn gives(services: &Services, c: &Collected, language: Language) -> String {
    let mut body = heading(&say::COLLECTED_TITLE, language);
    parties(&mut body, &c.organisation, c.vendor.as_deref(), language);
    let until = display::date(c.expires, language);
    let rows = [
        (&say::COLLECTED_URL, c.intake_url.as_str()),
        (&say::COLLECTED_CODE, c.code.expose()),
    ];
    body.push_str("<dl>");
    for (name, value) in rows {
        let (name, value) = (escaped(name.text(language)), escaped(value));
        let _ = write!(body, "<dt>{name}</dt><dd><code>{value}</code></dd>");
    }
    let (name, value) = (
        escaped(say::COLLECTED_UNTIL.text(language)),
        escaped(&until),
    );
    let _ = write!(body, "<dt>{name}</dt><dd>{value}</dd></dl>");
    paragraph(&mut body, "note", say::COLLECTED_KEEP.text(language));
    let description = format!("{}/v1/openapi.json", services.settings.intake_url);
    let how = say::COLLECTED_HOW.with(language, &[("url", &description)]);
    paragraph(&mut body, "", &how);
    body
}

fn gone(language: Language) -> String {
    let mut body = heading(&say::HANDSHAKE_GONE_TITLE, language);
    paragraph(&mut body, "", say::HANDSHAKE_GONE.text(language));
    body
}

fn trouble(error: Error, language: Language) -> Response {
    tracing::warn!(%error, "handshake");
    let status = Problem::from(error).answer(language).status();
    let mut body = heading(&say::HANDSHAKE_LATER_TITLE, language);
    paragraph(&mut body, "", say::HANDSHAKE_LATER.text(language));
    page(status, language, &body)
}

fn heading(title: &'static crate::language::Message, language: Language) -> String {
    format!("<h1>{}</h1>", escaped(title.text(language)))
}

fn parties(body: &mut String, organisation: &str, vendor: Option<&str>, language: Language) {
    let rows = [
        (&say::ORGANISATION, Some(organisation)),
        (&say::VENDOR, vendor),
    ];
    body.push_str("<dl>");
    for (name, value) in rows {
        if let Some(value) = value {
            let (name, value) = (escaped(name.text(language)), escaped(value));
            let _ = write!(body, "<dt>{name}</dt><dd>{value}</dd>");
        }
    }
    body.push_str("</dl>");
}

fn paragraph(body: &mut String, class: &str, text: &str) {
    let open = match class {
        "" => "<p>".to_owned(),
        class => format!("<p class=\"{class}\">"),
    };
    let _ = write!(body, "{open}{}</p>", escaped(text));
}

fn page(status: StatusCode, language: Language, body: &str) -> Response {
    let title = escaped(say::PORTAL.text(language));
    let html = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style>{STYLE}</style></head><body>{body}</body></html>\n",
        language.as_str()
    );
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let head = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (VARY, "accept-language".to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    (status, head, html).into_response()
}

/// Text as text in a page, whatever stands in it.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if crate::domain::check::unprintable(c) => {}
            c => safe.push(c),
        }
    }
    safe
}
