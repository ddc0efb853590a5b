//! Opening a socket to a destination.

#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::{
    io,
    net::{SocketAddr, TcpStream},
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use crate::net::{
    cancel::CancelToken,
    deadline::Deadline,
    error::{NetError, Stage},
    resolve::resolve,
    route::Route,
    socket::Socket,
    std_socket::StdSocket,
    transport::Destination,
};

/// How often a dial that can be cancelled looks whether it is.
const LOOKS: Duration = Duration::from_millis(20);

/// Opens a socket. Neither a lookup nor a connection can be interrupted, so with a token these run on a
/// thread of their own, which is left behind on cancellation.
pub(crate) fn dial(
    route: &Route,
    destination: Destination<'_>,
    deadline: Deadline,
    cancel: Option<&CancelToken>,
) -> Result<Socket, NetError> {
    if let Some(socket) = dial_unix(route) {
        return socket.map_err(connect_error);
    }
    if let Some(connector) = &route.connector {
        return connector.connect(destination, deadline).map(Socket::Custom).map_err(connect_error);
    }
    match cancel {
        None => dial_tcp(destination, deadline),
        Some(token) => dial_until_cancelled(destination, deadline, token),
    }
}

/// Opens the Unix domain socket of a route that has one.
#[cfg(unix)]
fn dial_unix(route: &Route) -> Option<io::Result<Socket>> {
    let path = route.unix_socket.as_ref()?;
    Some(UnixStream::connect(path).map(|socket| Socket::Unix(StdSocket::new(socket))))
}

/// There are none here.
#[cfg(not(unix))]
fn dial_unix(_: &Route) -> Option<io::Result<Socket>> {
    None
}

/// Connects to the first address that answers. Each address gets its share of the time that is left.
fn dial_tcp(destination: Destination<'_>, deadline: Deadline) -> Result<Socket, NetError> {
    let addresses = resolve(destination, deadline)?;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "no address to connect to");
    for (index, address) in addresses.iter().enumerate() {
        match connect(*address, deadline, addresses.len() - index) {
            Ok(socket) => return Ok(Socket::Tcp(StdSocket::new(socket))),
            Err(error) => failure = error,
        }
    }
    Err(connect_error(failure))
}

fn connect(address: SocketAddr, deadline: Deadline, left_to_try: usize) -> io::Result<TcpStream> {
    let share = u32::try_from(left_to_try).unwrap_or(u32::MAX);
    let socket = match deadline.remaining() {
        None => TcpStream::connect(address)?,
        Some(remaining) if remaining.is_zero() => return Err(io::ErrorKind::TimedOut.into()),
        Some(remaining) => {
            TcpStream::connect_timeout(&address, (remaining / share).max(Duration::from_millis(1)))?
        }
    };
    // Without it, a request in two writes waits for the peer's delayed acknowledgement: 43 ms.
    socket.set_nodelay(true)?;
    Ok(socket)
}

fn dial_until_cancelled(
    destination: Destination<'_>,
    deadline: Deadline,
    token: &CancelToken,
) -> Result<Socket, NetError> {
    let (dialled, result) = sync_channel(1);
    let (host, port) = (destination.host.to_owned(), destination.port);
    thread::Builder::new()
        .name("httpkit-dial".into())
        .spawn(move || drop(dialled.send(dial_tcp(Destination { host: &host, port }, deadline))))
        .map_err(NetError::Connect)?;
    loop {
        match result.recv_timeout(LOOKS) {
            Ok(socket) => return socket,
            Err(RecvTimeoutError::Timeout) if !token.is_cancelled() => {}
            Err(_) => return Err(NetError::Io(io::Error::other("the dial was given up"))),
        }
    }
}

fn connect_error(error: io::Error) -> NetError {
    match error.kind() {
        io::ErrorKind::TimedOut => NetError::TimedOut(Stage::Connect),
        _ => NetError::Connect(error),
    }
}
