//! The audit as staff use it: verify the chain, anchor its head outside the database, export it, note a read.

use super::error::Error;
use super::frame::{append_alone, entry_of};
use super::{Actor, Call, Services};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::language::display;
use crate::store::audit::{self, Head, Stored};
use serde_json::{Value, json};

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Rows that were read.
    pub rows: i64,
    /// Hash of the last row.
    pub hash: String,
    /// First thing that is wrong; `None` when the chain holds.
    pub fault: Option<Fault>,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The contents of this row are not what was written.
    Edited(i64),
    /// Rows are missing before this one.
    Gap(i64),
    /// This row does not follow the one before it.
    Broken(i64),
    /// The head names more rows than there are.
    CutTail(i64),
    /// There are more rows than the head names.
    BeyondHead(i64),
    /// The row that the anchor names is not there, or is another.
    Anchor(i64),
    /// The anchor belongs to another database.
    OtherDatabase,
}

/// Rows read at a time.
const PAGE: i64 = 2000;

/// Recomputes the chain, and compares it with an anchor that was kept elsewhere.
pub async fn verify(
    services: &Services,
    call: &Call,
    anchor: Option<&str>,
) -> Result<Verdict, Error> {
    require(services, call, Right::AuditVerify, "audit.verify").await?;
    let anchor = anchor.map(read_anchor).transpose()?;
    let mut tx = services.db.read().await?;
    let head = audit::head(&mut tx).await?;
    let mut walk = Walk::new(&services.mark.id, anchor);
    loop {
        let rows = audit::after(&mut tx, walk.head.sequence, PAGE).await?;
        if rows.is_empty() || rows.iter().any(|row| walk.step(row).is_some()) {
            break;
        }
    }
    tx.rollback().await?;
    let verdict = walk.end(&head);
    let detail = json!({ "rows": verdict.rows, "fault": verdict.fault.map(|f| format!("{f:?}")) });
    let noted = note(
        services,
        &call.actor,
        "audit.verify",
        Kind::Audit,
        "",
        detail,
    )
    .await;
    // A chain that is broken may take no rows any more; then the verdict matters more than its own row.
    if verdict.fault.is_none() {
        noted?;
    }
    Ok(verdict)
}

struct Walk<'a> {
    database: &'a str,
    anchor: Option<Anchor>,
    head: Head,
    fault: Option<Fault>,
}

impl<'a> Walk<'a> {
    fn new(database: &'a str, anchor: Option<Anchor>) -> Self {
        let other = anchor.as_ref().is_some_and(|a| a.database != database);
        let head = Head {
            sequence: 0,
            hash: String::new(),
            at: 0,
        };
        Self {
            database,
            anchor,
            head,
            fault: other.then_some(Fault::OtherDatabase),
        }
    }

    fn step(&mut self, row: &Stored) -> Option<Fault> {
        let number = row.sequence;
        let fault = if number != self.head.sequence + 1 {
            Some(Fault::Gap(number))
        } else if row.previous != self.head.hash {
            Some(Fault::Broken(number))
        } else if row.digest(self.database) != row.hash {
            Some(Fault::Edited(number))
        } else if self
            .anchor
            .as_ref()
            .is_some_and(|a| a.sequence == number && a.hash != row.hash)
        {
            Some(Fault::Anchor(number))
        } else {
            None
        };
        self.fault = self.fault.or(fault);
        self.head = Head {
            sequence: number,
            hash: row.hash.clone(),
            at: row.at,
        };
        self.fault
    }

    fn end(self, head: &Head) -> Verdict {
        let cut =
            (head.sequence > self.head.sequence).then_some(Fault::CutTail(self.head.sequence + 1));
        let beyond = (head.sequence < self.head.sequence || head.hash != self.head.hash)
            .then_some(Fault::BeyondHead(head.sequence));
        let last = self.head.sequence;
        let absent = self
            .anchor
            .as_ref()
            .filter(|a| a.sequence > last)
            .map(|a| Fault::Anchor(a.sequence));
        let fault = self.fault.or(absent).or(cut).or(beyond);
        Verdict {
            rows: last,
            hash: self.head.hash,
            fault,
        }
    }
}

struct Anchor {
    database: String,
    sequence: i64,
    hash: String,
}

fn read_anchor(text: &str) -> Result<Anchor, Error> {
    let wrong = || {
        let flaw = crate::domain::check::Flaw::NotText;
        Error::Invalid(vec![super::error::Wrong {
            field: "anchor".to_owned(),
            flaw,
        }])
    };
    let last = text
        .lines()
        .rfind(|l| !l.trim().is_empty())
        .ok_or_else(wrong)?;
    let mut words = last.split_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("portaal-anchor-1"), Some(database), Some(sequence), Some(hash)) => Ok(Anchor {
            database: database.to_owned(),
            sequence: sequence.parse().map_err(|_| wrong())?,
            hash: hash.to_owned(),
        }),
        _ => Err(wrong()),
    }
}

/// One line that names the head of the chain, to be kept outside the database.
pub async fn anchor(services: &Services, call: &Call) -> Result<String, Error> {
    require(services, call, Right::AuditVerify, "audit.anchor").await?;
    note(
        services,
        &call.actor,
        "audit.anchor",
        Kind::Audit,
        "",
        json!({}),
    )
    .await?;
    let mut tx = services.db.read().await?;
    let head = audit::head(&mut tx).await?;
    tx.rollback().await?;
    let at = display::rfc3339(services.clock.now());
    Ok(format!(
        "portaal-anchor-1 {} {} {} {at}",
        services.mark.id, head.sequence, head.hash
    ))
}

/// Writes all rows as JSON lines; refused where the export itself cannot be audited.
pub async fn export(
    services: &Services,
    call: &Call,
    out: &mut (dyn std::io::Write + Send),
) -> Result<i64, Error> {
    require(services, call, Right::AuditExport, "audit.export").await?;
    note(
        services,
        &call.actor,
        "audit.export",
        Kind::Audit,
        "",
        json!({ "reason": call.reason }),
    )
    .await?;
    let mut tx = services.db.read().await?;
    let mut last = 0;
    loop {
        let rows = audit::after(&mut tx, last, PAGE).await?;
        let Some(end) = rows.last().map(|r| r.sequence) else {
            break;
        };
        for row in &rows {
            writeln!(out, "{}", line(row)).map_err(|e| Error::Internal(e.to_string()))?;
        }
        last = end;
    }
    tx.rollback().await?;
    Ok(last)
}

fn line(row: &Stored) -> Value {
    json!({
        "sequence": row.sequence, "at": display::rfc3339(crate::domain::time::Timestamp(row.at)),
        "operator": row.operator_id, "login": row.login, "actor": row.actor, "roles": row.roles,
        "on_behalf": row.on_behalf, "via": row.via, "host": row.host, "tty": row.tty, "ssh_claim": row.ssh,
        "uid": row.uid, "action": row.action, "object_kind": row.object_kind, "object_id": row.object_id,
        "organisation": row.organisation_id, "outcome": row.outcome, "reason": row.reason,
        "request": row.request, "detail": serde_json::from_str::<Value>(&row.detail).unwrap_or(Value::Null),
        "previous": row.previous, "hash": row.hash,
    })
}

/// Refuses, with an audit row, whoever lacks the right.
async fn require(
    services: &Services,
    call: &Call,
    right: Right,
    action: &'static str,
) -> Result<(), Error> {
    if call.actor.may(right) {
        return Ok(());
    }
    let mut entry = entry_of(&call.actor, services.clock.now());
    action.clone_into(&mut entry.action);
    Kind::Audit.as_str().clone_into(&mut entry.object_kind);
    "refused".clone_into(&mut entry.outcome);
    entry.request.clone_from(&call.request);
    entry.detail = json!({ "refused": "right" }).to_string();
    append_alone(services, entry).await?;
    Err(Error::Right { act: None, right })
}

/// Notes a read that must be known: a reveal, a search by personal fields, an export.
pub async fn note(
    services: &Services,
    actor: &Actor,
    action: &'static str,
    kind: Kind,
    object: &str,
    detail: Value,
) -> Result<(), Error> {
    let mut entry = entry_of(actor, services.clock.now());
    action.clone_into(&mut entry.action);
    kind.as_str().clone_into(&mut entry.object_kind);
    object.clone_into(&mut entry.object_id);
    "done".clone_into(&mut entry.outcome);
    entry.detail = detail.to_string();
    append_alone(services, entry).await
}
