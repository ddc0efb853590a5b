//! HTTP/1.1 on the wire (RFC 9112): bytes in, values out.
//!
//! Nothing here knows a clock, a socket or a configuration beyond limits and strictness. Parsers are fed a
//! buffer that grows, and say `Complete`, `Incomplete` or an error, never two of these in one signal.

mod chunked;
mod control;
mod error;
mod fields;
mod framing;
mod head;
mod keep_alive;
mod persistence;
#[cfg(feature = "testing")]
mod request_head;
mod strictness;

#[cfg(feature = "testing")]
pub(crate) use self::request_head::RequestHead;
pub use self::strictness::Strictness;
pub(crate) use self::{
    chunked::{ChunkedDecoder, write_chunk, write_last_chunk},
    control::ControlFields,
    error::WireError,
    framing::{Framing, frame_response},
    head::{HeadParser, ResponseHead},
    keep_alive::KeepAlive,
    persistence::{CloseReason, CloseReasons, asked_to_close},
};
