//! The registry: everything that ever left, with the persons behind it, and the coverage of any extract.

use super::super::error::Error;
use super::super::read::begin;
use super::super::{Actor, Services};
use crate::domain::kind::Kind;
use crate::store::extract::{self, Extract};
use crate::store::extract_content::{self, Holder};

/// A release.
#[derive(Debug, Clone)]
pub struct Release {
    /// The extract.
    pub row: Extract,
    /// How many submissions it counted.
    pub submissions: i64,
    /// Who fetched it, as far as known, in order.
    pub fetched_by: Vec<String>,
}

/// Every release ever, oldest first, recalled ones too.
pub async fn releases(services: &Services, actor: &Actor) -> Result<Vec<Release>, Error> {
    let mut tx = begin(services, actor).await?;
    let mut all = Vec::new();
    for row in extract::left(&mut tx).await? {
        let fetches = extract_content::fetches(&mut tx, &row.id).await?;
        let submissions = extract_content::submissions(&mut tx, &row.id).await?;
        all.push(Release {
            fetched_by: fetches.into_iter().map(|f| f.fetched_by).collect(),
            submissions: i64::try_from(submissions.len()).unwrap_or(i64::MAX),
            row,
        });
    }
    tx.rollback().await?;
    Ok(all)
}

/// The holders of an extract: in, in the pool of small ones, or why not.
pub async fn coverage(services: &Services, actor: &Actor, id: &str) -> Result<Vec<Holder>, Error> {
    let mut tx = begin(services, actor).await?;
    let found = extract::by_id(&mut tx, id).await?;
    found.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    let holders = extract_content::holders(&mut tx, id).await?;
    tx.rollback().await?;
    Ok(holders)
}
