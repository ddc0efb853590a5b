//! All content codings of a body, undone one behind the other.

use std::{cell::Cell, io::BufRead};

use super::{
    list::{content_codings, spoken},
    source::{Metered, Upstream},
    stage::{BLOCK, Bounds, Stage},
};
use crate::{
    error::{CodingFault, ErrorKind, Result},
    headers::Headers,
    limits::{Excess, Limits},
};

/// The space for a decoded body grows by at least this size, and is zeroed once.
const STEP: usize = 8 * 1024;

/// Undoes the content codings of one body, which each call reads from the same source.
pub(crate) struct Decoder {
    /// The coding that was applied last, and is undone first, stands first.
    stages: Vec<Stage>,
    limits: Limits,
    /// Bytes that were taken from the source.
    received: u64,
    /// What every further read says.
    failure: Option<Failure>,
}

/// Why nothing more is decoded. A source that has failed says so by itself.
#[derive(Clone)]
enum Failure {
    Fault { coding: &'static str, fault: CodingFault },
    TooLarge(Excess),
}

impl Decoder {
    /// For the content codings that the headers of a response name; `None` where there is none, or one that is
    /// not spoken: then the body stays as it is.
    #[inline]
    pub(crate) fn for_response(headers: &Headers, limits: &Limits) -> Option<Box<Decoder>> {
        if headers.contains("content-encoding") { Decoder::for_encoded(headers, limits) } else { None }
    }

    fn for_encoded(headers: &Headers, limits: &Limits) -> Option<Box<Decoder>> {
        let mut codings = content_codings(headers).peekable();
        codings.peek()?;
        let mut stages = codings.map(|name| spoken(name).map(Stage::new)).collect::<Option<Vec<_>>>()?;
        stages.reverse();
        let is_over = stages.len() > limits.content_codings.value;
        let failure = is_over.then(|| Failure::TooLarge(limits.coding_excess()));
        Some(Box::new(Decoder { stages, limits: *limits, received: 0, failure }))
    }

    /// Decodes some of the body into `target`; zero at its end, which is then the end of the source, too. A small
    /// target gets its part of a block.
    pub(crate) fn read(&mut self, source: &mut dyn BufRead, target: &mut [u8]) -> Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        if target.len() < BLOCK {
            self.fill(source)?;
        }
        self.decode(source, target)
    }

    fn decode(&mut self, source: &mut dyn BufRead, target: &mut [u8]) -> Result<usize> {
        self.attempt(source, |last, upstream, bounds| last.read(upstream, target, bounds))
    }

    /// The next decoded bytes, decoding some if there are none; empty at the end.
    pub(crate) fn fill(&mut self, source: &mut dyn BufRead) -> Result<&[u8]> {
        self.attempt(source, |last, upstream, bounds| last.fill(upstream, bounds).map(<[u8]>::len))?;
        Ok(self.stages.last().map_or(&[], Stage::unread))
    }

    /// Takes bytes that [`fill`](Decoder::fill) showed.
    pub(crate) fn consume(&mut self, count: usize) {
        if let Some(last) = self.stages.last_mut() {
            last.consume(count);
        }
    }

    /// Whether the body has ended; waits for its next byte to know.
    pub(crate) fn is_over(&mut self, source: &mut dyn BufRead) -> Result<bool> {
        Ok(self.fill(source)?.is_empty())
    }

    /// Appends what is decoded until `bytes` has `limit` bytes, or the body has ended.
    pub(crate) fn collect(
        &mut self,
        source: &mut dyn BufRead,
        bytes: &mut Vec<u8>,
        limit: usize,
    ) -> Result<()> {
        let mut length = bytes.len();
        let collected = loop {
            if length >= limit {
                break Ok(());
            }
            if length == bytes.len() {
                bytes.resize(limit.min(length + STEP.max(length)), 0);
            }
            match self.decode(source, &mut bytes[length..]) {
                Ok(0) => break Ok(()),
                Ok(count) => length += count,
                Err(error) => break Err(error),
            }
        };
        bytes.truncate(length);
        collected
    }

    fn attempt<T>(
        &mut self,
        source: &mut dyn BufRead,
        act: impl FnOnce(&mut Stage, &mut dyn BufRead, Bounds<'_>) -> Result<T>,
    ) -> Result<T> {
        if let Some(failure) = &self.failure {
            return Err(ErrorKind::from(failure.clone()).into());
        }
        let received = Cell::new(self.received);
        let bounds = Bounds { received: &received, limits: &self.limits };
        let mut wire = Metered { source, received: &received };
        let (last, before) = self.stages.split_last_mut().expect("a decoder has stages");
        let result = act(last, &mut Upstream { stages: before, wire: &mut wire, bounds }, bounds);
        self.received = received.get();
        result.inspect_err(|error| self.failure = Failure::of(error.kind()))
    }
}

impl Failure {
    fn of(kind: &ErrorKind) -> Option<Failure> {
        match kind {
            ErrorKind::ContentCoding { coding, fault } => {
                Some(Failure::Fault { coding, fault: fault.clone() })
            }
            &ErrorKind::TooLarge { what, limit, unit, setting } => {
                Some(Failure::TooLarge(Excess { what, limit, unit, setting }))
            }
            _ => None,
        }
    }
}

impl From<Failure> for ErrorKind {
    fn from(failure: Failure) -> ErrorKind {
        match failure {
            Failure::Fault { coding, fault } => ErrorKind::ContentCoding { coding, fault },
            Failure::TooLarge(excess) => excess.into(),
        }
    }
}
