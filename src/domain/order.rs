//! Where a row stands in the order of a list, and on which side of it to read on. Not the sorts: each list has its own.

/// Where a row stands in the order of a list: value of the sort column and id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Value of the sort column, as text.
    pub key: String,
    /// Identifier of the row.
    pub id: String,
}

/// On which side of a cursor a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// The rows that come after the cursor; without a cursor the first rows.
    #[default]
    After,
    /// The rows that come before the cursor; without a cursor the last rows.
    Before,
}
