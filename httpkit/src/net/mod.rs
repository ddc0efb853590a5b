//! Sockets: connections to other machines, with deadlines. Nothing here knows HTTP.

mod armed;
mod buffer;
mod cancel;
mod deadline;
mod dial;
mod error;
mod resolve;
mod route;
mod shared;
mod socket;
mod std_socket;
mod stream;
#[cfg(feature = "tls")]
mod tls;
mod transport;

#[cfg(feature = "tls")]
pub(crate) use self::tls::TlsStream;
#[cfg(feature = "tls")]
pub use self::tls::{TlsConfig, TlsError};
pub(crate) use self::{
    buffer::RecvBuffer,
    cancel::Watch,
    dial::dial,
    error::{NetError, Stage},
    route::Route,
    shared::Shared,
    socket::Socket,
    stream::Stream,
};
pub use self::{
    cancel::CancelToken,
    deadline::Deadline,
    transport::{Connector, Destination, Probe, Transport},
};
