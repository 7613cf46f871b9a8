//! Versions of the processing agreement: published with their document, accepted by an active signatory, reminded.

use super::error::{Error, Rule, Wrong};
use super::frame::{Note, Work};
use super::{Call, Done, Services, step_of};
use crate::domain::agreement::{Event, State, step};
use crate::domain::check::{self, Flaw};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::text::fold_all;
use crate::store::agreement::{self, Agreement};
use crate::store::{StoreError, counter, organisation};
use serde_json::json;
use sha2::{Digest, Sha256};

/// A new version of the agreement.
#[derive(Debug, Clone)]
pub struct New {
    /// Short name, such as `2021-09`.
    pub name: String,
    /// Full title.
    pub title: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day on which an acceptance of the version before still counts.
    pub grace_until: String,
    /// Name of the document's file.
    pub file_name: String,
    /// The document: a PDF.
    pub document: Vec<u8>,
    /// Whether it only becomes a draft.
    pub stage: Stage,
}

/// How far a new version goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is kept as a draft.
    Draft,
    /// It is published at once.
    Published,
}

/// Most bytes of a document.
const MOST_BYTES: usize = 20 * 1024 * 1024;

/// Adds a version with its document, and publishes it when asked.
pub async fn publish_document(services: &Services, call: &Call, new: New) -> Result<Done, Error> {
    let right = Right::AgreementPublish;
    let mut work = Work::begin_as(
        services,
        call,
        "agreement.publish",
        right,
        Kind::Agreement,
        "",
    )
    .await?;
    let result = add_in(&mut work, new).await;
    work.end(result).await
}

async fn add_in(work: &mut Work<'_>, new: New) -> Result<Done, Error> {
    check_new(&new)?;
    let row = Agreement {
        id: super::new_id(),
        name: new.name.clone(),
        title: new.title.clone(),
        state: State::Draft.as_str().to_owned(),
        state_at: work.now,
        file_name: file_name(&new.file_name),
        bytes: i64::try_from(new.document.len()).unwrap_or(i64::MAX),
        sha256: hex::encode(Sha256::digest(&new.document)),
        valid_from: new.valid_from,
        grace_until: new.grace_until,
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        folded: fold_all(&[&new.name, &new.title]),
        version: 1,
    };
    match agreement::insert(&mut work.tx, &row, new.document).await {
        Err(StoreError::Unique) => return Err(Error::invalid("name", Flaw::Duplicate)),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Agreement, None, Some(&row.state)).await?;
    work.is_about(Kind::Agreement, &row.id);
    match new.stage {
        Stage::Published => publish(work, &row.id).await,
        Stage::Draft => {
            work.detail(
                json!({ "name": row.name, "sha256": row.sha256, "state": { "after": row.state } }),
            );
            Ok(Done::of(row.id, row.title))
        }
    }
}

fn check_new(new: &New) -> Result<(), Error> {
    let mut all = Vec::new();
    let mut add = |field: &str, checked: Result<(), Flaw>| {
        if let Err(flaw) = checked {
            all.push(Wrong {
                field: field.to_owned(),
                flaw,
            });
        }
    };
    add("name", check::line(&new.name));
    add("title", check::line(&new.title));
    add("valid_from", check::date(&new.valid_from));
    add("grace_until", check::date(&new.grace_until));
    if !all.is_empty() {
        return Err(Error::Invalid(all));
    }
    if new.grace_until < new.valid_from {
        return Err(Error::invalid("grace_until", Flaw::BadDate));
    }
    if !new.document.starts_with(b"%PDF-") || new.document.len() > MOST_BYTES {
        return Err(Error::Rule(Rule::DocumentMissing));
    }
    Ok(())
}

/// The last part of a path, without anything that could steer a terminal or be a path again.
fn file_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !check::unprintable(*c))
        .take(check::MOST_CHARACTERS)
        .collect();
    if clean.is_empty() {
        "document.pdf".to_owned()
    } else {
        clean
    }
}

/// Publishes a draft: the version before is superseded with a grace period, and every active organisation must accept.
pub(super) async fn publish(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let found = agreement::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: id.to_owned(),
    })?;
    let next = step_of(Kind::Agreement, &row.state, "publish", |s| {
        step(s, Event::Publish)
    })?;
    work.same_version(
        Kind::Agreement,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    supersede_current(work, &row.grace_until).await?;
    counter::shift(
        &mut work.tx,
        Kind::Agreement,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    next.as_str().clone_into(&mut row.state);
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    agreement::save(&mut work.tx, &row).await?;
    let organisations = organisation::ids_in(&mut work.tx, "active").await?;
    for (organisation,) in &organisations {
        super::acceptance::renew(work, organisation, &row).await?;
    }
    work.detail(
        json!({ "name": row.name, "sha256": row.sha256, "valid_from": row.valid_from,
        "grace_until": row.grace_until, "organisations": organisations.len() }),
    );
    Ok(Done::of(row.id, row.title))
}

async fn supersede_current(work: &mut Work<'_>, grace_until: &str) -> Result<(), Error> {
    let Some(current) = agreement::current(&mut work.tx).await? else {
        return Ok(());
    };
    let locked = agreement::lock(&mut work.tx, &current.id).await?;
    let mut old = locked.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: current.id.clone(),
    })?;
    let next = step_of(Kind::Agreement, &old.state, "supersede", |s| {
        step(s, Event::Supersede)
    })?;
    counter::shift(
        &mut work.tx,
        Kind::Agreement,
        Some(&old.state),
        Some(next.as_str()),
    )
    .await?;
    next.as_str().clone_into(&mut old.state);
    old.state_at = work.now;
    old.changed_at = work.now;
    old.changed_by = work.by();
    agreement::save(&mut work.tx, &old).await?;
    agreement::limit_accepted(&mut work.tx, grace_until).await?;
    work.note(Note {
        action: "agreement.supersede".to_owned(),
        kind: Kind::Agreement,
        id: old.id,
        organisation: String::new(),
        detail: json!({ "name": old.name, "grace_until": grace_until }),
    });
    Ok(())
}

/// File name and bytes of the document of a version.
pub async fn document(
    services: &Services,
    call: &Call,
    version: &str,
) -> Result<(String, Vec<u8>), Error> {
    if !call.actor.may(Right::Read) {
        return Err(Error::Right {
            act: None,
            right: Right::Read,
        });
    }
    let mut tx = services.db.read().await?;
    let missing = || Error::missing(Kind::Agreement, version);
    let row = agreement::find(&mut tx, version)
        .await?
        .ok_or_else(missing)?;
    let bytes = agreement::document(&mut tx, &row.id)
        .await?
        .ok_or_else(missing)?
        .0;
    tx.rollback().await?;
    if hex::encode(Sha256::digest(&bytes)) != row.sha256 {
        return Err(Error::Internal(
            "the stored document does not match its digest".to_owned(),
        ));
    }
    Ok((row.file_name, bytes))
}
