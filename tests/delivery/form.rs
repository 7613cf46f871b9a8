//! In form a file is free, and the report says what was detected.

use portaal_console::delivery::{Encoding, check};

use super::{ROW, file, finds, judge, lines, options, row};

#[test]
fn form_is_free() {
    let plain = file(&[
        ROW.to_owned(),
        row(&[("koppelnummer", "Zoë"), ("totaalscore", "2,5")]),
    ]);
    let bar = plain.replace(';', "|");
    let comma = plain.replace(',', ".").replace(';', ",");
    let quoted = plain
        .trim_end()
        .replace(';', "\";\"")
        .replace('\n', "\"\r\n\"");
    let quoted = format!("\"{quoted}\"\r\n");
    let dutch = plain
        .replace("2025-01-10", "10-01-2025")
        .replace("2025-01-15", "15-01-2025");
    let compact = plain.replace("2025-01-15", "20250115");
    let upper = plain.replace("koppelnummer", " KoppelNummer ");
    let texts = [
        bar,
        plain.replace(';', "\t"),
        comma,
        quoted,
        dutch,
        compact,
        upper,
        plain.replace('\n', "\r"),
        plain.replace('\n', "\r\n"),
    ];
    for text in texts {
        finds(text.as_bytes(), &[]);
    }
    let mut columns: Vec<Vec<&str>> = plain
        .lines()
        .map(|line| line.split(';').collect())
        .collect();
    for line in &mut columns {
        line.reverse();
    }
    let reversed: Vec<String> = columns.iter().map(|line| line.join(";")).collect();
    finds(reversed.join("\n").as_bytes(), &[]);
    finds(plain.trim_end().as_bytes(), &[]);
}

#[test]
fn encodings_are_told_apart() {
    let plain = file(&[ROW.to_owned(), row(&[("koppelnummer", "Zoë-€")])]);
    let western: Vec<u8> = plain
        .chars()
        .map(|c| match c {
            'ë' => 0xEB,
            '€' => 0x80,
            other => u8::try_from(u32::from(other)).expect("ASCII"),
        })
        .collect();
    let little: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(plain.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let cases = [
        (plain.clone().into_bytes(), "utf-8"),
        (format!("\u{feff}{plain}").into_bytes(), "utf-8-bom"),
        (western.clone(), "windows-1252"),
        (little.clone(), "utf-16le"),
        (big, "utf-16be"),
    ];
    for (bytes, encoding) in cases {
        let mut keys = Vec::new();
        let report = check(&mut bytes.as_slice(), &options(), &mut |row| {
            keys.push(row.client_key.to_owned());
        });
        let report = report.expect("bytes in memory can be read");
        assert_eq!(lines(&report), [""; 0], "{encoding}");
        assert_eq!(
            report.detected.encoding.map(Encoding::as_str),
            Some(encoding)
        );
        assert_eq!(keys, ["K1", "Zoë-€"]);
    }
    let damaged = |bytes: &mut Vec<u8>, with: &[u8]| {
        let at = bytes.len() - 3;
        bytes.splice(at..at, with.iter().copied());
        lines(&judge(bytes))
    };
    assert_eq!(
        damaged(&mut plain.clone().into_bytes(), &[0xFF]),
        ["ROM-0013 file 3"]
    );
    assert_eq!(damaged(&mut western.clone(), &[0x81]), ["ROM-0013 file 3"]);
    assert_eq!(damaged(&mut little.clone(), &[0]), ["ROM-0013 file 3"]);
}
