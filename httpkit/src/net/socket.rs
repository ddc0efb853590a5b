//! What carries bytes without protecting them.

use std::io::{self, IoSlice};

use crate::net::{
    cancel::Stop,
    deadline::Deadline,
    endpoints::Endpoints,
    system_socket::SystemSocket,
    transport::{Probe, Transport},
};

/// An open socket. An enum, so that transfers on a built-in socket take no dynamic call.
pub(crate) enum Socket {
    /// TCP, or a Unix domain socket.
    System(SystemSocket),
    /// A transport that a connector opened.
    Custom(Box<dyn Transport>),
}

impl Socket {
    pub(super) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        match self {
            Socket::System(socket) => socket.read(buffer, deadline),
            // A transport need not look at the deadline while it has bytes, and a peer can send them without end.
            Socket::Custom(_) if deadline.has_passed() => Err(io::ErrorKind::TimedOut.into()),
            Socket::Custom(transport) => retry_interrupted(|| transport.read(buffer, deadline)),
        }
    }

    /// Writes some of the slices, the first ones first.
    pub(super) fn write_vectored(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match self {
            Socket::System(socket) => socket.write_vectored(slices, deadline),
            Socket::Custom(transport) => {
                let first = slices.iter().find(|slice| !slice.is_empty());
                first.map_or(Ok(0), |slice| retry_interrupted(|| transport.write(slice, deadline)))
            }
        }
    }

    /// Writes what the system buffers without waiting. A custom transport has no such method.
    #[cfg(feature = "__tls")]
    pub(super) fn write_at_once(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Socket::System(socket) => socket.write_at_once(bytes),
            Socket::Custom(_) => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    pub(super) fn probe(&mut self) -> Probe {
        match self {
            Socket::System(socket) => socket.probe(),
            Socket::Custom(transport) => transport.probe(),
        }
    }

    pub(super) fn endpoints(&self) -> Endpoints {
        match self {
            Socket::System(socket) => socket.endpoints(),
            Socket::Custom(transport) => {
                Endpoints { remote: transport.remote_addr(), local: transport.local_addr() }
            }
        }
    }

    /// Returns a function that ends a wait on this socket from another thread.
    pub(super) fn stop(&self) -> Stop {
        match self {
            Socket::System(socket) => socket.stop(),
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
