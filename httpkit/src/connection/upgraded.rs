//! What a connection becomes when it no longer speaks HTTP.

use std::{
    fmt,
    io::{self, Read, Write},
    time::Duration,
};

use super::{HttpConnection, State, timed_out::has_expired};
use crate::{
    error::{Error, ErrorKind, Phase, TimeoutLimit},
    net::{Deadline, NetError, RecvBuffer, Stage, Stream, WriteDeadlines, now},
};

/// The stream of a connection that has switched protocols (101, RFC 9110, Section 7.8) or become a tunnel
/// (CONNECT, Section 9.3.6), with the bytes that had come already.
///
/// It reads and writes without buffering writes. A wait may last as long as [`set_timeout`](Upgraded::set_timeout)
/// says; by default without end.
pub struct Upgraded {
    stream: Stream,
    /// What came behind the head.
    received: RecvBuffer,
    timeout: Option<Duration>,
}

impl HttpConnection {
    /// Takes the stream of a connection that has switched protocols or become a tunnel. `None` when it has
    /// not; the connection is closed then as it was before, and afterwards it can be opened anew.
    pub fn take_upgraded(&mut self) -> Option<Upgraded> {
        if !self.is_upgraded() {
            return None;
        }
        let stream = self.stream.take()?;
        let received = std::mem::take(&mut self.buffers.received);
        self.close();
        Some(Upgraded { stream, received, timeout: None })
    }

    pub(crate) fn is_upgraded(&self) -> bool {
        matches!(self.state, State::Upgraded)
    }
}

impl Upgraded {
    /// Sets how long each read and write may wait. `None` means no limit, which is the default.
    pub fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }

    fn deadline(&self) -> Deadline {
        Deadline::after_optional(self.timeout)
    }

    /// Returns the error of a read or write that had to end by `deadline`.
    #[cold]
    fn io_error(&self, error: NetError, phase: Phase, deadline: Deadline) -> io::Error {
        let limit = self.timeout.filter(|_| has_expired(deadline));
        let limit = limit.map_or(TimeoutLimit::System, TimeoutLimit::Upgraded);
        let kind = match error {
            NetError::TimedOut(Stage::Handshake) => ErrorKind::Timeout { phase: Phase::Handshake, limit },
            NetError::TimedOut(_) => ErrorKind::Timeout { phase, limit },
            NetError::Cancelled => ErrorKind::Cancelled,
            #[cfg(feature = "__tls")]
            NetError::Tls(error) => ErrorKind::Tls(error),
            NetError::Truncated => return io::ErrorKind::UnexpectedEof.into(),
            NetError::Dns(error) | NetError::Connect(error) | NetError::Io(error) => return error,
        };
        Error::new(kind).into()
    }
}

impl Read for Upgraded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.received.is_empty() {
            return Ok(self.received.read(buffer));
        }
        let deadline = self.deadline();
        let read = self.stream.read(buffer, deadline);
        read.map_err(|error| self.io_error(error, Phase::Body, deadline))
    }
}

impl Write for Upgraded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut deadlines = WriteDeadlines::new(now(), Deadline::NEVER, self.timeout, None);
        let written = self.stream.write_all(bytes, &[], &mut deadlines, &mut 0);
        let deadline = deadlines.current();
        written.map(|()| bytes.len()).map_err(|error| self.io_error(error, Phase::Send, deadline))
    }

    /// Does nothing: each write is sent at once.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgraded").field("stream", &self.stream).finish_non_exhaustive()
    }
}
