//! Settings: built in, `/etc/portaal/config.toml`, the user's file, the environment, flags — later wins. The only reader of the environment.

mod file;
mod intake;
mod key;
mod layer;

use crate::domain::right::Language;
use crate::domain::window::Processing;
pub use intake::IntakeSettings;
use layer::Layers;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file is not valid TOML or has an unknown key.
    #[error("{path}: {detail}")]
    File {
        /// The file.
        path: String,
        /// What the parser says, with line and column.
        detail: String,
    },
    /// A value does not fit.
    #[error("{name}: {detail}")]
    Value {
        /// Name of the setting or variable.
        name: String,
        /// What it takes.
        detail: String,
    },
    /// The key file cannot be read or made.
    #[error("{path}: {detail}")]
    Key {
        /// The file.
        path: String,
        /// Why.
        detail: String,
    },
}

/// How the connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Not at all; for a server on this machine.
    None,
    /// Upgraded by STARTTLS; refused when the server cannot.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Implicit,
}

/// Where mail goes.
#[derive(Debug, Clone)]
pub enum MailRoute {
    /// To an SMTP server.
    Smtp(Smtp),
    /// To a directory, one `.eml` file a mail.
    Directory(PathBuf),
}

/// An SMTP server and how to speak to it.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Host name; also the name that its certificate must carry.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub tls: Tls,
    /// User name for AUTH, when the server asks it.
    pub user: Option<String>,
    /// Password for AUTH.
    pub password: Option<SecretString>,
    /// File with extra root certificates in PEM.
    pub roots: Option<PathBuf>,
    /// Longest wait for each step, in milliseconds.
    pub timeout: i64,
}

/// How the queue waits and gives up; milliseconds unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSettings {
    /// How long a claim holds without a sign of life.
    pub lease: i64,
    /// Between two signs of life.
    pub heartbeat: i64,
    /// Between two looks for dead workers.
    pub sweep: i64,
    /// Between two looks for work when nothing wakes the worker.
    pub poll: i64,
    /// Mail is given up this long after it was queued.
    pub give_up: i64,
    /// Jobs at a time in one worker.
    pub slots: usize,
}

/// How long licence codes and handshakes hold, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenceSettings {
    /// A code ends this long after it was made.
    pub days: i64,
    /// A code that was replaced works this much longer.
    pub overlap: i64,
    /// Its reminder is sent this long before its end.
    pub reminder: i64,
    /// A handshake that nobody collects runs out after this.
    pub handshake: i64,
}

/// How the console looks and behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSettings {
    /// Theme: `ansi`, `light`, `dark`, `contrast`, `mono`.
    pub theme: String,
    /// Only ASCII glyphs.
    pub ascii: bool,
    /// Mouse reporting.
    pub mouse: bool,
    /// Keymap by name (`default`, `vim`) or path of a file.
    pub keymap: String,
    /// The user's own keymap that overlays it, when it exists.
    pub keys: PathBuf,
    /// Name of the database shown in the banner when this is production; empty for none.
    pub production: String,
    /// Screen goes blank after this many seconds without a key; 0 for never.
    pub idle_seconds: u64,
}

/// One setting in force and where it came from, for `portaal info` and the screen Systeem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name.
    pub name: &'static str,
    /// Value; secrets as dots.
    pub value: String,
    /// `built in`, a path, a variable or a flag.
    pub source: String,
}

/// Settings in force.
#[derive(Debug)]
pub struct Settings {
    /// Database URL.
    pub database: String,
    /// Language asked by flag or file; the operator's own when absent.
    pub language: Option<Language>,
    /// Language of the session's locale, for messages before the operator is known.
    pub locale: Language,
    /// Where mail goes.
    pub mail: MailRoute,
    /// Sender of every mail.
    pub sender: String,
    /// Where `KiBG` receives notices.
    pub kibg: String,
    /// Address of the portal, for links in mails.
    pub portal: String,
    /// Address at which deliveries arrive, for links and handshakes; without a slash at the end.
    pub intake_url: String,
    /// Licence codes and handshakes.
    pub licence: LicenceSettings,
    /// Days that an invitation holds.
    pub invitation_days: i64,
    /// Seconds in which a queued mail can be undone.
    pub undo_seconds: i64,
    /// Minutes that a claim on a record holds.
    pub claim_minutes: i64,
    /// Days that measurements are kept after an agreement or the use of the portal ended.
    pub keep_after_end_days: i64,
    /// When deliveries are processed.
    pub processing: Processing,
    /// The queue.
    pub queue: QueueSettings,
    /// The console.
    pub console: ConsoleSettings,
    /// The intake.
    pub intake: IntakeSettings,
    /// Key outside the database from which tokens and pseudonyms are derived.
    pub key: SecretBox<[u8; 32]>,
    /// Path of the key.
    pub key_path: PathBuf,
    /// Directory for state: saved views, drafts, log, the embedded database.
    pub state: PathBuf,
    /// Directory for delivered files.
    pub files: PathBuf,
    /// Directory for releases, from which KiBG fetches them.
    pub outgoing: PathBuf,
    /// Minisign key by which releases are signed; none: they are not.
    pub signing_key: Option<PathBuf>,
    /// `SSH_CONNECTION`, a claim.
    pub ssh: String,
    /// `TERM`.
    pub term: String,
    /// Whether the session runs inside tmux.
    pub tmux: bool,
    /// Whether the user asked for no colour (`NO_COLOR`).
    pub no_color: bool,
    /// Every setting in force and where it came from.
    pub origins: Vec<Origin>,
}

impl Settings {
    /// The 32 bytes from which tokens and pseudonyms are derived.
    pub fn key(&self) -> &[u8; 32] {
        self.key.expose_secret()
    }
}

/// What the command line overrides.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--database`
    pub database: Option<String>,
    /// `--language`
    pub language: Option<String>,
    /// `--theme`
    pub theme: Option<String>,
    /// `--keymap`
    pub keymap: Option<String>,
    /// `--ascii`
    pub ascii: bool,
    /// `--mouse`
    pub mouse: bool,
}

/// The environment as it was at the start.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the process's environment once.
    pub fn read() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        )
    }

    /// An environment made of pairs, for tests.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }

    fn directory(&self, xdg: &str, beneath_home: &str) -> PathBuf {
        let base = self.get(xdg).map(PathBuf::from).filter(|p| p.is_absolute());
        let home = || PathBuf::from(self.get("HOME").unwrap_or("/")).join(beneath_home);
        base.unwrap_or_else(home).join("portaal")
    }
}

/// Themes of the console by name.
pub const THEMES: &[&str] = &["ansi", "light", "dark", "contrast", "mono"];

/// Loads the settings in force.
pub fn load(environment: &Environment, flags: &Flags) -> Result<Settings, ConfigError> {
    let user = environment.directory("XDG_CONFIG_HOME", ".config");
    let state_built_in = environment.directory("XDG_STATE_HOME", ".local/state");
    let mut layers = layers(environment, &user)?;
    let state = layers.in_file("state", |f| f.state.clone(), state_built_in, shown);
    let language = language(&mut layers, flags)?;
    let database = database(&mut layers, flags, &state);
    let key_path = layers.in_file("key", |f| f.key.clone(), state.join("key"), shown);
    let (files, outgoing, signing_key) = places(&mut layers, &state);
    let (sender, kibg, portal, intake_url) = addresses(&mut layers);
    let variable = |name: &str| environment.get(name).unwrap_or_default().to_owned();
    let count = |v: &i64| v.to_string();
    Ok(Settings {
        sender,
        kibg,
        portal,
        intake_url,
        licence: layer::licence(&mut layers)?,
        invitation_days: layers.in_file("invitation_days", |f| f.invitation_days, 14, count),
        undo_seconds: layers.in_file("undo_seconds", |f| f.undo_seconds, 10, count),
        claim_minutes: layers.in_file("claim_minutes", |f| f.claim_minutes, 10, count),
        keep_after_end_days: layer::keep_after_end(&mut layers),
        processing: layer::processing(&mut layers)?,
        queue: layer::queue(&mut layers)?,
        console: layer::console(&mut layers, flags, &user)?,
        intake: intake::of(&mut layers)?,
        key: key::load(&key_path)?,
        database,
        language,
        locale: locale(environment),
        mail: layer::mail_route(&mut layers, &state)?,
        key_path,
        state,
        files,
        outgoing,
        signing_key,
        ssh: variable("SSH_CONNECTION"),
        term: variable("TERM"),
        tmux: environment.get("TMUX").is_some(),
        no_color: environment.get("NO_COLOR").is_some(),
        origins: layers.origins,
    })
}

/// Where delivered files are kept and releases go, and the key that signs them.
fn places(layers: &mut Layers<'_>, state: &Path) -> (PathBuf, PathBuf, Option<PathBuf>) {
    let mut one = |name, of: fn(&file::File) -> Option<PathBuf>, built_in: PathBuf| {
        layers.in_file(name, of, built_in, shown)
    };
    let files = one("files", |f| f.files.clone(), state.join("files"));
    let outgoing = one("outgoing", |f| f.outgoing.clone(), state.join("outgoing"));
    let key = one("signing_key", |f| f.signing_key.clone(), PathBuf::new());
    (
        files,
        outgoing,
        Some(key).filter(|p| !p.as_os_str().is_empty()),
    )
}

fn layers<'a>(environment: &'a Environment, user: &Path) -> Result<Layers<'a>, ConfigError> {
    Ok(Layers {
        files: files(environment, user)?,
        environment,
        origins: Vec::new(),
    })
}

#[expect(clippy::ptr_arg, reason = "shows a setting, which is owned")]
fn shown(path: &PathBuf) -> String {
    path.display().to_string()
}

/// The files that give settings, the strongest last. `PORTAAL_CONFIG` names the only one.
fn files(environment: &Environment, user: &Path) -> Result<Vec<(String, file::File)>, ConfigError> {
    if let Some(only) = environment.get("PORTAAL_CONFIG") {
        return Ok(file::read(Path::new(only), true)?.into_iter().collect());
    }
    let system = file::read(Path::new("/etc/portaal/config.toml"), false)?;
    let own = file::read(&user.join("config.toml"), false)?;
    Ok(system.into_iter().chain(own).collect())
}

/// Sender, notices, portal and intake: invented addresses until a file names the real ones.
fn addresses(layers: &mut Layers<'_>) -> (String, String, String, String) {
    let mut one = |name, of: fn(&file::File) -> Option<String>, built_in: &str| {
        layers.in_file(name, of, built_in.to_owned(), Clone::clone)
    };
    (
        one(
            "mail.sender",
            |f| f.mail.sender.clone(),
            "portaal@infinitcare.example",
        ),
        one("kibg", |f| f.kibg.clone(), "keurmerk@kibg.example"),
        one(
            "portal",
            |f| f.portal.clone(),
            "https://portaal.infinitcare.example",
        ),
        one(
            "intake_url",
            |f| f.intake_url.clone(),
            "https://intake.infinitcare.example",
        )
        .trim_end_matches('/')
        .to_owned(),
    )
}

fn language(layers: &mut Layers<'_>, flags: &Flags) -> Result<Option<Language>, ConfigError> {
    let variable = layers
        .environment
        .get("PORTAAL_LANGUAGE")
        .map(|v| ("PORTAAL_LANGUAGE", v.to_owned()));
    let show = |v: &String| v.clone();
    let code = layers.pick(
        "language",
        flags.language.clone(),
        variable,
        |f| f.language.clone(),
        String::new(),
        show,
    );
    if code.is_empty() {
        return Ok(None);
    }
    let known = code.parse().map_err(|_| ConfigError::Value {
        name: "language".into(),
        detail: "nl | en".into(),
    })?;
    Ok(Some(known))
}

/// The language of the session's locale.
pub fn locale(environment: &Environment) -> Language {
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|n| environment.get(n))
        .unwrap_or_default();
    match name.get(..2) {
        Some("nl") | None => Language::Nl,
        Some(_) if matches!(name, "C" | "C.UTF-8" | "C.utf8" | "POSIX") => Language::Nl,
        Some(_) => Language::En,
    }
}

fn database(layers: &mut Layers<'_>, flags: &Flags, state: &Path) -> String {
    let variable = layers
        .environment
        .get("PORTAAL_DATABASE")
        .map(|v| ("PORTAAL_DATABASE", v.to_owned()));
    let built_in = format!("sqlite:{}", state.join("portaal.db").display());
    layers.pick(
        "database",
        flags.database.clone(),
        variable,
        |f| f.database.clone(),
        built_in,
        |v| without_password(v),
    )
}

/// A database URL as it may be shown: the password as dots.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((login, host)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    match login.split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:•••@{host}"),
        None => url.to_owned(),
    }
}
