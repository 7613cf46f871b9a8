//! `intake`: takes deliveries in until it is asked to stop; `intake key`: a service key for the portal's front end. What is taken in
//! and how stands in `intake`.

use super::exit::{Exit, Failure};
use super::output::{self, Format, json};
use super::{Answer, Context, Verb};
use crate::domain::licence_code::{LicenceCode, NEEDED, Opens};
use crate::intake::{Intake, Trouble};
use crate::language::command::INTERRUPTED;
use crate::language::intake::{KEY_ONCE, LISTENING, PLAIN, STOPPED};
use crate::language::verb::{INTAKE, INTAKE_KEY};
use crate::service::{Denied, Error};
use clap::ArgMatches;
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// `intake`
pub static VERB: Verb = Verb {
    noun: "",
    name: "intake",
    about: &INTAKE,
    arguments: |command, _| command,
    run: |context, _| Box::pin(take_in(context)),
};

/// `intake key`
pub static KEY: Verb = Verb {
    noun: "intake",
    name: "key",
    about: &INTAKE_KEY,
    arguments: |command, _| command,
    run: key,
};

/// The first signal asks the intake to finish what it has begun; the second does not wait for that.
async fn take_in(context: &Context) -> Result<Exit, Failure> {
    if context.read_only {
        return Err(Error::Denied(Denied::ReadOnly, String::new()).into());
    }
    let services = context.services().await?;
    let plain = services.settings.intake.certificate.is_none();
    let intake = Intake::open(services).await.map_err(failure)?;
    let (address, metrics) = (intake.address(), intake.metrics_address());
    let names = [
        ("address", address.to_string()),
        ("metrics", metrics.to_string()),
    ];
    let names = names
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    output::tell(&LISTENING.with(context.spoken(), &names));
    if plain && !address.ip().is_loopback() {
        output::tell(PLAIN.text(context.spoken()));
    }
    let (ask, asked) = watch::channel(false);
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    let running = intake.run(asked);
    tokio::pin!(running);
    loop {
        tokio::select! {
            () = &mut running => {
                output::tell(STOPPED.text(context.spoken()));
                return Ok(Exit::Done);
            }
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        if ask.send_replace(true) {
            output::tell(INTERRUPTED.text(context.spoken()));
            return Ok(Exit::Interrupted);
        }
    }
}

fn failure(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Address { address, detail } => Failure::File {
            path: address.to_string(),
            detail,
        },
        Trouble::Certificate { path, detail } => Failure::File { path, detail },
        Trouble::Service(error) => Failure::Service(error),
    }
}

fn listen(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|e| Failure::file("signal", &e))
}

fn key<'a>(context: &'a Context, _: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let key = fresh()?;
        let hash = key.hash();
        if context.format() == Format::Json {
            let made = json!({ "key": key.expose(), "sha256": hash });
            output::data(json::write(&made).as_bytes())?;
            return Ok(Exit::Done);
        }
        output::text(&format!("{}\n", key.expose()))?;
        output::tell(&KEY_ONCE.with(context.spoken(), &[("hash", &hash)]));
        Ok(Exit::Done)
    })
}

fn fresh() -> Result<LicenceCode, Failure> {
    let mut random = [0_u8; NEEDED];
    loop {
        getrandom::fill(&mut random).map_err(|e| Error::Internal(e.to_string()))?;
        if let Some(key) = LicenceCode::make(Opens::Portal, &random) {
            return Ok(key);
        }
    }
}
