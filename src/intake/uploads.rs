//! Uploads by hand: the portal's front end brings a file of an account with the role submitter.

use super::deliveries::{Arriving, take};
use super::desk::Desk;
use super::problem::Problem;
use super::{caller, portal};
use crate::language::intake as say;
use crate::service::arrival::By;
use axum::extract::{Query, Request, State};
use axum::response::Response;
use std::sync::Arc;

/// Who uploads, in the address: neither a name nor a mail address, for addresses end up in logs.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    organisation: String,
    account: String,
}

/// `POST /v1/uploads?organisation=AGB&account=ID`
pub(super) async fn receive(
    State(desk): State<Arc<Desk>>,
    request: Request,
) -> Result<Response, Problem> {
    caller::portal(&desk, request.headers())?;
    let whose = Query::<Whose>::try_from_uri(request.uri());
    let Query(whose) = whose.map_err(|_| Problem::bad_request(&say::WHOSE_UPLOAD))?;
    if !portal::is_id(&whose.account) {
        return Err(Problem::bad_request(&say::WHOSE_UPLOAD));
    }
    let (head, content) = request.into_parts();
    let arriving = Arriving {
        on_behalf: whose.account.clone(),
        by: By::Account {
            organisation: whose.organisation,
            account: whose.account,
        },
        key: None,
        source: "upload",
    };
    take(&desk, &head.headers, content, arriving).await
}
