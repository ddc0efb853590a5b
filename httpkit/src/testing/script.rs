//! A server in memory that follows a script, call by call.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use crate::net::{Connector, Deadline, Destination, Probe, Transport};

/// What the server of a script does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Waits until the client has written something since the last wait.
    AwaitWrite,
    /// Sends these bytes, as many per read as fit. If there are none, nothing happens.
    Send(Vec<u8>),
    /// Fails the next read with an error of this kind.
    FailRead(io::ErrorKind),
    /// Fails the next write with an error of this kind.
    FailWrite(io::ErrorKind),
    /// Takes only so many bytes of the next write.
    ShortWrite(usize),
    /// Ends the connection.
    End,
}

/// What the server of one connection does, in order.
///
/// A script never waits. A read times out immediately if the script is over, or if the client has not written what
/// the script awaits.
#[derive(Debug, Clone, Default)]
pub struct Script(VecDeque<Act>);

impl Script {
    /// A server that does nothing.
    pub fn new() -> Script {
        Script::default()
    }

    /// A server that waits for a request, sends these bytes in one piece, and ends the connection.
    pub fn answer(bytes: &[u8]) -> Script {
        Script::new().then(Act::AwaitWrite).then(Act::Send(bytes.to_vec())).then(Act::End)
    }

    /// Adds an act.
    #[must_use]
    pub fn then(mut self, act: Act) -> Script {
        self.0.push_back(act);
        self
    }
}

/// Opens connections to scripted servers: the first to the first script, and so on.
#[derive(Debug, Clone, Default)]
pub struct ScriptedConnector {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    scripts: VecDeque<Script>,
    recorded: Vec<Recorded>,
}

/// What a client did on one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The bytes that it wrote.
    pub written: Vec<u8>,
    /// How many reads and writes it made.
    pub calls: usize,
    /// Whether it has closed the connection.
    pub is_closed: bool,
}

impl ScriptedConnector {
    /// Lays out the scripts of the connections to come.
    pub fn new(scripts: impl IntoIterator<Item = Script>) -> ScriptedConnector {
        let shared = Shared { scripts: scripts.into_iter().collect(), recorded: Vec::new() };
        ScriptedConnector { shared: Arc::new(Mutex::new(shared)) }
    }

    /// What the client did so far, connection by connection.
    pub fn recorded(&self) -> Vec<Recorded> {
        lock(&self.shared).recorded.clone()
    }
}

impl Connector for ScriptedConnector {
    fn connect(&self, _destination: Destination<'_>, _deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        let mut shared = lock(&self.shared);
        let script = shared.scripts.pop_front().ok_or(io::ErrorKind::ConnectionRefused)?;
        let number = shared.recorded.len();
        shared.recorded.push(Recorded::default());
        Ok(Box::new(ScriptedTransport {
            acts: script.0,
            has_written: false,
            number,
            shared: self.shared.clone(),
        }))
    }
}

/// A connection to a scripted server.
struct ScriptedTransport {
    acts: VecDeque<Act>,
    has_written: bool,
    number: usize,
    shared: Arc<Mutex<Shared>>,
}

impl ScriptedTransport {
    fn record(&self, record: impl FnOnce(&mut Recorded)) {
        record(&mut lock(&self.shared).recorded[self.number]);
    }

    /// Skips waits that are over, and blocks without bytes: a read of zero bytes would end the connection.
    fn advance(&mut self) {
        loop {
            match self.acts.front() {
                Some(Act::AwaitWrite) if self.has_written => self.has_written = false,
                Some(Act::Send(bytes)) if bytes.is_empty() => {}
                _ => return,
            }
            self.acts.pop_front();
        }
    }
}

impl Transport for ScriptedTransport {
    fn read(&mut self, buffer: &mut [u8], _deadline: Deadline) -> io::Result<usize> {
        self.record(|recorded| recorded.calls += 1);
        self.advance();
        match self.acts.front_mut() {
            Some(Act::Send(bytes)) => {
                let count = bytes.len().min(buffer.len());
                buffer[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                if bytes.is_empty() {
                    self.acts.pop_front();
                }
                Ok(count)
            }
            Some(Act::End) => Ok(0),
            Some(Act::FailRead(kind)) => {
                let kind = *kind;
                self.acts.pop_front();
                Err(kind.into())
            }
            _ => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    fn write(&mut self, bytes: &[u8], _deadline: Deadline) -> io::Result<usize> {
        let count = match self.acts.front() {
            Some(Act::FailWrite(kind)) => {
                let kind = *kind;
                self.acts.pop_front();
                self.record(|recorded| recorded.calls += 1);
                return Err(kind.into());
            }
            Some(Act::ShortWrite(count)) => {
                let count = bytes.len().min(*count);
                self.acts.pop_front();
                count
            }
            _ => bytes.len(),
        };
        self.has_written = true;
        self.record(|recorded| {
            recorded.calls += 1;
            recorded.written.extend_from_slice(&bytes[..count]);
        });
        Ok(count)
    }

    fn probe(&mut self) -> Probe {
        self.advance();
        match self.acts.front() {
            Some(Act::Send(_) | Act::End | Act::FailRead(_)) => Probe::Spent,
            _ => Probe::Quiet,
        }
    }
}

impl Drop for ScriptedTransport {
    fn drop(&mut self) {
        self.record(|recorded| recorded.is_closed = true);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_nothing_for_empty_block() {
        let script =
            Script::new().then(Act::Send(Vec::new())).then(Act::AwaitWrite).then(Act::Send(Vec::new()));
        let connector = ScriptedConnector::new([script.then(Act::Send(b"x".to_vec())).then(Act::End)]);
        let destination = Destination { host: "h", port: 80 };
        let mut transport = connector.connect(destination, Deadline::NEVER).unwrap();
        let mut buffer = [0; 8];
        assert_eq!(transport.probe(), Probe::Quiet);
        let early = transport.read(&mut buffer, Deadline::NEVER).unwrap_err();
        assert_eq!(early.kind(), io::ErrorKind::TimedOut);
        assert_eq!(transport.write(b"request", Deadline::NEVER).unwrap(), 7);
        assert_eq!(transport.read(&mut buffer, Deadline::NEVER).unwrap(), 1);
        assert_eq!(transport.read(&mut buffer, Deadline::NEVER).unwrap(), 0);
    }
}
