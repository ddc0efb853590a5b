//! The socket on Unix: a transfer blocks, and a socket timeout wakes it to check its deadline.
//!
//! This relies on two properties of Unix systems. A send that times out reports the bytes that it moved, so no byte
//! is sent twice. And `shutdown` wakes a thread that is blocked on the socket, so another thread can end a wait.

use std::{
    io::{self, IoSlice, Read},
    mem::MaybeUninit,
    net::Shutdown,
    sync::Arc,
};

use socket2::Socket;

use super::armed::Armed;
use crate::net::{cancel::Stop, deadline::Deadline, endpoints::Endpoints, transport::Probe};

/// Suppresses `SIGPIPE`, which a write to a closed connection raises. A Rust `main` ignores that signal, but a C
/// program that links this crate would be killed by it.
#[cfg(not(target_vendor = "apple"))]
const NO_SIGNAL: libc::c_int = libc::MSG_NOSIGNAL;
/// Apple's systems suppress `SIGPIPE` by a socket option instead, which `socket2` sets when it opens a socket.
#[cfg(target_vendor = "apple")]
const NO_SIGNAL: libc::c_int = 0;

/// A connected socket that transfers bytes within deadlines.
#[derive(Debug)]
pub(crate) struct BlockingSocket {
    socket: Arc<Socket>,
    reads: Armed,
    writes: Armed,
}

impl BlockingSocket {
    /// Takes over a connected socket.
    pub(crate) fn new(socket: Socket) -> io::Result<BlockingSocket> {
        Ok(BlockingSocket { socket: Arc::new(socket), reads: Armed::default(), writes: Armed::default() })
    }

    /// Reads at least one byte, unless the peer has ended the connection.
    pub(crate) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let mut socket = &*self.socket;
        self.reads.wait(deadline, |timeout| socket.set_read_timeout(timeout), || socket.read(buffer))
    }

    /// Writes at least one byte of the slices, in their order.
    ///
    /// The first attempt does not block and so needs no timeout: the system buffers most writes immediately.
    pub(crate) fn write_vectored(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match send(&self.socket, slices, libc::MSG_DONTWAIT) {
            Err(error) if is_incomplete(&error) => {
                let set_timeout = |timeout| self.socket.set_write_timeout(timeout);
                self.writes.wait(deadline, set_timeout, || send(&self.socket, slices, 0))
            }
            result => result,
        }
    }

    /// Writes what the system buffers without blocking.
    #[cfg(feature = "__tls")]
    pub(crate) fn write_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
        send(&self.socket, &[IoSlice::new(bytes)], libc::MSG_DONTWAIT)
    }

    /// Checks, with one system call and without blocking, whether the idle connection can be reused.
    pub(crate) fn probe(&self) -> Probe {
        let mut byte = [MaybeUninit::uninit(); 1];
        match self.socket.recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Probe::Quiet,
            _ => Probe::Spent,
        }
    }

    /// Returns a function that ends a wait on this socket from another thread.
    pub(crate) fn stop(&self) -> Stop {
        // Weak, so that a stop that is kept somewhere does not keep the connection open.
        let socket = Arc::downgrade(&self.socket);
        // A failure means that the connection is closed already, which ends the wait as well.
        Box::new(move || drop(socket.upgrade().map(|socket| socket.shutdown(Shutdown::Both))))
    }

    /// Returns the IP addresses of both ends. A Unix domain socket has none.
    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints::of(&self.socket)
    }
}

/// Sends with the flag that suppresses `SIGPIPE`, which `write` and `writev` have no place for.
fn send(socket: &Socket, slices: &[IoSlice<'_>], flags: libc::c_int) -> io::Result<usize> {
    match slices {
        [only] => socket.send_with_flags(only, flags | NO_SIGNAL),
        _ => socket.send_vectored_with_flags(slices, flags | NO_SIGNAL),
    }
}

/// Returns whether an attempt has to be repeated, this time with a deadline.
fn is_incomplete(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
