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
            Phase::Pool => "waiting for one of the connections that the limit allows",
            Phase::Resolve => "resolving the name of the host",
            Phase::Connect => "connecting",
            Phase::Proxy => "waiting for the proxy",
            Phase::Handshake => "in the TLS handshake",
            Phase::Send => "sending the request",
            Phase::Response => "waiting for the response",
            Phase::Body => "reading the body of the response",
            Phase::LowSpeed => "moving a body, which is slower than the lowest speed allowed",
        })
    }
}
