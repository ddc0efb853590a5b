//! Opening a socket to a destination.

use std::net::TcpStream;

use super::{failures::Failures, race::race, resolve::resolve, route::Route};
use crate::net::{
    cancel::CancelToken, deadline::Deadline, error::NetError, socket::Socket, std_socket::StdSocket,
    transport::Destination,
};

/// When a dial ends: by `resolve_by` the name is resolved, by `connect_by` the socket is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DialDeadlines {
    pub(crate) resolve_by: Deadline,
    pub(crate) connect_by: Deadline,
}

/// Opens a socket on the way that the route says. A token ends the wait at once, except that for a
/// connector of the user's, which knows its deadline alone.
pub(crate) fn dial(
    route: &Route,
    destination: Destination<'_>,
    deadlines: DialDeadlines,
    cancel: Option<&CancelToken>,
) -> Result<Socket, NetError> {
    if let Some(socket) = dial_unix(route, deadlines.connect_by, cancel) {
        return socket;
    }
    if let Some(connector) = &route.connector {
        let transport = connector.connect(destination, deadlines.connect_by);
        return transport.map(Socket::Custom).map_err(NetError::connect);
    }
    dial_tcp(route, destination, deadlines, cancel).map(|socket| Socket::Tcp(StdSocket::new(socket)))
}

/// One address that nobody can cancel needs no thread.
fn dial_tcp(
    route: &Route,
    destination: Destination<'_>,
    deadlines: DialDeadlines,
    cancel: Option<&CancelToken>,
) -> Result<TcpStream, NetError> {
    let DialDeadlines { resolve_by, connect_by } = deadlines;
    match (&resolve(route, destination, resolve_by, cancel)?[..], cancel) {
        ([only], None) => {
            route.tcp.connect(*only, connect_by).map_err(|error| Failures::of(*only, error).into())
        }
        (addresses, _) => race(&route.tcp, addresses, connect_by, cancel),
    }
}

/// Opens the Unix domain socket of a route that has one.
#[cfg(unix)]
fn dial_unix(
    route: &Route,
    deadline: Deadline,
    cancel: Option<&CancelToken>,
) -> Option<Result<Socket, NetError>> {
    let path = route.unix_socket.as_ref()?;
    let socket = super::unix::connect(path, deadline, cancel);
    Some(socket.map(|socket| Socket::Unix(StdSocket::new(socket))))
}

/// There are none here.
#[cfg(not(unix))]
fn dial_unix(_: &Route, _: Deadline, _: Option<&CancelToken>) -> Option<Result<Socket, NetError>> {
    None
}
