//! TLS in the program itself, where no proxy does it: the certificate and its key, read once at the start.

use super::Trouble;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// What makes TLS of a connection; none without a certificate.
pub(super) fn acceptor(
    certificate: Option<&Path>,
    private_key: Option<&Path>,
) -> Result<Option<TlsAcceptor>, Trouble> {
    let (Some(certificate), Some(private_key)) = (certificate, private_key) else {
        return Ok(None);
    };
    let fail = |path: &Path, detail: String| Trouble::Certificate {
        path: path.display().to_string(),
        detail,
    };
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|e| fail(certificate, e.to_string()))?;
    let key =
        PrivateKeyDer::from_pem_file(private_key).map_err(|e| fail(private_key, e.to_string()))?;
    let unfit = |e: rustls::Error| fail(certificate, e.to_string());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unfit)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}
