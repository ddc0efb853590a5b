//! Responses that nobody has sent.

use std::time::Instant;

use httpkit_status::StatusCode;

use super::{Body, Response, incoming::Incoming};
use crate::{
    error::Result, headers::Headers, method::Method, net::now, request::Request, url::Url, wire::ResponseHead,
};

/// A response that is put together rather than received; see [`Response::builder`].
#[derive(Debug)]
#[must_use = "the response is made by `build`"]
pub struct ResponseBuilder {
    method: Method,
    url: Url,
    status: StatusCode,
    /// Or the first thing that is wrong.
    headers: Result<Headers>,
    content: Vec<u8>,
    began: Instant,
}

impl Response {
    /// Begins a response to a request that no server is asked for: what a function of
    /// [middleware](crate::ClientBuilder::middleware) returns from a cache, or a test in place of a server. It is
    /// read as one that was received, and its URL is that of the request.
    ///
    /// ```
    /// use httpkit::{Client, Response, StatusCode};
    ///
    /// let client = Client::builder()
    ///     .middleware(|request, next| match request.url().path() {
    ///         "/menu" => Response::builder(&request, StatusCode::OK)
    ///             .header("Content-Type", "text/plain; charset=utf-8")
    ///             .body("spam")
    ///             .build(),
    ///         _ => next.run(request),
    ///     })
    ///     .build()?;
    /// let response = client.get("http://cafe.example/menu").send()?;
    /// assert_eq!((response.status(), response.content_length()), (StatusCode::OK, Some(4)));
    /// assert_eq!(response.text()?, "spam");
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn builder(request: &Request<'_>, status: StatusCode) -> ResponseBuilder {
        ResponseBuilder {
            method: request.method().clone(),
            url: request.url().clone(),
            status,
            headers: Ok(Headers::new()),
            content: Vec::new(),
            began: now(),
        }
    }
}

impl ResponseBuilder {
    /// Sets a header; it replaces those of the same name.
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.try_change(|headers| Ok(headers.set(name, value)?))
    }

    /// Adds a header, also where one of the same name is there.
    pub fn append_header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.try_change(|headers| Ok(headers.append(name, value)?))
    }

    /// Replaces all headers by these, such as those of a response that was received.
    pub fn headers(self, headers: Headers) -> Self {
        self.try_change(|kept| {
            *kept = headers;
            Ok(())
        })
    }

    /// Sets the content, as reading gives it: whatever the headers say, no content coding is undone. Defaults to
    /// none.
    pub fn body(mut self, content: impl Into<Vec<u8>>) -> Self {
        self.content = content.into();
        self
    }

    /// Makes the response. Without a `Content-Length`, the length of the content is announced. A response to HEAD,
    /// and one with status 1xx, 204 or 304, has no content to read, whatever was set (RFC 9110, Section 6.4.1).
    ///
    /// # Errors
    /// `InvalidRequest` for a header whose name is no token, or whose value holds a control byte.
    pub fn build(self) -> Result<Response> {
        let ResponseBuilder { method, url, status, headers, mut content, began } = self;
        let mut headers = headers?;
        let says_no_length = status.is_informational() || status == StatusCode::NO_CONTENT;
        if !says_no_length && !headers.contains("transfer-encoding") && !headers.contains("content-length") {
            headers.append("Content-Length", content.len().to_string())?;
        }
        if method == Method::HEAD || says_no_length || status == StatusCode::NotModified {
            content = Vec::new();
        }
        let head = ResponseHead::new(status, headers);
        let value = Body::of(Incoming::made(content, began));
        Ok(Response { head, method, url, attempts: 1, history: Vec::new(), value })
    }

    /// Keeps the first thing that is wrong.
    fn try_change(mut self, change: impl FnOnce(&mut Headers) -> Result<()>) -> Self {
        if let Ok(headers) = &mut self.headers
            && let Err(error) = change(headers)
        {
            self.headers = Err(error);
        }
        self
    }
}
