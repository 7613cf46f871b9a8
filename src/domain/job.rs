//! A job on the queue: work done after the commit that caused it. Pure state machine.

use super::code::codes;

codes! {
    /// Where a job stands.
    pub enum State {
        Available = "available",
        Running = "running",
        Completed = "completed",
        Held = "held",
        Cancelled = "cancelled",
    }
}

codes! {
    /// What a job does.
    pub enum JobKind {
        Mail = "mail",
        Bulk = "bulk",
        Submission = "submission",
        Extract = "extract",
        Outgoing = "outgoing",
    }
}

codes! {
    /// How one attempt ended.
    pub enum Outcome {
        Running = "running",
        Done = "done",
        Failed = "failed",
        Snoozed = "snoozed",
        Rescued = "rescued",
    }
}

/// Whether a job stands still and a person may start or stop it.
pub const fn waits(state: State) -> bool {
    match state {
        State::Available | State::Held => true,
        State::Running | State::Completed | State::Cancelled => false,
    }
}
