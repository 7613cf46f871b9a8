//! The audit: append-only rows in a hash chain behind a locked head. Not who may read it, nor what is worth a row.

use super::{Engine, Query, StoreError, Tx};
use crate::domain::time::Timestamp;
use sha2::{Digest, Sha256};

/// One row before it has a place in the chain.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Operator's id, empty for the system.
    pub operator_id: String,
    /// OS login.
    pub login: String,
    /// Name of the person or of the part of the system.
    pub actor: String,
    /// Roles at that moment.
    pub roles: String,
    /// Login on whose behalf.
    pub on_behalf: String,
    /// `console`, `cli`, `worker`, `intake`, `demo`.
    pub via: String,
    /// Machine.
    pub host: String,
    /// Terminal.
    pub tty: String,
    /// `SSH_CONNECTION` as claimed.
    pub ssh: String,
    /// User id of the process.
    pub uid: i64,
    /// What, as `noun.verb`.
    pub action: String,
    /// Kind of record.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// Organisation that it belongs to, empty for none.
    pub organisation_id: String,
    /// `done`, `refused`, `failed`.
    pub outcome: String,
    /// Reason as given.
    pub reason: String,
    /// Request that caused it.
    pub request: String,
    /// JSON: before and after of state, code, date and number fields; names of changed personal fields.
    pub detail: String,
}

/// One row as it stands in the chain.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stored {
    /// Place in the chain, from 1.
    pub sequence: i64,
    /// When, in milliseconds UTC.
    pub at: i64,
    /// Operator's id.
    pub operator_id: String,
    /// OS login.
    pub login: String,
    /// Name.
    pub actor: String,
    /// Roles.
    pub roles: String,
    /// On whose behalf.
    pub on_behalf: String,
    /// Way in.
    pub via: String,
    /// Machine.
    pub host: String,
    /// Terminal.
    pub tty: String,
    /// SSH claim.
    pub ssh: String,
    /// User id.
    pub uid: i64,
    /// What.
    pub action: String,
    /// Kind of record.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// Organisation.
    pub organisation_id: String,
    /// How it ended.
    pub outcome: String,
    /// Reason.
    pub reason: String,
    /// Request.
    pub request: String,
    /// Detail as JSON.
    pub detail: String,
    /// Hash of the row before.
    pub previous: String,
    /// Hash of this row.
    pub hash: String,
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Head {
    /// Number of rows.
    pub sequence: i64,
    /// Hash of the last row, empty when there is none.
    pub hash: String,
    /// When the last row was written.
    pub at: i64,
}

/// Name and version of the canonical form; a new form gets a new name.
const FORM: &str = "portaal-audit-1";

impl Entry {
    /// The row at a place in the chain, with its hash.
    pub fn chain(&self, database: &str, head: &Head) -> Stored {
        let mut row = Stored {
            sequence: head.sequence + 1,
            at: self.at.0,
            operator_id: self.operator_id.clone(),
            login: self.login.clone(),
            actor: self.actor.clone(),
            roles: self.roles.clone(),
            on_behalf: self.on_behalf.clone(),
            via: self.via.clone(),
            host: self.host.clone(),
            tty: self.tty.clone(),
            ssh: self.ssh.clone(),
            uid: self.uid,
            action: self.action.clone(),
            object_kind: self.object_kind.clone(),
            object_id: self.object_id.clone(),
            organisation_id: self.organisation_id.clone(),
            outcome: self.outcome.clone(),
            reason: self.reason.clone(),
            request: self.request.clone(),
            detail: self.detail.clone(),
            previous: head.hash.clone(),
            hash: String::new(),
        };
        row.hash = row.digest(database);
        row
    }
}

impl Stored {
    /// SHA-256 in hexadecimal over the length-prefixed fields, the database's id and the hash before.
    pub fn digest(&self, database: &str) -> String {
        let mut hasher = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        add(FORM.as_bytes());
        add(database.as_bytes());
        for number in [self.sequence, self.at, self.uid] {
            add(&number.to_be_bytes());
        }
        for text in self.texts() {
            add(text.as_bytes());
        }
        add(self.previous.as_bytes());
        hex::encode(hasher.finalize())
    }

    fn texts(&self) -> [&str; 17] {
        [
            &self.operator_id,
            &self.login,
            &self.actor,
            &self.roles,
            &self.on_behalf,
            &self.via,
            &self.host,
            &self.tty,
            &self.ssh,
            &self.action,
            &self.object_kind,
            &self.object_id,
            &self.organisation_id,
            &self.outcome,
            &self.reason,
            &self.request,
            &self.detail,
        ]
    }
}

/// The end of the chain.
pub async fn head(tx: &mut Tx) -> Result<Head, StoreError> {
    let row = tx
        .optional(Query::new(
            "SELECT sequence, hash, at FROM audit_head WHERE id = 1",
        ))
        .await?;
    row.ok_or_else(|| StoreError::Schema("audit_head".to_owned()))
}

/// Appends rows. Takes the lock on the head, so it is the last thing before a commit.
pub async fn append(tx: &mut Tx, database: &str, entries: &[Entry]) -> Result<(), StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT sequence, hash, at FROM audit_head WHERE id = 1",
        Engine::Postgres => "SELECT sequence, hash, at FROM audit_head WHERE id = 1 FOR UPDATE",
    };
    let row: Option<Head> = tx.optional(Query::new(sql)).await?;
    let mut head = row.ok_or_else(|| StoreError::Schema("audit_head".to_owned()))?;
    for entry in entries {
        let row = entry.chain(database, &head);
        head = Head {
            sequence: row.sequence,
            hash: row.hash.clone(),
            at: row.at,
        };
        insert(tx, row).await?;
        let sql = "UPDATE audit_head SET sequence = $1, hash = $2, at = $3 WHERE id = 1";
        tx.execute(
            Query::new(sql)
                .bind(head.sequence)
                .bind(&head.hash)
                .bind(head.at),
        )
        .await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, row: Stored) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO audit (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([row.sequence, row.at])
        .push(", ")
        .args([
            row.operator_id,
            row.login,
            row.actor,
            row.roles,
            row.on_behalf,
        ])
        .push(", ")
        .args([row.via, row.host, row.tty, row.ssh])
        .push(", ")
        .arg(row.uid)
        .push(", ")
        .args([
            row.action,
            row.object_kind,
            row.object_id,
            row.organisation_id,
            row.outcome,
        ])
        .push(", ")
        .args([row.reason, row.request, row.detail, row.previous, row.hash])
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// Columns of a row, in the order of the table.
pub const COLUMNS: &str = "sequence, at, operator_id, login, actor, roles, on_behalf, via, host, tty, ssh, uid, \
    action, object_kind, object_id, organisation_id, outcome, reason, request, detail, previous, hash";

/// Rows after a place in the chain, in order.
pub async fn after(tx: &mut Tx, sequence: i64, limit: i64) -> Result<Vec<Stored>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2")
        .bind(sequence)
        .bind(limit);
    tx.all(query).await
}
