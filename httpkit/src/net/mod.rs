//! Sockets: connections to other machines, with deadlines. Nothing here knows HTTP.

mod agreed;
mod buffer;
mod cancel;
mod clock;
mod contain;
mod deadline;
mod dial;
mod endpoints;
mod error;
mod pace;
mod pause;
mod shared;
mod socket;
#[cfg(feature = "socks")]
mod socks;
mod stream;
mod system_socket;
#[cfg(feature = "__tls")]
mod tls;
mod transport;
mod write_deadlines;

#[cfg(feature = "testing")]
pub(crate) use self::clock::advance;
#[cfg(feature = "socks")]
pub(crate) use self::dial::resolve;
#[cfg(feature = "socks")]
pub use self::socks::SocksError;
#[cfg(feature = "socks")]
pub(crate) use self::socks::{SocksFailure, SocksTarget, SocksUser, SocksVersion, negotiate};
#[cfg(feature = "__tls")]
pub(crate) use self::tls::TlsStream;
#[cfg(feature = "__tls")]
pub use self::tls::{CertificateFault, TlsConfig, TlsError, TlsProvider, TlsSession, TlsVersion, danger};
pub(crate) use self::{
    agreed::Agreed,
    buffer::{RecvBuffer, check_consumed},
    cancel::{CancelTokens, Watch},
    clock::now,
    dial::{DialDeadlines, Dialled, Route, dial},
    endpoints::Endpoints,
    error::{NetError, Stage},
    pace::Pace,
    pause::pause,
    shared::Shared,
    socket::Socket,
    stream::Stream,
    write_deadlines::WriteDeadlines,
};
pub use self::{
    cancel::CancelToken,
    deadline::Deadline,
    dial::{AddressFamily, Resolver, TcpConfig, TcpKeepalive},
    transport::{Connector, Destination, Probe, Transport},
};
