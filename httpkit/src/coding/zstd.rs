//! `zstd` (RFC 8878), decoded by libzstd.

use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use super::decode::{Coding, Decode, Step};
use crate::error::CodingFault;

/// The largest window that RFC 9659 allows: 8 MiB.
const MAX_WINDOW_LOG: u32 = 23;

/// Frames, whose contents follow each other, and skippable ones (RFC 8878 §3.1).
pub(super) const ZSTD: Coding = Coding {
    names: &["zstd"],
    start: || Box::new(Zstd::new()),
    may_continue_with: |first| first == 0x28 || first >> 4 == 0x5,
};

/// A context of libzstd. After the end of a frame, it begins the next one by itself and keeps its buffers and settings.
/// To create one takes 13 µs, some 40 times as long as an empty frame.
struct Zstd(DCtx<'static>);

impl Zstd {
    fn new() -> Zstd {
        let mut context = DCtx::create();
        context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG)).expect("libzstd knows such windows");
        Zstd(context)
    }
}

impl Decode for Zstd {
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault> {
        let mut input = InBuffer::around(input);
        let mut target = OutBuffer::around(target);
        let left = self
            .0
            .decompress_stream(&mut target, &mut input)
            .map_err(|code| CodingFault::Malformed(get_error_name(code).into()))?;
        Ok(Step { taken: input.pos(), given: target.pos(), is_over: left == 0 })
    }
}
