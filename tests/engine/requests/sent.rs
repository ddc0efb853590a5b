//! What a client puts on the wire.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Seek, SeekFrom},
    sync::{Arc, Mutex},
};

use httpkit::{
    Client, ClientBuilder, Connector, Deadline, Destination, Method, Probe, RequestBody, RequestBuilder,
    Transport,
    testing::{Reply, Server},
};
use httpkit_tests::{OK, answers, scripted_with};
use serde::Serialize;

/// What stands between `Host` and the headers of a request.
const DEFAULTS: &str = "Accept: */*\r\nUser-Agent: test\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n";

type Build = fn(&Client) -> RequestBuilder<'static>;

/// A server that answers as soon as it is read from, and keeps what it was sent.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<u8>>>);

impl Connector for Recorder {
    fn connect(&self, _: Destination<'_>, _: Deadline) -> io::Result<Box<dyn Transport>> {
        Ok(Box::new(self.clone()))
    }
}

impl Transport for Recorder {
    fn read(&mut self, buffer: &mut [u8], _: Deadline) -> io::Result<usize> {
        buffer[..OK.len()].copy_from_slice(OK);
        Ok(OK.len())
    }

    fn write(&mut self, bytes: &[u8], _: Deadline) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn probe(&mut self) -> Probe {
        Probe::Quiet
    }
}

/// The bytes of a request.
fn written(builder: ClientBuilder, build: impl FnOnce(&Client) -> RequestBuilder<'static>) -> String {
    let recorder = Recorder::default();
    let client = builder.connector(recorder.clone()).build().unwrap();
    build(&client).send().unwrap();
    let written = recorder.0.lock().unwrap().clone();
    String::from_utf8(written).unwrap()
}

/// Compares what is written with `expected`, which leaves out the default headers.
fn check(rows: &[(&str, Build, &str)]) {
    for (name, build, expected) in rows {
        let written = written(Client::builder().user_agent("test"), build);
        let (request_line, rest) = written.split_once("\r\n").unwrap();
        let (host, rest) = rest.split_once("\r\n").unwrap();
        let rest = rest.strip_prefix(DEFAULTS).unwrap_or_else(|| panic!("{name}: {written:?}"));
        assert_eq!(format!("{request_line}\r\n{host}\r\n{rest}"), *expected, "{name}");
    }
}

#[test]
fn request_lines_and_host() {
    check(&[
        ("no path", |c| c.get("http://test.example"), "GET / HTTP/1.1\r\nHost: test.example\r\n\r\n"),
        (
            "path and query, encoded; fragment left out",
            |c| c.get("http://test.example/a b/ü?q=[1]#top"),
            "GET /a%20b/%C3%BC?q=%5B1%5D HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "port of the scheme",
            |c| c.get("http://test.example:80/"),
            "GET / HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "other port",
            |c| c.get("http://test.example:8080/"),
            "GET / HTTP/1.1\r\nHost: test.example:8080\r\n\r\n",
        ),
        ("IPv6 address", |c| c.get("http://[::1]:81/"), "GET / HTTP/1.1\r\nHost: [::1]:81\r\n\r\n"),
        ("upper case", |c| c.get("HTTP://Test.Example/A"), "GET /A HTTP/1.1\r\nHost: test.example\r\n\r\n"),
        ("HEAD", |c| c.head("http://test.example/"), "HEAD / HTTP/1.1\r\nHost: test.example\r\n\r\n"),
        (
            "OPTIONS",
            |c| c.options("http://test.example/"),
            "OPTIONS / HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "any method",
            |c| c.request(Method::new("PROPFIND").unwrap(), "http://test.example/"),
            "PROPFIND / HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "methods are case-sensitive",
            |c| c.request(Method::new("get").unwrap(), "http://test.example/"),
            "get / HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
    ]);
}

#[test]
fn content_length_where_there_is_no_content() {
    check(&[
        (
            "POST",
            |c| c.post("http://test.example/"),
            "POST / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "PUT",
            |c| c.put("http://test.example/"),
            "PUT / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "PATCH",
            |c| c.patch("http://test.example/"),
            "PATCH / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 0\r\n\r\n",
        ),
        ("GET", |c| c.get("http://test.example/"), "GET / HTTP/1.1\r\nHost: test.example\r\n\r\n"),
        ("DELETE", |c| c.delete("http://test.example/"), "DELETE / HTTP/1.1\r\nHost: test.example\r\n\r\n"),
        (
            "GET with (), which is none",
            |c| c.get("http://test.example/").body(()),
            "GET / HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "GET with empty text, which is some",
            |c| c.get("http://test.example/").body(""),
            "GET / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 0\r\n\r\n",
        ),
    ]);
}

#[test]
fn framing_of_content() {
    check(&[
        (
            "text",
            |c| c.post("http://test.example/").body("hello"),
            "POST / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 5\r\n\r\nhello",
        ),
        (
            "content of a DELETE",
            |c| c.delete("http://test.example/").body(b"x"),
            "DELETE / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 1\r\n\r\nx",
        ),
        (
            "reader",
            |c| c.put("http://test.example/").body(RequestBody::from_reader(&b"hello"[..])),
            "PUT / HTTP/1.1\r\nHost: test.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        (
            "empty reader",
            |c| c.put("http://test.example/").body(RequestBody::from_reader(io::empty())),
            "PUT / HTTP/1.1\r\nHost: test.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            "reader of known length",
            |c| c.put("http://test.example/").body(RequestBody::from_sized_reader(&b"hello"[..], 5)),
            "PUT / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 5\r\n\r\nhello",
        ),
        (
            "pieces",
            |c| c.post("http://test.example/").body(RequestBody::from_pieces(["he", "", "llo"])),
            "POST / HTTP/1.1\r\nHost: test.example\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        ),
        (
            "text, chunked on demand",
            |c| c.post("http://test.example/").header("Transfer-Encoding", "chunked").body("hello"),
            "POST / HTTP/1.1\r\nHost: test.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        (
            "length given by the caller",
            |c| {
                let body = RequestBody::from_reader(&b"hello"[..]);
                c.post("http://test.example/").header("content-length", "5").body(body)
            },
            "POST / HTTP/1.1\r\nHost: test.example\r\ncontent-length: 5\r\n\r\nhello",
        ),
    ]);
}

#[test]
fn files_are_sent_from_where_they_stand_with_their_length() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let text = std::fs::read_to_string(path).unwrap();
    for start in [0, 9] {
        let mut file = File::open(path).unwrap();
        file.seek(SeekFrom::Start(start as u64)).unwrap();
        let rest = &text[start..];
        let expected = format!("\r\nContent-Length: {}\r\n\r\n{rest}", rest.len());
        let body = RequestBody::from_file(file).unwrap();
        let written = written(Client::builder(), |client| client.put("http://test.example/").body(body));
        assert!(written.ends_with(&expected), "{written}");
    }
}

#[test]
fn large_sources_arrive_whole() {
    let server = Server::start(|_| Reply::new(200));
    let client = Client::builder().base_url(server.url("")).build().unwrap();
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1_000_003).collect();
    for body in [
        RequestBody::from_reader(&bytes[..]),
        RequestBody::from_sized_reader(&bytes[..], 1_000_003),
        RequestBody::from_pieces(bytes.chunks(7001)),
        RequestBody::from_bytes(&bytes[..]),
    ] {
        assert_eq!(client.put("/").body(body).send().unwrap().status(), 200);
    }
    client.put("/").header("transfer-encoding", "chunked").body(&bytes).send().unwrap();
    let received = server.received();
    assert!(received.iter().all(|request| request.body() == bytes));
    assert_eq!((received.len(), server.connections()), (5, 1));
}

#[test]
fn typed_content_brings_its_type() {
    #[derive(Serialize)]
    struct Spam {
        eggs: u8,
        bacon: Option<&'static str>,
    }
    check(&[
        (
            "JSON",
            |c| c.post("http://test.example/").json(&Spam { eggs: 2, bacon: None }),
            "POST / HTTP/1.1\r\nHost: test.example\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{\"eggs\":2,\"bacon\":null}",
        ),
        (
            "JSON with another type, set before",
            |c| c.post("http://test.example/").header("content-type", "application/spam+json").json(&1),
            "POST / HTTP/1.1\r\nHost: test.example\r\ncontent-type: application/spam+json\r\nContent-Length: 1\r\n\r\n1",
        ),
        (
            "JSON with another type, set behind",
            |c| c.post("http://test.example/").json(&1).header("content-type", "application/spam+json"),
            "POST / HTTP/1.1\r\nHost: test.example\r\ncontent-type: application/spam+json\r\nContent-Length: 1\r\n\r\n1",
        ),
        (
            "form",
            |c| c.post("http://test.example/").form(&Spam { eggs: 2, bacon: Some("a b&c=ü") }),
            "POST / HTTP/1.1\r\nHost: test.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 29\r\n\r\neggs=2&bacon=a+b%26c%3D%C3%BC",
        ),
        (
            "bytes have none",
            |c| c.post("http://test.example/").body(b"\x00"),
            "POST / HTTP/1.1\r\nHost: test.example\r\nContent-Length: 1\r\n\r\n\0",
        ),
    ]);
}

#[test]
fn query_pairs() {
    check(&[
        (
            "pairs",
            |c| c.get("http://test.example/").query(&[("q", "a b&c"), ("n", "1")]),
            "GET /?q=a%20b%26c&n=1 HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "behind a query",
            |c| c.get("http://test.example/?a=1#top").query(&[("b", 2)]).query(&[("c", 3)]),
            "GET /?a=1&b=2&c=3 HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "None and lists",
            |c| {
                let parameters = BTreeMap::from([("a", Some(vec![1, 2])), ("b", None), ("c", Some(vec![]))]);
                c.get("http://test.example/").query(&parameters)
            },
            "GET /?a=1&a=2 HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
        (
            "nothing",
            |c| c.get("http://test.example/").query(&()),
            "GET / HTTP/1.1\r\nHost: test.example\r\n\r\n",
        ),
    ]);
}

#[test]
fn credentials() {
    check(&[
        (
            "bearer",
            |c| c.get("http://test.example/").bearer("abc"),
            "GET / HTTP/1.1\r\nHost: test.example\r\nAuthorization: Bearer abc\r\n\r\n",
        ),
        (
            "basic",
            |c| c.get("http://test.example/").basic("Aladdin", "open sesame"),
            "GET / HTTP/1.1\r\nHost: test.example\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
        ),
        (
            "user info of the URL, decoded",
            |c| c.get("http://Aladdin:open%20sesame@test.example/"),
            "GET / HTTP/1.1\r\nHost: test.example\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
        ),
        (
            "user alone",
            |c| c.get("http://Aladdin@test.example/"),
            "GET / HTTP/1.1\r\nHost: test.example\r\nAuthorization: Basic QWxhZGRpbjo=\r\n\r\n",
        ),
        (
            "the request's own go before those of the URL",
            |c| c.get("http://user:password@test.example/").bearer("abc"),
            "GET / HTTP/1.1\r\nHost: test.example\r\nAuthorization: Bearer abc\r\n\r\n",
        ),
    ]);
}

#[test]
fn credentials_are_sent_once() {
    let builder = Client::builder().default_header("Authorization", "Bearer default");
    let sent = written(builder, |client| client.get("http://Aladdin@test.example/"));
    assert_eq!(sent.matches("Authorization").count(), 1, "{sent}");
    assert!(sent.contains("Authorization: Basic QWxhZGRpbjo=\r\n"), "{sent}");
}

#[test]
fn own_headers_replace_the_defaults() {
    let builder =
        || Client::builder().default_header("X-Version", "1").default_header("accept", "text/plain");
    let agent = concat!("User-Agent: httpkit/", env!("CARGO_PKG_VERSION"));
    let codings = "Accept-Encoding: gzip, deflate, br, zstd";
    let agent_name = agent.rsplit_once('/').unwrap().0;

    let plain = written(builder(), |client| client.get("http://test.example/"));
    let lines: Vec<&str> = plain.split("\r\n").collect();
    assert_eq!(lines[..2], ["GET / HTTP/1.1", "Host: test.example"]);
    assert!(lines[2].starts_with(agent_name) && lines[2].len() > agent_name.len() + 1, "{plain}");
    assert_eq!(lines[3..], ["X-Version: 1", "accept: text/plain", codings, "", ""]);

    let replaced = written(builder(), |client| {
        let request = client.get("http://test.example/").header("ACCEPT", "a").header("x-version", "2");
        request.append_header("X-Version", "3").header("user-agent", "mine").header("accept", "b")
    });
    let lines: Vec<&str> = replaced.split("\r\n").skip(2).collect();
    assert_eq!(lines, [codings, "x-version: 2", "X-Version: 3", "user-agent: mine", "accept: b", "", ""]);
}

#[test]
fn own_host_replaces_the_automatic_one() {
    let of_request = written(Client::builder(), |client| {
        client.get("http://test.example/").header("host", "other.example")
    });
    let of_client = written(Client::builder().default_header("host", "other.example"), |client| {
        client.get("http://test.example/")
    });
    let of_both = written(Client::builder().default_header("Host", "default.example"), |client| {
        client.get("http://test.example/").header("host", "other.example")
    });
    for sent in [of_request, of_client, of_both] {
        let hosts: Vec<&str> =
            sent.split("\r\n").filter(|line| line.to_ascii_lowercase().starts_with("host")).collect();
        assert_eq!(hosts, ["host: other.example"], "{sent}");
    }
}

#[test]
fn base_url_is_a_prefix() {
    for (base, url, target, host) in [
        ("http://test.example/v1", "/users", "/v1/users", "test.example"),
        ("http://test.example/v1/", "/users?a=1", "/v1/users?a=1", "test.example"),
        ("http://test.example/v1?token=1#top", "/", "/v1/", "test.example"),
        ("http://test.example", "//users", "//users", "test.example"),
        ("http://test.example/v1", "http://other.example/users", "/users", "other.example"),
    ] {
        let written = written(Client::builder().base_url(base), |client| client.get(url));
        let expected = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n");
        assert!(written.starts_with(&expected), "{base} and {url} gave {written:?}");
    }
}

#[test]
fn head_and_small_content_leave_in_one_write() {
    let (client, connector) = scripted_with(Client::builder(), [answers([OK])]);
    client.post("http://test.example/").body("x".repeat(1000)).send().unwrap();
    // One write of what a transport takes in one piece, head or body, and one read.
    assert!(connector.recorded()[0].calls <= 3, "{}", connector.recorded()[0].calls);
}
