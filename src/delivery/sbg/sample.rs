//! Writes synthetic imports: the same bytes for the same seed, and, when asked, with faults whose findings are known.
//! Nothing in them comes from a person.

use std::io::{self, Write};

use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::sample::{Faults, Planted, Sample};
use super::fault::Fault;
use super::schema::schema;

/// An element to be written.
pub(super) struct Tree {
    name: &'static str,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) text: bool,
    children: Vec<Self>,
}

impl Tree {
    fn new(name: &'static str, attributes: Vec<(&'static str, String)>) -> Self {
        Self {
            name,
            attributes,
            text: false,
            children: Vec::new(),
        }
    }

    /// Gives an attribute a value, whether or not it is there.
    pub(super) fn set(&mut self, attribute: &'static str, value: String) {
        match self
            .attributes
            .iter_mut()
            .find(|(name, _)| *name == attribute)
        {
            Some((_, old)) => *old = value,
            None => self.attributes.push((attribute, value)),
        }
    }

    /// The last element of a name in the order of the document, and how many lines it lies below this one.
    fn last(&mut self, name: &str) -> Option<(u64, &mut Self)> {
        let mut found = None;
        self.each(0, &mut |line, tree| {
            if tree.name == name {
                found = Some(line);
            }
        });
        let line = found?;
        self.at(line).map(|tree| (line, tree))
    }

    fn each(&self, line: u64, visit: &mut dyn FnMut(u64, &Self)) -> u64 {
        visit(line, self);
        let mut next = line + 1;
        for child in &self.children {
            next = child.each(next, visit);
        }
        next + u64::from(!self.children.is_empty())
    }

    fn at(&mut self, line: u64) -> Option<&mut Self> {
        if line == 0 {
            return Some(self);
        }
        let mut next = 1;
        for child in &mut self.children {
            let lines = child.each(0, &mut |_, _| {});
            if line < next + lines {
                return child.at(line - next);
            }
            next += lines;
        }
        None
    }

    fn write(&self, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{:indent$}<{}", "", self.name, indent = depth * 2)?;
        for (name, value) in &self.attributes {
            write!(out, " {name}=\"{value}\"")?;
        }
        if self.text {
            return writeln!(out, ">-</{}>", self.name);
        }
        if self.children.is_empty() {
            return writeln!(out, "/>");
        }
        writeln!(out, ">")?;
        for child in &self.children {
            child.write(depth + 1, out)?;
        }
        writeln!(out, "{:indent$}</{}>", "", self.name, indent = depth * 2)
    }
}

/// Lines before the first client.
const LINES_BEFORE: u64 = 3;
/// Days that the delivered period lasts.
const PERIOD: u64 = 730;

/// Writes a sample and tells which faults it has, in the order of the file.
pub(crate) fn write(sample: &Sample, out: &mut dyn Write) -> io::Result<Vec<Planted>> {
    let mut random = ChaCha8Rng::seed_from_u64(sample.seed);
    let mut planted = Vec::new();
    let (mut rows, mut line, mut index) = (0, LINES_BEFORE, 0);
    begin(sample, out)?;
    while rows < sample.rows {
        let mut client = client(sample, index, sample.rows - rows, &mut random);
        if let Some(fault) = pick(sample.faults, &mut client, &mut random)
            && let Some((below, tree)) = client.last(fault.element)
        {
            fault.spoil(tree, sample.as_of);
            planted.push(Planted {
                row: line + below + 1,
                code: fault.code,
                column: fault.named_column(),
            });
        }
        client.write(2, out)?;
        let mut measurements = 0;
        line += client.each(0, &mut |_, tree| {
            measurements += u64::from(tree.name == "Meting");
        });
        rows += measurements.max(1);
        index += 1;
    }
    writeln!(out, "  </Zorgaanbieder>\n</BenchmarkImport>")?;
    Ok(planted)
}

fn begin(sample: &Sample, out: &mut dyn Write) -> io::Result<()> {
    let (from, until) = (sample.as_of - Days::new(PERIOD), sample.as_of);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<BenchmarkImport xmlns=\"{}\" versie=\"5.0\" datumCreatie=\"{until}T06:00:00\" \
         startdatumAangeleverdePeriode=\"{from}\" einddatumAangeleverdePeriode=\"{until}\">",
        schema().namespace
    )?;
    writeln!(
        out,
        "  <Zorgaanbieder zorgaanbiedercode=\"{}\">",
        sample.organisation
    )
}

/// A fault for a client, or none. It is drawn in any case, so that faults do not change the rest of the file.
fn pick(faults: Faults, client: &mut Tree, random: &mut ChaCha8Rng) -> Option<&'static Fault> {
    let chance = random.random_range(0..100_u8);
    let draw = random.random_range(0..u32::MAX);
    let (percent, heavy) = match faults {
        Faults::None => return None,
        Faults::Light(percent) => (percent, &[][..]),
        Faults::Any(percent) => (percent, Fault::heavy()),
    };
    let all = Fault::light().iter().chain(heavy);
    let fitting: Vec<_> = all.filter(|f| client.last(f.element).is_some()).collect();
    let fault = fitting.get(draw as usize % fitting.len().max(1)).copied();
    fault.filter(|_| chance < percent)
}

/// A client with one care path, one treatment, and a measurement before and after it, before only, or none.
fn client(sample: &Sample, index: u64, rows: u64, random: &mut ChaCha8Rng) -> Tree {
    let mut draw = |range: std::ops::RangeInclusive<u32>| random.random_range(range);
    let key = format!("C{:08X}", index.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF);
    let mut client = Tree::new(
        "Patient",
        vec![
            ("koppelnummer", key),
            ("geboorteMaand", draw(1..=12).to_string()),
            ("geboorteJaar", draw(1940..=2004).to_string()),
            ("geslacht", draw(1..=2).to_string()),
            ("postcodegebied", draw(1000..=9999).to_string()),
            ("leefsituatie", (draw(1..=6) * 10).to_string()),
        ],
    );
    let mut path = Tree::new(
        "Zorgtraject",
        vec![
            ("zorgtrajectnummer", format!("T{index:07}")),
            ("zorgdomeinCode", "02".to_owned()),
            ("primaireDiagnoseCode", format!("as1_{}", draw(1..=16))),
            ("GAFscore", draw(40..=80).to_string()),
        ],
    );
    let second = vec![("nevendiagnoseCode", format!("as2_{}", draw(1..=9)))];
    path.children.push(Tree::new("NevendiagnoseCode", second));
    let practitioner = [
        ("primairOfNeven", "1"),
        ("alias", "b1"),
        ("beroep", "PB.BG.gzpsy"),
    ];
    let practitioner = practitioner.map(|(name, value)| (name, value.to_owned()));
    path.children
        .push(Tree::new("Behandelaar", practitioner.into()));
    path.children.push(treatment(sample, index, rows, random));
    client.children.push(path);
    client
}

/// Between a month and two years ago; one in eight is still open.
fn treatment(sample: &Sample, index: u64, rows: u64, random: &mut ChaCha8Rng) -> Tree {
    let length = random.random_range(60..=240_u64);
    let start = sample.as_of - Days::new(length + random.random_range(30..=480));
    let first = start + Days::new(random.random_range(0..=20));
    let (tail, open) = (random.random_range(0..=20), random.random_range(0..8) == 0);
    let last = start + Days::new(length) - Days::new(tail);
    let mut treatment = Tree::new(
        "DBCTraject",
        vec![
            ("DBCTrajectnummer", format!("D{index:07}")),
            ("startdatumDBC", start.to_string()),
            ("datumEersteSessie", first.to_string()),
        ],
    );
    if !open {
        treatment.set("einddatumDBC", (start + Days::new(length)).to_string());
        treatment.set("datumLaatsteSessie", last.to_string());
    }
    let instrument = &INSTRUMENTS[random.random_range(0..INSTRUMENTS.len())];
    let answers = random.random_range(0..100_u8);
    if answers < 85 {
        let before = instrument.measure("1", first, random);
        treatment.children.push(before);
    }
    let after = (answers < 60 && !open).then(|| instrument.measure("2", last, random));
    treatment.children.extend(after.filter(|_| rows > 1));
    treatment
}

struct Instrument {
    code: &'static str,
    /// Scores before and after, in tenths.
    before: std::ops::Range<u32>,
    after: std::ops::Range<u32>,
}

const INSTRUMENTS: [Instrument; 3] = [
    Instrument {
        code: "BSI",
        before: 8..28,
        after: 2..20,
    },
    Instrument {
        code: "OQ45-sd",
        before: 350..800,
        after: 150..700,
    },
    Instrument {
        code: "DASS21",
        before: 200..900,
        after: 50..700,
    },
];

/// Items of a measurement, enough to see that they are passed over.
const ITEMS: u32 = 3;

impl Instrument {
    fn measure(&self, moment: &str, date: NaiveDate, random: &mut ChaCha8Rng) -> Tree {
        let range = if moment == "1" {
            &self.before
        } else {
            &self.after
        };
        let tenths = random.random_range(range.clone());
        let mut measurement = Tree::new(
            "Meting",
            vec![
                ("datum", date.to_string()),
                ("typemeting", moment.to_owned()),
                ("typeRespondent", "01".to_owned()),
                ("gebruiktMeetinstrument", self.code.to_owned()),
                (
                    "totaalscoreMeting",
                    format!("{}.{}", tenths / 10, tenths % 10),
                ),
            ],
        );
        for number in 1..=ITEMS {
            let score = random.random_range(0..=4_u32).to_string();
            let item = vec![("itemnummer", number.to_string()), ("score", score)];
            measurement.children.push(Tree::new("Item", item));
        }
        measurement
    }
}
