//! The name of a file in a Content-Disposition header (RFC 6266, with the encoded form of RFC 8187). What it is used for, and that
//! it is never a path, is not decided here.

/// The name that a header gives; the encoded form wins over the plain one. Empty when it gives none.
pub(super) fn file_name(header: &[u8]) -> String {
    let parameters = parameters(header);
    let named = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_slice())
    };
    named("filename*")
        .and_then(decode)
        .or_else(|| named("filename").map(text))
        .unwrap_or_default()
}

/// Names in lower case and values, quotes taken off. What is damaged ends the list.
fn parameters(header: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut rest = after(header, b';');
    while let Some(found) = rest {
        let Some(equals) = found.iter().position(|b| *b == b'=') else {
            break;
        };
        let (name, value) = found.split_at(equals);
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        let (value, left) = value_of(value.get(1..).unwrap_or_default());
        all.push((name, value));
        rest = after(left, b';');
    }
    all
}

fn after(bytes: &[u8], mark: u8) -> Option<&[u8]> {
    let at = bytes.iter().position(|b| *b == mark)?;
    bytes.get(at + 1..)
}

/// A token or a quoted string, and what follows it.
fn value_of(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let blank = bytes
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    let bytes = bytes.get(blank..).unwrap_or_default();
    let Some(quoted) = bytes.strip_prefix(b"\"") else {
        let end = bytes.iter().position(|b| *b == b';').unwrap_or(bytes.len());
        let (token, rest) = bytes.split_at(end);
        return (token.trim_ascii().to_vec(), rest);
    };
    let (mut value, mut escaped) = (Vec::new(), false);
    for (i, byte) in quoted.iter().enumerate() {
        match byte {
            _ if escaped => {
                value.push(*byte);
                escaped = false;
            }
            b'\\' => escaped = true,
            b'"' => return (value, quoted.get(i + 1..).unwrap_or_default()),
            _ => value.push(*byte),
        }
    }
    (value, &[])
}

/// `UTF-8''na%C3%AFef.csv`; other encodings than these two are not decoded.
fn decode(value: &[u8]) -> Option<String> {
    let value = std::str::from_utf8(value).ok()?;
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut left = encoded.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        left = rest;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, rest) = left.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        left = rest;
    }
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(bytes.iter().map(|b| char::from(*b)).collect()),
        _ => None,
    }
}

/// Bytes as UTF-8 where they are, else one character each, as old clients send them.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(
        |_| bytes.iter().map(|b| char::from(*b)).collect(),
        str::to_owned,
    )
}
