//! Ends the process when the terminal is gone or the process is told to end, whatever the thread with the screen is doing:
//! drafts are saved first, the database rolls back what was not committed. Nothing here is needed while all is well.

use super::drafts::Book;
use super::message::Exit;
use super::post::{Arrival, Sender};
use super::terminal;
use rustix::event::{PollFd, PollFlags, poll};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long the thread with the screen has to leave by itself.
const PATIENCE: Duration = Duration::from_millis(1200);

/// Follows the signals of the process; the returned tasks end with the runtime.
pub fn follow(
    sender: &Sender,
    book: &Book,
) -> std::io::Result<Vec<impl Future<Output = ()> + Send + 'static>> {
    let ends = [
        (SignalKind::hangup(), Exit::HungUp),
        (SignalKind::terminate(), Exit::Terminated),
        (SignalKind::interrupt(), Exit::Interrupted),
        (SignalKind::quit(), Exit::Terminated),
    ];
    let mut tasks = Vec::new();
    for (kind, exit) in ends {
        tasks.push(obey(
            signal(kind)?,
            Order::End(exit),
            sender.clone(),
            book.clone(),
        ));
    }
    tasks.push(obey(
        signal(SignalKind::window_change())?,
        Order::Resize,
        sender.clone(),
        book.clone(),
    ));
    let resumed = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
    tasks.push(obey(
        signal(resumed)?,
        Order::Continue,
        sender.clone(),
        book.clone(),
    ));
    Ok(tasks)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    End(Exit),
    Resize,
    Continue,
}

async fn obey(mut signal: Signal, order: Order, sender: Sender, book: Book) {
    while signal.recv().await.is_some() {
        match order {
            Order::Resize => sender.send(Arrival::Resized).await,
            Order::Continue => sender.send(Arrival::Continued).await,
            Order::End(exit) => {
                // The clock runs whether or not the channel has room.
                tokio::select! {
                    () = sender.send(Arrival::End(exit)) => tokio::time::sleep(PATIENCE).await,
                    () = tokio::time::sleep(PATIENCE) => {}
                }
                end(exit, &book);
            }
        }
    }
}

/// Waits on a thread of its own until the terminal is gone, and then ends the process if nobody else did.
pub fn watch_terminal(book: Book) -> std::io::Result<()> {
    let watch = move || {
        let keys = std::io::stdin();
        loop {
            let mut watched = [PollFd::new(&keys, PollFlags::empty())];
            let polled = poll(&mut watched, None);
            let [seen] = watched.map(|w| w.revents());
            if polled.is_ok() && !seen.is_empty() {
                break;
            }
        }
        std::thread::sleep(PATIENCE);
        end(Exit::HungUp, &book);
    };
    std::thread::Builder::new()
        .name("terminal".to_owned())
        .stack_size(64 * 1024)
        .spawn(watch)?;
    Ok(())
}

fn end(exit: Exit, book: &Book) {
    if let Err(error) = book.flush() {
        tracing::error!("drafts: {error}");
    }
    if exit != Exit::HungUp {
        terminal::restore_at_once();
    }
    std::process::exit(code(exit));
}

/// The exit code of the process, as shells number signals.
pub const fn code(exit: Exit) -> i32 {
    match exit {
        Exit::Quit => 0,
        Exit::Interrupted => 130,
        Exit::HungUp => 129,
        Exit::Terminated => 143,
    }
}
