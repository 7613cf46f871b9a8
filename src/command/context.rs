//! What every command starts from: the global flags, then on demand the settings, the database and who is at the keyboard.

use super::exit::Failure;
use super::log;
use super::output::{Format, table, terminal_width};
use crate::config::{self, Environment, Flags, Settings};
use crate::language::Language;
use crate::service::{self, Actor, Call, Mode, Services, identity};
use crate::store::Access;
use clap::ArgMatches;
use std::cell::Cell;
use std::ffi::OsString;
use std::sync::Arc;

/// The global flags of one call of the program.
pub struct Context {
    /// The environment at the start.
    pub environment: Environment,
    /// Flags that override settings.
    pub flags: Flags,
    /// `--output`, when it was given.
    pub format: Option<Format>,
    /// `--read-only`
    pub read_only: bool,
    /// `--as`
    pub as_login: Option<String>,
    /// Language of messages: of the help first, of the settings and the operator once they are known.
    language: Cell<Language>,
}

/// The database, opened, and who is at the keyboard.
pub struct Session {
    /// What a use case needs.
    pub services: Services,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// Language of output.
    pub language: Language,
}

/// The language of help and of parse errors: flag, variable, locale. The settings are not read for it.
pub fn language_of_help(arguments: &[OsString], environment: &Environment) -> Language {
    let words: Vec<&str> = arguments.iter().filter_map(|a| a.to_str()).collect();
    let after = |i: usize| words.get(i + 1).copied();
    let flag = words.iter().enumerate().find_map(|(i, word)| match *word {
        "--language" => after(i),
        word => word.strip_prefix("--language="),
    });
    let asked = flag.or_else(|| environment.get("PORTAAL_LANGUAGE"));
    asked
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| config::locale(environment))
}

impl Context {
    /// Reads the global flags.
    pub fn of(matches: &ArgMatches, environment: Environment, language: Language) -> Self {
        let matches = deepest(matches);
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        Self {
            flags: Flags {
                database: text("database"),
                language: text("language"),
                theme: text("theme"),
                keymap: text("keymap"),
                ascii: matches.get_flag("ascii"),
                mouse: matches.get_flag("mouse"),
            },
            format: text("output").map(|name| Format::of(&name)),
            read_only: matches.get_flag("read-only"),
            as_login: text("as"),
            environment,
            language: Cell::new(language),
        }
    }

    /// The language of messages, as far as it is known now.
    pub fn spoken(&self) -> Language {
        self.language.get()
    }

    /// How data is written: a table unless asked otherwise.
    pub fn format(&self) -> Format {
        self.format.unwrap_or(Format::Table)
    }

    /// The settings in force.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let settings = config::load(&self.environment, &self.flags)?;
        self.language
            .set(settings.language.unwrap_or(settings.locale));
        Ok(settings)
    }

    /// Opens the database.
    pub async fn services(&self) -> Result<Services, Failure> {
        let settings = Arc::new(self.settings()?);
        log::begin(&settings, &self.environment);
        Ok(service::open(settings, self.access()).await?)
    }

    /// Whether records may be changed.
    pub const fn access(&self) -> Access {
        if self.read_only {
            Access::ReadOnly
        } else {
            Access::ReadWrite
        }
    }

    /// Opens the database and finds out who is at the keyboard.
    pub async fn session(&self) -> Result<Session, Failure> {
        let services = self.services().await?;
        let ask = identity::Ask {
            via: "cli",
            as_login: self.as_login.clone(),
            read_only: self.read_only,
        };
        let actor = Arc::new(identity::who(&services, &ask).await?);
        self.language.set(actor.language);
        Ok(Session {
            services,
            language: actor.language,
            actor,
        })
    }
}

/// Global flags are found at the last command, wherever they stood.
fn deepest(matches: &ArgMatches) -> &ArgMatches {
    match matches.subcommand() {
        Some((_, inner)) => deepest(inner),
        None => matches,
    }
}

impl Session {
    /// A call by this person, with a request id of its own.
    pub fn call(&self, reason: &str, mode: Mode, version: Option<i64>) -> Call {
        Call {
            reason: reason.to_owned(),
            mode,
            version,
            ..Call::new(&self.actor)
        }
    }

    /// How tables are read here.
    pub fn reader(&self) -> table::Reader {
        table::Reader {
            language: self.language,
            now: self.services.clock.now(),
            width: terminal_width(),
        }
    }
}
