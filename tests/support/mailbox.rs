//! A scripted SMTP server in this process: it answers any step with any bytes, late, in pieces, or not at all. And mails to queue.

use crate::support::db::World;
use portaal_console::config::{self, Flags};
use portaal_console::domain::job::JobKind;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::mail::Template;
use portaal_console::mail::message;
use portaal_console::service::Services;
use portaal_console::store::{job, outbox};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where in the dialogue the server is asked for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Right after the connection.
    Greeting,
    /// EHLO.
    Ehlo,
    /// STARTTLS.
    Starttls,
    /// AUTH, first line.
    Auth,
    /// A line that belongs to AUTH.
    AuthMore,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA.
    Data,
    /// In the middle of the body: after its first line.
    Within,
    /// The final dot.
    Dot,
}

/// What the server does.
#[derive(Debug, Clone)]
pub enum Do {
    /// What a server should do there.
    Usual,
    /// Sends these bytes.
    Say(Vec<u8>),
    /// Sends these bytes one by one, each after this pause.
    Trickle(Vec<u8>, Duration),
    /// Sends this byte without end.
    Flood(u8),
    /// Closes the connection.
    Drop,
    /// Sends these bytes, then closes.
    SayAndDrop(Vec<u8>),
    /// Never says anything more.
    Silence,
}

impl Do {
    /// A reply of one line.
    pub fn reply(code: u16) -> Self {
        Self::Say(format!("{code} 4.0.0 so be it\r\n").into_bytes())
    }
}

/// A mail that the server took in whole, whatever it answered then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The lines of the envelope.
    pub envelope: Vec<String>,
    /// The bytes before the final dot.
    pub body: String,
}

/// The server.
pub struct Mailbox {
    /// Port on 127.0.0.1.
    pub port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    connections: Arc<AtomicUsize>,
}

type Script = dyn Fn(usize, At) -> Do + Send + Sync;

impl Mailbox {
    /// Starts a server that asks `script` at every step; the number counts connections from 0.
    pub fn start(script: impl Fn(usize, At) -> Do + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let port = listener.local_addr().expect("address").port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (taken, count) = (Arc::clone(&received), Arc::clone(&connections));
        let script: Arc<Script> = Arc::new(script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let (taken, script) = (Arc::clone(&taken), Arc::clone(&script));
                // A client that goes away ends the dialogue with an error; that is how it should be.
                std::thread::spawn(move || talk(stream, number, &*script, &taken).is_ok());
            }
        });
        Self {
            port,
            received,
            connections,
        }
    }

    /// A server that does at one step what is said, and elsewhere the usual.
    pub fn at(step: At, what: Do) -> Self {
        Self::start(move |_, at| if at == step { what.clone() } else { Do::Usual })
    }

    /// What it took in.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("received").clone()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

struct Talk {
    reader: BufReader<TcpStream>,
    stream: TcpStream,
}

impl Talk {
    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn say(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)
    }

    fn act(&mut self, what: Do, usual: &[u8]) -> std::io::Result<()> {
        let gone = || std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
        match what {
            Do::Usual => self.say(usual),
            Do::Say(bytes) => self.say(&bytes),
            Do::Trickle(bytes, pause) => {
                for byte in bytes {
                    std::thread::sleep(pause);
                    self.say(&[byte])?;
                }
                Ok(())
            }
            Do::Flood(byte) => loop {
                self.say(&[byte; 4096])?;
            },
            Do::Drop => Err(gone()),
            Do::SayAndDrop(bytes) => {
                self.say(&bytes)?;
                Err(gone())
            }
            Do::Silence => loop {
                // Until the client goes away.
                self.line()?;
            },
        }
    }
}

fn talk(
    stream: TcpStream,
    number: usize,
    script: &Script,
    taken: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let mut talk = Talk {
        reader: BufReader::new(stream.try_clone()?),
        stream,
    };
    talk.act(script(number, At::Greeting), b"220 box ready\r\n")?;
    let mut envelope = Vec::new();
    loop {
        let line = talk.line()?;
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        match verb {
            "EHLO" => {
                let offers = b"250-box\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";
                talk.act(script(number, At::Ehlo), offers)?;
            }
            "STARTTLS" => talk.act(script(number, At::Starttls), b"220 go on\r\n")?,
            "AUTH" => talk.act(script(number, At::Auth), b"235 welcome\r\n")?,
            "MAIL" => {
                envelope.push(line.clone());
                talk.act(script(number, At::Mail), b"250 ok\r\n")?;
            }
            "RCPT" => {
                envelope.push(line.clone());
                talk.act(script(number, At::Rcpt), b"250 ok\r\n")?;
            }
            "DATA" => {
                talk.act(script(number, At::Data), b"354 go on\r\n")?;
                let body = body(&mut talk, number, script)?;
                taken.lock().expect("received").push(Received {
                    envelope: std::mem::take(&mut envelope),
                    body,
                });
                talk.act(script(number, At::Dot), b"250 2.0.0 taken\r\n")?;
            }
            "QUIT" => return Ok(()),
            _ => talk.act(script(number, At::AuthMore), b"235 welcome\r\n")?,
        }
    }
}

fn body(talk: &mut Talk, number: usize, script: &Script) -> std::io::Result<String> {
    let mut body = String::new();
    loop {
        let line = talk.line()?;
        if line == "." {
            return Ok(body);
        }
        body.push_str(line.strip_prefix('.').unwrap_or(&line));
        body.push_str("\r\n");
        match script(number, At::Within) {
            Do::Usual => {}
            other => talk.act(other, b"")?,
        }
    }
}

/// Services of a world that send to this server, without TLS and AUTH, with short waits.
pub fn services(world: &World, port: u16, more: &str) -> Services {
    let state = world.state.path();
    let text = format!(
        "state = {:?}\n[mail]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n{}{more}",
        state.display().to_string(),
        if more.contains("timeout_ms") {
            ""
        } else {
            "timeout_ms = 500\n"
        },
    );
    with_config(world, &text)
}

/// Services of a world with other settings.
pub fn with_config(world: &World, text: &str) -> Services {
    let state = world.state.path();
    std::fs::write(state.join("config.toml"), text).expect("settings");
    let flags = Flags {
        database: Some(world.url().to_owned()),
        ..Flags::default()
    };
    let environment = crate::support::db::environment(state);
    let settings = config::load(&environment, &flags).expect("settings");
    Services {
        settings: Arc::new(settings),
        ..world.services.clone()
    }
}

/// Parameters that fit a template.
pub fn parameters(template: Template) -> Value {
    let organisation = "Praktijk De Linde & Zoon";
    match template {
        Template::SetupConfirmation => {
            json!({ "contact": "Anna de Wit", "organisation": organisation,
            "agb": "01234567", "users": 3, "agreement": "VWO Keurmerkhouders 2026-01", "route": "automatic" })
        }
        Template::SetupNotice => {
            json!({ "organisation": organisation, "agb": "01234567", "date": "2026-10-05" })
        }
        Template::AccountInvitation => json!({ "name": "Anna de Wit", "organisation": organisation,
            "roles": "signatory,manager", "invitation": "01999999-0000-7000-8000-000000000001",
            "nonce": "00112233445566778899aabbccddeeff", "days": 14 }),
        Template::AgreementPending => json!({ "name": "Anna de Wit", "organisation": organisation,
            "agreement": "VWO Keurmerkhouders 2026-01", "since": "2026-09-01", "until": "2026-12-31" }),
        Template::AgreementAccepted => {
            json!({ "contact": "Anna de Wit", "organisation": organisation,
            "agreement": "VWO Keurmerkhouders 2026-01", "accepted_by": "Anna de Wit", "accepted_on": "2026-10-05" })
        }
        Template::RegistrationRejected => {
            json!({ "contact": "Anna de Wit", "organisation": organisation,
            "reason": "Het keurmerk is nog niet toegekend.\nMeld u opnieuw aan zodra dat is gebeurd." })
        }
        Template::RegistrationWithdrawn => {
            json!({ "contact": "Anna de Wit", "organisation": organisation,
            "reason": "Op eigen verzoek." })
        }
        Template::CauseNotice => json!({
            "contact": "B. Vermeer", "vendor": "ROM Plus", "code": "ROM-0004", "specification": "rom-1", "count": 3,
            "what": "Een kolom van de specificatie ontbreekt.", "action": "Voeg de kolom toe, ook als zij leeg mag zijn.",
            "organisations": "- Praktijk De Linde (AGB 06010001): 2\n- GGZ Zonzijde (AGB 06010002): 1",
        }),
        Template::DeliveryProcessed => {
            json!({ "organisation": organisation, "delivery": "01a2074d", "received": "2026-10-05",
            "rows": 1200, "accepted": 1187, "ignored": 13, "new": 40, "changed": 3, "same": 560,
            "findings": "ROM-0201 (13×): De einddatum ligt voor de startdatum. Controleer beide datums.", "more": 2 })
        }
        Template::DeliveryInvalid => {
            json!({ "organisation": organisation, "delivery": "01a2074d", "received": "2026-10-05",
            "rows": 1200, "findings": "ROM-0004 (1×): Een kolom ontbreekt. Voeg de kolom toe.", "more": 0 })
        }
        Template::DeliveryHeld => {
            json!({ "organisation": organisation, "delivery": "01a2074d", "received": "2026-10-05" })
        }
        Template::DeliveryReminder => json!({ "organisation": organisation, "kind": "ROM",
            "due": "2026-10-04", "late": 1, "last": "2026-04-04" }),
        Template::StatusMessage => json!({ "contact": "Anna de Wit", "organisation": organisation,
            "subject": "Onderhoud op zondag", "text": "Het portaal is zondag tot 12.00 uur niet bereikbaar.\n\nAanleveren kan daarna weer." }),
        Template::SpecificationSent => {
            json!({ "vendor": "ROM Plus", "specifications": "rom-1, cqi-1" })
        }
        Template::HandshakeLink => json!({ "organisation": organisation, "vendor": "ROM Plus",
            "route": "automatic", "handshake": "01999999-0000-7000-8000-000000000002",
            "nonce": "00112233445566778899aabbccddeeff", "days": 14, "overlap": 14 }),
        Template::TestRunPlanned => json!({ "organisation": organisation, "specification": "rom-1",
            "planned_for": "2026-10-19" }),
        Template::TestRunRejected => {
            json!({ "organisation": organisation, "specification": "rom-1",
            "reason": "De kolom meetinstrument ontbreekt.\nZie het verwerkingsverslag." })
        }
        Template::ConnectionLive => json!({ "organisation": organisation, "vendor": "ROM Plus",
            "route": "automatic", "specifications": "rom-1, cqi-1" }),
        Template::ConnectionChanged => {
            json!({ "organisation": organisation, "vendor": "", "change": "suspended" })
        }
        Template::LicenceEnding => {
            json!({ "organisation": organisation, "prefix": "4fGh8KqZ", "until": "2026-11-04" })
        }
        Template::LicenceRevoked => json!({ "organisation": organisation, "prefix": "4fGh8KqZ" }),
        Template::ExtractReleased | Template::ExtractRecalled => {
            json!({ "extract": "kibg-1 2025", "directory": "kibg-1_2025_0123456789ab",
            "digest": "0123456789abcdef".repeat(4) })
        }
        Template::TestMessage => json!({ "operator": "Beheerder" }),
    }
}

/// Queues a mail with its job as the services do, to be sent at once; gives its id.
pub async fn queue(services: &Services, template: Template) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    let now = services.clock.now();
    let stored = parameters(template).to_string();
    let message_id = message::message_id(&id, &services.settings.sender);
    let new = outbox::New {
        id: &id,
        template,
        language: "nl",
        recipient: "anna@delinde.example",
        recipient_name: "Anna de Wit",
        parameters: &stored,
        organisation_id: None,
        object_kind: Kind::System,
        object_id: "",
        at: now,
        queued_by: "test",
        send_at: now,
        give_up_at: now.plus(services.settings.queue.give_up),
        message_id: &message_id,
        resend_of: None,
    };
    let mut tx = services.db.write().await.expect("transaction");
    outbox::insert(&mut tx, &new).await.expect("mail");
    let job = job::New {
        kind: JobKind::Mail,
        subject: &id,
        run_at: now,
        at: now,
        request: "test",
    };
    assert!(job::insert(&mut tx, &job).await.expect("job"));
    tx.commit().await.expect("commit");
    id
}
