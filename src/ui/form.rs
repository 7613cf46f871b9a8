//! A form: the fields that an action asks, their values now and what is wrong with them. Not its drawing, nor its effect.

use crate::domain::action::{Act, Field};
use std::collections::BTreeMap;

/// Values by field name.
pub type Values = BTreeMap<String, String>;

/// A form as it is opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The action that it is for.
    pub act: Act,
    /// Identifier of the record; empty for a new one.
    pub id: String,
    /// Version of the record when it was read.
    pub version: i64,
    /// What people call the record.
    pub label: String,
    /// The fields.
    pub fields: &'static [Field],
    /// Values when opened: what the database holds.
    pub values: Values,
    /// Lines that tell what will happen: old and new, mails, numbers. Empty when there is nothing to tell.
    pub preview: Vec<String>,
    /// What must be typed to confirm, for actions that ask that.
    pub confirm: String,
}
