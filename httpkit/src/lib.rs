//! HTTP for Rust programs without an async runtime.
//!
//! Three ways in, each standing on the one below:
//!
//! - [`http_client`](macro@http_client) on a trait makes a typed client of it.
//! - [`Client`] sends requests over connections that it keeps open.
//! - [`HttpConnection`] is one connection to one server, one exchange at a time: the API of Python's `httplib`,
//!   made safe.
//!
//! ```
//! use httpkit::{Client, testing::{Reply, Server}};
//!
//! let server = Server::start(|_| Reply::json(200, r#"{"name": "spam"}"#));
//! let client = Client::new();
//! let response = client.get(server.url("/menu")).query(&[("day", "monday")]).send()?.error_for_status()?;
//! assert_eq!(response.text()?, r#"{"name": "spam"}"#);
//! # Ok::<(), httpkit::Error>(())
//! ```
//!
//! Every wait has a deadline, every size a limit ([`Limits`]), every certificate is verified, and a response is
//! read exactly as strictly as RFC 9112 says ([`Strictness`]). Errors ([`ErrorKind`]) name the rule, what was found
//! and the limit.
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | what holds unless it is set | [`ClientBuilder`], [`Timeouts`], [`Limits`] |
//! | what a trait can say, and return | [`http_client`](macro@http_client), [`FromResponse`], [`ApiError`] |
//! | bodies to send, files, forms with files | [`RequestBody`], [`IntoBody`], the module `multipart` |
//! | bodies to read, downloads | [`Response`], [`Body`], [`Download`] |
//! | bodies that go on: lines, events | [`Lines`], [`ServerSentEvents`] |
//! | links, and the pages that they lead to | [`Response::link`], [`Pages`] |
//! | errors, and whether to try again | [`Error`], [`ErrorKind`], [`RetryPolicy`] |
//! | redirects, cookies, credentials | [`RedirectPolicy`], `CookieJar`, [`RequestBuilder`], [`ClientBuilder::netrc`] |
//! | proxies | [`Proxies`], [`Proxy`] |
//! | certificates and keys | `TlsConfig` |
//! | names, addresses, other transports | [`Resolver`], [`TcpConfig`], [`Connector`] |
//! | functions around requests, metrics, spans | [`ClientBuilder::middleware`], [`Response::builder`], [`ClientBuilder::on_event`], `ClientBuilder::tracing` |
//! | an end from another thread | [`CancelToken`], [`Client::shut_down`] |
//! | upgrades and tunnels, interim responses | [`Upgraded`], [`InterimResponse`] |
//! | tests of what uses this crate | the module `testing` |
//!
//! # Features
//!
//! | feature | brings | crates | default |
//! |---|---|---|---|
//! | `tls` | `https` by rustls with ring, roots from webpki-roots | 11 | yes |
//! | `json` | JSON, forms and queries by serde | 7 | yes |
//! | `macros` | `#[http_client]` and the typed layer; implies `json` | 1 | yes |
//! | `gzip` | the content codings `gzip` and `deflate` | 2 | yes |
//! | `brotli` | the content coding `br` | 3 | no |
//! | `zstd` | the content coding `zstd`, by libzstd in C | 2 | no |
//! | `socks` | proxies that speak SOCKS 4, 4a and 5 | 0 | no |
//! | `multipart` | forms with files: the module `multipart` | 3 | no |
//! | `cookies` | `CookieJar`, by RFC 6265bis, with the list of public suffixes | 2 | no |
//! | `digest` | `RequestBuilder::digest`: authentication by RFC 7616 | 8 | no |
//! | `charset` | text in the charsets of the Encoding Standard | 5 | no |
//! | `idna` | host names that are not ASCII, by UTS #46 | 26 | no |
//! | `aws-lc-rs` | `https` with aws-lc-rs, where `TlsConfig::provider` says so or `tls` is off; takes a C compiler | 2 | no |
//! | `platform-verifier` | `TlsConfig::platform_verifier`: certificates judged as the system does it; beside `tls` or `aws-lc-rs` | 4 | no |
//! | `tracing` | `ClientBuilder::tracing`: a span for each request | 3 | no |
//! | `testing` | the module `testing`: a server on loopback, and one in memory | 0 | no |
//!
//! Without any, there are 14 crates, and `https` is an error that names the feature. The crates of a default feature
//! come on top of these and of the rows above, those of another on top of the default ones, on Linux.
//!
//! # From httplib
//!
//! | httplib | here | what differs, and why |
//! |---|---|---|
//! | `HTTPConnection(host[, port])` | [`HttpConnection::new`], [`with_port`](HttpConnection::with_port) | IPv6 in brackets, zone ids |
//! | `InvalidURL` for a bad port | [`ErrorKind::InvalidUrl`] | in a URL, an empty port means the default (RFC 3986, Section 3.2.3) |
//! | `HTTPSConnection(host[, port, key_file, cert_file])` | `HttpConnection::https`, [`builder`](HttpConnection::builder) with `TlsConfig::client_auth_pem` | the server's certificate is verified |
//! | `HTTP_PORT`, `HTTPS_PORT` | [`HttpConnection::HTTP_PORT`], [`HTTPS_PORT`](HttpConnection::HTTPS_PORT) | |
//! | the class `HTTP` of Python 1.5.2 | | not offered: it was kept for old programs |
//! | `request(method, url[, body[, headers]])` | [`HttpConnection::request`] | `Content-Length: 0` where a body is expected (RFC 9110, Section 8.6); chunked for readers; contradictory framing is refused |
//! | `getresponse()` | [`get_response`](HttpConnection::get_response), [`into_response`](HttpConnection::into_response) | the response borrows the connection, so the next request cannot come too early |
//! | `set_debuglevel(level)` | [`set_debug_level`](HttpConnection::set_debug_level), [`set_debug_sink`](HttpConnection::set_debug_sink) | credentials are left out |
//! | `connect()`, `close()` | [`connect`](HttpConnection::connect), [`close`](HttpConnection::close) | |
//! | `putrequest(method, selector[, skip_host[, skip_accept_encoding]])` | [`put_request`](HttpConnection::put_request), [`put_request_with`](HttpConnection::put_request_with) and [`Automatic`] | a request without `Host` is refused (RFC 9112, Section 3.2) |
//! | `putheader(header, argument[, …])` | [`put_header`](HttpConnection::put_header), [`put_header_list`](HttpConnection::put_header_list), [`put_header_folded`](HttpConnection::put_header_folded) | several values are joined with `, `; folding is obsolete (RFC 9112, Section 5.2) |
//! | `endheaders()` | [`end_headers`](HttpConnection::end_headers) | |
//! | `send(data)` | [`send`](HttpConnection::send), [`finish`](HttpConnection::finish) | metered against the framing that the head declared; chunks are encoded |
//! | `HTTPResponse` | [`HttpResponse`] | `strict` is [`Strictness`] |
//! | `read([amt])` | [`read_all`](HttpResponse::read_all), [`read_up_to`](HttpResponse::read_up_to), `Read`, `BufRead` | a body cut short is an error |
//! | `getheader(name[, default])` | [`header`](HttpResponse::header), [`header_or`](HttpResponse::header_or), [`header_joined`](HttpResponse::header_joined) | the first of several; joined only when asked |
//! | `getheaders()`, `msg` | [`headers`](HttpResponse::headers) | order and case of the wire |
//! | `version`, `status`, `reason` | [`version`](HttpResponse::version), [`status`](HttpResponse::status), [`reason`](HttpResponse::reason) | [`Version::number`] is 10 or 11 |
//! | `HTTPException` | [`Error`] | |
//! | `NotConnected` | [`ErrorKind::NotConnected`] | |
//! | `UnknownProtocol`, `BadStatusLine` | [`ErrorKind::UnknownProtocol`], [`ErrorKind::BadStatusLine`] | a version other than 1.x; no version at all |
//! | `UnknownTransferEncoding` | [`ErrorKind::UnknownTransferEncoding`] | |
//! | `UnimplementedFileMode` | [`ErrorKind::UnsupportedBody`] | a body of unknown length is sent chunked, except to a server of HTTP/1.0 |
//! | `IncompleteRead` | [`ErrorKind::IncompleteRead`] | [`Error::partial`] is what was read |
//! | `ImproperConnectionState` | [`Error::is_state`] | the next three |
//! | `CannotSendRequest`, `CannotSendHeader`, `ResponseNotReady` | [`ErrorKind::CannotSendRequest`], [`ErrorKind::CannotSendHeader`], [`ErrorKind::ResponseNotReady`] | |
//! | `OK`, `NOT_FOUND`, … | [`StatusCode::OK`], [`StatusCode::NOT_FOUND`], … | names of today's registry, with the old ones as constants |

#![forbid(unsafe_code)]
// On docs.rs, each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
mod authorization;
mod charset;
mod client;
mod coding;
mod config;
mod connection;
#[cfg(feature = "cookies")]
mod cookies;
mod error;
mod event;
#[cfg(feature = "macros")]
mod event_stream;
mod exchange;
#[cfg(feature = "json")]
mod form;
mod grammar;
mod headers;
mod interim;
#[cfg(feature = "json")]
mod json;
mod limits;
mod media_type;
mod method;
#[cfg(feature = "multipart")]
pub mod multipart;
mod net;
mod parameters;
mod peer;
mod pool;
mod private_file;
mod proxy;
#[cfg(feature = "json")]
mod query;
mod redirect;
mod request;
mod request_body;
mod retry;
mod secrecy;
mod setting;
#[cfg(feature = "json")]
mod shape;
#[cfg(feature = "tracing")]
mod spans;
mod target;
#[cfg(feature = "testing")]
pub mod testing;
mod timeouts;
#[cfg(feature = "macros")]
mod typed;
mod url;
mod version;
mod violation;
mod web_link;
mod wire;

pub use httpkit_status::{self as status, StatusClass, StatusCode};

#[cfg(feature = "cookies")]
pub use self::cookies::{Cookie, CookieJar, SameSite};
#[cfg(feature = "socks")]
pub use self::net::SocksError;
#[cfg(feature = "__tls")]
pub use self::net::{CertificateFault, TlsConfig, TlsError, TlsProvider, TlsSession, TlsVersion, danger};
pub use self::{
    client::{
        Body, Client, ClientBuilder, Download, IntoUrl, Next, RequestBuilder, Response, ResponseBuilder,
    },
    connection::{Automatic, HttpConnection, HttpConnectionBuilder, HttpResponse, Timings, Upgraded},
    error::{
        CodingFault, Error, ErrorKind, Phase, ProxyError, Result, StateError, StatusSnapshot, TimeoutLimit,
    },
    event::{Event, EventKind},
    headers::{HeaderIter, HeaderValue, Headers},
    interim::InterimResponse,
    limits::Limits,
    media_type::MediaType,
    method::Method,
    net::{
        AddressFamily, CancelToken, Connector, Deadline, Destination, Probe, Resolver, TcpConfig,
        TcpKeepalive, Transport,
    },
    proxy::{Proxies, Proxy},
    redirect::{Hop, NextRequest, RedirectAction, RedirectPolicy},
    request::Request,
    request_body::{IntoBody, RequestBody},
    retry::RetryPolicy,
    timeouts::{LowSpeed, Timeouts},
    url::{Origin, Scheme, Url},
    version::Version,
    violation::{Excerpt, InvalidRequest, InvalidUrl, Violation},
    wire::Strictness,
};
#[cfg(feature = "json")]
pub use self::{error::Problem, form::encode_form};

#[cfg(feature = "macros")]
pub use self::{
    event_stream::ServerSentEvent,
    typed::{
        ApiError, Bytes, Endpoint, FromHead, FromResponse, Lines, Pages, ServerSentEvents, Text,
        TypedClientBuilder,
    },
};
#[cfg(feature = "macros")]
pub use httpkit_macros::http_client;

/// What the code that `#[http_client]` generates names. It changes with any version.
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod __private {
    pub use crate::typed::{
        BasicParameter, BodyParameter, Call, Endpoint, FlagParameter, FormParameter, FormParts, HeadOutput,
        HeaderParameter, JsonParameter, Output, PartParameter, PathParameter, QueryParameter, Service,
        TypedClient, TypedClientBuilder as ClientBuilder, UrlParameter,
    };
}

#[cfg(doctest)]
#[cfg(all(feature = "tls", feature = "macros"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Sends a GET request, on a connection of its own that is closed behind it.
///
/// # Errors
/// As [`RequestBuilder::send`].
pub fn get(url: impl IntoUrl) -> Result<Response> {
    Client::new().get(url).send()
}
