//! Opening a connection through a proxy.

use std::sync::Arc;

use super::{Automatic, HttpConnection};
use crate::{
    config::ConnectionConfig,
    error::{Error, ErrorKind, Phase, ProxyError, Result, StatusSnapshot},
    method::Method,
    net::{Deadline, Route, Socket, Stream, now},
    proxy::{Protocol, Proxy},
    request_body::RequestBody,
    url::Scheme,
    violation::Excerpt,
};

impl HttpConnection {
    /// Leads the connection, which is not open yet, through a proxy.
    pub(crate) fn set_proxy(&mut self, proxy: Option<Proxy>) {
        self.proxy = proxy;
    }

    pub(crate) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Whether requests go to the proxy itself, which sends them on.
    pub(crate) fn is_forwarded(&self) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| proxy.forwards(self.scheme))
    }

    /// Opens the stream: to the proxy where that forwards, or else through it.
    pub(super) fn open_through(&mut self, proxy: &Proxy, deadline: Deadline) -> Result<Stream> {
        let socket = match proxy.protocol() {
            Protocol::Http(scheme) => {
                let began = now();
                let mut to_proxy = self.connection_to(proxy, scheme, deadline);
                if self.is_forwarded() {
                    let stream = to_proxy.take_stream().map_err(|error| self.proxy_failure(proxy, error))?;
                    self.note_proxy(&mut to_proxy, began);
                    return Ok(stream);
                }
                let tunnel = to_proxy.take_tunnel(&self.server.authority(), proxy);
                let tunnel = tunnel.map_err(|error| self.proxy_failure(proxy, error))?;
                self.note_proxy(&mut to_proxy, began);
                tunnel
            }
            #[cfg(feature = "socks")]
            Protocol::Socks(version) => self.open_by_socks(proxy, version, deadline)?,
        };
        self.secure(socket, deadline).map_err(|error| self.net_failure(error, Phase::Connect))
    }

    /// A connection to the proxy, which ends with this deadline and with the same token.
    pub(super) fn connection_to(&self, proxy: &Proxy, scheme: Scheme, deadline: Deadline) -> HttpConnection {
        let config =
            ConnectionConfig { route: route_to(proxy, &self.config.route), ..(*self.config).clone() };
        let buffers = self.buffer_pool.clone();
        let mut to_proxy = HttpConnection::to(scheme, proxy.server().clone(), Arc::new(config), buffers);
        to_proxy.set_deadline(deadline, None);
        to_proxy.bounds = self.bounds.clone();
        to_proxy.set_cancel_token(self.cancel.clone());
        to_proxy
    }

    /// Connects, and gives up the stream.
    fn take_stream(&mut self) -> Result<Stream, ProxyError> {
        self.connect()?;
        self.stream.take().ok_or_else(|| Error::new(ErrorKind::NotConnected).into())
    }

    /// Asks the proxy at the other end for a tunnel (RFC 9110, Section 9.3.6).
    fn take_tunnel(&mut self, authority: &str, proxy: &Proxy) -> Result<Socket, ProxyError> {
        self.begin_request(Method::CONNECT, authority, Automatic::NONE)?;
        self.put_header("Host", authority)?;
        self.put_headers(proxy.headers())?;
        self.send_request(&mut RequestBody::none())?;
        let head = self.begin_response()?;
        if !self.is_upgraded() {
            let (body, is_truncated) = self.collect_start(self.bounds.limits.error_body_bytes.value);
            let snapshot = StatusSnapshot::new(head.status, head.headers, body, is_truncated);
            return Err(ProxyError::Refused(Box::new(snapshot)));
        }
        // Nobody has spoken to the server yet: whoever takes them for its answer is deceived.
        let received = self.buffers.received.unread();
        if !received.is_empty() {
            return Err(ProxyError::UnaskedBytes(Excerpt::of(received)));
        }
        Ok(self.take_stream()?.into_socket())
    }

    /// Closes, and says what went wrong on the way to or through the proxy.
    pub(super) fn proxy_failure(&mut self, proxy: &Proxy, error: ProxyError) -> Error {
        let kind = match error {
            ProxyError::Connection(error) if matches!(error.kind(), ErrorKind::Cancelled) => {
                ErrorKind::Cancelled
            }
            ProxyError::Connection(error) if error.is_timeout() => self.timeout_through_proxy(&error),
            source => ErrorKind::Proxy { proxy: proxy.to_string(), source },
        };
        self.fail(kind)
    }

    /// The timeout of the connection to the proxy, as seen from the request that waits for it.
    fn timeout_through_proxy(&self, error: &Error) -> ErrorKind {
        let ErrorKind::Timeout { phase, limit } = *error.kind() else { return self.timeout(Phase::Proxy) };
        let phase = match phase {
            Phase::Resolve | Phase::Connect | Phase::Handshake => phase,
            _ => Phase::Proxy,
        };
        // The proxy has until this connection must be open; it may also have exceeded a timeout of its own exchange.
        if self.connect_by.has_passed() { self.timeout(phase) } else { ErrorKind::Timeout { phase, limit } }
    }
}

/// The way to the proxy: the client's, with TLS as it was set for the proxy, or else with the client's trust.
#[cfg(feature = "__tls")]
fn route_to(proxy: &Proxy, of_client: &Route) -> Route {
    let tls = proxy.tls_config().unwrap_or_else(|| of_client.tls.for_proxies());
    Route { tls: tls.clone(), ..of_client.clone() }
}

/// The way to the proxy: the client's.
#[cfg(not(feature = "__tls"))]
fn route_to(_: &Proxy, of_client: &Route) -> Route {
    of_client.clone()
}
