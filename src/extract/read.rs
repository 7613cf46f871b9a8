//! Tables and hierarchies from CSV text, each row with the line it stands on. The only code that the engine and the checker share.

use super::fault::{Fault, Wrong};
use crate::domain::check::unprintable;

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Not decided yet.
    #[default]
    Open,
    /// Published.
    Published,
    /// Hidden for its own sake.
    Primary,
    /// Hidden for the sake of others.
    Secondary,
}

impl Status {
    /// Whether the value is kept back.
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::Primary | Self::Secondary)
    }

    /// The letter in a table.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Published => "s",
            Self::Primary => "u",
            Self::Secondary => "x",
        }
    }
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// A code per dimension.
    pub codes: Vec<String>,
    /// The count or sum.
    pub value: i64,
    /// What became of it.
    pub status: Status,
    /// Contributors, when they are not the value itself.
    pub n: Option<i64>,
    /// Lowest value that must stay possible.
    pub lower: Option<i64>,
    /// Highest value that must stay possible.
    pub upper: Option<i64>,
}

/// A table as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The file, as it was given.
    pub file: String,
    /// Names of the dimensions.
    pub dimensions: Vec<String>,
    /// The rows.
    pub rows: Vec<Record>,
}

/// A code beneath a parent, with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Line in the file.
    pub line: u64,
    /// The code.
    pub code: String,
    /// What it is counted in.
    pub parent: String,
}

/// One way in which the codes of a dimension add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// The file, as it was given.
    pub file: String,
    /// The dimension.
    pub dimension: String,
    /// Its branches.
    pub branches: Vec<Branch>,
}

/// Columns that are no dimension.
const OWN: [&str; 5] = ["value", "status", "n", "lpl", "upl"];

/// Reads a table: dimension columns, `value`, `status`, perhaps `n`, `lpl` and `upl`.
pub fn table(file: &str, text: &str) -> Result<Table, Fault> {
    let (header, records) = lines(file, text)?;
    let place = |name: &str| header.iter().position(|h| h == name);
    for (at, name) in header.iter().enumerate() {
        if name.is_empty() || header.iter().take(at).any(|h| h == name) {
            return Err(Fault::at(file, 1, Wrong::Column, name));
        }
    }
    let value = place("value").ok_or_else(|| Fault::at(file, 1, Wrong::Column, "value"))?;
    let is_dimension = |at: &usize| !OWN.contains(&header[*at].as_str());
    let dimensions: Vec<usize> = (0..header.len()).filter(is_dimension).collect();
    if dimensions.is_empty() {
        return Err(Fault::at(file, 1, Wrong::Column, "value"));
    }
    let reader = Reader {
        file,
        value,
        status: place("status"),
        n: place("n"),
        lower: place("lpl"),
        upper: place("upl"),
        dimensions: &dimensions,
    };
    let rows = records
        .iter()
        .map(|(line, fields)| reader.record(*line, fields));
    Ok(Table {
        file: file.to_owned(),
        dimensions: dimensions.iter().map(|d| header[*d].clone()).collect(),
        rows: rows.collect::<Result<_, _>>()?,
    })
}

struct Reader<'a> {
    file: &'a str,
    value: usize,
    status: Option<usize>,
    n: Option<usize>,
    lower: Option<usize>,
    upper: Option<usize>,
    dimensions: &'a [usize],
}

impl Reader<'_> {
    fn record(&self, line: u64, fields: &[String]) -> Result<Record, Fault> {
        let wrong = |wrong, what: &str| Err(Fault::at(self.file, line, wrong, what));
        let number = |at: Option<usize>, name: &str| match at.map(|at| fields[at].as_str()) {
            None | Some("") => Ok(None),
            Some(text) => match text.parse::<i64>() {
                Ok(n) if n < 0 => wrong(Wrong::Negative, name).map(|()| None),
                // Sums of a whole table stay far from the largest number.
                Ok(n) if n > 1 << 40 => wrong(Wrong::Number, name).map(|()| None),
                Ok(n) => Ok(Some(n)),
                Err(_) => wrong(Wrong::Number, name).map(|()| None),
            },
        };
        let Some(value) = number(Some(self.value), "value")? else {
            return Err(Fault::at(self.file, line, Wrong::Number, "value"));
        };
        let status = match self.status.map_or("", |at| fields[at].as_str()) {
            "" => Status::Open,
            "s" => Status::Published,
            "u" => Status::Primary,
            "x" => Status::Secondary,
            _ => return Err(Fault::at(self.file, line, Wrong::Status, "status")),
        };
        let (lower, upper) = (number(self.lower, "lpl")?, number(self.upper, "upl")?);
        if lower.is_some_and(|l| l > value) || upper.is_some_and(|u| u < value) {
            return Err(Fault::at(self.file, line, Wrong::Interval, "lpl, upl"));
        }
        Ok(Record {
            line,
            codes: self.dimensions.iter().map(|d| fields[*d].clone()).collect(),
            value,
            status,
            n: number(self.n, "n")?,
            lower,
            upper,
        })
    }
}

/// Reads one way in which the codes of a dimension add up: `code,parent`.
pub fn hierarchy(file: &str, dimension: &str, text: &str) -> Result<Hierarchy, Fault> {
    let (header, records) = lines(file, text)?;
    let place = |name: &str| {
        let at = header.iter().position(|h| h == name);
        at.ok_or_else(|| Fault::at(file, 1, Wrong::Column, name))
    };
    let (code, parent) = (place("code")?, place("parent")?);
    let branch = |(line, fields): &(u64, Vec<String>)| Branch {
        line: *line,
        code: fields[code].clone(),
        parent: fields[parent].clone(),
    };
    Ok(Hierarchy {
        file: file.to_owned(),
        dimension: dimension.to_owned(),
        branches: records.iter().map(branch).collect(),
    })
}

type Lines = (Vec<String>, Vec<(u64, Vec<String>)>);

fn lines(file: &str, text: &str) -> Result<Lines, Fault> {
    // The reader below takes an open quote for the rest of the file without a word.
    if text.matches('"').count() % 2 == 1 {
        let line = text.lines().position(|l| l.matches('"').count() % 2 == 1);
        let line = line.map_or(0, |at| at as u64 + 1);
        return Err(Fault::at(file, line, Wrong::Form, "\""));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| {
            let line = e.position().map_or(0, csv::Position::line);
            Fault::at(file, line, Wrong::Form, "")
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        // Codes go back into tables: none may steer a terminal or become a formula.
        if record
            .iter()
            .any(|f| f.contains(unprintable) || f.starts_with(['=', '@']))
        {
            return Err(Fault::at(file, line, Wrong::Form, ""));
        }
        all.push((line, record.iter().map(str::to_owned).collect()));
    }
    if all.is_empty() {
        return Err(Fault::at(file, 1, Wrong::Column, "value"));
    }
    let header: Vec<String> = all.remove(0).1;
    Ok((header, all))
}
