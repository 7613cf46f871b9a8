//! Finds delimiters and line feeds in text without quotes, eight bytes at a time. It is only a faster way to look:
//! what the places mean is decided by who asks.

const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;

/// The places of one delimiter and of line feeds, in order.
pub(super) struct Marks<'a> {
    words: std::slice::Iter<'a, [u8; 8]>,
    rest: &'a [u8],
    delimiter: u64,
    /// Place of the word after the one in `found`.
    next: usize,
    /// The high bit of every byte of the present word that is a mark.
    found: u64,
}

impl<'a> Marks<'a> {
    pub(super) fn of(text: &'a [u8], delimiter: u8) -> Self {
        let (words, rest) = text.as_chunks();
        Self {
            words: words.iter(),
            rest,
            delimiter: u64::from_le_bytes([delimiter; 8]),
            next: 0,
            found: 0,
        }
    }

    /// The next eight bytes; the last are filled up with NUL, which is no mark.
    fn word(&mut self) -> Option<u64> {
        if let Some(word) = self.words.next() {
            return Some(u64::from_le_bytes(*word));
        }
        let rest = std::mem::take(&mut self.rest);
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        (!rest.is_empty()).then_some(u64::from_le_bytes(word))
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            let word = self.word()?;
            self.next += 8;
            self.found =
                zeros(word ^ self.delimiter) | zeros(word ^ u64::from_le_bytes([b'\n'; 8]));
        }
        let place = self.next - 8 + (self.found.trailing_zeros() / 8) as usize;
        self.found &= self.found - 1;
        Some(place)
    }
}

/// The high bit of every byte that is zero, without the false hits of the shorter formula.
fn zeros(word: u64) -> u64 {
    !(((word & LOW) + LOW) | word | LOW)
}
