//! How a client is set up.

mod connections;
mod hooks;
mod identity;
mod pool;

use std::{sync::Arc, time::Duration};

use super::{Client, Function, IntoUrl};
use crate::{
    coding::AcceptEncoding,
    config::ConnectionConfig,
    connection::BufferPool,
    error::{Error, Result},
    event::{EventHook, EventHooks},
    exchange::{Engine, Identity},
    headers::Headers,
    net::CancelToken,
    pool::{Pool, PoolLimits},
    proxy::{Proxies, Proxy},
    redirect::RedirectPolicy,
    retry::{Budget, RetryPolicy},
    setting::Setting,
    timeouts::Timeouts,
    url::Url,
};

/// The settings of a [`Client`].
///
/// | | default |
/// |---|---|
/// | status 400 and above | [`send`](crate::RequestBuilder::send) returns the response; [`error_for_status`](crate::Response::error_for_status) and typed clients make it an error |
/// | timeouts | connect 10 s, response 30 s, between bytes 30 s, no total: see [`Timeouts`](crate::Timeouts) |
/// | limits | 64 KiB of head, 64 MiB of a collected body, and others: see [`Limits`](crate::Limits) |
/// | retries | none, but for a pooled connection that was closed just then: see [`retry`](ClientBuilder::retry) |
/// | redirects | up to 10, none from `https` to `http`; other origins are sent no secrets: see [`RedirectPolicy`] |
/// | pool | 8 idle connections a host, 100 in all, for 90 s |
/// | proxies | as the environment says, for connections over TCP: see [`Proxies::from_env`] |
/// | TLS | 1.2 and 1.3, Mozilla's roots, every certificate verified, no certificate of the client's own |
/// | cookies, `.netrc` | none |
/// | headers | `User-Agent: httpkit/x.y.z`, `Accept: */*`, `Accept-Encoding` with the content codings that the features allow, which are undone |
#[must_use]
pub struct ClientBuilder {
    base_url: Option<Url>,
    timeout: Option<Duration>,
    /// Overrides that of `connections`.
    connect_timeout: Setting<Option<Duration>>,
    /// `User-Agent`, if `user_agent` has set it.
    user_agent: Headers,
    /// Those that `default_header` has set.
    default_headers: Headers,
    retry: Option<RetryPolicy>,
    decode: Option<bool>,
    redirects: RedirectPolicy,
    identity: Identity,
    reads_netrc_of_env: bool,
    pool: PoolLimits,
    connections: ConnectionConfig,
    /// Those of the environment where there are none.
    proxies: Option<Proxies>,
    middleware: Vec<Box<Function>>,
    events: Vec<Box<dyn EventHook>>,
    /// The first thing that was wrong.
    error: Option<Error>,
}

impl Default for ClientBuilder {
    fn default() -> ClientBuilder {
        ClientBuilder {
            base_url: None,
            timeout: None,
            connect_timeout: Setting::default(),
            user_agent: Headers::new(),
            default_headers: Headers::new(),
            retry: None,
            decode: None,
            redirects: RedirectPolicy::default(),
            identity: Identity::default(),
            reads_netrc_of_env: false,
            pool: PoolLimits::default(),
            connections: ConnectionConfig::default(),
            proxies: None,
            middleware: Vec::new(),
            events: Vec::new(),
            error: None,
        }
    }
}

impl ClientBuilder {
    /// Sets the URL that paths such as `/users` are appended to. It is a prefix: its path is kept, and a path with a
    /// `.` or `..` segment, encoded or not, is [`ErrorKind::InvalidUrl`](crate::ErrorKind::InvalidUrl). Some servers
    /// also read `..;` or `..%2f` as a parent; these are sent as they are.
    pub fn base_url(mut self, url: impl IntoUrl) -> Self {
        match url.into_url(None) {
            Ok(url) => self.base_url = Some(url),
            Err(error) => self.park(error),
        }
        self
    }

    /// Sets a header of all requests that do not set it themselves. Replaces a default header of the same name.
    ///
    /// The header is sent to the origin of the [base URL](ClientBuilder::base_url), or to the origin of each request's
    /// URL if there is no base URL. Another origin, such as the target of a redirect, receives the header only if it
    /// cannot be a secret: see [`RedirectPolicy`]. [`user_agent`](ClientBuilder::user_agent) takes precedence over a
    /// default header `User-Agent`.
    pub fn default_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.default_headers.set(name, value) {
            self.park(error);
        }
        self
    }

    /// Which redirects are followed, unless a request says otherwise. Defaults to [`RedirectPolicy::default`].
    pub fn redirects(mut self, policy: RedirectPolicy) -> Self {
        self.redirects = policy;
        self
    }

    /// Sets the `User-Agent` header. Takes precedence over a default header of this name, whatever the order of the
    /// calls. Defaults to `httpkit/x.y.z`.
    pub fn user_agent(mut self, value: &str) -> Self {
        if let Err(error) = self.user_agent.set("User-Agent", value) {
            self.park(error);
        }
        self
    }

    /// Sets whether content codings such as `gzip` are requested and decoded. Defaults to `true`, with the codings that
    /// the features support. Defaults to `false` if there is a default header `Accept-Encoding`. A request can set its
    /// own ([`RequestBuilder::decode`](crate::RequestBuilder::decode)).
    pub fn decode(mut self, decode: bool) -> Self {
        self.decode = Some(decode);
        self
    }

    /// Sets the total timeout of each request, up to the last byte of the response. Includes all redirects and
    /// attempts. A request can set its own. Defaults to none.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// Sets the retry policy. A request can set its own. Defaults to no retries.
    ///
    /// Without a policy, too, a request is resent once, if safe, when the server was closing the pooled connection. This
    /// is not counted as an attempt.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
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

    /// Makes the client.
    ///
    /// # Errors
    /// `InvalidUrl` for the base URL and for hosts of known addresses, `InvalidRequest` for a default header,
    /// `CredentialsFile` for a `.netrc` file that cannot be read.
    pub fn build(self) -> Result<Client> {
        let mut builder = self.resolve_netrc();
        match builder.error.take() {
            Some(error) => Err(error),
            None => Ok(builder.finish()),
        }
    }

    pub(super) fn finish(mut self) -> Client {
        self.connections.shutdown = Some(CancelToken::new());
        if self.connect_timeout.is_chosen {
            self.connections.set_timeouts(Timeouts::new().connect(self.connect_timeout.value));
        }
        let mut default_headers = self.resolve_headers();
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
            accept_encoding: AcceptEncoding::of_client(self.decode, &mut default_headers),
            redirects: self.redirects,
            identity: self.identity,
            default_headers: default_headers.into(),
        };
        Client::of(Arc::new(engine), self.middleware)
    }

    /// Returns the headers of each request, in an order that does not depend on that of the setters.
    fn resolve_headers(&mut self) -> Headers {
        let mut headers = Headers::new();
        for (name, value) in
            [("User-Agent", concat!("httpkit/", env!("CARGO_PKG_VERSION"))), ("Accept", "*/*")]
        {
            headers.append(name, value).expect("the defaults are valid");
        }
        headers.replace_by(&self.user_agent);
        if !self.user_agent.is_empty() {
            self.default_headers.remove("User-Agent");
        }
        headers.replace_by(&self.default_headers);
        headers
    }

    fn park(&mut self, error: impl Into<Error>) {
        self.error.get_or_insert_with(|| error.into());
    }
}
