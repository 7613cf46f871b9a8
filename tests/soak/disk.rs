//! A disk that is full while a delivery is stored: the delivery fails or waits, nothing is half stored, and room heals it.

use super::{QUICK, complete, deliver, deliverers, large, number, settings, worker};
use crate::support::db::World;
use portaal_console::store::Engine;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system in memory; only root can mount one.
pub struct Small(PathBuf);

impl Small {
    /// Mounts one of this size.
    pub fn mount(path: &Path, size: &str) -> Self {
        let options = format!("size={size},mode=0700");
        run(
            "mount",
            &[
                "-t",
                "tmpfs",
                "-o",
                &options,
                "tmpfs",
                &path.display().to_string(),
            ],
        );
        Self(path.to_owned())
    }

    /// Makes room.
    pub fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        run("mount", &["-o", &options, &self.0.display().to_string()]);
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        run("umount", &["-l", &self.0.display().to_string()]);
    }
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program)
        .args(arguments)
        .status()
        .expect("program");
    assert!(status.success(), "{program} {arguments:?}");
}

#[test]
fn a_full_disk_leaves_nothing_half_stored_and_room_heals_it() {
    if !rustix::process::getuid().is_root() {
        println!("only root can mount a small file system");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("runtime").block_on(async {
        let place = tempfile::tempdir().expect("directory");
        let small = Small::mount(place.path(), "8m");
        let url = format!("sqlite:{}", place.path().join("portaal.db").display());
        let world = World::at(&url).await;
        assert_eq!(world.engine, Engine::Sqlite);
        settings(&world, QUICK);
        let (actor, organisations) = deliverers(&world, 1).await;
        let agb = &organisations[0];
        let id = deliver(&world, &actor, agb, &large(agb, 40_000)).await;
        let once = worker(world.state.path(), &url, &["--once"])
            .wait()
            .expect("worker");
        // It may have had no room left to say what happened; then the next attempt says it.
        println!("{once}, {:?}", crate::storing::row(&world, &id).await.cause);
        let stored = "SELECT (SELECT count(*) FROM care_path) + (SELECT count(*) FROM measurement)";
        assert_eq!(number(&world, stored).await, Some(0));
        let open = "SELECT count(*) FROM submission WHERE state IN ('failed', 'validating')";
        assert_eq!(number(&world, open).await, Some(1));
        crate::storing::check(&world).await;
        small.grow("256m");
        let mut child = worker(world.state.path(), &url, &[]);
        super::until(
            &world,
            "the end",
            "SELECT count(*) FROM submission WHERE state = 'processed'",
            1,
        )
        .await;
        child.kill().expect("killed");
        child.wait().expect("gone");
        complete(&world, 1, 40_000).await;
        world.services.db.close().await;
    });
}
