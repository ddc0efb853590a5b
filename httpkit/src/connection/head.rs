//! The head of a request, line by line: judged at the last point before the wire, whatever way it came.

use std::{io::Write, ops::BitOr};

use super::{HttpConnection, Owed, State, facts::HeadFacts};
use crate::{
    error::{Error, ErrorKind, Result},
    headers::{Headers, check_field, write_field},
    method::Method,
    net::Deadline,
    target::judge_target,
    version::Version,
    violation::InvalidRequest,
    wire::CloseReason,
};

/// Which fields [`put_request_with`](HttpConnection::put_request_with) adds by itself.
///
/// ```
/// use httpkit::Automatic;
///
/// assert_eq!(Automatic::HOST | Automatic::ACCEPT_ENCODING, Automatic::ALL);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Automatic(u8);

impl Automatic {
    /// No field.
    pub const NONE: Automatic = Automatic(0);
    /// `Host`, first (RFC 9110, Section 7.2).
    pub const HOST: Automatic = Automatic(1);
    /// `Accept-Encoding: identity`.
    pub const ACCEPT_ENCODING: Automatic = Automatic(2);
    /// Both.
    pub const ALL: Automatic = Automatic(3);

    fn includes(self, other: Automatic) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Automatic {
    type Output = Automatic;

    fn bitor(self, other: Automatic) -> Automatic {
        Automatic(self.0 | other.0)
    }
}

impl HttpConnection {
    /// Begins a request, with `Host` and `Accept-Encoding: identity`. Opens the connection if it is closed, by
    /// the server too, and if bytes have come that nobody asked for.
    ///
    /// # Errors
    /// `CannotSendRequest` while another exchange is under way; `InvalidRequest` for a target with spaces,
    /// control bytes, a fragment, or of no form of RFC 9112, Section 3.2; and what opening can meet.
    pub fn put_request(&mut self, method: Method, target: &str) -> Result<()> {
        self.put_request_with(method, target, Automatic::ALL)
    }

    /// As [`put_request`](HttpConnection::put_request), with a choice of the fields that are added.
    ///
    /// # Errors
    /// As there.
    pub fn put_request_with(&mut self, method: Method, target: &str, automatic: Automatic) -> Result<()> {
        // Bytes that wait on an idle connection were not asked for, and would be taken for the response.
        if self.is_reusable() && self.is_spent() {
            self.close();
        }
        self.begin_request(method, target, automatic)?;
        if automatic.includes(Automatic::ACCEPT_ENCODING) {
            write_field(&mut self.buffers.send, b"Accept-Encoding", b"identity");
        }
        Ok(())
    }

    /// Opens the connection where it must be, and writes the request line and, first behind it, `Host`.
    pub(crate) fn begin_request(&mut self, method: Method, target: &str, automatic: Automatic) -> Result<()> {
        if !self.may_begin() {
            return Err(self.refuse(ErrorKind::CannotSendRequest));
        }
        judge_target(&method, target)?;
        if self.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled).unsent());
        }
        self.ensure_open()?;
        self.prepare_buffers();
        self.facts = HeadFacts::default();
        self.trailers = Headers::new();
        self.bytes_sent = 0;
        self.interim_bytes = 0;
        self.exchanges += 1;
        self.begin_sending()?;
        let head = &mut self.buffers.send;
        for part in [method.as_str(), " ", target, " HTTP/1.1\r\n"] {
            head.extend_from_slice(part.as_bytes());
        }
        self.method = method;
        self.state = State::Started;
        if automatic.includes(Automatic::HOST) {
            self.facts.hosts = 1;
            write_field(head, b"Host", self.host_field.as_bytes());
        }
        Ok(())
    }

    /// Begins the time to send the request.
    fn begin_sending(&mut self) -> Result<()> {
        self.pause_by = Deadline::NEVER;
        if let Some(send) = self.bounds.timeouts.send.value {
            if self.exchanges == 1 {
                // Otherwise the handshake would take the first write, and its time would count.
                self.shake_hands()?;
            }
            self.send_by = Deadline::after(send);
        } else {
            self.send_by = Deadline::NEVER;
        }
        self.open_pace();
        Ok(())
    }

    /// Adds a header line to the request.
    ///
    /// # Errors
    /// `CannotSendHeader` when no request has begun; `InvalidRequest` when the name is no token, or the
    /// value holds CR, LF or another control byte; the request can go on without it.
    pub fn put_header(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<()> {
        self.expect_started()?;
        let value = check_field(name, value.as_ref())?;
        self.facts.note(name.as_bytes(), value)?;
        write_field(&mut self.buffers.send, name.as_bytes(), value);
        Ok(())
    }

    /// Adds one header line with several values, joined with `, ` (RFC 9110, Section 5.3).
    ///
    /// # Errors
    /// As [`put_header`](HttpConnection::put_header).
    pub fn put_header_list(&mut self, name: &str, values: &[&str]) -> Result<()> {
        self.put_header(name, values.join(", "))
    }

    /// Adds one header line whose values stand on lines of their own, each behind a tab, as `httplib` does.
    /// This form is obsolete: RFC 9112, Section 5.2 forbids sending it, so only a connection set to
    /// `Compat` does.
    ///
    /// # Errors
    /// As [`put_header`](HttpConnection::put_header), and `InvalidRequest` on a `Strict` connection.
    pub fn put_header_folded(&mut self, name: &str, values: &[&str]) -> Result<()> {
        self.expect_started()?;
        if !self.config.strictness.is_compat() {
            let rule = "a sender does not fold lines (RFC 9112, Section 5.2); the connection is not `Compat`";
            return Err(InvalidRequest::new(rule, name.as_bytes()).into());
        }
        for value in values {
            check_field(name, value.as_bytes())?;
        }
        self.facts.note(name.as_bytes(), values.join(" ").as_bytes())?;
        write_field(&mut self.buffers.send, name.as_bytes(), values.join("\r\n\t").as_bytes());
        Ok(())
    }

    /// Ends the head and sends it. A body that it declares follows by [`send`](HttpConnection::send).
    ///
    /// # Errors
    /// `CannotSendHeader` when no request has begun; `InvalidRequest` without `Host`, with two, with two
    /// lengths, or with `Content-Length` beside `Transfer-Encoding`; and what sending can meet.
    pub fn end_headers(&mut self) -> Result<()> {
        self.close_head()?;
        self.flush(&[])
    }

    /// Ends the head. It leaves with the first bytes of the body.
    pub(super) fn close_head(&mut self) -> Result<()> {
        self.expect_started()?;
        if let Err(error) = self.facts.judge() {
            self.abandon();
            return Err(error.into());
        }
        if self.facts.says_close {
            self.close_reasons.add(CloseReason::RequestSaidClose);
        }
        self.log_request_head();
        self.buffers.send.extend_from_slice(b"\r\n");
        self.state = match self.facts.content_length {
            Some(declared) if declared > 0 => State::Sending(Owed::Bytes { left: declared, declared }),
            _ if self.facts.is_chunked => State::Sending(Owed::Chunks),
            _ => State::Sent,
        };
        Ok(())
    }

    /// Adds lines that have been judged when they were made.
    pub(crate) fn put_headers(&mut self, headers: &Headers) -> Result<()> {
        for (name, value) in headers.raw() {
            self.facts.note(name, value)?;
        }
        headers.write_to(&mut self.buffers.send);
        Ok(())
    }

    /// Adds lines that say nothing of the head as a whole.
    pub(crate) fn put_plain_headers(&mut self, headers: &Headers) {
        headers.write_to(&mut self.buffers.send);
    }

    /// Adds those of `headers` whose names are not in `but`.
    pub(crate) fn put_headers_unless(&mut self, headers: &Headers, but: &Headers) -> Result<()> {
        if but.is_empty() {
            return self.put_headers(headers);
        }
        for (name, value) in headers.raw().filter(|(name, _)| !but.contains_raw(name)) {
            self.facts.note(name, value)?;
            write_field(&mut self.buffers.send, name, value);
        }
        Ok(())
    }

    fn expect_started(&self) -> Result<()> {
        match self.state {
            State::Started => Ok(()),
            _ => Err(self.refuse(ErrorKind::CannotSendHeader)),
        }
    }

    /// A request may begin on an idle connection, and after a failure.
    fn may_begin(&self) -> bool {
        matches!(self.state, State::Idle)
            || (self.stream.is_none() && matches!(self.state, State::Response(_)))
    }

    /// Gives up a request of which nothing has been sent; the connection stays as it was.
    pub(crate) fn abandon(&mut self) {
        if matches!(self.state, State::Started) {
            self.state = State::Idle;
            self.return_buffers();
        }
    }

    fn prepare_buffers(&mut self) {
        if let Some(pool) = &self.buffer_pool {
            pool.lend(&mut self.buffers, &mut self.header_space);
        }
        if let Some(stream) = &mut self.stream {
            stream.lend(&mut self.buffers.ciphertext);
        }
    }

    /// Adds the framing that the body needs, where the caller has not (RFC 9110, Section 8.6).
    pub(super) fn declare_body(&mut self, length: Option<u64>, is_none: bool) -> Result<()> {
        if is_none && !self.method.anticipates_content() && !self.facts.declares_framing() {
            return Ok(());
        }
        match (self.facts.content_length, length) {
            _ if self.facts.is_chunked => Ok(()),
            (Some(declared), Some(given)) if declared != given => {
                Err(Error::new(ErrorKind::BodyLength { declared, given }).unsent())
            }
            (Some(_), _) => Ok(()),
            (None, Some(length)) => {
                self.facts.declare_length(length);
                write!(self.buffers.send, "Content-Length: {length}\r\n").expect("a Vec takes any write");
                Ok(())
            }
            // A server of HTTP/1.0 does not know chunks (RFC 9112, Section 6.1).
            (None, None) if self.server_version == Some(Version::Http10) => {
                let why = "its length is not known, and the server speaks HTTP/1.0, which has no chunks";
                Err(Error::new(ErrorKind::UnsupportedBody(why)).unsent())
            }
            (None, None) => self.put_header("Transfer-Encoding", "chunked"),
        }
    }
}
