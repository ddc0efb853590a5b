//! Which addresses were tried in vain.

use std::{fmt, io, net::SocketAddr};

use crate::net::error::NetError;

/// Why none of a host's addresses could be connected to: each with its error, in the order of the failures.
#[derive(Debug, Default)]
pub(super) struct Failures(Vec<(SocketAddr, io::Error)>);

impl Failures {
    pub(super) fn add(&mut self, address: SocketAddr, error: io::Error) {
        self.0.push((address, error));
    }

    /// The one failure of the one address.
    pub(super) fn of(address: SocketAddr, error: io::Error) -> Failures {
        Failures(vec![(address, error)])
    }
}

/// A failure to connect, of the kind of the last one.
impl From<Failures> for NetError {
    fn from(failures: Failures) -> NetError {
        let kind = failures.0.last().map_or(io::ErrorKind::NotFound, |(_, error)| error.kind());
        NetError::connect(io::Error::new(kind, failures))
    }
}

/// `192.0.2.1:80: Connection refused (os error 111); [2001:db8::1]:80: ...`
impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (address, error)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{address}: {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failures {}
