//! The HTTP versions that a message of HTTP/1.1 can carry.

use std::fmt;

/// The version of a message (RFC 9110, Section 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Version {
    /// HTTP/1.0: connections end with the exchange unless both sides say `keep-alive`.
    Http10,
    /// HTTP/1.1. A response of a higher minor version is read as this one (RFC 9110, Section 2.5).
    Http11,
}

impl Version {
    /// The version as `httplib` counts: 10 or 11.
    pub const fn number(self) -> u8 {
        match self {
            Version::Http10 => 10,
            Version::Http11 => 11,
        }
    }

    /// The version as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
