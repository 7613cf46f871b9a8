//! Who may do what: one table of roles and rights. Enforced in `service`, mirrored by the screens.

use super::code::codes;

codes! {
    /// What a member of staff is.
    pub enum Role {
        Support = "support",
        OnCall = "on_call",
        ReleaseManager = "release_manager",
        Administrator = "administrator",
        Auditor = "auditor",
    }
}

codes! {
    /// What an action needs.
    pub enum Right {
        Read = "read",
        Registrations = "registrations",
        Organisations = "organisations",
        Accounts = "accounts",
        Reminders = "reminders",
        Connections = "connections",
        Reveal = "reveal",
        MailSend = "mail_send",
        MailResend = "mail_resend",
        Submissions = "submissions",
        Jobs = "jobs",
        TestRuns = "test_runs",
        Extracts = "extracts",
        Operators = "operators",
        Settings = "settings",
        AgreementPublish = "agreement_publish",
        OrganisationEnd = "organisation_end",
        Revoke = "revoke",
        Erase = "erase",
        AuditVerify = "audit_verify",
        AuditExport = "audit_export",
    }
}

/// The rights of one role. Nobody but a release manager has `Extracts`, the administrator neither.
pub const fn rights(role: Role) -> &'static [Right] {
    use Right::{
        Accounts, AgreementPublish, AuditExport, AuditVerify, Connections, Erase, Extracts, Jobs,
        MailResend, MailSend, Operators, OrganisationEnd, Organisations, Read, Registrations,
        Reminders, Reveal, Revoke, Settings, Submissions, TestRuns,
    };
    match role {
        Role::Support => &[
            Read,
            Registrations,
            Organisations,
            Accounts,
            Reminders,
            Connections,
            Reveal,
            MailSend,
            MailResend,
        ],
        Role::OnCall => &[Read, Submissions, Jobs, TestRuns, MailResend],
        Role::ReleaseManager => &[Read, Extracts],
        Role::Administrator => &[
            Read,
            Operators,
            Settings,
            AgreementPublish,
            OrganisationEnd,
            Revoke,
            Erase,
            AuditVerify,
            AuditExport,
        ],
        Role::Auditor => &[Read, AuditVerify, AuditExport],
    }
}

/// Whether one of the roles carries the right.
pub fn may(roles: &[Role], right: Right) -> bool {
    roles.iter().any(|role| rights(*role).contains(&right))
}

/// The roles that carry a right, for the sentence that refuses.
pub fn holders(right: Right) -> Vec<Role> {
    Role::ALL
        .iter()
        .copied()
        .filter(|role| rights(*role).contains(&right))
        .collect()
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

/// Language of the screen and of mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Language {
    /// The code as stored and as given with `--language`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = super::code::UnknownCode;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        match code {
            "nl" => Ok(Self::Nl),
            "en" => Ok(Self::En),
            _ => Err(super::code::UnknownCode { set: "Language" }),
        }
    }
}
