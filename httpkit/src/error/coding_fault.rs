//! What is wrong with encoded content.

use crate::violation::Excerpt;

/// Why content does not follow its content coding (RFC 9110, Section 8.4).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodingFault {
    /// The body ends before its encoded data do.
    #[error("the body ends within the encoded data")]
    Truncated,
    /// Something stands behind the encoded data that belongs to none.
    #[error("something stands behind the encoded data; found {0}")]
    Trailing(Excerpt),
    /// The data are not what the coding makes, or their checksum is wrong: what its decoder says.
    #[error("{0}")]
    Malformed(Box<str>),
}
