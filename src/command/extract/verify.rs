//! `extract verify`: a release as it lies in a directory, checked without a database and without the portal's key.

use crate::command::grammar::{positional, value};
use crate::command::output::{self, Format, json};
use crate::command::{Context, Exit, Failure, Verb, source};
use crate::language::extract as say;
use crate::language::flag::{PUBLIC_KEY, RELEASE_DIRECTORY};
use crate::language::verb::EXTRACT_VERIFY;
use crate::language::{Language, Message};
use crate::service::extract::verify::{self, Fault, Findings};
use clap::ArgMatches;
use serde_json::json;
use std::path::Path;

/// Most bytes of a public key.
const MOST_BYTES: u64 = 64 << 10;

/// The command.
pub static VERIFY: Verb = Verb {
    noun: "extract",
    name: "verify",
    about: &EXTRACT_VERIFY,
    arguments: |command, language| {
        let key = PUBLIC_KEY.text(language).to_owned();
        command
            .arg(positional("directory", "DIR", &RELEASE_DIRECTORY, language).required(true))
            .arg(value("public-key", "FILE.pub", key, language))
    },
    run: |context, arguments| Box::pin(async move { check(context, arguments) }),
};

fn check(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let language = context.spoken();
    let directory = arguments.get_one::<String>("directory");
    let directory = directory.map_or("", String::as_str);
    let key = match arguments.get_one::<String>("public-key") {
        Some(path) => Some(source::text(path, MOST_BYTES)?),
        None => None,
    };
    let found = verify::directory(Path::new(directory), key.as_deref())
        .map_err(|e| Failure::file(directory, &e))?;
    match context.format() {
        Format::Json => output::data(json::write(&data(&found)).as_bytes())?,
        Format::Table | Format::Csv => output::text(&lines(&found, language))?,
    }
    Ok(if found.faults.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn data(found: &Findings) -> serde_json::Value {
    let faults = found.faults.iter().map(|f| {
        let (code, file) = code(f);
        json!({ "fault": code, "file": file })
    });
    json!({ "valid": found.faults.is_empty(), "digest": found.digest, "files": found.files,
        "signature": signature(found), "comment": found.signed, "faults": faults.collect::<Vec<_>>() })
}

const fn signature(found: &Findings) -> &'static str {
    match (found.signed.is_some(), found.has_signature) {
        (true, _) => "valid",
        (false, true) => "unchecked",
        (false, false) => "none",
    }
}

const fn code(fault: &Fault) -> (&'static str, Option<&String>) {
    match fault {
        Fault::Missing(name) => ("missing", Some(name)),
        Fault::Changed(name) => ("changed", Some(name)),
        Fault::Extra(name) => ("extra", Some(name)),
        Fault::Sums => ("sums", None),
        Fault::Manifest => ("manifest", None),
        Fault::Unsigned => ("unsigned", None),
        Fault::Signature => ("signature", None),
    }
}

fn lines(found: &Findings, language: Language) -> String {
    let mut all = Vec::new();
    for fault in &found.faults {
        let (message, name): (&Message, &str) = match fault {
            Fault::Missing(name) => (&say::FILE_MISSING, name),
            Fault::Changed(name) => (&say::FILE_CHANGED, name),
            Fault::Extra(name) => (&say::FILE_EXTRA, name),
            Fault::Sums => (&say::SUMS_UNREADABLE, ""),
            Fault::Manifest => (&say::MANIFEST_DIFFERS, ""),
            Fault::Unsigned => (&say::UNSIGNED, ""),
            Fault::Signature => (&say::SIGNATURE_WRONG, ""),
        };
        all.push(message.with(language, &[("file", name)]));
    }
    if found.faults.is_empty() {
        let files = found.files.to_string();
        all.push(say::ALL_RIGHT.with(language, &[("files", &files)]));
    }
    if !found.digest.is_empty() {
        all.push(say::DIGEST.with(language, &[("digest", &found.digest)]));
    }
    match (&found.signed, found.has_signature) {
        (Some(comment), _) => all.push(say::SIGNED.with(language, &[("comment", comment)])),
        (None, true) if found.faults.iter().all(|f| *f != Fault::Signature) => {
            all.push(say::SIGNATURE_UNCHECKED.text(language).to_owned());
        }
        (None, _) => {}
    }
    all.join("\n") + "\n"
}
