//! Tables `mail` and `mail_attempt`: what goes out, with template and parameters, never a secret. Not the sending.

use super::counter;
use super::db::Tx;
use super::error::StoreError;
use super::job::told;
use super::query::Query;
use crate::domain::kind::Kind;
use crate::domain::mail::{Attempt as Outcome, Event, State, Step, Template, step};
use crate::domain::text::fold_all;
use crate::domain::time::Timestamp;

/// Characters kept of a server's reply.
pub const MOST_REPLY: usize = 200;

/// A mail on its way out.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Mail {
    /// Identifier.
    pub id: String,
    /// Which text.
    #[sqlx(try_from = "String")]
    pub template: Template,
    /// Code of the language.
    pub language: String,
    /// Address.
    pub recipient: String,
    /// Name of the recipient; may be empty.
    pub recipient_name: String,
    /// A JSON object with what the text says; never a secret.
    pub parameters: String,
    /// The organisation that it is about, if any.
    pub organisation_id: Option<String>,
    /// Kind of record that caused it.
    pub object_kind: String,
    /// That record.
    pub object_id: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When it was queued.
    #[sqlx(try_from = "i64")]
    pub queued_at: Timestamp,
    /// Who caused it.
    pub queued_by: String,
    /// Not sent before.
    #[sqlx(try_from = "i64")]
    pub send_at: Timestamp,
    /// When a server took it; `NEVER` until then.
    #[sqlx(try_from = "i64")]
    pub sent_at: Timestamp,
    /// Not tried again after.
    #[sqlx(try_from = "i64")]
    pub give_up_at: Timestamp,
    /// The `Message-ID`, the same on every attempt.
    pub message_id: String,
    /// The mail that this one repeats.
    pub resend_of: Option<String>,
    /// Attempts that count.
    pub attempts: i64,
    /// What the server said last, or `[code]` of our own.
    pub reply: String,
    /// What a search compares.
    pub folded: String,
    /// Version of the row.
    pub version: i64,
}

/// One attempt to send a mail.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attempt {
    /// The mail.
    pub mail_id: String,
    /// Number of the attempt, those that do not count included.
    pub attempt: i64,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    /// When it ended; `NEVER` while it runs.
    #[sqlx(try_from = "i64")]
    pub ended_at: Timestamp,
    /// Which worker.
    pub worker: String,
    /// How it ended.
    #[sqlx(try_from = "String")]
    pub outcome: Outcome,
    /// How far it got.
    #[sqlx(try_from = "String")]
    pub step: Step,
    /// The server's code; 0 when there was none.
    pub code: i64,
    /// What the server said, or `[code]` of our own.
    pub reply: String,
}

/// A mail to be queued.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Which text.
    pub template: Template,
    /// Code of the language.
    pub language: &'a str,
    /// Address.
    pub recipient: &'a str,
    /// Name of the recipient; may be empty.
    pub recipient_name: &'a str,
    /// A JSON object that fits the template; never a secret.
    pub parameters: &'a str,
    /// The organisation that it is about, if any.
    pub organisation_id: Option<&'a str>,
    /// Kind of record that caused it.
    pub object_kind: Kind,
    /// That record.
    pub object_id: &'a str,
    /// Now.
    pub at: Timestamp,
    /// Who caused it.
    pub queued_by: &'a str,
    /// Not sent before: now, or the end of the time to undo.
    pub send_at: Timestamp,
    /// Not tried again after.
    pub give_up_at: Timestamp,
    /// The `Message-ID`.
    pub message_id: &'a str,
    /// The mail that this one repeats.
    pub resend_of: Option<&'a str>,
}

const COLUMNS: &str = "id, template, language, recipient, recipient_name, parameters, organisation_id, object_kind,
    object_id, state, state_at, queued_at, queued_by, send_at, sent_at, give_up_at, message_id, resend_of, attempts,
    reply, folded, version";

/// Queues a mail. Its job is put on the queue in the same transaction by the caller.
pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<(), StoreError> {
    let sql = "INSERT INTO mail (id, template, language, recipient, recipient_name, parameters, organisation_id,
        object_kind, object_id, state, state_at, queued_at, queued_by, send_at, sent_at, give_up_at, message_id,
        resend_of, attempts, reply, folded, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $10, $11, $12, 0, $13, $14, $15, 0, '', $16, 1)";
    let query = Query::new(sql)
        .bind(new.id)
        .bind(new.template.as_str())
        .bind(new.language)
        .bind(new.recipient)
        .bind(new.recipient_name)
        .bind(new.parameters)
        .bind(new.organisation_id)
        .bind(new.object_kind.as_str())
        .bind(new.object_id)
        .bind(new.at)
        .bind(new.queued_by)
        .bind(new.send_at)
        .bind(new.give_up_at)
        .bind(new.message_id)
        .bind(new.resend_of)
        .bind(fold_all(&[new.recipient_name, new.recipient]));
    tx.execute(query).await?;
    counter::shift(tx, Kind::Mail, None, Some(State::Queued.as_str())).await
}

/// A mail by id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Mail>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM mail WHERE id = $1")
        .bind(id);
    tx.optional(query).await
}

/// A mail by id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Mail>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM mail WHERE id = $1")
        .push(lock)
        .bind(id);
    tx.optional(query).await
}

/// When a mail and its repetitions were sent, and to which address; the newest first.
pub async fn sent_of(tx: &mut Tx, first: &str) -> Result<Vec<(i64, String)>, StoreError> {
    let sql =
        "SELECT sent_at, recipient FROM mail WHERE (id = $1 OR resend_of = $1) AND sent_at > 0
        ORDER BY sent_at DESC LIMIT 3";
    tx.all(Query::new(sql).bind(first)).await
}

/// What changes besides the state.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Now.
    pub at: Timestamp,
    /// Not sent before; stays as it is with `None`.
    pub send_at: Option<Timestamp>,
    /// Whether this is an attempt that counts.
    pub counts: Counts,
    /// What the server said; stays as it is with `None`.
    pub reply: Option<&'a str>,
}

/// Whether a change counts as an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counts {
    /// It does.
    Yes,
    /// It does not.
    #[default]
    No,
}

impl Change<'_> {
    /// Nothing but the state changes.
    pub const fn at(at: Timestamp) -> Self {
        Self {
            at,
            send_at: None,
            counts: Counts::No,
            reply: None,
        }
    }
}

/// Lets an event happen to a mail as it was read. Gives the new state, or `None` when the state forbids it or
/// somebody changed the mail meanwhile.
pub async fn apply(
    tx: &mut Tx,
    mail: &Mail,
    event: Event,
    change: Change<'_>,
) -> Result<Option<State>, StoreError> {
    let Some(to) = step(mail.state, event) else {
        return Ok(None);
    };
    let sent_at = if to == State::Sent && mail.state != State::Sent {
        change.at
    } else {
        mail.sent_at
    };
    let counted = mail.attempts + i64::from(change.counts == Counts::Yes);
    let reply = change
        .reply
        .map_or_else(|| mail.reply.clone(), |r| told(r, MOST_REPLY));
    let sql = "UPDATE mail SET state = $3, state_at = $4, send_at = $5, sent_at = $6, attempts = $7, reply = $8,
        version = version + 1 WHERE id = $1 AND version = $2";
    let query = Query::new(sql)
        .bind(&mail.id)
        .bind(mail.version)
        .bind(to.as_str())
        .bind(change.at)
        .bind(change.send_at.unwrap_or(mail.send_at))
        .bind(sent_at)
        .bind(counted)
        .bind(reply);
    if tx.execute(query).await? != 1 {
        return Ok(None);
    }
    counter::shift(tx, Kind::Mail, Some(mail.state.as_str()), Some(to.as_str())).await?;
    Ok(Some(to))
}

/// Notes that an attempt begins; gives its number.
pub async fn begin_attempt(
    tx: &mut Tx,
    mail: &str,
    worker: &str,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let sql = "INSERT INTO mail_attempt (mail_id, attempt, started_at, ended_at, worker, outcome, step, code, reply)
        SELECT $1, COALESCE(max(attempt), 0) + 1, $2, 0, $3, 'running', 'build', 0, ''
        FROM mail_attempt WHERE mail_id = $1 RETURNING attempt";
    tx.number(Query::new(sql).bind(mail).bind(at).bind(worker))
        .await
}

/// Notes how far an attempt got, before it goes on.
pub async fn reach(tx: &mut Tx, mail: &str, attempt: i64, step: Step) -> Result<(), StoreError> {
    let sql = "UPDATE mail_attempt SET step = $3 WHERE mail_id = $1 AND attempt = $2 AND outcome = 'running'";
    let query = Query::new(sql).bind(mail).bind(attempt).bind(step.as_str());
    tx.execute(query).await?;
    Ok(())
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
    /// How far it got.
    pub step: Step,
    /// The server's code; 0 when there was none.
    pub code: i64,
    /// What the server said, or `[code]` of our own.
    pub reply: &'a str,
}

/// Notes how an attempt ended.
pub async fn end_attempt(
    tx: &mut Tx,
    mail: &str,
    attempt: i64,
    end: End<'_>,
) -> Result<(), StoreError> {
    let sql =
        "UPDATE mail_attempt SET ended_at = $3, outcome = $4, step = $5, code = $6, reply = $7
        WHERE mail_id = $1 AND attempt = $2";
    let query = Query::new(sql)
        .bind(mail)
        .bind(attempt)
        .bind(end.at)
        .bind(end.outcome.as_str())
        .bind(end.step.as_str())
        .bind(end.code)
        .bind(told(end.reply, MOST_REPLY));
    tx.execute(query).await?;
    Ok(())
}

/// The attempt that has not ended, if there is one.
pub async fn open_attempt(tx: &mut Tx, mail: &str) -> Result<Option<Attempt>, StoreError> {
    let sql = "SELECT mail_id, attempt, started_at, ended_at, worker, outcome, step, code, reply
        FROM mail_attempt WHERE mail_id = $1 AND outcome = 'running' ORDER BY attempt DESC LIMIT 1";
    tx.optional(Query::new(sql).bind(mail)).await
}

/// The attempts to send a mail, oldest first.
pub async fn attempts(tx: &mut Tx, mail: &str) -> Result<Vec<Attempt>, StoreError> {
    let sql = "SELECT mail_id, attempt, started_at, ended_at, worker, outcome, step, code, reply
        FROM mail_attempt WHERE mail_id = $1 ORDER BY attempt";
    tx.all(Query::new(sql).bind(mail)).await
}

/// Mails that wait without a job that would send them. There should be none; a worker gives them one when it starts.
pub async fn orphans(tx: &mut Tx, most: i64) -> Result<Vec<Mail>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(
            " FROM mail WHERE state IN ('queued', 'deferred') AND NOT EXISTS (SELECT 1 FROM job
            WHERE job.kind = 'mail' AND job.subject = mail.id AND job.state IN ('available', 'running', 'held'))
            ORDER BY queued_at, id LIMIT $1",
        )
        .bind(most);
    tx.all(query).await
}
