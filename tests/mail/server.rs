//! A real server with a real certificate and a real login: the one that tests/run.sh starts.

use crate::support::db::{World, each};
use crate::support::mailbox::{queue, with_config};
use portaal_console::domain::mail::{State, Template};
use portaal_console::service::Services;
use portaal_console::store::outbox;
use portaal_console::work::drain;
use std::path::PathBuf;
use std::sync::Arc;

fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| unreachable!("{name} is not set: run tests through tests/run.sh"))
}

fn services(world: &World, password: &str) -> Services {
    let file = world.state.path().join("password");
    std::fs::write(&file, format!("{password}\n")).expect("password");
    let text = format!(
        "state = {:?}\n[mail]\nhost = \"localhost\"\nport = {}\ntls = \"starttls\"\nuser = \"portaal\"\n\
         password_file = {:?}\nroots = {:?}\n",
        world.state.path().display().to_string(),
        variable("PORTAAL_TEST_SMTP_PORT"),
        file.display().to_string(),
        variable("PORTAAL_TEST_SMTP_ROOTS"),
    );
    with_config(world, &text)
}

/// Envelope and bytes of the mail that carries this id.
fn taken(id: &str) -> Option<(String, String)> {
    let directory = PathBuf::from(variable("PORTAAL_TEST_SMTP_MAILDIR"));
    for entry in std::fs::read_dir(directory).expect("directory") {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|e| e != "eml") {
            continue;
        }
        let mail = std::fs::read_to_string(&path).expect("mail");
        if mail.contains(id) {
            let facts = std::fs::read_to_string(path.with_extension("json")).expect("envelope");
            return Some((facts, mail));
        }
    }
    None
}

async fn state(services: &Services, id: &str) -> (State, String) {
    let mut tx = services.db.read().await.expect("transaction");
    let row = outbox::by_id(&mut tx, id)
        .await
        .expect("query")
        .expect("mail");
    (row.state, row.reply)
}

#[test]
fn every_text_arrives_under_tls_and_login() {
    each(async |world: Arc<World>| {
        let services = services(&world, "proef-wachtwoord");
        let mut ids = Vec::new();
        for template in Template::ALL {
            ids.push(queue(&services, *template).await);
        }
        drain(services.clone()).await.expect("worker");
        for id in ids {
            let (state, reply) = state(&services, &id).await;
            assert_eq!(state, State::Sent, "{reply}");
            let (facts, mail) = taken(&id).expect("the server has it");
            assert!(
                facts.contains("\"tls\": true") && facts.contains("\"authenticated\": true"),
                "{facts}"
            );
            assert!(facts.contains("anna@delinde.example"), "{facts}");
            assert!(
                mail.contains("Content-Type: multipart/alternative"),
                "{mail}"
            );
        }
    });
}

#[test]
fn a_wrong_password_pauses_and_loses_nothing() {
    each(async |world: Arc<World>| {
        let services = services(&world, "fout");
        let id = queue(&services, Template::TestMessage).await;
        drain(services.clone()).await.expect("worker");
        let (state, reply) = state(&services, &id).await;
        assert_eq!(state, State::Deferred);
        assert!(reply.starts_with("535"), "{reply}");
        assert!(taken(&id).is_none());
    });
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    each(async |world: Arc<World>| {
        let text = format!(
            "state = {:?}\n[mail]\nhost = \"localhost\"\nport = {}\ntls = \"starttls\"\n",
            world.state.path().display().to_string(),
            variable("PORTAAL_TEST_SMTP_PORT"),
        );
        let services = with_config(&world, &text);
        let id = queue(&services, Template::TestMessage).await;
        drain(services.clone()).await.expect("worker");
        let (state, reply) = state(&services, &id).await;
        assert_eq!(state, State::Deferred);
        assert!(reply.starts_with("[tls_refused]"), "{reply}");
        assert!(taken(&id).is_none());
    });
}
