//! What verifying and exporting the audit says.

crate::messages! {
    HOLDS = "De keten klopt: {rows} regels, laatste hash {hash}." / "The chain holds: {rows} rows, last hash {hash}.";
    EDITED = "Regel {row} is na het schrijven gewijzigd." / "Row {row} was changed after it was written.";
    GAP = "Voor regel {row} ontbreken regels." / "Rows are missing before row {row}.";
    BROKEN = "Regel {row} volgt niet op de regel ervoor." / "Row {row} does not follow the row before it.";
    CUT_TAIL = "De staart is afgeknipt: regel {row} en verder ontbreken." / "The tail was cut: row {row} and later are missing.";
    BEYOND_HEAD = "Er staan regels na de kop van de keten (regel {row})." / "There are rows after the head of the chain (row {row}).";
    ANCHOR_DIFFERS = "Regel {row} is niet de regel die het anker noemt." / "Row {row} is not the row that the anchor names.";
    OTHER_DATABASE = "Het anker hoort bij een andere database." / "The anchor belongs to another database.";
    EXPORTED = "{rows} regels geschreven." / "{rows} rows written.";
}
