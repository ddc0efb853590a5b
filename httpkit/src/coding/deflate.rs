//! `deflate` (RFC 9110 §8.4.1.2), decoded by flate2.

use flate2::{Decompress, FlushDecompress, Status};

use super::decode::{Coding, Decode, Step};
use crate::error::CodingFault;

/// The zlib format (RFC 1950), or bare DEFLATE data (RFC 1951), which some servers send under the same name.
pub(super) const DEFLATE: Coding =
    Coding { names: &["deflate"], start: || Box::<Deflate>::default(), may_continue_with: |_| false };

/// A decoder of DEFLATE data.
pub(super) struct Inflate(Decompress);

impl Inflate {
    /// A decoder of bare DEFLATE data, or of such data in the zlib format.
    pub(super) fn new(is_zlib: bool) -> Inflate {
        Inflate(Decompress::new(is_zlib))
    }

    /// Prepares for other bare DEFLATE data. Keeps the window and the tables, which are 50 KB.
    pub(super) fn reset(&mut self) {
        self.0.reset(false);
    }
}

impl Decode for Inflate {
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault> {
        let (taken, given) = (self.0.total_in(), self.0.total_out());
        let status = self
            .0
            .decompress(input, target, FlushDecompress::None)
            .map_err(|error| CodingFault::Malformed(error.message().unwrap_or("not DEFLATE data").into()))?;
        let since = |total: u64, before: u64| {
            usize::try_from(total - before).expect("a step moves no more than its buffers hold")
        };
        Ok(Step {
            taken: since(self.0.total_in(), taken),
            given: since(self.0.total_out(), given),
            is_over: status == Status::StreamEnd,
        })
    }
}

/// A decoder that tells the two formats apart by their first two bytes, so it keeps the first until the second arrives.
#[derive(Default)]
struct Deflate {
    first: Option<u8>,
    inflate: Option<Inflate>,
}

impl Decode for Deflate {
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault> {
        if let Some(inflate) = &mut self.inflate {
            return inflate.step(input, target);
        }
        let Some(byte) = input.first() else {
            return Ok(Step::default());
        };
        let Some(first) = self.first else {
            self.first = Some(*byte);
            return Ok(Step { taken: 1, ..Step::default() });
        };
        let inflate = self.inflate.insert(Inflate::new(begins_zlib(first, *byte)));
        // No code is so short that one byte decodes to anything.
        inflate.step(&[first], target)?;
        inflate.step(input, target)
    }
}

/// Returns whether these are the first two bytes of zlib data (RFC 1950 §2.2).
fn begins_zlib(cmf: u8, flags: u8) -> bool {
    let is_deflate = cmf & 0x0f == 8 && cmf >> 4 <= 7;
    is_deflate && u16::from_be_bytes([cmf, flags]).is_multiple_of(31)
}
