//! How the world outside reaches the thread that has the screen: a bounded channel, and a byte that wakes its poll.

use super::message::{Exit, Msg, Ticket};
use crate::service::{Actor, Error, Services};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What arrives from outside, besides keys.
pub enum Arrival {
    /// A message for the state.
    Msg(Msg),
    /// An answer; its work is over.
    Reply(Ticket, super::message::Reply),
    /// The database is open, or cannot be opened.
    Connected(Box<Result<(Services, Arc<Actor>), Error>>),
    /// The process was told to end.
    End(Exit),
    /// The size of the terminal changed.
    Resized,
    /// The process was stopped and goes on.
    Continued,
}

/// Where arrivals are put; cheap to clone.
#[derive(Clone)]
pub struct Sender {
    channel: mpsc::Sender<Arrival>,
    bell: Arc<UnixStream>,
}

/// Where arrivals are taken.
pub struct Inbox {
    channel: mpsc::Receiver<Arrival>,
    bell: UnixStream,
}

/// What a wait ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The terminal has keys.
    Keys,
    /// Something arrived, or the time is up.
    Other,
    /// The terminal is gone.
    Gone,
}

/// Arrivals that may wait before whoever sends them must.
const ROOM: usize = 256;

/// A channel to the thread that has the screen.
pub fn open() -> std::io::Result<(Sender, Inbox)> {
    let (ring, bell) = UnixStream::pair()?;
    ring.set_nonblocking(true)?;
    bell.set_nonblocking(true)?;
    let (sender, receiver) = mpsc::channel(ROOM);
    Ok((
        Sender {
            channel: sender,
            bell: Arc::new(ring),
        },
        Inbox {
            channel: receiver,
            bell,
        },
    ))
}

impl Sender {
    /// Puts an arrival, waiting for room.
    pub async fn send(&self, arrival: Arrival) {
        if self.channel.send(arrival).await.is_ok() {
            // A full pipe means that the bell rings already.
            (&*self.bell).write(&[1]).unwrap_or_default();
        }
    }
}

impl Inbox {
    /// The next arrival, when there is one.
    pub fn take(&mut self) -> Option<Arrival> {
        self.channel.try_recv().ok()
    }

    /// Waits for keys, for an arrival, or until milliseconds are over.
    pub fn wait(&mut self, millis: Option<i64>) -> Woken {
        let keys = std::io::stdin();
        let mut watched = [
            PollFd::new(&keys, PollFlags::IN),
            PollFd::new(&self.bell, PollFlags::IN),
        ];
        let limit = millis.map(|m| Timespec {
            tv_sec: m / 1000,
            tv_nsec: (m % 1000) * 1_000_000,
        });
        let polled = poll(&mut watched, limit.as_ref());
        let [keyboard, bell] = watched.map(|w| w.revents());
        if polled.is_err() {
            return Woken::Other;
        }
        if !bell.is_empty() {
            let mut rung = [0; 64];
            while matches!((&self.bell).read(&mut rung), Ok(n) if n > 0) {}
        }
        // Gone goes first: whoever reads a terminal that is gone reads for ever.
        if keyboard.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Woken::Gone;
        }
        if keyboard.contains(PollFlags::IN) {
            Woken::Keys
        } else {
            Woken::Other
        }
    }
}
