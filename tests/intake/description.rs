//! The OpenAPI document: it describes every route, and what the intake answers is what it says.

use super::arrival::ready;
use super::server::{Answer, Server, licence, request, service_key};
use crate::onboarding::{accounts_of, document, invitation_token, organisation};
use crate::support::db::each;
use portaal_console::domain::right::Role;
use portaal_console::intake::{DOCUMENT, ROUTES};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn described() -> Value {
    serde_json::from_str(DOCUMENT).expect("JSON")
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let all = described();
    let paths = all["paths"].as_object().expect("paths");
    let said: BTreeSet<(&str, &str)> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods");
            methods.keys().map(move |m| (path.as_str(), m.as_str()))
        })
        .collect();
    let there: BTreeSet<(&str, &str)> = ROUTES
        .iter()
        .flat_map(|r| r.methods.iter().map(move |m| (r.path, *m)))
        .collect();
    assert_eq!(said, there);
}

/// What does not fit a schema; the part of JSON Schema that the document uses, and nothing unknown in it.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str, all: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root
            .pointer(name.trim_start_matches('#'))
            .expect("reference");
        return faults(root, target, value, at, all);
    }
    for (word, rule) in schema.as_object().expect("schema") {
        match word.as_str() {
            "type" if !fits(rule, value) => all.push(format!("{at} is no {rule}: {value}")),
            "enum" if !rule.as_array().expect("list").contains(value) => {
                all.push(format!("{at} is none of {rule}: {value}"));
            }
            "anyOf" => {
                let one = rule.as_array().expect("list").iter().any(|s| {
                    let mut inner = Vec::new();
                    faults(root, s, value, at, &mut inner);
                    inner.is_empty()
                });
                if !one {
                    all.push(format!("{at} fits nothing of {rule}: {value}"));
                }
            }
            "required" => {
                for name in rule.as_array().expect("names") {
                    if value.get(name.as_str().expect("name")).is_none() {
                        all.push(format!("{at} lacks {name}"));
                    }
                }
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(s) => faults(root, s, inner, &format!("{at}.{name}"), all),
                        None => all.push(format!("{at}.{name} is not described")),
                    }
                }
            }
            "items" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    faults(root, rule, inner, &format!("{at}[{i}]"), all);
                }
            }
            "type" | "enum" | "description" | "additionalProperties" => {}
            other => all.push(format!("{at}: this reader does not know {other}")),
        }
    }
}

fn fits(rule: &Value, value: &Value) -> bool {
    match rule {
        Value::Array(any) => any.iter().any(|r| fits(r, value)),
        Value::String(name) => match name.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            _ => false,
        },
        _ => false,
    }
}

/// Holds an answer against the document.
fn agrees(all: &Value, method: &str, path: &str, answer: &Answer) {
    let status = answer.status.to_string();
    let mut response = &all["paths"][path][method]["responses"][&status];
    if let Some(name) = response["$ref"].as_str() {
        response = all
            .pointer(name.trim_start_matches('#'))
            .expect("reference");
    }
    let what = format!("{method} {path} {status}");
    let content = response["content"].as_object();
    assert!(content.is_some(), "{what} is not described");
    let form = answer.header("content-type");
    let found = content
        .expect("content")
        .iter()
        .find(|(name, _)| form.starts_with(name.as_str()));
    assert!(found.is_some(), "{what}: {form} is not described");
    if form.contains("json") {
        let mut wrong = Vec::new();
        faults(
            all,
            &found.expect("form").1["schema"],
            &answer.json(),
            "answer",
            &mut wrong,
        );
        assert!(wrong.is_empty(), "{what}: {wrong:?}");
    }
}

/// Method, path, target (`=` for the same), whose secret, what body.
const CALLS: &str = "
post /v1/deliveries = nobody file
post /v1/deliveries = code -
get /v1/deliveries/{id} DELIVERED code -
get /v1/deliveries/{id} /v1/deliveries/x code -
get /v1/deliveries/{id} /v1/deliveries/x nobody -
post /v1/registrations = key registration
post /v1/registrations = key {}
post /v1/registrations = code {}
post /v1/invitations/redeem = key token
post /v1/invitations/redeem = key token
post /v1/invitations/redeem = key []
get /v1/agreements/{version}/document /v1/agreements/current/document key -
get /v1/agreements/{version}/document /v1/agreements/none/document key -
post /v1/acceptances = key acceptance
post /v1/acceptances = key acceptance
post /v1/acceptances = key {}
get /v1/organisations/{agb}/status /v1/organisations/06010001/status key -
get /v1/organisations/{agb}/status /v1/organisations/06010002/status key -
get /v1/organisations/{agb}/status /v1/organisations/x/status key -
post /v1/uploads = key file
post /v1/uploads UPLOAD key file
get /handshake/{token} /handshake/x nobody -
post /handshake/{token} /handshake/x nobody -
get /v1/openapi.json = nobody -
get /healthz = nobody -
get /readyz = nobody -
";

#[test]
fn what_is_answered_is_what_is_described() {
    each(async |world| {
        let all = described();
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let (key, setting) = service_key();
        let server = Server::start(&world, &setting).await;
        let support = world.operator("els", &[Role::Support]).await;
        let other = organisation(&world, &support, "06010002").await;
        let account = accounts_of(&world, &other).await.remove(0).id;
        let upload = format!("/v1/uploads?organisation=06010002&account={account}");
        let token = json!({ "token": invitation_token(&world, &account).await }).to_string();
        let accepted =
            json!({ "organisation": "06010002", "account": account, "version": "", "address": "" });
        let delivered = server.deliver(&code, &[], b"a").await.is(202);
        let at = delivered.header("location");
        agrees(&all, "post", "/v1/deliveries", &delivered);
        portaal_console::work::drain(world.services.clone())
            .await
            .expect("worked");
        for line in CALLS.lines().filter(|l| !l.is_empty()) {
            let words: Vec<&str> = line.split(' ').collect();
            let target = match words[2] {
                "=" => words[1],
                "DELIVERED" => at.as_str(),
                "UPLOAD" => upload.as_str(),
                other => other,
            };
            let secret = match words[3] {
                "code" => code.as_str(),
                "key" => key.as_str(),
                _ => "",
            };
            let body = match words[4] {
                "-" => String::new(),
                "registration" => document("06010003"),
                "token" => token.clone(),
                "acceptance" => accepted.to_string(),
                other => other.to_owned(),
            };
            let bearer = format!("Bearer {secret}");
            let headers = [("authorization", bearer.as_str())];
            let bytes = request(&words[0].to_uppercase(), target, &headers, body.as_bytes());
            agrees(&all, words[0], words[1], &server.ask(&bytes).await);
        }
        server.gone().await;
    });
}
