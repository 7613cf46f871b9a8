//! The read side: pages of lists and what belongs to every record. Rights first, one consistent state, searches and views of
//! personal data noted. Not the lists themselves: those are in `reads`.

use super::note::{note_once, search_digest};
use super::{Actor, Error, Services};
use crate::domain::kind::Kind;
use crate::domain::right::{Language, Right};
use crate::domain::time::Timestamp;
use crate::language::{Message, state};
use crate::store::filter::{Context, Field, ListError, Of};
use crate::store::list::{self, Asked, ListSpec, Listed, Sort};
use crate::store::{Record as Stored, Tx};
use crate::ui::record::Related;
use crate::ui::{Column, Page, Query, Row, Side};
use serde_json::json;

/// A field that a list can be filtered by, for suggestions.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Its name in the filter language.
    pub name: &'static str,
    /// The codes it takes; empty when it takes text, numbers or dates.
    pub codes: &'static [&'static str],
}

/// One list with everything that people see of it.
#[derive(Debug)]
pub struct Source<R: 'static> {
    /// Kind of its records.
    pub kind: Kind,
    /// Where rows come from.
    pub spec: &'static ListSpec,
    /// Columns, in the order of the cells.
    pub columns: &'static [Column],
    /// A stored row as people see it now; the cursor is filled in later.
    pub row: fn(R, Timestamp) -> Row,
    /// The audit name of a search by personal data, and the fields that are such.
    pub search: Option<(&'static str, &'static [&'static str])>,
}

/// What is asked of a related list.
#[derive(Debug, Clone, Copy)]
pub struct Excerpt<'a> {
    /// Only rows with this value in this column.
    pub scope: (&'static str, &'a str),
    /// A filter besides.
    pub filter: &'a str,
    /// Sort; empty for the list's own.
    pub sort: &'a str,
    /// Names of the columns to show.
    pub columns: &'a [&'static str],
    /// What to say when there are none.
    pub empty: &'static Message,
}

/// Rows of a related list; the list itself shows all of them.
pub(super) const RELATED: u32 = 200;

/// The names and codes of fields, at compile time; `N` is the number of fields.
pub const fn filters<const N: usize>(fields: &[Field]) -> [Filter; N] {
    let mut all = [Filter {
        name: "",
        codes: &[],
    }; N];
    let mut i = 0;
    while i < N {
        let codes: &'static [&'static str] = match fields[i].of {
            Of::State(_, _, codes)
            | Of::Code(_, _, codes)
            | Of::Codes(_, _, codes)
            | Of::Sparse(_, _, _, codes) => codes,
            Of::Holds(_) => &["ja", "nee"],
            Of::Folded(_)
            | Of::Prefix(_)
            | Of::Exact(_)
            | Of::Id(_)
            | Of::Reference(..)
            | Of::Ranged(..)
            | Of::Time(_)
            | Of::Age(_)
            | Of::Date(_)
            | Of::Number(_) => &[],
        };
        all[i] = Filter {
            name: fields[i].name,
            codes,
        };
        i += 1;
    }
    all
}

/// The names of sorts, at compile time; `N` is the number of sorts.
pub const fn sorts<const N: usize>(sorts: &[Sort]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut i = 0;
    while i < N {
        all[i] = sorts[i].name;
        i += 1;
    }
    all
}

/// Begins to read one consistent state; refuses whoever may not read.
pub async fn begin(services: &Services, actor: &Actor) -> Result<Tx, Error> {
    allow(actor)?;
    Ok(services.db.read().await?)
}

fn allow(actor: &Actor) -> Result<(), Error> {
    let right = Right::Read;
    let refusal = Error::Right { act: None, right };
    actor.may(right).then_some(()).ok_or(refusal)
}

fn labels(kind: Kind, code: &str) -> [String; 2] {
    [Language::Nl, Language::En].map(|language| state::label(kind, code, language))
}

/// What the meaning of a filter depends on.
pub fn context(services: &Services) -> Context {
    Context {
        now: services.clock.now(),
        labels,
    }
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Filter(error) => Self::Filter(error),
            ListError::Store(error) => Self::Store(error),
        }
    }
}

impl<R: Stored> Source<R>
where
    Listed<R>: Stored,
{
    /// One page.
    pub async fn page(
        &self,
        services: &Services,
        actor: &Actor,
        query: &Query,
    ) -> Result<Page, Error> {
        allow(actor)?;
        // Before the transaction: whoever holds one connection must not wait for a second.
        self.note_search(services, actor, query).await?;
        let mut tx = begin(services, actor).await?;
        let asked = Asked {
            filter: &query.filter,
            sort: &query.sort,
            cursor: query.cursor.as_ref(),
            side: query.side,
            limit: query.limit,
            scope: None,
            context: context(services),
        };
        let slice = list::read(&mut tx, self.spec, &asked).await?;
        tx.rollback().await?;
        Ok(Page {
            rows: slice
                .rows
                .into_iter()
                .map(|r| self.shown(r, asked.context.now))
                .collect(),
            before: slice.before,
            after: slice.after,
            total: slice.total,
            counts: slice.counts,
            at: asked.context.now,
        })
    }

    /// The rows that belong to a record, for one of its tabs.
    pub async fn related(
        &self,
        tx: &mut Tx,
        context: Context,
        wanted: Excerpt<'_>,
    ) -> Result<Related, Error> {
        let asked = Asked {
            filter: wanted.filter,
            sort: wanted.sort,
            cursor: None,
            side: Side::After,
            limit: RELATED,
            scope: Some(wanted.scope),
            context,
        };
        let slice = list::read(tx, self.spec, &asked).await?;
        let at = |name: &&str| self.columns.iter().position(|c| c.name == *name);
        let places: Vec<usize> = wanted.columns.iter().filter_map(at).collect();
        let chosen = |mut row: Row| {
            row.cells = places
                .iter()
                .filter_map(|i| row.cells.get(*i).cloned())
                .collect();
            row
        };
        let titles = places.iter().filter_map(|i| self.columns.get(*i));
        Ok(Related {
            kind: Some(self.kind),
            columns: titles.map(|c| c.title).collect(),
            more: slice.after,
            rows: slice
                .rows
                .into_iter()
                .map(|r| chosen(self.shown(r, context.now)))
                .collect(),
            empty: Some(wanted.empty),
        })
    }

    /// One row as it is stored.
    pub async fn one(&self, tx: &mut Tx, id: &str) -> Result<R, Error> {
        let found = list::one(tx, self.spec, id).await?;
        found.ok_or_else(|| Error::Missing {
            kind: self.kind,
            id: id.chars().take(64).collect(),
        })
    }

    fn shown(&self, listed: Listed<R>, now: Timestamp) -> Row {
        Row {
            cursor: listed.at,
            ..(self.row)(listed.row, now)
        }
    }

    /// Notes by which personal fields somebody searches, once for each search and not for each refresh of it.
    async fn note_search(
        &self,
        services: &Services,
        actor: &Actor,
        query: &Query,
    ) -> Result<(), Error> {
        let Some((action, private)) = self.search else {
            return Ok(());
        };
        let used = self.spec.fields_used(&query.filter);
        let searched: Vec<&str> = used
            .into_iter()
            .filter(|f| private.contains(f))
            .map(|f| if f.is_empty() { "text" } else { f })
            .collect();
        if searched.is_empty() {
            return Ok(());
        }
        let digest = search_digest(services, &query.filter);
        let detail = json!({ "fields": searched, "search": digest });
        note_once(services, actor, action, (self.kind, "", ""), detail).await
    }
}
