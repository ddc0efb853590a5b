//! How a typed client is set up.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use super::{
    service::{Service, TypedClient},
    settings::Settings,
};
use crate::{
    authorization::{basic, bearer},
    client::{Client, IntoUrl},
    error::{Error, Result},
    headers::Headers,
    limits::Limits,
    retry::RetryPolicy,
    setting::Setting,
    timeouts::Timeouts,
    url::Url,
    violation::InvalidRequest,
};

/// The settings of a typed client, which `FooClient::builder()` returns.
///
/// What is wrong with one shows in [`build`](TypedClientBuilder::build).
///
/// ```
/// use httpkit::{Result, http_client};
///
/// #[http_client]
/// trait Wiki {
///     #[get("/pages/{title}")]
///     fn page(&self, title: &str) -> Result<String>;
/// }
///
/// let wiki = WikiClient::builder()
///     .base("https://wiki.example/api/v2")
///     .bearer("s3cr3t")
///     .header("x-client", "docs")
///     .build()?;
/// # Ok::<(), httpkit::Error>(())
/// ```
#[must_use = "nothing is made before `build`"]
pub struct TypedClientBuilder<C> {
    client: Option<Client>,
    base: Option<Url>,
    headers: Headers,
    /// `Authorization`, if it was set by `bearer` or `basic`. Overrides that of `headers`.
    authorization: Headers,
    settings: Settings,
    /// The first thing that was wrong.
    error: Option<Error>,
    makes: PhantomData<fn() -> C>,
}

impl<C: TypedClient> TypedClientBuilder<C> {
    #[doc(hidden)]
    pub fn new() -> Self {
        TypedClientBuilder {
            client: None,
            base: None,
            headers: Headers::new(),
            authorization: Headers::new(),
            settings: Settings::default(),
            error: None,
            makes: PhantomData,
        }
    }

    /// The client that requests are sent through, with its pool and settings. Defaults to one of its own.
    pub fn client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// The URL that paths are appended to: a prefix, never resolved against. Defaults to
    /// [`base_url`](crate::ClientBuilder::base_url) of the client, then to the trait's. A trait whose methods all
    /// have a parameter with `#[url]` does without, unless the builder is given headers or credentials: these go to
    /// the origin of the base URL alone.
    pub fn base(mut self, url: impl IntoUrl) -> Self {
        match url.into_url(None) {
            Ok(url) => self.base = Some(url),
            Err(error) => self.park(error),
        }
        self
    }

    /// Sets a header of all requests whose method, trait or parameters do not set it. Replaces an earlier header of the
    /// same name. [`bearer`](TypedClientBuilder::bearer) and [`basic`](TypedClientBuilder::basic) take precedence over
    /// `Authorization`, whatever the order of the calls.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.headers.set(name, value) {
            self.park(error);
        }
        self
    }

    /// Sets a header of each request whose value is a secret, like
    /// [`RequestBuilder::header_sensitive`](crate::RequestBuilder::header_sensitive).
    pub fn header_sensitive(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.headers.set_sensitive(name, value) {
            self.park(error);
        }
        self
    }

    /// Sends `Authorization: Bearer …` with each request (RFC 6750). Replaces the credentials of an earlier call of
    /// `bearer` or [`basic`](TypedClientBuilder::basic). A token that is empty, or has a character that is not visible
    /// ASCII, is an error of [`build`](TypedClientBuilder::build).
    pub fn bearer(self, token: impl fmt::Display) -> Self {
        self.authorization(bearer(&token.to_string()))
    }

    /// Sends `Authorization: Basic …` with each request (RFC 7617). Replaces the credentials of an earlier call of
    /// `basic` or [`bearer`](TypedClientBuilder::bearer). A user with a colon is an error of
    /// [`build`](TypedClientBuilder::build).
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.authorization(basic(user.as_bytes(), password.as_bytes()))
    }

    /// Sets the total timeout of each request, up to the last byte of the response. Includes all redirects and attempts.
    /// If a method returns a stream ([`Body`](crate::Body), [`Lines`](crate::Lines),
    /// [`ServerSentEvents`](crate::ServerSentEvents)), the timeout ends with the response head. Each page of
    /// [`Pages`](crate::Pages) is a request. `None` turns off that of the client. Defaults to the client's.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.timeout = Setting::chosen(timeout.into());
        self
    }

    /// Sets timeouts of all requests. Keeps those that `timeouts` does not set. Defaults to the client's.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        let bounds = self.settings.bounds.get_or_insert_default();
        bounds.timeouts = timeouts.over(&bounds.timeouts);
        self
    }

    /// Sets limits on what the server may send. Keeps those that `limits` does not set. Defaults to the client's.
    pub fn limits(mut self, limits: Limits) -> Self {
        let bounds = self.settings.bounds.get_or_insert_default();
        bounds.limits = limits.over(&bounds.limits);
        self
    }

    /// Sets the retry policy. Replaces an earlier [`without_retry`](TypedClientBuilder::without_retry). Defaults to the
    /// client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = Setting::chosen(Some(Arc::new(policy)));
        self
    }

    /// Disables retries. Replaces an earlier [`retry`](TypedClientBuilder::retry). Defaults to the client's policy.
    pub fn without_retry(mut self) -> Self {
        self.settings.retry = Setting::chosen(None);
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidUrl`](crate::ErrorKind::InvalidUrl) for the base URL, and if there is none;
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for a header or credentials.
    pub fn build(mut self) -> Result<C> {
        let blame = |error: Error| error.with_endpoint(C::SERVICE);
        if let Some(error) = self.error {
            return Err(blame(error));
        }
        self.headers.replace_by(&self.authorization);
        let client = self.client.unwrap_or_default();
        let needs_base =
            !self.headers.is_empty() || C::ENDPOINTS.iter().any(|endpoint| endpoint.is_below_base());
        let service = Service::with(client, self.base, C::BASE, self.headers, self.settings);
        let base = if needs_base { service.needed_base().map(Some) } else { service.base() };
        base.map_err(|error| blame(error.into()))?;
        Ok(C::from_service(service))
    }

    fn authorization(mut self, value: Result<String, InvalidRequest>) -> Self {
        let set = value.and_then(|value| self.authorization.set_sensitive("Authorization", value));
        if let Err(error) = set {
            self.park(error);
        }
        self
    }

    fn park(&mut self, error: impl Into<Error>) {
        self.error.get_or_insert_with(|| error.into());
    }
}

impl<C: TypedClient> fmt::Debug for TypedClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedClientBuilder")
            .field("service", &C::SERVICE)
            .field("base", &self.base)
            .field("headers", &self.headers)
            .field("authorization", &self.authorization)
            .field("timeout", &self.settings.timeout)
            .field("client", &self.client)
            .field("error", &self.error)
            .finish()
    }
}
