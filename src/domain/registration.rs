//! A registration: the request of a keurmerkdrager to be set up. Pure state machine.

use super::code::codes;

codes! {
    /// Where a registration stands.
    pub enum State {
        Received = "received",
        InSetup = "in_setup",
        Completed = "completed",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// What can happen to a registration.
    pub enum Event {
        SetUp = "set-up",
        Complete = "complete",
        Reject = "reject",
        Withdraw = "withdraw",
    }
}

/// The state after the event, or `None` when the state forbids it.
pub const fn step(state: State, event: Event) -> Option<State> {
    use State::{Completed, InSetup, Received, Rejected, Withdrawn};
    match (state, event) {
        (Received | InSetup, Event::SetUp) => Some(InSetup),
        (InSetup, Event::Complete) => Some(Completed),
        (Received | InSetup, Event::Reject) => Some(Rejected),
        (Received | InSetup, Event::Withdraw) => Some(Withdrawn),
        (Received, Event::Complete)
        | (
            Completed | Rejected | Withdrawn,
            Event::SetUp | Event::Complete | Event::Reject | Event::Withdraw,
        ) => None,
    }
}
