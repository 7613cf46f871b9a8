//! What `delivery check` and `delivery sample` say beside the findings, whose sentences are in `finding`.

use super::{Language, Message};
use std::collections::BTreeMap;

crate::messages! {
    NOUN = "Bestanden controleren en voorbeelden maken, zonder database" / "Check files and make samples, without a database";
    CHECK = "Controleer bestanden zoals het portaal dat bij ontvangst doet" / "Check files as the portal does on receipt";
    SAMPLE = "Schrijf een verzonnen bestand, desgewenst met fouten" / "Write a made-up file, with faults when asked";
    FILES = "Bestanden; - voor stdin" / "Files; - for stdin";
    SPECIFICATION = "Specificatie en versie: {names}" / "Specification and version: {names}";
    AS_OF = "Dag van aanlevering, jjjj-mm-dd; anders vandaag" / "Day of delivery, yyyy-mm-dd; otherwise today";
    ROWS = "Aantal rijen" / "Number of rows";
    BROKEN = "Zoveel procent van de rijen krijgt een fout; de lijst van fouten komt ernaast" / "So many percent of the rows get a fault; the list of faults is written beside it";
    SEED = "Begingetal: hetzelfde getal geeft hetzelfde bestand" / "Seed: the same number gives the same file";
    TO = "Bestand om in te schrijven; anders stdout, met de lijst van fouten op stderr" / "File to write to; otherwise stdout, with the list of faults on stderr";
    BAD_AGB = "--organisation verwacht een AGB-code van 8 cijfers" / "--organisation takes an AGB code of 8 digits";
    BAD_DAY = "--as-of verwacht een datum jjjj-mm-dd" / "--as-of takes a date yyyy-mm-dd";
    NO_CSV = "Een controle wordt getoond als table of json" / "A check is shown as table or json";
    UNREADABLE = "bestand {number} ({name}) is niet te lezen: {detail}" / "file {number} ({name}) cannot be read: {detail}";
    COUNTED = "{rows} rijen, {accepted} metingen tellen, {ignored} niet, {bytes} bytes" / "{rows} rows, {accepted} measurements count, {ignored} do not, {bytes} bytes";
    READ_AS = "gelezen als" / "read as";
    NOTHING_DETECTED = "specificatie niet herkend" / "specification not recognised";
    CONTAINER = "verpakking" / "container";
    ENCODING = "tekenset" / "encoding";
    DELIMITER = "scheidingsteken" / "delimiter";
    DECIMAL = "decimaalteken" / "decimal sign";
    DATES = "datums" / "dates";
    TAB = "tab" / "tab";
    TO_DO = "Wat te doen:" / "What to do:";
}

/// How the form of a file was read, from what is stored by name: `rom-1 · tekenset utf-8 · scheidingsteken ;`.
pub fn read_as(detected: &BTreeMap<String, String>, language: Language) -> String {
    let named: [(&str, &Message); 5] = [
        ("container", &CONTAINER),
        ("encoding", &ENCODING),
        ("delimiter", &DELIMITER),
        ("decimal", &DECIMAL),
        ("date_format", &DATES),
    ];
    let labelled = named.iter().filter_map(|(name, label)| {
        let value = detected.get(*name)?;
        let value = if value == "\t" {
            TAB.text(language)
        } else {
            value
        };
        Some(format!("{} {value}", label.text(language)))
    });
    let specification = detected.get("specification").cloned();
    let parts: Vec<String> = specification.into_iter().chain(labelled).collect();
    parts.join(" · ")
}
