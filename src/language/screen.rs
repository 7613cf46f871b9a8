//! Titles of screens, lists and tabs, what an empty list says, the lines of Overzicht and of the checklist.

crate::messages! {
    OVERVIEW = "Overzicht" / "Overview";
    REGISTRATIONS = "Aanmeldingen" / "Registrations";
    ORGANISATIONS = "Zorgaanbieders" / "Organisations";
    ACCOUNTS = "Accounts" / "Accounts";
    AGREEMENTS = "Overeenkomsten" / "Agreements";
    ACCEPTANCES = "Akkoorden" / "Acceptances";
    VERSIONS = "Versies" / "Versions";
    CONNECTIONS = "Koppelingen" / "Connections";
    VENDORS = "Leveranciers" / "Vendors";
    LICENCES = "Licentiecodes" / "Licence codes";
    TEST_RUNS = "Testruns" / "Test runs";
    SUBMISSIONS = "Aanleveringen" / "Submissions";
    MAILS = "Mail" / "Mail";
    LOG = "Logboek" / "Audit";
    SYSTEM = "Systeem" / "System";
    JOBS = "Taken" / "Jobs";
    WORKERS = "Workers" / "Workers";
    BULK_RUNS = "Bulkacties" / "Bulk runs";
    OPERATORS = "Medewerkers" / "Operators";
    SETTINGS = "Instellingen" / "Settings";

    NO_WAITING = "Er wacht niets. Alles is bijgewerkt." / "Nothing is waiting. All is up to date.";
    NO_REGISTRATIONS = "Nog geen aanmeldingen. Ze komen binnen via de website of met: portaal registration import BESTAND" / "No registrations yet. They arrive from the website or by: portaal registration import FILE";
    NO_ORGANISATIONS = "Nog geen zorgaanbieders. Ze ontstaan als een aanmelding wordt afgerond." / "No organisations yet. They are made when a registration is completed.";
    NO_ACCOUNTS = "Nog geen accounts. Nodig iemand uit, of rond een aanmelding af." / "No accounts yet. Invite somebody, or complete a registration.";
    NO_AGREEMENTS = "Nog geen overeenkomst. Zet er een klaar met: portaal agreement publish" / "No agreement yet. Add one with: portaal agreement publish";
    NO_ACCEPTANCES = "Nog niets te accorderen: geen gepubliceerde overeenkomst of geen actieve zorgaanbieder." / "Nothing to accept yet: no published agreement or no active organisation.";
    NO_CONNECTIONS = "Nog geen koppelingen. Ze ontstaan bij een afgeronde aanmelding of met: portaal connection request" / "No connections yet. They come with a completed registration or by: portaal connection request";
    NO_VENDORS = "Nog geen leveranciers. Voeg er een toe met: portaal vendor add" / "No vendors yet. Add one with: portaal vendor add";
    NO_LICENCES = "Nog geen licentiecodes. Ze ontstaan als een handshake wordt opgehaald." / "No licence codes yet. They are made when a handshake is collected.";
    NO_TEST_RUNS = "Geen testruns. Alleen een leverancier die nieuw is doet er een." / "No test runs. Only a vendor that is new does one.";
    NO_TEST_FILE = "Er is nog geen testbestand binnen." / "No test file came in yet.";
    NO_SPECIFICATIONS = "Nog geen specificatie gemaild." / "No specification sent yet.";
    NO_SUBMISSIONS = "Nog geen aanleveringen." / "No submissions yet.";
    CAUSES = "Oorzaken" / "Causes";
    OBLIGATIONS = "Leveringsplicht" / "Obligations";
    NO_CAUSES = "Niets staat stil: geen aanlevering wacht op iemand. Tab: alle aanleveringen." / "Nothing stands still: no submission waits for anybody. Tab: all submissions.";
    NO_OBLIGATIONS = "Nog niemand hoeft te leveren. Een plicht ontstaat bij een geldig akkoord; de worker houdt ze bij." / "Nobody owes a delivery yet. An obligation comes of a valid acceptance; the worker keeps them.";
    NO_MEMBERS = "Geen open aanleveringen meer." / "No open submissions any more.";
    NO_NOTES = "Nog geen notities. Voeg er een toe met x." / "No notes yet. Add one with x.";
    NO_MAILS = "Nog geen mail." / "No mail yet.";
    NO_LOG = "Nog niets in het logboek." / "Nothing in the audit yet.";
    NO_JOBS = "Geen taken in de wachtrij." / "No jobs on the queue.";
    NO_WORKERS = "Er heeft nog geen worker gedraaid. Start er een met: portaal worker" / "No worker has run yet. Start one with: portaal worker";
    NO_BULK_RUNS = "Nog geen bulkacties." / "No bulk runs yet.";
    NO_OPERATORS = "Nog geen medewerkers. Voeg de eerste toe met: portaal operator add" / "No operators yet. Add the first with: portaal operator add";
    NO_SETTINGS = "Geen instellingen." / "No settings.";
    NO_FINDINGS = "Geen bevindingen." / "No findings.";
    NO_RUNNING = "Niets onder handen." / "Nothing in hand.";
    NO_ATTEMPTS = "Nog geen poging gedaan." / "No attempt yet.";
    NO_RESENDS = "Niet opnieuw verstuurd." / "Not sent again.";
    NO_INVITATIONS = "Geen uitnodigingen." / "No invitations.";
    NO_USERS = "Geen gebruikers opgegeven." / "No users requested.";
    NO_MARKS = "Geen keurmerk bekend." / "No quality mark known.";
    NO_ITEMS = "Geen rijen." / "No rows.";

    TAB_NOW = "Wat nu" / "What now";
    TAB_REPORT = "Verslag" / "Report";
    TAB_NOTES = "Notities" / "Notes";
    TAB_MEMBERS = "Aanleveringen" / "Submissions";
    TAB_GENERAL = "Algemeen" / "General";
    TAB_CHECKLIST = "Inrichting" / "Set-up";
    TAB_USERS = "Gebruikers" / "Users";
    TAB_TIMELINE = "Tijdlijn" / "Timeline";
    TAB_INVITATIONS = "Uitnodigingen" / "Invitations";
    TAB_FINDINGS = "Bevindingen" / "Findings";
    TAB_ATTEMPTS = "Pogingen" / "Attempts";
    TAB_PREVIEW = "Bericht" / "Message";
    TAB_RESENDS = "Herhalingen" / "Resends";
    TAB_HANDSHAKE = "Handshake" / "Handshake";
    TAB_SPECIFICATIONS = "Specificaties" / "Specifications";
    TAB_FILE = "Testbestand" / "Test file";
    TAB_ITEMS = "Rijen" / "Rows";
    TAB_MARKS = "Keurmerken" / "Quality marks";
    TAB_DETAIL = "Bijzonderheden" / "Detail";
    TAB_CHAIN = "Keten" / "Chain";
    TAB_BULK = "Verloop" / "Progress";

    WAIT_REGISTRATIONS = "Aanmeldingen om in te richten" / "Registrations to set up";
    WAIT_SETUP = "Aanmeldingen in inrichting" / "Registrations being set up";
    WAIT_ACCOUNTS = "Verlopen uitnodigingen" / "Expired invitations";
    WAIT_SIGNATORY = "Geen actieve tekenbevoegde" / "No active signatory";
    WAIT_READER = "Niemand om statusmail aan te sturen" / "Nobody to send status mail to";
    WAIT_ACCEPTANCES = "VWO nog te accorderen" / "Agreement yet to be accepted";
    WAIT_CONNECTIONS = "Koppelingen om uit te geven" / "Connections to issue";
    WAIT_UNCOLLECTED = "Handshakes niet opgehaald, verlopen" / "Handshakes not collected, expired";
    WAIT_TEST_RUNS = "Testruns om te beoordelen" / "Test runs to judge";
    WAIT_HELD = "Vastgehouden aanleveringen" / "Held submissions";
    WAIT_FAILED = "Mislukte aanleveringen" / "Failed submissions";
    WAIT_MAIL_FAILED = "Mislukte mail" / "Failed mail";
    WAIT_MAIL_UNKNOWN = "Mail met onzekere afloop" / "Mail with an unknown end";
    WAIT_MAIL_BOUNCED = "Teruggekomen mail" / "Returned mail";
    WAIT_CAUSES = "Nieuwe oorzaken sinds gisteren" / "New causes since yesterday";
    WAIT_OBLIGATIONS = "Te laat met aanleveren" / "Overdue with delivering";
    WAIT_LICENCES = "Licentiecodes die aflopen" / "Licence codes that end soon";
    STANDS_STILL = "Staat stil: {name}" / "Stands still: {name}";
    TODAY = "{count} vandaag" / "{count} today";
    WAIT_JOBS = "Vastgelopen taken" / "Held jobs";
    TREND_SUBMISSIONS = "Aanleveringen" / "Deliveries";
    TREND_FAILED = "Mislukt of niet valide" / "Failed or invalid";
    TREND_MAIL = "Mail verstuurd" / "Mail sent";
    HEALTH_WORKER = "Worker {name}" / "Worker {name}";
    HEALTH_NO_WORKER = "Geen worker: mail en bulk wachten" / "No worker: mail and bulk wait";
    HEALTH_DATABASE = "Database {name}" / "Database {name}";
    ON_LINE = "Online: {name}" / "On line: {name}";

    WHO_SUPPORT = "support" / "support";
    WHO_ON_CALL = "piketdienst" / "on call";
    WHO_ADMINISTRATOR = "administrator" / "administrator";
    WHO_SIGNATORY = "tekenbevoegde" / "signatory";
    WHO_USER = "gebruiker, support" / "user, support";
    WHO_ORGANISATION = "keurmerkdrager" / "organisation";
    WHO_VENDOR = "leverancier" / "vendor";

    CHECK_GENERAL = "Algemene gegevens compleet" / "General information complete";
    CHECK_SIGNATORY = "Tekenbevoegde opgegeven" / "Signatory named";
    CHECK_ROUTE = "Route gekozen" / "Route chosen";
    CHECK_VENDOR = "Leverancier bekend" / "Vendor known";
    CHECK_COMPLETED = "Inrichting afgerond" / "Set-up completed";
    CHECK_CONFIRMED = "Bevestigingen verstuurd" / "Confirmations sent";
    CHECK_ACCOUNTS = "Tekenbevoegde heeft account geactiveerd" / "Signatory activated the account";
    CHECK_AGREEMENT = "Verwerkersovereenkomst geaccordeerd" / "Processing agreement accepted";
    CHECK_CONNECTION = "Koppeling live" / "Connection live";
    CHECK_DELIVERED = "Eerste aanlevering ontvangen" / "First delivery received";
    MUST_ACT = "aan zet: {who}" / "to act: {who}";
    MISSING_FIELDS = "aan zet: {who}; ontbreekt of klopt niet: {list}" / "to act: {who}; missing or wrong: {list}";
    UNKNOWN_VENDOR = "'{name}' staat niet in het leveranciersregister" / "'{name}' is not in the vendor register";
    NOT_NEEDED = "niet nodig bij handmatig aanleveren" / "not needed for manual delivery";
    REFUSED_REGISTRATION = "Deze aanmelding is gesloten." / "This registration is closed.";
    NO_PREVIEW = "Het bericht kan niet getoond worden." / "The message cannot be shown.";
    SECRET_LEFT_OUT = "Geheime codes staan hier als •••; alleen de ontvanger krijgt ze." / "Secret codes show as •••; only the recipient gets them.";
}

/// The title of a screen by its English name in the palette.
pub fn named(name: &str) -> Option<&'static super::Message> {
    match name {
        "overview" => Some(&OVERVIEW),
        "registrations" => Some(&REGISTRATIONS),
        "organisations" => Some(&ORGANISATIONS),
        "accounts" => Some(&ACCOUNTS),
        "agreements" => Some(&AGREEMENTS),
        "connections" => Some(&CONNECTIONS),
        "submissions" => Some(&SUBMISSIONS),
        "mails" => Some(&MAILS),
        "audit" => Some(&LOG),
        "system" => Some(&SYSTEM),
        _ => None,
    }
}
