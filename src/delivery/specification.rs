//! Specifications are data: a Frictionless Table Schema with our keys under `portal`, embedded and resolved once to
//! positions. A new version is a new file in `specifications/`; this file knows no column of any of them by name.

use std::sync::LazyLock;

use serde::Deserialize;
use thiserror::Error;

pub use super::code_list::{CodeEntry, CodeList};
use super::finding::Severity;
use super::personal::Refusal;
use super::rules::{NamedRule, Rule};
use super::schema::{Schema, SchemaField, SchemaType};

/// Position of a field within its specification.
pub(super) type Position = usize;

/// One version of one file type.
#[derive(Debug)]
pub struct Specification {
    /// Name and version, such as `rom-1`.
    pub name: String,
    /// The columns, in the order of the specification.
    pub fields: Vec<Field>,
    pub(super) primary_key: Vec<Position>,
    pub(super) rules: Vec<Rule>,
    /// The columns of a measurement, or of the questionnaire that takes its place.
    pub(super) measurement: Vec<Position>,
    /// The columns with answers, in their order.
    pub(super) answers: Vec<Position>,
    /// Parts of names that columns for free texts have.
    pub(super) free_text: Vec<String>,
    by_role: [Option<Position>; ROLES],
}

/// How many roles there are, and how many columns a row's bits can tell apart.
const ROLES: usize = Role::Answer as usize + 1;
const MOST_COLUMNS: usize = 64;

/// One column of a specification.
#[derive(Debug)]
pub struct Field {
    /// Name in the header, in lower case.
    pub name: String,
    /// Whether every row must fill it.
    pub required: bool,
    /// What an invalid value costs.
    pub severity: Severity,
    pub(super) role: Option<Role>,
    pub(super) refuse: Vec<Refusal>,
    pub(super) kind: Kind,
}

/// What a cell of a column must be.
#[derive(Debug)]
pub(super) enum Kind {
    Text {
        shape: Shape,
        lengths: (usize, usize),
        ranges: Vec<(String, String)>,
    },
    Code(&'static CodeList),
    Year {
        minimum: u16,
    },
    Date,
    Whole {
        minimum: u16,
        maximum: u16,
    },
    Number,
}

/// Which characters a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Any,
    Digits,
}

/// What a column means to this system; columns without a role are checked and not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Organisation,
    ClientKey,
    CarePath,
    Profile,
    DiagnosisGroup,
    Start,
    End,
    FirstSession,
    LastSession,
    Moment,
    MeasuredOn,
    Instrument,
    Score,
    Questionnaire,
    TakenOn,
    Grade,
    Health,
    /// Of several columns.
    Answer,
}

impl Role {
    /// The roles that make a measurement, or a questionnaire; the others describe the care path or are checked apart.
    const MEASUREMENT: [Self; 6] = [
        Self::Moment,
        Self::MeasuredOn,
        Self::Instrument,
        Self::Score,
        Self::Questionnaire,
        Self::TakenOn,
    ];
}

/// Why a specification cannot be used.
#[derive(Debug, Error)]
pub enum SpecificationError {
    /// The document is no table schema with our keys.
    #[error("specification is not readable: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A rule, a key or a column refers to something that does not exist.
    #[error("specification names {0:?}, which does not exist")]
    Unknown(String),
    /// It has more columns than a row can be judged by.
    #[error("specification has more than {MOST_COLUMNS} columns")]
    TooWide,
}

static CODE_LISTS: LazyLock<Vec<CodeList>> = LazyLock::new(|| {
    let sources = [
        include_str!("specifications/code-lists.json"),
        include_str!("specifications/instruments.json"),
        include_str!("specifications/sbg-code-lists.json"),
    ];
    let lists = sources
        .into_iter()
        .map(serde_json::from_str::<Vec<CodeList>>);
    lists
        .collect::<Result<Vec<_>, _>>()
        .expect("embedded code lists are read by a test")
        .into_iter()
        .flatten()
        .map(CodeList::indexed)
        .collect()
});

static SPECIFICATIONS: LazyLock<Vec<Specification>> = LazyLock::new(|| {
    let sources = [
        include_str!("specifications/rom-1.json"),
        include_str!("specifications/cqi-1.json"),
    ];
    let read = sources
        .into_iter()
        .map(Specification::read)
        .collect::<Result<Vec<_>, _>>();
    read.expect("embedded specifications are read by a test")
});

/// Every embedded specification.
pub fn all() -> &'static [Specification] {
    &SPECIFICATIONS
}

/// The specification with this name and version.
pub fn named(name: &str) -> Option<&'static Specification> {
    all()
        .iter()
        .find(|specification| specification.name == name)
}

/// The code list with this name and version.
pub fn code_list(name: &str) -> Option<&'static CodeList> {
    CODE_LISTS.iter().find(|list| list.name == name)
}

impl Specification {
    /// Reads a specification document and resolves its names to positions.
    pub fn read(document: &str) -> Result<Self, SpecificationError> {
        let schema: Schema = serde_json::from_str(document)?;
        let fields = schema
            .fields
            .into_iter()
            .map(Field::resolve)
            .collect::<Result<Vec<_>, _>>()?;
        let mut specification = Self::assemble(
            schema.portal.name,
            fields,
            &schema.primary_key,
            schema.portal.rules,
        )?;
        specification.free_text = schema.portal.free_text;
        Ok(specification)
    }

    /// Puts resolved fields and rules together, with names replaced by positions.
    pub(super) fn assemble(
        name: String,
        fields: Vec<Field>,
        primary_key: &[String],
        rules: Vec<NamedRule>,
    ) -> Result<Self, SpecificationError> {
        if fields.len() > MOST_COLUMNS {
            return Err(SpecificationError::TooWide);
        }
        let find = |name: &str| {
            let position = fields.iter().position(|field| field.name == name);
            position.ok_or_else(|| SpecificationError::Unknown(name.to_owned()))
        };
        let primary_key = primary_key
            .iter()
            .map(|name| find(name))
            .collect::<Result<_, _>>()?;
        let rules = rules
            .into_iter()
            .map(|rule| rule.resolve(&find))
            .collect::<Result<_, _>>()?;
        let by_role = place_roles(&fields);
        let measurement = Role::MEASUREMENT
            .iter()
            .filter_map(|role| by_role[*role as usize])
            .collect();
        let answers = positions_of(&fields, Role::Answer);
        Ok(Self {
            name,
            free_text: Vec::new(),
            answers,
            fields,
            primary_key,
            rules,
            measurement,
            by_role,
        })
    }

    /// Position of a column by its name in lower case.
    pub(super) fn position(&self, name: &str) -> Option<Position> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Position of the column with a role.
    pub(super) fn with_role(&self, role: Role) -> Option<Position> {
        self.by_role[role as usize]
    }
}

fn positions_of(fields: &[Field], role: Role) -> Vec<Position> {
    let numbered = fields.iter().enumerate();
    numbered
        .filter(|(_, field)| field.role == Some(role))
        .map(|(position, _)| position)
        .collect()
}

fn place_roles(fields: &[Field]) -> [Option<Position>; ROLES] {
    let mut by_role = [None; ROLES];
    for (position, field) in fields.iter().enumerate() {
        if let Some(role) = field.role {
            by_role[role as usize] = Some(position);
        }
    }
    by_role
}

impl Field {
    /// The codes that a column allows, when it has a list.
    pub fn list(&self) -> Option<&'static CodeList> {
        if let Kind::Code(list) = self.kind {
            Some(list)
        } else {
            None
        }
    }

    pub(super) fn resolve(field: SchemaField) -> Result<Self, SpecificationError> {
        let SchemaField {
            name,
            kind,
            constraints,
            portal,
            ..
        } = field;
        let kind = match (kind, portal.list) {
            (SchemaType::String, Some(list)) => {
                Kind::Code(code_list(&list).ok_or(SpecificationError::Unknown(list))?)
            }
            (SchemaType::String, None) => Kind::Text {
                shape: if portal.digits {
                    Shape::Digits
                } else {
                    Shape::Any
                },
                lengths: (
                    constraints.min_length.unwrap_or(1),
                    constraints.max_length.unwrap_or(usize::MAX),
                ),
                ranges: portal.ranges,
            },
            (SchemaType::Year, _) => Kind::Year {
                minimum: constraints.minimum.unwrap_or(0),
            },
            (SchemaType::Date, _) => Kind::Date,
            (SchemaType::Integer, _) => Kind::Whole {
                minimum: constraints.minimum.unwrap_or(0),
                maximum: constraints.maximum.unwrap_or(u16::MAX),
            },
            (SchemaType::Number, _) => Kind::Number,
        };
        let (required, severity) = (constraints.required, portal.severity);
        Ok(Self {
            name,
            required,
            severity,
            role: portal.role,
            refuse: portal.refuse,
            kind,
        })
    }
}
