//! The body of a response, as its framing bounds it.

use super::chunks::Chunks;
use crate::{
    error::ErrorKind,
    headers::Headers,
    limits::{Excess, Limits},
    net::{RecvBuffer, check_consumed},
    wire::{Framing, Strictness, WireError},
};

/// What is left of a body.
#[derive(Debug)]
pub(super) struct BodyReader {
    rest: Rest,
    received: u64,
    /// The limit on `received`.
    limit: Excess,
    /// The number of bytes at the front of the buffer that the last look found to be content.
    shown: usize,
    /// What was met while content before it was still to be read; it is told at the next wait.
    postponed: Option<WireError>,
}

#[derive(Debug)]
enum Rest {
    Length {
        left: u64,
    },
    Chunked(Box<Chunks>),
    UntilClose {
        strictness: Strictness,
    },
    /// Nothing more can be read, and this is not the body's end.
    Failed {
        expected: Option<u64>,
    },
}

/// What can be done without waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ready {
    /// So many bytes at the front of the buffer are content.
    Content(usize),
    NeedsInput,
    End,
}

/// Whether a response so framed has no body to read.
pub(super) fn has_no_body(framing: Framing) -> bool {
    matches!(framing, Framing::None | Framing::Length(0))
}

impl Rest {
    /// Whether content has been shown that was not consumed: an error is about what stands behind it.
    fn has_content(&self) -> bool {
        matches!(self, Rest::Chunked(chunks) if chunks.has_data())
    }
}

impl BodyReader {
    pub(super) fn new(framing: Framing, limits: &Limits, strictness: Strictness) -> BodyReader {
        let rest = match framing {
            Framing::None | Framing::Tunnel => Rest::Length { left: 0 },
            Framing::Length(left) => Rest::Length { left },
            Framing::Chunked => Rest::Chunked(Box::new(Chunks::new(limits, strictness))),
            Framing::UntilClose => Rest::UntilClose { strictness },
        };
        BodyReader { rest, received: 0, limit: limits.body_excess(), shown: 0, postponed: None }
    }

    /// Looks for content at the front of the buffer.
    pub(super) fn ready(&mut self, buffer: &mut RecvBuffer) -> Result<Ready, WireError> {
        self.shown = 0;
        if let Some(error) = self.postponed.take_if(|_| !self.rest.has_content()) {
            return Err(error);
        }
        let content = match &mut self.rest {
            Rest::Chunked(chunks) => {
                let (content, result) = chunks.ready(buffer);
                match result {
                    Err(error) if content == 0 => return Err(error),
                    Err(error) => self.postponed = Some(error),
                    Ok(()) => {}
                }
                content
            }
            _ => usize::try_from(self.announced()).unwrap_or(usize::MAX).min(buffer.unread().len()),
        };
        let room = usize::try_from(self.limit.limit - self.received).unwrap_or(usize::MAX);
        if content > room && room == 0 {
            return Err(WireError::TooLarge(self.limit));
        }
        self.shown = content.min(room);
        Ok(match self.shown {
            0 if self.is_over() => Ready::End,
            0 => Ready::NeedsInput,
            count => Ready::Content(count),
        })
    }

    /// Whether nothing more belongs to the body, once all that was ready has been read.
    fn is_over(&self) -> bool {
        match &self.rest {
            Rest::Chunked(chunks) => chunks.is_done(),
            _ => self.announced() == 0,
        }
    }

    /// How many bytes of content come next from the stream before anything else.
    fn announced(&self) -> u64 {
        match &self.rest {
            Rest::Length { left } => *left,
            Rest::Chunked(chunks) => chunks.announced(),
            Rest::UntilClose { .. } => u64::MAX,
            Rest::Failed { .. } => 0,
        }
    }

    /// How many of these may be read past the buffer, which is empty.
    pub(super) fn allowed(&self) -> u64 {
        self.announced().min(self.limit.limit - self.received)
    }

    /// Accepts a body of any length: what is made of it has a limit of its own.
    pub(super) fn lift_limit(&mut self) {
        self.limit.limit = u64::MAX;
    }

    /// Drops content from the front of the buffer.
    ///
    /// # Panics
    /// If there is less than [`ready`](Self::ready) has returned and was not consumed since.
    pub(super) fn consume(&mut self, count: usize, buffer: &mut RecvBuffer) {
        check_consumed(count, self.shown);
        self.shown -= count;
        buffer.consume(count);
        self.note(count);
    }

    /// Notes that content was read, from the buffer or directly from the stream.
    pub(super) fn note(&mut self, count: usize) {
        self.received += count as u64;
        match &mut self.rest {
            Rest::Length { left } => *left -= count as u64,
            Rest::Chunked(chunks) => chunks.consume(count),
            _ => {}
        }
    }

    /// How much of the length that the head announced is left.
    pub(super) fn left(&self) -> Option<u64> {
        match &self.rest {
            Rest::Length { left } => Some(*left),
            _ => None,
        }
    }

    /// From now on, nothing more can be read; returns what reading says.
    pub(super) fn fail(&mut self) -> ErrorKind {
        let expected = match self.rest {
            Rest::Length { left } => Some(self.received + left),
            Rest::Failed { expected } => expected,
            Rest::Chunked(_) | Rest::UntilClose { .. } => None,
        };
        (self.rest, self.shown) = (Rest::Failed { expected }, 0);
        ErrorKind::IncompleteRead { received: self.received, expected }
    }

    /// What reading says after a failure.
    pub(super) fn failure(&self) -> Option<ErrorKind> {
        match self.rest {
            Rest::Failed { expected } => {
                Some(ErrorKind::IncompleteRead { received: self.received, expected })
            }
            _ => None,
        }
    }

    /// Keeps an error until the content before it has been read.
    pub(super) fn postpone(&mut self, error: WireError) {
        self.postponed = Some(error);
    }

    /// Whether the body may end with the connection.
    pub(super) fn may_end_here(&self, in_order: bool) -> bool {
        match &self.rest {
            Rest::Length { left } => *left == 0,
            Rest::Chunked(chunks) => chunks.may_end_here(),
            Rest::UntilClose { strictness } => in_order || strictness.is_compat(),
            Rest::Failed { .. } => false,
        }
    }

    pub(super) fn into_trailers(self) -> Headers {
        match self.rest {
            Rest::Chunked(chunks) => chunks.into_trailers(),
            _ => Headers::new(),
        }
    }

    pub(super) fn deviates(&self) -> bool {
        matches!(&self.rest, Rest::Chunked(chunks) if chunks.deviates())
    }
}
