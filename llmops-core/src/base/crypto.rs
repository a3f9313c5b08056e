//! One TLS provider for the whole process.

/// Chooses ring for TLS, unless the host program chose before.
pub fn ensure_crypto_provider() {
    // An error means that a provider is installed already: the host's choice stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
