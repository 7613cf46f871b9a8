//! What deliveries leave in the database, whatever the order in which they are processed and wherever the processing breaks off.

mod breaks;
mod care;
mod mails;
mod night;
mod order;
mod respondents;
mod ticket;

use crate::onboarding::{accept, activate, organisation, publish};
use crate::support::db::World;
use portaal_console::domain::right::Role;
use portaal_console::domain::time::Timestamp;
use portaal_console::service::Actor;
use portaal_console::service::arrival::{self, By};
use portaal_console::store::job::{self, Job, Wish};
use portaal_console::store::{Query, submission as rows};
use std::fmt::Write;
use std::sync::Arc;

/// AGB code of the organisation that delivers.
pub const AGB: &str = "06010001";

const HEADER: &str = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;diagnosegroep;geboortejaar;geslacht;\
    postcodegebied;startdatum;einddatum;datum_eerste_sessie;datum_laatste_sessie;reden_non_response_voor;\
    reden_non_response_na;typemeting;meetdatum;meetinstrument;totaalscore";

/// One row of a file: client, care path, score before the treatment; a second row after it when there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Client.
    pub client: usize,
    /// Moment: 1 before, 2 after.
    pub moment: u8,
    /// Score.
    pub score: usize,
}

/// A file of an organisation.
pub fn file(agb: &str, lines: &[Line]) -> String {
    let mut text = format!("{HEADER}\n");
    for line in lines {
        let (client, moment, score) = (line.client, line.moment, line.score);
        let day = if moment == 1 {
            "2026-01-10"
        } else {
            "2026-06-01"
        };
        writeln!(
            text,
            "{agb};K{client:06};T{client:06};kort;01;1980;1;3512;2026-01-05;2026-06-05;2026-01-10;2026-06-01;;;\
             {moment};{day};SQ48;{score}"
        )
        .expect("text");
    }
    text
}

/// One row per client, with these scores.
pub fn lines(clients: impl IntoIterator<Item = (usize, usize)>) -> Vec<Line> {
    let line = |(client, score)| Line {
        client,
        moment: 1,
        score,
    };
    clients.into_iter().map(line).collect()
}

/// An organisation that may deliver, and who adds its files.
pub async fn deliverer(world: &World) -> Arc<Actor> {
    let support = world.operator("sanne", &[Role::Support]).await;
    let on_call = world.operator("piket", &[Role::OnCall]).await;
    let admin = world.operator("admin", &[Role::Administrator]).await;
    publish(world, &admin, "2021-09", "2026-12-31").await;
    let id = organisation(world, &support, AGB).await;
    activate(world, &support, &id, "a.deboer@linde.example").await;
    accept(world, &support, AGB, "a.deboer@linde.example")
        .await
        .expect("accepted");
    on_call
}

/// A member of staff brings a file of an organisation.
pub fn by_hand(agb: &str) -> By {
    By::Operator {
        organisation: agb.to_owned(),
        connection: None,
    }
}

/// Receives a file at a moment; gives the submission.
pub async fn receive(world: &World, actor: &Arc<Actor>, at: Timestamp, text: &str) -> String {
    let path = world.state.path().join("delivery.csv");
    std::fs::write(&path, text).expect("file");
    world.services.clock.set(at);
    let call = world.call(actor, "");
    let done = arrival::add(&world.services, &call, &by_hand(AGB), &path).await;
    done.expect("received").id
}

/// A submission as it is.
pub async fn row(world: &World, id: &str) -> rows::Submission {
    let mut tx = world.services.db.read().await.expect("transaction");
    let found = rows::by_id(&mut tx, id).await.expect("query");
    found.expect("submission")
}

/// Takes the job of a submission for a worker; the others of its organisation wait meanwhile.
pub async fn claim(world: &World, worker: &str) -> Job {
    let now = world.services.clock.now();
    let mut tx = world.services.db.write().await.expect("transaction");
    let wish = Wish {
        worker,
        kinds: &[portaal_console::domain::job::JobKind::Submission],
        most: 1,
        now,
        until: now.plus(30_000),
    };
    let jobs = job::claim(&mut tx, &wish).await.expect("claim");
    tx.commit().await.expect("commit");
    jobs.into_iter().next().expect("a job")
}

/// The scores that count, in order.
pub async fn scores(world: &World) -> Vec<usize> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT m.score FROM care_path c JOIN measurement m ON m.submission_id = c.submission_id
        AND m.client_key = c.client_key AND m.path_key = c.path_key WHERE c.superseded_by = '' ORDER BY m.score";
    let found: Vec<(f64,)> = tx.all(Query::new(sql)).await.expect("scores");
    let whole = |(score,): (f64,)| format!("{score}").parse().expect("a whole number");
    found.into_iter().map(whole).collect()
}

/// What must hold at any moment between two transactions.
pub async fn check(world: &World) {
    let mut tx = world.services.db.read().await.expect("transaction");
    for (what, sql) in [
        (
            "a care path counts twice",
            "SELECT count(*) FROM (SELECT client_key FROM care_path WHERE superseded_by = ''
                GROUP BY organisation_id, client_key, path_key, kind HAVING count(*) > 1) AS doubles",
        ),
        (
            "rows of a delivery that is not processed",
            "SELECT count(*) FROM care_path c JOIN submission s ON s.id = c.submission_id WHERE s.state <> 'processed'",
        ),
        (
            "measurements without their care path",
            "SELECT count(*) FROM measurement m WHERE NOT EXISTS (SELECT 1 FROM care_path c
                WHERE c.submission_id = m.submission_id AND c.client_key = m.client_key AND c.path_key = m.path_key)",
        ),
        (
            "a processed delivery whose care paths do not add up",
            "SELECT count(*) FROM submission s WHERE s.state = 'processed' AND s.paths_new + s.paths_changed >
                (SELECT count(*) FROM care_path c WHERE c.submission_id = s.id)",
        ),
        (
            "findings of a delivery that was not judged",
            "SELECT count(*) FROM finding f JOIN submission s ON s.id = f.submission_id
                WHERE s.state IN ('received', 'validating', 'failed')",
        ),
        (
            "a completed job of a delivery that is not done",
            "SELECT count(*) FROM job j JOIN submission s ON s.id = j.subject WHERE j.kind = 'submission'
                AND j.state = 'completed' AND s.state IN ('received', 'validating', 'failed')",
        ),
        (
            "a delivery that waits for nobody",
            "SELECT count(*) FROM submission s WHERE s.state IN ('received', 'validating', 'failed')
                AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'submission' AND j.subject = s.id
                    AND j.state IN ('available', 'running', 'held'))",
        ),
        (
            "a delivery judged twice",
            "SELECT count(*) FROM (SELECT object_id FROM audit WHERE action = 'submission.process' AND outcome = 'done'
                GROUP BY object_id HAVING count(*) > 1) AS twice",
        ),
    ] {
        let n = tx.number(Query::new(sql)).await.expect("count");
        assert_eq!(n, 0, "{what} on {:?}", world.engine);
    }
}

/// Nothing is staged once nobody works.
pub async fn nothing_staged(world: &World) {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT (SELECT count(*) FROM stage_path) + (SELECT count(*) FROM stage_measurement)
        + (SELECT count(*) FROM stage_response)";
    assert_eq!(tx.number(Query::new(sql)).await.expect("count"), 0);
}
