//! Sentences about extracts: what would leave, and what a database cannot guarantee. Not the labels of their states.

crate::messages! {
    DIGEST = "Kenmerk {digest}" / "Digest {digest}";
    CELLS = "Cellen: {n}" / "Cells: {n}";
    HIDDEN = "Verborgen cellen: {n}" / "Hidden cells: {n}";
    SMALLEST = "Kleinste gepubliceerde aantal: {n}" / "Smallest published count: {n}";
    HOLDERS = "Keurmerkhouders in de levering: {n}" / "Holders in the extract: {n}";
    FILE_MISSING = "{file} ontbreekt of is niet te lezen" / "{file} is missing or cannot be read";
    FILE_CHANGED = "{file} is niet wat SHA256SUMS zegt" / "{file} is not what SHA256SUMS says";
    FILE_EXTRA = "{file} staat niet in SHA256SUMS" / "{file} is not in SHA256SUMS";
    SUMS_UNREADABLE = "SHA256SUMS ontbreekt of heeft niet de juiste vorm" / "SHA256SUMS is missing or does not have the right form";
    MANIFEST_DIFFERS = "manifest.json is geen manifest van precies deze bestanden" / "manifest.json is no manifest of exactly these files";
    UNSIGNED = "er is geen handtekening (SHA256SUMS.minisig)" / "there is no signature (SHA256SUMS.minisig)";
    SIGNATURE_WRONG = "de handtekening is niet van deze sleutel of niet van deze bestanden" / "the signature is not by this key or not of these files";
    ALL_RIGHT = "In orde: {files} bestanden zijn wat SHA256SUMS en het manifest zeggen." / "All right: {files} files are what SHA256SUMS and the manifest say.";
    SIGNED = "Handtekening klopt: {comment}" / "Signature is right: {comment}";
    SIGNATURE_UNCHECKED = "Handtekening niet gecontroleerd: geef --public-key." / "Signature not checked: give --public-key.";
    OPEN_CELL = "Deze cel is niet verborgen: er is niets uit te leggen." / "This cell is not hidden: there is nothing to explain.";
    OWN_SMALL = "Verborgen om zichzelf: het aantal {n} ligt onder {least}." / "Hidden for its own sake: the count {n} is below {least}.";
    OWN_ZERO = "Verborgen om zichzelf: er is niemand, en dat zegt iets over ieder van de anderen." / "Hidden for its own sake: there is nobody, and that says something of each of the others.";
    OWN_COMPLEMENT = "Verborgen om zichzelf: van {of} in de rij blijven er te weinig over naast deze {n}." / "Hidden for its own sake: of {of} in its row too few are left beside these {n}.";
    OWN_GROUP = "Verborgen om zichzelf: {n} van {of} in de rij delen dit, dus het zegt iets over iedereen." / "Hidden for its own sake: {n} of {of} in its row share this, so it says something of everyone.";
    OWN_CONTRIBUTORS = "Verborgen om zichzelf: er zitten te weinig zorgaanbieders achter ({organisations})." / "Hidden for its own sake: too few care providers stand behind it ({organisations}).";
    OWN_DOMINANCE = "Verborgen om zichzelf: één zorgaanbieder heeft {largest}% van de gevallen." / "Hidden for its own sake: one care provider has {largest}% of the cases.";
    OWN_CHANGE = "Verborgen om zichzelf: sinds een eerdere levering veranderden er te weinig rijen in deze cel." / "Hidden for its own sake: too few rows changed in this cell since an earlier release.";
    OWN_SUMS = "Verborgen om zichzelf: uit gemiddelde en spreiding zou te veel blijken." / "Hidden for its own sake: mean and spread would tell too much.";
    FOR_OTHERS = "Verborgen om andere cellen: getoond zou zij die verraden, langs deze sommen." / "Hidden for other cells: shown it would give those away, by these sums.";
    LINK = "{total}: {shown} getoond, verborgen {hidden}; dan volgt {next}" / "{total}: {shown} shown, hidden {hidden}; then {next} follows";
    LINK_NEAR = "{total}: {shown} getoond, verborgen {hidden}; dan blijft {next} te weinig ruimte" / "{total}: {shown} shown, hidden {hidden}; then {next} has too little room left";
    SQLITE_CANNOT = "SQLite: de database kan zelf niet nagaan wie er achter het toetsenbord zit; wie het bestand mag schrijven, kan dit omzeilen. Gebruik in productie PostgreSQL met een eigen login per persoon." / "SQLite: the database itself cannot know who is at the keyboard; whoever may write the file can get around this. Use PostgreSQL with a login per person in production.";
    DEMO_CANNOT = "Demo: één login speelt iedereen, dus hier zijn twee personen niet gegarandeerd." / "Demo: one login plays everybody, so two persons are not guaranteed here.";
}
