//! Why a SOCKS proxy leads nowhere.

use std::io;

/// What a SOCKS proxy answered, or why it cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SocksError {
    /// The proxy did not connect to the server (RFC 1928, Section 6; codes from 91 on are those of SOCKS 4).
    #[error("it did not connect to the server: {} (code {code})", meaning(*code))]
    Refused {
        /// The code of the reply.
        code: u8,
    },
    /// The proxy wants to know who one is, and nothing was offered, or not what it knows.
    #[error("it takes none of the authentication methods that were offered (RFC 1928, Section 3)")]
    NoAcceptableMethod,
    /// The proxy refused user and password.
    #[error("it refused user and password (RFC 1929, Section 2; code {code})")]
    Authentication {
        /// The code of the reply.
        code: u8,
    },
    /// The proxy's reply is none.
    #[error("{rule}; found {found:#04x}")]
    Malformed {
        /// The rule that it breaks.
        rule: &'static str,
        /// The byte that breaks it.
        found: u8,
    },
    /// The proxy closed the connection before its reply was whole.
    #[error("it closed the connection before its reply was whole")]
    Ended,
    /// A text that does not fit. Nothing was sent.
    #[error("{what} has at most 255 bytes in SOCKS; found {length}")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// How many bytes it has.
        length: usize,
    },
    /// A text with a NUL, which would end it there. Nothing was sent.
    #[error("{0} has no NUL in SOCKS 4")]
    Nul(&'static str),
    /// The server has no IPv4 address, and SOCKS 4 carries no other. Nothing was sent.
    #[error("SOCKS 4 carries no IPv6 address")]
    Ipv6,
}

impl SocksError {
    /// Whether it may go well the next time.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        matches!(self, SocksError::Refused { code: 1 | 3..=6 | 91 } | SocksError::Ended)
    }
}

fn meaning(code: u8) -> &'static str {
    match code {
        1 => "general failure",
        2 => "not allowed by its rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        91 => "rejected or failed",
        92 => "the identd of this machine cannot be reached",
        93 => "the identd of this machine names another user",
        _ => "no registered reason",
    }
}

/// Why a negotiation did not come to its end.
#[derive(Debug)]
pub(crate) enum SocksFailure {
    Socks(SocksError),
    Io(io::Error),
}

impl From<SocksError> for SocksFailure {
    fn from(error: SocksError) -> SocksFailure {
        SocksFailure::Socks(error)
    }
}

impl From<io::Error> for SocksFailure {
    fn from(error: io::Error) -> SocksFailure {
        SocksFailure::Io(error)
    }
}
