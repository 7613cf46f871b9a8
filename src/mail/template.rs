//! The texts of mails: which parameters each needs, checked when a mail is queued, and how they become subject, text and HTML.

use super::token::Token;
use crate::domain::account::Role;
use crate::domain::check::unprintable;
use crate::domain::mail::Template;
use crate::domain::right::Language;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// Parameters of a mail: a JSON object as stored. Never holds a secret.
pub type Parameters = Map<String, Value>;

/// What stands in place of a secret wherever a mail is only looked at.
pub const HIDDEN: &str = "•••";

/// Characters that one parameter may have at most.
const MOST_CHARACTERS: usize = 4000;
/// Characters that a subject may have at most.
const MOST_SUBJECT: usize = 180;

/// What a parameter looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line, not empty.
    Line,
    /// One line, or empty.
    OptionalLine,
    /// Text that may have several lines, not empty.
    Prose,
    /// As `Prose`, or empty.
    OptionalProse,
    /// `YYYY-MM-DD`.
    Date,
    /// As `Date`, or empty.
    OptionalDate,
    /// A whole number, 0 or more.
    Count,
    /// Codes of account roles separated by commas, at least one.
    Roles,
    /// `automatic` or `manual`.
    Route,
    /// What happened to a connection: `suspended`, `resumed` or `revoked`.
    Change,
}

/// Why parameters do not fit a template. Names the parameter, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A parameter is missing.
    #[error("{template}: parameter {name} is missing")]
    Missing {
        /// The template.
        template: Template,
        /// The parameter.
        name: String,
    },
    /// A parameter is not the template's.
    #[error("{template}: parameter {name} is unknown")]
    Unknown {
        /// The template.
        template: Template,
        /// The parameter.
        name: String,
    },
    /// A parameter does not have its shape.
    #[error("{template}: parameter {name} is not a {shape:?}")]
    Shape {
        /// The template.
        template: Template,
        /// The parameter.
        name: String,
        /// The shape it should have.
        shape: Shape,
    },
    /// The stored parameters are not a JSON object.
    #[error("the parameters are not an object")]
    NotAnObject,
    /// The text itself is wrong; a fault of the program.
    #[error("template: {0}")]
    Text(String),
}

/// The parameters of a template, all required. This table is their documentation. `contact` and `name` say whom the record
/// names; the greeting takes the recipient of the mail.
pub const fn parameters(template: Template) -> &'static [(&'static str, Shape)] {
    use Shape::{Change, Count, Date, Line, OptionalDate, OptionalLine, Prose, Roles, Route};
    match template {
        // `agreement`: title of the version that waits for acceptance, empty when none does. `users`: how many were invited.
        Template::SetupConfirmation => &[
            ("contact", OptionalLine),
            ("organisation", Line),
            ("agb", Line),
            ("users", Count),
            ("agreement", OptionalLine),
            ("route", Route),
        ],
        Template::SetupNotice => &[("organisation", Line), ("agb", Line), ("date", Date)],
        // `invitation` and `nonce`: what the token is derived from, worth nothing without the key. `days`: how long it holds.
        Template::AccountInvitation => &[
            ("name", OptionalLine),
            ("organisation", Line),
            ("roles", Roles),
            ("invitation", Line),
            ("nonce", Line),
            ("days", Count),
        ],
        // `since`: when the acceptance became due. `until`: last day that the previous one holds, empty when there is none.
        Template::AgreementPending => &[
            ("name", OptionalLine),
            ("organisation", Line),
            ("agreement", Line),
            ("since", Date),
            ("until", OptionalDate),
        ],
        Template::AgreementAccepted => &[
            ("contact", OptionalLine),
            ("organisation", Line),
            ("agreement", Line),
            ("accepted_by", Line),
            ("accepted_on", Date),
        ],
        Template::RegistrationRejected => &[
            ("contact", OptionalLine),
            ("organisation", Line),
            ("reason", Prose),
        ],
        Template::RegistrationWithdrawn => REGISTRATION_WITHDRAWN,
        Template::DeliveryProcessed => DELIVERY_PROCESSED,
        Template::DeliveryInvalid => DELIVERY_INVALID,
        Template::DeliveryHeld => DELIVERY_HELD,
        Template::DeliveryReminder => DELIVERY_REMINDER,
        Template::StatusMessage => &[
            ("contact", OptionalLine),
            ("organisation", Line),
            ("subject", Line),
            ("text", Prose),
        ],
        // `what` and `action`: the sentences of the cause. `organisations`: a line for each that is affected, of this vendor only.
        Template::CauseNotice => &[
            ("contact", OptionalLine),
            ("vendor", Line),
            ("code", Line),
            ("specification", Line),
            ("what", Line),
            ("action", Line),
            ("count", Count),
            ("organisations", Prose),
        ],
        Template::SpecificationSent => &[("vendor", Line), ("specifications", Line)],
        // `handshake` and `nonce`: what the token is derived from, worth nothing without the key. `days`: how long it holds.
        // `overlap`: days that the present code works after the new one was collected, 0 when there is none.
        Template::HandshakeLink => &[
            ("organisation", Line),
            ("vendor", OptionalLine),
            ("route", Route),
            ("handshake", Line),
            ("nonce", Line),
            ("days", Count),
            ("overlap", Count),
        ],
        Template::TestRunPlanned => &[
            ("organisation", Line),
            ("specification", Line),
            ("planned_for", OptionalDate),
        ],
        Template::TestRunRejected => &[
            ("organisation", Line),
            ("specification", Line),
            ("reason", Prose),
        ],
        Template::ConnectionLive => &[
            ("organisation", Line),
            ("vendor", OptionalLine),
            ("route", Route),
            ("specifications", Line),
        ],
        Template::ConnectionChanged => &[
            ("organisation", Line),
            ("vendor", OptionalLine),
            ("change", Change),
        ],
        // `prefix`: the first characters of the code, by which people tell codes apart.
        Template::LicenceEnding => &[("organisation", Line), ("prefix", Line), ("until", Date)],
        Template::LicenceRevoked => &[("organisation", Line), ("prefix", Line)],
        Template::ExtractReleased | Template::ExtractRecalled => EXTRACT,
        Template::TestMessage => &[("operator", Line)],
    }
}

/// A table of parameters.
type Table = &'static [(&'static str, Shape)];

// `delivery`: the beginning of its id. `findings`: a line per kind, `more`: how many kinds it leaves out.
const DELIVERY_PROCESSED: Table = &[
    ("organisation", Shape::Line),
    ("delivery", Shape::Line),
    ("received", Shape::Date),
    ("rows", Shape::Count),
    ("accepted", Shape::Count),
    ("ignored", Shape::Count),
    ("new", Shape::Count),
    ("changed", Shape::Count),
    ("same", Shape::Count),
    ("findings", Shape::OptionalProse),
    ("more", Shape::Count),
];
const DELIVERY_INVALID: Table = &[
    ("organisation", Shape::Line),
    ("delivery", Shape::Line),
    ("received", Shape::Date),
    ("rows", Shape::Count),
    ("findings", Shape::OptionalProse),
    ("more", Shape::Count),
];
const DELIVERY_HELD: Table = &[
    ("organisation", Shape::Line),
    ("delivery", Shape::Line),
    ("received", Shape::Date),
];
const REGISTRATION_WITHDRAWN: Table = &[
    ("contact", Shape::OptionalLine),
    ("organisation", Shape::Line),
    ("reason", Shape::OptionalProse),
];
// `directory`: name beneath the outgoing directory, empty when nothing was written yet. Never a figure.
const EXTRACT: Table = &[
    ("extract", Shape::Line),
    ("directory", Shape::OptionalLine),
    ("digest", Shape::Line),
];
// `late`: days since the last day, 0 before it. `last`: when the last delivery arrived, empty for none.
const DELIVERY_REMINDER: Table = &[
    ("organisation", Shape::Line),
    ("kind", Shape::Line),
    ("due", Shape::Date),
    ("late", Shape::Count),
    ("last", Shape::OptionalDate),
];

/// Whether parameters fit a template: all there, none too many, each of its shape.
pub fn check(template: Template, given: &Parameters) -> Result<(), TemplateError> {
    let wanted = parameters(template);
    for (name, shape) in wanted {
        let Some(value) = given.get(*name) else {
            return Err(TemplateError::Missing {
                template,
                name: (*name).to_owned(),
            });
        };
        if !fits(*shape, value) {
            return Err(TemplateError::Shape {
                template,
                name: (*name).to_owned(),
                shape: *shape,
            });
        }
    }
    match given.keys().find(|k| wanted.iter().all(|(n, _)| n != k)) {
        Some(name) => Err(TemplateError::Unknown {
            template,
            name: name.clone(),
        }),
        None => Ok(()),
    }
}

/// Parameters from their stored form, checked.
pub fn read(template: Template, stored: &str) -> Result<Parameters, TemplateError> {
    let given: Parameters = serde_json::from_str(stored).map_err(|_| TemplateError::NotAnObject)?;
    check(template, &given)?;
    Ok(given)
}

fn fits(shape: Shape, value: &Value) -> bool {
    if shape == Shape::Count {
        return value.as_u64().is_some();
    }
    value.as_str().is_some_and(|text| match shape {
        Shape::Line => is_line(text) && !text.trim().is_empty(),
        Shape::OptionalLine => is_line(text),
        Shape::Prose => is_prose(text) && !text.trim().is_empty(),
        Shape::OptionalProse => is_prose(text),
        Shape::Date => is_date(text),
        Shape::OptionalDate => text.is_empty() || is_date(text),
        Shape::Count => false,
        Shape::Roles => text.split(',').all(|code| code.parse::<Role>().is_ok()),
        Shape::Route => matches!(text, "automatic" | "manual"),
        Shape::Change => matches!(text, "suspended" | "resumed" | "revoked"),
    })
}

fn is_line(text: &str) -> bool {
    is_prose(text) && !text.contains('\n')
}

fn is_prose(text: &str) -> bool {
    text.chars().count() <= MOST_CHARACTERS && !text.chars().any(|c| c != '\n' && c.is_control())
}

fn is_date(text: &str) -> bool {
    crate::domain::check::date(text).is_ok()
}

/// What is known only while sending.
#[derive(Debug, Default)]
pub enum Secrets {
    /// Nothing: a preview, with `•••` in the place of the secret.
    #[default]
    Hidden,
    /// The token of the link in the mail.
    Link(Token),
}

/// For whom and about what a text is made.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Which text.
    pub template: Template,
    /// In which language.
    pub language: Language,
    /// Name of the recipient; may be empty.
    pub to: &'a str,
    /// Address of the portal, without a slash at the end.
    pub portal: &'a str,
    /// Address of the intake, without a slash at the end.
    pub intake: &'a str,
    /// What the text says.
    pub parameters: &'a Parameters,
}

/// A text as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Makes the text of a mail.
pub fn render(occasion: &Occasion<'_>, secrets: &Secrets) -> Result<Rendered, TemplateError> {
    check(occasion.template, occasion.parameters)?;
    let environment = ENVIRONMENT.as_ref().map_err(told)?;
    let mut context = context(occasion, secrets);
    let code = occasion.language.as_str();
    let name = |ending: &str| format!("{code}/{}.{ending}", occasion.template);
    let text = environment
        .get_template(&name("txt"))
        .map_err(|e| told(&e))?;
    let mut made = text
        .render_captured(minijinja::value::Serde(&context))
        .map_err(|e| told(&e))?;
    let subject = made
        .with_state_mut(|state| state.render_block("subject"))
        .map_err(|e| told(&e))?;
    let subject = one_line(&subject);
    context.insert("title".to_owned(), Value::from(subject.as_str()));
    let html = environment
        .get_template(&name("html"))
        .and_then(|t| t.render(minijinja::value::Serde(&context)))
        .map_err(|e| told(&e))?;
    Ok(Rendered {
        subject,
        text: tidy(made.output()),
        html: tidy(&html),
    })
}

fn told(error: &minijinja::Error) -> TemplateError {
    // The error of the engine quotes no value in its short form.
    TemplateError::Text(format!(
        "{:?} {}",
        error.kind(),
        error.name().unwrap_or_default()
    ))
}

fn context(occasion: &Occasion<'_>, secrets: &Secrets) -> Parameters {
    let mut context: Parameters = occasion
        .parameters
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "invitation" | "handshake" | "nonce"))
        .map(|(name, value)| (name.clone(), visible(value)))
        .collect();
    let mut add = |name: &str, text: &str| context.insert(name.to_owned(), Value::from(text));
    add("to", &shown(occasion.to));
    add("portal", occasion.portal);
    add("language", occasion.language.as_str());
    if let Some(before) = link_of(occasion) {
        let token = match secrets {
            Secrets::Hidden => HIDDEN,
            Secrets::Link(token) => token.expose(),
        };
        add("link", &format!("{before}{token}"));
    }
    context
}

/// What stands before the token in the link of a mail that has one.
fn link_of(occasion: &Occasion<'_>) -> Option<String> {
    match occasion.template {
        Template::AccountInvitation => Some(format!("{}/uitnodiging/", occasion.portal)),
        Template::HandshakeLink => Some(format!("{}/handshake/", occasion.intake)),
        _ => None,
    }
}

/// The same value without characters that turn the direction of text or cannot be seen.
fn visible(value: &Value) -> Value {
    value
        .as_str()
        .map_or_else(|| value.clone(), |text| Value::from(shown(text)))
}

fn shown(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c != '\n' && unprintable(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// Blank lines at most one in a row, none at the ends; no blanks at the end of a line.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        tidied.push_str(line);
        tidied.push('\n');
    }
    tidied.truncate(tidied.trim_end().len());
    tidied.push('\n');
    tidied
}

/// White space collapsed, and cut with `…` where it would be too long for a subject.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST_SUBJECT {
        return line;
    }
    let kept: String = line.chars().take(MOST_SUBJECT - 1).collect();
    kept + "…"
}

/// Read once; constant from then on.
static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> =
    LazyLock::new(environment);

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in super::texts::SOURCES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}
