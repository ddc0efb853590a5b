//! Credentials: how they are written, and whom they are for.
//!
//! Rule of this module: credentials are looked up for the host or origin of each request, by who knows the
//! URL. None are taken from what a server says.

mod basic;
#[cfg(feature = "digest")]
mod challenge;
#[cfg(feature = "digest")]
mod digest;
mod netrc;
#[cfg(feature = "digest")]
mod sessions;

pub(crate) use self::{
    basic::{basic, basic_of_user_info},
    netrc::Netrc,
};
#[cfg(feature = "digest")]
pub(crate) use self::{digest::DigestCredentials, sessions::DigestSessions};
