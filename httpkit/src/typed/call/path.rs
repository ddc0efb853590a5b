//! The variables of the path (RFC 6570, Sections 3.2.2, 3.2.3 and 3.2.6).
//!
//! A value must not lead to another resource than the template shows: what would vanish (an empty segment)
//! or climb (`.` and `..`, which servers and proxies resolve) is refused.

use std::fmt::{self, Display, Write};

use percent_encoding::utf8_percent_encode;

use super::Call;
use crate::{
    error::Result,
    query::{ListStyle, RESERVED, parameter_error, unfit},
    shape::{Shape, Shapeless},
    typed::parameters::PathParameter,
    url::{Component, encode_into, has_dot_segment},
};

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> PathParameter for T {
    fn segment(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_path(name, &self, push_segment);
    }

    fn reserved(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_path(name, &self, push_reserved);
    }

    fn key(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_path(name, &self, push_key);
    }
}

/// Why `.` and `..` are rejected: an encoded dot means the same (RFC 3986 §6.2.2.2), so no spelling is safe.
const DOT_SEGMENT: &str =
    "a path must not contain the segments `.` and `..`: servers and proxies resolve them";

/// Writes a value into the path, and judges it.
type Push = fn(&mut String, &str, &dyn Display) -> Result<()>;

impl Call<'_> {
    fn put_path(&mut self, name: &str, value: &dyn Display, push: Push) {
        let written = push(&mut self.url, name, value);
        self.park(written);
        self.push_part();
    }

    pub(super) fn put_segments(&mut self, name: &str, shape: Result<Shape, Shapeless>, style: ListStyle) {
        let written = shape
            .map_err(|reason| unfit(name, &reason))
            .and_then(|shape| push_segments(&mut self.url, name, shape, style));
        self.park(written);
        self.push_part();
    }
}

fn push_segment(url: &mut String, name: &str, value: &dyn Display) -> Result<()> {
    let start = url.len();
    write_value(&mut Encoder(url), name, value)?;
    let reason = match &url[start..] {
        "" => "a path segment must not be empty",
        "." | ".." => DOT_SEGMENT,
        _ => return Ok(()),
    };
    Err(parameter_error(name, reason.into()))
}

fn push_reserved(url: &mut String, name: &str, value: &dyn Display) -> Result<()> {
    let mut text = String::new();
    write_value(&mut text, name, value)?;
    let reason = if text.bytes().any(|byte| byte.is_ascii_control()) {
        "a path must not contain control bytes"
    } else if has_dot_segment(&text) {
        DOT_SEGMENT
    } else {
        encode_into(url, &text, Component::Path);
        return Ok(());
    };
    Err(parameter_error(name, reason.into()))
}

fn push_key(url: &mut String, name: &str, value: &dyn Display) -> Result<()> {
    let mut text = String::new();
    write_value(&mut text, name, value)?;
    // Encoded escapes are no dots: `%2e` becomes `%252e`.
    if text.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(parameter_error(name, DOT_SEGMENT.into()));
    }
    for (index, segment) in text.split('/').enumerate() {
        if index > 0 {
            url.push('/');
        }
        url.extend(utf8_percent_encode(segment, RESERVED));
    }
    Ok(())
}

fn push_segments(url: &mut String, name: &str, shape: Shape, style: ListStyle) -> Result<()> {
    let segments = shape.into_texts().map_err(|fault| unfit(name, &fault))?;
    segments.iter().enumerate().try_for_each(|(index, segment)| {
        url.push(if index > 0 && style == ListStyle::Commas { ',' } else { '/' });
        push_segment(url, name, segment)
    })
}

fn write_value(target: &mut dyn Write, name: &str, value: &dyn Display) -> Result<()> {
    write!(target, "{value}").map_err(|_| parameter_error(name, "its `Display` fails".into()))
}

/// Percent-encodes everything but `unreserved` (RFC 3986, Section 2.3).
struct Encoder<'t>(&'t mut String);

impl Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, RESERVED));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(value: &str) -> Option<String> {
        let mut url = String::new();
        push_segment(&mut url, "x", &value).ok().map(|()| url)
    }

    fn reserved(value: &str) -> Option<String> {
        let mut url = String::new();
        push_reserved(&mut url, "x", &value).ok().map(|()| url)
    }

    #[test]
    fn segments_keep_unreserved_alone() {
        for (value, written) in [
            ("a-._~Z9", Some("a-._~Z9")),
            ("a/b?c#d", Some("a%2Fb%3Fc%23d")),
            ("%2e", Some("%252e")),
            ("ü\r\n", Some("%C3%BC%0D%0A")),
            ("...", Some("...")),
            ("..a", Some("..a")),
            ("", None),
            (".", None),
            ("..", None),
        ] {
            assert_eq!(segment(value).as_deref(), written, "{value:?}");
        }
    }

    #[test]
    fn key_is_encoded_once_and_keeps_slashes() {
        let key = |value: &str| {
            let mut url = String::new();
            push_key(&mut url, "x", &value).ok().map(|()| url)
        };
        for (value, written) in [
            ("", Some("")),
            ("a/b c", Some("a/b%20c")),
            ("with%20space", Some("with%2520space")),
            ("a%2Fb", Some("a%252Fb")),
            ("/a//b/", Some("/a//b/")),
            ("a?b#c;d=e", Some("a%3Fb%23c%3Bd%3De")),
            ("a\n\u{7f}\\", Some("a%0A%7F%5C")),
            ("a/.../b", Some("a/.../b")),
            ("a/%2e%2e/b", Some("a/%252e%252e/b")),
            ("a/../b", None),
            (".", None),
        ] {
            assert_eq!(key(value).as_deref(), written, "{value:?}");
        }
    }

    #[test]
    fn reserved_keeps_what_a_path_may_hold() {
        for (value, written) in [
            ("", Some("")),
            ("a/b;v=1,2@c:d", Some("a/b;v=1,2@c:d")),
            ("a%2Fb%", Some("a%2Fb%25")),
            ("a?b#c[d] ü", Some("a%3Fb%23c%5Bd%5D%20%C3%BC")),
            ("a/.../b", Some("a/.../b")),
            ("a\\..\\b", Some("a%5C..%5Cb")),
            ("a/..", None),
            ("./a", None),
            ("a/%2e%2E/b", None),
            ("a/.%2e", None),
            ("a\nb", None),
            ("a\u{7f}", None),
        ] {
            assert_eq!(reserved(value).as_deref(), written, "{value:?}");
        }
    }

    #[test]
    fn a_display_that_fails_is_reported() {
        struct Failing;
        impl Display for Failing {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Err(fmt::Error)
            }
        }
        let error = push_segment(&mut String::new(), "x", &Failing).unwrap_err();
        assert_eq!(error.to_string(), "cannot serialize `x`: its `Display` fails");
    }
}
