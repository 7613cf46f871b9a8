//! TLS by the program itself: with its certificate, and not for ever with who never shakes hands.

use super::arrival::ready;
use super::server::{Answer, Server, ask, licence, request};
use crate::support::db::each;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A certificate of its own for `localhost`, with its key.
fn certificate(directory: &Path) -> (String, String) {
    let path = |name: &str| directory.join(name).display().to_string();
    let (chain, key) = (path("chain.pem"), path("key.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .args(["-keyout", &key, "-out", &chain])
        .output();
    assert!(made.expect("openssl").status.success());
    (chain, key)
}

fn client(chain: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(chain).expect("certificate"))
        .expect("root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[test]
fn it_speaks_tls_by_itself_and_waits_for_no_handshake() {
    each(async |world| {
        let connection = ready(&world).await;
        let code = licence(&world, &connection, 1).await;
        let (chain, key) = certificate(world.state.path());
        let settings = format!("certificate = {chain:?}\nprivate_key = {key:?}\nheader_ms = 700");
        let server = Server::start(&world, &settings).await;
        let bearer = format!("Bearer {code}");
        let bytes = request(
            "POST",
            "/v1/deliveries",
            &[("authorization", &bearer)],
            b"sealed",
        );
        let stream = TcpStream::connect(server.address)
            .await
            .expect("connection");
        let name = ServerName::try_from("localhost").expect("name");
        let mut sealed = client(&chain)
            .connect(name, stream)
            .await
            .expect("handshake");
        sealed.write_all(&bytes).await.expect("sent");
        let mut all = Vec::new();
        sealed
            .read_to_end(&mut all)
            .await
            .expect("a whole answer, and a proper end");
        Answer::of(&all).is(202);
        // In clear it is no conversation at all.
        assert_eq!(ask(server.address, &bytes).await.status, 0);
        let begun = Instant::now();
        let mut silent = TcpStream::connect(server.address)
            .await
            .expect("connection");
        let mut none = Vec::new();
        let _ = silent.read_to_end(&mut none).await;
        assert!(none.is_empty());
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
        server.gone().await;
    });
}
