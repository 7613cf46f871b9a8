//! The registration document: JSON as the website sends it. Its schema, its checks, and the errors that name the field.
//!
//! ```json
//! { "organisation": { "agb": "12345678", "name": "Praktijk De Linde", "kvk": "12345678",
//!     "street": "Lindelaan 1", "postcode": "1234 AB", "city": "Zwolle", "email": "info@linde.example",
//!     "phone": "038 1234567", "contact": "A. de Boer", "language": "nl" },
//!   "route": "automatic", "vendor": "ROM Plus",
//!   "users": [ { "name": "A. de Boer", "email": "a.deboer@linde.example", "roles": ["signatory", "manager"] } ] }
//! ```
//! `street`, `postcode`, `city`, `phone`, `language` and `vendor` may be left out; everything else must be there, and
//! nothing else may.

use super::error::{Error, Wrong};
use super::fields::{Values, check_one};
use crate::domain::account;
use crate::domain::action::ORGANISATION_FIELDS;
use crate::domain::check::{self, Flaw};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A registration as it arrives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The organisation.
    pub organisation: General,
    /// `automatic` or `manual`.
    pub route: String,
    /// Vendor as the organisation names it.
    #[serde(default)]
    pub vendor: String,
    /// Users who need an account; at least one signatory.
    pub users: Vec<Requested>,
}

/// General information of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct General {
    /// AGB code, 8 digits.
    pub agb: String,
    /// Name.
    pub name: String,
    /// Chamber of Commerce number, 8 digits.
    pub kvk: String,
    /// Street and number.
    #[serde(default)]
    pub street: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// General mail address.
    pub email: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Contact person.
    pub contact: String,
    /// `nl` or `en`.
    #[serde(default = "dutch")]
    pub language: String,
}

/// A user who needs an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// Name of the person.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Role codes.
    pub roles: Vec<String>,
}

fn dutch() -> String {
    "nl".to_owned()
}

/// A requested user as stored with the registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Name of the person.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Role codes separated by commas.
    pub roles: String,
}

impl User {
    /// The users of a registration from their stored form.
    pub fn list(stored: &str) -> Option<Vec<Self>> {
        serde_json::from_str(stored).ok()
    }
}

impl Document {
    /// Reads and checks a document; every field that is wrong is named.
    pub fn read(text: &str) -> Result<Self, Error> {
        let mut document: Self = parse(text)?;
        document.trim();
        let flaws = document.flaws();
        if flaws.is_empty() {
            Ok(document)
        } else {
            Err(Error::Invalid(flaws))
        }
    }

    fn trim(&mut self) {
        let o = &mut self.organisation;
        let fields = [
            &mut o.agb,
            &mut o.name,
            &mut o.kvk,
            &mut o.street,
            &mut o.postcode,
            &mut o.city,
            &mut o.email,
            &mut o.phone,
            &mut o.contact,
            &mut o.language,
            &mut self.route,
            &mut self.vendor,
        ];
        for field in fields {
            *field = field.trim().to_owned();
        }
        for user in &mut self.users {
            user.name = user.name.trim().to_owned();
            user.email = user.email.trim().to_owned();
        }
    }

    fn values(&self) -> Values {
        let o = &self.organisation;
        let pairs = [
            ("agb", &o.agb),
            ("name", &o.name),
            ("kvk", &o.kvk),
            ("street", &o.street),
            ("postcode", &o.postcode),
            ("city", &o.city),
            ("email", &o.email),
            ("phone", &o.phone),
            ("contact", &o.contact),
            ("language", &o.language),
            ("route", &self.route),
            ("vendor", &self.vendor),
        ];
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    }

    fn flaws(&self) -> Vec<Wrong> {
        let values = self.values();
        let mut all: Vec<Wrong> = ORGANISATION_FIELDS
            .iter()
            .filter_map(|field| {
                let text = values.get(field.name).map_or("", String::as_str);
                let flaw = check_one(field, text).err()?;
                let outside = matches!(field.name, "route" | "vendor");
                let path = if outside {
                    field.name.to_owned()
                } else {
                    format!("organisation.{}", field.name)
                };
                Some(Wrong { field: path, flaw })
            })
            .collect();
        self.check_users(&mut all);
        all
    }

    fn check_users(&self, all: &mut Vec<Wrong>) {
        let mut seen: Vec<String> = Vec::new();
        for (i, user) in self.users.iter().enumerate() {
            let mut add = |name: &str, flaw| {
                all.push(Wrong {
                    field: format!("users[{i}].{name}"),
                    flaw,
                });
            };
            if let Err(flaw) = check::line(&user.name) {
                add("name", flaw);
            }
            if let Err(flaw) = check::email(&user.email) {
                add("email", flaw);
            }
            if seen.contains(&user.email.to_lowercase()) {
                add("email", Flaw::Duplicate);
            }
            seen.push(user.email.to_lowercase());
            if user.roles.is_empty() {
                add("roles", Flaw::Missing);
            } else if user
                .roles
                .iter()
                .any(|r| r.parse::<account::Role>().is_err())
            {
                add("roles", Flaw::UnknownCode);
            }
        }
        if !self.users.iter().any(|u| {
            u.roles
                .iter()
                .any(|r| r == account::Role::Signatory.as_str())
        }) {
            all.push(Wrong {
                field: "users".to_owned(),
                flaw: Flaw::NoSignatory,
            });
        }
    }

    /// The users as stored with the registration.
    pub fn users_json(&self) -> String {
        let users: Vec<User> = self
            .users
            .iter()
            .map(|u| {
                let roles: Vec<account::Role> =
                    u.roles.iter().filter_map(|r| r.parse().ok()).collect();
                User {
                    name: u.name.clone(),
                    email: u.email.clone(),
                    roles: account::join(&roles),
                }
            })
            .collect();
        serde_json::to_string(&users).unwrap_or_else(|_| "[]".to_owned())
    }
}

/// Reads a JSON document; what does not fit is named by its path, never by its value.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let document = serde_path_to_error::deserialize(&mut deserializer).map_err(|e| shape(&e))?;
    let ended = deserializer.end();
    ended.map_err(|e| wrong(&format!("line {}", e.line()), Flaw::NotJson))?;
    Ok(document)
}

fn wrong(field: &str, flaw: Flaw) -> Error {
    Error::Invalid(vec![Wrong {
        field: field.to_owned(),
        flaw,
    }])
}

/// Turns the parser's error into a field and a flaw; the parser's own words may hold values and are not repeated.
fn shape(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    let text = inner.to_string();
    let path = error.path().to_string();
    let beneath = |name: &str| {
        if path == "." {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let quoted = |start: &str| {
        text.strip_prefix(start)
            .and_then(|rest| rest.split('`').next())
    };
    if !inner.is_data() {
        return wrong(&format!("line {}", inner.line()), Flaw::NotJson);
    }
    if let Some(name) = quoted("missing field `") {
        return wrong(&beneath(name), Flaw::Missing);
    }
    if text.starts_with("unknown field `") {
        return wrong(&path, Flaw::Unknown);
    }
    if text.starts_with("duplicate field `") {
        return wrong(&path, Flaw::Duplicate);
    }
    wrong(&path, Flaw::NotText)
}
