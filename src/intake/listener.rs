//! The accept loop: how many connections at a time, how long a head may take, how it ends. Not what is answered.

use super::desk::Desk;
use super::wire::Wire;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;

/// How long what is being received may take after the wish to stop.
const GRACE: Duration = Duration::from_secs(18);
/// How long answers may take to leave after that.
const LAST: Duration = Duration::from_secs(1);
/// Most bytes of the head of a request.
const MOST_OF_A_HEAD: usize = 32 * 1024;
/// Most headers of a request.
const MOST_HEADERS: usize = 64;
/// What a connection too many is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How much and how long.
#[derive(Clone)]
pub(super) struct Limits {
    pub(super) connections: usize,
    pub(super) header: Duration,
    pub(super) idle: Duration,
    pub(super) tls: Option<TlsAcceptor>,
}

/// An address that is listened on.
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    limits: Limits,
}

impl Listener {
    pub(super) fn new(socket: TcpListener, limits: Limits) -> io::Result<Self> {
        Ok(Self {
            address: socket.local_addr()?,
            socket,
            limits,
        })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is asked to stop, and until what had begun then is done or its time is over.
    pub(super) async fn serve(
        self,
        router: Router,
        desk: Arc<Desk>,
        mut stop: watch::Receiver<bool>,
    ) {
        let (finish, finished) = watch::channel(false);
        let mut open = JoinSet::new();
        let until_asked = async move {
            // A sender that is gone asks nothing any more.
            if stop.wait_for(|asked| *asked).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        self.accept(&router, &mut open, &finished, until_asked)
            .await;
        desk.close();
        let end = Instant::now() + GRACE;
        let quiet = async {
            tokio::select! {
                () = desk.quiet() => {}
                () = sleep_until(end) => {}
            }
        };
        // Still accepting: whoever asks now is told that this intake is going.
        self.accept(&router, &mut open, &finished, quiet).await;
        drop(self.socket);
        finish.send_replace(true);
        let rest = async { while open.join_next().await.is_some() {} };
        let _ = timeout(LAST, rest).await;
        open.abort_all();
    }

    async fn accept(
        &self,
        router: &Router,
        open: &mut JoinSet<()>,
        finished: &watch::Receiver<bool>,
        until: impl Future<Output = ()>,
    ) {
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => return,
                Some(_) = open.join_next() => {}
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, _)) if open.len() >= self.limits.connections => refuse(&stream),
                    Ok((stream, _)) => {
                        let talk = connection(stream, router.clone(), self.limits.clone(), finished.clone());
                        open.spawn(talk);
                    }
                    // Out of file descriptors, or the peer is gone already: others may be served.
                    Err(error) => {
                        tracing::warn!(%error, "accept");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
            }
        }
    }
}

/// Tells a connection too many so, when that can be done at once.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(FULL);
}

async fn connection(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    finished: watch::Receiver<bool>,
) {
    // Answers are one small write each: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(tls) = &limits.tls else {
        return converse(stream, router, &limits, finished).await;
    };
    if let Ok(Ok(stream)) = timeout(limits.header, tls.accept(stream)).await {
        converse(stream, router, &limits, finished).await;
    }
}

async fn converse<S>(
    stream: S,
    router: Router,
    limits: &Limits,
    mut finished: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(Wire::new(stream, limits.idle));
    let talk = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_headers(MOST_HEADERS)
        .max_buf_size(MOST_OF_A_HEAD)
        .serve_connection(io, TowerToHyperService::new(router));
    tokio::pin!(talk);
    let ended = tokio::select! {
        ended = talk.as_mut() => ended,
        () = told(&mut finished) => {
            talk.as_mut().graceful_shutdown();
            talk.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection");
    }
}

async fn told(finished: &mut watch::Receiver<bool>) {
    let _ = finished.wait_for(|f| *f).await;
}

/// Allows this process as many open files as the system lets it have: a connection is one.
pub(super) fn allow_many_files() {
    let now = getrlimit(Resource::Nofile);
    let wider = Rlimit {
        current: now.maximum,
        maximum: now.maximum,
    };
    if setrlimit(Resource::Nofile, wider).is_err() {
        tracing::warn!("the number of open files cannot be raised");
    }
}
