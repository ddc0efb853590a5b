//! A server in memory that notes what it is asked for and how long each wait may last.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
};

use httpkit::{Connector, Deadline, Destination, Probe, Transport};

/// Notes in the order in which they were made, shared by clones.
#[derive(Clone, Default)]
pub struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    /// Adds a note.
    pub fn add(&self, note: impl Into<String>) {
        self.0.lock().expect("no thread panicked").push(note.into());
    }

    /// Takes all notes.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no thread panicked"))
    }
}

/// Returns the time to a deadline in hundreds of seconds, rounded up, so that no note depends on how fast a test runs.
pub fn within(deadline: Deadline) -> String {
    match deadline.remaining() {
        None => "any time".to_owned(),
        Some(left) => format!("{} s", left.as_millis().div_ceil(100_000) * 100),
    }
}

/// Makes the response to a head.
type Respond = dyn Fn(&str) -> Vec<u8> + Send + Sync;

/// Opens connections to a server that responds to each head. Notes `connect`, `write` and `read` with the time that each
/// may take, and the lines of each head.
#[derive(Clone)]
pub struct NotedServer {
    notes: Notes,
    respond: Arc<Respond>,
}

impl NotedServer {
    /// Makes a server whose response is a function of the head of the request. Requests have no content.
    pub fn new(notes: &Notes, respond: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> NotedServer {
        NotedServer { notes: notes.clone(), respond: Arc::new(respond) }
    }
}

impl Connector for NotedServer {
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        self.notes.add(format!("connect to {destination} within {}", within(deadline)));
        Ok(Box::new(NotedTransport { server: self.clone(), request: Vec::new(), response: VecDeque::new() }))
    }
}

struct NotedTransport {
    server: NotedServer,
    request: Vec<u8>,
    response: VecDeque<u8>,
}

impl Transport for NotedTransport {
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.server.notes.add(format!("read within {}", within(deadline)));
        match io::Read::read(&mut self.response, buffer)? {
            0 => Err(io::ErrorKind::TimedOut.into()),
            count => Ok(count),
        }
    }

    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> io::Result<usize> {
        self.server.notes.add(format!("write within {}", within(deadline)));
        self.request.extend_from_slice(bytes);
        if self.request.ends_with(b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&std::mem::take(&mut self.request)).into_owned();
            self.response.extend((self.server.respond)(&head));
            head.lines().for_each(|line| self.server.notes.add(line));
        } else if self.request.starts_with(b"\x16") {
            // TLS: the names of protocols are the only text in a ClientHello that a client chooses.
            let text = self.request.escape_ascii().to_string();
            self.server.notes.add(format!("offers spam/9: {}", text.contains("spam/9")));
        }
        Ok(bytes.len())
    }

    fn probe(&mut self) -> Probe {
        if self.response.is_empty() { Probe::Quiet } else { Probe::Spent }
    }
}
