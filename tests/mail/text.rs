//! Texts are complete in both languages, the gate refuses what could break a header, and retries give the same bytes.

use crate::support::mailbox::parameters;
use portaal_console::domain::mail::Template;
use portaal_console::domain::right::Language;
use portaal_console::domain::time::Timestamp;
use portaal_console::mail::message::{self, Letter, Outgoing, Refusal};
use portaal_console::mail::reply;
use portaal_console::mail::template::{self, HIDDEN, Occasion, Parameters, Rendered, Secrets};
use portaal_console::mail::token::{self, INVITATION};
use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

fn of(value: Value) -> Parameters {
    let Value::Object(map) = value else {
        unreachable!("parameters are an object")
    };
    map
}

fn render(template: Template, language: Language, secrets: &Secrets) -> Rendered {
    let parameters = of(parameters(template));
    let occasion = Occasion {
        template,
        language,
        to: "Anna de Wit",
        portal: "https://portaal.example",
        intake: "https://intake.example",
        parameters: &parameters,
    };
    template::render(&occasion, secrets).expect("text")
}

fn letter<'a>(name: &'a str, rendered: &'a Rendered) -> Letter<'a> {
    Letter {
        sender: "portaal@infinitcare.example",
        recipient: "anna@delinde.example",
        recipient_name: name,
        message_id: "<01999999-0000-7000-8000-000000000001@infinitcare.example>",
        queued_at: Timestamp(1_791_187_200_000),
        language: Language::Nl,
        rendered,
    }
}

#[test]
fn every_text_in_both_languages() {
    for template in Template::ALL {
        for language in [Language::Nl, Language::En] {
            let made = render(*template, language, &Secrets::Hidden);
            let shown = format!("{}\n\n{}\n{}", made.subject, made.text, made.html);
            insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("mail_{template}_{}", language.as_str()), shown);
            });
        }
    }
}

#[test]
fn a_whole_mail_and_the_same_bytes_on_every_attempt() {
    let rendered = render(
        Template::RegistrationRejected,
        Language::Nl,
        &Secrets::Hidden,
    );
    let first = message::build(&letter("Zoë d'Ôr", &rendered)).expect("mail");
    let again = message::build(&letter("Zoë d'Ôr", &rendered)).expect("mail");
    assert_eq!(first, again);
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("mail_bytes", String::from_utf8(first.bytes).expect("ASCII").replace('\r', ""));
    });
}

#[test]
fn parameters_fit_or_are_refused_by_name() {
    for template in Template::ALL {
        let whole = of(parameters(*template));
        template::check(*template, &whole).expect("fits");
        for (name, _) in template::parameters(*template) {
            let mut less = whole.clone();
            less.remove(*name);
            let error = template::check(*template, &less).expect_err("missing");
            assert!(error.to_string().contains(name), "{error}");
            for wrong in [
                Value::Null,
                json!([]),
                json!({}),
                json!("a\u{0}b"),
                json!("\u{1b}[2J"),
                json!(-1),
            ] {
                let mut other = whole.clone();
                other.insert((*name).to_owned(), wrong.clone());
                let error = template::check(*template, &other).expect_err("wrong shape");
                assert!(
                    error.to_string().contains(name),
                    "{template} {name} {wrong} {error}"
                );
            }
        }
        let mut more = whole.clone();
        more.insert("token".to_owned(), json!("x"));
        template::check(*template, &more).expect_err("unknown");
    }
    template::read(Template::TestMessage, "[]").expect_err("no object");
}

#[test]
fn a_token_is_derived_hidden_in_previews_and_in_no_parameter() {
    let key = [7_u8; 32];
    let token = token::derive(&key, INVITATION, "id", "nonce");
    assert!(token.expose().starts_with(token::PREFIX));
    assert_eq!(token.expose().len(), token::PREFIX.len() + 43);
    assert_eq!(
        token.expose(),
        token::derive(&key, INVITATION, "id", "nonce").expose()
    );
    for (purpose, id, nonce) in [
        ("other", "id", "nonce"),
        (INVITATION, "i", "dnonce"),
        (INVITATION, "id", ""),
    ] {
        assert_ne!(
            token.expose(),
            token::derive(&key, purpose, id, nonce).expose()
        );
    }
    assert!(!format!("{token:?}").contains(token.expose()));
    let secret = token.expose().to_owned();
    for language in [Language::Nl, Language::En] {
        let hidden = render(Template::AccountInvitation, language, &Secrets::Hidden);
        assert!(hidden.text.contains(HIDDEN) && !hidden.text.contains(token::PREFIX));
        let sent = render(
            Template::AccountInvitation,
            language,
            &Secrets::Link(token.clone()),
        );
        assert!(
            sent.text.contains(&secret)
                && sent.html.contains(&secret)
                && !sent.text.contains(HIDDEN)
        );
        assert!(
            !sent.text.contains("00112233445566778899aabbccddeeff"),
            "the nonce stays inside"
        );
    }
}

#[test]
fn values_are_escaped_and_cannot_turn_text() {
    let mut given = of(parameters(Template::StatusMessage));
    given.insert(
        "text".to_owned(),
        json!("<script>alert(1)</script> \u{202e}gnp.exe {{ portal }}"),
    );
    given.insert("subject".to_owned(), json!("x".repeat(3000)));
    let occasion = Occasion {
        template: Template::StatusMessage,
        language: Language::Nl,
        to: "<b>Anna</b>",
        portal: "https://portaal.example",
        intake: "https://intake.example",
        parameters: &given,
    };
    let made = template::render(&occasion, &Secrets::Hidden).expect("text");
    assert!(
        !made.html.contains("<script>") && !made.html.contains("<b>Anna"),
        "{}",
        made.html
    );
    assert!(!made.html.contains('\u{202e}') && !made.text.contains('\u{202e}'));
    assert!(
        made.text.contains("{{ portal }}"),
        "a value is never a template"
    );
    assert!(made.subject.chars().count() <= 180);
    message::build(&letter("Anna", &made)).expect("mail");
}

/// Names of headers in the order they stand.
fn headers(mail: &Outgoing) -> Vec<String> {
    let text = String::from_utf8(mail.bytes.clone()).expect("ASCII");
    let (head, _) = text.split_once("\r\n\r\n").expect("header and body");
    head.split("\r\n")
        .filter(|l| !l.starts_with([' ', '\t']))
        .map(|l| l.split_once(':').expect("a header").0.to_owned())
        .collect()
}

#[test]
fn hostile_names_are_refused_or_harmless() {
    let rendered = render(Template::TestMessage, Language::Nl, &Secrets::Hidden);
    let usual = headers(&message::build(&letter("Anna", &rendered)).expect("mail"));
    let long = "é".repeat(200);
    let harmless = [
        "",
        "\"",
        "\\",
        "a\\",
        "\"a\" <x@y.example>",
        "a, b@c.example",
        "=?utf-8?q?=0D=0ABcc:_x?=",
        "Ünïcödé",
        "😀😀😀",
        "a\u{202e}b",
        "\u{200b}",
        "@",
        ":;<>[]()",
        "<script>",
        long.as_str(),
        "  ",
        "a  b",
        ".",
    ];
    for name in harmless {
        let mail = message::build(&letter(name, &rendered)).expect("harmless");
        assert_eq!(headers(&mail), usual, "{name:?}");
        assert!(message::on_the_line(&mail.bytes), "{name:?}");
    }
    let refused = [
        "a\r\nBcc: x@y.example",
        "a\nb",
        "a\rb",
        "a\0b",
        "\u{1b}[31m",
        "\u{85}",
        "\u{7f}",
    ];
    for name in refused {
        assert_eq!(
            message::build(&letter(name, &rendered)),
            Err(Refusal::Name),
            "{name:?}"
        );
    }
    let longer = "x".repeat(201);
    assert_eq!(
        message::build(&letter(&longer, &rendered)),
        Err(Refusal::Name)
    );
}

#[test]
fn the_gate_refuses_other_fields() {
    let rendered = render(Template::TestMessage, Language::Nl, &Secrets::Hidden);
    let good = letter("Anna", &rendered);
    for recipient in [
        "",
        "x",
        "x@y",
        "a@b.example\r\nRCPT TO:<c@d.example>",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "ü@b.example",
    ] {
        let mail = Letter { recipient, ..good };
        assert_eq!(
            message::build(&mail),
            Err(Refusal::Recipient),
            "{recipient:?}"
        );
    }
    for sender in ["", "x", "a\nb <a@b.example>", "A <a@b.example> x", "A <>"] {
        let mail = Letter { sender, ..good };
        assert_eq!(message::build(&mail), Err(Refusal::Sender), "{sender:?}");
    }
    for message_id in ["", "<>", "<a>", "<a@b", "<a@b>\r\nX: y", "<a b@c>"] {
        let mail = Letter { message_id, ..good };
        assert_eq!(
            message::build(&mail),
            Err(Refusal::MessageId),
            "{message_id:?}"
        );
    }
    let named = Letter {
        sender: "KiBG-dataportaal <portaal@infinitcare.example>",
        ..good
    };
    assert_eq!(
        message::build(&named).expect("named").from,
        "portaal@infinitcare.example"
    );
    for (subject, text, refusal) in [
        ("a\r\nBcc: x", "t", Refusal::Subject),
        (" ", "t", Refusal::Subject),
        ("s", "t\0", Refusal::Body),
    ] {
        let bad = Rendered {
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: String::new(),
        };
        assert_eq!(message::build(&letter("Anna", &bad)), Err(refusal));
    }
}

proptest! {
    #[test]
    fn no_text_panics_or_smuggles(name in any::<String>(), subject in any::<String>(), body in any::<String>()) {
        let rendered = Rendered { subject, text: body.clone(), html: body };
        if let Ok(mail) = message::build(&letter(&name, &rendered)) {
            assert!(message::on_the_line(&mail.bytes));
        }
    }

    #[test]
    fn no_reply_panics(bytes in any::<Vec<u8>>(), code in 0_u16..1000, text in any::<String>()) {
        if let Ok(Some((reply, taken))) = reply::parse(&bytes) {
            assert!(taken <= bytes.len() && (200..600).contains(&reply.code));
            reply::offers(&reply);
        }
        let line = format!("{code:03}-{text}\r\n{code:03} x\r\n");
        if let Ok(Some((reply, _))) = reply::parse(line.as_bytes()) {
            reply::offers(&reply);
        }
    }
}

#[test]
fn replies_are_bounded() {
    let parse = reply::parse;
    assert_eq!(
        parse(b"250 ok\r\n").map(|r| r.map(|(r, n)| (r.code, n))),
        Ok(Some((250, 8)))
    );
    assert_eq!(parse(b"250\r\n").map(|r| r.is_some()), Ok(true));
    assert_eq!(parse(b"250-a\r\n \r\n"), Err(reply::Garbled));
    assert_eq!(parse(b"250-a\r\n251 b\r\n"), Err(reply::Garbled));
    assert_eq!(parse(b"199 x\r\n"), Err(reply::Garbled));
    assert_eq!(parse(b"25x x\r\n"), Err(reply::Garbled));
    assert_eq!(parse(b"\r\n"), Err(reply::Garbled));
    assert_eq!(parse(b"250-a\r\n"), Ok(None));
    assert_eq!(
        parse(&vec![b'2'; reply::MOST_LINE + 1]),
        Err(reply::Garbled)
    );
    assert_eq!(
        parse("250-a\r\n".repeat(reply::MOST_LINES + 1).as_bytes()),
        Err(reply::Garbled)
    );
    let greeting = b"250-box\r\n250-\r\n250-   \r\n250-AUTH=PLAIN\r\n250 STARTTLS\r\n";
    let (reply, _) = parse(greeting).expect("reply").expect("whole");
    let offers = reply::offers(&reply);
    assert!(offers.starttls && offers.plain && !offers.login);
}
