//! The verwerkingsverslag: summary, rules and places, in every form, and nothing of what stood in the cells.

use super::stage::{Agreed, add, cast, refused};
use crate::support::db::each;
use crate::support::program::run as call;
use portaal_console::language::Language;
use portaal_console::service::{report, report_text, submission};
use portaal_console::store::{Query, submission as rows};

#[test]
fn it_tells_what_was_found_and_what_to_do() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = refused(&world, &cast, 1).await;
        let report = report::of(&world.services, &cast.on_call, &id)
            .await
            .expect("report");
        assert_eq!(
            report.rules.first().map(|r| r.code.as_str()),
            Some("ROM-0004"),
            "what refuses it comes first"
        );
        let dutch = report_text::lines(&report, Language::Nl).join("\n");
        for wanted in [
            "niet valide",
            "ROM-0004",
            "Doen: Voeg de kolom toe",
            "kolom totaalscore",
            "AGB 06010001",
            "tekenset utf-8 · scheidingsteken ;",
        ] {
            assert!(dutch.contains(wanted), "{wanted}\n{dutch}");
        }
        let english = report_text::lines(&report, Language::En).join("\n");
        assert!(
            english.contains("To do: Add the column") && !english.contains("Doen"),
            "{english}"
        );
        let json = report_text::json(&report, Language::En);
        assert_eq!(json["rules"][0]["code"], "ROM-0004");
        assert_eq!(json["rules"][0]["places"][0]["column"], "totaalscore");
        assert_eq!(json["state"], "invalid");
        let good = add(&world, &cast, 2, false).await;
        submission::process(&world.services, &good)
            .await
            .expect("processed");
        let report = report::of(&world.services, &cast.on_call, &good)
            .await
            .expect("report");
        let text = report_text::lines(&report, Language::Nl).join("\n");
        assert!(
            text.contains("Er hoeft niets te gebeuren") && text.contains(" nieuw, 0 gewijzigd"),
            "{text}"
        );
    });
}

#[test]
fn counts_add_up_beyond_the_places_that_are_kept() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = refused(&world, &cast, 1).await;
        let finding = |position, line, count| rows::Finding {
            position,
            code: "ROM-0103".to_owned(),
            severity: "value".to_owned(),
            line,
            column_name: if line > 0 {
                "geslacht".to_owned()
            } else {
                String::new()
            },
            count,
        };
        let mut tx = world.services.db.write().await.expect("transaction");
        rows::put_findings(
            &mut tx,
            &id,
            &[finding(1, 4, 1), finding(2, 9, 1), finding(3, 0, 40)],
        )
        .await
        .expect("findings");
        tx.commit().await.expect("commit");
        let report = report::of(&world.services, &cast.on_call, &id)
            .await
            .expect("report");
        let rule = report.rules.first().expect("rule");
        assert_eq!((rule.count, rule.places.len(), rule.rest()), (42, 2, 40));
        let text = report_text::lines(&report, Language::Nl).join("\n");
        assert!(
            text.contains("regel 4, kolom geslacht; regel 9, kolom geslacht; en nog 40 keer"),
            "{text}"
        );
    });
}

#[test]
fn every_form_comes_from_the_command_and_no_formula_survives() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = refused(&world, &cast, 1).await;
        let login = String::from_utf8(
            std::process::Command::new("id")
                .arg("-un")
                .output()
                .expect("id")
                .stdout,
        )
        .expect("text");
        let sql = "UPDATE operator SET login = $1 WHERE login = 'piket'";
        super::stage::write(&world, Query::new(sql).bind(login.trim())).await;
        let sql = "UPDATE organisation SET name = '=1+1;HYPERLINK(1)'";
        super::stage::write(&world, Query::new(sql)).await;
        let run = |arguments: &[&str]| {
            let all = [&["submission", "report", &id], arguments].concat();
            call(&world, &all)
        };
        let text = run(&[]).exits(0);
        assert!(text.out.starts_with("Verwerkingsverslag"), "{}", text.out);
        let json = run(&["--output", "json"]).exits(0);
        let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
        assert_eq!(json["id"], id.as_str());
        let csv = run(&["--output", "csv"]).exits(0);
        assert!(
            csv.out
                .lines()
                .all(|l| !l.starts_with(['=', '+', '-', '@'])),
            "{}",
            csv.out
        );
        let path = world.state.path().join("verslag.xlsx");
        let shown = path.display().to_string();
        run(&["--output", "xlsx", "--to", &shown]).exits(0);
        let text = unpacked(&path);
        assert!(
            text.contains("ROM-0004") && text.contains("'=1+1;HYPERLINK(1)"),
            "{text}"
        );
        assert!(
            !text.contains("<f>") && !text.contains(">=1+1"),
            "no formula"
        );
        let twice = run(&["--output", "xlsx", "--to", &shown]);
        assert_ne!(twice.code, 0, "a file that is there stays");
    });
}

/// Every part of a workbook as text.
fn unpacked(path: &std::path::Path) -> String {
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint(''.join(z.read(n).decode() for n in z.namelist()))";
    let output = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(path)
        .output()
        .expect("python3");
    assert!(output.status.success(), "not a workbook");
    String::from_utf8(output.stdout).expect("text")
}
