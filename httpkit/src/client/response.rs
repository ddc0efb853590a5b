//! The response of a client.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
    net::SocketAddr,
    path::Path,
};

use httpkit_status::StatusCode;

use super::{Body, download::Part};
#[cfg(feature = "json")]
use crate::json;
#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::{
    charset::{self, Malformed},
    coding::content_codings,
    connection::{Timings, Upgraded},
    error::{Error, ErrorKind, Result, StatusSnapshot},
    headers::{HeaderValue, Headers},
    media_type::MediaType,
    method::Method,
    redirect::Hop,
    url::Url,
    version::Version,
    wire::ResponseHead,
};

/// A response: its head, and a value: as it comes from [`send`](crate::RequestBuilder::send), the [`Body`] to
/// read; as a typed client returns it, what the body was decoded to.
#[derive(Debug)]
pub struct Response<T = Body> {
    pub(super) head: ResponseHead,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) attempts: u32,
    pub(super) history: Vec<Hop>,
    pub(super) value: T,
}

impl<T> Response<T> {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The version.
    pub fn version(&self) -> Version {
        self.head.version
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

    /// The media type of the body, where the head names one.
    pub fn content_type(&self) -> Option<MediaType<'_>> {
        MediaType::parse(self.header("content-type")?.to_str()?)
    }

    /// The URL that answered: where redirects were followed, that of the last request.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// How many attempts it took to get it: more than 1 where a [`RetryPolicy`](crate::RetryPolicy) wanted them.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The requests before, in order, each of which was answered by a redirect.
    pub fn history(&self) -> &[Hop] {
        &self.history
    }

    /// The decoded value, or the body.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The decoded value, or the body; the head is dropped.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Replaces the value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        let Response { head, method, url, attempts, history, value } = self;
        Response { head, method, url, attempts, history, value: map(value) }
    }

    /// Says which request an error belongs to.
    pub(crate) fn blame(&self, error: Error) -> Error {
        error.with_request(&self.method, &self.url)
    }
}

impl Response {
    /// Whether reading the body undoes the content codings that the head names (RFC 9110, Section 8.4). The
    /// headers stay as they were received.
    pub fn is_decoded(&self) -> bool {
        self.value.is_decoded()
    }

    /// The content codings that the body still has when it is read, as a list in the order in which they were
    /// applied: where one is not spoken, or decoding is off.
    pub fn content_coding(&self) -> Option<String> {
        let names: Vec<_> = content_codings(self.headers()).map(String::from_utf8_lossy).collect();
        (!self.is_decoded() && !names.is_empty()).then(|| names.join(", "))
    }

    /// The length of the body as the head announces it (RFC 9110, Section 8.6), with its content codings.
    pub fn content_length(&self) -> Option<u64> {
        self.header("content-length").and_then(|value| crate::grammar::decimal(value.as_bytes()))
    }

    /// The trailers, once the body has been read (RFC 9112, Section 7.1.2).
    pub fn trailers(&self) -> &Headers {
        self.value.trailers()
    }

    /// How long the parts of the exchange took. Asked when the body has been read, the total includes that.
    ///
    /// ```
    /// # use httpkit::{Client, testing::{Reply, Server}};
    /// # let server = Server::start(|_| Reply::text(200, "hello"));
    /// let client = Client::new();
    /// let response = client.get(server.url("/")).send()?;
    /// let timings = response.timings();
    /// assert!(timings.connect.is_some() && timings.head <= Some(timings.total));
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn timings(&self) -> Timings {
        self.value.provenance().timings()
    }

    /// The address that answered: of the server, or of the proxy in front of it. `None` for Unix domain sockets,
    /// and for [`Transport`](crate::Transport)s that have none.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.value.provenance().remote_addr()
    }

    /// The address that the request came from. `None` for Unix domain sockets, and for
    /// [`Transport`](crate::Transport)s that have none.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.value.provenance().local_addr()
    }

    /// What TLS has agreed on with the server, and its certificates; `None` for `http`.
    #[cfg(feature = "__tls")]
    pub fn tls_session(&self) -> Option<&TlsSession> {
        self.value.tls_session()
    }

    /// Makes a status of 400 and above an error, which keeps the status, the headers, and the body up to
    /// 64 KiB.
    ///
    /// # Errors
    /// [`ErrorKind::Status`].
    pub fn error_for_status(self) -> Result<Response> {
        if self.status().code() < 400 { Ok(self) } else { Err(self.into_status_error()) }
    }

    /// Makes the response an error, whatever its status.
    pub(crate) fn into_status_error(mut self) -> Error {
        let limit = self.value.limits().error_body_bytes.value;
        let (body, is_truncated) = self.value.collect_start(limit);
        let snapshot =
            StatusSnapshot::new(self.head.status, std::mem::take(&mut self.head.headers), body, is_truncated);
        self.blame(Error::new(ErrorKind::Status(Box::new(snapshot))))
    }

    /// Makes the response an error, which keeps the first bytes of the body: those that one read brings within 100 ms,
    /// because the total timeout of a stream no longer limits the wait.
    #[cfg(feature = "macros")]
    pub(crate) fn refused(mut self, kind: ErrorKind) -> Error {
        self.value.change_connection(crate::connection::HttpConnection::hurry);
        let start = self.value.fill_buf().map(<[u8]>::to_vec).unwrap_or_default();
        self.blame(Error::new(kind).with_partial(start))
    }

    /// Keeps the head beside what `decode` makes of the response.
    #[cfg(feature = "macros")]
    pub(crate) fn try_map<T>(self, decode: impl FnOnce(Response) -> Result<T>) -> Result<Response<T>> {
        Ok(Response {
            head: self.head.clone(),
            method: self.method.clone(),
            url: self.url.clone(),
            attempts: self.attempts,
            history: self.history.clone(),
            value: decode(self)?,
        })
    }

    /// Does without the body, of which a short one is read, for the connection to serve again. Whether that
    /// goes well does not matter: nobody asked for the body.
    #[cfg(feature = "macros")]
    pub(crate) fn pass_over_short_body(&mut self) {
        self.value.pass_over_short_rest();
    }

    /// Ends the total timeout with the head. The body is a stream, which may last for hours.
    #[cfg(feature = "macros")]
    pub(crate) fn without_total(mut self) -> Response {
        self.value.change_connection(crate::connection::HttpConnection::lift_deadline);
        self
    }

    /// Removes the limit on pauses in the body, unless [`Timeouts::between_bytes`](crate::Timeouts::between_bytes) was
    /// set.
    #[cfg(feature = "macros")]
    pub(crate) fn without_default_pauses(mut self) -> Response {
        self.value.change_connection(crate::connection::HttpConnection::lift_default_pauses);
        self
    }

    /// How many bytes of a body the client collects in memory.
    #[cfg(feature = "macros")]
    pub(crate) fn max_collected_bytes(&self) -> usize {
        self.value.limits().collected_bytes.value
    }

    /// Reads the whole body, at most 64 MiB unless the limits of the client say otherwise.
    ///
    /// # Errors
    /// `IncompleteRead` when the connection ends before the body, `BadChunk`, `Timeout`, `TooLarge`, `Io`;
    /// [`Error::partial`] is what had been read.
    pub fn bytes(mut self) -> Result<Vec<u8>> {
        let collected = self.value.collect();
        self.end(collected)
    }

    /// Reads the whole body as text, within the limit of [`bytes`](Response::bytes): in the charset of its byte
    /// order mark, which is left out, or of its `Content-Type`; in UTF-8 where neither says one. Others than
    /// UTF-8 and ASCII take the feature `charset`.
    ///
    /// # Errors
    /// As [`bytes`](Response::bytes); `Text` when it is no text in its charset, and `Charset` without the
    /// feature; then [`Error::partial`] is the body.
    pub fn text(self) -> Result<String> {
        self.text_with(Malformed::Refused, |text, _| Ok(text))
    }

    /// As [`text`](Response::text), with U+FFFD in place of what is no text in its charset.
    ///
    /// # Errors
    /// As [`bytes`](Response::bytes), and `Charset` without the feature `charset`.
    pub fn text_lossy(self) -> Result<String> {
        self.text_with(Malformed::Replaced, |text, _| Ok(text))
    }

    /// Reads the whole body as [`text`](Response::text) does, and shows it to `decode`.
    #[cfg(feature = "macros")]
    pub(crate) fn decode_text<T>(self, decode: impl FnOnce(String, StatusCode) -> Result<T>) -> Result<T> {
        self.text_with(Malformed::Refused, decode)
    }

    fn text_with<T>(
        mut self,
        malformed: Malformed,
        decode: impl FnOnce(String, StatusCode) -> Result<T>,
    ) -> Result<T> {
        let status = self.status();
        let collected = self.value.collect();
        let text = collected.and_then(|bytes| charset::text(bytes, self.headers(), malformed));
        self.end(text.and_then(|text| decode(text, status)))
    }

    /// Reads the whole body and decodes it from JSON, within the limit of [`bytes`](Response::bytes).
    ///
    /// # Errors
    /// As [`bytes`](Response::bytes), and `Json` with the path into the document where it does not fit.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(self) -> Result<T> {
        self.decode(json::decode)
    }

    /// Shows the whole body to `decode`, within the limit of [`bytes`](Response::bytes).
    #[cfg(feature = "json")]
    pub(crate) fn decode<T>(mut self, decode: impl FnOnce(&[u8], StatusCode) -> Result<T>) -> Result<T> {
        let status = self.status();
        let decoded = self.value.with_bytes(|bytes| decode(bytes, status));
        self.end(decoded.and_then(|decoded| decoded))
    }

    /// Gives back what the response took up, and says which request an error belongs to.
    fn end<T>(&mut self, result: Result<T>) -> Result<T> {
        let headers = std::mem::take(&mut self.head.headers);
        if let Some(buffers) = self.value.buffers() {
            buffers.give_headers_back(headers);
        }
        result.map_err(|error| self.blame(error))
    }

    /// Takes the stream of a connection that has switched protocols (101, RFC 9110, Section 7.8), with the
    /// bytes that came behind the head; `None` when it has not.
    pub fn into_upgraded(mut self) -> Option<Upgraded> {
        self.value.take_upgraded()
    }

    /// Does without the rest of the body: reads and drops it, so that the connection can serve again, unless that
    /// takes more than 64 KiB or 100 ms; then the connection is closed. Dropping the response never waits, and
    /// closes the connection unless the rest has come already.
    pub fn drain(mut self) {
        self.value.drain();
    }

    /// Writes the rest of the body to `target`, and returns how many bytes these were.
    ///
    /// # Errors
    /// As [`bytes`](Response::bytes), without a limit; and what writing meets, as `Io`.
    pub fn copy_to(&mut self, target: &mut (impl io::Write + ?Sized)) -> Result<u64> {
        self.value.pass_on(|bytes| Ok(target.write_all(bytes)?)).map_err(|error| self.blame(error))
    }
}

impl Response {
    /// Writes the rest of the body to a file, and returns its length. It is written under another name in the same
    /// folder, and gets its own, in place of what had it, when all of it is on the disk; on an error nothing is
    /// left. [`RequestBuilder::download`](crate::RequestBuilder::download) can also continue what was interrupted.
    ///
    /// # Errors
    /// As [`bytes`](Response::bytes), without a limit; and `File` for what happens to the file.
    pub fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64> {
        self.write_to_file(path.as_ref()).map_err(|error| self.blame(error))
    }

    fn write_to_file(&mut self, path: &Path) -> Result<u64> {
        let mut part = Part::create(path)?;
        self.value.pass_on(|bytes| part.append(bytes))?;
        part.finish()
    }
}

impl Read for Response {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.value.read(buffer).map_err(|error| self.blame(error.into()).into())
    }
}

impl BufRead for Response {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Response { method, url, value, .. } = self;
        value.fill_buf().map_err(|error| Error::from(error).with_request(method, url).into())
    }

    /// Drops bytes that `fill_buf` has returned.
    ///
    /// # Panics
    /// If `count` exceeds what is left of them.
    fn consume(&mut self, count: usize) {
        self.value.consume(count);
    }
}
