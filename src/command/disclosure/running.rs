//! Long work beside the runtime: told on stderr while it runs, ended by Ctrl-c with nothing left behind.

use crate::command::{Context, Exit, Failure, output};
use crate::extract::{Progress, Stage, Stopped};
use crate::language::command::INTERRUPTED;
use crate::language::disclosure as say;
use crate::language::{Language, Message};
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells how far the work is, and whether it must stop.
pub(super) struct Watch {
    stop: Arc<AtomicBool>,
    language: Language,
    shown: Option<(Stage, usize)>,
    on_terminal: bool,
}

impl Progress for Watch {
    fn step(&mut self, stage: Stage, done: usize, of: usize) -> Result<(), Stopped> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        let percent = (100 * done).checked_div(of).unwrap_or(0);
        if self.on_terminal && self.shown != Some((stage, percent)) {
            self.shown = Some((stage, percent));
            let text = word(stage).text(self.language);
            // A progress line that cannot be written is no reason to stop.
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K{text} {percent}%");
        }
        Ok(())
    }
}

const fn word(stage: Stage) -> &'static Message {
    match stage {
        Stage::Counting => &say::COUNTING,
        Stage::Publishing => &say::PUBLISHING,
        Stage::Exchanging => &say::EXCHANGING,
        Stage::Witnesses => &say::PROVING,
        Stage::Extending => &say::EXTENDING,
        Stage::Relieving => &say::RELIEVING,
        Stage::Attacking => &say::ATTACKING,
    }
}

/// Does work that may take long.
pub(super) async fn run<T: Send + 'static>(
    context: &Context,
    work: impl FnOnce(&mut Watch) -> Result<T, Stopped> + Send + 'static,
) -> Result<T, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut watch = Watch {
        stop: Arc::clone(&stop),
        language: context.spoken(),
        shown: None,
        on_terminal: std::io::stderr().is_terminal(),
    };
    let mut running = tokio::task::spawn_blocking(move || {
        let result = work(&mut watch);
        if watch.shown.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
        result
    });
    let ended = tokio::select! {
        ended = &mut running => ended,
        _ = tokio::signal::ctrl_c() => {
            stop.store(true, Ordering::Relaxed);
            running.await
        }
    };
    match ended {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(Stopped)) => {
            output::tell(INTERRUPTED.text(context.spoken()));
            Err(Failure::Told(Exit::Interrupted))
        }
        Err(_) => Err(Failure::Told(Exit::Failed)),
    }
}
