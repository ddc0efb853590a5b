//! Putting a request together.

use std::{fmt, sync::Arc, time::Duration};

use super::{Client, Response};
use crate::{
    authorization::{basic, bearer},
    error::Result,
    headers::{Headers, check_field},
    interim::{InterimHook, InterimResponse},
    limits::Limits,
    method::Method,
    net::CancelToken,
    proxy::Proxies,
    redirect::RedirectPolicy,
    request::Request,
    request_body::{IntoBody, ProgressHook},
    retry::{RetryPolicy, quoted_key},
    setting::Setting,
    timeouts::Timeouts,
    url::Url,
    violation::InvalidRequest,
};

/// A request that is being put together. What is wrong with it shows in [`send`](RequestBuilder::send), and
/// then nothing has been sent.
#[must_use = "nothing is sent before `send`"]
pub struct RequestBuilder<'a> {
    client: Client,
    /// The request, or the first error.
    request: Result<Request<'a>>,
    /// Whether `bearer` or `basic` has set `Authorization`.
    has_credentials: bool,
    /// Whether `idempotency_key` has set `Idempotency-Key`.
    has_key: bool,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(client: Client, method: Method, url: Result<Url>) -> RequestBuilder<'a> {
        let mut request = url.map(|url| Request::new(method, url));
        let config = &client.engine().connections;
        if let Ok(request) = &mut request
            && !config.shown.is_empty()
        {
            request.options.shows = Some(config.clone());
        }
        RequestBuilder { client, request, has_credentials: false, has_key: false }
    }

    /// Sets a header. Replaces those of the same name, and the client's default header. A header that a more specific
    /// method has set stays: [`bearer`](RequestBuilder::bearer), [`basic`](RequestBuilder::basic) and
    /// [`idempotency_key`](RequestBuilder::idempotency_key) take precedence, whatever the order of the calls.
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.change_header(name, value.as_ref(), Headers::set)
    }

    /// Sets a header whose value is a secret: it is not shown anywhere, and a redirect to another origin does not take
    /// it along. That holds for every name that is not known to hold no secret anyway. A more specific method takes
    /// precedence, as for [`header`](RequestBuilder::header).
    pub fn header_sensitive(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.change_header(name, value.as_ref(), Headers::set_sensitive)
    }

    /// Appends a header. Keeps others of the same name. A more specific method takes precedence, as for
    /// [`header`](RequestBuilder::header).
    pub fn append_header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.change_header(name, value.as_ref(), Headers::append)
    }

    /// Changes a header, unless a more specific method has set it: then it is only checked.
    fn change_header<'v>(
        self,
        name: &str,
        value: &'v [u8],
        change: impl FnOnce(&mut Headers, &str, &'v [u8]) -> Result<(), InvalidRequest>,
    ) -> Self {
        if self.is_overridden(name) {
            return self.try_change(|_| Ok(check_field(name, value).map(drop)?));
        }
        self.try_change(|request| Ok(change(&mut request.headers, name, value)?))
    }

    /// Returns whether a more specific method has set this header.
    fn is_overridden(&self, name: &str) -> bool {
        (self.has_credentials && name.eq_ignore_ascii_case("authorization"))
            || (self.has_key && name.eq_ignore_ascii_case("idempotency-key"))
    }

    /// Replaces all headers by these.
    #[cfg(feature = "macros")]
    pub(crate) fn with_headers(self, headers: crate::headers::Headers) -> Self {
        self.change(|request| request.headers = headers)
    }

    /// Sets `Authorization` to a bearer token (RFC 6750). Replaces the credentials of an earlier call of `bearer` or
    /// [`basic`](RequestBuilder::basic). A token that is empty, or has a space or another character that is not visible
    /// ASCII, is [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest).
    pub fn bearer(self, token: impl fmt::Display) -> Self {
        self.credentials(bearer(&token.to_string()))
    }

    /// Sets `Authorization` to a user and password (RFC 7617). Replaces the credentials of an earlier call of `basic`
    /// or [`bearer`](RequestBuilder::bearer). A user with a colon is
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest): the server would read another user.
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.credentials(basic(user.as_bytes(), password.as_bytes()))
    }

    fn credentials(mut self, value: Result<String, InvalidRequest>) -> Self {
        self.has_credentials = true;
        self.try_change(|request| Ok(request.headers.set("Authorization", value?)?))
    }

    /// Sets whether content codings such as `gzip` are requested and decoded. Defaults to the client's setting. Defaults
    /// to `false` if the request has a header `Accept-Encoding`, or a `Range`, because a part of encoded content cannot
    /// be decoded.
    pub fn decode(self, decode: bool) -> Self {
        self.change(|request| request.options.decode = Some(decode))
    }

    /// Sets the credentials for `Digest` authentication (RFC 7616).
    ///
    /// Uses the strongest challenge that the server offers, by SHA-256 or MD5. Challenges with more than 4 KiB of
    /// realm, nonce and opaque are ignored. The request is sent again with the credentials: if its body cannot be sent again,
    /// or no challenge is supported, the response with status 401 is returned. An `Authorization` header of the request
    /// takes precedence.
    #[cfg(feature = "digest")]
    pub fn digest(self, user: &str, password: &str) -> Self {
        let credentials =
            crate::auth::DigestCredentials { user: user.to_owned(), password: password.to_owned() };
        self.change(|request| request.options.digest = Some(Box::new(credentials)))
    }

    /// Sets the total timeout, up to the last byte of the response. Includes all redirects and attempts. `None` turns
    /// off that of the client. Defaults to the client's.
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.change(|request| request.set_timeout(timeout))
    }

    /// Sets timeouts of this request. Keeps those that `timeouts` does not set. Defaults to the client's.
    ///
    /// ```
    /// use std::time::Duration;
    /// use httpkit::{Client, Timeouts};
    ///
    /// // A long poll: the server may take an hour to respond.
    /// let patient = Timeouts::new().response(Duration::from_secs(3600));
    /// let poll = Client::new().get("http://example.org/changes").timeouts(patient);
    /// # let _ = poll;
    /// ```
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        self.change(|request| request.options.set_timeouts(timeouts))
    }

    /// Sets limits on the response to this request. Keeps those that `limits` does not set. Defaults to the client's.
    pub fn limits(self, limits: Limits) -> Self {
        self.change(|request| request.options.set_limits(limits))
    }

    /// Sets the retry policy of this request. Replaces an earlier [`without_retry`](RequestBuilder::without_retry).
    /// Defaults to the client's.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.change(|request| request.options.retry = Setting::chosen(Some(Arc::new(policy))))
    }

    /// Disables retries for this request. Replaces an earlier [`retry`](RequestBuilder::retry). Defaults to the client's
    /// policy.
    pub fn without_retry(self) -> Self {
        self.change(|request| request.options.retry = Setting::chosen(None))
    }

    /// Adds the settings of the typed client that the request does not set.
    #[cfg(feature = "macros")]
    pub(crate) fn inherit(self, inherit: impl FnOnce(&mut crate::request::RequestOptions)) -> Self {
        self.change(|request| inherit(&mut request.options))
    }

    /// Sets `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) to a key that is written as a quoted
    /// string. A server that supports it acts once on all requests with the same key, so this one may be
    /// sent again like an idempotent one, by a retry policy or where a pooled connection has died.
    pub fn idempotency_key(mut self, key: &str) -> Self {
        self.has_key = true;
        self.try_change(|request| Ok(request.headers.set("Idempotency-Key", quoted_key(key)?)?))
    }

    /// Lets a token cancel the request from another thread, up to the last byte of the response's body: a
    /// wait that is under way ends at once, with `Cancelled`.
    pub fn cancel_token(self, token: &CancelToken) -> Self {
        self.change(|request| request.options.cancel = Some(token.clone()))
    }

    /// Chooses the proxy of this request, in place of the client's choice.
    pub fn proxies(self, proxies: Proxies) -> Self {
        self.change(|request| request.options.proxies = Some(proxies))
    }

    /// Which of its redirects are followed. Defaults to the client's policy.
    pub fn redirects(self, policy: RedirectPolicy) -> Self {
        self.change(|request| request.options.redirects = Some(policy))
    }

    /// Says that the request leads to another origin than the service's.
    #[cfg(feature = "macros")]
    pub(crate) fn foreign(self, is_foreign: bool) -> Self {
        self.change(|request| request.options.is_foreign = is_foreign)
    }

    /// Has each interim (1xx) response shown to `hook`, such as 103 Early Hints.
    pub fn on_interim(self, hook: impl Fn(InterimResponse<'_>) + Send + Sync + 'static) -> Self {
        self.change(|request| request.options.interim = InterimHook::new(hook))
    }

    /// Sends these bytes, or what they are read from. Sets no `Content-Type`.
    pub fn body(self, body: impl IntoBody + 'a) -> Self {
        self.change(|request| request.body = body.into_body())
    }

    /// Adds the fields of a struct, a map or a list of pairs to the query. `None` is left out, and a list repeats its
    /// name. A field that has fields itself is an error that names it.
    #[cfg(feature = "json")]
    pub fn query<T: serde::Serialize + ?Sized>(self, parameters: &T) -> Self {
        self.try_change(|request| {
            let mut text = String::new();
            crate::query::Query::new(&mut text).flatten("query", parameters)?;
            request.url.push_query(&text);
            Ok(())
        })
    }

    /// Sends a value as JSON, with `Content-Type: application/json` unless another is set.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(self, value: &T) -> Self {
        let buffers = self.client.engine().buffers.clone();
        self.try_change(|request| {
            request.body = crate::request_body::RequestBody::from_bytes(crate::json::encode(
                value,
                buffers.take_body(),
            )?);
            request.declare_content_type("application/json")
        })
    }

    /// Sends the fields of a struct, map or list of pairs as `application/x-www-form-urlencoded`.
    #[cfg(feature = "json")]
    pub fn form<T: serde::Serialize + ?Sized>(self, fields: &T) -> Self {
        self.try_change(|request| {
            request.body =
                crate::request_body::RequestBody::from_bytes(crate::form::encode_form(fields)?.into_bytes());
            request.declare_content_type("application/x-www-form-urlencoded")
        })
    }

    pub(super) fn into_parts(self) -> Result<(Client, Request<'a>)> {
        Ok((self.client, self.request?))
    }

    /// Sends a form with files as `multipart/form-data`, with the `Content-Type` that names its boundary.
    #[cfg(feature = "multipart")]
    pub fn multipart(self, form: crate::multipart::Form<'a>) -> Self {
        self.try_change(|request| {
            let (body, content_type) = form.encode()?;
            request.body = body;
            request.headers.set("Content-Type", content_type)?;
            Ok(())
        })
    }

    /// Has `hook` see how many bytes of the body have been given to the connection, and how many there are in all
    /// where that is known, after each block. A body that is sent again begins at 0 again.
    pub fn on_upload_progress(self, hook: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.change(|request| request.options.upload_progress = Some(ProgressHook::new(hook)))
    }

    /// Has `hook` see how many bytes of the response's body have been read, and how many there are in all where the
    /// head announces that, after each piece, however it is read: by [`Response::text`], `json`, `copy_to` and the
    /// others, or by [`Read`](std::io::Read). They are counted as they come: free of chunks, but with their content
    /// codings, so that both numbers fit together. Of a request that is sent again, only the response counts that
    /// is returned; [`Download::on_progress`](crate::Download::on_progress) counts over all parts of a file.
    ///
    /// ```
    /// use httpkit::{Client, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|_| Reply::text(200, "spam"));
    /// let response = Client::new()
    ///     .get(server.url("/menu.txt"))
    ///     .on_download_progress(|bytes, total| assert_eq!((bytes, total), (4, Some(4))))
    ///     .send()?;
    /// assert_eq!(response.text()?, "spam");
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn on_download_progress(self, hook: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.change(|request| request.options.download_progress = Some(ProgressHook::new(hook)))
    }

    /// Makes the request, to be looked at, changed, and sent by [`Client::execute`].
    ///
    /// # Errors
    /// `InvalidUrl` and `InvalidRequest`, `Json` and `Parameter`, for what it was put together from.
    pub fn build(self) -> Result<Request<'a>> {
        self.request
    }

    /// Sends the request and waits for the head of the final response. Its status may be any: see
    /// [`Response::error_for_status`].
    ///
    /// # Errors
    /// As [`build`](RequestBuilder::build) and [`Client::execute`].
    pub fn send(self) -> Result<Response> {
        self.client.execute(self.request?)
    }

    fn change(self, change: impl FnOnce(&mut Request<'a>)) -> Self {
        self.try_change(|request| {
            change(request);
            Ok(())
        })
    }

    /// Keeps the first thing that is wrong.
    fn try_change(mut self, change: impl FnOnce(&mut Request<'a>) -> Result<()>) -> Self {
        if let Ok(request) = &mut self.request
            && let Err(error) = change(request)
        {
            self.request = Err(error);
        }
        self
    }
}

impl fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder").field("request", &self.request).finish_non_exhaustive()
    }
}
