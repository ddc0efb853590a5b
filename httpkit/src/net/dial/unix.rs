//! Opening Unix domain sockets.

use std::{io, os::unix::net::UnixStream, path::Path, time::Duration};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::net::{
    cancel::CancelTokens,
    deadline::Deadline,
    error::{NetError, Stage},
    pause::pause,
};

/// How long a queue that is full is left alone.
const FULL_QUEUE: Duration = Duration::from_millis(10);

/// Connects. Where the queue of the listener is full, it asks again and again: nobody could end a wait within the
/// system.
pub(super) fn connect(
    path: &Path,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<UnixStream, NetError> {
    let address = SockAddr::unix(path).map_err(NetError::Connect)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None).map_err(NetError::Connect)?;
    socket.set_nonblocking(true).map_err(NetError::Connect)?;
    loop {
        if cancel.have_cancelled() {
            return Err(NetError::Cancelled);
        }
        let remaining = deadline.remaining().unwrap_or(Duration::MAX);
        if remaining.is_zero() {
            return Err(NetError::TimedOut(Stage::Connect));
        }
        match socket.connect(&address) {
            Ok(()) => break,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                pause(FULL_QUEUE.min(remaining), cancel);
            }
            Err(error) => return Err(NetError::connect(error)),
        }
    }
    socket.set_nonblocking(false).map_err(NetError::Connect)?;
    Ok(socket.into())
}
