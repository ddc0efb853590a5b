//! What is known of a request at compile time.

use std::fmt;

use crate::{grammar, method::Method};

/// What a method of an `#[http_client]` trait sends, as far as the trait says it.
///
/// The client's `ENDPOINTS` lists those of a trait in its order, for tables, metrics, and tests that want to
/// have seen each of them.
///
/// ```
/// use httpkit::{Result, http_client};
///
/// #[http_client(base = "https://api.github.com")]
/// trait GitHub {
///     #[get("/users/{login}/repos{?page}")]
///     fn repositories(&self, login: &str, page: Option<u32>) -> Result<String>;
/// }
///
/// let [endpoint] = GitHubClient::ENDPOINTS else { panic!() };
/// assert_eq!(endpoint.qualified_name(), "GitHub::repositories");
/// assert_eq!(endpoint.to_string(), "GET /users/{login}/repos{?page}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Endpoint {
    qualified_name: &'static str,
    method: &'static str,
    template: &'static str,
    parts: &'static [&'static str],
    headers: &'static [(&'static str, &'static str)],
}

impl Endpoint {
    /// Makes an endpoint. `qualified_name` is `Trait::method`; `parts` is the literal text of the template:
    /// what precedes the first variable of the path, then what follows each.
    ///
    /// # Panics
    /// When `method` is no token; at compile time, since endpoints are statics.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        qualified_name: &'static str,
        method: &'static str,
        template: &'static str,
        parts: &'static [&'static str],
    ) -> Endpoint {
        assert!(grammar::is_token(method.as_bytes()), "a method is a token (RFC 9110, Section 9.1)");
        Endpoint { qualified_name, method, template, parts, headers: &[] }
    }

    /// Sets the constant headers, the trait's and the method's in one.
    #[doc(hidden)]
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Endpoint {
        self.headers = headers;
        self
    }

    /// The trait and its method, as `Trait::method`: what errors say too.
    pub const fn qualified_name(&self) -> &'static str {
        self.qualified_name
    }

    /// The trait.
    pub fn service(&self) -> &'static str {
        self.split_name().0
    }

    /// The method of the trait.
    pub fn name(&self) -> &'static str {
        self.split_name().1
    }

    /// The request method.
    pub fn method(&self) -> Method {
        Method::from_token(self.method)
    }

    /// The path as it was written, with its placeholders; `{+name}` alone where this parameter is the URL.
    pub const fn template(&self) -> &'static str {
        self.template
    }

    /// The headers that the trait and its method give, with the method's in place of the trait's.
    pub fn constant_headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.headers.iter().copied()
    }

    /// Whether the path is appended to the base URL, since no parameter is the URL.
    pub(super) fn is_below_base(&self) -> bool {
        !self.template.starts_with("{+")
    }

    pub(super) fn parts(&self) -> &'static [&'static str] {
        self.parts
    }

    fn split_name(&self) -> (&'static str, &'static str) {
        self.qualified_name.split_once("::").unwrap_or(("", self.qualified_name))
    }
}

/// Method and template, as in `GET /users/{login}`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}
