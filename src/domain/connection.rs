//! A vendor and its connection to an organisation by a route. Pure state machine.

use super::code::codes;

codes! {
    /// What a vendor is.
    pub enum VendorKind {
        Rom = "rom",
        Epd = "epd",
        OwnApplication = "own_application",
    }
}

codes! {
    /// How files arrive: sent by the vendor, or uploaded by the organisation itself.
    pub enum Route {
        Automatic = "automatic",
        Manual = "manual",
    }
}

codes! {
    /// Where a connection stands.
    pub enum State {
        Requested = "requested",
        Issued = "issued",
        Testing = "testing",
        Live = "live",
        Suspended = "suspended",
        Revoked = "revoked",
    }
}

codes! {
    /// What can happen to a connection.
    pub enum Event {
        Issue = "issue",
        Test = "test",
        GoLive = "go_live",
        Suspend = "suspend",
        Resume = "resume",
        Revoke = "revoke",
    }
}

/// Whether a connection in this state can have codes to replace.
pub const fn has_codes(state: State) -> bool {
    match state {
        State::Testing | State::Live | State::Suspended => true,
        State::Requested | State::Issued | State::Revoked => false,
    }
}

/// Whether a handshake of a connection in this state can be collected.
pub const fn may_collect(state: State) -> bool {
    match state {
        State::Issued | State::Testing | State::Live | State::Suspended => true,
        State::Requested | State::Revoked => false,
    }
}

/// The state after the event, or `None` when the state forbids it. A handshake that was not collected can be issued anew.
pub const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Requested | S::Issued, E::Issue) => Some(S::Issued),
        (S::Issued, E::Test) => Some(S::Testing),
        (S::Issued | S::Testing, E::GoLive) => Some(S::Live),
        (S::Live, E::Suspend) => Some(S::Suspended),
        (S::Suspended, E::Resume) => Some(S::Live),
        (S::Requested | S::Issued | S::Testing | S::Live | S::Suspended, E::Revoke) => {
            Some(S::Revoked)
        }
        (S::Requested, E::Test | E::GoLive | E::Suspend | E::Resume)
        | (S::Issued, E::Suspend | E::Resume)
        | (S::Testing, E::Issue | E::Test | E::Suspend | E::Resume)
        | (S::Live, E::Issue | E::Test | E::GoLive | E::Resume)
        | (S::Suspended, E::Issue | E::Test | E::GoLive | E::Suspend)
        | (S::Revoked, E::Issue | E::Test | E::GoLive | E::Suspend | E::Resume | E::Revoke) => None,
    }
}
