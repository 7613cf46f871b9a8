//! A settings file as it is written in TOML: every key optional, an unknown key an error. Not which file wins.

use super::intake::FileIntake;
use super::{ConfigError, Tls};
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) database: Option<String>,
    pub(super) language: Option<String>,
    pub(super) state: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    pub(super) files: Option<PathBuf>,
    pub(super) outgoing: Option<PathBuf>,
    pub(super) signing_key: Option<PathBuf>,
    pub(super) portal: Option<String>,
    pub(super) kibg: Option<String>,
    pub(super) intake_url: Option<String>,
    pub(super) invitation_days: Option<i64>,
    pub(super) undo_seconds: Option<i64>,
    pub(super) claim_minutes: Option<i64>,
    pub(super) keep_after_end_days: Option<i64>,
    pub(super) processing: Option<String>,
    pub(super) night: Option<String>,
    pub(super) licence: FileLicence,
    pub(super) mail: FileMail,
    pub(super) queue: FileQueue,
    pub(super) console: FileConsole,
    pub(super) intake: FileIntake,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileLicence {
    pub(super) days: Option<i64>,
    pub(super) overlap_days: Option<i64>,
    pub(super) reminder_days: Option<i64>,
    pub(super) handshake_days: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileMail {
    pub(super) directory: Option<PathBuf>,
    pub(super) sender: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) tls: Option<Tls>,
    pub(super) user: Option<String>,
    pub(super) password_file: Option<PathBuf>,
    pub(super) roots: Option<PathBuf>,
    pub(super) timeout_ms: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileQueue {
    pub(super) lease_ms: Option<i64>,
    pub(super) heartbeat_ms: Option<i64>,
    pub(super) sweep_ms: Option<i64>,
    pub(super) poll_ms: Option<i64>,
    pub(super) give_up_hours: Option<i64>,
    pub(super) slots: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileConsole {
    pub(super) theme: Option<String>,
    pub(super) ascii: Option<bool>,
    pub(super) mouse: Option<bool>,
    pub(super) keymap: Option<String>,
    pub(super) production: Option<String>,
    pub(super) idle_seconds: Option<u64>,
}

/// Reads a file; none when it does not exist and need not.
pub(super) fn read(path: &Path, must_exist: bool) -> Result<Option<(String, File)>, ConfigError> {
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !must_exist => return Ok(None),
        Err(e) => {
            return Err(ConfigError::File {
                path: shown,
                detail: e.to_string(),
            });
        }
    };
    let file = toml::from_str(&text).map_err(|e| ConfigError::File {
        path: shown.clone(),
        detail: e.to_string(),
    })?;
    Ok(Some((shown, file)))
}
