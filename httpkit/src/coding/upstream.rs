//! The source of a stage: the body as it arrives, or the output of the stages before it.

use std::io::{self, BufRead, Read};

use super::{budget::Budget, source::Source, stage::Stage};
use crate::error::Result;

/// The output of some stages. Without any, the body as it arrives.
pub(super) struct Upstream<'a, 'w> {
    pub(super) stages: &'a mut [Stage],
    pub(super) wire: &'a mut (dyn Source + 'w),
    pub(super) budget: Budget<'a>,
}

impl Source for Upstream<'_, '_> {
    fn check(&mut self) -> Result<()> {
        self.wire.check()
    }
}

impl BufRead for Upstream<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Some((last, stages)) = self.stages.split_last_mut() else {
            return self.wire.fill_buf();
        };
        let mut upstream = Upstream { stages, wire: self.wire, budget: self.budget };
        Ok(last.fill(&mut upstream, self.budget)?)
    }

    fn consume(&mut self, count: usize) {
        if let Some(last) = self.stages.last_mut() {
            last.consume(count);
        } else {
            self.wire.consume(count);
            self.budget.receive(count);
        }
    }
}

/// Required by [`BufRead`]; stages use that alone.
impl Read for Upstream<'_, '_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(target)?;
        self.consume(count);
        Ok(count)
    }
}
