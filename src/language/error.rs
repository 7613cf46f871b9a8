//! The sentence for every error: what is wrong and what to do. Never a value of a record, never the parser's own words.

use super::{Language, Message, display, state};
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::filter::FilterError;
use crate::domain::kind::Kind;
use crate::domain::right::{Right, holders};
use crate::service::error::{Rule, Wrong};
use crate::service::{Denied, Error};
use crate::store::StoreError;

crate::messages! {
    RIGHT = "Dat mag je niet: het recht '{right}' ontbreekt. Rollen die het hebben: {roles}." / "You may not do that: the right '{right}' is missing. Roles that have it: {roles}.";
    READ_ONLY = "Deze sessie is alleen-lezen; er is niets gewijzigd." / "This session is read-only; nothing was changed.";
    UNKNOWN_OPERATOR = "De login '{login}' is geen medewerker van dit portaal. Vraag een administrator om: portaal operator add --login {login} --name … --roles …" / "The login '{login}' is not an operator of this portal. Ask an administrator for: portaal operator add --login {login} --name … --roles …";
    REMOVED_OPERATOR = "De toegang van '{login}' is ingetrokken. Vraag een administrator." / "The access of '{login}' was removed. Ask an administrator.";
    NOT_DEMO = "--as werkt alleen op een demodatabase." / "--as works on a demo database only.";
    NO_IDENTITY = "Het systeem weet niet wie je bent: geen login bij dit gebruikersnummer." / "The system does not know who you are: no login for this user number.";
    STATE = "Dat kan niet: {kind} is '{state}'." / "Not possible: the {kind} is '{state}'.";
    CONFLICT = "{by} heeft dit intussen gewijzigd ({at}). Bekijk de verschillen en probeer opnieuw." / "{by} changed this in the meantime ({at}). Look at the differences and try again.";
    SOMEBODY = "Een collega" / "A colleague";
    MISSING = "Geen {kind} gevonden met '{id}', of meer dan één." / "No {kind} found by '{id}', or more than one.";
    INVALID = "Klopt nog niet: {list}." / "Not right yet: {list}.";
    REASON_MISSING = "Geef een reden op." / "Give a reason.";
    SECOND_PERSON = "Hier is een tweede persoon voor nodig." / "This needs a second person.";
    INTERNAL = "Er ging intern iets mis ({detail}). Er is niets gewijzigd; meld het bij beheer." / "Something went wrong inside ({detail}). Nothing was changed; report it.";
    LAST_SIGNATORY = "Dit is de laatste actieve tekenbevoegde. Wijs een opvolger met een actief account aan, of kies uitdrukkelijk voor geen opvolger, met een reden." / "This is the last active signatory. Name a successor with an active account, or say explicitly that there is none, with a reason.";
    NOT_SIGNATORY = "Alleen een actief account met de rol tekenbevoegde van deze zorgaanbieder kan accorderen." / "Only an active account with the role signatory of this organisation can accept.";
    INVITATION_INVALID = "Deze uitnodiging is gebruikt, vervangen of verlopen. Stuur een nieuwe." / "This invitation was used, replaced or has expired. Send a new one.";
    UNDO_TOO_LATE = "Te laat: de mail is al onderweg." / "Too late: the mail is on its way.";
    AGB_TAKEN = "Er is al een zorgaanbieder met deze AGB-code." / "There is an organisation with this AGB code already.";
    LAST_ADMINISTRATOR = "Dat mag niet: je kunt je eigen administratorrol of die van de laatste administrator niet intrekken." / "Not allowed: you cannot take away your own administrator role, nor that of the last administrator.";
    SETUP_INCOMPLETE = "De inrichting is nog niet compleet: controleer de gegevens en of er een tekenbevoegde bij de gebruikers is." / "The set-up is not complete: check the data, and that there is a signatory among the users.";
    DOCUMENT_MISSING = "Het document moet een PDF zijn van ten hoogste 20 MB." / "The document must be a PDF of at most 20 MB.";
    NO_TEMPLATE_VALUES = "De mailtekst mist gegevens." / "The mail text lacks values.";
    DATABASE_GONE = "De database is niet bereikbaar. Er is niets gewijzigd; probeer het zo opnieuw." / "The database cannot be reached. Nothing was changed; try again in a moment.";
    DATABASE_BUSY = "De database is bezet. Er is niets gewijzigd; probeer het opnieuw." / "The database is busy. Nothing was changed; try again.";
    DATABASE_DOUBT = "De verbinding brak bij het opslaan: onbekend of het gelukt is. Kijk eerst na voordat je het herhaalt." / "The connection broke while saving: unknown whether it worked. Look before you repeat it.";
    DATABASE_URL = "Onbekende database. Gebruik sqlite:PAD of postgres://…" / "Unknown database. Use sqlite:PATH or postgres://…";
    DATABASE_SCHEMA = "Het schema van de database past niet bij dit programma ({detail}). Voer uit: portaal migrate" / "The schema of the database does not fit this program ({detail}). Run: portaal migrate";
    DATABASE_REFUSED = "De database weigert dit ({detail}). Er is niets gewijzigd." / "The database refuses this ({detail}). Nothing was changed.";
    OPEN_QUOTE = "Filter: het aanhalingsteken op positie {at} wordt niet gesloten." / "Filter: the quote at position {at} is not closed.";
    UNKNOWN_FIELD = "Filter: onbekend veld '{field}'." / "Filter: unknown field '{field}'.";
    NEAREST = "Bedoelde je '{nearest}'?" / "Did you mean '{nearest}'?";
    BAD_VALUE = "Filter: '{field}' neemt {takes}." / "Filter: '{field}' takes {takes}.";
    BAD_COMPARE = "Filter: '{field}' kan zo niet vergeleken worden." / "Filter: '{field}' cannot be compared this way.";
    TOO_MANY = "Filter: ten hoogste {most} voorwaarden." / "Filter: at most {most} conditions.";
    A_VALUE = "een waarde" / "a value";
    FLAW_MISSING = "ontbreekt" / "is missing";
    FLAW_TOO_LONG = "is te lang" / "is too long";
    FLAW_CONTROL = "bevat onzichtbare of sturende tekens" / "holds invisible or steering characters";
    FLAW_NOT_DIGITS = "moet uit precies het juiste aantal cijfers bestaan (AGB en KvK: 8)" / "must be exactly the right number of digits (AGB and KvK: 8)";
    FLAW_POSTCODE = "is geen postcode (1234 AB)" / "is not a postcode (1234 AB)";
    FLAW_EMAIL = "is geen mailadres" / "is not a mail address";
    FLAW_DATE = "is geen geldige datum (jjjj-mm-dd, in de juiste volgorde)" / "is not a valid date (yyyy-mm-dd, in the right order)";
    FLAW_CODE = "heeft een onbekende code" / "has an unknown code";
    FLAW_DUPLICATE = "bestaat al" / "exists already";
    FLAW_UNKNOWN = "is geen bekend veld" / "is not a known field";
    FLAW_NO_SIGNATORY = "heeft geen tekenbevoegde (signatory)" / "has no signatory";
    FLAW_NOT_TEXT = "heeft de verkeerde vorm" / "has the wrong shape";
    FLAW_NOT_JSON = "is geen JSON" / "is not JSON";
}

/// The sentence for an error.
pub fn tell(error: &Error, language: Language) -> String {
    match error {
        Error::Right { right, .. } => of_right(*right, language),
        Error::Denied(denied, login) => of_denied(*denied).with(language, &[("login", login)]),
        Error::State { kind, state, .. } => {
            let label = state::label(*kind, state, language);
            STATE.with(
                language,
                &[
                    ("kind", super::kind::name(*kind, language)),
                    ("state", &label),
                ],
            )
        }
        Error::Conflict { by, at, .. } => {
            let by = if by.is_empty() {
                SOMEBODY.text(language)
            } else {
                by
            };
            CONFLICT.with(
                language,
                &[("by", by), ("at", &display::moment(*at, language))],
            )
        }
        Error::Missing { kind, id } => MISSING.with(
            language,
            &[("kind", super::kind::name(*kind, language)), ("id", id)],
        ),
        Error::Invalid(wrong) => INVALID.with(language, &[("list", &list(wrong, language))]),
        Error::ReasonMissing => REASON_MISSING.text(language).to_owned(),
        Error::Rule(rule) => of_rule(*rule).text(language).to_owned(),
        Error::Filter(error) => of_filter(error, language),
        Error::SecondPerson => SECOND_PERSON.text(language).to_owned(),
        Error::Store(error) => of_store(error, language),
        Error::Internal(detail) => INTERNAL.with(language, &[("detail", detail)]),
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
    STATE.with(
        language,
        &[
            ("kind", super::kind::name(kind, language)),
            ("state", &label),
        ],
    )
}

fn of_right(right: Right, language: Language) -> String {
    let roles: Vec<String> = holders(right)
        .iter()
        .map(|r| state::label(Kind::Operator, r.as_str(), language))
        .collect();
    RIGHT.with(
        language,
        &[("right", right.as_str()), ("roles", &roles.join(", "))],
    )
}

const fn of_denied(denied: Denied) -> &'static Message {
    match denied {
        Denied::ReadOnly => &READ_ONLY,
        Denied::UnknownOperator => &UNKNOWN_OPERATOR,
        Denied::RemovedOperator => &REMOVED_OPERATOR,
        Denied::NotDemo => &NOT_DEMO,
        Denied::NoIdentity => &NO_IDENTITY,
    }
}

const fn of_rule(rule: Rule) -> &'static Message {
    match rule {
        Rule::LastSignatory => &LAST_SIGNATORY,
        Rule::NotSignatory => &NOT_SIGNATORY,
        Rule::InvitationInvalid => &INVITATION_INVALID,
        Rule::UndoTooLate => &UNDO_TOO_LATE,
        Rule::AgbTaken => &AGB_TAKEN,
        Rule::LastAdministrator => &LAST_ADMINISTRATOR,
        Rule::SetupIncomplete => &SETUP_INCOMPLETE,
        Rule::DocumentMissing => &DOCUMENT_MISSING,
    }
}

/// What is wrong with a value, as the end of a sentence.
pub const fn flaw(flaw: Flaw) -> &'static Message {
    match flaw {
        Flaw::Missing => &FLAW_MISSING,
        Flaw::TooLong => &FLAW_TOO_LONG,
        Flaw::ControlCharacter => &FLAW_CONTROL,
        Flaw::NotDigits => &FLAW_NOT_DIGITS,
        Flaw::BadPostcode => &FLAW_POSTCODE,
        Flaw::BadEmail => &FLAW_EMAIL,
        Flaw::BadDate => &FLAW_DATE,
        Flaw::UnknownCode => &FLAW_CODE,
        Flaw::Duplicate => &FLAW_DUPLICATE,
        Flaw::Unknown => &FLAW_UNKNOWN,
        Flaw::NoSignatory => &FLAW_NO_SIGNATORY,
        Flaw::NotText => &FLAW_NOT_TEXT,
        Flaw::NotJson => &FLAW_NOT_JSON,
    }
}

fn list(wrong: &[Wrong], language: Language) -> String {
    let all: Vec<String> = wrong
        .iter()
        .map(|w| format!("{} {}", w.field, flaw(w.flaw).text(language)))
        .collect();
    all.join("; ")
}

/// The sentence for a filter that cannot be used.
pub fn of_filter(error: &FilterError, language: Language) -> String {
    match error {
        FilterError::OpenQuote { at } => {
            OPEN_QUOTE.with(language, &[("at", &(at + 1).to_string())])
        }
        FilterError::UnknownField { field, nearest } => {
            let mut text = UNKNOWN_FIELD.with(language, &[("field", field)]);
            if let Some(nearest) = nearest {
                text.push(' ');
                text.push_str(&NEAREST.with(language, &[("nearest", nearest)]));
            }
            text
        }
        FilterError::BadValue { field, takes } => {
            let takes = if takes.is_empty() {
                A_VALUE.text(language)
            } else {
                takes
            };
            BAD_VALUE.with(language, &[("field", field), ("takes", takes)])
        }
        FilterError::BadCompare { field } => BAD_COMPARE.with(language, &[("field", field)]),
        FilterError::TooMany { most } => TOO_MANY.with(language, &[("most", &most.to_string())]),
    }
}

fn of_store(error: &StoreError, language: Language) -> String {
    match error {
        StoreError::Unreachable(_) => DATABASE_GONE.text(language).to_owned(),
        StoreError::Busy(_) => DATABASE_BUSY.text(language).to_owned(),
        StoreError::Doubt(_) => DATABASE_DOUBT.text(language).to_owned(),
        StoreError::Url(_) => DATABASE_URL.text(language).to_owned(),
        StoreError::ReadOnly => READ_ONLY.text(language).to_owned(),
        StoreError::Schema(detail) => DATABASE_SCHEMA.with(language, &[("detail", detail)]),
        StoreError::Refused(detail)
        | StoreError::Unreadable(detail)
        | StoreError::Other(detail) => DATABASE_REFUSED.with(language, &[("detail", detail)]),
        StoreError::Unique | StoreError::ForeignKey => {
            DATABASE_REFUSED.with(language, &[("detail", &error.to_string())])
        }
    }
}
