//! No command: opens the console. The first screen is shown before the database is, so everything slow is in `connect`.

use super::exit::{Exit, Failure};
use super::{Context, log};
use crate::clock::Clock;
use crate::config::{Settings, without_password};
use crate::console::copy::Wrap;
use crate::console::terminal::Mouse;
use crate::console::theme::{Glyphs, Theme};
use crate::console::{self, Links, keymap_file};
use crate::language::command::NO_TERMINAL;
use crate::screens;
use crate::service::presence::{self, Place};
use crate::service::{self, Actor, Error, Services, identity, pulse};
use crate::work::{self, Companion};
use std::io::IsTerminal;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Opens the console on the database of the settings.
pub async fn run(context: &Context) -> Result<Exit, Failure> {
    let settings = Arc::new(context.settings()?);
    log::begin(&settings, &context.environment);
    let (access, ask, seat) = (context.access(), ask(context), Seat::default());
    let (opened, taken) = (Arc::clone(&settings), Arc::clone(&seat));
    let connect = async move { join(service::open(opened, access).await?, ask, taken).await };
    show(context, &settings, connect, seat).await
}

/// Where the worker beside the console is kept, so that it can part in order when the console ends.
type Seat = Arc<Mutex<Option<Companion>>>;

/// Opens the console on services that are there already.
pub async fn on(context: &Context, services: Services) -> Result<Exit, Failure> {
    let settings = Arc::clone(&services.settings);
    let (ask, seat) = (ask(context), Seat::default());
    let taken = Arc::clone(&seat);
    show(
        context,
        &settings,
        async move { join(services, ask, taken).await },
        seat,
    )
    .await
}

fn ask(context: &Context) -> identity::Ask {
    let (as_login, read_only) = (context.as_login.clone(), context.read_only);
    identity::Ask {
        via: "console",
        as_login,
        read_only,
    }
}

/// Finds out who is here, notes the sign-in and, on an embedded database, begins a worker.
async fn join(
    services: Services,
    ask: identity::Ask,
    seat: Seat,
) -> Result<(Services, Arc<Actor>), Error> {
    let actor = Arc::new(identity::who(&services, &ask).await?);
    identity::signed_in(&services, &actor).await?;
    seat.lock().await.replace(work::accompany(services.clone()));
    Ok((services, actor))
}

async fn show<F>(
    context: &Context,
    settings: &Settings,
    connect: F,
    seat: Seat,
) -> Result<Exit, Failure>
where
    F: Future<Output = Result<(Services, Arc<Actor>), Error>> + Send + 'static,
{
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::Usage(
            NO_TERMINAL.text(context.spoken()).to_owned(),
        ));
    }
    let options = options(context, settings)?;
    let ended = console::run(options, connect, screens::ALL).await;
    if let Some(companion) = seat.lock().await.take() {
        companion.part().await;
    }
    Ok(match ended? {
        console::Exit::Quit => Exit::Done,
        console::Exit::Interrupted => Exit::Interrupted,
        console::Exit::HungUp => Exit::HungUp,
        console::Exit::Terminated => Exit::Terminated,
    })
}

fn options(context: &Context, settings: &Settings) -> Result<console::Options, Failure> {
    let language = context.spoken();
    let names: Vec<&'static str> = screens::ALL.iter().map(|s| s.name_en).collect();
    let console = &settings.console;
    let keymap = keymap_file::load(&console.keymap, &console.keys, &names)
        .map_err(|e| Failure::Usage(e.tell(language)))?;
    Ok(console::Options {
        language,
        theme: Theme::of(&console.theme, settings.no_color),
        glyphs: if console.ascii {
            Glyphs::Ascii
        } else {
            Glyphs::Unicode
        },
        keymap,
        database: name_of(&settings.database),
        person: person(context),
        production: console.production.clone(),
        state: settings.state.clone(),
        mouse: if console.mouse { Mouse::On } else { Mouse::Off },
        wrap: if settings.tmux {
            Wrap::Tmux
        } else {
            Wrap::Plain
        },
        idle_seconds: console.idle_seconds,
        clock: Clock::system(),
        links: LINKS,
    })
}

/// The login that acts, before the database says whose it is.
fn person(context: &Context) -> String {
    let own = || {
        identity::kernel_facts()
            .map(|facts| facts.login)
            .unwrap_or_default()
    };
    context.as_login.clone().unwrap_or_else(own)
}

/// What people call a database: the file or the server's database, without path, login and password.
fn name_of(url: &str) -> String {
    let shown = without_password(url);
    let last = shown.rsplit('/').next().unwrap_or_default();
    last.split('?').next().unwrap_or_default().to_owned()
}

const LINKS: Links = Links {
    pulse: |services, actor| Box::pin(async move { pulse::pulse(&services, &actor).await }),
    beat: |services, actor, (screen, record)| {
        Box::pin(async move {
            let record = record.as_ref().map(|(kind, id)| (*kind, id.as_str()));
            presence::beat(
                &services,
                &actor,
                &session(&actor),
                Place { screen, record },
            )
            .await
        })
    },
    leave: |services, actor| {
        Box::pin(async move { presence::leave(&services, &actor, &session(&actor)).await })
    },
};

/// One console is one process on one machine.
fn session(actor: &Actor) -> String {
    format!("{}/{}", actor.origin.host, std::process::id())
}
