//! The list of extracts: the registry of everything that was ever built, asked for and released.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::extract::{State, Verdict};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Name of the definition.
    pub definition: String,
    /// Period: `2026` or `2026-H1`.
    pub period: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// 1 while a build is wanted or runs.
    pub building: i64,
    /// Stage of the build that runs.
    pub stage: String,
    /// Parts of a hundred of that stage.
    pub stage_share: i64,
    /// What our own attacks found.
    pub verdict: String,
    /// Cells.
    pub cell_count: i64,
    /// Hidden cells.
    pub hidden_count: i64,
    /// Smallest published count.
    pub smallest: i64,
    /// Holders that are in.
    pub holders_in: i64,
    /// Holders that are not.
    pub holders_out: i64,
    /// Who asked; empty for nobody.
    pub requested_by: String,
    /// Name of who asked; empty for nobody.
    pub requester: String,
    /// Name of who approved; empty for nobody.
    pub approver: String,
    /// When released; 0 for not.
    #[sqlx(try_from = "i64")]
    pub released_at: Timestamp,
    /// When its files were written; 0 for not.
    #[sqlx(try_from = "i64")]
    pub written_at: Timestamp,
    /// How often it was fetched.
    pub fetches: i64,
    /// SHA-256 over everything that leaves.
    pub digest: String,
    /// When defined.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("x.state", Kind::Extract, State::CODES)),
    Field::of("definition", Of::Prefix("x.definition")),
    Field::of("period", Of::Prefix("x.period")),
    Field::of(
        "requested",
        Of::Reference("x.requested_by", super::OPERATORS),
    ),
    Field::of("approved", Of::Reference("x.approved_by", super::OPERATORS)),
    Field::of(
        "verdict",
        Of::Code("x.verdict", Kind::Extract, Verdict::CODES),
    ),
    Field::of("building", Of::Holds("x.building <> ''")),
    Field::of("released", Of::Time("x.released_at")),
    Field::of("fetched", Of::Holds("x.fetches > 0")),
    Field::of("smallest", Of::Number("x.smallest")),
    Field::of("digest", Of::Prefix("x.digest")),
    Field::of("age", Of::Age("x.created_at")),
    Field::of("id", Of::Id("x.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("changed", Key::Number("x.state_at")),
    Sort::by("created", Key::Number("x.created_at")),
    Sort::by("released", Key::Number("x.released_at")),
    Sort::by("period", Key::Text("x.period")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "x.id, x.version, x.definition, x.period, x.state, x.state_at, \
        CAST(CASE x.building WHEN '' THEN 0 ELSE 1 END AS BIGINT) AS building, \
        CASE WHEN EXISTS (SELECT 1 FROM job j WHERE j.kind = 'extract' AND j.subject = x.id AND j.state = 'running') \
        THEN x.stage ELSE '' END AS stage, \
        CAST(CASE WHEN x.stage_total > 0 THEN x.stage_done * 100 / x.stage_total ELSE 0 END AS BIGINT) AS stage_share, \
        x.verdict, x.cell_count, x.hidden_count, x.smallest, x.holders_in, x.holders_out, \
        x.requested_by, COALESCE(r.name, '') AS requester, COALESCE(a.name, '') AS approver, x.released_at, x.written_at, x.fetches, \
        x.digest, x.created_at",
    from: "extract x LEFT JOIN operator r ON r.id = x.requested_by LEFT JOIN operator a ON a.id = x.approved_by",
    id: Key::Text("x.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Folded("x.folded"), Of::Id("x.id")],
    }),
    sorts: SORTS,
    order: "-changed",
    counter: Some(("x.state", Kind::Extract)),
};
