//! How connections are opened, and what is demanded of them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use super::ClientBuilder;
#[cfg(feature = "__tls")]
use crate::net::TlsConfig;
use crate::{
    limits::Limits,
    net::{Connector, Resolver, Shared, TcpConfig},
    setting::Setting,
    timeouts::Timeouts,
    url::HostPort,
    wire::Strictness,
};

impl ClientBuilder {
    /// Sets the timeout of the name lookup, the connection and the TLS handshake together. `None` turns it off. Takes
    /// precedence over [`Timeouts::connect`] of this client, whatever the order of the calls. Defaults to 10 s.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = Setting::chosen(timeout.into());
        self
    }

    /// Sets timeouts. Keeps those that `timeouts` does not set. A request can set its own. [`Timeouts`] lists the
    /// defaults.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.connections.set_timeouts(timeouts);
        self
    }

    /// Sets limits on what a server may send. Keeps those that `limits` does not set. A request can set its own.
    /// [`Limits`] lists the defaults.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.connections.set_limits(limits);
        self
    }

    /// Shows the values of headers with this name in `Debug` of requests and in [`to_curl`](crate::Request::to_curl). By default, the values of
    /// request headers are shown only if their names are known to hold no secret. Each call adds a name.
    pub fn show_header(mut self, name: &str) -> Self {
        self.connections.shown.push(name.into());
        self
    }

    /// How much is forgiven. Defaults to [`Strictness::Strict`].
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.connections.strictness = strictness;
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
        match HostPort::from_parts(host, address.port()) {
            Ok(known) => self.connections.route.names.push((known.host, address)),
            Err(error) => self.park(error),
        }
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
}
