//! The pages of a handshake: looking changes nothing, collecting works once, and nothing of it is kept anywhere.

use super::arrival::{ready, set};
use super::server::{Server, request};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::mail::token;
use portaal_console::store::Query;

const ID: &str = "01900000-0000-7000-8000-000000000001";

/// An open handshake; gives the token of its link.
async fn handshake(world: &World) -> String {
    let connection = ready(world).await;
    set(world, "UPDATE connection SET state = 'issued'").await;
    set(world, "UPDATE organisation SET name = '<b>Linde</b> & zn.'").await;
    let secret = token::derive(world.services.settings.key(), token::HANDSHAKE, ID, "nonce");
    let sql = "INSERT INTO handshake (id, connection_id, nonce, token_hash, created_at, created_by, expires_at,
        collected_at, collected_by, revoked_at) VALUES ($1, $2, 'nonce', $3, 0, '', 9000000000000, 0, '', 0)";
    let mut tx = world.services.db.write().await.expect("transaction");
    let query = Query::new(sql)
        .bind(ID)
        .bind(connection)
        .bind(token::hash(secret.expose()));
    tx.execute(query).await.expect("handshake");
    tx.commit().await.expect("commit");
    secret.expose().to_owned()
}

#[test]
fn looking_changes_nothing_and_the_button_collects_once() {
    each(async |world| {
        let token = handshake(&world).await;
        let server = Server::start(&world, "").await;
        let path = format!("/handshake/{token}");
        for method in ["GET", "HEAD", "GET"] {
            let page = server.ask(&request(method, &path, &[], b"")).await.is(200);
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert!(
                page.header("content-security-policy")
                    .contains("default-src 'none'")
            );
            assert!(!page.page().contains("<b>Linde"), "a name is text");
            assert!(!page.page().contains("kibg_"), "nothing is collected yet");
        }
        assert_eq!(number(&world, "SELECT count(*) FROM licence").await, 0);
        let english = [("accept-language", "en")];
        let page = server
            .ask(&request("GET", &path, &english, b""))
            .await
            .is(200);
        assert!(page.page().contains("lang=\"en\"") && page.page().contains("Show address"));
        let collected = server.ask(&request("POST", &path, &[], b"")).await.is(200);
        assert_eq!(collected.header("cache-control"), "no-store");
        let text = collected.page();
        assert!(
            text.contains("https://intake.example/v1/deliveries"),
            "{text}"
        );
        let at = text.find("kibg_d").expect("a code");
        let code = text.get(at..at + 42).expect("code").to_owned();
        assert_eq!(number(&world, "SELECT count(*) FROM licence").await, 1);
        for method in ["GET", "POST"] {
            let again = server.ask(&request(method, &path, &[], b"")).await.is(410);
            assert!(!again.page().contains("kibg_"));
        }
        server.get("/v1/deliveries/x", &code).await.is(404);
        let log = std::fs::read_to_string(world.state.path().join("portaal.log"));
        assert!(!log.unwrap_or_default().contains(&code));
        server.gone().await;
    });
}

#[test]
fn two_who_press_at_the_same_time_get_one_code() {
    each(async |world| {
        let token = handshake(&world).await;
        let server = Server::start(&world, "").await;
        let press = request("POST", &format!("/handshake/{token}"), &[], b"");
        let all = (0..8).map(|_| server.ask(&press));
        let answers = futures_util::future::join_all(all).await;
        let shown = answers.iter().filter(|a| a.status == 200).count();
        assert_eq!(shown, 1);
        assert!(answers.iter().all(|a| a.status == 200 || a.status == 410));
        assert_eq!(number(&world, "SELECT count(*) FROM licence").await, 1);
        server.gone().await;
    });
}

#[test]
fn a_link_that_never_was_is_like_one_that_is_over() {
    each(async |world| {
        let token = handshake(&world).await;
        set(&world, "UPDATE handshake SET expires_at = 1").await;
        let server = Server::start(&world, "").await;
        let over = server
            .ask(&request("GET", &format!("/handshake/{token}"), &[], b""))
            .await;
        for path in [
            "/handshake/nothing",
            "/handshake/%3Cscript%3E",
            "/handshake/kibgi_",
        ] {
            let never = server.ask(&request("GET", path, &[], b"")).await.is(410);
            assert_eq!(never.body, over.body);
            server.ask(&request("POST", path, &[], b"")).await.is(410);
        }
        server.gone().await;
    });
}
