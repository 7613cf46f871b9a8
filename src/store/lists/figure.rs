//! The list of the cells of extracts, each with its holder and what the last release before it said. Not what is hidden in them: the
//! columns of a hidden cell are not read.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use super::super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;
use crate::domain::sheet::Sheet;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Extract and place, with a colon between.
    pub id: String,
    /// Extract.
    pub extract_id: String,
    /// What the extract is of: definition and period.
    pub period: String,
    /// Table.
    pub sheet: String,
    /// First code.
    pub code_1: String,
    /// Second code.
    pub code_2: String,
    /// Third code.
    pub code_3: String,
    /// Care paths or answers; 0 when it is hidden.
    pub n: i64,
    /// Sums separated by commas; empty when it is hidden.
    pub sums: String,
    /// `s`, `u` or `x`.
    pub status: String,
    /// The rule that hid it.
    pub rule: String,
    /// Name of the organisation; empty for a total and for small ones together.
    pub holder: String,
    /// What the last release before said; -1 when it was hidden there, -2 when it had no such cell.
    pub before: i64,
}

/// How a cell is shown or hidden.
pub const STATUSES: &[&str] = &["s", "u", "x"];
/// Why a cell is hidden for its own sake.
pub const RULES: &[&str] = &[
    "small",
    "zero",
    "complement",
    "group",
    "contributors",
    "dominance",
    "change",
    "sums",
];

const ORGANISATION: &str = "CASE f.sheet WHEN 'benchmark' THEN '' ELSE f.code_1 END";
const PROFILE: &str =
    "CASE f.sheet WHEN 'benchmark' THEN f.code_1 WHEN 'cqi' THEN '' ELSE f.code_2 END";
const QUESTIONNAIRE: &str = "CASE f.sheet WHEN 'cqi' THEN f.code_2 ELSE '' END";
const LAST: &str = "CASE f.sheet WHEN 'benchmark' THEN f.code_2 ELSE f.code_3 END";

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("extract", Of::Exact("f.extract_id")),
    Field::of("sheet", Of::Code("f.sheet", Kind::Extract, Sheet::CODES)),
    // The cells at which a reader begins: over all organisations and profiles, and the benchmark, which knows no organisations.
    Field::of(
        "top",
        Of::Holds(
            "(f.sheet = 'benchmark' OR (f.code_1 = 'Total' AND (f.code_2 = 'Total' OR f.sheet = 'cqi')))",
        ),
    ),
    Field::of("organisation", Of::Exact(ORGANISATION)),
    Field::of("profile", Of::Exact(PROFILE)),
    Field::of("questionnaire", Of::Exact(QUESTIONNAIRE)),
    Field::of("code", Of::Exact(LAST)),
    Field::of("status", Of::Code("f.status", Kind::Figure, STATUSES)),
    Field::of("rule", Of::Code("f.rule", Kind::Figure, RULES)),
    Field::of(
        "found",
        Of::Holds(
            "EXISTS (SELECT 1 FROM extract_find d WHERE d.extract_id = f.extract_id AND d.sheet = f.sheet \
            AND d.code_1 = f.code_1 AND d.code_2 = f.code_2 AND d.code_3 = f.code_3)",
        ),
    ),
    Field::of("name", Of::Prefix("h.name")),
    Field::of("id", Of::Exact(ID)),
];

const ID: &str = "f.extract_id || ':' || CAST(f.position AS TEXT)";

/// Sorts.
pub const SORTS: &[Sort] = &[Sort::by("place", Key::Number("f.position"))];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "f.extract_id || ':' || CAST(f.position AS TEXT) AS id, f.extract_id, \
        COALESCE(x.definition || '-' || CAST(x.definition_version AS TEXT) || ' ' || x.period, '') AS period, \
        f.sheet, f.code_1, f.code_2, f.code_3, CASE f.status WHEN 's' THEN f.n ELSE 0 END AS n, \
        CASE f.status WHEN 's' THEN f.sums ELSE '' END AS sums, f.status, f.rule, COALESCE(h.name, '') AS holder, \
        CASE WHEN b.status IS NULL THEN -2 WHEN b.status = 's' THEN b.n ELSE -1 END AS before",
    from: "extract_cell f LEFT JOIN extract x ON x.id = f.extract_id \
        LEFT JOIN extract_holder h ON h.extract_id = f.extract_id AND h.agb = f.code_1 \
        LEFT JOIN extract_cell b ON b.extract_id = (SELECT o.id FROM extract o WHERE o.definition = x.definition \
            AND o.id <> x.id AND o.released_at > 0 AND (x.released_at = 0 OR o.released_at < x.released_at) \
            ORDER BY o.released_at DESC, o.id DESC LIMIT 1) \
            AND b.sheet = f.sheet AND b.code_1 = f.code_1 AND b.code_2 = f.code_2 AND b.code_3 = f.code_3",
    id: Key::Text(ID),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[
            Of::Prefix("h.name"),
            Of::Prefix("f.code_1"),
            Of::Prefix("f.code_2"),
            Of::Prefix("f.code_3"),
        ],
    }),
    sorts: SORTS,
    order: "place",
    counter: None,
};

/// What each release of the same definition said of a cell, oldest first, -1 where it was hidden: period and count.
pub async fn released(tx: &mut Tx, row: &Row) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT o.period, CASE f.status WHEN 's' THEN f.n ELSE -1 END FROM extract x
        JOIN extract o ON o.definition = x.definition AND o.id <> x.id AND o.released_at > 0
        JOIN extract_cell f ON f.extract_id = o.id AND f.sheet = $2 AND f.code_1 = $3 AND f.code_2 = $4 AND f.code_3 = $5
        WHERE x.id = $1 ORDER BY o.released_at, o.id";
    let query = Query::new(sql).bind(&row.extract_id).bind(&row.sheet);
    tx.all(query.bind(&row.code_1).bind(&row.code_2).bind(&row.code_3))
        .await
}
