//! The phase of an exchange in which a timeout expired.

use std::fmt;

/// The phase of an exchange in which a timeout expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// The wait for a connection slot, when the number of connections to a host is limited.
    Pool,
    /// The name lookup.
    Resolve,
    /// Opening the connection.
    Connect,
    /// The negotiation with a proxy: a tunnel or SOCKS.
    Proxy,
    /// The TLS handshake.
    Handshake,
    /// Sending the request.
    Send,
    /// The wait for the head of the response, up to its last byte.
    Response,
    /// Reading the body of the response.
    Body,
    /// A transfer in either direction below the lowest speed ([`Timeouts::low_speed`](crate::Timeouts::low_speed)).
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
            Phase::LowSpeed => "at too low a speed",
        })
    }
}
