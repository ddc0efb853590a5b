//! What a refusal says: the rule that was broken and what was found, safe to print.

use std::fmt;

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

/// A rule that was broken, and the value that broke it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}; found {found}")]
pub struct Violation {
    rule: &'static str,
    found: Excerpt,
}

impl Violation {
    pub(crate) fn new(rule: &'static str, found: &[u8]) -> Violation {
        Violation { rule, found: Excerpt::of(found) }
    }

    /// The rule, as a sentence with the section that states it.
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// The value that was found.
    pub fn found(&self) -> &Excerpt {
        &self.found
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
}

/// A URL, or the host and port of a connection, that names no HTTP server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidUrl(pub(crate) Violation);

impl InvalidUrl {
    /// Shows what stands behind the last `@`: a password may stand before it.
    pub(crate) fn new(rule: &'static str, found: &[u8]) -> InvalidUrl {
        let shown = found.rsplit(|byte| *byte == b'@').next().unwrap_or_default();
        InvalidUrl(Violation::new(rule, shown))
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
