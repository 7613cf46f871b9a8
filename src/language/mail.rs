//! Sentences about sending mail: how far an attempt got, how it ended, what went wrong. The texts of mails are in `mail/templates`.

use super::{Language, Message};
use crate::domain::mail::{Attempt, Step, Trouble};

crate::messages! {
    STEP_BUILD = "mail opmaken" / "making the message";
    STEP_CONNECT = "verbinden" / "connecting";
    STEP_GREETING = "begroeting" / "greeting";
    STEP_HELLO = "EHLO" / "EHLO";
    STEP_STARTTLS = "STARTTLS" / "STARTTLS";
    STEP_TLS = "beveiligen (TLS)" / "securing (TLS)";
    STEP_AUTH = "aanmelden (AUTH)" / "signing in (AUTH)";
    STEP_MAIL_FROM = "afzender" / "sender";
    STEP_RECIPIENT = "ontvanger" / "recipient";
    STEP_DATA = "DATA" / "DATA";
    STEP_BODY = "inhoud" / "body";
    STEP_FILE = "bestand schrijven" / "writing the file";
    RUNNING = "bezig" / "running";
    SENT = "verstuurd" / "sent";
    DEFERRED = "uitgesteld" / "deferred";
    PAUSED = "server niet bruikbaar, telt niet mee" / "server unusable, does not count";
    UNKNOWN = "onzeker" / "unknown";
    FAILED = "mislukt" / "failed";
    LOST = "onderbroken" / "interrupted";
    NO_CONNECTION = "Geen verbinding met de mailserver" / "No connection to the mail server";
    SILENCE = "De mailserver antwoordde niet op tijd" / "The mail server did not answer in time";
    DROPPED = "De verbinding is verbroken" / "The connection was broken";
    GARBLED = "De mailserver gaf een onbegrijpelijk antwoord" / "The mail server gave an unintelligible answer";
    NO_STARTTLS = "De mailserver biedt geen STARTTLS; onbeveiligd versturen mag niet" / "The mail server offers no STARTTLS; sending in clear is not allowed";
    TLS_REFUSED = "De beveiligde verbinding is niet tot stand gekomen" / "The secure connection could not be made";
    NO_LOGIN = "De mailserver biedt geen bruikbare aanmeldwijze (PLAIN of LOGIN)" / "The mail server offers no usable way to sign in (PLAIN or LOGIN)";
    INTERRUPTED = "De worker stopte tijdens het versturen" / "The worker stopped while sending";
    WORKER_LOST = "De worker viel weg tijdens het versturen" / "The worker was lost while sending";
    GIVEN_UP = "Opgegeven na de ingestelde tijd" / "Given up after the configured time";
    UNSENDABLE = "Deze mail kan zo niet worden verstuurd" / "This message cannot be sent as it is";
    CRASHED = "Interne fout bij het versturen" / "Internal error while sending";
    NOT_WRITTEN = "Het bestand kon niet worden geschreven" / "The file could not be written";
}

/// How far an attempt got.
pub const fn step(step: Step, language: Language) -> &'static str {
    let message: &Message = match step {
        Step::Build => &STEP_BUILD,
        Step::Connect => &STEP_CONNECT,
        Step::Greeting => &STEP_GREETING,
        Step::Hello => &STEP_HELLO,
        Step::Starttls => &STEP_STARTTLS,
        Step::Tls => &STEP_TLS,
        Step::Auth => &STEP_AUTH,
        Step::MailFrom => &STEP_MAIL_FROM,
        Step::Recipient => &STEP_RECIPIENT,
        Step::Data => &STEP_DATA,
        Step::Body => &STEP_BODY,
        Step::File => &STEP_FILE,
    };
    message.text(language)
}

/// How an attempt ended.
pub const fn outcome(outcome: Attempt, language: Language) -> &'static str {
    let message: &Message = match outcome {
        Attempt::Running => &RUNNING,
        Attempt::Sent => &SENT,
        Attempt::Deferred => &DEFERRED,
        Attempt::Paused => &PAUSED,
        Attempt::Unknown => &UNKNOWN,
        Attempt::Failed => &FAILED,
        Attempt::Lost => &LOST,
    };
    message.text(language)
}

/// What went wrong.
pub const fn trouble(trouble: Trouble, language: Language) -> &'static str {
    let message: &Message = match trouble {
        Trouble::NoConnection => &NO_CONNECTION,
        Trouble::Silence => &SILENCE,
        Trouble::Dropped => &DROPPED,
        Trouble::Garbled => &GARBLED,
        Trouble::NoStarttls => &NO_STARTTLS,
        Trouble::TlsRefused => &TLS_REFUSED,
        Trouble::NoLogin => &NO_LOGIN,
        Trouble::Interrupted => &INTERRUPTED,
        Trouble::WorkerLost => &WORKER_LOST,
        Trouble::GivenUp => &GIVEN_UP,
        Trouble::Unsendable => &UNSENDABLE,
        Trouble::Crashed => &CRASHED,
        Trouble::NotWritten => &NOT_WRITTEN,
    };
    message.text(language)
}

/// A stored reply as people read it: `[code]` of our own in words, the server's words as they are.
pub fn reply(stored: &str, language: Language) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = stored.trim();
    while let Some((code, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        let Ok(code) = code.parse::<Trouble>() else {
            break;
        };
        words.push(trouble(code, language));
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        words.push(rest);
    }
    words.join(": ")
}
