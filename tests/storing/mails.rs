//! Who is told what became of a delivery, and what such a mail never says.

use super::{AGB, deliverer, file, lines, receive, row};
use crate::onboarding::{accounts_of, activate, number};
use crate::support::db::{BEGIN, World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::domain::time::MINUTE;
use portaal_console::service::fields::Values;
use portaal_console::service::{self, Actor, submission};
use portaal_console::store::Query;
use std::sync::Arc;

/// Template, recipient and parameters of the mails about a delivery.
async fn mails(world: &World, id: &str) -> Vec<(String, String, String)> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT template, recipient, parameters FROM mail WHERE object_kind = 'submission' AND object_id = $1
        ORDER BY recipient, id";
    tx.all(Query::new(sql).bind(id)).await.expect("mails")
}

async fn execute(world: &World, sql: &'static str, values: &[&str]) {
    let mut tx = world.services.db.write().await.expect("transaction");
    let query = values.iter().fold(Query::new(sql), |q, v| q.bind(*v));
    tx.execute(query).await.expect("statement");
    tx.commit().await.expect("commit");
}

async fn processed(world: &World, actor: &Arc<Actor>, n: i64, text: &str) -> String {
    let id = receive(world, actor, BEGIN.plus(n * MINUTE), text).await;
    submission::process(&world.services, &id)
        .await
        .expect("processed");
    id
}

#[test]
fn the_uploader_else_managers_else_submitters_are_told() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let first = processed(&world, &actor, 0, &file(AGB, &lines([(1, 1)]))).await;
        assert_eq!(mails(&world, &first).await, [], "nobody is there yet");
        let waiting = "SELECT count(*) FROM organisation o WHERE o.state = 'active' AND NOT EXISTS (SELECT 1
            FROM account a WHERE a.organisation_id = o.id AND a.state = 'active' AND a.roles LIKE '%submitter%')";
        assert_eq!(number(&world, waiting).await, 1, "and Overzicht says so");
        let organisation = service::find(&world.services, Kind::Organisation, AGB)
            .await
            .expect("organisation");
        let support = world.operator("tweede", &[Role::Support]).await;
        activate(&world, &support, &organisation, "b.smit@linde.example").await;
        let second = processed(&world, &actor, 1, &file(AGB, &lines([(1, 2)]))).await;
        let to = |all: Vec<(String, String, String)>| -> Vec<String> {
            all.into_iter().map(|(_, to, _)| to).collect()
        };
        assert_eq!(to(mails(&world, &second).await), ["b.smit@linde.example"]);
        let invite: Values = [
            ("organisation", organisation.as_str()),
            ("name", "C. Baas"),
            ("email", "c.baas@linde.example"),
            ("roles", "manager"),
            ("language", "en"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into_iter()
        .collect();
        let call = world.call(&support, "");
        service::run(&world.services, &call, Act::AccountInvite, "", &invite)
            .await
            .expect("invited");
        activate(&world, &support, &organisation, "c.baas@linde.example").await;
        let third = processed(&world, &actor, 2, &file(AGB, &lines([(1, 3)]))).await;
        assert_eq!(to(mails(&world, &third).await), ["c.baas@linde.example"]);
        // The uploader before the manager, and the vendor where that was asked.
        let uploader = accounts_of(&world, &organisation).await;
        let uploader = uploader.iter().find(|a| a.email.starts_with("b.smit"));
        let fourth = receive(
            &world,
            &actor,
            BEGIN.plus(3 * MINUTE),
            &file(AGB, &lines([(1, 4)])),
        )
        .await;
        let account = uploader.expect("account").id.clone();
        execute(
            &world,
            "UPDATE submission SET account_id = $2, connection_id = (SELECT c.id FROM connection c LIMIT 1) WHERE id = $1",
            &[&fourth, &account],
        )
        .await;
        execute(
            &world,
            "INSERT INTO vendor (id, name, kind, email, contact, created_at, folded, version, language)
                VALUES ('v', 'V', 'rom', 'rom@vendor.example', 'V. Ries', 0, 'v', 1, 'en')",
            &[],
        )
        .await;
        execute(
            &world,
            "UPDATE connection SET vendor_mail = 1, vendor_id = 'v'",
            &[],
        )
        .await;
        submission::process(&world.services, &fourth)
            .await
            .expect("processed");
        assert_eq!(
            to(mails(&world, &fourth).await),
            ["b.smit@linde.example", "rom@vendor.example"]
        );
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn each_end_has_its_mail_with_codes_and_counts_and_no_value() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let organisation = service::find(&world.services, Kind::Organisation, AGB)
            .await
            .expect("organisation");
        let support = world.operator("tweede", &[Role::Support]).await;
        activate(&world, &support, &organisation, "b.smit@linde.example").await;
        let twice = [lines([(77, 88)]), lines([(77, 88)])].concat();
        let bad = processed(&world, &actor, 0, &file(AGB, &twice)).await;
        let mail = mails(&world, &bad).await.pop().expect("a mail");
        assert_eq!(
            (mail.0.as_str(), row(&world, &bad).await.cause.as_str()),
            ("delivery_invalid", "ROM-0062")
        );
        assert!(mail.2.contains("ROM-0062"), "{}", mail.2);
        let good = processed(&world, &actor, 1, &file(AGB, &lines([(77, 88)]))).await;
        let mail = mails(&world, &good).await.pop().expect("a mail");
        assert_eq!(mail.0, "delivery_processed");
        execute(&world, "UPDATE acceptance SET state = 'terminated'", &[]).await;
        let held = receive(
            &world,
            &actor,
            BEGIN.plus(2 * MINUTE),
            &file(AGB, &lines([(78, 88)])),
        )
        .await;
        let mail = mails(&world, &held).await.pop().expect("a mail");
        assert_eq!(
            (mail.0.as_str(), row(&world, &held).await.cause.as_str()),
            ("delivery_held", "no_acceptance")
        );
        for id in [&bad, &good, &held] {
            for (_, _, parameters) in mails(&world, id).await {
                for secret in [
                    "K000077",
                    "T000077",
                    "K000078",
                    "delivery.csv",
                    "2026-01-10",
                ] {
                    assert!(!parameters.contains(secret), "{secret} in {parameters}");
                }
            }
        }
        world.services.clock.set(BEGIN);
    });
}
