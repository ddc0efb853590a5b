//! The limits on what a peer may send.

use std::fmt;

use crate::setting::Setting;

/// The limits on what a server may send. `None` turns a limit off. A limit that is not set is inherited.
///
/// A request inherits from its typed client, then from the [`Client`](crate::Client), then from the defaults. A response
/// that exceeds a limit is [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge), which names the limit and the method
/// that sets it. Unless all of the response has been received, the connection is closed.
///
/// | setting | limits | default |
/// |---|---|---|
/// | [`max_head_bytes`](Limits::max_head_bytes) | the head of a response | 64 KiB |
/// | [`max_fields`](Limits::max_fields) | the field lines of a head | 128 |
/// | [`max_chunk_extension_bytes`](Limits::max_chunk_extension_bytes) | the chunk extensions of a body | 16 KiB |
/// | [`max_trailer_bytes`](Limits::max_trailer_bytes) | the trailer section | 32 KiB |
/// | [`max_trailer_fields`](Limits::max_trailer_fields) | the field lines of the trailer section | 64 |
/// | [`max_body_bytes`](Limits::max_body_bytes) | any body | none |
/// | [`max_collected_bytes`](Limits::max_collected_bytes) | a body in memory | 64 MiB |
/// | [`max_error_body_bytes`](Limits::max_error_body_bytes) | the body that a status error keeps | 64 KiB |
/// | [`max_content_codings`](Limits::max_content_codings) | the content codings of a body | 2 |
/// | [`max_decoded_ratio`](Limits::max_decoded_ratio) | the decoded bytes for each byte received | 1000 |
/// | [`max_coding_overhead`](Limits::max_coding_overhead) | the encoded bytes that decode to nothing | 512 KiB |
///
/// ```
/// use httpkit::{Client, Limits};
///
/// let client = Client::builder().limits(Limits::new().max_fields(32)).build()?;
/// let request = client.get("http://example.org/").limits(Limits::new().max_body_bytes(1024 * 1024));
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(crate) head_bytes: Setting<usize>,
    pub(crate) fields: Setting<usize>,
    pub(crate) chunk_extension_bytes: Setting<usize>,
    pub(crate) trailer_bytes: Setting<usize>,
    pub(crate) trailer_fields: Setting<usize>,
    pub(crate) body_bytes: Setting<u64>,
    pub(crate) collected_bytes: Setting<usize>,
    pub(crate) error_body_bytes: Setting<usize>,
    pub(crate) content_codings: Setting<usize>,
    pub(crate) decoded_ratio: Setting<u64>,
    pub(crate) coding_overhead: Setting<u64>,
}

impl Limits {
    /// The decoded bytes from which on the ratio is checked, because small bodies of zeros are common.
    pub(crate) const ALWAYS_DECODED: u64 = 1024 * 1024;

    /// Returns limits of which none is set, so that all are inherited.
    pub const fn new() -> Limits {
        Limits {
            head_bytes: Setting::default_of(64 * 1024),
            fields: Setting::default_of(128),
            chunk_extension_bytes: Setting::default_of(16 * 1024),
            trailer_bytes: Setting::default_of(32 * 1024),
            trailer_fields: Setting::default_of(64),
            body_bytes: Setting::default_of(u64::MAX),
            collected_bytes: Setting::default_of(64 * 1024 * 1024),
            error_body_bytes: Setting::default_of(64 * 1024),
            content_codings: Setting::default_of(2),
            decoded_ratio: Setting::default_of(1000),
            coding_overhead: Setting::default_of(512 * 1024),
        }
    }

    /// Sets the maximum size of a response head (status line and headers) in bytes. All interim responses before it may
    /// together have as many bytes again. Defaults to 64 KiB.
    pub fn max_head_bytes(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.head_bytes = Setting::chosen(bytes.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum number of field lines of a response head. Defaults to 128.
    pub fn max_fields(mut self, fields: impl Into<Option<usize>>) -> Self {
        self.fields = Setting::chosen(fields.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum number of bytes that chunk extensions and leading zeros of chunk sizes may have in one body.
    /// Defaults to 16 KiB.
    pub fn max_chunk_extension_bytes(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.chunk_extension_bytes = Setting::chosen(bytes.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum size of a trailer section in bytes. Defaults to 32 KiB.
    pub fn max_trailer_bytes(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.trailer_bytes = Setting::chosen(bytes.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum number of field lines of a trailer section. Defaults to 64.
    pub fn max_trailer_fields(mut self, fields: impl Into<Option<usize>>) -> Self {
        self.trailer_fields = Setting::chosen(fields.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum size of a body in bytes, whether it is collected, read through `Read`, copied, or saved. The
    /// limit counts the bytes that the caller receives: decoded ones if the body is decoded. It limits the whole file
    /// of a [`Download`](crate::Download). Defaults to none.
    pub fn max_body_bytes(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.body_bytes = Setting::chosen(bytes.into().unwrap_or(u64::MAX));
        self
    }

    /// Sets the maximum size of a body that is collected in memory (`text()`, `bytes()`, `json()`), in bytes. Defaults
    /// to 64 MiB.
    pub fn max_collected_bytes(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.collected_bytes = Setting::chosen(bytes.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets how many bytes of the body a status error keeps. The rest is discarded. Defaults to 64 KiB.
    pub fn max_error_body_bytes(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.error_body_bytes = Setting::chosen(bytes.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum number of content codings, such as `gzip`, that are decoded in one body. Defaults to 2.
    pub fn max_content_codings(mut self, codings: impl Into<Option<usize>>) -> Self {
        self.content_codings = Setting::chosen(codings.into().unwrap_or(usize::MAX));
        self
    }

    /// Sets the maximum number of decoded bytes for each byte received, checked after the first decoded MiB. Text has a
    /// ratio of 5 to 20. Defaults to 1000.
    pub fn max_decoded_ratio(mut self, ratio: impl Into<Option<u64>>) -> Self {
        self.decoded_ratio = Setting::chosen(ratio.into().unwrap_or(u64::MAX));
        self
    }

    /// Sets the limit on the encoded bytes of a body that decode to nothing: empty gzip members and zstd frames, empty
    /// blocks, metadata. Each decoded byte makes up for 16 of them, so a body can consist of any number of short members
    /// or flushed blocks. All codings of a body count together. A 64th of the bytes received is always allowed, so that a
    /// long body can end with an index. Defaults to 512 KiB.
    ///
    /// A coding may need a whole block to decode anything: up to 128 KiB in zstd. Bodies are rejected if the limit is
    /// lower than that for each coding.
    pub fn max_coding_overhead(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.coding_overhead = Setting::chosen(bytes.into().unwrap_or(u64::MAX));
        self
    }

    /// Returns these limits, with that of `base` for each one that is not set.
    pub(crate) fn over(self, base: &Limits) -> Limits {
        // Without `..`, so that a new limit cannot be left out.
        let Limits {
            head_bytes,
            fields,
            chunk_extension_bytes,
            trailer_bytes,
            trailer_fields,
            body_bytes,
            collected_bytes,
            error_body_bytes,
            content_codings,
            decoded_ratio,
            coding_overhead,
        } = self;
        Limits {
            head_bytes: head_bytes.or(base.head_bytes),
            fields: fields.or(base.fields),
            chunk_extension_bytes: chunk_extension_bytes.or(base.chunk_extension_bytes),
            trailer_bytes: trailer_bytes.or(base.trailer_bytes),
            trailer_fields: trailer_fields.or(base.trailer_fields),
            body_bytes: body_bytes.or(base.body_bytes),
            collected_bytes: collected_bytes.or(base.collected_bytes),
            error_body_bytes: error_body_bytes.or(base.error_body_bytes),
            content_codings: content_codings.or(base.content_codings),
            decoded_ratio: decoded_ratio.or(base.decoded_ratio),
            coding_overhead: coding_overhead.or(base.coding_overhead),
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::new()
    }
}

/// A limit that was exceeded, as an error shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Excess {
    pub(crate) what: &'static str,
    pub(crate) limit: u64,
    pub(crate) unit: &'static str,
    pub(crate) setting: &'static str,
}

/// The error of each limit.
impl Limits {
    pub(crate) fn head_excess(&self) -> Excess {
        Excess::bytes("response head", self.head_bytes.value, "Limits::max_head_bytes")
    }

    pub(crate) fn interim_excess(&self) -> Excess {
        Excess { what: "sequence of interim responses", ..self.head_excess() }
    }

    pub(crate) fn chunk_extension_excess(&self) -> Excess {
        let setting = "Limits::max_chunk_extension_bytes";
        Excess::bytes("chunk framing of the body", self.chunk_extension_bytes.value, setting)
    }

    pub(crate) fn trailer_excess(&self) -> Excess {
        Excess::bytes("trailer section", self.trailer_bytes.value, "Limits::max_trailer_bytes")
    }

    pub(crate) fn body_excess(&self) -> Excess {
        let limit = self.body_bytes.value;
        Excess { what: "body", limit, unit: "bytes", setting: "Limits::max_body_bytes" }
    }

    pub(crate) fn collected_excess(&self) -> Excess {
        Excess::bytes("body in memory", self.collected_bytes.value, "Limits::max_collected_bytes")
    }

    pub(crate) fn coding_excess(&self) -> Excess {
        let limit = self.content_codings.value as u64;
        Excess { what: "Content-Encoding", limit, unit: "codings", setting: "Limits::max_content_codings" }
    }

    pub(crate) fn ratio_excess(&self) -> Excess {
        let (limit, unit) = (self.decoded_ratio.value, "decoded bytes per byte received");
        Excess { what: "content coding", limit, unit, setting: "Limits::max_decoded_ratio" }
    }

    /// `limit` is the setting, or more if the body is long.
    pub(crate) fn overhead_excess(limit: u64) -> Excess {
        let what = "encoded data without content";
        Excess { what, limit, unit: "bytes", setting: "Limits::max_coding_overhead" }
    }
}

impl Excess {
    pub(crate) fn bytes(what: &'static str, limit: usize, setting: &'static str) -> Excess {
        Excess { what, limit: limit as u64, unit: "bytes", setting }
    }

    pub(crate) fn fields(what: &'static str, limit: usize, setting: &'static str) -> Excess {
        Excess { what, limit: limit as u64, unit: "fields", setting }
    }
}

/// A limit in its unit: `64 KiB`, `1000 bytes`, `128 fields`.
pub(crate) struct Amount(pub(crate) u64, pub(crate) &'static str);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KIB: u64 = 1024;
        const MIB: u64 = 1024 * KIB;
        match *self {
            Amount(bytes, "bytes") if bytes >= MIB && bytes % MIB == 0 => write!(f, "{} MiB", bytes / MIB),
            Amount(bytes, "bytes") if bytes >= KIB && bytes % KIB == 0 => write!(f, "{} KiB", bytes / KIB),
            Amount(1, unit) => write!(f, "1 {}", unit.strip_suffix('s').unwrap_or(unit)),
            Amount(limit, unit) => write!(f, "{limit} {unit}"),
        }
    }
}
