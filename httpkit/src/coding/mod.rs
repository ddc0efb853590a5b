//! Content codings (RFC 9110, Section 8.4): which ones are spoken, and how they are undone.
//!
//! Rule of this module: a coding is fed from a buffer and gives into another. Where the bytes come from, how
//! much may come of them, and what may stand behind their end is decided in one place, for all codings.

mod accept;
#[cfg(feature = "brotli")]
mod brotli;
mod decode;
mod decoder;
#[cfg(feature = "gzip")]
mod deflate;
#[cfg(feature = "gzip")]
mod gzip;
mod list;
mod source;
mod stage;
#[cfg(feature = "zstd")]
mod zstd;

pub(crate) use self::{accept::AcceptEncoding, decoder::Decoder, list::content_codings};
