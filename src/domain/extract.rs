//! An extract on its way to KiBG: built, asked for by one person, approved by another, released, recalled. Pure state machine.

use super::code::codes;

codes! {
    /// Where an extract stands.
    pub enum State {
        Draft = "draft",
        Built = "built",
        Requested = "requested",
        Approved = "approved",
        Released = "released",
        Recalled = "recalled",
    }
}

codes! {
    /// What can happen to an extract. `Change` takes its content away; `Void` takes an approval back that does not hold any more.
    pub enum Event {
        Build = "build",
        Change = "change",
        Request = "request",
        WithdrawRequest = "withdraw-request",
        Approve = "approve",
        Void = "void",
        Release = "release",
        Recall = "recall",
    }
}

codes! {
    /// What our own attacks on an extract found.
    pub enum Verdict {
        Safe = "safe",
        Open = "open",
    }
}

codes! {
    /// Why the outgoing directory could not be brought in line with the registry.
    pub enum Unwritten {
        NoRoom = "no_room",
        NotAllowed = "not_allowed",
        NoDirectory = "no_directory",
        Taken = "taken",
        SigningKey = "signing_key",
        Other = "other",
    }
}

/// What stands before such a code in the error of a job; after it stands what the system said.
pub const OUTGOING: &str = "outgoing:";

/// The state after the event, or `None` when the state forbids it. Any change of content leads back to the draft.
pub const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Draft, E::Build) => Some(S::Built),
        (S::Draft | S::Built | S::Requested | S::Approved, E::Change) => Some(S::Draft),
        (S::Built, E::Request) => Some(S::Requested),
        (S::Requested | S::Approved, E::WithdrawRequest | E::Void) => Some(S::Built),
        (S::Requested, E::Approve) => Some(S::Approved),
        (S::Approved, E::Release) => Some(S::Released),
        (S::Released, E::Recall) => Some(S::Recalled),
        (
            S::Draft,
            E::Request | E::WithdrawRequest | E::Approve | E::Void | E::Release | E::Recall,
        )
        | (
            S::Built,
            E::Build | E::WithdrawRequest | E::Approve | E::Void | E::Release | E::Recall,
        )
        | (S::Requested, E::Build | E::Request | E::Release | E::Recall)
        | (S::Approved, E::Build | E::Request | E::Approve | E::Recall)
        | (
            S::Released,
            E::Build
            | E::Change
            | E::Request
            | E::WithdrawRequest
            | E::Approve
            | E::Void
            | E::Release,
        )
        | (
            S::Recalled,
            E::Build
            | E::Change
            | E::Request
            | E::WithdrawRequest
            | E::Approve
            | E::Void
            | E::Release
            | E::Recall,
        ) => None,
    }
}

/// Whether an extract left the house once: then it stays, and every later one is judged beside it.
pub const fn left(state: State) -> bool {
    match state {
        State::Released | State::Recalled => true,
        State::Draft | State::Built | State::Requested | State::Approved => false,
    }
}
