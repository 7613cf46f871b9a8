//! Deliveries by licence code, over real sockets: the good way, and every way in which it goes wrong.

use super::arrival::{files, ready, set};
use super::server::{Answer, Server, ask, licence, request, service_key};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::store::Query;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn begun(world: &World, settings: &str) -> (Server, String) {
    let connection = ready(world).await;
    let code = licence(world, &connection, 1).await;
    (Server::start(world, settings).await, code)
}

async fn text(world: &World, sql: &'static str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let row: Option<(String,)> = tx.optional(Query::new(sql)).await.expect("text");
    row.map(|r| r.0).unwrap_or_default()
}

/// A synthetic file.
pub fn sample(faults: Faults) -> Vec<u8> {
    let sample = Sample {
        organisation: "06010001".to_owned(),
        rows: 60,
        seed: 4,
        faults,
        as_of: chrono::NaiveDate::from_ymd_opt(2026, 10, 4).expect("date"),
    };
    let mut out = Vec::new();
    sample::write(&sample, &mut out).expect("sample");
    out
}

#[test]
fn a_delivery_has_its_receipt_and_then_its_report() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        let name = (
            "content-disposition",
            "attachment; filename=\"rom 2026.csv\"",
        );
        let answer = server
            .deliver(&code, &[name], &sample(Faults::Any(20)))
            .await
            .is(202);
        let id = answer.text("id");
        assert_eq!(answer.text("state"), "received");
        assert_eq!(answer.header("location"), format!("/v1/deliveries/{id}"));
        assert_eq!(
            answer.text("status_url"),
            format!("https://intake.example/v1/deliveries/{id}")
        );
        assert_eq!(
            text(&world, "SELECT file_name FROM submission").await,
            "rom 2026.csv"
        );
        portaal_console::work::drain(world.services.clone())
            .await
            .expect("worked");
        let path = format!("/v1/deliveries/{id}");
        let report = server.get(&path, &code).await.is(200);
        assert_eq!(report.text("state"), "invalid");
        let findings = report.json()["findings"]
            .as_array()
            .cloned()
            .expect("findings");
        assert!(!findings.is_empty());
        assert!(
            findings
                .iter()
                .all(|f| f["message"].is_string() && f["code"].is_string())
        );
        let bearer = format!("Bearer {code}");
        let english = [
            ("authorization", bearer.as_str()),
            ("accept-language", "en-GB, nl;q=0.5"),
        ];
        let english = server
            .ask(&request("GET", &path, &english, b""))
            .await
            .is(200);
        assert_ne!(
            english.json()["findings"][0]["message"],
            findings[0]["message"]
        );
        server.gone().await;
    });
}

#[test]
fn a_code_sees_its_own_connection_alone() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        set(
            &world,
            "INSERT INTO connection (id, organisation_id, route, state, state_at, created_at, version)
            SELECT 'other', organisation_id, 'manual', 'live', 0, created_at + 1, 1 FROM connection",
        )
        .await;
        let other = licence(&world, "other", 2).await;
        let id = server.deliver(&code, &[], b"a").await.is(202).text("id");
        let path = format!("/v1/deliveries/{id}");
        let foreign = server.get(&path, &other).await.is(404);
        let unknown = server.get("/v1/deliveries/nothing", &other).await.is(404);
        assert_eq!(foreign.body, unknown.body, "there is nothing to tell apart");
        server.get(&path, &code).await.is(200);
        server.deliver(&other, &[], b"a").await.is(202);
        server.get(&path, &other).await.is(200);
        server.gone().await;
    });
}

#[test]
fn every_code_that_opens_nothing_is_told_the_same() {
    each(async |world| {
        let (key, setting) = service_key();
        let (server, code) = begun(&world, &setting).await;
        set(
            &world,
            "INSERT INTO connection (id, organisation_id, route, state, state_at, created_at, version)
            SELECT 'other', organisation_id, 'manual', 'live', 0, created_at + 1, 1 FROM connection",
        )
        .await;
        let revoked = licence(&world, "other", 2).await;
        set(
            &world,
            "UPDATE licence SET state = 'revoked' WHERE id = 'licence-2'",
        )
        .await;
        let expired = licence(&world, "other", 3).await;
        set(
            &world,
            "UPDATE licence SET state = 'expired', expires_at = 1 WHERE id = 'licence-3'",
        )
        .await;
        let mut typo = code.clone();
        typo.replace_range(
            10..11,
            if typo.get(10..11) == Some("a") {
                "b"
            } else {
                "a"
            },
        );
        let unknown = {
            let random = std::array::from_fn(|i| u8::try_from(i).expect("small") ^ 0x63);
            portaal_console::domain::licence_code::LicenceCode::make(
                portaal_console::domain::licence_code::Opens::Deliveries,
                &random,
            )
            .expect("code")
        };
        let undated = |a: Answer| {
            let head: Vec<String> = a
                .head
                .lines()
                .filter(|l| !l.to_ascii_lowercase().starts_with("date:"))
                .map(str::to_owned)
                .collect();
            (head, a.body)
        };
        let bare = request("POST", "/v1/deliveries", &[], b"a");
        let first = undated(server.ask(&bare).await.is(401));
        let long = "k".repeat(4000);
        let codes = [
            &unknown.expose().to_owned(),
            &typo,
            &revoked,
            &expired,
            &key,
            &long,
            &String::new(),
        ];
        for code in codes {
            let answer = server.deliver(code, &[], b"a").await.is(401);
            assert_eq!(undated(answer), first, "{code}");
        }
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 0);
        assert!(files(&world).is_empty());
        server.gone().await;
    });
}

#[test]
fn names_are_shown_and_never_paths() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        let cases: &[(&str, &str)] = &[
            ("attachment; filename=plain.csv", "plain.csv"),
            ("attachment; filename=\"../../etc/passwd\"", "passwd"),
            ("attachment; filename=\"C:\\\\data\\\\rom.csv\"", "rom.csv"),
            (
                "attachment; filename=\"a\\\"b;c.csv\"; size=3",
                "a\"b;c.csv",
            ),
            (
                "attachment; filename*=UTF-8''na%C3%AFef%20r%C3%B6m.csv",
                "naïef röm.csv",
            ),
            (
                "attachment; filename=x.csv; filename*=utf-8'nl'%e2%82%ac.csv",
                "€.csv",
            ),
            ("attachment; filename*=ISO-8859-1''r%F6m.csv", "röm.csv"),
            ("attachment; filename*=UTF-8''%2e%2e%2fup.csv", "up.csv"),
            (
                "attachment; filename*=UTF-8''a%1b%5b31m%e2%80%aeb.csv",
                "a[31mb.csv",
            ),
            (
                "attachment; filename*=UTF-8''%zz; filename=back.csv",
                "back.csv",
            ),
            ("attachment; filename=\"open", "open"),
            ("attachment; filename=", ""),
            ("attachment", ""),
            (";;;==;", ""),
        ];
        for (n, (header, name)) in cases.iter().enumerate() {
            let body = n.to_string();
            let id = server
                .deliver(&code, &[("content-disposition", header)], body.as_bytes())
                .await
                .is(202)
                .text("id");
            let mut tx = world.services.db.read().await.expect("transaction");
            let query = Query::new("SELECT file_name FROM submission WHERE id = $1").bind(&id);
            let row: Option<(String,)> = tx.optional(query).await.expect("name");
            assert_eq!(row.expect("row").0, *name, "{header}");
        }
        let outside = files(&world).iter().filter(|n| n.len() != 64).count();
        assert_eq!(outside, 0, "files are named by their hash alone");
        server.gone().await;
    });
}

#[test]
fn what_does_not_arrive_whole_leaves_nothing() {
    each(async |world| {
        let (server, code) =
            begun(&world, "max_bytes = 1000\nidle_ms = 300\nheader_ms = 400").await;
        let head = |more: &str| {
            format!(
                "POST /v1/deliveries HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {code}\r\nconnection: close\r\n{more}\r\n"
            )
        };
        let chunk = format!("3e9\r\n{}\r\n0\r\n\r\n", "x".repeat(1001));
        let cases: Vec<(&str, String, u16)> = vec![
            ("told too large", head("content-length: 1001\r\n"), 413),
            (
                "is too large",
                head("transfer-encoding: chunked\r\n") + &chunk,
                413,
            ),
            (
                "shorter than told",
                head("content-length: 100\r\n") + "short",
                408,
            ),
            ("never begins", head("content-length: 100\r\n"), 408),
            ("has no content", head("content-length: 0\r\n"), 400),
            (
                "is encoded",
                head("content-encoding: gzip\r\ncontent-length: 1\r\n") + "x",
                415,
            ),
            (
                "has two lengths",
                head("content-length: 1\r\ncontent-length: 2\r\n") + "xx",
                400,
            ),
            ("is no number", head("content-length: x\r\n"), 400),
            (
                "broken chunk",
                head("transfer-encoding: chunked\r\n") + "zz\r\n",
                400,
            ),
        ];
        for (what, bytes, status) in cases {
            let answer = ask(server.address, bytes.as_bytes()).await;
            assert_eq!(answer.status, status, "{what}: {}", answer.head);
        }
        // Gone in the middle: nobody is left to be answered.
        let mut stream = TcpStream::connect(server.address)
            .await
            .expect("connection");
        let half = head("content-length: 100\r\n") + "half";
        stream.write_all(half.as_bytes()).await.expect("sent");
        drop(stream);
        server.deliver(&code, &[], b"whole").await.is(202);
        // Longer than told: the rest is no request.
        let long =
            head("content-length: 4\r\n").replace("close", "keep-alive") + "fourMORE\r\n\r\n";
        let answer = ask(server.address, long.as_bytes()).await;
        assert_eq!(answer.status, 202);
        assert!(
            String::from_utf8_lossy(&answer.body).contains("HTTP/1.1 400"),
            "{answer:?}"
        );
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 2);
        let two = async || files(&world).len() == 2;
        for _ in 0..100 {
            if two().await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(files(&world).len(), 2, "{:?}", files(&world));
        server.gone().await;
    });
}

#[test]
fn a_key_gives_the_first_answer_and_no_other_file() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        let key = [("idempotency-key", "3f1c")];
        let first = server.deliver(&code, &key, b"a").await.is(202);
        let again = server.deliver(&code, &key, b"a").await.is(202);
        assert_eq!(again.text("id"), first.text("id"));
        assert_eq!(again.json()["identical"], true);
        let other = server.deliver(&code, &key, b"b").await.is(409);
        assert_eq!(other.header("content-type"), "application/problem+json");
        assert!(!other.page().contains("3f1c"));
        let bad = [("idempotency-key", "é")];
        server.deliver(&code, &bad, b"c").await.is(400);
        assert_eq!(files(&world).len(), 1);
        server.gone().await;
    });
}

#[test]
fn who_asks_too_often_waits_and_others_do_not() {
    each(async |world| {
        let (server, code) = begun(&world, "requests_per_minute = 3").await;
        let other = licence(&world, &super::arrival::connections(&world).await[0], 2).await;
        for _ in 0..3 {
            server.deliver(&code, &[], b"a").await.is(202);
        }
        let answer = server.deliver(&code, &[], b"a").await.is(429);
        let wait: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=21).contains(&wait), "{wait}");
        server.deliver(&other, &[], b"a").await.is(202);
        server.gone().await;
    });
}

#[test]
fn a_connection_or_organisation_that_may_not_deliver_is_refused_and_audited() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        let refused =
            "SELECT count(*) FROM audit WHERE action = 'submission.add' AND outcome = 'refused'";
        for (n, change) in [
            "UPDATE connection SET state = 'suspended'",
            "UPDATE organisation SET state = 'suspended'",
        ]
        .iter()
        .enumerate()
        {
            set(&world, change).await;
            let answer = server.deliver(&code, &[], b"a").await.is(409);
            assert_eq!(answer.text("code"), "state");
            assert_eq!(
                number(&world, refused).await,
                i64::try_from(n).expect("small") + 1
            );
        }
        assert!(files(&world).is_empty());
        server.gone().await;
    });
}

#[test]
fn in_testing_only_a_test_run_comes_of_it_and_without_acceptance_it_is_held() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        set(&world, "UPDATE connection SET state = 'testing'").await;
        let answer = server.deliver(&code, &[], b"a").await.is(202);
        assert_eq!(answer.json()["test"], true);
        set(&world, "UPDATE connection SET state = 'live'").await;
        set(&world, "UPDATE acceptance SET state = 'terminated'").await;
        let answer = server.deliver(&code, &[], b"b").await.is(202);
        assert_eq!(answer.text("state"), "held");
        let report = server.get(&answer.header("location"), &code).await.is(200);
        assert_eq!(report.text("hold"), "no_acceptance");
        server.gone().await;
    });
}

#[test]
fn the_same_file_by_the_same_code_at_the_same_time_is_one_delivery() {
    each(async |world| {
        let (server, code) = begun(&world, "requests_per_minute = 1000").await;
        let all = (0..20).map(|_| server.deliver(&code, &[], b"same"));
        let answers = futures_util::future::join_all(all).await;
        let mut ids: Vec<String> = answers.into_iter().map(|a| a.is(202).text("id")).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        assert_eq!(files(&world).len(), 1);
        assert_eq!(
            number(&world, "SELECT count(*) FROM job WHERE kind = 'submission'").await,
            1
        );
        server.gone().await;
    });
}

#[test]
fn asked_to_stop_it_finishes_what_it_receives_and_refuses_what_is_new() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        let mut slow = TcpStream::connect(server.address)
            .await
            .expect("connection");
        let head = format!(
            "POST /v1/deliveries HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {code}\r\ncontent-length: 8\r\n\r\nhalf"
        );
        slow.write_all(head.as_bytes()).await.expect("sent");
        let idle = TcpStream::connect(server.address)
            .await
            .expect("connection");
        let underway = async || {
            let counts = ask(server.metrics, &request("GET", "/metrics", &[], b"")).await;
            counts.page().contains("portaal_intake_calls_under_way 1")
        };
        while !underway().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        ask(server.address, &request("GET", "/readyz", &[], b""))
            .await
            .is(200);
        server.ask_to_stop();
        let ready = async || {
            ask(server.address, &request("GET", "/readyz", &[], b""))
                .await
                .status
        };
        while ready().await != 503 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let refused = server.deliver(&code, &[], b"new").await.is(503);
        assert!(!refused.header("retry-after").is_empty());
        ask(server.address, &request("GET", "/healthz", &[], b""))
            .await
            .is(200);
        slow.write_all(b"half").await.expect("sent");
        let mut answer = Vec::new();
        slow.read_to_end(&mut answer).await.expect("answer");
        Answer::of(&answer).is(202);
        drop(idle);
        let address = server.address;
        server.gone().await;
        assert!(TcpStream::connect(address).await.is_err());
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 1);
    });
}

#[test]
fn counts_hold_no_name_no_code_and_nothing_that_was_sent() {
    each(async |world| {
        let (server, code) = begun(&world, "").await;
        let name = ("content-disposition", "attachment; filename=\"naam.csv\"");
        let id = server
            .deliver(&code, &[name], b"a")
            .await
            .is(202)
            .text("id");
        server
            .get(&format!("/v1/deliveries/{id}"), &code)
            .await
            .is(200);
        server.get("/geheim/pad", &code).await.is(404);
        server
            .ask(&request("BREW", "/v1/deliveries", &[], b""))
            .await
            .is(405);
        let counts = ask(server.metrics, &request("GET", "/metrics", &[], b""))
            .await
            .is(200);
        let page = counts.page();
        for secret in [
            "naam",
            code.as_str(),
            id.as_str(),
            "06010001",
            "geheim",
            "BREW",
            "Linde",
        ] {
            assert!(!page.contains(secret), "{secret}: {page}");
        }
        for line in [
            "portaal_intake_answers_total{method=\"POST\",route=\"/v1/deliveries\",status=\"202\"} 1",
            "portaal_intake_answers_total{method=\"GET\",route=\"other\",status=\"404\"} 1",
            "portaal_intake_arrivals_total{source=\"intake\",outcome=\"received\"} 1",
            "portaal_intake_received_bytes_total 1",
        ] {
            assert!(page.contains(line), "{line}: {page}");
        }
        ask(server.address, &request("GET", "/metrics", &[], b""))
            .await
            .is(404);
        server.gone().await;
    });
}
