//! Plain data that a view is made of: cells, columns, pages, records, forms. It neither draws nor reads the database.

pub mod cell;
pub mod form;
pub mod page;
pub mod pulse;
pub mod record;
pub mod sane;

pub use cell::Cell;
pub use page::{Column, Cursor, Page, Query, Row, Side, Width};
pub use pulse::Pulse;
pub use record::{Record, Tab};
