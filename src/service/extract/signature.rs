//! Signatures that `minisign` makes and checks: Ed25519 over the sums of a release, with a key in a file that only its owner reads.

use minisign::{PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};
use std::io::{self, Cursor};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Name of the signature beside the sums.
pub const NAME: &str = "SHA256SUMS.minisig";

/// What is wrong with a signing key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is not there or cannot be read.
    #[error("{0}: {1}")]
    Unreadable(String, String),
    /// It is another user's, by this user id.
    #[error("{0}: belongs to user {1}")]
    Others(String, u32),
    /// It is no file, or others than its owner may read it.
    #[error("{0}: the signing key must be a file that nobody but its owner reads (0600)")]
    Open(String),
    /// It is no key, or one with a password, which would be asked of nobody.
    #[error("{0}: not a minisign key without a password (minisign -G -W)")]
    Form(String),
    /// The public key beside it is of another key.
    #[error("{0}: the public key is of another key")]
    OtherHalf(String),
}

/// Signs bytes with the key of a file. The comment is signed too.
pub(super) fn sign(path: &Path, bytes: &[u8], comment: &str) -> io::Result<String> {
    let fail = |e: minisign::PError| io::Error::other(format!("{}: {e}", path.display()));
    let key = read(path).map_err(io::Error::other)?;
    let public = PublicKey::from_secret_key(&key).map_err(fail)?;
    let signed = minisign::sign(
        Some(&public),
        &key,
        Cursor::new(bytes),
        Some(comment),
        Some("signature of a release of the KiBG data portal"),
    );
    Ok(signed.map_err(fail)?.into_string())
}

/// Looks whether releases can be signed with the key of a file; gives its public half in one line, as `minisign -P` takes it. Where the
/// public key lies beside it (`minisign.key`, `minisign.pub`) the two must belong together.
pub fn look(path: &Path) -> Result<String, Flaw> {
    let key = read(path)?;
    let form = || Flaw::Form(shown(path));
    let public = PublicKey::from_secret_key(&key).map_err(|_| form())?;
    let beside = path.with_extension("pub");
    if let Ok(text) = std::fs::read_to_string(&beside)
        && public_of(&text).is_none_or(|other| other != public)
    {
        return Err(Flaw::OtherHalf(shown(&beside)));
    }
    Ok(public.to_base64())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Reads a key that nobody but its owner may read.
fn read(path: &Path) -> Result<SecretKey, Flaw> {
    let unreadable = |e: io::Error| Flaw::Unreadable(shown(path), e.to_string());
    let facts = std::fs::symlink_metadata(path).map_err(unreadable)?;
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(Flaw::Others(shown(path), facts.uid()));
    }
    if !facts.is_file() || facts.mode() & 0o077 != 0 {
        return Err(Flaw::Open(shown(path)));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    // A key with a password would ask for it, and there is nobody to answer.
    let key = SecretKeyBox::from_string(&text);
    let key = key.and_then(SecretKeyBox::into_unencrypted_secret_key);
    key.map_err(|_| Flaw::Form(shown(path)))
}

/// A public key, as `minisign -G` writes it or as its one line.
fn public_of(text: &str) -> Option<PublicKey> {
    PublicKeyBox::from_string(text)
        .and_then(PublicKeyBox::into_public_key)
        .or_else(|_| PublicKey::from_base64(text.trim()))
        .ok()
}

/// Whether a signature is of these bytes by this public key, as `minisign -G` writes it or as its one line; gives its comment.
pub(super) fn check(public: &str, signature: &str, bytes: &[u8]) -> Option<String> {
    let public = public_of(public)?;
    let signature = SignatureBox::from_string(signature).ok()?;
    minisign::verify(&public, &signature, Cursor::new(bytes), true, false, false).ok()?;
    signature.trusted_comment().ok()
}
