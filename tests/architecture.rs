//! Holds the house together: who may import whom, which names stay in one room, and how files look. Reads `src/` as text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Who may import whom. A module that is not here does not belong.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &["domain"]),
    ("config", &["domain"]),
    ("language", &["domain"]),
    ("delivery", &["domain"]),
    ("extract", &["domain"]),
    ("store", &["domain"]),
    ("mail", &["domain"]),
    ("ui", &["domain", "language"]),
    (
        "service",
        &[
            "domain", "ui", "store", "mail", "delivery", "extract", "clock", "config", "language",
        ],
    ),
    (
        "work",
        &["domain", "service", "store", "mail", "clock", "config"],
    ),
    ("intake", &["domain", "service", "language"]),
    ("screens", &["domain", "service", "ui", "language"]),
    (
        "console",
        &[
            "domain", "ui", "screens", "language", "service", "config", "clock",
        ],
    ),
    ("console::draw", &["console", "ui", "language", "domain"]),
    (
        "demo",
        &[
            "domain", "store", "service", "mail", "delivery", "clock", "config", "language",
        ],
    ),
    ("command", EVERYTHING),
    ("lib", EVERYTHING),
    ("main", EVERYTHING),
];

const EVERYTHING: &[&str] = &[
    "domain", "clock", "config", "language", "delivery", "extract", "store", "mail", "ui",
    "service", "work", "intake", "screens", "console", "demo", "command",
];

/// Names that stay in their room: the name in code, and the modules that may say it.
const ROOMS: &[(&str, &[&str])] = &[
    ("env::var", &["config"]),
    ("env::vars", &["config"]),
    ("env::var_os", &["config"]),
    ("env::vars_os", &["config"]),
    ("SystemTime", &["clock"]),
    ("Utc::now", &["clock"]),
    ("Local::now", &["clock"]),
    ("tokio::spawn", &["console::runtime", "work", "intake"]),
    ("task::spawn", &["console::runtime", "work", "intake"]),
    ("thread::spawn", &["console", "work", "intake"]),
    // Pieces of a delivery are judged side by side; the threads end with the check.
    ("thread::scope", &["delivery::crew"]),
    ("sqlx", &["store"]),
    ("lettre", &["mail"]),
    ("minijinja", &["mail"]),
    ("ratatui", &["console::draw", "console::terminal"]),
    ("crossterm", &["console"]),
    // The reader of tables for disclosure control names the line of every fault itself.
    ("csv::ReaderBuilder", &["delivery", "extract::read"]),
    ("csv::Reader", &["delivery"]),
    ("csv::ByteRecord", &["delivery"]),
    ("csv::StringRecord", &["delivery"]),
    (
        "csv::WriterBuilder",
        &["delivery", "command::output", "extract::outgoing"],
    ),
    ("csv::Writer", &["delivery", "command::output"]),
    ("rust_xlsxwriter", &["command::output", "extract::outgoing"]),
    ("minisign", &["service::extract::signature"]),
    ("quick_xml", &["delivery"]),
    ("axum", &["intake"]),
    ("hyper", &["intake"]),
    ("hyper_util", &["intake"]),
    ("tokio_rustls", &["intake"]),
    ("prometheus_client", &["intake"]),
    ("clap", &["command"]),
    ("color_eyre", &["main"]),
];

/// Names that stand nowhere.
const NOWHERE: &[&str] = &[
    "Rc<RefCell",
    "thread_local!",
    "static mut",
    "#[allow",
    "#![allow",
];

/// What a module may not be called.
const NOT_A_NAME: &[&str] = &[
    "utils", "util", "common", "helpers", "helper", "manager", "misc",
];

const MOST_LINES: usize = 500;
const MOST_LINES_OF_A_FUNCTION: usize = 40;

struct Source {
    /// Module path: `console::draw::list`.
    module: String,
    path: PathBuf,
    text: String,
    /// The text with comments and contents of strings blanked, line by line.
    code: String,
    strings: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut all = Vec::new();
    walk(&root().join("src"), &mut all);
    assert!(all.len() > 40, "src was not found");
    all
}

fn walk(directory: &Path, all: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("directory")
        .map(|e| e.expect("entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(read(path));
        }
    }
}

fn read(path: PathBuf) -> Source {
    let text = std::fs::read_to_string(&path).expect("source");
    let beneath = path
        .strip_prefix(root().join("src"))
        .expect("in src")
        .with_extension("");
    let mut parts: Vec<String> = beneath
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    let (code, strings) = blank(&text);
    Source {
        module: parts.join("::"),
        path,
        text,
        code,
        strings,
    }
}

/// Blanks comments and the contents of strings and characters; gives the strings apart.
fn blank(text: &str) -> (String, Vec<String>) {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let (mut code, mut strings) = (String::with_capacity(text.len()), Vec::new());
    let mut i = 0;
    while i < chars.len() {
        let c = at(i);
        if c == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            while i < chars.len() && !(at(i) == '*' && at(i + 1) == '/') {
                code.extend((at(i) == '\n').then_some('\n'));
                i += 1;
            }
            i += 2;
        } else if c == '"'
            || (c == 'r' && !is_word(code.chars().last()) && raw_hashes(&chars, i).is_some())
        {
            let hashes = raw_hashes(&chars, i);
            let start = i + hashes.map_or(1, |n| n + 2);
            let end = end_of_string(&chars, start, hashes);
            let inner: String = chars.get(start..end).unwrap_or_default().iter().collect();
            code.push('"');
            code.extend(inner.chars().filter(|c| *c == '\n'));
            code.push('"');
            strings.push(inner);
            i = end + 1 + hashes.unwrap_or(0);
        } else if c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            i += if at(i + 1) == '\\' { 3 } else { 2 };
            while i < chars.len() && at(i) != '\'' {
                i += 1;
            }
            i += 1;
            code.push_str("' '");
        } else {
            code.push(c);
            i += 1;
        }
    }
    (code, strings)
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// The number of `#` of a raw string that begins here.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at) != Some(&'r') {
        return None;
    }
    let hashes = chars.iter().skip(at + 1).take_while(|c| **c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn end_of_string(chars: &[char], start: usize, hashes: Option<usize>) -> usize {
    let mut i = start;
    while i < chars.len() {
        match (chars.get(i), hashes) {
            (Some('\\'), None) => i += 1,
            (Some('"'), None) => return i,
            (Some('"'), Some(n)) if chars.iter().skip(i + 1).take(n).all(|c| *c == '#') => {
                return i;
            }
            _ => {}
        }
        i += 1;
    }
    i
}

/// Whether a module is this room or lies in it.
fn within(module: &str, room: &str) -> bool {
    module == room
        || module
            .strip_prefix(room)
            .is_some_and(|rest| rest.starts_with("::"))
}

/// The row of the table for a module: the longest that it lies in.
fn row(module: &str) -> Option<(&'static str, &'static [&'static str])> {
    let rows = MAY_IMPORT.iter().filter(|(name, _)| within(module, name));
    rows.max_by_key(|(name, _)| name.len()).copied()
}

/// First names of paths that begin with `crate::`, groups included; macros stand for the module that they come from.
fn imports(code: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if is_word(code.get(..at).and_then(|c| c.chars().last()))
            || code.get(..at).is_some_and(|c| c.ends_with('$'))
        {
            continue;
        }
        let rest = code.get(at + 7..).unwrap_or_default();
        if let Some(group) = rest.strip_prefix('{') {
            all.extend(heads_of_group(group));
        } else {
            all.push(word(rest));
        }
    }
    for name in &mut all {
        match name.as_str() {
            "messages" => "language".clone_into(name),
            "codes" => "domain".clone_into(name),
            _ => {}
        }
    }
    all
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| is_word(Some(*c))).collect()
}

fn heads_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut head, mut all) = (0, true, Vec::new());
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => head = true,
            c if head && is_word(Some(c)) => {
                all.push(word(group.get(i..).unwrap_or_default()));
                head = false;
            }
            _ => {}
        }
    }
    all
}

fn fail_with(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    let strangers: Vec<String> = sources()
        .iter()
        .filter(|s| row(&s.module).is_none())
        .map(|s| format!("{} is not in the table of modules", s.module))
        .collect();
    fail_with(&strangers);
}

#[test]
fn imports_follow_the_table() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some((own, allowed)) = row(&source.module) else {
            continue;
        };
        let top = source
            .module
            .split("::")
            .next()
            .unwrap_or_default()
            .to_owned();
        for name in imports(&source.code) {
            let itself = name == top && own == top;
            if !itself && !allowed.contains(&name.as_str()) {
                faults.push(format!("{} may not import {name}", source.module));
            }
        }
    }
    faults.dedup();
    fail_with(&faults);
}

#[test]
fn names_stay_in_their_room() {
    let mut faults = Vec::new();
    for source in sources() {
        for (name, rooms) in ROOMS {
            if says(&source.code, name) && !rooms.iter().any(|room| within(&source.module, room)) {
                faults.push(format!(
                    "{} says {name}, which belongs to {rooms:?}",
                    source.module
                ));
            }
        }
        for name in NOWHERE {
            if source.code.contains(name) {
                faults.push(format!("{} says {name}", source.module));
            }
        }
    }
    fail_with(&faults);
}

/// Whether code says a name as whole words.
fn says(code: &str, name: &str) -> bool {
    let mut found = code.match_indices(name);
    found.any(|(at, _)| {
        let before = code.get(..at).and_then(|c| c.chars().last());
        let after = code.get(at + name.len()..).and_then(|c| c.chars().next());
        !is_word(before) && !is_word(after)
    })
}

#[test]
fn sql_stands_in_store_alone() {
    let begins = [
        "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "PRAGMA ", "CREATE ", "ALTER ", "DROP ",
        "BEGIN ",
    ];
    let mut faults = Vec::new();
    for source in sources().iter().filter(|s| !within(&s.module, "store")) {
        for text in &source.strings {
            if begins.iter().any(|b| text.trim_start().starts_with(b)) {
                faults.push(format!("{} holds SQL: {text}", source.module));
            }
        }
    }
    fail_with(&faults);
}

#[test]
fn files_say_what_they_are_and_stay_short() {
    let mut faults = Vec::new();
    for source in sources() {
        let path = source.path.display();
        let lines = source.text.lines().count();
        if !source.text.starts_with("//! ") {
            faults.push(format!("{path} does not begin with //!"));
        }
        if lines > MOST_LINES {
            faults.push(format!("{path} has {lines} lines"));
        }
        let name = source.module.rsplit("::").next().unwrap_or_default();
        if NOT_A_NAME.contains(&name) {
            faults.push(format!("{path}: {name} says nothing"));
        }
        for line in source
            .code
            .lines()
            .map(str::trim)
            .filter(|l| l.contains("::*"))
        {
            faults.push(format!("{path} imports everything: {line}"));
        }
    }
    fail_with(&faults);
}

#[test]
fn functions_stay_short_unless_they_are_one_match() {
    let mut faults = Vec::new();
    for source in sources() {
        for (name, lines) in functions(&source.code) {
            if lines > MOST_LINES_OF_A_FUNCTION {
                faults.push(format!(
                    "{}::{name} has {lines} lines outside a match",
                    source.module
                ));
            }
        }
    }
    fail_with(&faults);
}

/// Functions with the number of lines that say something in their body, outside its longest `match`. A line of brackets alone is the
/// formatter's.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut all = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if is_word(code.get(..at).and_then(|c| c.chars().last())) {
            continue;
        }
        let rest = code.get(at + 3..).unwrap_or_default();
        let name = word(rest);
        let Some(open) = rest.find(['{', ';']).filter(|_| !name.is_empty()) else {
            continue;
        };
        if rest.get(open..=open) == Some(";") {
            continue;
        }
        let body = block(rest.get(open..).unwrap_or_default());
        let matched = body.match_indices("match ").map(|(m, _)| {
            let inner = body.get(m..).unwrap_or_default();
            let from = inner.find('{').unwrap_or(0);
            spoken(block(inner.get(from..).unwrap_or_default()))
        });
        let longest = matched.max().unwrap_or(0);
        all.push((name, spoken(body).saturating_sub(longest)));
    }
    all
}

fn spoken(body: &str) -> usize {
    let says = |line: &&str| line.chars().any(|c| is_word(Some(c)));
    body.lines().filter(says).count()
}

/// A block from its opening brace to the closing one.
fn block(text: &str) -> &str {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(..=i).unwrap_or(text);
        }
    }
    text
}

/// Sentences of `lib.rs` that begin with "Never" name the tests that hold them, as `file::function` in backticks.
#[test]
fn what_may_never_happen_has_a_test() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs");
    let tests = functions_of_tests();
    let sentences = nevers(&lib);
    assert!(sentences.len() > 10, "the sentences were not found");
    let mut faults = Vec::new();
    for sentence in sentences {
        let named: Vec<&str> = sentence
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|n| n.contains("::"))
            .collect();
        if named.is_empty() {
            faults.push(format!("no test is named: {sentence}"));
        }
        for name in named {
            let (file, function) = name.rsplit_once("::").unwrap_or_default();
            if !tests
                .get(file)
                .is_some_and(|all| all.contains(&format!("fn {function}(")))
            {
                faults.push(format!("{name} does not exist: {sentence}"));
            }
        }
    }
    fail_with(&faults);
}

fn nevers(lib: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    for line in lib.lines().filter_map(|l| l.strip_prefix("//!")) {
        let line = line.trim().trim_start_matches("- ");
        if line.starts_with("Never ") {
            all.push(line.to_owned());
            open = true;
        } else if line.is_empty() {
            open = false;
        } else if let (true, Some(last)) = (open, all.last_mut()) {
            last.push(' ');
            last.push_str(line);
        }
    }
    all
}

/// The text of each file of tests, by its path as `cargo test` writes it: `mail::outbox`.
fn functions_of_tests() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    collect_tests(&root().join("tests"), "", &mut all);
    all
}

fn collect_tests(directory: &Path, path: &str, all: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(directory).expect("tests") {
        let file = entry.expect("entry").path();
        let name = file
            .file_stem()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        if file.is_dir() {
            collect_tests(&file, &format!("{path}{name}::"), all);
        } else if file.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&file).expect("test");
            all.insert(format!("{path}{name}"), text);
        }
    }
}

/// The reader itself, on code that tries to mislead it.
#[test]
fn reads_code_and_not_comments() {
    let (code, strings) =
        blank("let a = \"use sqlx; \\\" {\"; // sqlx\nlet c = '\"'; let r = r#\"x\"y\"#; sqlx2;");
    assert!(!says(&code, "sqlx"), "{code}");
    assert_eq!(strings, ["use sqlx; \\\" {", "x\"y"]);
    assert_eq!(
        imports("use crate::{domain::{a, b}, store}; crate::messages! {}"),
        ["domain", "store", "language"]
    );
    assert_eq!(functions("fn a() {\n1\n}"), [("a".to_owned(), 1)]);
}
