//! The two ends of an open connection.

use std::net::SocketAddr;

use socket2::{SockAddr, Socket};

/// The IP addresses of both ends of a connection, if it has any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) remote: Option<SocketAddr>,
    pub(crate) local: Option<SocketAddr>,
}

impl Endpoints {
    /// Returns the addresses of a socket. A Unix domain socket has no IP addresses.
    pub(super) fn of(socket: &Socket) -> Endpoints {
        let ip = |address: SockAddr| address.as_socket();
        Endpoints {
            remote: socket.peer_addr().ok().and_then(ip),
            local: socket.local_addr().ok().and_then(ip),
        }
    }
}
