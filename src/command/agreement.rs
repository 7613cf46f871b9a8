//! `agreement publish`, `download` and `record-acceptance`: a version with its document, and the acceptance as the front end records it.

use super::act::{dry_run, mode};
use super::exit::{Exit, Failure};
use super::grammar::{positional, value};
use super::outcome::{self, Blame};
use super::{Context, Verb, output, source};
use crate::language::command::REASON;
use crate::language::flag::{
    ACCEPTED_BY, ACCEPTED_VERSION, GRACE_UNTIL, ORGANISATION, PDF, REMOTE, TARGET, TITLE,
    VALID_FROM, VERSION_NAME,
};
use crate::language::verb::{AGREEMENT_DOWNLOAD, AGREEMENT_PUBLISH, AGREEMENT_RECORD_ACCEPTANCE};
use crate::language::{Language, Message};
use crate::service::Mode;
use crate::service::acceptance::{self, Evidence};
use crate::service::agreement::{self, New, Stage};
use clap::{Arg, ArgMatches};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Most bytes of a document; the service has its own limit beneath it.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// `agreement publish`
pub static PUBLISH: Verb = Verb {
    noun: "agreement",
    name: "publish",
    about: &AGREEMENT_PUBLISH,
    arguments: |command, language| {
        let needed = |name, shown, about| text(name, shown, about, language).required(true);
        let command = command
            .arg(positional("file", "FILE.pdf", &PDF, language).required(true))
            .arg(needed("name", "NAME", &VERSION_NAME))
            .arg(needed("title", "TEXT", &TITLE))
            .arg(needed("valid-from", "DATE", &VALID_FROM))
            .arg(needed("grace-until", "DATE", &GRACE_UNTIL))
            .arg(text("reason", "TEXT", &REASON, language));
        dry_run(command, language)
    },
    run: |context, arguments| Box::pin(publish(context, arguments)),
};

/// `agreement download`
pub static DOWNLOAD: Verb = Verb {
    noun: "agreement",
    name: "download",
    about: &AGREEMENT_DOWNLOAD,
    arguments: |command, language| {
        command
            .arg(positional("version", "VERSION", &ACCEPTED_VERSION, language).required(true))
            .arg(text("to", "FILE", &TARGET, language))
    },
    run: |context, arguments| Box::pin(download(context, arguments)),
};

/// `agreement record-acceptance`
pub static RECORD_ACCEPTANCE: Verb = Verb {
    noun: "agreement",
    name: "record-acceptance",
    about: &AGREEMENT_RECORD_ACCEPTANCE,
    arguments: |command, language| {
        let command = command
            .arg(text("organisation", "AGB", &ORGANISATION, language).required(true))
            .arg(text("account", "ACCOUNT", &ACCEPTED_BY, language).required(true))
            .arg(text("version", "VERSION", &ACCEPTED_VERSION, language))
            .arg(text("remote", "ADDRESS", &REMOTE, language).required(true));
        dry_run(command, language)
    },
    run: |context, arguments| Box::pin(record_acceptance(context, arguments)),
};

fn text(name: &'static str, shown: &'static str, about: &Message, language: Language) -> Arg {
    value(name, shown, about.text(language).to_owned(), language)
}

fn given(arguments: &ArgMatches, name: &str) -> String {
    arguments
        .get_one::<String>(name)
        .cloned()
        .unwrap_or_default()
}

async fn publish(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let path = given(arguments, "file");
    let document = source::bytes(&path, MOST_BYTES)?;
    let file_name = Path::new(&path).file_name();
    let session = context.session().await?;
    let call = session.call(&given(arguments, "reason"), mode(arguments), None);
    let new = New {
        name: given(arguments, "name"),
        title: given(arguments, "title"),
        valid_from: given(arguments, "valid-from"),
        grace_until: given(arguments, "grace-until"),
        file_name: file_name
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        document,
        stage: Stage::Published,
    };
    let result = agreement::publish_document(&session.services, &call, new).await;
    outcome::report(
        context,
        &session,
        &outcome::one(result, Blame::Arguments),
        call.mode,
    )
}

async fn record_acceptance(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let evidence = Evidence {
        organisation: given(arguments, "organisation"),
        account: given(arguments, "account"),
        version: given(arguments, "version"),
        remote: given(arguments, "remote"),
    };
    let session = context.session().await?;
    let call = session.call("", mode(arguments), None);
    let result = acceptance::record_acceptance(&session.services, &call, &evidence).await;
    outcome::report(
        context,
        &session,
        &outcome::one(result, Blame::Arguments),
        call.mode,
    )
}

async fn download(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let session = context.session().await?;
    let call = session.call("", Mode::Commit, None);
    let version = given(arguments, "version");
    let (name, bytes) = agreement::document(&session.services, &call, &version).await?;
    let target = match given(arguments, "to") {
        asked if asked.is_empty() => plain(&name),
        asked => asked,
    };
    if target == "-" {
        output::data(&bytes)?;
        return Ok(Exit::Done);
    }
    save(&target, &bytes)?;
    output::text(&format!("{target}\n"))?;
    Ok(Exit::Done)
}

/// A stored name as a name in this directory and nowhere else.
fn plain(name: &str) -> String {
    let safe = |c: char| {
        if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') {
            c
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(safe).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() {
        "agreement.pdf".to_owned()
    } else {
        name.to_owned()
    }
}

/// Writes a new file; one that exists is not replaced.
fn save(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    opened
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|e| Failure::file(path, &e))
}
