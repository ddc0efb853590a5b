//! What the sockets of std have in common: deadlines, a look without waiting, an end from another thread.

use std::{
    io::{self, IoSlice, Read, Write},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::Duration,
};

use socket2::SockRef;

use crate::net::{armed::Armed, cancel::Stop, deadline::Deadline, endpoints::Endpoints, transport::Probe};

/// A connected socket that moves bytes within deadlines.
#[derive(Debug)]
pub(crate) struct StdSocket<S> {
    socket: Arc<S>,
    reads: Armed,
    writes: Armed,
}

/// What std offers for each kind of socket under the same names.
pub(crate) trait Socketlike: Send + Sync + Sized + 'static {
    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
    fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
    fn shutdown(&self) -> io::Result<()>;
    fn as_socket(&self) -> SockRef<'_>;
}

macro_rules! socketlike {
    ($socket:ty) => {
        impl Socketlike for $socket {
            fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
                self.set_read_timeout(timeout)
            }

            fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
                self.set_write_timeout(timeout)
            }

            fn shutdown(&self) -> io::Result<()> {
                self.shutdown(Shutdown::Both)
            }

            fn as_socket(&self) -> SockRef<'_> {
                SockRef::from(self)
            }
        }
    };
}

socketlike!(TcpStream);
#[cfg(unix)]
socketlike!(std::os::unix::net::UnixStream);

impl<S: Socketlike> StdSocket<S>
where
    for<'s> &'s S: Read + Write,
{
    pub(super) fn new(socket: S) -> StdSocket<S> {
        StdSocket { socket: Arc::new(socket), reads: Armed::default(), writes: Armed::default() }
    }

    pub(super) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let mut socket = &*self.socket;
        self.reads.wait(deadline, |timeout| socket.set_read_timeout(timeout), || socket.read(buffer))
    }

    /// Writes as much as the system takes at once; where that is nothing, waits within the deadline. Most writes
    /// need no timeout, then.
    pub(super) fn write_vectored(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match write_at_once(&self.socket.as_socket(), slices) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.await_write(slices, deadline),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.await_write(slices, deadline),
            result => result,
        }
    }

    fn await_write(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        let mut socket = &*self.socket;
        let set_timeout = |timeout| self.socket.set_write_timeout(timeout);
        self.writes.wait(deadline, set_timeout, || match slices {
            [only] => socket.write(only),
            _ => socket.write_vectored(slices),
        })
    }

    /// Writes what the system takes without waiting.
    #[cfg(feature = "__tls")]
    pub(super) fn write_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
        write_at_once(&self.socket.as_socket(), &[IoSlice::new(bytes)])
    }

    pub(super) fn probe(&self) -> Probe {
        probe(&self.socket.as_socket())
    }

    /// What ends a wait on this socket from another thread.
    pub(super) fn stop(&self) -> Stop {
        let socket = Arc::downgrade(&self.socket);
        // A socket that is closed already waits for nothing.
        Box::new(move || drop(socket.upgrade().map(|socket| socket.shutdown())))
    }
}

impl StdSocket<TcpStream> {
    pub(super) fn endpoints(&self) -> Endpoints {
        Endpoints { remote: self.socket.peer_addr().ok(), local: self.socket.local_addr().ok() }
    }
}

#[cfg(any(target_os = "android", target_os = "linux"))]
const NO_SIGNAL: libc::c_int = libc::MSG_NOSIGNAL;
/// Where there is no such flag, std has set an option of the socket.
#[cfg(all(unix, not(any(target_os = "android", target_os = "linux"))))]
const NO_SIGNAL: libc::c_int = 0;

#[cfg(unix)]
fn write_at_once(socket: &SockRef<'_>, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    let flags = libc::MSG_DONTWAIT | NO_SIGNAL;
    match slices {
        [only] => socket.send_with_flags(only, flags),
        _ => socket.send_vectored_with_flags(slices, flags),
    }
}

/// It would take a mode that other holders of the socket share.
#[cfg(not(unix))]
fn write_at_once(_: &SockRef<'_>, _: &[IoSlice<'_>]) -> io::Result<usize> {
    Err(io::ErrorKind::WouldBlock.into())
}

/// Looks with one system call, without waiting and without taking a byte.
#[cfg(unix)]
fn probe(socket: &SockRef<'_>) -> Probe {
    let mut byte = [std::mem::MaybeUninit::uninit(); 1];
    match socket.recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Probe::Quiet,
        _ => Probe::Spent,
    }
}

/// Looks without waiting and without taking a byte.
#[cfg(not(unix))]
fn probe(socket: &SockRef<'_>) -> Probe {
    let mut byte = [std::mem::MaybeUninit::uninit(); 1];
    let looked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut byte));
    match looked {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && socket.set_nonblocking(false).is_ok() => {
            Probe::Quiet
        }
        _ => Probe::Spent,
    }
}
