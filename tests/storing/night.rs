//! Deliveries wait for the night where that is set: not test runs, and not what a person asks for by day.

use super::{AGB, claim, deliverer, file, lines, receive, row};
use crate::support::db::{BEGIN, World, each};
use crate::support::mailbox::with_config;
use portaal_console::domain::time::{HOUR, MINUTE, Timestamp};
use portaal_console::domain::window::{Processing, Window};
use portaal_console::service::Services;
use portaal_console::store::Query;
use portaal_console::work::drain;

/// 5 October 2026, in hours and minutes of Amsterdam; `BEGIN` is ten in the morning.
fn at(hour: i64, minute: i64) -> Timestamp {
    BEGIN.plus((hour - 10) * HOUR + minute * MINUTE)
}

#[test]
fn a_window_opens_and_closes_by_the_clock_of_amsterdam() {
    let night = Window::parse("22:00-06:00").expect("window");
    for (moment, open, opens) in [
        (at(10, 0), false, at(22, 0)),
        (at(21, 59), false, at(22, 0)),
        (at(22, 0), true, at(22, 0)),
        (at(29, 59), true, at(29, 59)),
        (at(30, 0), false, at(46, 0)),
    ] {
        assert_eq!(
            (night.holds(moment), night.opens(moment)),
            (open, opens),
            "{moment:?}"
        );
    }
    let noon = Window::parse("12:30-13:00").expect("window");
    assert!(noon.holds(at(12, 30)) && !noon.holds(at(13, 0)));
    assert_eq!(noon.opens(at(13, 0)), at(36, 30));
    for wrong in [
        "",
        "22:00",
        "22:00-22:00",
        "24:00-06:00",
        "2:00-06:00",
        "22:60-06:00",
        "22-06",
    ] {
        assert_eq!(Window::parse(wrong), None, "{wrong}");
    }
    // The night in which the clocks go forward has no half past two: 29 March 2026.
    let gap = Window::parse("02:30-05:00").expect("window");
    let before = Timestamp(1_774_738_800_000);
    assert_eq!(
        gap.opens(before),
        before.plus(2 * HOUR),
        "at three, two hours after midnight"
    );
    assert_eq!(night.to_string(), "22:00-06:00");
}

#[test]
fn what_missed_the_night_waits_and_what_a_person_asks_does_not() {
    let night = Processing::Night(Window::parse("22:00-06:00").expect("window"));
    for (due, now, missed) in [
        (at(22, 0), at(30, 1), true),
        (at(22, 0), at(29, 59), false),
        (at(14, 0), at(14, 1), false),
    ] {
        assert_eq!(night.missed(due, now), missed, "{due:?} {now:?}");
    }
    assert!(!Processing::AtOnce.missed(at(22, 0), at(30, 1)));
}

fn by_night(world: &World) -> Services {
    let state = world.state.path().display().to_string();
    with_config(
        world,
        &format!("processing = \"night\"\nstate = {state:?}\n"),
    )
}

#[test]
fn a_delivery_waits_for_the_night_and_a_test_run_does_not() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let services = by_night(&world);
        let path = world.state.path().join("a.csv");
        std::fs::write(&path, file(AGB, &lines([(1, 1)]))).expect("file");
        let call = world.call(&actor, "");
        let done =
            portaal_console::service::arrival::add(&services, &call, &super::by_hand(AGB), &path)
                .await;
        let id = done.expect("received").id;
        drain(services.clone()).await.expect("worker");
        assert_eq!(row(&world, &id).await.state, "received", "by day");
        services.clock.set(at(30, 1));
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE job SET run_at = $1 WHERE kind = 'submission'";
        tx.execute(Query::new(sql).bind(at(22, 0)))
            .await
            .expect("nobody had time at night");
        tx.commit().await.expect("commit");
        drain(services.clone()).await.expect("worker");
        assert_eq!(
            row(&world, &id).await.state,
            "received",
            "the night is over"
        );
        services.clock.set(at(46, 0));
        drain(services.clone()).await.expect("worker");
        assert_eq!(row(&world, &id).await.state, "processed", "the next night");
        // A test run is checked at once, and nothing of it is stored or counted as processed.
        services.clock.set(BEGIN);
        let other = receive(&world, &actor, BEGIN, &file(AGB, &lines([(2, 2)]))).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE submission SET test = 1 WHERE id = $1";
        tx.execute(Query::new(sql).bind(&other))
            .await
            .expect("a test run");
        tx.commit().await.expect("commit");
        assert_eq!(claim(&world, "w").await.subject, other);
        portaal_console::service::submission::process(&services, &other)
            .await
            .expect("checked");
        let judged = row(&world, &other).await;
        assert_eq!((judged.state.as_str(), judged.paths_new), ("valid", 0));
        assert_eq!(super::scores(&world).await, [1]);
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn a_test_run_is_not_read_without_an_acceptance() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let id = receive(&world, &actor, BEGIN, &file(AGB, &lines([(1, 1)]))).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        for sql in [
            "UPDATE submission SET test = 1",
            "UPDATE acceptance SET state = 'terminated'",
        ] {
            tx.execute(Query::new(sql)).await.expect("statement");
        }
        tx.commit().await.expect("commit");
        portaal_console::service::submission::process(&world.services, &id)
            .await
            .expect("held");
        let held = row(&world, &id).await;
        assert_eq!(
            (held.state.as_str(), held.hold.as_str(), held.row_count),
            ("held", "no_acceptance", 0)
        );
    });
}
