//! Where records are kept. The only place that names sqlx and SQL; one statement serves both databases.

pub mod account;
pub mod agreement;
pub mod audit;
pub mod counter;
pub mod db;
pub mod error;
pub mod meta;
pub mod operator;
pub mod organisation;
pub mod query;
pub mod reference;
pub mod registration;
pub mod schema;
pub mod watch;

pub use db::{Access, Db, Engine, Tx};
pub use error::StoreError;
pub use query::{Query, Record, Value};
