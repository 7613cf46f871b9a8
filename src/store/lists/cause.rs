//! The list of causes by which deliveries stand still, and whom one of them concerns.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use super::super::{Query, StoreError, Tx};
use crate::domain::cause::State;
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Code: of a rule, of a hold, or technical.
    pub code: String,
    /// Specification.
    pub specification: String,
    /// `open` or `closed`.
    pub state: String,
    /// How many stand still by it.
    pub n: i64,
    /// Since when it has been open.
    #[sqlx(try_from = "i64")]
    pub first_at: Timestamp,
    /// When the last one came to stand still.
    #[sqlx(try_from = "i64")]
    pub last_at: Timestamp,
    /// When the vendor was mailed, 0 for never.
    #[sqlx(try_from = "i64")]
    pub mailed_at: Timestamp,
    /// By whom.
    pub mailed_by: String,
    /// Name of the vendor, empty when unknown.
    pub vendor: String,
    /// The last days that had any, `YYYY-MM-DD:n`, separated by commas.
    pub days: String,
}

/// An organisation that a cause concerns.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Concerned {
    /// Its name.
    pub name: String,
    /// How many of its deliveries stand still.
    pub n: i64,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("c.state", Kind::Cause, State::CODES)),
    Field::of("code", Of::Prefix("c.code")),
    Field::of(
        "vendor",
        Of::Reference(
            "c.vendor_id",
            "SELECT id FROM vendor WHERE folded LIKE $1 ESCAPE '\\'",
        ),
    ),
    Field::of("spec", Of::Prefix("c.specification")),
    Field::of("count", Of::Number("c.n")),
    Field::of("first", Of::Time("c.first_at")),
    Field::of("age", Of::Age("c.first_at")),
    Field::of("last", Of::Time("c.last_at")),
    Field::of("mailed", Of::Time("c.mailed_at")),
    Field::of("id", Of::Id("c.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("count", Key::Number("c.n")),
    Sort::by("first", Key::Number("c.first_at")),
    Sort::by("last", Key::Number("c.last_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "c.id, c.code, c.specification, c.state, c.n, c.first_at, c.last_at, c.mailed_at, c.mailed_by, \
        COALESCE(v.name, '') AS vendor, COALESCE((SELECT string_agg(d.day || ':' || CAST(d.n AS TEXT), ',') \
            FROM (SELECT day, n FROM daily WHERE name = 'cause.' || c.id ORDER BY day DESC LIMIT 14) d), '') AS days",
    from: "cause c LEFT JOIN vendor v ON v.id = c.vendor_id",
    id: Key::Text("c.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[
            Of::Prefix("c.code"),
            Of::Reference(
                "c.vendor_id",
                "SELECT id FROM vendor WHERE folded LIKE $1 ESCAPE '\\'",
            ),
        ],
    }),
    sorts: SORTS,
    order: "-count",
    counter: None,
};

/// The causes by which most stands still now.
pub async fn worst(tx: &mut Tx, limit: i64) -> Result<Vec<Row>, StoreError> {
    let query = Query::new("SELECT ")
        .push(LIST.columns)
        .push(" FROM ")
        .push(LIST.from)
        .push(" WHERE c.n > 0 ORDER BY c.n DESC, c.id DESC LIMIT ")
        .arg(limit);
    tx.all(query).await
}

/// The organisations that a cause concerns, most deliveries first.
pub async fn concerned(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Concerned>, StoreError> {
    let sql = "SELECT o.name, count(*) AS n FROM submission s JOIN organisation o ON o.id = s.organisation_id
        WHERE s.cause_id = $1 AND s.cause_id <> '' GROUP BY o.id, o.name ORDER BY n DESC, o.name LIMIT $2";
    tx.all(Query::new(sql).bind(id).bind(limit)).await
}
