//! Every action that staff can take: its noun and verb, the right it needs, how it is confirmed and which fields it asks.
//! Screens, command line, worker and service read this one table. Not the effect: that is in `service`.

use super::kind::Kind;
use super::right::Right;
use super::{
    account, agreement, cause, connection, extract, job, licence, mail, organisation, registration,
    specification, submission, test_run,
};

/// How an action is confirmed before it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Happens at once.
    Harmless,
    /// A yes or no, default no.
    Confirm,
    /// A form or preview of old and new, then a yes.
    Preview,
    /// The name of the record or the count of rows must be typed.
    TypeName,
}

/// Whether an action asks a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No reason is asked.
    None,
    /// A reason may be given.
    Optional,
    /// Without a reason the action is refused.
    Required,
}

/// What an action works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing that exists yet: it makes a record or acts on the whole.
    Nothing,
    /// One record.
    One,
    /// One record, or many as a bulk run.
    Many,
}

/// What a field of an action or form holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// Mail address.
    Email,
    /// Date `YYYY-MM-DD`.
    Date,
    /// Exactly this many digits.
    Digits(usize),
    /// One code of a set.
    Choice(&'static [&'static str]),
    /// Several codes of a set, separated by commas.
    Choices(&'static [&'static str]),
    /// Yes or no, default no.
    Flag,
    /// Identifier or code of another record of this kind.
    Reference(Kind),
}

/// One field that an action asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name in JSON and, with dashes, of the flag.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it may stay empty.
    pub required: bool,
    /// Whether it holds personal data: then audited by name and "changed" only.
    pub personal: bool,
}

const fn field(name: &'static str, kind: FieldKind) -> Field {
    Field {
        name,
        kind,
        required: true,
        personal: false,
    }
}

impl Field {
    const fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }
    const fn personal(self) -> Self {
        Self {
            personal: true,
            ..self
        }
    }
}

macro_rules! actions {
    ($($act:ident = $noun:ident $verb:literal $right:ident $level:ident $reason:ident $target:ident $fields:expr;)+) => {
        /// An action that staff can take.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Act { $(
            #[doc = concat!("`portaal ", stringify!($noun), " ", $verb, "`")]
            $act
        ),+ }

        impl Act {
            /// Every action, in the order of menus.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// The row of the table.
            pub const fn spec(self) -> Spec {
                match self { $(Self::$act => Spec {
                    act: Self::$act, noun: Kind::$noun, verb: $verb, right: Right::$right,
                    level: Level::$level, reason: Reason::$reason, target: Target::$target, fields: const { $fields },
                }),+ }
            }
        }
    };
}

/// One row of the table of actions.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The action.
    pub act: Act,
    /// Noun of the command line.
    pub noun: Kind,
    /// Verb of the command line.
    pub verb: &'static str,
    /// Right that it needs.
    pub right: Right,
    /// How it is confirmed.
    pub level: Level,
    /// Whether it asks a reason.
    pub reason: Reason,
    /// What it works on.
    pub target: Target,
    /// What it asks.
    pub fields: &'static [Field],
}

impl Spec {
    /// Kind of record that it works on: its noun, unless it makes one of that kind for a connection.
    pub const fn works_on(&self) -> Kind {
        let for_connection = matches!(
            self.act,
            Act::LicenceRotate | Act::LicenceReveal | Act::TestRunPlan
        );
        if for_connection {
            Kind::Connection
        } else {
            self.noun
        }
    }
}

const ACCOUNT_ROLES: &[&str] = &["signatory", "submitter", "manager", "reader"];
const STAFF_ROLES: &[&str] = &[
    "support",
    "on_call",
    "release_manager",
    "administrator",
    "auditor",
];
const LANGUAGES: &[&str] = &["nl", "en"];
const ROUTES: &[&str] = connection::Route::CODES;

/// What is known of an organisation in general: the set-up form of a registration and the edit form of an organisation.
pub const ORGANISATION_FIELDS: &[Field] = &[
    field("name", FieldKind::Line),
    field("agb", FieldKind::Digits(8)),
    field("kvk", FieldKind::Digits(8)),
    field("street", FieldKind::Line).optional(),
    field("postcode", FieldKind::Line).optional(),
    field("city", FieldKind::Line).optional(),
    field("email", FieldKind::Email).personal(),
    field("phone", FieldKind::Line).optional().personal(),
    field("contact", FieldKind::Line).personal(),
    field("language", FieldKind::Choice(LANGUAGES)),
    field("route", FieldKind::Choice(ROUTES)),
    field("vendor", FieldKind::Reference(Kind::Vendor)).optional(),
];

const ORGANISATION_EDIT: &[Field] = &[
    field("name", FieldKind::Line),
    field("kvk", FieldKind::Digits(8)),
    field("street", FieldKind::Line).optional(),
    field("postcode", FieldKind::Line).optional(),
    field("city", FieldKind::Line).optional(),
    field("email", FieldKind::Email).personal(),
    field("phone", FieldKind::Line).optional().personal(),
    field("contact", FieldKind::Line).personal(),
    field("language", FieldKind::Choice(LANGUAGES)),
];
const MESSAGE: &[Field] = &[
    field("subject", FieldKind::Line),
    field("text", FieldKind::Line),
];
const MAIL_IT: &[Field] = &[field("mail", FieldKind::Flag).optional()];
const INVITE: &[Field] = &[
    field("organisation", FieldKind::Reference(Kind::Organisation)),
    field("name", FieldKind::Line).personal(),
    field("email", FieldKind::Email).personal(),
    field("roles", FieldKind::Choices(ACCOUNT_ROLES)),
    field("language", FieldKind::Choice(LANGUAGES)).optional(),
];
const OPERATOR: &[Field] = &[
    field("login", FieldKind::Line),
    field("name", FieldKind::Line).personal(),
    field("roles", FieldKind::Choices(STAFF_ROLES)),
    field("language", FieldKind::Choice(LANGUAGES)).optional(),
];
const YES_NO: &[&str] = &["yes", "no"];
const VENDOR: &[Field] = &[
    field("name", FieldKind::Line),
    field("kind", FieldKind::Choice(connection::VendorKind::CODES)),
    field("contact", FieldKind::Line).personal(),
    field("email", FieldKind::Email).personal(),
    field("phone", FieldKind::Line).optional().personal(),
    field("language", FieldKind::Choice(LANGUAGES)).optional(),
];
const SPECIFICATIONS: Field = field("specifications", FieldKind::Choices(specification::NAMES));
const CONNECTION: &[Field] = &[
    field("organisation", FieldKind::Reference(Kind::Organisation)),
    field("vendor", FieldKind::Reference(Kind::Vendor)).optional(),
    field("route", FieldKind::Choice(ROUTES)),
    SPECIFICATIONS.optional(),
    field("vendor_mail", FieldKind::Choice(YES_NO)).optional(),
];
const CONNECTION_CHANGE: &[Field] = &[
    SPECIFICATIONS,
    field("vendor_mail", FieldKind::Choice(YES_NO)),
    field("inbox_uid", FieldKind::Line).optional(),
];
const TEST_RUN: &[Field] = &[
    field("specification", FieldKind::Choice(specification::NAMES)),
    field("planned_for", FieldKind::Date).optional(),
];
const EXTRACT: &[Field] = &[
    field("definition", FieldKind::Line).optional(),
    field("period", FieldKind::Line),
];
const DIGEST: &[Field] = &[field("digest", FieldKind::Line).optional()];
const FETCHED: &[Field] = &[
    field("by", FieldKind::Line).personal(),
    field("on", FieldKind::Date).optional(),
];

actions! {
    RegistrationSetUp = Registration "set-up" Registrations Preview None One ORGANISATION_FIELDS;
    RegistrationComplete = Registration "complete" Registrations Preview None One &[];
    RegistrationReject = Registration "reject" Registrations Preview Required One MAIL_IT;
    RegistrationWithdraw = Registration "withdraw" Registrations Preview Required One MAIL_IT;
    OrganisationEdit = Organisation "edit" Organisations Preview Optional One ORGANISATION_EDIT;
    OrganisationSuspend = Organisation "suspend" OrganisationEnd Preview Required One &[];
    OrganisationResume = Organisation "resume" OrganisationEnd Preview Required One &[];
    OrganisationEnd = Organisation "end" OrganisationEnd TypeName Required One &[];
    AccountInvite = Account "invite" Accounts Preview None Nothing INVITE;
    AccountResend = Account "resend" Accounts Confirm None Many &[];
    AccountRoles = Account "roles" Accounts Preview Optional One &[field("roles", FieldKind::Choices(ACCOUNT_ROLES))];
    AccountLock = Account "lock" Accounts Preview Required Many &[];
    AccountUnlock = Account "unlock" Accounts Confirm None Many &[];
    AccountDisable = Account "disable" Accounts Preview Required One
        &[field("successor", FieldKind::Reference(Kind::Account)).optional(), field("without_successor", FieldKind::Flag).optional()];
    AgreementPublish = Agreement "publish" AgreementPublish TypeName Optional One &[];
    AgreementRemind = Acceptance "remind" Reminders Confirm None Many &[];
    VendorAdd = Vendor "add" Connections Preview None Nothing VENDOR;
    VendorChange = Vendor "change" Connections Preview Optional One VENDOR;
    VendorInform = Vendor "inform" Connections Preview None One &[SPECIFICATIONS];
    ConnectionRequest = Connection "request" Connections Preview Optional Nothing CONNECTION;
    ConnectionIssue = Connection "issue" Connections Preview Optional One &[];
    ConnectionChange = Connection "change" Connections Preview Optional One CONNECTION_CHANGE;
    ConnectionSuspend = Connection "suspend" Connections Preview Required One &[];
    ConnectionResume = Connection "resume" Connections Preview Optional One &[];
    LicenceRotate = Licence "rotate" Connections Preview Optional One &[];
    LicenceReveal = Licence "reveal" Reveal Preview Required One &[];
    TestRunPlan = TestRun "plan" TestRuns Preview Optional One TEST_RUN;
    LicenceRevoke = Licence "revoke" Revoke Preview Required One &[];
    ConnectionRevoke = Connection "revoke" Revoke TypeName Required One &[];
    TestRunApprove = TestRun "approve" TestRuns Preview Optional One &[];
    TestRunReject = TestRun "reject" TestRuns Preview Required One &[];
    MailResend = Mail "resend" MailResend Confirm None Many &[];
    MailCancel = Mail "cancel" MailSend Confirm None Many &[];
    MailUndo = Mail "undo" MailResend Harmless None One &[];
    MailBounce = Mail "bounce" MailSend Preview Required One &[];
    MailTest = Mail "test" MailSend Preview None Nothing &[field("to", FieldKind::Email).personal()];
    OrganisationMessage = Organisation "message" MailSend Preview None One
        MESSAGE;
    OperatorAdd = Operator "add" Operators Preview None Nothing OPERATOR;
    OperatorChange = Operator "change" Operators Preview Optional One
        &[field("name", FieldKind::Line).personal(), field("roles", FieldKind::Choices(STAFF_ROLES)), field("language", FieldKind::Choice(LANGUAGES)).optional()];
    OperatorRemove = Operator "remove" Operators TypeName Required One &[];
    SubmissionRetry = Submission "retry" Submissions Confirm Optional Many &[];
    SubmissionReject = Submission "reject" Submissions Preview Required Many &[];
    SubmissionWithdraw = Submission "withdraw" Submissions Preview Required Many &[];
    SubmissionClaim = Submission "claim" Submissions Harmless None Many &[];
    SubmissionRelease = Submission "release" Submissions Harmless None Many &[];
    SubmissionNote = Submission "note" Submissions Preview None One &[field("text", FieldKind::Line)];
    SubmissionMessage = Submission "message" Submissions Preview None One MESSAGE;
    CauseRetry = Cause "retry" Submissions Confirm Optional One &[];
    CauseReject = Cause "reject" Submissions Preview Required One &[];
    CauseClaim = Cause "claim" Submissions Confirm None One &[];
    CauseMail = Cause "mail" Submissions Preview None One &[field("again", FieldKind::Flag).optional()];
    JobRetry = Job "retry" Jobs Confirm Optional Many &[];
    JobCancel = Job "cancel" Jobs Preview Required Many &[];
    ExtractDefine = Extract "define" Extracts Preview Optional Nothing EXTRACT;
    ExtractBuild = Extract "build" Extracts Confirm Optional One &[];
    ExtractStop = Extract "stop" Extracts Confirm Optional One &[];
    ExtractRequest = Extract "request" Extracts Preview Required One &[];
    ExtractWithdrawRequest = Extract "withdraw-request" Extracts Preview Required One &[];
    ExtractApprove = Extract "approve" Extracts Preview Optional One DIGEST;
    ExtractRelease = Extract "release" Extracts TypeName Optional One &[];
    ExtractRecall = Extract "recall" Extracts TypeName Required One &[];
    ExtractFetched = Extract "fetched" Extracts Preview Optional One FETCHED;
}

/// Actions on a whole group, and what is done to each of its members.
const ON_MEMBERS: &[(Act, Act)] = &[
    (Act::CauseRetry, Act::SubmissionRetry),
    (Act::CauseReject, Act::SubmissionReject),
    (Act::CauseClaim, Act::SubmissionClaim),
];

impl Act {
    /// For an action on a whole group: what is done to each of its members.
    pub fn on_members(self) -> Option<Self> {
        let found = ON_MEMBERS.iter().find(|(group, _)| *group == self);
        found.map(|(_, member)| *member)
    }
}

/// Whether a record in this state allows the action; the reason text is for `language` to give.
pub fn legal(act: Act, state: &str) -> bool {
    match act {
        Act::RegistrationSetUp => registration_allows(state, registration::Event::SetUp),
        Act::RegistrationComplete => registration_allows(state, registration::Event::Complete),
        Act::RegistrationReject => registration_allows(state, registration::Event::Reject),
        Act::RegistrationWithdraw => registration_allows(state, registration::Event::Withdraw),
        Act::OrganisationSuspend => organisation_allows(state, organisation::Event::Suspend),
        Act::OrganisationResume => organisation_allows(state, organisation::Event::Resume),
        Act::OrganisationEnd => organisation_allows(state, organisation::Event::End),
        Act::OrganisationEdit | Act::OrganisationMessage => {
            state != organisation::State::Ended.as_str()
        }
        Act::AccountResend => account_allows(state, account::Event::Resend),
        Act::AccountRoles => account_allows(state, account::Event::Roles),
        Act::AccountLock => account_allows(state, account::Event::Lock),
        Act::AccountUnlock => account_allows(state, account::Event::Unlock),
        Act::AccountDisable => account_allows(state, account::Event::Disable),
        Act::AgreementPublish => state
            .parse()
            .is_ok_and(|s| agreement::step(s, agreement::Event::Publish).is_some()),
        Act::AgreementRemind => state.parse().is_ok_and(|s| {
            agreement::step_acceptance(s, agreement::AcceptanceEvent::Remind).is_some()
        }),
        Act::MailResend => mail_allows(state, mail::Event::Resend),
        Act::MailCancel | Act::MailUndo => mail_allows(state, mail::Event::Cancel),
        Act::MailBounce => mail_allows(state, mail::Event::Bounce),
        Act::OperatorChange | Act::OperatorRemove => state == "active",
        Act::SubmissionRetry => submission_allows(state, submission::Event::Retry),
        Act::SubmissionReject => submission_allows(state, submission::Event::Reject),
        Act::SubmissionWithdraw => submission_allows(state, submission::Event::Withdraw),
        Act::SubmissionClaim => state.parse().is_ok_and(submission::unfinished),
        Act::SubmissionRelease | Act::SubmissionNote | Act::SubmissionMessage => true,
        Act::CauseRetry | Act::CauseReject | Act::CauseClaim | Act::CauseMail => {
            state == cause::State::Open.as_str()
        }
        Act::JobRetry | Act::JobCancel => state.parse().is_ok_and(job::waits),
        Act::ConnectionIssue => connection_allows(state, connection::Event::Issue),
        Act::ConnectionSuspend => connection_allows(state, connection::Event::Suspend),
        Act::ConnectionResume => connection_allows(state, connection::Event::Resume),
        Act::ConnectionRevoke => connection_allows(state, connection::Event::Revoke),
        Act::ConnectionChange => state != connection::State::Revoked.as_str(),
        Act::LicenceRotate => state.parse().is_ok_and(connection::has_codes),
        Act::LicenceReveal => state.parse().is_ok_and(connection::may_collect),
        Act::LicenceRevoke => state
            .parse()
            .is_ok_and(|s| licence::step(s, licence::Event::Revoke).is_some()),
        Act::TestRunPlan => state == connection::State::Testing.as_str(),
        Act::TestRunApprove => test_run_allows(state, test_run::Event::Approve),
        Act::TestRunReject => test_run_allows(state, test_run::Event::Reject),
        Act::ExtractBuild => extract_allows(state, extract::Event::Change),
        Act::ExtractStop => state == extract::State::Draft.as_str(),
        Act::ExtractRequest => extract_allows(state, extract::Event::Request),
        Act::ExtractWithdrawRequest => extract_allows(state, extract::Event::WithdrawRequest),
        Act::ExtractApprove => extract_allows(state, extract::Event::Approve),
        Act::ExtractRelease => extract_allows(state, extract::Event::Release),
        Act::ExtractRecall => extract_allows(state, extract::Event::Recall),
        Act::ExtractFetched => state.parse().is_ok_and(extract::left),
        Act::AccountInvite
        | Act::ExtractDefine
        | Act::MailTest
        | Act::OperatorAdd
        | Act::VendorAdd
        | Act::VendorChange
        | Act::VendorInform
        | Act::ConnectionRequest => true,
    }
}

fn submission_allows(state: &str, event: submission::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| submission::step(s, event).is_some())
}

fn registration_allows(state: &str, event: registration::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| registration::step(s, event).is_some())
}

fn organisation_allows(state: &str, event: organisation::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| organisation::step(s, event).is_some())
}

fn account_allows(state: &str, event: account::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| account::step(s, event).is_some())
}

fn mail_allows(state: &str, event: mail::Event) -> bool {
    state.parse().is_ok_and(|s| mail::step(s, event).is_some())
}

fn connection_allows(state: &str, event: connection::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| connection::step(s, event).is_some())
}

fn extract_allows(state: &str, event: extract::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| extract::step(s, event).is_some())
}

fn test_run_allows(state: &str, event: test_run::Event) -> bool {
    state
        .parse()
        .is_ok_and(|s| test_run::step(s, event).is_some())
}
