//! The head of a response: interim ones are passed over, the final one decides how the body is framed.

use std::io;

use super::{
    HttpConnection, HttpResponse, Owed, State,
    body::{BodyReader, has_no_body},
};
use crate::{
    error::{Error, ErrorKind, Phase, Result},
    net::{Deadline, NetError},
    wire::{
        CloseReason, ControlFields, Framing, HeadParser, KeepAlive, ResponseHead, asked_to_close,
        frame_response,
    },
};
use httpkit_status::StatusCode;

impl HttpConnection {
    /// Waits for the response to the request that was sent. It borrows the connection until its body has
    /// been read or it is dropped, so the next request cannot come too early.
    ///
    /// # Errors
    /// `ResponseNotReady` when no request waits for one; `BodyLength` when the body was sent short;
    /// `RemoteDisconnected` when the server closed without a byte; `Timeout`; and what a malformed response
    /// meets: `BadStatusLine`, `UnknownProtocol`, `BadHeader`, `BadContentLength`,
    /// `UnknownTransferEncoding`, `TooLarge`, `IncompleteRead`, `UnexpectedUpgrade`. The connection is closed
    /// after an error, except the first.
    pub fn get_response(&mut self) -> Result<HttpResponse<&mut HttpConnection>> {
        let head = self.begin_response()?;
        Ok(HttpResponse::new(head, self))
    }

    /// As [`get_response`](HttpConnection::get_response); the response owns the connection.
    ///
    /// # Errors
    /// As there.
    pub fn into_response(mut self) -> Result<HttpResponse<HttpConnection>> {
        let head = self.begin_response()?;
        Ok(HttpResponse::new(head, self))
    }

    /// Reads the final head and prepares to read its body.
    pub(crate) fn begin_response(&mut self) -> Result<ResponseHead> {
        self.end_request()?;
        if self.is_cancelled() {
            return Err(self.fail(ErrorKind::Cancelled));
        }
        let mut head = match self.early_response.take() {
            Some(head) => head,
            None => self.receive_final_head(self.response_by)?,
        };
        if self.measured.is_some() {
            self.note_head();
        }
        self.server_version = Some(head.version);
        if head.deviates {
            self.close_reasons.add(CloseReason::Deviation);
        }
        // What a server says once, of all that follows, it need not be asked again.
        if self.exchanges == 1 {
            self.keep_alive = KeepAlive::of(&head.headers);
        }
        let fields = ControlFields::of(&head.headers);
        head.is_coded = fields.is_coded;
        self.close_reasons.extend(asked_to_close(head.version, &fields));
        let framed = frame_response(&self.method, head.status, head.version, fields, self.config.strictness);
        let (framing, reasons) = framed.map_err(|error| self.fail(error))?;
        self.close_reasons.extend(reasons);
        if head.status == StatusCode::SWITCHING_PROTOCOLS && !self.facts.asks_upgrade {
            return Err(self.fail(ErrorKind::UnexpectedUpgrade));
        }
        if framing == Framing::Tunnel {
            self.state = State::Upgraded;
        } else {
            self.state =
                State::Response(BodyReader::new(framing, &self.bounds.limits, self.config.strictness));
            self.open_pace();
            if has_no_body(framing) {
                self.end_response();
            }
        }
        Ok(head)
    }

    fn end_request(&mut self) -> Result<()> {
        match self.state {
            State::Sent => Ok(()),
            State::Sending(Owed::Chunks) => self.finish(),
            State::Sending(Owed::Bytes { left, declared }) => {
                Err(self.fail(ErrorKind::BodyLength { declared, given: declared - left }))
            }
            _ => Err(self.refuse(ErrorKind::ResponseNotReady)),
        }
    }

    fn response_deadline(&self) -> Deadline {
        self.deadline.min(Deadline::after_optional(self.bounds.timeouts.response.value))
    }

    /// Reads heads until one is final.
    fn receive_final_head(&mut self, deadline: Deadline) -> Result<ResponseHead> {
        loop {
            let head = self.receive_next_head(deadline)?;
            if !is_interim(&head) {
                return Ok(head);
            }
        }
    }

    /// Reads the next head, and passes an interim one to the hook. Interim responses to one request together may be
    /// as long as one head: a small number would refuse servers that report progress by 102 (Processing).
    fn receive_next_head(&mut self, deadline: Deadline) -> Result<ResponseHead> {
        let (head, length) = self.receive_head(deadline)?;
        if is_interim(&head) {
            self.interim_bytes += length;
            if self.interim_bytes > self.bounds.limits.head_bytes.value {
                let excess = self.bounds.limits.interim_excess();
                return Err(self.fail(ErrorKind::from(excess)));
            }
            self.interim.call(head.status, &head.headers);
            let fields = ControlFields::of(&head.headers);
            self.close_reasons.extend(asked_to_close(head.version, &fields));
            if head.deviates || fields.announce_body() {
                self.close_reasons.add(CloseReason::Deviation);
            }
        }
        Ok(head)
    }

    /// Reads the next head while the request is being sent: an interim one is no answer to it.
    pub(super) fn receive_meanwhile(&mut self) -> Result<ResponseHead> {
        self.response_by = self.response_deadline();
        self.receive_next_head(self.response_by)
    }

    /// Waits for bytes, but not beyond `patience`: that nothing comes is no failure.
    pub(super) fn is_anything_received(&mut self, patience: Deadline) -> Result<bool> {
        let Some(stream) = &mut self.stream else {
            return Err(Error::new(ErrorKind::NotConnected));
        };
        match self.buffers.received.fill(|space| stream.read(space, patience)) {
            Ok(0) | Err(NetError::Truncated) => Err(self.head_cut_short()),
            Ok(_) => Ok(true),
            Err(NetError::TimedOut(_)) => Ok(false),
            Err(error) => Err(self.net_failure(error, Phase::Response)),
        }
    }

    /// What the server has answered while the request was being sent; `None` also where that is no answer.
    pub(super) fn receive_early(&mut self) -> Option<ResponseHead> {
        self.receive_final_head(self.response_deadline()).ok()
    }

    /// Reads one head; what has come behind it stays in the buffer.
    fn receive_head(&mut self, deadline: Deadline) -> Result<(ResponseHead, usize)> {
        let mut parser = HeadParser::default();
        parser.reuse(std::mem::take(&mut self.header_space));
        loop {
            let received = self.buffers.received.unread_mut();
            if !received.is_empty() {
                let (limits, strictness) = (&self.bounds.limits, self.config.strictness);
                match parser.parse(received, &mut self.buffers.fields, limits, strictness) {
                    Ok(Some((head, length))) => {
                        self.buffers.received.consume(length);
                        self.log_response_head(&head);
                        return Ok((head, length));
                    }
                    Ok(None) => {}
                    Err(error) => return Err(self.fail(error)),
                }
            }
            if self.receive(deadline, Phase::Response)? == 0 {
                return Err(self.head_cut_short());
            }
        }
    }

    /// Waits for bytes and puts them into the buffer; zero means that the connection has ended.
    fn receive(&mut self, deadline: Deadline, phase: Phase) -> Result<usize> {
        let Some(stream) = &mut self.stream else {
            return Err(Error::new(ErrorKind::NotConnected));
        };
        match self.buffers.received.fill(|space| stream.read(space, deadline)) {
            Ok(count) => Ok(count),
            Err(NetError::Truncated) if phase == Phase::Response => Ok(0),
            Err(NetError::Io(error))
                if phase == Phase::Response && self.buffers.received.is_empty() && is_reset(&error) =>
            {
                Ok(0)
            }
            Err(error) => Err(self.net_failure(error, phase)),
        }
    }

    fn head_cut_short(&mut self) -> Error {
        match self.buffers.received.unread().len() as u64 {
            _ if self.is_cancelled() => self.fail(ErrorKind::Cancelled),
            0 => self.fail(ErrorKind::RemoteDisconnected),
            received => self.fail(ErrorKind::IncompleteRead { received, expected: None }),
        }
    }
}

/// Whether another response follows (RFC 9110, Section 15.2). Behind 101 there is another protocol.
pub(super) fn is_interim(head: &ResponseHead) -> bool {
    head.status.is_informational() && head.status != StatusCode::SWITCHING_PROTOCOLS
}

fn is_reset(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe
    )
}
