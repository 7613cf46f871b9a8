//! The structure of the import as data: elements, attributes, order, occurrence, keys and, beyond them, our own lists and rules.
//! Read once from the embedded document; names are positions afterwards, and no element is known here by its name.

use std::sync::LazyLock;

use serde::Deserialize;

use super::super::finding::Severity;
use super::super::personal::Refusal;
use super::super::rules::NamedRule;
use super::super::schema::{Constraints, FieldPortal, SchemaField, SchemaType};
use super::super::specification::{Field, Position, Role, Specification, SpecificationError};

/// The whole structure; the first element is the root.
#[derive(Debug)]
pub struct Schema {
    /// Name and version.
    pub name: String,
    /// The namespace of its elements; attributes have none.
    pub namespace: String,
    /// Every element, the root first.
    pub elements: Vec<Element>,
}

/// One element.
#[derive(Debug)]
pub struct Element {
    /// Local name.
    pub name: String,
    /// What it may hold, in this order.
    pub children: Vec<Child>,
    /// Keys that occur once among its children.
    pub uniques: Vec<Unique>,
    /// Its attributes, in any order.
    pub attributes: Vec<Attribute>,
    pub(super) part: Option<Part>,
    /// Lists and rules over the attributes, by the same positions.
    pub(super) table: Specification,
}

/// A kind of child, any number of times.
#[derive(Debug)]
pub struct Child {
    /// Position among the elements.
    pub element: usize,
    /// Whether there is at least one.
    pub required: bool,
}

/// Attributes of a kind of child that together occur once.
#[derive(Debug)]
pub struct Unique {
    /// Position of the child among the elements.
    pub child: usize,
    /// Positions of its attributes.
    pub by: Vec<usize>,
}

/// One attribute.
#[derive(Debug)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Element and attribute, as a finding names it.
    pub label: String,
    /// What its value must be.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// The only value it may have.
    pub fixed: Option<String>,
    pub(super) between: Vec<(i64, i64)>,
    pub(super) birth: bool,
    pub(super) suspect: bool,
}

/// The types of the schema language that occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any text.
    String,
    /// A whole number of 32 bits.
    Int,
    /// A decimal number.
    Decimal,
    /// A day, a time zone allowed.
    Date,
    /// A day and a time.
    DateTime,
}

/// What an element means to this system; the others are checked and not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    Organisation,
    Client,
    CarePath,
    Treatment,
    Measurement,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let read = Schema::read(include_str!("../specifications/sbg-5.0.1.json"));
    read.expect("the embedded schema is read by a test")
});

/// The embedded schema.
pub fn schema() -> &'static Schema {
    &SCHEMA
}

impl Schema {
    /// Reads a schema document and replaces its names by positions.
    pub fn read(document: &str) -> Result<Self, SpecificationError> {
        let document: Document = serde_json::from_str(document)?;
        let written: Vec<ElementDocument> = document.elements.into_iter().map(expand).collect();
        let names: Vec<_> = written.iter().map(|e| e.name.clone()).collect();
        let own: Vec<Vec<String>> = written
            .iter()
            .map(|e| e.attributes.iter().map(|a| a.name.clone()).collect())
            .collect();
        let elements = written.into_iter().map(|e| e.resolve(&names, &own));
        Ok(Self {
            name: document.name,
            namespace: document.namespace,
            elements: elements.collect::<Result<_, _>>()?,
        })
    }

    /// Position of an element by its local name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.elements
            .iter()
            .position(|element| element.name == name)
    }

    /// The label of an attribute of that name, for the first element that has one.
    pub(super) fn label(&self, attribute: &str) -> Option<&str> {
        let mut all = self.elements.iter().flat_map(|e| &e.attributes);
        all.find(|a| a.name == attribute).map(|a| a.label.as_str())
    }
}

impl Element {
    /// Position of an attribute by its name. Attributes mostly come in one order, so the search goes on from the last one.
    pub(super) fn attribute(&self, name: &str, after: usize) -> Option<Position> {
        let (before, rest) = self.attributes.split_at(after.min(self.attributes.len()));
        let ahead = rest.iter().position(|a| a.name == name);
        ahead
            .map(|at| at + before.len())
            .or_else(|| before.iter().position(|a| a.name == name))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "origin")]
    _origin: String,
    namespace: String,
    elements: Vec<ElementDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElementDocument {
    name: String,
    #[serde(default)]
    part: Option<Part>,
    children: Vec<ChildDocument>,
    unique: Vec<UniqueDocument>,
    attributes: Vec<AttributeDocument>,
    /// Five free texts of this name, numbered 01 to 05.
    #[serde(default)]
    reserves: Option<String>,
    rules: Vec<NamedRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChildDocument {
    name: String,
    #[serde(default)]
    required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UniqueDocument {
    child: String,
    by: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeDocument {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    fixed: Option<String>,
    #[serde(default)]
    portal: Portal,
}

/// What we ask beyond the schema.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the document"
)]
struct Portal {
    severity: Severity,
    role: Option<Role>,
    list: Option<String>,
    digits: bool,
    length: Option<(usize, usize)>,
    filled: bool,
    refuse: Vec<Refusal>,
    between: Vec<(i64, i64)>,
    birth: bool,
    suspect: bool,
}

impl Default for Portal {
    fn default() -> Self {
        Self {
            severity: Severity::Value,
            role: None,
            list: None,
            digits: false,
            length: None,
            filled: false,
            refuse: Vec::new(),
            between: Vec::new(),
            birth: false,
            suspect: false,
        }
    }
}

/// Writes out the free texts. They are never stored, and are looked at for what betrays a person.
fn expand(mut element: ElementDocument) -> ElementDocument {
    let Some(name) = element.reserves.take() else {
        return element;
    };
    for number in 1..=5 {
        element.attributes.push(AttributeDocument {
            name: format!("{name}{number:02}"),
            kind: Kind::String,
            required: false,
            fixed: None,
            portal: Portal {
                refuse: vec![Refusal::Email, Refusal::Date],
                suspect: true,
                ..Portal::default()
            },
        });
    }
    element
}

impl ElementDocument {
    fn resolve(self, names: &[String], own: &[Vec<String>]) -> Result<Element, SpecificationError> {
        let find = |all: &[String], name: String| {
            let position = all.iter().position(|known| *known == name);
            position.ok_or(SpecificationError::Unknown(name))
        };
        let child = |c: ChildDocument| {
            let ChildDocument { name, required } = c;
            find(names, name).map(|element| Child { element, required })
        };
        let unique = |u: UniqueDocument| {
            let child = find(names, u.child)?;
            let by = u.by.into_iter().map(|name| find(&own[child], name));
            Ok::<_, SpecificationError>(Unique {
                child,
                by: by.collect::<Result<_, _>>()?,
            })
        };
        let name = self.name;
        let (mut attributes, mut fields) = (Vec::new(), Vec::new());
        for attribute in self.attributes {
            let (attribute, field) = attribute.resolve(&name)?;
            attributes.push(attribute);
            fields.push(field);
        }
        Ok(Element {
            children: self
                .children
                .into_iter()
                .map(child)
                .collect::<Result<_, _>>()?,
            uniques: self
                .unique
                .into_iter()
                .map(unique)
                .collect::<Result<_, _>>()?,
            attributes,
            part: self.part,
            table: Specification::assemble(name.clone(), fields, &[], self.rules)?,
            name,
        })
    }
}

impl AttributeDocument {
    fn resolve(self, element: &str) -> Result<(Attribute, Field), SpecificationError> {
        let portal = self.portal;
        let attribute = Attribute {
            label: format!("{element}/@{}", self.name),
            name: self.name.clone(),
            kind: self.kind,
            required: self.required,
            fixed: self.fixed,
            between: portal.between,
            birth: portal.birth,
            suspect: portal.suspect,
        };
        let field = SchemaField {
            name: self.name,
            kind: match self.kind {
                Kind::String | Kind::Int => SchemaType::String,
                Kind::Decimal => SchemaType::Number,
                Kind::Date | Kind::DateTime => SchemaType::Date,
            },
            _format: None,
            constraints: Constraints {
                required: portal.filled,
                min_length: portal.length.map(|(shortest, _)| shortest),
                max_length: portal.length.map(|(_, longest)| longest),
                ..Constraints::default()
            },
            portal: FieldPortal {
                severity: portal.severity,
                role: portal.role,
                list: portal.list,
                digits: portal.digits,
                ranges: Vec::new(),
                refuse: portal.refuse,
            },
        };
        Ok((attribute, Field::resolve(field)?))
    }
}
