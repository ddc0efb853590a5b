//! Events out of the bytes of a stream (HTML Standard, Section 9.2.6).

use std::{mem, time::Duration};

use memchr::memchr2;

use super::event::ServerSentEvent;
use crate::{
    error::{ErrorKind, Result},
    grammar,
    limits::Excess,
};

/// The byte order mark, of which one is passed over at the begin of a stream.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a stream of events, wherever it is cut into pieces.
pub(crate) struct EventParser {
    /// What has come of the line that is being read.
    line: Vec<u8>,
    /// Whether the line before ended in CR: an LF right behind that is part of its end.
    is_behind_cr: bool,
    is_first_line: bool,
    /// Of the event that is being read.
    name: String,
    data: String,
    /// The last id that was read; it counts from the end of its event on.
    id: String,
    last_event_id: String,
    reconnection_time: Option<Duration>,
    max_event_bytes: usize,
}

impl EventParser {
    /// A parser for a stream from its begin.
    pub(crate) fn new(max_event_bytes: usize) -> EventParser {
        EventParser {
            line: Vec::new(),
            is_behind_cr: false,
            is_first_line: true,
            name: String::new(),
            data: String::new(),
            id: String::new(),
            last_event_id: String::new(),
            reconnection_time: None,
            max_event_bytes,
        }
    }

    pub(crate) fn set_max_event_bytes(&mut self, limit: usize) {
        self.max_event_bytes = limit;
    }

    /// The id of the last event that was complete; empty where none had any.
    pub(crate) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// How long to wait before asking again, where the server has said it.
    pub(crate) fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time
    }

    /// Reads on, up to the end of an event if there is one. Returns how many of the bytes have been read.
    ///
    /// # Errors
    /// `TooLarge`; then the parser is of no use any more.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<(usize, Option<ServerSentEvent>)> {
        let mut read = 0;
        while let Some(first) = bytes.get(read) {
            if mem::take(&mut self.is_behind_cr) && *first == b'\n' {
                read += 1;
                continue;
            }
            let rest = &bytes[read..];
            let Some(end) = memchr2(b'\r', b'\n', rest) else {
                self.hold(rest)?;
                return Ok((bytes.len(), None));
            };
            self.hold(&rest[..end])?;
            self.is_behind_cr = rest[end] == b'\r';
            read += end + 1;
            if let Some(event) = self.end_line()? {
                return Ok((read, Some(event)));
            }
        }
        Ok((read, None))
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<()> {
        self.check_room(bytes.len())?;
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    /// Checks that the event may have this many more bytes.
    fn check_room(&self, more: usize) -> Result<()> {
        let held = self.line.len() + self.name.len() + self.data.len();
        if more > self.max_event_bytes.saturating_sub(held) {
            let excess = Excess::bytes("event", self.max_event_bytes, "ServerSentEvents::max_event_bytes");
            return Err(ErrorKind::from(excess).into());
        }
        Ok(())
    }

    fn end_line(&mut self) -> Result<Option<ServerSentEvent>> {
        let mut line = mem::take(&mut self.line);
        let is_first = mem::take(&mut self.is_first_line);
        let bytes = line.strip_prefix(MARK).filter(|_| is_first).unwrap_or(&line);
        let event = if bytes.is_empty() {
            self.end_event()
        } else {
            let text = String::from_utf8_lossy(bytes);
            // One byte that is not UTF-8 becomes three.
            self.check_room(text.len())?;
            self.read_field(&text);
            None
        };
        line.clear();
        self.line = line;
        Ok(event)
    }

    /// A field; a comment is one without a name.
    fn read_field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" => {
                let time = grammar::decimal(value.as_bytes()).map(Duration::from_millis);
                self.reconnection_time = time.or(self.reconnection_time);
            }
            _ => {}
        }
    }

    /// The event that has been read, unless it has no data.
    fn end_event(&mut self) -> Option<ServerSentEvent> {
        self.last_event_id.clone_from(&self.id);
        let mut name = mem::take(&mut self.name);
        let mut data = mem::take(&mut self.data);
        // The last line of the data has no end.
        data.pop()?;
        if name.is_empty() {
            name.push_str("message");
        }
        Some(ServerSentEvent { name, data, id: self.last_event_id.clone() })
    }
}

#[cfg(test)]
mod tests;
