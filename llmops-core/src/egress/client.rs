//! Clients of HTTP that share one set of root certificates.

use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};

use crate::base::{Error, Result, ensure_crypto_provider};

/// What an HTTP client begins with: it speaks TLS, trusts the certificates that the system trusts, and shares them with all
/// others of the process, which would otherwise read and parse them each for itself.
///
/// # Errors
/// `unexpected` when the system has no root certificates.
pub fn http_client(versions: HttpVersions) -> Result<reqwest::ClientBuilder> {
    let mut tls = shared()?;
    tls.alpn_protocols = versions.names().iter().map(|name| name.as_bytes().to_vec()).collect();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
    Ok(match versions {
        HttpVersions::One => client.http1_only(),
        HttpVersions::Both => client,
    })
}

/// The versions of HTTP that a client offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpVersions {
    /// Only 1.1.
    One,
    /// 2, or 1.1 where the server has no other.
    Both,
}

impl HttpVersions {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::One => &["http/1.1"],
            Self::Both => &["h2", "http/1.1"],
        }
    }
}

fn shared() -> Result<ClientConfig> {
    static TLS: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(known) = TLS.get() {
        return Ok(known.clone());
    }
    ensure_crypto_provider();
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let made = configure(provider).map_err(|e| Error::unexpected("the HTTP client cannot be made").caused_by(e))?;
    Ok(TLS.get_or_init(|| made).clone())
}

fn configure(provider: Arc<CryptoProvider>) -> std::result::Result<ClientConfig, rustls::Error> {
    let roots = rustls_platform_verifier::Verifier::new(provider.clone())?;
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(roots)).with_no_client_auth())
}
