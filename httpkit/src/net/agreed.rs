//! What has been agreed on for a stream.

#[cfg(feature = "__tls")]
use std::sync::Arc;

#[cfg(feature = "__tls")]
use crate::net::tls::TlsSession;

/// What the handshake of TLS has agreed on; nothing without one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agreed(#[cfg(feature = "__tls")] pub(super) Option<Arc<TlsSession>>);

impl Agreed {
    #[cfg(feature = "__tls")]
    pub(crate) fn tls_session(&self) -> Option<&TlsSession> {
        self.0.as_deref()
    }
}
