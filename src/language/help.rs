//! The sentences above the keys in help: what one sees and what to do with it.

crate::messages! {
    LIST = "Een lijst. Enter opent de regel, x toont wat er met de regel of met de gemarkeerde regels kan; wat niet mag staat er met de reden bij." / "A list. Enter opens the row, x shows what can be done with it or with the marked rows; what may not be done is there with the reason.";
    LIST_MORE = "Cursor en markeringen horen bij het record: nieuwe regels verschuiven niets. Filteren en sorteren gaan over alle regels, ook die nog niet in beeld zijn." / "Cursor and marks belong to the record: new rows move nothing. Filters and sorts cover all rows, also those not in sight.";
    DETAIL = "Een record. Tab gaat naar het volgende tabblad, Enter opent een verwant record, n en N gaan naar het volgende en vorige record van de lijst." / "A record. Tab goes to the next tab, Enter opens a related record, n and N go to the next and previous record of the list.";
    FORM = "Een formulier. Ieder veld wordt gecontroleerd als je het verlaat. Ctrl-o of Enter op de laatste regel toont eerst wat er verandert. Esc verlaat het formulier; wat je typte blijft als concept bewaard." / "A form. Each field is checked when you leave it. Ctrl-o or Enter on the last line first shows what changes. Esc leaves the form; what you typed is kept as a draft.";
    CONFIRM = "Een vraag. Alleen y voert uit; Enter is nee. Met d wordt alles geprobeerd en weer teruggedraaid." / "A question. Only y does it; Enter is no. d tries everything and takes it back.";
    PICKER = "Een menu. Gedempte regels kunnen nu niet; de reden staat erachter." / "A menu. Dimmed lines are not possible now; the reason is behind them.";
    PALETTE = "Typ een deel van een opdracht, scherm of record. Na de naam van een scherm mag een filter staan: aanleveringen status:held" / "Type a part of a command, screen or record. After the name of a screen a filter may follow: submissions status:held";
    HELP = "Typ om te zoeken, Enter voert de regel uit." / "Type to search, Enter runs the line.";
    TEXT = "Tekst. / zoekt, n en N gaan naar de volgende en vorige vindplaats." / "Text. / searches, n and N go to the next and previous place.";
    CONFLICT = "Een collega was eerder. Kies per veld met ← (collega) of → (jij); daarna zie je het formulier opnieuw. Niets wordt stil overschreven." / "A colleague was first. Choose per field with ← (colleague) or → (you); then you see the form again. Nothing is overwritten silently.";
    FILTER = "Filter: veld:waarde, veld>waarde, !veld en losse woorden; alles moet gelden. Komma betekent 'of', aanhalingstekens houden woorden bijeen." / "Filter: field:value, field>value, !field and plain words; all must hold. A comma means 'or', quotes keep words together.";
    FILTER_MORE = "Voorbeeld: status:invalid vendor:\"ROM Plus\" age>2d !assigned tekst" / "Example: status:invalid vendor:\"ROM Plus\" age>2d !assigned text";
}
