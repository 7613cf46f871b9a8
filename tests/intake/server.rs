//! The real intake in this process, on ports of its own, and a client that sends exactly what a test says.

use crate::support::db::{World, environment};
use portaal_console::config::{self, Flags};
use portaal_console::domain::licence_code::{LicenceCode, Opens};
use portaal_console::intake::Intake;
use portaal_console::service::{self, Services};
use portaal_console::store::Query;
use serde_json::Value;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// An intake that answers.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its metrics are.
    pub metrics: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts one with these lines in `[intake]`.
    pub async fn start(world: &World, settings: &str) -> Self {
        let services = with(world, settings).await;
        let intake = Intake::open(services).await.expect("intake");
        let (address, metrics) = (intake.address(), intake.metrics_address());
        let (stop, asked) = watch::channel(false);
        let task = tokio::spawn(intake.run(asked));
        Self {
            address,
            metrics,
            stop,
            task,
        }
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until it is gone.
    pub async fn gone(self) {
        self.stop.send_replace(true);
        self.task.await.expect("intake");
    }

    /// Sends one request and reads the answer to its end.
    pub async fn ask(&self, request: &[u8]) -> Answer {
        ask(self.address, request).await
    }

    /// Posts a delivery.
    pub async fn deliver(&self, code: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {code}");
        let headers = [&[("authorization", bearer.as_str())], more].concat();
        self.ask(&request("POST", "/v1/deliveries", &headers, body))
            .await
    }

    /// Asks for a path with a code.
    pub async fn get(&self, path: &str, code: &str) -> Answer {
        let bearer = format!("Bearer {code}");
        self.ask(&request("GET", path, &[("authorization", &bearer)], b""))
            .await
    }

    /// Posts JSON with a key.
    pub async fn post(&self, path: &str, key: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        self.ask(&request("POST", path, &headers, body.as_bytes()))
            .await
    }
}

/// The services of a world with other settings of the intake.
async fn with(world: &World, settings: &str) -> Services {
    let path = world.state.path().join("config.toml");
    let state = world.state.path().display().to_string();
    let text = format!(
        "state = {state:?}\nintake_url = \"https://intake.example\"\n[intake]\nlisten = \"127.0.0.1:0\"\n\
         metrics = \"127.0.0.1:0\"\n{settings}\n"
    );
    std::fs::write(path, text).expect("settings");
    let flags = Flags {
        database: Some(world.url().to_owned()),
        ..Flags::default()
    };
    let settings = config::load(&environment(world.state.path()), &flags).expect("settings");
    let services = service::connect(world.services.db.clone(), Arc::new(settings)).await;
    Services {
        clock: world.services.clock.clone(),
        ..services.expect("services")
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status; 0 when nothing came.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// What a connection brought.
    pub fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n");
        let (head, body) = end.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 4..]));
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
        Self {
            status: status.unwrap_or(0),
            head,
            body: body.to_vec(),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A text of the body's JSON.
    pub fn text(&self, name: &str) -> String {
        let json = self.json();
        let found = json.get(name).and_then(Value::as_str);
        assert!(found.is_some(), "no {name}: {self:?}");
        found.expect("text").to_owned()
    }

    /// The body as text.
    pub fn page(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    /// The value of a header; empty when there is none.
    pub fn header(&self, name: &str) -> String {
        let start = format!("{name}: ");
        let lines = self.head.lines();
        let found = lines.filter_map(|l| {
            let lower = l.to_ascii_lowercase();
            lower
                .starts_with(&start)
                .then(|| l[start.len()..].to_owned())
        });
        found.into_iter().next_back().unwrap_or_default()
    }

    /// The same answer, checked for its status.
    pub fn is(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{} {}",
            self.head,
            String::from_utf8_lossy(&self.body)
        );
        self
    }
}

/// One request that closes the connection, its length told.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut all =
        format!("{method} {path} HTTP/1.1\r\nhost: intake.example\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(all, "{name}: {value}\r\n").expect("text");
    }
    if method == "POST" {
        write!(all, "content-length: {}\r\n", body.len()).expect("text");
    }
    all.push_str("\r\n");
    [all.as_bytes(), body].concat()
}

/// Sends bytes and reads what comes until the other side closes.
pub async fn ask(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("connection");
    // A refusal may come before everything was sent.
    let _ = stream.write_all(bytes).await;
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all).await;
    Answer::of(&all)
}

/// A licence code for a connection, stored as the handshake would.
pub async fn licence(world: &World, connection: &str, seed: u8) -> String {
    let random = std::array::from_fn(|i| u8::try_from(i).expect("small") ^ seed);
    let code = LicenceCode::make(Opens::Deliveries, &random).expect("code");
    let sql = "INSERT INTO licence (id, connection_id, code_hash, prefix, state, state_at, created_at, expires_at,
        used_at, reminded_at, changed_at, changed_by, version)
        VALUES ($1, $2, $3, $4, 'active', 0, 0, 9000000000000, 0, 0, 0, '', 1)";
    let mut tx = world.services.db.write().await.expect("transaction");
    let query = Query::new(sql)
        .bind(format!("licence-{seed}"))
        .bind(connection)
        .bind(code.hash())
        .bind(code.start());
    tx.execute(query).await.expect("licence");
    tx.commit().await.expect("commit");
    code.expose().to_owned()
}

/// A service key, and the setting that knows it.
pub fn service_key() -> (String, String) {
    let random = std::array::from_fn(|i| u8::try_from(i).expect("small").wrapping_mul(7));
    let key = LicenceCode::make(Opens::Portal, &random).expect("key");
    let setting = format!("service_key_sha256 = [\"{}\"]", key.hash());
    (key.expose().to_owned(), setting)
}
