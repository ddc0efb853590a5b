//! Bodies that are not what was asked for, and what the error keeps of them.

use std::collections::BTreeMap;

use httpkit::{ErrorKind, Limits, StatusCode};
use httpkit_tests::{answered, answered_within, with_body};

#[test]
fn a_body_cut_short_leaves_what_has_come() {
    for (response, expected) in [
        (&b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"[..], Some(9)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n9\r\nllo", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", None),
    ] {
        for error in [
            answered(response).unwrap().bytes().unwrap_err(),
            answered(response).unwrap().text().unwrap_err(),
            answered(response).unwrap().json::<()>().unwrap_err(),
        ] {
            let ErrorKind::IncompleteRead { received, expected: found } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!((*received, *found), (5, expected), "{error}");
            assert_eq!(error.partial(), b"hello");
        }
    }
}

#[test]
fn a_malformed_chunk_leaves_what_came_before_it() {
    let response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n";
    let error = answered(response).unwrap().bytes().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadChunk(_)), "{error}");
    assert_eq!(error.partial(), b"hello");
}

#[test]
fn json_that_does_not_fit_says_where() {
    let body = br#"{"a": [{"b": 1}, {"b": -1}]}"#;
    let whole = with_body(body);
    let mut chunked = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in body.chunks(7) {
        chunked.extend([format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
    }
    chunked.extend(b"0\r\n\r\n");
    for (response, code) in [(&whole, 200), (&chunked, 201)] {
        let response = answered(response).unwrap();
        let error = response.json::<BTreeMap<String, Vec<BTreeMap<String, u8>>>>().unwrap_err();
        let ErrorKind::Json { path, status, found, source } = error.kind() else { panic!("{error}") };
        assert_eq!((path.as_str(), status.unwrap().code(), found), ("a[1].b", code, &None));
        assert!(source.is_data(), "{source}");
        assert_eq!(error.status(), *status);
        assert_eq!(error.partial(), body);
        assert!(error.to_string().contains("a[1].b"), "{error}");
    }
    for (body, is_eof) in [(&b""[..], true), (b"[1", true), (b"[1] 2", false), (b"<html>", false)] {
        let error = answered(&with_body(body)).unwrap().json::<Vec<u8>>().unwrap_err();
        let ErrorKind::Json { source, found, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(source.is_eof(), is_eof, "{source}");
        assert_eq!(found.as_ref().map_or(&b""[..], |found| found.as_bytes()), body);
    }
}

#[test]
fn a_status_of_400_and_above_is_an_error_on_demand() {
    for code in [200, 204, 301, 399] {
        assert!(
            answered(format!("HTTP/1.1 {code} x\r\n\r\n").as_bytes()).unwrap().error_for_status().is_ok()
        );
    }
    for code in [400, 404, 499, 500, 599, 600, 999] {
        let response = format!("HTTP/1.1 {code} x\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nhello");
        let response = answered(response.as_bytes()).unwrap();
        assert_eq!(response.status().code(), code);
        let error = response.error_for_status().unwrap_err();
        assert_eq!(error.status(), StatusCode::from_u16(code));
        let snapshot = error.response().unwrap();
        assert_eq!(snapshot.headers().get("x-id").unwrap(), "7");
        assert_eq!((snapshot.body(), snapshot.is_truncated()), (&b"hello"[..], false));
        assert_eq!(snapshot.text(), "hello");
    }
}

#[test]
fn the_body_of_a_status_error_is_cut_at_its_limit() {
    let limits = Limits::new().max_error_body_bytes(4);
    for (rest, body, is_truncated) in [
        (&b"Content-Length: 3\r\n\r\nabc"[..], &b"abc"[..], false),
        (b"Content-Length: 4\r\n\r\nabcd", b"abcd", false),
        (b"Content-Length: 5\r\n\r\nabcde", b"abcd", true),
        (b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", b"abcd", false),
        (b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n", b"abcd", true),
        (b"Content-Length: 4\r\n\r\nab", b"ab", true),
        (b"\r\nabcd", b"abcd", false),
    ] {
        let response = answered_within(limits, &[b"HTTP/1.1 500 x\r\n", rest].concat());
        let error = response.error_for_status().unwrap_err();
        let snapshot = error.response().unwrap();
        assert_eq!(
            (snapshot.body(), snapshot.is_truncated()),
            (body, is_truncated),
            "{}",
            rest.escape_ascii()
        );
    }
}

#[test]
fn what_is_not_utf_8_is_no_text_and_stays_readable() {
    let error = answered(&with_body(b"caf\xe9!")).unwrap().text().unwrap_err();
    let ErrorKind::Text { valid_up_to, found, .. } = error.kind() else { panic!("{error}") };
    assert_eq!((*valid_up_to, found.as_bytes()), (3, &b"\xe9!"[..]));
    assert_eq!(error.partial(), b"caf\xe9!");
    assert_eq!(answered(&with_body("café".as_bytes())).unwrap().text().unwrap(), "café");
}

#[test]
fn collected_bodies_have_a_limit() {
    let limits = Limits::new().max_collected_bytes(5);
    let chunked = |body: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            body.len()
        )
    };
    let length = |body: &str| String::from_utf8(with_body(body.as_bytes())).unwrap();
    let until_close = |body: &str| format!("HTTP/1.1 200 OK\r\n\r\n{body}");
    let framings: [&dyn Fn(&str) -> String; 3] = [&chunked, &length, &until_close];
    for frame in framings {
        let get = |body: &str| answered_within(limits, frame(body).as_bytes());
        assert_eq!(get("[1,2]").bytes().unwrap(), b"[1,2]");
        assert_eq!(get("[1,2]").text().unwrap(), "[1,2]");
        assert_eq!(get("[1,2]").json::<[u8; 2]>().unwrap(), [1, 2]);
        for error in [
            get("[1,23]").bytes().unwrap_err(),
            get("[1,23]").text().unwrap_err(),
            get("[1,23]").json::<[u8; 2]>().unwrap_err(),
        ] {
            assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 5, .. }), "{error}");
            assert_eq!(error.partial(), b"[1,23");
        }
        // What is read piece by piece has none.
        let mut read = Vec::new();
        assert_eq!(get("[1,23]").copy_to(&mut read).unwrap(), 6);
        assert_eq!(read, b"[1,23]");
    }
}
