//! The first day: staff, vendors and the agreement that everybody signs, with its later versions.

use super::document::pdf;
use super::names::{STAFF, VENDORS};
use super::schedule::{BEGIN, NEW_VERSION};
use super::stage::{ADMINISTRATOR, SUPPORT, Stage, colleague, values};
use crate::domain::action::Act;
use crate::domain::right::Language;
use crate::service::agreement::{New, Stage as Step, publish_document};
use crate::service::{Actor, Call, Error, operator};
use std::sync::Arc;

/// Staff, the login that runs this as administrator, and vendors.
pub(super) async fn people(stage: &mut Stage<'_>, login: &str) -> Result<(), Error> {
    stage
        .services
        .clock
        .set(stage.calendar.at(BEGIN, 8 * 60 + 30));
    for (place, (name, ..)) in STAFF.iter().enumerate() {
        // A login can belong to one person.
        let own = if *name == login {
            format!("{name}2")
        } else {
            (*name).to_owned()
        };
        let id = add(stage, &own, STAFF[place].1, STAFF[place].2, STAFF[place].3).await?;
        stage.staff.push(Arc::new(colleague(place, id, &own)));
    }
    let language = stage
        .services
        .settings
        .language
        .unwrap_or_default()
        .as_str();
    add(stage, login, login, "administrator", language).await?;
    vendors(stage).await
}

/// The first is the bootstrap, the others are added by the first.
async fn add(
    stage: &Stage<'_>,
    login: &str,
    name: &str,
    roles: &str,
    language: &str,
) -> Result<String, Error> {
    let given = [
        ("login", login),
        ("name", name),
        ("roles", roles),
        ("language", language),
    ];
    let done = if let Some(first) = stage.staff.get(ADMINISTRATOR) {
        stage.act(first, Act::OperatorAdd, "", &given, "").await?
    } else {
        let call = Call::new(&Arc::new(Actor::system("demo", Language::Nl)));
        operator::bootstrap(&stage.services, &call, &values(&given)).await?
    };
    Ok(done.id)
}

/// Vendors, each with the specifications that it was sent.
async fn vendors(stage: &mut Stage<'_>) -> Result<(), Error> {
    let support = Arc::clone(&stage.staff[SUPPORT]);
    for (place, (name, kind, email, contact)) in VENDORS.into_iter().enumerate() {
        let given = [
            ("name", name),
            ("kind", kind),
            ("email", email),
            ("contact", contact),
        ];
        let done = stage.act(&support, Act::VendorAdd, "", &given, "").await?;
        let names = if place.is_multiple_of(3) {
            "rom-1,cqi-1,sbg-5.0.1"
        } else {
            "rom-1,cqi-1"
        };
        let given = [("specifications", names)];
        stage
            .act(&support, Act::VendorInform, &done.id, &given, "")
            .await?;
        stage.vendors.push(done.id);
    }
    Ok(())
}

const LINES: &[&str] = &[
    "Dit document is verzonnen en heeft geen juridische waarde.",
    "",
    "1. De keurmerkhouder levert gegevens aan; het portaal controleert en bewaart ze.",
    "2. Verwerking gebeurt alleen voor het keurmerk Basis GGZ.",
    "3. Cliëntgegevens worden niet langer bewaard dan nodig is.",
    "4. Incidenten worden zonder onnodige vertraging gemeld.",
    "5. Bij het einde van de overeenkomst worden de gegevens verwijderd.",
];

/// A version of the agreement: the first, the newest, or the concept of the next.
pub(super) async fn agreement(stage: &mut Stage<'_>, version: usize) -> Result<(), Error> {
    let c = stage.calendar;
    let (name, valid_from, grace_until, step) = match version {
        0 => (
            "2021-09".to_owned(),
            "2021-09-01".to_owned(),
            "2021-12-31".to_owned(),
            Step::Published,
        ),
        1 => (
            c.month(NEW_VERSION),
            c.day(NEW_VERSION),
            c.day(NEW_VERSION - 60),
            Step::Published,
        ),
        _ => (c.month(-60), c.day(-60), c.day(-120), Step::Draft),
    };
    let title = format!("VWO Keurmerkhouders KiBG met InfinitCare {name}");
    let new = New {
        file_name: format!("vwo-keurmerkhouders-{name}.pdf"),
        document: pdf(&title, LINES),
        name,
        title,
        valid_from,
        grace_until,
        stage: step,
    };
    let call = Call {
        reason: "Jaarlijkse herziening".to_owned(),
        ..Call::new(&stage.staff[ADMINISTRATOR])
    };
    publish_document(&stage.services, &call, new).await?;
    Ok(())
}
