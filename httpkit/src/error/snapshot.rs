//! What is kept of a response that was an error.

use std::fmt;

use httpkit_status::StatusCode;

#[cfg(feature = "json")]
use super::problem::Problem;
#[cfg(feature = "json")]
use crate::media_type::MediaType;
use crate::{headers::Headers, violation::Excerpt};

/// A response whose status is 400 or above, taken off its connection: status, headers, and the start of the
/// body (64 KiB by default).
#[derive(Clone)]
pub struct StatusSnapshot {
    status: StatusCode,
    headers: Headers,
    body: Vec<u8>,
    is_truncated: bool,
}

impl StatusSnapshot {
    pub(crate) fn new(
        status: StatusCode,
        headers: Headers,
        body: Vec<u8>,
        is_truncated: bool,
    ) -> StatusSnapshot {
        StatusSnapshot { status, headers, body, is_truncated }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers, as received.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The body, or its start: see [`is_truncated`](StatusSnapshot::is_truncated).
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as text, bytes that are not UTF-8 replaced by U+FFFD.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Whether the body was longer than what was kept, or could not be read to its end.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Decodes the body from JSON.
    ///
    /// # Errors
    /// What `serde_json` says of the body.
    #[cfg(feature = "json")]
    pub fn json<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The problem details (RFC 9457), if the response says that it has them and they can be decoded.
    #[cfg(feature = "json")]
    pub fn problem(&self) -> Option<Problem> {
        let content_type = self.headers.get("content-type")?.to_str()?;
        let media_type = MediaType::parse(content_type)?;
        if media_type.is(Problem::MEDIA_TYPE) { self.json().ok() } else { None }
    }
}

impl fmt::Display for StatusSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.status, f)?;
        if self.body.is_empty() { Ok(()) } else { write!(f, "; the body begins {}", Excerpt::of(&self.body)) }
    }
}

/// Of the body, the start alone.
impl fmt::Debug for StatusSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusSnapshot")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &Excerpt::of(&self.body))
            .field("is_truncated", &self.is_truncated)
            .finish()
    }
}
