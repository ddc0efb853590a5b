//! Reading the body of a response.

use std::time::Duration;

use super::{HttpConnection, State, body::Ready};
use crate::{
    error::{Error, ErrorKind, Phase, Result},
    net::{Deadline, NetError, check_consumed},
    wire::CloseReason,
};

/// Reads of this size and more go from the socket to their target, past the buffer.
const BYPASS: usize = 16 * 1024;
/// A rest of a body up to this size is worth reading for a connection that can serve again ...
const DRAINED_BYTES: usize = 64 * 1024;
/// ... if it comes within this time.
const DRAIN_TIME: Duration = Duration::from_millis(100);

impl HttpConnection {
    /// The next bytes of the body that are in the buffer, waiting for some if there are none; empty at the
    /// end.
    pub(crate) fn fill_body(&mut self) -> Result<&[u8]> {
        let count = self.await_content()?;
        Ok(&self.buffers.received.unread()[..count])
    }

    /// Drops bytes that [`fill_body`](Self::fill_body) has returned.
    ///
    /// # Panics
    /// If `count` exceeds them.
    pub(crate) fn consume_body(&mut self, count: usize) {
        let State::Response(body) = &mut self.state else { return check_consumed(count, 0) };
        if let Some(log) = &mut self.debug {
            log.content("<< ", self.buffers.received.unread().get(..count).unwrap_or_default());
        }
        body.consume(count, &mut self.buffers.received);
        self.end_if_whole();
    }

    /// Reads some of the body into `target`; zero at its end.
    pub(crate) fn read_body(&mut self, target: &mut [u8]) -> Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        let direct = self.bypass(target.len());
        if direct > 0 {
            return self.read_past_buffer(&mut target[..direct]);
        }
        let mut filled = 0;
        let mut content = self.await_content()?;
        while content > 0 && filled < target.len() {
            let count = content.min(target.len() - filled);
            target[filled..filled + count].copy_from_slice(&self.buffers.received.unread()[..count]);
            self.consume_body(count);
            filled += count;
            // What has come of further chunks, without waiting.
            content = if filled < target.len() { self.content_at_hand() } else { 0 };
        }
        Ok(filled)
    }

    /// Whether the body has been read to its end.
    pub(crate) fn is_body_read(&self) -> bool {
        !matches!(self.state, State::Response(_))
    }

    /// The length that the head of the response announced, minus what has been read.
    pub(crate) fn body_left(&self) -> Option<u64> {
        match &self.state {
            State::Response(body) => body.left(),
            _ => Some(0),
        }
    }

    /// Accepts a body of any length, because its decoder limits what it becomes.
    pub(crate) fn lift_body_limit(&mut self) {
        if let State::Response(body) = &mut self.state {
            body.lift_limit();
        }
    }

    /// Leaves the rest of a body: what is in the buffer already is passed over, and if that was all, the
    /// connection may serve again; else it is closed. Never waits.
    pub(crate) fn leave_body(&mut self) {
        loop {
            match self.content_at_hand() {
                0 => break,
                count => self.consume_body(count),
            }
        }
        if matches!(self.state, State::Response(_)) {
            self.close_reasons.add(CloseReason::BodyUnread);
            self.close();
        }
    }

    /// Ends the rest of the exchange within 100 ms: for bytes that are not worth a longer wait.
    pub(crate) fn hurry(&mut self) {
        self.deadline = self.deadline.min(Deadline::after(DRAIN_TIME));
    }

    /// Reads the rest of a body that nobody wants, where it is short and comes soon, for the connection to
    /// serve again; else it is closed. Returns how many bytes were read.
    pub(crate) fn drain_body(&mut self) -> usize {
        self.hurry();
        let mut room = DRAINED_BYTES;
        while self.body_left().is_none_or(|left| left <= room as u64) {
            match self.fill_body().map(<[u8]>::len) {
                Ok(count @ 1..) if count <= room => {
                    self.consume_body(count);
                    room -= count;
                }
                _ => break,
            }
        }
        self.leave_body();
        DRAINED_BYTES - room
    }

    fn await_content(&mut self) -> Result<usize> {
        loop {
            let State::Response(body) = &mut self.state else {
                return Ok(0);
            };
            if let Some(failure) = body.failure() {
                return Err(failure.into());
            }
            match body.ready(&mut self.buffers.received) {
                Ok(Ready::Content(count)) => return Ok(count),
                Ok(Ready::End) => self.end_response(),
                Ok(Ready::NeedsInput) => self.receive_content()?,
                Err(error) => return Err(self.fail_body(error)),
            }
        }
    }

    /// As [`await_content`](Self::await_content), without waiting. An error is postponed to the next wait.
    pub(super) fn content_at_hand(&mut self) -> usize {
        let State::Response(body) = &mut self.state else {
            return 0;
        };
        if body.failure().is_some() {
            return 0;
        }
        match body.ready(&mut self.buffers.received) {
            Ok(Ready::Content(count)) => count,
            Ok(Ready::End) => {
                self.end_response();
                0
            }
            Ok(Ready::NeedsInput) => 0,
            Err(error) => {
                body.postpone(error);
                0
            }
        }
    }

    fn receive_content(&mut self) -> Result<()> {
        if self.is_cancelled() {
            return Err(self.fail_body(ErrorKind::Cancelled));
        }
        let deadline = self.body_deadline();
        let Some(stream) = &mut self.stream else {
            return Err(self.fail_body(ErrorKind::NotConnected));
        };
        let pace = self.pace.as_deref_mut();
        match self.buffers.received.fill(|space| stream.read_paced(space, deadline, pace)) {
            Ok(0) => self.body_cut(true),
            Ok(_) => Ok(()),
            Err(NetError::Truncated) => self.body_cut(false),
            Err(error) => Err(self.fail_reading(error, deadline)),
        }
    }

    /// How many bytes may go straight into a target of this size.
    fn bypass(&self, size: usize) -> usize {
        let State::Response(body) = &self.state else {
            return 0;
        };
        let size = usize::try_from(body.allowed()).map_or(size, |allowed| allowed.min(size));
        if size < BYPASS || !self.buffers.received.is_empty() { 0 } else { size }
    }

    fn read_past_buffer(&mut self, target: &mut [u8]) -> Result<usize> {
        if self.is_cancelled() {
            return Err(self.fail_body(ErrorKind::Cancelled));
        }
        let deadline = self.body_deadline();
        let Some(stream) = &mut self.stream else {
            return Err(self.fail_body(ErrorKind::NotConnected));
        };
        match stream.read_paced(target, deadline, self.pace.as_deref_mut()) {
            Ok(0) => self.body_cut(true).map(|()| 0),
            Ok(count) => {
                if let State::Response(body) = &mut self.state {
                    body.note(count);
                }
                self.log_received(&target[..count]);
                self.end_if_whole();
                Ok(count)
            }
            Err(NetError::Truncated) => self.body_cut(false).map(|()| 0),
            Err(error) => Err(self.fail_reading(error, deadline)),
        }
    }

    fn body_deadline(&self) -> Deadline {
        self.deadline.min(Deadline::after_optional(self.bounds.timeouts.between_bytes.value))
    }

    /// The connection has ended: with the body, or within it.
    fn body_cut(&mut self, in_order: bool) -> Result<()> {
        let is_cancelled = self.is_cancelled();
        let State::Response(body) = &mut self.state else {
            return Ok(());
        };
        if is_cancelled {
            body.fail();
            return Err(self.fail(ErrorKind::Cancelled));
        }
        if body.may_end_here(in_order) {
            self.close_reasons.add(CloseReason::CloseDelimited);
            self.end_response();
            return Ok(());
        }
        let failure = body.fail();
        Err(self.fail(failure))
    }

    fn fail_reading(&mut self, error: NetError, deadline: Deadline) -> Error {
        self.note_pause(&error, deadline);
        let error = self.net_failure(error, self.phase_by_pace(Phase::Body));
        self.fail_body(error)
    }

    /// Closes; from now on, reading says that the body is incomplete.
    pub(crate) fn fail_body(&mut self, error: impl Into<Error>) -> Error {
        if let State::Response(body) = &mut self.state {
            body.fail();
        }
        self.fail(error)
    }

    /// A body of known length ends with its last byte, not with the next read.
    fn end_if_whole(&mut self) {
        if matches!(&self.state, State::Response(body) if body.left() == Some(0)) {
            self.end_response();
        }
    }

    /// Ends the exchange: the connection serves again, unless there is a reason against it.
    pub(super) fn end_response(&mut self) {
        if let State::Response(body) = std::mem::replace(&mut self.state, State::Idle) {
            if body.deviates() {
                self.close_reasons.add(CloseReason::Deviation);
            }
            self.trailers = body.into_trailers();
        }
        if !self.buffers.received.is_empty() {
            self.close_reasons.add(CloseReason::BytesLeftOver);
        }
        if self.close_reasons.is_empty() {
            self.return_buffers();
        } else {
            self.shut();
        }
    }
}
