//! What actions and their fields are called on screen: the label says the real effect. One-line help is elsewhere.

use super::Message;
use crate::domain::action::Act;

crate::messages! {
    REGISTRATION_SET_UP = "Inrichten" / "Set up";
    REGISTRATION_COMPLETE = "Inrichting afronden en mails versturen" / "Complete the set-up and send mails";
    REGISTRATION_REJECT = "Afwijzen" / "Reject";
    REGISTRATION_WITHDRAW = "Intrekken" / "Withdraw";
    ORGANISATION_EDIT = "Gegevens wijzigen" / "Edit data";
    ORGANISATION_SUSPEND = "Opschorten" / "Suspend";
    ORGANISATION_RESUME = "Opschorting opheffen" / "Resume";
    ORGANISATION_END = "Voorgoed beëindigen" / "End for good";
    ACCOUNT_INVITE = "Gebruiker uitnodigen" / "Invite a user";
    ACCOUNT_RESEND = "Nieuwe uitnodiging mailen" / "Mail a new invitation";
    ACCOUNT_ROLES = "Rollen wijzigen" / "Change roles";
    ACCOUNT_LOCK = "Blokkeren" / "Lock";
    ACCOUNT_UNLOCK = "Blokkade opheffen" / "Unlock";
    ACCOUNT_DISABLE = "Voorgoed uitschakelen" / "Disable for good";
    AGREEMENT_PUBLISH = "Publiceren en akkoord vragen" / "Publish and ask acceptance";
    AGREEMENT_REMIND = "Herinnering mailen" / "Mail a reminder";
    VENDOR_ADD = "Leverancier toevoegen" / "Add a vendor";
    VENDOR_CHANGE = "Leverancier wijzigen" / "Change the vendor";
    VENDOR_INFORM = "Specificatie mailen" / "Mail a specification";
    CONNECTION_REQUEST = "Koppeling aanvragen" / "Request a connection";
    CONNECTION_ISSUE = "Handshake uitgeven en mailen" / "Issue the handshake and mail it";
    CONNECTION_CHANGE = "Koppeling wijzigen" / "Change the connection";
    CONNECTION_SUSPEND = "Koppeling opschorten" / "Suspend the connection";
    CONNECTION_RESUME = "Koppeling hervatten" / "Resume the connection";
    CONNECTION_REVOKE = "Koppeling voorgoed laten vervallen" / "Revoke the connection for good";
    LICENCE_ROTATE = "Licentiecode vervangen" / "Rotate the licence code";
    LICENCE_REVEAL = "Licentiecode één keer tonen" / "Show the licence code once";
    LICENCE_REVOKE = "Licentiecode intrekken" / "Revoke the licence code";
    TEST_RUN_PLAN = "Testrun plannen" / "Plan a test run";
    TEST_RUN_APPROVE = "Testrun goedkeuren: koppeling live" / "Approve the test run: connection live";
    TEST_RUN_REJECT = "Testrun afkeuren" / "Reject the test run";
    MAIL_RESEND = "Opnieuw versturen" / "Send again";
    MAIL_CANCEL = "Verzending annuleren" / "Cancel sending";
    MAIL_UNDO = "Verzending terugnemen" / "Take sending back";
    MAIL_BOUNCE = "Als teruggekomen vastleggen" / "Record as bounced";
    MAIL_TEST = "Testbericht versturen" / "Send a test message";
    ORGANISATION_MESSAGE = "Statusbericht mailen" / "Mail a status message";
    OPERATOR_ADD = "Medewerker toevoegen" / "Add an operator";
    OPERATOR_CHANGE = "Medewerker wijzigen" / "Change an operator";
    OPERATOR_REMOVE = "Toegang intrekken" / "Remove access";
    SUBMISSION_RETRY = "Opnieuw proberen" / "Try again";
    SUBMISSION_REJECT = "Afwijzen: nooit verwerken" / "Reject: never process";
    SUBMISSION_WITHDRAW = "Intrekken namens de aanleveraar" / "Withdraw for the deliverer";
    SUBMISSION_CLAIM = "In behandeling nemen" / "Take in hand";
    SUBMISSION_RELEASE = "Loslaten" / "Let go";
    SUBMISSION_NOTE = "Notitie toevoegen" / "Add a note";
    SUBMISSION_MESSAGE = "De zorgaanbieder mailen" / "Mail the organisation";
    CAUSE_RETRY = "Alles van deze oorzaak opnieuw proberen" / "Try everything of this cause again";
    CAUSE_REJECT = "Alles van deze oorzaak afwijzen" / "Reject everything of this cause";
    CAUSE_CLAIM = "Alles van deze oorzaak in behandeling nemen" / "Take everything of this cause in hand";
    CAUSE_MAIL = "De leverancier mailen over deze oorzaak" / "Mail the vendor about this cause";
    JOB_RETRY = "Nu opnieuw uitvoeren" / "Run again now";
    JOB_CANCEL = "Taak stoppen" / "End the job";
    EXTRACT_DEFINE = "Levering vastleggen" / "Define an extract";
    EXTRACT_BUILD = "Bouwen" / "Build";
    EXTRACT_STOP = "Bouw stoppen" / "Stop the build";
    EXTRACT_REQUEST = "Vrijgave aanvragen" / "Ask for release";
    EXTRACT_WITHDRAW_REQUEST = "Aanvraag of goedkeuring intrekken" / "Withdraw the request or approval";
    EXTRACT_APPROVE = "Goedkeuren als tweede persoon" / "Approve as the second person";
    EXTRACT_RELEASE = "Vrijgeven aan KiBG" / "Release to KiBG";
    EXTRACT_RECALL = "Terugtrekken en KiBG mailen" / "Recall and mail KiBG";
    EXTRACT_FETCHED = "Ophalen vastleggen" / "Record a fetch";

    NAME = "Naam" / "Name";
    AGB = "AGB-code" / "AGB code";
    KVK = "KvK-nummer" / "KvK number";
    STREET = "Straat en nummer" / "Street and number";
    POSTCODE = "Postcode" / "Postcode";
    CITY = "Plaats" / "City";
    EMAIL = "Mailadres" / "Mail address";
    PHONE = "Telefoon" / "Phone";
    CONTACT = "Contactpersoon" / "Contact";
    LANGUAGE = "Taal" / "Language";
    ROUTE = "Route" / "Route";
    VENDOR = "Leverancier" / "Vendor";
    MAIL = "Reden mailen" / "Mail the reason";
    ORGANISATION = "Zorgaanbieder" / "Organisation";
    ROLES = "Rollen" / "Roles";
    SUCCESSOR = "Opvolger" / "Successor";
    WITHOUT_SUCCESSOR = "Zonder opvolger" / "Without successor";
    TO = "Aan" / "To";
    SUBJECT = "Onderwerp" / "Subject";
    TEXT = "Tekst" / "Text";
    LOGIN = "Login" / "Login";
    KIND = "Soort" / "Kind";
    SPECIFICATION = "Specificatie" / "Specification";
    SPECIFICATIONS = "Specificaties" / "Specifications";
    VENDOR_MAIL = "Statusmails naar leverancier" / "Status mails to vendor";
    INBOX_UID = "Map is van uid" / "Folder is of uid";
    PLANNED_FOR = "Gepland op" / "Planned for";
    DEFINITION = "Definitie" / "Definition";
    PERIOD = "Periode" / "Period";
    DIGEST = "Kenmerk" / "Digest";
    BY = "Door" / "By";
    ON = "Op" / "On";
    REASON = "Reden" / "Reason";
    OTHER = "Waarde" / "Value";

    AGAIN = "Toch opnieuw mailen" / "Mail again all the same";

    HINT_AGB = "8 cijfers, met voorloopnullen" / "8 digits, with leading zeros";
    HINT_DIGITS = "{count} cijfers" / "{count} digits";
    HINT_DATE = "jjjj-mm-dd" / "yyyy-mm-dd";
    HINT_CHOICE = "←/→ kiest" / "←/→ chooses";
    HINT_CHOICES = "←/→ gaat, spatie kiest" / "←/→ moves, space chooses";
    HINT_FLAG = "spatie zet om" / "space switches";
    HINT_REFERENCE = "naam, code of kenmerk" / "name, code or id";
}

/// What an action is called in menus.
pub const fn label(act: Act) -> &'static Message {
    match act {
        Act::RegistrationSetUp => &REGISTRATION_SET_UP,
        Act::RegistrationComplete => &REGISTRATION_COMPLETE,
        Act::RegistrationReject => &REGISTRATION_REJECT,
        Act::RegistrationWithdraw => &REGISTRATION_WITHDRAW,
        Act::OrganisationEdit => &ORGANISATION_EDIT,
        Act::OrganisationSuspend => &ORGANISATION_SUSPEND,
        Act::OrganisationResume => &ORGANISATION_RESUME,
        Act::OrganisationEnd => &ORGANISATION_END,
        Act::AccountInvite => &ACCOUNT_INVITE,
        Act::AccountResend => &ACCOUNT_RESEND,
        Act::AccountRoles => &ACCOUNT_ROLES,
        Act::AccountLock => &ACCOUNT_LOCK,
        Act::AccountUnlock => &ACCOUNT_UNLOCK,
        Act::AccountDisable => &ACCOUNT_DISABLE,
        Act::AgreementPublish => &AGREEMENT_PUBLISH,
        Act::AgreementRemind => &AGREEMENT_REMIND,
        Act::VendorAdd => &VENDOR_ADD,
        Act::VendorChange => &VENDOR_CHANGE,
        Act::VendorInform => &VENDOR_INFORM,
        Act::ConnectionRequest => &CONNECTION_REQUEST,
        Act::ConnectionIssue => &CONNECTION_ISSUE,
        Act::ConnectionChange => &CONNECTION_CHANGE,
        Act::ConnectionSuspend => &CONNECTION_SUSPEND,
        Act::ConnectionResume => &CONNECTION_RESUME,
        Act::ConnectionRevoke => &CONNECTION_REVOKE,
        Act::LicenceRotate => &LICENCE_ROTATE,
        Act::LicenceReveal => &LICENCE_REVEAL,
        Act::LicenceRevoke => &LICENCE_REVOKE,
        Act::TestRunPlan => &TEST_RUN_PLAN,
        Act::TestRunApprove => &TEST_RUN_APPROVE,
        Act::TestRunReject => &TEST_RUN_REJECT,
        Act::MailResend => &MAIL_RESEND,
        Act::MailCancel => &MAIL_CANCEL,
        Act::MailUndo => &MAIL_UNDO,
        Act::MailBounce => &MAIL_BOUNCE,
        Act::MailTest => &MAIL_TEST,
        Act::OrganisationMessage => &ORGANISATION_MESSAGE,
        Act::OperatorAdd => &OPERATOR_ADD,
        Act::OperatorChange => &OPERATOR_CHANGE,
        Act::OperatorRemove => &OPERATOR_REMOVE,
        Act::SubmissionRetry => &SUBMISSION_RETRY,
        Act::SubmissionReject => &SUBMISSION_REJECT,
        Act::SubmissionWithdraw => &SUBMISSION_WITHDRAW,
        Act::SubmissionClaim => &SUBMISSION_CLAIM,
        Act::SubmissionRelease => &SUBMISSION_RELEASE,
        Act::SubmissionNote => &SUBMISSION_NOTE,
        Act::SubmissionMessage => &SUBMISSION_MESSAGE,
        Act::CauseRetry => &CAUSE_RETRY,
        Act::CauseReject => &CAUSE_REJECT,
        Act::CauseClaim => &CAUSE_CLAIM,
        Act::CauseMail => &CAUSE_MAIL,
        Act::JobRetry => &JOB_RETRY,
        Act::JobCancel => &JOB_CANCEL,
        Act::ExtractDefine => &EXTRACT_DEFINE,
        Act::ExtractBuild => &EXTRACT_BUILD,
        Act::ExtractStop => &EXTRACT_STOP,
        Act::ExtractRequest => &EXTRACT_REQUEST,
        Act::ExtractWithdrawRequest => &EXTRACT_WITHDRAW_REQUEST,
        Act::ExtractApprove => &EXTRACT_APPROVE,
        Act::ExtractRelease => &EXTRACT_RELEASE,
        Act::ExtractRecall => &EXTRACT_RECALL,
        Act::ExtractFetched => &EXTRACT_FETCHED,
    }
}

/// What a field is called in forms.
pub fn field(name: &str) -> &'static Message {
    ALL.iter()
        .copied()
        .find(|m| m.key.eq_ignore_ascii_case(name))
        .unwrap_or(&OTHER)
}
