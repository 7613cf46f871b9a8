//! The sentences for errors: what is wrong and what to do. Never a value of a record, never the parser's own words.

use super::{Language, Message};
use crate::domain::check::Flaw;
use crate::domain::filter::FilterError;

crate::messages! {
    RIGHT = "Dat mag je niet: het recht '{right}' ontbreekt. Rollen die het hebben: {roles}." / "You may not do that: the right '{right}' is missing. Roles that have it: {roles}.";
    READ_ONLY = "Deze sessie is alleen-lezen; er is niets gewijzigd." / "This session is read-only; nothing was changed.";
    UNKNOWN_OPERATOR = "De login '{login}' is geen medewerker van dit portaal. Vraag een administrator om: portaal operator add --login {login} --name … --roles …" / "The login '{login}' is not an operator of this portal. Ask an administrator for: portaal operator add --login {login} --name … --roles …";
    REMOVED_OPERATOR = "De toegang van '{login}' is ingetrokken. Vraag een administrator." / "The access of '{login}' was removed. Ask an administrator.";
    NOT_DEMO = "--as werkt alleen op een demodatabase." / "--as works on a demo database only.";
    NO_IDENTITY = "Het systeem weet niet wie je bent: geen login bij dit gebruikersnummer." / "The system does not know who you are: no login for this user number.";
    SHARED_LOGIN = "Aanvragen, goedkeuren en vrijgeven kan alleen met een eigen login op de database; deze sessie kwam binnen als '{login}'." / "Asking, approving and releasing need a database login of your own; this session came in as '{login}'.";
    EXTRACT_OPEN = "Onze eigen aanval kon verborgen cijfers herleiden: deze levering kan niet worden aangevraagd. Welke dat zijn staat bij Aanvallen, ook in 'portaal extract show'. Pas de definitie aan of bouw opnieuw." / "Our own attack worked hidden figures out: this extract cannot be asked for. Which those are is under Attacks, also in 'portaal extract show'. Change the definition or build again.";
    EXTRACT_BUILDING = "De bouw van deze levering wacht of loopt al." / "The build of this extract waits or runs already.";
    EXTRACT_IDLE = "Er wacht of loopt geen bouw van deze levering." / "No build of this extract waits or runs.";
    EXTRACT_CHANGED = "De bestanden zijn niet meer wat er is aangevraagd en goedgekeurd. Er gaat niets weg; bouw opnieuw." / "The files are no longer what was asked for and approved. Nothing leaves; build again.";
    APPROVAL_VOID = "De aanvrager of goedkeurder mag dit niet meer: de goedkeuring geldt niet. Trek haar in en vraag opnieuw." / "The requester or approver may not any more: the approval does not hold. Withdraw it and ask again.";
    EXTRACT_OUTDATED = "Sinds de bouw is een levering weggegaan waar deze niet naast is gelegd: samen zouden ze cliënten kunnen verraden. Bouw opnieuw." / "Since the build a release left that this one was not held against: together they could give clients away. Build again.";
    EXTRACT_UNSEEN = "Bekijk eerst wat er weggaat en wat onze aanvallen vonden: open de levering, of 'portaal extract show'. Keur daarna goed." / "First look at what would leave and what our attacks found: open the extract, or 'portaal extract show'. Then approve.";
    EXTRACT_EMPTY = "Er zit geen enkele keurmerkhouder in deze levering: er is niets vrij te geven." / "There is no holder in this extract: there is nothing to release.";
    STATE = "Dat kan niet: {kind} is '{state}'." / "Not possible: the {kind} is '{state}'.";
    CONFLICT = "{by} heeft dit intussen gewijzigd ({at}). Bekijk de verschillen en probeer opnieuw." / "{by} changed this in the meantime ({at}). Look at the differences and try again.";
    CLAIMED = "{by} heeft dit in behandeling tot {at}. Overleg, of wacht tot het vrijkomt." / "{by} has this in hand until {at}. Talk, or wait until it is free.";
    NO_ACCEPTANCE = "Er is nog geen geldig akkoord op de verwerkersovereenkomst. Laat de tekenbevoegde accorderen (Overeenkomsten, herinneren); daarna gaat de aanlevering vanzelf verder." / "There is no valid acceptance of the processing agreement yet. Have the signatory accept it (Agreements, remind); the submission then goes on by itself.";
    NOT_FOR_VENDOR = "Dit ligt niet bij een leverancier, of de leverancier is onbekend; mail de zorgaanbieder." / "This is not for a vendor to mend, or the vendor is unknown; mail the organisation.";
    ALREADY_MAILED = "De leverancier is al gemaild op {at}, en sindsdien kwam er niets bij. Kies uitdrukkelijk voor opnieuw mailen als het toch moet." / "The vendor was mailed already at {at}, and nothing came since. Choose explicitly to mail again if you must.";
    CANCEL_THE_MAIL = "Deze taak verstuurt een mail: annuleer de mail zelf." / "This job sends a mail: cancel the mail itself.";
    SOMEBODY = "Een collega" / "A colleague";
    MISSING = "Geen {kind} gevonden met '{id}', of meer dan één." / "No {kind} found by '{id}', or more than one.";
    INVALID = "Klopt nog niet: {list}." / "Not right yet: {list}.";
    REASON_MISSING = "Geef een reden op." / "Give a reason.";
    SECOND_PERSON = "Hier is een tweede persoon voor nodig." / "This needs a second person.";
    INTERNAL = "Er ging intern iets mis ({detail}). Er is niets gewijzigd; meld het bij beheer." / "Something went wrong inside ({detail}). Nothing was changed; report it.";
    LAST_SIGNATORY = "Dit is de laatste actieve tekenbevoegde. Wijs een opvolger met een actief account aan, of kies uitdrukkelijk voor geen opvolger, met een reden." / "This is the last active signatory. Name a successor with an active account, or say explicitly that there is none, with a reason.";
    NOT_SIGNATORY = "Alleen een actief account met de rol tekenbevoegde van deze zorgaanbieder kan accorderen." / "Only an active account with the role signatory of this organisation can accept.";
    INVITATION_INVALID = "Deze uitnodiging is gebruikt, vervangen of verlopen. Stuur een nieuwe." / "This invitation was used, replaced or has expired. Send a new one.";
    UNDO_TOO_LATE = "Te laat: de mail is al onderweg." / "Too late: the mail is on its way.";
    AGB_TAKEN = "Er is al een zorgaanbieder met deze AGB-code." / "There is an organisation with this AGB code already.";
    LAST_ADMINISTRATOR = "Dat mag niet: je kunt je eigen administratorrol of die van de laatste administrator niet intrekken." / "Not allowed: you cannot take away your own administrator role, nor that of the last administrator.";
    SETUP_INCOMPLETE = "De inrichting is nog niet compleet: controleer de gegevens en of er een tekenbevoegde bij de gebruikers is." / "The set-up is not complete: check the data, and that there is a signatory among the users.";
    DOCUMENT_MISSING = "Het document moet een PDF zijn van ten hoogste 20 MB." / "The document must be a PDF of at most 20 MB.";
    KEY_REUSED = "Deze Idempotency-Key is al gebruikt voor een ander bestand. Gebruik per aanlevering een nieuwe." / "This Idempotency-Key was used for another file. Use a new one for each delivery.";
    NOT_SUBMITTER = "Alleen een actief account met de rol aanleveraar van deze zorgaanbieder kan aanleveren." / "Only an active account with the role submitter of this organisation can deliver.";
    NOT_THEIR_FOLDER = "De eigenaar van dit bestand hoort bij geen koppeling van deze zorgaanbieder." / "The owner of this file belongs to no connection of this organisation.";
    STORAGE = "Het bestand kan nu niet worden weggeschreven. Er is niets bewaard; probeer het later opnieuw." / "The file cannot be written now. Nothing was kept; try again later.";
    CONNECTION_EXISTS = "Er is al een koppeling van deze zorgaanbieder met deze leverancier langs deze weg." / "This organisation has a connection with this vendor by this route already.";
    TWO_LICENCES = "Er werken al twee licentiecodes voor deze koppeling. Trek er eerst een in, of wacht tot de oudste afloopt." / "Two licence codes of this connection work already. Revoke one first, or wait for the older to end.";
    HANDSHAKE_MISSING = "Er staat geen handshake klaar: geef de koppeling eerst uit, of vervang de licentiecode." / "No handshake waits: issue the connection first, or rotate the licence code.";
    HANDSHAKE_COLLECTED = "De licentiecode van deze handshake is al opgehaald en wordt niet nog eens getoond. Vervang de licentiecode als hij kwijt is." / "The licence code of this handshake was collected already and is not shown again. Rotate the licence code if it was lost.";
    HANDSHAKE_INVALID = "Deze handshake is vervangen, ingetrokken of verlopen. Geef een nieuwe uit." / "This handshake was replaced, withdrawn or has expired. Issue a new one.";
    TEST_RUN_OPEN = "Er is al een testbestand binnen voor deze koppeling: beoordeel dat eerst." / "A test file of this connection came in already: judge that one first.";
    TEST_RUN_WITHOUT_VENDOR = "Zonder leverancier is er niemand die een testrun doet." / "Without a vendor there is nobody to do a test run.";
    DATABASE_IN_USE = "Deze database is in gebruik en is geen (voltooide) demo; er is niets gewijzigd. Kies met --database een lege." / "This database is in use and is not a (complete) demo; nothing was changed. Choose an empty one with --database.";
    NO_TEMPLATE_VALUES = "De mailtekst mist gegevens." / "The mail text lacks values.";
    DATABASE_GONE = "De database is niet bereikbaar. Er is niets gewijzigd; probeer het zo opnieuw." / "The database cannot be reached. Nothing was changed; try again in a moment.";
    DATABASE_BUSY = "De database is bezet. Er is niets gewijzigd; probeer het opnieuw." / "The database is busy. Nothing was changed; try again.";
    DATABASE_FULL = "De schijf van de database is vol. Maak ruimte en probeer het dan opnieuw." / "The disk of the database is full. Make room, then try again.";
    DATABASE_DOUBT = "De verbinding brak bij het opslaan: onbekend of het gelukt is. Kijk eerst na voordat je het herhaalt." / "The connection broke while saving: unknown whether it worked. Look before you repeat it.";
    DATABASE_URL = "Onbekende database. Gebruik sqlite:PAD of postgres://…" / "Unknown database. Use sqlite:PATH or postgres://…";
    DATABASE_SCHEMA = "Het schema van de database past niet bij dit programma ({detail}). Voer uit: portaal migrate" / "The schema of the database does not fit this program ({detail}). Run: portaal migrate";
    DATABASE_REFUSED = "De database weigert dit ({detail}). Er is niets gewijzigd." / "The database refuses this ({detail}). Nothing was changed.";
    OPEN_QUOTE = "Filter: het aanhalingsteken op positie {at} wordt niet gesloten." / "Filter: the quote at position {at} is not closed.";
    UNKNOWN_FIELD = "Filter: onbekend veld '{field}'." / "Filter: unknown field '{field}'.";
    NEAREST = "Bedoelde je '{nearest}'?" / "Did you mean '{nearest}'?";
    BAD_VALUE = "Filter: '{field}' neemt {takes}." / "Filter: '{field}' takes {takes}.";
    BAD_COMPARE = "Filter: '{field}' kan zo niet vergeleken worden." / "Filter: '{field}' cannot be compared this way.";
    TOO_MANY = "Filter: ten hoogste {most} voorwaarden." / "Filter: at most {most} conditions.";
    TOO_SHORT = "Filter: zoek op ten minste {least} tekens." / "Filter: search for at least {least} characters.";
    A_VALUE = "een waarde" / "a value";
    FLAW_MISSING = "ontbreekt" / "is missing";
    FLAW_TOO_LONG = "is te lang" / "is too long";
    FLAW_CONTROL = "bevat onzichtbare of sturende tekens" / "holds invisible or steering characters";
    FLAW_NOT_DIGITS = "moet uit precies het juiste aantal cijfers bestaan (AGB en KvK: 8)" / "must be exactly the right number of digits (AGB and KvK: 8)";
    FLAW_POSTCODE = "is geen postcode (1234 AB)" / "is not a postcode (1234 AB)";
    FLAW_EMAIL = "is geen mailadres" / "is not a mail address";
    FLAW_DATE = "is geen geldige datum (jjjj-mm-dd, in de juiste volgorde)" / "is not a valid date (yyyy-mm-dd, in the right order)";
    FLAW_CODE = "heeft een onbekende code" / "has an unknown code";
    FLAW_DIGEST = "moet het kenmerk zijn dat je bekeek, ten minste de eerste 12 tekens" / "must be the digest that you looked at, at least its first 12 characters";
    FLAW_DUPLICATE = "bestaat al" / "exists already";
    FLAW_UNKNOWN = "is geen bekend veld" / "is not a known field";
    FLAW_NO_SIGNATORY = "heeft geen tekenbevoegde (signatory)" / "has no signatory";
    FLAW_NOT_TEXT = "heeft de verkeerde vorm" / "has the wrong shape";
    FLAW_NOT_JSON = "is geen JSON" / "is not JSON";
    FLAW_PERIOD = "is geen periode van deze definitie (2025, 2025-H1)" / "is not a period of this definition (2025, 2025-H1)";
    FLAW_RANGE = "valt buiten wat mogelijk is" / "lies outside what is possible";
}

/// What is wrong with a value, as the end of a sentence.
pub const fn flaw(flaw: Flaw) -> &'static Message {
    match flaw {
        Flaw::Missing => &FLAW_MISSING,
        Flaw::TooLong => &FLAW_TOO_LONG,
        Flaw::ControlCharacter => &FLAW_CONTROL,
        Flaw::NotDigits => &FLAW_NOT_DIGITS,
        Flaw::BadPostcode => &FLAW_POSTCODE,
        Flaw::BadEmail => &FLAW_EMAIL,
        Flaw::BadDate => &FLAW_DATE,
        Flaw::UnknownCode => &FLAW_CODE,
        Flaw::Duplicate => &FLAW_DUPLICATE,
        Flaw::Unknown => &FLAW_UNKNOWN,
        Flaw::NoSignatory => &FLAW_NO_SIGNATORY,
        Flaw::NotText => &FLAW_NOT_TEXT,
        Flaw::NotJson => &FLAW_NOT_JSON,
        Flaw::BadPeriod => &FLAW_PERIOD,
        Flaw::BadDigest => &FLAW_DIGEST,
        Flaw::OutOfRange => &FLAW_RANGE,
    }
}

/// The sentence for a filter that cannot be used.
pub fn of_filter(error: &FilterError, language: Language) -> String {
    match error {
        FilterError::OpenQuote { at } => {
            OPEN_QUOTE.with(language, &[("at", &(at + 1).to_string())])
        }
        FilterError::UnknownField { field, nearest } => {
            let mut text = UNKNOWN_FIELD.with(language, &[("field", field)]);
            if let Some(nearest) = nearest {
                text.push(' ');
                text.push_str(&NEAREST.with(language, &[("nearest", nearest)]));
            }
            text
        }
        FilterError::BadValue { field, takes } => {
            let takes = if takes.is_empty() {
                A_VALUE.text(language)
            } else {
                takes
            };
            BAD_VALUE.with(language, &[("field", field), ("takes", takes)])
        }
        FilterError::BadCompare { field } => BAD_COMPARE.with(language, &[("field", field)]),
        FilterError::TooShort { least } => {
            TOO_SHORT.with(language, &[("least", &least.to_string())])
        }
        FilterError::TooMany { most } => TOO_MANY.with(language, &[("most", &most.to_string())]),
    }
}
