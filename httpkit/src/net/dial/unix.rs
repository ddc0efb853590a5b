//! Opening Unix domain sockets.

use std::{io, os::unix::net::UnixStream, path::Path, thread, time::Duration};

use socket2::{Domain, SockAddr, Socket, Type};

use super::inbox;
use crate::net::{
    cancel::CancelToken,
    deadline::Deadline,
    error::{NetError, Stage},
};

/// Connects; with a token on a thread of its own, since a connection attempt cannot be interrupted.
pub(super) fn connect(
    path: &Path,
    deadline: Deadline,
    cancel: Option<&CancelToken>,
) -> Result<UnixStream, NetError> {
    let connected = match cancel {
        None => connect_within(path, deadline),
        Some(token) => {
            let (result, inbox) = inbox::open(Some(token));
            let path = path.to_owned();
            thread::Builder::new()
                .name("httpkit-dial".into())
                .spawn(move || result.put(connect_within(&path, deadline)))
                .map_err(NetError::Connect)?;
            inbox.wait(deadline, Stage::Connect)?
        }
    };
    connected.map_err(NetError::connect)
}

/// Where the queue of a listener is full, a connection attempt waits as a write does. One that does not wait
/// fails at once.
fn connect_within(path: &Path, deadline: Deadline) -> io::Result<UnixStream> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    let remaining = deadline.remaining();
    if remaining == Some(Duration::ZERO) {
        return Err(io::ErrorKind::TimedOut.into());
    }
    socket.set_write_timeout(remaining)?;
    socket.connect(&SockAddr::unix(path)?).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    })?;
    socket.set_write_timeout(None)?;
    Ok(socket.into())
}
