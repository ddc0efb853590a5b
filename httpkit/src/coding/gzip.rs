//! `gzip` (RFC 1952): the framing of members. Their content is DEFLATE data.
//!
//! A body can consist of any number of members, which share one decoder. flate2 can decode whole members too, but it
//! allocates a new decoder for each of them.

use flate2::Crc;
use memchr::memchr;

use super::{
    decode::{Coding, Decode, Step},
    deflate::Inflate,
};
use crate::error::CodingFault;

/// Members, whose contents follow each other (RFC 1952 §2.2).
pub(super) const GZIP: Coding = Coding {
    names: &["gzip", "x-gzip"],
    start: || Box::new(Gzip::new()),
    may_continue_with: |first| first == 0x1f,
};

/// The flags of a header (RFC 1952 §2.3.1): the optional fields that follow.
const HEADER_SUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// The method "deflate", the only one there is.
const DEFLATED: u8 = 8;

struct Gzip {
    part: Part,
    flags: u8,
    field: Field,
    /// The checksum of the header so far.
    header: Crc,
    /// The checksum and the length of the content so far.
    content: Crc,
    inflate: Inflate,
}

/// The part of a member that comes next, in the order of RFC 1952 §2.3.
#[derive(Clone, Copy)]
enum Part {
    /// The two bytes that tell gzip from anything else.
    Magic,
    /// The method, the flags, and what is of no use here: the time, a hint on the compression and the system.
    Start,
    ExtraLength,
    Extra {
        left: u16,
    },
    Name,
    Comment,
    HeaderSum,
    Content,
    /// The checksum of the content, and its length.
    Trailer,
}

impl Gzip {
    fn new() -> Gzip {
        Gzip {
            part: Part::Magic,
            flags: 0,
            field: Field::default(),
            header: Crc::new(),
            content: Crc::new(),
            inflate: Inflate::new(false),
        }
    }

    /// Reads the header as far as it has arrived.
    fn read_header(&mut self, input: &mut &[u8]) -> Result<(), CodingFault> {
        while !input.is_empty() && !matches!(self.part, Part::Content | Part::Trailer) {
            let before = *input;
            let next = self.read_part(input)?;
            if !matches!(self.part, Part::HeaderSum) {
                self.header.update(&before[..before.len() - input.len()]);
            }
            self.part = next.unwrap_or(self.part);
        }
        Ok(())
    }

    /// Reads one part of the header. Returns the part that follows, or `None` if the rest of this one is missing.
    fn read_part(&mut self, input: &mut &[u8]) -> Result<Option<Part>, CodingFault> {
        let is_complete = match &mut self.part {
            Part::Magic => self.field.gather(input).map(check_magic).transpose()?.is_some(),
            Part::Start => match self.field.gather(input) {
                Some(start) => {
                    self.flags = read_start(start)?;
                    true
                }
                None => false,
            },
            Part::ExtraLength => {
                let length = self.field.gather(input).map(u16::from_le_bytes);
                return Ok(length.map(|left| Part::Extra { left }));
            }
            Part::Extra { left } => {
                let count = input.len().min(usize::from(*left));
                *left -= u16::try_from(count).expect("it is at most what is left");
                *input = &input[count..];
                *left == 0
            }
            Part::Name | Part::Comment => pass_text(input),
            Part::HeaderSum => match self.field.gather(input).map(u16::from_le_bytes) {
                // The two low bytes of the checksum.
                Some(expected) if u32::from(expected) != self.header.sum() & 0xffff => {
                    return Err(malformed("incorrect header checksum"));
                }
                expected => expected.is_some(),
            },
            Part::Content | Part::Trailer => false,
        };
        Ok(is_complete.then(|| self.following()))
    }

    /// Returns the part after this one, by the flags.
    fn following(&self) -> Part {
        let has = |flag| self.flags & flag != 0;
        match self.part {
            Part::Magic => Part::Start,
            Part::Start if has(EXTRA) => Part::ExtraLength,
            Part::Start | Part::Extra { .. } if has(NAME) => Part::Name,
            Part::Start | Part::Extra { .. } | Part::Name if has(COMMENT) => Part::Comment,
            Part::Start | Part::Extra { .. } | Part::Name | Part::Comment if has(HEADER_SUM) => {
                Part::HeaderSum
            }
            _ => Part::Content,
        }
    }

    /// Checks the trailer, and prepares for the next member.
    fn end_member(&mut self, trailer: [u8; 8]) -> Result<(), CodingFault> {
        let [a, b, c, d, length @ ..] = trailer;
        if u32::from_le_bytes([a, b, c, d]) != self.content.sum() {
            return Err(malformed("incorrect checksum of the content"));
        }
        // Modulo 2^32, as `amount` is.
        if u32::from_le_bytes(length) != self.content.amount() {
            return Err(malformed("incorrect length of the content"));
        }
        self.header.reset();
        self.content.reset();
        self.inflate.reset();
        self.part = Part::Magic;
        Ok(())
    }
}

impl Decode for Gzip {
    fn step(&mut self, input: &[u8], target: &mut [u8]) -> Result<Step, CodingFault> {
        let mut rest = input;
        let mut given = 0;
        self.read_header(&mut rest)?;
        if matches!(self.part, Part::Content) {
            let step = self.inflate.step(rest, target)?;
            rest = &rest[step.taken..];
            given = step.given;
            self.content.update(&target[..given]);
            if step.is_over {
                self.part = Part::Trailer;
            }
        }
        let mut is_over = false;
        if matches!(self.part, Part::Trailer)
            && let Some(trailer) = self.field.gather(&mut rest)
        {
            self.end_member(trailer)?;
            is_over = true;
        }
        Ok(Step { taken: input.len() - rest.len(), given, is_over })
    }
}

fn check_magic(magic: [u8; 2]) -> Result<(), CodingFault> {
    if magic == [0x1f, 0x8b] { Ok(()) } else { Err(malformed("incorrect magic number")) }
}

/// Checks the method, and returns the flags.
fn read_start(start: [u8; 8]) -> Result<u8, CodingFault> {
    let [method, flags, ..] = start;
    match method {
        DEFLATED if flags & RESERVED == 0 => Ok(flags),
        DEFLATED => Err(malformed("unknown flags in the header")),
        _ => Err(malformed("unknown compression method")),
    }
}

fn malformed(fault: &'static str) -> CodingFault {
    CodingFault::Malformed(fault.into())
}

/// Skips text up to the zero byte that ends it. Returns whether that has arrived.
fn pass_text(input: &mut &[u8]) -> bool {
    let end = memchr(0, input);
    *input = &input[end.map_or(input.len(), |end| end + 1)..];
    end.is_some()
}

/// A field of fixed length, as far as it has arrived.
#[derive(Default)]
struct Field {
    bytes: [u8; 8],
    length: usize,
}

impl Field {
    /// Takes what is missing from the front of `input`. Returns the field once it is complete.
    fn gather<const N: usize>(&mut self, input: &mut &[u8]) -> Option<[u8; N]> {
        let (taken, rest) = input.split_at(input.len().min(N - self.length));
        self.bytes[self.length..self.length + taken.len()].copy_from_slice(taken);
        self.length += taken.len();
        *input = rest;
        if self.length < N {
            return None;
        }
        self.length = 0;
        self.bytes.first_chunk().copied()
    }
}

#[cfg(test)]
mod tests;
