//! The chunked transfer coding (RFC 9112, Section 7.1), both ways.
//!
//! The decoder reads the octets between the data: sizes, extensions, line ends, trailers. The data itself
//! never passes through it; it only says how much comes next.

use std::io::Write;

use crate::{
    grammar,
    headers::{FieldRange, Headers},
    limits::{Excess, Limits},
    secrecy::Message,
    violation::Violation,
    wire::{
        error::WireError,
        fields::{Progress, SectionLimits, SectionParser},
        strictness::Strictness,
    },
};

/// `chunk-size` has no bound in the grammar; more significant digits than these do not fit 64 bits.
const MAX_SIZE_DIGITS: u8 = 16;
/// Chunks of less than 256 MiB are usual.
const USUAL_SIZE_DIGITS: usize = 7;

/// Reads the framing of a chunked body.
#[derive(Debug)]
pub(crate) struct ChunkedDecoder {
    expects: Expects,
    strictness: Strictness,
    limits: Limits,
    /// Bytes of extensions, blanks and leading zeros so far.
    overhead: usize,
    /// Whether anything was met that a sender must not send.
    deviates: bool,
    trailers: TrailerSection,
}

/// What the next octet belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expects {
    Size,
    MoreSize { value: u64, significant: u8 },
    BlankOrExtension { value: u64 },
    Extension { value: u64 },
    SizeFeed { value: u64 },
    Data { remaining: u64 },
    DataReturn,
    DataFeed,
    Trailers,
    Nothing,
}

#[derive(Debug, Default)]
struct TrailerSection {
    parser: SectionParser,
    fields: Vec<FieldRange>,
    headers: Headers,
}

impl ChunkedDecoder {
    pub(crate) fn new(limits: &Limits, strictness: Strictness) -> ChunkedDecoder {
        ChunkedDecoder {
            expects: Expects::Size,
            strictness,
            limits: *limits,
            overhead: 0,
            deviates: false,
            trailers: TrailerSection::default(),
        }
    }

    /// How many bytes of data come next. None means: [`advance`](Self::advance), or the end.
    pub(crate) fn data(&self) -> u64 {
        match self.expects {
            Expects::Data { remaining } => remaining,
            _ => 0,
        }
    }

    /// Notes that so many of the bytes that [`data`](Self::data) announced have been read.
    pub(crate) fn consume(&mut self, bytes: u64) {
        self.expects = match self.data() - bytes {
            0 => Expects::DataReturn,
            remaining => Expects::Data { remaining },
        };
    }

    /// Whether the last chunk and the trailers have been read.
    pub(crate) fn is_done(&self) -> bool {
        self.expects == Expects::Nothing
    }

    /// Whether anything was met that a sender must not send.
    pub(crate) fn deviates(&self) -> bool {
        self.deviates
    }

    /// Whether the connection may end here: `Compat` forgives a last chunk, or the end of it, that is missing.
    pub(crate) fn may_end_here(&self) -> bool {
        self.strictness.is_compat() && matches!(self.expects, Expects::Size | Expects::Trailers)
    }

    /// The trailers (RFC 9112, Section 7.1.2), once the body is done.
    pub(crate) fn into_trailers(self) -> Headers {
        self.trailers.headers
    }

    /// Reads framing from the front of `buffer` up to the next data or the end, and returns how many bytes
    /// it took. When these are none, there is data next, the body is done, or more bytes must come first.
    pub(crate) fn advance(&mut self, buffer: &mut [u8]) -> Result<usize, WireError> {
        let mut taken = self.pass_usual_framing(buffer);
        while let Some(byte) = buffer.get(taken).copied() {
            match self.expects {
                // The trailers are parsed in one piece, so they must begin at the front.
                Expects::Trailers if taken == 0 => return self.read_trailers(buffer),
                Expects::Data { .. } | Expects::Trailers | Expects::Nothing => break,
                _ => self.expects = self.after(byte, &buffer[taken..])?,
            }
            taken += 1;
        }
        Ok(taken)
    }

    /// Takes what nearly all framing is, in one look: the CRLF behind data, a size of a few digits, CRLF. What is
    /// not so is left where it is, to be judged octet by octet.
    fn pass_usual_framing(&mut self, buffer: &[u8]) -> usize {
        let line = match self.expects {
            Expects::Size => buffer,
            Expects::DataReturn => buffer.strip_prefix(b"\r\n").unwrap_or_default(),
            _ => return 0,
        };
        let mut size = 0;
        for (index, byte) in line.iter().take(USUAL_SIZE_DIGITS + 1).enumerate() {
            match grammar::hex_digit(*byte) {
                Some(digit) => size = size << 4 | u64::from(digit),
                None if size > 0 && line[index..].starts_with(b"\r\n") => {
                    self.expects = Expects::Data { remaining: size };
                    return buffer.len() - line.len() + index + 2;
                }
                None => return 0,
            }
            if size == 0 {
                return 0;
            }
        }
        0
    }

    /// What comes after `byte`, which `rest` begins with.
    fn after(&mut self, byte: u8, rest: &[u8]) -> Result<Expects, WireError> {
        match self.expects {
            Expects::Size => self.after_size(byte, rest),
            Expects::MoreSize { value, significant } => self.after_digit(value, significant, byte, rest),
            Expects::BlankOrExtension { value } => self.after_blank(value, byte, rest),
            Expects::Extension { value } => self.after_extension(value, byte, rest),
            Expects::SizeFeed { value } => match byte {
                b'\n' => Ok(begin_chunk(value)),
                _ => Err(bad_chunk("CRLF ends the line of a chunk size (RFC 9112, Section 7.1)", rest)),
            },
            Expects::DataReturn if byte == b'\r' => Ok(Expects::DataFeed),
            Expects::DataReturn if byte == b'\n' => {
                self.deviate("CRLF ends the data of a chunk (RFC 9112, Section 7.1)", rest)?;
                Ok(Expects::Size)
            }
            Expects::DataFeed if byte == b'\n' => Ok(Expects::Size),
            _ => Err(bad_chunk("CRLF ends the data of a chunk (RFC 9112, Section 7.1)", rest)),
        }
    }

    fn after_size(&mut self, byte: u8, rest: &[u8]) -> Result<Expects, WireError> {
        if grammar::is_blank(byte) {
            self.deviate("no blanks stand before a chunk size (RFC 9112, Section 7.1)", rest)?;
            self.count_overhead()?;
            return Ok(Expects::Size);
        }
        match grammar::hex_digit(byte) {
            Some(_) => self.after_digit(0, 0, byte, rest),
            None => Err(bad_chunk("a chunk size is 1*HEXDIG (RFC 9112, Section 7.1)", rest)),
        }
    }

    /// `chunk-size = 1*HEXDIG`, of which one has been read or `byte` is the first.
    fn after_digit(
        &mut self,
        value: u64,
        significant: u8,
        byte: u8,
        rest: &[u8],
    ) -> Result<Expects, WireError> {
        let Some(digit) = grammar::hex_digit(byte) else {
            return self.after_blank(value, byte, rest);
        };
        if value == 0 && self.expects != Expects::Size {
            // A zero has gone before.
            self.count_overhead()?;
        }
        if significant == MAX_SIZE_DIGITS {
            return Err(bad_chunk("a chunk size is below 2^64 (RFC 9112, Section 7.1)", rest));
        }
        let value = value << 4 | u64::from(digit);
        Ok(Expects::MoreSize { value, significant: significant + u8::from(value > 0) })
    }

    /// `chunk-ext = *( BWS ";" BWS chunk-ext-name … )`: blanks alone are none.
    fn after_blank(&mut self, value: u64, byte: u8, rest: &[u8]) -> Result<Expects, WireError> {
        let blanks_before = matches!(self.expects, Expects::BlankOrExtension { .. });
        match byte {
            b'\r' | b'\n' if blanks_before => {
                self.deviate("no blanks stand behind a chunk size (RFC 9112, Section 7.1)", rest)?;
                self.after_extension(value, byte, rest)
            }
            b'\r' | b'\n' => self.after_extension(value, byte, rest),
            b';' | b' ' | b'\t' => {
                self.count_overhead()?;
                Ok(if byte == b';' {
                    Expects::Extension { value }
                } else {
                    Expects::BlankOrExtension { value }
                })
            }
            _ => Err(bad_chunk("a chunk size is 1*HEXDIG (RFC 9112, Section 7.1)", rest)),
        }
    }

    /// Extensions are ignored (RFC 9112, Section 7.1.1), within their limit.
    fn after_extension(&mut self, value: u64, byte: u8, rest: &[u8]) -> Result<Expects, WireError> {
        match byte {
            b'\r' => Ok(Expects::SizeFeed { value }),
            b'\n' => {
                self.deviate("CRLF ends the line of a chunk size (RFC 9112, Section 7.1)", rest)?;
                Ok(begin_chunk(value))
            }
            _ if grammar::is_value_byte(byte) => {
                self.count_overhead()?;
                Ok(Expects::Extension { value })
            }
            _ => Err(bad_chunk("a chunk extension has no control bytes (RFC 9112, Section 7.1.1)", rest)),
        }
    }

    /// Bounds what a sender can make us read without giving us data.
    fn count_overhead(&mut self) -> Result<(), WireError> {
        self.overhead += 1;
        if self.overhead > self.limits.chunk_extension_bytes.value {
            return Err(WireError::TooLarge(self.limits.chunk_extension_excess()));
        }
        Ok(())
    }

    fn deviate(&mut self, rule: &'static str, found: &[u8]) -> Result<(), WireError> {
        self.deviates = true;
        if self.strictness.is_compat() { Ok(()) } else { Err(bad_chunk(rule, found)) }
    }

    /// `trailer-section = *( field-line CRLF )`, and the CRLF behind it.
    fn read_trailers(&mut self, buffer: &mut [u8]) -> Result<usize, WireError> {
        let window = buffer.len().min(self.limits.trailer_bytes.value).min(u32::MAX as usize);
        let full = buffer.len() > window;
        let limits = SectionLimits {
            max_fields: self.limits.trailer_fields.value,
            excess: |limit| Excess::fields("trailer section", limit, "Limits::max_trailer_fields"),
            is_chunk_framing: true,
        };
        let TrailerSection { parser, fields, headers } = &mut self.trailers;
        let progress = parser.parse(&mut buffer[..window], fields, limits, self.strictness)?;
        if let Progress::Complete(length) = progress {
            *headers = Headers::from_parsed(&buffer[..length], fields, Message::Response);
            self.expects = Expects::Nothing;
        }
        self.deviates |= parser.deviates();
        match progress {
            Progress::Complete(length) => Ok(length),
            Progress::Incomplete if full => Err(WireError::TooLarge(self.limits.trailer_excess())),
            Progress::Incomplete => Ok(0),
        }
    }
}

/// A chunk of no data is the last one.
fn begin_chunk(size: u64) -> Expects {
    if size == 0 { Expects::Trailers } else { Expects::Data { remaining: size } }
}

fn bad_chunk(rule: &'static str, found: &[u8]) -> WireError {
    WireError::BadChunk(Violation::new(rule, found))
}

/// Writes `data` as one chunk. No data makes no chunk: an empty one would be the last.
pub(crate) fn write_chunk(output: &mut Vec<u8>, data: &[u8]) {
    if data.is_empty() {
        return;
    }
    write!(output, "{:x}\r\n", data.len()).expect("a Vec takes any write");
    output.extend_from_slice(data);
    output.extend_from_slice(b"\r\n");
}

/// Writes the last chunk, the trailers, and the end of the body.
pub(crate) fn write_last_chunk(output: &mut Vec<u8>, trailers: &Headers) {
    output.extend_from_slice(b"0\r\n");
    trailers.write_to(output);
    output.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Decodes what comes in pieces of these lengths, over and over.
    fn decode(wire: &[u8], lengths: &[usize]) -> (Vec<u8>, Headers, usize) {
        let mut decoder = ChunkedDecoder::new(&Limits::new(), Strictness::Strict);
        let (mut data, mut buffer, mut rest) = (Vec::new(), Vec::new(), wire);
        for length in lengths.iter().cycle() {
            let count = (*length).min(rest.len());
            buffer.extend_from_slice(&rest[..count]);
            rest = &rest[count..];
            loop {
                let taken = decoder.advance(&mut buffer).expect("what we encode is well-formed");
                buffer.drain(..taken);
                let count = usize::try_from(decoder.data()).unwrap().min(buffer.len());
                data.extend(buffer.drain(..count));
                if count > 0 {
                    decoder.consume(count as u64);
                } else if taken == 0 {
                    break;
                }
            }
            if decoder.is_done() {
                break;
            }
        }
        (data, decoder.into_trailers(), rest.len() + buffer.len())
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_however_it_is_split(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8),
            values in prop::collection::vec("[ -~]{0,20}", 0..4),
            lengths in prop::collection::vec(1_usize..40, 1..10),
        ) {
            let mut trailers = Headers::new();
            for (index, value) in values.iter().enumerate() {
                trailers.append(&format!("X-{index}"), value).unwrap();
            }
            let mut wire = Vec::new();
            for piece in &pieces {
                write_chunk(&mut wire, piece);
            }
            write_last_chunk(&mut wire, &trailers);
            let (data, read, left_over) = decode(&wire, &lengths);
            prop_assert_eq!(data, pieces.concat());
            prop_assert_eq!(read, trailers);
            prop_assert_eq!(left_over, 0);
        }
    }
}
