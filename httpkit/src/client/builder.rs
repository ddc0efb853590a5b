//! How a client is set up.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{Client, Function, IntoUrl, Next, Response};
#[cfg(feature = "__tls")]
use crate::net::TlsConfig;
use crate::{
    auth::Netrc,
    coding::AcceptEncoding,
    config::{ConnectionConfig, Timeouts},
    connection::BufferPool,
    error::{Error, ErrorKind, Result},
    event::{Event, EventHook, EventHooks},
    exchange::{Engine, Identity},
    headers::Headers,
    limits::Limits,
    net::{CancelToken, Connector, Resolver, Shared, TcpConfig},
    pool::{Pool, PoolLimits},
    proxy::{Proxies, Proxy},
    redirect::RedirectPolicy,
    request::Request,
    retry::{Budget, RetryPolicy},
    url::Url,
    wire::Strictness,
};

/// The settings of a [`Client`].
///
/// | | default |
/// |---|---|
/// | status 400 and above | [`send`](crate::RequestBuilder::send) returns the response; [`error_for_status`](crate::Response::error_for_status) and typed clients make it an error |
/// | timeouts | connect 10 s, response 30 s, between bytes 30 s, no total |
/// | redirects | up to 10, none from `https` to `http`; other origins are sent no secrets: see [`RedirectPolicy`] |
/// | pool | 8 idle connections a host, 100 in all, for 90 s |
/// | proxies | as the environment says, for connections over TCP: see [`Proxies::from_env`] |
/// | headers | `User-Agent: httpkit/x.y.z`, `Accept: */*`, `Accept-Encoding` with the content codings that the features allow |
#[must_use]
pub struct ClientBuilder {
    base_url: Option<Url>,
    timeout: Option<Duration>,
    default_headers: Headers,
    retry: Option<RetryPolicy>,
    decode: Option<bool>,
    redirects: RedirectPolicy,
    identity: Identity,
    pool: PoolLimits,
    connections: ConnectionConfig,
    /// Those of the environment where there are none.
    proxies: Option<Proxies>,
    middleware: Vec<Box<Function>>,
    events: Vec<Box<EventHook>>,
    /// The first thing that was wrong.
    error: Option<Error>,
}

impl Default for ClientBuilder {
    fn default() -> ClientBuilder {
        let mut builder = ClientBuilder {
            base_url: None,
            timeout: None,
            default_headers: Headers::new(),
            retry: None,
            decode: None,
            redirects: RedirectPolicy::default(),
            identity: Identity::default(),
            pool: PoolLimits::default(),
            connections: ConnectionConfig::default(),
            proxies: None,
            middleware: Vec::new(),
            events: Vec::new(),
            error: None,
        };
        for (name, value) in
            [("User-Agent", concat!("httpkit/", env!("CARGO_PKG_VERSION"))), ("Accept", "*/*")]
        {
            builder = builder.default_header(name, value);
        }
        builder
    }
}

impl ClientBuilder {
    /// The URL that relative ones, which begin with `/`, are appended to. It is a prefix and keeps its path.
    pub fn base_url(mut self, url: impl IntoUrl) -> Self {
        match url.into_url(None) {
            Ok(url) => self.base_url = Some(url),
            Err(error) => self.park(error),
        }
        self
    }

    /// A header for each request that does not set it itself. Replaces the default of the same name.
    ///
    /// It is for the origin of the [base URL](ClientBuilder::base_url) or, where there is none, for those that
    /// requests name. Another origin, such as a redirect leads to, is sent it only if its name is that of a
    /// header without secrets: see [`RedirectPolicy`].
    pub fn default_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.default_headers.set(name, value) {
            self.park(error);
        }
        self
    }

    /// Takes credentials by host from a file in the format of `.netrc`, for requests that bring none of their
    /// own: an `Authorization` header, user info in the URL, `digest`. They are looked up for each host that a
    /// request is led to. Defaults to none.
    pub fn netrc(mut self, path: impl AsRef<Path>) -> Self {
        match read_netrc(path.as_ref()) {
            Ok(netrc) => self.identity.netrc = Some(netrc),
            Err(error) => self.park(error),
        }
        self
    }

    /// As [`netrc`](ClientBuilder::netrc), from the file that the variable `NETRC` names or, where there is one,
    /// from `.netrc` in the home directory.
    pub fn netrc_from_env(self) -> Self {
        let in_home = || std::env::home_dir().map(|home| home.join(".netrc")).filter(|path| path.exists());
        match std::env::var_os("NETRC").map(PathBuf::from).or_else(in_home) {
            Some(path) => self.netrc(path),
            None => self,
        }
    }

    /// Stores the cookies that servers set, those of redirects included, and sends each where it belongs. A
    /// `Cookie` header of a request goes before, as a whole. Defaults to none.
    #[cfg(feature = "cookies")]
    pub fn cookie_jar(mut self, jar: &crate::cookies::CookieJar) -> Self {
        self.identity.cookies = Some(jar.clone());
        self
    }

    /// Which redirects are followed, unless a request says otherwise. Defaults to [`RedirectPolicy::default`].
    pub fn redirects(mut self, policy: RedirectPolicy) -> Self {
        self.redirects = policy;
        self
    }

    /// The `User-Agent`. Defaults to `httpkit/x.y.z`.
    pub fn user_agent(self, value: &str) -> Self {
        self.default_header("User-Agent", value)
    }

    /// Whether content codings such as `gzip` are asked for and undone. Defaults to yes, with those that the
    /// features allow; but with a default header `Accept-Encoding` to no: who asks for something else gets it
    /// as it comes. [`RequestBuilder::decode`](crate::RequestBuilder::decode) is for one request.
    pub fn decode(mut self, decode: bool) -> Self {
        self.decode = Some(decode);
        self
    }

    /// The total time of a request, to the last byte of the response's body. Defaults to none; a request can
    /// have its own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// When a request that failed is sent again. Defaults to never; a request can have a policy of its own.
    ///
    /// Beside this, a request that a pooled connection took and died of, without a byte of an answer, is sent
    /// once more if that does no harm; that counts as no attempt.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// How long resolving, connecting and the TLS handshake may take together. Defaults to 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connections.timeouts.connect = Some(timeout);
        self
    }

    /// How long each wait may last. Defaults to [`Timeouts::default`].
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.connections.timeouts = timeouts;
        self
    }

    /// How much a server may send. Defaults to [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.connections.limits = limits;
        self
    }

    /// How much is forgiven. Defaults to [`Strictness::Strict`].
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.connections.strictness = strictness;
        self
    }

    /// How many connections to one host wait for the next request. Defaults to 8; 0 turns the pool off.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool.max_idle_per_host = connections;
        self
    }

    /// How many connections wait in all. Defaults to 100.
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.pool.max_idle = connections;
        self
    }

    /// How long a connection waits for the next request before it is closed. Defaults to 90 s.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool.idle_timeout = timeout;
        self
    }

    /// How old a connection may become; one that is older serves no other request. Defaults to no limit.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.pool.max_lifetime = Some(lifetime);
        self
    }

    /// How many requests one connection serves. Defaults to no limit.
    pub fn max_requests_per_connection(mut self, requests: u64) -> Self {
        self.pool.max_exchanges = Some(requests);
        self
    }

    /// How many connections to one host are open at once, those that wait included. A request that would
    /// open one more waits until another ends, within its total time; then it ends with
    /// [`Phase::Pool`](crate::Phase::Pool). Defaults to no limit; 0 counts as 1.
    pub fn max_open_per_host(mut self, connections: usize) -> Self {
        self.pool.max_open_per_host = Some(connections.max(1));
        self
    }

    /// Whom the client trusts, and who it is.
    #[cfg(feature = "__tls")]
    pub fn tls(mut self, tls: TlsConfig) -> Self {
        self.connections.route.tls = tls;
        self
    }

    /// Connects to a Unix domain socket in place of TCP, whatever the host of a URL.
    #[cfg(unix)]
    pub fn unix_socket(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.connections.route.unix_socket = Some(path.into());
        self
    }

    /// How TCP connections are opened. Defaults to [`TcpConfig::default`].
    pub fn tcp(mut self, tcp: TcpConfig) -> Self {
        self.connections.route.tcp = tcp;
        self
    }

    /// The address of a host, for which then nobody is asked. Each call adds one; with the port 0 it has that
    /// of the URL.
    pub fn resolve(mut self, host: &str, address: SocketAddr) -> Self {
        self.connections.route.names.push((host.to_owned(), address));
        self
    }

    /// Finds the addresses of all other hosts in place of the system.
    pub fn resolver(mut self, resolver: impl Resolver + 'static) -> Self {
        self.connections.route.resolver = Some(Shared(Arc::new(resolver)));
        self
    }

    /// Opens transports in place of TCP.
    pub fn connector(mut self, connector: impl Connector + 'static) -> Self {
        self.connections.route.connector = Some(Shared(Arc::new(connector)));
        self
    }

    /// Leads all requests through one proxy, and none through those of the environment.
    pub fn proxy(self, proxy: Proxy) -> Self {
        self.proxies(Proxies::all(proxy))
    }

    /// Chooses a proxy for each URL. Defaults to [`Proxies::from_env`], read once, when the client is built; a client
    /// with a connector or a Unix domain socket defaults to none.
    pub fn proxies(mut self, proxies: Proxies) -> Self {
        self.proxies = Some(proxies);
        self
    }

    /// Leads no request through a proxy, whatever the environment says.
    pub fn no_proxy(self) -> Self {
        self.proxies(Proxies::none())
    }

    /// Has a function stand around each exchange: it may change the request, hand it on as often as it wants
    /// or not at all, and change or replace the response. Functions are called in the order in which they were
    /// added; the last one is next to the exchange. Redirects and retries happen within.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use httpkit::{Client, StatusCode, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|request| match request.header("Authorization") {
    ///     Some(value) if value == "Bearer new" => Reply::new(200),
    ///     _ => Reply::new(401),
    /// });
    /// let token = Mutex::new("old");
    /// let client = Client::builder()
    ///     .middleware(move |mut request, next| {
    ///         let authorization = format!("Bearer {}", token.lock().unwrap());
    ///         request.headers_mut().set("Authorization", authorization)?;
    ///         if let Some(first) = request.try_clone() {
    ///             let response = next.run(first)?;
    ///             if response.status() != StatusCode::Unauthorized {
    ///                 return Ok(response);
    ///             }
    ///         }
    ///         *token.lock().unwrap() = "new";
    ///         request.headers_mut().set("Authorization", "Bearer new")?;
    ///         next.run(request)
    ///     })
    ///     .build()?;
    /// for _ in 0..2 {
    ///     assert_eq!(client.get(server.url("/")).send()?.status(), StatusCode::OK);
    /// }
    /// assert_eq!(server.received().len(), 3);
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn middleware(
        mut self,
        function: impl Fn(Request<'_>, Next<'_>) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        self.middleware.push(Box::new(function));
        self
    }

    /// Has a function see what happens to requests, on the thread that sends them: for metrics and logs. May be
    /// called several times, for several functions. Without any, no clock is read for events.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use httpkit::{Client, EventKind, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|_| Reply::text(200, "spam"));
    /// let log = Arc::new(Mutex::new(Vec::new()));
    /// let sink = log.clone();
    /// let client = Client::builder()
    ///     .on_event(move |event| {
    ///         if let EventKind::Finished { status, bytes, .. } = event.kind {
    ///             sink.lock().unwrap().push(format!("{} {status}: {bytes} bytes", event.method));
    ///         }
    ///     })
    ///     .build()?;
    /// client.get(server.url("/")).send()?.text()?;
    /// assert_eq!(*log.lock().unwrap(), ["GET 200 OK: 4 bytes"]);
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn on_event(mut self, hook: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.events.push(Box::new(hook));
        self
    }

    /// Opens a span `http_exchange` of the crate `tracing` for each request, at the level `DEBUG`: with `method`,
    /// `url` without user info, and at its end `status` and `bytes`, or `error`; and an event in it for what
    /// happens in between. No header and no content is shown.
    #[cfg(feature = "tracing")]
    pub fn tracing(self) -> Self {
        let spans = crate::spans::Spans::default();
        self.on_event(move |event| spans.see(event))
    }

    /// Makes the client.
    ///
    /// # Errors
    /// `InvalidUrl` for the base URL, `InvalidRequest` for a default header.
    pub fn build(mut self) -> Result<Client> {
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(self.finish()),
        }
    }

    pub(super) fn finish(mut self) -> Client {
        self.connections.shutdown = Some(CancelToken::new());
        let is_tcp = self.connections.route.is_tcp();
        let usual = || if is_tcp { Proxies::from_env() } else { Proxies::none() };
        let engine = Engine {
            base_url: self.base_url,
            timeout: self.timeout,
            connections: Arc::new(self.connections),
            proxies: self.proxies.unwrap_or_else(usual),
            retry: self.retry.map(Arc::new),
            retry_budget: Budget::default(),
            events: EventHooks::new(self.events),
            pool: Pool::new(self.pool),
            buffers: Arc::new(BufferPool::default()),
            accept_encoding: AcceptEncoding::of_client(self.decode, &mut self.default_headers),
            redirects: self.redirects,
            identity: self.identity,
            default_headers: self.default_headers.into(),
        };
        Client::of(Arc::new(engine), self.middleware)
    }

    fn park(&mut self, error: impl Into<Error>) {
        self.error.get_or_insert_with(|| error.into());
    }
}

fn read_netrc(path: &Path) -> Result<Netrc> {
    let parse =
        |text: String| Netrc::parse(&text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error));
    let netrc = std::fs::read_to_string(path).and_then(parse);
    Ok(netrc.map_err(|source| ErrorKind::CredentialsFile { path: path.to_owned(), source })?)
}
