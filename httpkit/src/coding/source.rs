//! What a stage reads from: the body as it comes, or what the stages before it have decoded.

use std::{
    cell::Cell,
    io::{self, BufRead, Read},
};

use super::stage::{Bounds, Stage};

/// The body as it comes, counted.
pub(super) struct Metered<'a> {
    pub(super) source: &'a mut dyn BufRead,
    pub(super) received: &'a Cell<u64>,
}

/// What the stages before one have decoded; where there are none, the body as it comes.
pub(super) struct Upstream<'a, 'w> {
    pub(super) stages: &'a mut [Stage],
    pub(super) wire: &'a mut Metered<'w>,
    pub(super) bounds: Bounds<'a>,
}

impl BufRead for Upstream<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Some((last, stages)) = self.stages.split_last_mut() else {
            return self.wire.source.fill_buf();
        };
        let mut upstream = Upstream { stages, wire: self.wire, bounds: self.bounds };
        Ok(last.fill(&mut upstream, self.bounds)?)
    }

    fn consume(&mut self, count: usize) {
        if let Some(last) = self.stages.last_mut() {
            last.consume(count);
        } else {
            self.wire.source.consume(count);
            self.wire.received.set(self.wire.received.get() + count as u64);
        }
    }
}

/// As [`BufRead`] has it.
impl Read for Upstream<'_, '_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(target)?;
        self.consume(count);
        Ok(count)
    }
}
