//! The value of a field.

use std::fmt;

/// A field value: bytes, mostly visible ASCII (RFC 9110, Section 5.5).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeaderValue<'a>(&'a [u8]);

impl<'a> HeaderValue<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> HeaderValue<'a> {
        HeaderValue(bytes)
    }

    /// The bytes as received, without the blanks around them.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The value as text; `None` when it is not UTF-8.
    pub fn to_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// The value as text, bytes that are not UTF-8 replaced by U+FFFD.
    pub fn to_str_lossy(self) -> std::borrow::Cow<'a, str> {
        String::from_utf8_lossy(self.0)
    }
}

/// As text, bytes that are not UTF-8 replaced by U+FFFD.
impl fmt::Display for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_str_lossy())
    }
}

impl fmt::Debug for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl AsRef<[u8]> for HeaderValue<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

impl PartialEq<str> for HeaderValue<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for HeaderValue<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}
