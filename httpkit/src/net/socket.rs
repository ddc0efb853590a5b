//! What carries bytes without protecting them.

#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::{
    io::{self, IoSlice},
    net::TcpStream,
};

use crate::net::{
    cancel::Stop,
    deadline::Deadline,
    endpoints::Endpoints,
    std_socket::StdSocket,
    transport::{Probe, Transport},
};

/// An open socket. An enum, so that no call on the byte path of a built-in one is dynamic.
pub(crate) enum Socket {
    Tcp(StdSocket<TcpStream>),
    #[cfg(unix)]
    Unix(StdSocket<UnixStream>),
    Custom(Box<dyn Transport>),
}

impl Socket {
    pub(super) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => socket.read(buffer, deadline),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.read(buffer, deadline),
            Socket::Custom(transport) => retry_interrupted(|| transport.read(buffer, deadline)),
        }
    }

    /// Writes some of the slices, the first ones first.
    pub(super) fn write_vectored(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => socket.write_vectored(slices, deadline),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.write_vectored(slices, deadline),
            Socket::Custom(transport) => {
                let first = slices.iter().find(|slice| !slice.is_empty());
                first.map_or(Ok(0), |slice| retry_interrupted(|| transport.write(slice, deadline)))
            }
        }
    }

    /// Writes what the system takes without waiting. A transport of the user's cannot be asked for that.
    #[cfg(feature = "__tls")]
    pub(super) fn write_at_once(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(socket) => socket.write_at_once(bytes),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.write_at_once(bytes),
            Socket::Custom(_) => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    pub(super) fn probe(&mut self) -> Probe {
        match self {
            Socket::Tcp(socket) => socket.probe(),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.probe(),
            Socket::Custom(transport) => transport.probe(),
        }
    }

    pub(super) fn endpoints(&self) -> Endpoints {
        match self {
            Socket::Tcp(socket) => socket.endpoints(),
            #[cfg(unix)]
            Socket::Unix(_) => Endpoints::default(),
            Socket::Custom(transport) => {
                Endpoints { remote: transport.remote_addr(), local: transport.local_addr() }
            }
        }
    }

    /// What ends a wait on this socket from another thread.
    pub(super) fn stop(&self) -> Stop {
        match self {
            Socket::Tcp(socket) => socket.stop(),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.stop(),
            Socket::Custom(transport) => transport.stop(),
        }
    }
}

/// A transport that a user wrote may let an interrupted system call through.
fn retry_interrupted<T>(mut transfer: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match transfer() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
