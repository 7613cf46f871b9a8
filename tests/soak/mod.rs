//! Bad days, with the real program: workers killed, frozen and told to stop, a server that goes away, a disk that is full. Whatever
//! happens, nothing is lost, nothing is stored twice and nothing is half stored.

mod builds;
pub mod disk;
mod kill;
mod restart;
mod signals;

use crate::storing::{by_hand, check, file, lines, scores};
use crate::support::db::World;
use portaal_console::domain::right::Role;
use portaal_console::domain::time::Timestamp;
use portaal_console::service::{Actor, arrival};
use portaal_console::store::{Query, job};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longest wait for something that must come.
const PATIENCE: Duration = Duration::from_mins(2);

/// A queue in which a lost worker is noticed after a second.
pub const QUICK: &str =
    "[queue]\nlease_ms = 1000\nheartbeat_ms = 300\nsweep_ms = 300\npoll_ms = 50\n";

/// Writes the settings that the program reads.
pub fn settings(world: &World, more: &str) {
    let state = world.state.path();
    let text = format!("state = {:?}\n{more}", state.display().to_string());
    std::fs::write(state.join("config.toml"), text).expect("settings");
}

/// The real worker on the database of a world.
pub fn worker(state: &Path, url: &str, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_portaal"))
        .args(["--database", url, "worker"])
        .args(arguments)
        .env_clear()
        .env("HOME", state)
        .env("PORTAAL_CONFIG", state.join("config.toml"))
        .current_dir(state)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("worker")
}

/// Organisations that may deliver, by their AGB codes.
pub async fn deliverers(world: &World, count: usize) -> (Arc<Actor>, Vec<String>) {
    let support = world.operator("sanne", &[Role::Support]).await;
    let on_call = world.operator("piket", &[Role::OnCall]).await;
    let admin = world.operator("admin", &[Role::Administrator]).await;
    crate::onboarding::publish(world, &admin, "2021-09", "2036-12-31").await;
    let mut all = Vec::new();
    for n in 0..count {
        let agb = format!("0601{n:04}");
        let id = crate::onboarding::organisation(world, &support, &agb).await;
        crate::onboarding::activate(world, &support, &id, "a.deboer@linde.example").await;
        crate::onboarding::accept(world, &support, &agb, "a.deboer@linde.example")
            .await
            .expect("accepted");
        all.push(agb);
    }
    (on_call, all)
}

/// Receives a file of an organisation now; gives the submission.
pub async fn deliver(world: &World, actor: &Arc<Actor>, agb: &str, text: &str) -> String {
    let path = world.state.path().join("delivery.csv");
    std::fs::write(&path, text).expect("file");
    let call = world.call(actor, "");
    let done = arrival::add(&world.services, &call, &by_hand(agb), &path).await;
    done.expect("received").id
}

/// A number that a statement gives; none while the database is away.
pub async fn number(world: &World, sql: &'static str) -> Option<i64> {
    let mut tx = world.services.db.read().await.ok()?;
    tx.number(Query::new(sql)).await.ok()
}

/// Waits until a statement gives a number.
pub async fn until(world: &World, what: &str, sql: &'static str, wanted: i64) {
    let begin = Instant::now();
    loop {
        let found = number(world, sql).await;
        if found == Some(wanted) {
            return;
        }
        assert!(
            begin.elapsed() < PATIENCE,
            "{what}: {found:?} instead of {wanted}"
        );
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Lets what stands still run again, as a person does.
pub async fn release(world: &World) -> usize {
    let mut tx = world.services.db.write().await.expect("transaction");
    let held: Vec<(String,)> = tx
        .all(Query::new(
            "SELECT id FROM job WHERE kind = 'submission' AND state = 'held'",
        ))
        .await
        .expect("held");
    for (id,) in &held {
        assert!(job::release(&mut tx, id, now()).await.expect("released"));
    }
    tx.commit().await.expect("commit");
    held.len()
}

/// The time of this machine, for a program that has no other clock.
pub fn now() -> Timestamp {
    portaal_console::clock::Clock::system().now()
}

/// Every delivery was processed once, and every care path of them counts once.
pub async fn complete(world: &World, deliveries: usize, care_paths: usize) {
    let wanted = i64::try_from(deliveries).expect("count");
    let processed = "SELECT count(*) FROM submission WHERE state = 'processed'";
    assert_eq!(number(world, processed).await, Some(wanted));
    let once =
        "SELECT count(*) FROM audit WHERE action = 'submission.process' AND outcome = 'done'";
    assert_eq!(number(world, once).await, Some(wanted), "each once");
    let ended = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'completed'";
    assert_eq!(
        number(world, ended).await,
        Some(wanted),
        "each with its job"
    );
    assert_eq!(scores(world).await.len(), care_paths);
    check(world).await;
}

/// A small file of its own for each delivery: three care paths.
pub fn small(agb: &str, n: usize) -> String {
    file(agb, &lines((0..3).map(|k| (n * 3 + k, (n + k) % 140))))
}

/// A large file: as many care paths as this.
pub fn large(agb: &str, rows: usize) -> String {
    file(agb, &lines((0..rows).map(|n| (1_000_000 + n, n % 140))))
}
