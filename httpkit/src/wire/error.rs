//! What a peer can get wrong on the wire.

use crate::{
    limits::Excess,
    violation::{Excerpt, Violation},
};

/// A message that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WireError {
    BadStatusLine(Violation),
    UnknownProtocol(Excerpt),
    BadHeader(Violation),
    BadContentLength(Violation),
    UnknownTransferEncoding(Excerpt),
    BadChunk(Violation),
    TooLarge(Excess),
}
