//! The state machines, pair by pair: what is not in the list of legal steps is refused.

use portaal_console::domain::obligation::{self, State as Keeps};
use portaal_console::domain::{connection, extract, licence, submission, test_run};
use std::fmt::Debug;

/// Tries every pair of a state and an event against the legal ones.
fn holds<S: Copy + PartialEq + Debug, E: Copy + PartialEq + Debug>(
    states: &[S],
    events: &[E],
    step: fn(S, E) -> Option<S>,
    legal: &[(S, E, S)],
) {
    for state in states {
        for event in events {
            let expected = legal
                .iter()
                .find(|(s, e, _)| s == state && e == event)
                .map(|(_, _, next)| *next);
            assert_eq!(step(*state, *event), expected, "{state:?} + {event:?}");
        }
    }
}

#[test]
fn a_connection_goes_the_way_of_a_handshake() {
    use connection::{Event as E, State as S, step};
    holds(
        S::ALL,
        E::ALL,
        step,
        &[
            (S::Requested, E::Issue, S::Issued),
            (S::Issued, E::Issue, S::Issued),
            (S::Issued, E::Test, S::Testing),
            (S::Issued, E::GoLive, S::Live),
            (S::Testing, E::GoLive, S::Live),
            (S::Live, E::Suspend, S::Suspended),
            (S::Suspended, E::Resume, S::Live),
            (S::Requested, E::Revoke, S::Revoked),
            (S::Issued, E::Revoke, S::Revoked),
            (S::Testing, E::Revoke, S::Revoked),
            (S::Live, E::Revoke, S::Revoked),
            (S::Suspended, E::Revoke, S::Revoked),
        ],
    );
}

#[test]
fn a_licence_code_ends_once() {
    use licence::{Event as E, State as S, opens, step};
    holds(
        S::ALL,
        E::ALL,
        step,
        &[
            (S::Active, E::Replace, S::Expiring),
            (S::Active, E::Expire, S::Expired),
            (S::Expiring, E::Expire, S::Expired),
            (S::Active, E::Revoke, S::Revoked),
            (S::Expiring, E::Revoke, S::Revoked),
        ],
    );
    let open: Vec<_> = S::ALL.iter().filter(|s| opens(**s)).collect();
    assert_eq!(open, [&S::Active, &S::Expiring]);
}

#[test]
fn a_test_run_is_judged_after_its_check() {
    use test_run::{Event as E, State as S, step};
    holds(
        S::ALL,
        E::ALL,
        step,
        &[
            (S::Planned, E::Receive, S::Received),
            (S::Received, E::Pass, S::Valid),
            (S::Received, E::Refuse, S::Invalid),
            (S::Valid, E::Approve, S::Approved),
            (S::Valid, E::Reject, S::Rejected),
            (S::Planned, E::Lapse, S::Lapsed),
            (S::Received, E::Lapse, S::Lapsed),
            (S::Valid, E::Lapse, S::Lapsed),
            (S::Invalid, E::Lapse, S::Lapsed),
            (S::Invalid, E::Reject, S::Rejected),
        ],
    );
}

#[test]
fn a_submission_is_processed_only_after_a_good_check() {
    use submission::{Event as E, State as S, step};
    let to_processed: Vec<_> = S::ALL
        .iter()
        .filter(|s| E::ALL.iter().any(|e| step(**s, *e) == Some(S::Processed)))
        .collect();
    assert_eq!(to_processed, [&S::Valid, &S::ValidWithRemarks]);
    for last in [S::Withdrawn, S::Superseded] {
        assert!(E::ALL.iter().all(|e| step(last, *e).is_none()), "{last:?}");
    }
}

/// Since when deliveries are owed, the last one, the day that is judged, and what comes of it.
type Assessed = (
    &'static str,
    Option<&'static str>,
    &'static str,
    Keeps,
    &'static str,
);

#[test]
fn a_delivery_is_owed_every_half_year() {
    let rows: &[Assessed] = &[
        (
            "2026-01-15",
            None,
            "2026-01-15",
            Keeps::OnTrack,
            "2026-07-15",
        ),
        (
            "2026-01-15",
            None,
            "2026-06-14",
            Keeps::OnTrack,
            "2026-07-15",
        ),
        ("2026-01-15", None, "2026-06-15", Keeps::Due, "2026-07-15"),
        ("2026-01-15", None, "2026-07-15", Keeps::Due, "2026-07-15"),
        (
            "2026-01-15",
            None,
            "2026-07-16",
            Keeps::Overdue,
            "2026-07-15",
        ),
        (
            "2026-01-15",
            Some("2026-07-01"),
            "2026-07-16",
            Keeps::OnTrack,
            "2027-01-01",
        ),
        // Half a year after the last of August is the last of February.
        (
            "2026-01-15",
            Some("2026-08-31"),
            "2026-09-01",
            Keeps::OnTrack,
            "2027-02-28",
        ),
        // A delivery from before the duty began does not put it off.
        (
            "2026-05-01",
            Some("2026-02-01"),
            "2026-05-02",
            Keeps::OnTrack,
            "2026-11-01",
        ),
    ];
    for (since, delivered, today, state, due_on) in rows {
        let day = |text: &str| text.parse().expect("date");
        let standing = obligation::assess(day(since), delivered.map(day), day(today));
        assert_eq!(
            (standing.state, standing.due_on),
            (*state, day(due_on)),
            "since {since}, delivered {delivered:?}, on {today}"
        );
    }
}

#[test]
fn an_extract_leaves_by_way_of_two_answers_and_once() {
    use extract::{Event as E, State as S, step};
    holds(
        S::ALL,
        E::ALL,
        step,
        &[
            (S::Draft, E::Build, S::Built),
            (S::Draft, E::Change, S::Draft),
            (S::Built, E::Change, S::Draft),
            (S::Requested, E::Change, S::Draft),
            (S::Approved, E::Change, S::Draft),
            (S::Built, E::Request, S::Requested),
            (S::Requested, E::WithdrawRequest, S::Built),
            (S::Approved, E::WithdrawRequest, S::Built),
            (S::Requested, E::Void, S::Built),
            (S::Approved, E::Void, S::Built),
            (S::Requested, E::Approve, S::Approved),
            (S::Approved, E::Release, S::Released),
            (S::Released, E::Recall, S::Recalled),
        ],
    );
}
