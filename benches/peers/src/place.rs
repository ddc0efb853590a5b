//! Where the server is.

use std::{fmt, net::SocketAddr, path::PathBuf};

use crate::Result;

/// What a client has to know of the server.
#[derive(Clone)]
pub struct Place {
    pub plain: SocketAddr,
    pub tls: SocketAddr,
    /// The file with the certificate to trust.
    pub certificate: PathBuf,
}

/// One thing to ask for.
pub struct Address {
    pub is_secure: bool,
    pub socket: SocketAddr,
    pub target: &'static str,
    /// All of it, as clients take it.
    pub url: String,
}

impl Place {
    /// As `Display` has it.
    pub fn parse(place: &str) -> Result<Place> {
        let mut parts = place.split(',');
        let mut next = || parts.next().ok_or("a place is PLAIN,TLS,CERTIFICATE");
        Ok(Place { plain: next()?.parse()?, tls: next()?.parse()?, certificate: next()?.into() })
    }

    pub fn address(&self, is_secure: bool, target: &'static str) -> Address {
        let socket = if is_secure { self.tls } else { self.plain };
        let scheme = if is_secure { "https" } else { "http" };
        Address { is_secure, socket, target, url: format!("{scheme}://{socket}{target}") }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.plain, self.tls, self.certificate.display())
    }
}
