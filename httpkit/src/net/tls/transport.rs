//! TLS as what another stream stands on: the way to an `https` proxy.

use std::{
    io::{self, IoSlice},
    net::SocketAddr,
};

use super::stream::TlsStream;
use crate::net::{
    cancel::Stop,
    deadline::Deadline,
    error::NetError,
    transport::{Probe, Transport},
    write_deadlines::WriteDeadlines,
};

impl Transport for TlsStream {
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.read(buffer, deadline).map_err(io_error)
    }

    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)], &mut WriteDeadlines::by(deadline), &mut 0)
            .map_err(io_error)
    }

    fn probe(&mut self) -> Probe {
        self.probe()
    }

    fn stop(&self) -> Stop {
        // A socket that cannot be had twice is waited for until the deadline.
        self.stop()
    }

    fn remote_addr(&self) -> Option<SocketAddr> {
        self.endpoints().remote
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.endpoints().local
    }
}

fn io_error(error: NetError) -> io::Error {
    match error {
        NetError::TimedOut(_) => io::ErrorKind::TimedOut.into(),
        NetError::Tls(error) => io::Error::other(error),
        NetError::Cancelled => io::ErrorKind::ConnectionAborted.into(),
        NetError::Truncated => io::ErrorKind::UnexpectedEof.into(),
        NetError::Dns(error) | NetError::Connect(error) | NetError::Io(error) => error,
    }
}
