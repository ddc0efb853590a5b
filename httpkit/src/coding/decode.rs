//! What each content coding does.

use crate::error::CodingFault;

/// A content coding that is spoken.
pub(super) struct Coding {
    /// The registered name, then further ones that mean the same.
    pub(super) names: &'static [&'static str],
    /// Begins a stream of it.
    pub(super) start: fn() -> Box<dyn Decode>,
    /// Whether a byte behind the end of a stream may begin another one, whose content follows.
    pub(super) may_continue_with: fn(u8) -> bool,
}

impl Coding {
    /// The registered name.
    pub(super) fn name(&self) -> &'static str {
        self.names[0]
    }
}

/// One stream of a content coding, which is being undone.
pub(super) trait Decode: Send + Sync {
    /// Decodes from the front of `input` to the front of `target`, as far as either goes. Without input, gives
    /// what was left of the input before.
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault>;
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Bytes of the input that were used.
    pub(super) taken: usize,
    /// Bytes of the target that were filled.
    pub(super) given: usize,
    /// Whether the stream is over, and all of it given.
    pub(super) is_over: bool,
}
