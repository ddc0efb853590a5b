//! Proxies: what one is, and which one a URL is reached through. Nothing here opens a connection.

mod environment;
mod no_proxy;
mod parse;
mod protocol;
mod proxies;

use std::{fmt, str::FromStr, sync::Arc};

pub(crate) use self::protocol::Protocol;
pub use self::proxies::Proxies;
#[cfg(feature = "__tls")]
use crate::net::TlsConfig;
use crate::{
    authorization::basic,
    headers::Headers,
    net::Destination,
    url::{HostPort, Scheme},
    violation::{InvalidRequest, InvalidUrl},
};

/// The field that says to a proxy who a client is (RFC 9110, Section 11.7.2). No server has to see it.
pub(crate) const AUTHORIZATION: &str = "Proxy-Authorization";

/// Fields that frame a request or say where it goes.
const RESERVED: [&str; 4] = ["Host", "Content-Length", "Transfer-Encoding", "Connection"];

/// A proxy: how it is spoken to, where it is, and who one is to it.
///
/// | scheme | port | |
/// |---|---|---|
/// | `http` | 80 | `http` URLs are forwarded, for `https` ones there is a tunnel (RFC 9110, Section 9.3.6) |
/// | `https` | 443 | the same, over TLS to the proxy, whose certificate has to name it |
/// | `socks5h`, `socks` | 1080 | SOCKS 5 (RFC 1928); the proxy resolves the name of the server |
/// | `socks5` | 1080 | SOCKS 5; the name is resolved here |
/// | `socks4a` | 1080 | SOCKS 4; the proxy resolves the name |
/// | `socks4` | 1080 | SOCKS 4; the name is resolved here |
///
/// Those of SOCKS need the feature `socks`. Without a scheme, it is `http`. The user info of the URL,
/// percent-decoded, makes credentials: `Basic` ones (RFC 7617), those of RFC 1929, or the user of SOCKS 4.
///
/// Credentials and headers go to the proxy alone. A proxy displays as its URL without user info.
///
/// ```
/// use httpkit::{Client, Proxy};
///
/// let proxy = Proxy::parse("http://spam:eggs@proxy.example:3128")?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
/// let client = Client::builder().proxy(proxy).build()?;
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(Arc<Inner>);

/// All of it decides who answers, so all of it is compared.
#[derive(Clone, PartialEq, Eq)]
struct Inner {
    protocol: Protocol,
    server: HostPort,
    credentials: Option<Credentials>,
    /// What an HTTP proxy is sent beside what the server gets, the credentials included.
    headers: Headers,
    tunnels_http: bool,
    #[cfg(feature = "__tls")]
    tls: Option<TlsConfig>,
}

/// A user and a password: any bytes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: Vec<u8>,
    pub(crate) password: Vec<u8>,
}

impl Proxy {
    fn new(protocol: Protocol, server: HostPort) -> Proxy {
        Proxy(Arc::new(Inner {
            protocol,
            server,
            credentials: None,
            headers: Headers::new(),
            tunnels_http: false,
            #[cfg(feature = "__tls")]
            tls: None,
        }))
    }

    /// Sets the user and password. Overrides those in its URL.
    ///
    /// # Errors
    /// [`InvalidRequest`] if the user contains a colon and the proxy is no SOCKS proxy: it would read another user (RFC
    /// 7617 §2).
    pub fn basic(self, user: &str, password: &str) -> Result<Proxy, InvalidRequest> {
        self.with_credentials(Credentials { user: user.into(), password: password.into() })
    }

    fn with_credentials(self, credentials: Credentials) -> Result<Proxy, InvalidRequest> {
        let mut headers = self.0.headers.clone();
        if matches!(self.0.protocol, Protocol::Http(_)) {
            headers.set(AUTHORIZATION, basic(&credentials.user, &credentials.password)?)?;
        }
        Ok(self.change(|proxy| {
            proxy.headers = headers;
            proxy.credentials = Some(credentials);
        }))
    }

    /// Sets a header for the proxy alone: it goes with what is forwarded, and with each request for a tunnel. SOCKS
    /// knows none.
    ///
    /// # Errors
    /// `InvalidRequest` as [`Headers::set`], and for a field that frames or routes a request.
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Result<Proxy, InvalidRequest> {
        if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
            let rule = "a header for a proxy neither frames nor routes a request";
            return Err(InvalidRequest::new(rule, name.as_bytes()));
        }
        let mut headers = self.0.headers.clone();
        headers.set(name, value)?;
        Ok(self.change(|proxy| proxy.headers = headers))
    }

    /// Has a tunnel made for `http` URLs too, in place of forwarding.
    #[must_use]
    pub fn tunnel_http(self) -> Proxy {
        self.change(|proxy| proxy.tunnels_http = true)
    }

    /// Whom to trust as an `https` proxy, and as whom to show up there. Defaults to whom the client trusts; its
    /// certificate, its pins and its other name are for servers.
    #[cfg(feature = "__tls")]
    #[must_use]
    pub fn tls(self, tls: TlsConfig) -> Proxy {
        self.change(|proxy| proxy.tls = Some(tls))
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Proxy {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn protocol(&self) -> Protocol {
        self.0.protocol
    }

    pub(crate) fn server(&self) -> &HostPort {
        &self.0.server
    }

    pub(crate) fn destination(&self) -> Destination<'_> {
        Destination { host: &self.0.server.host, port: self.0.server.port }
    }

    #[cfg(feature = "socks")]
    pub(crate) fn credentials(&self) -> Option<&Credentials> {
        self.0.credentials.as_ref()
    }

    pub(crate) fn headers(&self) -> &Headers {
        &self.0.headers
    }

    /// Whether requests for URLs of this scheme go to the proxy itself, which sends them on.
    pub(crate) fn forwards(&self, scheme: Scheme) -> bool {
        matches!(self.0.protocol, Protocol::Http(_)) && scheme == Scheme::Http && !self.0.tunnels_http
    }

    #[cfg(feature = "__tls")]
    pub(crate) fn tls_config(&self) -> Option<&TlsConfig> {
        self.0.tls.as_ref()
    }
}

impl FromStr for Proxy {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Proxy, InvalidUrl> {
        Proxy::parse(text)
    }
}

/// Scheme, host and port, without user info.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.protocol.scheme(), self.destination())
    }
}

/// As `Display`, and whether there are credentials.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("url", &format_args!("{self}"))
            .field("has_credentials", &self.0.credentials.is_some())
            .field("headers", &self.0.headers)
            .finish_non_exhaustive()
    }
}
