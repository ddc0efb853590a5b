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
    /// Content codings of one body that are undone, such as `gzip`. Defaults to 2.
    pub max_content_codings: usize,
    /// Bytes that undoing a content coding gives, also where they are only passed on. Defaults to no limit but
    /// the next one.
    pub max_decoded_bytes: u64,
    /// Bytes that undoing a content coding gives for each byte received, once there are more than 1 MiB.
    /// Defaults to 1000; text has some 5 to 20.
    pub max_decoded_ratio: u64,
}

impl Limits {
    /// Up to so many bytes, no ratio is too large.
    pub(crate) const ALWAYS_DECODED: u64 = 1024 * 1024;
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
            max_content_codings: 2,
            max_decoded_bytes: u64::MAX,
            max_decoded_ratio: 1000,
        }
    }
}
