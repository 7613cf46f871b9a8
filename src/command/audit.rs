//! `audit verify`, `anchor` and `export`: the chain recomputed, its head for outside the database, its rows as JSON lines.

use super::exit::{Exit, Failure};
use super::grammar::value;
use super::output::{self, Format, json};
use super::{Context, Verb, source};
use crate::language::command::REASON;
use crate::language::flag::ANCHOR;
use crate::language::verb::{AUDIT_ANCHOR, AUDIT_EXPORT, AUDIT_VERIFY};
use crate::language::{Language, audit as say};
use crate::service::Mode;
use crate::service::audit::{self, Fault, Verdict};
use clap::ArgMatches;
use serde_json::json;
use std::io::{ErrorKind, Write};

/// Most bytes of a file with anchors.
const MOST_BYTES: u64 = 1024 * 1024;

/// `audit verify`
pub static VERIFY: Verb = Verb {
    noun: "audit",
    name: "verify",
    about: &AUDIT_VERIFY,
    arguments: |command, language| {
        command.arg(value(
            "anchor",
            "FILE",
            ANCHOR.text(language).to_owned(),
            language,
        ))
    },
    run: |context, arguments| Box::pin(verify(context, arguments)),
};

/// `audit anchor`
pub static WRITE_ANCHOR: Verb = Verb {
    noun: "audit",
    name: "anchor",
    about: &AUDIT_ANCHOR,
    arguments: |command, _| command,
    run: |context, _| Box::pin(anchor(context)),
};

/// `audit export`
pub static EXPORT: Verb = Verb {
    noun: "audit",
    name: "export",
    about: &AUDIT_EXPORT,
    arguments: |command, language| {
        command.arg(value(
            "reason",
            "TEXT",
            REASON.text(language).to_owned(),
            language,
        ))
    },
    run: |context, arguments| Box::pin(export(context, arguments)),
};

async fn verify(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let path = arguments.get_one::<String>("anchor");
    let anchor = path.map(|p| source::text(p, MOST_BYTES)).transpose()?;
    let session = context.session().await?;
    let call = session.call("", Mode::Commit, None);
    let verdict = audit::verify(&session.services, &call, anchor.as_deref()).await?;
    if context.format() == Format::Json {
        let fault = verdict
            .fault
            .map(|f| json!({ "kind": name(f), "sequence": place(f) }));
        let value = json!({
            "valid": verdict.fault.is_none(), "rows": verdict.rows,
            "hash": verdict.hash, "fault": fault,
        });
        output::data(json::write(&value).as_bytes())?;
    } else {
        output::text(&sentence(&verdict, session.language))?;
    }
    Ok(if verdict.fault.is_none() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn sentence(verdict: &Verdict, language: Language) -> String {
    let rows = verdict.rows.to_string();
    let Some(fault) = verdict.fault else {
        let values = [("rows", rows.as_str()), ("hash", verdict.hash.as_str())];
        return say::HOLDS.with(language, &values) + "\n";
    };
    let message = match fault {
        Fault::Edited(_) => &say::EDITED,
        Fault::Gap(_) => &say::GAP,
        Fault::Broken(_) => &say::BROKEN,
        Fault::CutTail(_) => &say::CUT_TAIL,
        Fault::BeyondHead(_) => &say::BEYOND_HEAD,
        Fault::Anchor(_) => &say::ANCHOR_DIFFERS,
        Fault::OtherDatabase => &say::OTHER_DATABASE,
    };
    let number = place(fault).unwrap_or(0).to_string();
    message.with(language, &[("row", &number)]) + "\n"
}

const fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Edited(_) => "edited",
        Fault::Gap(_) => "gap",
        Fault::Broken(_) => "broken",
        Fault::CutTail(_) => "cut_tail",
        Fault::BeyondHead(_) => "beyond_head",
        Fault::Anchor(_) => "anchor",
        Fault::OtherDatabase => "other_database",
    }
}

const fn place(fault: Fault) -> Option<i64> {
    match fault {
        Fault::Edited(n)
        | Fault::Gap(n)
        | Fault::Broken(n)
        | Fault::CutTail(n)
        | Fault::BeyondHead(n)
        | Fault::Anchor(n) => Some(n),
        Fault::OtherDatabase => None,
    }
}

async fn anchor(context: &Context) -> Result<Exit, Failure> {
    let session = context.session().await?;
    let call = session.call("", Mode::Commit, None);
    let line = audit::anchor(&session.services, &call).await?;
    output::text(&format!("{line}\n"))?;
    Ok(Exit::Done)
}

async fn export(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let reason = arguments
        .get_one::<String>("reason")
        .map_or("", String::as_str);
    let session = context.session().await?;
    let call = session.call(reason, Mode::Commit, None);
    let mut out = Lines::default();
    let exported = audit::export(&session.services, &call, &mut out).await;
    if out.closed {
        return Err(Failure::Closed);
    }
    let rows = exported?;
    output::tell(&say::EXPORTED.with(session.language, &[("rows", &rows.to_string())]));
    Ok(Exit::Done)
}

/// Writes whole lines of JSON to stdout, made safe, and remembers when nobody reads them.
#[derive(Default)]
struct Lines {
    begun: Vec<u8>,
    closed: bool,
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        if self.begun.ends_with(b"\n") {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let text = String::from_utf8_lossy(&self.begun);
        let written = std::io::stdout()
            .lock()
            .write_all(json::safe(&text).as_bytes());
        self.begun.clear();
        self.closed |= written
            .as_ref()
            .is_err_and(|e| e.kind() == ErrorKind::BrokenPipe);
        written
    }
}
