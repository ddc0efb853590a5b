//! Event streams: the format in which servers send events (HTML Standard, Section 9.2.5).
//!
//! Pure: bytes in, events out. Who reads them from where is no matter of this module.

mod event;
mod parser;

pub use self::event::ServerSentEvent;
pub(crate) use self::parser::{EventParser, MAX_ID_BYTES};
