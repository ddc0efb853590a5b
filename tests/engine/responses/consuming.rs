//! `BufRead::consume`, on all that reads a body.

use std::{
    io::BufRead,
    panic::{AssertUnwindSafe, catch_unwind},
};

use httpkit::{
    Client, Error, ErrorKind, HttpConnection, Limits, Method, Request, Response, StatusCode,
    testing::{Script, ScriptedConnector},
};
use httpkit_tests::{answered, answered_within, gzip};

/// A body of the five bytes `hello`, with bytes behind it where the framing allows for them.
fn responses() -> Vec<(&'static str, Vec<u8>)> {
    let coded = gzip(b"hello");
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", coded.len());
    vec![
        ("length", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n".to_vec()),
        (
            "chunked",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\nHTTP"
                .to_vec(),
        ),
        ("until close", b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec()),
        ("gzip", [head.as_bytes(), &coded, b"HTTP/1.1"].concat()),
    ]
}

/// All that reads a body, each of the five bytes `hello`.
fn readers() -> Vec<(String, Box<dyn BufRead>)> {
    let mut readers: Vec<(String, Box<dyn BufRead>)> = Vec::new();
    for (framing, bytes) in responses() {
        readers.push((format!("Response, {framing}"), Box::new(answered(&bytes).unwrap())));
        readers.push((format!("Body, {framing}"), Box::new(answered(&bytes).unwrap().into_value())));
        if framing != "gzip" {
            let connector = ScriptedConnector::new([Script::answer(&bytes)]);
            let mut connection = HttpConnection::builder("h").connector(connector).build().unwrap();
            connection.request(Method::GET, "/", (), &[]).unwrap();
            readers.push((format!("HttpResponse, {framing}"), Box::new(connection.into_response().unwrap())));
        }
    }
    let answer = |request: Request<'_>, _: httpkit::Next<'_>| {
        Response::builder(&request, StatusCode::OK).body("hello").build()
    };
    let client = Client::builder().middleware(answer).build().unwrap();
    readers.push(("made".into(), Box::new(client.get("http://h/").send().unwrap())));
    readers
}

/// Returns whether consuming these counts, one after the other, panics at the last one.
fn panics_at_last(reader: &mut dyn BufRead, counts: &[usize]) -> bool {
    let (last, before) = counts.split_last().unwrap();
    assert_eq!(reader.fill_buf().unwrap(), b"hello");
    for count in before {
        reader.consume(*count);
    }
    let panic = catch_unwind(AssertUnwindSafe(|| reader.consume(*last))).err();
    if let Some(payload) = &panic {
        let message = payload.downcast_ref::<String>().unwrap();
        assert!(message.contains("`consume` must not exceed"), "{message}");
    }
    panic.is_some()
}

#[test]
fn consuming_more_than_shown_panics() {
    for counts in [&[6][..], &[2, 4], &[5, 1], &[usize::MAX], &[5, usize::MAX]] {
        for (name, mut reader) in readers() {
            assert!(panics_at_last(reader.as_mut(), counts), "{name}: {counts:?}");
        }
    }
}

#[test]
fn consumes_what_was_shown_in_parts() {
    for counts in [&[5][..], &[0, 5], &[5, 0], &[1, 1, 3, 0]] {
        for (name, mut reader) in readers() {
            assert!(!panics_at_last(reader.as_mut(), counts), "{name}: {counts:?}");
            assert_eq!(reader.fill_buf().unwrap(), b"", "{name}: {counts:?}");
        }
    }
}

#[test]
fn consuming_after_failure_panics() {
    let mut response = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello").unwrap();
    assert_eq!(response.fill_buf().unwrap(), b"hello");
    response.consume(5);
    response.fill_buf().unwrap_err();
    catch_unwind(AssertUnwindSafe(|| response.consume(1))).unwrap_err();
}

#[test]
fn fill_buf_stops_at_limit_of_body() {
    for (framing, bytes) in responses() {
        if framing == "gzip" {
            // The limit is on what was decoded, which is decoded in whole blocks.
            continue;
        }
        let mut response = answered_within(Limits::new().max_body_bytes(3), &bytes);
        assert_eq!(response.fill_buf().unwrap(), b"hel", "{framing}");
        response.consume(3);
        let error = Error::from(response.fill_buf().unwrap_err());
        assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 3, .. }), "{framing}: {error}");
    }
}
