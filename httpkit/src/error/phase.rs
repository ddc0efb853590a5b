//! What was waited for.

use std::fmt;

/// What a wait was for when its deadline passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// A connection of the pool, whose number is limited.
    Pool,
    /// The lookup of the host's name.
    Resolve,
    /// The connection.
    Connect,
    /// What precedes a connection through a proxy: its tunnel, or SOCKS.
    Proxy,
    /// The handshake of TLS.
    Handshake,
    /// Sending the request.
    Send,
    /// The first byte of the response, and the rest of its head.
    Response,
    /// The body of the response.
    Body,
    /// The request, or the body of the response, which moves more slowly than
    /// [`Timeouts`](crate::Timeouts)`::low_speed`.
    LowSpeed,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Pool => "waiting for a free connection",
            Phase::Resolve => "resolving the host name",
            Phase::Connect => "connecting",
            Phase::Proxy => "waiting for the proxy",
            Phase::Handshake => "during the TLS handshake",
            Phase::Send => "sending the request",
            Phase::Response => "waiting for the response",
            Phase::Body => "reading the response body",
            Phase::LowSpeed => "because the transfer was too slow",
        })
    }
}
