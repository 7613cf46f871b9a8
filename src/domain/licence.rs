//! A licence code of a connection: two may be in force while one replaces the other. Pure state machine.

use super::code::codes;

codes! {
    /// Where a licence code stands. `Expiring`: a newer one was collected, this one works until its end.
    pub enum State {
        Active = "active",
        Expiring = "expiring",
        Expired = "expired",
        Revoked = "revoked",
    }
}

codes! {
    /// What can happen to a licence code.
    pub enum Event {
        Replace = "replace",
        Expire = "expire",
        Revoke = "revoke",
    }
}

/// The state after the event, or `None` when the state forbids it.
pub const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Active, E::Replace) => Some(S::Expiring),
        (S::Active | S::Expiring, E::Expire) => Some(S::Expired),
        (S::Active | S::Expiring, E::Revoke) => Some(S::Revoked),
        (S::Expiring, E::Replace)
        | (S::Expired | S::Revoked, E::Replace | E::Expire | E::Revoke) => None,
    }
}

/// Whether a code in this state opens anything.
pub const fn opens(state: State) -> bool {
    match state {
        State::Active | State::Expiring => true,
        State::Expired | State::Revoked => false,
    }
}
