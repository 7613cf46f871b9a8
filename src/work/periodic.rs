//! What must happen now and then, whoever does it: one worker by a lease, once a minute, an hour or a day. Not jobs: nothing asked
//! for it.

use super::context::Context;
use crate::domain::right::Language;
use crate::domain::time::{DAY, HOUR, MINUTE};
use crate::service::{
    Actor, Call, Error, account, ending, intake_file, obligation, retention, stranded,
};
use crate::store::lease;
use std::sync::Arc;

/// Does what is due, when no other worker did it within its time.
pub async fn turn(context: &Context) -> Result<(), Error> {
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    let (services, call) = (&context.services, Call::new(&actor));
    if mine(context, lease::PERIODIC, MINUTE).await? {
        while account::expire(services, &call).await? > 0 {}
        while ending::look_after(services, &call).await? > 0 {}
        stranded::look_after(services, &call).await?;
        retention::files(services, &call).await?;
    }
    if mine(context, lease::OBLIGATIONS, HOUR).await? {
        obligation::look_after(services, &call).await?;
        retention::ended(services, &call).await?;
    }
    if mine(context, lease::STRAYS, DAY).await? {
        let strays = intake_file::sweep(services).await?;
        tracing::info!(strays, "looked for files that belong to nobody");
    }
    Ok(())
}

/// Takes the lease of a task for a while. Its holder is the moment, so that nobody renews it before.
async fn mine(context: &Context, name: &str, period: i64) -> Result<bool, Error> {
    let now = context.now();
    let mut tx = context.services.db.read().await?;
    let held = lease::by_name(&mut tx, name).await?;
    tx.rollback().await?;
    if held.is_some_and(|l| l.until > now) {
        return Ok(false);
    }
    let mut tx = context.write().await?;
    let holder = now.0.to_string();
    let mine = lease::take(&mut tx, name, &holder, now, now.plus(period)).await?;
    tx.commit().await?;
    Ok(mine)
}
