//! URLs of HTTP servers: parsed once, and the same value serves the connection, `Host`, SNI and the log.

mod encode;
mod host;
mod origin;
mod parse;
mod resolve;

use std::{fmt, str::FromStr};

#[cfg(feature = "macros")]
pub(crate) use self::encode::{Component, encode_into, has_dot_segment};
pub use self::origin::{Origin, Scheme};
pub(crate) use self::{host::HostPort, resolve::reference_of};
use crate::{secrecy::Redacted, violation::InvalidUrl};

/// An absolute `http` or `https` URL (RFC 9110, Section 4.2), normalised.
///
/// At intake, octets that their component does not allow are percent-encoded (spaces, UTF-8, `|` and
/// brackets in a query, a stray `%`), scheme and host become lower case, the default port is left out, dot
/// segments are resolved, and an empty path becomes `/`. A host that is not ASCII is kept in its ASCII form
/// (UTS #46, with the feature `idna`). What could name another server than it seems to is refused: see
/// [`Url::parse`].
///
/// ```
/// use httpkit::Url;
///
/// let url = Url::parse("HTTP://Example.org:80/a b?q=[ü]#top")?;
/// assert_eq!(url.as_str(), "http://example.org/a%20b?q=%5B%C3%BC%5D#top");
/// assert_eq!((url.host(), url.port()), ("example.org", 80));
/// assert_eq!(url.target(), "/a%20b?q=%5B%C3%BC%5D");
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url {
    /// The whole URL without its user info.
    text: String,
    /// Percent-encoded. Apart from the text, so that nothing that shows the text shows a password.
    user_info: Option<Box<str>>,
    scheme: Scheme,
    port: u16,
    /// Where the host begins and ends, brackets included.
    host: (u32, u32),
    /// Where the path begins.
    path: u32,
    /// Where the query (its `?`) and the fragment (its `#`) begin, or the end of the text.
    query: u32,
    fragment: u32,
}

impl Url {
    /// Returns the URL as text, with its query and fragment and without its [user info](Url::user_info).
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        let host = self.bracketed_host();
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    /// The port, also where the text leaves it to the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path, percent-encoded; at least `/`.
    pub fn path(&self) -> &str {
        &self.text[self.path as usize..self.query as usize]
    }

    /// The query without its `?`, percent-encoded.
    pub fn query(&self) -> Option<&str> {
        self.text[self.query as usize..self.fragment as usize].strip_prefix('?')
    }

    /// The fragment without its `#`, percent-encoded. It is never sent.
    pub fn fragment(&self) -> Option<&str> {
        self.text[self.fragment as usize..].strip_prefix('#')
    }

    /// The request target in origin-form: path and query (RFC 9112, Section 3.2.1).
    pub fn target(&self) -> &str {
        &self.text[self.path as usize..self.fragment as usize]
    }

    /// Returns the request target in absolute-form: all but the fragment (RFC 9112 §3.2.2).
    pub(crate) fn absolute_target(&self) -> &str {
        &self.text[..self.fragment as usize]
    }

    /// Returns the user info, percent-encoded, without its `@`. No text form of the URL contains it.
    pub fn user_info(&self) -> Option<&str> {
        self.user_info.as_deref()
    }

    /// Returns a view for messages and logs, without what may be secret: the user info, the values of the query and the
    /// fragment. The path is shown.
    ///
    /// ```
    /// use httpkit::Url;
    ///
    /// let url = Url::parse("https://me:secret@api.example/search?q=spam&key=s3cr3t#top")?;
    /// assert_eq!(url.redacted().to_string(), "https://api.example/search?q=...&key=...");
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn redacted(&self) -> impl fmt::Display + '_ {
        Redacted(self.as_str())
    }

    /// Returns the text with the user info: what `parse` reads as this URL.
    pub(crate) fn to_text_with_user_info(&self) -> String {
        let (scheme, rest) = self.text.split_at(self.host.0 as usize);
        match self.user_info() {
            Some(user_info) => [scheme, user_info, "@", rest].concat(),
            None => self.text.clone(),
        }
    }

    /// The value of a `Host` field: the host, and the port unless it is the scheme's (RFC 9110, Section 7.2).
    pub fn host_and_port(&self) -> &str {
        &self.text[self.host.0 as usize..self.path as usize]
    }

    /// Scheme, host and port (RFC 9110, Section 4.3.1).
    pub fn origin(&self) -> Origin {
        Origin::new(self.scheme, self.host(), self.port)
    }

    /// Whether both have the same scheme, host and port.
    pub fn is_same_origin(&self, other: &Url) -> bool {
        (self.scheme, self.host(), self.port) == (other.scheme, other.host(), other.port)
    }

    /// Appends `target` (a path with or without a query) to the path of this URL, which is a prefix that nothing
    /// leaves: a dot segment is an error. Query and fragment of this URL are dropped.
    pub(crate) fn append(&self, target: &str) -> Result<Url, InvalidUrl> {
        // `parse` takes spaces off the end, where they would hide a dot segment.
        let target = target.trim_end_matches(' ');
        encode::refuse_dot_segments(target)?;
        let slash = if target.starts_with('/') { "" } else { "/" };
        let url = Url::parse(&[self.prefix(), slash, target].concat())?;
        Ok(Url { user_info: self.user_info.clone(), ..url })
    }

    /// What targets are appended to: the URL without query, fragment, and the `/` at its end.
    pub(crate) fn prefix(&self) -> &str {
        let prefix = &self.text[..self.query as usize];
        prefix.strip_suffix('/').unwrap_or(prefix)
    }

    /// Makes the URL of a target that stands behind the [`prefix`](Url::prefix) of this one in `text`. The
    /// target has to be encoded already; the prefix is not parsed again.
    #[cfg(feature = "macros")]
    pub(crate) fn of_target(&self, text: String) -> Result<Url, InvalidUrl> {
        debug_assert!(text.starts_with(self.prefix()));
        let start = self.prefix().len();
        encode::judge_target(&text[start..])?;
        if u32::try_from(text.len()).is_err() {
            return Err(InvalidUrl::new("a URL is shorter than 4 GiB", text.as_bytes()));
        }
        let query = text[start..].find('?').map_or(text.len(), |mark| start + mark);
        let user_info = self.user_info.clone();
        Ok(Url { query: offset(query), fragment: offset(text.len()), text, user_info, ..*self })
    }

    /// Adds a query that is percent-encoded already.
    #[cfg(feature = "json")]
    pub(crate) fn push_query(&mut self, query: &str) {
        if query.is_empty() {
            return;
        }
        let separator = if self.query == self.fragment { "?" } else { "&" };
        let at = self.fragment as usize;
        self.text.insert_str(at, separator);
        self.text.insert_str(at + 1, query);
        self.fragment = offset(at + 1 + query.len());
    }

    /// Takes the user info out.
    pub(crate) fn take_user_info(&mut self) -> Option<Box<str>> {
        self.user_info.take()
    }

    /// Replaces the user info by one that is percent-encoded already.
    #[cfg(feature = "macros")]
    pub(crate) fn set_user_info(&mut self, user_info: Option<Box<str>>) {
        self.user_info = user_info;
    }

    /// Replaces the fragment by one that is percent-encoded already.
    pub(crate) fn set_fragment(&mut self, fragment: Option<&str>) {
        self.text.truncate(self.fragment as usize);
        if let Some(fragment) = fragment {
            self.text.push('#');
            self.text.push_str(fragment);
        }
    }

    fn bracketed_host(&self) -> &str {
        &self.text[self.host.0 as usize..self.host.1 as usize]
    }
}

/// Where a part begins; a URL is shorter than 4 GiB.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl FromStr for Url {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Url, InvalidUrl> {
        Url::parse(text)
    }
}

/// The same text as [`Url::as_str`]: for people and programs that use the URL. Use [`Url::redacted`] in logs.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The view of [`Url::redacted`], which shows no secret.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.redacted(), f)
    }
}

#[cfg(test)]
mod tests;
