//! What errors say, what they keep, and what they become.

use std::{
    collections::BTreeMap,
    error::Error as StdError,
    io::{self, Read},
};

use httpkit::{
    Client, Error, ErrorKind, HttpConnection, Limits, Method, Response, Url,
    testing::{Act, Reply, Server},
};
use httpkit_tests::{answered, answered_within, answers, kind_name, scripted, with_body};

const URL: &str = "http://test.example/";

fn connection() -> HttpConnection {
    HttpConnection::new("test.example").unwrap()
}

/// One error of many kinds, with a part of what it says.
fn samples() -> Vec<(Error, &'static str, &'static str)> {
    let server = Server::start(|_| Reply::new(200));
    let url = server.url("/");
    let mut open = HttpConnection::new(&server.address().to_string()).unwrap();
    let long = [b"HTTP/1.1 ", &[b'9'; 1000][..], b"\r\n\r\n"].concat();
    let number: fn(Response) -> Error = |response| response.json::<BTreeMap<String, u8>>().unwrap_err();
    vec![
        (HttpConnection::new("test.example:").unwrap_err(), "InvalidUrl", "\"test.example:\""),
        (HttpConnection::new("test.example:http").unwrap_err(), "InvalidUrl", "\"test.example:http\""),
        (Client::new().get("http://a:65536/").send().unwrap_err(), "InvalidUrl", "65535"),
        (Url::parse("http://a/\n").unwrap_err().into(), "InvalidUrl", "control"),
        (Method::new("G T").unwrap_err().into(), "InvalidRequest", "\"G T\""),
        (open.put_request(Method::GET, "/a b").unwrap_err(), "InvalidRequest", "%20"),
        (open.put_request(Method::GET, "/a\x01").unwrap_err(), "InvalidRequest", r#""/a\x01""#),
        (
            open.request(Method::GET, "/", (), &[("X-A", "1\r\nX-B: 2")]).unwrap_err(),
            "InvalidRequest",
            "header `X-A` must not contain control bytes; found a line break at byte 2 of 9",
        ),
        (connection().send(b"x").unwrap_err(), "NotConnected", "not connected"),
        (connection().get_response().map(drop).unwrap_err(), "ResponseNotReady", "closed"),
        (connection().put_header("a", "b").unwrap_err(), "CannotSendHeader", "closed"),
        (
            Client::new().put(&url).header("content-length", "4").body("x").send().unwrap_err(),
            "BodyLength",
            "4",
        ),
        (Client::new().get("http://127.0.0.1:1/").send().unwrap_err(), "Connect", "127.0.0.1:1"),
        (answered(b"<html>\n<p>hello").unwrap_err(), "BadStatusLine", "<html>"),
        (answered(&long).unwrap_err(), "BadStatusLine", "bytes more"),
        (answered(b"HTTP/2 200\r\n\r\n").unwrap_err(), "UnknownProtocol", "HTTP/2"),
        (answered(b"HTTP/1.1 200 OK\r\nA B: \x1b[31m\r\n\r\n").unwrap_err(), "BadHeader", r"\x1b[31m"),
        (
            answered(b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n").unwrap_err(),
            "BadContentLength",
            "\"+5\"",
        ),
        (
            answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n").unwrap_err(),
            "UnknownTransferEncoding",
            "\"gzip\"",
        ),
        (answered(b"").unwrap_err(), "RemoteDisconnected", "without a response"),
        (answered(b"HTTP/1.1 200").unwrap_err(), "IncompleteRead", "12 bytes"),
        (
            answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
                .unwrap()
                .bytes()
                .unwrap_err(),
            "BadChunk",
            "\"x",
        ),
        (
            answered_within(Limits::new().max_collected_bytes(4), &with_body(b"hello")).text().unwrap_err(),
            "TooLarge",
            "exceeds 4 bytes",
        ),
        (answered(&with_body(b"ab\xff\n")).unwrap().text().unwrap_err(), "Text", r#""\xff\n""#),
        (number(answered(&with_body(b"{\n\"a\": [\x1b]}")).unwrap()), "Json", "at `a`"),
        (number(answered(&with_body(br#"{"a\nb\u001b[31m": -1}"#)).unwrap()), "Json", "a\\nb"),
        (
            number(answered(&with_body(format!(r#"{{"{}": -1}}"#, "k".repeat(5000)).as_bytes())).unwrap()),
            "Json",
            "kkk",
        ),
        (
            Client::new()
                .get(&url)
                .query(&BTreeMap::from([("q", BTreeMap::from([("a\nb", [1])]))]))
                .send()
                .unwrap_err(),
            "Parameter",
            "a\\nb",
        ),
        (
            answered(b"HTTP/1.1 418 \r\nContent-Length: 3\r\n\r\na\nb")
                .unwrap()
                .error_for_status()
                .unwrap_err(),
            "Status",
            r#""a\nb""#,
        ),
    ]
}

#[test]
fn messages_stand_on_one_line_and_name_what_was_found() {
    for (error, kind, part) in samples() {
        let shown = error.to_string();
        assert_eq!(kind_name(error.kind()), kind, "{shown}");
        assert!(shown.contains(part), "{kind}: {shown:?} does not name {part:?}");
        assert!(shown.is_ascii() && !shown.chars().any(char::is_control), "{kind}: {shown:?}");
        assert!(shown.len() < 500, "{kind}: {} bytes", shown.len());
    }
}

#[test]
fn causes_are_told_once() {
    let mut causes = 0;
    for (error, kind, _) in samples() {
        if let Some(source) = error.source() {
            causes += 1;
            assert!(!error.to_string().contains(&source.to_string()), "{kind}: {error}, and again {source}");
        }
    }
    assert!(causes >= 4, "{causes}");
    let error = Client::new().get("http://127.0.0.1:1/").send().unwrap_err();
    let cause = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(cause.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn errors_say_which_request_failed() {
    let error = Client::new().put("http://user@127.0.0.1:1/a?b").send().unwrap_err();
    assert!(error.to_string().starts_with("PUT http://127.0.0.1:1/a?...: "), "{error}");
    let cut: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    for error in [
        answered(cut).unwrap().bytes().unwrap_err(),
        answered(cut).unwrap().text().unwrap_err(),
        answered(cut).unwrap().json::<()>().unwrap_err(),
        answered(cut).unwrap().copy_to(&mut io::sink()).unwrap_err(),
        answered(cut).unwrap().read_to_end(&mut Vec::new()).unwrap_err().into(),
        answered(b"HTTP/1.1 404 \r\n\r\n").unwrap().error_for_status().unwrap_err(),
        answered(b"").unwrap_err(),
    ] {
        assert_eq!(error.method(), Some(&Method::GET), "{error}");
        assert_eq!(error.url().unwrap().as_str(), URL, "{error}");
        assert!(error.may_have_been_processed(), "{error}");
    }
}

#[test]
fn errors_pass_through_read_unharmed() {
    for (rest, kind, io_kind) in [
        (&b"Content-Length: 9\r\n\r\nhello"[..], "IncompleteRead", io::ErrorKind::UnexpectedEof),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n", "BadChunk", io::ErrorKind::InvalidData),
        (
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA B: c\r\n\r\n",
            "BadHeader",
            io::ErrorKind::InvalidData,
        ),
    ] {
        let mut response = answered(&[b"HTTP/1.1 200 OK\r\n", rest].concat()).unwrap();
        let error = response.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io_kind);
        assert!(error.get_ref().unwrap().is::<Error>());
        let error = Error::from(error);
        assert_eq!(kind_name(error.kind()), kind);
        assert_eq!(error.url().unwrap().as_str(), URL);
    }
    let failing = answers([&b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"[..]]);
    let failing = failing.then(Act::FailRead(io::ErrorKind::ConnectionReset));
    let (client, _) = scripted([failing, answers([&b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"[..]])]);
    let error = client.get(URL).send().unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(matches!(Error::from(error).kind(), ErrorKind::Io(_)));
    // The second script keeps silent within the body.
    let error = client.get(URL).send().unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(Error::from(error).is_timeout());
}

#[test]
fn errors_become_io_errors_and_back() {
    for (error, kind, _) in samples() {
        let shown = error.to_string();
        let converted = io::Error::from(error);
        let expected = match kind {
            "InvalidUrl" | "InvalidRequest" | "BodyLength" => io::ErrorKind::InvalidInput,
            "NotConnected" => io::ErrorKind::NotConnected,
            "Connect" => io::ErrorKind::ConnectionRefused,
            "RemoteDisconnected" => io::ErrorKind::ConnectionReset,
            "IncompleteRead" => io::ErrorKind::UnexpectedEof,
            "ResponseNotReady" | "CannotSendHeader" | "Parameter" | "Status" => io::ErrorKind::Other,
            _ => io::ErrorKind::InvalidData,
        };
        assert_eq!(converted.kind(), expected, "{kind}");
        assert_eq!(converted.to_string(), shown);
        assert_eq!(Error::from(converted).to_string(), shown);
    }
    let foreign = Error::from(io::Error::from(io::ErrorKind::PermissionDenied));
    assert!(
        matches!(foreign.kind(), ErrorKind::Io(source) if source.kind() == io::ErrorKind::PermissionDenied)
    );
}

#[test]
fn an_error_of_the_target_is_told_as_what_it_is() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = answered(&with_body(b"hello")).unwrap().copy_to(&mut Full).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Io(source) if source.kind() == io::ErrorKind::StorageFull),
        "{error}"
    );
}

#[test]
fn an_error_is_one_pointer_that_goes_anywhere() {
    fn goes_anywhere<T: StdError + Send + Sync + 'static>() {}
    goes_anywhere::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<httpkit::Result<()>>(), size_of::<usize>());
}

#[test]
fn the_debug_form_of_an_error_is_short() {
    let body = with_body(&vec![b'x'; 60_000]);
    let body = [b"HTTP/1.1 500 x\r\n", body.strip_prefix(b"HTTP/1.1 200 OK\r\n").unwrap()].concat();
    let error = answered(&body).unwrap().error_for_status().unwrap_err();
    let shown = format!("{error:?}");
    assert!(shown.len() < 1000 && shown.contains("xxx"), "{} bytes", shown.len());
    for (error, kind, _) in samples() {
        // A path into a document is there whole.
        assert!(format!("{error:?}").len() < 1000 || kind == "Json", "{kind}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let (name, secret, encoded) = ("user", "hunter2", "dXNlcjpodW50ZXIy");
    let url = format!("http://{name}:{secret}@127.0.0.1:1/");
    let client = Client::builder()
        .base_url(&url)
        .default_header("Authorization", format!("Bearer {secret}"))
        .default_header("Cookie", format!("sid={secret}"))
        .build()
        .unwrap();
    let mut shown = vec![format!("{client:?}")];
    for request in [
        client.get("/"),
        client.get(&url),
        client.get("/").bearer(secret),
        client.get("/").basic(name, secret),
        client.get("/").header("X-Api-Key", secret),
        client.get("/").bearer(format!("{secret}\n")),
        client.get("/").header("Cookie", format!("sid={secret}\0")),
        client.get(format!("http://{name}:{secret}@test.example:port/")),
        client.get(format!("http://{name}:{secret}@/")),
    ] {
        shown.push(format!("{request:?}"));
        let error = request.send().unwrap_err();
        shown.extend([error.to_string(), format!("{error:?}"), format!("{:?}", error.source())]);
    }
    for shown in shown {
        assert!(!shown.contains(secret) && !shown.contains(encoded), "{shown}");
    }
}
