//! Content codings (RFC 9110 §8.4): which ones are supported, and how they are decoded.
//!
//! Rule of this module: a decoder reads from a buffer and writes to another. Where the bytes come from, how much may come
//! of them at what cost, and what may follow their end is decided in one place, for all codings.

mod accept;
#[cfg(feature = "brotli")]
mod brotli;
mod budget;
mod decode;
mod decoder;
#[cfg(feature = "gzip")]
mod deflate;
#[cfg(feature = "gzip")]
mod gzip;
mod list;
mod source;
mod stage;
mod upstream;
#[cfg(feature = "zstd")]
mod zstd;

pub(crate) use self::{accept::AcceptEncoding, decoder::Decoder, list::content_codings, source::Source};
