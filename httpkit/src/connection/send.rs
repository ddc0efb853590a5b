//! The body of a request, metered against the framing that its head has declared.

use std::io::{self, Read, Write};

use httpkit_status::StatusCode;

use super::{HttpConnection, Owed, State, receive::is_interim};
use crate::{
    error::{Error, ErrorKind, Phase, Result},
    headers::Headers,
    method::Method,
    net::{Deadline, NetError, Probe, WriteDeadlines, now},
    request_body::{IntoBody, RequestBody, Source},
    violation::InvalidRequest,
    wire::{CloseReason, write_chunk, write_last_chunk},
};

/// A chunk up to this size is copied behind its size line, to leave in one write.
const COPIED_CHUNK: usize = 16 * 1024;
/// So much is read from a source at once.
const BLOCK: usize = 64 * 1024;

impl HttpConnection {
    /// Sends a whole request: head and body in one write where they are small. `Host`, `Accept-Encoding:
    /// identity` and the framing of the body are added, unless `headers` has them: `Content-Length`, with 0
    /// for POST, PUT and PATCH without a body (RFC 9110, Section 8.6), or chunked where the length is not
    /// known. Opens the connection if it is closed.
    ///
    /// # Errors
    /// As [`put_request`](HttpConnection::put_request), [`put_header`](HttpConnection::put_header),
    /// [`end_headers`](HttpConnection::end_headers) and [`send`](HttpConnection::send). When nothing was
    /// sent, the connection can be used as before.
    pub fn request(
        &mut self,
        method: Method,
        target: &str,
        body: impl IntoBody,
        headers: &[(&str, &str)],
    ) -> Result<()> {
        let has = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let mut automatic = super::Automatic::NONE;
        for (name, flag) in
            [("host", super::Automatic::HOST), ("accept-encoding", super::Automatic::ACCEPT_ENCODING)]
        {
            if !has(name) {
                automatic = automatic | flag;
            }
        }
        self.put_request_with(method, target, automatic)?;
        for (name, value) in headers {
            self.put_header(name, value).inspect_err(|_| self.abandon())?;
        }
        self.send_request(&mut body.into_body())
    }

    /// Ends the head that has been put together, and sends it with the body.
    pub(crate) fn send_request(&mut self, body: &mut RequestBody<'_>) -> Result<()> {
        let declared = self.judge_body(body).and_then(|()| self.declare_body(body.length(), body.is_none()));
        declared.inspect_err(|_| self.abandon())?;
        self.close_head()?;
        if self.facts.expects_continue && matches!(self.state, State::Sending(_)) {
            self.flush(&[])?;
            self.await_continue()?;
        }
        match body.source() {
            Source::None => self.flush(&[]),
            Source::Bytes(bytes) => self.send_bytes(bytes),
            Source::Reader(source) => self.send_from(source),
        }
    }

    fn judge_body(&self, body: &RequestBody<'_>) -> Result<(), Error> {
        if self.method == Method::TRACE && !body.is_none() {
            return Err(InvalidRequest::new("TRACE has no content (RFC 9110, Section 9.3.8)", b"").into());
        }
        Ok(())
    }

    /// Sends a part of the body, after [`end_headers`](HttpConnection::end_headers). It is counted against
    /// `Content-Length`, or becomes a chunk where the head said `Transfer-Encoding: chunked`. Once the server has
    /// answered and stopped reading, nothing more is sent, and the answer waits for
    /// [`get_response`](HttpConnection::get_response).
    ///
    /// # Errors
    /// `NotConnected` on a closed connection; `CannotSendRequest` where no body is owed; `BodyLength` when it
    /// is more than declared: then no byte of it is sent, and the connection is closed; and what sending can
    /// meet.
    pub fn send(&mut self, data: &[u8]) -> Result<()> {
        if self.stream.is_none() && matches!(self.state, State::Idle) {
            return Err(Error::new(ErrorKind::NotConnected).unsent());
        }
        match self.state {
            State::Sending(owed) => self.send_piece(owed, data),
            _ if self.early_response.is_some() => Ok(()),
            State::Sent if self.facts.declares_framing() => {
                let declared = self.facts.content_length.unwrap_or(0);
                Err(self.fail(ErrorKind::BodyLength { declared, given: declared + data.len() as u64 }))
            }
            _ => Err(self.refuse(ErrorKind::CannotSendRequest)),
        }
    }

    /// Ends a chunked body. [`get_response`](HttpConnection::get_response) does so by itself.
    ///
    /// # Errors
    /// `CannotSendRequest` where no chunked body is owed; and what sending can meet.
    pub fn finish(&mut self) -> Result<()> {
        self.finish_with_trailers(&Headers::new())
    }

    /// Ends a chunked body with trailers (RFC 9112, Section 7.1.2).
    ///
    /// # Errors
    /// As [`finish`](HttpConnection::finish), and `InvalidRequest` for a trailer that would change framing,
    /// routing or authentication (RFC 9110, Section 6.5.1).
    pub fn finish_with_trailers(&mut self, trailers: &Headers) -> Result<()> {
        if self.early_response.is_some() {
            return Ok(());
        }
        let State::Sending(Owed::Chunks) = self.state else {
            return Err(self.refuse(ErrorKind::CannotSendRequest));
        };
        judge_trailers(trailers)?;
        write_last_chunk(&mut self.buffers.send, trailers);
        self.state = State::Sent;
        self.flush(&[])
    }

    fn send_piece(&mut self, owed: Owed, data: &[u8]) -> Result<()> {
        match owed {
            Owed::Bytes { left, declared } => {
                let Some(left) = left.checked_sub(data.len() as u64) else {
                    let given = declared - left + data.len() as u64;
                    return Err(self.fail(ErrorKind::BodyLength { declared, given }));
                };
                self.state =
                    if left == 0 { State::Sent } else { State::Sending(Owed::Bytes { left, declared }) };
                self.flush(data)
            }
            Owed::Chunks if data.len() <= COPIED_CHUNK => {
                write_chunk(&mut self.buffers.send, data);
                self.flush(&[])
            }
            Owed::Chunks => {
                self.put_chunk_size(data.len());
                self.flush(data)?;
                // Unless the server has answered meanwhile.
                if matches!(self.state, State::Sending(_)) { self.flush(b"\r\n") } else { Ok(()) }
            }
        }
    }

    fn send_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        match self.state {
            State::Sending(Owed::Bytes { .. }) => {
                self.state = State::Sent;
                self.flush(bytes)
            }
            State::Sending(Owed::Chunks) => {
                if bytes.len() > COPIED_CHUNK {
                    self.send_piece(Owed::Chunks, bytes)?;
                } else {
                    write_chunk(&mut self.buffers.send, bytes);
                }
                if matches!(self.state, State::Sending(_)) { self.finish() } else { Ok(()) }
            }
            _ => self.flush(&[]),
        }
    }

    /// Sends what a source reads, block by block. A final response that comes meanwhile ends it.
    fn send_from(&mut self, source: &mut dyn Read) -> Result<()> {
        let mut block = vec![0; BLOCK + 2];
        while let State::Sending(owed) = self.state {
            let room = match owed {
                Owed::Bytes { left, .. } => usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK)),
                Owed::Chunks => BLOCK,
            };
            let count = read_block(source, &mut block[..room])
                .map_err(|error| self.fail(ErrorKind::BodySource(error)))?;
            match owed {
                Owed::Bytes { left, declared } if count == 0 => {
                    return Err(self.fail(ErrorKind::BodyLength { declared, given: declared - left }));
                }
                Owed::Bytes { .. } => self.send_piece(owed, &block[..count])?,
                Owed::Chunks if count == 0 => self.finish()?,
                Owed::Chunks => {
                    self.put_chunk_size(count);
                    block[count..count + 2].copy_from_slice(b"\r\n");
                    self.flush(&block[..count + 2])?;
                }
            }
            self.look_for_early_response()?;
        }
        self.flush(&[])
    }

    fn put_chunk_size(&mut self, size: usize) {
        write!(self.buffers.send, "{size:x}\r\n").expect("a Vec takes any write");
    }

    /// Sends what waits in the send buffer, and `data` behind it. A peer that no longer reads may have
    /// answered: then that answer counts, and the rest is not sent.
    pub(super) fn flush(&mut self, data: &[u8]) -> Result<()> {
        let (now, total) = (now(), self.deadline.min(self.send_by));
        let timeouts = &self.bounds.timeouts;
        let (response, between_bytes) = (timeouts.response.value, timeouts.between_bytes.value);
        if total.has_passed_by(now) {
            return Err(self.fail(self.timeout(Phase::Send)));
        }
        self.log_sent(data);
        let Some(stream) = &mut self.stream else {
            return Err(Error::new(ErrorKind::NotConnected).unsent());
        };
        let head = std::mem::take(&mut self.buffers.send);
        let mut deadlines = WriteDeadlines::new(now, total, between_bytes, self.pace.as_deref_mut());
        let result = stream.write_all(&head, data, &mut deadlines, &mut self.bytes_sent);
        let pause_by = deadlines.current();
        self.buffers.send = head;
        self.buffers.send.clear();
        // Not from `now`: the write may have waited for as long as `between_bytes` allows, again and again.
        self.response_by = self.deadline.min(Deadline::after_optional(response));
        match result {
            Ok(()) => Ok(()),
            Err(error) if is_gone(&error) && self.take_early_response() => Ok(()),
            Err(error) => {
                self.note_pause(&error, pause_by);
                Err(self.net_failure(error, self.phase_by_pace(Phase::Send)))
            }
        }
    }

    /// Between two blocks of a long body: whether the server has answered already.
    fn look_for_early_response(&mut self) -> Result<()> {
        let State::Sending(_) = self.state else {
            return Ok(());
        };
        if self.buffers.received.is_empty() && self.stream()?.probe() == Probe::Quiet {
            return Ok(());
        }
        let head = self.receive_meanwhile()?;
        if !is_interim(&head) {
            self.answer_early(head);
        }
        Ok(())
    }

    /// Waits for the server's consent to send the body, or its refusal (RFC 9110, Section 10.1.1).
    fn await_continue(&mut self) -> Result<()> {
        let patience = Deadline::after_optional(self.bounds.timeouts.expect_continue.value);
        let patience = patience.min(self.deadline).min(self.send_by);
        // Other interim responses may come before it.
        loop {
            if self.buffers.received.is_empty() && !self.is_anything_received(patience)? {
                break;
            }
            let head = self.receive_meanwhile()?;
            if !is_interim(&head) {
                self.answer_early(head);
                break;
            }
            if head.status == StatusCode::CONTINUE {
                break;
            }
        }
        Ok(())
    }

    /// Whether the server has answered although the request is not sent whole; then sending is over.
    fn take_early_response(&mut self) -> bool {
        match self.receive_early() {
            Some(head) => {
                self.answer_early(head);
                true
            }
            None => false,
        }
    }

    fn answer_early(&mut self, head: crate::wire::ResponseHead) {
        self.early_response = Some(head);
        self.close_reasons.add(CloseReason::RequestUnfinished);
        self.state = State::Sent;
    }
}

/// Whether the peer has stopped reading.
fn is_gone(error: &NetError) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error, NetError::Io(error) if matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset))
}

/// Reads some bytes, whatever signals come.
fn read_block(source: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Fields that a recipient must know before the body, by the groups of RFC 9110 §6.5.1.
const NEVER_TRAILERS: [&str; 32] = [
    // Framing.
    "content-length",
    "trailer",
    "transfer-encoding",
    // Routing and the connection.
    "connection",
    "host",
    "keep-alive",
    "proxy-connection",
    "upgrade",
    "via",
    // Request modifiers.
    "cache-control",
    "expect",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "pragma",
    "range",
    "te",
    // Authentication.
    "authentication-info",
    "authorization",
    "cookie",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "set-cookie",
    "www-authenticate",
    // The format of the content.
    "content-encoding",
    "content-range",
    "content-type",
    "content-disposition",
];

fn judge_trailers(trailers: &Headers) -> Result<(), InvalidRequest> {
    match NEVER_TRAILERS.into_iter().find(|name| trailers.contains(name)) {
        Some(name) => {
            let rule =
                "a trailer changes neither framing, routing nor authentication (RFC 9110, Section 6.5.1)";
            Err(InvalidRequest::new(rule, name.as_bytes()))
        }
        None => Ok(()),
    }
}
