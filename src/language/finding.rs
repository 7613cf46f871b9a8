//! What a finding says and what the deliverer must do, by its stable code. A sentence never holds a value of the file.

use super::{Language, Message};

crate::messages! {
    COLUMN_NUMBER = "kolom {number}" / "column {number}";
    COUNT_OF_REST = "en nog {count} keer" / "and {count} more";
    OTHER = "Een bevinding met een code die dit programma niet kent." / "A finding with a code that this program does not know.";
    OTHER_ACTION = "Vraag de beheerder van het portaal wat de code betekent." / "Ask the operator of the portal what the code means.";
    EMPTY = "Het bestand is leeg." / "The file is empty.";
    EMPTY_ACTION = "Maak de export opnieuw en lever het gevulde bestand aan." / "Make the export again and deliver the filled file.";
    HEADER_ONLY = "Het bestand heeft een kopregel maar geen rijen." / "The file has a header but no rows.";
    HEADER_ONLY_ACTION = "Controleer de selectie van de export; lever niets aan als er niets te leveren is." / "Check the selection of the export; deliver nothing when there is nothing to deliver.";
    NO_HEADER = "De eerste regel is geen kopregel van een bekende specificatie." / "The first line is not the header of a known specification.";
    NO_HEADER_ACTION = "Zet de kolomnamen van de specificatie op de eerste regel." / "Put the column names of the specification on the first line.";
    MISSING_COLUMN = "Een kolom van de specificatie ontbreekt." / "A column of the specification is missing.";
    MISSING_COLUMN_ACTION = "Voeg de kolom toe, ook als zij leeg mag zijn." / "Add the column, even when it may be empty.";
    DUPLICATE_COLUMN = "Een kolomnaam komt meer dan één keer voor." / "A column name occurs more than once.";
    DUPLICATE_COLUMN_ACTION = "Laat elke kolom één keer voorkomen." / "Let every column occur once.";
    BLANK_COLUMN = "Een kolom heeft geen naam." / "A column has no name.";
    BLANK_COLUMN_ACTION = "Geef de kolom een naam of laat haar weg; let op een scheidingsteken aan het einde van de kopregel." / "Name the column or leave it out; look for a delimiter at the end of the header.";
    EXTRA_COLUMN = "De specificatie kent deze kolom niet; zij wordt niet opgeslagen." / "The specification does not know this column; it is not stored.";
    EXTRA_COLUMN_ACTION = "Laat de kolom weg uit de export." / "Leave the column out of the export.";
    ROW_WIDTH = "De rij heeft meer of minder cellen dan de kopregel." / "The row has more or fewer cells than the header.";
    ROW_WIDTH_ACTION = "Zet teksten met een scheidingsteken tussen aanhalingstekens en vul ontbrekende cellen leeg aan." / "Quote texts that contain a delimiter and add missing cells as empty ones.";
    UNCLOSED_QUOTE = "Een aanhalingsteken wordt geopend en niet gesloten." / "A quote is opened and not closed.";
    UNCLOSED_QUOTE_ACTION = "Sluit het aanhalingsteken op deze regel; schrijf een aanhalingsteken in een tekst dubbel." / "Close the quote on this line; double a quote within a text.";
    TEXT_AFTER_QUOTE = "Na een sluitend aanhalingsteken volgt nog tekst." / "Text follows a closing quote.";
    TEXT_AFTER_QUOTE_ACTION = "Schrijf een aanhalingsteken in een tekst dubbel." / "Double a quote within a text.";
    QUOTE_INSIDE = "Een aanhalingsteken staat in een cel zonder aanhalingstekens eromheen." / "A quote stands in a cell that is not quoted.";
    QUOTE_INSIDE_ACTION = "Zet de hele cel tussen aanhalingstekens en schrijf het teken erin dubbel, of laat het weg." / "Quote the whole cell and double the quote within it, or leave it out.";
    BINARY = "Het bestand bevat tekens die niet in tekst voorkomen." / "The file contains characters that do not occur in text.";
    BINARY_ACTION = "Exporteer als CSV-tekst, niet als werkblad of database." / "Export as CSV text, not as a spreadsheet or database.";
    UNDECODABLE = "Vanaf deze regel is de tekst niet leesbaar in de tekenset van het bestand." / "From this line on the text cannot be read in the encoding of the file.";
    UNDECODABLE_ACTION = "Exporteer het hele bestand in één tekenset, bij voorkeur UTF-8." / "Export the whole file in one encoding, preferably UTF-8.";
    AMBIGUOUS_DELIMITER = "Twee scheidingstekens passen even goed op de kopregel." / "Two delimiters fit the header equally well.";
    AMBIGUOUS_DELIMITER_ACTION = "Gebruik in het hele bestand één scheidingsteken, bij voorkeur de puntkomma." / "Use one delimiter in the whole file, preferably the semicolon.";
    MIXED_DECIMALS = "Het bestand gebruikt zowel een decimale komma als een decimale punt." / "The file uses both a decimal comma and a decimal point.";
    MIXED_DECIMALS_ACTION = "Gebruik in het hele bestand hetzelfde decimaalteken." / "Use the same decimal sign in the whole file.";
    MIXED_DATES = "Deze datum heeft een andere vorm dan de eerdere datums in de kolom." / "This date has another form than the earlier dates in the column.";
    MIXED_DATES_ACTION = "Schrijf alle datums in een kolom op dezelfde manier, bij voorkeur jjjj-mm-dd." / "Write all dates in a column in the same form, preferably yyyy-mm-dd.";
    COMPRESSED = "Het bestand is ingepakt of een werkblad en wordt zo niet gelezen." / "The file is compressed or a spreadsheet and is not read as such.";
    COMPRESSED_ACTION = "Pak het bestand uit of sla het op als CSV en lever dat aan." / "Unpack the file or save it as CSV and deliver that.";
    WRONG_KIND = "Dit is een ander soort bestand dan verwacht." / "This is another kind of file than expected.";
    WRONG_KIND_ACTION = "Lever een CSV-bestand volgens de specificatie van de koppeling aan." / "Deliver a CSV file to the specification of the connection.";
    LINE_TOO_LONG = "De regel is langer dan toegestaan." / "The line is longer than allowed.";
    LINE_TOO_LONG_ACTION = "Controleer of de regeleinden in de export staan." / "Check that the export has line ends.";
    TOO_MANY_COLUMNS = "De regel heeft meer kolommen dan toegestaan." / "The line has more columns than allowed.";
    TOO_MANY_COLUMNS_ACTION = "Lever alleen de kolommen van de specificatie aan." / "Deliver only the columns of the specification.";
    TOO_MANY_ROWS = "Het bestand heeft meer rijen dan toegestaan." / "The file has more rows than allowed.";
    TOO_MANY_ROWS_ACTION = "Verdeel de aanlevering over meer bestanden, met elk zorgtraject in één bestand." / "Split the delivery into more files, with each care path in one file.";
    TOO_MANY_BYTES = "Het bestand is groter dan toegestaan." / "The file is larger than allowed.";
    TOO_MANY_BYTES_ACTION = "Verdeel de aanlevering over meer bestanden, met elk zorgtraject in één bestand." / "Split the delivery into more files, with each care path in one file.";
    CITIZEN_NUMBERS = "De kolom lijkt burgerservicenummers te bevatten." / "The column seems to hold citizen service numbers.";
    CITIZEN_NUMBERS_ACTION = "Verwijder de nummers en gebruik een eigen koppelnummer dat niet van het BSN is afgeleid." / "Remove the numbers and use a client key of your own that is not derived from them.";
    EMAIL_ADDRESS = "In de cel staat een e-mailadres." / "The cell holds a mail address.";
    EMAIL_ADDRESS_ACTION = "Lever geen gegevens aan waarmee een cliënt te herkennen is." / "Deliver nothing by which a client can be recognised.";
    FULL_POSTCODE = "In de cel staat een volledige postcode." / "The cell holds a full postcode.";
    FULL_POSTCODE_ACTION = "Lever alleen de vier cijfers van de postcode aan." / "Deliver only the four digits of the postcode.";
    BIRTH_DATE = "In de cel staat een volledige datum waar geen datum hoort." / "The cell holds a full date where none belongs.";
    BIRTH_DATE_ACTION = "Lever van de geboortedatum alleen het jaar aan." / "Deliver only the year of a date of birth.";
    WRONG_ORGANISATION = "De rij is van een andere zorgaanbieder dan de aanleverende." / "The row belongs to another care provider than the one that delivers.";
    WRONG_ORGANISATION_ACTION = "Lever per zorgaanbieder een eigen bestand aan en controleer de AGB-code." / "Deliver a file of its own for each care provider and check the AGB code.";
    SEVERAL_ORGANISATIONS = "Het bestand bevat meer dan één zorgaanbieder." / "The file holds more than one care provider.";
    SEVERAL_ORGANISATIONS_ACTION = "Lever per zorgaanbieder een eigen bestand aan." / "Deliver a file of its own for each care provider.";
    DUPLICATE_KEY = "Deze meting staat al eerder in het bestand." / "This measurement stands in the file already.";
    DUPLICATE_KEY_ACTION = "Lever elke meting één keer aan; een zorgtraject zonder meting heeft één rij." / "Deliver every measurement once; a care path without measurements has one row.";
    CARE_PATH_DIFFERS = "De gegevens van het zorgtraject verschillen van een eerdere rij van hetzelfde zorgtraject." / "The data of the care path differ from an earlier row of the same care path.";
    CARE_PATH_DIFFERS_ACTION = "Maak profiel, diagnosegroep, datums en overige gegevens gelijk in alle rijen van het zorgtraject." / "Make profile, diagnosis group, dates and other data equal in all rows of the care path.";
    REQUIRED = "Een verplichte cel is leeg." / "A required cell is empty.";
    REQUIRED_ACTION = "Vul de cel." / "Fill the cell.";
    TOO_LONG = "De tekst is te lang." / "The text is too long.";
    TOO_LONG_ACTION = "Gebruik een kortere tekst, zoals de specificatie vraagt." / "Use a shorter text, as the specification asks.";
    NOT_DIGITS = "De waarde bestaat niet uit het juiste aantal cijfers." / "The value does not have the right number of digits.";
    NOT_DIGITS_ACTION = "Vul alle cijfers in, ook de nullen vooraan." / "Fill in all digits, leading zeros included.";
    UNKNOWN_CODE = "De code staat niet in de codelijst." / "The code is not in the code list.";
    UNKNOWN_CODE_ACTION = "Gebruik een code uit de lijst, precies zoals zij daar staat." / "Use a code of the list, exactly as it stands there.";
    NOT_A_DATE = "De waarde is geen bestaande datum in een toegestane vorm." / "The value is no existing date in an allowed form.";
    NOT_A_DATE_ACTION = "Schrijf datums als jjjj-mm-dd, dd-mm-jjjj of jjjjmmdd." / "Write dates as yyyy-mm-dd, dd-mm-yyyy or yyyymmdd.";
    NOT_A_YEAR = "De waarde is geen jaartal van vier cijfers." / "The value is no year of four digits.";
    NOT_A_YEAR_ACTION = "Schrijf het jaartal met vier cijfers." / "Write the year with four digits.";
    NOT_A_NUMBER = "De waarde is geen getal." / "The value is not a number.";
    NOT_A_NUMBER_ACTION = "Schrijf het getal met cijfers en hooguit één decimaalteken." / "Write the number with digits and at most one decimal sign.";
    THOUSANDS_SEPARATOR = "Het getal bevat scheidingstekens voor duizendtallen." / "The number has thousands separators.";
    THOUSANDS_SEPARATOR_ACTION = "Laat de scheidingstekens voor duizendtallen weg." / "Leave the thousands separators out.";
    OUT_OF_BOUNDS = "De waarde valt buiten de grenzen van de kolom." / "The value lies outside the limits of the column.";
    OUT_OF_BOUNDS_ACTION = "Controleer de waarde in de bron." / "Check the value at its source.";
    CONTROL_CHARACTER = "De tekst bevat een regeleinde of een ander onzichtbaar teken." / "The text holds a line end or another invisible character.";
    CONTROL_CHARACTER_ACTION = "Verwijder de onzichtbare tekens." / "Remove the invisible characters.";
    AFTER_DELIVERY = "De datum ligt na de dag van aanlevering." / "The date lies after the day of delivery.";
    AFTER_DELIVERY_ACTION = "Controleer de datum; laat een einddatum leeg zolang het zorgtraject loopt." / "Check the date; leave an end date empty while the care path is open.";
    END_BEFORE_START = "De einddatum ligt voor de startdatum." / "The end date lies before the start date.";
    END_BEFORE_START_ACTION = "Controleer beide datums; de einddatum telt nu niet mee." / "Check both dates; the end date does not count now.";
    SESSION_OUTSIDE_PATH = "De sessie valt buiten het zorgtraject." / "The session lies outside the care path.";
    SESSION_OUTSIDE_PATH_ACTION = "Controleer de sessiedatum en de datums van het zorgtraject." / "Check the date of the session and the dates of the care path.";
    SESSIONS_REVERSED = "De laatste sessie ligt voor de eerste sessie." / "The last session lies before the first session.";
    SESSIONS_REVERSED_ACTION = "Controleer beide sessiedatums." / "Check the dates of both sessions.";
    BORN_AFTER_START = "Het geboortejaar ligt na de start van het zorgtraject." / "The year of birth lies after the start of the care path.";
    BORN_AFTER_START_ACTION = "Controleer het geboortejaar." / "Check the year of birth.";
    INCOMPLETE_MEASUREMENT = "De meting is onvolledig: typemeting, meetdatum, meetinstrument en totaalscore horen bij elkaar." / "The measurement is incomplete: type, date, instrument and score belong together.";
    INCOMPLETE_MEASUREMENT_ACTION = "Vul alle vier de cellen of geen van vier." / "Fill all four cells or none of them.";
    MEASURED_AFTER_DELIVERY = "De meetdatum ligt na de dag van aanlevering." / "The measurement date lies after the day of delivery.";
    MEASURED_AFTER_DELIVERY_ACTION = "Controleer de meetdatum; de meting telt nu niet mee." / "Check the date; the measurement does not count now.";
    SENTINEL_SCORE = "999 hoort bij instrumenten zonder totaalscore, en alleen daarbij." / "999 belongs to instruments without a total score, and to those only.";
    SENTINEL_SCORE_ACTION = "Lever de totaalscore aan; gebruik 999 alleen waar de instrumentenlijst dat zegt." / "Deliver the total score; use 999 only where the instrument list says so.";
    IMPOSSIBLE_SCORE = "De totaalscore is onmogelijk bij dit instrument." / "The total score is impossible for this instrument.";
    IMPOSSIBLE_SCORE_ACTION = "Controleer instrument en score; let op gemiddelde of som." / "Check instrument and score; mind the difference between a mean and a sum.";
}

/// How a column is named: by its name in the specification, else by its number.
pub fn place(column: Result<&str, usize>, language: Language) -> String {
    match column {
        Ok(name) => name.to_owned(),
        Err(number) => COLUMN_NUMBER.with(language, &[("number", &number.to_string())]),
    }
}

/// What a finding says, and what to do about it.
pub fn finding(code: &str) -> (&'static Message, &'static Message) {
    match code {
        "ROM-0001" => (&EMPTY, &EMPTY_ACTION),
        "ROM-0002" => (&HEADER_ONLY, &HEADER_ONLY_ACTION),
        "ROM-0003" => (&NO_HEADER, &NO_HEADER_ACTION),
        "ROM-0004" => (&MISSING_COLUMN, &MISSING_COLUMN_ACTION),
        "ROM-0005" => (&DUPLICATE_COLUMN, &DUPLICATE_COLUMN_ACTION),
        "ROM-0006" => (&BLANK_COLUMN, &BLANK_COLUMN_ACTION),
        "ROM-0007" => (&EXTRA_COLUMN, &EXTRA_COLUMN_ACTION),
        "ROM-0008" => (&ROW_WIDTH, &ROW_WIDTH_ACTION),
        "ROM-0009" => (&UNCLOSED_QUOTE, &UNCLOSED_QUOTE_ACTION),
        "ROM-0010" => (&TEXT_AFTER_QUOTE, &TEXT_AFTER_QUOTE_ACTION),
        "ROM-0011" => (&QUOTE_INSIDE, &QUOTE_INSIDE_ACTION),
        "ROM-0012" => (&BINARY, &BINARY_ACTION),
        "ROM-0013" => (&UNDECODABLE, &UNDECODABLE_ACTION),
        "ROM-0014" => (&AMBIGUOUS_DELIMITER, &AMBIGUOUS_DELIMITER_ACTION),
        "ROM-0015" => (&MIXED_DECIMALS, &MIXED_DECIMALS_ACTION),
        "ROM-0016" => (&MIXED_DATES, &MIXED_DATES_ACTION),
        "ROM-0017" => (&COMPRESSED, &COMPRESSED_ACTION),
        "ROM-0018" => (&WRONG_KIND, &WRONG_KIND_ACTION),
        "ROM-0019" => (&LINE_TOO_LONG, &LINE_TOO_LONG_ACTION),
        "ROM-0020" => (&TOO_MANY_COLUMNS, &TOO_MANY_COLUMNS_ACTION),
        "ROM-0021" => (&TOO_MANY_ROWS, &TOO_MANY_ROWS_ACTION),
        "ROM-0022" => (&TOO_MANY_BYTES, &TOO_MANY_BYTES_ACTION),
        "ROM-0050" => (&CITIZEN_NUMBERS, &CITIZEN_NUMBERS_ACTION),
        "ROM-0051" => (&EMAIL_ADDRESS, &EMAIL_ADDRESS_ACTION),
        "ROM-0052" => (&FULL_POSTCODE, &FULL_POSTCODE_ACTION),
        "ROM-0053" => (&BIRTH_DATE, &BIRTH_DATE_ACTION),
        "ROM-0060" => (&WRONG_ORGANISATION, &WRONG_ORGANISATION_ACTION),
        "ROM-0061" => (&SEVERAL_ORGANISATIONS, &SEVERAL_ORGANISATIONS_ACTION),
        "ROM-0062" => (&DUPLICATE_KEY, &DUPLICATE_KEY_ACTION),
        "ROM-0063" => (&CARE_PATH_DIFFERS, &CARE_PATH_DIFFERS_ACTION),
        "ROM-0100" => (&REQUIRED, &REQUIRED_ACTION),
        "ROM-0101" => (&TOO_LONG, &TOO_LONG_ACTION),
        "ROM-0102" => (&NOT_DIGITS, &NOT_DIGITS_ACTION),
        "ROM-0103" => (&UNKNOWN_CODE, &UNKNOWN_CODE_ACTION),
        "ROM-0104" => (&NOT_A_DATE, &NOT_A_DATE_ACTION),
        "ROM-0105" => (&NOT_A_YEAR, &NOT_A_YEAR_ACTION),
        "ROM-0106" => (&NOT_A_NUMBER, &NOT_A_NUMBER_ACTION),
        "ROM-0107" => (&THOUSANDS_SEPARATOR, &THOUSANDS_SEPARATOR_ACTION),
        "ROM-0108" => (&OUT_OF_BOUNDS, &OUT_OF_BOUNDS_ACTION),
        "ROM-0109" => (&CONTROL_CHARACTER, &CONTROL_CHARACTER_ACTION),
        "ROM-0200" => (&AFTER_DELIVERY, &AFTER_DELIVERY_ACTION),
        "ROM-0201" => (&END_BEFORE_START, &END_BEFORE_START_ACTION),
        "ROM-0202" => (&SESSION_OUTSIDE_PATH, &SESSION_OUTSIDE_PATH_ACTION),
        "ROM-0203" => (&SESSIONS_REVERSED, &SESSIONS_REVERSED_ACTION),
        "ROM-0204" => (&BORN_AFTER_START, &BORN_AFTER_START_ACTION),
        "ROM-0300" => (&INCOMPLETE_MEASUREMENT, &INCOMPLETE_MEASUREMENT_ACTION),
        "ROM-0301" => (&MEASURED_AFTER_DELIVERY, &MEASURED_AFTER_DELIVERY_ACTION),
        "ROM-0302" => (&SENTINEL_SCORE, &SENTINEL_SCORE_ACTION),
        "ROM-0303" => (&IMPOSSIBLE_SCORE, &IMPOSSIBLE_SCORE_ACTION),
        _ => (&OTHER, &OTHER_ACTION),
    }
}
