//! Opening the stream under a connection.

use super::{HttpConnection, State};
#[cfg(feature = "tls")]
use crate::net::TlsStream;
use crate::{
    error::{Error, ErrorKind, Phase, Result, StateError},
    net::{Deadline, Destination, NetError, Socket, Stage, Stream, dial},
    url::Scheme,
    wire::CloseReasons,
};

impl HttpConnection {
    /// Opens the connection, the handshake of TLS included. Requests do so by themselves; on an open
    /// connection nothing happens.
    ///
    /// # Errors
    /// `Dns`, `Connect`, `Tls` or `Timeout`.
    pub fn connect(&mut self) -> Result<()> {
        if self.stream.is_none() {
            let deadline = self.connect_deadline();
            self.open(deadline)?;
            let shaken = self.stream()?.handshake(deadline);
            shaken.map_err(|error| self.net_failure(error, Phase::Handshake))?;
        }
        Ok(())
    }

    /// Makes sure that there is an open stream for a request.
    pub(super) fn ensure_open(&mut self) -> Result<()> {
        match (&self.stream, self.auto_open) {
            (Some(_), _) => Ok(()),
            (None, true) => self.open(self.connect_deadline()),
            (None, false) => Err(Error::new(ErrorKind::NotConnected).unsent()),
        }
    }

    /// Opens the stream. TLS shakes hands later, with the request in the same write.
    fn open(&mut self, deadline: Deadline) -> Result<()> {
        self.bytes_sent = 0;
        self.state = State::Idle;
        let destination = Destination { host: &self.server.host, port: self.server.port };
        let socket = match &self.config.connector {
            None => dial(destination, deadline),
            Some(connector) => match connector.connect(destination, deadline) {
                Ok(transport) => Ok(Socket::Custom(transport)),
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                    Err(NetError::TimedOut(Stage::Connect))
                }
                Err(error) => Err(NetError::Connect(error)),
            },
        };
        let stream = socket.and_then(|socket| self.secure(socket, deadline));
        self.stream = Some(stream.map_err(|error| self.net_failure(error, Phase::Connect))?);
        self.close_reasons = CloseReasons::default();
        Ok(())
    }

    #[cfg(feature = "tls")]
    fn secure(&self, socket: Socket, deadline: Deadline) -> Result<Stream, NetError> {
        match self.scheme {
            Scheme::Http => Ok(Stream::Plain(socket)),
            Scheme::Https => {
                let tls = TlsStream::new(&self.config.tls, &self.server.host, socket, deadline)
                    .map_err(NetError::Tls)?;
                Ok(Stream::Tls(Box::new(tls)))
            }
        }
    }

    #[cfg(not(feature = "tls"))]
    fn secure(&self, socket: Socket, _deadline: Deadline) -> Result<Stream, NetError> {
        match self.scheme {
            Scheme::Http => Ok(Stream::Plain(socket)),
            Scheme::Https => Err(NetError::Connect(std::io::Error::new(
                std::io::ErrorKind::Unsupported,
                "`https` needs the feature `tls` of httpkit",
            ))),
        }
    }

    fn connect_deadline(&self) -> Deadline {
        self.deadline.min(Deadline::after_optional(self.config.timeouts.connect))
    }

    /// Closes, and says what went wrong while `phase` was under way.
    pub(super) fn net_failure(&mut self, error: NetError, phase: Phase) -> Error {
        let host = || self.server.host.clone();
        let kind = match error {
            NetError::TimedOut(Stage::Resolve) => ErrorKind::Timeout(Phase::Resolve),
            NetError::TimedOut(Stage::Connect) => ErrorKind::Timeout(Phase::Connect),
            NetError::TimedOut(Stage::Handshake) => ErrorKind::Timeout(Phase::Handshake),
            NetError::TimedOut(Stage::Transfer) => ErrorKind::Timeout(phase),
            NetError::Dns(source) => ErrorKind::Dns { host: host(), source },
            NetError::Connect(source) => {
                let destination = Destination { host: &self.server.host, port: self.server.port };
                ErrorKind::Connect { host: destination.to_string(), source }
            }
            #[cfg(feature = "tls")]
            NetError::Tls(error) => ErrorKind::Tls(error),
            NetError::Truncated => ErrorKind::IncompleteRead { received: 0, expected: None },
            NetError::Io(error) => ErrorKind::Io(error),
        };
        self.fail(kind)
    }

    /// Refuses a call that this state does not allow.
    pub(super) fn refuse(&self, kind: impl FnOnce(StateError) -> ErrorKind) -> Error {
        Error::new(kind(self.state_error())).unsent()
    }
}
