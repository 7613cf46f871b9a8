//! Tokens that are never stored: derived from a key outside the database while sending, so that retries are identical.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A derived token; printed nowhere by accident.
#[derive(Debug)]
pub struct Token(SecretString);

impl Token {
    /// The token itself, for the mail that carries it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// HMAC-SHA-256 over the length-prefixed purpose, id and nonce, as `kibgi_` and 64 hexadecimal digits.
pub fn derive(key: &[u8; 32], purpose: &str, id: &str, nonce: &str) -> Token {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    for part in [purpose, id, nonce] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Token(SecretString::from(format!(
        "kibgi_{}",
        hex::encode(mac.finalize().into_bytes())
    )))
}

/// SHA-256 of a token, in hexadecimal: what the database keeps.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// 16 random bytes in hexadecimal.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
