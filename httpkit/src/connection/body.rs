//! The body of a response, as its framing bounds it.

use crate::{
    error::ErrorKind,
    headers::Headers,
    limits::Limits,
    net::RecvBuffer,
    wire::{ChunkedDecoder, Framing, Strictness, WireError},
};

/// What is left of a body.
#[derive(Debug)]
pub(super) struct BodyReader {
    rest: Rest,
    received: u64,
    /// What was met while content before it was still to be read; it is told at the next wait.
    postponed: Option<WireError>,
}

#[derive(Debug)]
enum Rest {
    Length {
        left: u64,
    },
    Chunked(Box<ChunkedDecoder>),
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
pub(super) fn is_whole(framing: Framing) -> bool {
    matches!(framing, Framing::None | Framing::Length(0))
}

impl BodyReader {
    pub(super) fn new(framing: Framing, limits: &Limits, strictness: Strictness) -> BodyReader {
        let rest = match framing {
            Framing::None | Framing::Tunnel => Rest::Length { left: 0 },
            Framing::Length(left) => Rest::Length { left },
            Framing::Chunked => Rest::Chunked(Box::new(ChunkedDecoder::new(limits, strictness))),
            Framing::UntilClose => Rest::UntilClose { strictness },
        };
        BodyReader { rest, received: 0, postponed: None }
    }

    pub(super) fn ready(&mut self, buffer: &mut RecvBuffer) -> Result<Ready, WireError> {
        if let Some(error) = self.postponed.take() {
            return Err(error);
        }
        loop {
            let announced = self.announced();
            let unread = buffer.unread_mut();
            if announced > 0 {
                let content =
                    usize::try_from(announced).map_or(unread.len(), |announced| announced.min(unread.len()));
                return Ok(if content == 0 { Ready::NeedsInput } else { Ready::Content(content) });
            }
            let Rest::Chunked(decoder) = &mut self.rest else {
                return Ok(Ready::End);
            };
            if decoder.is_done() {
                return Ok(Ready::End);
            }
            let taken = decoder.advance(unread)?;
            buffer.consume(taken);
            if taken == 0 {
                return Ok(Ready::NeedsInput);
            }
        }
    }

    /// How many bytes of content come before anything else.
    pub(super) fn announced(&self) -> u64 {
        match &self.rest {
            Rest::Length { left } => *left,
            Rest::Chunked(decoder) => decoder.data(),
            Rest::UntilClose { .. } => u64::MAX,
            Rest::Failed { .. } => 0,
        }
    }

    pub(super) fn consume(&mut self, count: usize) {
        let count = count as u64;
        self.received += count;
        match &mut self.rest {
            Rest::Length { left } => *left -= count,
            Rest::Chunked(decoder) if count > 0 => decoder.consume(count),
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
        self.rest = Rest::Failed { expected };
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
            Rest::Chunked(decoder) => decoder.is_done() || decoder.may_end_here(),
            Rest::UntilClose { strictness } => in_order || strictness.is_compat(),
            Rest::Failed { .. } => false,
        }
    }

    pub(super) fn into_trailers(self) -> Headers {
        match self.rest {
            Rest::Chunked(decoder) => decoder.into_trailers(),
            _ => Headers::new(),
        }
    }

    pub(super) fn deviates(&self) -> bool {
        matches!(&self.rest, Rest::Chunked(decoder) if decoder.deviates())
    }
}
