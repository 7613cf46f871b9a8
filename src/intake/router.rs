//! Every route in one table, and what all calls have in common: counting, refusing when this intake is going, safe headers, the
//! document of a problem. What a route does stands in its own file.

use super::caller::language;
use super::desk::Desk;
use super::problem::Problem;
use super::{deliveries, handshake, health, openapi, portal, uploads};
use crate::language::Language;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;
use std::time::Instant;

type Shared = Arc<Desk>;

/// One path with what answers it.
pub struct Route {
    /// Path, with `{name}` for what varies.
    pub path: &'static str,
    /// Methods that it takes.
    pub methods: &'static [&'static str],
    handler: fn() -> MethodRouter<Shared>,
}

/// Every path of the intake.
pub static ROUTES: &[Route] = &[
    Route {
        path: "/v1/deliveries",
        methods: &["post"],
        handler: || post(deliveries::receive),
    },
    Route {
        path: "/v1/deliveries/{id}",
        methods: &["get"],
        handler: || get(deliveries::status),
    },
    Route {
        path: "/v1/registrations",
        methods: &["post"],
        handler: || post(portal::register),
    },
    Route {
        path: "/v1/invitations/redeem",
        methods: &["post"],
        handler: || post(portal::redeem),
    },
    Route {
        path: "/v1/agreements/{version}/document",
        methods: &["get"],
        handler: || get(portal::document),
    },
    Route {
        path: "/v1/acceptances",
        methods: &["post"],
        handler: || post(portal::accept),
    },
    Route {
        path: "/v1/organisations/{agb}/status",
        methods: &["get"],
        handler: || get(portal::status),
    },
    Route {
        path: "/v1/uploads",
        methods: &["post"],
        handler: || post(uploads::receive),
    },
    Route {
        path: "/handshake/{token}",
        methods: &["get", "post"],
        handler: || get(handshake::show).post(handshake::collect),
    },
    Route {
        path: "/v1/openapi.json",
        methods: &["get"],
        handler: || get(openapi::document),
    },
    Route {
        path: "/healthz",
        methods: &["get"],
        handler: || get(health::alive),
    },
    Route {
        path: "/readyz",
        methods: &["get"],
        handler: || get(health::ready),
    },
];

/// The router of the intake.
pub(super) fn front(desk: &Shared) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method())
        .layer(from_fn_with_state(Arc::clone(desk), common))
        .with_state(Arc::clone(desk))
}

/// The router of the metrics.
pub(super) fn counts(desk: &Shared) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .with_state(Arc::clone(desk))
}

/// What every call has in common.
async fn common(State(desk): State<Shared>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "other".to_owned(), |m| m.as_str().to_owned());
    let method = request.method().clone();
    let language = language(request.headers());
    let about_itself = matches!(route.as_str(), "/healthz" | "/readyz");
    desk.metrics.begun();
    let visit = (!about_itself).then(|| desk.enter());
    let response = match &visit {
        Some(None) => Problem::going().answer(language),
        Some(Some(_)) | None => told(&desk, next.run(request).await, language),
    };
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let known = method_name(method.as_str());
    desk.metrics.ended(known, &route, status, took);
    tracing::info!(method = known, route, status, took = ?took);
    drop(visit);
    safe(response)
}

/// Methods by name; what a caller invents is not counted apart.
fn method_name(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "POST" => "POST",
        "HEAD" => "HEAD",
        _ => "other",
    }
}

/// Fills in the document of a problem.
fn told(desk: &Desk, response: Response, language: Language) -> Response {
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    if problem.is_ours() && !desk.closing() {
        tracing::warn!(problem = problem.for_log(), "a call failed");
    }
    let mut answer = problem.answer(language);
    // A method that a path does not take names those that it takes.
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Some(allow) = response.headers().get("allow")
    {
        answer.headers_mut().insert("allow", allow.clone());
    }
    answer
}

/// Headers of every answer; a page that needs others has set them.
fn safe(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers
            .entry(name)
            .or_insert_with(|| HeaderValue::from_static(value));
    }
    response
}
