//! Where records are kept. The only place that names sqlx and SQL; one statement serves both databases.

pub mod account;
pub mod agreement;
pub mod audit;
pub mod bulk;
pub mod claim;
pub mod condition;
pub mod copy;
pub mod counter;
pub mod db;
pub mod error;
pub mod filter;
pub mod health;
pub mod history;
pub mod job;
pub mod lease;
pub mod list;
pub mod lists;
mod lookup;
pub mod meta;
pub mod operator;
pub mod organisation;
pub mod outbox;
mod plan;
pub mod presence;
pub mod query;
pub mod reference;
pub mod registration;
pub mod schema;
pub mod sender;
pub mod submission;
pub mod watch;
pub mod worker;

pub use db::{Access, Db, Engine, Tx};
pub use error::StoreError;
pub use query::{Query, Record, Value};
