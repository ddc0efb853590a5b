//! What is known of a connection for as long as there is a response that came over it.

use std::sync::OnceLock;

#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::net::{Agreed, Endpoints};

/// An open stream, as responses remember it: all of one connection share it.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) endpoints: Endpoints,
    /// Known from the first response on.
    agreed: OnceLock<Agreed>,
}

impl Link {
    pub(super) fn new(endpoints: Endpoints) -> Link {
        Link { endpoints, agreed: OnceLock::new() }
    }

    /// Notes what has been agreed on with the server.
    pub(super) fn note_agreed(&self, agreed: Agreed) {
        // A stream agrees once.
        let _ = self.agreed.set(agreed);
    }

    /// What TLS has agreed on with the server.
    #[cfg(feature = "__tls")]
    pub(crate) fn tls_session(&self) -> Option<&TlsSession> {
        self.agreed.get()?.tls_session()
    }
}
