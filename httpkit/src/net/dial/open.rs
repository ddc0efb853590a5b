//! Opening a socket to a destination.

use std::{
    net::{Shutdown, SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use super::{failures::Failures, race::race, resolve::resolve, route::Route, tcp::TcpConfig};
use crate::net::{
    cancel::CancelTokens, clock::now, deadline::Deadline, error::NetError, socket::Socket,
    system_socket::SystemSocket, transport::Destination,
};

/// When a dial ends: by `resolve_by` the name is resolved, by `connect_by` the socket is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DialDeadlines {
    pub(crate) resolve_by: Deadline,
    pub(crate) connect_by: Deadline,
}

/// An open socket, and how long opening it took.
pub(crate) struct Dialled {
    pub(crate) socket: Socket,
    /// Until there were addresses; `None` where none were needed.
    pub(crate) resolving: Option<Duration>,
    /// From then on.
    pub(crate) connecting: Duration,
}

/// Whether a connection that is being opened ends when its socket is shut down, also a moment before.
const ENDS_WHEN_SHUT_DOWN: bool = cfg!(any(target_os = "android", target_os = "linux"));

/// Opens a socket on the way that the route says. A token ends the wait at once; but a connector
/// of the user's knows its deadline alone, and so does a connection attempt on other systems than Linux.
pub(crate) fn dial(
    route: &Route,
    destination: Destination<'_>,
    deadlines: DialDeadlines,
    cancel: CancelTokens<'_>,
) -> Result<Dialled, NetError> {
    let began = now();
    let DialDeadlines { resolve_by, connect_by } = deadlines;
    let dialled = |socket| Dialled { socket, resolving: None, connecting: now().duration_since(began) };
    if let Some(socket) = dial_unix(route, connect_by, cancel) {
        return socket.map(dialled);
    }
    if let Some(connector) = &route.connector {
        let transport = connector.connect(destination, connect_by);
        return transport.map(Socket::Custom).map(dialled).map_err(NetError::connect);
    }
    let addresses = resolve(route, destination, resolve_by, cancel)?;
    let resolved = now();
    let connected = dial_tcp(route, &addresses, connect_by, cancel)?;
    let socket = SystemSocket::new(connected.into()).map(Socket::System).map_err(NetError::Connect)?;
    let resolving = Some(resolved.duration_since(began));
    Ok(Dialled { socket, resolving, connecting: now().duration_since(resolved) })
}

/// One address needs no thread. Where a shut down socket would not end the wait, one does that for a token of the
/// exchange; the end of a client waits for the deadline there.
fn dial_tcp(
    route: &Route,
    addresses: &[SocketAddr],
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<TcpStream, NetError> {
    match addresses {
        [only] if ENDS_WHEN_SHUT_DOWN || cancel.exchange.is_none() => {
            connect(&route.tcp, *only, deadline, cancel)
        }
        addresses => race(&route.tcp, addresses, deadline, cancel),
    }
}

/// Connects on this thread.
fn connect(
    tcp: &TcpConfig,
    address: SocketAddr,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<TcpStream, NetError> {
    let failed = |error| NetError::from(Failures::of(address, error));
    let socket = Arc::new(tcp.open(address).map_err(failed)?);
    let watched = socket.clone();
    let watch = cancel.watch(move || drop(watched.shutdown(Shutdown::Both)));
    let connected = tcp.connect_socket(&socket, address, deadline);
    drop(watch);
    if cancel.have_cancelled() {
        return Err(NetError::Cancelled);
    }
    connected.map_err(failed)?;
    Ok(Arc::into_inner(socket).expect("nobody watches over it any more").into())
}

/// Opens the Unix domain socket of a route that has one.
#[cfg(unix)]
fn dial_unix(
    route: &Route,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Option<Result<Socket, NetError>> {
    let path = route.unix_socket.as_ref()?;
    let socket = super::unix::connect(path, deadline, cancel);
    Some(socket.and_then(|socket| SystemSocket::new(socket).map(Socket::System).map_err(NetError::Connect)))
}

/// Returns `None`: a route has no Unix domain socket on this system.
#[cfg(not(unix))]
fn dial_unix(_: &Route, _: Deadline, _: CancelTokens<'_>) -> Option<Result<Socket, NetError>> {
    None
}
