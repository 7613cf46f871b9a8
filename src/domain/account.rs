//! A portal user of an organisation. Pure state machine and roles.

use super::code::codes;

codes! {
    /// Where an account stands.
    pub enum State {
        Invited = "invited",
        Expired = "expired",
        Active = "active",
        Locked = "locked",
        Disabled = "disabled",
    }
}

codes! {
    /// What can happen to an account.
    pub enum Event {
        Activate = "activate",
        Expire = "expire",
        Resend = "resend",
        Lock = "lock",
        Unlock = "unlock",
        Disable = "disable",
        Roles = "roles",
    }
}

codes! {
    /// What an account may do in the portal.
    pub enum Role {
        Signatory = "signatory",
        Submitter = "submitter",
        Manager = "manager",
        Reader = "reader",
    }
}

/// The state after the event, or `None` when the state forbids it.
pub const fn step(state: State, event: Event) -> Option<State> {
    use State::{Active, Disabled, Expired, Invited, Locked};
    match (state, event) {
        (Invited, Event::Activate) | (Locked, Event::Unlock) => Some(Active),
        (Invited, Event::Expire) => Some(Expired),
        (Invited | Expired, Event::Resend) => Some(Invited),
        (Active, Event::Lock) => Some(Locked),
        (Invited | Expired | Active | Locked, Event::Disable) => Some(Disabled),
        (Invited | Expired | Active | Locked, Event::Roles) => Some(state),
        (Invited, Event::Lock | Event::Unlock)
        | (Expired, Event::Activate | Event::Expire | Event::Lock | Event::Unlock)
        | (Active, Event::Activate | Event::Expire | Event::Resend | Event::Unlock)
        | (Locked, Event::Activate | Event::Expire | Event::Resend | Event::Lock)
        | (
            Disabled,
            Event::Activate
            | Event::Expire
            | Event::Resend
            | Event::Lock
            | Event::Unlock
            | Event::Disable
            | Event::Roles,
        ) => None,
    }
}

/// Roles as stored: codes in the order of the declaration, separated by commas.
pub fn join(roles: &[Role]) -> String {
    let kept: Vec<&str> = Role::ALL
        .iter()
        .filter(|r| roles.contains(r))
        .map(|r| r.as_str())
        .collect();
    kept.join(",")
}

/// Roles from their stored form or from what a person typed; `None` when one of them is unknown.
pub fn split(text: &str) -> Option<Vec<Role>> {
    let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
    parts.map(|p| p.parse().ok()).collect()
}
