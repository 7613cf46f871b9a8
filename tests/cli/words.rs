//! Nouns, verbs and flags: complete, helpful, in both languages; mistakes are told with what was probably meant.

use crate::support::program::{Said, call};
use portaal_console::command;
use std::os::unix::fs::chown;
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

/// What is arranged in a state directory, which part of the doctor sees it, how, and a word of what it advises.
type Ill = (
    &'static str,
    fn(&Path),
    &'static str,
    &'static str,
    &'static str,
);

const ILLS: &[Ill] = &[
    ("nothing", |_| {}, "outgoing", "ok", ""),
    (
        "the key is gone",
        |d| gone(&d.join("m.key")),
        "signing_key",
        "wrong",
        "signing_key",
    ),
    (
        "others read the key",
        |d| mode(&d.join("m.key"), 0o640),
        "signing_key",
        "wrong",
        "chmod 600",
    ),
    (
        "no key",
        |d| written(&d.join("m.key"), "geheim"),
        "signing_key",
        "wrong",
        "minisign -C -W",
    ),
    (
        "another half",
        |d| pair(&d.join("other.key"), &d.join("m.pub")),
        "signing_key",
        "wrong",
        "minisign -R",
    ),
    (
        "a key of another user",
        |d| chown(d.join("m.key"), Some(1), None).expect("owner"),
        "signing_key",
        "attention",
        "die gebruiker",
    ),
    (
        "a file for a directory",
        |d| written(&d.join("out"), "x"),
        "outgoing",
        "wrong",
        "outgoing in de configuratie",
    ),
    (
        "a file above it",
        |d| written(&d.join("out"), "x"),
        "outgoing",
        "wrong",
        "outgoing in de configuratie",
    ),
    (
        "anybody writes there",
        |d| {
            std::fs::create_dir(d.join("out")).expect("directory");
            mode(&d.join("out"), 0o777);
        },
        "outgoing",
        "wrong",
        "chmod o-w",
    ),
];

fn gone(path: &Path) {
    std::fs::remove_file(path).expect("gone");
}

fn written(path: &Path, text: &str) {
    std::fs::write(path, text).expect("file");
}

fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
}

/// Writes a pair of keys.
fn pair(secret: &Path, public: &Path) {
    let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("pair");
    written(secret, &pair.sk.to_box(None).expect("box").into_string());
    mode(secret, 0o600);
    written(public, &pair.pk.to_box().expect("box").into_string());
}

#[test]
fn the_doctor_looks_at_what_releases_need() {
    // Only root can give a file away.
    let is_root = rustix::process::getuid().is_root();
    let ills = ILLS.iter().filter(|i| is_root || i.3 != "attention");
    for (ill, arrange, part, status, advice) in ills {
        let state = tempfile::tempdir().expect("directory");
        let at = state.path();
        let (key, out) = (at.join("m.key"), at.join("out"));
        let out = if *ill == "a file above it" {
            out.join("deeper")
        } else {
            out
        };
        let settings = format!("signing_key = {key:?}\noutgoing = {out:?}\n");
        written(&at.join("config.toml"), &settings);
        pair(&key, &at.join("m.pub"));
        call(at, &["migrate"], "").exits(0);
        arrange(at);
        let said = call(at, &["doctor", "--output", "json"], "");
        let said = said.exits(i32::from(*status == "wrong"));
        let rows = said.rows();
        let row = rows.iter().find(|r| r["part"] == *part).expect("part");
        assert_eq!(row["status"], *status, "{ill}: {row}");
        assert!(
            row["advice"].as_str().expect("advice").contains(advice),
            "{ill}: {row}"
        );
        if *ill == "nothing" {
            let key = rows
                .iter()
                .find(|r| r["part"] == "signing_key")
                .expect("key");
            let public = std::fs::read_to_string(at.join("m.pub")).expect("key");
            let public = public.lines().nth(1).expect("a line");
            assert!(
                key["found"].as_str().expect("found").contains(public),
                "{key}"
            );
        }
        said.is_safe();
        assert!(!said.out.contains("geheim"), "{ill}: no key is shown");
    }
}

fn find(directory: &Path, name: &str) -> std::path::PathBuf {
    directory.join(".local/state/portaal").join(name)
}
