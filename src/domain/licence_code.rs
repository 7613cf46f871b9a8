//! The licence code itself: how it looks, how one is made of random bytes, how a typed one is checked without a look-up. Not whose
//! it is and whether it still opens anything.

use super::code::codes;
use crc::{CRC_32_ISO_HDLC, Crc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

codes! {
    /// What a code opens: deliveries of one connection, or the calls of the portal's own front end.
    pub enum Opens {
        Deliveries = "d",
        Portal = "s",
    }
}

/// What every code begins with, so that scanners find leaks.
pub const PREFIX: &str = "kibg_";
/// Random characters that may be stored and shown, to tell codes apart.
pub const START: usize = 8;
/// Bytes that `make` needs: more than enough, so that bytes may be passed over.
pub const NEEDED: usize = 64;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random characters: 30 · log₂ 62 = 178 bits.
const RANDOM: usize = 30;
/// Characters of the check: 62⁶ is above 2³².
const CHECK: usize = 6;
/// Characters before the random ones.
const HEAD: usize = PREFIX.len() + 1;
const LENGTH: usize = HEAD + RANDOM + CHECK;
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A code in clear: never shown by `Debug`, wiped when dropped, compared in constant time.
#[derive(Debug, Clone)]
pub struct LicenceCode(SecretString);

impl LicenceCode {
    /// A code of random bytes. `None` when too many of them had to be passed over (by chance less than once in 10³⁰): then with
    /// fresh ones.
    pub fn make(opens: Opens, random: &[u8; NEEDED]) -> Option<Self> {
        // Six bits each, and 62 and 63 passed over: every character is as likely as any other.
        let kept = random
            .iter()
            .filter_map(|byte| DIGITS.get(usize::from(byte & 63)));
        let body: String = kept.take(RANDOM).map(|b| char::from(*b)).collect();
        let head = format!("{PREFIX}{opens}{body}");
        let check = check_of(&head);
        (body.len() == RANDOM).then(|| Self(SecretString::from(head + &check)))
    }

    /// A code as somebody gave it; `None` when it cannot be one, which needs no look-up to know.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().skip(HEAD).all(|b| DIGITS.contains(&b));
        let letter = text.strip_prefix(PREFIX)?.get(..1)?;
        if text.len() != LENGTH || !digits || letter.parse::<Opens>().is_err() {
            return None;
        }
        let (head, check) = text.split_at_checked(LENGTH - CHECK)?;
        (check_of(head) == check).then(|| Self(SecretString::from(text)))
    }

    /// What it opens.
    pub fn opens(&self) -> Opens {
        let letter = self.expose().get(PREFIX.len()..HEAD).unwrap_or_default();
        letter.parse().unwrap_or(Opens::Portal)
    }

    /// The text, for whoever collects it. Not for logs, mails, tables or the audit.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The first random characters, which may be stored and shown.
    pub fn start(&self) -> &str {
        self.expose().get(HEAD..HEAD + START).unwrap_or_default()
    }

    /// The SHA-256 in hexadecimal digits, as stored.
    pub fn hash(&self) -> String {
        hash(self.expose())
    }
}

impl PartialEq for LicenceCode {
    fn eq(&self, other: &Self) -> bool {
        self.expose()
            .as_bytes()
            .ct_eq(other.expose().as_bytes())
            .into()
    }
}

impl Eq for LicenceCode {}

/// The SHA-256 of a code in hexadecimal digits.
pub fn hash(code: &str) -> String {
    hex::encode(Sha256::digest(code.as_bytes()))
}

/// The CRC-32 of a text in six characters, filled up with zeros.
fn check_of(text: &str) -> String {
    let mut rest = usize::try_from(CHECKSUM.checksum(text.as_bytes())).unwrap_or_default();
    let mut check = [b'0'; CHECK];
    for place in check.iter_mut().rev() {
        *place = DIGITS.get(rest % DIGITS.len()).copied().unwrap_or(b'0');
        rest /= DIGITS.len();
    }
    check.iter().map(|b| char::from(*b)).collect()
}
