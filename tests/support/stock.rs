//! Records of every kind in many states, the same on both databases: what the tests of lists read. Not a believable world.

use super::db::{BEGIN, World};
use portaal_console::domain::kind::Kind;
use portaal_console::domain::time::{DAY, HOUR, Timestamp};
use portaal_console::domain::{
    account, agreement, connection, job, licence, mail, organisation, registration, submission,
    test_run,
};
use portaal_console::extract::definition::Definition;
use portaal_console::service::frame::append_alone;
use portaal_console::store::audit::Entry;
use portaal_console::store::extract::{self, Extract};
use portaal_console::store::extract_content::{self, Cell};
use portaal_console::store::{Query, Tx, counter};

/// How many records of each kind.
pub const REGISTRATIONS: usize = 35;
/// Organisations.
pub const ORGANISATIONS: usize = 12;
/// Accounts.
pub const ACCOUNTS: usize = 60;
/// Submissions.
pub const SUBMISSIONS: usize = 240;
/// Mails.
pub const MAILS: usize = 90;
/// Jobs.
pub const JOBS: usize = 40;

/// An identifier that says what it is of.
pub fn id(kind: u8, n: usize) -> String {
    format!("0190{kind:04x}-0000-7000-8000-{n:012x}")
}

fn pick<'a>(codes: &'a [&'a str], n: usize) -> &'a str {
    codes.get(n % codes.len()).expect("code")
}

/// Moments that tie in threes, so that pages must break ties by id.
fn at(n: usize) -> i64 {
    let n = i64::try_from(n / 3).expect("small");
    BEGIN.0 - n * 7 * HOUR - HOUR
}

async fn run(tx: &mut Tx, query: Query) {
    tx.execute(query).await.expect("stock");
}

/// Fills a world.
pub async fn fill(world: &World) {
    let mut tx = world.services.db.write().await.expect("transaction");
    parties(&mut tx).await;
    connections(&mut tx).await;
    registrations(&mut tx).await;
    accounts(&mut tx).await;
    agreements(&mut tx).await;
    submissions(&mut tx).await;
    standing(&mut tx).await;
    extracts(&mut tx).await;
    mails(&mut tx).await;
    queue(&mut tx).await;
    tx.commit().await.expect("commit");
    for n in 0..9 {
        let entry = Entry {
            at: BEGIN,
            actor: "Persoon audit".to_owned(),
            login: "audit".to_owned(),
            via: "cli".to_owned(),
            action: if n % 3 == 0 {
                "account.view"
            } else {
                "account.lock"
            }
            .to_owned(),
            object_kind: "account".to_owned(),
            object_id: id(3, n),
            organisation_id: id(1, 0),
            outcome: if n == 4 { "refused" } else { "done" }.to_owned(),
            detail: "{}".to_owned(),
            ..Entry::default()
        };
        append_alone(&world.services, entry).await.expect("audit");
    }
}

async fn parties(tx: &mut Tx) {
    for (n, name) in ["ROM Plus", "Zorgdata 100%", "Meetwijzer_NL"]
        .iter()
        .enumerate()
    {
        let sql = "INSERT INTO vendor (id, name, kind, email, contact, created_at, folded, version) \
            VALUES ($1, $2, 'rom', 'info@vendor.example', '', 1, $3, 1)";
        run(
            tx,
            Query::new(sql)
                .bind(id(2, n))
                .bind(*name)
                .bind(name.to_lowercase()),
        )
        .await;
    }
    for n in 0..ORGANISATIONS {
        let sql = "INSERT INTO organisation (id, agb, name, kvk, street, postcode, city, email, phone, contact, language, \
            state, state_at, state_reason, created_at, changed_at, changed_by, folded, version) VALUES \
            ($1, $2, $3, '12345678', '', '', 'Zwolle', 'info@zorg.example', '', 'A. Müller', 'nl', $4, $5, '', $5, $5, 'test', $6, 1)";
        let agb = format!("{:08}", 6_010_000 + n);
        let name = format!("Praktijk {n:02}");
        let state = pick(organisation::State::CODES, n);
        let query = Query::new(sql)
            .bind(id(1, n))
            .bind(&agb)
            .bind(&name)
            .bind(state);
        run(
            tx,
            query
                .bind(at(n))
                .bind(format!("praktijk {n:02} {agb} zwolle")),
        )
        .await;
        counter::add(tx, Kind::Organisation, state, 1)
            .await
            .expect("count");
    }
}

/// A connection of each organisation, with a code and a test run in every state.
async fn connections(tx: &mut Tx) {
    for n in 0..ORGANISATIONS {
        let state = pick(connection::State::CODES, n);
        let sql = "INSERT INTO connection (id, organisation_id, vendor_id, route, state, state_at, created_at, version)
            VALUES ($1, $2, $3, 'automatic', $4, $5, $5, 1)";
        let query = Query::new(sql).bind(id(12, n)).bind(id(1, n));
        run(tx, query.bind(id(2, n % 3)).bind(state).bind(at(n))).await;
        let code = pick(licence::State::CODES, n);
        let sql = "INSERT INTO licence (id, connection_id, code_hash, prefix, state, state_at, created_at, expires_at, used_at,
            reminded_at, changed_at, changed_by, version) VALUES ($1, $2, $1, $3, $4, $5, $5, $5 + 86400000, 0, 0, $5, 'test', 1)";
        let query = Query::new(sql).bind(id(13, n)).bind(id(12, n));
        let query = query.bind(format!("{n:08}")).bind(code);
        run(tx, query.bind(at(n))).await;
        let test = pick(test_run::State::CODES, n);
        let sql = "INSERT INTO test_run (id, vendor_id, connection_id, specification, state, state_at, planned_for, reason,
            created_at, changed_at, changed_by, version) VALUES ($1, $2, $3, 'rom-1', $4, $5, '', '', $5, $5, 'test', 1)";
        let query = Query::new(sql).bind(id(14, n)).bind(id(2, n % 3));
        run(tx, query.bind(id(12, n)).bind(test).bind(at(n))).await;
        for (kind, state) in [
            (Kind::Connection, state),
            (Kind::Licence, code),
            (Kind::TestRun, test),
        ] {
            counter::add(tx, kind, state, 1).await.expect("count");
        }
    }
}

async fn registrations(tx: &mut Tx) {
    for n in 0..REGISTRATIONS {
        let sql = "INSERT INTO registration (id, agb, name, kvk, street, postcode, city, email, phone, contact, language, route, \
            vendor, users, state, state_at, reason, received_at, organisation_id, changed_at, changed_by, folded, version) VALUES \
            ($1, $2, $3, '12345678', '', '', 'Ede', 'info@zorg.example', '', 'A. Jansen', 'nl', 'automatic', 'ROM Plus', $4, $5, \
            $6, '', $6, $7, $6, 'test', $8, 1)";
        let state = pick(registration::State::CODES, n);
        let users = r#"[{"name":"A. Jansen","email":"a.jansen@zorg.example","roles":"signatory"}]"#;
        let made = (state == "completed").then(|| id(1, n % ORGANISATIONS));
        let query = Query::new(sql)
            .bind(id(4, n))
            .bind(format!("{:08}", 7_010_000 + n));
        let query = query
            .bind(format!("Aanmelder {n:02}"))
            .bind(users)
            .bind(state);
        run(
            tx,
            query
                .bind(at(n))
                .bind(made)
                .bind(format!("aanmelder {n:02}")),
        )
        .await;
        counter::add(tx, Kind::Registration, state, 1)
            .await
            .expect("count");
    }
}

async fn accounts(tx: &mut Tx) {
    for n in 0..ACCOUNTS {
        let sql = "INSERT INTO account (id, organisation_id, name, email, email_folded, roles, language, state, state_at, \
            state_reason, created_at, invited_at, expires_at, active_at, changed_at, changed_by, folded, version) VALUES \
            ($1, $2, $3, $4, $4, $5, 'nl', $6, $7, '', $7, $7, $7, 0, $7, 'test', $8, 1)";
        let roles = ["signatory,manager", "submitter", "reader"];
        let state = pick(account::State::CODES, n);
        let name = format!("Persoon {n:02}");
        let email = format!("persoon{n:02}@zorg.example");
        let query = Query::new(sql)
            .bind(id(3, n))
            .bind(id(1, n % ORGANISATIONS));
        let query = query
            .bind(&name)
            .bind(&email)
            .bind(pick(&roles, n))
            .bind(state);
        run(tx, query.bind(at(n)).bind(format!("persoon {n:02}"))).await;
        counter::add(tx, Kind::Account, state, 1)
            .await
            .expect("count");
    }
    let sql = "INSERT INTO invitation (id, account_id, nonce, token_hash, created_at, expires_at, used_at, revoked_at) \
        VALUES ('i', $1, 'n', 'h', 1, 2, 0, 0)";
    run(tx, Query::new(sql).bind(id(3, 0))).await;
}

async fn agreements(tx: &mut Tx) {
    for (n, state) in agreement::State::CODES.iter().enumerate() {
        let sql = "INSERT INTO agreement (id, name, title, state, state_at, file_name, document, bytes, sha256, valid_from, \
            grace_until, created_at, changed_at, changed_by, folded, version) VALUES \
            ($1, $2, 'VWO', $3, $4, 'vwo.pdf', $5, 3, 'ab', '2026-01-01', '2026-04-01', $4, $4, 'test', $6, 1)";
        let name = format!("202{n}-09");
        let query = Query::new(sql)
            .bind(id(5, n))
            .bind(&name)
            .bind(*state)
            .bind(at(n));
        run(tx, query.bind(b"pdf".to_vec()).bind(format!("{name} vwo"))).await;
        counter::add(tx, Kind::Agreement, state, 1)
            .await
            .expect("count");
        for o in 0..ORGANISATIONS {
            let sql = "INSERT INTO acceptance (id, organisation_id, agreement_id, state, state_at, created_at, accepted_at, \
                valid_until, document_sha256, remote, reminded_at, reminders, version) \
                VALUES ($1, $2, $3, $4, $5, $5, $6, '', '', '', 0, 0, 1)";
            let state = pick(agreement::Acceptance::CODES, o + n);
            let accepted = if state == "accepted" { at(o) } else { 0 };
            let query = Query::new(sql)
                .bind(id(6, n * ORGANISATIONS + o))
                .bind(id(1, o));
            run(
                tx,
                query.bind(id(5, n)).bind(state).bind(at(o)).bind(accepted),
            )
            .await;
            counter::add(tx, Kind::Acceptance, state, 1)
                .await
                .expect("count");
        }
    }
}

async fn submissions(tx: &mut Tx) {
    for n in 0..SUBMISSIONS {
        let sql = "INSERT INTO submission (id, organisation_id, vendor_id, kind, specification, source, file_name, sha256, bytes, \
            detected, state, state_at, hold, reason, received_at, row_count, accepted, ignored, finding_count, paths_new, \
            paths_changed, paths_same, assigned, changed_at, changed_by, version) VALUES \
            ($1, $2, $3, $4, 'rom-1', $5, $6, $1, $7, '{\"encoding\":\"utf-8\"}', $8, $9, $10, '', $9, $7, 0, 0, $7, 0, 0, 0, $11, $9, 'test', 1)";
        let state = pick(submission::State::CODES, n);
        let hold = if state == "held" { "technical" } else { "" };
        let vendor = (n % 4 > 0).then(|| id(2, n % 4 - 1));
        let query = Query::new(sql)
            .bind(id(7, n))
            .bind(id(1, n % 5))
            .bind(vendor);
        let query = query
            .bind(pick(&["rom", "cqi"], n))
            .bind(pick(&["intake", "upload"], n));
        let query = query
            .bind(format!("rom_{n:03}%.csv"))
            .bind(i64::try_from(n % 17).expect("small"));
        let query = query.bind(state).bind(at(n)).bind(hold);
        run(tx, query.bind(if n % 6 == 0 { "jdv" } else { "" })).await;
        counter::add(tx, Kind::Submission, state, 1)
            .await
            .expect("count");
    }
    let sql = "INSERT INTO finding (submission_id, position, code, severity, line, column_name, count) \
        VALUES ($1, 1, 'ROM-0001', 'file', 0, '', 1), ($1, 2, 'ROM-0004', 'value', 3, 'agb', 7)";
    run(tx, Query::new(sql).bind(id(7, 0))).await;
}

async fn standing(tx: &mut Tx) {
    for n in 0..6 {
        let sql = "INSERT INTO cause (id, code, vendor_id, specification, state, n, first_at, last_at, mailed_at, mailed_by) \
            VALUES ($1, $2, $3, 'rom-1', $4, $5, $6, $6, 0, '')";
        let code = pick(&["ROM-0004", "no_acceptance", "technical:disk_full"], n);
        let query = Query::new(sql).bind(id(12, n)).bind(code);
        let query = query.bind(if n < 3 { id(2, 0) } else { String::new() });
        let (state, count) = if n == 5 {
            ("closed", 0_i64)
        } else {
            ("open", 2_i64)
        };
        run(tx, query.bind(state).bind(count).bind(at(n))).await;
    }
    for n in 0..ORGANISATIONS {
        let sql = "INSERT INTO obligation (id, organisation_id, kind, state, state_at, since, delivered_at, due_on, reminded_at, \
            reminders, version) VALUES ($1, $2, $3, $4, $5, '2026-01-01', 0, $6, 0, 0, 1)";
        let state = pick(portaal_console::domain::obligation::State::CODES, n);
        let query = Query::new(sql).bind(id(13, n)).bind(id(1, n));
        let query = query.bind(pick(&["rom", "cqi"], n)).bind(state);
        run(tx, query.bind(at(n)).bind(format!("2026-1{}-01", n / 4))).await;
    }
}

/// Extracts, the first with cells of which some are hidden.
async fn extracts(tx: &mut Tx) {
    for n in 0..7 {
        let row = Extract {
            id: id(14, n),
            definition: "kibg".to_owned(),
            definition_version: 1,
            definition_text: Definition::built_in().to_json(),
            period: format!("20{}", 20 + n),
            state: "draft".to_owned(),
            state_at: Timestamp(at(n)),
            created_at: Timestamp(at(n)),
            changed_at: Timestamp(at(n)),
            changed_by: "test".to_owned(),
            folded: format!("kibg-1 20{}", 20 + n),
            version: 1,
            ..Extract::default()
        };
        extract::insert(tx, &row).await.expect("stock");
    }
    let organisations = ["Total", "06010000", "06010001", "kleine-aanbieders"];
    let profiles = ["Total", "kort", "middel"];
    let places = organisations.iter().flat_map(|o| profiles.map(|p| (*o, p)));
    let cell = |(n, (organisation, profile)): (i64, (&str, &str))| Cell {
        position: n,
        sheet: "volume".to_owned(),
        code_1: organisation.to_owned(),
        code_2: profile.to_owned(),
        code_3: "Total".to_owned(),
        n: 7 * n,
        sums: String::new(),
        status: if n % 5 == 1 { "u" } else { "s" }.to_owned(),
        rule: if n % 5 == 1 { "small" } else { "" }.to_owned(),
    };
    let cells: Vec<Cell> = (1..).zip(places).map(cell).collect();
    extract_content::insert_cells(tx, &id(14, 0), &cells)
        .await
        .expect("stock");
}

async fn mails(tx: &mut Tx) {
    for n in 0..MAILS {
        let sql = "INSERT INTO mail (id, template, language, recipient, recipient_name, parameters, organisation_id, object_kind, \
            object_id, state, state_at, queued_at, queued_by, send_at, sent_at, give_up_at, message_id, resend_of, attempts, reply, \
            folded, version) VALUES ($1, 'test_message', 'nl', $2, $3, '{}', $4, 'account', $5, $6, $7, $7, 'test', $7, 0, $7, $1, \
            $8, $9, '250 ok', $2, 1)";
        let state = pick(mail::State::CODES, n);
        let organisation = (n % 3 > 0).then(|| id(1, n % ORGANISATIONS));
        let first = (n > 80).then(|| id(8, 0));
        let query = Query::new(sql)
            .bind(id(8, n))
            .bind(format!("persoon{n:02}@zorg.example"));
        let query = query
            .bind(format!("Persoon {n:02}"))
            .bind(organisation)
            .bind(id(3, n % ACCOUNTS));
        let query = query.bind(state).bind(at(n)).bind(first);
        run(tx, query.bind(i64::try_from(n % 4).expect("small"))).await;
        counter::add(tx, Kind::Mail, state, 1).await.expect("count");
    }
    let sql = "INSERT INTO mail_attempt (mail_id, attempt, started_at, ended_at, worker, outcome, step, code, reply) \
        VALUES ($1, 1, 1, 2, 'w', 'sent', 'data', 250, '250 ok')";
    run(tx, Query::new(sql).bind(id(8, 0))).await;
}

async fn queue(tx: &mut Tx) {
    for n in 0..JOBS {
        let sql = "INSERT INTO job (id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker, lease_until, \
            created_at, error, request) VALUES ($1, 'mail', $2, $3, $4, $4, 0, 0, 0, '', 0, $4, '', '')";
        let state = pick(job::State::CODES, n);
        run(
            tx,
            Query::new(sql)
                .bind(id(9, n))
                .bind(id(8, n))
                .bind(state)
                .bind(at(n)),
        )
        .await;
        counter::add(tx, Kind::Job, state, 1).await.expect("count");
    }
    let sql = "INSERT INTO job_attempt (job_id, attempt, worker, started_at, ended_at, outcome, detail) \
        VALUES ($1, 1, 'w', 1, 2, 'done', '')";
    run(tx, Query::new(sql).bind(id(9, 0))).await;
    for n in 0..4 {
        let sql = "INSERT INTO worker (id, host, pid, via, started_at, seen_at, stopped_at) VALUES ($1, 'h', $2, 'worker', 1, $3, 0)";
        let number = i64::try_from(n).expect("small");
        run(
            tx,
            Query::new(sql)
                .bind(id(10, n))
                .bind(number)
                .bind(BEGIN.0 - number * DAY),
        )
        .await;
        let sql = "INSERT INTO bulk (id, act, parameters, reason, operator_id, actor, request, state, state_at, created_at, total, \
            version) VALUES ($1, 'mail.resend', '{}', '', '', '', '', 'completed', $2, $2, 2, 1)";
        run(tx, Query::new(sql).bind(id(11, n)).bind(at(n))).await;
    }
    let sql = "INSERT INTO bulk_item (bulk_id, position, object_id, object_version, label, state, detail) \
        VALUES ($1, 1, $2, 1, 'een', 'done', ''), ($1, 2, $3, 1, 'twee', 'skipped', 'al verstuurd')";
    run(
        tx,
        Query::new(sql)
            .bind(id(11, 0))
            .bind(id(8, 0))
            .bind(id(8, 1)),
    )
    .await;
}
