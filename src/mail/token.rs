//! Tokens in mails: derived from the key outside the database, so that a retry carries the same one and nothing has to be stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// What every token begins with, so that scanners find leaks.
pub const PREFIX: &str = "kibgi_";

/// Purpose of the token of an account invitation, part of its derivation.
pub const INVITATION: &str = "invitation";

/// Purpose of the token of a handshake's link, part of its derivation.
pub const HANDSHAKE: &str = "handshake";

/// A secret that opens something once; never shown by `Debug`, wiped when dropped.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// The text, for the link in the mail and for hashing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The token of one purpose, record and nonce: `kibgi_` and 43 characters of base64url.
pub fn derive(key: &[u8; 32], purpose: &str, id: &str, nonce: &str) -> Token {
    // A key shorter than a block is filled up with zeros (RFC 2104).
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in [purpose, id, nonce] {
        // The length before each part: no two triples give the same bytes.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    let digest = mac.finalize().into_bytes();
    Token(SecretString::from(format!(
        "{PREFIX}{}",
        URL_SAFE_NO_PAD.encode(digest)
    )))
}

/// The SHA-256 of a token in hexadecimal digits, as stored.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// 16 random bytes in hexadecimal digits.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
