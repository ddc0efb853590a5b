//! The socket on systems other than Unix: a transfer never blocks, and a wait is a series of short polls.
//!
//! On Windows, a send that times out reports no bytes although it may have sent some, and `shutdown` does not wake a
//! blocked thread. So a socket is non-blocking from the start: what a transfer reports is what was moved, and each
//! poll is followed by a check of the deadline and of the stop.

use std::{
    io::{self, IoSlice, Read},
    mem::MaybeUninit,
    net::Shutdown,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use socket2::Socket;

use crate::net::{cancel::Stop, deadline::Deadline, endpoints::Endpoints, transport::Probe};

/// The maximum length of one poll, and so the delay of a stop. Twenty polls a second take hardly any of the
/// processor, and a user does not notice the delay.
const SLICE: Duration = Duration::from_millis(50);

/// The pause before another poll if the last one reported a ready socket that was not. Windows does so for a write if
/// the peer has ended its own half, and the wait must not spin then.
const PAUSE_AFTER_FALSE_WAKE: Duration = Duration::from_millis(5);

/// The maximum number of bytes in one write. Windows buffers a write of any length if its buffer has some space, and
/// reports it as sent. Without a limit, a large body would be in progress after its deadlines have ended, during the
/// timeout for the response. Larger than the window of most connections, so that it costs no throughput.
const MAX_WRITE: usize = 256 * 1024;

/// A connected socket that transfers bytes within deadlines.
#[derive(Debug)]
pub(crate) struct PolledSocket(Arc<Stoppable>);

/// A socket whose waits another thread can end.
#[derive(Debug)]
struct Stoppable {
    socket: Socket,
    is_stopped: AtomicBool,
}

impl PolledSocket {
    /// Takes over a connected socket.
    pub(crate) fn new(socket: Socket) -> io::Result<PolledSocket> {
        socket.set_nonblocking(true)?;
        Ok(PolledSocket(Arc::new(Stoppable { socket, is_stopped: AtomicBool::new(false) })))
    }

    /// Reads at least one byte, unless the peer has ended the connection.
    pub(crate) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let mut socket = &self.0.socket;
        self.0.transfer(PollFlags::IN, deadline, || socket.read(buffer))
    }

    /// Writes at least one byte of the slices, in their order.
    pub(crate) fn write_vectored(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        match send(&self.0.socket, slices) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.0.transfer(PollFlags::OUT, deadline, || send(&self.0.socket, slices))
            }
            result => result,
        }
    }

    /// Writes what the system buffers without blocking.
    #[cfg(feature = "__tls")]
    pub(crate) fn write_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
        send(&self.0.socket, &[IoSlice::new(bytes)])
    }

    /// Checks, with one system call and without blocking, whether the idle connection can be reused.
    pub(crate) fn probe(&self) -> Probe {
        match self.0.socket.peek(&mut [MaybeUninit::uninit(); 1]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Probe::Quiet,
            _ => Probe::Spent,
        }
    }

    /// Returns a function that ends a wait on this socket from another thread.
    pub(crate) fn stop(&self) -> Stop {
        // Weak, so that a stop that is kept somewhere does not keep the connection open.
        let socket = Arc::downgrade(&self.0);
        Box::new(move || socket.upgrade().iter().for_each(|socket| socket.stop()))
    }

    /// Returns the IP addresses of both ends.
    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints::of(&self.0.socket)
    }
}

impl Stoppable {
    fn stop(&self) {
        // No other memory is read by the thread that sees the flag.
        self.is_stopped.store(true, Ordering::Relaxed);
        // Fails all later transfers. A failure means that the connection is closed already.
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// Calls `attempt` until it moves bytes or fails, the deadline passes, or another thread stops the socket.
    fn transfer(
        &self,
        event: PollFlags,
        deadline: Deadline,
        mut attempt: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        let mut is_ready = false;
        loop {
            if self.is_stopped.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            let remaining = deadline.remaining().unwrap_or(SLICE);
            if remaining.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            match attempt() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
            if is_ready {
                thread::sleep(PAUSE_AFTER_FALSE_WAKE.min(remaining));
            }
            is_ready = self.poll(event, SLICE.min(remaining))?;
        }
    }

    /// Waits for an event, an error or the end of the connection, and returns whether there was one in time.
    fn poll(&self, event: PollFlags, timeout: Duration) -> io::Result<bool> {
        let timeout = Timespec::try_from(timeout).expect("a slice is short");
        match poll(&mut [PollFd::new(&self.socket, event)], Some(&timeout)) {
            Err(Errno::INTR) => Ok(false),
            ready => Ok(ready? > 0),
        }
    }
}

/// Sends at most [`MAX_WRITE`] bytes. Of several slices that are longer together, sends from the first one.
fn send(socket: &Socket, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    let length: usize = slices.iter().map(|slice| slice.len()).sum();
    if length <= MAX_WRITE {
        return socket.send_vectored(slices);
    }
    let first = slices.iter().find(|slice| !slice.is_empty()).expect("some slice is long");
    socket.send(&first[..first.len().min(MAX_WRITE)])
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;

    fn pair() -> (PolledSocket, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (PolledSocket::new(socket.into()).unwrap(), listener.accept().unwrap().0)
    }

    #[test]
    fn write_takes_limited_number_of_bytes() {
        let (long, short) = (vec![0; 2 * MAX_WRITE], [0; 10]);
        for (slices, at_most) in [
            (vec![&long[..]], MAX_WRITE),
            (vec![&short[..], &long[..]], short.len()),
            (vec![&[][..], &long[..], &short[..]], MAX_WRITE),
            (vec![&short[..], &short[..]], 2 * short.len()),
        ] {
            let (mut socket, _peer) = pair();
            let slices: Vec<IoSlice<'_>> = slices.into_iter().map(IoSlice::new).collect();
            let count = socket.write_vectored(&slices, Deadline::NEVER).unwrap();
            assert!((1..=at_most).contains(&count), "{count} of at most {at_most}");
        }
    }

    /// On Windows, `shutdown` does not wake a poll.
    #[test]
    fn flag_alone_ends_wait() {
        let (mut socket, _peer) = pair();
        let shared = socket.0.clone();
        let waiting = thread::spawn(move || socket.read(&mut [0; 8], Deadline::NEVER));
        shared.is_stopped.store(true, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap().unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
    }

    /// A system that reports a ready socket again and again although a transfer would block.
    #[test]
    fn wait_for_ready_socket_does_not_spin() {
        let (socket, peer) = pair();
        drop(peer);
        let mut attempts = 0;
        let error = socket.0.transfer(PollFlags::IN, Deadline::after(20 * PAUSE_AFTER_FALSE_WAKE), || {
            attempts += 1;
            Err(io::ErrorKind::WouldBlock.into())
        });
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::TimedOut);
        // Each pause lasts at least as long as it says, but for the first attempt, which has none, and the last two,
        // which the deadline may shorten.
        assert!((2..=23).contains(&attempts), "{attempts}");
    }
}
