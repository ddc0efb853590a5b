//! What a connection needs of the bytes' carrier, for users who bring their own.

use std::{fmt, io, net::SocketAddr};

use crate::net::deadline::Deadline;

/// Carries bytes both ways: a tunnel, a virtual socket, a script in a test.
///
/// TCP, TLS and Unix domain sockets are built in and do not go through this trait.
pub trait Transport: Send {
    /// Reads what is there, at least one byte; zero means that the peer has ended the connection.
    ///
    /// # Errors
    /// `TimedOut` when no byte has come by the deadline.
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize>;

    /// Writes some of the bytes, at least one.
    ///
    /// # Errors
    /// `TimedOut` when no byte could be written by the deadline.
    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> io::Result<usize>;

    /// Looks, without waiting, whether the idle connection could serve again.
    fn probe(&mut self) -> Probe;

    /// Returns a function that ends a wait on this transport from another thread, for cancellation. The function must
    /// not block. If it panics, only this wait continues.
    ///
    /// Defaults to a function that does nothing: a cancelled wait then lasts until its deadline.
    fn stop(&self) -> Box<dyn Fn() + Send> {
        Box::new(|| {})
    }

    /// The address of the other end, where it has one. By default it has none.
    fn remote_addr(&self) -> Option<SocketAddr> {
        None
    }

    /// The address of this end, where it has one. By default it has none.
    fn local_addr(&self) -> Option<SocketAddr> {
        None
    }
}

/// What a look at an idle connection shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Open, and nothing has come.
    Quiet,
    /// Closed, failed, or bytes have come that nobody asked for.
    Spent,
}

/// Opens transports; see [`Transport`].
///
/// For an `https` URL the engine speaks TLS over what the connector returns.
pub trait Connector: Send + Sync {
    /// Opens a transport to the destination.
    ///
    /// # Errors
    /// Any; `TimedOut` when the deadline passed.
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>>;
}

/// Where a connection leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination<'a> {
    /// The host: a name, or an IP address without brackets.
    pub host: &'a str,
    /// The port.
    pub port: u16,
}

impl fmt::Display for Destination<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}
