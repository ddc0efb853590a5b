//! SOCKS: a proxy is asked to connect to a server, and carries bytes from then on.

mod error;
mod message;
mod negotiate;
mod v4;
mod v5;

pub use self::error::SocksError;
pub(crate) use self::{
    error::SocksFailure,
    message::{SocksTarget, SocksUser, SocksVersion},
    negotiate::negotiate,
};
