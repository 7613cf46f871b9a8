//! `worker`: takes jobs until it is asked to stop, or with `--once` until nothing is due. The work itself is in `work`.

use super::exit::{Exit, Failure};
use super::grammar::flag;
use super::output::{self, Format, json};
use super::{Answer, Context, Verb};
use crate::language::command::{INTERRUPTED, WORKED, WORKING};
use crate::language::flag::ONCE;
use crate::language::verb::WORKER;
use crate::service::{Denied, Error};
use crate::work::{self, Worker};
use clap::ArgMatches;
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "worker",
    about: &WORKER,
    arguments: |command, language| command.arg(flag("once", &ONCE, language)),
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        if context.read_only {
            return Err(Error::Denied(Denied::ReadOnly, String::new()).into());
        }
        if arguments.get_flag("once") {
            return once(context).await;
        }
        until_stopped(context).await
    })
}

async fn once(context: &Context) -> Result<Exit, Failure> {
    let services = context.services().await?;
    let mut stop = listen(SignalKind::interrupt())?;
    tokio::select! {
        done = work::drain(services) => told(context, done?),
        _ = stop.recv() => {
            output::tell(INTERRUPTED.text(context.spoken()));
            Ok(Exit::Interrupted)
        }
    }
}

/// The first signal asks the worker to finish what it has begun; the second does not wait for that.
async fn until_stopped(context: &Context) -> Result<Exit, Failure> {
    let services = context.services().await?;
    let (ask, asked) = watch::channel(false);
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    output::tell(WORKING.text(context.spoken()));
    let working = Worker::run(services, asked);
    tokio::pin!(working);
    loop {
        tokio::select! {
            done = &mut working => return told(context, done?),
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        if ask.send_replace(true) {
            output::tell(INTERRUPTED.text(context.spoken()));
            return Ok(Exit::Interrupted);
        }
    }
}

fn listen(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|e| Failure::file("signal", &e))
}

fn told(context: &Context, jobs: usize) -> Result<Exit, Failure> {
    if context.format() == Format::Json {
        output::data(json::write(&json!({ "jobs": jobs })).as_bytes())?;
    } else {
        output::tell(&WORKED.with(context.spoken(), &[("jobs", &jobs.to_string())]));
    }
    Ok(Exit::Done)
}
