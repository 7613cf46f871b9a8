//! One mail from the outbox to its end: `sending` in a transaction of its own, the send, then mail and job together. Before the
//! body leaves, the attempt says so in the database: whoever finds it later knows whether the mail is in doubt.

use super::backoff;
use super::context::{Context, Route};
use super::pause;
use super::rescue::{self, Found};
use super::run::Next;
use crate::domain::mail::{Attempt, Event, State, Step, Template, Trouble};
use crate::domain::period::day_of;
use crate::domain::right::Language;
use crate::domain::time::{SECOND, Timestamp};
use crate::mail::message::{self, Letter, Outgoing};
use crate::mail::smtp::{self, Abandon, Fate, Ready, Server, Verdict};
use crate::mail::template::{self, Occasion, Secrets};
use crate::mail::{directory, token};
use crate::service::{Error, Services};
use crate::store::job::{self, Hold, Job};
use crate::store::outbox::{self, Change, Counts, End, Mail};
use crate::store::{StoreError, Tx, counter};
use std::sync::Arc;
use std::time::Duration;

/// How long a dialogue may take to notice that it should end.
const NOTICE: Duration = Duration::from_secs(2);
/// More waits than one dialogue has: connect, greeting, EHLO twice, STARTTLS, TLS, AUTH three times, MAIL, RCPT, DATA.
const STEPS: u32 = 14;

/// A mail that is being sent.
struct Begun {
    mail: Mail,
    attempt: i64,
    at: Timestamp,
}

enum Begin {
    Go(Box<Begun>),
    Over(Next),
}

/// Sends one mail, or finds that there is nothing to send.
pub(super) async fn run(context: &Context, job: &Job, abandon: &Abandon) -> Result<Next, Error> {
    let mut patience = context.patience();
    let begun = loop {
        match begin(context, job).await {
            Ok(Begin::Go(begun)) => break *begun,
            Ok(Begin::Over(next)) => return Ok(next),
            Err(e) if patience.again(&e).await => {}
            Err(e) => return Err(e.into()),
        }
    };
    let Some(verdict) = send(context, job, &begun, abandon).await else {
        tracing::warn!(job = job.id, "the lease was lost before the body left");
        return Ok(Next::Settled);
    };
    let mut patience = context.patience();
    let hold = loop {
        match settle(context, job, &begun, &verdict).await {
            Err(e) if patience.again(&e).await => {}
            written => break written?,
        }
    };
    if hold == Hold::Lost {
        tracing::warn!(
            job = job.id,
            mail = begun.mail.id,
            "somebody else has the mail"
        );
    }
    Ok(Next::Settled)
}

async fn begin(context: &Context, job: &Job) -> Result<Begin, StoreError> {
    let mut tx = context.write().await?;
    let now = context.now();
    // The mail before the job, in the order of whoever cancels a mail.
    let Some(mut mail) = outbox::lock(&mut tx, &job.subject).await? else {
        tx.rollback().await?;
        return Ok(Begin::Over(Next::Done));
    };
    if job::extend(&mut tx, job, context.lease()).await? == Hold::Lost {
        tx.rollback().await?;
        return Ok(Begin::Over(Next::Settled));
    }
    match rescue::settle(&mut tx, &mail, Event::Defer, now).await? {
        Found::Quiet => {}
        Found::Doubt => {
            let hold = job::finish(&mut tx, job, now, "in doubt").await?;
            end(tx, hold).await?;
            return Ok(Begin::Over(Next::Settled));
        }
        Found::NotSent => {
            let again = outbox::lock(&mut tx, &job.subject).await?;
            mail = again.unwrap_or(mail);
        }
    }
    if !matches!(mail.state, State::Queued | State::Deferred) {
        tx.rollback().await?;
        return Ok(Begin::Over(Next::Done));
    }
    if mail.send_at > now {
        tx.rollback().await?;
        return Ok(Begin::Over(Next::Again(mail.send_at, "not yet")));
    }
    outbox::apply(&mut tx, &mail, Event::Send, Change::at(now)).await?;
    let attempt = outbox::begin_attempt(&mut tx, &mail.id, &context.worker, now).await?;
    mail = outbox::by_id(&mut tx, &mail.id).await?.unwrap_or(mail);
    tx.notify().await?;
    tx.commit().await?;
    let at = now;
    Ok(Begin::Go(Box::new(Begun { mail, attempt, at })))
}

async fn end(mut tx: Tx, hold: Hold) -> Result<(), StoreError> {
    match hold {
        Hold::Kept => {
            tx.notify().await?;
            tx.commit().await
        }
        Hold::Lost => tx.rollback().await,
    }
}

/// Sends; `None` when the job turned out to be somebody else's before the body left.
async fn send(context: &Context, job: &Job, begun: &Begun, abandon: &Abandon) -> Option<Verdict> {
    let services = context.services.clone();
    let mail = begun.mail.clone();
    let made = tokio::task::spawn_blocking(move || prepare(&services, &mail)).await;
    let outgoing = match made {
        Ok(Ok(outgoing)) => Arc::new(outgoing),
        Ok(Err(verdict)) => return Some(verdict),
        Err(_) => return Some(crashed(Fate::Deferred, Step::Build)),
    };
    match &context.route {
        Route::Directory(path) => {
            let (path, id) = (path.clone(), begun.mail.id.clone());
            let written =
                tokio::task::spawn_blocking(move || directory::deliver(&path, &id, &outgoing));
            Some(
                written
                    .await
                    .unwrap_or_else(|_| crashed(Fate::Deferred, Step::File)),
            )
        }
        Route::Smtp(server) => over_smtp(context, job, begun, server, outgoing, abandon).await,
    }
}

fn crashed(fate: Fate, step: Step) -> Verdict {
    Verdict::own(fate, step, Trouble::Crashed, "")
}

/// From the row to the bytes. The token of a link exists only in here and in the bytes.
fn prepare(services: &Services, mail: &Mail) -> Result<Outgoing, Verdict> {
    let unsendable = |e: &dyn std::fmt::Display| {
        Verdict::own(
            Fate::Failed,
            Step::Build,
            Trouble::Unsendable,
            &e.to_string(),
        )
    };
    let parameters = template::read(mail.template, &mail.parameters).map_err(|e| unsendable(&e))?;
    let language: Language = mail.language.parse().unwrap_or_default();
    let occasion = Occasion {
        template: mail.template,
        language,
        to: &mail.recipient_name,
        portal: &services.settings.portal,
        intake: &services.settings.intake_url,
        parameters: &parameters,
    };
    let secrets = secrets(services, mail.template, &parameters);
    let rendered = template::render(&occasion, &secrets).map_err(|e| unsendable(&e))?;
    let letter = Letter {
        sender: &services.settings.sender,
        recipient: &mail.recipient,
        recipient_name: &mail.recipient_name,
        message_id: &mail.message_id,
        queued_at: mail.queued_at,
        language,
        rendered: &rendered,
    };
    message::build(&letter).map_err(|e| unsendable(&e))
}

fn secrets(services: &Services, of: Template, parameters: &template::Parameters) -> Secrets {
    let (purpose, id) = match of {
        Template::AccountInvitation => (token::INVITATION, "invitation"),
        Template::HandshakeLink => (token::HANDSHAKE, "handshake"),
        _ => return Secrets::Hidden,
    };
    let text = |name: &str| {
        parameters
            .get(name)
            .and_then(|v| v.as_str())
            .unwrap_or_default()
    };
    let key = services.settings.key();
    Secrets::Link(token::derive(key, purpose, text(id), text("nonce")))
}

async fn over_smtp(
    context: &Context,
    job: &Job,
    begun: &Begun,
    server: &Arc<Server>,
    outgoing: Arc<Outgoing>,
    abandon: &Abandon,
) -> Option<Verdict> {
    let ready = match approach(server, &outgoing, abandon).await {
        Ok(ready) => ready,
        Err(verdict) => return Some(verdict),
    };
    match mark(context, job, begun).await {
        Ok(Hold::Kept) => Some(hand_over(server, ready, outgoing, abandon).await),
        Ok(Hold::Lost) => None,
        // Without the note nothing leaves: the connection is dropped while the server waits for the body.
        Err(e) => {
            tracing::warn!(job = job.id, error = %e, "the attempt could not be noted");
            let trouble = Trouble::Interrupted;
            Some(Verdict::own(Fate::GivenBack, Step::Data, trouble, ""))
        }
    }
}

async fn approach(
    server: &Arc<Server>,
    outgoing: &Arc<Outgoing>,
    abandon: &Abandon,
) -> Result<Ready, Verdict> {
    let (own, bytes, ears) = (Arc::clone(server), Arc::clone(outgoing), abandon.clone());
    let task = tokio::task::spawn_blocking(move || smtp::open(&own, &bytes, &ears));
    let late = |trouble| Verdict::own(Fate::Paused, Step::Connect, trouble, "");
    tokio::select! {
        ended = task => ended.unwrap_or_else(|_| Err(crashed(Fate::Deferred, Step::Data))),
        () = tokio::time::sleep(server.timeout() * STEPS) => Err(late(Trouble::Silence)),
        () = noticed(abandon) => {
            Err(Verdict::own(Fate::GivenBack, Step::Connect, Trouble::Interrupted, ""))
        }
    }
}

async fn hand_over(
    server: &Arc<Server>,
    ready: Ready,
    outgoing: Arc<Outgoing>,
    abandon: &Abandon,
) -> Verdict {
    let task = tokio::task::spawn_blocking(move || smtp::finish(ready, &outgoing));
    let unknown = |trouble| Verdict::own(Fate::Unknown, Step::Body, trouble, "");
    tokio::select! {
        ended = task => ended.unwrap_or_else(|_| unknown(Trouble::Crashed)),
        () = tokio::time::sleep(server.timeout() * STEPS) => unknown(Trouble::Silence),
        () = noticed(abandon) => unknown(Trouble::Interrupted),
    }
}

/// Some time after the wish to end: the dialogue notices it by itself, unless it hangs in a system call.
async fn noticed(abandon: &Abandon) {
    abandon.asked().await;
    tokio::time::sleep(NOTICE).await;
}

/// Notes that the body leaves now, if the job is still ours.
async fn mark(context: &Context, job: &Job, begun: &Begun) -> Result<Hold, StoreError> {
    let mut tx = context.write().await?;
    let hold = job::extend(&mut tx, job, context.lease()).await?;
    if hold == Hold::Kept {
        outbox::reach(&mut tx, &begun.mail.id, begun.attempt, Step::Body).await?;
    }
    end(tx, hold).await?;
    Ok(hold)
}

/// What happens to the mail, when it is tried again, and how the attempt is called.
struct Outcome {
    event: Event,
    again: Option<Timestamp>,
    attempt: Attempt,
    counts: Counts,
    said: String,
}

/// Mail, attempt and job together, or nothing.
async fn settle(
    context: &Context,
    job: &Job,
    begun: &Begun,
    verdict: &Verdict,
) -> Result<Hold, StoreError> {
    let now = context.now();
    let mut tx = context.write().await?;
    if job::extend(&mut tx, job, context.lease()).await? == Hold::Lost {
        tx.rollback().await?;
        return Ok(Hold::Lost);
    }
    let paused_until = match verdict.fate {
        Fate::Paused => Some(pause::raise(&mut tx, &context.worker, begun.at, now, verdict).await?),
        Fate::Sent => {
            pause::lift(&mut tx, now).await?;
            let day = day_of(now);
            counter::daily(&mut tx, "mail.sent", &day, 1).await?;
            None
        }
        Fate::Deferred | Fate::Failed | Fate::Unknown | Fate::GivenBack => None,
    };
    let outcome = weigh(&begun.mail, verdict, paused_until, now);
    record(&mut tx, begun, verdict, &outcome, now).await?;
    let hold = match (outcome.again, outcome.counts) {
        (None, _) => job::finish(&mut tx, job, now, outcome.attempt.as_str()).await?,
        (Some(at), Counts::Yes) => job::fail(&mut tx, job, now, at, &outcome.said).await?,
        (Some(at), Counts::No) => job::snooze(&mut tx, job, now, at, &outcome.said).await?,
    };
    end(tx, hold).await?;
    Ok(hold)
}

async fn record(
    tx: &mut Tx,
    begun: &Begun,
    verdict: &Verdict,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let change = Change {
        at: now,
        send_at: outcome.again,
        counts: outcome.counts,
        reply: Some(&outcome.said),
    };
    let moved = outbox::apply(tx, &begun.mail, outcome.event, change).await?;
    if moved.is_none() {
        let text = "the mail changed while it was sent";
        return Err(StoreError::Other(text.to_owned()));
    }
    let attempt = End {
        at: now,
        outcome: outcome.attempt,
        step: verdict.step,
        code: i64::from(verdict.code),
        reply: &verdict.said,
    };
    outbox::end_attempt(tx, &begun.mail.id, begun.attempt, attempt).await
}

fn weigh(
    mail: &Mail,
    verdict: &Verdict,
    paused_until: Option<Timestamp>,
    now: Timestamp,
) -> Outcome {
    let (event, again, attempt, counts) = match verdict.fate {
        Fate::Sent => (Event::Deliver, None, Attempt::Sent, Counts::Yes),
        Fate::Failed => (Event::Fail, None, Attempt::Failed, Counts::Yes),
        Fate::Unknown => (Event::Lose, None, Attempt::Unknown, Counts::Yes),
        Fate::Deferred => {
            let wait = backoff::mail(&mail.id, mail.attempts + 1);
            (
                Event::Defer,
                Some(now.plus(wait)),
                Attempt::Deferred,
                Counts::Yes,
            )
        }
        Fate::Paused => (Event::Defer, paused_until, Attempt::Paused, Counts::No),
        Fate::GivenBack => {
            let soon = now.plus(2 * SECOND);
            (Event::Defer, Some(soon), Attempt::Lost, Counts::No)
        }
    };
    let given_up = again.is_some_and(|at| at > mail.give_up_at);
    Outcome {
        event: if given_up { Event::Fail } else { event },
        again: again.filter(|_| !given_up),
        attempt,
        counts,
        said: if given_up {
            format!("[{}] {}", Trouble::GivenUp, verdict.said)
        } else {
            verdict.said.clone()
        },
    }
}
