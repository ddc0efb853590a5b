//! UTF-8, and what is not.

use crate::{
    error::{Error, ErrorKind, Result},
    violation::Excerpt,
};

/// The byte order mark, which says here that the text is UTF-8 (RFC 3629, Section 6).
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// What becomes of bytes that are no text in their charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// They are an error.
    Refused,
    /// They become U+FFFD.
    Replaced,
}

/// Decodes UTF-8, without a mark.
pub(super) fn decode(mut body: Vec<u8>, malformed: Malformed) -> Result<String> {
    if body.starts_with(MARK) {
        body.drain(..MARK.len());
    }
    match String::from_utf8(body) {
        Ok(text) => Ok(text),
        Err(error) if malformed == Malformed::Replaced => {
            Ok(String::from_utf8_lossy(error.as_bytes()).into())
        }
        Err(error) => {
            let valid_up_to = error.utf8_error().valid_up_to();
            Err(refused("UTF-8", valid_up_to, error.into_bytes()))
        }
    }
}

/// The error for bytes that are no text from `valid_up_to` on.
pub(super) fn refused(charset: &'static str, valid_up_to: usize, body: Vec<u8>) -> Error {
    let found = Excerpt::of(&body[valid_up_to..]);
    Error::new(ErrorKind::Text { charset, valid_up_to, found }).with_partial(body)
}
