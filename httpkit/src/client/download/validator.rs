//! What tells one state of a resource from another, strongly enough to put parts together.

use std::{
    hash::{DefaultHasher, Hasher},
    time::Duration,
};

use crate::{grammar, headers::Headers, url::Url};

/// So long before the response was made, what it holds must have been changed for the last time: a shorter
/// while may hold two changes that have one date (RFC 9110, Section 8.8.2.2).
const SETTLED: Duration = Duration::from_secs(60);

/// A strong validator: the value of an `If-Range` field (RFC 9110, Section 13.1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Validator(Vec<u8>);

impl Validator {
    /// The strong validator of a response, if it has one: its `ETag`, or its `Last-Modified` where that is old
    /// enough.
    pub(super) fn of(headers: &Headers) -> Option<Validator> {
        if let Some(etag) = headers.get("etag") {
            return grammar::is_strong_etag(etag.as_bytes()).then(|| Validator(etag.as_bytes().to_vec()));
        }
        let date = |name| headers.get(name).and_then(|value| grammar::http_date(value.as_bytes()));
        let age = date("date")?.duration_since(date("last-modified")?).ok()?;
        let last_modified = headers.get("last-modified").filter(|_| age >= SETTLED)?;
        Some(Validator(last_modified.as_bytes().to_vec()))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the note on a part: which URL it is of, since another resource may have the same validator, and the
    /// validator. The URL may be signed, so the note has a hash of it.
    pub(super) fn to_note(&self, url: &Url) -> Vec<u8> {
        [hash(url).as_bytes(), b"\n", &self.0, b"\n"].concat()
    }

    /// Reads a note. `None` if it is of another URL, or damaged.
    pub(super) fn from_note(note: &[u8], url: &Url) -> Option<Validator> {
        let value = note.strip_prefix(hash(url).as_bytes())?.strip_prefix(b"\n")?.strip_suffix(b"\n")?;
        let is_validator = grammar::is_strong_etag(value) || grammar::http_date(value).is_some();
        is_validator.then(|| Validator(value.to_vec()))
    }
}

/// Two hashes of the text, 128 bits together: the same in each run of the program.
fn hash(url: &Url) -> String {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(seed);
        hasher.write(url.as_str().as_bytes());
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validator(fields: &[(&str, &str)]) -> Option<String> {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.append(name, value).unwrap();
        }
        Validator::of(&headers).map(|validator| String::from_utf8(validator.0).unwrap())
    }

    #[test]
    fn strong_validators_are_told_from_weak_ones() {
        let date = ("Date", "Mon, 23 Nov 2026 12:01:00 GMT");
        let [settled, fresh] = ["Mon, 23 Nov 2026 12:00:00 GMT", "Mon, 23 Nov 2026 12:00:01 GMT"];
        for (fields, expected) in [
            (&[("ETag", "\"a\"")][..], Some("\"a\"")),
            (&[("ETag", "\"\"")], Some("\"\"")),
            (&[("ETag", "W/\"a\"")], None),
            (&[("ETag", "a")], None),
            (&[("ETag", "\"a\"b\"")], None),
            (&[("ETag", "W/\"a\""), date, ("Last-Modified", settled)], None),
            (&[date, ("Last-Modified", settled)], Some(settled)),
            (&[date, ("Last-Modified", fresh)], None),
            (&[("Last-Modified", settled)], None),
            (&[date, ("Last-Modified", "yesterday")], None),
            (&[], None),
        ] {
            assert_eq!(validator(fields).as_deref(), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_note_is_of_one_url() {
        let url = |text| Url::parse(text).unwrap();
        let validator = Validator(b"\"a\"".to_vec());
        let note = validator.to_note(&url("http://me:secret@h/a"));
        assert!(!note.windows(6).any(|window| window == b"secret"));
        assert_eq!(Validator::from_note(&note, &url("http://h/a")), Some(validator));
        assert_eq!(Validator::from_note(&note, &url("http://h/b")), None);
        for end in 0..note.len() {
            assert_eq!(Validator::from_note(&note[..end], &url("http://h/a")), None, "{end}");
        }
        assert_eq!(Validator::from_note(b"http://h/a\nW/\"a\"\n", &url("http://h/a")), None);
    }
}
