//! Which codings are spoken, and which ones a response has.

use super::decode::Coding;
use crate::{grammar, headers::Headers};

/// What is spoken, in the order in which it is asked for.
const SPOKEN: &[Coding] = &[
    #[cfg(feature = "gzip")]
    super::gzip::GZIP,
    #[cfg(feature = "gzip")]
    super::deflate::DEFLATE,
    #[cfg(feature = "brotli")]
    super::brotli::BROTLI,
    #[cfg(feature = "zstd")]
    super::zstd::ZSTD,
];

/// The value of `Accept-Encoding` (RFC 9110, Section 12.5.3) that asks for what is spoken.
pub(super) fn all_spoken() -> String {
    let names: Vec<&str> = SPOKEN.iter().map(Coding::name).collect();
    if names.is_empty() { "identity".to_owned() } else { names.join(", ") }
}

/// The content codings of a response in the order in which they were applied, `identity` left out. Several
/// fields are one list.
pub(crate) fn content_codings(headers: &Headers) -> impl Iterator<Item = &[u8]> {
    headers
        .get_all("content-encoding")
        .flat_map(|value| grammar::list_members(value.as_bytes()))
        .filter(|name| !name.eq_ignore_ascii_case(b"identity"))
}

/// The coding of this name.
pub(super) fn spoken(name: &[u8]) -> Option<&'static Coding> {
    let is_called =
        |coding: &&Coding| coding.names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
    SPOKEN.iter().find(is_called)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codings(values: &[&str]) -> Vec<String> {
        let mut headers = Headers::new();
        for value in values {
            headers.append("Content-Encoding", value).unwrap();
        }
        content_codings(&headers).map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    #[test]
    fn several_fields_are_one_list_without_identity() {
        for (values, expected) in [
            (&[][..], &[][..]),
            (&["gzip"], &["gzip"]),
            (&["identity"], &[]),
            (&["Identity, x-GZIP"], &["x-GZIP"]),
            (&["br ,,\tgzip", "zstd"], &["br", "gzip", "zstd"]),
            (&[""], &[]),
        ] {
            assert_eq!(codings(values), expected, "{values:?}");
        }
    }

    #[test]
    fn names_are_told_without_regard_to_case() {
        for coding in SPOKEN {
            for name in coding.names {
                let found = spoken(name.to_ascii_uppercase().as_bytes());
                assert_eq!(found.map(Coding::name), Some(coding.name()), "{name}");
            }
        }
        assert!(spoken(b"compress").is_none() && spoken(b"").is_none() && spoken(b"gzipp").is_none());
    }

    #[cfg(all(feature = "gzip", feature = "brotli", feature = "zstd"))]
    #[test]
    fn all_that_is_spoken_is_asked_for() {
        assert_eq!(all_spoken(), "gzip, deflate, br, zstd");
    }
}
