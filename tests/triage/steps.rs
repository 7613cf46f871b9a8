//! Actions of staff on deliveries: what each needs, does and refuses.

use super::stage::{
    Agreed, VENDOR, act, add, agree, cast, cause, causes, failed, refused, row, write,
};
use crate::onboarding::number;
use crate::support::db::each;
use portaal_console::domain::action::{Act, legal};
use portaal_console::domain::right::Role;
use portaal_console::domain::submission::State;
use portaal_console::service::error::Rule;
use portaal_console::service::{Error, submission, triage};
use portaal_console::store::Query;
use portaal_console::work;

#[test]
fn which_states_allow_which_action() {
    let rows: &[(Act, &[&str])] = &[
        (Act::SubmissionRetry, &["held", "failed"]),
        (Act::SubmissionReject, &["held", "failed"]),
        (
            Act::SubmissionWithdraw,
            &[
                "received",
                "held",
                "valid",
                "valid_with_remarks",
                "invalid",
                "failed",
            ],
        ),
    ];
    for (act, allowed) in rows {
        for state in State::CODES {
            assert_eq!(
                legal(*act, state),
                allowed.contains(state),
                "{act:?} {state}"
            );
        }
    }
}

#[test]
fn what_failed_goes_back_to_the_queue_and_is_worked_off_once() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = failed(&world, &cast, 1).await;
        let done = act(&world, &cast.on_call, Act::SubmissionRetry, &id, &[])
            .await
            .expect("retried");
        assert!(
            !done.label.contains(".csv"),
            "a file name may name a person: {}",
            done.label
        );
        let now = row(&world, &id).await;
        assert_eq!(
            (now.state.as_str(), now.hold.as_str(), now.cause.as_str()),
            ("received", "", "")
        );
        assert_eq!(causes(&world).await[0].1, 0, "it stands still no more");
        let open = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'available'";
        assert_eq!(number(&world, open).await, 1, "one job, not two");
        let again = act(&world, &cast.colleague, Act::SubmissionRetry, &id, &[]).await;
        assert!(matches!(again, Err(Error::State { .. })), "{again:?}");
        work::drain(world.services.clone())
            .await
            .expect("worked off");
        assert_eq!(row(&world, &id).await.state, "processed");
        let audited =
            "SELECT count(*) FROM audit WHERE action = 'submission.retry' AND outcome = 'done'";
        assert_eq!(number(&world, audited).await, 1);
    });
}

#[test]
fn a_job_that_was_given_up_runs_again_with_a_clean_count() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = failed(&world, &cast, 1).await;
        let held =
            "UPDATE job SET state = 'held', failures = 5, rescues = 2 WHERE kind = 'submission'";
        write(&world, Query::new(held)).await;
        act(&world, &cast.on_call, Act::SubmissionRetry, &id, &[])
            .await
            .expect("retried");
        let clean = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'available' AND failures = 0 AND rescues = 0";
        assert_eq!(number(&world, clean).await, 1);
        work::drain(world.services.clone())
            .await
            .expect("worked off");
        assert_eq!(row(&world, &id).await.state, "processed");
    });
}

#[test]
fn what_is_held_for_an_acceptance_says_what_is_missing() {
    each(async |world| {
        let cast = cast(&world, Agreed::No).await;
        let id = add(&world, &cast, 1, false).await;
        let refused = act(&world, &cast.on_call, Act::SubmissionRetry, &id, &[]).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::NoAcceptance))),
            "{refused:?}"
        );
        assert_eq!(row(&world, &id).await.state, "held");
        agree(&world, &cast.support).await;
        act(&world, &cast.on_call, Act::SubmissionRetry, &id, &[])
            .await
            .expect("now it can");
        let open = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'available'";
        assert_eq!(
            number(&world, open).await,
            1,
            "the acceptance had made one already"
        );
    });
}

#[test]
fn what_is_rejected_never_comes_back_and_keeps_its_reason() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = failed(&world, &cast, 1).await;
        let call = world.call(&cast.on_call, "");
        let mute = portaal_console::service::run(
            &world.services,
            &call,
            Act::SubmissionReject,
            &id,
            &super::stage::values(&[]),
        )
        .await;
        assert!(matches!(mute, Err(Error::ReasonMissing)), "{mute:?}");
        act(&world, &cast.on_call, Act::SubmissionReject, &id, &[])
            .await
            .expect("rejected");
        let now = row(&world, &id).await;
        assert_eq!(
            (now.state.as_str(), now.reason.as_str()),
            ("withdrawn", "volgens afspraak")
        );
        work::drain(world.services.clone())
            .await
            .expect("nothing to do");
        assert_eq!(row(&world, &id).await.state, "withdrawn");
        assert_eq!(number(&world, "SELECT count(*) FROM care_path").await, 0);
    });
}

#[test]
fn a_claim_tells_who_and_runs_out() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = refused(&world, &cast, 1).await;
        let before = row(&world, &id).await.version;
        act(&world, &cast.on_call, Act::SubmissionClaim, &id, &[])
            .await
            .expect("taken");
        let taken = row(&world, &id).await;
        assert_eq!(
            (taken.assigned.as_str(), taken.version),
            ("piket", before),
            "a claim is no change of the record"
        );
        let theirs = act(&world, &cast.colleague, Act::SubmissionClaim, &id, &[]).await;
        assert!(
            matches!(&theirs, Err(Error::Claimed { by, .. }) if by == "Persoon piket"),
            "{theirs:?}"
        );
        let theirs = act(&world, &cast.colleague, Act::SubmissionRelease, &id, &[]).await;
        assert!(matches!(theirs, Err(Error::Claimed { .. })), "{theirs:?}");
        act(
            &world,
            &cast.colleague,
            Act::SubmissionNote,
            &id,
            &[("text", "gebeld")],
        )
        .await
        .expect("a claim forbids nothing else");
        let begin = world.services.clock.now();
        world.services.clock.set(begin.plus(10 * 60 * 1000 + 1));
        triage::let_go(&world.services).await.expect("let go");
        assert_eq!(row(&world, &id).await.assigned, "", "it ran out");
        act(&world, &cast.colleague, Act::SubmissionClaim, &id, &[])
            .await
            .expect("free");
        act(&world, &cast.colleague, Act::SubmissionRelease, &id, &[])
            .await
            .expect("let go");
        assert_eq!(row(&world, &id).await.assigned, "");
        world.services.clock.set(begin);
    });
}

#[test]
fn the_vendor_gets_one_mail_about_a_cause_with_its_own_organisations() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let begin = world.services.clock.now();
        refused(&world, &cast, 1).await;
        refused(&world, &cast, 2).await;
        let other = refused(&world, &cast, 3).await;
        let sql = "INSERT INTO vendor (id, name, kind, email, contact, created_at, folded, version)
            VALUES ('v2', 'Andere', 'rom', 'x@andere.example', '', 1, 'andere', 1)";
        write(&world, Query::new(sql)).await;
        write(
            &world,
            Query::new("UPDATE submission SET vendor_id = 'v2' WHERE id = $1").bind(&other),
        )
        .await;
        let id = group_of(&world, VENDOR).await;
        world.services.clock.set(begin.plus(60_000));
        act(&world, &cast.on_call, Act::CauseMail, &id, &[])
            .await
            .expect("mailed");
        let mails = "SELECT count(*) FROM mail WHERE template = 'cause_notice'";
        assert_eq!(number(&world, mails).await, 1);
        let to = "SELECT count(*) FROM mail WHERE template = 'cause_notice' AND recipient = 'hulp@romplus.example'";
        assert_eq!(number(&world, to).await, 1);
        let again = act(&world, &cast.colleague, Act::CauseMail, &id, &[]).await;
        assert!(
            matches!(again, Err(Error::Rule(Rule::AlreadyMailed { .. }))),
            "{again:?}"
        );
        act(
            &world,
            &cast.colleague,
            Act::CauseMail,
            &id,
            &[("again", "yes")],
        )
        .await
        .expect("asked for");
        assert_eq!(number(&world, mails).await, 2);
        world.services.clock.set(begin.plus(120_000));
        refused(&world, &cast, 4).await;
        let done = act(&world, &cast.on_call, Act::CauseMail, &id, &[])
            .await
            .expect("something new");
        assert!(
            done.said.iter().any(|s| s.contains("05-10-2026")),
            "says when it was mailed before: {:?}",
            done.said
        );
        world.services.clock.set(begin);
        let technical = failed(&world, &cast, 9).await;
        assert_eq!(row(&world, &technical).await.state, "failed");
        let id = cause(&world, "technical").await;
        let wrong = act(&world, &cast.on_call, Act::CauseMail, &id, &[]).await;
        assert!(
            matches!(wrong, Err(Error::Rule(Rule::NotForVendor))),
            "{wrong:?}"
        );
    });
}

async fn group_of(world: &crate::support::db::World, vendor: &str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT id FROM cause WHERE vendor_id = $1";
    let found: Option<(String,)> = tx
        .optional(Query::new(sql).bind(vendor))
        .await
        .expect("cause");
    found.expect("a cause").0
}

#[test]
fn without_the_right_nothing_of_it_happens() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        let id = failed(&world, &cast, 1).await;
        let cause = cause(&world, "technical").await;
        let auditor = world.operator("controle", &[Role::Auditor]).await;
        for (what, on) in [
            (Act::SubmissionRetry, &id),
            (Act::SubmissionReject, &id),
            (Act::SubmissionWithdraw, &id),
            (Act::SubmissionClaim, &id),
            (Act::SubmissionNote, &id),
            (Act::CauseRetry, &cause),
            (Act::CauseMail, &cause),
        ] {
            let refused = act(&world, &auditor, what, on, &[("text", "x")]).await;
            assert!(
                matches!(refused, Err(Error::Right { .. })),
                "{what:?} {refused:?}"
            );
        }
        assert_eq!(row(&world, &id).await.state, "failed");
        submission::process(&world.services, &id)
            .await
            .expect("untouched");
    });
}

#[test]
fn jobs_run_again_or_end_and_a_mail_is_not_lost_by_it() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        failed(&world, &cast, 1).await;
        write(
            &world,
            Query::new("UPDATE job SET state = 'held' WHERE kind = 'submission'"),
        )
        .await;
        let job = one(&world, "SELECT id FROM job WHERE kind = 'submission'").await;
        act(&world, &cast.on_call, Act::JobRetry, &job, &[])
            .await
            .expect("again");
        act(&world, &cast.on_call, Act::JobCancel, &job, &[])
            .await
            .expect("ended");
        let over = act(&world, &cast.on_call, Act::JobRetry, &job, &[]).await;
        assert!(matches!(over, Err(Error::State { .. })), "{over:?}");
        let mail = one(
            &world,
            "SELECT id FROM job WHERE kind = 'mail' AND state = 'available' LIMIT 1",
        )
        .await;
        let refused = act(&world, &cast.on_call, Act::JobCancel, &mail, &[]).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::CancelTheMail))),
            "{refused:?}"
        );
    });
}

async fn one(world: &crate::support::db::World, sql: &'static str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let found: Option<(String,)> = tx.optional(Query::new(sql)).await.expect("row");
    found.expect("one").0
}
