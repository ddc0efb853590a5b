//! What can go wrong.

use std::{
    fmt::{self, Write},
    io,
    path::PathBuf,
};

#[cfg(feature = "json")]
use httpkit_status::StatusCode;

use super::{
    coding_fault::CodingFault,
    phase::Phase,
    proxy::ProxyError,
    snapshot::StatusSnapshot,
    state::StateError,
    timeout_limit::{TimedOut, TimeoutLimit},
};
#[cfg(feature = "__tls")]
use crate::net::TlsError;
use crate::{
    limits::{Amount, Excess},
    url::Url,
    violation::{Excerpt, Violation},
};

/// What went wrong. Messages name the rule, the value that was found (escaped, cut to 80 bytes), and the
/// limit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The URL, or the host and port of a connection, names no HTTP server (`httplib`: `InvalidURL`).
    #[error("invalid URL: {0}")]
    InvalidUrl(Violation),
    /// A method, target, header or body cannot be sent. Nothing of it was.
    #[error("invalid request: {0}")]
    InvalidRequest(Violation),
    /// The body is not as long as its `Content-Length`.
    #[error(
        "the body of the request has {given} bytes, but its Content-Length is {declared} (RFC 9112, Section 6.2)"
    )]
    BodyLength {
        /// What `Content-Length` said.
        declared: u64,
        /// How many bytes there were; at least so many.
        given: u64,
    },
    /// A body cannot be sent as it is: its length is not known where chunks cannot be used, because the server
    /// speaks HTTP/1.0 (`httplib`: `UnimplementedFileMode`).
    #[error("the body of the request cannot be sent: {0}")]
    UnsupportedBody(&'static str),
    /// The source of a request's body failed.
    #[error("the body of the request cannot be read")]
    BodySource(#[source] io::Error),
    /// The connection is closed, and opening it by itself is off.
    #[error("not connected")]
    NotConnected,
    /// A request cannot begin, or its body cannot be sent, in this state.
    #[error("cannot send a request: {0}")]
    CannotSendRequest(StateError),
    /// A header cannot be sent in this state.
    #[error("cannot send a header: {0}")]
    CannotSendHeader(StateError),
    /// There is no response to get in this state.
    #[error("no response is ready: {0}")]
    ResponseNotReady(StateError),
    /// The name of the host could not be resolved.
    #[error("cannot resolve {host}")]
    Dns {
        /// The host.
        host: String,
        /// What the resolver said.
        #[source]
        source: io::Error,
    },
    /// No address of the host accepted a connection, or it ended before the handshake of TLS had.
    #[error("cannot connect to {host}")]
    Connect {
        /// Host and port.
        host: String,
        /// What each address that was tried said, on one line. Its kind is that of the last.
        #[source]
        source: io::Error,
    },
    /// TLS failed, or the server's certificate was refused.
    #[cfg(feature = "__tls")]
    #[error("TLS failed")]
    Tls(#[source] TlsError),
    /// A proxy led nowhere; nothing of the request was sent.
    #[error("no connection through the proxy {proxy}")]
    Proxy {
        /// The proxy, without its credentials.
        proxy: String,
        /// What went wrong there.
        #[source]
        source: ProxyError,
    },
    /// A timeout expired.
    #[error("{}", TimedOut(*phase, *limit))]
    Timeout {
        /// The phase in which it expired.
        phase: Phase,
        /// The setting that it comes from.
        limit: TimeoutLimit,
    },
    /// A [`CancelToken`](crate::CancelToken) has ended the exchange.
    #[error("cancelled")]
    Cancelled,
    /// A function of [`ClientBuilder::middleware`](crate::ClientBuilder::middleware) refuses, for a reason of its
    /// own.
    #[error("refused by middleware")]
    Middleware(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection failed; or something else that was read or written, where the caller has made an
    /// [`Error`](crate::Error) of what the system said.
    #[error("reading or writing failed")]
    Io(#[source] io::Error),
    /// The server closed the connection before any byte of a response.
    #[error("the server closed the connection without a response")]
    RemoteDisconnected,
    /// The connection ended within the response.
    #[error("the connection ended after {received} bytes of the {}", Expectation(*expected))]
    IncompleteRead {
        /// Bytes of the body (or of the head, where `expected` is `None` and no body had begun) received.
        received: u64,
        /// The length of the body, where it was known.
        expected: Option<u64>,
    },
    /// The response does not begin with a status line.
    #[error("bad status line: {0}")]
    BadStatusLine(Violation),
    /// The response is of an HTTP version other than 1.x.
    #[error("unknown protocol {0}: the versions 1.0 and 1.1 are spoken (RFC 9112, Section 2.3)")]
    UnknownProtocol(Excerpt),
    /// A header or trailer of the response is malformed.
    #[error("bad header: {0}")]
    BadHeader(Violation),
    /// The `Content-Length` of the response is malformed or contradicts itself.
    #[error("bad Content-Length: {0}")]
    BadContentLength(Violation),
    /// The response has a transfer coding that is unknown, or whose last is not `chunked`.
    #[error("unknown transfer coding {0}: `chunked` alone is spoken (RFC 9112, Section 6.1)")]
    UnknownTransferEncoding(Excerpt),
    /// The chunked coding of the response is malformed.
    #[error("bad chunk: {0}")]
    BadChunk(Violation),
    /// The body does not follow the content coding that its head names.
    #[error("the body does not follow its content coding {coding}: {fault}")]
    ContentCoding {
        /// The name of the coding.
        coding: &'static str,
        /// Why not.
        fault: CodingFault,
    },
    /// The server switched protocols without having been asked to.
    #[error("the server switched protocols without an Upgrade in the request (RFC 9110, Section 7.8)")]
    UnexpectedUpgrade,
    /// A part of a file is not what was asked for, by its `Content-Range` or otherwise.
    #[error("bad range: {0}")]
    BadRange(Violation),
    /// A file cannot be read or written.
    #[error("cannot read or write {}", OneLine(&path.to_string_lossy()))]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Something exceeds its limit.
    #[error("{what} exceeds {} (`{setting}`)", Amount(*limit, unit))]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// The unit of the limit, such as `bytes` or `fields`.
        unit: &'static str,
        /// The method that sets the limit, or the constant that has it.
        setting: &'static str,
    },
    /// More redirects in a row than the [`RedirectPolicy`](crate::RedirectPolicy) allows.
    #[error("more than {limit} redirects")]
    TooManyRedirects {
        /// The limit.
        limit: usize,
        /// The URLs that were requested, in order. They display without user info.
        chain: Vec<Url>,
    },
    /// A redirect that is not followed: its `Location` is no URL of a server or contradicts another, it leads
    /// from `https` to `http`, the body can be sent once only, or the hook of the
    /// [`RedirectPolicy`](crate::RedirectPolicy) says so.
    #[error("redirect refused: {reason}")]
    RedirectRefused {
        /// The rule, and the URL or `Location` that breaks it.
        reason: Violation,
        /// The URLs that were requested, in order. They display without user info.
        chain: Vec<Url>,
        /// What the hook says.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A link of a response cannot be followed: it is malformed, leads to no HTTP server, or is one that
    /// [`Pages`](crate::Pages) refuse.
    #[error("bad link: {0}")]
    BadLink(Violation),
    /// A file with credentials, such as `.netrc`, cannot be read.
    #[error("cannot read credentials from {}", path.display())]
    CredentialsFile {
        /// The file.
        path: PathBuf,
        /// Why not. It shows nothing of the file.
        #[source]
        source: io::Error,
    },
    /// The status of the response is 400 or above; in a typed client, none that its return type takes.
    #[error("{0}")]
    Status(Box<StatusSnapshot>),
    /// The body of the response is not text.
    #[error("the body is not {charset} from byte {valid_up_to} on; found {found}")]
    Text {
        /// What it should be.
        charset: &'static str,
        /// How many bytes are.
        valid_up_to: usize,
        /// What stands there.
        found: Excerpt,
    },
    /// The body of the response is text in a charset that is not spoken.
    #[error("the charset {0} needs the feature `charset`")]
    Charset(Excerpt),
    /// A response without a body, where what it was to be decoded to needs one.
    #[cfg(feature = "macros")]
    #[error(
        "the response with status {status} has no body to decode to `{target}`; an `Option` of that takes it as `None`"
    )]
    EmptyBody {
        /// The status of the response.
        status: StatusCode,
        /// The type that was asked for.
        target: &'static str,
    },
    /// A response that a [`FromResponse`](crate::FromResponse) of the caller's cannot decode.
    #[cfg(feature = "macros")]
    #[error("the response with status {status} cannot be decoded")]
    Decode {
        /// The status of the response.
        status: StatusCode,
        /// What the decoder says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A response of another media type than what it was to be decoded to has.
    /// [`Error::partial`](crate::Error::partial) is how its body begins.
    #[cfg(feature = "macros")]
    #[error("the body is not {expected}: its Content-Type is {found}")]
    ContentType {
        /// The media type.
        expected: &'static str,
        /// What the response says it is; empty where it says nothing.
        found: Excerpt,
    },
    /// The body of the response is not JSON, or does not match the type.
    #[cfg(feature = "json")]
    #[error("cannot decode JSON{}{}{}", At(path), Received(*status), Begins("body", found.as_ref()))]
    Json {
        /// The path into the document, as `items[3].name`; `.` for the document itself.
        path: String,
        /// The status of the response; `None` for the data of a [`ServerSentEvent`](crate::ServerSentEvent).
        status: Option<StatusCode>,
        /// How the body begins if it is no JSON at all. `None` if it is JSON that does not match the type: it may hold a
        /// secret, and [`Error::partial`](crate::Error::partial) has the bytes.
        found: Option<Excerpt>,
        /// What serde says.
        #[source]
        source: serde_json::Error,
    },
    /// A line of the body is not JSON, or does not match the type.
    #[cfg(feature = "macros")]
    #[error("cannot decode JSON in line {line}{}{}{}", At(path), Received(Some(*status)), Begins("line", found.as_ref()))]
    JsonLine {
        /// The number of the line, from 1.
        line: u64,
        /// The path into the line, as `items[3].name`; `.` for the line itself.
        path: String,
        /// The status of the response.
        status: StatusCode,
        /// How the line begins if it is no JSON at all.
        found: Option<Excerpt>,
        /// What serde says; it knows of this one line.
        #[source]
        source: serde_json::Error,
    },
    /// A value cannot be serialized as JSON. Nothing was sent.
    #[cfg(feature = "json")]
    #[error("cannot serialize the body as JSON")]
    SerializeJson(#[source] serde_json::Error),
    /// A value cannot be serialized as a query, a form, a header or a part of a path.
    #[error("cannot serialize `{}`: {}", OneLine(name), OneLine(reason))]
    Parameter {
        /// The parameter.
        name: String,
        /// Why not.
        reason: String,
    },
}

impl From<Excess> for ErrorKind {
    fn from(excess: Excess) -> ErrorKind {
        let Excess { what, limit, unit, setting } = excess;
        ErrorKind::TooLarge { what, limit, unit, setting }
    }
}

/// A text that may hold what somebody else wrote: control characters and what is not ASCII escaped, and cut.
struct OneLine<'a>(&'a str);

impl OneLine<'_> {
    const MAX_CHARACTERS: usize = 160;
}

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(Self::MAX_CHARACTERS) {
            match character {
                ' '..='~' => f.write_char(character)?,
                _ => write!(f, "{}", character.escape_default())?,
            }
        }
        let is_cut = self.0.chars().nth(Self::MAX_CHARACTERS).is_some();
        if is_cut { f.write_str("...") } else { Ok(()) }
    }
}

/// How long a body was to be.
struct Expectation(Option<u64>);

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(expected) => write!(f, "{expected} that the response has"),
            None => f.write_str("response, before its end"),
        }
    }
}

/// A path into a document, unless it is that of the document itself.
#[cfg(feature = "json")]
struct At<'a>(&'a str);

#[cfg(feature = "json")]
impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == "." { Ok(()) } else { write!(f, " at `{}`", OneLine(self.0)) }
    }
}

#[cfg(feature = "json")]
struct Received(Option<StatusCode>);

#[cfg(feature = "json")]
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |status| write!(f, " (status {})", status.code()))
    }
}

/// How a text begins, if it is shown.
#[cfg(feature = "json")]
struct Begins<'a>(&'static str, Option<&'a Excerpt>);

#[cfg(feature = "json")]
impl fmt::Display for Begins<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Begins(what, found) = self;
        found.map_or(Ok(()), |found| write!(f, "; the {what} begins {found}"))
    }
}
