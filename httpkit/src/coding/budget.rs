//! The budget for decoding one body, which all of its stages share.
//!
//! Rule of this file: input that decodes to nothing is a cost. An encoded body can consist of empty frames, members,
//! blocks and metadata, and a first coding makes a few received bytes a thousand times as many of those. So encoded
//! bytes are overhead until decoded bytes pay for them.

use std::cell::Cell;

use super::{decode::Step, source::Source};
use crate::{
    error::{ErrorKind, Result},
    limits::Limits,
};

/// The exchange is checked each time that a stage has read or written this much. That takes some 50 µs, and a check some
/// 50 ns.
const CHECKED: usize = 64 * 1024;
/// The encoded bytes that one decoded byte pays for. An event of one byte that is flushed has 8, a zstd frame of one
/// byte 14. A gzip member of one byte has 21, of which the 5 that are left do not matter before 100,000 members.
const PAID_PER_OUTPUT: u64 = 16;
/// One byte of overhead is free for this many bytes received. A table at the end of seekable zstd data has 8 to 12
/// bytes for each frame, so it grows with the body. It costs no more than to receive it.
const RECEIVED_PER_FREE: u64 = 64;

/// The cost of a body so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    /// The bytes of the body that have been received and decoded.
    received: u64,
    /// The input of all stages that no output has paid for.
    overhead: u64,
    /// The bytes that the stages have read or written since the last check.
    unchecked: usize,
}

impl Spent {
    /// Notes decoded bytes that the caller has received.
    pub(super) fn pay(&mut self, decoded: usize) {
        self.overhead = self.overhead.saturating_sub(decoded as u64 * PAID_PER_OUTPUT);
    }
}

/// The cost of a body so far, as all of its stages see it, and the limits on it.
#[derive(Clone, Copy)]
pub(super) struct Budget<'a> {
    pub(super) spent: &'a Cell<Spent>,
    pub(super) limits: &'a Limits,
}

impl Budget<'_> {
    /// Notes bytes of the body as it arrives.
    pub(super) fn receive(self, count: usize) {
        let spent = self.spent.get();
        self.spent.set(Spent { received: spent.received + count as u64, ..spent });
    }

    /// Notes a step of a stage.
    pub(super) fn spend(self, step: Step) {
        let mut spent = self.spent.get();
        spent.overhead += step.taken as u64;
        spent.unchecked += step.taken.max(step.given);
        self.spent.set(spent);
    }

    /// Fails if another step would be too much. Output that the step before it has made must have been paid in.
    pub(super) fn check(self, source: &mut dyn Source) -> Result<()> {
        let mut spent = self.spent.get();
        let free = self.limits.coding_overhead.value.max(spent.received / RECEIVED_PER_FREE);
        if spent.overhead > free {
            return Err(ErrorKind::from(Limits::overhead_excess(free)).into());
        }
        if spent.unchecked >= CHECKED {
            source.check()?;
            spent.unchecked = 0;
            self.spent.set(spent);
        }
        Ok(())
    }

    /// Fails if a stage has made this much of too little.
    pub(super) fn check_ratio(self, given: u64) -> Result<()> {
        let allowed = self.spent.get().received.saturating_mul(self.limits.decoded_ratio.value);
        if given > Limits::ALWAYS_DECODED.max(allowed) {
            return Err(ErrorKind::from(self.limits.ratio_excess()).into());
        }
        Ok(())
    }
}
