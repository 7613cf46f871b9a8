//! A care provider that holds the quality mark, and its marks. Pure state machine.

use super::code::codes;

codes! {
    /// Where an organisation stands.
    pub enum State {
        InSetup = "in_setup",
        Active = "active",
        Suspended = "suspended",
        Ended = "ended",
    }
}

codes! {
    /// What can happen to an organisation.
    pub enum Event {
        Activate = "activate",
        Suspend = "suspend",
        Resume = "resume",
        End = "end",
    }
}

/// The state after the event, or `None` when the state forbids it.
pub const fn step(state: State, event: Event) -> Option<State> {
    use State::{Active, Ended, InSetup, Suspended};
    match (state, event) {
        (InSetup, Event::Activate) | (Suspended, Event::Resume) => Some(Active),
        (Active, Event::Suspend) => Some(Suspended),
        (Active | Suspended, Event::End) => Some(Ended),
        (InSetup, Event::Suspend | Event::Resume | Event::End)
        | (Active, Event::Activate | Event::Resume)
        | (Suspended, Event::Activate | Event::Suspend)
        | (Ended, Event::Activate | Event::Suspend | Event::Resume | Event::End) => None,
    }
}

codes! {
    /// Quality mark of `KiBG`.
    pub enum Mark {
        BasisGgz = "basis_ggz",
    }
}
