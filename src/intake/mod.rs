//! The intake: deliveries over HTTPS and in watched folders, the portal front end's calls, collection pages, health and metrics.
//! The only place that names axum and hyper; what a call does stands in `service`.

mod body;
mod caller;
mod deliveries;
mod desk;
mod disposition;
mod folder;
mod handshake;
mod health;
mod inbox;
mod listener;
mod metrics;
mod openapi;
mod portal;
mod problem;
mod rate;
mod router;
mod tls;
mod uploads;
mod wire;

pub use openapi::DOCUMENT;
pub use router::ROUTES;

use crate::service::{Error, Services, intake_file};
use desk::Desk;
use listener::{Limits, Listener};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Why the intake cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It cannot listen there.
    #[error("{address}: {detail}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        detail: String,
    },
    /// The certificate or its key cannot be used.
    #[error("{path}: {detail}")]
    Certificate {
        /// The file.
        path: String,
        /// Why.
        detail: String,
    },
    /// A use case that it needs at the start failed.
    #[error(transparent)]
    Service(#[from] Error),
}

/// An intake that listens and has not begun to answer.
pub struct Intake {
    desk: Arc<Desk>,
    front: Listener,
    counts: Listener,
}

/// Between two sweeps of files that belong to nobody.
const SWEEP: Duration = Duration::from_hours(1);

impl Intake {
    /// Listens on the addresses of the settings.
    pub async fn open(services: Services) -> Result<Self, Trouble> {
        let settings = Arc::clone(&services.settings);
        let settings = &settings.intake;
        listener::allow_many_files();
        let tls = tls::acceptor(
            settings.certificate.as_deref(),
            settings.private_key.as_deref(),
        )?;
        let desk = Arc::new(Desk::new(services));
        let patient = |connections, tls| Limits {
            connections,
            header: millis(settings.header),
            idle: millis(settings.idle),
            tls,
        };
        let front = listen(settings.listen, patient(settings.connections, tls)).await?;
        let counts = listen(settings.metrics, patient(32, None)).await?;
        Ok(Self {
            desk,
            front,
            counts,
        })
    }

    /// Where it listens; with port 0 in the settings, the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.front.address()
    }

    /// Where its metrics are.
    pub fn metrics_address(&self) -> SocketAddr {
        self.counts.address()
    }

    /// Answers until it is asked to stop; then finishes what is being received and refuses what is new.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let desk = self.desk;
        let (front, counts) = (router::front(&desk), router::counts(&desk));
        let side = tokio::spawn(self.counts.serve(counts, Arc::clone(&desk), stop.clone()));
        let sweeping = tokio::spawn(sweep(Arc::clone(&desk)));
        let inbox = tokio::spawn(inbox::watch(Arc::clone(&desk), stop.clone()));
        self.front.serve(front, desk, stop).await;
        // The folder that is being taken in is finished; it is short, and safe to lose.
        let _ = tokio::time::timeout(Duration::from_secs(1), inbox).await;
        sweeping.abort();
        side.abort();
    }
}

async fn listen(address: SocketAddr, limits: Limits) -> Result<Listener, Trouble> {
    let bound = TcpListener::bind(address).await;
    let listener = bound.and_then(|l| Listener::new(l, limits));
    listener.map_err(|e| Trouble::Address {
        address,
        detail: e.to_string(),
    })
}

/// Removes what killed processes left behind: at the start and now and then.
async fn sweep(desk: Arc<Desk>) {
    loop {
        if let Err(error) = intake_file::sweep(&desk.services).await {
            tracing::warn!(%error, "sweep of delivered files");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

fn millis(n: i64) -> Duration {
    Duration::from_millis(u64::try_from(n).unwrap_or(1).max(1))
}
