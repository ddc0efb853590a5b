//! What a client refuses to send, and what stops it on the way.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use httpkit::{
    Client, ErrorKind, HttpConnection, Method, Proxy, RequestBody, RequestBuilder, Url,
    testing::{Received, Reply, Script, Server},
};
use httpkit_tests::{kind_name, scripted};

type Build = fn(&Client) -> RequestBuilder<'static>;

/// Sends what cannot be sent to a server that sees none of it.
fn check_refused(rows: &[(&str, Build, &str)]) {
    let server = Server::start(|_| Reply::new(200));
    let client = Client::builder().base_url(server.url("/v1")).build().unwrap();
    for (name, build, kind) in rows {
        let error = build(&client).send().expect_err(name);
        assert_eq!(kind_name(error.kind()), *kind, "{name}: {error}");
        assert!(!error.may_have_been_processed(), "{name}: {error}");
        assert!(!error.is_retryable(), "{name}: {error}");
    }
    client.get("/last").send().unwrap();
    let received = server.received();
    let targets: Vec<&str> = received.iter().map(Received::target).collect();
    assert_eq!(targets, ["/v1/last"]);
}

#[test]
fn invalid_urls_are_refused() {
    check_refused(&[
        ("nothing", |c| c.get(""), "InvalidUrl"),
        ("relative without a slash", |c| c.get("users"), "InvalidUrl"),
        ("no scheme", |c| c.get("test.example/"), "InvalidUrl"),
        ("other scheme", |c| c.get("ftp://test.example/"), "InvalidUrl"),
        ("no host", |c| c.get("http:///users"), "InvalidUrl"),
        ("blank in the host", |c| c.get("http://test example/"), "InvalidUrl"),
        ("port that is no number", |c| c.get("http://test.example:http/"), "InvalidUrl"),
        ("port with a sign", |c| c.get("http://test.example:+80/"), "InvalidUrl"),
        ("port beyond 65535", |c| c.get("http://test.example:65536/"), "InvalidUrl"),
        ("address that is no dotted quad", |c| c.get("http://127.1/"), "InvalidUrl"),
        ("line break", |c| c.get("/users\r\nX: y"), "InvalidUrl"),
        ("NUL", |c| c.get("/users\0"), "InvalidUrl"),
        ("backslash", |c| c.get("/users\\1"), "InvalidUrl"),
    ]);
}

/// Gives a host to httpkit.
type Give<'a> = &'a dyn Fn(&str) -> httpkit::Result<()>;

#[test]
fn rejects_host_of_more_than_255_octets() {
    let name = |length: usize| ["a".repeat(60).as_str(); 5].join(".")[..length].to_owned();
    let address = ([127, 0, 0, 1], 80).into();
    let location = |host: &str| {
        let redirect = format!("HTTP/1.1 302 Found\r\nLocation: //{host}/\r\nContent-Length: 0\r\n\r\n");
        let (client, connector) =
            scripted([Script::answer(redirect.as_bytes()), Script::answer(httpkit_tests::OK)]);
        let sent = client.get("http://h/").send().map(drop);
        (sent, connector.recorded().len())
    };
    let ways: [(&str, Give<'_>); 8] = [
        ("URL", &|host| Ok(Url::parse(&format!("https://{host}:81/")).map(drop)?)),
        ("connection", &|host| HttpConnection::new(host).map(drop)),
        ("connection with a port", &|host| HttpConnection::with_port(host, 81).map(drop)),
        ("connection builder", &|host| HttpConnection::builder(&format!("{host}:81")).build().map(drop)),
        ("base URL", &|host| Client::builder().base_url(format!("http://{host}/v1")).build().map(drop)),
        ("known address", &|host| Client::builder().resolve(host, address).build().map(drop)),
        ("proxy", &|host| Ok(Proxy::parse(&format!("http://me:secret@{host}:81/")).map(drop)?)),
        ("redirect", &|host| location(host).0),
    ];
    for (way, give) in ways {
        for longest in [name(255), name(254) + "."] {
            give(&longest).unwrap_or_else(|error| panic!("{way}: {error}"));
        }
        for too_long in [name(256), name(255) + ".", "a.".repeat(30_000)] {
            let error = give(&too_long).expect_err(way);
            let kind = if way == "redirect" { "RedirectRefused" } else { "InvalidUrl" };
            assert_eq!(kind_name(error.kind()), kind, "{way}: {error}");
            let text = format!("{error:#}");
            assert!(text.contains("at most 255 octets") && text.len() < 400, "{way}: {text}");
        }
    }
    assert_eq!(location(&name(256)).1, 1, "a redirect to such a host opens no connection");
}

#[test]
fn rejects_path_that_leaves_base_url() {
    let dots = ["/..", "/.", "/%2e%2E", "/.%2e", "/%2E", "/.. ", "/..?a", "/..#a"];
    let around =
        ["/../other", "/./../..//admin", "/users/../../../admin", "/users/%2e%2e/x", "/a/./b", "/a/."];
    let server = Server::start(|_| Reply::new(200));
    for base in ["", "/", "/api", "/api/v1/tenant-a/", "/api//"] {
        let client = Client::builder().base_url(server.url(base)).build().unwrap();
        for target in dots.iter().chain(&around) {
            let error = client.get(*target).send().expect_err(target);
            assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{target}: {error}");
        }
        // Dots within a name, and in a query, lead nowhere else.
        for target in ["/...", "/..a", "/a..", "/a?b=/../c", "/%252e%252e/a"] {
            client.get(target).send().unwrap();
        }
    }
    let expected = ["/...", "/..a", "/a..", "/a?b=/../c", "/%252e%252e/a"].len() * 5;
    assert_eq!(server.received().len(), expected);
}

#[test]
fn invalid_headers_are_refused() {
    check_refused(&[
        ("line break in a value", |c| c.get("/").header("X-A", "1\r\nX-B: 2"), "InvalidRequest"),
        ("LF in a value", |c| c.get("/").header("X-A", "1\n"), "InvalidRequest"),
        ("CR in a value", |c| c.get("/").header("X-A", "1\r"), "InvalidRequest"),
        ("NUL in a value", |c| c.get("/").append_header("X-A", "1\0"), "InvalidRequest"),
        ("line break in a name", |c| c.get("/").header("X-A: 1\r\nX-B", "2"), "InvalidRequest"),
        ("empty name", |c| c.get("/").header("", "1"), "InvalidRequest"),
        ("blank in a name", |c| c.get("/").header("X A", "1"), "InvalidRequest"),
        ("line break in a token", |c| c.get("/").bearer("abc\n"), "InvalidRequest"),
        ("two hosts", |c| c.get("/").header("host", "a").append_header("host", "a"), "InvalidRequest"),
        ("length that is no number", |c| c.post("/").header("content-length", "+0"), "InvalidRequest"),
        (
            "two lengths",
            |c| c.post("/").append_header("content-length", "0").append_header("content-length", "0"),
            "InvalidRequest",
        ),
        (
            "length beside a transfer coding",
            |c| c.post("/").header("content-length", "0").header("transfer-encoding", "chunked"),
            "InvalidRequest",
        ),
        (
            "transfer coding that is not sent",
            |c| c.post("/").header("transfer-encoding", "gzip"),
            "InvalidRequest",
        ),
        ("length of another body", |c| c.post("/").header("content-length", "4").body("hello"), "BodyLength"),
        ("content of a TRACE", |c| c.request(Method::TRACE, "/").body("x"), "InvalidRequest"),
        ("CONNECT to a URL", |c| c.request(Method::CONNECT, "/"), "InvalidRequest"),
        (
            "the first of two mistakes is told",
            |c| c.get("http://").header("X-A", "\n").query(&"text"),
            "InvalidUrl",
        ),
    ]);
}

#[test]
fn values_that_cannot_be_written_are_refused() {
    let nested = || BTreeMap::from([("a", BTreeMap::from([("b", [BTreeMap::from([("c", 1)])])]))]);
    let server = Server::start(|_| Reply::new(200));
    let client = Client::builder().base_url(server.url("/")).build().unwrap();
    for (request, kind) in [
        (client.get("/").query("text"), "Parameter"),
        (client.get("/").query(&nested()), "Parameter"),
        (client.post("/").form(&nested()), "Parameter"),
        (client.post("/").form("text"), "Parameter"),
        (client.post("/").json(&BTreeMap::from([((1, 2), 3)])), "SerializeJson"),
    ] {
        let shown = format!("{request:?}");
        let error = request.send().unwrap_err();
        assert_eq!(kind_name(error.kind()), kind, "{shown}: {error}");
        assert!(!error.may_have_been_processed(), "{shown}: {error}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn sources_that_fail_or_end_early_are_told() {
    let short = RequestBody::from_sized_reader(&b"hell"[..], 5);
    let failing = RequestBody::from_reader(Failing(b""));
    let failing_later = RequestBody::from_reader(Failing(b"hell"));
    for (name, body, kind, processed) in [
        ("short", short, "BodyLength", true),
        ("failing at once", failing, "BodySource", false),
        ("failing later", failing_later, "BodySource", true),
    ] {
        let (client, connector) = scripted([Script::new()]);
        let error = client.put("http://test.example/").body(body).send().unwrap_err();
        assert_eq!(kind_name(error.kind()), kind, "{name}: {error}");
        assert_eq!(error.may_have_been_processed(), processed, "{name}: {error}");
        let recorded = &connector.recorded()[0];
        assert!(recorded.is_closed && recorded.written.is_empty() != processed, "{name}: {recorded:?}");
        assert!(!recorded.written.ends_with(b"0\r\n\r\n"), "{name}: {recorded:?}");
    }
}

/// A source that gives some bytes and then fails.
struct Failing(&'static [u8]);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk is gone")),
            count => Ok(count),
        }
    }
}

#[test]
fn settings_that_are_invalid_show_when_the_client_is_built() {
    for (builder, kind) in [
        (Client::builder().base_url("test.example"), "InvalidUrl"),
        (Client::builder().base_url("/v1"), "InvalidUrl"),
        (Client::builder().default_header("X-A", "1\r\n"), "InvalidRequest"),
        (Client::builder().user_agent("a\0"), "InvalidRequest"),
        (Client::builder().base_url("").user_agent("\n"), "InvalidUrl"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(kind_name(error.kind()), kind, "{error}");
        assert!(!error.may_have_been_processed());
    }
    let error = Client::new().get("/v1").send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{error}");
}
