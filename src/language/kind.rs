//! What kinds of record are called, in one and in many.

use super::{Language, Message};
use crate::domain::kind::Kind;

crate::messages! {
    REGISTRATION = "aanmelding" / "registration";
    ORGANISATION = "zorgaanbieder" / "organisation";
    ACCOUNT = "account" / "account";
    AGREEMENT = "overeenkomst" / "agreement";
    ACCEPTANCE = "akkoord" / "acceptance";
    VENDOR = "leverancier" / "vendor";
    CONNECTION = "koppeling" / "connection";
    LICENCE = "licentiecode" / "licence code";
    TEST_RUN = "testrun" / "test run";
    SUBMISSION = "aanlevering" / "submission";
    CAUSE = "oorzaak" / "cause";
    OBLIGATION = "leveringsplicht" / "delivery obligation";
    EXTRACT = "levering aan KiBG" / "extract for KiBG";
    FIGURE = "cijfer" / "figure";
    MAIL = "mail" / "mail";
    JOB = "taak" / "job";
    WORKER = "worker" / "worker";
    BULK = "bulkactie" / "bulk run";
    OPERATOR = "medewerker" / "operator";
    AUDIT = "logboekregel" / "audit row";
    SYSTEM = "systeem" / "system";
}

/// What one record of a kind is called.
pub const fn name(kind: Kind, language: Language) -> &'static str {
    message(kind).text(language)
}

/// The message behind `name`.
pub const fn message(kind: Kind) -> &'static Message {
    match kind {
        Kind::Registration => &REGISTRATION,
        Kind::Organisation => &ORGANISATION,
        Kind::Account => &ACCOUNT,
        Kind::Agreement => &AGREEMENT,
        Kind::Acceptance => &ACCEPTANCE,
        Kind::Vendor => &VENDOR,
        Kind::Connection => &CONNECTION,
        Kind::Licence => &LICENCE,
        Kind::TestRun => &TEST_RUN,
        Kind::Submission => &SUBMISSION,
        Kind::Cause => &CAUSE,
        Kind::Obligation => &OBLIGATION,
        Kind::Extract => &EXTRACT,
        Kind::Figure => &FIGURE,
        Kind::Mail => &MAIL,
        Kind::Job => &JOB,
        Kind::Worker => &WORKER,
        Kind::Bulk => &BULK,
        Kind::Operator => &OPERATOR,
        Kind::Audit => &AUDIT,
        Kind::System => &SYSTEM,
    }
}
