//! A test run: the sample delivery by which staff judge a vendor that never delivered before. Pure state machine.

use super::code::codes;

codes! {
    /// Where a test run stands.
    pub enum State {
        Planned = "planned",
        Received = "received",
        Valid = "valid",
        Invalid = "invalid",
        Approved = "approved",
        Rejected = "rejected",
        Lapsed = "lapsed",
    }
}

codes! {
    /// What can happen to a test run.
    pub enum Event {
        Receive = "receive",
        Pass = "pass",
        Refuse = "refuse",
        Approve = "approve",
        Reject = "reject",
        Lapse = "lapse",
    }
}

/// The state after the event, or `None` when the state forbids it. A file that is not valid cannot be approved. What nobody needs to
/// judge any more lapses: another run was approved, or the connection ended.
pub const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Planned, E::Receive) => Some(S::Received),
        (S::Received, E::Pass) => Some(S::Valid),
        (S::Received, E::Refuse) => Some(S::Invalid),
        (S::Valid, E::Approve) => Some(S::Approved),
        (S::Valid | S::Invalid, E::Reject) => Some(S::Rejected),
        (S::Planned | S::Received | S::Valid | S::Invalid, E::Lapse) => Some(S::Lapsed),
        (S::Planned, E::Pass | E::Refuse | E::Approve | E::Reject)
        | (S::Received, E::Receive | E::Approve | E::Reject)
        | (S::Valid, E::Receive | E::Pass | E::Refuse)
        | (S::Invalid, E::Receive | E::Pass | E::Refuse | E::Approve)
        | (
            S::Approved | S::Rejected | S::Lapsed,
            E::Receive | E::Pass | E::Refuse | E::Approve | E::Reject | E::Lapse,
        ) => None,
    }
}
