//! From a destination to an open socket: addresses, the race between them, and the settings of both.

mod failures;
mod family;
mod in_flight;
mod inbox;
mod lookup;
mod lookups;
mod open;
mod per_process;
mod race;
mod resolve;
mod resolver;
mod route;
mod tcp;
#[cfg(unix)]
mod unix;

#[cfg(feature = "socks")]
pub(crate) use self::resolve::resolve;
pub use self::{
    family::AddressFamily,
    resolver::Resolver,
    tcp::{TcpConfig, TcpKeepalive},
};
pub(crate) use self::{
    open::{DialDeadlines, Dialled, dial},
    route::Route,
};
