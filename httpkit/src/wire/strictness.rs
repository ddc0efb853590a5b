//! How much a recipient forgives.

/// How a connection treats a response that deviates from RFC 9112. Chosen per client or connection.
///
/// Both forgive what the RFC tells recipients to forgive; after any deviation the connection is not reused.
///
/// | deviation | `Strict` | `Compat` |
/// |---|---|---|
/// | obs-fold in a field value | unfolded | unfolded |
/// | a line of the head ends in a bare LF | read | read |
/// | bare CR or NUL in the head | refused | refused |
/// | other control bytes in a value or reason phrase | refused | read |
/// | a header line without a colon | refused | skipped |
/// | an empty or illegal field name | refused | refused |
/// | blanks before the colon; empty lines before the status line | refused | read |
/// | more than one blank before the status code, or HTAB beside it | refused | read |
/// | `Content-Length: 5, 5`, or repeated alike | one value | one value |
/// | `Content-Length` that differs or is no `1*DIGIT` | refused | refused |
/// | `Transfer-Encoding` beside `Content-Length` | chunked wins | chunked wins |
/// | `Transfer-Encoding` in an HTTP/1.0 response | read | read |
/// | a length above 0 or a transfer coding in a 204 or an interim response | ignored | ignored |
/// | a transfer coding that is unknown, or a last one that is not `chunked` | refused | `identity` ignored |
/// | bare LF in chunk framing; blanks around a chunk size | refused | read |
/// | the connection ends where the last chunk should begin | refused | read |
/// | the connection ends within a `Content-Length` or a chunk | refused | refused |
/// | TLS ends without `close_notify` under a close-delimited body | refused | read |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Strictness {
    /// Exactly as strict as RFC 9112: the default.
    #[default]
    Strict,
    /// Reads what broken servers are known to send, where that cannot be taken for something else.
    Compat,
}

impl Strictness {
    pub(crate) fn is_compat(self) -> bool {
        self == Strictness::Compat
    }
}
