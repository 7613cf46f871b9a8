//! The counts of causes follow every move of a delivery, in its transaction.

use super::stage::{Agreed, act, add, agree, cast, causes, failed, refused, row, write};
use crate::onboarding::number;
use crate::support::db::each;
use portaal_console::domain::action::Act;
use portaal_console::domain::cause::{Standing, of, party};
use portaal_console::domain::submission::State;
use portaal_console::service::submission;
use portaal_console::store::{Query, recount};

#[test]
fn what_a_delivery_stands_still_by() {
    type Case = (
        State,
        &'static str,
        &'static str,
        Option<&'static str>,
        bool,
        Option<&'static str>,
    );
    let rows: &[Case] = &[
        (State::Received, "", "", None, false, None),
        (
            State::Held,
            "no_acceptance",
            "",
            None,
            false,
            Some("no_acceptance"),
        ),
        (
            State::Held,
            "technical",
            "technical:disk_full",
            None,
            false,
            Some("technical:disk_full"),
        ),
        (
            State::Held,
            "technical",
            "",
            None,
            false,
            Some("technical:unknown"),
        ),
        (
            State::Failed,
            "",
            "disk_full",
            None,
            false,
            Some("technical:disk_full"),
        ),
        (
            State::Failed,
            "",
            "no_acceptance",
            None,
            false,
            Some("technical:unknown"),
        ),
        (
            State::Invalid,
            "",
            "",
            Some("ROM-0004"),
            false,
            Some("ROM-0004"),
        ),
        (
            State::Invalid,
            "",
            "ROM-0001",
            None,
            false,
            Some("ROM-0001"),
        ),
        (State::Invalid, "", "", None, false, Some("unknown")),
        (State::Invalid, "", "", Some("ROM-0004"), true, None),
        (State::Failed, "", "", None, true, Some("technical:unknown")),
        (
            State::Processed,
            "",
            "technical:internal",
            None,
            false,
            None,
        ),
        (
            State::Withdrawn,
            "",
            "ROM-0004",
            Some("ROM-0004"),
            false,
            None,
        ),
        (State::Superseded, "", "", None, false, None),
    ];
    for (state, hold, failure, finding, test, wanted) in rows {
        let standing = Standing {
            state: *state,
            hold,
            failure,
            finding: *finding,
            test: *test,
        };
        assert_eq!(of(standing).as_deref(), *wanted, "{standing:?}");
    }
    let whose = ["no_acceptance", "technical:disk_full", "ROM-0004"].map(|c| party(c).as_str());
    assert_eq!(whose, ["signatory", "on_call", "vendor"]);
}

#[test]
fn a_cause_counts_what_stands_still_and_forgets_what_goes_on() {
    each(async |world| {
        let cast = cast(&world, Agreed::No).await;
        let held = add(&world, &cast, 1, false).await;
        let open = |code: &str, n: i64| (code.to_owned(), n, "open".to_owned());
        assert_eq!(causes(&world).await, [open("no_acceptance", 1)]);
        agree(&world, &cast.support).await;
        submission::process(&world.services, &held)
            .await
            .expect("goes on");
        let closed = ("no_acceptance".to_owned(), 0, "closed".to_owned());
        assert_eq!(causes(&world).await, std::slice::from_ref(&closed));
        assert_eq!(
            row(&world, &held).await.cause,
            "",
            "nothing is the matter any more"
        );
        let first = refused(&world, &cast, 2).await;
        refused(&world, &cast, 3).await;
        assert_eq!(causes(&world).await, [open("ROM-0004", 2), closed.clone()]);
        act(&world, &cast.on_call, Act::SubmissionWithdraw, &first, &[])
            .await
            .expect("withdrawn");
        assert_eq!(causes(&world).await, [open("ROM-0004", 1), closed]);
        assert_eq!(
            row(&world, &first).await.cause,
            "ROM-0004",
            "what it was given up for stays"
        );
        let sql = "SELECT count(*) FROM submission WHERE cause_id <> ''";
        assert_eq!(number(&world, sql).await, 1);
        let sql = "SELECT CAST(sum(n) AS BIGINT) FROM daily WHERE name LIKE 'cause.%'";
        assert_eq!(number(&world, sql).await, 3, "one held, two refused, today");
    });
}

#[test]
fn a_later_delivery_that_is_processed_settles_what_was_refused() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let begin = world.services.clock.now();
        refused(&world, &cast, 2).await;
        world.services.clock.set(begin.plus(1000));
        let good = add(&world, &cast, 3, false).await;
        assert_eq!(
            causes(&world).await[0].1,
            1,
            "delivered again, but not processed yet"
        );
        submission::process(&world.services, &good)
            .await
            .expect("processed");
        assert_eq!(
            causes(&world).await,
            [("ROM-0004".to_owned(), 0, "closed".to_owned())]
        );
        world.services.clock.set(begin);
    });
}

#[test]
fn trying_again_by_itself_is_no_new_failure() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = failed(&world, &cast, 1).await;
        let (code, n, _) = causes(&world).await.remove(0);
        assert!(code.starts_with("technical:") && n == 1, "{code} {n}");
        let kept = world
            .services
            .settings
            .files
            .join(row(&world, &id).await.sha256);
        let away = kept.with_extension("away");
        std::fs::rename(&kept, &away).expect("away again");
        submission::process(&world.services, &id)
            .await
            .expect_err("away");
        std::fs::rename(&away, &kept).expect("back");
        assert_eq!(
            causes(&world).await[0].1,
            1,
            "it stands still once, however often it is tried"
        );
        let sql = "SELECT CAST(sum(n) AS BIGINT) FROM daily WHERE name LIKE 'cause.%'";
        assert_eq!(number(&world, sql).await, 1);
        submission::process(&world.services, &id)
            .await
            .expect("processed");
        assert_eq!(causes(&world).await[0].1, 0);
    });
}

#[test]
fn counting_from_the_rows_gives_what_was_kept() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        for seed in 1..=3 {
            refused(&world, &cast, seed).await;
        }
        let kept = causes(&world).await;
        write(&world, Query::new("UPDATE submission SET cause_id = ''")).await;
        write(
            &world,
            Query::new("UPDATE cause SET n = 40, state = 'closed'"),
        )
        .await;
        let mut tx = world.services.db.write().await.expect("transaction");
        recount::causes(&mut tx, &[]).await.expect("counted");
        tx.commit().await.expect("commit");
        assert_eq!(causes(&world).await, kept);
    });
}
