//! What the console itself says: status bar, banners, questions, hints. Screens and errors have their own files.

crate::messages! {
    TOO_SMALL = "Maak het venster groter: minstens {width}×{height}." / "Make the window larger: at least {width}×{height}.";
    LOCKED = "Vergrendeld. Druk op een toets." / "Locked. Press a key.";
    CONNECTING = "verbinden…" / "connecting…";
    LOST = "database niet bereikbaar; wijzigen kan niet" / "database unreachable; no changes possible";
    BACK_AGAIN = "De database is weer bereikbaar; alles is opnieuw gelezen." / "The database is back; everything was read again.";
    READ_AT = "gelezen {at}" / "read {at}";
    LIVE_PAUSED = "gepauzeerd" / "paused";
    LIVE_MISSED = "gepauzeerd, er is nieuws" / "paused, there is news";
    NO_WORKER = "geen werker actief" / "no worker active";
    NO_WORKER_WAITING = "geen werker actief, {count} wachten" / "no worker active, {count} waiting";
    WORKER_WAITING = "werker bezig, {count} wachten" / "worker busy, {count} waiting";
    ONLINE = "ook hier: {names}" / "also here: {names}";
    ONLINE_MORE = "{name} +{count}" / "{name} +{count}";

    BANNER_DEMO = "DEMO – verzonnen gegevens" / "DEMO – made-up data";
    BANNER_PRODUCTION = "PRODUCTIE {name}" / "PRODUCTION {name}";
    BANNER_READ_ONLY = "ALLEEN LEZEN" / "READ-ONLY";
    BANNER_AS = "namens {name}, ingelogd als {login}" / "as {name}, logged in as {login}";

    FRESH = "{count} nieuw {above}" / "{count} new {above}";
    ALL_STAGES = "alle" / "all";
    LOADING = "wordt gelezen…" / "reading…";
    NOTHING_MATCHES = "Niets voldoet aan het filter. Esc toont weer alles." / "Nothing matches the filter. Esc shows everything again.";
    MARKS = "{count} gemarkeerd" / "{count} marked";
    RANGE = "reeks: ga verder en druk weer op v" / "range: move on and press v again";
    OF_TOTAL = "{count} van {total}" / "{count} of {total}";
    SORTED = "op {name} {direction}" / "by {name} {direction}";
    ASCENDING = "oplopend" / "ascending";
    DESCENDING = "aflopend" / "descending";
    MORE_ROWS = "er zijn er meer; ga naar de lijst" / "there are more; go to the list";
    NONE = "geen" / "none";

    PRESENT = "ook open bij {names}" / "also open at {names}";
    CLAIMED = "in behandeling bij {name} tot {at}" / "being handled by {name} until {at}";

    DRAFTS_FOUND = "Concepten van eerder: {count}. Hun formulier opent ze weer." / "Drafts from before: {count}. Their form opens them again.";
    DRAFT_KEPT = "Als concept bewaard; hetzelfde formulier opent het weer." / "Kept as a draft; the same form opens it again.";
    DRAFT_TITLE = "Er is een concept voor {label}" / "There is a draft for {label}";
    DRAFT_RESUME = "Verder met het concept van {at}" / "Go on with the draft of {at}";
    DRAFT_FRESH = "Opnieuw beginnen; het concept vervalt" / "Begin again; the draft is dropped";
    RESTORED = "concept van {at} teruggezet" / "draft of {at} put back";
    FORM_WRONG = "Nog niet alles klopt." / "Not everything is right yet.";
    FORM_CONTINUE = "Verder: eerst zien wat er verandert" / "Continue: first see what changes";
    NOTHING_CHANGES = "Er verandert niets aan de velden." / "No field changes.";
    REQUIRED = "verplicht" / "required";

    CONFLICT_TITLE = "{by} heeft {label} intussen gewijzigd" / "{by} changed {label} in the meantime";
    CONFLICT_FIELD = "Veld" / "Field";
    CONFLICT_ORIGINAL = "Was" / "Was";
    CONFLICT_THEIRS = "Collega" / "Colleague";
    CONFLICT_MINE = "Jij" / "You";
    CONFLICT_UNDECIDED = "Kies eerst bij ieder veld." / "Choose at every field first.";
    CONFLICT_NONE = "Wat je typte komt overeen met wat er nu staat." / "What you typed equals what is there now.";

    ACTIONS_TITLE = "Acties" / "Actions";
    ACTIONS_ON = "Acties op {label}" / "Actions on {label}";
    ACTIONS_ON_MARKED = "Acties op {count} gemarkeerde" / "Actions on {count} marked";
    NO_ACTIONS = "Hier zijn geen acties." / "There are no actions here.";
    ACTION = "actie" / "action";
    ONE_AT_A_TIME = "kan maar met één tegelijk" / "one at a time only";
    NO_ROW = "er is niets gekozen" / "nothing is chosen";
    NOT_HERE = "Die actie hoort niet bij wat je nu ziet." / "That action does not belong to what you see.";
    READ_ONLY = "deze sessie is alleen-lezen" / "this session is read-only";
    NO_WRITES_NOW = "De database is niet bereikbaar; er kan nu niets gewijzigd worden." / "The database cannot be reached; nothing can be changed now.";

    QUESTION = "{act}?" / "{act}?";
    QUESTION_ONE = "{act}: {label}?" / "{act}: {label}?";
    QUESTION_MANY = "{act}: {count} stuks?" / "{act}: {count} records?";
    ASK_TYPE = "Typ {word} en druk op Enter:" / "Type {word} and press Enter:";
    TYPE_EXACTLY = "Dat is niet precies wat er getypt moet worden." / "That is not exactly what must be typed.";
    STILL_WAITING = "Even wachten: er wordt nog nagegaan wat er zou gebeuren." / "Wait a moment: still finding out what would happen.";
    WORKING = "bezig…" / "working…";
    PLANNING = "wordt nagegaan…" / "finding out…";
    PLAN_ALL = "Alle {can} kunnen." / "All {can} can.";
    PLAN = "{can} kunnen, {cannot} niet:" / "{can} can, {cannot} cannot:";
    DRY_RUN_DONE = "Proef: dit zou gebeuren; er is niets gewijzigd." / "Dry run: this would happen; nothing was changed.";
    PLAN_MORE = "en nog {count}" / "and {count} more";
    NONE_CAN = "Dit kan bij geen van deze records; er valt niets te bevestigen." / "This can happen to none of these records; there is nothing to confirm.";
    ONLY_ESCAPE = "Esc sluit" / "Esc closes";
    NO_MEMBERS = "Hier staat niets meer stil." / "Nothing stands still here any more.";
    BULK_STARTED = "Bulkactie op {count} records begonnen; uitkomst per record: Systeem (9), tweede lijst" / "Bulk run on {count} records started; outcome of each: System (9), second list";
    DONE = "Gedaan: {label}" / "Done: {label}";
    SECRET_ONCE = "Eén keer getoond en nergens bewaard: geef de licentiecode meteen door." / "Shown once and kept nowhere: pass the licence code on at once.";
    SECRET_UNTIL = "Verdwijnt om {at} van het scherm, of eerder met Esc." / "Leaves the screen at {at}, or sooner by Esc.";
    UNDO_UNTIL = "u neemt het terug tot {at}" / "u takes it back until {at}";
    NOTHING_TO_UNDO = "Er is niets om ongedaan te maken." / "There is nothing to undo.";
    CANCELLED = "Afgebroken. Kijk na of het al gebeurd was." / "Cancelled. Look whether it had happened already.";
    CANCEL_AGAIN = "Nogmaals Ctrl-c verlaat het programma." / "Ctrl-c again leaves the program.";

    QUIT_TITLE = "Het programma verlaten?" / "Leave the program?";
    QUIT_RUNNING = "Er loopt nog een actie." / "An action is still running.";
    QUIT_DRAFTS = "Concepten die bewaard blijven: {count}" / "Drafts that are kept: {count}";

    PAUSED = "Bijwerken gepauzeerd; p hervat." / "Live data paused; p resumes.";
    RESUMED = "Bijwerken hervat." / "Live data resumed.";
    AT_THE_BOTTOM = "q verlaat het programma." / "q leaves the program.";
    NO_SUCH_KEY = "{key} doet hier niets; ? toont wat wel." / "{key} does nothing here; ? shows what does.";
    NO_MORE = "Dat was de laatste." / "That was the last one.";
    CANNOT_OPEN = "Hiervan is geen eigen scherm." / "This has no screen of its own.";
    MARKED = "{count} gemarkeerd." / "{count} marked.";
    MARKED_CAP = "De eerste {count} gemarkeerd; dat is het meeste wat in één keer kan." / "The first {count} marked; that is the most at once.";

    SORT_TITLE = "Sorteren op" / "Sort by";
    COPY_TITLE = "Welk veld kopiëren?" / "Copy which field?";
    COPIED = "{size} naar het klembord van je terminal gestuurd: {text}" / "{size} sent to the clipboard of your terminal: {text}";
    COPIED_CUT = "Te lang: alleen de eerste {size} van {whole} gestuurd." / "Too long: only the first {size} of {whole} sent.";

    FILTER_PROMPT = "filter" / "filter";
    PALETTE_PROMPT = "zoek" / "find";
    HELP_PROMPT = "zoek in de hulp" / "search help";
    SEARCH_PROMPT = "zoek" / "search";
    NOTHING_FOUND = "Niets gevonden." / "Nothing found.";
    SEARCHING = "records worden gezocht…" / "looking for records…";
    HELP_TITLE = "Hulp" / "Help";
}
