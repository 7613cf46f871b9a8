//! The real program: stopped in order, killed at random, without room on the disk.

use super::arrival::{files, ready};
use super::server::{Answer, ask, licence, request};
use crate::onboarding::number;
use crate::support::db::{World, each};
use crate::support::program::call;
use portaal_console::service::intake_file;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `portaal intake` as a process.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Program {
    /// Starts it on a world; `before` is put before it in a shell, such as a limit.
    pub fn start(world: &World, settings: &str, before: &str) -> Self {
        let state = world.state.path();
        let text = format!(
            "state = {:?}\nundo_seconds = 0\nintake_url = \"https://intake.example\"\n[intake]\nlisten = \"127.0.0.1:0\"\n\
             metrics = \"127.0.0.1:0\"\nrequests_per_minute = 1000000\n{settings}\n",
            state.display().to_string()
        );
        std::fs::write(state.join("config.toml"), text).expect("settings");
        let line = format!("{before} exec \"$0\" \"$@\"");
        let mut child = Command::new("sh")
            .args([
                "-c",
                &line,
                env!("CARGO_BIN_EXE_portaal"),
                "--database",
                world.url(),
                "intake",
            ])
            .env_clear()
            .env("HOME", state)
            .env("PATH", "/usr/bin:/bin")
            .env("PORTAAL_CONFIG", state.join("config.toml"))
            .env("LANG", "en_GB.UTF-8")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("program");
        let mut first = String::new();
        let mut told = BufReader::new(child.stderr.take().expect("stderr"));
        told.read_line(&mut first).expect("first line");
        let address = first.split([' ', ',']).find_map(|w| w.parse().ok());
        // Read on, so that it can tell what it wants.
        std::thread::spawn(move || told.lines().for_each(drop));
        assert!(address.is_some(), "{first}");
        Self {
            child,
            address: address.expect("address"),
        }
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits until it is gone; gives its exit code.
    pub fn gone(mut self) -> Option<i32> {
        self.child.wait().expect("exit").code()
    }

    async fn deliver(&self, code: &str, body: &[u8]) -> Answer {
        let bearer = format!("Bearer {code}");
        ask(
            self.address,
            &request(
                "POST",
                "/v1/deliveries",
                &[("authorization", &bearer)],
                body,
            ),
        )
        .await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn asked_to_end_it_ends_in_order_and_at_once_when_it_is_idle() {
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let program = Program::start(&world, "", "");
        program.deliver(&code, b"a").await.is(202);
        let begun = Instant::now();
        program.signal("TERM");
        let ended = tokio::task::spawn_blocking(|| program.gone())
            .await
            .expect("ended");
        assert_eq!(ended, Some(0));
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 1);
    });
}

#[test]
fn killed_at_any_moment_nothing_is_lost_doubled_or_half() {
    let soak = std::env::var("PORTAAL_TEST_SOAK").ok();
    let rounds = 4 * soak.and_then(|n| n.parse().ok()).unwrap_or(1);
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let bodies: Vec<Vec<u8>> = (0..24_u8)
            .map(|n| vec![n; 20_000 + usize::from(n)])
            .collect();
        let mut receipts = Vec::new();
        for round in 0..rounds {
            let program = Program::start(&world, "", "");
            let wait = Duration::from_millis(15 + 35 * (round % 12));
            let all = bodies.iter().map(|body| program.deliver(&code, body));
            let answers = tokio::select! {
                answers = futures_util::future::join_all(all) => answers,
                () = async { tokio::time::sleep(wait).await; program.signal("KILL"); std::future::pending().await } => Vec::new(),
                () = tokio::time::sleep(Duration::from_secs(20)) => Vec::new(),
            };
            receipts.extend(
                answers
                    .into_iter()
                    .filter(|a| a.status == 202)
                    .map(|a| a.text("id")),
            );
            program.signal("KILL");
            tokio::task::spawn_blocking(|| program.gone())
                .await
                .expect("gone");
        }
        // Whoever got no receipt sends the same again.
        let program = Program::start(&world, "", "");
        for body in &bodies {
            receipts.push(program.deliver(&code, body).await.is(202).text("id"));
        }
        program.signal("TERM");
        tokio::task::spawn_blocking(|| program.gone())
            .await
            .expect("gone");
        receipts.sort();
        receipts.dedup();
        assert_eq!(
            receipts.len(),
            bodies.len(),
            "each file is one delivery, and every receipt holds"
        );
        let rows = number(&world, "SELECT count(*) FROM submission").await;
        assert_eq!(usize::try_from(rows).expect("count"), bodies.len());
        assert_eq!(
            number(&world, "SELECT count(*) FROM job WHERE kind = 'submission'").await,
            rows
        );
        intake_file::sweep(&world.services).await.expect("swept");
        assert_eq!(
            files(&world).len(),
            bodies.len(),
            "no half file and none too many"
        );
    });
}

#[test]
fn without_room_it_says_so_keeps_nothing_and_goes_on() {
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        // No file above 8 MB, the database's own included; a write beyond it fails instead of ending the program.
        let program = Program::start(&world, "", "trap '' XFSZ; ulimit -f 16384;");
        let answer = program.deliver(&code, &vec![b'x'; 20 << 20]).await.is(503);
        assert!(!answer.header("retry-after").is_empty());
        assert_eq!(answer.text("code"), "unavailable");
        assert!(files(&world).is_empty(), "{:?}", files(&world));
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 0);
        program.deliver(&code, b"small").await.is(202);
        program.signal("TERM");
        tokio::task::spawn_blocking(|| program.gone())
            .await
            .expect("gone");
    });
}

#[test]
fn a_service_key_is_made_once_and_only_its_digest_is_kept() {
    let state = tempfile::tempdir().expect("directory");
    std::fs::write(state.path().join("config.toml"), "").expect("settings");
    let made = call(state.path(), &["intake", "key", "--output", "json"], "").exits(0);
    let (key, hash) = (made.json()["key"].clone(), made.json()["sha256"].clone());
    assert!(key.as_str().expect("key").starts_with("kibg_s"));
    let config = format!("[intake]\nservice_key_sha256 = [{hash}]\n");
    std::fs::write(state.path().join("config.toml"), config).expect("settings");
    let info = call(state.path(), &["info"], "").exits(0);
    assert!(!info.out.contains(key.as_str().expect("key")));
    assert!(info.out.contains("intake.service_key_sha256"));
    let again = call(state.path(), &["intake", "key"], "").exits(0);
    assert_ne!(again.out.trim(), key.as_str().expect("key"));
    for (line, named) in [
        ("service_key_sha256 = [\"x\"]", "service_key_sha256"),
        ("metrics = \"0.0.0.0:9464\"", "intake.metrics"),
        ("certificate = \"/x.pem\"", "private_key"),
        ("idle_ms = 0", "intake"),
        ("listen = \"nowhere\"", "intake.listen"),
    ] {
        std::fs::write(
            state.path().join("config.toml"),
            format!("[intake]\n{line}\n"),
        )
        .expect("settings");
        let told = call(state.path(), &["info"], "").exits(2);
        assert!(told.err.contains(named), "{line}: {}", told.err);
    }
}
