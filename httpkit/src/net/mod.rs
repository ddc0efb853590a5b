//! Sockets: connections to other machines, with deadlines. Nothing here knows HTTP.

mod armed;
mod buffer;
mod deadline;
mod dial;
mod error;
mod resolve;
mod socket;
mod stream;
mod tcp;
#[cfg(feature = "tls")]
mod tls;
mod transport;

#[cfg(feature = "tls")]
pub(crate) use self::tls::TlsStream;
#[cfg(feature = "tls")]
pub use self::tls::{TlsConfig, TlsError};
pub(crate) use self::{
    buffer::RecvBuffer,
    dial::dial,
    error::{NetError, Stage},
    socket::Socket,
    stream::Stream,
};
pub use self::{
    deadline::Deadline,
    transport::{Connector, Destination, Probe, Transport},
};
