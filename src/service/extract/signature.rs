//! Signatures that `minisign` makes and checks: Ed25519 over the sums of a release, with a key in a file that only its owner reads.

use minisign::{PublicKey, PublicKeyBox, SecretKeyBox, SignatureBox};
use std::io::{self, Cursor};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Name of the signature beside the sums.
pub const NAME: &str = "SHA256SUMS.minisig";

/// Signs bytes with the key of a file. The comment is signed too.
pub(super) fn sign(key: &Path, bytes: &[u8], comment: &str) -> io::Result<String> {
    let text = read_private(key)?;
    let fail = |what: &str| io::Error::other(format!("{}: {what}", key.display()));
    // A key with a password would ask for it, and there is nobody to answer.
    let key = SecretKeyBox::from_string(&text)
        .and_then(SecretKeyBox::into_unencrypted_secret_key)
        .map_err(|_| fail("not a minisign key without a password (minisign -G -W)"))?;
    let public = PublicKey::from_secret_key(&key).map_err(|e| fail(&e.to_string()))?;
    let signed = minisign::sign(
        Some(&public),
        &key,
        Cursor::new(bytes),
        Some(comment),
        Some("signature of a release of the KiBG data portal"),
    );
    Ok(signed.map_err(|e| fail(&e.to_string()))?.into_string())
}

/// Reads a secret that nobody but its owner may read.
fn read_private(path: &Path) -> io::Result<String> {
    let facts = std::fs::symlink_metadata(path)
        .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))?;
    let own = facts.uid() == rustix::process::geteuid().as_raw();
    if !facts.is_file() || !own || facts.mode() & 0o077 != 0 {
        let text = format!(
            "{}: the signing key must be a file of this user that nobody else reads (0600)",
            path.display()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    std::fs::read_to_string(path)
}

/// Whether a signature is of these bytes by this public key, as `minisign -G` writes it or as its one line; gives its comment.
pub(super) fn check(public: &str, signature: &str, bytes: &[u8]) -> Option<String> {
    let public = PublicKeyBox::from_string(public)
        .and_then(PublicKeyBox::into_public_key)
        .or_else(|_| PublicKey::from_base64(public.trim()))
        .ok()?;
    let signature = SignatureBox::from_string(signature).ok()?;
    minisign::verify(&public, &signature, Cursor::new(bytes), true, false, false).ok()?;
    signature.trusted_comment().ok()
}
