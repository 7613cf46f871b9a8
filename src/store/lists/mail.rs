//! The list of mails, and what one of them holds besides its row: attempts, resends, parameters.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Index, Key, ListSpec, Share, Sort, Split};
use super::super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;
use crate::domain::mail::{State, Template};
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Which text it carries.
    pub template: String,
    /// Mail address; shown in full only in the record.
    pub recipient: String,
    /// Name of the recipient.
    pub recipient_name: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When it was queued.
    #[sqlx(try_from = "i64")]
    pub queued_at: Timestamp,
    /// When it left, 0 for not.
    #[sqlx(try_from = "i64")]
    pub sent_at: Timestamp,
    /// Attempts so far.
    pub attempts: i64,
    /// What the server last answered.
    pub reply: String,
    /// The mail that this one repeats, empty for none.
    pub resend_of: String,
    /// Name of the organisation, empty for none.
    pub organisation: String,
}

/// What stands in a record and not in the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Rest {
    /// Language of the mail.
    pub language: String,
    /// Parameters of the template as JSON; never a secret.
    pub parameters: String,
    /// Identifier of the organisation, empty for none.
    pub organisation_id: String,
    /// Kind of the record that caused it.
    pub object_kind: String,
    /// Its identifier.
    pub object_id: String,
    /// Who queued it.
    pub queued_by: String,
    /// Not before.
    #[sqlx(try_from = "i64")]
    pub send_at: Timestamp,
    /// Given up after.
    #[sqlx(try_from = "i64")]
    pub give_up_at: Timestamp,
    /// Message-ID.
    pub message_id: String,
}

/// One attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attempt {
    /// From 1.
    pub attempt: i64,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    /// When it ended, 0 while it runs.
    #[sqlx(try_from = "i64")]
    pub ended_at: Timestamp,
    /// How it ended.
    pub outcome: String,
    /// How far the conversation came.
    pub step: String,
    /// Code of the server's answer, 0 for none.
    pub code: i64,
    /// The server's answer.
    pub reply: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("m.state", Kind::Mail, State::CODES)),
    Field::of(
        "template",
        Of::Code("m.template", Kind::Mail, Template::CODES),
    ),
    Field::of(
        "org",
        Of::Reference("m.organisation_id", super::ORGANISATIONS),
    ),
    Field::of("to", Of::Folded("m.folded")),
    Field::of("queued", Of::Time("m.queued_at")),
    Field::of("sent", Of::Time("m.sent_at")),
    Field::of("age", Of::Age("m.queued_at")),
    Field::of("waiting", Of::Age("m.state_at")),
    Field::of("attempts", Of::Number("m.attempts")),
    Field::of(
        "resent",
        Of::Holds(
            "EXISTS (SELECT 1 FROM mail n WHERE n.resend_of = m.id AND n.state <> 'cancelled')",
        ),
    ),
    Field::of("resend", Of::Id("m.resend_of")),
    Field::of("about", Of::Code("m.object_kind", Kind::Audit, Kind::CODES)),
    Field::of("object", Of::Id("m.object_id")),
    Field::of("id", Of::Id("m.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort {
        name: "queued",
        by: Key::Number("m.queued_at"),
        split: &[
            Split::of("m.state", Share::Counted),
            Split::of("m.organisation_id", Share::Even),
        ],
        index: Index::Whole,
    },
    Sort {
        name: "changed",
        by: Key::Number("m.state_at"),
        split: &[Split::of("m.state", Share::Counted)],
        index: Index::PerState,
    },
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "m.id, m.version, m.template, m.recipient, m.recipient_name, m.state, m.state_at, m.queued_at, m.sent_at, \
        m.attempts, m.reply, COALESCE(m.resend_of, '') AS resend_of, COALESCE(o.name, '') AS organisation",
    from: "mail m LEFT JOIN organisation o ON o.id = m.organisation_id",
    id: Key::Text("m.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[
            Of::Folded("m.folded"),
            Of::Reference("m.organisation_id", super::ORGANISATIONS),
            Of::Id("m.id"),
        ],
    }),
    sorts: SORTS,
    order: "-queued",
    counter: Some(("m.state", Kind::Mail)),
};

/// What stands in the record of a mail besides its row.
pub async fn rest(tx: &mut Tx, id: &str) -> Result<Option<Rest>, StoreError> {
    let sql = "SELECT language, parameters, COALESCE(organisation_id, '') AS organisation_id, object_kind, object_id, \
        queued_by, send_at, give_up_at, message_id FROM mail WHERE id = $1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// The attempts to deliver a mail, first to last.
pub async fn attempts(tx: &mut Tx, id: &str) -> Result<Vec<Attempt>, StoreError> {
    let sql = "SELECT attempt, started_at, ended_at, outcome, step, code, reply FROM mail_attempt \
        WHERE mail_id = $1 ORDER BY attempt";
    tx.all(Query::new(sql).bind(id)).await
}
