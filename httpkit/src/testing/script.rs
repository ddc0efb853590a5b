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
    /// Sends these bytes; one read takes them, or as many as it has room for.
    Send(Vec<u8>),
    /// Lets the next read or write fail in this way.
    FailRead(io::ErrorKind),
    /// Lets the next write fail in this way.
    FailWrite(io::ErrorKind),
    /// Takes only so many bytes of the next write.
    ShortWrite(usize),
    /// Ends the connection.
    End,
}

/// What the server of one connection does, in order. When the script is over, reads time out.
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

    /// Passes over waits that are over.
    fn advance(&mut self) {
        if self.has_written && self.acts.front() == Some(&Act::AwaitWrite) {
            self.acts.pop_front();
            self.has_written = false;
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
