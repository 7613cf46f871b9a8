//! Who is at the keyboard: the kernel's login uid or uid, looked up among the operators. Environment variables are claims.

use super::frame::{append_alone, entry_of};
use super::{Actor, Denied, Error, Origin, Services};
use crate::config::Settings;
use crate::domain::right::{self, Language};
use crate::store::operator;
use std::sync::Arc;

/// What a session asks about itself.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `console` or `cli`.
    pub via: &'static str,
    /// `--as LOGIN`, only on a demo database.
    pub as_login: Option<String>,
    /// `--read-only`.
    pub read_only: bool,
}

/// What the kernel says about this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelFacts {
    /// Login name of the person.
    pub login: String,
    /// User id: the login uid where set, else the uid.
    pub uid: u32,
    /// Name of the machine.
    pub host: String,
    /// Terminal device.
    pub tty: String,
}

/// Asks the kernel: login uid where set, else uid; the name from the user database.
pub fn kernel_facts() -> Option<KernelFacts> {
    let uid = login_uid().unwrap_or_else(|| rustix::process::getuid().as_raw());
    let login = login_name(uid)?;
    let host = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    let tty = rustix::termios::ttyname(rustix::stdio::stdin(), Vec::new());
    let tty = tty
        .map(|t| t.to_string_lossy().into_owned())
        .unwrap_or_default();
    Some(KernelFacts {
        login,
        uid,
        host,
        tty,
    })
}

fn login_uid() -> Option<u32> {
    let text = std::fs::read_to_string("/proc/self/loginuid").ok()?;
    text.trim().parse().ok().filter(|uid| *uid != u32::MAX)
}

fn login_name(uid: u32) -> Option<String> {
    let user = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(uid));
    user.ok().flatten().map(|u| u.name)
}

/// The operator behind this process, or why nobody may act.
pub async fn who(services: &Services, ask: &Ask) -> Result<Actor, Error> {
    let facts = kernel_facts().ok_or_else(|| Error::Denied(Denied::NoIdentity, String::new()))?;
    let origin = origin(&services.settings, &facts, ask.via);
    let login = ask.as_login.as_deref().unwrap_or(&facts.login);
    if ask.as_login.is_some() && !services.mark.demo {
        return Err(refuse(services, &facts, origin, Denied::NotDemo, login).await);
    }
    let mut tx = services.db.read().await?;
    let found = operator::by_login(&mut tx, login).await?;
    tx.rollback().await?;
    let Some(row) = found else {
        return Err(refuse(services, &facts, origin, Denied::UnknownOperator, login).await);
    };
    if row.state != "active" {
        return Err(refuse(services, &facts, origin, Denied::RemovedOperator, login).await);
    }
    let own: Language = row.language.parse().unwrap_or_default();
    Ok(Actor {
        operator: row.id,
        login: facts.login.clone(),
        name: row.name,
        roles: right::split(&row.roles).unwrap_or_default(),
        language: services.settings.language.unwrap_or(own),
        on_behalf: if ask.as_login.is_some() {
            login.to_owned()
        } else {
            String::new()
        },
        origin,
        read_only: ask.read_only,
        system: false,
    })
}

fn origin(settings: &Settings, facts: &KernelFacts, via: &'static str) -> Origin {
    let (host, tty) = (facts.host.clone(), facts.tty.clone());
    Origin {
        via,
        host,
        tty,
        ssh: settings.ssh.clone(),
        uid: facts.uid,
    }
}

/// Audits a sign-in that was refused.
async fn refuse(
    services: &Services,
    facts: &KernelFacts,
    origin: Origin,
    denied: Denied,
    login: &str,
) -> Error {
    let mut actor = Actor::system(origin.via, Language::Nl);
    actor.login.clone_from(&facts.login);
    actor.name.clone_from(&facts.login);
    actor.origin = origin;
    let mut entry = entry_of(&actor, services.clock.now());
    "operator.sign-in".clone_into(&mut entry.action);
    "operator".clone_into(&mut entry.object_kind);
    "refused".clone_into(&mut entry.outcome);
    entry.detail = serde_json::json!({ "refused": format!("{denied:?}") }).to_string();
    match append_alone(services, entry).await {
        Ok(()) | Err(Error::Store(_)) => Error::Denied(denied, login.to_owned()),
        Err(other) => other,
    }
}

/// Audits that a console was opened.
pub async fn signed_in(services: &Services, actor: &Arc<Actor>) -> Result<(), Error> {
    let mut entry = entry_of(actor, services.clock.now());
    "operator.sign-in".clone_into(&mut entry.action);
    "operator".clone_into(&mut entry.object_kind);
    entry.object_id.clone_from(&actor.operator);
    "done".clone_into(&mut entry.outcome);
    "{}".clone_into(&mut entry.detail);
    append_alone(services, entry).await
}
