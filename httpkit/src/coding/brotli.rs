//! `br` (RFC 7932), decoded by brotli-decompressor.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::decode::{Coding, Decode, Step};
use crate::error::CodingFault;

/// One stream, which nothing follows.
pub(super) const BROTLI: Coding =
    Coding { names: &["br"], start: || Box::new(Brotli::new()), may_continue_with: |_| false };

struct Brotli(BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>);

impl Brotli {
    /// A decoder for windows of up to 16 MiB (RFC 7932 §9.1). Larger ones are an extension of the format.
    fn new() -> Brotli {
        Brotli(BrotliState::new_strict(
            StandardAlloc::default(),
            StandardAlloc::default(),
            StandardAlloc::default(),
        ))
    }
}

impl Decode for Brotli {
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault> {
        let (mut input_left, mut taken) = (input.len(), 0);
        let (mut target_left, mut given) = (target.len(), 0);
        let result = BrotliDecompressStream(
            &mut input_left,
            &mut taken,
            input,
            &mut target_left,
            &mut given,
            target,
            &mut 0,
            &mut self.0,
        );
        match result {
            BrotliResult::ResultFailure => {
                Err(CodingFault::Malformed(format!("{:?}", self.0.error_code).into()))
            }
            result => Ok(Step { taken, given, is_over: matches!(result, BrotliResult::ResultSuccess) }),
        }
    }
}
