//! Request methods.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::{grammar, violation::InvalidRequest};

/// A request method (RFC 9110, Section 9): case-sensitive, any token.
///
/// The registered ones that clients use are constants; [`Method::new`] takes any other.
///
/// ```
/// use httpkit::Method;
///
/// assert!(Method::PUT.is_idempotent() && !Method::PUT.is_safe());
/// assert_eq!(Method::new("PROPFIND")?.as_str(), "PROPFIND");
/// assert!(Method::new("GET /").is_err());
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Method(Cow<'static, str>);

impl Method {
    /// `GET`: transfer a representation of the resource.
    pub const GET: Method = Method(Cow::Borrowed("GET"));
    /// `HEAD`: as GET, without the content.
    pub const HEAD: Method = Method(Cow::Borrowed("HEAD"));
    /// `POST`: process the content of the request.
    pub const POST: Method = Method(Cow::Borrowed("POST"));
    /// `PUT`: replace the resource by the content of the request.
    pub const PUT: Method = Method(Cow::Borrowed("PUT"));
    /// `PATCH`: change the resource as the content says (RFC 5789).
    pub const PATCH: Method = Method(Cow::Borrowed("PATCH"));
    /// `DELETE`: remove the resource.
    pub const DELETE: Method = Method(Cow::Borrowed("DELETE"));
    /// `OPTIONS`: what the resource can do.
    pub const OPTIONS: Method = Method(Cow::Borrowed("OPTIONS"));
    /// `TRACE`: loop the request back.
    pub const TRACE: Method = Method(Cow::Borrowed("TRACE"));
    /// `CONNECT`: open a tunnel.
    pub const CONNECT: Method = Method(Cow::Borrowed("CONNECT"));

    /// Takes any token as a method.
    ///
    /// # Errors
    /// `InvalidRequest` when `name` is no token (RFC 9110, Section 5.6.2).
    pub fn new(name: &str) -> Result<Method, InvalidRequest> {
        if let Some(known) = Method::known(name) {
            return Ok(known);
        }
        if grammar::is_token(name.as_bytes()) {
            return Ok(Method(Cow::Owned(name.to_owned())));
        }
        Err(InvalidRequest::new("a method is a token (RFC 9110, Section 9.1)", name.as_bytes()))
    }

    /// A method that is known to be a token when the program is compiled.
    #[cfg(feature = "macros")]
    pub(crate) const fn from_token(name: &'static str) -> Method {
        assert!(grammar::is_token(name.as_bytes()), "a method is a token (RFC 9110, Section 9.1)");
        Method(Cow::Borrowed(name))
    }

    fn known(name: &str) -> Option<Method> {
        const KNOWN: [Method; 9] = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
            Method::CONNECT,
        ];
        KNOWN.into_iter().find(|known| known.as_str() == name)
    }

    /// The method as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the method asks for no change of state (RFC 9110, Section 9.2.1; `QUERY` is safe too).
    pub fn is_safe(&self) -> bool {
        matches!(
            self.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" | "PROPFIND" | "REPORT" | "SEARCH"
        )
    }

    /// Whether several identical requests have the effect of one (RFC 9110, Section 9.2.2).
    pub fn is_idempotent(&self) -> bool {
        self.is_safe()
            || matches!(
                self.as_str(),
                "PUT" | "DELETE" | "PROPPATCH" | "MKCOL" | "COPY" | "MOVE" | "UNLOCK" | "ACL"
            )
    }

    /// Whether a request without a body says `Content-Length: 0`: the method anticipates one (RFC 9110,
    /// Section 8.6).
    pub(crate) fn anticipates_content(&self) -> bool {
        matches!(self.as_str(), "POST" | "PUT" | "PATCH")
    }
}

impl FromStr for Method {
    type Err = InvalidRequest;

    fn from_str(name: &str) -> Result<Method, InvalidRequest> {
        Method::new(name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<str> for Method {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Method {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_method_is_the_same_however_it_was_made() {
        assert_eq!(Method::new("GET").unwrap(), Method::GET);
        assert_ne!(Method::new("get").unwrap(), Method::GET);
        assert_eq!(Method::from_token("PURGE"), Method::new("PURGE").unwrap());
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for name in ["", "GET ", "GE\tT", "GET\r\nX: y", "G(T", "GÉT"] {
            assert!(Method::new(name).is_err(), "{name:?}");
        }
    }
}
