//! Origins: who is at the other end.

use std::fmt;

use crate::violation::InvalidUrl;

/// The scheme of a URL (RFC 9110, Section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `http`, port 80 by default.
    Http,
    /// `https`, port 443 by default.
    Https,
}

impl Scheme {
    /// `"http"` or `"https"`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The port of a URL that names none.
    pub const fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }

    /// Splits a URL behind `scheme://`.
    pub(super) fn split(text: &str) -> Result<(Scheme, &str), InvalidUrl> {
        for scheme in [Scheme::Http, Scheme::Https] {
            let name = scheme.as_str();
            let Some((head, rest)) = text.split_at_checked(name.len()) else {
                continue;
            };
            if let Some(rest) = rest.strip_prefix("://").filter(|_| head.eq_ignore_ascii_case(name)) {
                return Ok((scheme, rest));
            }
        }
        Err(InvalidUrl::new("a URL begins with `http://` or `https://`", text.as_bytes()))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Scheme, host and port (RFC 9110, Section 4.3.1): two URLs with the same origin are served by the same
/// party.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
}

impl Origin {
    pub(crate) fn new(scheme: Scheme, host: &str, port: u16) -> Origin {
        Origin { scheme, host: host.into(), port }
    }

    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host in lower case, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}://{open}{}{close}:{}", self.scheme, self.host, self.port)
    }
}
