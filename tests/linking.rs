//! From a request to a connection that delivers: handshakes, licence codes, test runs, their ends — on both databases.

use crate::onboarding::{number, organisation, values};
use crate::support::db::{BEGIN, World, each};
use crate::support::program::contents;
use portaal_console::domain::action::Act;
use portaal_console::domain::connection::State as Of;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::licence_code::{LicenceCode, NEEDED, Opens};
use portaal_console::domain::right::{Language, Right, Role};
use portaal_console::domain::specification::Kind as DeliveryKind;
use portaal_console::domain::time::{DAY, MINUTE, SECOND, Timestamp};
use portaal_console::mail::token;
use portaal_console::service::error::Rule;
use portaal_console::service::frame::Work;
use portaal_console::service::handshake::{self, Collected};
use portaal_console::service::licence::authenticate;
use portaal_console::service::{self, Actor, Call, Done, Error, Mode, ending, test_run};
use portaal_console::store::Query;
use portaal_console::store::submission::{self, Submission};
use std::sync::Arc;

/// Staff and a vendor that never delivered before.
pub struct Staff {
    pub support: Arc<Actor>,
    pub on_call: Arc<Actor>,
    pub administrator: Arc<Actor>,
    pub intake: Arc<Actor>,
    pub vendor: String,
}

pub async fn staff(world: &World) -> Staff {
    let support = world.operator("sanne", &[Role::Support]).await;
    let vendor = run(
        world,
        &world.call(&support, ""),
        Act::VendorAdd,
        "",
        &[
            ("name", "ROM Plus"),
            ("kind", "rom"),
            ("contact", "D. Verhoeven"),
            ("email", "koppelingen@romplus.example"),
        ],
    )
    .await
    .expect("vendor");
    let language = Language::Nl;
    Staff {
        on_call: world.operator("otto", &[Role::OnCall]).await,
        administrator: world.operator("ada", &[Role::Administrator]).await,
        intake: Arc::new(Actor::system("intake", language)),
        support,
        vendor: vendor.id,
    }
}

pub async fn run(
    world: &World,
    call: &Call,
    act: Act,
    id: &str,
    v: &[(&str, &str)],
) -> Result<Done, Error> {
    service::run(&world.services, call, act, id, &values(v)).await
}

async fn text(world: &World, sql: &'static str, id: &str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let row: Option<(String,)> = tx.optional(Query::new(sql).bind(id)).await.expect("row");
    row.map(|r| r.0).unwrap_or_default()
}

/// The connection of an organisation.
pub async fn connection_of(world: &World, organisation: &str) -> String {
    let sql = "SELECT id FROM connection WHERE organisation_id = $1 ORDER BY id LIMIT 1";
    text(world, sql, organisation).await
}

async fn state_of(world: &World, connection: &str) -> String {
    text(
        world,
        "SELECT state FROM connection WHERE id = $1",
        connection,
    )
    .await
}

/// The token in the mail of the newest handshake of a connection.
pub async fn link_token(world: &World, connection: &str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT id, nonce FROM handshake WHERE connection_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    let row: Option<(String, String)> = tx
        .optional(Query::new(sql).bind(connection))
        .await
        .expect("handshake");
    let (id, nonce) = row.expect("a handshake");
    let key = world.services.settings.key();
    token::derive(key, token::HANDSHAKE, &id, &nonce)
        .expose()
        .to_owned()
}

async fn collect(world: &World, staff: &Staff, connection: &str) -> Result<Collected, Error> {
    let secret = link_token(world, connection).await;
    handshake::collect(&world.services, &Call::new(&staff.intake), &secret).await
}

/// A connection whose handshake was collected: its id and its code.
pub async fn connected(world: &World, staff: &Staff, agb: &str) -> (String, LicenceCode) {
    let organisation = organisation(world, &staff.support, agb).await;
    let connection = connection_of(world, &organisation).await;
    let call = world.call(&staff.support, "");
    run(world, &call, Act::ConnectionIssue, &connection, &[])
        .await
        .expect("issued");
    let collected = collect(world, staff, &connection).await.expect("collected");
    (connection, collected.code)
}

/// As if the vendor had passed long ago.
async fn passed(world: &World) {
    let mut tx = world.services.db.write().await.expect("transaction");
    tx.execute(Query::new("UPDATE vendor SET tested_at = 1"))
        .await
        .expect("update");
    tx.commit().await.expect("commit");
}

/// Audit actions since the last look, in order.
async fn deeds(world: &World, after: &mut i64) -> Vec<String> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT action, outcome, sequence FROM audit WHERE sequence > $1 ORDER BY sequence";
    let rows: Vec<(String, String, i64)> =
        tx.all(Query::new(sql).bind(*after)).await.expect("rows");
    *after = rows.last().map_or(*after, |r| r.2);
    rows.into_iter()
        .map(|(action, outcome, _)| match outcome.as_str() {
            "done" => action,
            other => format!("{action} {other}"),
        })
        .collect()
}

/// Mails since the last look: template and address.
async fn mails(world: &World, seen: &mut usize) -> Vec<String> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT template, recipient FROM mail ORDER BY queued_at, id";
    let rows: Vec<(String, String)> = tx.all(Query::new(sql)).await.expect("rows");
    let new = rows.iter().skip(*seen).map(|(t, to)| format!("{t} → {to}"));
    let new: Vec<String> = new.collect();
    *seen = rows.len();
    new
}

const VENDOR: &str = "koppelingen@romplus.example";
const HOLDER: &str = "info@linde.example";

/// A test file of a connection that arrives and is checked, as the intake and the worker do it.
async fn test_file(world: &World, connection: &str, verdict: &str) -> String {
    let verdict = verdict.parse().expect("an event");
    let organisation = text(
        world,
        "SELECT organisation_id FROM connection WHERE id = $1",
        connection,
    )
    .await;
    let row = Submission {
        id: uuid::Uuid::now_v7().to_string(),
        organisation_id: organisation,
        vendor_id: None,
        kind: "rom".to_owned(),
        specification: "rom-1".to_owned(),
        source: "intake".to_owned(),
        file_name: "test.csv".to_owned(),
        sha256: "0".repeat(64),
        bytes: 1,
        detected: String::new(),
        state: "valid".to_owned(),
        state_at: BEGIN,
        hold: String::new(),
        reason: String::new(),
        received_at: BEGIN,
        row_count: 1,
        accepted: 1,
        ignored: 0,
        finding_count: 0,
        paths_new: 0,
        paths_changed: 0,
        paths_same: 0,
        assigned: String::new(),
        changed_at: BEGIN,
        changed_by: String::new(),
        version: 1,
        connection_id: Some(connection.to_owned()),
        account_id: None,
        test: 1,
        cause: String::new(),
        checked_bytes: 0,
        file_removed_at: Timestamp::NEVER,
    };
    let call = Call::new(&Arc::new(Actor::system("worker", Language::Nl)));
    let (right, kind) = (Right::Submissions, Kind::Submission);
    let begun = Work::begin_as(
        &world.services,
        &call,
        "submission.add",
        right,
        kind,
        &row.id,
    );
    let mut work = begun.await.expect("begun");
    work.detail(serde_json::json!({}));
    submission::insert(&mut work.tx, &row)
        .await
        .expect("stored");
    test_run::received(&mut work, connection, &row.id)
        .await
        .expect("received");
    test_run::judged(&mut work, &row.id, verdict)
        .await
        .expect("judged");
    work.end(Ok(Done::default())).await.expect("committed");
    let sql = "SELECT id FROM test_run WHERE submission_id = $1";
    text(world, sql, &row.id).await
}

#[test]
fn a_new_vendor_goes_by_way_of_a_test_run_and_each_step_has_its_audit_and_mails() {
    each(async |world| {
        let staff = staff(&world).await;
        let organisation = organisation(&world, &staff.support, "06010001").await;
        let connection = connection_of(&world, &organisation).await;
        let call = world.call(&staff.support, "");
        let (mut audit, mut mail) = (0, 0);
        deeds(&world, &mut audit).await;
        mails(&world, &mut mail).await;
        assert_eq!(state_of(&world, &connection).await, "requested");

        run(&world, &call, Act::ConnectionIssue, &connection, &[])
            .await
            .expect("issued");
        assert_eq!(state_of(&world, &connection).await, "issued");
        assert_eq!(deeds(&world, &mut audit).await, ["connection.issue"]);
        let sent = mails(&world, &mut mail).await;
        assert_eq!(sent, [format!("handshake_link → {VENDOR}")]);

        let secret = link_token(&world, &connection).await;
        let waiting = handshake::waiting(&world.services, &secret).await;
        let waiting = waiting.expect("read").expect("something waits");
        assert_eq!(waiting.organisation, "Praktijk De Linde");
        assert_eq!(waiting.vendor.as_deref(), Some("ROM Plus"));
        let collected = collect(&world, &staff, &connection)
            .await
            .expect("collected");
        assert!(collected.intake_url.ends_with("/v1/deliveries"));
        assert_eq!(collected.expires, BEGIN.plus(365 * DAY));
        assert_eq!(state_of(&world, &connection).await, "testing");
        assert_eq!(
            deeds(&world, &mut audit).await,
            [
                "licence.collect",
                "licence.make",
                "connection.test",
                "test-run.plan"
            ]
        );
        let sent = mails(&world, &mut mail).await;
        assert_eq!(sent, [format!("test_run_planned → {VENDOR}")]);
        assert_eq!(
            handshake::waiting(&world.services, &secret)
                .await
                .expect("read"),
            None
        );

        let who = authenticate(&world.services, collected.code.expose()).await;
        let who = who.expect("read").expect("a deliverer");
        assert_eq!(who.state, Of::Testing);
        assert_eq!(
            (who.connection.as_str(), who.organisation.as_str()),
            (connection.as_str(), organisation.as_str())
        );
        assert_eq!(who.kinds, [DeliveryKind::Rom, DeliveryKind::Cqi]);
        assert_eq!(who.specifications, ["rom-1", "cqi-1"]);

        let refused = test_file(&world, &connection, "refuse").await;
        assert_eq!(
            deeds(&world, &mut audit).await,
            ["submission.add", "test-run.receive", "test-run.refuse"]
        );
        let on_call = world.call(&staff.on_call, "Kolom mist");
        let early = run(&world, &on_call, Act::TestRunApprove, &refused, &[]).await;
        assert!(
            matches!(
                early,
                Err(Error::State {
                    kind: Kind::TestRun,
                    ..
                })
            ),
            "{early:?}"
        );
        run(&world, &on_call, Act::TestRunReject, &refused, &[])
            .await
            .expect("rejected");
        let sent = mails(&world, &mut mail).await;
        assert_eq!(sent, [format!("test_run_rejected → {VENDOR}")]);

        let valid = test_file(&world, &connection, "accept").await;
        assert_ne!(refused, valid, "another file is another run");
        deeds(&world, &mut audit).await;
        run(
            &world,
            &world.call(&staff.on_call, ""),
            Act::TestRunApprove,
            &valid,
            &[],
        )
        .await
        .expect("approved");
        assert_eq!(state_of(&world, &connection).await, "live");
        assert_eq!(
            deeds(&world, &mut audit).await,
            ["test-run.approve", "vendor.pass", "connection.go-live"]
        );
        let sent = mails(&world, &mut mail).await;
        let both = [
            format!("connection_live → {HOLDER}"),
            format!("connection_live → {VENDOR}"),
        ];
        assert_eq!(sent, both);
    });
}

#[test]
fn a_vendor_that_passed_needs_no_test_and_counts_are_kept() {
    each(async |world| {
        let staff = staff(&world).await;
        let (first, _) = connected(&world, &staff, "06010001").await;
        let valid = test_file(&world, &first, "accept").await;
        let call = world.call(&staff.on_call, "");
        run(&world, &call, Act::TestRunApprove, &valid, &[])
            .await
            .expect("approved");
        let (next, code) = connected(&world, &staff, "06010002").await;
        assert_eq!(state_of(&world, &next).await, "live");
        let who = authenticate(&world.services, code.expose())
            .await
            .expect("read");
        assert_eq!(who.map(|w| w.state), Some(Of::Live));
        let counted = "SELECT count(*) FROM counter WHERE kind IN ('connection', 'licence', 'test-run') AND n <> (
            SELECT CASE kind WHEN 'connection' THEN (SELECT count(*) FROM connection c WHERE c.state = counter.state)
            WHEN 'licence' THEN (SELECT count(*) FROM licence l WHERE l.state = counter.state)
            ELSE (SELECT count(*) FROM test_run t WHERE t.state = counter.state) END)";
        assert_eq!(
            number(&world, counted).await,
            0,
            "counts are those of the rows"
        );
    });
}

/// Every vendor's waiting connection goes live with the first approval, and what nobody needs lapses.
#[test]
fn an_approval_is_for_every_connection_of_the_vendor() {
    each(async |world| {
        let staff = staff(&world).await;
        let (first, _) = connected(&world, &staff, "06010001").await;
        let (second, _) = connected(&world, &staff, "06010002").await;
        assert_eq!(state_of(&world, &second).await, "testing");
        let run_of_first = test_file(&world, &first, "accept").await;
        let call = world.call(&staff.on_call, "");
        run(&world, &call, Act::TestRunApprove, &run_of_first, &[])
            .await
            .expect("approved");
        for connection in [&first, &second] {
            assert_eq!(state_of(&world, connection).await, "live");
        }
        let lapsed = "SELECT count(*) FROM test_run WHERE state = 'lapsed'";
        assert_eq!(number(&world, lapsed).await, 1);
    });
}

#[test]
fn of_many_who_collect_and_reveal_at_once_exactly_one_gets_the_code() {
    each(async |world| {
        let staff = Arc::new(staff(&world).await);
        passed(&world).await;
        let organisation = organisation(&world, &staff.support, "06010001").await;
        let connection = connection_of(&world, &organisation).await;
        for round in 0..12 {
            let act = if round == 0 {
                Act::ConnectionIssue
            } else {
                Act::LicenceRotate
            };
            let call = world.call(&staff.support, "");
            run(&world, &call, act, &connection, &[])
                .await
                .expect("issued");
            let secret = link_token(&world, &connection).await;
            let mut all = Vec::new();
            for n in 0..6 {
                let (world, staff) = (Arc::clone(&world), Arc::clone(&staff));
                let (secret, connection) = (secret.clone(), connection.clone());
                all.push(tokio::spawn(async move {
                    if n % 2 == 0 {
                        let call = Call::new(&staff.intake);
                        let got = handshake::collect(&world.services, &call, &secret).await;
                        got.map(|c| c.code)
                    } else {
                        let call = world.call(&staff.support, "telefonisch gevraagd");
                        let got = run(&world, &call, Act::LicenceReveal, &connection, &[]).await;
                        got.map(|d| d.secret.expect("a code"))
                    }
                }));
            }
            let mut codes = Vec::new();
            for task in all {
                match task.await.expect("task") {
                    Ok(code) => codes.push(code),
                    Err(other) => assert!(
                        matches!(other, Error::Rule(Rule::HandshakeCollected)),
                        "round {round}: {other:?}"
                    ),
                }
            }
            assert_eq!(codes.len(), 1, "round {round}");
            let who = authenticate(&world.services, codes[0].expose())
                .await
                .expect("read");
            assert!(who.is_some(), "round {round}: the one that was given works");
            // Room for the next rotation.
            revoke_oldest(&world, &staff, &connection).await;
        }
        let made = "SELECT count(*) FROM licence";
        assert_eq!(number(&world, made).await, 12);
        let collected =
            "SELECT count(*) FROM handshake WHERE collected_at > 0 AND licence_id IS NOT NULL";
        assert_eq!(number(&world, collected).await, 12);
    });
}

async fn revoke_oldest(world: &World, staff: &Staff, connection: &str) {
    let sql = "SELECT id FROM licence WHERE connection_id = $1 AND state = 'expiring' LIMIT 1";
    let old = text(world, sql, connection).await;
    if !old.is_empty() {
        let call = world.call(&staff.administrator, "ruimte");
        run(world, &call, Act::LicenceRevoke, &old, &[])
            .await
            .expect("revoked");
    }
}

#[test]
fn no_code_and_no_token_stands_in_the_database() {
    each(async |world| {
        let staff = staff(&world).await;
        let (connection, code) = connected(&world, &staff, "06010001").await;
        let token = link_token(&world, &connection).await;
        let call = world.call(&staff.support, "telefonisch gevraagd");
        run(&world, &call, Act::LicenceRotate, &connection, &[])
            .await
            .expect("rotated");
        let shown = run(&world, &call, Act::LicenceReveal, &connection, &[])
            .await
            .expect("shown");
        let second = shown.secret.clone().expect("a code");
        let told = format!("{shown:?}");
        assert!(!told.contains(second.expose()), "{told}");
        let refused = handshake::collect(&world.services, &Call::new(&staff.intake), &token).await;
        assert!(matches!(
            refused,
            Err(Error::Rule(Rule::HandshakeCollected))
        ));
        // What is in no table cannot be guessed from what is: neither whole nor by its secret part.
        let secrets = [token, code.expose().to_owned(), second.expose().to_owned()];
        let mut kept = contents(&world).await;
        let mut tx = world.services.db.read().await.expect("transaction");
        let sql = "SELECT detail || reason || action || object_id || request FROM audit";
        let audit: Vec<(String,)> = tx.all(Query::new(sql)).await.expect("audit");
        let audit: Vec<String> = audit.into_iter().map(|r| r.0).collect();
        kept.insert("audit".to_owned(), audit.join("|"));
        for wanted in ["licence", "handshake", "mail", "audit", "job", "connection"] {
            assert!(kept[wanted].len() > 30, "{wanted} was read");
        }
        for (table, text) in kept {
            for secret in &secrets {
                let inner = &secret[secret.len() - 28..secret.len() - 6];
                assert!(!text.contains(inner), "{table}");
            }
        }
    });
}

#[test]
fn only_a_code_that_is_right_learns_why_it_may_not_deliver() {
    each(async |world| {
        let staff = staff(&world).await;
        passed(&world).await;
        let (connection, code) = connected(&world, &staff, "06010001").await;
        let unknown = LicenceCode::make(Opens::Deliveries, &[9; NEEDED]).expect("code");
        let portal = LicenceCode::make(Opens::Portal, &[9; NEEDED]).expect("code");
        let typo = code.expose().replace("kibg_d", "kibg_D");
        let long = "x".repeat(10_000);
        for wrong in [
            unknown.expose(),
            portal.expose(),
            &typo,
            "",
            "kibg_",
            &long,
            "é",
        ] {
            let who = authenticate(&world.services, wrong).await.expect("read");
            assert_eq!(who, None, "{wrong}");
        }
        let call = world.call(&staff.support, "storing");
        run(&world, &call, Act::ConnectionSuspend, &connection, &[])
            .await
            .expect("suspended");
        let told = authenticate(&world.services, code.expose()).await;
        assert!(
            matches!(told, Err(Error::State { kind: Kind::Connection, ref state, .. }) if state == "suspended"),
            "{told:?}"
        );
        assert_eq!(
            authenticate(&world.services, unknown.expose())
                .await
                .expect("read"),
            None
        );
        run(&world, &call, Act::ConnectionResume, &connection, &[])
            .await
            .expect("resumed");

        let organisation = text(
            &world,
            "SELECT organisation_id FROM connection WHERE id = $1",
            &connection,
        )
        .await;
        let admin = world.call(&staff.administrator, "onderzoek");
        run(&world, &admin, Act::OrganisationSuspend, &organisation, &[])
            .await
            .expect("suspended");
        let told = authenticate(&world.services, code.expose()).await;
        assert!(
            matches!(
                told,
                Err(Error::State {
                    kind: Kind::Organisation,
                    ..
                })
            ),
            "{told:?}"
        );
        run(&world, &admin, Act::OrganisationResume, &organisation, &[])
            .await
            .expect("resumed");
        assert!(
            authenticate(&world.services, code.expose())
                .await
                .expect("read")
                .is_some()
        );

        // Its end, to the millisecond, whether somebody swept it up or not.
        world.services.clock.set(BEGIN.plus(365 * DAY - 1));
        assert!(
            authenticate(&world.services, code.expose())
                .await
                .expect("read")
                .is_some()
        );
        world.services.clock.set(BEGIN.plus(365 * DAY));
        assert_eq!(
            authenticate(&world.services, code.expose())
                .await
                .expect("read"),
            None
        );
    });
}

#[test]
fn the_use_of_a_code_is_noted_once_a_minute() {
    each(async |world| {
        let staff = staff(&world).await;
        let (connection, code) = connected(&world, &staff, "06010001").await;
        let used = "SELECT max(used_at) FROM licence";
        let mut expected = 0;
        for (later, noted) in [
            (0, true),
            (59 * SECOND, false),
            (MINUTE, true),
            (MINUTE + SECOND, false),
        ] {
            let at = BEGIN.plus(DAY + later);
            world.services.clock.set(at);
            authenticate(&world.services, code.expose())
                .await
                .expect("read");
            if noted {
                expected = at.0;
            }
            assert_eq!(number(&world, used).await, expected, "after {later} ms");
        }
        let of_connection = text(
            &world,
            "SELECT CAST(used_at AS TEXT) FROM connection WHERE id = $1",
            &connection,
        );
        assert_eq!(of_connection.await, expected.to_string());
        let version = text(
            &world,
            "SELECT CAST(version AS TEXT) FROM licence WHERE connection_id = $1",
            &connection,
        );
        assert_eq!(version.await, "1", "nobody edited it");
    });
}

/// A delivery does not wait for whoever holds the rows of its code.
#[test]
fn a_delivery_does_not_wait_for_the_note_of_its_use() {
    each(async |world| {
        let staff = staff(&world).await;
        let (connection, code) = connected(&world, &staff, "06010001").await;
        let mut held = world.services.db.write().await.expect("transaction");
        held.execute(
            Query::new("UPDATE connection SET used_at = used_at WHERE id = $1").bind(&connection),
        )
        .await
        .expect("held");
        let waits = authenticate(&world.services, code.expose());
        let who = tokio::time::timeout(std::time::Duration::from_secs(5), waits).await;
        assert!(who.expect("in time").expect("read").is_some());
        held.rollback().await.expect("rollback");
    });
}

#[test]
fn a_code_is_replaced_with_an_overlap_and_two_work_at_most() {
    each(async |world| {
        let staff = staff(&world).await;
        passed(&world).await;
        let (connection, old) = connected(&world, &staff, "06010001").await;
        let call = world.call(&staff.support, "");
        world.services.clock.set(BEGIN.plus(100 * DAY));
        run(&world, &call, Act::LicenceRotate, &connection, &[])
            .await
            .expect("rotated");
        let still = authenticate(&world.services, old.expose())
            .await
            .expect("read");
        assert!(
            still.is_some(),
            "until the new one is collected nothing changes"
        );
        world.services.clock.set(BEGIN.plus(103 * DAY));
        let new = collect(&world, &staff, &connection)
            .await
            .expect("collected")
            .code;
        for code in [&old, &new] {
            assert!(
                authenticate(&world.services, code.expose())
                    .await
                    .expect("read")
                    .is_some()
            );
        }
        let third = run(&world, &call, Act::LicenceRotate, &connection, &[]).await;
        assert!(
            matches!(third, Err(Error::Rule(Rule::TwoLicences))),
            "{third:?}"
        );

        world.services.clock.set(BEGIN.plus(117 * DAY));
        assert_eq!(
            authenticate(&world.services, old.expose())
                .await
                .expect("read"),
            None
        );
        assert!(
            authenticate(&world.services, new.expose())
                .await
                .expect("read")
                .is_some()
        );
        let worker = Call::new(&staff.intake);
        assert_eq!(
            ending::look_after(&world.services, &worker)
                .await
                .expect("swept"),
            1
        );
        assert_eq!(
            ending::look_after(&world.services, &worker)
                .await
                .expect("swept"),
            0
        );
        let states = "SELECT count(*) FROM licence WHERE state IN ('active', 'expired')";
        assert_eq!(number(&world, states).await, 2);
    });
}

#[test]
fn whoever_delivers_is_reminded_once_before_the_end() {
    each(async |world| {
        let staff = staff(&world).await;
        passed(&world).await;
        let (_, code) = connected(&world, &staff, "06010001").await;
        let (mut audit, mut mail) = (0, 0);
        let worker = Call::new(&staff.intake);
        world.services.clock.set(BEGIN.plus(335 * DAY - 1));
        assert_eq!(
            ending::look_after(&world.services, &worker)
                .await
                .expect("looked"),
            0
        );
        mails(&world, &mut mail).await;
        deeds(&world, &mut audit).await;
        world.services.clock.set(BEGIN.plus(335 * DAY));
        assert_eq!(
            ending::look_after(&world.services, &worker)
                .await
                .expect("looked"),
            1
        );
        assert_eq!(
            mails(&world, &mut mail).await,
            [format!("licence_ending → {VENDOR}")]
        );
        assert_eq!(deeds(&world, &mut audit).await, ["licence.remind"]);
        assert_eq!(
            ending::look_after(&world.services, &worker)
                .await
                .expect("looked"),
            0
        );
        world.services.clock.set(BEGIN.plus(366 * DAY));
        assert_eq!(
            ending::look_after(&world.services, &worker)
                .await
                .expect("looked"),
            1
        );
        assert_eq!(deeds(&world, &mut audit).await, ["licence.expire"]);
        assert_eq!(
            authenticate(&world.services, code.expose())
                .await
                .expect("read"),
            None
        );
    });
}

#[test]
fn a_handshake_works_once_and_only_the_newest_while_it_holds() {
    each(async |world| {
        let staff = staff(&world).await;
        let organisation = organisation(&world, &staff.support, "06010001").await;
        let connection = connection_of(&world, &organisation).await;
        let call = world.call(&staff.support, "");
        let intake = Call::new(&staff.intake);
        let nothing = run(
            &world,
            &world.call(&staff.support, "vraag"),
            Act::LicenceReveal,
            &connection,
            &[],
        )
        .await;
        assert!(
            matches!(nothing, Err(Error::Rule(Rule::HandshakeMissing))),
            "{nothing:?}"
        );
        run(&world, &call, Act::ConnectionIssue, &connection, &[])
            .await
            .expect("issued");
        let old = link_token(&world, &connection).await;
        world.services.clock.set(BEGIN.plus(DAY));
        run(&world, &call, Act::ConnectionIssue, &connection, &[])
            .await
            .expect("issued anew");
        let refused = handshake::collect(&world.services, &intake, &old).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::HandshakeInvalid))),
            "{refused:?}"
        );

        let late = link_token(&world, &connection).await;
        world.services.clock.set(BEGIN.plus(15 * DAY));
        assert_eq!(
            handshake::waiting(&world.services, &late)
                .await
                .expect("read"),
            None
        );
        let refused = handshake::collect(&world.services, &intake, &late).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::HandshakeInvalid))),
            "{refused:?}"
        );
        assert_eq!(
            ending::look_after(&world.services, &intake)
                .await
                .expect("swept"),
            1
        );
        assert_eq!(
            ending::look_after(&world.services, &intake)
                .await
                .expect("swept"),
            0
        );

        run(&world, &call, Act::ConnectionIssue, &connection, &[])
            .await
            .expect("issued");
        let new = link_token(&world, &connection).await;
        for unknown in ["", "kibgi_", "x"] {
            let refused = handshake::collect(&world.services, &intake, unknown).await;
            assert!(
                matches!(refused, Err(Error::Rule(Rule::HandshakeInvalid))),
                "{refused:?}"
            );
        }
        handshake::collect(&world.services, &intake, &new)
            .await
            .expect("collected");
        let twice = handshake::collect(&world.services, &intake, &new).await;
        assert!(
            matches!(twice, Err(Error::Rule(Rule::HandshakeCollected))),
            "{twice:?}"
        );
        let reveal = run(
            &world,
            &world.call(&staff.support, "kwijt"),
            Act::LicenceReveal,
            &connection,
            &[],
        )
        .await;
        assert!(
            matches!(reveal, Err(Error::Rule(Rule::HandshakeCollected))),
            "{reveal:?}"
        );
    });
}

#[test]
fn trying_out_shows_no_code_and_uses_nothing_up() {
    each(async |world| {
        let staff = staff(&world).await;
        let organisation = organisation(&world, &staff.support, "06010001").await;
        let connection = connection_of(&world, &organisation).await;
        run(
            &world,
            &world.call(&staff.support, ""),
            Act::ConnectionIssue,
            &connection,
            &[],
        )
        .await
        .expect("issued");
        let call = Call {
            mode: Mode::DryRun,
            ..world.call(&staff.support, "proef")
        };
        let tried = run(&world, &call, Act::LicenceReveal, &connection, &[])
            .await
            .expect("tried");
        assert_eq!(tried.secret, None);
        assert_eq!(number(&world, "SELECT count(*) FROM licence").await, 0);
        collect(&world, &staff, &connection)
            .await
            .expect("still waits");
    });
}

#[test]
fn the_end_of_an_organisation_or_connection_closes_every_way_in() {
    each(async |world| {
        let staff = staff(&world).await;
        passed(&world).await;
        for agb in ["06010001", "06010002"] {
            let (connection, code) = connected(&world, &staff, agb).await;
            let call = world.call(&staff.support, "");
            run(&world, &call, Act::LicenceRotate, &connection, &[])
                .await
                .expect("rotated");
            let link = link_token(&world, &connection).await;
            let admin = world.call(&staff.administrator, "keurmerk verlopen");
            if agb == "06010001" {
                let organisation = service::find(&world.services, Kind::Organisation, agb)
                    .await
                    .expect("found");
                run(&world, &admin, Act::OrganisationEnd, &organisation, &[])
                    .await
                    .expect("ended");
            } else {
                run(&world, &admin, Act::ConnectionRevoke, &connection, &[])
                    .await
                    .expect("revoked");
            }
            assert_eq!(state_of(&world, &connection).await, "revoked");
            assert_eq!(
                authenticate(&world.services, code.expose())
                    .await
                    .expect("read"),
                None
            );
            let late = handshake::collect(&world.services, &Call::new(&staff.intake), &link).await;
            assert!(late.is_err(), "{late:?}");
            assert_eq!(
                handshake::waiting(&world.services, &link)
                    .await
                    .expect("read"),
                None
            );
        }
        let open = "SELECT count(*) FROM licence WHERE state IN ('active', 'expiring')";
        assert_eq!(number(&world, open).await, 0);
        let open = "SELECT count(*) FROM handshake WHERE collected_at = 0 AND revoked_at = 0";
        assert_eq!(number(&world, open).await, 0);
    });
}

/// Role, action, what stands in its way.
#[test]
fn rights_and_states_stand_in_the_way_by_name() {
    each(async |world| {
        let staff = staff(&world).await;
        let organisation = organisation(&world, &staff.support, "06010001").await;
        let connection = connection_of(&world, &organisation).await;
        let rows: &[(&Arc<Actor>, Act, &str)] = &[
            (&staff.on_call, Act::ConnectionIssue, "right"),
            (&staff.administrator, Act::ConnectionIssue, "right"),
            (&staff.on_call, Act::LicenceReveal, "right"),
            (&staff.support, Act::ConnectionRevoke, "right"),
            (&staff.support, Act::TestRunPlan, "right"),
            (&staff.on_call, Act::TestRunPlan, "state"),
            (&staff.support, Act::ConnectionSuspend, "state"),
            (&staff.support, Act::ConnectionResume, "state"),
            (&staff.support, Act::LicenceRotate, "state"),
        ];
        for (actor, act, expected) in rows {
            let given: &[(&str, &str)] = match act {
                Act::TestRunPlan => &[("specification", "rom-1")],
                _ => &[],
            };
            let refused = run(
                &world,
                &world.call(actor, "poging"),
                *act,
                &connection,
                given,
            )
            .await;
            let why = refused.as_ref().err().and_then(Error::refusal);
            assert_eq!(why, Some(*expected), "{act:?}: {refused:?}");
        }
        assert_eq!(state_of(&world, &connection).await, "requested");
        let again = [
            ("organisation", "06010001"),
            ("vendor", "ROM Plus"),
            ("route", "automatic"),
        ];
        let call = world.call(&staff.support, "");
        let twice = run(&world, &call, Act::ConnectionRequest, "", &again).await;
        assert!(
            matches!(twice, Err(Error::Rule(Rule::ConnectionExists))),
            "{twice:?}"
        );
        let manual = [
            ("organisation", "06010001"),
            ("route", "manual"),
            ("specifications", "cqi-1"),
        ];
        let made = run(&world, &call, Act::ConnectionRequest, "", &manual)
            .await
            .expect("another route");
        let kinds = text(
            &world,
            "SELECT kinds FROM connection WHERE id = $1",
            &made.id,
        )
        .await;
        assert_eq!(kinds, "cqi", "kinds follow from specifications");
    });
}

/// Without a vendor there is nobody to test: the holder collects and it is live.
#[test]
fn by_hand_and_without_a_vendor_the_holder_collects() {
    each(async |world| {
        let staff = staff(&world).await;
        organisation(&world, &staff.support, "06010001").await;
        let call = world.call(&staff.support, "");
        let given = [("organisation", "06010001"), ("route", "manual")];
        let made = run(&world, &call, Act::ConnectionRequest, "", &given)
            .await
            .expect("asked");
        let mut mail = 0;
        mails(&world, &mut mail).await;
        run(&world, &call, Act::ConnectionIssue, &made.id, &[])
            .await
            .expect("issued");
        assert_eq!(
            mails(&world, &mut mail).await,
            [format!("handshake_link → {HOLDER}")]
        );
        collect(&world, &staff, &made.id).await.expect("collected");
        assert_eq!(state_of(&world, &made.id).await, "live");
        assert_eq!(
            mails(&world, &mut mail).await,
            [format!("connection_live → {HOLDER}")]
        );
    });
}

#[test]
fn a_vendor_keeps_which_specification_was_sent_when() {
    each(async |world| {
        let staff = staff(&world).await;
        let call = world.call(&staff.support, "");
        let twice = [
            ("name", "rom plus"),
            ("kind", "rom"),
            ("contact", "X"),
            ("email", "x@y.example"),
        ];
        let same = run(&world, &call, Act::VendorAdd, "", &twice).await;
        assert!(matches!(same, Err(Error::Invalid(_))), "{same:?}");
        let given = [("specifications", "rom-1,cqi-1")];
        run(&world, &call, Act::VendorInform, &staff.vendor, &given)
            .await
            .expect("sent");
        world.services.clock.set(BEGIN.plus(DAY));
        let given = [("specifications", "cqi-1")];
        run(&world, &call, Act::VendorInform, &staff.vendor, &given)
            .await
            .expect("sent again");
        let first = "SELECT count(*) FROM vendor_specification WHERE specification = 'rom-1' AND sent_at = 1791187200000";
        assert_eq!(number(&world, first).await, 1);
        let again = "SELECT count(*) FROM vendor_specification WHERE specification = 'cqi-1' AND sent_at = 1791273600000";
        assert_eq!(number(&world, again).await, 1);
        let sent = "SELECT count(*) FROM mail WHERE template = 'specification_sent'";
        assert_eq!(number(&world, sent).await, 2);
        let change = [("phone", "030 1234567"), ("kind", "epd")];
        run(&world, &call, Act::VendorChange, &staff.vendor, &change)
            .await
            .expect("changed");
        let kind = text(
            &world,
            "SELECT kind || phone FROM vendor WHERE id = $1",
            &staff.vendor,
        )
        .await;
        assert_eq!(kind, "epd030 1234567");
        let detail =
            "SELECT count(*) FROM audit WHERE action = 'vendor.change' AND detail LIKE '%1234567%'";
        assert_eq!(
            number(&world, detail).await,
            0,
            "personal fields by name only"
        );
    });
}
