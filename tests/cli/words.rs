//! Nouns, verbs and flags: complete, helpful, in both languages; mistakes are told with what was probably meant.

use crate::support::program::{Said, call};
use portaal_console::command;
use std::path::Path;

fn alone(arguments: &[&str]) -> Said {
    let state = tempfile::tempdir().expect("directory");
    std::fs::write(state.path().join("config.toml"), "").expect("settings");
    call(state.path(), arguments, "")
}

/// The commands that are an interface; later versions only add.
const CONTRACT: &[&str] = &[
    "registration import",
    "registration list",
    "registration show",
    "registration set-up",
    "registration complete",
    "registration reject",
    "registration withdraw",
    "organisation list",
    "organisation show",
    "organisation edit",
    "organisation import-marks",
    "organisation suspend",
    "organisation resume",
    "organisation end",
    "account list",
    "account invite",
    "account activate",
    "account resend",
    "account roles",
    "account lock",
    "account unlock",
    "account disable",
    "agreement list",
    "agreement show",
    "agreement download",
    "agreement publish",
    "agreement pending",
    "agreement remind",
    "agreement record-acceptance",
    "mail list",
    "mail show",
    "mail resend",
    "mail cancel",
    "mail undo",
    "mail test",
    "submission add",
    "submission retry",
    "submission reject",
    "submission withdraw",
    "submission claim",
    "submission release",
    "submission note",
    "submission message",
    "submission report",
    "cause list",
    "cause show",
    "cause retry",
    "cause reject",
    "cause mail",
    "obligation list",
    "obligation show",
    "job retry",
    "job cancel",
    "submission list",
    "submission show",
    "delivery check",
    "delivery sample",
    "operator list",
    "operator add",
    "operator change",
    "operator remove",
    "audit list",
    "audit verify",
    "audit anchor",
    "audit export",
    "demo",
    "migrate",
    "worker",
    "intake",
    "intake key",
    "info",
    "doctor",
    "completions",
    "manual",
];

#[test]
fn every_command_of_the_contract_exists() {
    let all: Vec<String> = command::entries()
        .iter()
        .map(|e| format!("{} {}", e.noun, e.name).trim().to_owned())
        .collect();
    for words in CONTRACT {
        assert!(all.iter().any(|a| a == words), "{words} is missing");
    }
}

#[test]
fn every_command_has_help_in_both_languages() {
    for entry in command::entries() {
        let words: Vec<&str> = [entry.noun, entry.name]
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect();
        let dutch = alone(&[&words[..], &["--help"]].concat()).exits(0);
        let english = alone(&[&["--language", "en"], &words[..], &["--help"]].concat()).exits(0);
        assert!(
            dutch.out.contains("Gebruik:") && dutch.out.contains("[OPTIES]"),
            "{dutch:?}"
        );
        assert!(
            english.out.contains("Usage:") && !english.out.contains("Opties"),
            "{english:?}"
        );
        assert!(!dutch.out.contains("Options"), "{dutch:?}");
        let (nl, en) = (dutch.out.lines().next(), english.out.lines().next());
        assert!(
            nl != en || nl == Some("Workers"),
            "{words:?} reads the same in both: {nl:?}"
        );
    }
}

#[test]
fn global_flags_stand_before_or_after() {
    for words in [["--output", "json", "info"], ["info", "--output", "json"]] {
        alone(&words).exits(0).rows();
    }
}

#[test]
fn mistakes_are_usage_and_name_the_nearest() {
    let rows: [(&[&str], &str); 9] = [
        (&["acount", "lock"], "'account'"),
        (&["account", "lok"], "'lock'"),
        (&["account", "invite", "--emial", "x"], "'--email'"),
        (&["--outptu", "json", "info"], "'--output'"),
        (&["info", "--output", "jsn"], "'json'"),
        (&["registration", "reject", "x"], "--reason"),
        (&["account"], "invite"),
        (&["operator", "remove", "--reason", "x"], "<ID>"),
        (&["info", "--language", "de"], "nl, en"),
    ];
    for (words, expected) in rows {
        let said = alone(words).exits(2);
        assert!(said.err.contains(expected), "{words:?}: {said:?}");
        assert_eq!(said.out, "", "{words:?}");
        said.is_safe();
    }
}

#[test]
fn words_of_the_command_line_cannot_steer_the_terminal() {
    alone(&["\u{1b}[31mrood\u{202e}"]).exits(2).is_safe();
    alone(&["account", "lock", "\u{1b}]0;x\u{7}", "--\u{1b}c"])
        .exits(2)
        .is_safe();
}

#[test]
fn settings_that_do_not_fit_are_told() {
    let state = tempfile::tempdir().expect("directory");
    let said = |settings: &str| {
        std::fs::write(state.path().join("config.toml"), settings).expect("settings");
        call(state.path(), &["info"], "").exits(2)
    };
    assert!(said("datbase = \"x\"\n").err.contains("datbase"));
    assert!(said("language = \"de\"\n").err.contains("nl | en"));
    assert!(said("[console]\ntheme = \"pink\"\n").err.contains("ansi"));
    let unknown = call(
        state.path(),
        &["--database", "mysql://x", "audit", "verify"],
        "",
    );
    assert_eq!(unknown.code, 2, "{unknown:?}");
}

#[test]
fn completions_and_manual_are_made() {
    for shell in ["bash", "zsh", "fish"] {
        let said = alone(&["completions", shell]).exits(0);
        assert!(said.out.contains("record-acceptance"), "{shell}");
    }
    let state = tempfile::tempdir().expect("directory");
    let said = call(state.path(), &["manual", "man"], "").exits(0);
    assert!(
        said.out.lines().count() > command::entries().len(),
        "{said:?}"
    );
    let page = std::fs::read_to_string(state.path().join("man/portaal-account-invite.1"));
    assert!(page.expect("page").contains("portaal account invite"));
}

#[test]
fn info_shows_where_settings_come_from_and_no_password() {
    let url = "postgres://staf:geheim@127.0.0.1:1/portaal";
    let said = alone(&["--database", url, "info", "--output", "json"]).exits(0);
    assert!(!said.out.contains("geheim"), "{said:?}");
    let rows = said.rows();
    let row = rows
        .iter()
        .find(|r| r["name"] == "database")
        .expect("database");
    assert_eq!(row["source"], "--database");
    assert_eq!(row["value"], "postgres://staf:•••@127.0.0.1:1/portaal");
}

#[test]
fn a_database_that_is_not_there_is_retryable() {
    let url = "postgres://staf@127.0.0.1:1/portaal";
    for words in [
        &["audit", "verify"][..],
        &[
            "operator", "add", "--login", "x", "--name", "y", "--roles", "auditor",
        ],
        &["doctor"],
        &["migrate"],
    ] {
        let said = alone(&[&["--database", url], words].concat());
        assert_eq!(said.code, 3, "{words:?}: {said:?}");
    }
}

#[test]
fn the_doctor_sees_a_key_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().expect("directory");
    std::fs::write(state.path().join("config.toml"), "").expect("settings");
    call(state.path(), &["migrate"], "").exits(0);
    call(state.path(), &["doctor"], "").exits(0);
    let key = find(state.path(), "key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("mode");
    let said = call(state.path(), &["doctor", "--output", "json"], "").exits(1);
    let rows = said.rows();
    let row = rows.iter().find(|r| r["part"] == "key").expect("key");
    assert_eq!(row["status"], "wrong");
    assert!(
        row["advice"]
            .as_str()
            .expect("advice")
            .starts_with("chmod 600")
    );
}

fn find(directory: &Path, name: &str) -> std::path::PathBuf {
    directory.join(".local/state/portaal").join(name)
}
