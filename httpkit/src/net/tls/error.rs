//! What TLS can meet.

use std::{fmt, sync::Arc};

use rustls::{CertificateError, Error, OtherError};

/// Why TLS failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The server's certificate is refused.
    #[error("the certificate of the server is refused: {fault}{}", Behind(detail))]
    Certificate {
        /// Why.
        fault: CertificateFault,
        /// Which dates, names or purposes speak against it, where that is known.
        detail: String,
    },
    /// The server has ended TLS with this alert (RFC 8446, Section 6).
    #[error("the server ended TLS with the alert {0}")]
    Alert(String),
    /// The protocol failed.
    #[error("{0}")]
    Protocol(String),
    /// A text or certificate among the settings cannot be used; what for, and why.
    #[error("PEM of {0}")]
    Pem(String),
    /// A pin among the settings is not the base64 of 32 bytes.
    #[error("a pin is the base64 of a SHA-256, which has 32 bytes; found {0:?}")]
    Pin(String),
    /// Settings that do not fit together, or to this system.
    #[error("the settings of TLS cannot be used: {0}")]
    Settings(String),
    /// The host is neither a DNS name nor an IP address, so no certificate can name it.
    #[error("no certificate can name the host {0:?}")]
    Host(String),
}

/// Why a certificate is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateFault {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It is for other hosts.
    WrongHost,
    /// Nobody whom the client trusts has issued it.
    UnknownIssuer,
    /// It has issued itself, and the client does not trust it.
    SelfSigned,
    /// Its issuer has revoked it.
    Revoked,
    /// There is no current revocation list of an issuer's, where lists are demanded.
    RevocationUnknown,
    /// It is not for servers.
    WrongUsage,
    /// Its key is none of those pinned.
    WrongPin,
    /// A signature is not its issuer's, or made with an algorithm that is not trusted.
    BadSignature,
    /// It is malformed, or the system refuses it for a reason of its own.
    Unusable,
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CertificateFault::Expired => "it has expired",
            CertificateFault::NotYetValid => "it is not valid yet",
            CertificateFault::WrongHost => "it is for another host",
            CertificateFault::UnknownIssuer => "its issuer is not trusted",
            CertificateFault::SelfSigned => "it is signed by itself and not trusted",
            CertificateFault::Revoked => "it has been revoked",
            CertificateFault::RevocationUnknown => "whether it has been revoked is not known",
            CertificateFault::WrongUsage => "it is not for servers",
            CertificateFault::WrongPin => "its key is none of those pinned",
            CertificateFault::BadSignature => "a signature is wrong",
            CertificateFault::Unusable => "it cannot be used",
        })
    }
}

/// A fault that rustls has no word for passes through its errors.
impl std::error::Error for CertificateFault {}

impl From<CertificateFault> for Error {
    fn from(fault: CertificateFault) -> Error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
    }
}

impl From<Error> for TlsError {
    fn from(error: Error) -> TlsError {
        match error {
            Error::InvalidCertificate(error) => {
                TlsError::Certificate { fault: fault(&error), detail: detail(&error) }
            }
            Error::InvalidCertRevocationList(error) => TlsError::Certificate {
                fault: CertificateFault::RevocationUnknown,
                detail: format!("a revocation list cannot be used: {error:?}"),
            },
            Error::AlertReceived(alert) => TlsError::Alert(format!("{alert:?}")),
            error => TlsError::Protocol(error.to_string()),
        }
    }
}

fn fault(error: &CertificateError) -> CertificateFault {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => CertificateFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFault::WrongHost,
        E::UnknownIssuer => CertificateFault::UnknownIssuer,
        E::Revoked => CertificateFault::Revoked,
        E::UnknownRevocationStatus | E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => {
            CertificateFault::RevocationUnknown
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => CertificateFault::WrongUsage,
        E::BadSignature
        | E::UnsupportedSignatureAlgorithmContext { .. }
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => CertificateFault::BadSignature,
        E::Other(OtherError(other)) => of_other(other.as_ref()),
        _ => CertificateFault::Unusable,
    }
}

fn of_other(other: &(dyn std::error::Error + Send + Sync + 'static)) -> CertificateFault {
    if let Some(fault) = other.downcast_ref() {
        return *fault;
    }
    match other.downcast_ref() {
        // An authority's own certificate is not a server's.
        Some(webpki::Error::CaUsedAsEndEntity) => CertificateFault::WrongUsage,
        _ => CertificateFault::Unusable,
    }
}

/// What rustls says beyond the fault itself. It is rustls that escapes the names in a certificate.
fn detail(error: &CertificateError) -> String {
    const MAX_CHARACTERS: usize = 300;
    use CertificateError as E;
    match error {
        E::Expired
        | E::NotValidYet
        | E::NotValidForName
        | E::UnknownIssuer
        | E::Revoked
        | E::UnknownRevocationStatus
        | E::ExpiredRevocationList
        | E::InvalidPurpose
        | E::BadSignature => String::new(),
        E::Other(OtherError(other)) if other.is::<CertificateFault>() => String::new(),
        error => error.to_string().escape_debug().take(MAX_CHARACTERS).collect(),
    }
}

/// A detail in its place.
struct Behind<'a>(&'a str);

impl fmt::Display for Behind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " ({})", self.0) }
    }
}
