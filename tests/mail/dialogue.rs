//! The dialogue with a scripted server: every code at every step, drop, silence, trickle, flood, garbage — the right fate, no
//! panic, no hang.

use crate::support::mailbox::{At, Do, Mailbox};
use portaal_console::domain::mail::Step;
use portaal_console::mail::message::Outgoing;
use portaal_console::mail::smtp::{self, Abandon, Fate, Login, Protection, Server, Setup, Verdict};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Longest wait for each step in these tests.
const WAIT: Duration = Duration::from_millis(300);
/// No dialogue may take longer, on a busy machine.
const MOST: Duration = Duration::from_secs(10);

fn setup(port: u16) -> Setup {
    Setup {
        host: "127.0.0.1".to_owned(),
        port,
        protection: Protection::None,
        login: None,
        roots: None,
        timeout: WAIT,
        name: "box.example".to_owned(),
    }
}

fn mail() -> Outgoing {
    Outgoing {
        from: "portaal@infinitcare.example".to_owned(),
        to: "anna@delinde.example".to_owned(),
        bytes: b"Subject: x\r\n\r\n.a line with a dot\r\n..two\r\n.\r\nlast".to_vec(),
    }
}

fn login() -> Login {
    Login {
        user: "portaal".to_owned(),
        password: "geheim".into(),
    }
}

fn send(setup: Setup) -> Verdict {
    let began = Instant::now();
    let server = Server::new(setup);
    let verdict = match smtp::open(&server, &mail(), &Abandon::never()) {
        Ok(ready) => smtp::finish(ready, &mail()),
        Err(verdict) => verdict,
    };
    assert!(
        began.elapsed() < MOST,
        "{verdict:?} after {:?}",
        began.elapsed()
    );
    verdict
}

fn fate(step: At, what: Do) -> (Fate, Step) {
    let mailbox = Mailbox::at(step, what);
    let mut setup = setup(mailbox.port);
    if step == At::Auth {
        setup.login = Some(login());
    }
    let verdict = send(setup);
    (verdict.fate, verdict.step)
}

/// Written down apart from the program: what a code means at a step.
fn expected(at: At, code: u16) -> Fate {
    let positive = (200..300).contains(&code);
    let intermediate = (300..400).contains(&code);
    let permanent = (500..600).contains(&code);
    if !(200..600).contains(&code) {
        // No reply at all.
        return match at {
            At::Mail | At::Rcpt | At::Data => Fate::Deferred,
            At::Dot | At::Within => Fate::Unknown,
            At::Greeting | At::Ehlo | At::Starttls | At::Auth | At::AuthMore => Fate::Paused,
        };
    }
    let usual = if at == At::Data {
        intermediate
    } else {
        positive
    };
    if usual {
        return Fate::Sent;
    }
    if [421, 454, 530, 534, 535, 538].contains(&code) {
        return Fate::Paused;
    }
    match at {
        At::Greeting | At::Ehlo | At::Starttls | At::Auth | At::AuthMore => Fate::Paused,
        At::Mail if permanent => Fate::Paused,
        At::Rcpt if code == 552 => Fate::Deferred,
        At::Rcpt | At::Data if permanent => Fate::Failed,
        At::Mail | At::Rcpt | At::Data => Fate::Deferred,
        At::Dot | At::Within if permanent => Fate::Failed,
        At::Dot | At::Within if intermediate => Fate::Unknown,
        At::Dot | At::Within => Fate::Deferred,
    }
}

const STEPS: &[(At, Step)] = &[
    (At::Greeting, Step::Greeting),
    (At::Ehlo, Step::Hello),
    (At::Auth, Step::Auth),
    (At::Mail, Step::MailFrom),
    (At::Rcpt, Step::Recipient),
    (At::Data, Step::Data),
    (At::Dot, Step::Body),
];

#[test]
fn every_code_at_every_step() {
    let few = [
        0, 99, 199, 200, 211, 220, 235, 250, 251, 252, 299, 300, 334, 354, 400, 421, 430, 441, 450,
        451, 452, 454, 455, 471, 499, 500, 501, 502, 503, 504, 510, 521, 523, 530, 534, 535, 538,
        541, 550, 551, 552, 553, 554, 555, 571, 599, 600, 999,
    ];
    for (at, step) in STEPS {
        for code in few {
            let (fate, reached) = fate(*at, Do::reply(code));
            assert_eq!(fate, expected(*at, code), "{at:?} {code}");
            let end = if fate == Fate::Sent {
                Step::Body
            } else {
                *step
            };
            assert_eq!(reached, end, "{at:?} {code}");
        }
    }
}

#[test]
fn broken_servers_at_every_step() {
    let long = format!("250 {}\r\n", "x".repeat(5000)).into_bytes();
    let whole = b"250 done\r\n".to_vec();
    let tricks: Vec<(&str, Do)> = vec![
        ("drop", Do::Drop),
        ("silence", Do::Silence),
        ("garbage", Do::Say(b"\x00\xff\xfe??\r\n".to_vec())),
        (
            "http",
            Do::Say(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ),
        ("long line", Do::Say(long)),
        (
            "half a reply, then gone",
            Do::SayAndDrop(b"250-half\r\n".to_vec()),
        ),
        ("half a line, then gone", Do::SayAndDrop(b"25".to_vec())),
        ("flood without a line end", Do::Flood(b'2')),
        ("flood of line ends", Do::Flood(b'\n')),
        (
            "trickle",
            Do::Trickle(
                [b"250-x\r\n".repeat(40), whole].concat(),
                Duration::from_millis(20),
            ),
        ),
        ("blank", Do::Say(b"   \r\n".to_vec())),
    ];
    for (at, step) in STEPS {
        for (name, what) in &tricks {
            let (fate, reached) = fate(*at, what.clone());
            assert_eq!(fate, expected(*at, 0), "{name} at {at:?}");
            assert_eq!(reached, *step, "{name} at {at:?}");
        }
    }
}

#[test]
fn a_break_within_the_body_is_not_a_doubt_while_bytes_still_flow() {
    // The server closes at once: what follows cannot be delivered. Whether this end sees it before the dot depends on timing,
    // so both are right; never that it was sent.
    let (fate, step) = fate(At::Within, Do::Drop);
    assert!(matches!(fate, Fate::Deferred | Fate::Unknown), "{fate:?}");
    assert_eq!(step, Step::Body);
}

#[test]
fn what_arrives_is_what_was_sent() {
    let mailbox = Mailbox::start(|_, _| Do::Usual);
    let verdict = send(setup(mailbox.port));
    assert_eq!((verdict.fate, verdict.code), (Fate::Sent, 250));
    assert_eq!(verdict.said, "250 2.0.0 taken");
    let received = mailbox.received();
    let [one] = received.as_slice() else {
        unreachable!("one mail: {received:?}")
    };
    assert_eq!(
        one.envelope,
        [
            "MAIL FROM:<portaal@infinitcare.example>",
            "RCPT TO:<anna@delinde.example>"
        ]
    );
    assert_eq!(
        one.body,
        "Subject: x\r\n\r\n.a line with a dot\r\n..two\r\n.\r\nlast\r\n"
    );
}

#[test]
fn a_slow_server_is_waited_for() {
    let slow = Do::Trickle(b"250 ok\r\n".to_vec(), Duration::from_millis(5));
    for (at, _) in STEPS
        .iter()
        .filter(|(at, _)| matches!(at, At::Ehlo | At::Mail | At::Rcpt | At::Dot))
    {
        assert_eq!(fate(*at, slow.clone()).0, Fate::Sent, "{at:?}");
    }
}

#[test]
fn nobody_there_pauses() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let port = listener.local_addr().expect("address").port();
    drop(listener);
    let verdict = send(setup(port));
    assert_eq!((verdict.fate, verdict.step), (Fate::Paused, Step::Connect));
    assert!(
        verdict.said.starts_with("[no_connection]"),
        "{}",
        verdict.said
    );
    let nowhere = Setup {
        host: "niet.bestaat.invalid".to_owned(),
        ..setup(25)
    };
    let verdict = send(nowhere);
    assert_eq!((verdict.fate, verdict.step), (Fate::Paused, Step::Connect));
}

#[test]
fn tls_is_had_or_nothing_is_sent() {
    let starttls = |port| Setup {
        protection: Protection::Starttls,
        login: Some(login()),
        ..setup(port)
    };
    // Not offered: the password never leaves.
    let mailbox = Mailbox::at(At::Ehlo, Do::Say(b"250-box\r\n250 AUTH PLAIN\r\n".to_vec()));
    let verdict = send(starttls(mailbox.port));
    assert_eq!((verdict.fate, verdict.step), (Fate::Paused, Step::Starttls));
    assert_eq!(verdict.said, "[no_starttls]");
    for (what, step) in [
        (Do::reply(454), Step::Starttls),
        (Do::reply(500), Step::Starttls),
        (Do::Say(b"220 go\r\n250 injected\r\n".to_vec()), Step::Tls),
        (
            Do::Say(b"220 go\r\n\x15\x03\x01\x00\x02\x02\x28".to_vec()),
            Step::Tls,
        ),
        (Do::Silence, Step::Starttls),
        (Do::SayAndDrop(b"220 go\r\n".to_vec()), Step::Tls),
    ] {
        let mailbox = Mailbox::at(At::Starttls, what.clone());
        let verdict = send(starttls(mailbox.port));
        assert_eq!(
            (verdict.fate, verdict.step),
            (Fate::Paused, step),
            "{what:?}"
        );
        assert!(mailbox.received().is_empty());
    }
    // A server that speaks in clear where TLS is due, and one that never shakes hands.
    for what in [Do::Usual, Do::Silence] {
        let mailbox = Mailbox::at(At::Greeting, what);
        let implicit = Setup {
            protection: Protection::Implicit,
            ..setup(mailbox.port)
        };
        assert_eq!(send(implicit).fate, Fate::Paused);
    }
}

#[test]
fn roots_that_cannot_be_read_pause_and_say_so() {
    let mailbox = Mailbox::start(|_, _| Do::Usual);
    let verdict = send(Setup {
        protection: Protection::Starttls,
        roots: Some("/nonexistent/roots.pem".into()),
        ..setup(mailbox.port)
    });
    assert_eq!((verdict.fate, verdict.step), (Fate::Paused, Step::Tls));
    assert!(
        verdict.said.contains("/nonexistent/roots.pem"),
        "{}",
        verdict.said
    );
}

#[test]
fn auth_by_plain_by_login_or_not_at_all() {
    let with = |port| Setup {
        login: Some(login()),
        ..setup(port)
    };
    let plain = Mailbox::start(|_, _| Do::Usual);
    assert_eq!(send(with(plain.port)).fate, Fate::Sent);
    let by_login = Mailbox::start(|_, at| match at {
        At::Ehlo => Do::Say(b"250-box\r\n250 AUTH XOAUTH2 LOGIN\r\n".to_vec()),
        At::Auth => Do::Say(b"334 VXNlcm5hbWU6\r\n".to_vec()),
        _ => Do::Usual,
    });
    // After the name this server says 235 where 334 is due: out of step, so nothing is sent.
    assert_eq!(send(with(by_login.port)).fate, Fate::Paused);
    let none = Mailbox::at(At::Ehlo, Do::Say(b"250 box\r\n".to_vec()));
    let verdict = send(with(none.port));
    assert_eq!((verdict.fate, verdict.step), (Fate::Paused, Step::Auth));
    assert_eq!(verdict.said, "[no_login]");
}

#[test]
fn abandoned_before_the_body_is_given_back_and_after_the_dot_a_doubt() {
    let patient = |port| Setup {
        timeout: Duration::from_mins(1),
        ..setup(port)
    };
    for (at, fate) in [(At::Rcpt, Fate::GivenBack), (At::Dot, Fate::Unknown)] {
        let mailbox = Mailbox::at(at, Do::Silence);
        let server = Server::new(patient(mailbox.port));
        let (tell, heard) = watch::channel(false);
        let began = Instant::now();
        let teller = std::thread::spawn(move || {
            std::thread::sleep(WAIT);
            tell.send(true).expect("somebody listens");
            tell
        });
        let verdict = match smtp::open(&server, &mail(), &Abandon::following(heard)) {
            Ok(ready) => smtp::finish(ready, &mail()),
            Err(verdict) => verdict,
        };
        assert_eq!(verdict.fate, fate);
        assert!(began.elapsed() < MOST);
        teller.join().expect("teller");
    }
}
