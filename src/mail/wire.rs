//! One connection to a server: bytes, and TLS by rustls, with a deadline on every wait. The order of commands is in `smtp`.

use super::reply::{self, Reply};
use super::smtp::Abandon;
use crate::domain::mail::Trouble;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::fmt::Display;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one system call waits before the deadline and the wish to stop are looked at again.
const SLICE: Duration = Duration::from_millis(50);

/// Why the connection is of no use any more.
#[derive(Debug)]
pub(super) struct Break {
    pub(super) trouble: Trouble,
    pub(super) detail: String,
}

impl Break {
    fn of(trouble: Trouble) -> Self {
        Self::with(trouble, &"")
    }

    fn with(trouble: Trouble, detail: &dyn Display) -> Self {
        Self {
            trouble,
            detail: detail.to_string(),
        }
    }
}

/// What TLS needs: trusted roots and the name that the certificate must carry.
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Tls {
    /// Trusts the roots of the system and those in a PEM file.
    pub(super) fn new(host: &str, extra: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = extra {
            let told = |e: &dyn Display| format!("{}: {e}", path.display());
            let found = CertificateDer::pem_file_iter(path).map_err(|e| told(&e))?;
            for certificate in found {
                let certificate = certificate.map_err(|e| told(&e))?;
                roots.add(certificate).map_err(|e| told(&e))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|e| format!("{host}: {e}"))?;
        Ok(Self {
            config: Arc::new(config),
            name,
        })
    }
}

/// TCP that ends every wait at the deadline, also when bytes trickle in, and when it is asked to.
struct Line {
    tcp: TcpStream,
    deadline: Instant,
    abandon: Abandon,
    stopped: Option<Trouble>,
}

impl Line {
    fn look(&mut self) -> io::Result<()> {
        let stopped = if self.abandon.wanted() {
            Trouble::Interrupted
        } else if Instant::now() >= self.deadline {
            Trouble::Silence
        } else {
            return Ok(());
        };
        self.stopped = Some(stopped);
        Err(ErrorKind::TimedOut.into())
    }

    fn patiently<T>(
        &mut self,
        mut call: impl FnMut(&mut TcpStream) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            self.look()?;
            match call(&mut self.tcp) {
                Err(e)
                    if matches!(
                        e.kind(),
                        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                    ) => {}
                other => return other,
            }
        }
    }
}

impl Read for Line {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.patiently(|tcp| tcp.read(into))
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.patiently(|tcp| tcp.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

enum Stream {
    Plain(Line),
    Tls(Box<StreamOwned<ClientConnection, Line>>),
}

/// An open connection. It is thrown away after any `Break`; dropping it closes it at once.
pub(super) struct Wire {
    stream: Stream,
    unread: Vec<u8>,
}

impl Wire {
    /// Connects; names are resolved by the system.
    pub(super) fn connect(
        host: &str,
        port: u16,
        within: Duration,
        abandon: &Abandon,
    ) -> Result<Self, Break> {
        let tcp = dial(host, port, within).map_err(|e| Break::with(Trouble::NoConnection, &e))?;
        let line = Line {
            tcp,
            deadline: Instant::now() + within,
            abandon: abandon.clone(),
            stopped: None,
        };
        Ok(Self {
            stream: Stream::Plain(line),
            unread: Vec::new(),
        })
    }

    /// Goes on under TLS; the handshake is complete when this returns.
    pub(super) fn secure(self, tls: &Tls, within: Duration) -> Result<Self, Break> {
        let Stream::Plain(mut line) = self.stream else {
            return Err(Break::of(Trouble::TlsRefused));
        };
        if !self.unread.is_empty() {
            // Words sent before the handshake would be taken for words sent under it.
            return Err(Break::of(Trouble::Garbled));
        }
        line.deadline = Instant::now() + within;
        let mut connection = ClientConnection::new(Arc::clone(&tls.config), tls.name.clone())
            .map_err(|e| Break::with(Trouble::TlsRefused, &e))?;
        while connection.is_handshaking() || connection.wants_write() {
            if let Err(e) = connection.complete_io(&mut line) {
                let trouble = line.stopped.unwrap_or(Trouble::TlsRefused);
                return Err(Break::with(trouble, &e));
            }
        }
        let stream = StreamOwned::new(connection, line);
        Ok(Self {
            stream: Stream::Tls(Box::new(stream)),
            unread: Vec::new(),
        })
    }

    /// Sends bytes, all of them, out of the buffers of this process.
    pub(super) fn send(&mut self, bytes: &[u8], within: Duration) -> Result<(), Break> {
        self.line().deadline = Instant::now() + within;
        let sent = match &mut self.stream {
            Stream::Plain(line) => line.write_all(bytes),
            Stream::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        };
        sent.map_err(|e| self.broken(&e))
    }

    /// Waits for one whole reply.
    pub(super) fn reply(&mut self, within: Duration) -> Result<Reply, Break> {
        self.line().deadline = Instant::now() + within;
        let mut piece = [0_u8; 2048];
        loop {
            match reply::parse(&self.unread) {
                Ok(Some((reply, taken))) => {
                    self.unread.drain(..taken);
                    return Ok(reply);
                }
                Ok(None) => {}
                Err(reply::Garbled) => return Err(Break::of(Trouble::Garbled)),
            }
            let read = match &mut self.stream {
                Stream::Plain(line) => line.read(&mut piece),
                Stream::Tls(tls) => tls.read(&mut piece),
            };
            match read {
                Ok(0) => return Err(Break::of(Trouble::Dropped)),
                Ok(n) => self
                    .unread
                    .extend_from_slice(piece.get(..n).unwrap_or_default()),
                Err(e) => return Err(self.broken(&e)),
            }
        }
    }

    /// Takes leave without waiting for an answer.
    pub(super) fn leave(mut self) {
        let _ = self.send(b"QUIT\r\n", SLICE);
    }

    fn line(&mut self) -> &mut Line {
        match &mut self.stream {
            Stream::Plain(line) => line,
            Stream::Tls(tls) => &mut tls.sock,
        }
    }

    fn broken(&mut self, error: &io::Error) -> Break {
        match self.line().stopped {
            Some(trouble) => Break::of(trouble),
            None => Break::with(Trouble::Dropped, error),
        }
    }
}

fn dial(host: &str, port: u16, within: Duration) -> io::Result<TcpStream> {
    let deadline = Instant::now() + within;
    let mut last = io::Error::other("the name has no address");
    for address in (host, port).to_socket_addrs()? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(tcp) => {
                tcp.set_read_timeout(Some(SLICE))?;
                tcp.set_write_timeout(Some(SLICE))?;
                tcp.set_nodelay(true)?;
                return Ok(tcp);
            }
            Err(e) => last = e,
        }
    }
    Err(last)
}
