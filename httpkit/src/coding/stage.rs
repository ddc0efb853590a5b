//! The decoder of one content coding of a body: its streams, and what may stand between and after them.

use std::ops::Range;

use super::{
    budget::Budget,
    decode::{Coding, Decode, Step},
    source::Source,
};
use crate::{
    error::{CodingFault, Error, ErrorKind, Result},
    violation::Excerpt,
};

/// The size of the blocks in which content is decoded for a reader that brings little space. DEFLATE refers back by up to
/// 32 KiB, and finds that sooner in the same block.
pub(super) const BLOCK: usize = 64 * 1024;

/// One coding, between its source and its reader.
pub(super) struct Stage {
    coding: &'static Coding,
    /// Made at first use, because a body may be empty.
    decoder: Option<Box<dyn Decode>>,
    place: Place,
    /// Whether the last step filled its target. Then more output may be left of the input that it took.
    is_pressed: bool,
    given: u64,
    /// Allocated at first use.
    block: Box<[u8]>,
    /// The part of the block that is decoded and not consumed.
    unread: Range<usize>,
}

/// Where in the encoded data the stage is. They may have no stream, one or several.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeFirst,
    Within,
    After,
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

    /// Decodes some bytes from `source` into `target`, which must not be empty. Returns their number, or zero at the end
    /// of both.
    pub(super) fn read(
        &mut self,
        source: &mut dyn Source,
        target: &mut [u8],
        budget: Budget<'_>,
    ) -> Result<usize> {
        if !self.unread.is_empty() {
            return Ok(self.take_unread(target));
        }
        loop {
            budget.check(source)?;
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
            budget.spend(step);
            if step.given > 0 {
                budget.check_ratio(self.given)?;
                return Ok(step.given);
            }
        }
    }

    /// Returns the decoded bytes that are not consumed. Decodes some if there are none. Empty at the end.
    pub(super) fn fill(&mut self, source: &mut dyn Source, budget: Budget<'_>) -> Result<&[u8]> {
        if self.unread.is_empty() {
            let mut block = std::mem::take(&mut self.block);
            if block.is_empty() {
                block = vec![0; BLOCK].into_boxed_slice();
            }
            let read = self.read(source, &mut block, budget);
            self.block = block;
            self.unread = 0..read?;
        }
        Ok(self.unread())
    }

    /// Returns the decoded bytes that are not consumed.
    pub(super) fn unread(&self) -> &[u8] {
        &self.block[self.unread.clone()]
    }

    /// Consumes bytes that [`fill`](Stage::fill) returned.
    pub(super) fn consume(&mut self, count: usize) {
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
            return Err(self.fault(CodingFault::Malformed("the decoder makes no progress".into())));
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

    fn fault(&self, fault: CodingFault) -> Error {
        ErrorKind::ContentCoding { coding: self.coding.name(), fault }.into()
    }
}
