//! What must happen now and then, whoever does it: one worker a minute, by a lease. Not jobs: nothing asked for it.

use super::context::Context;
use crate::domain::right::Language;
use crate::domain::time::MINUTE;
use crate::service::{Actor, Call, Error, account, ending, stranded};
use crate::store::lease;
use std::sync::Arc;

/// Does what is due, when no other worker did it within the last minute.
pub async fn turn(context: &Context) -> Result<(), Error> {
    let mut tx = context.write().await?;
    let now = context.now();
    let until = now.plus(MINUTE);
    let mine = lease::take(&mut tx, lease::PERIODIC, &now.0.to_string(), now, until).await?;
    tx.commit().await?;
    if !mine {
        return Ok(());
    }
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    while account::expire(&context.services, &Call::new(&actor)).await? > 0 {}
    while ending::look_after(&context.services, &Call::new(&actor)).await? > 0 {}
    stranded::look_after(&context.services, &Call::new(&actor)).await?;
    Ok(())
}
