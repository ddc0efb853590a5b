//! From text to a URL, component by component, encoding on the way.

use super::{
    Scheme, Url,
    encode::{Component, encode_into, refuse_ambiguous, remove_dot_segments},
    host::HostPort,
    offset,
};
use crate::violation::InvalidUrl;

impl Url {
    /// Parses an absolute URL. An empty port means the default (RFC 3986 §3.2.3).
    ///
    /// # Errors
    /// [`InvalidUrl`] if
    /// - the scheme is not `http` or `https`,
    /// - there is a control byte or `\`,
    /// - the host is empty, has more than 255 octets (RFC 1035 §2.3.4), has a `%`, or is numeric but not a dotted quad
    ///   (`127.1`, `0x7f.1`),
    /// - the host is not ASCII (with the feature `idna`: has no ASCII form by UTS #46),
    /// - the port is not a number up to 65535.
    pub fn parse(text: &str) -> Result<Url, InvalidUrl> {
        let text = text.trim_matches(' ');
        refuse_ambiguous(text)?;
        if u32::try_from(text.len().saturating_mul(3)).is_err() {
            return Err(InvalidUrl::new("a URL is shorter than 1 GiB", text.as_bytes()));
        }
        let (scheme, rest) = Scheme::split(text)?;
        let (authority, rest) = split_before(rest, |byte| matches!(byte, b'/' | b'?' | b'#'));
        let (before_fragment, fragment) = split_before(rest, |byte| byte == b'#');
        let (path, query) = split_before(before_fragment, |byte| byte == b'?');

        let mut url = begin(scheme, text.len());
        put_authority(&mut url, authority)?;
        put_path(&mut url, path);
        url.query = offset(url.text.len());
        put_marked(&mut url, query);
        url.fragment = offset(url.text.len());
        put_marked(&mut url, fragment);
        Ok(url)
    }
}

/// Splits so that the mark begins the second part.
pub(super) fn split_before(text: &str, is_mark: impl Fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(is_mark).unwrap_or(text.len()))
}

fn begin(scheme: Scheme, capacity: usize) -> Url {
    let mut text = String::with_capacity(capacity + 8);
    text.push_str(scheme.as_str());
    text.push_str("://");
    Url {
        text,
        user_info: None,
        scheme,
        port: scheme.default_port(),
        host: (0, 0),
        path: 0,
        query: 0,
        fragment: 0,
    }
}

fn put_authority(url: &mut Url, authority: &str) -> Result<(), InvalidUrl> {
    let mut host_and_port = authority;
    if let Some(at) = authority.bytes().rposition(|byte| byte == b'@') {
        let mut user_info = String::new();
        encode_into(&mut user_info, &authority[..at], Component::UserInfo);
        url.user_info = Some(user_info.into());
        host_and_port = &authority[at + 1..];
    }
    let parts = HostPort::split_url(host_and_port)?;
    let start = url.text.len();
    url.text.push_str(&parts.host);
    url.text[start..].make_ascii_lowercase();
    url.host = (offset(start), offset(url.text.len()));
    if let Some((port, digits)) = parts.port.filter(|(port, _)| *port != url.port) {
        url.port = port;
        url.text.push(':');
        url.text.push_str(digits);
    }
    Ok(())
}

fn put_path(url: &mut Url, path: &str) {
    let start = url.text.len();
    url.path = offset(start);
    if path.is_empty() {
        url.text.push('/');
    }
    encode_into(&mut url.text, path, Component::Path);
    remove_dot_segments(&mut url.text, start);
}

/// A query or fragment with its mark, or nothing.
fn put_marked(url: &mut Url, part: &str) {
    if let Some(mark) = part.chars().next() {
        url.text.push(mark);
        encode_into(&mut url.text, &part[mark.len_utf8()..], Component::Query);
    }
}
