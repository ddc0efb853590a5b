//! What the head of a request says about its framing and its connection.

use crate::{grammar, headers::Headers, violation::InvalidRequest};

/// What the lines of a head say about its framing and its connection.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each line of a head says something of its own")]
pub(super) struct HeadFacts {
    pub(super) hosts: u32,
    lengths: u32,
    pub(super) content_length: Option<u64>,
    pub(super) is_chunked: bool,
    pub(super) says_close: bool,
    pub(super) asks_upgrade: bool,
    pub(super) expects_continue: bool,
}

impl HeadFacts {
    /// Takes note of one line.
    pub(super) fn note(&mut self, name: &[u8], value: &[u8]) -> Result<(), InvalidRequest> {
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        if is("host") {
            self.hosts += 1;
        } else if is("content-length") {
            self.lengths += 1;
            self.content_length = grammar::decimal(value);
            if self.content_length.is_none() {
                return Err(InvalidRequest::new(
                    "a Content-Length is 1*DIGIT (RFC 9110, Section 8.6)",
                    value,
                ));
            }
        } else if is("transfer-encoding") {
            if !value.eq_ignore_ascii_case(b"chunked") || self.is_chunked {
                return Err(InvalidRequest::new(
                    "`chunked`, once, is the transfer coding that is sent (RFC 9112, Section 6.1)",
                    value,
                ));
            }
            self.is_chunked = true;
        } else if is("connection") {
            self.says_close |= lists(value, b"close");
            self.asks_upgrade |= lists(value, b"upgrade");
        } else if is("expect") {
            self.expects_continue = value.eq_ignore_ascii_case(b"100-continue");
        }
        Ok(())
    }

    /// Judges the head as a whole.
    pub(super) fn judge(&self) -> Result<(), InvalidRequest> {
        let rule = if self.hosts == 0 {
            "a request has a Host (RFC 9112, Section 3.2)"
        } else if self.hosts > 1 {
            "a request has one Host (RFC 9112, Section 3.2)"
        } else if self.lengths > 1 {
            "a request has one Content-Length (RFC 9110, Section 8.6)"
        } else if self.lengths > 0 && self.is_chunked {
            "a request has Content-Length or Transfer-Encoding, not both (RFC 9112, Section 6.2)"
        } else {
            return Ok(());
        };
        Err(InvalidRequest::new(rule, b""))
    }

    pub(super) fn declare_length(&mut self, length: u64) {
        self.lengths += 1;
        self.content_length = Some(length);
    }

    pub(super) fn declares_framing(&self) -> bool {
        self.lengths > 0 || self.is_chunked
    }
}

/// The fields that [`HeadFacts::note`] takes note of.
const NOTED: [&str; 5] = ["host", "content-length", "transfer-encoding", "connection", "expect"];

/// Whether none of these fields says anything about the head as a whole.
pub(crate) fn say_nothing_of_the_head(headers: &Headers) -> bool {
    !NOTED.iter().any(|name| headers.contains(name))
}

fn lists(value: &[u8], option: &[u8]) -> bool {
    grammar::list_members(value).any(|member| member.eq_ignore_ascii_case(option))
}
