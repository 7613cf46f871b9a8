//! The document of a specification as it is written: a Frictionless Table Schema and, under `portal`, our keys.
//! Names are still names here.

use serde::Deserialize;

use super::finding::Severity;
use super::personal::Refusal;
use super::rules::NamedRule;
use super::specification::Role;

#[derive(Deserialize)]
pub(super) struct Schema {
    pub(super) fields: Vec<SchemaField>,
    #[serde(rename = "primaryKey")]
    pub(super) primary_key: Vec<String>,
    pub(super) portal: SchemaPortal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemaPortal {
    pub(super) name: String,
    #[serde(rename = "title")]
    pub(super) _title: String,
    #[serde(rename = "origin")]
    pub(super) _origin: String,
    pub(super) rules: Vec<NamedRule>,
    #[serde(default)]
    pub(super) free_text: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemaField {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: SchemaType,
    #[serde(default, rename = "format")]
    pub(super) _format: Option<String>,
    #[serde(default)]
    pub(super) constraints: Constraints,
    pub(super) portal: FieldPortal,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SchemaType {
    String,
    Year,
    Date,
    Integer,
    Number,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Constraints {
    pub(super) required: bool,
    /// For other readers of the schema; ours uses `digits` and `ranges`.
    #[serde(rename = "pattern")]
    pub(super) _pattern: Option<String>,
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) minimum: Option<u16>,
    pub(super) maximum: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldPortal {
    pub(super) severity: Severity,
    #[serde(default)]
    pub(super) role: Option<Role>,
    #[serde(default)]
    pub(super) list: Option<String>,
    #[serde(default)]
    pub(super) digits: bool,
    #[serde(default)]
    pub(super) ranges: Vec<(String, String)>,
    #[serde(default)]
    pub(super) refuse: Vec<Refusal>,
}
