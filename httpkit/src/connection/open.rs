//! Opening the stream under a connection.

use std::sync::Arc;

use super::{HttpConnection, Link, State};
#[cfg(feature = "__tls")]
use crate::net::TlsStream;
use crate::{
    error::{Error, ErrorKind, Phase, Result, StateError},
    net::{CancelTokens, Deadline, Destination, DialDeadlines, NetError, Socket, Stage, Stream, dial, now},
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
            self.open(self.connect_deadline())?;
            self.shake_hands()?;
        }
        Ok(())
    }

    /// Completes the TLS handshake of the open stream. Does nothing for `http`.
    pub(super) fn shake_hands(&mut self) -> Result<()> {
        let deadline = self.connect_by;
        let shaken = self.stream()?.handshake(deadline);
        shaken.map_err(|error| self.net_failure(error, Phase::Handshake))?;
        self.note_handshake();
        Ok(())
    }

    /// Makes sure that there is an open stream for a request.
    pub(crate) fn ensure_open(&mut self) -> Result<()> {
        match (&self.stream, self.auto_open) {
            (Some(_), _) => {
                self.watch();
                Ok(())
            }
            (None, true) => self.open(self.connect_deadline()),
            (None, false) => Err(Error::new(ErrorKind::NotConnected).unsent()),
        }
    }

    /// Opens the stream. TLS shakes hands later, with the request in the same write.
    fn open(&mut self, deadline: Deadline) -> Result<()> {
        self.bytes_sent = 0;
        self.state = State::Idle;
        self.connect_by = deadline;
        self.resolve_by = Deadline::NEVER;
        self.handshake_by = Deadline::NEVER;
        let stream = match self.proxy.clone() {
            None => self.open_directly(deadline),
            Some(proxy) => self.open_through(&proxy, deadline),
        };
        let stream = self.stream.insert(stream?);
        self.link = Some(Arc::new(Link::new(stream.endpoints())));
        self.close_reasons = CloseReasons::default();
        self.opened = now();
        self.exchanges = 0;
        if let (Some(token), Some(stream)) = (&self.config.shutdown, &self.stream) {
            self.shutdown_watch = Some(token.watch(stream.stop()));
        }
        self.watch();
        Ok(())
    }

    fn open_directly(&mut self, deadline: Deadline) -> Result<Stream> {
        self.set_resolve_by(deadline);
        let deadlines = DialDeadlines { resolve_by: self.resolve_by, connect_by: deadline };
        let dialled = dial(&self.config.route, self.destination(), deadlines, self.cancel_tokens());
        let stream = dialled.and_then(|dialled| {
            self.note_dialled(&dialled);
            self.secure(dialled.socket, deadline)
        });
        stream.map_err(|error| self.net_failure(error, Phase::Connect))
    }

    /// Begins a name lookup for a connection that must be open by `deadline`.
    pub(super) fn set_resolve_by(&mut self, deadline: Deadline) {
        let resolve = self.bounds.timeouts.resolve.value;
        self.resolve_by = deadline.min(Deadline::after_optional(resolve));
    }

    pub(super) fn destination(&self) -> Destination<'_> {
        Destination { host: &self.server.host, port: self.server.port }
    }

    /// Lets the token end the waits on the open stream.
    pub(super) fn watch(&mut self) {
        if let (Some(token), Some(stream), None) = (&self.cancel, &self.stream, &self.watch) {
            self.watch = Some(token.watch(stream.stop()));
        }
    }

    /// Whether the exchange has been cancelled from another thread.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel_tokens().have_cancelled()
    }

    /// Who may end what it waits for.
    #[inline]
    pub(super) fn cancel_tokens(&self) -> CancelTokens<'_> {
        CancelTokens { exchange: self.cancel.as_ref(), shutdown: self.config.shutdown.as_ref() }
    }

    #[cfg(feature = "__tls")]
    pub(super) fn secure(&mut self, socket: Socket, deadline: Deadline) -> Result<Stream, NetError> {
        match self.scheme {
            Scheme::Http => Ok(Stream::Plain(socket)),
            Scheme::Https => {
                let handshake = self.bounds.timeouts.handshake.value;
                self.handshake_by = deadline.min(Deadline::after_optional(handshake));
                let (config, host) = (&self.config.route.tls, &self.server.host);
                let tls = TlsStream::new(config, host, socket, self.handshake_by).map_err(NetError::Tls)?;
                Ok(Stream::Tls(Box::new(tls)))
            }
        }
    }

    #[cfg(not(feature = "__tls"))]
    pub(super) fn secure(&mut self, socket: Socket, _deadline: Deadline) -> Result<Stream, NetError> {
        match self.scheme {
            Scheme::Http => Ok(Stream::Plain(socket)),
            Scheme::Https => Err(NetError::Connect(std::io::Error::new(
                std::io::ErrorKind::Unsupported,
                "`https` needs the feature `tls` of httpkit",
            ))),
        }
    }

    fn connect_deadline(&self) -> Deadline {
        self.deadline.min(Deadline::after_optional(self.bounds.timeouts.connect.value))
    }

    /// Closes, and says what went wrong while `phase` was under way.
    pub(super) fn net_failure(&mut self, error: NetError, phase: Phase) -> Error {
        let host = || self.server.host.clone();
        let kind = match error {
            _ if self.is_cancelled() => ErrorKind::Cancelled,
            NetError::Cancelled => ErrorKind::Cancelled,
            NetError::TimedOut(Stage::Resolve) => self.timeout(Phase::Resolve),
            NetError::TimedOut(Stage::Connect) => self.timeout(Phase::Connect),
            NetError::TimedOut(Stage::Handshake) => self.timeout(Phase::Handshake),
            NetError::TimedOut(Stage::Transfer) => self.timeout(phase),
            NetError::Dns(source) => ErrorKind::Dns { host: host(), source },
            NetError::Connect(source) => ErrorKind::Connect { host: self.destination().to_string(), source },
            #[cfg(feature = "__tls")]
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
