//! The part of the doctor that looks at what releases to KiBG need: the key that signs them, and the directory where they go.

use super::Check;
use crate::config::Settings;
use crate::language::doctor::{
    KEY_FORM, KEY_FORM_ADVICE, KEY_GONE_ADVICE, KEY_HALVES, KEY_HALVES_ADVICE, KEY_OPEN,
    KEY_OTHERS, KEY_OTHERS_ADVICE, KEY_PUBLIC, MAKE_PRIVATE, MODE, NO_KEY, NO_KEY_ADVICE,
    OUTGOING_LATER, OUTGOING_OPEN_ADVICE, OUTGOING_ROOM, PART_OUTGOING, PART_SIGNING_KEY,
    UNREACHABLE,
};
use crate::language::outgoing as say;
use crate::language::{Language, display};
use crate::service::extract::signature::{self, Flaw};
use rustix::fs::{Access, access, statvfs};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Below so many free bytes a release may not fit: the files of one take some megabytes.
const ROOM: u64 = 64 << 20;

/// The checks.
pub fn checks(settings: &Settings, language: Language) -> Vec<Check> {
    vec![
        key(settings.signing_key.as_deref(), language),
        outgoing(&settings.outgoing, language),
    ]
}

fn key(path: Option<&Path>, language: Language) -> Check {
    let part = &PART_SIGNING_KEY;
    let Some(path) = path else {
        let (found, advice) = (NO_KEY.text(language), NO_KEY_ADVICE.text(language));
        return Check::attention(part, found, advice);
    };
    let flaw = match signature::look(path) {
        Ok(public) => return Check::ok(part, KEY_PUBLIC.with(language, &[("key", &public)])),
        Err(flaw) => flaw,
    };
    match flaw {
        Flaw::Unreadable(path, detail) => {
            let detail = format!("{path}: {detail}");
            let found = UNREACHABLE.with(language, &[("detail", &detail)]);
            Check::wrong(part, found, KEY_GONE_ADVICE.text(language))
        }
        // A member of staff may look with the settings of the service and not be the service.
        Flaw::Others(path, user) => {
            let values = [("path", path.as_str()), ("user", &user.to_string())];
            let found = KEY_OTHERS.with(language, &values);
            Check::attention(part, found, KEY_OTHERS_ADVICE.text(language))
        }
        Flaw::Open(path) => {
            let found = KEY_OPEN.with(language, &[("path", &path)]);
            let values = [("mode", "600"), ("path", path.as_str())];
            Check::wrong(part, found, MAKE_PRIVATE.with(language, &values))
        }
        Flaw::Form(path) => {
            let found = KEY_FORM.with(language, &[("path", &path)]);
            let advice = KEY_FORM_ADVICE.with(language, &[("path", &path)]);
            Check::wrong(part, found, advice)
        }
        Flaw::OtherHalf(path) => {
            let found = KEY_HALVES.with(language, &[("path", &path)]);
            Check::wrong(part, found, KEY_HALVES_ADVICE.text(language))
        }
    }
}

fn outgoing(path: &Path, language: Language) -> Check {
    let part = &PART_OUTGOING;
    let shown = path.display().to_string();
    let wrong = |what: &crate::language::Message, advice: &crate::language::Message| {
        let found = format!("{shown}: {}", what.text(language));
        Check::wrong(part, found, advice.text(language))
    };
    let Some(there) = path.ancestors().find(|p| p.symlink_metadata().is_ok()) else {
        return wrong(&say::OTHER, &say::NO_DIRECTORY_ACTION);
    };
    if !there.is_dir() {
        return wrong(&say::NO_DIRECTORY, &say::NO_DIRECTORY_ACTION);
    }
    if access(there, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return wrong(&say::NOT_ALLOWED, &say::NOT_ALLOWED_ACTION);
    }
    let mode = there.metadata().map_or(0, |m| m.permissions().mode());
    if there == path && mode & 0o002 != 0 {
        let mode = format!("{:o}", mode & 0o7777);
        let found = format!("{shown}: {}", MODE.with(language, &[("mode", &mode)]));
        let advice = OUTGOING_OPEN_ADVICE.with(language, &[("path", &shown)]);
        return Check::wrong(part, found, advice);
    }
    let free = statvfs(there).map_or(0, |s| s.f_bavail.saturating_mul(s.f_frsize));
    let size = display::size(i64::try_from(free).unwrap_or(i64::MAX), language);
    let found = OUTGOING_ROOM.with(language, &[("path", &shown), ("free", &size)]);
    if free < ROOM {
        return Check::attention(part, found, say::NO_ROOM_ACTION.text(language));
    }
    if there == path {
        return Check::ok(part, found);
    }
    Check::ok(part, OUTGOING_LATER.with(language, &[("path", &shown)]))
}
