//! Exchanges that do not go request, response, body: interim responses, early answers, consent, upgrades.

use std::{
    io::{self, Read, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
};

use httpkit::{
    Client, ErrorKind, Headers, HttpConnection, Method, RequestBody, StatusCode,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn connection(script: Script) -> (HttpConnection, ScriptedConnector) {
    let connector = ScriptedConnector::new([script]);
    (HttpConnection::builder("h").connector(connector.clone()).build().unwrap(), connector)
}

fn send(bytes: &[u8]) -> Act {
    Act::Send(bytes.to_vec())
}

#[test]
fn interim_responses_are_shown_as_they_come() {
    let answer =
        [b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n", OK].concat();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let connector = ScriptedConnector::new([Script::new().then(Act::AwaitWrite).then(send(&answer))]);
    let client = Client::builder().connector(connector).build().unwrap();
    let response = client
        .get("http://h/")
        .on_interim({
            let seen = seen.clone();
            move |interim| {
                let link = interim.headers.get("link").map(|link| link.to_string());
                seen.lock().unwrap().push((interim.status.code(), link));
            }
        })
        .send()
        .unwrap();
    assert_eq!(response.text().unwrap(), "ok");
    assert_eq!(*seen.lock().unwrap(), [(103, Some("</x.css>".to_owned())), (102, None)]);
}

#[test]
fn expect_waits_for_consent() {
    let script = Script::new()
        .then(Act::AwaitWrite)
        .then(send(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"))
        .then(Act::AwaitWrite)
        .then(send(OK));
    let (mut connection, connector) = connection(script);
    connection.request(Method::PUT, "/", "body", &[("Expect", "100-continue")]).unwrap();
    assert!(connector.recorded()[0].written.ends_with(b"\r\n\r\nbody"));
    assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
    assert!(connection.is_open());
}

#[test]
fn expect_ends_with_a_final_response_and_sends_no_body() {
    let refusal = b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";
    let (mut connection, connector) = connection(Script::new().then(Act::AwaitWrite).then(send(refusal)));
    connection.request(Method::PUT, "/", "body", &[("Expect", "100-continue")]).unwrap();
    assert_eq!(connection.get_response().unwrap().status(), StatusCode::EXPECTATION_FAILED);
    assert!(connector.recorded()[0].written.ends_with(b"\r\n\r\n"), "no byte of the body was sent");
    assert!(!connection.is_open(), "the server may still wait for the body");
}

#[test]
fn expect_does_not_wait_for_ever() {
    let silent = || Script::new().then(Act::AwaitWrite);
    let hinting = || silent().then(send(b"HTTP/1.1 103 Early Hints\r\n\r\n"));
    for begun in [silent(), hinting()] {
        // The server says nothing more before it has the body: reads time out.
        let script = begun.then(Act::FailRead(io::ErrorKind::TimedOut)).then(Act::AwaitWrite);
        let (mut connection, connector) = connection(script.then(send(OK)));
        connection.request(Method::PUT, "/", "body", &[("Expect", "100-continue")]).unwrap();
        assert!(connector.recorded()[0].written.ends_with(b"\r\n\r\nbody"));
        assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
    }
}

#[test]
fn expect_against_a_server() {
    let server = Server::start(|request| Reply::text(200, &String::from_utf8_lossy(request.body())));
    let client = Client::new();
    for _ in 0..2 {
        let request = client.put(server.url("/")).header("Expect", "100-continue").body("consented");
        assert_eq!(request.send().unwrap().text().unwrap(), "consented");
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn final_response_before_the_body_ends_the_upload() {
    let refusal = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!";
    let script = Script::new().then(Act::AwaitWrite).then(send(refusal));
    let (mut connection, connector) = connection(script);
    let body = RequestBody::from_reader(io::repeat(b'x').take(100_000_000));
    connection.request(Method::POST, "/", body, &[]).unwrap();
    let mut response = connection.get_response().unwrap();
    assert_eq!(response.status(), StatusCode::CONTENT_TOO_LARGE);
    assert_eq!(response.read_all().unwrap(), b"no!");
    drop(response);
    assert!(connector.recorded()[0].written.len() < 1_000_000, "the upload ended");
    assert!(!connection.is_open());
}

/// A body whose second half waits until it is told that there is time for it.
struct Halves {
    given: usize,
    go_on: Receiver<()>,
}

impl Read for Halves {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == 5 {
            self.go_on.recv().map_err(io::Error::other)?;
        }
        let count = buffer.len().min(10 - self.given).min(5);
        buffer[..count].fill(b'x');
        self.given += count;
        Ok(count)
    }
}

#[test]
fn an_interim_response_to_half_a_request_is_no_answer() {
    for interim in ["HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (tell, go_on) = channel();
        let server = thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut received = Vec::new();
            while !received.ends_with(b"xxxxx") {
                let mut byte = [0];
                socket.read_exact(&mut byte).unwrap();
                received.push(byte[0]);
            }
            socket.write_all(interim.as_bytes()).unwrap();
            tell.send(()).unwrap();
            socket.read_exact(&mut [0; 5]).unwrap();
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        });
        let mut connection = HttpConnection::new(&address).unwrap();
        let body = RequestBody::from_reader(Halves { given: 0, go_on });
        connection.request(Method::POST, "/", body, &[("Content-Length", "10")]).unwrap();
        assert_eq!(connection.get_response().unwrap().status(), StatusCode::OK, "{interim}");
        server.join().unwrap();
    }
}

#[test]
fn final_response_of_a_server_that_stops_reading_is_read() {
    for kind in [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset] {
        let refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
        let script = Script::new().then(Act::ShortWrite(10)).then(Act::FailWrite(kind)).then(send(refusal));
        let (mut connection, _) = connection(script);
        connection.request(Method::POST, "/", vec![b'x'; 1_000_000], &[]).unwrap();
        assert_eq!(connection.get_response().unwrap().status(), StatusCode::UNAUTHORIZED);
        assert!(!connection.is_open());
    }
}

#[test]
fn final_response_within_a_large_chunk_ends_the_body() {
    let refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    let script = Script::new()
        .then(Act::ShortWrite(usize::MAX))
        .then(Act::ShortWrite(10))
        .then(Act::FailWrite(io::ErrorKind::BrokenPipe))
        .then(send(refusal));
    let (mut connection, _) = connection(script);
    connection
        .request(Method::POST, "/", vec![b'x'; 1_000_000], &[("Transfer-Encoding", "chunked")])
        .unwrap();
    assert_eq!(connection.get_response().unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn pieces_behind_a_final_response_are_not_sent() {
    for (name, value) in [("Content-Length", "9"), ("Transfer-Encoding", "chunked")] {
        let refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
        let script =
            Script::new().then(Act::ShortWrite(usize::MAX)).then(Act::FailWrite(io::ErrorKind::BrokenPipe));
        let (mut connection, _) = connection(script.then(send(refusal)));
        connection.put_request(Method::POST, "/").unwrap();
        connection.put_header(name, value).unwrap();
        connection.end_headers().unwrap();
        for _ in 0..3 {
            connection.send(b"abc").unwrap();
        }
        assert_eq!(connection.get_response().unwrap().status(), StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[test]
fn a_server_that_is_gone_is_an_error() {
    let script = Script::new()
        .then(Act::ShortWrite(10))
        .then(Act::FailWrite(io::ErrorKind::BrokenPipe))
        .then(Act::End);
    let (mut connection, _) = connection(script);
    let error = connection.request(Method::POST, "/", vec![b'x'; 1_000_000], &[]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::BrokenPipe),
        "{error}"
    );
    assert!(error.may_have_been_processed() && !connection.is_open());
}

#[test]
fn bodies_from_files_readers_and_pieces() {
    let server = Server::start(|request| {
        let framing = request.header("content-length").or(request.header("transfer-encoding")).unwrap();
        Reply::text(200, &format!("{framing} {}", String::from_utf8_lossy(request.body())))
    });
    let client = Client::new();
    let path = std::env::temp_dir().join(format!("httpkit-body-{}", std::process::id()));
    std::fs::write(&path, "from a file").unwrap();
    let mut file = std::fs::File::open(&path).unwrap();
    file.read_exact(&mut [0; 5]).unwrap();
    let rows = [
        (RequestBody::from_bytes("bytes".as_bytes()), "5 bytes"),
        (RequestBody::from_bytes(Vec::new()), "0 "),
        (RequestBody::from_reader("reader".as_bytes()), "chunked reader"),
        (RequestBody::from_sized_reader("sized, and more".as_bytes(), 5), "5 sized"),
        (RequestBody::from_pieces(["some ", "", "pieces"]), "chunked some pieces"),
        (RequestBody::from_file(file).unwrap(), "6 a file"),
        (RequestBody::none(), "0 "),
    ];
    for (body, echo) in rows {
        assert_eq!(client.post(server.url("/")).body(body).send().unwrap().text().unwrap(), echo);
    }
    std::fs::remove_file(path).unwrap();
    assert_eq!(server.connections(), 1);
}

/// A source of content that cannot be read.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is on fire"))
    }
}

#[test]
fn a_source_that_is_short_or_fails_is_an_error() {
    let (mut short, _) = connection(Script::new().then(Act::AwaitWrite));
    let error = short
        .request(Method::PUT, "/", RequestBody::from_sized_reader("abc".as_bytes(), 5), &[])
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BodyLength { declared: 5, given: 3 }), "{error}");

    let (mut failing, connector) = connection(Script::new().then(Act::AwaitWrite));
    let error = failing.request(Method::PUT, "/", RequestBody::from_reader(Failing), &[]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BodySource(_)), "{error}");
    assert!(connector.recorded()[0].is_closed && !connector.recorded()[0].written.ends_with(b"0\r\n\r\n"));
}

#[test]
fn request_trailers_follow_the_last_chunk() {
    let server = Server::start(|request| {
        let trailer = request.trailers().get("x-checksum").map(|value| value.to_string());
        Reply::text(200, &trailer.unwrap_or_default())
    });
    let mut connection = HttpConnection::new(&server.address().to_string()).unwrap();
    connection.put_request(Method::POST, "/").unwrap();
    connection.put_header("Transfer-Encoding", "chunked").unwrap();
    connection.end_headers().unwrap();
    connection.send(b"content").unwrap();
    let mut trailers = Headers::new();
    trailers.append("Content-Length", "1").unwrap();
    assert!(connection.finish_with_trailers(&trailers).is_err());
    trailers.remove("Content-Length");
    trailers.append("X-Checksum", "abc").unwrap();
    connection.finish_with_trailers(&trailers).unwrap();
    assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"abc");
    assert_eq!(server.received()[0].body(), b"content");
}

#[test]
fn forms_of_request_targets() {
    for (method, target, line) in [
        (Method::GET, "/a?b", "GET /a?b HTTP/1.1"),
        (Method::GET, "http://other/a", "GET http://other/a HTTP/1.1"),
        (Method::OPTIONS, "*", "OPTIONS * HTTP/1.1"),
        (Method::CONNECT, "other:443", "CONNECT other:443 HTTP/1.1"),
    ] {
        let (mut connection, connector) = connection(Script::new());
        connection.request(method, target, (), &[]).unwrap();
        assert!(connector.recorded()[0].written.starts_with(line.as_bytes()), "{line}");
    }
    for (method, target) in [
        (Method::GET, "/a b"),
        (Method::GET, "/a\r\nX: y"),
        (Method::GET, "/\u{0}"),
        (Method::GET, "/ä"),
        (Method::GET, "/a#b"),
        (Method::GET, ""),
        (Method::GET, "*"),
        (Method::CONNECT, "/"),
    ] {
        let (mut connection, connector) = connection(Script::new());
        let error = connection.request(method, target, (), &[]).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)) && !error.may_have_been_processed(),
            "{target:?}"
        );
        assert!(connector.recorded().is_empty(), "nothing was opened for {target:?}");
    }
}

#[test]
fn upgrade_hands_over_the_stream_with_what_has_come() {
    let answer = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nwelcome";
    let script = Script::new()
        .then(Act::AwaitWrite)
        .then(send(answer))
        .then(Act::AwaitWrite)
        .then(send(b" back"))
        .then(Act::End);
    let connector = ScriptedConnector::new([script]);
    let client = Client::builder().connector(connector.clone()).build().unwrap();
    let request = client.get("http://h/").header("Connection", "Upgrade").header("Upgrade", "echo");
    let response = request.send().unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    let mut stream = response.into_upgraded().unwrap();
    let mut welcome = [0; 7];
    stream.read_exact(&mut welcome).unwrap();
    stream.write_all(b"hello").unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert_eq!((&welcome, &*rest), (b"welcome", " back"));
    assert!(connector.recorded()[0].written.ends_with(b"\r\n\r\nhello"));
}

#[test]
fn connect_opens_a_tunnel_whatever_the_headers_say() {
    let answer = b"HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nbytes";
    let script = Script::new().then(Act::AwaitWrite).then(send(answer)).then(Act::End);
    let (mut connection, _) = connection(script);
    connection.request(Method::CONNECT, "other:443", (), &[]).unwrap();
    let response = connection.get_response().unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut tunnelled = String::new();
    response.into_upgraded().unwrap().read_to_string(&mut tunnelled).unwrap();
    assert_eq!(tunnelled, "bytes");
    assert!(!connection.is_open());
}

#[test]
fn connect_that_is_refused_is_a_response() {
    let answer = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    let (mut connection, _) = connection(Script::new().then(Act::AwaitWrite).then(send(answer)));
    connection.request(Method::CONNECT, "other:443", (), &[]).unwrap();
    let mut response = connection.get_response().unwrap();
    assert_eq!(response.read_all().unwrap(), b"no");
    assert!(response.into_upgraded().is_none());
}
