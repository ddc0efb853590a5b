//! What the methods of a typed client share.

use std::{fmt, sync::Arc};

use super::{endpoint::Endpoint, settings::Settings};
use crate::{
    client::{Client, RequestBuilder, Response},
    error::Result,
    headers::Headers,
    url::Url,
    violation::InvalidUrl,
};

/// What a generated client is to its builder.
pub trait TypedClient {
    /// The base URL in the trait's attribute.
    const BASE: Option<&'static str>;
    /// The name of the trait.
    const SERVICE: &'static str;
    /// What its methods send.
    const ENDPOINTS: &'static [&'static Endpoint];

    /// Makes the client.
    fn from_service(service: Service) -> Self;
}

/// The one thing that a generated client holds: what its requests are sent through, and where to.
///
/// The base URL is parsed once, here. What is wrong with it shows in each call.
#[derive(Clone)]
pub struct Service {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    /// None where neither the builder, the client nor the trait gives one.
    base: Option<Result<Url, InvalidUrl>>,
    headers: Headers,
    settings: Settings,
}

impl Service {
    /// A service without settings of its own. The base URL of `client` goes before `base`, the trait's.
    #[must_use]
    pub fn new(client: Client, base: Option<&'static str>) -> Service {
        Service::with(client, None, base, Headers::new(), Settings::default())
    }

    /// A service with the settings of a builder, whose base URL, `chosen`, goes before any other.
    pub(super) fn with(
        client: Client,
        chosen: Option<Url>,
        base: Option<&'static str>,
        headers: Headers,
        settings: Settings,
    ) -> Service {
        let base = match (chosen.or_else(|| client.base_url().cloned()), base) {
            (Some(url), _) => Some(judge_base(url)),
            (None, Some(text)) => Some(Url::parse(text).and_then(judge_base)),
            (None, None) => None,
        };
        Service { shared: Arc::new(Shared { client, base, headers, settings }) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.shared.client
    }

    /// The URL that targets are appended to, if there is one.
    pub(super) fn base(&self) -> Result<Option<&Url>, InvalidUrl> {
        let base = self.shared.base.as_ref();
        base.map(|base| base.as_ref().map_err(Clone::clone)).transpose()
    }

    /// The URL that targets are appended to, for what cannot do without.
    pub(super) fn needed_base(&self) -> Result<&Url, InvalidUrl> {
        self.base()?.ok_or_else(|| {
            InvalidUrl::new(
                "no base URL: give one to `base` of the builder, to `base_url` of the `Client`, or to \
                 `#[http_client(base = …)]`",
                b"",
            )
        })
    }

    /// The headers of each request that does not set them itself.
    pub(super) fn headers(&self) -> &Headers {
        &self.shared.headers
    }

    /// Sends a request with the settings of the builder.
    pub(super) fn send(&self, request: RequestBuilder<'_>) -> Result<Response> {
        request.inherit(|options| self.shared.settings.hand_down(options)).send()
    }
}

/// A base URL is a prefix, which ends where a query would begin.
fn judge_base(url: Url) -> Result<Url, InvalidUrl> {
    if url.query().is_some() || url.fragment().is_some() {
        let rule = "a base URL has neither query nor fragment: paths are appended to it";
        return Err(InvalidUrl::new(rule, url.redacted().to_string().as_bytes()));
    }
    Ok(url)
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared { client, base, headers, settings } = &*self.shared;
        let mut shown = f.debug_struct("Service");
        match base {
            Some(Ok(url)) => shown.field("base", url),
            Some(Err(error)) => shown.field("base", error),
            None => shown.field("base", &None::<Url>),
        };
        shown.field("headers", headers).field("timeout", &settings.timeout).field("client", client).finish()
    }
}
