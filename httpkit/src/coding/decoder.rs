//! All content codings of a body, decoded one after the other.

use std::cell::Cell;

use super::{
    budget::{Budget, Spent},
    list::{content_codings, spoken},
    source::Source,
    stage::{BLOCK, Stage},
    upstream::Upstream,
};
use crate::{
    error::{CodingFault, ErrorKind, Phase, Result, TimeoutLimit},
    headers::Headers,
    limits::{Excess, Limits},
    net::check_consumed,
};

/// The space for a decoded body grows by at least this size, and is zeroed once.
const STEP: usize = 8 * 1024;

/// The most that is written between two checks of the exchange, however much space there is.
const LONGEST: usize = 1024 * 1024;

/// Decodes the content codings of one body. Each call must pass the same source.
pub(crate) struct Decoder {
    /// In the order of decoding, so the coding that was applied last is first.
    stages: Vec<Stage>,
    limits: Limits,
    spent: Spent,
    /// The number of bytes that the caller may still receive.
    left: u64,
    /// The result of every further read.
    failure: Option<Failure>,
}

/// Why nothing more is decoded. A connection that has failed reports other errors itself.
#[derive(Clone)]
enum Failure {
    Fault { coding: &'static str, fault: CodingFault },
    TooLarge(Excess),
    TimedOut(Phase, TimeoutLimit),
    Cancelled,
}

impl Decoder {
    /// Returns a decoder for the content codings in the headers of a response. `None` if there are none, or if one of
    /// them is not supported; then the body is left as it is.
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
        let (limits, left) = (*limits, limits.body_bytes.value);
        Some(Box::new(Decoder { stages, limits, spent: Spent::default(), left, failure }))
    }

    /// Decodes some of the body into `target`. Returns zero at its end, which is the end of the source too. A small
    /// target receives a part of a block.
    pub(crate) fn read(&mut self, source: &mut dyn Source, target: &mut [u8]) -> Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        if target.len() < BLOCK {
            self.fill(source)?;
        }
        self.decode(source, target)
    }

    fn decode(&mut self, source: &mut dyn Source, target: &mut [u8]) -> Result<usize> {
        let room = usize::try_from(self.left).map_or(target.len(), |left| left.min(target.len()));
        if room == 0 {
            // Another byte would be one too many.
            return self.fill(source).map(<[u8]>::len);
        }
        let target = &mut target[..room.min(LONGEST)];
        let count = self.attempt(source, |last, upstream, budget| last.read(upstream, target, budget))?;
        self.deliver(count);
        Ok(count)
    }

    /// Returns the decoded bytes that are not consumed. Decodes some if there are none. Empty at the end.
    pub(crate) fn fill(&mut self, source: &mut dyn Source) -> Result<&[u8]> {
        let count =
            self.attempt(source, |last, upstream, budget| last.fill(upstream, budget).map(<[u8]>::len))?;
        if count > 0 && self.left == 0 {
            let excess = self.limits.body_excess();
            self.failure = Some(Failure::TooLarge(excess));
            return Err(ErrorKind::from(excess).into());
        }
        Ok(self.unread())
    }

    /// Returns the decoded bytes that are not consumed and that the caller may receive.
    fn unread(&self) -> &[u8] {
        let unread = self.stages.last().map_or(&[][..], Stage::unread);
        let allowed = usize::try_from(self.left).map_or(unread.len(), |left| left.min(unread.len()));
        &unread[..allowed]
    }

    /// Consumes bytes that [`fill`](Decoder::fill) returned.
    ///
    /// # Panics
    /// If `count` exceeds them.
    pub(crate) fn consume(&mut self, count: usize) {
        check_consumed(count, self.unread().len());
        if let Some(last) = self.stages.last_mut() {
            last.consume(count);
        }
        self.deliver(count);
    }

    /// Returns whether the body has ended. Waits for its next byte to know.
    pub(crate) fn is_over(&mut self, source: &mut dyn Source) -> Result<bool> {
        Ok(self.fill(source)?.is_empty())
    }

    /// Appends decoded bytes until `bytes` has `limit` bytes, or the body has ended.
    pub(crate) fn collect(
        &mut self,
        source: &mut dyn Source,
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

    /// Notes bytes that the caller receives.
    fn deliver(&mut self, count: usize) {
        self.left -= count as u64;
        self.spent.pay(count);
    }

    fn attempt<T>(
        &mut self,
        source: &mut dyn Source,
        act: impl FnOnce(&mut Stage, &mut dyn Source, Budget<'_>) -> Result<T>,
    ) -> Result<T> {
        if let Some(failure) = &self.failure {
            return Err(ErrorKind::from(failure.clone()).into());
        }
        let spent = Cell::new(self.spent);
        let budget = Budget { spent: &spent, limits: &self.limits };
        let (last, before) = self.stages.split_last_mut().expect("a decoder has stages");
        let result = act(last, &mut Upstream { stages: before, wire: source, budget }, budget);
        self.spent = spent.get();
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
            &ErrorKind::Timeout { phase, limit } => Some(Failure::TimedOut(phase, limit)),
            ErrorKind::Cancelled => Some(Failure::Cancelled),
            _ => None,
        }
    }
}

impl From<Failure> for ErrorKind {
    fn from(failure: Failure) -> ErrorKind {
        match failure {
            Failure::Fault { coding, fault } => ErrorKind::ContentCoding { coding, fault },
            Failure::TooLarge(excess) => excess.into(),
            Failure::TimedOut(phase, limit) => ErrorKind::Timeout { phase, limit },
            Failure::Cancelled => ErrorKind::Cancelled,
        }
    }
}
