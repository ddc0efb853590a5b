//! What goes over the wire, written down for people: `httplib`'s debug level.

use std::io::{self, Write};

use super::{HttpConnection, debug_log::DebugLog};
use crate::{
    secrecy::{Message, Redacted, View},
    wire::ResponseHead,
};

impl HttpConnection {
    /// Writes requests and responses to standard error: 0, the default, writes nothing; 1 the heads; 2 and
    /// above the bodies too. Of fields that may hold a secret, it writes the length of the value, as in `<12 bytes>`;
    /// [`show_header`](crate::HttpConnectionBuilder::show_header) names some that may be written. Of the request target,
    /// it leaves out the values of the query. Bodies are complete.
    pub fn set_debug_level(&mut self, level: u8) {
        self.set_debug_sink(level, io::stderr());
    }

    /// As [`set_debug_level`](HttpConnection::set_debug_level), to a sink of the caller's. What cannot be
    /// written there is lost.
    pub fn set_debug_sink(&mut self, level: u8, sink: impl Write + Send + 'static) {
        self.debug = (level > 0).then(|| Box::new(DebugLog::new(level, sink)));
    }

    pub(super) fn log_request_head(&mut self) {
        let Some(log) = &mut self.debug else { return };
        let head = String::from_utf8_lossy(&self.buffers.send);
        let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
        log.line("> ", &Redacted(lines.next().unwrap_or_default()));
        let mut view = View::Length;
        for line in lines {
            // A line without a name continues the value before it (`put_header_folded`).
            let is_continuation = line.starts_with([' ', '\t']);
            let (name, value) = line.split_once(':').filter(|_| !is_continuation).unwrap_or(("", line));
            if !name.is_empty() {
                view = Message::Request.view_with(name, &self.config.shown);
            }
            log.field("> ", name, value.trim().as_bytes(), view);
        }
    }

    pub(super) fn log_response_head(&mut self, head: &ResponseHead) {
        if let Some(log) = &mut self.debug {
            let reason = String::from_utf8_lossy(head.reason());
            log.line("< ", &format!("{} {} {reason}", head.version, head.status.code()));
            for (name, value) in &head.headers {
                log.field("< ", name, value.as_bytes(), head.headers.view(name, &self.config.shown));
            }
        }
    }

    pub(super) fn log_sent(&mut self, bytes: &[u8]) {
        if let Some(log) = &mut self.debug {
            log.content(">> ", bytes);
        }
    }

    pub(super) fn log_received(&mut self, bytes: &[u8]) {
        if let Some(log) = &mut self.debug {
            log.content("<< ", bytes);
        }
    }
}
