//! The charsets of the Encoding Standard, by `encoding_rs`.

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use super::utf8::{self, Malformed};
use crate::error::Result;

/// Decodes what a mark or the label says; UTF-8 where neither says something that is known.
pub(super) fn decode(body: Vec<u8>, label: Option<&str>, malformed: Malformed) -> Result<String> {
    let labelled = || label.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(UTF_8);
    let (encoding, mark) = Encoding::for_bom(&body).unwrap_or_else(|| (labelled(), 0));
    if encoding == UTF_8 {
        utf8::decode(body, malformed)
    } else if malformed == Malformed::Replaced {
        Ok(encoding.decode_without_bom_handling(&body[mark..]).0.into_owned())
    } else {
        decode_strictly(body, mark, encoding)
    }
}

fn decode_strictly(body: Vec<u8>, mark: usize, encoding: &'static Encoding) -> Result<String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let encoded = &body[mark..];
    let room = decoder.max_utf8_buffer_length_without_replacement(encoded.len());
    let mut text = String::with_capacity(room.unwrap_or(encoded.len()));
    match decoder.decode_to_string_without_replacement(encoded, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(length, behind), read) => {
            let start = mark + read - usize::from(length) - usize::from(behind);
            Err(utf8::refused(encoding.name(), start, body))
        }
        (DecoderResult::OutputFull, read) => Err(utf8::refused(encoding.name(), mark + read, body)),
    }
}
