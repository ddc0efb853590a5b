//! What a peer can get wrong on the wire.

use crate::violation::{Excerpt, Violation};

/// A message that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WireError {
    BadStatusLine(Violation),
    UnknownProtocol(Excerpt),
    BadHeader(Violation),
    BadContentLength(Violation),
    UnknownTransferEncoding(Excerpt),
    BadChunk(Violation),
    /// More of `what` than `limit`.
    TooLarge {
        what: &'static str,
        limit: usize,
    },
}
