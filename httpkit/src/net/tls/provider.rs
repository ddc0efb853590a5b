//! The cryptography that TLS stands on.

use std::sync::Arc;

use rustls::{
    SupportedCipherSuite,
    crypto::{
        CryptoProvider,
        hash::{Hash, HashAlgorithm},
        ring,
    },
};

/// It is passed on, never the process's default: other crates may have set another, or two.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// SHA-256, which each provider has for its cipher suites (RFC 8446, Section 9.1).
pub(super) fn sha256(provider: &CryptoProvider) -> Option<&'static dyn Hash> {
    let hashes = provider.cipher_suites.iter().map(|suite| match suite {
        SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider,
        SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider,
    });
    hashes.into_iter().find(|hash| hash.algorithm() == HashAlgorithm::SHA256)
}
