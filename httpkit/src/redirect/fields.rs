//! The header fields that go along with a redirected request.

use crate::{headers::Headers, secrecy::is_listed};

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

/// Drops the fields of a body that is dropped.
pub(crate) fn drop_content(headers: &mut Headers) {
    headers.retain(|name| !is_listed(name, OF_CONTENT));
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
    fn the_fields_of_a_body_go_with_it() {
        let mut sent = headers(&["Content-Type", "X-One", "CONTENT-LENGTH", "Expect", "Accept"]);
        drop_content(&mut sent);
        assert_eq!(names(&sent), ["X-One", "Accept"]);
    }
}
