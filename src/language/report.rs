//! The verwerkingsverslag in words: its summary and what it comes down to. What each finding says is in `finding`.

crate::messages! {
    TITLE = "Verwerkingsverslag" / "Processing report";
    ORGANISATION = "Zorgaanbieder" / "Care provider";
    KIND = "Soort" / "Kind";
    RECEIVED = "Ontvangen" / "Received";
    OUTCOME = "Uitkomst" / "Outcome";
    ROWS = "Rijen" / "Rows";
    MEASUREMENTS = "Metingen" / "Measurements";
    MEASUREMENTS_ARE = "{accepted} tellen mee, {ignored} niet" / "{accepted} count, {ignored} do not";
    PATHS = "Zorgtrajecten" / "Care paths";
    PATHS_ARE = "{new} nieuw, {changed} gewijzigd, {same} ongewijzigd" / "{new} new, {changed} changed, {same} unchanged";
    FINDINGS = "Bevindingen" / "Findings";
    DETECTED = "Herkend als" / "Detected as";
    TEST_RUN = "testrun" / "test run";
    REFUSED = "Het bestand is geweigerd en er is niets van opgeslagen. Herstel wat hieronder bij 'bestand' staat en lever opnieuw aan." / "The file was refused and nothing of it was stored. Mend what stands below at 'file' and deliver again.";
    PROCESSED = "Het bestand is verwerkt. Er hoeft niets te gebeuren." / "The file was processed. Nothing needs to be done.";
    PROCESSED_WITH_FINDINGS = "Het bestand is verwerkt. Wat hieronder staat telt niet mee; herstel het in een volgende aanlevering." / "The file was processed. What stands below does not count; mend it in a next submission.";
    VALID = "Het bestand is valide en wordt niet (of nog niet) verwerkt." / "The file is valid and is not (or not yet) processed.";
    SUPERSEDED = "Een latere aanlevering heeft deze vervangen." / "A later submission replaced this one.";
    WITHDRAWN = "Deze aanlevering is ingetrokken of afgewezen en telt nergens mee." / "This submission was withdrawn or rejected and counts nowhere.";
    NOT_YET = "Het bestand is nog niet verwerkt." / "The file has not been processed yet.";
    LINE = "regel {line}" / "line {line}";
    COLUMN = "kolom {name}" / "column {name}";
    TO_DO = "Doen: {action}" / "To do: {action}";
    SHEET_SUMMARY = "Samenvatting" / "Summary";
    SHEET_RULES = "Bevindingen" / "Findings";
    SHEET_PLACES = "Plaatsen" / "Places";
    MESSAGE = "Bevinding" / "Finding";
    ACTION = "Wat te doen" / "What to do";
    PART = "Deel" / "Part";
}
