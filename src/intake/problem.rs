//! Problem documents (RFC 9457): every refusal and failure as one form, in the caller's language. Never a value of what was sent.

use crate::language::{Language, Message, intake as say};
use crate::service::error::{Rule, Wrong};
use crate::service::{Error, tell};
use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Why a call was not done.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static Message,
    cause: Option<Arc<Error>>,
    retry_after: Option<u64>,
    closes: bool,
}

/// Seconds after which a database or disk may be there again.
const SOON: u64 = 5;

impl Problem {
    const fn new(status: StatusCode, code: &'static str, title: &'static Message) -> Self {
        Self {
            status,
            code,
            title,
            cause: None,
            retry_after: None,
            closes: false,
        }
    }

    /// No code, or one that opens nothing: unknown, expired and revoked are told alike.
    pub(super) const fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", &say::UNAUTHORIZED)
    }

    /// A code asked too often.
    pub(super) const fn too_often(seconds: u64) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", &say::TOO_OFTEN);
        problem.retry_after = Some(seconds);
        problem
    }

    /// The body is too large.
    pub(super) const fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &say::TOO_LARGE).closing()
    }

    /// The body came too slowly or stopped.
    pub(super) const fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", &say::TOO_SLOW).closing()
    }

    /// The body ended before it was whole.
    pub(super) const fn incomplete() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "incomplete", &say::INCOMPLETE).closing()
    }

    /// There is no body.
    pub(super) const fn empty() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "empty", &say::EMPTY)
    }

    /// A header or a part of the address does not fit.
    pub(super) const fn bad_request(title: &'static Message) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", title)
    }

    /// The body is encoded in a way that is not taken.
    pub(super) const fn encoded() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoded", &say::ENCODED).closing()
    }

    /// There is nothing here.
    pub(super) const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "missing", &say::NOT_FOUND)
    }

    /// The route takes another method.
    pub(super) const fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", &say::METHOD)
    }

    /// This intake is stopping.
    pub(super) const fn going() -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "going", &say::GOING);
        problem.retry_after = Some(SOON);
        problem.closing()
    }

    /// The connection ends with the answer: what is still on its way is not read.
    const fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Whether it is this program's trouble and not the caller's.
    pub(super) fn is_ours(&self) -> bool {
        self.status.is_server_error()
    }

    /// What is to be said to the log.
    pub(super) fn for_log(&self) -> String {
        self.cause
            .as_ref()
            .map_or_else(|| self.code.to_owned(), ToString::to_string)
    }

    /// The document in a language, as an answer.
    pub(super) fn answer(&self, language: Language) -> Response {
        let mut body = json!({
            "type": format!("urn:portaal:problem:{}", self.code),
            "title": self.title.text(language),
            "status": self.status.as_u16(),
            "code": self.code,
        });
        if let Some(cause) = &self.cause {
            body["detail"] = detail(cause, language);
            if let Error::Invalid(wrong) = &**cause {
                body["errors"] = wrong.iter().map(|w| flaw(w, language)).collect();
            }
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        let form = HeaderValue::from_static("application/problem+json");
        headers.insert(CONTENT_TYPE, form);
        if self.status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer realm=\"portaal\"");
            headers.insert(WWW_AUTHENTICATE, how);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.closes {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// The sentence of a use case; what went wrong inside is for the log alone.
fn detail(error: &Error, language: Language) -> Value {
    match error {
        Error::Internal(_) | Error::Store(_) => say::OURS.text(language).into(),
        // What was sent may stand in the sentences of these two.
        Error::Invalid(_) => say::LOOK_AT_ERRORS.text(language).into(),
        Error::Missing { .. } => say::NOT_FOUND.text(language).into(),
        other => tell(other, language).into(),
    }
}

fn flaw(wrong: &Wrong, language: Language) -> Value {
    let message = crate::language::error::flaw(wrong.flaw).text(language);
    json!({ "field": known(&wrong.field), "code": wrong.flaw.as_str(), "message": message })
}

/// A path of field names as far as it looks like names of ours: what was sent as a name may be anything.
fn known(path: &str) -> String {
    let line = path.strip_prefix("line ");
    if line.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) {
        return path.to_owned();
    }
    let name = |part: &&str| {
        let bare = part.split('[').next().unwrap_or_default();
        !bare.is_empty()
            && bare.len() <= 24
            && bare
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-')
    };
    let parts: Vec<&str> = path.split('.').take_while(name).collect();
    parts.join(".")
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        use StatusCode as S;
        let (status, code, title) = match &error {
            Error::Right { .. } | Error::Denied(..) => (S::FORBIDDEN, "denied", &say::DENIED),
            Error::Rule(Rule::NotSignatory | Rule::NotSubmitter) => {
                (S::FORBIDDEN, "denied", &say::DENIED)
            }
            Error::Rule(Rule::InvitationInvalid) => (S::GONE, "gone", &say::GONE),
            Error::State { .. } => (S::CONFLICT, "state", &say::STATE),
            Error::Conflict { .. }
            | Error::Claimed { .. }
            | Error::Rule(_)
            | Error::SecondPerson => (S::CONFLICT, "conflict", &say::CONFLICT),
            Error::Missing { .. } => (S::NOT_FOUND, "missing", &say::NOT_FOUND),
            Error::Invalid(_) | Error::ReasonMissing | Error::Filter(_) => {
                (S::UNPROCESSABLE_ENTITY, "invalid", &say::INVALID)
            }
            Error::Storage(_) => (S::SERVICE_UNAVAILABLE, "unavailable", &say::UNAVAILABLE),
            Error::Store(e) if e.retryable() => {
                (S::SERVICE_UNAVAILABLE, "unavailable", &say::UNAVAILABLE)
            }
            Error::Store(_) | Error::Internal(_) => {
                (S::INTERNAL_SERVER_ERROR, "internal", &say::INTERNAL)
            }
        };
        let mut problem = Self::new(status, code, title);
        problem.retry_after = (status == S::SERVICE_UNAVAILABLE).then_some(SOON);
        problem.cause = Some(Arc::new(error));
        problem
    }
}

/// The answer without a text: the router fills it in, for it knows the language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
