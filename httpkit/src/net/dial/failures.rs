//! The addresses that could not be connected to.

use std::{fmt, io, net::SocketAddr};

use crate::net::error::NetError;

/// The number of failures that a message shows: it stays readable, and they are mostly alike.
const SHOWN: usize = 3;

/// Why no address of a host could be connected to: each with its error, in the order of the failures.
#[derive(Debug, Default)]
pub(super) struct Failures(Vec<(SocketAddr, io::Error)>);

impl Failures {
    pub(super) fn add(&mut self, address: SocketAddr, error: io::Error) {
        self.0.push((address, error));
    }

    /// Returns the failure of the only address.
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

/// `192.0.2.1:80: Connection refused (os error 111); [2001:db8::1]:80: ...; ...; and 29 more of 32 addresses`
impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (address, error)) in self.0.iter().take(SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{address}: {error}")?;
        }
        match self.0.len() {
            0..=SHOWN => Ok(()),
            count => write!(f, "; and {} more of {count} addresses", count - SHOWN),
        }
    }
}

impl std::error::Error for Failures {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_shows_three_failures_and_counts_the_others() {
        let mut failures = Failures::default();
        let mut messages = Vec::new();
        for port in 1..=5 {
            failures.add(SocketAddr::from(([192, 0, 2, 1], port)), io::Error::other("no"));
            messages.push(failures.to_string());
        }
        let three = "192.0.2.1:1: no; 192.0.2.1:2: no; 192.0.2.1:3: no";
        assert_eq!(messages[0], "192.0.2.1:1: no");
        assert_eq!(messages[2], three);
        assert_eq!(messages[3], format!("{three}; and 1 more of 4 addresses"));
        assert_eq!(messages[4], format!("{three}; and 2 more of 5 addresses"));
    }
}
