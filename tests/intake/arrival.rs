//! A file arrives, by each way that there is: the row, the receipt, and what is left when it is refused.

use crate::onboarding::{accept, activate, number, organisation, publish};
use crate::support::db::{World, each};
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::{Language, Role};
use portaal_console::service::arrival::{self, By, Receipt};
use portaal_console::service::error::Rule;
use portaal_console::service::intake_file::{self, Incoming};
use portaal_console::service::{self, Actor, Call, Error};
use portaal_console::store::submission::{self, Submission};
use portaal_console::store::{Query, sender};
use std::path::Path;
use std::sync::Arc;

const AGB: &str = "06010001";

/// An organisation in use that accepted, with a connection that is live; gives the connection.
pub async fn ready(world: &World) -> String {
    let support = world.operator("sanne", &[Role::Support]).await;
    let admin = world.operator("admin", &[Role::Administrator]).await;
    publish(world, &admin, "2021-09", "2026-12-31").await;
    let id = organisation(world, &support, AGB).await;
    for email in ["a.deboer@linde.example", "b.smit@linde.example"] {
        activate(world, &support, &id, email).await;
    }
    accept(world, &support, AGB, "a.deboer@linde.example")
        .await
        .expect("accepted");
    set(world, "UPDATE connection SET state = 'live'").await;
    connections(world).await.remove(0)
}

/// Connections, oldest first.
pub async fn connections(world: &World) -> Vec<String> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT id FROM connection ORDER BY created_at, id";
    let rows: Vec<(String,)> = tx.all(Query::new(sql)).await.expect("connections");
    rows.into_iter().map(|(id,)| id).collect()
}

/// Changes what a test needs otherwise.
pub async fn set(world: &World, sql: &'static str) {
    let mut tx = world.services.db.write().await.expect("transaction");
    tx.execute(Query::new(sql)).await.expect("changed");
    tx.commit().await.expect("commit");
}

fn system() -> Call {
    Call::new(&Arc::new(Actor::system("intake", Language::Nl)))
}

async fn deliver(
    world: &World,
    by: &By,
    key: Option<&str>,
    bytes: &[u8],
) -> Result<Receipt, Error> {
    let services = &world.services;
    arrival::admit(services, &system(), by).await?;
    let mut incoming = Incoming::begin(&services.settings.files, 1 << 20)?;
    incoming.write(bytes)?;
    let kept = incoming.keep("../rom\u{202e}.csv")?;
    let done = arrival::receive(services, &system(), by, key, kept).await;
    done.map(|(_, receipt)| receipt)
}

async fn row(world: &World, id: &str) -> Submission {
    let mut tx = world.services.db.read().await.expect("transaction");
    let found = submission::by_id(&mut tx, id).await.expect("row");
    found.expect("submission")
}

/// Names in the store of delivered files.
pub fn files(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(&world.services.settings.files);
    let mut names: Vec<String> = entries
        .into_iter()
        .flatten()
        .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

async fn refusals(world: &World) -> i64 {
    number(
        world,
        "SELECT count(*) FROM audit WHERE action = 'submission.add' AND outcome = 'refused'",
    )
    .await
}

#[test]
fn each_way_leaves_its_mark_on_the_row() {
    each(async |world| {
        let connection = ready(&world).await;
        for change in [
            "INSERT INTO vendor (id, name, kind, email, contact, created_at, folded, version)
            VALUES ('v', 'ROM Plus', 'rom', 'help@romplus.example', '', 0, '', 1)",
            "UPDATE connection SET specifications = 'cqi-1,rom-1', used_at = 0, vendor_id = 'v',
            inbox_uid = 1007",
        ] {
            set(&world, change).await;
        }
        let operator = By::Operator {
            organisation: AGB.to_owned(),
            connection: Some(connection.get(..13).expect("start").to_owned()),
        };
        let account = By::Account {
            organisation: AGB.to_owned(),
            account: "B.Smit@linde.example".to_owned(),
        };
        let inbox = By::Inbox {
            organisation: AGB.to_owned(),
            owner: 1007,
        };
        let rows: [(By, &str, &str, bool, bool); 4] = [
            (
                By::Connection(connection.clone()),
                "intake",
                "cqi-1",
                true,
                false,
            ),
            (inbox, "inbox", "cqi-1", true, false),
            (operator, "operator", "cqi-1", true, false),
            (account, "upload", "rom-1", false, true),
        ];
        for (by, source, specification, of_connection, of_account) in rows {
            let receipt = deliver(&world, &by, None, source.as_bytes())
                .await
                .expect("received");
            assert!(receipt.first && !receipt.test, "{receipt:?}");
            let row = row(&world, &receipt.id).await;
            assert_eq!(
                (
                    row.source.as_str(),
                    row.specification.as_str(),
                    row.state.as_str()
                ),
                (source, specification, "received")
            );
            assert_eq!(row.connection_id.is_some(), of_connection, "{source}");
            assert_eq!(row.vendor_id.is_some(), of_connection, "{source}");
            assert_eq!(row.account_id.is_some(), of_account, "{source}");
            assert_eq!(row.file_name, "rom.csv", "no path, nothing that steers");
        }
        let jobs = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'available'";
        assert_eq!(number(&world, jobs).await, 4);
        assert_eq!(
            number(&world, "SELECT count(*) FROM connection WHERE used_at > 0").await,
            1
        );
    });
}

#[test]
fn without_an_acceptance_it_is_held_and_has_its_receipt() {
    each(async |world| {
        let connection = ready(&world).await;
        set(&world, "UPDATE acceptance SET state = 'terminated'").await;
        let receipt = deliver(&world, &By::Connection(connection), None, b"a")
            .await
            .expect("received");
        assert_eq!(receipt.state, "held");
        assert_eq!(row(&world, &receipt.id).await.hold, "no_acceptance");
        assert_eq!(
            number(&world, "SELECT count(*) FROM job WHERE kind = 'submission'").await,
            0
        );
    });
}

#[test]
fn in_testing_it_is_a_test_run_and_counts_for_nothing_later() {
    each(async |world| {
        let connection = ready(&world).await;
        let by = By::Connection(connection);
        set(&world, "UPDATE connection SET state = 'testing'").await;
        let test = deliver(&world, &by, None, b"a").await.expect("test");
        assert!(test.test && test.first);
        let again = deliver(&world, &by, None, b"a").await.expect("again");
        assert_eq!((again.id.as_str(), again.first), (test.id.as_str(), false));
        set(&world, "UPDATE connection SET state = 'live'").await;
        let real = deliver(&world, &by, None, b"a").await.expect("real");
        assert!(!real.test && real.first, "the test was no delivery");
        assert_eq!(files(&world).len(), 1, "the same bytes are kept once");
    });
}

#[test]
fn identical_bytes_and_a_key_give_the_first_answer() {
    each(async |world| {
        let first = ready(&world).await;
        set(
            &world,
            "INSERT INTO connection (id, organisation_id, vendor_id, route, state, state_at, created_at, version)
            SELECT 'other', organisation_id, vendor_id, 'manual', 'live', 0, created_at + 1, 1 FROM connection",
        )
        .await;
        let (one, two) = (By::Connection(first), By::Connection("other".to_owned()));
        let a = deliver(&world, &one, Some("k 1"), b"a").await.expect("a");
        for (by, key) in [
            (&one, Some("k 1")),
            (&one, None),
            (&two, None),
            (&two, Some("k 1")),
        ] {
            let again = deliver(&world, by, key, b"a").await.expect("again");
            assert_eq!(
                (again.id.as_str(), again.first),
                (a.id.as_str(), false),
                "{by:?} {key:?}"
            );
        }
        let mut tx = world.services.db.read().await.expect("transaction");
        for (connection, delivered) in [("other", true), ("nobody", false)] {
            let found = sender::delivered(&mut tx, connection, &a.id)
                .await
                .expect("asked");
            assert_eq!(found, delivered, "{connection}");
        }
        tx.rollback().await.expect("rollback");
        let other = deliver(&world, &one, Some("k 1"), b"b").await;
        assert!(
            matches!(other, Err(Error::Rule(Rule::KeyReused))),
            "{other:?}"
        );
        assert_eq!(refusals(&world).await, 1);
        assert_eq!(files(&world).len(), 1, "what was refused is gone");
        let bad = deliver(&world, &one, Some("k\n1"), b"c").await;
        assert!(matches!(bad, Err(Error::Invalid(_))), "{bad:?}");
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 1);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM delivery_key WHERE name LIKE '%k 1%'"
            )
            .await,
            0,
            "a key is kept as its digest"
        );
    });
}

#[test]
fn who_may_not_deliver_is_refused_and_audited_before_a_byte_is_read() {
    each(async |world| {
        let connection = ready(&world).await;
        let by = By::Connection(connection);
        let mut refused = 0;
        let changes: [(&'static str, Kind); 3] = [
            (
                "UPDATE connection SET state = 'suspended'",
                Kind::Connection,
            ),
            ("UPDATE connection SET state = 'revoked'", Kind::Connection),
            (
                "UPDATE organisation SET state = 'suspended'",
                Kind::Organisation,
            ),
        ];
        for (change, whose) in changes {
            set(&world, change).await;
            let result = arrival::admit(&world.services, &system(), &by).await;
            assert!(
                matches!(&result, Err(Error::State { kind, .. }) if *kind == whose),
                "{change}: {result:?}"
            );
            refused += 1;
            assert_eq!(refusals(&world).await, refused, "{change}");
        }
        assert!(files(&world).is_empty());
    });
}

#[test]
fn only_an_active_submitter_uploads() {
    each(async |world| {
        ready(&world).await;
        let by = |account: &str| By::Account {
            organisation: AGB.to_owned(),
            account: account.to_owned(),
        };
        for stranger in ["a.deboer@linde.example", "nobody@linde.example", ""] {
            let result = deliver(&world, &by(stranger), None, b"a").await;
            assert!(
                matches!(result, Err(Error::Rule(Rule::NotSubmitter))),
                "{stranger}: {result:?}"
            );
        }
        set(&world, "UPDATE account SET state = 'locked'").await;
        let locked = deliver(&world, &by("b.smit@linde.example"), None, b"a").await;
        assert!(
            matches!(locked, Err(Error::Rule(Rule::NotSubmitter))),
            "{locked:?}"
        );
        assert_eq!(refusals(&world).await, 4);
    });
}

#[test]
fn a_folder_belongs_to_the_owner_of_its_connection() {
    each(async |world| {
        ready(&world).await;
        set(&world, "UPDATE connection SET inbox_uid = 1007").await;
        for (organisation, owner) in [(AGB, 1008), (AGB, 0), (AGB, -1), ("06010002", 1007)] {
            let by = By::Inbox {
                organisation: organisation.to_owned(),
                owner,
            };
            let result = deliver(&world, &by, None, b"a").await;
            assert!(
                matches!(result, Err(Error::Rule(Rule::NotTheirFolder))),
                "{owner}: {result:?}"
            );
        }
        assert_eq!(refusals(&world).await, 4);
    });
}

#[test]
fn a_connection_of_another_organisation_is_none() {
    each(async |world| {
        let connection = ready(&world).await;
        let support = world.operator("els", &[Role::Support]).await;
        organisation(&world, &support, "06010002").await;
        let by = By::Operator {
            organisation: "06010002".to_owned(),
            connection: Some(connection),
        };
        let result = deliver(&world, &by, None, b"a").await;
        assert!(
            matches!(
                result,
                Err(Error::Missing {
                    kind: Kind::Connection,
                    ..
                })
            ),
            "{result:?}"
        );
    });
}

#[test]
fn the_same_bytes_at_the_same_time_become_one_delivery_with_its_file() {
    each(async |world| {
        let connection = ready(&world).await;
        let good = By::Connection(connection);
        let bad = By::Account {
            organisation: AGB.to_owned(),
            account: "nobody".to_owned(),
        };
        let mut running = tokio::task::JoinSet::new();
        for n in 0..24 {
            let (world, by) = (
                Arc::clone(&world),
                if n % 3 == 0 { &bad } else { &good }.clone(),
            );
            running.spawn(async move {
                // Past the first gate: refused, and its bytes given up, only once they are kept.
                let mut incoming = Incoming::begin(&world.services.settings.files, 9)?;
                incoming.write(b"same")?;
                let kept = incoming.keep("a.csv")?;
                arrival::receive(&world.services, &system(), &by, None, kept).await
            });
        }
        let (mut ids, mut firsts) = (Vec::new(), 0);
        while let Some(done) = running.join_next().await {
            if let Ok((_, receipt)) = done.expect("task") {
                firsts += usize::from(receipt.first);
                ids.push(receipt.id);
            }
        }
        ids.dedup();
        assert_eq!((ids.len(), firsts), (1, 1));
        let kept = row(&world, &ids[0]).await.sha256;
        assert_eq!(
            files(&world),
            [kept],
            "what others gave up did not take its bytes"
        );
    });
}

#[test]
fn what_cannot_be_written_leaves_nothing_and_may_work_later() {
    each(async |world| {
        let connection = ready(&world).await;
        let store = &world.services.settings.files;
        std::fs::write(store, b"in the way").expect("file");
        let result = deliver(&world, &By::Connection(connection.clone()), None, b"a").await;
        assert!(matches!(result, Err(Error::Storage(_))), "{result:?}");
        assert!(arrival::ready(&world.services).await.is_err());
        std::fs::remove_file(store).expect("removed");
        assert!(arrival::ready(&world.services).await.is_ok());
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 0);
        deliver(&world, &By::Connection(connection), None, b"a")
            .await
            .expect("later");
    });
}

#[test]
fn a_file_that_is_too_large_leaves_nothing() {
    let directory = tempfile::tempdir().expect("directory");
    let store = directory.path().join("files");
    let mut incoming = Incoming::begin(&store, 4).expect("begun");
    incoming.write(b"1234").expect("fits");
    assert!(matches!(incoming.write(b"5"), Err(Error::Invalid(_))));
    drop(incoming);
    assert_eq!(std::fs::read_dir(&store).expect("store").count(), 0);
}

#[test]
fn the_sweep_takes_what_is_nobodys_and_nothing_else() {
    each(async |world| {
        let connection = ready(&world).await;
        let store = world.services.settings.files.clone();
        let by = By::Connection(connection);
        let known = deliver(&world, &by, None, b"known").await.expect("known");
        let mut alive = Incoming::begin(&store, 9).expect("begun");
        alive.write(b"alive").expect("written");
        std::fs::write(store.join(".dead"), b"half").expect("partial");
        std::fs::write(store.join("f".repeat(64)), b"orphan").expect("orphan");
        let removed = intake_file::sweep(&world.services).await.expect("swept");
        assert_eq!(removed, 2);
        assert!(store.join(row(&world, &known.id).await.sha256).exists());
        let kept = alive.keep("a.csv").expect("still there");
        let held = intake_file::sweep(&world.services).await.expect("swept");
        assert_eq!(held, 0, "what is kept waits for its row");
        assert!(Path::new(&store).join(&kept.sha256).exists());
        drop(kept);
        assert_eq!(intake_file::sweep(&world.services).await.expect("swept"), 1);
    });
}

#[test]
fn what_retention_removed_is_not_kept_again_by_the_same_bytes() {
    each(async |world| {
        let connection = ready(&world).await;
        let by = By::Connection(connection);
        let first = deliver(&world, &by, None, b"a").await.expect("first");
        let sha256 = row(&world, &first.id).await.sha256;
        std::fs::remove_file(world.services.settings.files.join(sha256)).expect("removed");
        set(&world, "UPDATE submission SET file_removed_at = 1").await;
        let again = deliver(&world, &by, None, b"a").await.expect("again");
        assert_eq!((again.id, again.first), (first.id, false));
        assert!(files(&world).is_empty());
    });
}

#[test]
fn an_operator_says_by_which_connection_it_came() {
    each(async |world| {
        let connection = ready(&world).await;
        let on_call = world.operator("piket", &[Role::OnCall]).await;
        let path = world.state.path().join("naam.csv");
        std::fs::write(&path, b"a").expect("file");
        let by = By::Operator {
            organisation: AGB.to_owned(),
            connection: Some(connection.clone()),
        };
        let call = world.call(&on_call, "");
        let done = arrival::add(&world.services, &call, &by, &path)
            .await
            .expect("added");
        assert_eq!(row(&world, &done.id).await.connection_id, Some(connection));
        let id = service::find(&world.services, Kind::Submission, &done.id).await;
        assert_eq!(id.expect("found"), done.id);
    });
}
