//! The real binary in a real pseudo-terminal, read through a terminal parser. Waits for what must come, with a deadline; never sleeps
//! for luck.

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a screen may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What came out so far.
struct Output {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    closed: bool,
}

/// A program in a terminal.
pub struct Driver {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    output: Arc<(Mutex<Output>, Condvar)>,
    listener: Option<JoinHandle<()>>,
    deaf: Arc<AtomicBool>,
}

impl Driver {
    /// Starts the binary with arguments and variables in a terminal of this size. Nothing of our own environment goes along.
    pub fn start(
        arguments: &[&str],
        variables: &[(&str, &str)],
        state: &Path,
        size: (u16, u16),
    ) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_portaal"));
        Self::start_program(program, arguments, variables, state, size)
    }

    /// As `start`, with another program.
    pub fn start_program(
        program: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
        state: &Path,
        size: (u16, u16),
    ) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.cwd(state);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "nl_NL.UTF-8");
        command.env("HOME", state);
        command.env("PORTAAL_CONFIG", state.join("config.toml"));
        for (name, value) in variables {
            command.env(name, value);
        }
        let pty = native_pty_system()
            .openpty(pty_size(size))
            .expect("pseudo-terminal");
        let child = pty.slave.spawn_command(command).expect("program");
        drop(pty.slave);
        let reader = pty.master.try_clone_reader().expect("reader");
        let writer = pty.master.take_writer().expect("writer");
        let output = Arc::new((
            Mutex::new(Output {
                parser: vt100::Parser::new(side(size.1), side(size.0), 0),
                bytes: Vec::new(),
                closed: false,
            }),
            Condvar::new(),
        ));
        let shared = Arc::clone(&output);
        let deaf = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&deaf);
        let listener = std::thread::spawn(move || listen(reader, &shared, &stop));
        Self {
            child,
            master: Some(pty.master),
            writer: Some(writer),
            output,
            listener: Some(listener),
            deaf,
        }
    }

    /// Types keys.
    pub fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("terminal is open");
        writer.write_all(keys.as_bytes()).expect("keys");
        writer.flush().expect("keys");
    }

    /// Waits until the screen fits; gives it. Panics with the screen when it does not come.
    pub fn wait(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let found = self.until(PATIENCE, |output| {
            let text = output.parser.screen().contents();
            fits(&text).then_some(text)
        });
        let Some(text) = found else {
            let screen = self.screen();
            unreachable!("{what} did not come within {PATIENCE:?}; the screen is:\n{screen}");
        };
        text
    }

    /// Waits until the screen holds a text.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// The screen now.
    pub fn screen(&self) -> String {
        self.lock(|output| output.parser.screen().contents())
    }

    /// Looks at the parsed screen: attributes, cursor, modes.
    pub fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        self.lock(|output| at(output.parser.screen()))
    }

    /// Every byte that was sent to the terminal so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.lock(|output| output.bytes.clone())
    }

    /// Changes the size of the terminal: columns, rows.
    pub fn resize(&self, size: (u16, u16)) {
        let master = self.master.as_ref().expect("terminal is open");
        master.resize(pty_size(size)).expect("resize");
        let (lock, _) = &*self.output;
        lock.lock()
            .expect("output")
            .parser
            .screen_mut()
            .set_size(side(size.1), side(size.0));
    }

    /// Sends a signal by its name, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("process").to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", name, &id])
            .status();
        assert!(sent.expect("kill").success(), "no process {id}");
    }

    /// How the terminal is set, as `stty -a` tells.
    pub fn settings(&self) -> String {
        let master = self.master.as_ref().expect("terminal is open");
        let name = master.tty_name().expect("name of the terminal");
        let told = std::process::Command::new("stty")
            .arg("-a")
            .arg("-F")
            .arg(name)
            .output();
        String::from_utf8_lossy(&told.expect("stty").stdout).into_owned()
    }

    /// Closes the terminal, as a lost connection does: every handle of it, the listener's too. That one waits in a read, so the
    /// program is made to say something.
    pub fn hang_up(&mut self) {
        self.deaf.store(true, Ordering::SeqCst);
        self.resize((81, 25));
        if let Some(listener) = self.listener.take() {
            listener.join().expect("listener");
        }
        self.writer = None;
        self.master = None;
    }

    /// Waits for the end of the program; none when it still runs at the deadline.
    pub fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(status) = self.child.try_wait().expect("wait") {
                return Some(status);
            }
            if Instant::now() >= deadline {
                return None;
            }
            // The system has no wait with a deadline; this only bounds how often it is asked.
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the program said all it had to say, after its end.
    pub fn drained(&self) {
        self.until(PATIENCE, |output| output.closed.then_some(()));
    }

    fn lock<T>(&self, take: impl FnOnce(&Output) -> T) -> T {
        let (lock, _) = &*self.output;
        take(&lock.lock().expect("output"))
    }

    fn until<T>(&self, within: Duration, mut take: impl FnMut(&Output) -> Option<T>) -> Option<T> {
        let (lock, changed) = &*self.output;
        let deadline = Instant::now() + within;
        let mut output = lock.lock().expect("output");
        loop {
            if let Some(found) = take(&output) {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            output = changed.wait_timeout(output, left).expect("output").0;
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ended already, or a failed test: either way nothing may stay behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn listen(mut reader: Box<dyn Read + Send>, shared: &(Mutex<Output>, Condvar), deaf: &AtomicBool) {
    let (lock, changed) = shared;
    let mut buffer = [0_u8; 8192];
    loop {
        let read = reader.read(&mut buffer).unwrap_or(0);
        let mut output = lock.lock().expect("output");
        if read == 0 || deaf.load(Ordering::SeqCst) {
            output.closed = true;
            changed.notify_all();
            return;
        }
        let bytes = buffer.get(..read).unwrap_or_default();
        output.bytes.extend_from_slice(bytes);
        output.parser.process(bytes);
        changed.notify_all();
    }
}

/// A terminal is at least one cell wide and high.
fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap_or(NonZeroU16::MIN)
}
