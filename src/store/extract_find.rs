//! Which cells of an extract gave way to our own attacks, and to whom. Not how many were attacked: that is in `extract_content`.

use super::extract_content::insert_all;
use super::{Query, StoreError, Tx, Value};
use crate::domain::time::Timestamp;

/// A cell that gave way.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Find {
    /// Who attacked.
    pub attacker: String,
    /// Table.
    pub sheet: String,
    /// First code.
    pub code_1: String,
    /// Second code; empty when the table has none.
    pub code_2: String,
    /// Third code; empty when the table has none.
    pub code_3: String,
    /// What gave way.
    pub leak: String,
    /// AGB code of who needs their own figures for it; empty for everybody.
    pub who: String,
    /// Identifier of the release that it takes; empty for none.
    pub release: String,
}

/// A cell that gave way, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    /// What was kept.
    #[sqlx(flatten)]
    pub find: Find,
    /// Extract and place of the cell, with a colon between: of this extract, or of the release where only that has it; empty for neither.
    pub figure: String,
    /// Name of the organisation of the cell; empty for a total and for small ones together.
    pub holder: String,
    /// Name of who needs their own figures for it.
    pub name: String,
    /// What the release is of: definition and period.
    pub period: String,
    /// When it was released.
    #[sqlx(try_from = "i64")]
    pub released_at: Timestamp,
}

/// Adds which cells gave way to a draft.
pub async fn insert(tx: &mut Tx, extract: &str, finds: &[Find]) -> Result<(), StoreError> {
    let begin = "INSERT INTO extract_find (extract_id, position, attacker, sheet, code_1, code_2, code_3, leak, who, release_id) VALUES ";
    let row = |(position, f): (i64, &Find)| {
        vec![
            Value::from(extract),
            Value::from(position),
            Value::from(&f.attacker),
            Value::from(&f.sheet),
            Value::from(&f.code_1),
            Value::from(&f.code_2),
            Value::from(&f.code_3),
            Value::from(&f.leak),
            Value::from(&f.who),
            Value::from(&f.release),
        ]
    };
    insert_all(tx, begin, (1..).zip(finds).map(row)).await
}

const FOUND: &str = "SELECT f.attacker, f.sheet, f.code_1, f.code_2, f.code_3, f.leak, f.who, f.release_id AS release,
        COALESCE(c.extract_id || ':' || CAST(c.position AS TEXT), e.extract_id || ':' || CAST(e.position AS TEXT), '') AS figure,
        COALESCE(h.name, '') AS holder, COALESCE(w.name, '') AS name,
        COALESCE(x.definition || '-' || CAST(x.definition_version AS TEXT) || ' ' || x.period, '') AS period,
        COALESCE(x.released_at, 0) AS released_at
    FROM extract_find f
    LEFT JOIN extract_cell c ON c.extract_id = f.extract_id AND c.sheet = f.sheet
        AND c.code_1 = f.code_1 AND c.code_2 = f.code_2 AND c.code_3 = f.code_3
    LEFT JOIN extract_cell e ON e.extract_id = f.release_id AND e.sheet = f.sheet
        AND e.code_1 = f.code_1 AND e.code_2 = f.code_2 AND e.code_3 = f.code_3
    LEFT JOIN extract_holder h ON h.extract_id = f.extract_id AND h.agb = f.code_1
    LEFT JOIN extract_holder w ON w.extract_id = f.extract_id AND w.agb = f.who
    LEFT JOIN extract x ON x.id = f.release_id
    WHERE f.extract_id = $1";

/// The first cells that gave way, so many at most.
pub async fn first(tx: &mut Tx, extract: &str, most: i64) -> Result<Vec<Found>, StoreError> {
    let query = Query::new(FOUND).bind(extract);
    let query = query.push(" ORDER BY f.position LIMIT ").arg(most);
    tx.all(query).await
}
