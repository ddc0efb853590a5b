//! What a server answers.

use std::{io, time::Duration};

use httpkit_status::StatusCode;

use super::duplex::Duplex;

/// An answer: a response, or any bytes, pieces and pauses.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    steps: Vec<Step>,
    head: Vec<u8>,
    body: Option<Vec<u8>>,
    closes: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Vec<u8>),
    Pause(Duration),
}

impl Reply {
    /// A response of this status, without content.
    pub fn new(status: u16) -> Reply {
        let reason = StatusCode::from_u16(status).and_then(StatusCode::reason).unwrap_or_default();
        let head = format!("HTTP/1.1 {status} {reason}\r\n").into_bytes();
        Reply { head, body: Some(Vec::new()), ..Reply::default() }
    }

    /// A response of this status with a text.
    pub fn text(status: u16, text: &str) -> Reply {
        Reply::new(status).header("Content-Type", "text/plain; charset=utf-8").body(text)
    }

    /// A response of this status with JSON, given as text.
    pub fn json(status: u16, json: &str) -> Reply {
        Reply::new(status).header("Content-Type", "application/json").body(json)
    }

    /// These bytes, whatever they are.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
        Reply { steps: vec![Step::Send(bytes.into())], ..Reply::default() }
    }

    /// Adds a header line.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        self
    }

    /// Sets the content; its length is announced.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Reply {
        self.body = Some(body.into());
        self
    }

    /// Sends nothing more for a while, behind what was to be sent before: behind a body, the next request waits. To
    /// hold a response back, begin with `Reply::raw("")`.
    #[must_use]
    pub fn pause(mut self, pause: Duration) -> Reply {
        self.complete();
        self.steps.push(Step::Pause(pause));
        self
    }

    /// Sends these bytes behind the rest.
    #[must_use]
    pub fn send(mut self, bytes: impl Into<Vec<u8>>) -> Reply {
        self.complete();
        self.steps.push(Step::Send(bytes.into()));
        self
    }

    /// Ends the connection behind the answer.
    #[must_use]
    pub fn close(mut self) -> Reply {
        self.closes = true;
        self
    }

    /// Turns the response into the bytes to send.
    fn complete(&mut self) {
        let Some(body) = self.body.take() else { return };
        let mut bytes = std::mem::take(&mut self.head);
        bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(&body);
        self.steps.push(Step::Send(bytes));
    }

    /// Sends the answer, and says whether the connection goes on. A response to HEAD has no content.
    pub(super) fn play(mut self, stream: &mut dyn Duplex, to_head: bool) -> io::Result<bool> {
        if let (true, Some(body)) = (to_head, &mut self.body) {
            self.head.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
            self.steps.push(Step::Send(std::mem::take(&mut self.head)));
            self.body = None;
        }
        self.complete();
        for step in self.steps {
            match step {
                Step::Send(bytes) => stream.write_all(&bytes)?,
                Step::Pause(pause) => std::thread::sleep(pause),
            }
        }
        stream.flush()?;
        Ok(!self.closes)
    }
}
