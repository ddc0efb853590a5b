//! The two ends of an open connection.

use std::net::SocketAddr;

/// The addresses of a socket's ends, as far as it has some.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) remote: Option<SocketAddr>,
    pub(crate) local: Option<SocketAddr>,
}
