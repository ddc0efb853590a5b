//! What TLS can meet.

/// Why TLS failed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The protocol failed, or a certificate was refused.
    #[error(transparent)]
    Protocol(#[from] rustls::Error),
    /// A PEM text cannot be used; what for, and why.
    #[error("PEM of {0}")]
    Pem(String),
    /// The host is neither a DNS name nor an IP address, so no certificate can name it.
    #[error("no certificate can name the host {0:?}")]
    Host(String),
}
