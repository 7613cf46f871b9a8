//! Words of triage: what an action on deliveries tells, and the pane that says of one what happened and what to do.

crate::messages! {
    CLAIMED_UNTIL = "in behandeling tot {at}" / "in hand until {at}";
    BULK_STARTED = "bulkactie over {count} aanleveringen; verloop per rij: Systeem, Bulkacties (portaal bulk show {id})" / "bulk run over {count} submissions; progress per row: System, Bulk runs (portaal bulk show {id})";
    CAN_CANNOT = "{can} kunnen, {cannot} niet" / "{can} can, {cannot} cannot";
    AND_OTHERS = "- en nog {count} zorgaanbieders" / "- and {count} more care providers";

    HAPPENED = "Wat er gebeurde" / "What happened";
    MUST_ACT = "Wie moet iets doen" / "Who must act";
    SUGGESTED = "Wat te doen" / "What to do";
    ATTEMPTS = "Pogingen" / "Attempts";
    FINDINGS = "Bevindingen" / "Findings";
    RELATED = "Koppeling en mail" / "Connection and mail";
    NOTES = "Notities" / "Notes";
    NO_NOTES = "Nog geen notities." / "No notes yet.";

    WHAT_RECEIVED = "Het bestand is ingelezen en wacht op een worker." / "The file was received and waits for a worker.";
    WHAT_VALIDATING = "Het bestand wordt nu gecontroleerd." / "The file is being checked now.";
    WHAT_PROCESSED = "Verwerkt: {rows} rijen, {accepted} metingen tellen mee." / "Processed: {rows} rows, {accepted} measurements count.";
    WHAT_VALID = "Valide: {rows} rijen. Een testrun of nog niet verwerkt." / "Valid: {rows} rows. A test run, or not processed yet.";
    WHAT_WITHDRAWN = "Ingetrokken of afgewezen; telt nergens mee." / "Withdrawn or rejected; counts nowhere.";
    WHAT_SUPERSEDED = "Vervangen door een latere aanlevering." / "Replaced by a later submission.";
    NOBODY = "Niemand: dit gaat vanzelf." / "Nobody: this goes by itself.";
    NOTHING_TO_DO = "Niets." / "Nothing.";
    DO_WAIT = "Wachten. Blijft het staan, kijk dan bij Systeem of er een worker draait." / "Wait. If it stays, look at System whether a worker runs.";
    DO_VENDOR = "{action} Mail de leverancier (x, op de oorzaak) of de zorgaanbieder." / "{action} Mail the vendor (x, on the cause) or the organisation.";
    TRIED = "{count}×, laatste {at}: {outcome}" / "{count}×, last {at}: {outcome}";
    NEXT_TRY = "volgende poging {at}" / "next attempt {at}";
    NOT_TRIED = "Nog niet geprobeerd." / "Not tried yet.";
    GIVEN_UP = "de wachtrij heeft het opgegeven" / "the queue has given up";
    FINDING_LINE = "{count}× {code} {place}{what}" / "{count}× {code} {place}{what}";
    MORE_FINDINGS = "en nog {count} regels; Enter, tab Verslag" / "and {count} more rules; Enter, tab Report";
    CONNECTION_IS = "Koppeling: {state}, {vendor}" / "Connection: {state}, {vendor}";
    NO_CONNECTION = "Geen koppeling bekend." / "No connection known.";
    MAIL_IS = "Mail {at}: {what}, {state}" / "Mail {at}: {what}, {state}";
    NO_MAIL = "Nog geen mail over deze aanlevering." / "No mail about this submission yet.";
    VENDOR_MAILED = "Leverancier gemaild op {at} door {by}." / "Vendor mailed at {at} by {by}.";
    VENDOR_NOT_MAILED = "Leverancier nog niet gemaild." / "Vendor not mailed yet.";
    VENDOR_TOLD = "Mail aan de leverancier" / "Mail to the vendor";
    CHECKED = "{percent} % gecontroleerd ({done} van {all})" / "{percent} % checked ({done} of {all})";
    SINCE_THEN = "Sindsdien kwam er weer iets bij." / "More came since.";
    OPEN_SINCE = "{count} open sinds {at}, laatste {last}." / "{count} open since {at}, last {last}.";
    FOR_WHOM = "Voor wie" / "For whom";
    NOTE_LINE = "{at} {by}: {text}" / "{at} {by}: {text}";
}
