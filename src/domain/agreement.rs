//! Versions of the processing agreement and their acceptance per organisation. Pure state machines.

use super::code::codes;

codes! {
    /// Where a version of the agreement stands.
    pub enum State {
        Draft = "draft",
        Published = "published",
        Superseded = "superseded",
    }
}

codes! {
    /// What can happen to a version of the agreement.
    pub enum Event {
        Publish = "publish",
        Supersede = "supersede",
    }
}

/// The state after the event, or `None` when the state forbids it.
pub const fn step(state: State, event: Event) -> Option<State> {
    match (state, event) {
        (State::Draft, Event::Publish) => Some(State::Published),
        (State::Published, Event::Supersede) => Some(State::Superseded),
        (State::Draft, Event::Supersede) | (State::Published, Event::Publish) => None,
        (State::Superseded, Event::Publish | Event::Supersede) => None,
    }
}

codes! {
    /// Where the acceptance of one version by one organisation stands.
    pub enum Acceptance {
        Pending = "pending",
        Accepted = "accepted",
        Superseded = "superseded",
        Terminated = "terminated",
    }
}

codes! {
    /// What can happen to an acceptance.
    pub enum AcceptanceEvent {
        Accept = "accept",
        Remind = "remind",
        Supersede = "supersede",
        Terminate = "terminate",
    }
}

/// The acceptance after the event, or `None` when the state forbids it.
pub const fn step_acceptance(state: Acceptance, event: AcceptanceEvent) -> Option<Acceptance> {
    use Acceptance::{Accepted, Pending, Superseded, Terminated};
    match (state, event) {
        (Pending, AcceptanceEvent::Accept) => Some(Accepted),
        (Pending, AcceptanceEvent::Remind) => Some(Pending),
        (Pending | Accepted, AcceptanceEvent::Supersede) => Some(Superseded),
        (Pending | Accepted, AcceptanceEvent::Terminate) => Some(Terminated),
        (Accepted, AcceptanceEvent::Accept | AcceptanceEvent::Remind)
        | (
            Superseded | Terminated,
            AcceptanceEvent::Accept
            | AcceptanceEvent::Remind
            | AcceptanceEvent::Supersede
            | AcceptanceEvent::Terminate,
        ) => None,
    }
}
