//! The two manifests of an extract: the public one that leaves, and the internal one that stays in the registry and of which only the
//! digest leaves. Neither knows the day, nor names that only one database gives: the same extract has the same manifests.

use super::super::built::Built;
use super::super::definition::Definition;
use super::File;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Form of both manifests.
const FORM: u32 = 1;

/// What the internal manifest holds besides the extract itself.
#[derive(Debug, Clone)]
pub struct Internal<'a> {
    /// The definition with all its rules.
    pub definition: &'a Definition,
    /// Period.
    pub period: &'a str,
    /// Version of the program.
    pub program: &'a str,
    /// Seed of the protection.
    pub seed: u64,
    /// SHA-256 of the submissions that counted; their ids stand beside them in the registry.
    pub submissions: Vec<&'a str>,
    /// Care paths, measurements and respondents that were read.
    pub read: [i64; 3],
    /// Digests of the earlier releases that were held against it.
    pub earlier: Vec<&'a str>,
}

/// The internal manifest, as JSON that is the same for the same extract.
pub fn internal(about: &Internal<'_>, built: &Built) -> String {
    let mut submissions = about.submissions.clone();
    submissions.sort_unstable();
    let hidden = built.cells.iter().filter(|c| c.status.is_hidden()).count();
    let attacks: Vec<Value> = built
        .attacks
        .iter()
        .map(|a| json!({ "attacker": a.attacker, "tried": a.tried, "open": a.open }))
        .collect();
    let certificate = hex::encode(Sha256::digest(&built.certificate));
    pretty(&json!({
        "form": FORM,
        "definition": of_definition(about.definition),
        "period": about.period,
        "program": about.program,
        "seed": about.seed,
        "submissions": submissions,
        "read": { "care_paths": about.read[0], "measurements": about.read[1], "respondents": about.read[2] },
        "earlier_releases": about.earlier,
        "cells": built.cells.len(),
        "hidden": hidden,
        "waiting": built.waiting,
        "pooled": built.pooled,
        "attacks": attacks,
        "certificate": certificate,
    }))
}

/// The digests of earlier releases in an internal manifest; none when it is not one.
pub fn earlier_of(internal: &str) -> Option<Vec<String>> {
    let manifest: Value = serde_json::from_str(internal).ok()?;
    let all = manifest.get("earlier_releases")?.as_array()?;
    all.iter().map(|d| Some(d.as_str()?.to_owned())).collect()
}

fn of_definition(definition: &Definition) -> Value {
    serde_json::from_str(&definition.to_json()).unwrap_or_default()
}

/// The public manifest: what was counted and how, without the rules that would help an attacker, but for the lowest count.
pub(super) fn public(
    definition: &Definition,
    period: &str,
    files: &[File],
    internal_digest: &str,
) -> String {
    let mut shown = of_definition(definition);
    if let Some(fields) = shown.as_object_mut() {
        fields.shift_remove("rules");
    }
    let file = |f: &File| json!({ "name": f.name, "bytes": f.bytes.len(), "sha256": f.sha256 });
    let files: Vec<Value> = files.iter().map(file).collect();
    pretty(&json!({
        "form": FORM,
        "definition": shown,
        "period": period,
        "minimum_count": definition.rules.min_count.value,
        "hidden_mark": super::grid::HIDDEN,
        "files": files,
        "internal_manifest_sha256": internal_digest,
    }))
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
