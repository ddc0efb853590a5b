//! The cryptography that TLS stands on.
//!
//! It is always chosen here, never the process's default: other crates may have set another, or two.

use std::sync::Arc;

use rustls::{
    SupportedCipherSuite,
    crypto::{
        CryptoProvider,
        hash::{Hash, HashAlgorithm},
    },
};

use super::error::TlsError;

/// Whose cryptography TLS uses. Defaults to ring, where that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsProvider {
    /// ring.
    #[cfg(feature = "tls")]
    Ring,
    /// aws-lc-rs.
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs,
}

impl TlsProvider {
    #[cfg(feature = "tls")]
    const DEFAULT: Option<TlsProvider> = Some(TlsProvider::Ring);
    #[cfg(all(feature = "aws-lc-rs", not(feature = "tls")))]
    const DEFAULT: Option<TlsProvider> = Some(TlsProvider::AwsLcRs);
    #[cfg(not(any(feature = "tls", feature = "aws-lc-rs")))]
    const DEFAULT: Option<TlsProvider> = None;

    fn rustls(self) -> CryptoProvider {
        match self {
            #[cfg(feature = "tls")]
            TlsProvider::Ring => rustls::crypto::ring::default_provider(),
            #[cfg(feature = "aws-lc-rs")]
            TlsProvider::AwsLcRs => rustls::crypto::aws_lc_rs::default_provider(),
        }
    }
}

/// The provider that was chosen, or the default.
pub(super) fn provider(choice: Option<TlsProvider>) -> Result<Arc<CryptoProvider>, TlsError> {
    let missing = "there is no cryptography without the feature `tls` or `aws-lc-rs` of httpkit";
    let choice = choice.or(TlsProvider::DEFAULT).ok_or_else(|| TlsError::Settings(missing.into()))?;
    Ok(Arc::new(choice.rustls()))
}

/// SHA-256, which each provider has for its cipher suites (RFC 8446, Section 9.1).
pub(super) fn sha256(provider: &CryptoProvider) -> Option<&'static dyn Hash> {
    let mut hashes = provider.cipher_suites.iter().map(|suite| match suite {
        SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider,
        SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider,
    });
    hashes.find(|hash| hash.algorithm() == HashAlgorithm::SHA256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "tls")]
    #[test]
    fn ring_is_the_default_where_it_is_there() {
        assert_eq!(TlsProvider::DEFAULT, Some(TlsProvider::Ring));
    }

    #[cfg(all(feature = "aws-lc-rs", not(feature = "tls")))]
    #[test]
    fn aws_lc_rs_is_the_default_where_it_is_alone() {
        assert_eq!(TlsProvider::DEFAULT, Some(TlsProvider::AwsLcRs));
    }

    #[cfg(not(any(feature = "tls", feature = "aws-lc-rs")))]
    #[test]
    fn without_cryptography_there_is_an_error() {
        assert!(matches!(provider(None), Err(TlsError::Settings(_))));
    }

    #[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
    #[test]
    fn the_default_has_sha256() {
        let provider = provider(None).unwrap();
        // The first bytes of the digest of nothing (FIPS 180-4).
        let digest = sha256(&provider).unwrap().hash(b"");
        assert_eq!(digest.as_ref()[..4], [0xe3, 0xb0, 0xc4, 0x42]);
    }
}
