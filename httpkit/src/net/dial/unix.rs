//! Opening Unix domain sockets.

use std::{io, path::Path, time::Duration};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::net::{
    cancel::CancelTokens,
    deadline::Deadline,
    error::{NetError, Stage},
    pause::pause,
};

/// The time between two attempts while the queue of the listener is full. Short enough that a user does not notice
/// it, and long enough that waiting takes hardly any of the processor.
const FULL_QUEUE: Duration = Duration::from_millis(10);

/// Connects to a Unix domain socket. If the queue of the listener is full, tries again at intervals, because no other
/// thread could end a wait inside the system.
pub(super) fn connect(path: &Path, deadline: Deadline, cancel: CancelTokens<'_>) -> Result<Socket, NetError> {
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
    Ok(socket)
}
