//! How much of anything a peer may send.

/// The limits on what a peer sends. Each has a default, each can be set, and going over one is
/// `ErrorKind::TooLarge`, which names it.
///
/// ```
/// use httpkit::Limits;
///
/// let limits = Limits { max_fields: 32, ..Limits::default() };
/// assert_eq!(limits.max_head_bytes, 64 * 1024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a response's status line and headers; the interim responses before it together may take as
    /// much again. Defaults to 64 KiB.
    pub max_head_bytes: usize,
    /// Field lines of a head. Defaults to 128.
    pub max_fields: usize,
    /// Interim (1xx) responses before the final one. Defaults to 16.
    pub max_interim_responses: usize,
    /// Bytes of chunk extensions and leading zeros in one body. Defaults to 16 KiB.
    pub max_chunk_extension_bytes: usize,
    /// Bytes of a trailer section. Defaults to 32 KiB.
    pub max_trailer_bytes: usize,
    /// Field lines of a trailer section. Defaults to 64.
    pub max_trailer_fields: usize,
    /// Bytes of a body that is collected in memory (`text()`, `bytes()`, `json()`). Defaults to 64 MiB.
    pub max_collected_bytes: usize,
    /// Bytes of a body that are kept with a status error. Defaults to 64 KiB.
    pub max_error_body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_head_bytes: 64 * 1024,
            max_fields: 128,
            max_interim_responses: 16,
            max_chunk_extension_bytes: 16 * 1024,
            max_trailer_bytes: 32 * 1024,
            max_trailer_fields: 64,
            max_collected_bytes: 64 * 1024 * 1024,
            max_error_body_bytes: 64 * 1024,
        }
    }
}
