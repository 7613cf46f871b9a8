//! The settings of the intake: where it listens, how patient it is and how much it takes. Not how it does that.

use super::layer::Layers;
use super::{ConfigError, file::File};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the intake listens, how patient it is and how much it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeSettings {
    /// Address of the intake.
    pub listen: SocketAddr,
    /// Address of the metrics; always on this machine.
    pub metrics: SocketAddr,
    /// Certificate chain in PEM; without it a reverse proxy does TLS.
    pub certificate: Option<PathBuf>,
    /// Private key of the certificate in PEM.
    pub private_key: Option<PathBuf>,
    /// SHA-256 of each service key of the portal's front end, in hexadecimal digits.
    pub service_keys: Vec<String>,
    /// Directory of watched folders; none without it.
    pub inbox: Option<PathBuf>,
    /// Milliseconds between two looks at the watched folders.
    pub inbox_poll: i64,
    /// Most bytes of a delivery.
    pub max_bytes: u64,
    /// Most connections at a time.
    pub connections: usize,
    /// Milliseconds for the head of a request, and between two requests.
    pub header: i64,
    /// Milliseconds without a single byte of a body or of an answer.
    pub idle: i64,
    /// Milliseconds for a whole body.
    pub body: i64,
    /// Fewest bytes of a body in a second, on average.
    pub pace: u64,
    /// Requests in a minute by one code; as many at once when it was quiet.
    pub rate: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileIntake {
    listen: Option<String>,
    metrics: Option<String>,
    certificate: Option<PathBuf>,
    private_key: Option<PathBuf>,
    service_key_sha256: Option<Vec<String>>,
    inbox: Option<PathBuf>,
    inbox_poll_ms: Option<i64>,
    max_bytes: Option<u64>,
    connections: Option<usize>,
    header_ms: Option<i64>,
    idle_ms: Option<i64>,
    body_ms: Option<i64>,
    least_bytes_per_second: Option<u64>,
    requests_per_minute: Option<u32>,
}

/// The settings of the intake from the layers.
pub(super) fn of(layers: &mut Layers<'_>) -> Result<IntakeSettings, ConfigError> {
    let certificate = path(layers, "intake.certificate", |f| {
        f.intake.certificate.clone()
    });
    let private_key = path(layers, "intake.private_key", |f| {
        f.intake.private_key.clone()
    });
    if certificate.is_some() != private_key.is_some() {
        return Err(wrong("intake", "certificate and private_key, or neither"));
    }
    let listen = address(layers, "intake.listen", "127.0.0.1:8480", |f| {
        f.intake.listen.clone()
    })?;
    let metrics = address(layers, "intake.metrics", "127.0.0.1:9464", |f| {
        f.intake.metrics.clone()
    })?;
    if !metrics.ip().is_loopback() {
        return Err(wrong("intake.metrics", "an address of this machine only"));
    }
    let inbox = path(layers, "intake.inbox", |f| f.intake.inbox.clone());
    let settings = IntakeSettings {
        listen,
        metrics,
        certificate,
        private_key,
        service_keys: service_keys(layers)?,
        inbox,
        ..limits(layers, listen, metrics)
    };
    let positive = [
        settings.inbox_poll,
        settings.header,
        settings.idle,
        settings.body,
    ];
    let some = settings.max_bytes > 0 && settings.connections > 0 && settings.rate > 0;
    if positive.iter().any(|n| *n <= 0) || !some {
        return Err(wrong("intake", "all limits above 0"));
    }
    Ok(settings)
}

/// The numbers; what is not a number is filled in by the caller.
fn limits(layers: &mut Layers<'_>, listen: SocketAddr, metrics: SocketAddr) -> IntakeSettings {
    let mut ms = |name, of: fn(&File) -> Option<i64>, built_in: i64| {
        layers.in_file(name, of, built_in, i64::to_string)
    };
    let inbox_poll = ms("intake.inbox_poll_ms", |f| f.intake.inbox_poll_ms, 2_000);
    let header = ms("intake.header_ms", |f| f.intake.header_ms, 10_000);
    let idle = ms("intake.idle_ms", |f| f.intake.idle_ms, 20_000);
    let body = ms("intake.body_ms", |f| f.intake.body_ms, 3_600_000);
    let of = |f: &File| f.intake.max_bytes;
    let max_bytes = layers.in_file("intake.max_bytes", of, 2 << 30, u64::to_string);
    let of = |f: &File| f.intake.connections;
    let connections = layers.in_file("intake.connections", of, 4096, usize::to_string);
    let of = |f: &File| f.intake.least_bytes_per_second;
    let pace = layers.in_file("intake.least_bytes_per_second", of, 1024, u64::to_string);
    let of = |f: &File| f.intake.requests_per_minute;
    let rate = layers.in_file("intake.requests_per_minute", of, 120, u32::to_string);
    IntakeSettings {
        listen,
        metrics,
        certificate: None,
        private_key: None,
        service_keys: Vec::new(),
        inbox: None,
        inbox_poll,
        max_bytes,
        connections,
        header,
        idle,
        body,
        pace,
        rate,
    }
}

fn service_keys(layers: &mut Layers<'_>) -> Result<Vec<String>, ConfigError> {
    let of = |f: &File| f.intake.service_key_sha256.clone();
    let show = |keys: &Vec<String>| {
        let first = |k: &String| k.chars().take(8).collect::<String>();
        let shown: Vec<String> = keys.iter().map(|k| format!("{}…", first(k))).collect();
        shown.join(", ")
    };
    let name = "intake.service_key_sha256";
    let keys = layers.in_file(name, of, Vec::new(), show);
    let digest = |k: &String| k.len() == 64 && k.bytes().all(|b| b.is_ascii_hexdigit());
    if keys.iter().all(digest) {
        return Ok(keys.iter().map(|k| k.to_lowercase()).collect());
    }
    Err(wrong(
        name,
        "64 hexadecimal digits each: portaal intake key",
    ))
}

fn path(
    layers: &mut Layers<'_>,
    name: &'static str,
    of: fn(&File) -> Option<PathBuf>,
) -> Option<PathBuf> {
    let show = |p: &Option<PathBuf>| {
        p.as_ref()
            .map_or(String::new(), |p| p.display().to_string())
    };
    layers.in_file(name, |f| of(f).map(Some), None, show)
}

fn address(
    layers: &mut Layers<'_>,
    name: &'static str,
    built_in: &str,
    of: fn(&File) -> Option<String>,
) -> Result<SocketAddr, ConfigError> {
    let text = layers.in_file(name, of, built_in.to_owned(), Clone::clone);
    text.parse()
        .map_err(|_| wrong(name, "an address and a port, such as 127.0.0.1:8480"))
}

fn wrong(name: &str, detail: &str) -> ConfigError {
    ConfigError::Value {
        name: name.to_owned(),
        detail: detail.to_owned(),
    }
}
