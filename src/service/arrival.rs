//! A file arrives: by a connection, by an upload of an account, or by a member of staff. From the bytes on disk to the row, its job
//! and the receipt. What is in the file is judged later, see `submission`.

use super::delivery_mail;
use super::error::{Error, Rule};
use super::frame::Work;
use super::intake_file::{self, Kept};
use super::{Call, Done, Services, find, step_of, test_run};
use crate::domain::account::{Role, State as AccountState, split};
use crate::domain::check::Flaw;
use crate::domain::connection::State as ConnectionState;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::specification;
use crate::domain::submission::{Event, Hold, State, step};
use crate::domain::time::Timestamp;
use crate::language::{display, state};
use crate::store::organisation::{self, Organisation};
use crate::store::sender::{self, Sender};
use crate::store::submission::{self, Submission};
use crate::store::{account, agreement, counter};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Who brings a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A connection, with its licence code.
    Connection(String),
    /// A connection, in the watched folder of its organisation.
    Inbox {
        /// AGB code of the organisation.
        organisation: String,
        /// User id of the owner of the file: that of the connection.
        owner: i64,
    },
    /// An account with the role submitter, in the portal.
    Account {
        /// Organisation: AGB code or id.
        organisation: String,
        /// Account: mail address or id.
        account: String,
    },
    /// A member of staff.
    Operator {
        /// Organisation: AGB code or id.
        organisation: String,
        /// Connection that it came by, when it is known.
        connection: Option<String>,
    },
}

/// What the deliverer gets back, once everything is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Submission.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Whether it is a test run, which is never processed.
    pub test: bool,
    /// Whether this is the first delivery of these bytes, or of this key.
    pub first: bool,
}

/// Most characters of a key that a deliverer gives.
const MOST_CHARACTERS_OF_A_KEY: usize = 255;

/// Takes a file in that lies on this machine: the command line's way. Its bytes are copied outside any transaction, and only for
/// who may deliver.
pub async fn add(services: &Services, call: &Call, by: &By, path: &Path) -> Result<Done, Error> {
    admit(services, call, by).await?;
    let kept = intake_file::take(services, call.mode, path).await?;
    receive(services, call, by, None, kept)
        .await
        .map(|(done, _)| done)
}

/// Refuses who may not deliver now, before a byte is read; the refusal is in the audit.
pub async fn admit(services: &Services, call: &Call, by: &By) -> Result<(), Error> {
    let mut work = begin(services, call).await?;
    match origin(&mut work, by).await {
        Ok(_) => Ok(work.tx.rollback().await?),
        Err(error) => work.end(Err(error)).await.map(|_| ()),
    }
}

/// Notes in the audit that somebody was refused who could be told only that; gives the error back.
pub async fn refuse(services: &Services, call: &Call, error: Error) -> Error {
    match begin(services, call).await {
        Ok(work) => work.end(Err(error)).await.err(),
        Err(failure) => Some(failure),
    }
    .unwrap_or_else(|| Error::Internal("a refusal was let through".to_owned()))
}

/// Whether files can be taken in now: the database answers and the store of files is there.
pub async fn ready(services: &Services) -> Result<(), Error> {
    intake_file::make(&services.settings.files)?;
    let mut tx = services.db.read().await?;
    submission::has_bytes(&mut tx, "").await?;
    Ok(tx.rollback().await?)
}

/// Stores the row of a kept file with its job. Identical bytes, or a key that was given before, give the first one back. When it is
/// refused or fails, the bytes go too.
pub async fn receive(
    services: &Services,
    call: &Call,
    by: &By,
    key: Option<&str>,
    kept: Kept,
) -> Result<(Done, Receipt), Error> {
    let result = receive_now(services, call, by, key, &kept).await;
    let stays = match &result {
        Ok((_, receipt)) => receipt.first,
        // Nobody knows whether the row is there: the sweep looks later.
        Err(Error::Store(error)) => error.retryable(),
        Err(_) => false,
    };
    if !stays {
        // Trouble here leaves a file for the sweep too; what became of the delivery is the answer that counts.
        drop(intake_file::drop_unknown(services, kept).await);
    }
    result
}

async fn receive_now(
    services: &Services,
    call: &Call,
    by: &By,
    key: Option<&str>,
    kept: &Kept,
) -> Result<(Done, Receipt), Error> {
    let key = key.map(key_name).transpose()?;
    let mut work = begin(services, call).await?;
    let result = receive_in(&mut work, by, key.as_deref(), kept).await;
    let (result, receipt) = match result {
        Ok((done, receipt)) => (Ok(done), Some(receipt)),
        Err(error) => (Err(error), None),
    };
    let done = work.end(result).await?;
    let receipt = receipt.ok_or_else(|| Error::Internal("no receipt".to_owned()))?;
    Ok((done, receipt))
}

async fn begin<'a>(services: &'a Services, call: &'a Call) -> Result<Work<'a>, Error> {
    let (right, kind) = (Right::Submissions, Kind::Submission);
    Work::begin_as(services, call, "submission.add", right, kind, "").await
}

/// A key as it is kept: its digest, so that nothing that a stranger wrote stands in the database.
fn key_name(key: &str) -> Result<String, Error> {
    let plain = !key.is_empty()
        && key.len() <= MOST_CHARACTERS_OF_A_KEY
        && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if plain {
        return Ok(format!("key:{}", hex::encode(Sha256::digest(key))));
    }
    Err(Error::invalid("idempotency-key", Flaw::NotText))
}

/// Whose a file is and by what way it came.
struct Origin {
    organisation: Organisation,
    sender: Option<Sender>,
    account: Option<String>,
    source: &'static str,
}

impl Origin {
    fn testing(&self) -> bool {
        let state = self.sender.as_ref().map(|s| s.state.as_str());
        state == Some(ConnectionState::Testing.as_str())
    }

    /// Kind and specification: those of the connection when it has but one; else what is most usual, until the check has seen it.
    fn specification(&self) -> (&'static str, String) {
        let all = self
            .sender
            .as_ref()
            .map_or("", |s| s.specifications.as_str());
        let first = all.split(',').map(str::trim).find(|s| !s.is_empty());
        let name = first.unwrap_or(specification::NAMES[0]);
        let kind = specification::kind_of(name).unwrap_or(specification::Kind::Rom);
        (kind.as_str(), name.to_owned())
    }
}

/// Finds and locks whoever delivers: first the organisation, as everyone does, then the connection.
async fn origin(work: &mut Work<'_>, by: &By) -> Result<Origin, Error> {
    match by {
        By::Connection(id) => of_connection(work, id, "intake").await,
        By::Inbox {
            organisation,
            owner,
        } => {
            let id = of_folder(work, organisation, *owner).await?;
            of_connection(work, &id, "inbox").await
        }
        By::Account {
            organisation,
            account,
        } => of_account(work, organisation, account).await,
        By::Operator {
            organisation,
            connection,
        } => of_operator(work, organisation, connection.as_deref()).await,
    }
}

async fn of_connection(
    work: &mut Work<'_>,
    id: &str,
    source: &'static str,
) -> Result<Origin, Error> {
    let missing = || Error::missing(Kind::Connection, id);
    let seen = sender::by_id(&mut work.tx, id).await?.ok_or_else(missing)?;
    let organisation = active(work, &seen.organisation_id).await?;
    let sender = sender::lock(&mut work.tx, id).await?.ok_or_else(missing)?;
    open(&sender)?;
    Ok(Origin {
        organisation,
        sender: Some(sender),
        account: None,
        source,
    })
}

/// The connection whose owner laid a file in the folder of its organisation; one that may deliver before one that may not.
async fn of_folder(work: &mut Work<'_>, agb: &str, owner: i64) -> Result<String, Error> {
    let all = sender::of_folder(&mut work.tx, agb, owner).await?;
    let best = all.iter().find(|s| open(s).is_ok()).or(all.first());
    best.map(|s| s.id.clone())
        .ok_or(Error::Rule(Rule::NotTheirFolder))
}

async fn of_account(work: &mut Work<'_>, organisation: &str, text: &str) -> Result<Origin, Error> {
    let id = find::id_in(&mut work.tx, Kind::Organisation, organisation).await?;
    let organisation = active(work, &id).await?;
    let wanted = text.trim().to_lowercase();
    let all = account::of(&mut work.tx, &organisation.id).await?;
    let named = all
        .into_iter()
        .find(|a| a.id == wanted || a.email_folded == wanted);
    let may = named.filter(|a| {
        a.state == AccountState::Active.as_str()
            && split(&a.roles).is_some_and(|r| r.contains(&Role::Submitter))
    });
    let account = may.ok_or(Error::Rule(Rule::NotSubmitter))?;
    Ok(Origin {
        organisation,
        sender: None,
        account: Some(account.id),
        source: "upload",
    })
}

async fn of_operator(
    work: &mut Work<'_>,
    organisation: &str,
    connection: Option<&str>,
) -> Result<Origin, Error> {
    let id = find::id_in(&mut work.tx, Kind::Organisation, organisation).await?;
    let organisation = active(work, &id).await?;
    let sender = match connection {
        None => None,
        Some(text) => {
            let id = find::id_in(&mut work.tx, Kind::Connection, text).await?;
            let sender = sender::lock(&mut work.tx, &id).await?;
            let own = sender.filter(|s| s.organisation_id == organisation.id);
            let sender = own.ok_or_else(|| Error::missing(Kind::Connection, text))?;
            open(&sender)?;
            Some(sender)
        }
    };
    Ok(Origin {
        organisation,
        sender,
        account: None,
        source: "operator",
    })
}

/// The organisation, locked, when it may deliver.
async fn active(work: &mut Work<'_>, id: &str) -> Result<Organisation, Error> {
    let found = organisation::lock(&mut work.tx, id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, id))?;
    work.belongs_to(&o.id);
    if o.state == "active" {
        Ok(o)
    } else {
        Err(Error::state(Kind::Organisation, &o.state, "deliver"))
    }
}

fn open(sender: &Sender) -> Result<(), Error> {
    let state: Option<ConnectionState> = sender.state.parse().ok();
    match state {
        Some(ConnectionState::Live | ConnectionState::Testing) => Ok(()),
        _ => Err(Error::state(Kind::Connection, &sender.state, "deliver")),
    }
}

async fn receive_in(
    work: &mut Work<'_>,
    by: &By,
    key: Option<&str>,
    kept: &Kept,
) -> Result<(Done, Receipt), Error> {
    let from = origin(work, by).await?;
    if let Some(first) = given_before(work, &from, key, kept).await? {
        return again(work, &from, key, kept, first).await;
    }
    let row = store(work, &from, kept).await?;
    remember(work, &from, key, kept, &row.id).await?;
    if let (true, Some(sender)) = (from.testing(), &from.sender) {
        test_run::received(work, &sender.id, &row.id).await?;
    }
    let receipt = Receipt {
        id: row.id,
        state: row.state,
        test: row.test == 1,
        first: true,
    };
    Ok((done(work, &from, &receipt), receipt))
}

/// The submission that these bytes, or this key, made before.
async fn given_before(
    work: &mut Work<'_>,
    from: &Origin,
    key: Option<&str>,
    kept: &Kept,
) -> Result<Option<Submission>, Error> {
    if let (Some(sender), Some(key)) = (&from.sender, key)
        && let Some((sha256, id)) = sender::key(&mut work.tx, &sender.id, key).await?
    {
        if sha256 != kept.sha256 {
            return Err(Error::Rule(Rule::KeyReused));
        }
        return Ok(submission::by_id(&mut work.tx, &id).await?);
    }
    match &from.sender {
        Some(sender) if from.testing() => {
            Ok(sender::same_test(&mut work.tx, &sender.id, &kept.sha256).await?)
        }
        _ => Ok(submission::same_bytes(&mut work.tx, &from.organisation.id, &kept.sha256).await?),
    }
}

/// The first result once more. The connection that brought the bytes too may ask after it from now on.
async fn again(
    work: &mut Work<'_>,
    from: &Origin,
    key: Option<&str>,
    kept: &Kept,
    first: Submission,
) -> Result<(Done, Receipt), Error> {
    remember(work, from, key, kept, &first.id).await?;
    work.is_about(Kind::Submission, &first.id);
    work.detail(json!({ "identical": true, "sha256": kept.sha256, "source": from.source }));
    let receipt = Receipt {
        id: first.id,
        state: first.state,
        test: first.test == 1,
        first: false,
    };
    Ok((done(work, from, &receipt), receipt))
}

/// Notes what a connection delivered, and under which key.
async fn remember(
    work: &mut Work<'_>,
    from: &Origin,
    key: Option<&str>,
    kept: &Kept,
    id: &str,
) -> Result<(), Error> {
    let Some(sender) = &from.sender else {
        return Ok(());
    };
    let bytes = format!("bytes:{}", kept.sha256);
    for name in key.into_iter().chain([bytes.as_str()]) {
        let given = (kept.sha256.as_str(), id);
        sender::put_key(&mut work.tx, &sender.id, name, given, work.now).await?;
    }
    Ok(sender::used(&mut work.tx, &sender.id, work.now).await?)
}

fn done(work: &Work<'_>, from: &Origin, receipt: &Receipt) -> Done {
    let language = work.call.actor.language;
    Done {
        id: receipt.id.clone(),
        label: from.organisation.name.clone(),
        said: vec![state::label(Kind::Submission, &receipt.state, language)],
        ..Done::default()
    }
}

/// The row of a file that was not delivered before, with its job unless it is held.
async fn store(work: &mut Work<'_>, from: &Origin, kept: &Kept) -> Result<Submission, Error> {
    let day = display::iso_date(work.now);
    let accepted = agreement::counts(&mut work.tx, &from.organisation.id, &day).await?;
    let row = row_of(work, from, kept, accepted)?;
    submission::insert(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, Kind::Submission, None, Some(&row.state)).await?;
    counter::daily(&mut work.tx, "submission.received", &day, 1).await?;
    if accepted {
        super::submission::enqueue(work, &row.id).await?;
    } else {
        delivery_mail::tell(work, &row, &[]).await?;
    }
    work.is_about(Kind::Submission, &row.id);
    work.moved(&row.id);
    work.detail(
        json!({ "sha256": row.sha256, "bytes": row.bytes, "state": { "after": row.state }, "hold": row.hold,
        "source": row.source, "connection": row.connection_id, "account": row.account_id, "test": row.test == 1 }),
    );
    Ok(row)
}

fn row_of(
    work: &Work<'_>,
    from: &Origin,
    kept: &Kept,
    accepted: bool,
) -> Result<Submission, Error> {
    let (state, hold) = begins(accepted)?;
    let (kind, specification) = from.specification();
    Ok(Submission {
        id: super::new_id(),
        organisation_id: from.organisation.id.clone(),
        vendor_id: from.sender.as_ref().and_then(|s| s.vendor_id.clone()),
        kind: kind.to_owned(),
        specification,
        source: from.source.to_owned(),
        file_name: kept.file_name.clone(),
        sha256: kept.sha256.clone(),
        bytes: kept.bytes,
        detected: "{}".to_owned(),
        state: state.as_str().to_owned(),
        state_at: work.now,
        hold: hold.to_owned(),
        reason: String::new(),
        received_at: work.now,
        row_count: 0,
        accepted: 0,
        ignored: 0,
        finding_count: 0,
        paths_new: 0,
        paths_changed: 0,
        paths_same: 0,
        assigned: String::new(),
        changed_at: work.now,
        changed_by: work.by(),
        version: 1,
        connection_id: from.sender.as_ref().map(|s| s.id.clone()),
        account_id: from.account.clone(),
        test: i64::from(from.testing()),
        cause: hold.to_owned(),
        checked_bytes: 0,
        file_removed_at: Timestamp::NEVER,
    })
}

/// The state in which a submission begins, and why it is held.
fn begins(accepted: bool) -> Result<(State, &'static str), Error> {
    let received = State::Received;
    if accepted {
        return Ok((received, ""));
    }
    let held = step_of(Kind::Submission, received.as_str(), "hold", |s| {
        step(s, Event::Hold)
    })?;
    Ok((held, Hold::NoAcceptance.as_str()))
}
