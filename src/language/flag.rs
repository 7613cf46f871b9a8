//! What each field of an action means as a flag of the command line, and the arguments of the commands that are not actions.

use super::Message;

crate::messages! {
    NAME = "Naam" / "Name";
    AGB = "AGB-code, 8 cijfers" / "AGB code, 8 digits";
    KVK = "KvK-nummer, 8 cijfers" / "Chamber of Commerce number, 8 digits";
    STREET = "Straat en huisnummer" / "Street and number";
    POSTCODE = "Postcode" / "Postcode";
    CITY = "Plaats" / "City";
    EMAIL = "Mailadres" / "Mail address";
    PHONE = "Telefoon" / "Telephone";
    CONTACT = "Contactpersoon" / "Contact person";
    MAIL_LANGUAGE = "Taal" / "Language";
    ROUTE = "Route van aanleveren" / "Route of delivery";
    VENDOR = "Leverancier" / "Vendor";
    MAIL = "Mail de reden naar de aanmelder" / "Mail the reason to who registered";
    ORGANISATION = "Zorgaanbieder: AGB-code of id" / "Organisation: AGB code or id";
    CONNECTION = "Koppeling waarlangs het kwam: id of begin van een id" / "Connection that it came by: id or the beginning of one";
    ROLES = "Rollen, gescheiden door komma's" / "Roles, separated by commas";
    SUCCESSOR = "Account dat als tekenbevoegde opvolgt" / "Account that succeeds as signatory";
    WITHOUT_SUCCESSOR = "Ook als het de laatste tekenbevoegde is; de reden zegt waarom" / "Also when this is the last signatory; the reason says why";
    TO = "Mailadres van de ontvanger" / "Mail address of the recipient";
    SUBJECT = "Onderwerp" / "Subject";
    TEXT = "Tekst" / "Text";
    AGAIN = "Mail ook als de leverancier al is gemaild en er niets bij kwam" / "Mail even when the vendor was mailed and nothing came since";
    DEFINITION = "Definitie met versie, zoals kibg-1" / "Definition with its version, such as kibg-1";
    PERIOD = "Periode: jaar (2025) of half jaar (2025-H1)" / "Period: year (2025) or half year (2025-H1)";
    DIGEST = "Kenmerk van wat is bekeken: ten minste de eerste 12 tekens; dit of --if-version is nodig" / "Digest of what was looked at: at least its first 12 characters; this or --if-version is needed";
    BY = "Wie het ophaalde, zoals KiBG het meldt" / "Who fetched it, as KiBG says";
    ON = "Dag waarop, jjjj-mm-dd; anders vandaag" / "Day of it, yyyy-mm-dd; otherwise today";
    DEFINITION_FILE = "Definitie uit een JSON-bestand" / "Definition from a JSON file";
    SHEET = "Tabel" / "Table";
    CODES = "Codes van de cel, in de volgorde van de dimensies" / "Codes of the cell, in the order of the dimensions";
    PUBLIC_KEY = "Publieke minisign-sleutel waartegen de handtekening moet kloppen" / "Public minisign key that the signature must fit";
    RELEASE_DIRECTORY = "Map met een levering, zoals die is opgehaald" / "Directory with a release, as it was fetched";
    MISSING_ONLY = "Alleen wie er niet in zit" / "Only who is not in it";
    LOGIN = "Login van het besturingssysteem" / "Login of the operating system";
    KIND = "Soort" / "Kind";
    SPECIFICATION = "Specificatie" / "Specification";
    SPECIFICATIONS = "Specificaties, gescheiden door komma's" / "Specifications, separated by commas";
    VENDOR_MAIL = "Of de leverancier de statusmails ook krijgt" / "Whether the vendor gets the status mails too";
    INBOX_UID = "Nummer van de gebruiker van wie de map is waarin bestanden komen" / "Number of the user whose folder the files come in";
    PLANNED_FOR = "Dag van de testrun, jjjj-mm-dd" / "Day of the test run, yyyy-mm-dd";
    FILE = "Bestand" / "File";
    PDF = "PDF met de tekst van de overeenkomst" / "PDF with the text of the agreement";
    VERSION_NAME = "Naam van de versie, zoals 2021-09" / "Name of the version, such as 2021-09";
    TITLE = "Titel van de overeenkomst" / "Title of the agreement";
    VALID_FROM = "Geldig vanaf, jjjj-mm-dd" / "Valid from, yyyy-mm-dd";
    GRACE_UNTIL = "Tot wanneer het vorige akkoord geldig blijft, jjjj-mm-dd" / "Until when the former acceptance stays valid, yyyy-mm-dd";
    ACCEPTED_BY = "Account dat accordeerde" / "Account that accepted";
    ACCEPTED_VERSION = "Versie die is geaccordeerd: naam of id" / "Version that was accepted: name or id";
    REMOTE = "Netwerkadres vanwaar is geaccordeerd" / "Network address from which it was accepted";
    REPORT_FORM = "Vorm van het verslag: table, json, csv of xlsx" / "Form of the report: table, json, csv or xlsx";
    TO_FILE = "Nieuw bestand om in te schrijven; anders stdout" / "New file to write to; otherwise stdout";
    TARGET = "Bestand om in te schrijven; anders de naam van het document, - voor stdout" / "File to write to; otherwise the name of the document, - for stdout";
    ANCHOR = "Bestand met een eerder geschreven kop" / "File with a head that was written earlier";
    ONCE = "Doe wat klaarstaat en stop" / "Do what is ready and stop";
    SHELL = "Shell: bash, zsh, fish, elvish of powershell" / "Shell: bash, zsh, fish, elvish or powershell";
    DIRECTORY = "Map" / "Directory";
    MEASUREMENTS = "Aantal rijen met metingen, ongeveer" / "Number of rows of measurements, about";
    SUBMISSIONS = "Aantal aanleveringen" / "Number of submissions";
    SEED = "Begingetal: hetzelfde getal geeft dezelfde wereld" / "Seed: the same number gives the same world";
    NO_CONSOLE = "Bouw alleen; open de console niet" / "Only build; do not open the console";
}

/// What a field means; a field without a text of its own shows its name.
pub fn field(name: &str) -> Option<&'static Message> {
    let key = match name {
        "language" => "MAIL_LANGUAGE",
        other => other,
    };
    ALL.iter()
        .copied()
        .find(|m| m.key.eq_ignore_ascii_case(key))
}
