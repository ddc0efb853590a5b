//! TCP sockets.

use std::{
    io::{self, IoSlice, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use socket2::SockRef;

use crate::net::{armed::Armed, deadline::Deadline, transport::Probe};

/// A connected TCP socket, `TCP_NODELAY` set.
#[derive(Debug)]
pub(crate) struct TcpSocket {
    socket: TcpStream,
    reads: Armed,
    writes: Armed,
}

impl TcpSocket {
    pub(super) fn connect(address: SocketAddr, timeout: Option<Duration>) -> io::Result<TcpSocket> {
        let socket = match timeout {
            Some(timeout) => TcpStream::connect_timeout(&address, timeout.max(Duration::from_millis(1)))?,
            None => TcpStream::connect(address)?,
        };
        // Without it, a request in two writes waits for the peer's delayed acknowledgement: 43 ms.
        socket.set_nodelay(true)?;
        Ok(TcpSocket { socket, reads: Armed::default(), writes: Armed::default() })
    }

    pub(super) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let mut socket = &self.socket;
        self.reads.wait(deadline, |timeout| socket.set_read_timeout(timeout), || socket.read(buffer))
    }

    pub(super) fn write_vectored(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        let mut socket = &self.socket;
        let set_timeout = |timeout| self.socket.set_write_timeout(timeout);
        self.writes.wait(deadline, set_timeout, || match slices {
            [only] => socket.write(only),
            _ => socket.write_vectored(slices),
        })
    }

    pub(super) fn probe(&self) -> Probe {
        probe(&SockRef::from(&self.socket))
    }
}

/// Looks with one system call, without waiting and without taking a byte.
#[cfg(unix)]
pub(super) fn probe(socket: &SockRef<'_>) -> Probe {
    let mut byte = [std::mem::MaybeUninit::uninit(); 1];
    match socket.recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Probe::Quiet,
        _ => Probe::Spent,
    }
}

/// Looks without waiting and without taking a byte.
#[cfg(not(unix))]
pub(super) fn probe(socket: &SockRef<'_>) -> Probe {
    let mut byte = [std::mem::MaybeUninit::uninit(); 1];
    let looked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut byte));
    match looked {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && socket.set_nonblocking(false).is_ok() => {
            Probe::Quiet
        }
        _ => Probe::Spent,
    }
}
