//! TLS by rustls: all that httpkit knows of it.

mod build;
mod config;
pub mod danger;
mod error;
mod key_log;
mod name;
mod pem;
mod provider;
mod session;
mod settings;
mod stream;
mod transport;
mod unverified;
mod verifier;
mod version;

pub(crate) use self::stream::TlsStream;
pub use self::{
    config::TlsConfig,
    error::{CertificateFault, TlsError},
    provider::TlsProvider,
    session::TlsSession,
    version::TlsVersion,
};
