//! An extract of a year from a database that `benches/extract.sh` has filled: its figures gathered in turns, then protected and attacked once;
//! seconds, and the most memory that the process ever had. `cargo bench --bench extract -- URL [ROUNDS]`.

use portaal_console::config::{self, Environment, Flags};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::figures::Counted;
use portaal_console::extract::{Quiet, shield};
use portaal_console::service::{self, figures::gather};
use portaal_console::store::{Access, Db};
use std::sync::Arc;
use std::time::Instant;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    let Some(url) = given.first() else {
        println!("which database? benches/extract.sh makes one and says its URL");
        return;
    };
    let rounds = given.get(1).and_then(|n| n.parse().ok()).unwrap_or(3);
    let db = Db::open(url, Access::ReadOnly).await.expect("a database");
    let flags = Flags {
        database: Some(url.clone()),
        ..Flags::default()
    };
    let settings = config::load(&Environment::of(&[("HOME", "/nonexistent")]), &flags);
    let settings = Arc::new(settings.expect("settings"));
    let services = service::connect(db, settings).await.expect("services");
    let definition = Definition::built_in();
    let period = definition.period("2025").expect("a period");
    // As if the deliveries of the last quarter had come since: those whose number ends in 3.
    let mut earlier: Vec<Counted> = Vec::new();
    let mut first = None;
    for round in 0..=rounds {
        let began = Instant::now();
        let made = gather(&services, definition, &period, &earlier, &mut Quiet).await;
        let made = made.expect("figures");
        let (took, [paths, measured, respondents]) = (began.elapsed().as_secs_f64(), made.read);
        let against = earlier.len();
        println!(
            "{took:.1} s: {paths} care paths, {measured} measurements, {respondents} respondents, {} cells, against {against} \
             earlier, {} MiB at most",
            made.leaves.len(),
            memory()
        );
        let made = first.get_or_insert(made);
        if round + 1 == rounds {
            let ids = made.submissions.iter().map(|(id, _)| id.clone());
            let submissions = ids.filter(|id| !id.starts_with("s3")).collect();
            earlier.push(Counted {
                period: period.clone(),
                submissions,
            });
        }
    }
    services.db.close().await;
    let Some(figures) = first else { return };
    let began = Instant::now();
    let built = shield::build(&figures, definition, "2025", &[], 1, &mut Quiet).expect("built");
    let hidden = built.cells.iter().filter(|c| c.status.is_hidden()).count();
    println!(
        "{:.1} s: {} cells protected and attacked, {hidden} hidden, {:?}, {} MiB at most",
        began.elapsed().as_secs_f64(),
        built.cells.len(),
        built.attacks,
        memory()
    );
}

/// The most memory that this process ever had, in MiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let number = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
    number.unwrap_or_default() / 1024
}
