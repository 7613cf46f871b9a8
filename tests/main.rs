//! The only test binary: one link, one run. A file in `tests/` that is not declared here fails the run.

mod architecture;
mod bulk;
mod chain;
mod cli;
mod delivery;
mod demo;
mod disclosure;
mod domain;
mod extracts;
mod figures;
mod filter;
mod hostile;
mod intake;
mod journey;
mod keymaps;
mod language;
mod licence_code;
mod linking;
mod lists;
mod mail;
mod onboarding;
mod parity;
mod queue;
mod records;
mod rights;
mod screens;
mod shield;
mod soak;
mod storing;
mod submissions;
mod support;
mod terminal;
mod triage;

#[test]
fn every_file_is_declared() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let declared = std::fs::read_to_string(here.join("main.rs")).expect("this file");
    for entry in std::fs::read_dir(here).expect("tests") {
        let path = entry.expect("entry").path();
        let name = path
            .file_stem()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        let module = path.is_dir() || path.extension().is_some_and(|e| e == "rs");
        if !module || name == "main" || !holds_rust(&path) {
            continue;
        }
        let line = format!("mod {name};");
        assert!(
            declared.lines().any(|l| l == line),
            "{name} is not declared in tests/main.rs"
        );
    }
}

/// A directory without Rust holds data, not tests.
fn holds_rust(path: &std::path::Path) -> bool {
    !path.is_dir() || path.join("mod.rs").exists()
}
