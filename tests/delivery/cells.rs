//! What a cell may hold: every column, every rule within a row, hit and missed.

use super::{file, finds, row};

/// Column, value in the otherwise valid row, and what is found.
const CASES: &str = "
zorgaanbiedercode |  | ROM-0100 file 2 zorgaanbiedercode
zorgaanbiedercode | 6010001 | ROM-0102 file 2 zorgaanbiedercode, ROM-0060 file 2 zorgaanbiedercode
zorgaanbiedercode | 06010002 | ROM-0060 file 2 zorgaanbiedercode
koppelnummer |  | ROM-0100 file 2 koppelnummer
koppelnummer | a@b.example | ROM-0051 file 2 koppelnummer
koppelnummer | a@b |
koppelnummer | 12-03-1980 | ROM-0053 file 2 koppelnummer
koppelnummer | 19800312 |
koppelnummer | \"K\"\"1;\" |
zorgtrajectnummer |  | ROM-0100 file 2 zorgtrajectnummer
profiel |  | ROM-0100 file 2 profiel
profiel | Kort | ROM-0103 file 2 profiel
profiel | GBG05 |
diagnosegroep |  |
diagnosegroep | 22 | ROM-0103 value 2 diagnosegroep
geboortejaar |  |
geboortejaar | 80 | ROM-0105 value 2 geboortejaar
geboortejaar | 1879 | ROM-0108 value 2 geboortejaar
geboortejaar | 1880 |
geboortejaar | 2025 |
geboortejaar | 2026 | ROM-0204 value 2 geboortejaar
geboortejaar | 12-03-1980 | ROM-0053 file 2 geboortejaar
geboortejaar | 19800312 | ROM-0053 file 2 geboortejaar
geboortejaar | 12031980 | ROM-0053 file 2 geboortejaar
geslacht | 9 |
geslacht | 3 | ROM-0103 value 2 geslacht
postcodegebied | 0007 |
postcodegebied | 0006 | ROM-0108 value 2 postcodegebied
postcodegebied | 0999 | ROM-0108 value 2 postcodegebied
postcodegebied | 1000 |
postcodegebied | 12 | ROM-0102 value 2 postcodegebied
postcodegebied | 1234AB | ROM-0052 file 2 postcodegebied
postcodegebied | 1234 ab | ROM-0052 file 2 postcodegebied
startdatum |  | ROM-0100 file 2 startdatum
startdatum | 2025-02-30 | ROM-0104 file 2 startdatum
startdatum | 2025-12-02 | ROM-0200 file 2 startdatum
einddatum | 31/12/2025 | ROM-0104 value 2 einddatum
einddatum | 2025-12-02 | ROM-0200 value 2 einddatum
einddatum | 2025-12-01 |
einddatum | 2025-01-09 | ROM-0201 value 2 einddatum
datum_eerste_sessie | 2025-01-09 | ROM-0202 value 2 datum_eerste_sessie
datum_eerste_sessie | 2025-01-10 |
datum_eerste_sessie | 2025-06-02 | ROM-0203 value 2 datum_laatste_sessie
datum_laatste_sessie | 2025-06-10 |
datum_laatste_sessie | 2025-06-11 | ROM-0202 value 2 datum_laatste_sessie
reden_non_response_voor | 10 |
reden_non_response_voor | 11 | ROM-0103 value 2 reden_non_response_voor
reden_non_response_na | 1 | ROM-0103 value 2 reden_non_response_na
typemeting | 3 | ROM-0103 measurement 2 typemeting
typemeting |  | ROM-0300 measurement 2
meetdatum |  | ROM-0300 measurement 2
meetdatum | gisteren | ROM-0104 measurement 2 meetdatum
meetdatum | 2025-12-02 | ROM-0301 measurement 2 meetdatum
meetdatum | 2025-12-01 |
meetinstrument | bsi | ROM-0103 measurement 2 meetinstrument
totaalscore | veel | ROM-0106 measurement 2 totaalscore
totaalscore | 1e3 | ROM-0106 measurement 2 totaalscore
totaalscore | ,5 | ROM-0106 measurement 2 totaalscore
totaalscore | 1.234,5 | ROM-0107 measurement 2 totaalscore
totaalscore | 1 234 | ROM-0107 measurement 2 totaalscore
totaalscore | 4 |
totaalscore | 4,01 | ROM-0303 measurement 2 totaalscore
totaalscore | -1 | ROM-0303 measurement 2 totaalscore
totaalscore | 999 | ROM-0302 measurement 2 totaalscore
";

#[test]
fn cells_are_judged_by_their_column() {
    for case in CASES.lines().filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = case.split('|').map(str::trim).collect();
        let [column, value, expected] = parts[..] else {
            unreachable!("three parts: {case}");
        };
        let expected: Vec<&str> = expected
            .split(", ")
            .filter(|finding| !finding.is_empty())
            .collect();
        finds(file(&[row(&[(column, value)])]).as_bytes(), &expected);
    }
}

#[test]
fn texts_may_have_blanks_and_quotes_and_nothing_that_cannot_be_seen() {
    let unseen: &[&str] = &["ROM-0109 file 2 koppelnummer"];
    let cases = [
        ("K\u{200b}1", unseen),
        ("\"K\n1\"", unseen),
        ("\"K\"\"1;\"", &[]),
        ("  K1\t", &[]),
    ];
    for (value, expected) in cases {
        finds(
            file(&[row(&[("koppelnummer", value)])]).as_bytes(),
            expected,
        );
    }
}

#[test]
fn scores_are_judged_by_their_instrument() {
    let ranges = [
        ("BSI", 0, 4),
        ("OQ45-sd", 0, 100),
        ("SQ48", 0, 148),
        ("SCL90", 90, 450),
        ("DASS21", 0, 126),
        ("CORE34", 0, 40),
        ("HADS", 0, 42),
        ("KKL", 0, 52),
        ("HoNOS-12", 0, 48),
        ("MANSA-12", 12, 84),
    ];
    let impossible: &[&str] = &["ROM-0303 measurement 2 totaalscore"];
    for (instrument, lowest, highest) in ranges {
        for (score, expected) in [
            (lowest - 1, impossible),
            (lowest, &[]),
            (highest, &[]),
            (highest + 1, impossible),
        ] {
            let changes = [
                ("meetinstrument", instrument),
                ("totaalscore", &score.to_string()),
            ];
            finds(file(&[row(&changes)]).as_bytes(), expected);
        }
    }
    let items_only = |score| file(&[row(&[("meetinstrument", "EQ5D"), ("totaalscore", score)])]);
    finds(items_only("999").as_bytes(), &[]);
    finds(
        items_only("12").as_bytes(),
        &["ROM-0302 measurement 2 totaalscore"],
    );
}

#[test]
fn an_extra_column_may_hold_what_it_likes_but_nothing_of_a_person() {
    let remark = "ROM-0007 remark 1 #19";
    for (value, expected) in [
        ("Locatie Noord", None),
        ("2025-01-01", None),
        ("12345678", None),
        ("behandelaar@kliniek.example", Some("ROM-0051 file 2 #19")),
        ("1234 AB", Some("ROM-0052 file 2 #19")),
        ("Zij wil liever niet bellen", Some("ROM-0054 file 2 #19")),
    ] {
        let text = format!("{};eigen\n{};{value}\n", super::HEADER, row(&[]));
        let expected: Vec<&str> = [Some(remark), expected].into_iter().flatten().collect();
        finds(text.as_bytes(), &expected);
    }
    let unsure = row(&[("diagnosegroep", "niet van toepassing")]);
    finds(
        file(&[unsure]).as_bytes(),
        &["ROM-0103 value 2 diagnosegroep"],
    );
    let told = row(&[("reden_non_response_na", "is verhuisd naar een andere stad")]);
    let refused = ["ROM-0054 file 2 reden_non_response_na"];
    finds(file(&[told]).as_bytes(), &refused);
}
