//! The demo world on both databases: complete, right in its counts, chained in its audit, the same for the same seed, and invented.

use crate::support::db::{BEGIN, World, each};
use portaal_console::demo::{self, Plan};
use portaal_console::domain::kind::Kind;
use portaal_console::domain::{
    account, agreement, connection, job, mail, organisation, registration, submission,
};
use portaal_console::language::Language;
use portaal_console::service::error::Rule;
use portaal_console::service::{self, Actor, Call, Error, Services};
use portaal_console::store::{Query, counter, history};
use std::collections::BTreeSet;
use std::sync::Arc;

async fn built(world: &World, seed: u64) -> Services {
    let plan = Plan {
        submissions: 600,
        measurements: 4000,
        seed,
        ..Plan::new(BEGIN, "tester")
    };
    let settings = Arc::clone(&world.services.settings);
    let mut steps = 0;
    let services = demo::build(settings, &plan, &mut |_| steps += 1)
        .await
        .expect("demo");
    assert!(steps > 2, "progress is told");
    services
}

async fn rows(services: &Services, sql: &'static str) -> Vec<(String, i64)> {
    let mut tx = services.db.read().await.expect("transaction");
    let rows = tx.all(Query::new(sql)).await.expect("rows");
    tx.rollback().await.expect("end");
    rows
}

async fn number(services: &Services, sql: &'static str) -> i64 {
    let mut tx = services.db.read().await.expect("transaction");
    let n = tx.number(Query::new(sql)).await.expect("number");
    tx.rollback().await.expect("end");
    n
}

async fn counted(services: &Services, kind: Kind) -> Vec<(String, i64)> {
    let mut tx = services.db.read().await.expect("transaction");
    let all = counter::of(&mut tx, kind).await.expect("counts");
    tx.rollback().await.expect("end");
    all.into_iter().filter(|(_, n)| *n != 0).collect()
}

/// Each kind with its states by rows, and those that must occur.
async fn kinds(services: &Services) -> Vec<(Kind, Vec<(String, i64)>, Vec<&'static str>)> {
    macro_rules! states {
        ($kind:ident, $table:literal, $state:ty) => {
            (
                Kind::$kind,
                rows(
                    services,
                    concat!(
                        "SELECT state, count(*) FROM ",
                        $table,
                        " GROUP BY state ORDER BY state"
                    ),
                )
                .await,
                <$state>::ALL.iter().map(|s| s.as_str()).collect(),
            )
        };
    }
    vec![
        states!(Registration, "registration", registration::State),
        states!(Organisation, "organisation", organisation::State),
        states!(Account, "account", account::State),
        states!(Agreement, "agreement", agreement::State),
        states!(Acceptance, "acceptance", agreement::Acceptance),
        states!(Connection, "connection", connection::State),
        states!(Submission, "submission", submission::State),
        states!(Mail, "mail", mail::State),
        states!(Job, "job", job::State),
    ]
}

#[test]
fn the_world_is_complete_and_right() {
    each(|world| async move {
        let services = built(&world, 1).await;
        assert!(services.mark.demo);
        for (kind, counts, wanted) in kinds(&services).await {
            // Jobs come and go all the time and are counted by nobody.
            let kept = if kind == Kind::Job {
                Vec::new()
            } else {
                counts.clone()
            };
            assert_eq!(counted(&services, kind).await, kept, "counts of {kind}");
            for state in wanted {
                // Completing a registration makes the organisation active at once: none stays in set-up.
                let never = kind == Kind::Organisation && state == "in_setup";
                let found = counts.iter().any(|(s, _)| s == state);
                assert!(found != never, "{kind} {state}: {counts:?}");
            }
        }
        sizes(&services).await;
        daily(&services).await;
        waiting(&services).await;
        addresses(&services).await;
        chain(&services).await;
    });
}

async fn sizes(services: &Services) {
    let all = [
        ("operators", "SELECT count(*) FROM operator", 7..=7),
        ("vendors", "SELECT count(*) FROM vendor", 8..=8),
        ("accounts", "SELECT count(*) FROM account", 250..=250),
        ("registrations", "SELECT count(*) FROM registration", 55..=70),
        ("mails", "SELECT count(*) FROM mail", 900..=1200),
        ("submissions", "SELECT count(*) FROM submission WHERE test = 0", 600..=600),
        (
            "versions",
            "SELECT count(*) FROM agreement WHERE state <> 'draft'",
            2..=2,
        ),
        (
            "bulk runs",
            "SELECT count(*) FROM bulk WHERE state = 'completed'",
            1..=1,
        ),
        ("claims", "SELECT count(*) FROM claim", 3..=3),
        (
            "release managers",
            "SELECT count(*) FROM operator WHERE roles LIKE '%release_manager%'",
            2..=2,
        ),
        (
            "administrators of this login",
            "SELECT count(*) FROM operator WHERE login = 'tester' AND roles = 'administrator'",
            1..=1,
        ),
        (
            "findings without a submission that has them",
            "SELECT count(*) FROM submission s WHERE s.finding_count <>
                (SELECT COALESCE(CAST(sum(f.count) AS BIGINT), 0) FROM finding f WHERE f.submission_id = s.id)",
            0..=0,
        ),
        (
            "mails after the end of the world",
            "SELECT count(*) FROM mail WHERE queued_at > 1791187200000 OR state_at > 1791187200000",
            0..=0,
        ),
    ];
    for (what, sql, fits) in all {
        let n = number(services, sql).await;
        assert!(fits.contains(&n), "{what}: {n}");
    }
}

/// Counts per day add up to the rows.
async fn daily(services: &Services) {
    let pairs = [
        (
            "SELECT CAST(sum(n) AS BIGINT) FROM daily WHERE name = 'submission.received'",
            "SELECT count(*) FROM submission",
        ),
        (
            "SELECT CAST(sum(n) AS BIGINT) FROM daily WHERE name = 'registration.received'",
            "SELECT count(*) FROM registration",
        ),
        (
            "SELECT CAST(sum(n) AS BIGINT) FROM daily WHERE name = 'mail.sent'",
            "SELECT count(*) FROM mail_attempt WHERE outcome = 'sent'",
        ),
    ];
    for (told, real) in pairs {
        assert_eq!(
            number(services, told).await,
            number(services, real).await,
            "{told}"
        );
    }
    let lively = number(
        services,
        "SELECT count(*) FROM daily WHERE name = 'submission.received' AND day > '2026-09-21'",
    )
    .await;
    assert_eq!(
        lively, 14,
        "deliveries on every one of the last fourteen days"
    );
}

/// Things wait for a person, but a worker that starts is not flooded.
async fn waiting(services: &Services) {
    let all = [
        (
            "set-up older than five days",
            "SELECT count(*) FROM registration WHERE state = 'in_setup' AND received_at < 1791187200000 - 432000000",
            1..=3,
        ),
        (
            "received",
            "SELECT count(*) FROM registration WHERE state = 'received'",
            5..=6,
        ),
        (
            "acceptances older than two weeks",
            "SELECT count(*) FROM acceptance WHERE state = 'pending' AND created_at < 1791187200000 - 1209600000",
            4..=6,
        ),
        (
            "failed mails",
            "SELECT count(*) FROM mail WHERE state = 'failed'",
            2..=20,
        ),
        (
            "due mails",
            "SELECT count(*) FROM mail WHERE state IN ('queued', 'deferred') AND send_at <= 1791187200000 + 60000",
            2..=8,
        ),
        (
            "due jobs",
            "SELECT count(*) FROM job WHERE state = 'available' AND run_at <= 1791187200000 + 60000",
            3..=10,
        ),
        (
            "open jobs without a mail that waits",
            "SELECT count(*) FROM job j JOIN mail m ON m.id = j.subject WHERE j.kind = 'mail'
                AND (j.state IN ('available', 'running', 'held')) <> (m.state IN ('queued', 'deferred', 'sending'))",
            0..=0,
        ),
    ];
    for (what, sql, fits) in all {
        let n = number(services, sql).await;
        assert!(fits.contains(&n), "{what}: {n}");
    }
}

async fn addresses(services: &Services) {
    for sql in [
        "SELECT email, count(*) FROM organisation GROUP BY email",
        "SELECT email, count(*) FROM registration GROUP BY email",
        "SELECT email, count(*) FROM account GROUP BY email",
        "SELECT email, count(*) FROM vendor GROUP BY email",
        "SELECT recipient, count(*) FROM mail GROUP BY recipient",
    ] {
        for (address, _) in rows(services, sql).await {
            assert!(address.ends_with(".example"), "{address}");
        }
    }
    for sql in [
        "SELECT agb, count(*) FROM registration GROUP BY agb",
        "SELECT kvk, count(*) FROM organisation GROUP BY kvk",
    ] {
        let all = rows(services, sql).await;
        assert!(all.iter().all(|(code, _)| code.len() == 8));
        let digits = |code: &String| code.bytes().all(|b| b.is_ascii_digit());
        assert!(all.iter().all(|(code, _)| digits(code)));
    }
    // Pseudonyms of 32 bytes; nothing that could be a citizen service number.
    let keys = number(services, "SELECT count(*) FROM care_path").await;
    let pseudonyms = number(
        services,
        "SELECT count(*) FROM care_path WHERE length(client_key) = 32 AND length(path_key) = 32",
    )
    .await;
    assert!(keys > 0);
    assert_eq!(pseudonyms, keys);
}

async fn chain(services: &Services) {
    let call = Call::new(&Arc::new(Actor::system("demo", Language::default())));
    let verdict = service::audit::verify(services, &call, None)
        .await
        .expect("verify");
    assert_eq!(verdict.fault, None);
    assert!(verdict.rows > 1000, "{}", verdict.rows);
    let backwards = number(
        services,
        "SELECT count(*) FROM audit a JOIN audit b ON b.sequence = a.sequence + 1 WHERE b.at < a.at - 10000",
    )
    .await;
    assert_eq!(backwards, 0, "the audit follows the clock");
    let span = number(services, "SELECT (max(at) - min(at)) / 86400000 FROM audit").await;
    assert!(span > 730, "{span}");
}

/// Names and states, without ids.
async fn face(services: &Services) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for sql in [
        "SELECT name || ' ' || state || ' ' || agb, state_at FROM registration ORDER BY 1",
        "SELECT name || ' ' || state || ' ' || kvk || ' ' || phone, state_at FROM organisation ORDER BY 1",
        "SELECT email || ' ' || name || ' ' || roles || ' ' || state, state_at FROM account ORDER BY 1",
        "SELECT template || ' ' || recipient || ' ' || state, state_at FROM mail ORDER BY 1, 2",
        "SELECT state || ' ' || file_name || ' ' || bytes, received_at FROM submission ORDER BY 1, 2",
        "SELECT action || ' ' || actor || ' ' || outcome, at FROM audit ORDER BY sequence",
    ] {
        all.extend(rows(services, sql).await);
    }
    all
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let faces = std::sync::Mutex::new(Vec::new());
    for seed in [7, 7, 8] {
        each(|world| {
            let faces = &faces;
            async move {
                let services = built(&world, seed).await;
                let face = face(&services).await;
                faces.lock().expect("faces").push(face);
            }
        });
    }
    let faces = faces.into_inner().expect("faces");
    assert_eq!(faces[0], faces[2], "SQLite");
    assert_eq!(faces[1], faces[3], "PostgreSQL");
    assert_eq!(faces[0], faces[1], "both databases");
    let names = |face: &[(String, i64)]| face.iter().map(|f| f.0.clone()).collect::<BTreeSet<_>>();
    assert_ne!(names(&faces[0]), names(&faces[4]), "another seed");
}

#[test]
fn a_database_in_use_is_refused_and_a_demo_is_kept() {
    each(|world| async move {
        let first = built(&world, 1).await;
        let before = number(&first, "SELECT count(*) FROM audit").await;
        let mut steps = 0;
        let settings = Arc::clone(&world.services.settings);
        let again = demo::build(settings, &Plan::new(BEGIN, "tester"), &mut |_| steps += 1)
            .await
            .expect("kept");
        assert_eq!(
            (steps, number(&again, "SELECT count(*) FROM audit").await),
            (0, before)
        );
    });
    each(|world| async move {
        world.operator("ander", &[]).await;
        let settings = Arc::clone(&world.services.settings);
        let refused = demo::build(settings, &Plan::new(BEGIN, "tester"), &mut |_| {}).await;
        assert!(matches!(
            refused.err(),
            Some(Error::Rule(Rule::DatabaseInUse))
        ));
        let mut tx = world.services.db.read().await.expect("transaction");
        assert!(!history::is_empty(&mut tx).await.expect("rows"));
    });
}
