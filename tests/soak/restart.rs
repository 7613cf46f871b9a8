//! A PostgreSQL server of its own that is stopped at once under load and started again.

use super::{QUICK, complete, deliver, deliverers, number, release, settings, small, worker};
use crate::support::db::World;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Deliveries under way.
const DELIVERIES: usize = 60;

/// A server in a directory of its own; gone with it.
struct Server {
    bin: PathBuf,
    directory: tempfile::TempDir,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("directory");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
        let port = free.local_addr().expect("address").port();
        drop(free);
        let server = Self {
            bin: bin(),
            directory,
            port,
        };
        own(server.directory.path());
        let data = server.data();
        let made = server.run(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
            ],
        );
        assert!(made, "initdb");
        let conf = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\nmax_connections = 60\n";
        let path = Path::new(&data).join("postgresql.conf");
        let mut text = std::fs::read_to_string(&path).expect("settings");
        text.push_str(conf);
        std::fs::write(&path, text).expect("settings");
        server.up();
        server
    }

    fn data(&self) -> String {
        self.directory.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let program = self.bin.join(program);
        let mut command = if rustix::process::getuid().is_root() {
            let mut command = Command::new("setpriv");
            command.args([
                "--reuid",
                "postgres",
                "--regid",
                "postgres",
                "--clear-groups",
                "--",
            ]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).current_dir(self.directory.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().expect("program").success()
    }

    fn up(&self) {
        let (data, port) = (self.data(), format!("-p {}", self.port));
        let log = self
            .directory
            .path()
            .join("data/server.log")
            .display()
            .to_string();
        assert!(self.run(
            "pg_ctl",
            &[
                "-D", &data, "-w", "-t", "60", "-o", &port, "-l", &log, "start"
            ]
        ));
    }

    fn down(&self) {
        assert!(self.run(
            "pg_ctl",
            &["-D", &self.data(), "-m", "immediate", "-w", "stop"]
        ));
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }
}

/// The server does not run as root.
fn own(path: &Path) {
    if rustix::process::getuid().is_root() {
        let done = Command::new("chown").arg("postgres").arg(path).status();
        assert!(done.expect("chown").success());
    }
}

/// Where the programs of the newest server are, as `tests/run.sh` finds them.
fn bin() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut all: Vec<PathBuf> = versions.map(|v| v.path().join("bin")).collect();
    all.retain(|p| p.join("initdb").exists());
    all.sort();
    let on_path = std::env::var("PATH").unwrap_or_default();
    let others = on_path
        .split(':')
        .map(PathBuf::from)
        .filter(|p| p.join("initdb").exists());
    all.pop()
        .or_else(|| others.into_iter().next())
        .expect("PostgreSQL: run tests through tests/run.sh")
}

#[test]
fn a_server_that_is_stopped_at_once_loses_and_doubles_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("runtime").block_on(async {
        let server = Server::start();
        let world = World::at(&server.url()).await;
        settings(&world, QUICK);
        let (actor, organisations) = deliverers(&world, 4).await;
        for n in 0..DELIVERIES {
            deliver(
                &world,
                &actor,
                &organisations[n % 4],
                &small(&organisations[n % 4], n),
            )
            .await;
        }
        let mut workers = [
            worker(world.state.path(), world.url(), &[]),
            worker(world.state.path(), world.url(), &[]),
        ];
        let processed = "SELECT count(*) FROM submission WHERE state = 'processed'";
        for part in 1..=3_i64 {
            let begin = Instant::now();
            while number(&world, processed).await.unwrap_or(0) < part * 8 {
                assert!(begin.elapsed() < super::PATIENCE, "it stands still");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            server.down();
            tokio::time::sleep(Duration::from_millis(300)).await;
            server.up();
        }
        let begin = Instant::now();
        while number(&world, processed).await != Some(i64::try_from(DELIVERIES).expect("count")) {
            assert!(begin.elapsed() < super::PATIENCE, "it stands still");
            if number(&world, "SELECT count(*) FROM job WHERE state = 'held'")
                .await
                .unwrap_or(0)
                > 0
            {
                release(&world).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for child in &mut workers {
            assert!(
                child.try_wait().expect("status").is_none(),
                "a worker outlives its database"
            );
            child.kill().expect("killed");
            child.wait().expect("gone");
        }
        complete(&world, DELIVERIES, DELIVERIES * 3).await;
        world.services.db.close().await;
    });
}
