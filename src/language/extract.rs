//! Sentences about extracts: what would leave, and what a database cannot guarantee. Not the labels of their states.

crate::messages! {
    DIGEST = "Kenmerk {digest}" / "Digest {digest}";
    CELLS = "Cellen: {n}" / "Cells: {n}";
    HIDDEN = "Verborgen cellen: {n}" / "Hidden cells: {n}";
    SMALLEST = "Kleinste gepubliceerde aantal: {n}" / "Smallest published count: {n}";
    HOLDERS = "Keurmerkhouders in de levering: {n}" / "Holders in the extract: {n}";
    SQLITE_CANNOT = "SQLite: de database kan zelf niet nagaan wie er achter het toetsenbord zit; wie het bestand mag schrijven, kan dit omzeilen. Gebruik in productie PostgreSQL met een eigen login per persoon." / "SQLite: the database itself cannot know who is at the keyboard; whoever may write the file can get around this. Use PostgreSQL with a login per person in production.";
    DEMO_CANNOT = "Demo: één login speelt iedereen, dus hier zijn twee personen niet gegarandeerd." / "Demo: one login plays everybody, so two persons are not guaranteed here.";
}
