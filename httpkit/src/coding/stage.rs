//! One content coding of a body, undone: streams and what stands between them, and how much may come of how
//! little.

use std::{cell::Cell, io::BufRead, ops::Range};

use super::decode::{Coding, Decode, Step};
use crate::{
    error::{CodingFault, Error, ErrorKind, Result},
    limits::Limits,
    net::check_consumed,
    violation::Excerpt,
};

/// So much is decoded at once for a reader that brings little space of its own. What DEFLATE refers back to is found
/// sooner in the same block.
pub(super) const BLOCK: usize = 64 * 1024;

/// One coding, between what it is read from and what reads it.
pub(super) struct Stage {
    coding: &'static Coding,
    /// Made at first use, because a body may be empty.
    decoder: Option<Box<dyn Decode>>,
    place: Place,
    /// Whether the last step filled its target: more may be left of the input that it took.
    is_pressed: bool,
    given: u64,
    /// Allocated at first use.
    block: Box<[u8]>,
    /// The part of it that is decoded and not consumed.
    unread: Range<usize>,
}

/// Where in the encoded data the stage is. They may have no stream, one or several.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeFirst,
    Within,
    After,
}

/// What holds for all stages of a body.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    /// Bytes of the body that were taken off the wire.
    pub(super) received: &'a Cell<u64>,
    pub(super) limits: &'a Limits,
}

impl Stage {
    pub(super) fn new(coding: &'static Coding) -> Stage {
        Stage {
            coding,
            decoder: None,
            place: Place::BeforeFirst,
            is_pressed: false,
            given: 0,
            block: Box::default(),
            unread: 0..0,
        }
    }

    /// Decodes some of what `source` has into `target`, which is not empty; zero at the end of both.
    pub(super) fn read(
        &mut self,
        source: &mut dyn BufRead,
        target: &mut [u8],
        bounds: Bounds<'_>,
    ) -> Result<usize> {
        if !self.unread.is_empty() {
            return Ok(self.take_unread(target));
        }
        loop {
            let step = if self.is_pressed {
                self.step(&[], target)?
            } else {
                let input = source.fill_buf()?;
                if input.is_empty() {
                    return self.end();
                }
                let step = self.step(input, target)?;
                source.consume(step.taken);
                step
            };
            self.note(step, target.len());
            if step.given > 0 {
                self.check_yield(bounds)?;
                return Ok(step.given);
            }
        }
    }

    /// The next decoded bytes, decoding some if there are none; empty at the end.
    pub(super) fn fill(&mut self, source: &mut dyn BufRead, bounds: Bounds<'_>) -> Result<&[u8]> {
        if self.unread.is_empty() {
            let mut block = std::mem::take(&mut self.block);
            if block.is_empty() {
                block = vec![0; BLOCK].into_boxed_slice();
            }
            let read = self.read(source, &mut block, bounds);
            self.block = block;
            self.unread = 0..read?;
        }
        Ok(self.unread())
    }

    /// What is decoded and not consumed.
    pub(super) fn unread(&self) -> &[u8] {
        &self.block[self.unread.clone()]
    }

    /// Drops bytes that [`fill`](Stage::fill) has returned.
    ///
    /// # Panics
    /// If `count` exceeds them.
    pub(super) fn consume(&mut self, count: usize) {
        check_consumed(count, self.unread.len());
        self.unread.start += count;
    }

    fn take_unread(&mut self, target: &mut [u8]) -> usize {
        let count = target.len().min(self.unread.len());
        target[..count].copy_from_slice(&self.unread()[..count]);
        self.consume(count);
        count
    }

    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step> {
        if self.place == Place::After && !(self.coding.may_continue_with)(input[0]) {
            return Err(self.fault(CodingFault::Trailing(Excerpt::of(input))));
        }
        let decoder = self.decoder.get_or_insert_with(self.coding.start);
        let step = decoder.step(input, target).map_err(|fault| self.fault(fault))?;
        if step.taken == 0 && step.given == 0 && !input.is_empty() && !step.is_over {
            return Err(self.fault(CodingFault::Malformed("the decoder stands still".into())));
        }
        Ok(step)
    }

    fn note(&mut self, step: Step, room: usize) {
        self.given += step.given as u64;
        self.is_pressed = step.given == room && !step.is_over;
        self.place = if step.is_over { Place::After } else { Place::Within };
    }

    /// The source has ended: after a stream, or within one.
    fn end(&self) -> Result<usize> {
        if self.place == Place::Within { Err(self.fault(CodingFault::Truncated)) } else { Ok(0) }
    }

    /// Whether so much may have come of so little.
    fn check_yield(&self, bounds: Bounds<'_>) -> Result<()> {
        let limits = bounds.limits;
        if self.given > limits.body_bytes.value {
            return Err(ErrorKind::from(limits.body_excess()).into());
        }
        let ratio = limits.decoded_ratio.value;
        if self.given > Limits::ALWAYS_DECODED.max(bounds.received.get().saturating_mul(ratio)) {
            return Err(ErrorKind::from(limits.ratio_excess()).into());
        }
        Ok(())
    }

    fn fault(&self, fault: CodingFault) -> Error {
        ErrorKind::ContentCoding { coding: self.coding.name(), fault }.into()
    }
}
