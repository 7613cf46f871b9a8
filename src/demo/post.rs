//! What became of the mails: most were sent at once, some later, a few never; the last ones wait. Texts and addresses are the
//! services' own.

use super::chance::Chance;
use super::stage::Stage;
use crate::domain::job::State as JobState;
use crate::domain::mail::{Attempt, State, Step, Template};
use crate::domain::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use crate::service::Error;
use crate::store::history::{self, Ended, Try, Waiting};

/// How a mail ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Sent,
    Late,
    VeryLate,
    Failed,
    Unknown,
    Deferred,
    Sending,
    Queued,
}

/// The mails of the last hours: how many minutes ago each was queued, and how it ended.
pub(super) const LAST: &[(i64, End)] = &[
    (402, End::Unknown),
    (371, End::Failed),
    (316, End::Sent),
    (247, End::Failed),
    (203, End::Late),
    (161, End::Sent),
    (128, End::Sent),
    (97, End::Deferred),
    (58, End::Deferred),
    (31, End::Sent),
    (4, End::Queued),
    (3, End::Sending),
    (2, End::Queued),
    (1, End::Queued),
];

const TAKEN: &[&str] = &[
    "250 2.0.0 Ok: queued as 4Xk2Tq1f9z",
    "250 2.6.0 Queued mail for delivery",
    "250 OK id=1rXm4c-000kQd-Lt",
];
const LATER: &[(i64, &str)] = &[
    (
        451,
        "451 4.7.1 Greylisting in action, please come back later",
    ),
    (450, "450 4.2.1 Mailbox busy, try again"),
    (452, "452 4.2.2 Mailbox full"),
];
const NEVER: &[(i64, &str)] = &[
    (550, "550 5.1.1 Recipient address rejected: user unknown"),
    (554, "554 5.7.1 Message rejected by policy"),
];

/// Gives the mails that wait their end; with those of the last hours each as it was planned.
pub(super) async fn deliver(stage: &mut Stage<'_>) -> Result<(), Error> {
    let now = stage.services.clock.now();
    let mut tx = stage.services.db.write().await?;
    let waiting = history::waiting_mails(&mut tx, now).await?;
    let mut all = Vec::with_capacity(waiting.len());
    for mail in waiting {
        let planned = stage.planned.get(&mail.queued_at.0).copied();
        let age = stage.calendar.today.since(mail.queued_at);
        let end = planned.unwrap_or_else(|| drawn(&mut stage.chance, age));
        // An invitation is not sent again but made anew, and only while it is open.
        let repeatable = mail.template != Template::AccountInvitation.as_str();
        let worker = stage.workers.at(mail.queued_at);
        if let Some(ended) = ended(&mut stage.chance, mail, end, worker, stage.calendar.today) {
            stage.note(&ended);
            if repeatable {
                stage.offer(&ended);
            }
            all.push(ended);
        }
    }
    if !all.is_empty() {
        history::end_mails(&mut tx, &all).await?;
    }
    Ok(tx.commit().await?)
}

/// Failures are recent: what failed long ago was put right or forgotten.
fn drawn(chance: &mut Chance, age: i64) -> End {
    match (chance.between(0, 99), age) {
        (_, ..=MINUTE) => End::Queued,
        (_, ..DAY) => End::Sent,
        (0..=1, ..MONTH) => End::Failed,
        (2, ..MONTH) => End::Unknown,
        (..=7, _) => End::Late,
        (8..=9, _) => End::VeryLate,
        _ => End::Sent,
    }
}

/// Failures older than this are none.
const MONTH: i64 = 30 * DAY;

fn ended(
    chance: &mut Chance,
    mail: Waiting,
    end: End,
    worker: String,
    today: Timestamp,
) -> Option<Ended> {
    let mut clock = mail.send_at.plus(chance.between(300, 4000));
    let mut tries = Vec::new();
    for wait in waits(end) {
        let (code, reply) = chance.pick(LATER);
        let ended = clock.plus(chance.between(200, 1500));
        tries.push(attempt(
            clock,
            ended,
            (Attempt::Deferred, Step::Recipient, code, reply),
        ));
        clock = ended.plus(*wait);
    }
    let over = clock.plus(chance.between(180, 2200));
    if end == End::Queued {
        return None;
    }
    if let Some(last) = last(chance, end) {
        let until = if last.0 == Attempt::Running {
            Timestamp::NEVER
        } else {
            over
        };
        tries.push(attempt(clock, until, last));
    }
    let (state, job_state) = states(end);
    let at = tries.last().map_or(clock, |t| t.ended_at.max(t.started_at));
    Some(Ended {
        mail: mail.mail,
        job: mail.job,
        worker,
        state,
        job_state,
        at,
        // What waits is tried again after the world begins to live.
        send_at: if state == State::Deferred {
            today.plus(chance.between(4, 50) * MINUTE)
        } else {
            mail.send_at
        },
        lease_until: if state == State::Sending {
            at.plus(30 * SECOND)
        } else {
            Timestamp::NEVER
        },
        tries,
    })
}

/// How the last attempt ended; none where a mail waits for the next.
fn last(chance: &mut Chance, end: End) -> Option<(Attempt, Step, i64, &'static str)> {
    match end {
        End::Sent | End::Late | End::VeryLate => {
            Some((Attempt::Sent, Step::Body, 250, chance.pick(TAKEN)))
        }
        End::Failed => {
            let (code, reply) = chance.pick(NEVER);
            Some((Attempt::Failed, Step::Recipient, code, reply))
        }
        End::Unknown => Some((Attempt::Unknown, Step::Body, 0, "[dropped]")),
        End::Sending => Some((Attempt::Running, Step::Hello, 0, "")),
        End::Deferred | End::Queued => None,
    }
}

/// How long a mail waited after each refusal for now.
const fn waits(end: End) -> &'static [i64] {
    match end {
        End::Late | End::Deferred => &[6 * MINUTE],
        End::VeryLate => &[6 * MINUTE, HOUR],
        End::Sent | End::Failed | End::Unknown | End::Sending | End::Queued => &[],
    }
}

const fn attempt(
    started_at: Timestamp,
    ended_at: Timestamp,
    (outcome, step, code, reply): (Attempt, Step, i64, &'static str),
) -> Try {
    Try {
        started_at,
        ended_at,
        outcome,
        step,
        code,
        reply,
    }
}

const fn states(end: End) -> (State, JobState) {
    match end {
        End::Sent | End::Late | End::VeryLate => (State::Sent, JobState::Completed),
        End::Failed => (State::Failed, JobState::Completed),
        End::Unknown => (State::Unknown, JobState::Completed),
        End::Deferred => (State::Deferred, JobState::Available),
        End::Sending => (State::Sending, JobState::Running),
        End::Queued => (State::Queued, JobState::Available),
    }
}
