//! The portal front end's calls, over real sockets: who may, what they do, and what an error does not tell.

use super::arrival::{ready, set};
use super::server::{Answer, Server, licence, request, service_key};
use crate::onboarding::{accounts_of, document, invitation_token, number, organisation, publish};
use crate::support::db::{World, each};
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::service;
use serde_json::json;

async fn begun(world: &World) -> (Server, String) {
    let (key, setting) = service_key();
    (Server::start(world, &setting).await, key)
}

#[test]
fn a_registration_is_stored_whole_or_not_at_all() {
    each(async |world| {
        let (server, key) = begun(&world).await;
        let right = document("06010001");
        let made = server.post("/v1/registrations", &key, &right).await.is(201);
        assert_eq!(made.text("state"), "received");
        let cases = [
            (document("06010001"), "organisation.agb", "duplicate"),
            (document("0601"), "organisation.agb", "not_digits"),
            (
                right.replace("\"kvk\"", "\"900000001\""),
                "organisation",
                "unknown",
            ),
            (
                right.replace("a.deboer@linde.example", "geheim"),
                "users[0].email",
                "bad_email",
            ),
            ("{".to_owned(), "line 1", "not_json"),
        ];
        for (text, field, code) in cases {
            let answer = server.post("/v1/registrations", &key, &text).await.is(422);
            let errors = answer.json()["errors"].clone();
            let named = errors.as_array().expect("errors").iter().any(|e| {
                let shown = e["field"].as_str().unwrap_or_default();
                (shown == field || (field.starts_with("line") && shown.starts_with("line")))
                    && e["code"] == code
            });
            assert!(named, "{field} {code}: {errors}");
            for sent in ["geheim", "900000001", "Boer"] {
                assert!(!answer.page().contains(sent), "{sent}: {}", answer.page());
            }
        }
        assert_eq!(number(&world, "SELECT count(*) FROM registration").await, 1);
        let system =
            "SELECT count(*) FROM audit WHERE action = 'registration.import' AND via = 'intake'";
        assert_eq!(number(&world, system).await, 1);
        server.post("/v1/registrations", &key, "").await.is(400);
        let long = "x".repeat(1024 * 1024 + 1);
        server.post("/v1/registrations", &key, &long).await.is(413);
        server.gone().await;
    });
}

#[test]
fn from_invitation_to_acceptance_and_upload() {
    each(async |world| {
        let (server, key) = begun(&world).await;
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let id = organisation(&world, &support, "06010001").await;
        let mut people = Vec::new();
        for account in accounts_of(&world, &id).await {
            let token = invitation_token(&world, &account.id).await;
            let body = json!({ "token": token }).to_string();
            let person = server
                .post("/v1/invitations/redeem", &key, &body)
                .await
                .is(200);
            assert_eq!(person.json()["organisation"]["agb"], "06010001");
            people.push(person.text("account"));
            let again = server
                .post("/v1/invitations/redeem", &key, &body)
                .await
                .is(410);
            assert!(!again.page().contains(&token));
        }
        let unknown = json!({ "token": "kibgi_unknown" }).to_string();
        server
            .post("/v1/invitations/redeem", &key, &unknown)
            .await
            .is(410);
        for version in ["2021-09", "current"] {
            let path = format!("/v1/agreements/{version}/document");
            let pdf = server.get(&path, &key).await.is(200);
            assert_eq!(pdf.header("content-type"), "application/pdf");
            assert!(pdf.body.starts_with(b"%PDF-"));
        }
        server
            .get("/v1/agreements/1999/document", &key)
            .await
            .is(404);
        let before = standing(&server, &key).await;
        assert_eq!(before.json()["agreement"]["state"], "pending");
        assert_eq!(before.json()["may_deliver"], false);
        let accept = |account: &str| {
            json!({ "organisation": "06010001", "account": account, "version": "2021-09", "address": "192.0.2.7" })
                .to_string()
        };
        server
            .post("/v1/acceptances", &key, &accept(&people[1]))
            .await
            .is(403);
        server
            .post("/v1/acceptances", &key, &accept(&people[0]))
            .await
            .is(201);
        server
            .post("/v1/acceptances", &key, &accept(&people[0]))
            .await
            .is(409);
        let evidence =
            "SELECT count(*) FROM acceptance WHERE state = 'accepted' AND remote = '192.0.2.7'";
        assert_eq!(number(&world, evidence).await, 1);
        let behalf = "SELECT count(*) FROM audit WHERE action = 'agreement.record-acceptance'
            AND outcome = 'done' AND on_behalf <> '' AND via = 'intake'";
        assert_eq!(
            number(&world, behalf).await,
            1,
            "who accepted stands in the audit"
        );
        upload(&server, &key, &people[0], 403).await;
        upload(&server, &key, "b.smit@linde.example", 400).await;
        upload(&server, &key, &people[1], 202).await;
        let after = standing(&server, &key).await.json();
        assert_eq!(after["may_deliver"], true);
        assert_eq!(after["agreement"]["state"], "accepted");
        assert_eq!(after["deliveries"][0]["state"], "received");
        let found = service::find(&world.services, Kind::Organisation, "06010001").await;
        assert_eq!(found.expect("found"), id);
        server
            .get("/v1/organisations/99999999/status", &key)
            .await
            .is(404);
        server.gone().await;
    });
}

async fn standing(server: &Server, key: &str) -> Answer {
    server
        .get("/v1/organisations/06010001/status", key)
        .await
        .is(200)
}

async fn upload(server: &Server, key: &str, account: &str, status: u16) {
    let path = format!("/v1/uploads?organisation=06010001&account={account}");
    server.post(&path, key, "a file").await.is(status);
}

#[test]
fn a_key_delivers_nothing_and_a_code_registers_nothing() {
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let (server, key) = begun(&world).await;
        let before = number(&world, "SELECT count(*) FROM audit").await;
        server.deliver(&key, &[], b"a").await.is(401);
        server.get("/v1/deliveries/x", &key).await.is(401);
        let stolen = licence(&world, &connection, 9).await;
        for wrong in [code.as_str(), stolen.as_str(), "", "kibg_s"] {
            for (method, path) in [
                ("POST", "/v1/registrations"),
                ("POST", "/v1/invitations/redeem"),
                ("POST", "/v1/acceptances"),
                ("POST", "/v1/uploads?organisation=06010001&account=x"),
                ("GET", "/v1/agreements/current/document"),
                ("GET", "/v1/organisations/06010001/status"),
            ] {
                let bearer = format!("Bearer {wrong}");
                let bytes = request(method, path, &[("authorization", &bearer)], b"{}");
                server.ask(&bytes).await.is(401);
            }
        }
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 0);
        assert_eq!(number(&world, "SELECT count(*) FROM registration").await, 1);
        assert_eq!(number(&world, "SELECT count(*) FROM audit").await, before);
        server.gone().await;
        // Without a key in the settings nobody is the front end.
        let closed = Server::start(&world, "").await;
        closed.post("/v1/registrations", &key, "{}").await.is(401);
        closed.gone().await;
    });
}

#[test]
fn what_fails_inside_is_told_to_the_log_alone() {
    each(async |world| {
        ready(&world).await;
        let (server, key) = begun(&world).await;
        set(&world, "ALTER TABLE registration RENAME TO elsewhere").await;
        let answer = server
            .post("/v1/registrations", &key, &document("06010009"))
            .await;
        assert!(answer.status >= 500, "{answer:?}");
        for inside in ["registration", "elsewhere", "SQL", "table", "Linde"] {
            let told = answer.page().replace("urn:portaal:problem", "");
            assert!(!told.contains(inside), "{inside}: {told}");
        }
        server.gone().await;
    });
}
