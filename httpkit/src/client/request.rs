//! Putting a request together.

use std::{fmt, time::Duration};

use super::{Client, Response};
use crate::{
    error::{Error, Result},
    exchange::{Request, basic},
    headers::Headers,
    interim::{InterimHook, InterimResponse},
    method::Method,
    net::CancelToken,
    request_body::{IntoBody, RequestBody},
    url::Url,
};

/// A request that is being put together. What is wrong with it shows in [`send`](RequestBuilder::send), and
/// then nothing has been sent.
#[must_use = "nothing is sent before `send`"]
pub struct RequestBuilder<'a> {
    client: Client,
    method: Method,
    url: Result<Url>,
    headers: Headers,
    body: RequestBody<'a>,
    timeout: Option<Duration>,
    cancel: Option<CancelToken>,
    interim: InterimHook,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(client: Client, method: Method, url: Result<Url>) -> RequestBuilder<'a> {
        let timeout = client.engine().timeout;
        RequestBuilder {
            client,
            method,
            url,
            headers: Headers::new(),
            body: RequestBody::none(),
            timeout,
            cancel: None,
            interim: InterimHook::default(),
        }
    }

    /// Sets a header; it replaces those of the same name, the client's default too.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let set = self.headers.set(name, value);
        self.park(set);
        self
    }

    /// Adds a header, also where one of the same name is there.
    pub fn append_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let appended = self.headers.append(name, value);
        self.park(appended);
        self
    }

    /// Replaces all headers by these.
    #[cfg(feature = "macros")]
    pub(crate) fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Sets `Authorization` to a bearer token (RFC 6750).
    pub fn bearer(self, token: impl fmt::Display) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// Sets `Authorization` to a user and password (RFC 7617).
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.header("Authorization", basic(user.as_bytes(), password.as_bytes()))
    }

    /// The total time, to the last byte of the response's body. Defaults to the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets a token cancel the request from another thread, up to the last byte of the response's body: a
    /// wait that is under way ends at once, with `Cancelled`.
    pub fn cancel_token(mut self, token: &CancelToken) -> Self {
        self.cancel = Some(token.clone());
        self
    }

    /// Has each interim (1xx) response shown to `hook`, such as 103 Early Hints.
    pub fn on_interim(mut self, hook: impl Fn(InterimResponse<'_>) + Send + Sync + 'static) -> Self {
        self.interim = InterimHook::new(hook);
        self
    }

    /// Sends these bytes, or what they are read from. Sets no `Content-Type`.
    pub fn body(mut self, body: impl IntoBody + 'a) -> Self {
        self.body = body.into_body();
        self
    }

    /// Adds the fields of a struct, map or list of pairs to the query: `None` is left out, a sequence repeats
    /// its name.
    #[cfg(feature = "json")]
    pub fn query<T: serde::Serialize + ?Sized>(mut self, parameters: &T) -> Self {
        let mut text = String::new();
        let written = crate::query::Query::new(&mut text).flatten(parameters);
        if let Ok(url) = &mut self.url {
            url.push_query(&text);
        }
        self.park(written);
        self
    }

    /// Sends a value as JSON, with `Content-Type: application/json` unless another is set.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(mut self, value: &T) -> Self {
        match crate::json::encode(value, self.client.engine().buffers.take_body()) {
            Ok(json) => self.body = RequestBody::from_bytes(json),
            Err(error) => self.park(Err::<(), Error>(error)),
        }
        self.content_type("application/json")
    }

    /// Sends the fields of a struct, map or list of pairs as `application/x-www-form-urlencoded`.
    #[cfg(feature = "json")]
    pub fn form<T: serde::Serialize + ?Sized>(mut self, fields: &T) -> Self {
        match crate::form::encode_form(fields) {
            Ok(form) => self.body = RequestBody::from_bytes(form.into_bytes()),
            Err(error) => self.park(Err::<(), Error>(error)),
        }
        self.content_type("application/x-www-form-urlencoded")
    }

    #[cfg(feature = "json")]
    fn content_type(self, value: &str) -> Self {
        if self.headers.contains("content-type") { self } else { self.header("Content-Type", value) }
    }

    /// Sends the request and waits for the head of the final response. Its status may be any: see
    /// [`Response::error_for_status`].
    ///
    /// # Errors
    /// `InvalidUrl` and `InvalidRequest` for what the request was put together from; `Dns`, `Connect`, `Tls`,
    /// `Timeout`, `Io`, `RemoteDisconnected`; and what a malformed response meets, as at
    /// [`HttpConnection::get_response`](crate::HttpConnection::get_response).
    pub fn send(self) -> Result<Response> {
        let engine = self.client.engine().clone();
        let mut request = Request {
            method: self.method,
            url: self.url?,
            headers: self.headers,
            body: self.body,
            timeout: self.timeout,
            cancel: self.cancel,
            interim: self.interim,
        };
        let answered = engine.exchange(&mut request);
        engine.buffers.give_body_back(request.body.into_buffer());
        let (head, connection) = answered?;
        Ok(Response::new(head, request.method, request.url, connection, engine))
    }

    /// Keeps the first thing that is wrong.
    fn park<T, E: Into<Error>>(&mut self, result: Result<T, E>) {
        if let (Err(error), Ok(_)) = (result, &self.url) {
            self.url = Err(error.into());
        }
    }
}

impl fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
