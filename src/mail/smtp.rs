//! The dialogue with an SMTP server, one connection per mail, and what each answer means. Blocking; the bytes go over `wire`.
//!
//! The dialogue is ours because that of lettre reads lines without a bound, panics on a blank EHLO line, takes words that came
//! before a TLS handshake for words under it, and waits past its timeout when bytes trickle in. And here it is cut between the
//! answer to DATA and the body: there the queue notes that from now on the mail is in doubt.

use super::message::Outgoing;
use super::reply::{Offers, Reply, offers};
use super::wire::{Break, Tls, Wire};
use crate::domain::mail::{Step, Trouble};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::watch;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    None,
    /// By STARTTLS, or not used at all.
    Starttls,
    /// By TLS from the first byte.
    Implicit,
}

/// Name and password for AUTH.
#[derive(Debug, Clone)]
pub struct Login {
    /// Name.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

/// What is needed to reach a server.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Host; also the name that its certificate must carry.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub protection: Protection,
    /// AUTH, when the server asks it.
    pub login: Option<Login>,
    /// PEM file with roots besides those of the system.
    pub roots: Option<PathBuf>,
    /// Longest wait for each step.
    pub timeout: Duration,
    /// Name of this machine, for EHLO.
    pub name: String,
}

/// A server that mail can be sent to.
pub struct Server {
    setup: Setup,
    tls: Option<Result<Tls, String>>,
}

/// Tells a dialogue that it should end: the worker stops, or the job is somebody else's.
#[derive(Debug, Clone)]
pub struct Abandon(watch::Receiver<bool>);

/// What becomes of the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server took it: 2xx after the final dot, nothing else.
    Sent,
    /// Not taken now; try again later.
    Deferred,
    /// Refused for good.
    Failed,
    /// Nobody can tell whether the server took it.
    Unknown,
    /// The server or the way to it is the trouble: no mail goes now, and this attempt does not count.
    Paused,
    /// This worker stops; nobody's fault.
    GivenBack,
}

/// How an attempt ended and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of the mail.
    pub fate: Fate,
    /// How far it got.
    pub step: Step,
    /// The server's code; 0 when there was none.
    pub code: u16,
    /// What the server said, or `[code]` of our own with the cause.
    pub said: String,
}

impl Verdict {
    /// A verdict that no reply gave.
    pub fn own(fate: Fate, step: Step, trouble: Trouble, detail: &str) -> Self {
        Self {
            fate,
            step,
            code: 0,
            said: format!("[{trouble}] {detail}").trim_end().to_owned(),
        }
    }

    fn reply(fate: Fate, step: Step, reply: &Reply) -> Self {
        Self {
            fate,
            step,
            code: reply.code,
            said: reply.told(),
        }
    }
}

impl Abandon {
    /// Follows a channel; `true` means end.
    pub const fn following(channel: watch::Receiver<bool>) -> Self {
        Self(channel)
    }

    /// Never.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Whether to end now.
    pub fn wanted(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is time to end; for ever when nobody can say so any more.
    pub async fn asked(&self) {
        let mut channel = self.0.clone();
        if channel.wait_for(|end| *end).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Server {
    /// Reads the certificates; what is wrong with them is told when a mail is sent.
    pub fn new(setup: Setup) -> Self {
        let tls = match setup.protection {
            Protection::None => None,
            Protection::Starttls | Protection::Implicit => {
                Some(Tls::new(&setup.host, setup.roots.as_deref()))
            }
        };
        Self { setup, tls }
    }

    /// Longest wait for each step.
    pub const fn timeout(&self) -> Duration {
        self.setup.timeout
    }
}

/// A connection on which the server waits for the body.
pub struct Ready {
    wire: Wire,
    timeout: Duration,
}

/// Goes to where the server asks for the body. Nothing of the mail has left then; dropping it ends the connection.
pub fn open(server: &Server, mail: &Outgoing, abandon: &Abandon) -> Result<Ready, Verdict> {
    let timeout = server.setup.timeout;
    let mut talk = greet(server, abandon)?;
    for address in [&mail.from, &mail.to] {
        if !address
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
        {
            let unsendable = Trouble::Unsendable;
            return Err(Verdict::own(
                Fate::Failed,
                Step::Build,
                unsendable,
                "address",
            ));
        }
    }
    talk.ask(Step::MailFrom, &format!("MAIL FROM:<{}>", mail.from), 2)?;
    talk.ask(Step::Recipient, &format!("RCPT TO:<{}>", mail.to), 2)?;
    talk.ask(Step::Data, "DATA", 3)?;
    Ok(Ready {
        wire: talk.wire,
        timeout,
    })
}

/// Sends the body and waits for the answer. Only from the final dot on a break leaves the mail in doubt.
pub fn finish(mut ready: Ready, mail: &Outgoing) -> Verdict {
    let timeout = ready.timeout;
    if let Err(e) = ready.wire.send(&stuffed(&mail.bytes), timeout) {
        return broken(Step::Body, &e);
    }
    if let Err(e) = ready.wire.send(b".\r\n", timeout) {
        return Verdict::own(Fate::Unknown, Step::Body, e.trouble, &e.detail);
    }
    // The server may check the mail before it answers, and giving up here costs certainty: RFC 5321 asks twice the patience.
    match ready.wire.reply(timeout.saturating_mul(2)) {
        Ok(reply) => {
            let fate = judge(Step::Body, reply.code);
            ready.wire.leave();
            Verdict::reply(fate, Step::Body, &reply)
        }
        Err(e) => Verdict::own(Fate::Unknown, Step::Body, e.trouble, &e.detail),
    }
}

/// Connects, protects and logs in, then leaves: whether the server could be used now.
pub fn probe(server: &Server, abandon: &Abandon) -> Result<(), Verdict> {
    greet(server, abandon)?.wire.leave();
    Ok(())
}

/// What an answer means that is not the one that was hoped for, or any answer to the final dot.
///
/// Until MAIL FROM nothing depends on the mail, and the sender is the same for all: then the outbox pauses. Only 5xx to
/// something that belongs to this mail is final; a code that does not fit the step means retry.
pub const fn judge(step: Step, code: u16) -> Fate {
    match (step, code / 100, code) {
        // Closing, TLS or login not available, login needed, too weak or wrong, encryption needed.
        (_, _, 421 | 454 | 530 | 534 | 535 | 538) => Fate::Paused,
        (Step::Body, 2, _) => Fate::Sent,
        (Step::Body, 4, _) => Fate::Deferred,
        (Step::Body, 5, _) => Fate::Failed,
        (Step::Body, _, _) => Fate::Unknown,
        // RFC 5321, 4.5.3.1.10: 552 to RCPT is to be read as 452.
        (Step::Recipient, _, 552) => Fate::Deferred,
        (Step::Recipient | Step::Data, 5, _) => Fate::Failed,
        (Step::MailFrom, 5, _) => Fate::Paused,
        (Step::MailFrom | Step::Recipient | Step::Data, _, _) => Fate::Deferred,
        (
            Step::Build
            | Step::Connect
            | Step::Greeting
            | Step::Hello
            | Step::Starttls
            | Step::Tls
            | Step::Auth
            | Step::File,
            _,
            _,
        ) => Fate::Paused,
    }
}

/// What a break before the final dot means.
fn broken(step: Step, cause: &Break) -> Verdict {
    let fate = match (cause.trouble, step) {
        (Trouble::Interrupted, _) => Fate::GivenBack,
        (_, Step::MailFrom | Step::Recipient | Step::Data | Step::Body) => Fate::Deferred,
        (_, _) => Fate::Paused,
    };
    Verdict::own(fate, step, cause.trouble, &cause.detail)
}

struct Talk<'a> {
    wire: Wire,
    server: &'a Server,
}

fn greet<'a>(server: &'a Server, abandon: &Abandon) -> Result<Talk<'a>, Verdict> {
    let setup = &server.setup;
    let mut wire = Wire::connect(&setup.host, setup.port, setup.timeout, abandon)
        .map_err(|e| broken(Step::Connect, &e))?;
    if setup.protection == Protection::Implicit {
        wire = secure(server, wire)?;
    }
    let mut talk = Talk { wire, server };
    talk.hear(Step::Greeting, 2)?;
    let mut offered = talk.hello()?;
    if setup.protection == Protection::Starttls {
        if !offered.starttls {
            let trouble = Trouble::NoStarttls;
            return Err(Verdict::own(Fate::Paused, Step::Starttls, trouble, ""));
        }
        talk.ask(Step::Starttls, "STARTTLS", 2)?;
        talk.wire = secure(server, talk.wire)?;
        offered = talk.hello()?;
    }
    if let Some(login) = &setup.login {
        talk.log_in(login, offered)?;
    }
    Ok(talk)
}

fn secure(server: &Server, wire: Wire) -> Result<Wire, Verdict> {
    let refused = |detail: &str| Verdict::own(Fate::Paused, Step::Tls, Trouble::TlsRefused, detail);
    match &server.tls {
        Some(Ok(tls)) => wire
            .secure(tls, server.setup.timeout)
            .map_err(|e| broken(Step::Tls, &e)),
        Some(Err(detail)) => Err(refused(detail)),
        None => Err(refused("")),
    }
}

impl Talk<'_> {
    fn say(&mut self, step: Step, line: &str) -> Result<(), Verdict> {
        let bytes = format!("{line}\r\n");
        self.wire
            .send(bytes.as_bytes(), self.server.setup.timeout)
            .map_err(|e| broken(step, &e))
    }

    /// Waits for an answer of a class; any other is judged.
    fn hear(&mut self, step: Step, class: u16) -> Result<Reply, Verdict> {
        let reply = self
            .wire
            .reply(self.server.setup.timeout)
            .map_err(|e| broken(step, &e))?;
        if reply.class() == class {
            return Ok(reply);
        }
        Err(Verdict::reply(judge(step, reply.code), step, &reply))
    }

    fn ask(&mut self, step: Step, line: &str, class: u16) -> Result<Reply, Verdict> {
        self.say(step, line)?;
        self.hear(step, class)
    }

    fn hello(&mut self) -> Result<Offers, Verdict> {
        let line = format!("EHLO {}", domain(&self.server.setup.name));
        Ok(offers(&self.ask(Step::Hello, &line, 2)?))
    }

    fn log_in(&mut self, login: &Login, offered: Offers) -> Result<(), Verdict> {
        let password = login.password.expose_secret();
        if offered.plain {
            let word = STANDARD.encode(format!("\0{}\0{password}", login.user));
            self.ask(Step::Auth, &format!("AUTH PLAIN {word}"), 2)?;
        } else if offered.login {
            self.ask(Step::Auth, "AUTH LOGIN", 3)?;
            self.ask(Step::Auth, &STANDARD.encode(&login.user), 3)?;
            self.ask(Step::Auth, &STANDARD.encode(password), 2)?;
        } else {
            let trouble = Trouble::NoLogin;
            return Err(Verdict::own(Fate::Paused, Step::Auth, trouble, ""));
        }
        Ok(())
    }
}

/// The name for EHLO when it has the form of one, else an address literal.
fn domain(name: &str) -> &str {
    let valid = !name.is_empty()
        && name.len() <= 253
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    if valid { name } else { "[127.0.0.1]" }
}

/// A dot more before every line that begins with one, and a line end at the end.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}
