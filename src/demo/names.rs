//! Invented names, places and numbers. Nobody is behind them: addresses end in `.example`, telephone numbers have an area code
//! that does not exist, postcodes letters that are not given out, and registers have not reached the numbers.

use super::chance::Chance;
use crate::domain::text::fold;

const FIRST: &[&str] = &[
    "Anna", "Bram", "Carlijn", "Daan", "Eline", "Farid", "Gijs", "Hanneke", "Ilse", "Joris",
    "Karin", "Lotte", "Maarten", "Nadia", "Olaf", "Petra", "Quinten", "Roos", "Sander", "Tessa",
    "Umit", "Vera", "Wouter", "Yara", "Zoë", "Merel", "Jeroen", "Saskia", "Koen", "Femke",
    "Hassan", "Marloes", "Bas", "Noor", "Thijs", "Esra",
];

const LAST: &[&str] = &[
    "de Boer",
    "Jansen",
    "van den Berg",
    "Visser",
    "Smit",
    "Meijer",
    "Mulder",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
    "van Leeuwen",
    "Dekker",
    "Brouwer",
    "de Wit",
    "Dijkstra",
    "Smits",
    "de Graaf",
    "van der Meer",
    "Kok",
    "Jacobs",
    "van der Linden",
    "Vermeulen",
    "van den Heuvel",
    "Schouten",
    "van Beek",
    "Willems",
    "Hoekstra",
    "Koster",
    "Prins",
    "Yılmaz",
    "El Idrissi",
    "Blom",
    "Huisman",
    "Kuiper",
    "Postma",
    "Veenstra",
    "Groen",
    "Müller",
    "Franssen",
];

const PLACES: &[&str] = &[
    "Lindehof",
    "Berkenrode",
    "Waterlelie",
    "IJsselkring",
    "Zonneweide",
    "Duinzicht",
    "Rietland",
    "Vliethoeve",
    "Eikenburg",
    "Meerwijk",
    "Wilgenbos",
    "Korenveld",
    "Leeuwerik",
    "Zandoever",
    "Maasdal",
    "Heidebloem",
    "Kastanjehof",
    "Noorderlicht",
    "Zuidwester",
    "Waddenkant",
    "Morgenster",
    "Vuurtoren",
    "Kompas",
    "Ankerplaats",
    "Getijde",
    "Bronwater",
    "Veenrijk",
    "Ruimzicht",
    "Achterhoek",
    "Kersentuin",
    "Molenwiek",
    "Oeverzegge",
    "Parelmoer",
    "Regenboog",
    "Sterrenwacht",
    "Tulpenburg",
    "Uiterwaard",
    "Vlierbes",
    "Weidevogel",
    "Zilverspar",
    "Beukenlaan",
    "Dageraad",
    "Ekster",
    "Fonteyn",
    "Geuldal",
    "Havezate",
    "Iepenhof",
    "Jachthaven",
    "Klaproos",
    "Lavendel",
    "Merelhof",
    "Nachtegaal",
    "Ooievaar",
    "Populier",
    "Roerdomp",
    "Stroomdal",
    "Teunisbloem",
    "Valkenhorst",
    "Wijngaard",
    "Zwaluwnest",
    "Brug",
    "Kaap",
    "Landgoed",
    "Spiegelmeer",
    "Toermalijn",
    "Vennen",
];

const CITIES: &[&str] = &[
    "Zwolle",
    "Utrecht",
    "Groningen",
    "Eindhoven",
    "Arnhem",
    "Breda",
    "Leiden",
    "Haarlem",
    "Amersfoort",
    "Maastricht",
    "Deventer",
    "Leeuwarden",
    "Middelburg",
    "Assen",
    "Den Bosch",
    "Enschede",
    "Tilburg",
    "Gouda",
    "Hoorn",
    "Venlo",
];

const STREETS: &[&str] = &[
    "Kerkstraat",
    "Dorpsweg",
    "Stationsplein",
    "Lindelaan",
    "Molenweg",
    "Havenkade",
    "Parklaan",
    "Wilhelminastraat",
    "Nieuwstraat",
    "Singel",
    "Beukenlaan",
    "Marktplein",
];

/// Vendors: name, kind, mail address, contact.
pub(super) const VENDORS: [(&str, &str, &str, &str); 8] = [
    (
        "ROM Plus",
        "rom",
        "koppelingen@romplus.example",
        "D. Verhoeven",
    ),
    (
        "Meetwijzer",
        "rom",
        "support@meetwijzer.example",
        "S. Aydin",
    ),
    (
        "Zorgdata Noord",
        "rom",
        "beheer@zorgdatanoord.example",
        "H. Wiersma",
    ),
    ("QuestCare", "rom", "helpdesk@questcare.example", "L. Maes"),
    (
        "Dossier Compleet",
        "epd",
        "integratie@dossiercompleet.example",
        "P. Scholten",
    ),
    (
        "PraktijkSuite",
        "epd",
        "info@praktijksuite.example",
        "K. de Ruiter",
    ),
    ("MindFile EPD", "epd", "api@mindfile.example", "T. Bosman"),
    (
        "Eigen applicatie",
        "own_application",
        "ict@samenwerking.example",
        "ICT-afdeling",
    ),
];

/// The vendor whose files are refused since its last update, all for the same cause.
pub(super) const BROKEN_VENDOR: usize = 2;

/// Members of staff: login, name, roles, language. The first administrator among them adds the others.
pub(super) const STAFF: [(&str, &str, &str, &str); 6] = [
    ("avandijk", "Anouk van Dijk", "administrator", "nl"),
    ("jdevries", "Jasmijn de Vries", "support", "nl"),
    ("rbakker", "Ruben Bakker", "support,on_call", "nl"),
    ("felamrani", "Fatima el Amrani", "release_manager", "nl"),
    ("phoekstra", "Pieter Hoekstra", "release_manager", "nl"),
    ("osmeets", "Olivia Smeets", "auditor", "en"),
];

/// The name of a person.
pub(super) fn person(chance: &mut Chance) -> String {
    format!("{} {}", chance.pick(FIRST), chance.pick(LAST))
}

/// Names of organisations, all different.
pub(super) fn organisations(chance: &mut Chance, count: usize) -> Vec<String> {
    let mut places = PLACES.to_vec();
    chance.shuffle(&mut places);
    let named = places.iter().cycle().take(count).enumerate();
    named
        .map(|(i, place)| organisation(chance, place, i / places.len()))
        .collect()
}

fn organisation(chance: &mut Chance, place: &str, round: usize) -> String {
    let name = match chance.below(8) {
        0 => format!("Praktijk {place}"),
        1 => format!("Psychologenpraktijk {place}"),
        2 => format!("GGZ {place}"),
        3 => format!("{place} Mentale Zorg"),
        4 => format!("Centrum {place}"),
        5 => format!("Stichting {place} GGZ"),
        6 => format!("{place} Psychologie & Therapie"),
        _ => format!("{place} Basis GGZ"),
    };
    if round == 0 {
        name
    } else {
        format!("{name} {}", round + 1)
    }
}

/// The part of a name that can stand in a mail address.
pub(super) fn slug(name: &str) -> String {
    fold(name)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

/// A mail address of a person at an organisation: `a.deboer@lindehof.example`.
pub(super) fn address(person: &str, domain: &str) -> String {
    let mut words = person.splitn(2, ' ');
    let first: String = slug(words.next().unwrap_or_default())
        .chars()
        .take(1)
        .collect();
    format!(
        "{first}.{}@{domain}.example",
        slug(words.next().unwrap_or_default())
    )
}

/// City, street with number, postcode.
pub(super) fn place(chance: &mut Chance) -> (String, String, String) {
    let city = chance.pick(CITIES).to_owned();
    let street = format!("{} {}", chance.pick(STREETS), chance.between(1, 240));
    // Postcodes with SA and SD are not given out.
    let postcode = format!(
        "{} {}",
        chance.between(1011, 9998),
        chance.pick(&["SA", "SD"])
    );
    (city, street, postcode)
}

/// A telephone number: no Dutch area code is 099.
pub(super) fn phone(chance: &mut Chance) -> String {
    format!("099 {}", chance.between(2_000_000, 7_999_999))
}
