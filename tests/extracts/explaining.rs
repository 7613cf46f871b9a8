//! `portaal extract explain`: what it says of a cell that is shown, too small or hidden for others, to people and to programs.

use super::deliveries::deliver;
use super::stage::{Person, define};
use crate::support::db::each;
use crate::support::program::{Said, run};
use portaal_console::domain::action::Act;
use portaal_console::domain::right::Role;
use portaal_console::service::identity;
use portaal_console::work;
use std::fmt::Write;

/// Table, codes and what is the case.
const CELLS: &[(&str, &[&str], &str)] = &[
    ("volume", &["06010001", "kort", "Total"], "shown"),
    ("volume", &["06010001", "chronisch", "gedrag"], "too small"),
    (
        "volume",
        &["Total", "Total", "Total"],
        "too few care providers",
    ),
    ("response", &["06010001", "Total", "non_starter"], "nobody"),
    ("volume", &["06010001", "kort", "05"], "hidden for others"),
    (
        "effect",
        &["06010001", "middel", "SQ48"],
        "hidden for its sums",
    ),
];

#[test]
fn every_kind_of_cell_is_explained_to_people_and_to_programs() {
    each(async |world| {
        deliver(&world).await;
        let login = identity::kernel_facts().expect("kernel").login;
        let actor = world.operator(&login, &[Role::ReleaseManager]).await;
        let me = Person {
            actor,
            services: world.services.clone(),
        };
        let id = define(&me, "2026").await;
        me.does(Act::ExtractBuild, &id).await;
        work::drain(world.services.clone()).await.expect("drained");
        let explain = |sheet: &str, codes: &[&str], more: &[&str]| -> Said {
            let words = ["extract", "explain", id.as_str(), "--sheet", sheet];
            run(&world, &[&words[..], codes, more].concat())
        };
        for (name, more) in [
            ("nl", ["--language", "nl"]),
            ("en", ["--language", "en"]),
            ("json", ["--output", "json"]),
        ] {
            let mut all = String::new();
            for (sheet, codes, case) in CELLS {
                let said = explain(sheet, codes, &more).exits(0);
                said.is_safe();
                assert_eq!(said.err, "", "{case}");
                let of = codes.join(" ");
                let _ = writeln!(all, "== {sheet} {of} ({case})\n{}", said.out);
            }
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path("../../snapshots");
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(format!("explain_{name}"), all));
        }
        let missing = explain("volume", &["06010001", "kort"], &[]).exits(1);
        assert!(missing.err.contains("06010001 kort"), "{missing:?}");
        let unknown = explain("volum", &["06010001"], &[]).exits(2);
        assert!(unknown.err.contains("volume"), "{unknown:?}");
    });
}
