//! The terminal itself: taken over on entering, given back on every way out, written to in whole frames. Not what is shown.

use super::layout::Size;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::time::Duration;

/// Whether the mouse is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mouse {
    /// It is left to the terminal, for selecting text.
    #[default]
    Off,
    /// It is reported.
    On,
}

const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
const ENTER_MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
/// Ends a frame that was cut off, resets scrolling, colours, mouse and paste, shows the cursor, leaves the screen.
const LEAVE: &str = "\x1b[?2026l\x1b[r\x1b[m\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// The terminal while the console has it.
pub struct Terminal {
    out: File,
    mouse: Mouse,
    taken: bool,
}

impl Terminal {
    /// Takes the terminal over.
    pub fn enter(mouse: Mouse) -> std::io::Result<Self> {
        let mut terminal = Self {
            out: output()?,
            mouse,
            taken: false,
        };
        terminal.take()?;
        Ok(terminal)
    }

    fn take(&mut self) -> std::io::Result<()> {
        enable_raw_mode()?;
        self.taken = true;
        self.send(ENTER)?;
        match self.mouse {
            Mouse::Off => Ok(()),
            Mouse::On => self.send(ENTER_MOUSE),
        }
    }

    /// Gives the terminal back.
    pub fn leave(&mut self) {
        if std::mem::take(&mut self.taken) {
            give_back(&mut self.out);
        }
    }

    /// Writes at once, in one call where the terminal takes it.
    pub fn send(&mut self, text: &str) -> std::io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Stops the process until the shell wakes it; the terminal is given back meanwhile.
    pub fn suspend(&mut self) -> std::io::Result<()> {
        self.leave();
        let stopped = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        // The stop strikes while this sleeps; without a shell to wake us there is none and we go on.
        std::thread::sleep(Duration::from_millis(50));
        self.take()?;
        Ok(stopped?)
    }

    /// Takes the terminal over again after somebody else had it.
    pub fn retake(&mut self) -> std::io::Result<()> {
        self.take()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The size of the terminal; the smallest that makes sense when it does not tell.
pub fn size() -> Size {
    let (width, height) = crossterm::terminal::size().unwrap_or((80, 24));
    Size { width, height }
}

/// Gives the terminal back for a process that is ending, even when the terminal takes no more bytes.
pub fn restore_at_once() {
    disable_raw_mode().unwrap_or_default();
    let writer = std::thread::spawn(restore);
    let end = Duration::from_millis(200);
    let step = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    while !writer.is_finished() && waited < end {
        std::thread::sleep(step);
        waited += step;
    }
}

/// Gives the terminal back from where a thread panics.
pub fn restore() {
    if let Ok(mut out) = output() {
        give_back(&mut out);
    }
}

fn give_back(out: &mut File) {
    // A terminal that is gone cannot be restored; there is nobody to tell.
    out.write_all(LEAVE.as_bytes()).unwrap_or_default();
    disable_raw_mode().unwrap_or_default();
}

fn output() -> std::io::Result<File> {
    Ok(File::from(std::io::stdout().as_fd().try_clone_to_owned()?))
}

/// From here on a panic on this thread gives the terminal back before it is told; elsewhere it is only logged.
pub fn guard_panics() {
    let screen = std::thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == screen {
            restore();
            before(panic);
        } else {
            tracing::error!("{panic}");
        }
    }));
}
