//! What a refusal says: the rule that was broken and what was found, safe to print.

use std::{borrow::Cow, fmt};

use crate::secrecy::redacted;

/// How many bytes of a foreign value a message shows.
const MAX_SHOWN: usize = 80;

/// The start of a value that somebody else wrote: at most 80 bytes of it, control bytes and bytes beyond
/// ASCII escaped, in double quotes when displayed.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt {
    shown: Box<[u8]>,
    whole: usize,
}

impl Excerpt {
    /// Keeps the start of `value`.
    pub(crate) fn of(value: &[u8]) -> Excerpt {
        Excerpt { shown: value[..value.len().min(MAX_SHOWN)].into(), whole: value.len() }
    }

    /// The bytes that were kept, as they were: at most 80.
    pub fn as_bytes(&self) -> &[u8] {
        &self.shown
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.shown.escape_ascii())?;
        match self.whole - self.shown.len() {
            0 => Ok(()),
            more => write!(f, " and {more} bytes more"),
        }
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A rule that was broken, and the value that broke it if it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    rule: Cow<'static, str>,
    found: Option<Excerpt>,
}

impl Violation {
    pub(crate) fn new(rule: impl Into<Cow<'static, str>>, found: &[u8]) -> Violation {
        Violation { rule: rule.into(), found: Some(Excerpt::of(found)) }
    }

    /// A rule that was broken by a value that may be secret, or by something that is not there.
    pub(crate) fn without_value(rule: impl Into<Cow<'static, str>>) -> Violation {
        Violation { rule: rule.into(), found: None }
    }

    /// Returns the rule, with the section that states it.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Returns the value that was found. `None` if nothing was found, or if it may be secret.
    pub fn found(&self) -> Option<&Excerpt> {
        self.found.as_ref()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)?;
        self.found.as_ref().map_or(Ok(()), |found| write!(f, "; found {found}"))
    }
}

impl std::error::Error for Violation {}

/// A byte of a value that is not shown: its kind and its place, as in `a line break at byte 3 of 9`.
pub(crate) struct Culprit<'a> {
    pub(crate) value: &'a [u8],
    pub(crate) position: usize,
}

impl fmt::Display for Culprit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.get(self.position).copied() {
            None => return f.write_str("nothing"),
            Some(b'\r' | b'\n') => f.write_str("a line break"),
            Some(b'\t') => f.write_str("a tab"),
            Some(0) => f.write_str("a NUL byte"),
            Some(b' ') => f.write_str("a space"),
            Some(byte) if byte.is_ascii_control() => write!(f, "the control byte 0x{byte:02X}"),
            Some(byte) if !byte.is_ascii() => f.write_str("a byte that is not ASCII"),
            Some(byte) => write!(f, "`{}`", char::from(byte)),
        }?;
        write!(f, " at byte {} of {}", self.position + 1, self.value.len())
    }
}

/// A method, target, header or body that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidRequest(pub(crate) Violation);

impl InvalidRequest {
    pub(crate) fn new(rule: &'static str, found: &[u8]) -> InvalidRequest {
        InvalidRequest(Violation::new(rule, found))
    }

    /// For a value that may be secret.
    pub(crate) fn without_value(rule: impl Into<Cow<'static, str>>) -> InvalidRequest {
        InvalidRequest(Violation::without_value(rule))
    }
}

/// A URL, or the host and port of a connection, that names no HTTP server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidUrl(pub(crate) Violation);

impl InvalidUrl {
    /// Shows what was found without what may be secret in it: user info, query and fragment.
    pub(crate) fn new(rule: impl Into<Cow<'static, str>>, found: &[u8]) -> InvalidUrl {
        InvalidUrl(Violation::new(rule, &redacted(found)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_escaped_and_cut() {
        assert_eq!(Excerpt::of(b"a\r\n\xff\"").to_string(), r#""a\r\n\xff\"""#);
        let long = Excerpt::of(&[b'x'; 1000]);
        assert_eq!(long.to_string(), format!("\"{}\" and 920 bytes more", "x".repeat(80)));
    }
}
