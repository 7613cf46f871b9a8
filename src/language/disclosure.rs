//! What `disclosure protect`, `audit` and `verify` say: what is wrong with a table, what an attacker can make of it, what a proof lacks.

crate::messages! {
    NOUN = "Tabellen beveiligen tegen onthulling en zelf aanvallen, zonder database" / "Protect tables against disclosure and attack them ourselves, without a database";
    PROTECT = "Verberg wat niet uit een tabel mag blijken, en zo weinig mogelijk meer" / "Hide what a table may not disclose, and as little else as possible";
    AUDIT = "Val een tabel aan: wat is van elke verborgen cel af te leiden" / "Attack a table: what can be worked out of each hidden cell";
    VERIFY = "Reken het bewijs van een beveiligde tabel na, met alleen optellen" / "Check the proof of a protected table, with additions only";
    TABLES = "Tabellen in CSV: dimensies, value, status, desgewenst n, lpl, upl" / "Tables in CSV: dimensions, value, status, perhaps n, lpl, upl";
    TABLE = "Beveiligde tabel in CSV" / "Protected table in CSV";
    PROOF = "Bewijs dat bij het beveiligen is geschreven" / "Proof that was written when protecting";
    HIERARCHY = "Hiërarchie van een dimensie: CSV met code,parent; vaker te geven" / "Hierarchy of a dimension: CSV with code,parent; may be repeated";
    MIN_COUNT = "Laagste aantal dat getoond mag worden (10)" / "Lowest count that may be shown (10)";
    ZEROS = "Nullen in de tabel: protect of publish (protect); ontbrekende cellen kunnen niet bestaan" / "Zeros in the table: protect or publish (protect); absent cells cannot exist";
    INTERVAL = "Wat open moet blijven: threshold of exact (threshold)" / "What must stay open: threshold or exact (threshold)";
    TOTAL = "Woord voor een totaal (Total)" / "Word for a total (Total)";
    SEED = "Begingetal: hetzelfde getal geeft hetzelfde patroon (1)" / "Seed: the same number gives the same pattern (1)";
    CERTIFICATE = "Schrijf het bewijs naar dit bestand, met dezelfde geheimhouding als de tabel" / "Write the proof to this file, as secret as the table";
    KNOWN = "Eerder uitgebrachte tabel die de ontvanger nog heeft; vaker te geven" / "Table released earlier that the receiver still has; may be repeated";
    INSIDER = "Laat ook elke code van deze dimensie aanvallen met kennis van haar eigen cellen" / "Let each code of this dimension attack too, knowing its own cells";

    AT = "{file}, regel {line}: {what}" / "{file}, line {line}: {what}";
    FORM = "geen geldige CSV: een aanhalingsteken dat niet sluit, of een rij met te veel of te weinig velden" / "no valid CSV: a quote that is never closed, or a row with too many or too few fields";
    COLUMN = "kolom {what} ontbreekt of staat er twee keer" / "column {what} is missing or stands there twice";
    NUMBER = "{what} is geen geheel getal dat hier past" / "{what} is no whole number that fits here";
    NEGATIVE = "{what} is lager dan 0" / "{what} is below 0";
    STATUS = "status is niet s, u, x of leeg" / "status is not s, u, x or empty";
    BOUNDS = "de waarde ligt buiten lpl en upl" / "the value lies outside lpl and upl";
    TWICE = "cel {what} heeft al een waarde" / "cell {what} has a value already";
    SUM = "totaal {what} is niet de som van zijn delen" / "total {what} is not the sum of its parts";
    NO_TOTAL = "cel {what} telt mee in een totaal dat er niet is" / "cell {what} counts in a total that is not there";
    PARENT = "code {what} heeft geen plaats in de hiërarchie: er is geen weg naar het totaal" / "code {what} has no place in the hierarchy: no way leads to the total";
    CYCLE = "de hiërarchie loopt rond bij {what}" / "the hierarchy goes round at {what}";
    DIMENSION = "geen tabel heeft de dimensie {what}" / "no table has the dimension {what}";
    BAD_PROOF = "het bewijs is niet te lezen: {what}" / "the proof cannot be read: {what}";
    SIZE = "te veel cellen" / "too many cells";
    BAD_HIERARCHY = "--hierarchy verwacht DIMENSIE=BESTAND, niet {what}" / "--hierarchy takes DIMENSION=FILE, not {what}";
    BAD_INSIDER = "geen tabel heeft de dimensie {what}" / "no table has the dimension {what}";
    NO_TABLE_FORM = "Een beveiligde tabel wordt geschreven als csv of json" / "A protected table is written as csv or json";

    HIDDEN = "{cells} cellen: {primary} om zichzelf verborgen, {secondary} om andere ({clients} daarin geteld), {witnesses} tabellen als bewijs" / "{cells} cells: {primary} hidden for their own sake, {secondary} for others ({clients} counted in them), {witnesses} tables as proof";
    CANNOT = "niet te beveiligen: {cells} cellen blijven bepaald, hoeveel er ook verborgen wordt; er is niets geschreven. De eerste: {what}" / "cannot be protected: {cells} cells stay determined, however much is hidden; nothing was written. The first: {what}";
    DOUBT = "het bewijs wordt door de eigen controle geweigerd ({what}); er is niets geschreven" / "the proof is refused by our own check ({what}); nothing was written";
    SAFE = "veilig: {hidden} verborgen cellen, geen is te herleiden" / "safe: {hidden} hidden cells, none can be worked out";
    UNSAFE = "niet veilig: {exact} exact te herleiden, {narrow} te nauw, {inside} voor wie zijn eigen cellen kent, {differences} door vergelijken met eerder" / "not safe: {exact} can be worked out exactly, {narrow} too narrowly, {inside} by who knows its own cells, {differences} by comparing with earlier";
    PROVEN = "bewezen: {hidden} verborgen cellen open, {witnesses} tabellen nagerekend; minimum {least}, {interval}" / "proven: {hidden} hidden cells open, {witnesses} tables added up; minimum {least}, {interval}";
    REFUSED = "niet bewezen: {what}" / "not proven: {what}";
    OTHER_TABLE = "de tabel is een andere dan die waarvoor het bewijs is gemaakt" / "the table is not the one that the proof was made for";
    OTHER_FORM = "het bewijs heeft een andere vorm" / "the proof has another form";
    NO_WAY = "regel {line}: een code zonder weg naar het totaal" / "line {line}: a code without a way to the total";
    BAD_SUM = "regel {line}: geen som van zijn delen" / "line {line}: not the sum of its parts";
    SHOWN = "regel {line}: getoond, terwijl de regels hem verbergen" / "line {line}: shown although the rules hide it";
    BAD_ROW = "tabel {number} noemt een rij die er niet is, of twee keer" / "table {number} names a row that is not there, or twice";
    CHANGED = "tabel {number} wijkt af van een getoonde cel, regel {line}" / "table {number} differs from a published cell, line {line}";
    BELOW = "tabel {number} komt onder 0, regel {line}" / "table {number} falls below 0, line {line}";
    BROKEN = "tabel {number} telt niet op, regel {line}" / "table {number} does not add up, line {line}";
    CLOSED = "regel {line}: geen tabel laat zien wat open moet blijven" / "line {line}: no table shows what must stay open";
    COUNTING = "optellen" / "adding up";
    PUBLISHING = "tonen wat kan" / "publishing what can be";
    EXCHANGING = "ruilen voor goedkoper" / "exchanging for cheaper";
    PROVING = "bewijzen zoeken" / "looking for proof";
    EXTENDING = "meer verbergen" / "hiding more";
    ATTACKING = "aanvallen" / "attacking";
    CELL = "Cel" / "Cell";
    LOWER = "Laagst" / "Lowest";
    UPPER = "Hoogst" / "Highest";
    VERDICT = "Oordeel" / "Verdict";
    ATTACKER = "Aanvaller" / "Attacker";
}
