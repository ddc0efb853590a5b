//! Text, and the charset that it is in.

use httpkit::{ErrorKind, Response};
use httpkit_tests::{answered, gzip};

/// A response of this type.
fn of_type(content_type: &str, body: &[u8]) -> Response {
    let field =
        if content_type.is_empty() { String::new() } else { format!("Content-Type: {content_type}\r\n") };
    let head = format!("HTTP/1.1 200 OK\r\n{field}Content-Length: {}\r\n\r\n", body.len());
    answered(&[head.as_bytes(), body].concat()).unwrap()
}

const LATIN_1: &[u8] = b"\xe4\xf6\xfc \x80";
const UTF_16_LE: &[u8] = b"s\0\xe4\0=\xd8\x00\xde";

#[test]
fn a_mark_then_the_content_type_then_utf_8_decides() {
    for (content_type, body, expected) in [
        ("", "\u{e4}\u{20ac}".as_bytes(), "\u{e4}\u{20ac}"),
        ("text/plain", "\u{e4}".as_bytes(), "\u{e4}"),
        ("text/plain; charset=utf-8", "\u{e4}".as_bytes(), "\u{e4}"),
        ("text/plain; charset=ISO-8859-1", LATIN_1, "\u{e4}\u{f6}\u{fc} \u{20ac}"),
        ("text/plain; CharSet=\"latin1\"", LATIN_1, "\u{e4}\u{f6}\u{fc} \u{20ac}"),
        ("text/plain; a=\"charset=utf-8\"; charset=windows-1251", b"\xcf", "\u{41f}"),
        ("text/html; charset=Shift_JIS", b"\x83X\x83p\x83\x80", "\u{30b9}\u{30d1}\u{30e0}"),
        ("text/plain; charset=utf-16le", UTF_16_LE, "s\u{e4}\u{1f600}"),
        ("text/plain; charset=utf-16be", b"\0s", "s"),
        // A mark is stronger, and no part of the text.
        ("text/plain; charset=iso-8859-1", b"\xef\xbb\xbf\xc3\xa4", "\u{e4}"),
        ("text/plain; charset=utf-8", b"\xff\xfes\0", "s"),
        ("", b"\xfe\xff\0s", "s"),
        ("", b"\xef\xbb\xbf", ""),
        // What nobody knows is UTF-8, as what nobody names.
        ("text/plain; charset=esperanto", "\u{e4}".as_bytes(), "\u{e4}"),
        ("text/plain; charset=", b"s", "s"),
        ("charset=iso-8859-1", "\u{e4}".as_bytes(), "\u{e4}"),
    ] {
        assert_eq!(of_type(content_type, body).text().unwrap(), expected, "{content_type} {body:?}");
        assert_eq!(of_type(content_type, body).text_lossy().unwrap(), expected, "{content_type} {body:?}");
    }
}

#[test]
fn what_is_no_text_is_an_error_or_replaced() {
    for (content_type, body, charset, valid_up_to, lossy) in [
        ("", &b"ab\xffcd"[..], "UTF-8", 2, "ab\u{fffd}cd"),
        ("text/plain", b"\xc3", "UTF-8", 0, "\u{fffd}"),
        ("text/plain; charset=shift_jis", b"s\x83", "Shift_JIS", 1, "s\u{fffd}"),
        ("text/plain; charset=euc-jp", b"s\xa4\xff!", "EUC-JP", 1, "s\u{fffd}!"),
        ("text/plain; charset=utf-16le", b"s\0a", "UTF-16LE", 2, "s\u{fffd}"),
        ("", b"\xff\xfes\0\x00\xd8s\0", "UTF-16LE", 4, "s\u{fffd}s"),
    ] {
        let error = of_type(content_type, body).text().unwrap_err();
        let ErrorKind::Text { charset: found, valid_up_to: at, .. } = error.kind() else {
            panic!("{content_type}: {error:?}");
        };
        assert_eq!((*found, *at), (charset, valid_up_to), "{content_type} {body:?}");
        assert_eq!(error.partial(), body);
        assert_eq!(of_type(content_type, body).text_lossy().unwrap(), lossy, "{content_type} {body:?}");
    }
}

#[test]
fn json_is_utf_8_whatever_its_content_type_says() {
    let json = "[\"\u{e4}\"]";
    for (content_type, mark) in
        [("application/json; charset=iso-8859-1", ""), ("application/json", "\u{feff}")]
    {
        let body = format!("{mark}{json}");
        assert_eq!(of_type(content_type, body.as_bytes()).json::<[String; 1]>().unwrap(), ["\u{e4}"]);
    }
}

#[test]
fn what_was_encoded_twice_is_decoded_twice() {
    let body = gzip(LATIN_1);
    let content_type = "text/plain; charset=iso-8859-1\r\nContent-Encoding: gzip";
    assert_eq!(of_type(content_type, &body).text().unwrap(), "\u{e4}\u{f6}\u{fc} \u{20ac}");
}

#[test]
fn the_content_type_is_a_media_type() {
    let response = of_type("Text/HTML ; charset=utf-8", b"");
    let content_type = response.content_type().unwrap();
    assert!(content_type.is("text/html"));
    assert_eq!(content_type.parameter("charset").unwrap(), "utf-8");
    for none in ["", "html", "\u{e4}"] {
        assert!(of_type(none, b"").content_type().is_none(), "{none}");
    }
}
