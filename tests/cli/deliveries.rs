//! `delivery check` and `delivery sample`: the shape that scripts rely on, exit codes, and what is never shown.

use crate::support::program::{Said, call};
use serde_json::{Value, json};
use std::path::Path;

fn delivery(directory: &Path, arguments: &[&str]) -> Said {
    std::fs::write(
        directory.join("config.toml"),
        "database = \"sqlite:/nowhere/at/all.db\"\n",
    )
    .expect("settings");
    call(directory, &[&["delivery"], arguments].concat(), "")
}

fn check(directory: &Path, arguments: &[&str]) -> Said {
    let day = ["--as-of", "2025-12-01", "--language", "nl"];
    delivery(directory, &[&["check"], arguments, &day].concat())
}

fn sample(directory: &Path, name: &str, arguments: &[&str]) {
    let fixed = ["--as-of", "2025-12-01", "--organisation", "06010001", name];
    let words = [&["sample"], arguments, &fixed].concat();
    delivery(directory, &words).exits(0);
}

fn lines(said: &Said) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).expect("JSON on every line");
    said.out.lines().map(parse).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn a_check_in_json_is_a_line_per_file_in_their_order() {
    let here = tempfile::tempdir().expect("directory");
    let here = here.path();
    sample(here, "b.csv", &["--specification", "rom-1", "--rows", "40"]);
    let broken = [
        "--specification",
        "rom-1",
        "--rows",
        "300",
        "--broken",
        "20",
    ];
    sample(here, "a.csv", &broken);
    let said = check(here, &["b.csv", "a.csv", "b.csv", "--output", "json"]).exits(1);
    let all = lines(&said);
    assert_eq!(all.len(), 3);
    assert_eq!(all[0], all[2]);
    assert_eq!(all[0]["status"], "valid");
    assert_eq!(all[0]["file"], "•••.csv", "a file name may name a person");
    assert_eq!(all[0]["rows"], 40);
    assert_eq!(all[0]["findings"], json!([]));
    let detected = json!({
        "container": "plain", "encoding": "utf-8", "delimiter": ";", "decimal": ",",
        "date_format": "jjjj-mm-dd", "specification": "rom-1"
    });
    assert_eq!(all[0]["detected"], detected);
    assert_eq!(all[1]["status"], "invalid");
    let shape = [
        "file",
        "sha256",
        "bytes",
        "detected",
        "status",
        "rows",
        "measurements",
        "findings",
    ];
    assert_eq!(keys(&all[1]), shape);
    assert_eq!(keys(&all[1]["measurements"]), ["accepted", "ignored"]);
    let finding = ["code", "severity", "row", "column", "count", "message"];
    assert_eq!(keys(&all[1]["findings"][0]), finding);
    said.is_safe();
}

#[test]
fn what_was_planted_stands_beside_the_sample_and_is_found() {
    let here = tempfile::tempdir().expect("directory");
    let here = here.path();
    for (specification, name, rows) in [("rom-1", "a.csv", "400"), ("sbg-5.0.1", "a.xml", "800")] {
        let named = ["--specification", specification];
        let words = ["--rows", rows, "--broken", "15", "--seed", "7"];
        sample(here, name, &[&named[..], &words].concat());
        let list = std::fs::read_to_string(here.join(format!("{name}.faults.jsonl")));
        let list = list.expect("list of faults");
        let parse = |line| serde_json::from_str(line).expect("JSON");
        let planted: Vec<Value> = list.lines().map(parse).collect();
        let own = [name, "--organisation", "06010001", "--output", "json"];
        for words in [own.to_vec(), [&own[..], &named].concat()] {
            let said = check(here, &words).exits(1);
            let found = lines(&said)[0]["findings"].clone();
            let found = found.as_array().expect("findings").iter();
            let place =
                |f: &Value| json!({ "row": f["row"], "code": f["code"], "column": f["column"] });
            let found: Vec<Value> = found.map(place).collect();
            assert!(planted.len() > 20);
            assert_eq!(found, planted, "{specification}");
        }
    }
}

#[test]
fn the_exit_code_is_that_of_the_worst_file() {
    let here = tempfile::tempdir().expect("directory");
    let here = here.path();
    sample(
        here,
        "good.csv",
        &["--specification", "rom-1", "--rows", "5"],
    );
    std::fs::write(here.join("bad.csv"), "a;b\n1;2\n").expect("file");
    for (files, code) in [
        (&["good.csv"][..], 0),
        (&["bad.csv"], 1),
        (&["good.csv", "bad.csv"], 1),
        (&["nowhere.csv"], 2),
        (&["nowhere.csv", "bad.csv"], 2),
        (&["."], 2),
        (&[], 2),
        (&["good.csv", "--output", "csv"], 2),
        (&["good.csv", "--specification", "rom-9"], 2),
        (&["good.csv", "--organisation", "123"], 2),
    ] {
        check(here, files).exits(code);
    }
    let said = check(here, &["--output", "json", "nowhere.csv", "good.csv"]).exits(2);
    assert_eq!(lines(&said).len(), 1, "the files that can be read are told");
    assert!(!said.err.contains("nowhere"), "{}", said.err);
}

#[test]
fn no_name_and_no_value_of_a_file_is_shown() {
    let here = tempfile::tempdir().expect("directory");
    let here = here.path();
    let name = "jansen-19800312.csv";
    let file = "Petra Jansen;123456782\u{1b}[31m;koppelnummer\nGeheim;x;\"y\n";
    for text in [file, "Petra Jansen;123456782\nGeheim;x\n"] {
        std::fs::write(here.join(name), text).expect("file");
        for form in ["json", "table"] {
            let said = check(here, &[name, "--output", form]).exits(1);
            for secret in ["ansen", "Petra", "123456782", "Geheim", "1980"] {
                assert!(!said.out.contains(secret), "{secret}: {}", said.out);
            }
            said.is_safe();
        }
    }
}

#[test]
fn a_table_says_what_to_do_in_both_languages() {
    let here = tempfile::tempdir().expect("directory");
    let here = here.path();
    std::fs::write(here.join("a.csv"), "a;b\n1;2\n").expect("file");
    let said = check(here, &["a.csv"]).exits(1);
    for part in [
        "1  •••.csv  niet valide",
        "ROM-0003",
        "Wat te doen:",
        "Zet de kolomnamen",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let english = delivery(here, &["check", "a.csv", "--language", "en"]).exits(1);
    assert!(english.out.contains("What to do:"), "{}", english.out);
}
