//! The sentence for every error of a use case, from the messages of `language`. Never a value of a record, never the
//! parser's own words.

use super::error::{Denied, Error, Rule, Wrong};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::domain::right::{Right, holders};
use crate::language::error as say;
use crate::language::error::{flaw, of_filter};
use crate::language::{Language, Message, display, kind as kinds, state};
use crate::store::StoreError;

/// The sentence for an error.
pub fn tell(error: &Error, language: Language) -> String {
    match error {
        Error::Right { right, .. } => of_right(*right, language),
        Error::Denied(denied, login) => of_denied(*denied).with(language, &[("login", login)]),
        Error::State { kind, state, .. } => {
            let label = state::label(*kind, state, language);
            say::STATE.with(
                language,
                &[("kind", kinds::name(*kind, language)), ("state", &label)],
            )
        }
        Error::Conflict { by, at, .. } => {
            let by = if by.is_empty() {
                say::SOMEBODY.text(language)
            } else {
                by
            };
            say::CONFLICT.with(
                language,
                &[("by", by), ("at", &display::moment(*at, language))],
            )
        }
        Error::Missing { kind, id } => say::MISSING.with(
            language,
            &[("kind", kinds::name(*kind, language)), ("id", id)],
        ),
        Error::Invalid(wrong) => say::INVALID.with(language, &[("list", &list(wrong, language))]),
        Error::ReasonMissing => say::REASON_MISSING.text(language).to_owned(),
        Error::Rule(rule) => of_rule(*rule, language),
        Error::Claimed { by, until } => {
            let at = display::clock(*until);
            say::CLAIMED.with(language, &[("by", by), ("at", &at)])
        }
        Error::Filter(error) => of_filter(error, language),
        Error::SecondPerson => say::SECOND_PERSON.text(language).to_owned(),
        Error::Store(error) => of_store(error, language),
        Error::Storage(_) => say::STORAGE.text(language).to_owned(),
        Error::Internal(detail) => say::INTERNAL.with(language, &[("detail", detail)]),
    }
}

/// Why an action of a menu may not be taken, by right; `None` when it may.
pub fn missing_right(act: Act, may: impl Fn(Right) -> bool, language: Language) -> Option<String> {
    let right = act.spec().right;
    (!may(right)).then(|| of_right(right, language))
}

/// Why the state forbids an action.
pub fn wrong_state(kind: Kind, code: &str, language: Language) -> String {
    let label = state::label(kind, code, language);
    say::STATE.with(
        language,
        &[("kind", kinds::name(kind, language)), ("state", &label)],
    )
}

fn of_right(right: Right, language: Language) -> String {
    let roles: Vec<String> = holders(right)
        .iter()
        .map(|r| state::label(Kind::Operator, r.as_str(), language))
        .collect();
    say::RIGHT.with(
        language,
        &[("right", right.as_str()), ("roles", &roles.join(", "))],
    )
}

const fn of_denied(denied: Denied) -> &'static Message {
    match denied {
        Denied::ReadOnly => &say::READ_ONLY,
        Denied::UnknownOperator => &say::UNKNOWN_OPERATOR,
        Denied::RemovedOperator => &say::REMOVED_OPERATOR,
        Denied::NotDemo => &say::NOT_DEMO,
        Denied::NoIdentity => &say::NO_IDENTITY,
        Denied::SharedLogin => &say::SHARED_LOGIN,
    }
}

fn of_rule(rule: Rule, language: Language) -> String {
    if let Rule::AlreadyMailed { at } = rule {
        let at = display::moment(at, language);
        return say::ALREADY_MAILED.with(language, &[("at", &at)]);
    }
    rule_message(rule).text(language).to_owned()
}

const fn rule_message(rule: Rule) -> &'static Message {
    match rule {
        Rule::LastSignatory => &say::LAST_SIGNATORY,
        Rule::NotSignatory => &say::NOT_SIGNATORY,
        Rule::InvitationInvalid => &say::INVITATION_INVALID,
        Rule::UndoTooLate => &say::UNDO_TOO_LATE,
        Rule::AgbTaken => &say::AGB_TAKEN,
        Rule::LastAdministrator => &say::LAST_ADMINISTRATOR,
        Rule::SetupIncomplete => &say::SETUP_INCOMPLETE,
        Rule::DocumentMissing => &say::DOCUMENT_MISSING,
        Rule::KeyReused => &say::KEY_REUSED,
        Rule::NotTheirFolder => &say::NOT_THEIR_FOLDER,
        Rule::NotSubmitter => &say::NOT_SUBMITTER,
        Rule::ConnectionExists => &say::CONNECTION_EXISTS,
        Rule::TwoLicences => &say::TWO_LICENCES,
        Rule::HandshakeMissing => &say::HANDSHAKE_MISSING,
        Rule::HandshakeCollected => &say::HANDSHAKE_COLLECTED,
        Rule::HandshakeInvalid => &say::HANDSHAKE_INVALID,
        Rule::TestRunOpen => &say::TEST_RUN_OPEN,
        Rule::TestRunWithoutVendor => &say::TEST_RUN_WITHOUT_VENDOR,
        Rule::DatabaseInUse => &say::DATABASE_IN_USE,
        Rule::NoAcceptance => &say::NO_ACCEPTANCE,
        Rule::NotForVendor => &say::NOT_FOR_VENDOR,
        Rule::AlreadyMailed { .. } => &say::ALREADY_MAILED,
        Rule::CancelTheMail => &say::CANCEL_THE_MAIL,
        Rule::ExtractOpen => &say::EXTRACT_OPEN,
        Rule::ExtractBuilding => &say::EXTRACT_BUILDING,
        Rule::ExtractIdle => &say::EXTRACT_IDLE,
        Rule::ExtractChanged => &say::EXTRACT_CHANGED,
        Rule::ApprovalVoid => &say::APPROVAL_VOID,
        Rule::ExtractOutdated => &say::EXTRACT_OUTDATED,
        Rule::ExtractUnseen => &say::EXTRACT_UNSEEN,
        Rule::ExtractEmpty => &say::EXTRACT_EMPTY,
    }
}

fn list(wrong: &[Wrong], language: Language) -> String {
    let all: Vec<String> = wrong
        .iter()
        .map(|w| format!("{} {}", w.field, flaw(w.flaw).text(language)))
        .collect();
    all.join("; ")
}

fn of_store(error: &StoreError, language: Language) -> String {
    match error {
        StoreError::Unreachable(_) => say::DATABASE_GONE.text(language).to_owned(),
        StoreError::Busy(_) => say::DATABASE_BUSY.text(language).to_owned(),
        StoreError::Full(_) => say::DATABASE_FULL.text(language).to_owned(),
        StoreError::Doubt(_) => say::DATABASE_DOUBT.text(language).to_owned(),
        StoreError::Url(_) => say::DATABASE_URL.text(language).to_owned(),
        StoreError::ReadOnly => say::READ_ONLY.text(language).to_owned(),
        StoreError::Schema(detail) => say::DATABASE_SCHEMA.with(language, &[("detail", detail)]),
        StoreError::Refused(detail)
        | StoreError::Unreadable(detail)
        | StoreError::Other(detail) => say::DATABASE_REFUSED.with(language, &[("detail", detail)]),
        StoreError::Unique | StoreError::ForeignKey => {
            say::DATABASE_REFUSED.with(language, &[("detail", &error.to_string())])
        }
    }
}
