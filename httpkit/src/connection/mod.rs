//! One connection to one server, one exchange at a time: the wire-level API.
//!
//! The order of calls is the state machine. A state is kept only where it outlives a call; see [`State`].

mod body;
mod buffers;
mod builder;
mod chunks;
mod collect;
mod debug;
mod debug_log;
mod expiry;
mod facts;
mod head;
mod link;
mod open;
mod proxy;
mod read;
mod receive;
mod response;
mod send;
#[cfg(feature = "socks")]
mod socks;
mod timed_out;
mod timings;
mod upgraded;

use std::{
    fmt,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use self::{body::BodyReader, buffers::Buffers, debug_log::DebugLog, facts::HeadFacts};
pub(crate) use self::{
    buffers::BufferPool, expiry::Expiry, facts::say_nothing_of_the_head, link::Link, timings::Measured,
};
pub use self::{
    builder::HttpConnectionBuilder, head::Automatic, response::HttpResponse, timings::Timings,
    upgraded::Upgraded,
};
#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::{
    config::{Bounds, ConnectionConfig},
    error::{Error, ErrorKind, StateError},
    headers::Headers,
    interim::{InterimHook, InterimResponse},
    method::Method,
    net::{Agreed, CancelToken, Deadline, Pace, Stream, Watch},
    peer::Peer,
    proxy::Proxy,
    url::{HostPort, Origin, Scheme},
    version::Version,
    wire::{CloseReason, CloseReasons, KeepAlive, ResponseHead},
};

/// A connection to one server, one exchange at a time: `httplib`'s API, made safe.
///
/// A request opens the connection by itself, and it stays open for the next one if both sides allow that. The
/// response borrows the connection until its body has been read.
///
/// ```
/// use httpkit::{HttpConnection, Method, testing::{Reply, Server}};
///
/// let server = Server::start(|request| Reply::text(200, request.target()));
/// let mut connection = HttpConnection::new(&server.address().to_string())?;
/// for target in ["/spam", "/eggs"] {
///     connection.request(Method::GET, target, (), &[])?;
///     let mut response = connection.get_response()?;
///     assert_eq!(response.read_all()?, target.as_bytes());
/// }
/// assert_eq!(server.connections(), 1);
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// Or step by step:
///
/// ```
/// # use httpkit::{HttpConnection, Method, testing::{Reply, Server}};
/// # let server = Server::start(|request| Reply::text(200, &String::from_utf8_lossy(request.body())));
/// let mut connection = HttpConnection::new(&server.address().to_string())?;
/// connection.put_request(Method::POST, "/menu")?;
/// connection.put_header("Transfer-Encoding", "chunked")?;
/// connection.end_headers()?;
/// connection.send(b"spam, ")?;
/// connection.send(b"eggs")?;
/// assert_eq!(connection.get_response()?.read_all()?, b"spam, eggs");
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// | state | `put_request`, `request` | `put_header`, `end_headers` | `send` | `get_response` |
/// |---|---|---|---|---|
/// | closed | opens, or `NotConnected` | `CannotSendHeader` | `NotConnected` | `ResponseNotReady` |
/// | idle | begins | `CannotSendHeader` | `CannotSendRequest` | `ResponseNotReady` |
/// | a request has begun | `CannotSendRequest` | ok | `CannotSendRequest` | `ResponseNotReady` |
/// | a body is owed | `CannotSendRequest` | `CannotSendHeader` | ok | ends chunks; `BodyLength` if bytes are owed |
/// | a request has been sent | `CannotSendRequest` | `CannotSendHeader` | `CannotSendRequest`, or `BodyLength` if a length was declared | ok |
/// | a response is unread | `CannotSendRequest` | `CannotSendHeader` | `CannotSendRequest` | `ResponseNotReady` |
/// | switched protocols | `CannotSendRequest` | `CannotSendHeader` | `CannotSendRequest` | `ResponseNotReady` |
///
/// [`close`](HttpConnection::close) leads from each state to closed.
pub struct HttpConnection {
    scheme: Scheme,
    server: HostPort,
    /// The value of `Host`.
    host_field: Box<str>,
    config: Arc<ConnectionConfig>,
    /// The timeouts and limits of the exchange.
    bounds: Arc<Bounds>,
    /// What it leads through.
    proxy: Option<Proxy>,
    auto_open: bool,
    stream: Option<Stream>,
    state: State,
    /// Lent for the time of an exchange, from here where there is a pool.
    buffers: Buffers,
    buffer_pool: Option<Arc<BufferPool>>,
    /// What the headers of the next response are put into.
    header_space: Headers,
    /// Ends the exchange, whatever it is doing.
    deadline: Deadline,
    /// The total time that `deadline` comes from; `None` if it does not come from one.
    total: Option<Duration>,
    /// The deadline for the open stream.
    connect_by: Deadline,
    /// The deadline of the name lookup.
    resolve_by: Deadline,
    /// The deadline of the TLS handshake.
    handshake_by: Deadline,
    /// The deadline for the last byte of the request.
    send_by: Deadline,
    /// The deadline for the head of the response.
    response_by: Deadline,
    /// The deadline of the pause that has ended the exchange.
    pause_by: Deadline,
    /// Ends it from another thread.
    cancel: Option<CancelToken>,
    watch: Option<Watch>,
    /// The same for the time that the stream is open, where the whole client can be shut down.
    shutdown_watch: Option<Watch>,
    /// What has been met that forbids another exchange.
    close_reasons: CloseReasons,
    /// When the stream was opened.
    opened: Instant,
    /// What responses remember of it.
    link: Option<Arc<Link>>,
    /// How long the parts of an exchange took, where that is measured.
    measured: Option<Box<Measured>>,
    /// Requests that have begun on it.
    exchanges: u64,
    /// How long the server keeps it, by its first response.
    keep_alive: KeepAlive,
    /// The version that the server spoke last.
    server_version: Option<Version>,
    /// The request that is under way.
    method: Method,
    facts: HeadFacts,
    /// How fast it goes and its response comes, where that is watched.
    pace: Option<Box<Pace>>,
    /// Bytes of it that have been sent.
    bytes_sent: u64,
    /// Bytes of the interim responses to it.
    interim_bytes: usize,
    /// The final response, where it came before the request was sent whole.
    early_response: Option<ResponseHead>,
    /// The trailers of the last body.
    trailers: Headers,
    interim: InterimHook,
    debug: Option<Box<DebugLog>>,
}

/// What the connection expects next. While the stream is closed, this is `Idle`.
enum State {
    /// A request.
    Idle,
    /// More headers, or their end.
    Started,
    /// The body, so much of it.
    Sending(Owed),
    /// That the response is asked for.
    Sent,
    /// That the body of the response is read.
    Response(BodyReader),
    /// Nothing any more: the stream belongs to another protocol.
    Upgraded,
}

/// What is left to send of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owed {
    Bytes { left: u64, declared: u64 },
    Chunks,
}

impl HttpConnection {
    fn state_error(&self) -> StateError {
        match self.state {
            State::Idle if self.stream.is_none() => StateError::Closed,
            State::Idle => StateError::Idle,
            State::Started => StateError::Started,
            State::Sending(_) => StateError::Sending,
            State::Sent => StateError::Sent,
            State::Response(_) => StateError::ResponseUnread,
            State::Upgraded => StateError::Upgraded,
        }
    }

    /// Closes the connection. The next request opens it anew; closing again does nothing.
    pub fn close(&mut self) {
        self.state = State::Idle;
        self.shut();
    }

    /// Drops the stream and gives the buffers back.
    fn shut(&mut self) {
        self.shutdown_watch = None;
        self.stream = None;
        self.early_response = None;
        self.return_buffers();
    }

    fn return_buffers(&mut self) {
        self.watch = None;
        if let Some(stream) = &mut self.stream {
            stream.reclaim(&mut self.buffers.ciphertext);
        }
        self.buffers.clear();
        if let Some(pool) = &self.buffer_pool {
            pool.take_back(&mut self.buffers);
        }
    }

    /// Closes after a failure, and says what of it the server may have seen.
    fn fail(&mut self, error: impl Into<Error>) -> Error {
        let error = error.into();
        self.close_reasons.add(CloseReason::Failed);
        if !matches!(self.state, State::Response(_)) {
            self.state = State::Idle;
        }
        self.shut();
        if self.bytes_sent == 0 { error.unsent() } else { error }
    }

    /// The trailers of the body that was read last (RFC 9112, Section 7.1.2).
    pub fn trailers(&self) -> &Headers {
        &self.trailers
    }

    pub(crate) fn take_trailers(&mut self) -> Headers {
        std::mem::take(&mut self.trailers)
    }

    /// Who is at the other end.
    pub(crate) fn peer(&self) -> Peer<'_> {
        let HostPort { host, port } = &self.server;
        let (route, proxy) = (&self.config.route, self.proxy.as_ref());
        Peer { scheme: self.scheme, host, port: *port, route, proxy }
    }

    /// Where it leads.
    pub(crate) fn origin(&self) -> Origin {
        Origin::new(self.scheme, &self.server.host, self.server.port)
    }

    /// When the stream was opened that serves now, or served last.
    pub(crate) fn opened(&self) -> Instant {
        self.opened
    }

    /// How many requests have begun on this stream.
    pub(crate) fn exchanges(&self) -> u64 {
        self.exchanges
    }

    /// What the server said first about how long it keeps the connection.
    pub(crate) fn keep_alive(&self) -> KeepAlive {
        self.keep_alive
    }

    /// Whether a stream is open. What may be done on it says the table above.
    pub fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    /// The address of the server, or of the proxy in front of it, while the connection is open. `None` for Unix
    /// domain sockets, and for transports that have none.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.link.as_ref().filter(|_| self.is_open())?.endpoints.remote
    }

    /// The address that the connection comes from, while it is open. `None` for Unix domain sockets, and for
    /// transports that have none.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.link.as_ref().filter(|_| self.is_open())?.endpoints.local
    }

    /// The stream that serves now, or served last.
    #[inline]
    pub(crate) fn link(&self) -> Option<&Arc<Link>> {
        self.link.as_ref()
    }

    /// Whether the last exchange is over and the connection may serve another.
    pub(crate) fn is_reusable(&self) -> bool {
        self.stream.is_some() && matches!(self.state, State::Idle)
    }

    /// Lets a token cancel the next exchanges, or none any more. A blocked read or write of one that is
    /// cancelled ends at once, with `Cancelled`, and the connection is closed.
    pub fn set_cancel_token(&mut self, token: Option<CancelToken>) {
        self.watch = None;
        self.cancel = token;
    }

    /// Has each interim (1xx) response shown to `hook`, such as 103 Early Hints.
    pub fn on_interim(&mut self, hook: impl Fn(InterimResponse<'_>) + Send + Sync + 'static) {
        self.interim = InterimHook::new(hook);
    }

    pub(crate) fn set_interim_hook(&mut self, hook: InterimHook) {
        self.interim = hook;
    }

    /// Limits the time up to the last byte of the next response. `total` is the setting that the deadline comes from.
    pub(crate) fn set_deadline(&mut self, deadline: Deadline, total: Option<Duration>) {
        self.deadline = deadline;
        self.total = total;
    }

    /// Sets the timeouts and limits of the next exchange.
    #[inline]
    pub(crate) fn set_bounds(&mut self, bounds: &Arc<Bounds>) {
        // Most requests have those of the client, and the pooled connection has had them before.
        if !Arc::ptr_eq(&self.bounds, bounds) {
            self.bounds = bounds.clone();
        }
    }

    /// Removes the deadline of the rest of the response, because a stream has no total time.
    #[cfg(feature = "macros")]
    pub(crate) fn lift_deadline(&mut self) {
        self.set_deadline(Deadline::NEVER, None);
    }

    /// Removes the limit on pauses in the rest of the response, unless it was set.
    #[cfg(feature = "macros")]
    pub(crate) fn lift_default_pauses(&mut self) {
        if !self.bounds.timeouts.between_bytes.is_chosen {
            Arc::make_mut(&mut self.bounds).timeouts.between_bytes.value = None;
        }
    }

    /// Looks whether the server has closed the idle connection, or sent what nobody asked for.
    pub(crate) fn is_spent(&mut self) -> bool {
        self.stream.as_mut().is_none_or(|stream| stream.probe() == crate::net::Probe::Spent)
    }

    /// What TLS has agreed on, while a connection is open whose handshake is complete; it comes with the first
    /// request, or with [`connect`](HttpConnection::connect). `None` for `http`, also to a proxy by TLS.
    #[cfg(feature = "__tls")]
    pub fn tls_session(&self) -> Option<&TlsSession> {
        let is_the_servers = self.scheme == Scheme::Https;
        self.stream.as_ref().filter(|_| is_the_servers).and_then(Stream::tls_session)
    }

    /// What has been agreed on for the open stream: with the server, not with a proxy that forwards.
    fn agreed(&self) -> Agreed {
        match (self.scheme, &self.stream) {
            (Scheme::Https, Some(stream)) => stream.agreed(),
            _ => Agreed::default(),
        }
    }

    fn stream(&mut self) -> Result<&mut Stream, Error> {
        self.stream.as_mut().ok_or_else(|| Error::new(ErrorKind::NotConnected).unsent())
    }
}

impl fmt::Debug for HttpConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpConnection")
            .field("server", &format_args!("{}://{}", self.scheme, self.host_field))
            .field("stream", &self.stream)
            .field("state", &self.state_error())
            .field("close_reasons", &self.close_reasons)
            .finish_non_exhaustive()
    }
}
