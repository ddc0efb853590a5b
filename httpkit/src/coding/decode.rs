//! The interface of a content coding.

use crate::error::CodingFault;

/// A supported content coding.
pub(super) struct Coding {
    /// The registered name, then its aliases.
    pub(super) names: &'static [&'static str],
    /// Makes a decoder, which serves for all streams of a body.
    pub(super) start: fn() -> Box<dyn Decode>,
    /// Returns whether a byte after the end of a stream may begin another one, whose content follows.
    pub(super) may_continue_with: fn(u8) -> bool,
}

impl Coding {
    /// Returns the registered name.
    pub(super) fn name(&self) -> &'static str {
        self.names[0]
    }
}

/// A decoder of a content coding.
pub(super) trait Decode: Send + Sync {
    /// Decodes from the front of `input` to the front of `target` until one of them is used up or the stream ends.
    /// Without input, writes what is left of earlier input. After the end of a stream, begins the next one.
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault>;
}

/// The result of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// The number of bytes of the input that were used.
    pub(super) taken: usize,
    /// The number of bytes of the target that were filled.
    pub(super) given: usize,
    /// Whether the stream has ended, and all of its content was written.
    pub(super) is_over: bool,
}
