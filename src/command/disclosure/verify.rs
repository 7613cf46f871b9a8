//! `disclosure verify`: a protected table and its proof, added up again.

use super::input::{self, MOST_BYTES};
use crate::command::grammar::positional;
use crate::command::output::{self, Format, json};
use crate::command::{Answer, Context, Exit, Failure, Verb, source};
use crate::extract::{Certificate, Fault, Interval, Refusal, Wrong, verify};
use crate::language::Language;
use crate::language::disclosure as say;
use clap::{ArgMatches, Command};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The command.
pub static VERIFY: Verb = Verb {
    noun: "disclosure",
    name: "verify",
    about: &say::VERIFY,
    arguments,
    run,
};

fn arguments(command: Command, language: Language) -> Command {
    command
        .arg(positional("table", "TABLE", &say::TABLE, language).required(true))
        .arg(positional("certificate", "CERTIFICATE", &say::PROOF, language).required(true))
}

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move { check(context, arguments) })
}

fn check(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let language = context.spoken();
    let path = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
    let table = input::table(context, path("table"))?;
    let bytes = source::bytes(path("table"), MOST_BYTES)?;
    let proof = source::bytes(path("certificate"), MOST_BYTES)?;
    let certificate: Certificate = serde_json::from_slice(&proof).map_err(|e| {
        let line = u64::try_from(e.line()).unwrap_or(0);
        let place = e.column().to_string();
        input::told(
            context,
            &Fault::at(path("certificate"), line, Wrong::Certificate, place),
        )
    })?;
    let digest = hex::encode(Sha256::digest(&bytes));
    let result = if digest == certificate.sha256 {
        verify(&table, &certificate).map_err(|refused| refusal(refused, language))
    } else {
        Err(say::OTHER_TABLE.text(language).to_owned())
    };
    if context.format() == Format::Json {
        let hidden = result.as_ref().map_or(0, |p| p.hidden);
        let witnesses = result.as_ref().map_or(0, |p| p.witnesses);
        let value = json!({
            "valid": result.is_ok(), "hidden": hidden, "witnesses": witnesses,
            "rules": certificate.rules, "refused": result.as_ref().err(),
        });
        output::data(json::write(&value).as_bytes())?;
    } else {
        output::text(&told(&result, &certificate, language))?;
    }
    Ok(if result.is_ok() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn told(
    result: &Result<crate::extract::Proven, String>,
    certificate: &Certificate,
    language: Language,
) -> String {
    let sentence = match result {
        Err(what) => say::REFUSED.with(language, &[("what", what)]),
        Ok(proven) => {
            let interval = match certificate.rules.interval {
                Interval::Exact => "exact",
                Interval::Threshold => "threshold",
            };
            say::PROVEN.with(
                language,
                &[
                    ("hidden", &proven.hidden.to_string()),
                    ("witnesses", &proven.witnesses.to_string()),
                    ("least", &certificate.rules.min_count.to_string()),
                    ("interval", interval),
                ],
            )
        }
    };
    sentence + "\n"
}

/// Why a proof is refused, as a sentence.
pub(super) fn refusal(refusal: Refusal, language: Language) -> String {
    let (message, number, line) = match refusal {
        Refusal::Form => (&say::OTHER_FORM, 0, 0),
        Refusal::Code(line) => (&say::NO_WAY, 0, line),
        Refusal::Total(line) => (&say::BAD_SUM, 0, line),
        Refusal::Published(line) => (&say::SHOWN, 0, line),
        Refusal::Row(number) => (&say::BAD_ROW, number, 0),
        Refusal::Changed(number, line) => (&say::CHANGED, number, line),
        Refusal::Below(number, line) => (&say::BELOW, number, line),
        Refusal::Sum(number, line) => (&say::BROKEN, number, line),
        Refusal::Closed(line) => (&say::CLOSED, 0, line),
    };
    message.with(
        language,
        &[
            ("number", &(number + 1).to_string()),
            ("line", &line.to_string()),
        ],
    )
}
