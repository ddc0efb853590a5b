//! Why bytes could not be moved.

use std::io;

/// A failure of a connection below HTTP.
#[derive(Debug)]
pub(crate) enum NetError {
    TimedOut(Stage),
    /// The name of the host could not be resolved.
    Dns(io::Error),
    /// No address of the host accepted the connection.
    Connect(io::Error),
    #[cfg(feature = "__tls")]
    Tls(super::tls::TlsError),
    /// The peer ended TLS without `close_notify`: what came before may have been cut.
    #[cfg_attr(not(feature = "__tls"), expect(dead_code, reason = "TLS alone tells such ends apart"))]
    Truncated,
    /// A token has ended the wait.
    Cancelled,
    Io(io::Error),
}

impl NetError {
    /// A failure of an attempt to connect.
    pub(super) fn connect(error: io::Error) -> NetError {
        match error.kind() {
            io::ErrorKind::TimedOut => NetError::TimedOut(Stage::Connect),
            _ => NetError::Connect(error),
        }
    }
}

/// What a wait was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Resolve,
    Connect,
    #[cfg_attr(not(feature = "__tls"), expect(dead_code, reason = "there is no handshake without TLS"))]
    Handshake,
    Transfer,
}

impl From<io::Error> for NetError {
    fn from(error: io::Error) -> NetError {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => NetError::TimedOut(Stage::Transfer),
            _ => NetError::Io(error),
        }
    }
}
