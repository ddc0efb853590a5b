//! The one error of httpkit.

mod coding_fault;
mod convert;
mod kind;
mod phase;
#[cfg(feature = "json")]
mod problem;
mod proxy;
mod snapshot;
mod state;
mod timeout_limit;

use std::{error::Error as StdError, fmt};

use httpkit_status::StatusCode;

#[cfg(feature = "json")]
pub use self::problem::Problem;
pub use self::{
    coding_fault::CodingFault, kind::ErrorKind, phase::Phase, proxy::ProxyError, snapshot::StatusSnapshot,
    state::StateError, timeout_limit::TimeoutLimit,
};
use crate::{method::Method, url::Url};

/// What fallible functions of httpkit return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Statuses that speak of a condition that passes (RFC 9110, Sections 15.5.9, 15.6.3 to 15.6.5; RFC 8470, Section
/// 5.2; RFC 6585, Section 4).
pub(crate) const PASSING_STATUSES: [StatusCode; 6] = [
    StatusCode::RequestTimeout,
    StatusCode::TooEarly,
    StatusCode::TooManyRequests,
    StatusCode::BadGateway,
    StatusCode::ServiceUnavailable,
    StatusCode::GatewayTimeout,
];

/// A request that failed, or a response that is not what was asked for.
///
/// Its [`kind`](Error::kind) says what went wrong; beside it stand the request that it happened to, and
/// whether the server may have acted on it. `{}` displays the request and what went wrong on one line, and leaves the
/// cause to [`source`](std::error::Error::source); `{:#}` displays all causes too. An error holds no connection.
///
/// ```
/// use std::net::TcpListener;
/// use httpkit::Client;
///
/// let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
/// let error = Client::new().get(format!("http://{nobody}/")).send().unwrap_err();
/// assert_eq!(format!("{error}"), format!("GET http://{nobody}/: cannot connect to {nobody}"));
/// assert!(format!("{error:#}").contains("refused"));
/// ```
///
/// It passes through [`Read`](std::io::Read) unharmed: `Error` converts into `io::Error` with the fitting
/// kind, and [`Error::from`] finds it again in there.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    method: Option<Method>,
    url: Option<Url>,
    endpoint: Option<&'static str>,
    unsent: bool,
    attempts: u32,
    partial: Vec<u8>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Error {
        Error(Box::new(Inner {
            kind,
            method: None,
            url: None,
            endpoint: None,
            unsent: false,
            attempts: 1,
            partial: Vec::new(),
        }))
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The method of the request, where one was on its way.
    pub fn method(&self) -> Option<&Method> {
        self.0.method.as_ref()
    }

    /// The URL of the request, where one is known. It displays without user info.
    pub fn url(&self) -> Option<&Url> {
        self.0.url.as_ref()
    }

    /// The method of a typed client that failed, as `Trait::method`.
    pub fn endpoint(&self) -> Option<&'static str> {
        self.0.endpoint
    }

    /// The status of the response, where it is what went wrong, or where its body cannot be decoded.
    pub fn status(&self) -> Option<StatusCode> {
        match self.kind() {
            ErrorKind::Status(snapshot) => Some(snapshot.status()),
            #[cfg(feature = "json")]
            ErrorKind::Json { status, .. } => *status,
            #[cfg(feature = "macros")]
            ErrorKind::EmptyBody { status, .. }
            | ErrorKind::Decode { status, .. }
            | ErrorKind::JsonLine { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The response behind [`ErrorKind::Status`]: its status, headers, and the start of its body.
    pub fn response(&self) -> Option<&StatusSnapshot> {
        match self.kind() {
            ErrorKind::Status(snapshot) => Some(snapshot),
            _ => None,
        }
    }

    /// The problem details (RFC 9457) that the response behind [`ErrorKind::Status`] has.
    #[cfg(feature = "json")]
    pub fn problem(&self) -> Option<Problem> {
        self.response()?.problem()
    }

    /// What a collecting read (`text()`, `bytes()`, `read_all()` …) had received before it failed.
    pub fn partial(&self) -> &[u8] {
        &self.0.partial
    }

    /// Whether the server may have acted on the request. `false` only where no byte of it was sent.
    pub fn may_have_been_processed(&self) -> bool {
        !self.0.unsent
    }

    /// Whether a deadline passed.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout { .. })
    }

    /// Whether no connection came about: name, address, proxy, TLS, or the time for these.
    pub fn is_connect(&self) -> bool {
        match self.kind() {
            ErrorKind::Dns { .. } | ErrorKind::Connect { .. } | ErrorKind::Proxy { .. } => true,
            #[cfg(feature = "__tls")]
            ErrorKind::Tls(_) => self.0.unsent,
            ErrorKind::Timeout { phase, .. } => {
                matches!(phase, Phase::Resolve | Phase::Connect | Phase::Proxy | Phase::Handshake)
            }
            _ => false,
        }
    }

    /// Whether calls came in an order that the state of the connection does not allow: `httplib`'s
    /// `ImproperConnectionState`.
    pub fn is_state(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::CannotSendRequest(_) | ErrorKind::CannotSendHeader(_) | ErrorKind::ResponseNotReady(_)
        )
    }

    /// Whether the same request, sent again, may succeed without having been processed twice: the failure is
    /// of the moment, and the request was not sent or is idempotent. Statuses 408, 425, 429, 502, 503 and
    /// 504 count.
    pub fn is_retryable(&self) -> bool {
        let harmless = !self.may_have_been_processed() || self.method().is_some_and(Method::is_idempotent);
        harmless && self.is_of_the_moment()
    }

    /// Whether what went wrong may go well the next time.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        match self.kind() {
            ErrorKind::Timeout { .. }
            | ErrorKind::Dns { .. }
            | ErrorKind::Connect { .. }
            | ErrorKind::Io(_)
            | ErrorKind::RemoteDisconnected
            | ErrorKind::IncompleteRead { .. } => true,
            ErrorKind::Status(snapshot) => PASSING_STATUSES.contains(&snapshot.status()),
            ErrorKind::Proxy { source, .. } => source.is_of_the_moment(),
            _ => false,
        }
    }

    /// How many attempts were made: more than 1 where a [`RetryPolicy`](crate::RetryPolicy) wanted them.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Notes that no byte of the request was sent.
    pub(crate) fn unsent(mut self) -> Error {
        self.0.unsent = true;
        self
    }

    pub(crate) fn with_request(mut self, method: &Method, url: &Url) -> Error {
        self.0.method.get_or_insert_with(|| method.clone());
        self.0.url.get_or_insert_with(|| url.clone());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Error {
        self.0.attempts = attempts;
        self
    }

    #[cfg(feature = "macros")]
    pub(crate) fn with_endpoint(mut self, endpoint: &'static str) -> Error {
        self.0.endpoint = Some(endpoint);
        self
    }

    pub(crate) fn with_partial(mut self, partial: Vec<u8>) -> Error {
        self.0.partial = partial;
        self
    }
}

/// `Trait::method: GET https://host/path: what went wrong`, and with `{:#}` also `: why: and why that`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(endpoint) = self.0.endpoint {
            write!(f, "{endpoint}: ")?;
        }
        match (&self.0.method, &self.0.url) {
            (Some(method), Some(url)) => write!(f, "{method} {}: ", url.redacted())?,
            (Some(method), None) => write!(f, "{method}: ")?,
            _ => {}
        }
        write!(f, "{}", self.0.kind)?;
        if f.alternate() {
            let mut cause = self.source();
            while let Some(shown) = cause {
                write!(f, ": {shown}")?;
                cause = shown.source();
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.0.kind);
        for (name, value) in [
            ("method", self.0.method.as_ref().map(|method| method as &dyn fmt::Debug)),
            ("url", self.0.url.as_ref().map(|url| url as &dyn fmt::Debug)),
        ] {
            if let Some(value) = value {
                shown.field(name, value);
            }
        }
        if let Some(endpoint) = self.0.endpoint {
            shown.field("endpoint", &endpoint);
        }
        shown.field("may_have_been_processed", &self.may_have_been_processed());
        shown.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.kind.source()
    }
}
