//! The response that an [`HttpConnection`] gives.

use std::{
    borrow::{BorrowMut, Cow},
    fmt,
    io::{self, BufRead, Read},
};

use httpkit_status::StatusCode;

use super::{HttpConnection, Upgraded};
#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::{
    error::Result,
    headers::{HeaderValue, Headers},
    version::Version,
    wire::ResponseHead,
};

/// A response: its head, and its body to read.
///
/// It borrows the connection (or owns it, from [`into_response`](HttpConnection::into_response)), reads the
/// body through [`Read`] and [`BufRead`], and gives the connection free at the body's end. Dropped before, it
/// passes over what has come already, and closes the connection if that was not all.
pub struct HttpResponse<C: BorrowMut<HttpConnection>> {
    head: ResponseHead,
    /// There until the response is taken apart.
    connection: Option<C>,
}

impl<C: BorrowMut<HttpConnection>> HttpResponse<C> {
    pub(super) fn new(head: ResponseHead, connection: C) -> HttpResponse<C> {
        HttpResponse { head, connection: Some(connection) }
    }

    /// The version of the response: [`Version::number`] is `httplib`'s 10 or 11.
    pub fn version(&self) -> Version {
        self.head.version
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The reason phrase as received; it may be empty, and need not be UTF-8.
    pub fn reason(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.head.reason())
    }

    /// All headers, in the order and case of the wire.
    pub fn headers(&self) -> &Headers {
        &self.head.headers
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<HeaderValue<'_>> {
        self.head.headers.get(name)
    }

    /// The first header of this name as text, or `default` when it is not there.
    pub fn header_or<'a>(&'a self, name: &str, default: &'a str) -> Cow<'a, str> {
        self.header(name).map_or(Cow::Borrowed(default), HeaderValue::to_str_lossy)
    }

    /// All headers of this name, joined with `, ` as `httplib` does.
    pub fn header_joined(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self.head.headers.get_all(name).map(HeaderValue::to_str_lossy).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The trailers, once the body has been read.
    pub fn trailers(&self) -> &Headers {
        self.connection_ref().trailers()
    }

    /// What TLS has agreed on; see [`HttpConnection::tls_session`]. `None` too when the connection was closed
    /// at the end of the body.
    #[cfg(feature = "__tls")]
    pub fn tls_session(&self) -> Option<&TlsSession> {
        self.connection_ref().tls_session()
    }

    /// Reads the rest of the body, at most 64 MiB unless the limits of the connection say otherwise.
    ///
    /// # Errors
    /// `IncompleteRead` when the connection ends before the body, `BadChunk`, `Timeout`, `TooLarge`, `Io`;
    /// [`Error::partial`](crate::Error::partial) is what had been read.
    pub fn read_all(&mut self) -> Result<Vec<u8>> {
        self.connection_mut().collect_body(Vec::new())
    }

    /// Reads the next `count` bytes of the body, fewer only at its end.
    ///
    /// # Errors
    /// As [`read_all`](HttpResponse::read_all).
    pub fn read_up_to(&mut self, count: usize) -> Result<Vec<u8>> {
        let (bytes, result) = self.connection_mut().collect_up_to(Vec::new(), count);
        match result {
            Ok(()) => Ok(bytes),
            Err(error) => Err(error.with_partial(bytes)),
        }
    }

    /// Whether the body has been read to its end.
    pub fn is_read(&self) -> bool {
        self.connection_ref().is_body_read()
    }

    /// Takes the stream of a connection that has switched protocols (101) or become a tunnel (CONNECT);
    /// `None` when it has not.
    pub fn into_upgraded(mut self) -> Option<Upgraded> {
        self.connection_mut().take_upgraded()
    }

    /// Gives the connection back. What is left of the body is left; see [`HttpResponse`].
    #[expect(clippy::missing_panics_doc, reason = "the connection is there until this call")]
    pub fn into_connection(mut self) -> C {
        self.connection_mut().leave_body();
        self.connection.take().expect("a response has its connection until this call")
    }

    fn connection_mut(&mut self) -> &mut HttpConnection {
        self.connection.as_mut().expect("a response has its connection until it is taken apart").borrow_mut()
    }

    fn connection_ref(&self) -> &HttpConnection {
        self.connection.as_ref().expect("a response has its connection until it is taken apart").borrow()
    }
}

impl<C: BorrowMut<HttpConnection>> Read for HttpResponse<C> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.connection_mut().read_body(buffer)?)
    }
}

impl<C: BorrowMut<HttpConnection>> BufRead for HttpResponse<C> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.connection_mut().fill_body()?)
    }

    /// Drops bytes that `fill_buf` has returned.
    ///
    /// # Panics
    /// If `count` exceeds what is left of them.
    fn consume(&mut self, count: usize) {
        self.connection_mut().consume_body(count);
    }
}

impl<C: BorrowMut<HttpConnection>> Drop for HttpResponse<C> {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.borrow_mut().leave_body();
        }
    }
}

impl<C: BorrowMut<HttpConnection>> fmt::Debug for HttpResponse<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("version", &self.head.version)
            .field("status", &self.head.status)
            .field("headers", &self.head.headers)
            .finish_non_exhaustive()
    }
}
