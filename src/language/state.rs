//! Labels of states, roles, kinds and other codes.

use super::{Language, Message};
use crate::domain::extract::OUTGOING;
use crate::domain::kind::Kind;

crate::messages! {
    RECEIVED = "ontvangen" / "received";
    READ_IN = "ingelezen" / "received";
    IN_SETUP = "in inrichting" / "being set up";
    COMPLETED = "afgerond" / "completed";
    REJECTED = "afgewezen" / "rejected";
    WITHDRAWN = "ingetrokken" / "withdrawn";
    ACTIVE = "actief" / "active";
    SUSPENDED = "opgeschort" / "suspended";
    ENDED = "beëindigd" / "ended";
    INVITED = "uitgenodigd" / "invited";
    EXPIRED = "verlopen" / "expired";
    EXPIRING = "loopt af" / "expiring";
    LOCKED = "geblokkeerd" / "locked";
    DISABLED = "uitgeschakeld" / "disabled";
    DRAFT = "concept" / "draft";
    PUBLISHED = "gepubliceerd" / "published";
    SUPERSEDED = "vervangen" / "superseded";
    PENDING = "wacht op akkoord" / "pending";
    ACCEPTED = "geaccordeerd" / "accepted";
    TERMINATED = "beëindigd" / "terminated";
    REQUESTED = "aangevraagd" / "requested";
    ISSUED = "handshake verstuurd" / "issued";
    TESTING = "in testrun" / "testing";
    LIVE = "live" / "live";
    TURN_YOU = "u" / "you";
    TURN_OTHERS = "anderen" / "others";
    TURN_YOURS = "een ander, voor u" / "another, for you";
    TURN_WORKER = "worker" / "worker";
    FIGURE_SHOWN = "getoond" / "shown";
    FIGURE_PRIMARY = "onderdrukt" / "suppressed";
    FIGURE_SECONDARY = "dekt een ander" / "shields another";
    FIGURE_TOTAL = "Totaal" / "Total";
    FIGURE_POOL = "Kleine aanbieders" / "Small holders";
    RESPONSE_COMPLETER = "voor- en nameting" / "before and after";
    RESPONSE_DROPOUT = "alleen voormeting" / "before only";
    RESPONSE_NON_STARTER = "alleen nameting" / "after only";
    RESPONSE_NON_RESPONDER = "geen meting" / "no measurement";
    LEAK_COUNT = "aantal" / "count";
    LEAK_IMPROVED = "aantal verbeterd" / "number improved";
    LEAK_MEAN = "gemiddelde" / "mean";
    RULE_SMALL = "te klein" / "too small";
    RULE_ZERO = "nul" / "zero";
    RULE_COMPLEMENT = "rest te klein" / "rest too small";
    RULE_GROUP = "bijna allen" / "nearly all";
    RULE_CONTRIBUTORS = "te weinig aanbieders" / "too few holders";
    RULE_DOMINANCE = "te groot aandeel" / "too large a share";
    RULE_CHANGE = "te kleine wijziging" / "too small a change";
    RULE_SUMS = "gemiddelde herleidbaar" / "mean can be traced";
    REVOKED = "vervallen" / "revoked";
    PLANNED = "gepland" / "planned";
    LAPSED = "niet meer nodig" / "not needed";
    APPROVED = "goedgekeurd" / "approved";
    ON_TRACK = "op schema" / "on track";
    DUE = "binnenkort" / "due";
    OVERDUE = "te laat" / "overdue";
    HELD = "vastgehouden" / "held";
    VALIDATING = "wordt gecontroleerd" / "validating";
    VALID = "valide" / "valid";
    VALID_WITH_REMARKS = "valide, opmerkingen" / "valid, remarks";
    INVALID = "niet valide" / "invalid";
    PROCESSED = "verwerkt" / "processed";
    FAILED = "mislukt" / "failed";
    QUEUED = "in wachtrij" / "queued";
    SENDING = "wordt verstuurd" / "sending";
    SENT = "verstuurd" / "sent";
    DEFERRED = "uitgesteld" / "deferred";
    UNKNOWN = "onzeker" / "unknown";
    CANCELLED = "geannuleerd" / "cancelled";
    BOUNCED = "teruggekomen" / "bounced";
    AVAILABLE = "klaar om te starten" / "available";
    RUNNING = "bezig" / "running";
    DONE = "gelukt" / "done";
    SNOOZED = "later opnieuw" / "snoozed";
    RESCUED = "overgenomen" / "rescued";
    REMOVED = "verwijderd" / "removed";
    REFUSED = "geweigerd" / "refused";
    NO_ACCEPTANCE = "geen geldig akkoord" / "no valid acceptance";
    TECHNICAL = "technische storing" / "technical failure";
    SIGNATORY = "tekenbevoegde" / "signatory";
    SUBMITTER = "aanleveraar" / "submitter";
    MANAGER = "beheerder" / "manager";
    READER = "lezer" / "reader";
    SUPPORT = "support" / "support";
    ON_CALL = "piketdienst" / "on call";
    RELEASE_MANAGER = "vrijgever" / "release manager";
    ADMINISTRATOR = "administrator" / "administrator";
    AUDITOR = "auditor" / "auditor";
    AUTOMATIC = "automatisch" / "automatic";
    MANUAL = "handmatig" / "manual";
    ROM = "ROM-leverancier" / "ROM vendor";
    EPD = "EPD-leverancier" / "EHR vendor";
    OWN_APPLICATION = "eigen applicatie" / "own application";
    BASIS_GGZ = "Keurmerk Basis GGZ" / "Basis GGZ quality mark";
    SETUP_CONFIRMATION = "bevestiging inrichting" / "confirmation of set-up";
    SETUP_NOTICE = "bericht aan KiBG" / "notice to KiBG";
    ACCOUNT_INVITATION = "uitnodiging account" / "account invitation";
    AGREEMENT_PENDING = "verzoek akkoord VWO" / "agreement pending";
    AGREEMENT_ACCEPTED = "VWO geaccordeerd" / "agreement accepted";
    REGISTRATION_REJECTED = "aanmelding afgewezen" / "registration rejected";
    REGISTRATION_WITHDRAWN = "aanmelding ingetrokken" / "registration withdrawn";
    CAUSE_NOTICE = "oorzaak gemeld" / "cause reported";
    BY_TECHNIQUE = "technisch" / "technical";
    NOT_ACCEPTED = "geen akkoord" / "not accepted";
    OPEN = "open" / "open";
    CLOSED = "opgelost" / "closed";
    DELIVERY_PROCESSED = "aanlevering verwerkt" / "delivery processed";
    DELIVERY_INVALID = "aanlevering niet valide" / "delivery invalid";
    DELIVERY_HELD = "aanlevering vastgehouden" / "delivery held";
    DELIVERY_REMINDER = "herinnering aanlevering" / "delivery reminder";
    SPECIFICATION_SENT = "interfacespecificatie" / "interface specification";
    HANDSHAKE_LINK = "handshake" / "handshake";
    TEST_RUN_PLANNED = "verzoek testrun" / "test run asked";
    TEST_RUN_REJECTED = "testrun afgekeurd" / "test run rejected";
    CONNECTION_LIVE = "koppeling live" / "connection live";
    CONNECTION_CHANGED = "koppeling gewijzigd" / "connection changed";
    LICENCE_ENDING = "licentiecode loopt af" / "licence code ends";
    LICENCE_REVOKED = "licentiecode ingetrokken" / "licence code revoked";
    EXTRACT_RELEASED = "levering klaar" / "extract ready";
    EXTRACT_RECALLED = "levering teruggetrokken" / "extract recalled";
    STATUS_MESSAGE = "statusbericht" / "status message";
    TEST_MESSAGE = "testbericht" / "test message";
    DATA_ROM = "ROM" / "ROM";
    DATA_CQI = "CQi" / "CQi";
    INTAKE = "automatisch" / "automatic";
    UPLOAD = "handmatig" / "manual";
    BY_OPERATOR = "via medewerker" / "by operator";
    INBOX = "map" / "folder";
    WAITING = "wacht" / "waiting";
    SKIPPED = "overgeslagen" / "skipped";
    SILENT = "zwijgt" / "silent";
    STOPPED = "gestopt" / "stopped";
    CONSOLE = "console" / "console";
    CLI = "opdrachtregel" / "command line";
    YES = "ja" / "yes";
    NO = "nee" / "no";
    DUTCH = "Nederlands" / "Dutch";
    ENGLISH = "Engels" / "English";
    JOB_MAIL = "mail versturen" / "send mail";
    JOB_BULK = "bulkactie" / "bulk action";
    JOB_SUBMISSION = "aanlevering verwerken" / "process submission";
    JOB_EXTRACT = "levering bouwen" / "build extract";
    JOB_OUTGOING = "levering klaarzetten" / "write extract";
    BUILT = "gebouwd" / "built";
    RELEASE_REQUESTED = "wacht op tweede persoon" / "waits for a second person";
    RELEASED = "vrijgegeven" / "released";
    RECALLED = "teruggetrokken" / "recalled";
    SAFE = "veilig" / "safe";
    NOT_SAFE = "herleidbaar" / "traceable";
    IN_ALONE = "op eigen naam" / "by its own name";
    IN_POOLED = "samengevoegd" / "counted together";
    IN_UNMARKED = "zonder keurmerk" / "without the quality mark";
    LEFT_NOTHING_DELIVERED = "niets geleverd" / "nothing delivered";
    SHEET_VOLUME = "volume" / "volume";
    SHEET_RESPONSE = "respons" / "response";
    SHEET_EFFECT = "effect" / "effect";
    SHEET_CQI = "cliëntervaring (CQi)" / "client experience (CQi)";
    SHEET_BENCHMARK = "benchmark" / "benchmark";
    SHEET_COVERAGE = "dekking" / "coverage";
    ATTACKER_OUTSIDER = "buitenstaander" / "outsider";
    ATTACKER_INSIDER = "zorgaanbieder zelf" / "care provider itself";
    ATTACKER_EARLIER = "ontvanger van eerdere" / "receiver of earlier ones";
    ATTACKER_SUMS = "gemiddelden en spreiding" / "means and spread";
    STAGE_COUNTING = "tellen" / "counting";
    STAGE_PUBLISHING = "kiezen wat gepubliceerd kan" / "choosing what can be published";
    STAGE_EXCHANGING = "verborgen cellen ruilen" / "exchanging hidden cells";
    STAGE_WITNESSES = "bewijzen zoeken" / "looking for proofs";
    STAGE_EXTENDING = "meer verbergen" / "hiding more";
    STAGE_RELIEVING = "teruggeven wat niet nodig blijkt" / "giving back what turns out unneeded";
    STAGE_ATTACKING = "aanvallen" / "attacking";
    BUILD_UNCOUNTABLE = "een rij kon niet worden geteld; zie het log van de worker" / "a row could not be counted; see the log of the worker";
    BUILD_CONTRADICTION = "de cijfers spreken elkaar tegen; zie het log van de worker" / "the figures contradict each other; see the log of the worker";
    BUILD_DEFINITION = "de definitie is niet te lezen" / "the definition cannot be read";
    BUILD_PERIOD = "de definitie kent deze periode niet" / "the definition does not know this period";
    STAGE_STORE = "opslaan" / "storing";
    SEVERITY_FILE = "bestand" / "file";
    SEVERITY_VALUE = "waarde genegeerd" / "value ignored";
    SEVERITY_MEASUREMENT = "meting genegeerd" / "measurement ignored";
    SEVERITY_REMARK = "opmerking" / "remark";
}

/// The label of a code; `kind` tells apart codes that read differently per kind. A code without a label shows as itself.
pub fn label(kind: Kind, code: &str, language: Language) -> String {
    lookup(kind, code).map_or_else(|| code.to_owned(), |m| m.text(language).to_owned())
}

/// Labels of codes separated by commas, such as roles.
pub fn labels(kind: Kind, codes: &str, language: Language) -> String {
    let all = codes.split(',').filter(|c| !c.is_empty());
    all.map(|code| label(kind, code, language))
        .collect::<Vec<_>>()
        .join(", ")
}

fn lookup(kind: Kind, code: &str) -> Option<&'static Message> {
    match (kind, code) {
        (Kind::Submission, "received") => Some(&READ_IN),
        (Kind::Submission | Kind::Connection, "rom") => Some(&DATA_ROM),
        (Kind::Submission | Kind::Connection, "cqi") => Some(&DATA_CQI),
        (Kind::TestRun, "received") => Some(&READ_IN),
        (Kind::Licence, "revoked") => Some(&WITHDRAWN),
        (Kind::Submission, "operator") => Some(&BY_OPERATOR),
        (Kind::Cause, code) if code.starts_with("technical:") => Some(&BY_TECHNIQUE),
        (Kind::Cause, "vendor") => Some(super::kind::message(Kind::Vendor)),
        (Kind::Cause, "no_acceptance") => Some(&NOT_ACCEPTED),
        (Kind::Bulk, "waiting") => Some(&WAITING),
        (Kind::Audit, code) if code.contains('.') => super::deed::of(code),
        (Kind::Audit, code) if code.parse::<Kind>().is_ok() => {
            code.parse().ok().map(super::kind::message)
        }
        (Kind::Extract, "requested") => Some(&RELEASE_REQUESTED),
        (Kind::Extract, "open") => Some(&NOT_SAFE),
        (Kind::Extract, "alone") => Some(&IN_ALONE),
        (Kind::Extract, "pooled") => Some(&IN_POOLED),
        (Kind::Extract, "unmarked") => Some(&IN_UNMARKED),
        (Kind::Extract, "nothing_delivered") => Some(&LEFT_NOTHING_DELIVERED),
        (Kind::Extract, "volume") => Some(&SHEET_VOLUME),
        (Kind::Extract, "response") => Some(&SHEET_RESPONSE),
        (Kind::Extract, "effect") => Some(&SHEET_EFFECT),
        (Kind::Extract, "cqi") => Some(&SHEET_CQI),
        (Kind::Extract, "benchmark") => Some(&SHEET_BENCHMARK),
        (Kind::Extract, "coverage") => Some(&SHEET_COVERAGE),
        (Kind::Extract, "outsider") => Some(&ATTACKER_OUTSIDER),
        (Kind::Extract, "insider") => Some(&ATTACKER_INSIDER),
        (Kind::Extract, "earlier") => Some(&ATTACKER_EARLIER),
        (Kind::Extract, "sums") => Some(&ATTACKER_SUMS),
        (Kind::Extract, "counting") => Some(&STAGE_COUNTING),
        (Kind::Extract, "publishing") => Some(&STAGE_PUBLISHING),
        (Kind::Extract, "exchanging") => Some(&STAGE_EXCHANGING),
        (Kind::Extract, "witnesses") => Some(&STAGE_WITNESSES),
        (Kind::Extract, "extending") => Some(&STAGE_EXTENDING),
        (Kind::Extract, "relieving") => Some(&STAGE_RELIEVING),
        (Kind::Extract, "attacking") => Some(&STAGE_ATTACKING),
        (Kind::Extract, "store") => Some(&STAGE_STORE),
        (Kind::Extract, "uncountable") => Some(&BUILD_UNCOUNTABLE),
        (Kind::Extract, "contradiction") => Some(&BUILD_CONTRADICTION),
        (Kind::Extract, "definition") => Some(&BUILD_DEFINITION),
        (Kind::Extract, "period") => Some(&BUILD_PERIOD),
        (Kind::Extract, "you") => Some(&TURN_YOU),
        (Kind::Extract, "others") => Some(&TURN_OTHERS),
        (Kind::Extract, "yours") => Some(&TURN_YOURS),
        (Kind::Extract, "worker") => Some(&TURN_WORKER),
        (Kind::Figure, "s") => Some(&FIGURE_SHOWN),
        (Kind::Figure, "u") => Some(&FIGURE_PRIMARY),
        (Kind::Figure, "x") => Some(&FIGURE_SECONDARY),
        (Kind::Figure, "Total") => Some(&FIGURE_TOTAL),
        (Kind::Figure, "kleine-aanbieders") => Some(&FIGURE_POOL),
        (Kind::Figure, "completer") => Some(&RESPONSE_COMPLETER),
        (Kind::Figure, "dropout") => Some(&RESPONSE_DROPOUT),
        (Kind::Figure, "non_starter") => Some(&RESPONSE_NON_STARTER),
        (Kind::Figure, "non_responder") => Some(&RESPONSE_NON_RESPONDER),
        (Kind::Figure, "count") => Some(&LEAK_COUNT),
        (Kind::Figure, "improved") => Some(&LEAK_IMPROVED),
        (Kind::Figure, "mean") => Some(&LEAK_MEAN),
        (Kind::Figure, "small") => Some(&RULE_SMALL),
        (Kind::Figure, "zero") => Some(&RULE_ZERO),
        (Kind::Figure, "complement") => Some(&RULE_COMPLEMENT),
        (Kind::Figure, "group") => Some(&RULE_GROUP),
        (Kind::Figure, "contributors") => Some(&RULE_CONTRIBUTORS),
        (Kind::Figure, "dominance") => Some(&RULE_DOMINANCE),
        (Kind::Figure, "change") => Some(&RULE_CHANGE),
        (Kind::Figure, "sums") => Some(&RULE_SUMS),
        (Kind::Job, code) if code.starts_with(OUTGOING) => super::outgoing::what(code),
        (Kind::Job, "extract") => Some(&JOB_EXTRACT),
        (Kind::Job, "outgoing") => Some(&JOB_OUTGOING),
        (Kind::Job, "mail") => Some(&JOB_MAIL),
        (Kind::Job, "bulk") => Some(&JOB_BULK),
        (Kind::Job, "submission") => Some(&JOB_SUBMISSION),
        (_, "nl") => Some(&DUTCH),
        (_, "en") => Some(&ENGLISH),
        (_, "file") => Some(&SEVERITY_FILE),
        (_, "value") => Some(&SEVERITY_VALUE),
        (_, "measurement") => Some(&SEVERITY_MEASUREMENT),
        (_, "remark") => Some(&SEVERITY_REMARK),
        (_, code) => ALL
            .iter()
            .copied()
            .find(|m| m.key.eq_ignore_ascii_case(code)),
    }
}
