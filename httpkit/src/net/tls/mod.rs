//! TLS by rustls: all that httpkit knows of it.

mod config;
mod error;
mod stream;

pub(crate) use self::stream::TlsStream;
pub use self::{config::TlsConfig, error::TlsError};
