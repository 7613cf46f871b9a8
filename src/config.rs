//! Settings: built in, `/etc/portaal/config.toml`, the user's file, the environment, flags — later wins. The only reader of the environment.

use crate::domain::right::Language;
use crate::domain::time::SECOND;
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
    /// Days that an invitation holds.
    pub invitation_days: i64,
    /// Seconds in which a queued mail can be undone.
    pub undo_seconds: i64,
    /// Minutes that a claim on a record holds.
    pub claim_minutes: i64,
    /// The queue.
    pub queue: QueueSettings,
    /// The console.
    pub console: ConsoleSettings,
    /// Key outside the database from which tokens and pseudonyms are derived.
    pub key: SecretBox<[u8; 32]>,
    /// Path of the key.
    pub key_path: PathBuf,
    /// Directory for state: saved views, drafts, log, the embedded database.
    pub state: PathBuf,
    /// Directory for delivered files.
    pub files: PathBuf,
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

    fn get(&self, name: &str) -> Option<&str> {
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

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    database: Option<String>,
    language: Option<String>,
    state: Option<PathBuf>,
    key: Option<PathBuf>,
    files: Option<PathBuf>,
    portal: Option<String>,
    kibg: Option<String>,
    invitation_days: Option<i64>,
    undo_seconds: Option<i64>,
    claim_minutes: Option<i64>,
    mail: FileMail,
    queue: FileQueue,
    console: FileConsole,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileMail {
    directory: Option<PathBuf>,
    sender: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    tls: Option<Tls>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    roots: Option<PathBuf>,
    timeout_ms: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileQueue {
    lease_ms: Option<i64>,
    heartbeat_ms: Option<i64>,
    sweep_ms: Option<i64>,
    poll_ms: Option<i64>,
    give_up_hours: Option<i64>,
    slots: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileConsole {
    theme: Option<String>,
    ascii: Option<bool>,
    mouse: Option<bool>,
    keymap: Option<String>,
    production: Option<String>,
    idle_seconds: Option<u64>,
}

/// Themes of the console by name.
pub const THEMES: &[&str] = &["ansi", "light", "dark", "contrast", "mono"];

/// Picks each setting from the layers and remembers where it came from.
struct Layers<'a> {
    files: Vec<(String, File)>,
    environment: &'a Environment,
    origins: Vec<Origin>,
}

impl Layers<'_> {
    fn pick<T: Clone>(
        &mut self,
        name: &'static str,
        flag: Option<T>,
        variable: Option<(&str, T)>,
        of: impl Fn(&File) -> Option<T>,
        built_in: T,
        show: impl Fn(&T) -> String,
    ) -> T {
        let file = self
            .files
            .iter()
            .rev()
            .find_map(|(path, f)| of(f).map(|v| (path.clone(), v)));
        let (value, source) = match (flag, variable, file) {
            (Some(v), _, _) => (v, "--".to_owned() + name),
            (None, Some((variable, v)), _) => (v, variable.to_owned()),
            (None, None, Some((path, v))) => (v, path),
            (None, None, None) => (built_in, "built in".to_owned()),
        };
        self.origins.push(Origin {
            name,
            value: show(&value),
            source,
        });
        value
    }

    fn in_file<T: Clone>(
        &mut self,
        name: &'static str,
        of: impl Fn(&File) -> Option<T>,
        built_in: T,
        show: impl Fn(&T) -> String,
    ) -> T {
        self.pick(name, None, None, of, built_in, show)
    }
}

/// Loads the settings in force.
pub fn load(environment: &Environment, flags: &Flags) -> Result<Settings, ConfigError> {
    let user = environment.directory("XDG_CONFIG_HOME", ".config");
    let state_built_in = environment.directory("XDG_STATE_HOME", ".local/state");
    let mut files = Vec::new();
    if let Some(only) = environment.get("PORTAAL_CONFIG") {
        files.extend(read_file(Path::new(only), true)?);
    } else {
        files.extend(read_file(Path::new("/etc/portaal/config.toml"), false)?);
        files.extend(read_file(&user.join("config.toml"), false)?);
    }
    let mut layers = Layers {
        files,
        environment,
        origins: Vec::new(),
    };
    let path = |p: &PathBuf| p.display().to_string();
    let state = layers.in_file("state", |f| f.state.clone(), state_built_in, path);
    let language = language(&mut layers, flags)?;
    let database = database(&mut layers, flags, &state);
    let key_path = layers.in_file("key", |f| f.key.clone(), state.join("key"), path);
    let delivered = layers.in_file("files", |f| f.files.clone(), state.join("files"), path);
    let mail = mail_route(&mut layers, &state)?;
    let text = |v: &String| v.clone();
    let count = |v: &i64| v.to_string();
    Ok(Settings {
        sender: layers.in_file(
            "mail.sender",
            |f| f.mail.sender.clone(),
            "portaal@infinitcare.example".into(),
            text,
        ),
        kibg: layers.in_file(
            "kibg",
            |f| f.kibg.clone(),
            "keurmerk@kibg.example".into(),
            text,
        ),
        portal: layers.in_file(
            "portal",
            |f| f.portal.clone(),
            "https://portaal.infinitcare.example".into(),
            text,
        ),
        invitation_days: layers.in_file("invitation_days", |f| f.invitation_days, 14, count),
        undo_seconds: layers.in_file("undo_seconds", |f| f.undo_seconds, 10, count),
        claim_minutes: layers.in_file("claim_minutes", |f| f.claim_minutes, 10, count),
        queue: queue(&mut layers)?,
        console: console(&mut layers, flags, &user)?,
        key: key(&key_path)?,
        database,
        language,
        locale: locale(environment),
        mail,
        key_path,
        state,
        files: delivered,
        ssh: environment
            .get("SSH_CONNECTION")
            .unwrap_or_default()
            .to_owned(),
        term: environment.get("TERM").unwrap_or_default().to_owned(),
        tmux: environment.get("TMUX").is_some(),
        no_color: environment.get("NO_COLOR").is_some(),
        origins: layers.origins,
    })
}

fn read_file(path: &Path, must_exist: bool) -> Result<Option<(String, File)>, ConfigError> {
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !must_exist => return Ok(None),
        Err(e) => {
            return Err(ConfigError::File {
                path: shown,
                detail: e.to_string(),
            });
        }
    };
    let file = toml::from_str(&text).map_err(|e| ConfigError::File {
        path: shown.clone(),
        detail: e.to_string(),
    })?;
    Ok(Some((shown, file)))
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

fn locale(environment: &Environment) -> Language {
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

fn mail_route(layers: &mut Layers<'_>, state: &Path) -> Result<MailRoute, ConfigError> {
    let host = layers.in_file(
        "mail.host",
        |f| f.mail.host.clone(),
        String::new(),
        Clone::clone,
    );
    if host.is_empty() {
        let built_in = state.join("mail");
        let show = |p: &PathBuf| p.display().to_string();
        return Ok(MailRoute::Directory(layers.in_file(
            "mail.directory",
            |f| f.mail.directory.clone(),
            built_in,
            show,
        )));
    }
    let tls = layers.in_file(
        "mail.tls",
        |f| f.mail.tls,
        Tls::default(),
        |t| format!("{t:?}").to_lowercase(),
    );
    let port = match tls {
        Tls::None => 25,
        Tls::Starttls => 587,
        Tls::Implicit => 465,
    };
    let port = layers.in_file("mail.port", |f| f.mail.port, port, u16::to_string);
    let user = layers.in_file(
        "mail.user",
        |f| f.mail.user.clone(),
        String::new(),
        Clone::clone,
    );
    let show = |p: &Option<PathBuf>| {
        p.as_ref()
            .map(|p| p.display().to_string())
            .unwrap_or_default()
    };
    let secret = layers.in_file(
        "mail.password_file",
        |f| f.mail.password_file.clone().map(Some),
        None,
        show,
    );
    let roots = layers.in_file("mail.roots", |f| f.mail.roots.clone().map(Some), None, show);
    let timeout = layers.in_file(
        "mail.timeout_ms",
        |f| f.mail.timeout_ms,
        30 * SECOND,
        i64::to_string,
    );
    let password = secret.map(|p| password(&p)).transpose()?;
    let user = (!user.is_empty()).then_some(user);
    Ok(MailRoute::Smtp(Smtp {
        host,
        port,
        tls,
        user,
        password,
        roots,
        timeout: timeout.max(1),
    }))
}

fn password(path: &Path) -> Result<SecretString, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Key {
        path: path.display().to_string(),
        detail: e.to_string(),
    })?;
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}

fn queue(layers: &mut Layers<'_>) -> Result<QueueSettings, ConfigError> {
    let show = i64::to_string;
    let lease = layers.in_file("queue.lease_ms", |f| f.queue.lease_ms, 30 * SECOND, show);
    let heartbeat = layers.in_file(
        "queue.heartbeat_ms",
        |f| f.queue.heartbeat_ms,
        10 * SECOND,
        show,
    );
    let sweep = layers.in_file("queue.sweep_ms", |f| f.queue.sweep_ms, 10 * SECOND, show);
    let poll = layers.in_file("queue.poll_ms", |f| f.queue.poll_ms, SECOND, show);
    let hours = layers.in_file("queue.give_up_hours", |f| f.queue.give_up_hours, 48, show);
    let slots = layers.in_file("queue.slots", |f| f.queue.slots, 4, usize::to_string);
    if heartbeat <= 0
        || sweep <= 0
        || poll <= 0
        || lease < heartbeat.saturating_mul(2)
        || slots == 0
    {
        let detail = "all above 0, and lease_ms at least twice heartbeat_ms".into();
        return Err(ConfigError::Value {
            name: "queue".into(),
            detail,
        });
    }
    Ok(QueueSettings {
        lease,
        heartbeat,
        sweep,
        poll,
        give_up: hours.max(1) * 3600 * SECOND,
        slots: slots.min(64),
    })
}

fn console(
    layers: &mut Layers<'_>,
    flags: &Flags,
    user: &Path,
) -> Result<ConsoleSettings, ConfigError> {
    let show = Clone::clone;
    let of = |f: &File| f.console.theme.clone();
    let theme = layers.pick(
        "console.theme",
        flags.theme.clone(),
        None,
        of,
        "ansi".to_owned(),
        show,
    );
    if !THEMES.contains(&theme.as_str()) {
        return Err(ConfigError::Value {
            name: "theme".into(),
            detail: THEMES.join(" | "),
        });
    }
    let on = |set: bool| set.then_some(true);
    let of = |f: &File| f.console.keymap.clone();
    Ok(ConsoleSettings {
        ascii: layers.pick(
            "console.ascii",
            on(flags.ascii),
            None,
            |f| f.console.ascii,
            false,
            bool::to_string,
        ),
        mouse: layers.pick(
            "console.mouse",
            on(flags.mouse),
            None,
            |f| f.console.mouse,
            false,
            bool::to_string,
        ),
        keymap: layers.pick(
            "console.keymap",
            flags.keymap.clone(),
            None,
            of,
            "default".to_owned(),
            show,
        ),
        keys: user.join("keys.toml"),
        production: layers.in_file(
            "console.production",
            |f| f.console.production.clone(),
            String::new(),
            show,
        ),
        idle_seconds: layers.in_file(
            "console.idle_seconds",
            |f| f.console.idle_seconds,
            900,
            u64::to_string,
        ),
        theme,
    })
}

/// Reads the key, or makes one on first use: 32 random bytes in a file that only its owner reads.
fn key(path: &Path) -> Result<SecretBox<[u8; 32]>, ConfigError> {
    let fail = |detail: String| ConfigError::Key {
        path: path.display().to_string(),
        detail,
    };
    match std::fs::read_to_string(path) {
        Ok(text) => decode_key(&text).ok_or_else(|| fail("64 hexadecimal digits expected".into())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            make_key(path).map_err(|e| fail(e.to_string()))
        }
        Err(e) => Err(fail(e.to_string())),
    }
}

fn decode_key(text: &str) -> Option<SecretBox<[u8; 32]>> {
    let mut bytes = Box::new([0_u8; 32]);
    hex::decode_to_slice(text.trim(), bytes.as_mut()).ok()?;
    Some(SecretBox::new(bytes))
}

fn make_key(path: &Path) -> std::io::Result<SecretBox<[u8; 32]>> {
    use std::io::Write;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(parent) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(parent)?;
    }
    let mut bytes = Box::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut()).map_err(|e| std::io::Error::other(e.to_string()))?;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(mut file) => {
            file.write_all(hex::encode(bytes.as_ref()).as_bytes())?;
            file.sync_all()?;
            Ok(SecretBox::new(bytes))
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path)?;
            decode_key(&text).ok_or_else(|| std::io::Error::other("64 hexadecimal digits expected"))
        }
        Err(e) => Err(e),
    }
}
