//! The list of submissions, and what one of them holds besides its row. Not its bytes.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Index, Key, ListSpec, Share, Sort, Split};
use super::super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;
use crate::domain::submission::{Hold, State};
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// State code.
    pub state: String,
    /// Why it is held, empty when it is not.
    pub hold: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// How it came: `intake`, `upload`, `operator`, `inbox`.
    pub source: String,
    /// Name of the file as given.
    pub file_name: String,
    /// Size.
    pub bytes: i64,
    /// When it arrived.
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Rows in the file.
    pub row_count: i64,
    /// Findings.
    pub finding_count: i64,
    /// Login of who looks into it, empty for nobody.
    pub assigned: String,
    /// Until when, 0 for nobody.
    #[sqlx(try_from = "i64")]
    pub claimed_until: Timestamp,
    /// Code of the cause by which it stands still or was given up, empty for none.
    pub cause: String,
    /// 1 for a test run.
    pub test: i64,
    /// Name of the organisation.
    pub organisation: String,
    /// Its AGB code.
    pub agb: String,
    /// Name of the vendor, empty for none.
    pub vendor: String,
}

/// What stands in a record and not in the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Rest {
    /// Identifier of the organisation.
    pub organisation_id: String,
    /// Group in which its cause is counted, empty once it is settled.
    pub cause_id: String,
    /// Bytes that were checked so far.
    pub checked_bytes: i64,
    /// When its file was removed, 0 while it is kept.
    #[sqlx(try_from = "i64")]
    pub file_removed_at: Timestamp,
    /// Specification that it was read by.
    pub specification: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// What was detected of its form, as JSON.
    pub detected: String,
    /// Since when it is in its state.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Reason of its state, as given.
    pub reason: String,
    /// Rows that count.
    pub accepted: i64,
    /// Rows or values that do not.
    pub ignored: i64,
    /// Care paths that are new.
    pub paths_new: i64,
    /// Care paths that replace earlier ones.
    pub paths_changed: i64,
    /// Care paths that are as they were.
    pub paths_same: i64,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// One finding, as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Finding {
    /// Place in the report.
    pub position: i64,
    /// Stable code, such as `ROM-0042`.
    pub code: String,
    /// How deep it cuts: `file`, `value`, `measurement`, `remark`.
    pub severity: String,
    /// Line of the file, 0 for the whole file.
    pub line: i64,
    /// Column of the file, empty for none.
    pub column_name: String,
    /// How often it was found.
    pub count: i64,
}

const FILES: &str = "SELECT count(*) FROM (SELECT 1 FROM submission WHERE file_name >= $1 AND file_name < $2 \
    LIMIT 5001) AS found";

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("s.state", Kind::Submission, State::CODES),
    ),
    Field::of(
        "hold",
        Of::Sparse("s.hold", "s.hold <> ''", Kind::Submission, Hold::CODES),
    ),
    Field::of(
        "org",
        Of::Reference("s.organisation_id", super::ORGANISATIONS),
    ),
    Field::of(
        "vendor",
        Of::Reference(
            "s.vendor_id",
            "SELECT id FROM vendor WHERE folded LIKE $1 ESCAPE '\\'",
        ),
    ),
    Field::of(
        "kind",
        Of::Code("s.kind", Kind::Submission, &["rom", "cqi"]),
    ),
    Field::of(
        "source",
        Of::Code(
            "s.source",
            Kind::Submission,
            &["intake", "upload", "operator", "inbox"],
        ),
    ),
    Field::of("spec", Of::Prefix("s.specification")),
    Field::of(
        "file",
        Of::Ranged("s.file_name", "(s.file_name || '')", FILES),
    ),
    Field::of("received", Of::Time("s.received_at")),
    Field::of("age", Of::Age("s.received_at")),
    Field::of("waiting", Of::Age("s.state_at")),
    Field::of("findings", Of::Number("s.finding_count")),
    Field::of("rows", Of::Number("s.row_count")),
    Field::of(
        "assigned",
        Of::Sparse("s.assigned", "s.assigned <> ''", Kind::Submission, &[]),
    ),
    Field::of(
        "cause",
        Of::Sparse("s.cause", "s.cause <> ''", Kind::Submission, &[]),
    ),
    Field::of(
        "group",
        Of::Sparse("s.cause_id", "s.cause_id <> ''", Kind::Submission, &[]),
    ),
    Field::of("open", Of::Holds("s.cause_id <> ''")),
    Field::of("test", Of::Holds("s.test = 1")),
    Field::of("id", Of::Id("s.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort {
        name: "received",
        by: Key::Number("s.received_at"),
        split: &[
            Split::of("s.state", Share::Counted),
            Split::of("s.organisation_id", Share::Even),
            Split::of("s.vendor_id", Share::Even),
            Split::of("s.hold", Share::Rare),
            Split::of("s.assigned", Share::Rare),
            Split::of("s.cause", Share::Rare),
            Split::of("s.cause_id", Share::Rare),
        ],
        index: Index::Whole,
    },
    Sort {
        name: "changed",
        by: Key::Number("s.state_at"),
        split: &[Split::of("s.state", Share::Counted)],
        index: Index::PerState,
    },
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "s.id, s.version, s.state, s.hold, s.kind, s.source, s.file_name, s.bytes, s.received_at, \
        s.row_count, s.finding_count, s.assigned, COALESCE(k.until, 0) AS claimed_until, s.cause, s.test, \
        COALESCE(o.name, '') AS organisation, COALESCE(o.agb, '') AS agb, COALESCE(v.name, '') AS vendor",
    from: "submission s LEFT JOIN organisation o ON o.id = s.organisation_id \
        LEFT JOIN vendor v ON v.id = s.vendor_id LEFT JOIN claim k ON k.kind = 'submission' AND k.object_id = s.id",
    id: Key::Text("s.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[
            Of::Reference("s.organisation_id", super::ORGANISATIONS),
            Of::Id("s.id"),
        ],
    }),
    sorts: SORTS,
    order: "-received",
    counter: Some(("s.state", Kind::Submission)),
};

/// What stands in the record of a submission besides its row.
pub async fn rest(tx: &mut Tx, id: &str) -> Result<Option<Rest>, StoreError> {
    let sql = "SELECT organisation_id, cause_id, checked_bytes, file_removed_at, specification, sha256, detected, state_at, reason, accepted, ignored, paths_new, \
        paths_changed, paths_same, changed_at, changed_by FROM submission WHERE id = $1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// How many bytes of a submission were checked so far, and of how many.
pub async fn checked(tx: &mut Tx, id: &str) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT checked_bytes, bytes FROM submission WHERE id = $1";
    let found = tx.optional(Query::new(sql).bind(id)).await?;
    Ok(found.unwrap_or((0, 0)))
}

/// The first findings of a submission, in the order of the report.
pub async fn findings(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Finding>, StoreError> {
    let sql = "SELECT position, code, severity, line, column_name, count FROM finding \
        WHERE submission_id = $1 ORDER BY position LIMIT $2";
    tx.all(Query::new(sql).bind(id).bind(limit)).await
}
