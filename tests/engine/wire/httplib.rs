//! The wire-level API, row by row: each test is named after a row of the table in the documentation of the
//! crate.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex},
};

use httpkit::{
    Automatic, ErrorKind, HttpConnection, Method, RequestBody, StatusCode, Strictness, Version,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};
use httpkit_tests::kind_name;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A connection to a server that answers each request with these bytes, and what it is sent.
fn scripted(answers: &[&[u8]]) -> (HttpConnection, ScriptedConnector) {
    scripted_as(Strictness::Strict, answers)
}

fn scripted_as(strictness: Strictness, answers: &[&[u8]]) -> (HttpConnection, ScriptedConnector) {
    let script = answers
        .iter()
        .fold(Script::new(), |script, answer| script.then(Act::AwaitWrite).then(Act::Send(answer.to_vec())));
    let connector = ScriptedConnector::new([script]);
    let connection = HttpConnection::builder("h:8080").connector(connector.clone()).strictness(strictness);
    (connection.build().unwrap(), connector)
}

fn written(connector: &ScriptedConnector) -> String {
    let recorded = connector.recorded();
    recorded.iter().map(|connection| String::from_utf8_lossy(&connection.written).into_owned()).collect()
}

#[test]
fn http_connection_three_forms_of_an_endpoint() {
    for connection in [
        HttpConnection::new("www.cwi.nl").unwrap(),
        HttpConnection::new("www.cwi.nl:80").unwrap(),
        HttpConnection::with_port("www.cwi.nl", 80).unwrap(),
    ] {
        assert_eq!((connection.host(), connection.port()), ("www.cwi.nl", 80));
    }
    let ipv6 = HttpConnection::new("[fe80::1%eth0]:8080").unwrap();
    assert_eq!((ipv6.host(), ipv6.port()), ("fe80::1%eth0", 8080));
}

#[test]
fn invalid_url_for_a_port_that_is_empty_or_no_number() {
    for host in ["h:", "h:http", "h:+80", "h:65536", ":80", ""] {
        let error = HttpConnection::new(host).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{host:?}: {error}");
    }
}

#[test]
fn https_connection_default_port() {
    assert_eq!(HttpConnection::https("h").unwrap().port(), HttpConnection::HTTPS_PORT);
    assert_eq!(HttpConnection::https("h:444").unwrap().port(), 444);
    assert_eq!((HttpConnection::HTTP_PORT, HttpConnection::HTTPS_PORT), (80, 443));
}

#[test]
fn request_adds_host_encoding_and_length() {
    for (method, body, headers, sent) in [
        (Method::GET, "", &[][..], "GET /x HTTP/1.1\r\nHost: h:8080\r\nAccept-Encoding: identity\r\n\r\n"),
        (
            Method::GET,
            "",
            &[("host", "other"), ("ACCEPT-ENCODING", "gzip")][..],
            "GET /x HTTP/1.1\r\nhost: other\r\nACCEPT-ENCODING: gzip\r\n\r\n",
        ),
        (
            Method::POST,
            "a=b",
            &[("X-A", "1")][..],
            "POST /x HTTP/1.1\r\nHost: h:8080\r\nAccept-Encoding: identity\r\nX-A: 1\r\nContent-Length: 3\r\n\r\na=b",
        ),
        (
            Method::PUT,
            "a=b",
            &[("Transfer-Encoding", "chunked")][..],
            "PUT /x HTTP/1.1\r\nHost: h:8080\r\nAccept-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
        ),
    ] {
        let (mut connection, connector) = scripted(&[OK]);
        if body.is_empty() {
            connection.request(method, "/x", (), headers).unwrap();
        } else {
            connection.request(method, "/x", body, headers).unwrap();
        }
        assert_eq!(written(&connector), sent);
    }
}

#[test]
fn request_without_a_body_says_length_0_where_one_is_expected() {
    for (method, says) in [
        (Method::POST, true),
        (Method::PUT, true),
        (Method::PATCH, true),
        (Method::DELETE, false),
        (Method::GET, false),
    ] {
        let (mut connection, connector) = scripted(&[OK]);
        connection.request(method.clone(), "/", (), &[]).unwrap();
        assert_eq!(written(&connector).contains("Content-Length: 0\r\n"), says, "{method}");
    }
}

#[test]
fn request_refuses_framing_that_contradicts_itself() {
    for headers in [
        &[("Content-Length", "3"), ("Transfer-Encoding", "chunked")][..],
        &[("Content-Length", "3"), ("Content-Length", "3")],
        &[("Content-Length", "+3")],
        &[("Transfer-Encoding", "gzip")],
        &[("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
        &[("Host", "a"), ("Host", "b")],
        &[("Content-Length", "4")],
        &[("X", "a\r\nY: b")],
        &[("X Y", "a")],
    ] {
        let (mut connection, connector) = scripted(&[OK]);
        let error = connection.request(Method::POST, "/", "abc", headers).unwrap_err();
        assert!(!error.may_have_been_processed(), "{headers:?}");
        assert_eq!(written(&connector), "", "{headers:?}");
        // Nothing was sent, so the connection serves as before.
        connection.request(Method::GET, "/", (), &[]).unwrap();
        assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
    }
}

#[test]
fn get_response_borrows_the_connection() {
    let server = Server::start(|request| Reply::text(200, request.target()));
    let mut connection = HttpConnection::new(&server.address().to_string()).unwrap();
    for target in ["/a", "/b"] {
        connection.request(Method::GET, target, (), &[]).unwrap();
        let mut response = connection.get_response().unwrap();
        assert_eq!(response.read_all().unwrap(), target.as_bytes());
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn into_response_owns_the_connection() {
    let (mut connection, _) = scripted(&[OK, OK]);
    for _ in 0..2 {
        connection.request(Method::GET, "/", (), &[]).unwrap();
        let mut response = connection.into_response().unwrap();
        let mut body = String::new();
        response.read_to_string(&mut body).unwrap();
        assert_eq!(body, "ok");
        connection = response.into_connection();
        assert!(connection.is_open());
    }
}

#[test]
fn a_late_second_response_is_nobodys() {
    let first = Script::new()
        .then(Act::AwaitWrite)
        .then(Act::Send(OK.to_vec()))
        .then(Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL".to_vec()));
    let connector = ScriptedConnector::new([first, Script::answer(OK)]);
    let mut connection = HttpConnection::builder("h").connector(connector.clone()).build().unwrap();
    for _ in 0..2 {
        connection.request(Method::GET, "/", (), &[]).unwrap();
        assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
    }
    assert_eq!(connector.recorded().len(), 2);
}

/// A sink that can be read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn set_debug_level_writes_heads_and_then_bodies() {
    let answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=hunter2\r\nContent-Length: 2\r\n\r\nok";
    let head = "> POST / HTTP/1.1\n> Host: h:8080\n> Accept-Encoding: identity\n> Authorization: <14 bytes>\n> Content-Length: 3\n";
    let answered = "< HTTP/1.1 200 OK\n< Set-Cookie: <11 bytes>\n< Content-Length: 2\n";
    for (level, expected) in [
        (0, String::new()),
        (1, format!("{head}{answered}")),
        (2, format!("{head}>> a\\x00b\n{answered}<< ok\n")),
    ] {
        let log = Log::default();
        let (mut connection, _) = scripted(&[answer]);
        connection.set_debug_sink(level, log.clone());
        connection.request(Method::POST, "/", "a\0b", &[("Authorization", "Bearer hunter2")]).unwrap();
        connection.get_response().unwrap().read_all().unwrap();
        assert_eq!(String::from_utf8(log.0.lock().unwrap().clone()).unwrap(), expected, "level {level}");
    }
}

#[test]
fn connect_and_close() {
    let server = Server::start(|_| Reply::text(200, "ok"));
    let mut connection = HttpConnection::new(&server.address().to_string()).unwrap();
    assert!(!connection.is_open());
    connection.connect().unwrap();
    connection.connect().unwrap();
    assert!(connection.is_open());
    for _ in 0..2 {
        connection.request(Method::GET, "/", (), &[]).unwrap();
        connection.get_response().unwrap().read_all().unwrap();
        connection.close();
        connection.close();
        assert!(!connection.is_open());
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn put_request_put_header_end_headers_send() {
    let (mut connection, connector) = scripted(&[OK]);
    connection.put_request(Method::POST, "/x").unwrap();
    connection.put_header("X-One", "1").unwrap();
    connection.put_header_list("X-Many", &["a", "b"]).unwrap();
    connection.put_header("Content-Length", "4").unwrap();
    assert_eq!(written(&connector), "", "the head leaves with its end");
    connection.end_headers().unwrap();
    connection.send(b"ab").unwrap();
    connection.send(b"cd").unwrap();
    assert_eq!(connection.get_response().unwrap().status(), StatusCode::OK);
    let head = "POST /x HTTP/1.1\r\nHost: h:8080\r\nAccept-Encoding: identity\r\nX-One: 1\r\nX-Many: a, b\r\nContent-Length: 4\r\n\r\n";
    assert_eq!(written(&connector), format!("{head}abcd"));
}

#[test]
fn put_request_with_a_choice_of_automatic_fields() {
    for (automatic, fields) in [
        (Automatic::ALL, "Host: h:8080\r\nAccept-Encoding: identity\r\n"),
        (Automatic::HOST, "Host: h:8080\r\n"),
        (Automatic::ACCEPT_ENCODING, "Accept-Encoding: identity\r\nHost: x\r\n"),
        (Automatic::NONE, "Host: x\r\n"),
    ] {
        let (mut connection, connector) = scripted(&[OK]);
        connection.put_request_with(Method::GET, "/", automatic).unwrap();
        if !fields.starts_with("Host: h") {
            connection.put_header("Host", "x").unwrap();
        }
        connection.end_headers().unwrap();
        assert_eq!(written(&connector), format!("GET / HTTP/1.1\r\n{fields}\r\n"));
    }
    let (mut connection, _) = scripted(&[OK]);
    connection.put_request_with(Method::GET, "/", Automatic::NONE).unwrap();
    let error = connection.end_headers().unwrap_err();
    assert!(error.to_string().contains("a request has a Host"), "{error}");
}

#[test]
fn put_header_folded_needs_compat() {
    let (mut connection, _) = scripted(&[OK]);
    connection.put_request(Method::GET, "/").unwrap();
    assert!(connection.put_header_folded("X", &["a", "b"]).is_err());
    let (mut connection, connector) = scripted_as(Strictness::Compat, &[OK]);
    connection.put_request_with(Method::GET, "/", Automatic::HOST).unwrap();
    connection.put_header_folded("X", &["a", "b"]).unwrap();
    assert!(connection.put_header_folded("X", &["a\r\nY: z"]).is_err());
    connection.end_headers().unwrap();
    assert_eq!(written(&connector), "GET / HTTP/1.1\r\nHost: h:8080\r\nX: a\r\n\tb\r\n\r\n");
}

#[test]
fn send_is_metered_by_length() {
    let declared = |length: &str| {
        let (mut connection, connector) = scripted(&[OK]);
        connection.put_request_with(Method::POST, "/", Automatic::HOST).unwrap();
        connection.put_header("Content-Length", length).unwrap();
        connection.end_headers().unwrap();
        (connection, connector)
    };
    let (mut connection, connector) = declared("3");
    connection.send(b"ab").unwrap();
    let error = connection.send(b"cd").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BodyLength { declared: 3, given: 4 }), "{error}");
    assert!(written(&connector).ends_with("\r\n\r\nab") && !connection.is_open());

    let (mut connection, _) = declared("3");
    connection.send(b"abc").unwrap();
    let error = connection.send(b"d").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BodyLength { declared: 3, given: 4 }), "{error}");

    let (mut connection, _) = declared("3");
    connection.send(b"ab").unwrap();
    let error = connection.get_response().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BodyLength { declared: 3, given: 2 }), "{error}");
    assert!(!connection.is_open());
}

#[test]
fn send_without_framing_is_refused() {
    let (mut connection, connector) = scripted(&[OK]);
    connection.put_request_with(Method::GET, "/", Automatic::HOST).unwrap();
    connection.end_headers().unwrap();
    let error = connection.send(b"x").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::CannotSendRequest(_)), "{error}");
    assert_eq!(written(&connector), "GET / HTTP/1.1\r\nHost: h:8080\r\n\r\n");
    assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
}

#[test]
fn send_makes_chunks_and_finish_ends_them() {
    for ends_by_itself in [false, true] {
        let (mut connection, connector) = scripted(&[OK]);
        connection.put_request_with(Method::POST, "/", Automatic::HOST).unwrap();
        connection.put_header("Transfer-Encoding", "chunked").unwrap();
        connection.end_headers().unwrap();
        connection.send(b"hello").unwrap();
        connection.send(b"").unwrap();
        connection.send("x".repeat(20_000).as_bytes()).unwrap();
        if !ends_by_itself {
            connection.finish().unwrap();
            assert!(connection.finish().unwrap_err().is_state());
        }
        assert_eq!(connection.get_response().unwrap().status(), StatusCode::OK);
        let body = format!("5\r\nhello\r\n4e20\r\n{}\r\n0\r\n\r\n", "x".repeat(20_000));
        assert!(written(&connector).ends_with(&format!("\r\n\r\n{body}")));
    }
}

#[test]
fn response_read_header_msg_version_status_reason() {
    let answer =
        b"HTTP/1.0 404 Nothing \xe4 here\r\nA: 1\r\nB: \xff\r\na: 2\r\nContent-Length: 11\r\n\r\nhello world";
    let (mut connection, _) = scripted(&[answer]);
    connection.request(Method::GET, "/", (), &[]).unwrap();
    let mut response = connection.get_response().unwrap();
    assert_eq!((response.version(), response.version().number()), (Version::Http10, 10));
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.reason(), "Nothing \u{fffd} here");
    assert_eq!(response.header("a").unwrap(), "1");
    assert_eq!(response.header("b").unwrap().as_bytes(), b"\xff");
    assert_eq!(response.header_joined("A").unwrap(), "1, 2");
    assert_eq!(response.header_joined("C"), None);
    assert_eq!(response.header_or("C", "default"), "default");
    let names: Vec<&str> = response.headers().iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["A", "B", "a", "Content-Length"]);
    assert_eq!(response.read_up_to(5).unwrap(), b"hello");
    assert_eq!(response.read_up_to(1).unwrap(), b" ");
    assert!(!response.is_read());
    assert_eq!(response.read_all().unwrap(), b"world");
    assert!(response.is_read());
    assert_eq!(response.read_up_to(5).unwrap(), b"");
}

#[test]
fn not_connected_without_auto_open() {
    let connector = ScriptedConnector::new([Script::answer(OK)]);
    let builder = HttpConnection::builder("h").connector(connector).auto_open(false);
    let mut connection = builder.build().unwrap();
    let error = connection.request(Method::GET, "/", (), &[]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotConnected), "{error}");
    connection.connect().unwrap();
    connection.request(Method::GET, "/", (), &[]).unwrap();
    assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
}

#[test]
fn unknown_protocol_and_bad_status_line() {
    for (answer, kind) in
        [(&b"HTTP/2.0 200 OK\r\n\r\n"[..], "UnknownProtocol"), (b"hello\r\n", "BadStatusLine")]
    {
        let (mut connection, _) = scripted(&[answer]);
        connection.request(Method::GET, "/", (), &[]).unwrap();
        assert_eq!(kind_name(connection.get_response().unwrap_err().kind()), kind);
    }
}

#[test]
fn unsupported_body_where_chunks_cannot_be_sent() {
    let answer = b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
    let (mut connection, connector) = scripted(&[answer, answer]);
    connection.request(Method::GET, "/", (), &[]).unwrap();
    connection.get_response().unwrap().read_all().unwrap();
    let before = written(&connector);
    let error =
        connection.request(Method::PUT, "/", RequestBody::from_reader("x".as_bytes()), &[]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnsupportedBody(_)), "{error}");
    assert_eq!(written(&connector), before);
    connection.request(Method::PUT, "/", "x", &[]).unwrap();
    assert_eq!(connection.get_response().unwrap().status(), StatusCode::OK);
}

/// The states of a connection in which calls are made.
#[derive(Debug, Clone, Copy)]
enum In {
    Closed,
    Idle,
    Started,
    Sending,
    Sent,
    Response,
    Upgraded,
}

fn connection_in(state: In) -> HttpConnection {
    let answer: &[u8] = match state {
        In::Upgraded => b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        _ => OK,
    };
    let (mut connection, _) = scripted(&[answer, OK]);
    match state {
        In::Closed => {}
        In::Idle => {
            connection.request(Method::GET, "/", (), &[]).unwrap();
            connection.get_response().unwrap().read_all().unwrap();
        }
        In::Started => connection.put_request(Method::GET, "/").unwrap(),
        In::Sending => {
            connection.put_request(Method::POST, "/").unwrap();
            connection.put_header("Content-Length", "2").unwrap();
            connection.end_headers().unwrap();
        }
        In::Sent => connection.request(Method::GET, "/", (), &[]).unwrap(),
        In::Response => {
            connection.request(Method::GET, "/", (), &[]).unwrap();
            // Dropped, it would be passed over: it has come.
            std::mem::forget(connection.get_response().unwrap());
        }
        In::Upgraded => {
            connection.request(Method::GET, "/", (), &[("Connection", "Upgrade"), ("Upgrade", "x")]).unwrap();
            connection.get_response().unwrap();
        }
    }
    connection
}

fn outcome<T>(result: httpkit::Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => kind_name(error.kind()),
    }
}

#[test]
fn state_times_call() {
    let rows = [
        (In::Closed, "ok", "CannotSendHeader", "NotConnected", "ResponseNotReady", "ok"),
        (In::Idle, "ok", "CannotSendHeader", "CannotSendRequest", "ResponseNotReady", "ok"),
        (In::Started, "CannotSendRequest", "ok", "CannotSendRequest", "ResponseNotReady", "ok"),
        (In::Sending, "CannotSendRequest", "CannotSendHeader", "ok", "BodyLength", "ok"),
        (In::Sent, "CannotSendRequest", "CannotSendHeader", "CannotSendRequest", "ok", "ok"),
        (
            In::Response,
            "CannotSendRequest",
            "CannotSendHeader",
            "CannotSendRequest",
            "ResponseNotReady",
            "ok",
        ),
        (
            In::Upgraded,
            "CannotSendRequest",
            "CannotSendHeader",
            "CannotSendRequest",
            "ResponseNotReady",
            "ok",
        ),
    ];
    for (state, put_request, put_header, send, get_response, connect) in rows {
        let name = format!("{state:?}");
        assert_eq!(
            outcome(connection_in(state).put_request(Method::GET, "/")),
            put_request,
            "put_request in {name}"
        );
        assert_eq!(
            outcome(connection_in(state).request(Method::GET, "/", (), &[])),
            put_request,
            "request in {name}"
        );
        assert_eq!(outcome(connection_in(state).put_header("X", "y")), put_header, "put_header in {name}");
        assert_eq!(outcome(connection_in(state).end_headers()), put_header, "end_headers in {name}");
        assert_eq!(outcome(connection_in(state).send(b"x")), send, "send in {name}");
        assert_eq!(outcome(connection_in(state).get_response()), get_response, "get_response in {name}");
        assert_eq!(outcome(connection_in(state).connect()), connect, "connect in {name}");
        let mut connection = connection_in(state);
        connection.close();
        assert!(!connection.is_open(), "close in {name}");
        assert_eq!(outcome(connection.get_response()), "ResponseNotReady", "after close in {name}");
    }
}

#[test]
fn a_response_that_was_forgotten_can_still_be_left() {
    let mut connection = connection_in(In::Response);
    assert!(connection.request(Method::GET, "/", (), &[]).unwrap_err().is_state());
    connection.close();
    assert!(!connection.is_open());
}
