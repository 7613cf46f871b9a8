//! Deliveries of a few organisations over 2026, made by rule, received and processed as any other.

use crate::onboarding::{accept, activate, organisation, publish};
use crate::storing::by_hand;
use crate::support::db::World;
use portaal_console::domain::right::Role;
use portaal_console::service::{Actor, arrival};
use portaal_console::work;
use std::fmt::Write;
use std::sync::Arc;

/// Organisations by AGB code with their closed care paths: the last three are small.
pub const PARTIES: &[(&str, usize)] = &[
    ("06010001", 190),
    ("06010002", 160),
    ("06010003", 140),
    ("06010004", 120),
    ("06010005", 95),
    ("06010006", 40),
    ("06010007", 25),
    ("06010008", 12),
];

const HEADER: &str = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;diagnosegroep;geboortejaar;geslacht;\
    postcodegebied;startdatum;einddatum;datum_eerste_sessie;datum_laatste_sessie;reden_non_response_voor;\
    reden_non_response_na;typemeting;meetdatum;meetinstrument;totaalscore";

fn pick<'a>(from: &[&'a str], n: usize) -> &'a str {
    from[n % from.len()]
}

/// The file of an organisation: its care paths, each with a measurement before and most with one after.
pub fn file(agb: &str, paths: usize) -> String {
    let mut text = format!("{HEADER}\n");
    for n in 0..paths {
        // Numbers that look like chance, and are the same everywhere.
        let mixed = (n * 7919 + agb.bytes().map(usize::from).sum::<usize>() * 104_729) % 9973;
        let profile = pick(
            &["kort", "kort", "middel", "middel", "intensief", "chronisch"],
            mixed,
        );
        let group = pick(
            &["03", "03", "05", "05", "06", "04", "15", "09", "21"],
            mixed / 7,
        );
        let instrument = pick(&["SQ48", "SQ48", "SQ48", "BSI"], mixed / 63);
        let (month, day) = (4 + mixed % 6, 1 + mixed % 27);
        let before = if instrument == "BSI" {
            1 + mixed % 3
        } else {
            40 + mixed % 60
        };
        let after = before - before.min(mixed % 25);
        let head = format!(
            "{agb};K{n:06};T{n:06};{profile};{group};1980;1;3512;2026-01-05;2026-{month:02}-{day:02};2026-01-10;2026-{month:02}-{day:02};;"
        );
        writeln!(
            text,
            "{head};1;2026-01-1{};{instrument};{before}",
            mixed % 10
        )
        .expect("text");
        if mixed % 5 > 0 {
            writeln!(
                text,
                "{head};2;2026-{month:02}-{day:02};{instrument};{after}"
            )
            .expect("text");
        }
    }
    text
}

/// Everything delivered and processed.
pub async fn deliver(world: &World) {
    let parties = PARTIES
        .iter()
        .map(|(agb, paths)| ((*agb).to_owned(), *paths));
    deliver_of(world, parties.collect()).await;
}

/// As `deliver`, of so many organisations: their figures take a while to protect.
pub async fn deliver_many(world: &World, organisations: usize) {
    let party = |n: usize| (format!("0602{n:04}"), 20 + n * 37 % 120);
    deliver_of(world, (0..organisations).map(party).collect()).await;
}

async fn deliver_of(world: &World, parties: Vec<(String, usize)>) {
    let support = world.operator("sanne", &[Role::Support]).await;
    let on_call = world.operator("piket", &[Role::OnCall]).await;
    let admin = world.operator("admin", &[Role::Administrator]).await;
    publish(world, &admin, "2021-09", "2027-12-31").await;
    for (agb, paths) in parties {
        let id = organisation(world, &support, &agb).await;
        activate(world, &support, &id, "a.deboer@linde.example").await;
        accept(world, &support, &agb, "a.deboer@linde.example")
            .await
            .expect("accepted");
        receive(world, &on_call, &agb, paths).await;
    }
    work::drain(world.services.clone())
        .await
        .expect("processed");
}

async fn receive(world: &World, actor: &Arc<Actor>, agb: &str, paths: usize) {
    let path = world.state.path().join("delivery.csv");
    std::fs::write(&path, file(agb, paths)).expect("file");
    let call = world.call(actor, "");
    let done = arrival::add(&world.services, &call, &by_hand(agb), &path).await;
    done.expect("received");
}

/// One organisation delivers again, with so many care paths more.
pub async fn deliver_more(world: &World, agb: &str, more: usize) {
    let before = PARTIES.iter().find(|(a, _)| *a == agb).expect("party").1;
    let colleague = world.operator("piket2", &[Role::OnCall]).await;
    let later = world.services.clock.now().plus(60_000);
    world.services.clock.set(later);
    receive(world, &colleague, agb, before + more).await;
    work::drain(world.services.clone())
        .await
        .expect("processed");
}
