//! The key outside the database: read from its file, or made on first use. Not what is derived from it.

use super::ConfigError;
use secrecy::SecretBox;
use std::path::Path;

/// Reads the key, or makes one on first use: 32 random bytes in a file that only its owner reads.
pub(super) fn load(path: &Path) -> Result<SecretBox<[u8; 32]>, ConfigError> {
    let fail = |detail: String| ConfigError::Key {
        path: path.display().to_string(),
        detail,
    };
    match std::fs::read_to_string(path) {
        Ok(text) => decode_key(&text).ok_or_else(|| fail("64 hexadecimal digits expected".into())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            make_key(path).map_err(|e| fail(e.to_string()))
        }
        Err(e) => Err(fail(e.to_string())),
    }
}

fn decode_key(text: &str) -> Option<SecretBox<[u8; 32]>> {
    let mut bytes = Box::new([0_u8; 32]);
    hex::decode_to_slice(text.trim(), bytes.as_mut()).ok()?;
    Some(SecretBox::new(bytes))
}

fn make_key(path: &Path) -> std::io::Result<SecretBox<[u8; 32]>> {
    use std::io::Write;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(parent) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(parent)?;
    }
    let mut bytes = Box::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut()).map_err(|e| std::io::Error::other(e.to_string()))?;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(mut file) => {
            file.write_all(hex::encode(bytes.as_ref()).as_bytes())?;
            file.sync_all()?;
            Ok(SecretBox::new(bytes))
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path)?;
            decode_key(&text).ok_or_else(|| std::io::Error::other("64 hexadecimal digits expected"))
        }
        Err(e) => Err(e),
    }
}
