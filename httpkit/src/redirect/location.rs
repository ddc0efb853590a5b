//! The target that a response names.

use crate::{
    headers::Headers,
    url::{Url, reference_of},
    violation::InvalidUrl,
};

/// The URL that `Location` leads to from `url` (RFC 9110, Section 10.2.2); `None` where there is none, or an
/// empty one. It has the fragment of `url` where it names none, and no user info: who answers must not choose
/// the credentials of the next request.
pub(super) fn location(headers: &Headers, url: &Url) -> Result<Option<Url>, InvalidUrl> {
    let mut values = headers.get_all("location");
    let Some(value) = values.next() else { return Ok(None) };
    if values.any(|other| other != value) {
        let rule = "a redirect has one Location (RFC 9110, Section 10.2.2)";
        return Err(InvalidUrl::new(rule, value.as_bytes()));
    }
    if value.as_bytes().is_empty() {
        return Ok(None);
    }
    let mut target = url.resolve(&reference_of(value.as_bytes()))?;
    target.take_user_info();
    if target.fragment().is_none() {
        target.set_fragment(url.fragment());
    }
    Ok(Some(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str, locations: &[&[u8]]) -> Result<Option<String>, InvalidUrl> {
        let mut headers = Headers::new();
        for location in locations {
            headers.append("Location", location).unwrap();
        }
        let target = location(&headers, &Url::parse(url).unwrap())?;
        Ok(target.map(|target| target.as_str().to_owned()))
    }

    #[test]
    fn a_location_leads_somewhere() {
        for (url, value, expected) in [
            ("http://h/a/b", &b"c"[..], "http://h/a/c"),
            ("http://h/a", b"http://other/x y", "http://other/x%20y"),
            ("http://h/a", "/ü".as_bytes(), "http://h/%C3%BC"),
            ("http://h/a", b"/caf\xe9 x?\xff%41", "http://h/caf%E9%20x?%FF%41"),
            ("http://h/a#top", b"/b", "http://h/b#top"),
            ("http://h/a#top", b"/b#end", "http://h/b#end"),
            ("http://h/a#top", b"/b#", "http://h/b#"),
            ("http://u:p@h/a", b"/b", "http://h/b"),
            ("http://h/a", b"http://u:p@h:81/b?c", "http://h:81/b?c"),
            ("https://h/a", b"//u@h/b", "https://h/b"),
        ] {
            assert_eq!(target(url, &[value]), Ok(Some(expected.to_owned())), "{url} {value:?}");
        }
        assert_eq!(target("http://h/a", &[b"/b", b"/b"]), Ok(Some("http://h/b".to_owned())));
    }

    #[test]
    fn without_one_there_is_nothing_to_follow() {
        assert_eq!(target("http://h/", &[]), Ok(None));
        assert_eq!(target("http://h/", &[b" "]), Ok(None));
    }

    #[test]
    fn a_location_that_could_mislead_is_refused() {
        for values in [
            &[&b"/a"[..], b"/b"][..],
            &[b"", b"/b"],
            &[b"ftp://h/"],
            &[b"\\\\h\\x"],
            &[b"http://127.1/"],
            &[b"http://\xff/"],
            &[b"/\ta"],
        ] {
            assert!(target("http://h/", values).is_err(), "{values:?}");
        }
    }

    #[test]
    fn a_refusal_shows_no_password() {
        let error = target("http://h/", &[b"ftp://user:hunter2@h/"]).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
