//! Clients that take their time: none of them delays another, and each is cut.

use super::arrival::{files, ready};
use super::server::{Answer, Server, licence};
use crate::support::db::each;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How a client takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slow {
    /// It says nothing.
    Idle,
    /// A byte of the head now and then.
    Head,
    /// A byte of the body now and then, below the pace that is asked.
    Body,
    /// A whole head, then nothing.
    Stopped,
}

/// Holds a connection until it is cut; says whether an answer came first.
async fn hold(mut stream: TcpStream, how: Slow, code: String) -> (Slow, u16) {
    let head = format!(
        "POST /v1/deliveries HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {code}\r\ncontent-length: 100000\r\n\r\n"
    );
    let first = match how {
        Slow::Idle | Slow::Head => "",
        Slow::Body | Slow::Stopped => head.as_str(),
    };
    let _ = stream.write_all(first.as_bytes()).await;
    let (mut from, mut to) = stream.split();
    let mut answer = Vec::new();
    let drip = async {
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let drop = if how == Slow::Head {
                "GET / HTTP/1.1"
            } else {
                "x"
            };
            let more = matches!(how, Slow::Head | Slow::Body);
            if more
                && to
                    .write_all(drop.get(..1).expect("byte").as_bytes())
                    .await
                    .is_err()
            {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = from.read_to_end(&mut answer) => {}
        () = drip => {}
    }
    (how, Answer::of(&answer).status)
}

#[test]
fn a_thousand_slow_sockets_delay_nobody_and_are_all_cut() {
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let settings = "header_ms = 3000\nidle_ms = 3000\nleast_bytes_per_second = 1000\nrequests_per_minute = 100000";
        let server = Server::start(&world, settings).await;
        let quick = Instant::now();
        server.deliver(&code, &[], b"alone").await.is(202);
        let alone = quick.elapsed();
        let mut sockets = JoinSet::new();
        for n in 0..1000 {
            let how = [Slow::Idle, Slow::Head, Slow::Body, Slow::Stopped][n % 4];
            let stream = TcpStream::connect(server.address)
                .await
                .expect("connection");
            sockets.spawn(hold(stream, how, code.clone()));
        }
        let begun = Instant::now();
        server
            .deliver(&code, &[], &vec![b'x'; 1 << 20])
            .await
            .is(202);
        let among = begun.elapsed();
        assert!(
            among < Duration::from_secs(2),
            "{alone:?} alone, {among:?} among them"
        );
        let mut cut = 0;
        let all = async {
            while let Some(held) = sockets.join_next().await {
                let (how, status) = held.expect("client");
                let told = matches!(how, Slow::Body | Slow::Stopped);
                assert_eq!(status, if told { 408 } else { 0 }, "{how:?}");
                cut += 1;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(30), all).await;
        assert!(in_time.is_ok(), "only {cut} of 1000 were cut");
        assert_eq!(files(&world).len(), 2, "nothing half is left");
        server.gone().await;
    });
}

#[test]
fn who_does_not_read_the_answer_is_cut() {
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let server = Server::start(&world, "idle_ms = 400\nrequests_per_minute = 100000").await;
        let stream = TcpStream::connect(server.address)
            .await
            .expect("connection");
        let one = format!(
            "GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {code}\r\n\r\n"
        );
        let many = one.repeat(2000);
        let (mut from, mut to) = stream.into_split();
        // Nothing of the answers is read, so that they back up until the intake can write no more.
        let sent = tokio::time::timeout(Duration::from_secs(20), async {
            let _ = to.write_all(many.as_bytes()).await;
            while to.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        assert!(sent.is_ok(), "the connection stayed open");
        let mut rest = Vec::new();
        let _ = from.read_to_end(&mut rest).await;
        server.gone().await;
    });
}
