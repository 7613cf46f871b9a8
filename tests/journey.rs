//! From a registration to a delivery in the console, by real processes: intake, worker, command line, a mail server and a terminal.

use crate::cli::first_operator;
use crate::intake::program::Program;
use crate::intake::server::{Answer, ask, request, service_key};
use crate::onboarding::document;
use crate::support::db::{World, each};
use crate::support::driver::Driver;
use crate::support::mailbox::{Do, Mailbox};
use crate::support::program::{Said, run, run_with};
use portaal_console::store::Query;
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const AGB: &str = "06010001";
/// What is delivered in the end: every specification that `delivery sample` writes.
const SPECIFICATIONS: &[&str] = &["rom-1", "cqi-1", "sbg-5.0.1"];
const STAFF: &str = "support,on_call,administrator";

/// Everything that runs.
struct House<'a> {
    world: &'a World,
    intake: Program,
    mails: Mailbox,
    key: String,
    _worker: Worker,
}

/// `portaal worker`, ended with the test.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn worker(world: &World) -> Worker {
    let state = world.state.path();
    let child = Command::new(env!("CARGO_BIN_EXE_portaal"))
        .args(["--database", world.url(), "worker"])
        .env_clear()
        .env("HOME", state)
        .env("PORTAAL_CONFIG", state.join("config.toml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Worker(child.expect("worker"))
}

impl<'a> House<'a> {
    fn open(world: &'a World) -> Self {
        let mails = Mailbox::start(|_, _| Do::Usual);
        let (key, setting) = service_key();
        let more = format!(
            "{setting}\n[mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n[queue]\npoll_ms = 100\n",
            mails.port
        );
        let intake = Program::start(world, &more, "");
        Self {
            _worker: worker(world),
            world,
            intake,
            mails,
            key,
        }
    }

    fn cli(&self, words: &[&str]) -> Said {
        run(self.world, words).exits(0)
    }

    async fn call(&self, method: &str, path: &str, secret: &str, body: &[u8]) -> Answer {
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str())];
        ask(self.intake.address, &request(method, path, &headers, body)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &self.key, body.to_string().as_bytes())
            .await
    }

    /// What follows a text in a mail that came or comes, up to the end of the word.
    async fn mailed(&self, before: &str) -> String {
        for _ in 0..1200 {
            let bodies = self.mails.received().into_iter().map(|m| plain(&m.body));
            let found: Vec<String> = bodies
                .filter_map(|b| Some(b.split_once(before)?.1.to_owned()))
                .collect();
            let found = found.into_iter().next_back();
            if let Some(rest) = found {
                let end = |c: char| c.is_whitespace() || c == '"' || c == '<';
                return rest.split(end).next().unwrap_or_default().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        unreachable!(
            "no mail with {before}; {} mails",
            self.mails.received().len()
        )
    }

    /// Waits until a delivery has come to an end; gives its report.
    async fn report(&self, code: &str, id: &str, end: &[&str]) -> Value {
        let mut last = Value::Null;
        for _ in 0..600 {
            let path = format!("/v1/deliveries/{id}");
            last = self.call("GET", &path, code, b"").await.is(200).json();
            if end.iter().any(|state| last["state"] == *state) {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        unreachable!("{end:?} did not come: {last}")
    }

    /// A synthetic file of a specification.
    fn sample(&self, specification: &str, seed: &str) -> Vec<u8> {
        let words = [
            "delivery",
            "sample",
            "--specification",
            specification,
            "--rows",
            "40",
        ];
        let more = ["--organisation", AGB, "--seed", seed];
        self.cli(&[&words[..], &more].concat()).out.into_bytes()
    }
}

/// The one text that a statement gives.
async fn one(world: &World, sql: &'static str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let row: Option<(String,)> = tx.optional(Query::new(sql)).await.expect("row");
    row.expect("a row").0
}

/// Quoted-printable as text.
fn plain(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let decoded = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
        if let (b'=', Some(byte)) = (first, decoded) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn from_registration_to_deliveries_in_the_console() {
    each(async |world| {
        first_operator(&world, STAFF);
        let house = House::open(&world);
        let signatory = onboard(&house).await;
        let connection = connect(&house, &signatory).await;
        deliver(&house, &connection).await;
        look(&world);
    });
}

/// Registration, set-up, invitation, acceptance; gives the signatory's account.
async fn onboard(house: &House<'_>) -> String {
    let pdf = house.world.state.path().join("vwo.pdf");
    std::fs::write(&pdf, "%PDF-1.4 synthetic").expect("document");
    let pdf = pdf.display().to_string();
    let published = [
        "agreement",
        "publish",
        &pdf,
        "--name",
        "2021-09",
        "--title",
        "VWO",
        "--valid-from",
        "2021-09-01",
        "--grace-until",
        "2099-12-31",
    ];
    house.cli(&published);
    let registration: Value = serde_json::from_str(&document(AGB)).expect("document");
    let id = house
        .post("/v1/registrations", &registration)
        .await
        .is(201)
        .text("id");
    house.cli(&["registration", "set-up", &id]);
    house.cli(&["registration", "complete", &id]);
    let token = house.mailed("/uitnodiging/").await;
    let people = house.mails.received();
    assert!(!people.is_empty());
    let mut signatory = String::new();
    // Both users are mailed; the tokens of both open their accounts.
    for _ in 0..600 {
        let mails = house.mails.received();
        let tokens: Vec<String> = mails
            .iter()
            .filter_map(|m| {
                let text = plain(&m.body);
                let rest = text.split_once("/uitnodiging/")?.1.to_owned();
                Some(rest.split_whitespace().next()?.to_owned())
            })
            .collect();
        if tokens.len() >= 2 {
            for token in tokens {
                let answer = house
                    .post("/v1/invitations/redeem", &json!({ "token": token }))
                    .await;
                let person = answer.is(200).json();
                if person["roles"][0] == "signatory" {
                    person["account"]
                        .as_str()
                        .expect("account")
                        .clone_into(&mut signatory);
                }
            }
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!signatory.is_empty() && !token.is_empty());
    let accepted = json!({ "organisation": AGB, "account": signatory, "version": "2021-09", "address": "192.0.2.7" });
    house.post("/v1/acceptances", &accepted).await.is(201);
    signatory
}

/// Handshake, code, test run, approval; gives the code of a connection that is live.
async fn connect(house: &House<'_>, signatory: &str) -> String {
    assert!(!signatory.is_empty());
    let vendor = [
        "vendor",
        "add",
        "--name",
        "ROM Fabriek",
        "--kind",
        "rom",
        "--contact",
        "D. Verhoeven",
        "--email",
        "koppelingen@romfabriek.example",
    ];
    house.cli(&vendor);
    let request = [
        "connection",
        "request",
        "--organisation",
        AGB,
        "--vendor",
        "ROM Fabriek",
        "--route",
        "automatic",
        "--specifications",
        "rom-1,cqi-1,sbg-5.0.1",
    ];
    let made = run(house.world, &[&request[..], &["--output", "json"]].concat()).exits(0);
    let connection = made.rows()[0]["id"].as_str().expect("id").to_owned();
    house.cli(&["connection", "issue", &connection]);
    let token = house.mailed("/handshake/").await;
    let page = format!("/handshake/{token}");
    let shown = house.call("GET", &page, "", b"").await.is(200);
    assert!(!shown.page().contains("kibg_"));
    let collected = house.call("POST", &page, "", b"").await.is(200).page();
    let at = collected.find("kibg_d").expect("a code");
    let code = collected.get(at..at + 42).expect("code").to_owned();
    let file = house.sample("rom-1", "1");
    let test = house
        .call("POST", "/v1/deliveries", &code, &file)
        .await
        .is(202);
    assert_eq!(test.json()["test"], true);
    house
        .report(
            &code,
            &test.text("id"),
            &["valid", "valid_with_remarks", "invalid"],
        )
        .await;
    let run_id = one(house.world, "SELECT id FROM test_run").await;
    house.cli(&["test-run", "approve", &run_id, "--reason", "goed"]);
    let status = format!("/v1/organisations/{AGB}/status");
    let standing = house
        .call("GET", &status, &house.key, b"")
        .await
        .is(200)
        .json();
    let links = standing["connections"].as_array().expect("connections");
    let live = links.iter().filter(|c| c["state"] == "live").count();
    assert_eq!(live, 1, "{standing}");
    code
}

/// A delivery of each specification, processed and told by mail.
async fn deliver(house: &House<'_>, code: &str) {
    let before = house.mails.received().len();
    for (n, specification) in SPECIFICATIONS.iter().enumerate() {
        let file = house.sample(specification, &(n + 2).to_string());
        let answer = house
            .call("POST", "/v1/deliveries", code, &file)
            .await
            .is(202);
        assert_eq!(answer.json()["test"], false);
        let report = house
            .report(code, &answer.text("id"), &["processed", "invalid"])
            .await;
        assert_eq!(report["state"], "processed", "{specification}: {report}");
        assert_eq!(report["specification"], *specification, "{report}");
    }
    for _ in 0..600 {
        if house.mails.received().len() >= before + SPECIFICATIONS.len() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("the mails about the deliveries did not come")
}

/// What a member of staff sees.
fn look(world: &World) {
    let mut console = Driver::start(
        &["--database", world.url()],
        &[],
        world.state.path(),
        (120, 40),
    );
    console.wait_for("Overzicht");
    console.send(":aanleveringen\r");
    // The screen begins with what stands still; the deliveries are the next list.
    console.wait_for("Leveringsplicht");
    console.send("\t");
    console.wait("the deliveries", |screen| {
        screen.matches("verwerkt").count() >= SPECIFICATIONS.len()
    });
    console.send("q");
    let listed = run_with(world, &["submission", "list", "--output", "json"], "").exits(0);
    assert_eq!(
        listed.rows().len(),
        SPECIFICATIONS.len() + 1,
        "and the test run"
    );
}
