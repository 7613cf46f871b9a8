//! Records by a few characters, for the palette and for fields that name another record. Names and codes only, no addresses.

use super::super::note::{note_once, search_digest};
use super::super::read::begin;
use super::super::{Actor, Error, Services};
use crate::domain::kind::Kind;
use crate::domain::text::fold;
use crate::store::lists::search::{Found, by_id, by_name};
use serde_json::json;

/// Records at most.
const MOST: usize = 20;

/// Records whose name, code or id begins with or holds a text: registrations, organisations, accounts, submissions, mails.
pub async fn search(
    services: &Services,
    actor: &Actor,
    text: &str,
) -> Result<Vec<(Kind, String, String)>, Error> {
    let wanted = fold(text);
    if wanted.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let mut tx = begin(services, actor).await?;
    let mut found: Vec<(Kind, Found)> = Vec::new();
    for kind in [Kind::Organisation, Kind::Registration, Kind::Account] {
        let rows = by_name(&mut tx, kind, &wanted, MOST).await?;
        found.extend(rows.into_iter().map(|r| (kind, r)));
    }
    for kind in [Kind::Submission, Kind::Mail] {
        let rows = by_id(&mut tx, kind, text.trim(), MOST).await?;
        found.extend(rows.into_iter().map(|r| (kind, r)));
    }
    tx.rollback().await?;
    found.truncate(MOST);
    note_accounts(services, actor, text, &found).await?;
    Ok(found
        .into_iter()
        .map(|(kind, r)| (kind, r.id, r.label))
        .collect())
}

/// Records of one kind that a field may name: id and label.
pub async fn suggest(
    services: &Services,
    actor: &Actor,
    kind: Kind,
    text: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut tx = begin(services, actor).await?;
    let rows = by_name(&mut tx, kind, &fold(text), MOST).await?;
    tx.rollback().await?;
    let rows: Vec<(Kind, Found)> = rows.into_iter().map(|r| (kind, r)).collect();
    note_accounts(services, actor, text, &rows).await?;
    Ok(rows.into_iter().map(|(_, r)| (r.id, r.label)).collect())
}

/// A search that reveals accounts is noted like a filter on their list.
async fn note_accounts(
    services: &Services,
    actor: &Actor,
    text: &str,
    found: &[(Kind, Found)],
) -> Result<(), Error> {
    if !found.iter().any(|(kind, _)| *kind == Kind::Account) {
        return Ok(());
    }
    let detail = json!({ "fields": ["text"], "search": search_digest(services, text) });
    note_once(
        services,
        actor,
        "account.search",
        (Kind::Account, "", ""),
        detail,
    )
    .await
}
