//! Why a delivery stands still, as one code by which like is put to like, and who must act on it. Pure; the counts are in `store`.

use super::code::codes;
use super::submission::{Hold, State as Submission};

codes! {
    /// Whether any delivery stands still by a cause now.
    pub enum State {
        Open = "open",
        Closed = "closed",
    }
}

codes! {
    /// Who must act before the deliveries of a cause can go on.
    pub enum Party {
        Signatory = "signatory",
        OnCall = "on_call",
        Vendor = "vendor",
    }
}

/// What stands before the code of a technical cause.
pub const TECHNICAL: &str = "technical:";

/// What a delivery is as far as its cause goes.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Where it stands.
    pub state: Submission,
    /// Why it is held, empty when it is not.
    pub hold: &'a str,
    /// What it failed by, as whoever failed it said; empty when nobody did.
    pub failure: &'a str,
    /// Code of the first finding that refuses the whole file.
    pub finding: Option<&'a str>,
    /// Whether it is a test run, whose findings are judged elsewhere.
    pub test: bool,
}

/// The code of the cause by which a delivery stands still; `None` when it does not.
pub fn of(standing: Standing<'_>) -> Option<String> {
    // What it stood still by before is no word about the failure of now.
    let technical = || match standing.failure {
        "" | "no_acceptance" => format!("{TECHNICAL}unknown"),
        told if told.starts_with(TECHNICAL) => told.to_owned(),
        told => format!("{TECHNICAL}{told}"),
    };
    match standing.state {
        Submission::Failed => Some(technical()),
        Submission::Held if standing.hold == Hold::NoAcceptance.as_str() => {
            Some(standing.hold.to_owned())
        }
        Submission::Held => Some(technical()),
        Submission::Invalid if !standing.test => {
            let told = Some(standing.failure).filter(|f| !f.is_empty());
            Some(standing.finding.or(told).unwrap_or("unknown").to_owned())
        }
        Submission::Invalid
        | Submission::Received
        | Submission::Validating
        | Submission::Valid
        | Submission::ValidWithRemarks
        | Submission::Processed
        | Submission::Withdrawn
        | Submission::Superseded => None,
    }
}

/// Who must act on a cause.
pub fn party(code: &str) -> Party {
    if code == Hold::NoAcceptance.as_str() {
        Party::Signatory
    } else if code.starts_with(TECHNICAL) {
        Party::OnCall
    } else {
        Party::Vendor
    }
}
