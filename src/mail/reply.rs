//! What an SMTP server says: a bounded parser for replies and EHLO lines that no text can make panic. No I/O.

/// Bytes that one line may have at most; RFC 5321 says 512, servers say more.
pub const MOST_LINE: usize = 2048;
/// Lines that one reply may have at most.
pub const MOST_LINES: usize = 128;

/// A complete reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// The text of each line, without its code.
    pub lines: Vec<String>,
}

impl Reply {
    /// Its first digit.
    pub const fn class(&self) -> u16 {
        self.code / 100
    }

    /// Code and text in one line.
    pub fn told(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" "))
    }
}

/// The server did not speak SMTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Garbled;

/// Reads one reply from the front of `bytes`. Gives it with the number of bytes it took, or `None` when more must come.
pub fn parse(bytes: &[u8]) -> Result<Option<(Reply, usize)>, Garbled> {
    let mut reply: Option<Reply> = None;
    let mut taken = 0;
    loop {
        let rest = bytes.get(taken..).unwrap_or_default();
        let Some(length) = rest.iter().position(|b| *b == b'\n') else {
            return if rest.len() > MOST_LINE {
                Err(Garbled)
            } else {
                Ok(None)
            };
        };
        if length > MOST_LINE {
            return Err(Garbled);
        }
        let (code, more, text) = line(rest.get(..length).unwrap_or_default())?;
        taken += length + 1;
        let reply = reply.get_or_insert(Reply {
            code,
            lines: Vec::new(),
        });
        if reply.code != code || reply.lines.len() >= MOST_LINES {
            return Err(Garbled);
        }
        reply.lines.push(text);
        if !more {
            return Ok(Some((reply.clone(), taken)));
        }
    }
}

fn line(bytes: &[u8]) -> Result<(u16, bool, String), Garbled> {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let digits = bytes.get(..3).ok_or(Garbled)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Garbled);
    }
    let code = digits
        .iter()
        .fold(0_u16, |n, d| n * 10 + u16::from(*d - b'0'));
    if !(200..=599).contains(&code) {
        return Err(Garbled);
    }
    let more = match bytes.get(3) {
        None | Some(b' ') => false,
        Some(b'-') => true,
        Some(_) => return Err(Garbled),
    };
    let text = String::from_utf8_lossy(bytes.get(4..).unwrap_or_default());
    Ok((code, more, text.trim().to_owned()))
}

/// What a server offers in its answer to EHLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// STARTTLS.
    pub starttls: bool,
    /// AUTH PLAIN.
    pub plain: bool,
    /// AUTH LOGIN.
    pub login: bool,
}

/// Reads the answer to EHLO; lines that are empty or unknown are passed over.
pub fn offers(reply: &Reply) -> Offers {
    let mut offers = Offers::default();
    for line in reply.lines.iter().skip(1) {
        let upper = line.to_ascii_uppercase().replace('=', " ");
        let mut words = upper.split_whitespace();
        match words.next() {
            Some("STARTTLS") => offers.starttls = true,
            Some("AUTH") => {
                for mechanism in words {
                    offers.plain |= mechanism == "PLAIN";
                    offers.login |= mechanism == "LOGIN";
                }
            }
            Some(_) | None => {}
        }
    }
    offers
}
