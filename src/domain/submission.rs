//! A delivered file (aanlevering) on its way from receipt to processed. Pure state machine.

use super::code::codes;

codes! {
    /// Where a submission stands.
    pub enum State {
        Received = "received",
        Held = "held",
        Validating = "validating",
        Valid = "valid",
        ValidWithRemarks = "valid_with_remarks",
        Invalid = "invalid",
        Processed = "processed",
        Failed = "failed",
        Withdrawn = "withdrawn",
        Superseded = "superseded",
    }
}

codes! {
    /// Why a submission is held.
    pub enum Hold {
        NoAcceptance = "no_acceptance",
        Technical = "technical",
    }
}

codes! {
    /// What can happen to a submission.
    pub enum Event {
        Hold = "hold",
        Validate = "validate",
        Accept = "accept",
        AcceptWithRemarks = "accept_with_remarks",
        Refuse = "refuse",
        Process = "process",
        Fail = "fail",
        Withdraw = "withdraw",
        Supersede = "supersede",
        Retry = "retry",
        Reject = "reject",
    }
}

/// The state after the event, or `None` when the state forbids it.
pub const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Received | S::Validating | S::Failed, E::Hold) => Some(S::Held),
        (S::Received | S::Held | S::Failed, E::Validate) => Some(S::Validating),
        (S::Validating, E::Accept) => Some(S::Valid),
        (S::Validating, E::AcceptWithRemarks) => Some(S::ValidWithRemarks),
        (S::Validating, E::Refuse) => Some(S::Invalid),
        (S::Validating, E::Fail) => Some(S::Failed),
        (S::Valid | S::ValidWithRemarks, E::Process) => Some(S::Processed),
        (
            S::Received | S::Held | S::Failed | S::Valid | S::ValidWithRemarks | S::Invalid,
            E::Withdraw,
        ) => Some(S::Withdrawn),
        (S::Processed | S::Valid | S::ValidWithRemarks, E::Supersede) => Some(S::Superseded),
        (S::Held | S::Failed, E::Retry) => Some(S::Received),
        (S::Held | S::Failed, E::Reject) => Some(S::Withdrawn),
        (
            S::Received,
            E::Accept
            | E::AcceptWithRemarks
            | E::Refuse
            | E::Process
            | E::Fail
            | E::Supersede
            | E::Retry
            | E::Reject,
        )
        | (
            S::Held,
            E::Hold
            | E::Accept
            | E::AcceptWithRemarks
            | E::Refuse
            | E::Process
            | E::Fail
            | E::Supersede,
        )
        | (
            S::Validating,
            E::Validate | E::Process | E::Withdraw | E::Supersede | E::Retry | E::Reject,
        )
        | (
            S::Valid | S::ValidWithRemarks,
            E::Hold
            | E::Validate
            | E::Accept
            | E::AcceptWithRemarks
            | E::Refuse
            | E::Fail
            | E::Retry
            | E::Reject,
        )
        | (
            S::Invalid,
            E::Hold
            | E::Validate
            | E::Accept
            | E::AcceptWithRemarks
            | E::Refuse
            | E::Process
            | E::Fail
            | E::Supersede
            | E::Retry
            | E::Reject,
        )
        | (
            S::Failed,
            E::Accept | E::AcceptWithRemarks | E::Refuse | E::Process | E::Fail | E::Supersede,
        )
        | (
            S::Processed,
            E::Hold
            | E::Validate
            | E::Accept
            | E::AcceptWithRemarks
            | E::Refuse
            | E::Process
            | E::Fail
            | E::Withdraw
            | E::Retry
            | E::Reject,
        )
        | (
            S::Withdrawn | S::Superseded,
            E::Hold
            | E::Validate
            | E::Accept
            | E::AcceptWithRemarks
            | E::Refuse
            | E::Process
            | E::Fail
            | E::Withdraw
            | E::Supersede
            | E::Retry
            | E::Reject,
        ) => None,
    }
}

/// Whether somebody may still have to do something about a submission in this state.
pub const fn unfinished(state: State) -> bool {
    match state {
        State::Received
        | State::Held
        | State::Validating
        | State::Valid
        | State::ValidWithRemarks
        | State::Invalid
        | State::Failed => true,
        State::Processed | State::Withdrawn | State::Superseded => false,
    }
}
