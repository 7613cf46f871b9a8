//! What each noun and each action of the command line is for, in one line of help. Not the flags: those are in `flag`.

use super::Message;
use crate::domain::action::Act;
use crate::domain::kind::Kind;

crate::messages! {
    REGISTRATION = "Aanmeldingen van nieuwe keurmerkdragers" / "Registrations of new quality mark holders";
    ORGANISATION = "Zorgaanbieders" / "Care providers";
    ACCOUNT = "Accounts van gebruikers" / "User accounts";
    AGREEMENT = "Verwerkersovereenkomsten en hun akkoord" / "Processing agreements and their acceptance";
    VENDOR = "Leveranciers" / "Vendors";
    CONNECTION = "Koppelingen" / "Connections";
    LICENCE = "Licentiecodes" / "Licence codes";
    TEST_RUN = "Testruns van leveranciers" / "Test runs of vendors";
    SUBMISSION = "Aanleveringen" / "Submissions";
    CAUSE = "Oorzaken van mislukte aanleveringen" / "Causes of failed deliveries";
    OBLIGATION = "Wie nog moet aanleveren" / "Who has yet to deliver";
    EXTRACT = "Leveringen aan KiBG: bouwen, aanvragen, goedkeuren, vrijgeven" / "Extracts for KiBG: build, request, approve, release";
    FIGURE = "Cijfers van leveringen aan KiBG, cel voor cel" / "Figures of extracts for KiBG, cell by cell";
    MAIL = "Uitgaande mail en pogingen" / "Outgoing mail and attempts";
    JOB = "Taken van de wachtrij" / "Jobs of the queue";
    WORKER = "Verstuur mail en doe het andere werk van de wachtrij" / "Send mail and do the other work of the queue";
    BULK = "Bulkacties" / "Bulk actions";
    OPERATOR = "Medewerkers en hun rollen" / "Members of staff and their roles";
    INTAKE = "Neem aanleveringen aan over HTTP en uit bewaakte mappen" / "Take deliveries in over HTTP and from watched folders";
    INTAKE_KEY = "Maak een servicesleutel voor de voorkant van het portaal" / "Make a service key for the front end of the portal";
    AUDIT = "Logboek" / "Audit log";
    SYSTEM = "Werkvoorraad en systeem" / "What waits, and the system";

    REGISTRATION_SET_UP = "Leg de gegevens vast waarmee een aanmelding wordt ingericht" / "Record the data with which a registration is set up";
    REGISTRATION_COMPLETE = "Rond de inrichting af: zorgaanbieder actief, accounts uitgenodigd, mails in de wachtrij" / "Complete the set-up: organisation active, accounts invited, mails queued";
    REGISTRATION_REJECT = "Wijs een aanmelding af" / "Reject a registration";
    REGISTRATION_WITHDRAW = "Trek een aanmelding in" / "Withdraw a registration";
    REGISTRATION_IMPORT = "Lees een aanmelding in uit een JSON-bestand" / "Import a registration from a JSON file";
    ORGANISATION_EDIT = "Wijzig de gegevens van een zorgaanbieder" / "Change the data of an organisation";
    ORGANISATION_SUSPEND = "Schort een zorgaanbieder op" / "Suspend an organisation";
    ORGANISATION_RESUME = "Hef de opschorting op" / "Resume an organisation";
    ORGANISATION_END = "Beëindig een zorgaanbieder" / "End an organisation";
    ORGANISATION_MESSAGE = "Stuur een zorgaanbieder een statusbericht" / "Send an organisation a status message";
    ORGANISATION_IMPORT_MARKS = "Lees de lijst van keurmerken van KiBG in uit een CSV-bestand" / "Import KiBG's list of quality marks from a CSV file";
    ACCOUNT_INVITE = "Nodig een gebruiker uit" / "Invite a user";
    ACCOUNT_ACTIVATE = "Activeer een account met de code uit de uitnodiging, gelezen van stdin" / "Activate an account with the token of the invitation, read from stdin";
    ACCOUNT_RESEND = "Stuur een nieuwe uitnodiging; de oude vervalt" / "Send a new invitation; the old one expires";
    ACCOUNT_ROLES = "Wijzig de rollen van een account" / "Change the roles of an account";
    ACCOUNT_LOCK = "Blokkeer accounts" / "Lock accounts";
    ACCOUNT_UNLOCK = "Hef de blokkade van accounts op" / "Unlock accounts";
    ACCOUNT_DISABLE = "Schakel een account voorgoed uit" / "Disable an account for good";
    AGREEMENT_PUBLISH = "Publiceer een PDF als nieuwe versie van de overeenkomst" / "Publish a PDF as a new version of the agreement";
    AGREEMENT_DOWNLOAD = "Haal het document van een versie op" / "Download the document of a version";
    AGREEMENT_REMIND = "Herinner zorgaanbieders die nog niet hebben geaccordeerd" / "Remind organisations that have not accepted yet";
    AGREEMENT_RECORD_ACCEPTANCE = "Leg vast dat een tekenbevoegde heeft geaccordeerd" / "Record that a signatory has accepted";
    VENDOR_ADD = "Voeg een leverancier toe" / "Add a vendor";
    VENDOR_CHANGE = "Wijzig de gegevens van een leverancier" / "Change the data of a vendor";
    VENDOR_INFORM = "Mail een leverancier een interfacespecificatie, en leg dat vast" / "Mail a vendor an interface specification, and keep that";
    CONNECTION_REQUEST = "Leg vast dat een zorgaanbieder een koppeling vraagt" / "Record that an organisation asks for a connection";
    CONNECTION_ISSUE = "Geef de handshake uit: mail een link waarmee de licentiecode één keer is op te halen" / "Issue the handshake: mail a link by which the licence code can be collected once";
    CONNECTION_CHANGE = "Wijzig wat langs een koppeling komt en wie er mail over krijgt" / "Change what comes by a connection and who gets its mails";
    CONNECTION_SUSPEND = "Schort een koppeling op: er kan niet meer worden aangeleverd" / "Suspend a connection: nothing can be delivered";
    CONNECTION_RESUME = "Hervat een opgeschorte koppeling" / "Resume a suspended connection";
    CONNECTION_REVOKE = "Laat een koppeling voorgoed vervallen, met al haar licentiecodes" / "Revoke a connection for good, with all its licence codes";
    LICENCE_ROTATE = "Vervang de licentiecode van een koppeling; de oude werkt nog even" / "Rotate the licence code of a connection; the old one works for a while";
    LICENCE_REVEAL = "Toon de licentiecode van een klaarstaande handshake, één keer; de link werkt daarna niet meer" / "Show the licence code of a handshake that waits, once; its link does not work any more after it";
    LICENCE_REVOKE = "Trek een licentiecode per direct in" / "Revoke a licence code at once";
    TEST_RUN_PLAN = "Plan een testrun voor een koppeling en vraag het testbestand" / "Plan a test run for a connection and ask for the file";
    TEST_RUN_APPROVE = "Keur een testrun goed: de koppeling gaat live en de leverancier is geslaagd" / "Approve a test run: the connection goes live and the vendor has passed";
    TEST_RUN_REJECT = "Keur een testrun af, met een reden die gemaild wordt" / "Reject a test run, with a reason that is mailed";
    MAIL_RESEND = "Verstuur opnieuw, als nieuwe mail die naar de eerste verwijst" / "Send again, as a new mail that points to the first";
    MAIL_CANCEL = "Annuleer mail die nog in de wachtrij staat" / "Cancel mail that is still queued";
    MAIL_UNDO = "Neem een mail terug, binnen tien seconden" / "Take a mail back, within ten seconds";
    MAIL_BOUNCE = "Leg vast dat een mail is teruggekomen" / "Record that a mail bounced";
    MAIL_TEST = "Zet een testbericht in de wachtrij" / "Queue a test message";
    OPERATOR_ADD = "Voeg een medewerker toe; de eerste op een lege database" / "Add a member of staff; the first one on an empty database";
    OPERATOR_CHANGE = "Wijzig een medewerker" / "Change a member of staff";
    OPERATOR_REMOVE = "Verwijder een medewerker" / "Remove a member of staff";
    SUBMISSION_ADD = "Lees een bestand in als aanlevering" / "Take a file in as a submission";
    SUBMISSION_RETRY = "Probeer mislukte of vastgehouden aanleveringen opnieuw" / "Try failed or held submissions again";
    SUBMISSION_REJECT = "Wijs mislukte of vastgehouden aanleveringen af: ze worden nooit verwerkt" / "Reject failed or held submissions: they are never processed";
    SUBMISSION_WITHDRAW = "Trek aanleveringen in namens de aanleveraar" / "Withdraw submissions for the deliverer";
    SUBMISSION_CLAIM = "Neem aanleveringen in behandeling; dat loopt vanzelf af" / "Take submissions in hand; that runs out by itself";
    SUBMISSION_RELEASE = "Laat aanleveringen los" / "Let submissions go";
    SUBMISSION_NOTE = "Voeg een notitie toe aan een aanlevering" / "Add a note to a submission";
    SUBMISSION_MESSAGE = "Mail de zorgaanbieder over een aanlevering" / "Mail the organisation about a submission";
    SUBMISSION_REPORT = "Schrijf het verwerkingsverslag van een aanlevering" / "Write the processing report of a submission";
    CAUSE_RETRY = "Probeer elke aanlevering van een oorzaak opnieuw, als bulkactie" / "Try every submission of a cause again, as a bulk run";
    CAUSE_REJECT = "Wijs elke aanlevering van een oorzaak af, als bulkactie" / "Reject every submission of a cause, as a bulk run";
    CAUSE_CLAIM = "Neem elke aanlevering van een oorzaak in behandeling, als bulkactie" / "Take every submission of a cause in hand, as a bulk run";
    CAUSE_MAIL = "Mail de leverancier één keer over een oorzaak, met zijn zorgaanbieders" / "Mail the vendor once about a cause, with its care providers";
    JOB_RETRY = "Voer vastgelopen taken opnieuw uit, of wachtende nu" / "Run held jobs again, or waiting ones now";
    JOB_CANCEL = "Stop taken die niet lopen" / "End jobs that do not run";
    EXTRACT_DEFINE = "Leg een levering vast: definitie en periode" / "Define an extract: definition and period";
    EXTRACT_BUILD = "Bouw een levering, of bouw haar opnieuw; een aanvraag of goedkeuring vervalt" / "Build an extract, or build it again; a request or approval lapses";
    EXTRACT_STOP = "Stop een bouw die wacht of loopt" / "Stop a build that waits or runs";
    EXTRACT_REQUEST = "Vraag vrijgave van een gebouwde levering" / "Ask for the release of a built extract";
    EXTRACT_WITHDRAW_REQUEST = "Trek een aanvraag of goedkeuring in" / "Withdraw a request or an approval";
    EXTRACT_APPROVE = "Keur een aangevraagde levering goed; een ander dan de aanvrager" / "Approve a requested extract; somebody other than the requester";
    EXTRACT_RELEASE = "Geef een goedgekeurde levering vrij: bestanden naar de uitgaande map, mail naar KiBG" / "Release an approved extract: files to the outgoing directory, mail to KiBG";
    EXTRACT_RECALL = "Trek een vrijgegeven levering terug; KiBG krijgt mail" / "Recall a released extract; KiBG is mailed";
    EXTRACT_EXPLAIN = "Leg uit waarom een cel van een levering verborgen is" / "Explain why a cell of an extract is hidden";
    EXTRACT_REGISTRY = "Toon elke levering die ooit is vrijgegeven, met wie aanvroeg, goedkeurde en ophaalde" / "Show every release ever, with who asked, approved and fetched";
    EXTRACT_COVERAGE = "Toon welke keurmerkhouders in een levering zitten, en welke niet en waarom" / "Show which holders are in an extract, and which are not and why";
    EXTRACT_VERIFY = "Controleer een map met een levering: bestanden, manifest en handtekening; zonder database" / "Check a directory with a release: files, manifest and signature; without a database";
    EXTRACT_FETCHED = "Leg vast dat KiBG een levering heeft opgehaald" / "Record that KiBG fetched an extract";
    AUDIT_VERIFY = "Reken de keten van het logboek na" / "Recompute the chain of the audit log";
    AUDIT_ANCHOR = "Schrijf de kop van de keten, om buiten de database te bewaren" / "Write the head of the chain, to keep outside the database";
    CLIENT = "Eén cliënt van een zorgaanbieder" / "One client of a care provider";
    CLIENT_ERASE = "Verwijder op verzoek alle gegevens van één cliënt; het koppelnummer komt van stdin" / "Remove everything of one client on request; the client key comes from stdin";
    AUDIT_EXPORT = "Schrijf het logboek naar stdout" / "Write the audit log to stdout";
    MIGRATE = "Breng het schema van de database bij" / "Bring the schema of the database up to date";
    INFO = "Toon elk pad en elke instelling, en waar die vandaan komt" / "Show every path and setting, and where it came from";
    DOCTOR = "Controleer database, sleutel, mail, klok en terminal" / "Check database, key, mail, clock and terminal";
    COMPLETIONS = "Schrijf aanvullingen voor een shell" / "Write completions for a shell";
    MANUAL = "Schrijf de handleidingen (man) in een map" / "Write the manual pages into a directory";
    DEMO = "Bouw een verzonnen wereld en open die" / "Build a made-up world and open it";
}

/// What a noun is for.
pub const fn noun(kind: Kind) -> &'static Message {
    match kind {
        Kind::Registration => &REGISTRATION,
        Kind::Organisation => &ORGANISATION,
        Kind::Account => &ACCOUNT,
        Kind::Agreement | Kind::Acceptance => &AGREEMENT,
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

/// What an action is for.
pub const fn act(act: Act) -> &'static Message {
    match act {
        Act::RegistrationSetUp => &REGISTRATION_SET_UP,
        Act::RegistrationComplete => &REGISTRATION_COMPLETE,
        Act::RegistrationReject => &REGISTRATION_REJECT,
        Act::RegistrationWithdraw => &REGISTRATION_WITHDRAW,
        Act::OrganisationEdit => &ORGANISATION_EDIT,
        Act::OrganisationSuspend => &ORGANISATION_SUSPEND,
        Act::OrganisationResume => &ORGANISATION_RESUME,
        Act::OrganisationEnd => &ORGANISATION_END,
        Act::OrganisationMessage => &ORGANISATION_MESSAGE,
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
