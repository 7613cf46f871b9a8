//! From text to bytes: the gate that refuses what could break a header, then a MIME message that is the same on every attempt.

use super::template::Rendered;
use crate::domain::check;
use crate::domain::right::Language;
use crate::domain::time::Timestamp;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};
use std::time::{Duration, UNIX_EPOCH};

/// Bytes that an address may have at most (RFC 5321).
const MOST_ADDRESS: usize = 254;
/// Characters that a name, subject or identifier may have at most.
const MOST_HEADER: usize = 200;
/// Bytes that each form of the body may have at most.
const MOST_BODY: usize = 512 * 1024;

/// A mail before it is made into bytes.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// `address` or `Name <address>`.
    pub sender: &'a str,
    /// Address.
    pub recipient: &'a str,
    /// Name of the recipient; may be empty.
    pub recipient_name: &'a str,
    /// The `Message-ID`, with its angle brackets.
    pub message_id: &'a str,
    /// When it was queued: its date, so that a retry has the same.
    pub queued_at: Timestamp,
    /// Its language.
    pub language: Language,
    /// Its text.
    pub rendered: &'a Rendered,
}

/// A mail as it goes over the line: one sender, one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Address of the sender.
    pub from: String,
    /// Address of the recipient.
    pub to: String,
    /// Header and body; every line ends in CR LF, every byte is ASCII.
    pub bytes: Vec<u8>,
}

/// Which part of a mail cannot be sent. Never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The sender of the settings is not an address.
    #[error("the sender is not a mail address")]
    Sender,
    /// The recipient is not an address.
    #[error("the recipient is not a mail address")]
    Recipient,
    /// The name holds control characters or is too long.
    #[error("the name of the recipient holds control characters or is too long")]
    Name,
    /// The subject is empty, holds control characters or is too long.
    #[error("the subject is empty, holds control characters or is too long")]
    Subject,
    /// The identifier has the wrong form.
    #[error("the Message-ID has the wrong form")]
    MessageId,
    /// The body is too large or holds NUL.
    #[error("the body is too large or holds NUL")]
    Body,
    /// The message that came out could not be trusted on the line.
    #[error("the message cannot be put on the line")]
    Form,
}

/// The `Message-ID` of a mail, fixed when it is queued: its own id at the domain of the sender.
pub fn message_id(mail: &str, sender: &str) -> String {
    let domain = address_of(sender)
        .rsplit_once('@')
        .map(|(_, domain)| domain)
        .filter(|d| {
            !d.is_empty()
                && d.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
        })
        .unwrap_or("portaal.invalid");
    format!("<{mail}@{domain}>")
}

/// Makes the bytes. What lettre could choke on is refused before lettre sees it.
pub fn build(letter: &Letter<'_>) -> Result<Outgoing, Refusal> {
    pass(letter)?;
    let sender_name = letter.sender.split_once('<').map(|(name, _)| name.trim());
    let from = mailbox(
        sender_name.unwrap_or("KiBG-dataportaal"),
        address_of(letter.sender),
    )
    .ok_or(Refusal::Sender)?;
    let to = mailbox(letter.recipient_name, letter.recipient).ok_or(Refusal::Recipient)?;
    let outgoing = Outgoing {
        from: from.email.to_string(),
        to: to.email.to_string(),
        bytes: compose(letter, from, to)?,
    };
    on_the_line(&outgoing.bytes)
        .then_some(outgoing)
        .ok_or(Refusal::Form)
}

fn pass(letter: &Letter<'_>) -> Result<(), Refusal> {
    let sender_name = letter.sender.split_once('<').map_or("", |(name, _)| name);
    if !is_header(sender_name) || !is_address(address_of(letter.sender)) {
        return Err(Refusal::Sender);
    }
    if !is_address(letter.recipient) {
        return Err(Refusal::Recipient);
    }
    if !is_header(letter.recipient_name) {
        return Err(Refusal::Name);
    }
    if !is_header(&letter.rendered.subject) || letter.rendered.subject.trim().is_empty() {
        return Err(Refusal::Subject);
    }
    if !is_message_id(letter.message_id) {
        return Err(Refusal::MessageId);
    }
    let body = |text: &str| text.len() <= MOST_BODY && !text.contains('\0');
    if !body(&letter.rendered.text) || !body(&letter.rendered.html) {
        return Err(Refusal::Body);
    }
    Ok(())
}

fn is_header(text: &str) -> bool {
    text.chars().count() <= MOST_HEADER && !text.chars().any(char::is_control)
}

fn is_address(text: &str) -> bool {
    text.len() <= MOST_ADDRESS && check::email(text).is_ok()
}

fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>'));
    inner.is_some_and(|id| {
        id.len() <= MOST_HEADER
            && id.split('@').count() == 2
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@'))
    })
}

/// The address within `Name <address>`, or the whole.
fn address_of(sender: &str) -> &str {
    match sender.split_once('<') {
        Some((_, rest)) => rest.trim_end().strip_suffix('>').unwrap_or(rest),
        None => sender,
    }
}

fn mailbox(name: &str, address: &str) -> Option<Mailbox> {
    let address: Address = address.parse().ok()?;
    // Characters that only disturb a reader have no place in a name.
    let name: String = name.chars().filter(|c| !check::unprintable(*c)).collect();
    let name = name.trim();
    Some(Mailbox::new(
        (!name.is_empty()).then(|| name.to_owned()),
        address,
    ))
}

fn compose(letter: &Letter<'_>, from: Mailbox, to: Mailbox) -> Result<Vec<u8>, Refusal> {
    let since_epoch = u64::try_from(letter.queued_at.0).unwrap_or(0);
    let parts = MultiPart::alternative()
        .boundary(boundary(letter.message_id))
        .singlepart(part(&letter.rendered.text, ContentType::TEXT_PLAIN)?)
        .singlepart(part(&letter.rendered.html, ContentType::TEXT_HTML)?);
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(letter.rendered.subject.as_str())
        .message_id(Some(letter.message_id.to_owned()))
        .date(UNIX_EPOCH + Duration::from_millis(since_epoch))
        .raw_header(plain_header("Auto-Submitted", "auto-generated")?)
        .raw_header(plain_header("Content-Language", letter.language.as_str())?)
        .multipart(parts)
        .map_err(|_| Refusal::Form)?;
    Ok(message.formatted())
}

/// The same boundary on every attempt; does not occur in quoted-printable text, which has no `=_`.
fn boundary(message_id: &str) -> String {
    let digest = hex::encode(Sha256::digest(message_id.as_bytes()));
    format!("=_{}", digest.get(..32).unwrap_or_default())
}

fn part(text: &str, kind: ContentType) -> Result<SinglePart, Refusal> {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    let body = Body::new_with_encoding(text.to_owned(), encoding).map_err(|_| Refusal::Body)?;
    Ok(SinglePart::builder().content_type(kind).body(body))
}

fn plain_header(name: &str, value: &str) -> Result<HeaderValue, Refusal> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| Refusal::Form)?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

/// Whether bytes can go over the line as they are: ASCII, no NUL, CR and LF only as a pair, no line over 998 bytes.
pub fn on_the_line(bytes: &[u8]) -> bool {
    let plain = bytes.is_ascii() && !bytes.contains(&0);
    let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
    let last = lines.len().saturating_sub(1);
    plain
        && lines.iter().enumerate().all(|(i, line)| {
            let line = match line.strip_suffix(b"\r") {
                Some(line) if i < last => line,
                _ if i < last => return false,
                _ => line,
            };
            line.len() <= 998 && !line.contains(&b'\r')
        })
}
