//! Connecting to whichever of several addresses answers first (Happy Eyeballs, RFC 8305).

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpStream},
    thread,
    time::Duration,
};

use super::{
    failures::Failures,
    inbox::{self, Inbox, Outbox},
    tcp::TcpConfig,
};
use crate::net::{
    cancel::{CancelTokens, Stop},
    deadline::Deadline,
    error::{NetError, Stage},
};

/// The Connection Attempt Delay: how long an attempt runs before the next one joins it (Section 5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Connects to the first address that answers. The next attempt begins when one has failed, or has run for
/// a while; all share the deadline, and where one succeeds or the race is given up, the others end.
///
/// Who waits for one attempt waits for nothing else, so each has a thread.
pub(super) fn race(
    tcp: &TcpConfig,
    addresses: &[SocketAddr],
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<TcpStream, NetError> {
    let (results, inbox) = inbox::open(cancel);
    let mut race = Race { tcp, deadline, results, inbox, running: Vec::new(), failures: Failures::default() };
    let winner = race.run(addresses);
    race.running.iter().for_each(|attempt| (attempt.stop)());
    winner
}

struct Race<'a> {
    tcp: &'a TcpConfig,
    deadline: Deadline,
    results: Outbox<Ended>,
    inbox: Inbox<Ended>,
    running: Vec<Attempt>,
    failures: Failures,
}

/// An attempt that is under way.
struct Attempt {
    address: SocketAddr,
    stop: Stop,
}

/// An attempt that is over.
struct Ended {
    address: SocketAddr,
    result: io::Result<TcpStream>,
}

impl Race<'_> {
    fn run(&mut self, addresses: &[SocketAddr]) -> Result<TcpStream, NetError> {
        let mut waiting = addresses.iter();
        loop {
            if let Some(address) = waiting.next() {
                self.begin(*address);
            }
            let are_waiting = !waiting.as_slice().is_empty();
            match (self.running.is_empty(), are_waiting) {
                (true, true) => {}
                (true, false) => return Err(std::mem::take(&mut self.failures).into()),
                (false, _) => {
                    if let Some(winner) = self.await_end(are_waiting)? {
                        return Ok(winner);
                    }
                }
            }
        }
    }

    /// Waits until an attempt ends, or for as long as the next one is to wait.
    fn await_end(&mut self, are_waiting: bool) -> Result<Option<TcpStream>, NetError> {
        let next = if are_waiting { Deadline::after(ATTEMPT_DELAY) } else { Deadline::NEVER };
        let ended = match self.inbox.wait(self.deadline.min(next), Stage::Connect) {
            Err(NetError::TimedOut(_)) if !self.deadline.has_passed() => return Ok(None),
            ended => ended?,
        };
        self.running.retain(|attempt| attempt.address != ended.address);
        match ended.result {
            Ok(winner) => Ok(Some(winner)),
            // It has the deadline of all; the system's own timeout has a number.
            Err(error) if error.kind() == io::ErrorKind::TimedOut && error.raw_os_error().is_none() => {
                Err(NetError::TimedOut(Stage::Connect))
            }
            Err(error) => {
                self.failures.add(ended.address, error);
                Ok(None)
            }
        }
    }

    fn begin(&mut self, address: SocketAddr) {
        match self.try_begin(address) {
            Ok(stop) => self.running.push(Attempt { address, stop }),
            Err(error) => self.failures.add(address, error),
        }
    }

    fn try_begin(&self, address: SocketAddr) -> io::Result<Stop> {
        let socket = self.tcp.open(address)?;
        let other = TcpStream::from(socket.try_clone()?);
        let (tcp, deadline, results) = (self.tcp.clone(), self.deadline, self.results.clone());
        thread::Builder::new().name("httpkit-dial".into()).spawn(move || {
            let result = tcp.connect_socket(&socket, address, deadline);
            results.put(Ended { address, result: result.map(|()| socket.into()) });
        })?;
        // Not every system lets a connection that is being opened end so; there, the deadline does it.
        Ok(Box::new(move || drop(other.shutdown(Shutdown::Both))))
    }
}
