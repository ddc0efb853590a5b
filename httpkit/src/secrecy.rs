//! What may be secret: which headers a stranger gets, and which values are shown.
//!
//! Rule of this file: it lists what is known to hold no secret. A name that is not listed may belong to a credential,
//! so its value stays at the origin that it was given for, and is not shown.

use std::fmt;

/// The fields that any origin may get.
///
/// Preconditions are listed: without them, a request would do more than the caller has allowed.
const FOR_ANY_ORIGIN: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-digest",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "digest",
    "expect",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "pragma",
    "range",
    "repr-digest",
    "te",
    "trailer",
    "transfer-encoding",
    "user-agent",
];

/// Further fields of requests whose values are shown: they say how the message is framed and routed. A field that
/// holds a URL, such as `Referer`, is not listed.
const SHOWN_OF_REQUESTS: &[&str] = &["connection", "host", "keep-alive", "upgrade"];

/// The fields of responses whose values are not shown: credentials, and what credentials are derived from.
const HIDDEN_OF_RESPONSES: &[&str] = &[
    "authentication-info",
    "proxy-authenticate",
    "proxy-authentication-info",
    "set-cookie",
    "set-cookie2",
    "www-authenticate",
];

/// The fields of responses whose values are URLs.
const URLS_OF_RESPONSES: &[&str] = &["content-location", "link", "location", "refresh"];

/// Whose fields are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    Request,
    Response,
}

/// How the value of a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Whole,
    /// With the queries of its URLs redacted.
    Urls,
    /// Its length alone.
    Length,
}

/// Returns whether any origin may get this field.
pub(crate) fn is_for_any_origin(name: &str) -> bool {
    is_listed(name, FOR_ANY_ORIGIN)
}

impl Message {
    /// How the value of a field with this name is shown.
    pub(crate) fn view(self, name: &str) -> View {
        match self {
            Message::Request if is_for_any_origin(name) || is_listed(name, SHOWN_OF_REQUESTS) => View::Whole,
            Message::Request => View::Length,
            Message::Response if is_listed(name, HIDDEN_OF_RESPONSES) => View::Length,
            Message::Response if is_listed(name, URLS_OF_RESPONSES) => View::Urls,
            Message::Response => View::Whole,
        }
    }

    /// The same, if the caller also wants to see the names in `shown`.
    pub(crate) fn view_with(self, name: &str, shown: &[Box<str>]) -> View {
        match self.view(name) {
            View::Length if is_listed(name, shown) => View::Whole,
            view => view,
        }
    }
}

pub(crate) fn is_listed(name: &str, list: &[impl AsRef<str>]) -> bool {
    list.iter().any(|listed| listed.as_ref().eq_ignore_ascii_case(name))
}

/// A value as its view shows it, with other bytes than visible ASCII escaped.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8], pub(crate) View);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(value, view) = self;
        match view {
            View::Whole => write!(f, "{}", value.escape_ascii()),
            View::Urls => write!(f, "{}", redacted(value).escape_ascii()),
            View::Length => write!(f, "<{} bytes>", value.len()),
        }
    }
}

/// A URL, or what was meant as one, without its user info, the values of its query and its fragment.
pub(crate) struct Redacted<'a>(pub(crate) &'a str);

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&redacted(self.0.as_bytes())))
    }
}

/// The same for bytes, in which several URLs may be, as in `Link`.
pub(crate) fn redacted(text: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'?' || *byte == b'#').unwrap_or(rest.len());
        put_without_user_info(&mut shown, &rest[..end]);
        let (marked, after) = rest[end..].split_at(length_of_query(&rest[end..]));
        put_names(&mut shown, marked);
        rest = after;
    }
    shown
}

/// How long a query or fragment is: to a byte that no URL has and that ends one in a field.
fn length_of_query(text: &[u8]) -> usize {
    text.iter().position(|byte| matches!(byte, b'>' | b'"' | b' ')).unwrap_or(text.len())
}

/// Writes what comes before a query, with `...@` in place of all that may be user info. Text that is no valid URL can have
/// a password anywhere before its last `@`.
fn put_without_user_info(shown: &mut Vec<u8>, text: &[u8]) {
    let Some(at) = text.iter().rposition(|byte| *byte == b'@') else {
        shown.extend_from_slice(text);
        return;
    };
    let authority = text[..at].windows(2).position(|pair| pair == b"//").map_or(0, |slashes| slashes + 2);
    shown.extend_from_slice(&text[..authority]);
    shown.extend_from_slice(b"...");
    shown.extend_from_slice(&text[at..]);
}

/// Writes a query with `...` in place of each value. A part without `=` may be a value too; a fragment is left out.
fn put_names(shown: &mut Vec<u8>, marked: &[u8]) {
    let query = marked.split(|byte| *byte == b'#').next().unwrap_or_default();
    let Some(query) = query.strip_prefix(b"?") else { return };
    for (index, pair) in query.split(|byte| *byte == b'&').enumerate() {
        shown.push(if index == 0 { b'?' } else { b'&' });
        if let Some(equals) = pair.iter().position(|byte| *byte == b'=') {
            shown.extend_from_slice(&pair[..=equals]);
        }
        shown.extend_from_slice(b"...");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_values_fragments_and_user_info() {
        for (text, shown) in [
            ("http://h/", "http://h/"),
            ("http://h/a?q=x&key=SECRET", "http://h/a?q=...&key=..."),
            ("http://h/a?SECRET", "http://h/a?..."),
            ("http://h/a?a=1=2&&b", "http://h/a?a=...&...&..."),
            ("http://h/a#SECRET", "http://h/a"),
            ("http://h/?q=1#SECRET?SECRET", "http://h/?q=..."),
            ("http://me:SECRET@h/", "http://...@h/"),
            ("http://me:SE@C/RET@h/", "http://...@h/"),
            ("http:/me:SECRET@h", "...@h"),
            ("me:SECRET@h?SECRET", "...@h?..."),
            ("//u:SECRET@h/", "//...@h/"),
            (
                "<http://h/?c=SECRET>; rel=\"next\", </x?d=SECRET>; rel=\"last\"",
                "<http://h/?c=...>; rel=\"next\", </x?d=...>; rel=\"last\"",
            ),
            ("5; url=http://h/?SECRET", "5; url=http://h/?..."),
        ] {
            assert_eq!(Redacted(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn shows_listed_fields_of_requests_and_other_fields_of_responses() {
        for name in ["Accept", "host", "Range"] {
            assert_eq!(Message::Request.view(name), View::Whole, "{name}");
        }
        for name in ["Authorization", "Cookie", "X-Vault-Token", "X-Whatever", "Referer"] {
            assert_eq!(Message::Request.view(name), View::Length, "{name}");
        }
        for name in ["Set-Cookie", "WWW-Authenticate", "Authentication-Info"] {
            assert_eq!(Message::Response.view(name), View::Length, "{name}");
        }
        assert_eq!(Message::Response.view("X-Whatever"), View::Whole);
        assert_eq!(Message::Response.view("Location"), View::Urls);
        assert_eq!(Shown(b"hvs.SECRET", View::Length).to_string(), "<10 bytes>");
    }
}
