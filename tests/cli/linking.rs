//! Handshakes and licence codes by command line: the code on stdout once, what is said about it on stderr, and nowhere else.

use super::{first_operator, organisation, text};
use crate::support::db::{World, each};
use crate::support::program::{Said, contents, run};

#[test]
fn a_code_is_written_once_to_stdout_alone() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        organisation(&world, "12345678");
        // By the AGB code of an organisation with one connection.
        run(
            &world,
            &["licence", "reveal", "12345678", "--reason", "vraag"],
        )
        .exits(5);
        run(&world, &["connection", "issue", "12345678"]).exits(0);
        run(&world, &["licence", "reveal", "12345678"]).exits(2);
        let words = ["licence", "reveal", "12345678", "--reason", "vraag"];
        let tried = run(&world, &[&words[..], &["--dry-run"]].concat()).exits(0);
        assert!(!tried.out.contains("kibg_"), "{tried:?}");
        let said = run(&world, &words).exits(0);
        let code = said.out.trim_end().to_owned();
        assert_eq!(said.out, format!("{code}\n"), "the code and nothing else");
        assert!(code.starts_with("kibg_d") && code.len() == 42, "{code}");
        assert!(!said.err.contains(&code), "{}", said.err);
        assert!(said.err.contains("Praktijk 12345678"), "{}", said.err);
        let again = run(&world, &words).exits(5);
        assert!(!again.out.contains("kibg_"), "{again:?}");
        assert!(again.err.contains("al opgehaald"), "{}", again.err);

        let start = &code[6..14];
        for noun in ["licence", "connection", "mail", "audit"] {
            for form in ["json", "csv", "table"] {
                let listed = run(&world, &[noun, "list", "--output", form]).exits(0);
                assert!(!listed.out.contains(&code[6..36]), "{noun} {form}");
            }
        }
        let shown = run(&world, &["licence", "show", start, "--output", "json"]).exits(0);
        assert!(!shown.out.contains(&code[6..36]), "{}", shown.out);
        assert!(shown.out.contains(start), "it is known by its beginning");
        let kept = contents(&world).await;
        assert!(kept.values().all(|t| !t.contains(&code[6..36])));
    });
}

/// Runs a line whose words hold no blanks.
fn say(world: &World, line: &str) -> Said {
    run(world, &line.split(' ').collect::<Vec<_>>())
}

#[test]
fn vendors_connections_and_codes_by_their_words() {
    each(|world| async move {
        first_operator(&world, "support,on_call,administrator");
        organisation(&world, "12345678");
        let add =
            "vendor add --name Meetplus --kind rom --contact Verhoeven --email k@meetplus.example";
        say(&world, add).exits(0);
        say(&world, add).exits(2);
        say(
            &world,
            "vendor inform Meetplus --specifications rom-1,cqi-1",
        )
        .exits(0);
        say(&world, "vendor inform Meetplus --specifications rom-9").exits(2);
        say(&world, "vendor change Meetplus --phone 0301234567").exits(0);
        let request = "connection request --organisation 12345678 --vendor Meetplus --route automatic --output json";
        let made = say(&world, request).exits(0);
        let id = text(&made.rows()[0], "id");
        say(&world, request).exits(5);
        let change = format!("connection change {id}");
        say(
            &world,
            &format!("{change} --specifications cqi-1 --inbox-uid 1207"),
        )
        .exits(0);
        say(&world, &format!("{change} --inbox-uid vier")).exits(2);
        say(&world, &format!("connection issue {id}")).exits(0);
        let code = say(&world, &format!("licence reveal {id} --reason vraag")).exits(0);
        let shown = say(&world, &format!("connection show {id} --output json")).exits(0);
        assert_eq!(text(&shown.json(), "state"), "testing", "{}", shown.out);
        assert!(shown.out.contains("cqi-1"), "{}", shown.out);
        let plan = format!("test-run plan {id} --specification cqi-1 --planned-for 2026-10-19");
        say(&world, &plan).exits(0);
        let runs = say(
            &world,
            "test-run list --filter status:planned --output json",
        )
        .exits(0);
        assert_eq!(runs.rows().len(), 1, "{}", runs.out);
        let test = text(&runs.rows()[0], "id");
        say(&world, &format!("test-run show {test}")).exits(0);
        say(&world, &format!("test-run approve {test}")).exits(5);
        // A code is found by its beginning, a connection by that of one of its codes.
        let start = &code.out[6..14];
        say(&world, &format!("connection show {start}")).exits(0);
        say(&world, &format!("licence rotate {start}")).exits(0);
        say(&world, &format!("licence revoke {start} --reason gelekt")).exits(0);
        say(&world, &format!("licence revoke {start} --reason gelekt")).exits(5);
        say(&world, &format!("connection revoke {id} --reason gestopt")).exits(0);
        say(&world, "audit verify").exits(0);
    });
}
