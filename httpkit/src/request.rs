//! A request that is put together and not sent yet.

mod curl;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

#[cfg(feature = "digest")]
use crate::auth::DigestCredentials;
use crate::{
    config::{Bounds, ConnectionConfig},
    error::{ErrorKind, Result},
    event::{EventKind, Observation},
    headers::Headers,
    interim::InterimHook,
    limits::Limits,
    method::Method,
    net::CancelToken,
    proxy::Proxies,
    redirect::{RedirectPolicy, Step},
    request_body::{ProgressHook, RequestBody},
    retry::RetryPolicy,
    setting::Setting,
    timeouts::Timeouts,
    url::Url,
};

/// A request, as [`RequestBuilder::build`](crate::RequestBuilder::build) makes it: it can be looked at and
/// changed, and [`Client::execute`](crate::Client::execute) sends it.
///
/// ```
/// use httpkit::Client;
///
/// let client = Client::new();
/// let mut request = client.get("http://example.org/menu").query(&[("day", "monday")]).build()?;
/// request.headers_mut().set("Accept-Language", "en")?;
/// assert_eq!(request.url().as_str(), "http://example.org/menu?day=monday");
/// # Ok::<(), httpkit::Error>(())
/// ```
pub struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Headers,
    pub(crate) body: RequestBody<'a>,
    pub(crate) options: RequestOptions,
}

/// What is special about the way of one request. Where nothing is said, the client's settings hold.
#[derive(Clone, Default)]
pub(crate) struct RequestOptions {
    /// The configuration of the client that it was built by, if that shows more headers than usual.
    pub(crate) shows: Option<Arc<ConnectionConfig>>,
    /// Sees how much of the body has been sent.
    pub(crate) upload_progress: Option<ProgressHook>,
    /// Sees how much of the body of the response has been read.
    pub(crate) download_progress: Option<ProgressHook>,
    /// Whether content codings are undone.
    pub(crate) decode: Option<bool>,
    /// The total timeout, up to the last byte of the response.
    pub(crate) timeout: Setting<Option<Duration>>,
    /// When that time began; `None` if it begins when the request is executed.
    pub(crate) began: Option<Instant>,
    /// The timeouts and limits that were set for this request. Boxed: they are large, and few requests have any.
    pub(crate) bounds: Option<Box<Bounds>>,
    /// The timeouts and limits that apply, if they differ from the client's. Set at execution.
    pub(crate) resolved: Option<Arc<Bounds>>,
    /// Ends it from another thread.
    pub(crate) cancel: Option<CancelToken>,
    /// In place of the client's.
    pub(crate) proxies: Option<Proxies>,
    /// Sees interim responses.
    pub(crate) interim: InterimHook,
    /// Who looks on, once it is under way.
    pub(crate) observation: Observation,
    /// The retry policy; `None` in it turns retries off.
    pub(crate) retry: Setting<Option<Arc<RetryPolicy>>>,
    /// Which redirects are followed.
    pub(crate) redirects: Option<RedirectPolicy>,
    /// For the origin of its URL alone.
    #[cfg(feature = "digest")]
    pub(crate) digest: Option<Box<DigestCredentials>>,
    /// Cookies and credentials for where it leads now.
    pub(crate) looked_up: Option<Box<Headers>>,
    /// Whether it leads to an origin that nobody has said to be the service's: the client's headers stay
    /// behind then, as far as they may be secret.
    pub(crate) is_foreign: bool,
    /// Whether a redirect has led to another origin.
    pub(crate) has_left_origin: bool,
}

impl RequestOptions {
    /// Sets timeouts. Keeps those that `timeouts` does not set.
    pub(crate) fn set_timeouts(&mut self, timeouts: Timeouts) {
        let bounds = self.bounds.get_or_insert_default();
        bounds.timeouts = timeouts.over(&bounds.timeouts);
    }

    /// Sets limits. Keeps those that `limits` does not set.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        let bounds = self.bounds.get_or_insert_default();
        bounds.limits = limits.over(&bounds.limits);
    }

    #[cfg(feature = "digest")]
    fn drop_credentials(&mut self) {
        self.digest = None;
    }

    #[cfg(not(feature = "digest"))]
    #[expect(clippy::unused_self, reason = "as with the feature `digest`")]
    fn drop_credentials(&mut self) {}
}

impl<'a> Request<'a> {
    pub(crate) fn new(method: Method, url: Url) -> Request<'a> {
        Request {
            method,
            url,
            headers: Headers::new(),
            body: RequestBody::none(),
            options: RequestOptions::default(),
        }
    }

    /// The same request once more, to send one and keep the other. It borrows this one, whose bytes of content it
    /// shares, so it is to be sent before this one is changed or sent; the response to it borrows nothing. `None`
    /// where the content is a reader, or a file that cannot be opened once more.
    ///
    /// ```
    /// use httpkit::{Client, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|request| Reply::new(200).body(request.body()));
    /// let client = Client::new();
    /// let mut request = client.put(server.url("/")).body("spam").build()?;
    /// let clone = request.try_clone().expect("bytes can be sent again");
    /// let first = client.execute(clone)?;
    /// // Nothing borrows the request any more.
    /// request.headers_mut().set("X-Attempt", "2")?;
    /// let second = client.execute(request)?;
    /// assert_eq!(first.text()?, second.text()?);
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn try_clone(&self) -> Option<Request<'_>> {
        Some(Request {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: self.body.try_clone()?,
            options: self.options.clone(),
        })
    }

    /// Tells who looks on what has happened.
    #[inline]
    pub(crate) fn tell(&self, kind: EventKind<'_>) {
        self.options.observation.tell(&self.method, &self.url, kind);
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Leads the request elsewhere.
    pub fn set_url(&mut self, url: Url) {
        self.url = url;
    }

    /// The headers of the request itself; the client adds its defaults, and what the body needs.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers of the request itself, to change.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The content.
    pub fn body(&self) -> &RequestBody<'a> {
        &self.body
    }

    /// Returns the total timeout that was set for this request. Returns `None` if the request inherits it or has turned
    /// it off.
    pub fn timeout(&self) -> Option<Duration> {
        self.options.timeout.value
    }

    /// Sets the total timeout, up to the last byte of the response. `None` turns off that of the client.
    pub fn set_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.options.timeout = Setting::chosen(timeout.into());
    }

    /// Becomes the request that a redirect leads to.
    pub(crate) fn redirect(&mut self, step: Step) -> Result<()> {
        self.method = step.method;
        self.url = step.url;
        self.headers = step.headers;
        // What was looked up for another URL must not go to this one.
        self.options.looked_up = None;
        if step.is_foreign {
            self.options.is_foreign = true;
            self.options.has_left_origin = true;
            self.options.drop_credentials();
        }
        if step.keeps_body {
            self.body.rewind().map_err(ErrorKind::BodySource)?;
        } else {
            self.body = RequestBody::none();
        }
        Ok(())
    }

    /// The names of headers whose values are shown on top of the usual ones.
    fn shown_headers(&self) -> &[Box<str>] {
        self.options.shows.as_ref().map_or(&[], |config| &config.shown)
    }

    /// Sets a `Content-Type`, unless there is one.
    #[cfg(feature = "json")]
    pub(crate) fn declare_content_type(&mut self, value: &str) -> crate::error::Result<()> {
        if !self.headers.contains("content-type") {
            self.headers.set("Content-Type", value)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.headers.showing(self.shown_headers()))
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
