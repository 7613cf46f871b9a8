//! What the database itself refuses, whoever writes the statement and by whatever door.

use super::stage::{built, cast, row};
use crate::support::db::each;
use portaal_console::domain::action::Act;
use portaal_console::store::{Query, StoreError};

/// Statements that must be refused while an extract is in a state: built, requested, approved, then released.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "built",
        &[
            "UPDATE extract SET state = 'approved'",
            "UPDATE extract SET state = 'released', released_by = 'x', released_login = 'x', released_at = 1",
            "UPDATE extract SET state = 'requested'",
            "UPDATE extract SET digest = 'other'",
            "UPDATE extract SET definition_text = '{}'",
            "UPDATE extract SET period = '2024'",
            "UPDATE extract_cell SET n = n + 1",
            "UPDATE extract_file SET content = content",
            "DELETE FROM extract_cell",
            "DELETE FROM extract_file",
            "INSERT INTO extract_file SELECT extract_id, 'more.csv', bytes, sha256, content FROM extract_file",
            "INSERT INTO extract_attack SELECT id, 1, 'outsider', 0, 0 FROM extract",
            "INSERT INTO extract_find SELECT id, 1, 'outsider', 'volume', 'Total', 'Total', 'Total', 'count', '', '' FROM extract",
            "INSERT INTO extract_submission SELECT id, 's', 'h' FROM extract",
            "INSERT INTO extract_holder SELECT id, '01234567', 'n', 1, 1, 0, '' FROM extract",
            "INSERT INTO extract_fetch SELECT 'f', id, 1, '2026-01-01', 'x', 'y' FROM extract",
            "DELETE FROM extract",
        ],
    ),
    (
        "requested",
        &[
            "UPDATE extract SET state = 'released', released_by = requested_by, released_login = requested_login, released_at = 1",
            "UPDATE extract SET state = 'approved', approved_by = requested_by, approved_login = requested_login, \
                approved_at = 1, approved_digest = digest",
            "UPDATE extract SET state = 'approved', approved_by = 'nobody', approved_login = 'nobody', approved_at = 1, \
                approved_digest = digest",
            "UPDATE extract SET requested_by = 'other'",
            "UPDATE extract SET requested_digest = 'other'",
            "UPDATE extract SET requested_by = '', requested_login = '', requested_at = 0, requested_digest = ''",
            "UPDATE extract SET digest = 'other', requested_digest = 'other'",
            "UPDATE extract_cell SET status = 's'",
        ],
    ),
    (
        "approved",
        &[
            "UPDATE extract SET approved_by = requested_by",
            "UPDATE extract SET approved_digest = 'other', requested_digest = 'other', digest = 'other'",
            "UPDATE extract SET requested_by = approved_by, approved_by = requested_by",
            "UPDATE extract SET state = 'recalled', recalled_by = 'x', recalled_at = 1",
            "UPDATE extract SET state = 'released'",
            "UPDATE extract SET manifest = '{\"a\":1}'",
            "DELETE FROM extract_cell",
        ],
    ),
    (
        "released",
        &[
            "UPDATE extract SET state = 'approved', released_by = '', released_login = '', released_at = 0",
            "UPDATE extract SET state = 'draft', digest = ''",
            "UPDATE extract SET released_at = released_at + 1",
            "UPDATE extract SET released_by = requested_by, released_login = 'x'",
            "UPDATE extract SET approved_by = 'other'",
            "UPDATE extract SET approve_reason = 'other'",
            "DELETE FROM extract_submission WHERE extract_id IN (SELECT id FROM extract)",
            "DELETE FROM extract_cell",
            "DELETE FROM extract",
        ],
    ),
];

#[test]
fn direct_statements_that_go_around_two_persons_are_refused() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        for (state, statements) in REFUSED {
            match *state {
                "requested" => drop(cast.anna.does(Act::ExtractRequest, &id).await),
                "approved" => drop(cast.bram.does(Act::ExtractApprove, &id).await),
                "released" => drop(cast.bram.does(Act::ExtractRelease, &id).await),
                _ => {}
            }
            let before = row(&world, &id).await;
            assert_eq!(before.state, *state);
            // By the owner of the tables, by each of the two, on every door to the database.
            for services in [&world.services, &cast.anna.services, &cast.bram.services] {
                for sql in *statements {
                    let mut tx = services.db.write().await.expect("transaction");
                    let done = tx.execute(Query::new(sql)).await;
                    tx.rollback().await.expect("rollback");
                    // What deletes nothing because there is nothing is no way around either.
                    let held = matches!(done, Err(StoreError::Refused(_)) | Ok(0));
                    assert!(held, "{state}: {sql}: {done:?}");
                }
            }
            assert_eq!(row(&world, &id).await, before);
        }
    });
}

/// On a server nobody can write another's name under a request, even with the right to write the row.
#[test]
fn the_names_of_both_persons_come_from_their_own_sessions() {
    each(async |world| {
        if world.engine == portaal_console::store::Engine::Sqlite {
            return;
        }
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        cast.anna.does(Act::ExtractRequest, &id).await;
        let posing = format!(
            "UPDATE extract SET state = 'approved', approved_by = '{}', approved_login = '{}', approved_at = 1, \
             approved_digest = digest",
            cast.bram.actor.operator, cast.bram.actor.login
        );
        let posing: &'static str = posing.leak();
        for (services, may) in [
            (&cast.anna.services, false),
            (&cast.chef.services, false),
            (&world.services, false),
            (&cast.bram.services, true),
        ] {
            let mut tx = services.db.write().await.expect("transaction");
            let done = tx.execute(Query::new(posing)).await;
            tx.rollback().await.expect("rollback");
            assert_eq!(done.is_ok(), may, "{done:?}");
        }
    });
}
