//! What the console remembers of how a person looks at lists: sorts and panes. Lost without harm; never the user's settings.

use std::collections::BTreeMap;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// What was remembered; nothing when it cannot be read.
pub fn read(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Remembers.
pub fn write(path: &Path, values: &BTreeMap<String, String>) {
    if let Err(error) = try_write(path, values) {
        tracing::warn!("{}: {error}", path.display());
    }
}

fn try_write(path: &Path, values: &BTreeMap<String, String>) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)?;
    }
    let fresh = path.with_extension("new");
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    serde_json::to_writer(&file, values)?;
    std::fs::rename(&fresh, path)
}
