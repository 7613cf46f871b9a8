//! Why deliveries stand still, in words: what it is called, what it means and what must be done. Findings have their own words.

use super::finding::finding;
use super::{Language, Message};
use crate::domain::cause::{Party, TECHNICAL, party};

crate::messages! {
    NO_ACCEPTANCE = "Geen geldig akkoord op de verwerkersovereenkomst." / "No valid acceptance of the processing agreement.";
    NO_ACCEPTANCE_ACTION = "Herinner de tekenbevoegde (Overeenkomsten). Na het akkoord gaat de aanlevering vanzelf verder." / "Remind the signatory (Agreements). After the acceptance the submission goes on by itself.";
    TECHNICAL_FAILURE = "Technische storing bij het verwerken." / "Technical failure while processing.";
    TECHNICAL_KIND = "Technische storing ({kind})." / "Technical failure ({kind}).";
    TECHNICAL_ACTION = "Kijk bij Pogingen wat er misging. Is het verholpen, probeer dan opnieuw (x)." / "Look at Attempts for what went wrong. Once mended, try again (x).";
    NO_SUCH_FILE = "Het bewaarde bestand is niet te lezen." / "The kept file cannot be read.";
    NO_SUCH_FILE_ACTION = "Controleer de bestandenmap en haar schijf; probeer daarna opnieuw (x)." / "Check the directory of files and its disk; then try again (x).";
    FILE_CHANGED = "Het bewaarde bestand is niet meer wat het bij ontvangst was." / "The kept file is no longer what it was when received.";
    FILE_CHANGED_ACTION = "Niet opnieuw proberen. Meld het als incident en vraag een nieuwe aanlevering." / "Do not try again. Report it as an incident and ask for a new submission.";
    DATABASE = "De database was niet bereikbaar of werkte niet mee." / "The database could not be reached or did not cooperate.";
    DATABASE_ACTION = "De wachtrij probeert het vanzelf opnieuw. Houdt het aan: portaal doctor." / "The queue tries again by itself. If it lasts: portaal doctor.";
    INTERNAL = "Een fout in het programma zelf." / "A fault of the program itself.";
    INTERNAL_ACTION = "Probeer één aanlevering opnieuw (x). Gaat het weer mis, meld het met het logboek van de worker." / "Try one submission again (x). If it fails again, report it with the log of the worker.";
    DISK_FULL = "De schijf is vol." / "The disk is full.";
    DISK_FULL_ACTION = "Maak ruimte vrij en probeer daarna alles van deze oorzaak opnieuw (x)." / "Free space, then try everything of this cause again (x).";
    WORKER_LOST = "De worker viel tijdens de verwerking weg." / "The worker was lost while processing.";
    WORKER_LOST_ACTION = "Probeer één aanlevering opnieuw (x). Valt de worker weer weg, wijs haar dan af en meld het." / "Try one submission again (x). If the worker is lost again, reject it and report it.";
    UNKNOWN = "Het bestand is geweigerd." / "The file was refused.";

    WHO_SIGNATORY = "De tekenbevoegde van de zorgaanbieder; support herinnert." / "The signatory of the organisation; support reminds.";
    WHO_ON_CALL = "De piketdienst, nu." / "On call, now.";
    WHO_VENDOR = "De leverancier of de zorgaanbieder: een nieuw bestand aanleveren." / "The vendor or the organisation: deliver a new file.";
}

/// What a cause means, as one sentence.
pub fn what(code: &str, language: Language) -> String {
    if let Some(kind) = code.strip_prefix(TECHNICAL) {
        return match technical(kind) {
            Some((what, _)) => what.text(language).to_owned(),
            None if kind == "unknown" => TECHNICAL_FAILURE.text(language).to_owned(),
            None => TECHNICAL_KIND.with(language, &[("kind", kind)]),
        };
    }
    match code {
        "no_acceptance" => NO_ACCEPTANCE.text(language).to_owned(),
        "unknown" => UNKNOWN.text(language).to_owned(),
        rule => finding(rule).0.text(language).to_owned(),
    }
}

/// What a cause is called in a list: its sentence without the full stop, after its code where people know it by that.
pub fn name(code: &str, language: Language) -> String {
    let what = what(code, language);
    what.trim_end_matches('.').to_owned()
}

/// What must be done about a cause.
pub fn advice(code: &str) -> &'static Message {
    match (party(code), code.strip_prefix(TECHNICAL)) {
        (Party::Signatory, _) => &NO_ACCEPTANCE_ACTION,
        (Party::OnCall, kind) => kind
            .and_then(technical)
            .map_or(&TECHNICAL_ACTION, |(_, action)| action),
        (Party::Vendor, _) => finding(code).1,
    }
}

/// Who must act on a cause, as a sentence.
pub fn who(code: &str) -> &'static Message {
    match party(code) {
        Party::Signatory => &WHO_SIGNATORY,
        Party::OnCall => &WHO_ON_CALL,
        Party::Vendor => &WHO_VENDOR,
    }
}

fn technical(kind: &str) -> Option<(&'static Message, &'static Message)> {
    match kind {
        "file_missing" | "file_unreadable" => Some((&NO_SUCH_FILE, &NO_SUCH_FILE_ACTION)),
        "file_changed" => Some((&FILE_CHANGED, &FILE_CHANGED_ACTION)),
        "database" => Some((&DATABASE, &DATABASE_ACTION)),
        "internal" => Some((&INTERNAL, &INTERNAL_ACTION)),
        "disk_full" => Some((&DISK_FULL, &DISK_FULL_ACTION)),
        "worker_lost" => Some((&WORKER_LOST, &WORKER_LOST_ACTION)),
        _ => None,
    }
}
