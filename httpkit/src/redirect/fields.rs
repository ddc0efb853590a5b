//! The header fields that go along with a redirected request.

use crate::headers::Headers;

/// What may be sent to an origin that the user has not named. Whatever is not listed here may be a
/// credential, and stays behind.
///
/// Preconditions are listed: without them, a request would do more than the user has allowed.
const SAFE_FOR_ALL_ORIGINS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "content-digest",
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

/// What describes a body, and goes with it (RFC 9110, Section 15.4).
const OF_CONTENT: &[&str] = &[
    "content-digest",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-type",
    "digest",
    "expect",
    "repr-digest",
    "trailer",
    "transfer-encoding",
];

/// Whether all of these may be sent to every origin.
pub(crate) fn are_safe(headers: &Headers) -> bool {
    headers.iter().all(|(name, _)| is_listed(name, SAFE_FOR_ALL_ORIGINS))
}

/// Drops all fields but those that are safe for all origins, and those that the user says are.
pub(crate) fn keep_safe(headers: &mut Headers, kept: &[Box<str>]) {
    headers.retain(|name| is_listed(name, SAFE_FOR_ALL_ORIGINS) || is_listed(name, kept));
}

/// Drops the fields of a body that is dropped.
pub(crate) fn drop_content(headers: &mut Headers) {
    headers.retain(|name| !is_listed(name, OF_CONTENT));
}

fn is_listed(name: &str, list: &[impl AsRef<str>]) -> bool {
    list.iter().any(|listed| listed.as_ref().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Headers {
        let mut headers = Headers::new();
        for name in names {
            headers.append(name, "1").unwrap();
        }
        headers
    }

    fn names(headers: &Headers) -> Vec<&str> {
        headers.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn another_origin_gets_what_is_listed_and_nothing_else() {
        let mut sent = headers(&[
            "Accept",
            "Authorization",
            "AUTHORIZATION",
            "Proxy-Authorization",
            "Cookie",
            "Host",
            "Origin",
            "Referer",
            "Range",
            "X-Api-Key",
            "X-Trace",
            "user-agent",
            "x-whatever-comes",
        ]);
        keep_safe(&mut sent, &["x-trace".into()]);
        assert_eq!(names(&sent), ["Accept", "Range", "X-Trace", "user-agent"]);
    }

    #[test]
    fn the_fields_of_a_body_go_with_it() {
        let mut sent = headers(&["Content-Type", "X-One", "CONTENT-LENGTH", "Expect", "Accept"]);
        drop_content(&mut sent);
        assert_eq!(names(&sent), ["X-One", "Accept"]);
    }

    #[test]
    fn no_field_that_carries_credentials_is_safe() {
        for name in SAFE_FOR_ALL_ORIGINS {
            assert!(!crate::headers::is_secret(name), "{name}");
        }
    }
}
