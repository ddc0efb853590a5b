//! Credentials: how they are written, and whom they are for.
//!
//! Rule of this module: credentials are looked up for the host or origin of each request, by who knows the
//! URL. None are taken from what a server says.

#[cfg(feature = "digest")]
mod challenge;
#[cfg(feature = "digest")]
mod digest;
mod netrc;
#[cfg(feature = "digest")]
mod sessions;

pub(crate) use self::netrc::{Netrc, Visit};
#[cfg(feature = "digest")]
pub(crate) use self::{digest::DigestCredentials, sessions::DigestSessions};
