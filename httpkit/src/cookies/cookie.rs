//! A cookie that is stored.

use std::{fmt, time::SystemTime};

use super::{domain::domain_matches, path::path_matches};
use crate::url::{Scheme, Url};

/// A cookie of a [`CookieJar`](crate::CookieJar). `Debug` leaves its value out.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) domain: String,
    pub(super) is_host_only: bool,
    pub(super) path: Vec<u8>,
    pub(super) expires: Option<SystemTime>,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
    pub(super) same_site: Option<SameSite>,
    /// When it was set and when sent last, counted by the jar.
    pub(super) created: u64,
    pub(super) used: u64,
}

/// Which requests a browser sends a cookie along with, as its server says (RFC 6265bis, Section 5.6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// Those of its own site.
    Strict,
    /// Those, and following a link from elsewhere.
    Lax,
    /// All.
    None,
}

impl SameSite {
    pub(super) fn parse(value: &[u8]) -> Option<SameSite> {
        [SameSite::Strict, SameSite::Lax, SameSite::None]
            .into_iter()
            .find(|same_site| same_site.as_str().as_bytes().eq_ignore_ascii_case(value))
    }

    /// `"Strict"`, `"Lax"` or `"None"`.
    pub const fn as_str(self) -> &'static str {
        match self {
            SameSite::Strict => "Strict",
            SameSite::Lax => "Lax",
            SameSite::None => "None",
        }
    }
}

impl Cookie {
    /// The name; it may be empty.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// The value, mostly ASCII.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The host that it is for, in lower case.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether it is for this host alone, and not for names below it.
    pub fn is_host_only(&self) -> bool {
        self.is_host_only
    }

    /// The path that it is for, with all below it.
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// When it expires; `None` for a session cookie, which lasts as long as the jar.
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    /// Whether it is sent over `https` only.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whether a browser would hide it from scripts.
    pub fn is_http_only(&self) -> bool {
        self.is_http_only
    }

    /// Which requests a browser would send it along with.
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    pub(super) fn has_expired(&self, now: SystemTime) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether it goes along with a request (RFC 6265bis, Section 5.8.3).
    pub(super) fn is_for(&self, url: &Url) -> bool {
        let fits_host = if self.is_host_only {
            url.host() == self.domain
        } else {
            domain_matches(url.host(), &self.domain)
        };
        fits_host
            && path_matches(url.path().as_bytes(), &self.path)
            && (!self.is_secure || url.scheme() == Scheme::Https)
    }

    /// Whether this is the same cookie with another value (RFC 6265bis, Section 5.7).
    pub(super) fn replaces(&self, other: &Cookie) -> bool {
        (&self.name, &self.domain, self.is_host_only, &self.path)
            == (&other.name, &other.domain, other.is_host_only, &other.path)
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("name", &format_args!("\"{}\"", self.name.escape_ascii()))
            .field("value", &format_args!("<redacted>"))
            .field("domain", &self.domain)
            .field("path", &format_args!("\"{}\"", self.path.escape_ascii()))
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
