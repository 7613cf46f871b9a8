//! `operator add` on an empty database: the first operator, whom nobody could grant anything. Audited as bootstrap.

use super::act::mode;
use super::exit::{Exit, Failure};
use super::outcome::{self, Blame};
use super::{Context, Session};
use crate::service::fields::Values;
use crate::service::{Actor, Denied, Error, Origin, identity, operator};
use crate::store;
use clap::ArgMatches;
use std::sync::Arc;

/// A session for the first operator, when there is none yet: the kernel says who it is.
pub async fn session(context: &Context) -> Result<Option<Session>, Failure> {
    let services = context.services().await?;
    let mut tx = services.db.read().await?;
    let count = store::operator::count(&mut tx).await?;
    tx.rollback().await?;
    if count > 0 {
        return Ok(None);
    }
    let facts = identity::kernel_facts();
    let facts = facts.ok_or_else(|| Error::Denied(Denied::NoIdentity, String::new()))?;
    let language = context.spoken();
    let actor = Actor {
        login: facts.login.clone(),
        name: facts.login,
        origin: Origin {
            via: "cli",
            host: facts.host,
            tty: facts.tty,
            ssh: services.settings.ssh.clone(),
            uid: facts.uid,
        },
        read_only: context.read_only,
        system: false,
        ..Actor::system("cli", language)
    };
    Ok(Some(Session {
        services,
        actor: Arc::new(actor),
        language,
    }))
}

/// Adds the first operator.
pub async fn run(
    context: &Context,
    session: &Session,
    arguments: &ArgMatches,
    values: &Values,
) -> Result<Exit, Failure> {
    let call = session.call("", mode(arguments), None);
    let result = operator::bootstrap(&session.services, &call, values).await;
    outcome::report(
        context,
        session,
        &outcome::one(result, Blame::Arguments),
        call.mode,
    )
}
