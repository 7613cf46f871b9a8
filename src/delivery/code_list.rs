//! Lists of codes as data: what is allowed, what means the same, which range a score has. Read once, never changed.

use serde::Deserialize;

/// A list of codes and where it comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// The name and version by which a specification refers to it.
    pub name: String,
    /// Source of the list.
    pub origin: String,
    /// The number that stands for "no total score, items only".
    #[serde(default)]
    pub sentinel: Option<f64>,
    /// The codes in the order of the source.
    pub codes: Vec<CodeEntry>,
    #[serde(skip)]
    index: Index,
}

/// Where codes of at most sixteen bytes stand, by their text as two numbers; longer ones are looked for one by one.
#[derive(Debug, Default)]
struct Index {
    slots: Vec<(Packed, Option<usize>)>,
}

type Packed = (u64, u64);

/// One code of a list.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// The code exactly as it is delivered.
    pub code: String,
    /// What it stands for, in the words of the source.
    #[serde(default)]
    pub title: Option<String>,
    /// The canonical code when this is another spelling of it.
    #[serde(default)]
    pub same_as: Option<String>,
    /// Lowest possible score.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// Highest possible score.
    #[serde(default)]
    pub maximum: Option<f64>,
    /// Whether only items are delivered, with the sentinel in place of a score.
    #[serde(default)]
    pub items_only: bool,
}

impl CodeList {
    /// The entry of a code; codes are compared exactly.
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<&CodeEntry> {
        let place = match packed(code) {
            Some(number) if !self.index.slots.is_empty() => self.index.find(number)?,
            _ => self.codes.iter().position(|e| e.code.as_bytes() == code)?,
        };
        let entry = self.codes.get(place)?;
        // Filled up with NUL, a code that ends in NUL would look like a shorter one.
        (entry.code.len() == code.len()).then_some(entry)
    }

    /// Prepares the list for being asked often.
    pub(super) fn indexed(mut self) -> Self {
        let codes = self.codes.iter().map(|entry| entry.code.as_bytes());
        let numbered = codes.map(packed).zip(0..);
        let short = numbered.filter_map(|(number, place)| Some((number?, place)));
        self.index = Index::of(&short.collect::<Vec<_>>());
        self
    }
}

/// A code of one to sixteen bytes as two numbers.
#[inline]
fn packed(code: &[u8]) -> Option<Packed> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    };
    match code.len() {
        1..=8 => Some((number(code), 0)),
        9..=16 => Some((number(&code[..8]), number(&code[8..]))),
        _ => None,
    }
}

impl Index {
    /// A table that is at most a quarter full, so that a search ends soon.
    fn of(codes: &[(Packed, usize)]) -> Self {
        let mut index = Self {
            slots: vec![((0, 0), None); (codes.len() * 4).next_power_of_two()],
        };
        for &(number, place) in codes {
            let mut slot = index.first(number);
            while index.slots[slot].1.is_some() {
                slot = (slot + 1) & (index.slots.len() - 1);
            }
            index.slots[slot] = (number, Some(place));
        }
        index
    }

    #[inline]
    fn find(&self, number: Packed) -> Option<usize> {
        let mut slot = self.first(number);
        loop {
            let (other, place) = self.slots[slot];
            if other == number || place.is_none() {
                return place;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The slot of a number; when that is taken, the next ones.
    #[inline]
    fn first(&self, (low, high): Packed) -> usize {
        let mixed = (low ^ high.rotate_left(23)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        usize::try_from(mixed).unwrap_or_default() & (self.slots.len() - 1)
    }
}

impl CodeEntry {
    /// The code under which it is stored.
    pub fn canonical(&self) -> &str {
        self.same_as.as_deref().unwrap_or(&self.code)
    }

    /// Whether a score is possible; the sentinel is judged apart.
    pub fn holds(&self, score: f64) -> bool {
        self.minimum.is_none_or(|minimum| score >= minimum)
            && self.maximum.is_none_or(|maximum| score <= maximum)
    }
}
