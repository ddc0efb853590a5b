//! Why a proxy leads nowhere.

use super::{Error, PASSING_STATUSES, StatusSnapshot};
#[cfg(feature = "socks")]
use crate::net::SocksError;
use crate::violation::Excerpt;

/// What went wrong between here and a proxy, or what the proxy said.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// The connection to the proxy failed, or what it answered is no HTTP.
    #[error(transparent)]
    Connection(Error),
    /// The proxy made no tunnel: 407 where it wants credentials, 403 where it does not lead there, 502 where it could
    /// not connect …
    #[error("the proxy answered {0}")]
    Refused(Box<StatusSnapshot>),
    /// The proxy sent bytes behind its consent, before the server had been asked anything.
    #[error("a tunnel begins empty; found {0}")]
    UnaskedBytes(Excerpt),
    /// What a SOCKS proxy said.
    #[cfg(feature = "socks")]
    #[error("SOCKS: {0}")]
    Socks(SocksError),
}

impl ProxyError {
    /// Whether it may go well the next time.
    pub(super) fn is_of_the_moment(&self) -> bool {
        match self {
            ProxyError::Connection(error) => error.is_of_the_moment(),
            ProxyError::Refused(snapshot) => PASSING_STATUSES.contains(&snapshot.status()),
            ProxyError::UnaskedBytes(_) => false,
            #[cfg(feature = "socks")]
            ProxyError::Socks(error) => error.is_of_the_moment(),
        }
    }
}

impl From<Error> for ProxyError {
    fn from(error: Error) -> ProxyError {
        ProxyError::Connection(error)
    }
}
