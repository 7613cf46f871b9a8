//! What the intake tells: titles of problems, and the pages of a handshake. Sentences of use cases are in `error`.

crate::messages! {
    UNAUTHORIZED = "De code ontbreekt of opent niets." / "The code is missing or opens nothing.";
    TOO_OFTEN = "Te veel verzoeken met deze code." / "Too many requests with this code.";
    TOO_LARGE = "Het bestand is te groot." / "The file is too large.";
    TOO_SLOW = "Het verzoek kwam te langzaam binnen." / "The request came in too slowly.";
    INCOMPLETE = "Het verzoek is niet compleet aangekomen. Er is niets bewaard." / "The request did not arrive complete. Nothing was kept.";
    EMPTY = "Het verzoek heeft geen inhoud." / "The request has no content.";
    ENCODED = "Content-Encoding wordt niet aangenomen; stuur het bestand zoals het is, eventueel als gzip- of zipbestand." / "Content-Encoding is not accepted; send the file as it is, as a gzip or zip file if you like.";
    BAD_KEY = "De Idempotency-Key moet uit leesbare ASCII-tekens bestaan." / "The Idempotency-Key must be of printable ASCII characters.";
    WHOSE_UPLOAD = "Het adres noemt de zorgaanbieder (organisation, AGB-code) en het account (account, id), en niets anders." / "The address names the organisation (organisation, AGB code) and the account (account, id), and nothing else.";
    NOT_UTF8 = "De inhoud is geen UTF-8." / "The content is not UTF-8.";
    NOT_FOUND = "Dit is er niet." / "This does not exist.";
    METHOD = "Dit adres neemt die methode niet aan." / "This address does not take that method.";
    GOING = "De intake stopt of start; probeer het zo opnieuw." / "The intake is stopping or starting; try again in a moment.";
    DENIED = "Dat mag niet." / "That is not allowed.";
    GONE = "Dit is gebruikt, vervangen of verlopen." / "This was used, replaced or has expired.";
    STATE = "Dat kan nu niet." / "That is not possible now.";
    CONFLICT = "Dat past niet bij wat er al is." / "That does not fit what is there.";
    INVALID = "De inhoud klopt niet." / "The content is not right.";
    LOOK_AT_ERRORS = "Zie de lijst errors." / "See the list errors.";
    UNAVAILABLE = "Dat lukt nu niet; probeer het later opnieuw." / "That does not work now; try again later.";
    INTERNAL = "Er ging intern iets mis." / "Something went wrong inside.";
    OURS = "De oorzaak ligt bij ons en staat in ons log." / "The cause is ours and stands in our log.";
    PORTAL = "KiBG-dataportaal" / "KiBG data portal";
    ORGANISATION = "Zorgaanbieder" / "Care provider";
    VENDOR = "Leverancier" / "Vendor";
    HANDSHAKE_TITLE = "Gegevens voor het aanleveren" / "Data for delivery";
    HANDSHAKE_ONCE = "Achter deze knop staan het adres en de licentiecode. Ze worden één keer getoond: zorg dat je ze meteen kunt bewaren." / "Behind this button are the address and the licence code. They are shown once: be ready to keep them.";
    HANDSHAKE_UNTIL = "Op te halen tot {until}." / "Can be collected until {until}.";
    HANDSHAKE_BUTTON = "Toon adres en licentiecode" / "Show address and licence code";
    COLLECTED_TITLE = "Adres en licentiecode" / "Address and licence code";
    COLLECTED_URL = "Adres" / "Address";
    COLLECTED_CODE = "Licentiecode" / "Licence code";
    COLLECTED_UNTIL = "Geldig tot en met" / "Valid until";
    COLLECTED_KEEP = "Bewaar de code nu in een kluis. Deze pagina toont haar niet nog eens; wie haar kwijt is vraagt een nieuwe." / "Keep the code in a vault now. This page does not show it again; who lost it asks for a new one.";
    COLLECTED_HOW = "Hoe een bestand wordt aangeleverd staat in {url}." / "How a file is delivered stands in {url}.";
    HANDSHAKE_GONE_TITLE = "Deze link werkt niet meer" / "This link no longer works";
    HANDSHAKE_GONE = "De gegevens zijn al opgehaald, de link is vervangen of verlopen. Vraag InfinitCare om een nieuwe." / "The data was collected already, or the link was replaced or has expired. Ask InfinitCare for a new one.";
    HANDSHAKE_LATER_TITLE = "Dat lukt nu niet" / "That does not work now";
    HANDSHAKE_LATER = "Er is niets opgehaald. Probeer het later opnieuw, of vraag InfinitCare." / "Nothing was collected. Try again later, or ask InfinitCare.";
    REFUSED_FILE = "Geweigerd en niet ingelezen." / "Refused and not taken in.";
    LISTENING = "Intake op {address}, tellingen op {metrics}; Ctrl-c of SIGTERM stopt hem." / "Intake on {address}, counts on {metrics}; Ctrl-c or SIGTERM stops it.";
    PLAIN = "Let op: zonder TLS op een adres buiten deze machine. Zet er een reverse proxy voor of stel intake.certificate in." / "Beware: without TLS on an address outside this machine. Put a reverse proxy before it, or set intake.certificate.";
    STOPPED = "Intake gestopt." / "Intake stopped.";
    KEY_ONCE = "De sleutel staat op stdout en wordt niet bewaard. In de instellingen komt: service_key_sha256 = [\"{hash}\"]" / "The key is on stdout and is kept nowhere. In the settings goes: service_key_sha256 = [\"{hash}\"]";
}
