//! From the errors of lower layers, and to and from `io::Error`.

use std::io;

use super::{Error, ErrorKind, ProxyError};
use crate::{
    violation::{InvalidRequest, InvalidUrl},
    wire::WireError,
};

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Error {
        Error::new(kind)
    }
}

/// An invalid request: nothing of it was sent.
impl From<InvalidRequest> for Error {
    fn from(error: InvalidRequest) -> Error {
        Error::new(ErrorKind::InvalidRequest(error.0)).unsent()
    }
}

/// An invalid URL: nothing was sent.
impl From<InvalidUrl> for Error {
    fn from(error: InvalidUrl) -> Error {
        Error::new(ErrorKind::InvalidUrl(error.0)).unsent()
    }
}

#[cfg(feature = "__tls")]
impl From<crate::net::TlsError> for Error {
    fn from(error: crate::net::TlsError) -> Error {
        Error::new(ErrorKind::Tls(error)).unsent()
    }
}

impl From<WireError> for Error {
    fn from(error: WireError) -> Error {
        Error::new(match error {
            WireError::BadStatusLine(violation) => ErrorKind::BadStatusLine(violation),
            WireError::UnknownProtocol(found) => ErrorKind::UnknownProtocol(found),
            WireError::BadHeader(violation) => ErrorKind::BadHeader(violation),
            WireError::BadContentLength(violation) => ErrorKind::BadContentLength(violation),
            WireError::UnknownTransferEncoding(found) => ErrorKind::UnknownTransferEncoding(found),
            WireError::BadChunk(violation) => ErrorKind::BadChunk(violation),
            WireError::TooLarge(excess) => excess.into(),
        })
    }
}

/// Finds the `Error` that a [`Read`](io::Read) of httpkit has wrapped; any other becomes [`ErrorKind::Io`].
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        match error.downcast::<Error>() {
            Ok(ours) => ours,
            Err(error) => Error::new(ErrorKind::Io(error)),
        }
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        io::Error::new(io_kind(error.kind()), error)
    }
}

fn io_kind(kind: &ErrorKind) -> io::ErrorKind {
    match kind {
        ErrorKind::Io(source)
        | ErrorKind::Connect { source, .. }
        | ErrorKind::Dns { source, .. }
        | ErrorKind::BodySource(source)
        | ErrorKind::File { source, .. } => source.kind(),
        ErrorKind::Timeout { .. } => io::ErrorKind::TimedOut,
        ErrorKind::IncompleteRead { .. } => io::ErrorKind::UnexpectedEof,
        ErrorKind::RemoteDisconnected => io::ErrorKind::ConnectionReset,
        ErrorKind::NotConnected => io::ErrorKind::NotConnected,
        ErrorKind::Cancelled => io::ErrorKind::ConnectionAborted,
        ErrorKind::InvalidUrl(_) | ErrorKind::InvalidRequest(_) | ErrorKind::BodyLength { .. } => {
            io::ErrorKind::InvalidInput
        }
        ErrorKind::BadStatusLine(_)
        | ErrorKind::UnknownProtocol(_)
        | ErrorKind::BadHeader(_)
        | ErrorKind::BadContentLength(_)
        | ErrorKind::UnknownTransferEncoding(_)
        | ErrorKind::BadChunk(_)
        | ErrorKind::BadRange(_)
        | ErrorKind::BadLink(_)
        | ErrorKind::TooLarge { .. }
        | ErrorKind::Text { .. } => io::ErrorKind::InvalidData,
        #[cfg(feature = "json")]
        ErrorKind::Json { .. } => io::ErrorKind::InvalidData,
        #[cfg(feature = "json")]
        ErrorKind::SerializeJson(_) => io::ErrorKind::InvalidInput,
        #[cfg(feature = "macros")]
        ErrorKind::EmptyBody { .. }
        | ErrorKind::Decode { .. }
        | ErrorKind::ContentType { .. }
        | ErrorKind::JsonLine { .. } => io::ErrorKind::InvalidData,
        #[cfg(feature = "__tls")]
        ErrorKind::Tls(_) => io::ErrorKind::InvalidData,
        ErrorKind::Proxy { source: ProxyError::Connection(error), .. } => io_kind(error.kind()),
        _ => io::ErrorKind::Other,
    }
}
