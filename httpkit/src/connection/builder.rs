//! How a connection is set up.

use std::{net::SocketAddr, sync::Arc};

use super::{
    HttpConnection, State,
    buffers::{BufferPool, Buffers},
    facts::HeadFacts,
};
#[cfg(unix)]
use crate::net::Route;
#[cfg(feature = "__tls")]
use crate::net::TlsConfig;
use crate::{
    config::ConnectionConfig,
    error::Result,
    headers::Headers,
    interim::InterimHook,
    limits::Limits,
    method::Method,
    net::{Connector, Deadline, Resolver, Shared, TcpConfig, now},
    proxy::Proxy,
    timeouts::Timeouts,
    url::{HostPort, Scheme},
    wire::{CloseReasons, KeepAlive, Strictness},
};

impl HttpConnection {
    /// The port of `http` (RFC 9110, Section 4.2.1).
    pub const HTTP_PORT: u16 = 80;
    /// The port of `https` (RFC 9110, Section 4.2.2).
    pub const HTTPS_PORT: u16 = 443;

    /// Prepares a connection to `host` or `host:port`; an IPv6 address stands in brackets and may have a
    /// zone id. Nothing is opened before the first request.
    ///
    /// ```
    /// use httpkit::HttpConnection;
    ///
    /// let connection = HttpConnection::new("www.example.org:8080")?;
    /// assert_eq!((connection.host(), connection.port()), ("www.example.org", 8080));
    /// assert!(HttpConnection::new("www.example.org:").is_err());
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    ///
    /// # Errors
    /// `InvalidUrl` when the host is empty or malformed, or the port is empty or no number up to 65535.
    pub fn new(host: &str) -> Result<HttpConnection> {
        HttpConnection::builder(host).build()
    }

    /// Prepares a connection to a host and a port.
    ///
    /// # Errors
    /// `InvalidUrl` when the host is empty or malformed.
    pub fn with_port(host: &str, port: u16) -> Result<HttpConnection> {
        let server = HostPort::from_parts(host, port)?;
        Ok(HttpConnection::to(Scheme::Http, server, Arc::default(), None))
    }

    /// Prepares a connection over TLS, to port 443 unless `host` names another. The server's certificate is
    /// verified.
    ///
    /// # Errors
    /// As [`HttpConnection::new`].
    #[cfg(feature = "__tls")]
    pub fn https(host: &str) -> Result<HttpConnection> {
        HttpConnection::builder(host).tls(TlsConfig::new()).build()
    }

    /// Prepares a connection over a Unix domain socket. `Host` says `localhost`.
    #[cfg(unix)]
    pub fn unix(path: impl Into<std::path::PathBuf>) -> HttpConnection {
        let server = HostPort { host: "localhost".to_owned(), port: HttpConnection::HTTP_PORT };
        let route = Route { unix_socket: Some(path.into()), ..Route::default() };
        let config = ConnectionConfig { route, ..ConnectionConfig::default() };
        HttpConnection::to(Scheme::Http, server, Arc::new(config), None)
    }

    /// Prepares a connection with settings of its own.
    pub fn builder(host: &str) -> HttpConnectionBuilder {
        HttpConnectionBuilder {
            host: host.to_owned(),
            scheme: Scheme::Http,
            config: ConnectionConfig::default(),
            proxy: None,
            auto_open: true,
        }
    }

    pub(crate) fn to(
        scheme: Scheme,
        server: HostPort,
        config: Arc<ConnectionConfig>,
        buffer_pool: Option<Arc<BufferPool>>,
    ) -> HttpConnection {
        HttpConnection {
            scheme,
            host_field: server.host_field(scheme.default_port()).into(),
            server,
            bounds: config.bounds.clone(),
            config,
            proxy: None,
            auto_open: true,
            stream: None,
            state: State::Idle,
            buffers: Buffers::default(),
            header_space: Headers::new(),
            buffer_pool,
            deadline: Deadline::NEVER,
            total: None,
            connect_by: Deadline::NEVER,
            resolve_by: Deadline::NEVER,
            handshake_by: Deadline::NEVER,
            send_by: Deadline::NEVER,
            response_by: Deadline::NEVER,
            pause_by: Deadline::NEVER,
            interim_bytes: 0,
            cancel: None,
            watch: None,
            shutdown_watch: None,
            close_reasons: CloseReasons::default(),
            opened: now(),
            link: None,
            measured: None,
            exchanges: 0,
            keep_alive: KeepAlive::default(),
            server_version: None,
            method: Method::GET,
            facts: HeadFacts::default(),
            pace: None,
            bytes_sent: 0,
            early_response: None,
            trailers: Headers::new(),
            interim: InterimHook::default(),
            debug: None,
        }
    }

    /// The host, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.server.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.server.port
    }
}

/// The settings of an [`HttpConnection`].
#[must_use]
pub struct HttpConnectionBuilder {
    host: String,
    scheme: Scheme,
    config: ConnectionConfig,
    proxy: Option<Proxy>,
    auto_open: bool,
}

impl HttpConnectionBuilder {
    /// Speaks TLS, by default to port 443.
    #[cfg(feature = "__tls")]
    pub fn tls(mut self, tls: TlsConfig) -> Self {
        self.scheme = Scheme::Https;
        self.config.route.tls = tls;
        self
    }

    /// Sets timeouts. Keeps those that `timeouts` does not set. [`Timeouts`] lists the defaults.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.config.set_timeouts(timeouts);
        self
    }

    /// Sets limits on what a server may send. Keeps those that `limits` does not set. [`Limits`] lists the defaults.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.set_limits(limits);
        self
    }

    /// Shows the values of headers with this name in `Debug` and in the debug log. By default, the values of
    /// request headers are shown only if their names are known to hold no secret. Each call adds a name.
    pub fn show_header(mut self, name: &str) -> Self {
        self.config.shown.push(name.into());
        self
    }

    /// How much is forgiven. Defaults to [`Strictness::Strict`].
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.config.strictness = strictness;
        self
    }

    /// Whether a request opens a closed connection by itself. Defaults to `true`.
    pub fn auto_open(mut self, auto_open: bool) -> Self {
        self.auto_open = auto_open;
        self
    }

    /// Connects to a Unix domain socket in place of TCP.
    #[cfg(unix)]
    pub fn unix_socket(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.config.route.unix_socket = Some(path.into());
        self
    }

    /// How TCP connections are opened. Defaults to [`TcpConfig::default`].
    pub fn tcp(mut self, tcp: TcpConfig) -> Self {
        self.config.route.tcp = tcp;
        self
    }

    /// The address of a host, for which then nobody is asked. Each call adds one; with the port 0 it has that
    /// of the connection.
    pub fn resolve(mut self, host: &str, address: SocketAddr) -> Self {
        // A host that is none names nothing.
        let host =
            HostPort::from_parts(host, address.port()).map_or_else(|_| host.to_owned(), |known| known.host);
        self.config.route.names.push((host, address));
        self
    }

    /// Finds the addresses of all other hosts in place of the system.
    pub fn resolver(mut self, resolver: impl Resolver + 'static) -> Self {
        self.config.route.resolver = Some(Shared(Arc::new(resolver)));
        self
    }

    /// Opens transports in place of TCP.
    pub fn connector(mut self, connector: impl Connector + 'static) -> Self {
        self.config.route.connector = Some(Shared(Arc::new(connector)));
        self
    }

    /// Leads through a proxy: an HTTP one makes a tunnel (`httplib`'s `set_tunnel`), also where TLS is not spoken. No
    /// proxy is taken from the environment.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy.tunnel_http());
        self
    }

    /// Prepares the connection. Nothing is opened before the first request.
    ///
    /// # Errors
    /// As [`HttpConnection::new`].
    pub fn build(self) -> Result<HttpConnection> {
        let server = HostPort::parse(&self.host, self.scheme.default_port())?;
        let mut connection = HttpConnection::to(self.scheme, server, Arc::new(self.config), None);
        connection.proxy = self.proxy;
        connection.auto_open = self.auto_open;
        Ok(connection)
    }
}
