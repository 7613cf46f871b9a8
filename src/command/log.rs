//! The program's own log: a file in the state directory, readable by its owner alone, at the level of `PORTAAL_LOG`.
//! It tells what the program met, never contents of records. Not the audit.

use crate::config::{Environment, Settings};
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;

/// A log longer than this makes way for a new one at the next start.
const MOST_BYTES: u64 = 5 * 1024 * 1024;

/// Begins to log. A program that cannot log still works.
pub fn begin(settings: &Settings, environment: &Environment) {
    let Ok(file) = open(&settings.state) else {
        return;
    };
    let level = environment.get("PORTAAL_LOG").unwrap_or("warn");
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second call in one process keeps the first log.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init();
}

fn open(state: &Path) -> std::io::Result<File> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(state)?;
    let path = state.join("portaal.log");
    if path.metadata().is_ok_and(|m| m.len() > MOST_BYTES) {
        std::fs::rename(&path, state.join("portaal.log.1"))?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}
