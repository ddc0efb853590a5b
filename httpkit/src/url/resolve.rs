//! References, as they stand in `Location` and in links, against the URL that they were found at
//! (RFC 3986, Section 5).

use std::{borrow::Cow, iter};

use percent_encoding::{AsciiSet, percent_encode};

use super::{Url, parse::split_before};
use crate::violation::InvalidUrl;

impl Url {
    /// Resolves a reference (RFC 3986, Section 5.2): a whole URL, `//host/path`, `/path`, `path`, `?query`,
    /// `#fragment`, or nothing. It goes through the same intake as a URL of the user's.
    ///
    /// A base URL is not resolved against but appended to: see
    /// [`ClientBuilder::base_url`](crate::ClientBuilder::base_url).
    ///
    /// ```
    /// use httpkit::Url;
    ///
    /// let url = Url::parse("http://example.org/docs/guide?page=2")?;
    /// assert_eq!(url.resolve("../img/a.png")?.as_str(), "http://example.org/img/a.png");
    /// assert_eq!(url.resolve("?page=3")?.as_str(), "http://example.org/docs/guide?page=3");
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Url::parse`]; a reference with a scheme other than `http` and `https` is one of these.
    pub fn resolve(&self, reference: &str) -> Result<Url, InvalidUrl> {
        let reference = reference.trim_matches(' ');
        if has_scheme(reference) {
            return Url::parse(reference);
        }
        let url = Url::parse(&[self.kept_before(reference), reference].concat())?;
        let has_authority = reference.starts_with("//");
        Ok(if has_authority { url } else { Url { user_info: self.user_info.clone(), ..url } })
    }

    /// What of this URL stands before the reference: a prefix of it, in every case.
    fn kept_before(&self, reference: &str) -> &str {
        let end = match reference.as_bytes() {
            [b'/', b'/', ..] => self.scheme.as_str().len() + ":".len(),
            [b'/', ..] => self.path as usize,
            [b'?', ..] => self.query as usize,
            [] | [b'#', ..] => self.fragment as usize,
            _ => self.path as usize + self.path().rfind('/').map_or(0, |slash| slash + 1),
        };
        &self.text[..end]
    }
}

/// Returns a field value that contains references as text. Percent-encodes each byte that is not UTF-8, so that a
/// server that wrote it reads the same byte again, and keeps the rest: a host needs its characters.
pub(crate) fn reference_of(value: &[u8]) -> Cow<'_, str> {
    str::from_utf8(value).map_or_else(|_| encode_invalid(value).into(), Cow::Borrowed)
}

fn encode_invalid(value: &[u8]) -> String {
    let encoded = |invalid| percent_encode(invalid, &AsciiSet::EMPTY);
    value.utf8_chunks().flat_map(|chunk| iter::once(chunk.valid()).chain(encoded(chunk.invalid()))).collect()
}

/// Whether the reference begins with `scheme ":"` (RFC 3986, Sections 3.1 and 4.1).
fn has_scheme(reference: &str) -> bool {
    let is_scheme_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let (scheme, rest) = split_before(reference, |byte| !is_scheme_byte(byte));
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && rest.starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(base: &str, reference: &str) -> Option<String> {
        let base = Url::parse(base).unwrap();
        base.resolve(reference).ok().map(|url| url.as_str().to_owned())
    }

    /// RFC 3986, Section 5.4.
    #[test]
    fn references_resolve_as_in_the_examples_of_rfc_3986() {
        for (reference, target) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g#s", "http://a/b/c/g#s"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"),
            ("g;x", "http://a/b/c/g;x"),
            ("g;x?y#s", "http://a/b/c/g;x?y#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            (".g", "http://a/b/c/.g"),
            ("g..", "http://a/b/c/g.."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/./x", "http://a/b/c/g?y/./x"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/./x", "http://a/b/c/g#s/./x"),
            ("g#s/../x", "http://a/b/c/g#s/../x"),
        ] {
            assert_eq!(resolved("http://a/b/c/d;p?q", reference).as_deref(), Some(target), "{reference:?}");
        }
    }

    #[test]
    fn references_that_servers_send_resolve() {
        for (base, reference, target) in [
            ("http://h", "x", "http://h/x"),
            ("http://h/a?b#c", "", "http://h/a?b"),
            ("http://h/a?b#c", "#d", "http://h/a?b#d"),
            ("http://h/a?b/c", "d", "http://h/d"),
            ("https://h:8443/a", "//other/x", "https://other/x"),
            ("https://h:8443/a", "/x", "https://h:8443/x"),
            ("https://h/a", "HTTP://Other:80/x", "http://other/x"),
            ("http://h/a/b", " c d ", "http://h/a/c%20d"),
            ("http://h/", "/ü?ä=100%#ö", "http://h/%C3%BC?%C3%A4=100%25#%C3%B6"),
            ("http://h/", "1:2", "http://h/1:2"),
            ("http://h/a/", "./b:c", "http://h/a/b:c"),
            ("http://h/", "?next=http://x/", "http://h/?next=http://x/"),
        ] {
            assert_eq!(resolved(base, reference).as_deref(), Some(target), "{reference:?} at {base}");
        }
    }

    #[test]
    fn encodes_only_bytes_that_are_not_utf8() {
        for (value, text) in [
            (&b"/%41 <x>"[..], "/%41 <x>"),
            (b"//\xc3\xbc/\xc3\xbc", "//\u{fc}/\u{fc}"),
            (b"//\xc3\xbc/\xfc?\xc3", "//\u{fc}/%FC?%C3"),
            (b"\xe2\x82a\xff\xff", "%E2%82a%FF%FF"),
        ] {
            assert_eq!(reference_of(value), text, "{}", value.escape_ascii());
        }
    }

    #[test]
    fn references_that_could_mislead_are_refused() {
        for reference in [
            "g:h",
            "http:g",
            "ftp://h/",
            "javascript:alert(1)",
            "data:,x",
            "file:///etc/passwd",
            "HTTPS:/h/",
            "///path",
            "//",
            "//h\\@x/",
            "/\\h",
            "\\\\h",
            "/a\nb",
            "/a\tb",
            "//127.1/",
            "//h:65536/",
        ] {
            assert_eq!(resolved("http://a/b/c/d;p?q", reference), None, "{reference:?}");
        }
    }
}
