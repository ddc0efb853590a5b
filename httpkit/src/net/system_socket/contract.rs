//! The contract of both implementations, tested for each one that compiles on this system.

use std::{
    io::{self, IoSlice, Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use socket2::Socket;

#[cfg(unix)]
use super::blocking::BlockingSocket;
use super::polled::PolledSocket;
use crate::net::{cancel::Stop, deadline::Deadline, endpoints::Endpoints, transport::Probe};

/// A deadline that a test waits for.
const SHORT: Duration = Duration::from_millis(30);
/// The bytes that the peer reads at a time, much less than what the system buffers.
const BLOCK: usize = 256 * 1024;
/// Several times what the systems buffer on loopback, which is up to 6 MiB on Linux.
const BODY: u32 = 16 << 20;

/// The common methods, so that a test is written once.
trait Contract: Send + Sized + 'static {
    fn take(socket: Socket) -> Self;
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize>;
    fn write(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize>;
    #[cfg(feature = "__tls")]
    fn write_at_once(&self, bytes: &[u8]) -> io::Result<usize>;
    fn probe(&self) -> Probe;
    fn stop(&self) -> Stop;
    fn endpoints(&self) -> Endpoints;
}

macro_rules! contract {
    ($socket:ty) => {
        impl Contract for $socket {
            fn take(socket: Socket) -> Self {
                Self::new(socket).unwrap()
            }

            fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
                self.read(buffer, deadline)
            }

            fn write(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
                self.write_vectored(slices, deadline)
            }

            #[cfg(feature = "__tls")]
            fn write_at_once(&self, bytes: &[u8]) -> io::Result<usize> {
                self.write_at_once(bytes)
            }

            fn probe(&self) -> Probe {
                self.probe()
            }

            fn stop(&self) -> Stop {
                self.stop()
            }

            fn endpoints(&self) -> Endpoints {
                self.endpoints()
            }
        }
    };
}

#[cfg(unix)]
contract!(BlockingSocket);
contract!(PolledSocket);

/// Makes a test of each function for each implementation.
macro_rules! tests {
    ($(#[cfg($cfg:meta)] $conditional:ident)? $($name:ident)*) => {
        #[cfg(unix)]
        mod blocking {
            $(#[cfg($cfg)] #[test] fn $conditional() { super::$conditional::<super::BlockingSocket>(); })?
            $(#[test] fn $name() { super::$name::<super::BlockingSocket>(); })*
        }
        mod polled {
            $(#[cfg($cfg)] #[test] fn $conditional() { super::$conditional::<super::PolledSocket>(); })?
            $(#[test] fn $name() { super::$name::<super::PolledSocket>(); })*
        }
    };
}

tests! {
    #[cfg(feature = "__tls")] write_at_once_never_waits
    sends_no_byte_twice
    deadline_ends_read
    deadline_ends_write
    passed_deadline_ends_only_transfers_that_wait
    stop_ends_read
    stop_ends_write
    stop_keeps_no_connection_open
    probe_reports_bytes_and_end
    knows_its_addresses
}

/// Returns both ends of a connection.
fn pair<S: Contract>() -> (S, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (S::take(socket.into()), listener.accept().unwrap().0)
}

/// Returns bytes that each differ from those nearby, so that a gap or a repetition shows.
fn numbers(bytes: u32) -> Vec<u8> {
    (0..bytes / 4).flat_map(u32::to_be_bytes).collect()
}

/// Writes until the system buffers nothing more.
fn fill(socket: &mut impl Contract) {
    let bytes = vec![0; BLOCK];
    let end = loop {
        match socket.write(&[IoSlice::new(&bytes)], Deadline::after(SHORT)) {
            Ok(count) => assert!(count > 0),
            Err(error) => break error,
        }
    };
    assert_eq!(end.kind(), io::ErrorKind::TimedOut);
}

/// Deadlines end in the middle of a body, again and again, and the peer reads a little each time.
fn sends_no_byte_twice<S: Contract>() {
    let (mut socket, mut peer) = pair::<S>();
    let body = numbers(BODY);
    let (timed_out, timeouts) = channel();
    let reader = thread::spawn(move || {
        let mut received = Vec::new();
        for () in timeouts {
            let block = u64::try_from(BLOCK).unwrap();
            Read::by_ref(&mut peer).take(block).read_to_end(&mut received).unwrap();
        }
        peer.read_to_end(&mut received).unwrap();
        received
    });
    let mut sent = 0;
    while sent < body.len() {
        let (first, second) = body[sent..].split_at((body.len() - sent) / 2);
        match socket.write(&[IoSlice::new(first), IoSlice::new(second)], Deadline::after(SHORT)) {
            Ok(count) => sent += count,
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::TimedOut);
                timed_out.send(()).unwrap();
            }
        }
    }
    drop((timed_out, socket));
    assert!(reader.join().unwrap() == body, "the peer received other bytes");
}

fn deadline_ends_read<S: Contract>() {
    let (mut socket, mut peer) = pair::<S>();
    let error = socket.read(&mut [0; 8], Deadline::after(SHORT)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    // The socket still works.
    peer.write_all(b"x").unwrap();
    assert_eq!(socket.read(&mut [0; 8], Deadline::NEVER).unwrap(), 1);
}

fn deadline_ends_write<S: Contract>() {
    let (mut socket, peer) = pair::<S>();
    fill(&mut socket);
    drop(peer);
}

fn passed_deadline_ends_only_transfers_that_wait<S: Contract>() {
    let (mut socket, mut peer) = pair::<S>();
    let passed = Deadline::after(Duration::ZERO);
    peer.write_all(b"x").unwrap();
    let error = socket.read(&mut [0; 8], passed).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(socket.write(&[IoSlice::new(b"x")], passed).unwrap(), 1);
}

fn stop_ends_read<S: Contract>() {
    let (mut socket, _peer) = pair::<S>();
    let stop = socket.stop();
    let (waits, is_waiting) = channel();
    let reader = thread::spawn(move || {
        waits.send(()).unwrap();
        [socket.read(&mut [0; 8], Deadline::NEVER), socket.read(&mut [0; 8], Deadline::NEVER)]
    });
    is_waiting.recv().unwrap();
    stop();
    let reads = reader.join().unwrap();
    assert!(
        reads.iter().all(|read| read.as_ref().is_ok_and(|count| *count == 0) || read.is_err()),
        "{reads:?}"
    );
}

fn stop_ends_write<S: Contract>() {
    let (mut socket, _peer) = pair::<S>();
    let stop = socket.stop();
    let (waits, is_waiting) = channel();
    let writer = thread::spawn(move || {
        fill(&mut socket);
        waits.send(()).unwrap();
        let write =
            |socket: &mut S| socket.write(&[IoSlice::new(&[0; 8]), IoSlice::new(&[0; 8])], Deadline::NEVER);
        // The system may still buffer a few bytes.
        while write(&mut socket).is_ok() {}
        write(&mut socket)
    });
    is_waiting.recv().unwrap();
    stop();
    writer.join().unwrap().unwrap_err();
}

fn stop_keeps_no_connection_open<S: Contract>() {
    let (socket, mut peer) = pair::<S>();
    let stop = socket.stop();
    drop(socket);
    assert_eq!(peer.read(&mut [0; 8]).unwrap(), 0);
    stop();
}

fn probe_reports_bytes_and_end<S: Contract>() {
    let (mut socket, mut peer) = pair::<S>();
    assert_eq!(socket.probe(), Probe::Quiet);
    // Sent bytes arrive a little later.
    let become_spent = |socket: &S| while socket.probe() == Probe::Quiet {};
    peer.write_all(b"x").unwrap();
    become_spent(&socket);
    assert_eq!(socket.read(&mut [0; 8], Deadline::NEVER).unwrap(), 1, "a probe takes no byte");
    assert_eq!(socket.probe(), Probe::Quiet);
    peer.shutdown(Shutdown::Write).unwrap();
    become_spent(&socket);
    assert_eq!(socket.read(&mut [0; 8], Deadline::NEVER).unwrap(), 0);
}

fn knows_its_addresses<S: Contract>() {
    let (socket, peer) = pair::<S>();
    let expected = Endpoints { remote: peer.local_addr().ok(), local: peer.peer_addr().ok() };
    assert!(expected.remote.is_some() && expected.local.is_some());
    assert_eq!(socket.endpoints(), expected);
}

#[cfg(feature = "__tls")]
fn write_at_once_never_waits<S: Contract>() {
    let (socket, mut peer) = pair::<S>();
    let bytes = numbers(BODY);
    let mut sent = 0;
    let end = loop {
        match socket.write_at_once(&bytes[sent..]) {
            Ok(count) => sent += count,
            Err(error) => break error,
        }
    };
    assert_eq!(end.kind(), io::ErrorKind::WouldBlock);
    drop(socket);
    let mut received = Vec::new();
    peer.read_to_end(&mut received).unwrap();
    assert!(sent > 0 && received == bytes[..sent]);
}
