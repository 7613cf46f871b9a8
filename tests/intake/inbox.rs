//! Watched folders: what is laid there whole is taken in, what may not is moved aside with the reason, and nothing is followed.

use super::arrival::{files, ready, set};
use super::server::Server;
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::store::Query;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

const AGB: &str = "06010001";

/// A folder whose files are this user's, and an intake that looks into it often.
async fn begun(world: &World) -> (Server, PathBuf) {
    let folder = prepared(world).await;
    let server = Server::start(world, &settings(world)).await;
    (server, folder)
}

fn settings(world: &World) -> String {
    let inbox = world.state.path().join("inbox").display().to_string();
    format!("inbox = {inbox:?}\ninbox_poll_ms = 50\nmax_bytes = 1000")
}

async fn prepared(world: &World) -> PathBuf {
    ready(world).await;
    let folder = world.state.path().join("inbox").join(AGB);
    std::fs::create_dir_all(&folder).expect("folder");
    let uid = std::fs::metadata(&folder).expect("folder").uid();
    let mut tx = world.services.db.write().await.expect("transaction");
    let query = Query::new("UPDATE connection SET inbox_uid = $1").bind(i64::from(uid));
    tx.execute(query).await.expect("owner");
    tx.commit().await.expect("commit");
    folder
}

/// Lays a file in a folder as a good client does: whole, by renaming.
fn lay(folder: &Path, name: &str, bytes: &[u8]) {
    let draft = folder.join(".draft");
    std::fs::write(&draft, bytes).expect("draft");
    std::fs::rename(&draft, folder.join(name)).expect("laid");
}

async fn until(what: &str, done: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(done().await, "never: {what}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|e| e.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_laid_whole_is_taken_in_and_removed() {
    each(async |world| {
        let (server, folder) = begun(&world).await;
        lay(&folder, "rom\u{1b}[31m 1.csv", b"one");
        lay(&folder, "cqi.csv", b"two");
        std::fs::write(folder.join("half.csv.part"), b"half").expect("unfinished");
        let none = async || names(&folder) == ["half.csv.part"];
        until("taken in", none).await;
        let sql = "SELECT count(*) FROM submission WHERE source = 'inbox' AND state = 'received'";
        assert_eq!(number(&world, sql).await, 2);
        assert_eq!(files(&world).len(), 2);
        let shown = "SELECT count(*) FROM submission WHERE file_name = 'rom[31m 1.csv'";
        assert_eq!(number(&world, shown).await, 1);
        // The same bytes under another name are no second delivery.
        lay(&folder, "again.csv", b"one");
        until("recognised", none).await;
        assert_eq!(number(&world, sql).await, 2);
        server.gone().await;
    });
}

#[test]
fn what_may_not_come_is_moved_aside_with_the_reason() {
    each(async |world| {
        let (server, folder) = begun(&world).await;
        lay(&folder, "large.csv", &[b'x'; 1001]);
        lay(&folder, "empty.csv", b"");
        let rejected = folder.join("rejected");
        until("both refused", async || names(&rejected).len() == 4).await;
        set(&world, "UPDATE connection SET state = 'suspended'").await;
        lay(&folder, "suspended.csv", b"a");
        until("refused", async || names(&rejected).len() == 6).await;
        set(
            &world,
            "UPDATE connection SET state = 'live', inbox_uid = 12345",
        )
        .await;
        lay(&folder, "stranger.csv", b"b");
        until("refused too", async || names(&rejected).len() == 8).await;
        assert_eq!(names(&folder), ["rejected"]);
        for name in names(&rejected) {
            let Some(refused) = name.strip_suffix(".report.txt") else {
                continue;
            };
            assert!(rejected.join(refused).exists(), "{refused}");
            let report = std::fs::read_to_string(rejected.join(&name)).expect("report");
            assert!(
                report.contains("Geweigerd") && report.contains("Refused"),
                "{report}"
            );
        }
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 0);
        assert!(files(&world).is_empty());
        let audited =
            "SELECT count(*) FROM audit WHERE action = 'submission.add' AND outcome = 'refused'";
        assert_eq!(number(&world, audited).await, 2, "suspended and stranger");
        server.gone().await;
    });
}

#[test]
fn nothing_is_followed_and_nothing_outside_is_read() {
    each(async |world| {
        let folder = prepared(&world).await;
        let secret = world.state.path().join("key");
        symlink(&secret, folder.join("link.csv")).expect("link");
        std::fs::hard_link(&secret, folder.join("second.csv")).expect("second name");
        let elsewhere = world.state.path().join("elsewhere");
        std::fs::create_dir(&elsewhere).expect("directory");
        std::fs::write(elsewhere.join("a.csv"), b"a").expect("file");
        symlink(&elsewhere, folder.with_file_name("06010002")).expect("link to a folder");
        std::fs::create_dir(folder.with_file_name("not-an-agb")).expect("directory");
        std::fs::write(folder.with_file_name("not-an-agb").join("b.csv"), b"b").expect("file");
        let fifo = folder.join("pipe.csv");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.expect("mkfifo").success());
        let server = Server::start(&world, &settings(&world)).await;
        lay(&folder, "good.csv", b"good");
        let good = async || number(&world, "SELECT count(*) FROM submission").await == 1;
        until("the good one", good).await;
        until("the others moved", async || names(&folder) == ["rejected"]).await;
        // Three were refused, each with one report.
        assert_eq!(names(&folder.join("rejected")).len(), 6);
        assert_eq!(files(&world).len(), 1);
        assert!(elsewhere.join("a.csv").exists());
        assert!(secret.exists());
        server.gone().await;
    });
}

#[test]
fn after_a_crash_at_any_point_it_is_there_once() {
    each(async |world| {
        let folder = prepared(&world).await;
        // Taken aside and no further.
        lay(&folder, ".taking-7-aside.csv", b"aside");
        // Stored, but not yet removed from the folder.
        let server = Server::start(&world, &settings(&world)).await;
        lay(&folder, "stored.csv", b"stored");
        until("both", async || names(&folder).is_empty()).await;
        server.gone().await;
        lay(&folder, ".taking-8-stored.csv", b"stored");
        // Taken in while nobody looked.
        lay(&folder, "later.csv", b"later");
        let server = Server::start(&world, &settings(&world)).await;
        until("all", async || names(&folder).is_empty()).await;
        server.gone().await;
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 3);
        assert_eq!(files(&world).len(), 3);
        let shown = "SELECT count(*) FROM submission WHERE file_name = 'aside.csv'";
        assert_eq!(number(&world, shown).await, 1);
    });
}

#[test]
fn what_is_still_being_written_is_left_alone() {
    each(async |world| {
        let (server, folder) = begun(&world).await;
        let path = folder.join("growing.csv");
        for n in 1..12 {
            std::fs::write(&path, vec![b'x'; n * 10]).expect("grows");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        until("taken in", async || names(&folder).is_empty()).await;
        let last = "SELECT count(*) FROM submission WHERE bytes = 110";
        assert_eq!(number(&world, last).await, 1);
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 1);
        server.gone().await;
    });
}

#[test]
fn trouble_that_passes_leaves_the_file_for_later() {
    each(async |world| {
        let folder = prepared(&world).await;
        let store = world.services.settings.files.clone();
        std::fs::write(&store, b"in the way").expect("file");
        let server = Server::start(&world, &settings(&world)).await;
        lay(&folder, "a.csv", b"a");
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(names(&folder).len(), 1, "neither lost nor refused");
        std::fs::remove_file(&store).expect("out of the way");
        until("taken in", async || names(&folder).is_empty()).await;
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 1);
        server.gone().await;
    });
}
