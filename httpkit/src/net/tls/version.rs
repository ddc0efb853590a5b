//! The versions of TLS that are spoken.

use std::fmt;

use rustls::{ProtocolVersion, SupportedProtocolVersion};

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl TlsVersion {
    /// The version that rustls names so.
    pub(super) fn of(version: ProtocolVersion) -> Option<TlsVersion> {
        match version {
            ProtocolVersion::TLSv1_2 => Some(TlsVersion::Tls12),
            ProtocolVersion::TLSv1_3 => Some(TlsVersion::Tls13),
            _ => None,
        }
    }

    /// Those that lie between two bounds.
    pub(super) fn between(
        min: Option<TlsVersion>,
        max: Option<TlsVersion>,
    ) -> Vec<&'static SupportedProtocolVersion> {
        let lies_between = |version: TlsVersion| {
            min.is_none_or(|min| version >= min) && max.is_none_or(|max| version <= max)
        };
        let versions = rustls::ALL_VERSIONS.iter().copied();
        versions.filter(|version| TlsVersion::of(version.version).is_some_and(lies_between)).collect()
    }
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TlsVersion::Tls12 => "TLS 1.2",
            TlsVersion::Tls13 => "TLS 1.3",
        })
    }
}
