//! `worker`: takes jobs until it is asked to stop, or with `--once` until nothing is due. The work itself is in `work`.

use super::exit::{Exit, Failure};
use super::grammar::flag;
use super::output::{self, Format, json};
use super::{Answer, Context, Verb};
use crate::language::command::{ENDING, INTERRUPTED, WORKED, WORKING};
use crate::language::flag::ONCE;
use crate::language::verb::WORKER;
use crate::service::{Denied, Error};
use crate::work::Worker;
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
        let services = context.services().await?;
        let (ask, asked) = watch::channel(false);
        if arguments.get_flag("once") {
            let working = Box::pin(Worker::once(services, asked));
            return attend(context, ask, Exit::Interrupted, working).await;
        }
        output::tell(WORKING.text(context.spoken()));
        let working = Box::pin(Worker::run(services, asked));
        attend(context, ask, Exit::Done, working).await
    })
}

/// The first signal asks the worker to finish what it has begun or to give it back, and makes the exit code `stopped`; the second
/// does not wait for that.
async fn attend(
    context: &Context,
    ask: watch::Sender<bool>,
    stopped: Exit,
    mut working: impl Future<Output = Result<usize, Error>> + Unpin,
) -> Result<Exit, Failure> {
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    loop {
        tokio::select! {
            done = &mut working => {
                told(context, done?)?;
                return Ok(if *ask.borrow() { stopped } else { Exit::Done });
            }
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        if ask.send_replace(true) {
            output::tell(INTERRUPTED.text(context.spoken()));
            return Ok(Exit::Interrupted);
        }
        output::tell(ENDING.text(context.spoken()));
    }
}

fn listen(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|e| Failure::file("signal", &e))
}

fn told(context: &Context, jobs: usize) -> Result<(), Failure> {
    if context.format() == Format::Json {
        output::data(json::write(&json!({ "jobs": jobs })).as_bytes())?;
    } else {
        output::tell(&WORKED.with(context.spoken(), &[("jobs", &jobs.to_string())]));
    }
    Ok(())
}
