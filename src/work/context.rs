//! What every job of one worker needs: services, where mail goes, who the worker is. And how long to insist on a commit.

use crate::config::{MailRoute, Tls};
use crate::domain::time::Timestamp;
use crate::mail::smtp::{Login, Protection, Server, Setup};
use crate::service::Services;
use crate::store::{StoreError, Tx};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Where mail goes, ready for use.
#[derive(Clone)]
pub(super) enum Route {
    /// To a server.
    Smtp(Arc<Server>),
    /// To files.
    Directory(PathBuf),
}

/// What every job of one worker needs.
pub(super) struct Context {
    pub(super) services: Services,
    pub(super) route: Route,
    pub(super) worker: String,
}

/// Name of this machine.
pub fn name_of_host() -> String {
    let system = rustix::system::uname();
    system.nodename().to_string_lossy().into_owned()
}

impl Context {
    pub(super) fn new(services: Services, worker: String) -> Self {
        let route = route(&services);
        Self {
            services,
            route,
            worker,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.services.clock.now()
    }

    /// Until when a claim made or renewed now holds.
    pub(super) fn lease(&self) -> Timestamp {
        self.now().plus(self.services.settings.queue.lease)
    }

    pub(super) async fn write(&self) -> Result<Tx, StoreError> {
        self.services.db.write().await
    }

    /// Patience with the database for as long as a claim can hold.
    pub(super) fn patience(&self) -> Patience {
        Patience {
            left: millis(self.services.settings.queue.lease),
            wait: Duration::from_millis(50),
        }
    }
}

/// Decides whether to repeat what a short trouble of the database undid. What is repeated is fenced by the job's attempt:
/// after a commit that did happen it finds its ticket used up and changes nothing.
pub(super) struct Patience {
    left: Duration,
    wait: Duration,
}

impl Patience {
    /// Waits a little longer than before; false when that is of no use or there was enough of it.
    pub(super) async fn again(&mut self, error: &StoreError) -> bool {
        if !error.retryable() || self.left.is_zero() {
            return false;
        }
        tracing::warn!(%error, "trying again");
        tokio::time::sleep(self.wait).await;
        self.left = self.left.saturating_sub(self.wait);
        self.wait = (self.wait * 2).min(Duration::from_secs(2));
        true
    }
}

/// A number of milliseconds from the settings.
pub(super) fn millis(n: i64) -> Duration {
    Duration::from_millis(u64::try_from(n).unwrap_or(0))
}

fn route(services: &Services) -> Route {
    let smtp = match &services.settings.mail {
        MailRoute::Directory(path) => return Route::Directory(path.clone()),
        MailRoute::Smtp(smtp) => smtp,
    };
    let login = smtp.user.as_ref().map(|user| Login {
        user: user.clone(),
        password: smtp.password.clone().unwrap_or_default(),
    });
    Route::Smtp(Arc::new(Server::new(Setup {
        host: smtp.host.clone(),
        port: smtp.port,
        protection: match smtp.tls {
            Tls::None => Protection::None,
            Tls::Starttls => Protection::Starttls,
            Tls::Implicit => Protection::Implicit,
        },
        login,
        roots: smtp.roots.clone(),
        timeout: millis(smtp.timeout),
        name: name_of_host(),
    })))
}
