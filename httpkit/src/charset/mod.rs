//! Text out of bytes: which charset they are in, and what becomes of those that are in none.
//!
//! A byte order mark decides, then the parameter `charset` of `Content-Type`, then UTF-8 is meant, as in the
//! Encoding Standard. A mark is no part of the text.

#[cfg(not(feature = "charset"))]
mod ascii;
#[cfg(feature = "charset")]
mod labels;
mod utf8;

#[cfg(not(feature = "charset"))]
use self::ascii::decode;
#[cfg(feature = "charset")]
use self::labels::decode;
pub(crate) use self::utf8::Malformed;
use crate::{error::Result, headers::Headers, media_type::MediaType};

/// Decodes the body of a response with these headers.
pub(crate) fn text(body: Vec<u8>, headers: &Headers, malformed: Malformed) -> Result<String> {
    let content_type = headers.get("content-type").and_then(|value| MediaType::parse(value.to_str()?));
    let label = content_type.and_then(|media_type| media_type.parameter("charset"));
    decode(body, label.as_deref(), malformed)
}
