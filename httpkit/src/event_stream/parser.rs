//! Reads events from the bytes of a stream (HTML Standard §9.2.6).

use std::{mem, sync::Arc, time::Duration};

use memchr::memchr2;

use super::event::ServerSentEvent;
use crate::{
    error::{ErrorKind, Result},
    grammar,
    limits::Excess,
};

/// The largest id of an event. It is sent back in a `Last-Event-ID` header, and many servers limit a head to 8 KiB.
pub(crate) const MAX_ID_BYTES: usize = 4 * 1024;

/// The byte order mark. One is skipped at the start of a stream.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a stream of events, however it is split.
pub(crate) struct EventParser {
    /// The current line, as far as it has arrived.
    line: Vec<u8>,
    /// Whether the line before ended in CR. An LF right after that is part of its end.
    is_after_cr: bool,
    is_first_line: bool,
    /// The name and the data of the current event.
    name: String,
    data: String,
    /// The last id, which is valid from the end of its event.
    id: Arc<str>,
    last_event_id: Arc<str>,
    reconnection_time: Option<Duration>,
    max_event_bytes: usize,
}

impl EventParser {
    /// Returns a parser for a stream from its start.
    pub(crate) fn new(max_event_bytes: usize) -> EventParser {
        EventParser {
            line: Vec::new(),
            is_after_cr: false,
            is_first_line: true,
            name: String::new(),
            data: String::new(),
            id: Arc::default(),
            last_event_id: Arc::default(),
            reconnection_time: None,
            max_event_bytes,
        }
    }

    pub(crate) fn set_max_event_bytes(&mut self, limit: usize) {
        self.max_event_bytes = limit;
    }

    /// Returns the id of the last complete event. Empty if there was none.
    pub(crate) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Returns how long to wait before the next request, if the server has sent that.
    pub(crate) fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time
    }

    /// Reads up to the end of the next event. Returns the number of bytes that were read, and the event if it is complete.
    ///
    /// # Errors
    /// `TooLarge`. The parser must not be used any more.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<(usize, Option<ServerSentEvent>)> {
        let mut read = 0;
        while let Some(first) = bytes.get(read) {
            if mem::take(&mut self.is_after_cr) && *first == b'\n' {
                read += 1;
                continue;
            }
            let rest = &bytes[read..];
            let Some(end) = memchr2(b'\r', b'\n', rest) else {
                self.hold(rest)?;
                return Ok((bytes.len(), None));
            };
            self.hold(&rest[..end])?;
            self.is_after_cr = rest[end] == b'\r';
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
        let held = self.line.len() + self.name.len() + self.data.len() + self.id.len();
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
            self.read_field(&text)?;
            None
        };
        line.clear();
        self.line = line;
        Ok(event)
    }

    /// Reads a field. A comment is a field without a name.
    fn read_field(&mut self, line: &str) -> Result<()> {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.set_id(value)?,
            "retry" => {
                let time = grammar::decimal(value.as_bytes()).map(Duration::from_millis);
                self.reconnection_time = time.or(self.reconnection_time);
            }
            _ => {}
        }
        Ok(())
    }

    fn set_id(&mut self, id: &str) -> Result<()> {
        if id.len() > MAX_ID_BYTES {
            let excess = Excess::bytes("event id", MAX_ID_BYTES, "ServerSentEvents::MAX_ID_BYTES");
            return Err(ErrorKind::from(excess).into());
        }
        if *self.id != *id {
            self.id = id.into();
        }
        Ok(())
    }

    /// Returns the current event, unless it has no data.
    fn end_event(&mut self) -> Option<ServerSentEvent> {
        self.last_event_id = self.id.clone();
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
