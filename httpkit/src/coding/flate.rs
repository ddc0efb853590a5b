//! `gzip` and `deflate` (RFC 9110, Section 8.4.1), by flate2.

use flate2::{Decompress, FlushDecompress, Status};

use super::decode::{Coding, Decode, Step};
use crate::error::CodingFault;

/// The largest window, which each decoder has to offer (RFC 1951, Section 2).
const WINDOW_BITS: u8 = 15;

/// RFC 1952: one member or several, whose contents follow each other (Section 2.2).
pub(super) const GZIP: Coding = Coding {
    names: &["gzip", "x-gzip"],
    start: || Box::new(Inflate(Decompress::new_gzip(WINDOW_BITS))),
    may_continue_with: |first| first == 0x1f,
};

/// The zlib format (RFC 1950), or bare DEFLATE data (RFC 1951), which servers send under the same name.
pub(super) const DEFLATE: Coding =
    Coding { names: &["deflate"], start: || Box::<Deflate>::default(), may_continue_with: |_| false };

struct Inflate(Decompress);

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

/// The first two bytes tell the formats apart, so the first is kept until the second is there.
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
            return Ok(Step { taken: 0, given: 0, is_over: false });
        };
        let Some(first) = self.first else {
            self.first = Some(*byte);
            return Ok(Step { taken: 1, given: 0, is_over: false });
        };
        let inflate = self.inflate.insert(Inflate(Decompress::new(begins_zlib(first, *byte))));
        // No code is so short that one byte gives something.
        inflate.step(&[first], target)?;
        inflate.step(input, target)
    }
}

/// Whether these are the two bytes that zlib data begins with (RFC 1950, Section 2.2).
fn begins_zlib(cmf: u8, flags: u8) -> bool {
    let is_deflate = cmf & 0x0f == 8 && cmf >> 4 <= 7;
    is_deflate && u16::from_be_bytes([cmf, flags]).is_multiple_of(31)
}
