//! What was done, as the audit names it: `registration.complete` reads "aanmelding afgerond".

use super::Message;

crate::messages! {
    REGISTRATION_IMPORT = "aanmelding ontvangen" / "registration received";
    REGISTRATION_SET_UP = "inrichting bewaard" / "set-up saved";
    REGISTRATION_COMPLETE = "inrichting afgerond" / "set-up completed";
    REGISTRATION_REJECT = "aanmelding afgewezen" / "registration rejected";
    REGISTRATION_WITHDRAW = "aanmelding ingetrokken" / "registration withdrawn";
    REGISTRATION_VIEW = "aanmelding bekeken" / "registration viewed";
    ORGANISATION_CREATE = "zorgaanbieder aangemaakt" / "organisation made";
    ORGANISATION_EDIT = "gegevens gewijzigd" / "data changed";
    ORGANISATION_SUSPEND = "opgeschort" / "suspended";
    ORGANISATION_RESUME = "opschorting opgeheven" / "resumed";
    ORGANISATION_END = "beëindigd" / "ended";
    ORGANISATION_MESSAGE = "bericht gestuurd" / "message sent";
    ORGANISATION_IMPORT_MARKS = "keurmerken ingelezen" / "quality marks imported";
    ORGANISATION_VIEW = "zorgaanbieder bekeken" / "organisation viewed";
    CONNECTION_REQUEST = "koppeling aangevraagd" / "connection requested";
    CONNECTION_ISSUE = "handshake verstuurd" / "handshake sent";
    CONNECTION_TEST = "testrun begonnen" / "test run begun";
    CONNECTION_GO_LIVE = "koppeling live" / "connection live";
    CONNECTION_SUSPEND = "koppeling opgeschort" / "connection suspended";
    CONNECTION_REVOKE = "koppeling vervallen" / "connection revoked";
    CONNECTION_CHANGE = "koppeling gewijzigd" / "connection changed";
    CONNECTION_RESUME = "koppeling hervat" / "connection resumed";
    CONNECTION_LET_GO = "handshake verlopen" / "handshake expired";
    LICENCE_COLLECT = "licentiecode opgehaald" / "licence code collected";
    LICENCE_REVEAL = "licentiecode getoond" / "licence code shown";
    LICENCE_MAKE = "licentiecode gemaakt" / "licence code made";
    LICENCE_ROTATE = "vervanging uitgegeven" / "rotation issued";
    LICENCE_REPLACE = "licentiecode vervangen" / "licence code replaced";
    LICENCE_REVOKE = "licentiecode ingetrokken" / "licence code revoked";
    LICENCE_EXPIRE = "licentiecode verlopen" / "licence code expired";
    LICENCE_REMIND = "aan einde herinnerd" / "reminded of its end";
    VENDOR_ADD = "leverancier toegevoegd" / "vendor added";
    VENDOR_CHANGE = "leverancier gewijzigd" / "vendor changed";
    VENDOR_INFORM = "specificatie gemaild" / "specification mailed";
    VENDOR_PASS = "leverancier geslaagd" / "vendor passed";
    VENDOR_VIEW = "leverancier bekeken" / "vendor viewed";
    TEST_RUN_PLAN = "testrun gepland" / "test run planned";
    TEST_RUN_RECEIVE = "testbestand ontvangen" / "test file received";
    TEST_RUN_PASS = "testbestand valide" / "test file valid";
    TEST_RUN_REFUSE = "testbestand niet valide" / "test file invalid";
    TEST_RUN_APPROVE = "testrun goedgekeurd" / "test run approved";
    TEST_RUN_REJECT = "testrun afgekeurd" / "test run rejected";
    TEST_RUN_LAPSE = "testrun niet meer nodig" / "test run not needed any more";
    ACCOUNT_INVITE = "gebruiker uitgenodigd" / "user invited";
    ACCOUNT_ACTIVATE = "account geactiveerd" / "account activated";
    ACCOUNT_RESEND = "opnieuw uitgenodigd" / "invited again";
    ACCOUNT_ROLES = "rollen gewijzigd" / "roles changed";
    ACCOUNT_LOCK = "account geblokkeerd" / "account locked";
    ACCOUNT_UNLOCK = "blokkade opgeheven" / "account unlocked";
    ACCOUNT_DISABLE = "account uitgeschakeld" / "account disabled";
    ACCOUNT_EXPIRE = "uitnodiging verlopen" / "invitation expired";
    ACCOUNT_VIEW = "account bekeken" / "account viewed";
    ACCOUNT_SEARCH = "accounts gezocht" / "accounts searched";
    AGREEMENT_ADD = "overeenkomst toegevoegd" / "agreement added";
    AGREEMENT_PUBLISH = "overeenkomst gepubliceerd" / "agreement published";
    AGREEMENT_SUPERSEDE = "overeenkomst vervangen" / "agreement superseded";
    AGREEMENT_RECORD_ACCEPTANCE = "akkoord vastgelegd" / "acceptance recorded";
    ACCEPTANCE_OPEN = "akkoord gevraagd" / "acceptance asked";
    ACCEPTANCE_REMIND = "herinnerd" / "reminded";
    ACCEPTANCE_SUPERSEDE = "akkoord vervangen" / "acceptance superseded";
    ACCEPTANCE_TERMINATE = "akkoord beëindigd" / "acceptance ended";
    SUBMISSION_ADD = "aanlevering ontvangen" / "submission received";
    SUBMISSION_VALIDATE = "controle begonnen" / "validation begun";
    SUBMISSION_PROCESS = "aanlevering verwerkt" / "submission processed";
    SUBMISSION_FAIL = "verwerking mislukt" / "processing failed";
    SUBMISSION_SUPERSEDE = "aanlevering vervangen" / "submission superseded";
    SUBMISSION_WITHDRAW = "aanlevering ingetrokken" / "submission withdrawn";
    SUBMISSION_HOLD = "aanlevering vastgehouden" / "submission held";
    SUBMISSION_RETRY = "opnieuw geprobeerd" / "tried again";
    SUBMISSION_REJECT = "aanlevering afgewezen" / "submission rejected";
    SUBMISSION_CLAIM = "in behandeling genomen" / "taken in hand";
    SUBMISSION_RELEASE = "losgelaten" / "let go";
    SUBMISSION_NOTE = "notitie toegevoegd" / "note added";
    SUBMISSION_MESSAGE = "zorgaanbieder gemaild" / "organisation mailed";
    SUBMISSION_VIEW = "aanlevering bekeken" / "submission viewed";
    SUBMISSION_REPORT = "verslag geschreven" / "report written";
    CAUSE_RETRY = "oorzaak opnieuw geprobeerd" / "cause tried again";
    CAUSE_REJECT = "oorzaak afgewezen" / "cause rejected";
    CAUSE_CLAIM = "oorzaak in behandeling genomen" / "cause taken in hand";
    CAUSE_MAIL = "leverancier gemaild" / "vendor mailed";
    JOB_RETRY = "taak opnieuw uitgevoerd" / "job run again";
    JOB_CANCEL = "taak gestopt" / "job ended";
    SUBMISSION_SEND_ON = "aanlevering doorgestuurd" / "submission sent on";
    SUBMISSION_REMOVE_FILE = "bestand verwijderd" / "file removed";
    ORGANISATION_ERASE = "gegevens na termijn verwijderd" / "data removed after the term";
    CLIENT_ERASE = "cliënt verwijderd" / "client erased";
    OBLIGATION_BEGIN = "aanleverplicht begonnen" / "obligation begun";
    OBLIGATION_ASSESS = "aanleverplicht beoordeeld" / "obligation assessed";
    OBLIGATION_REMIND = "aan aanlevering herinnerd" / "reminded of a delivery";
    MAIL_RESEND = "mail opnieuw verstuurd" / "mail sent again";
    MAIL_CANCEL = "mail geannuleerd" / "mail cancelled";
    MAIL_UNDO = "mail teruggehaald" / "mail taken back";
    MAIL_BOUNCE = "mail teruggekomen" / "mail returned";
    MAIL_TEST = "testmail gestuurd" / "test mail sent";
    MAIL_VIEW = "mail bekeken" / "mail viewed";
    MAIL_SEARCH = "mail doorzocht" / "mail searched";
    OPERATOR_ADD = "medewerker toegevoegd" / "operator added";
    OPERATOR_CHANGE = "medewerker gewijzigd" / "operator changed";
    OPERATOR_REMOVE = "medewerker verwijderd" / "operator removed";
    OPERATOR_SIGN_IN = "aangemeld" / "signed in";
    AUDIT_VERIFY = "logboek gecontroleerd" / "audit verified";
    AUDIT_ANCHOR = "logboek verankerd" / "audit anchored";
    AUDIT_EXPORT = "logboek geëxporteerd" / "audit exported";
}

/// The message for an audit action; `None` for one that has none.
pub fn of(action: &str) -> Option<&'static Message> {
    let named = |m: &&Message| {
        let marks = |c: char| if c == '.' || c == '-' { '_' } else { c };
        let wanted = action.chars().map(marks).map(|c| c.to_ascii_uppercase());
        m.key.chars().eq(wanted)
    };
    ALL.iter().copied().find(|m| named(m))
}
