//! The structure of the XML import against `xmllint --schema`: a schema document is written from our own table, and both judge
//! the same valid files and mutants of them. Differences are a table with reasons.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use portaal_console::delivery::sample::Faults;
use portaal_console::delivery::sbg::schema::{Element, Kind, Schema, schema};
use portaal_console::delivery::{Format, Options, Severity};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::sbg::{import, sample, with};
use super::{judge, judge_with, lines, options};

/// The schema document of our table.
fn written(schema: &Schema) -> String {
    let namespace = &schema.namespace;
    let mut text = format!(
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:own=\"{namespace}\" \
         targetNamespace=\"{namespace}\" elementFormDefault=\"qualified\">\n"
    );
    write_element(schema, &schema.elements[0], "", 1, &mut text);
    text.push_str("</xs:schema>\n");
    text
}

fn write_element(schema: &Schema, element: &Element, occurs: &str, depth: usize, out: &mut String) {
    put(
        out,
        depth,
        &format!("<xs:element name=\"{}\"{occurs}>", element.name),
    );
    put(out, depth + 1, "<xs:complexType>");
    if !element.children.is_empty() {
        put(out, depth + 2, "<xs:sequence>");
        for child in &element.children {
            let least = u8::from(child.required);
            let occurs = format!(" minOccurs=\"{least}\" maxOccurs=\"unbounded\"");
            write_element(
                schema,
                &schema.elements[child.element],
                &occurs,
                depth + 3,
                out,
            );
        }
        put(out, depth + 2, "</xs:sequence>");
    }
    for attribute in &element.attributes {
        let kind = match attribute.kind {
            Kind::String => "string",
            Kind::Int => "int",
            Kind::Decimal => "decimal",
            Kind::Date => "date",
            Kind::DateTime => "dateTime",
        };
        let required = if attribute.required {
            " use=\"required\""
        } else {
            ""
        };
        let fixed = attribute
            .fixed
            .iter()
            .map(|value| format!(" fixed=\"{value}\""));
        let fixed: String = fixed.collect();
        let name = &attribute.name;
        put(
            out,
            depth + 2,
            &format!("<xs:attribute name=\"{name}\" type=\"xs:{kind}\"{required}{fixed}/>"),
        );
    }
    put(out, depth + 1, "</xs:complexType>");
    for (number, unique) in element.uniques.iter().enumerate() {
        let child = &schema.elements[unique.child];
        put(
            out,
            depth + 1,
            &format!("<xs:unique name=\"{}{number}\">", element.name),
        );
        put(
            out,
            depth + 2,
            &format!("<xs:selector xpath=\"own:{}\"/>", child.name),
        );
        for position in &unique.by {
            put(
                out,
                depth + 2,
                &format!(
                    "<xs:field xpath=\"@{}\"/>",
                    child.attributes[*position].name
                ),
            );
        }
        put(out, depth + 1, "</xs:unique>");
    }
    put(out, depth, "</xs:element>");
}

fn put(out: &mut String, depth: usize, text: &str) {
    writeln!(out, "{:indent$}{text}", "", indent = depth * 2).expect("memory can be written");
}

/// Whether the schema validator accepts each of these files.
fn validate(directory: &Path, files: &[Vec<u8>]) -> Vec<bool> {
    let document = directory.join("schema.xsd");
    std::fs::write(&document, written(schema())).expect("the directory can be written");
    let mut verdicts = Vec::new();
    for (chunk, first) in files.chunks(400).zip((0..).step_by(400)) {
        let names: Vec<_> = (0..chunk.len())
            .map(|n| format!("{}.xml", first + n))
            .collect();
        for (name, file) in names.iter().zip(chunk) {
            std::fs::write(directory.join(name), file).expect("the directory can be written");
        }
        let mut command = Command::new("xmllint");
        command
            .current_dir(directory)
            .args(["--noout", "--nonet", "--schema", "schema.xsd"]);
        let output = command.args(&names).output().expect("xmllint runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!told.contains("failed to compile"), "{told}");
        let accepted: std::collections::HashSet<&str> = told
            .lines()
            .filter_map(|line| line.strip_suffix(" validates"))
            .collect();
        verdicts.extend(names.iter().map(|name| accepted.contains(name.as_str())));
    }
    verdicts
}

/// What we refuse a file for, when it is its form or its structure. Our own lists and rules go beyond a schema.
fn refused_for(file: &[u8]) -> Option<String> {
    let of_form = ["SBG-00", "SBG-01", "ROM-0012", "ROM-0013", "ROM-0018"];
    let named = Options {
        specification: Format::named("sbg-5.0.1"),
        ..options()
    };
    let report = judge_with(file, &named);
    let mut refusals = report
        .findings
        .iter()
        .filter(|f| f.severity == Severity::File);
    refusals
        .find(|f| of_form.iter().any(|code| f.code.as_str().starts_with(code)))
        .map(|f| f.code.as_str().to_owned())
}

/// What attribute values become in mutants: of every type what is just right and just wrong.
const VALUES: &[&str] = &[
    "",
    "0",
    "-0",
    "+7",
    "007",
    "1.0",
    "-1.50",
    ".5",
    "5.",
    ".",
    "+",
    "--1",
    "1e3",
    "1,5",
    "INF",
    "NaN",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "123456789012345678901234",
    "1234567890123456789012345",
    "0.123456789012345678901234",
    "1.123456789012345678901234",
    "2025-02-28",
    "2025-02-29",
    "2024-02-29",
    "1900-02-29",
    "2000-02-29",
    "2025-13-01",
    "2025-00-01",
    "2025-01-00",
    "2025-01-32",
    "2025-1-1",
    "20250101",
    "01-01-2025",
    "2025-01-01Z",
    "2025-01-01+01:00",
    "2025-01-01+14:00",
    "2025-01-01+14:01",
    "2025-01-01-14:00",
    "2025-01-01z",
    "0000-01-01",
    "-0001-01-01",
    "12025-01-01",
    "02025-01-01",
    "0201-01-01",
    "9223372036854775807-01-01",
    "9223372036854775808-01-01",
    "2025-01-01T10:00:00",
    "2025-01-01T24:00:00",
    "2025-01-01T24:00:01",
    "2025-01-01T10:00:60",
    "2025-01-01T10:60:00",
    "2025-01-01T25:00:00",
    "2025-01-01T10:00:00.5",
    "2025-01-01T10:00:00.",
    "2025-01-01T10:00:00Z",
    "2025-01-01T10:00:00.123+01:00",
    "2025-01-01t10:00:00",
    "2025-01-01T10:00",
    "5.0",
    "5.1",
    "5&#46;0",
    "K1",
    "&amp;",
    "&lt;",
    "&#65;",
    "&#x41;",
    "&#0;",
    "&#x1F600;",
    "&#xD800;",
    "&#xFFFE;",
    "&nbsp;",
    "&",
    "<",
    ">",
    "]]>",
    "&#;",
    "&#x;",
    "é",
    "\u{1}",
    "\u{fffe}",
    "😀",
    "&#49",
    "'",
    "a\u{85}b",
];

/// What is put between tags in mutants.
const SNIPPETS: &[&str] = &[
    "<!-- x -->",
    "<!-- a -- b -->",
    "<!-- a --->",
    "<!---->",
    "<!-->",
    "<!- x -->",
    "<?a b?>",
    "<?a?>",
    "<?xml version=\"1.0\"?>",
    "<?XML a?>",
    "<?xml-stylesheet a?>",
    "<??>",
    "<?1a?>",
    "<? a?>",
    "<?a",
    "<![CDATA[ ]]>",
    "<![CDATA[]]>",
    "<![CDATA[x]]>",
    "<![cdata[x]]>",
    "<!x>",
    "x",
    "]]>",
    "&#32;",
    "&#9;",
    "&amp;",
    "&#65;",
    "&x;",
    "&#0;",
    "\u{1}",
    "<a/>",
    "<Patient/>",
    "<Item itemnummer=\"9\" score=\"1\"/>",
    "<Behandelaar primairOfNeven=\"1\" alias=\"z\"/>",
    "<NevendiagnoseCode nevendiagnoseCode=\"z\"/>",
    "<Zorgaanbieder zorgaanbiedercode=\"1\"/>",
    "<Patient koppelnummer=\"z\"/>",
    "<Patient xmlns=\"urn:x\" koppelnummer=\"z\"/>",
    "<p:Patient xmlns:p=\"http://sbggz.nl/schema/import/5.0.1\" koppelnummer=\"z\"/>",
    "<p:Patient koppelnummer=\"z\"/>",
    "</Patient>",
    "<",
    ">",
    "< a/>",
    "<a b=c/>",
    "<a b=\"1\"c=\"2\"/>",
    "<a/ >",
    "<1a/>",
    "é",
    " ",
    "<é/>",
    "\u{feff}",
];

/// What is added to a tag in mutants.
const ATTRIBUTES: &[&str] = &[
    " x=\"1\"",
    " xml:lang=\"nl\"",
    " xmlns:x=\"urn:x\" x:y=\"1\"",
    " y:z=\"1\"",
    " xmlns=\"\"",
    " xmlns=\"urn:x\"",
    " xmlns:y=\"urn:x\"",
    " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:schemaLocation=\"http://sbggz.nl/schema/import/5.0.1 no.xsd\"",
    " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:noNamespaceSchemaLocation=\"no.xsd\"",
    " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"false\"",
    " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:other=\"1\"",
    " koppelnummer=\"9\"",
    " score=\"9\"",
    " alias=\"9\"",
    " x",
    " x=",
    " x=1",
    " =\"1\"",
    " \"1\"",
    " 1x=\"1\"",
    " x='\"'",
    "x=\"1\"",
    " x = '1'",
    " é=\"1\"",
    " ",
    "\n",
    " metingReserve05=\"\"",
    " itemReserve01=\"é\"",
    " patientReserve06=\"\"",
    " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"",
];

/// Other beginnings of the file in mutants.
const DECLARATIONS: &[&str] = &[
    "",
    " ",
    "\n",
    "<?xml version='1.0'?>",
    "<?xml version='1.1'?>",
    "<?xml version='1.'?>",
    "<?xml version='2.0'?>",
    "<?xml version='1.x'?>",
    "<?xml encoding='UTF-8'?>",
    "<?xml version='1.0' standalone='yes'?>",
    "<?xml version='1.0' standalone='maybe'?>",
    "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
    "<?xml version='1.0' encoding='utf8' ?>",
    "<?xml version='1.0' encoding='UTF-16'?>",
    "<?xml version='1.0' encoding='klingon'?>",
    "<?xml version='1.0' encoding=''?>",
    "<?xml version='1.0'encoding='UTF-8'?>",
    "<?xml?>",
    "<?xml version='1.0' x='1'?>",
    "<?xml version = '1.0'\tencoding\n= 'UTF-8'  ?>",
    " <?xml version='1.0'?>",
    "<!-- x --><?xml version='1.0'?>",
    "<?xml version=\"1.0\" encoding=\"us-ascii\"?>",
    "\u{feff}<?xml version='1.0'?>",
    "\u{feff}",
];

/// Characters that replace others in mutants. No blanks: those around numbers are a listed difference.
const CHARACTERS: &[u8] = b"<>&\"'/=!?[]#;:-.xA1_\x01";

fn mutant(valid: &str, random: &mut ChaCha8Rng) -> String {
    let mut lines: Vec<String> = valid.lines().map(str::to_owned).collect();
    let mut draw = |most: usize| random.random_range(0..most);
    let of = |all: &[&'static str], at: usize| all[at % all.len()];
    let line = draw(lines.len());
    let other = draw(lines.len());
    let choice = draw(1 << 20);
    match draw(13) {
        0 => drop(lines.remove(line)),
        1 => lines.insert(other, lines[line].clone()),
        2 => lines.swap(line, other),
        3 => {
            let moved = lines.remove(line);
            lines.insert(other.min(lines.len()), moved);
        }
        4 | 5 => replace_value(&mut lines[line], choice, of(VALUES, draw(1 << 20))),
        6 => remove_attribute(&mut lines[line], choice),
        7 => repeat_attribute(&mut lines[line], choice),
        8 => lines.insert(line, of(SNIPPETS, choice).to_owned()),
        9 => {
            let at = lines[line].find("/>").or_else(|| lines[line].rfind('>'));
            lines[line].insert_str(at.unwrap_or(0), of(ATTRIBUTES, choice));
        }
        10 => of(DECLARATIONS, choice).clone_into(&mut lines[0]),
        11 => lines.truncate(line),
        _ => {
            let at = choice % lines[line].len().max(1);
            let character = char::from(CHARACTERS[draw(CHARACTERS.len())]);
            if lines[line].is_char_boundary(at) && at < lines[line].len() {
                match draw(3) {
                    0 => lines[line].insert(at, character),
                    1 => lines[line].replace_range(at..=at, &character.to_string()),
                    _ => drop(lines[line].remove(at)),
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

/// Where the attributes of a line stand: from the blank before to the quote behind.
fn attributes(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = line[from..].find("=\"").map(|at| from + at) {
        let Some(end) = line[at + 2..].find('"').map(|end| at + 2 + end) else {
            break;
        };
        let start = line[..at].rfind(' ').unwrap_or(at);
        found.push(start..end + 1);
        from = end + 1;
    }
    found
}

fn replace_value(line: &mut String, choice: usize, value: &str) {
    let all = attributes(line);
    if let Some(place) = all.get(choice % all.len().max(1)).cloned() {
        let start = line[place.clone()]
            .find('"')
            .map_or(place.start, |at| place.start + at + 1);
        line.replace_range(start..place.end - 1, value);
    }
}

fn remove_attribute(line: &mut String, choice: usize) {
    let all = attributes(line);
    if let Some(place) = all.get(choice % all.len().max(1)).cloned() {
        line.replace_range(place, "");
    }
}

fn repeat_attribute(line: &mut String, choice: usize) {
    let all = attributes(line);
    if let Some(place) = all.get(choice % all.len().max(1)).cloned() {
        let again = line[place.clone()].to_owned();
        line.insert_str(place.end, &again);
    }
}

fn soak() -> usize {
    let times = std::env::var("PORTAAL_TEST_SOAK").ok();
    times.and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// Codes with which we refuse more than the schema does, as the table of differences says.
const STRICTER: [&str; 3] = ["SBG-0004", "SBG-0008", "SBG-0009"];

#[test]
fn the_validator_agrees_on_valid_files_and_on_mutants() {
    let rounds = soak() * 900;
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut files = vec![import().into_bytes()];
    for seed in 0..20 {
        files.push(sample(seed % 7 + 1, seed, Faults::None).0);
    }
    let valid = files.len();
    for _ in 0..rounds {
        let original = &files[random.random_range(0..valid)];
        let text = String::from_utf8(original.clone()).expect("samples are text");
        let mut text = mutant(&text, &mut random);
        if random.random_range(0..4) == 0 {
            text = mutant(&text, &mut random);
        }
        files.push(text.into_bytes());
    }
    let directory = tempfile::tempdir().expect("a directory");
    let verdicts = validate(directory.path(), &files);
    assert!(verdicts[..valid].iter().all(|accepted| *accepted));
    let accepted = verdicts.iter().filter(|accepted| **accepted).count();
    assert!(
        accepted > valid + rounds / 20 && accepted < files.len() / 2,
        "{accepted}"
    );
    let mut disagreements = Vec::new();
    for (file, accepted) in files.iter().zip(verdicts) {
        let refused = refused_for(file);
        let stricter = refused
            .as_deref()
            .is_some_and(|code| STRICTER.contains(&code));
        if accepted == refused.is_some() && !(accepted && stricter) {
            let text = String::from_utf8_lossy(file);
            disagreements.push(format!(
                "validator accepts: {accepted}, we: {refused:?}\n{text}"
            ));
        }
    }
    assert!(
        disagreements.is_empty(),
        "{} of {}\n{}",
        disagreements.len(),
        files.len(),
        disagreements.join("\n\n")
    );
}

/// One row for each difference that the module names.
#[test]
fn what_differs_from_the_schema_is_listed() {
    let doctype = |inside: &str| {
        let text = format!("<!DOCTYPE BenchmarkImport{inside}>\n<BenchmarkImport");
        with("<BenchmarkImport", &text).into_bytes()
    };
    let instance = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:o=\"http://sbggz.nl/schema/import/5.0.1\"";
    let second = "alias=\"b1\"/>\n<Behandelaar primairOfNeven=\"2\" alias=\"b1 \"/>";
    let behind = |bytes: &[u8]| [import().as_bytes(), bytes].concat();
    let utf16: Vec<u8> = format!("\u{feff}{}", import().replace("UTF-8", "UTF-16"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: Vec<(Vec<u8>, bool, &str)> = vec![
        (doctype(""), true, "SBG-0004 file 2"),
        (doctype(" SYSTEM \"x.dtd\""), true, "SBG-0004 file 2"),
        (doctype(" [<!ENTITY a \"b\">]"), true, "SBG-0004 file 2"),
        (
            with(
                "alias=\"b1\"",
                &format!("{instance} i:type=\"own\" alias=\"b1\"").replace("\"own\"", "\"o:x\""),
            )
            .into_bytes(),
            false,
            "SBG-0106 file 7",
        ),
        (
            with("2025-12-01T06:00:00", "2025-12-01 06:00:00").into_bytes(),
            false,
            "SBG-0111 remark 2 BenchmarkImport/@datumCreatie",
        ),
        (with("\"0007\"", "\" 0007\t\"").into_bytes(), false, ""),
        (
            with("\"2025-01-10\"", "\"2025-01-10 \"").into_bytes(),
            false,
            "",
        ),
        (with("\"1.5\"", "\" 1.5 \"").into_bytes(), true, ""),
        (
            with("alias=\"b1\"/>", second).into_bytes(),
            true,
            "SBG-0114 file 8 Behandelaar/@alias",
        ),
        (
            with("alias=\"b1\"", "alias=\"b1\" xmlns:x=\"\"").into_bytes(),
            true,
            "SBG-0008 file 7",
        ),
        (
            with("alias=\"b1\"", "alias=\"b1\" xmlns:xml=\"urn:x\"").into_bytes(),
            true,
            "SBG-0008 file 7",
        ),
        (with("UTF-8", "UTF-7").into_bytes(), true, "SBG-0009 file 1"),
        (behind(b"\0"), true, "ROM-0012 file 17"),
        ([utf16.as_slice(), b"\n"].concat(), true, "ROM-0013 file 17"),
        (
            with("alias=\"b1\"", &format!("alias=\"{}\"", "b".repeat(9000))).into_bytes(),
            true,
            "SBG-0012 file 7",
        ),
        (
            with(
                "<Behandelaar",
                &format!("<!--{}-->\n<Behandelaar", "x".repeat(70_000)),
            )
            .into_bytes(),
            true,
            "SBG-0012 file 7",
        ),
    ];
    let directory = tempfile::tempdir().expect("a directory");
    let files: Vec<_> = cases.iter().map(|(file, ..)| file.clone()).collect();
    let verdicts = validate(directory.path(), &files);
    for ((file, by_schema, ours), verdict) in cases.iter().zip(verdicts) {
        let text = String::from_utf8_lossy(&file[..file.len().min(3000)]);
        assert_eq!(verdict, *by_schema, "the validator on {text}");
        let expected: Vec<_> = Some(*ours)
            .filter(|line| !line.is_empty())
            .into_iter()
            .collect();
        assert_eq!(lines(&judge(file)), expected, "{text}");
    }
}

/// Every code of structure is found where it should be.
#[test]
fn structure_has_its_own_findings() {
    let cases = [
        ("koppelnummer=\"K1\"", "koppelnummer=K1", "SBG-0001 file 4"),
        ("</BenchmarkImport>", "", "SBG-0002 file 17"),
        ("</Patient>", "</patient>", "SBG-0003 file 14"),
        ("alias=\"b1\"", "alias=\"&nbsp;\"", "SBG-0005 file 7"),
        ("alias=\"b1\"", "alias=\"\n\u{1}\"", "SBG-0006 file 8"),
        ("alias=\"b1\"", "alias=\"&#1;\"", "SBG-0006 file 7"),
        (
            "alias=\"b1\"",
            "alias=\"b1\"\nalias=\"b2\"",
            "SBG-0007 file 8",
        ),
        ("alias=\"b1\"", "alias=\"b1\" x:y=\"\"", "SBG-0008 file 7"),
        ("<?xml", "\n\n<?xml", "SBG-0011 file 3"),
        (
            "<Zorgaanbieder ",
            "<Zorgverlener a=\"\"/><Zorgaanbieder ",
            "SBG-0102 file 3",
        ),
        (
            "<Zorgaanbieder ",
            "<Patient/><Zorgaanbieder ",
            "SBG-0103 file 3 Patient",
        ),
        (
            "<Zorgaanbieder ",
            "<Zorgaanbieder xmlns=\"urn:x\"/><Zorgaanbieder ",
            "SBG-0101 file 3 Zorgaanbieder",
        ),
        ("<Item ", "tekst<Item ", "SBG-0105 file 9 Meting"),
        (
            "alias=\"b1\"/>",
            "alias=\"b1\"> </Behandelaar>",
            "SBG-0105 file 7 Behandelaar",
        ),
        (
            "alias=\"b1\"",
            "alias=\"b1\"\n\nscore=\"1\" naam=\"x\"",
            "SBG-0106 file 9 Item/@score;SBG-0106 file 9",
        ),
        ("alias=\"b1\"", "", "SBG-0107 file 7 Behandelaar/@alias"),
        (
            "versie=\"5.0\"",
            "versie=\"5.1\"",
            "SBG-0108 file 2 BenchmarkImport/@versie",
        ),
        (
            "startdatumDBC=\"2025-01-10\"",
            "startdatumDBC=\"10-01-2025\"",
            "SBG-0109 file 8 DBCTraject/@startdatumDBC",
        ),
        (
            "2025-12-01T06:00:00",
            "2025-12-01",
            "SBG-0110 file 2 BenchmarkImport/@datumCreatie",
        ),
        (
            "GAFscore=\"60\"",
            "GAFscore=\"60,0\"",
            "SBG-0112 file 5 Zorgtraject/@GAFscore",
        ),
        (
            "score=\"2\"",
            "score=\"2,5\"",
            "SBG-0113 file 10 Item/@score",
        ),
        (
            "<Item ",
            "<Item itemnummer=\"1\" score=\"3\"/>\n<Item ",
            "SBG-0114 file 11 Item/@itemnummer",
        ),
    ];
    for (old, new, expected) in cases {
        let text = with(old, new);
        let expected: Vec<_> = expected.split(';').collect();
        assert_eq!(lines(&judge(text.as_bytes())), expected, "{new}");
    }
    let root = "<BenchmarkImport versie=\"5.0\"/>";
    assert_eq!(
        lines(&judge(root.as_bytes())),
        ["SBG-0101 file 1 BenchmarkImport"]
    );
    assert_eq!(lines(&judge(b"<html></html>")), ["SBG-0100 file 1"]);
    assert_eq!(lines(&judge(b"<!-- -->\n")), ["SBG-0002 file 2"]);
    let text = import();
    let organisation = text.find("<Zorgaanbieder").expect("there is one")
        ..text.find("</BenchmarkImport").expect("it is closed");
    let mut empty = text.clone();
    empty.replace_range(organisation, "");
    assert_eq!(
        lines(&judge(empty.as_bytes())),
        ["SBG-0104 file 3 Zorgaanbieder"]
    );
}

#[test]
fn a_schema_that_names_what_does_not_exist_is_refused() {
    let document = include_str!("../../src/delivery/specifications/sbg-5.0.1.json");
    assert!(Schema::read(document).is_ok());
    for (old, new) in [
        ("\"child\": \"Item\"", "\"child\": \"item\""),
        ("\"by\": [\"alias\"]", "\"by\": [\"naam\"]"),
        ("[{ \"name\": \"Item\" }]", "[{ \"name\": \"Vraag\" }]"),
        ("geslacht-1", "geslacht-9"),
        ("SBG-0200", "SBG-9999"),
        (
            "\"not_before\": \"startdatumDBC\"",
            "\"not_before\": \"begindatum\"",
        ),
        ("\"type\": \"int\"", "\"type\": \"integer\""),
        ("\"part\": \"client\"", "\"deel\": \"client\""),
    ] {
        assert!(document.contains(old), "{old}");
        assert!(Schema::read(&document.replace(old, new)).is_err(), "{new}");
    }
}
