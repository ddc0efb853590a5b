//! Charsets without a table of them: UTF-8, and ASCII under any of the names that say no more about it.

use super::utf8::{self, Malformed};
use crate::{
    error::{Error, ErrorKind, Result},
    violation::Excerpt,
};

/// Labels of UTF-8 in the Encoding Standard.
const UTF_8: [&str; 3] = ["utf-8", "utf8", "unicode-1-1-utf-8"];

/// Labels of charsets that have ASCII as it is.
const ASCII: [&str; 8] =
    ["us-ascii", "ascii", "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252", "iso-8859-15"];

/// Decodes what is UTF-8 or ASCII.
pub(super) fn decode(body: Vec<u8>, label: Option<&str>, malformed: Malformed) -> Result<String> {
    let is_one_of =
        |labels: &[&str], label: &str| labels.iter().any(|known| known.eq_ignore_ascii_case(label));
    let is_utf_16 = body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff");
    match label.map(str::trim) {
        _ if is_utf_16 => Err(unknown("utf-16", body)),
        Some(label)
            if !(is_one_of(&UTF_8, label)
                || is_one_of(&ASCII, label) && body.is_ascii()
                || body.starts_with(utf8::MARK)) =>
        {
            Err(unknown(label, body))
        }
        _ => utf8::decode(body, malformed),
    }
}

fn unknown(label: &str, body: Vec<u8>) -> Error {
    Error::new(ErrorKind::Charset(Excerpt::of(label.as_bytes()))).with_partial(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ascii_is_read_under_many_names_and_the_rest_asks_for_the_feature() {
        for (label, body, expected) in [
            (None, &b"\xc3\xbc"[..], Some("\u{fc}")),
            (Some("UTF8"), b"\xc3\xbc", Some("\u{fc}")),
            (Some(" ISO-8859-1 "), b"spam", Some("spam")),
            (Some("iso-8859-1"), b"\xc3\xbc", None),
            (Some("iso-8859-1"), b"\xef\xbb\xbf\xc3\xbc", Some("\u{fc}")),
            (Some("koi8-r"), b"spam", None),
            (None, b"\xff\xfes\0", None),
        ] {
            match decode(body.to_vec(), label, Malformed::Refused) {
                Ok(text) => assert_eq!(Some(&*text), expected, "{label:?}"),
                Err(error) => {
                    assert_eq!(None, expected, "{label:?}");
                    assert!(error.to_string().contains("needs the feature `charset`"), "{error}");
                    assert_eq!(error.partial(), body);
                }
            }
        }
    }
}
