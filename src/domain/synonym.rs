//! Dutch names of filter fields, for those who think in the words on the screen. The English name is what is stored and shown.

/// Dutch name and the field that it stands for.
const NAMES: &[(&str, &str)] = &[
    ("aangemaakt", "created"),
    ("afzender", "from"),
    ("bestand", "file"),
    ("bevindingen", "findings"),
    ("bij", "assigned"),
    ("bron", "source"),
    ("actie", "action"),
    ("fout", "error"),
    ("geleverd", "delivered"),
    ("gemaild", "mailed"),
    ("groep", "group"),
    ("herinnerd", "reminded"),
    ("herinneringen", "reminders"),
    ("herleid", "found"),
    ("leeftijd", "age"),
    ("leverancier", "vendor"),
    ("naam", "name"),
    ("onderwerp", "subject"),
    ("ontvangen", "received"),
    ("oorzaak", "cause"),
    ("oud", "age"),
    ("plaats", "city"),
    ("reden", "hold"),
    ("rijen", "rows"),
    ("rol", "role"),
    ("route", "route"),
    ("soort", "kind"),
    ("specificatie", "spec"),
    ("tekenbevoegde", "signatory"),
    ("testrun", "test"),
    ("toestand", "status"),
    ("uiterlijk", "due"),
    ("vastgehouden", "hold"),
    ("verlengd", "renewed"),
    ("verloopt", "expires"),
    ("wacht", "waiting"),
    ("zorgaanbieder", "org"),
];

/// The field of a list that a name stands for: the name itself, or what it means in Dutch.
pub fn field<'a>(name: &'a str, known: &[&str]) -> &'a str {
    if known.contains(&name) {
        return name;
    }
    let mut meant = NAMES
        .iter()
        .filter(|(dutch, _)| *dutch == name)
        .map(|(_, field)| *field);
    meant.find(|f| known.contains(f)).unwrap_or(name)
}
