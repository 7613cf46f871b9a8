//! The layers of settings and what each part of the program picks from them, with where it came from. Not the reading of files.

use super::file::File;
use super::{
    ConfigError, ConsoleSettings, Environment, Flags, LicenceSettings, MailRoute, Origin,
    QueueSettings, Smtp, THEMES, Tls,
};
use crate::domain::time::SECOND;
use crate::domain::window::{Processing, Window};
use secrecy::SecretString;
use std::path::{Path, PathBuf};

/// Picks each setting from the layers and remembers where it came from.
pub(super) struct Layers<'a> {
    pub(super) files: Vec<(String, File)>,
    pub(super) environment: &'a Environment,
    pub(super) origins: Vec<Origin>,
}

impl Layers<'_> {
    /// The value of the topmost layer that gives one.
    pub(super) fn pick<T: Clone>(
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
            (Some(v), _, _) => (v, format!("--{}", name.rsplit('.').next().unwrap_or(name))),
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

    /// As `pick`, for a setting that only files give.
    pub(super) fn in_file<T: Clone>(
        &mut self,
        name: &'static str,
        of: impl Fn(&File) -> Option<T>,
        built_in: T,
        show: impl Fn(&T) -> String,
    ) -> T {
        self.pick(name, None, None, of, built_in, show)
    }
}

/// Where mail goes.
pub(super) fn mail_route(layers: &mut Layers<'_>, state: &Path) -> Result<MailRoute, ConfigError> {
    let of = |f: &File| f.mail.host.clone();
    let host = layers.in_file("mail.host", of, String::new(), Clone::clone);
    if !host.is_empty() {
        return Ok(MailRoute::Smtp(smtp(layers, host)?));
    }
    let built_in = state.join("mail");
    let of = |f: &File| f.mail.directory.clone();
    let show = |p: &PathBuf| p.display().to_string();
    let directory = layers.in_file("mail.directory", of, built_in, show);
    Ok(MailRoute::Directory(directory))
}

fn smtp(layers: &mut Layers<'_>, host: String) -> Result<Smtp, ConfigError> {
    let show = |t: &Tls| format!("{t:?}").to_lowercase();
    let tls = layers.in_file("mail.tls", |f| f.mail.tls, Tls::default(), show);
    let port = match tls {
        Tls::None => 25,
        Tls::Starttls => 587,
        Tls::Implicit => 465,
    };
    let port = layers.in_file("mail.port", |f| f.mail.port, port, u16::to_string);
    let of = |f: &File| f.mail.user.clone();
    let user = layers.in_file("mail.user", of, String::new(), Clone::clone);
    let shown = |p: &Option<PathBuf>| p.as_ref().map(|p| p.display().to_string());
    let show = |p: &Option<PathBuf>| shown(p).unwrap_or_default();
    let of = |f: &File| f.mail.password_file.clone().map(Some);
    let secret = layers.in_file("mail.password_file", of, None, show);
    let of = |f: &File| f.mail.roots.clone().map(Some);
    let roots = layers.in_file("mail.roots", of, None, show);
    let of = |f: &File| f.mail.timeout_ms;
    let timeout = layers.in_file("mail.timeout_ms", of, 30 * SECOND, i64::to_string);
    Ok(Smtp {
        host,
        port,
        tls,
        user: (!user.is_empty()).then_some(user),
        password: secret.map(|p| password(&p)).transpose()?,
        roots,
        timeout: timeout.max(1),
    })
}

fn password(path: &Path) -> Result<SecretString, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Key {
        path: path.display().to_string(),
        detail: e.to_string(),
    })?;
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}

/// Days that measurements are kept after an agreement or the use of the portal ended.
pub(super) fn keep_after_end(layers: &mut Layers<'_>) -> i64 {
    let of = |f: &File| f.keep_after_end_days;
    layers
        .in_file("keep_after_end_days", of, 90, i64::to_string)
        .max(0)
}

/// When deliveries are processed: as they arrive, or in a window of the night.
pub(super) fn processing(layers: &mut Layers<'_>) -> Result<Processing, ConfigError> {
    let of = |f: &File| f.processing.clone();
    let when = layers.in_file("processing", of, "at_once".to_owned(), Clone::clone);
    let of = |f: &File| f.night.clone();
    let night = layers.in_file("night", of, "22:00-06:00".to_owned(), Clone::clone);
    let wrong = |name: &str, detail: &str| ConfigError::Value {
        name: name.into(),
        detail: detail.into(),
    };
    let window = Window::parse(&night).ok_or_else(|| wrong("night", "HH:MM-HH:MM"))?;
    match when.as_str() {
        "at_once" => Ok(Processing::AtOnce),
        "night" => Ok(Processing::Night(window)),
        _ => Err(wrong("processing", "at_once | night")),
    }
}

/// How the queue waits and gives up.
pub(super) fn queue(layers: &mut Layers<'_>) -> Result<QueueSettings, ConfigError> {
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

/// How long licence codes and handshakes hold.
pub(super) fn licence(layers: &mut Layers<'_>) -> Result<LicenceSettings, ConfigError> {
    let show = i64::to_string;
    let of = |f: &File| f.licence.days;
    let days = layers.in_file("licence.days", of, 365, show);
    let of = |f: &File| f.licence.overlap_days;
    let overlap = layers.in_file("licence.overlap_days", of, 14, show);
    let of = |f: &File| f.licence.reminder_days;
    let reminder = layers.in_file("licence.reminder_days", of, 30, show);
    let of = |f: &File| f.licence.handshake_days;
    let handshake = layers.in_file("licence.handshake_days", of, 14, show);
    if days <= 0 || overlap < 0 || handshake <= 0 || reminder < 0 || reminder >= days {
        let detail = "days and handshake_days above 0, reminder_days below days".into();
        return Err(ConfigError::Value {
            name: "licence".into(),
            detail,
        });
    }
    Ok(LicenceSettings {
        days,
        overlap,
        reminder,
        handshake,
    })
}

/// How the console looks and behaves.
pub(super) fn console(
    layers: &mut Layers<'_>,
    flags: &Flags,
    user: &Path,
) -> Result<ConsoleSettings, ConfigError> {
    let (of, asked) = (|f: &File| f.console.ascii, flags.ascii.then_some(true));
    let ascii = layers.pick("console.ascii", asked, None, of, false, bool::to_string);
    let (of, asked) = (|f: &File| f.console.mouse, flags.mouse.then_some(true));
    let mouse = layers.pick("console.mouse", asked, None, of, false, bool::to_string);
    let (of, asked) = (|f: &File| f.console.keymap.clone(), flags.keymap.clone());
    let built_in = "default".to_owned();
    let keymap = layers.pick("console.keymap", asked, None, of, built_in, Clone::clone);
    let of = |f: &File| f.console.production.clone();
    let production = layers.in_file("console.production", of, String::new(), Clone::clone);
    let of = |f: &File| f.console.idle_seconds;
    Ok(ConsoleSettings {
        theme: theme(layers, flags)?,
        ascii,
        mouse,
        keymap,
        keys: user.join("keys.toml"),
        production,
        idle_seconds: layers.in_file("console.idle_seconds", of, 900, u64::to_string),
    })
}

fn theme(layers: &mut Layers<'_>, flags: &Flags) -> Result<String, ConfigError> {
    let (of, asked) = (|f: &File| f.console.theme.clone(), flags.theme.clone());
    let built_in = "ansi".to_owned();
    let theme = layers.pick("console.theme", asked, None, of, built_in, Clone::clone);
    if THEMES.contains(&theme.as_str()) {
        return Ok(theme);
    }
    Err(ConfigError::Value {
        name: "theme".into(),
        detail: THEMES.join(" | "),
    })
}
