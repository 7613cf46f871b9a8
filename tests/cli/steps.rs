//! What an operator does in the morning, by command line: each step with its exit code and what it leaves behind.

use super::{first_operator, import, organisation, registration, text};
use crate::support::db::{each, environment};
use crate::support::program::{audit_rows, call, contents, run, run_with};

#[test]
fn the_first_operator_is_the_bootstrap_and_only_once() {
    each(|world| async move {
        let words = [
            "operator", "add", "--login", "iemand", "--name", "I. Emand", "--roles",
        ];
        let support = run(&world, &[&words[..], &["support"]].concat());
        assert_eq!(
            support.code, 2,
            "the first one must be an administrator: {support:?}"
        );
        first_operator(&world, "administrator");
        run(&world, &[&words[..], &["support"]].concat()).exits(0);
        run(&world, &[&words[..], &["support"]].concat()).exits(2);
        let said = run(&world, &["audit", "verify", "--output", "json"]).exits(0);
        assert_eq!(said.json()["valid"], true);
    });
}

#[test]
fn a_stranger_is_refused_and_told_what_to_do() {
    each(|world| async move {
        world
            .operator(
                "iemand",
                &[portaal_console::domain::right::Role::Administrator],
            )
            .await;
        let before = contents(&world).await;
        let said = run(&world, &["audit", "verify"]).exits(4);
        assert!(said.err.starts_with("portaal: "), "{said:?}");
        assert_eq!(contents(&world).await, before);
        assert_eq!(audit_rows(&world).await, (1, 1));
    });
}

#[test]
fn from_registration_to_organisation() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        let id = import(&world, "12345678");
        run(&world, &["registration", "complete", "bestaat-niet"]).exits(1);
        let dry = contents(&world).await;
        let rows = audit_rows(&world).await;
        let words = ["registration", "set-up", &id, "--city", "Assen"];
        run(&world, &[&words[..], &["--dry-run"]].concat()).exits(0);
        assert_eq!(contents(&world).await, dry, "a dry run keeps nothing");
        assert_eq!(audit_rows(&world).await, rows);
        run(&world, &[&words[..], &["--if-version", "9"]].concat()).exits(5);
        run(&world, &words).exits(0);
        run(&world, &["registration", "set-up", &id, "--kvk", "123"]).exits(2);
        run(&world, &["registration", "complete", &id]).exits(0);
        let again = run(
            &world,
            &["registration", "complete", &id, "--output", "json"],
        )
        .exits(5);
        assert_eq!(again.rows()[0]["error"], "state");
        assert_eq!(again.rows()[0]["exit"], 5);
        run(&world, &["organisation", "edit", "12345678"]).exits(2);
        run(
            &world,
            &["organisation", "edit", "12345678", "--city", "Meppel"],
        )
        .exits(0);
        run(
            &world,
            &["organisation", "suspend", "12345678", "--reason", "proef"],
        )
        .exits(0);
        run(
            &world,
            &["organisation", "suspend", "12345678", "--reason", "proef"],
        )
        .exits(5);
        run(&world, &["audit", "verify"]).exits(0);
    });
}

#[test]
fn a_document_that_does_not_fit_stores_nothing() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        import(&world, "12345678");
        let before = contents(&world).await;
        let rows = [
            ("{", 1),
            ("", 1),
            (&registration("12345678"), 1),
            (&registration("1234"), 1),
            (
                &registration("87654321").replace("info@linde.example", "geen mail"),
                1,
            ),
            (&registration("87654321").replace("signatory", "reader"), 1),
            (&registration("87654321").replace("\"city\"", "\"stad\""), 1),
        ];
        for (document, code) in rows {
            let said = run_with(&world, &["registration", "import", "-"], document);
            assert_eq!(said.code, code, "{document}: {said:?}");
            said.is_safe();
        }
        run(&world, &["registration", "import", "/bestaat/niet.json"]).exits(2);
        assert_eq!(contents(&world).await, before);
    });
}

#[test]
fn many_at_once_each_with_its_outcome() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        organisation(&world, "12345678");
        let words = [
            "account",
            "invite",
            "--organisation",
            "12345678",
            "--roles",
            "reader",
            "--output",
            "json",
        ];
        let mut ids = Vec::new();
        for name in ["b", "c"] {
            let mail = format!("{name}@linde.example");
            let said = run(
                &world,
                &[&words[..], &["--name", name, "--email", &mail]].concat(),
            )
            .exits(0);
            ids.push(text(&said.rows()[0], "id"));
        }
        let resend = [
            "account", "resend", &ids[0], "ffffffff", &ids[1], "--output", "json",
        ];
        let said = run(&world, &resend).exits(1);
        let outcomes: Vec<String> = said.rows().iter().map(|r| text(r, "outcome")).collect();
        assert_eq!(outcomes, ["done", "refused", "done"]);
        let said = run(&world, &["account", "resend", &ids[0], &ids[1]]).exits(0);
        assert_eq!(said.out.lines().count(), 3, "{said:?}");
    });
}

#[test]
fn read_only_refuses_every_change() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        let before = contents(&world).await;
        let words = ["--read-only", "registration", "import", "-"];
        run_with(&world, &words, &registration("12345678")).exits(4);
        let words = [
            "operator",
            "add",
            "--login",
            "x",
            "--name",
            "y",
            "--roles",
            "auditor",
            "--read-only",
        ];
        run(&world, &words).exits(4);
        run(&world, &["--read-only", "migrate"]).exits(4);
        assert_eq!(contents(&world).await, before);
        assert_eq!(
            audit_rows(&world).await.1,
            2,
            "refusals are audited all the same"
        );
    });
}

#[test]
fn an_agreement_is_published_downloaded_and_accepted() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        organisation(&world, "12345678");
        let pdf = world.state.path().join("vwo.pdf");
        std::fs::write(&pdf, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n").expect("pdf");
        let pdf = pdf.display().to_string();
        let words = [
            "agreement",
            "publish",
            &pdf,
            "--name",
            "2026-10",
            "--title",
            "VWO",
            "--valid-from",
            "2026-10-01",
            "--grace-until",
            "2026-12-31",
        ];
        run(&world, &[&words[..], &["--dry-run"]].concat()).exits(0);
        run(&world, &words).exits(0);
        run(&world, &words).exits(2);
        let said = run(&world, &["agreement", "download", "2026-10", "--to", "-"]).exits(0);
        assert!(said.out.starts_with("%PDF-1.4"));
        run(
            &world,
            &["agreement", "download", "2026-10", "--to", "weg.pdf"],
        )
        .exits(0);
        run(
            &world,
            &["agreement", "download", "2026-10", "--to", "weg.pdf"],
        )
        .exits(2);
        let accept = [
            "agreement",
            "record-acceptance",
            "--organisation",
            "12345678",
            "--account",
            "a.deboer@linde.example",
            "--remote",
            "192.0.2.1",
        ];
        // Invited is not active: the signatory has not come in yet.
        run(&world, &accept).exits(5);
    });
}

#[test]
fn marks_are_imported_whole_or_not_at_all() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        organisation(&world, "12345678");
        let header = "agb;kind;valid_from;valid_until\n";
        let good = format!("{header}12345678;basis_ggz;2026-01-01;2026-12-31\n");
        let bad = format!("{good}12345678;basis_ggz;2026-13-01;2026-12-31\n");
        let before = contents(&world).await;
        let said = run_with(&world, &["organisation", "import-marks", "-"], &bad).exits(1);
        assert!(said.err.contains('3'), "the line is named: {said:?}");
        assert_eq!(contents(&world).await, before);
        run_with(&world, &["organisation", "import-marks", "-"], &good).exits(0);
        assert_ne!(contents(&world).await, before);
    });
}

#[test]
fn the_audit_is_verified_anchored_and_exported() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        let anchor = run(&world, &["audit", "anchor"]).exits(0);
        std::fs::write(world.state.path().join("anker"), &anchor.out).expect("anchor");
        import(&world, "12345678");
        run(&world, &["audit", "verify", "--anchor", "anker"]).exits(0);
        let moved = anchor.out.replace(" 2 ", " 1 ");
        std::fs::write(world.state.path().join("anker"), &moved).expect("anchor");
        if moved != anchor.out {
            run(&world, &["audit", "verify", "--anchor", "anker"]).exits(1);
        }
        let export = run(&world, &["audit", "export", "--reason", "proef"]).exits(0);
        for line in export.out.lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
            assert!(row["hash"].is_string());
        }
        export.is_safe();
    });
}

#[test]
fn an_embedded_database_migrates_itself_and_a_server_does_not() {
    let state = tempfile::tempdir().expect("directory");
    std::fs::write(state.path().join("config.toml"), "").expect("settings");
    let said = call(state.path(), &["audit", "verify"], "");
    assert_eq!(
        said.code, 4,
        "the schema is there, the operator is not: {said:?}"
    );
}

/// The token in the mail that invites somebody, as the recipient would follow it.
fn token(mails: &std::path::Path, recipient: &str) -> String {
    let entries = std::fs::read_dir(mails).expect("mails");
    let texts = entries.map(|e| std::fs::read_to_string(e.expect("entry").path()).expect("mail"));
    let plain = texts.map(|text| text.replace("=\r\n", "").replace("=\n", ""));
    let mut mine = plain.filter(|text| text.contains(recipient) && text.contains("kibgi_"));
    let mail = mine.next().expect("an invitation");
    let begins = mail.find("kibgi_").expect("token");
    let word = mail.get(begins..).unwrap_or_default();
    word.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .collect()
}

#[test]
fn from_invitation_to_acceptance_by_mail() {
    each(|world| async move {
        environment(world.state.path());
        let settings = world.state.path().join("config.toml");
        let before = std::fs::read_to_string(&settings).expect("settings");
        std::fs::write(&settings, format!("undo_seconds = 0\n{before}")).expect("settings");
        first_operator(&world, "support,administrator,on_call");
        let pdf = world.state.path().join("vwo.pdf");
        std::fs::write(&pdf, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n").expect("pdf");
        let pdf = pdf.display().to_string();
        let words = [
            "agreement",
            "publish",
            &pdf,
            "--name",
            "2026-10",
            "--title",
            "VWO",
            "--valid-from",
            "2026-10-01",
            "--grace-until",
            "2026-12-31",
        ];
        run(&world, &words).exits(0);
        organisation(&world, "12345678");
        let worked = run(&world, &["worker", "--once", "--output", "json"]).exits(0);
        assert_eq!(worked.json()["jobs"], 3, "{worked:?}");
        let mails = world.state.path().join("mail");
        assert_eq!(std::fs::read_dir(&mails).expect("mails").count(), 3);
        let token = token(&mails, "a.deboer@linde.example");
        run_with(&world, &["account", "activate"], "kibgi_00").exits(5);
        run_with(&world, &["account", "activate"], &format!("{token}\n")).exits(0);
        run_with(&world, &["account", "activate"], &token).exits(5);
        assert_eq!(
            run(&world, &["agreement", "pending", "--output", "json"])
                .exits(0)
                .rows()
                .len(),
            1
        );
        run(&world, &["agreement", "remind", "--all"]).exits(0);
        let accept = [
            "agreement",
            "record-acceptance",
            "--organisation",
            "12345678",
            "--account",
            "a.deboer@linde.example",
            "--remote",
            "192.0.2.1",
        ];
        run(&world, &accept).exits(0);
        run(&world, &accept).exits(5);
        assert!(
            run(&world, &["agreement", "pending", "--output", "json"])
                .exits(0)
                .rows()
                .is_empty()
        );
        run(&world, &["agreement", "remind", "--all"]).exits(0);
        let sent = run(
            &world,
            &[
                "mail",
                "list",
                "--filter",
                "status:sent",
                "--output",
                "json",
            ],
        )
        .exits(0);
        assert_eq!(sent.rows().len(), 3);
        let id = text(&sent.rows()[0], "id");
        let again = run(&world, &["mail", "resend", &id, "--output", "json"]).exits(0);
        let copy = text(&again.rows()[0], "id");
        assert_ne!(copy, id, "a resend is a new mail");
        run(&world, &["mail", "cancel", &id]).exits(5);
        run(&world, &["mail", "cancel", &copy]).exits(0);
        let shown = run(&world, &["mail", "show", &copy, "--output", "json"]).exits(0);
        assert_eq!(shown.json()["state"], "cancelled");
        run(&world, &["mail", "test", "--to", "proef@linde.example"]).exits(0);
        run(&world, &["worker", "--once"]).exits(0);
        run(&world, &["audit", "verify"]).exits(0);
    });
}
