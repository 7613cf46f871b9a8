//! A small valid PDF with a few lines of text: the document of a version of the agreement. Not a general PDF writer.

/// The bytes of a one-page PDF with a title and lines; what Latin-1 does not have becomes a question mark.
pub(super) fn pdf(title: &str, lines: &[&str]) -> Vec<u8> {
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
          /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        stream(title, lines),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
    ];
    let mut bytes = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::with_capacity(objects.len());
    for (number, object) in (1..).zip(&objects) {
        offsets.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    let size = objects.len() + 1;
    bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    bytes
}

fn stream(title: &str, lines: &[&str]) -> Vec<u8> {
    let mut text = b"BT /F1 16 Tf 56 780 Td (".to_vec();
    text.extend(literal(title));
    text.extend(b") Tj /F1 10 Tf 0 -36 Td 16 TL\n");
    for line in lines {
        text.extend(b"(");
        text.extend(literal(line));
        text.extend(b") Tj T*\n");
    }
    text.extend(b"ET");
    let mut object = format!("<< /Length {} >>\nstream\n", text.len()).into_bytes();
    object.extend(text);
    object.extend(b"\nendstream");
    object
}

/// Text as a PDF string holds it.
fn literal(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '(' | ')' | '\\') {
            bytes.push(b'\\');
        }
        bytes.push(u8::try_from(u32::from(c)).unwrap_or(b'?'));
    }
    bytes
}
