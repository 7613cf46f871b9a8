//! Mail about a delivery: what became of it, with counts and the codes of findings. Never a value, never the name of a file.

use super::error::Error;
use super::frame::Work;
use super::post::Letter;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Language;
use crate::domain::submission::State;
use crate::language::{display, finding};
use crate::store::account::{self, Account};
use crate::store::organisation;
use crate::store::submission::{self, Finding, Submission};
use serde_json::{Value, json};

/// Kinds of findings that a mail spells out.
const SPELT_OUT: usize = 10;

/// Whom a mail about an organisation's deliveries goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) language: Language,
}

impl Reader {
    fn of(account: Account) -> Self {
        Self {
            language: account.language.parse().unwrap_or_default(),
            name: account.name,
            email: account.email,
        }
    }
}

/// The uploader, else the active managers, else the active submitters; nobody when there is none, which Overzicht tells.
pub(super) async fn readers(
    work: &mut Work<'_>,
    organisation: &str,
    uploader: Option<&str>,
) -> Result<Vec<Reader>, Error> {
    let mut active = account::of(&mut work.tx, organisation).await?;
    active.retain(|a| a.state == "active");
    if let Some(own) = active.iter().find(|a| Some(a.id.as_str()) == uploader) {
        return Ok(vec![Reader::of(own.clone())]);
    }
    for role in ["manager", "submitter"] {
        let has = |a: &Account| a.roles.split(',').any(|r| r == role);
        if active.iter().any(has) {
            active.retain(has);
            return Ok(active.into_iter().map(Reader::of).collect());
        }
    }
    Ok(Vec::new())
}

/// Queues the mails that tell what became of a delivery, to its organisation and, where asked, to its vendor. A test run has mails
/// of its own.
pub(super) async fn tell(
    work: &mut Work<'_>,
    row: &Submission,
    findings: &[Finding],
) -> Result<(), Error> {
    let template = match row.state.parse() {
        Ok(State::Processed) => Template::DeliveryProcessed,
        Ok(State::Invalid) => Template::DeliveryInvalid,
        Ok(State::Held) if row.hold == "no_acceptance" => Template::DeliveryHeld,
        _ => return Ok(()),
    };
    if row.test != 0 {
        return Ok(());
    }
    let Some(o) = organisation::by_id(&mut work.tx, &row.organisation_id).await? else {
        return Ok(());
    };
    let mut readers = readers(work, &o.id, row.account_id.as_deref()).await?;
    if let Some(connection) = &row.connection_id {
        let vendor = submission::vendor_contact(&mut work.tx, connection).await?;
        readers.extend(vendor.map(|(name, email, language)| Reader {
            name,
            email,
            language: language.parse().unwrap_or_default(),
        }));
    }
    for reader in readers {
        let parameters = parameters(template, &o.name, row, findings, reader.language);
        work.post(Letter {
            template,
            language: reader.language,
            to: reader.email,
            name: reader.name,
            parameters,
            organisation: Some(o.id.clone()),
            about: (Kind::Submission, row.id.clone()),
        });
    }
    Ok(())
}

fn parameters(
    template: Template,
    organisation: &str,
    row: &Submission,
    findings: &[Finding],
    language: Language,
) -> Value {
    let mut all = json!({
        "organisation": organisation,
        "delivery": row.id.get(..8).unwrap_or(&row.id),
        "received": display::iso_date(row.received_at),
    });
    let mut add = |name: &str, value: Value| all[name] = value;
    if template == Template::DeliveryHeld {
        return all;
    }
    let kinds = by_code(findings);
    add("rows", json!(row.row_count));
    add("findings", json!(spelt_out(&kinds, language)));
    add("more", json!(kinds.len().saturating_sub(SPELT_OUT)));
    if template == Template::DeliveryProcessed {
        for (name, n) in [
            ("accepted", row.accepted),
            ("ignored", row.ignored),
            ("new", row.paths_new),
            ("changed", row.paths_changed),
            ("same", row.paths_same),
        ] {
            add(name, json!(n));
        }
    }
    all
}

/// Codes with how often, those that refuse the file first, then in the order of the file.
fn by_code(findings: &[Finding]) -> Vec<(&str, i64)> {
    let mut kinds: Vec<(&str, bool, i64)> = Vec::new();
    for f in findings {
        match kinds.iter_mut().find(|(code, ..)| *code == f.code) {
            Some(kind) => kind.2 += f.count,
            None => kinds.push((&f.code, f.severity != "file", f.count)),
        }
    }
    kinds.sort_by_key(|(_, mild, _)| *mild);
    kinds.into_iter().map(|(code, _, n)| (code, n)).collect()
}

fn spelt_out(kinds: &[(&str, i64)], language: Language) -> String {
    let line = |(code, n): &(&str, i64)| {
        let (what, todo) = finding::finding(code);
        let (what, todo) = (what.text(language), todo.text(language));
        format!("{code} ({n}×): {what} {todo}")
    };
    let lines: Vec<String> = kinds.iter().take(SPELT_OUT).map(line).collect();
    lines.join("\n")
}
