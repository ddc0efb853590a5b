//! Deadlines that pass: the wait ends, and the error says what was waited for.
//!
//! Each passes within a fraction of a second, where the server would keep silent for a minute.

use std::{
    io::{self, Read},
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use httpkit::{
    Client, Connector, Deadline, Destination, Error, ErrorKind, Phase, RequestBody, Timeouts, Transport,
    testing::{Reply, Server},
};
use httpkit_tests::OK;

const SHORT: Duration = Duration::from_millis(100);
/// Long enough for a server on loopback to begin its answer.
const ANSWERED: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(60);
const NONE: Timeouts = Timeouts::NONE;

#[test]
fn the_longest_duration_works_on_sockets() {
    let server = Server::start(|_| Reply::text(200, "hello"));
    let timeouts = Timeouts {
        pool: Some(Duration::MAX),
        resolve: Some(Duration::MAX),
        connect: Some(Duration::MAX),
        handshake: Some(Duration::MAX),
        response: Some(Duration::MAX),
        between_bytes: Some(Duration::MAX),
        expect_continue: Duration::MAX,
    };
    let client = Client::builder().timeouts(timeouts).timeout(Duration::MAX).build().unwrap();
    // What a clock can count, and what it cannot.
    for timeout in [Duration::MAX, Duration::from_secs(u64::MAX / 4), Duration::from_secs(i64::MAX as u64)] {
        let response = client.get(server.url("/")).timeout(timeout).send().unwrap();
        assert_eq!(response.text().unwrap(), "hello");
        let response = Client::new().get(server.url("/")).timeout(timeout).send().unwrap();
        assert_eq!(response.text().unwrap(), "hello");
    }
}

/// A server that sends these bytes and then keeps silent.
fn silent_after(bytes: &'static str) -> Server {
    Server::start(move |request| match request.target() {
        "/quick" => Reply::text(200, "quick"),
        _ => Reply::raw(bytes).pause(LONG),
    })
}

/// Says which wait has ended, and checks what follows from that.
fn assert_timed_out(error: &Error, phase: Phase) {
    assert!(matches!(error.kind(), ErrorKind::Timeout(found) if *found == phase), "{error}");
    assert!(error.is_timeout());
    let is_connect = matches!(phase, Phase::Resolve | Phase::Connect | Phase::Handshake);
    assert_eq!(error.is_connect(), is_connect, "{error}");
    assert_eq!(error.may_have_been_processed(), !is_connect, "{error}");
}

#[test]
fn the_total_timeout_ends_the_wait_for_the_head() {
    for sent in ["", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 102 Processing\r\n\r\n"] {
        let server = silent_after(sent);
        let client = Client::new();
        let error = client.get(server.url("/")).timeout(SHORT).send().unwrap_err();
        assert_timed_out(&error, Phase::Response);
        assert_eq!(error.method().unwrap().as_str(), "GET");
        assert_eq!(error.url().unwrap().as_str(), server.url("/"));
        // Its late answer is nobody else's.
        assert_eq!(client.get(server.url("/quick")).send().unwrap().text().unwrap(), "quick");
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn the_response_timeout_ends_the_wait_for_the_head() {
    let server = silent_after("HTTP/1.1 200 OK\r\n");
    let client = Client::builder().timeouts(Timeouts { response: Some(SHORT), ..NONE }).build().unwrap();
    assert_timed_out(&client.get(server.url("/")).send().unwrap_err(), Phase::Response);
}

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

#[test]
fn the_total_timeout_ends_the_wait_for_the_body() {
    for sent in [
        HALF,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello",
    ] {
        let server = silent_after(sent);
        let client = Client::new();
        let get = || client.get(server.url("/")).timeout(ANSWERED).send().unwrap();

        let error = get().bytes().unwrap_err();
        assert_timed_out(&error, Phase::Body);
        assert_eq!(error.partial(), b"hello");
        assert_eq!(error.url().unwrap().as_str(), server.url("/"));

        let mut response = get();
        let mut read = Vec::new();
        let error = response.read_to_end(&mut read).unwrap_err();
        assert_eq!((error.kind(), &read[..]), (io::ErrorKind::TimedOut, &b"hello"[..]));
        assert_timed_out(&Error::from(error), Phase::Body);
        // That is not the end of the body.
        assert!(response.read(&mut [0; 10]).is_err());

        client.get(server.url("/quick")).send().unwrap();
        assert_eq!(server.connections(), 3);
    }
}

#[test]
fn the_timeout_between_bytes_ends_the_wait_for_the_body() {
    let server = silent_after(HALF);
    let client = Client::builder().timeouts(Timeouts { between_bytes: Some(SHORT), ..NONE }).build().unwrap();
    let error = client.get(server.url("/")).send().unwrap().bytes().unwrap_err();
    assert_timed_out(&error, Phase::Body);
}

/// A server that sends the start, and then a byte now and then for many seconds.
fn dripping(start: &'static str) -> Server {
    Server::start(move |_| {
        (0..2000).fold(Reply::raw(start), |reply, _| reply.pause(Duration::from_millis(5)).send("x"))
    })
}

#[test]
fn a_dripping_server_does_not_outlive_the_total_timeout() {
    let server = dripping("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n");
    let client = Client::builder().timeout(ANSWERED).build().unwrap();
    let error = client.get(server.url("/")).send().unwrap().bytes().unwrap_err();
    assert_timed_out(&error, Phase::Body);

    let server = dripping("HTTP/1.1 200 OK\r\nX: ");
    assert_timed_out(&client.get(server.url("/")).send().unwrap_err(), Phase::Response);
}

#[test]
fn a_dripping_head_does_not_outlive_the_response_timeout() {
    let server = dripping("HTTP/1.1 200 OK\r\nX: ");
    let client = Client::builder().timeouts(Timeouts { response: Some(ANSWERED), ..NONE }).build().unwrap();
    assert_timed_out(&client.get(server.url("/")).send().unwrap_err(), Phase::Response);
}

#[test]
fn a_server_that_does_not_read_ends_the_upload() {
    // The system accepts connections for it.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let total = Client::builder().timeouts(NONE).timeout(ANSWERED).build().unwrap();
    let between =
        Client::builder().timeouts(Timeouts { between_bytes: Some(SHORT), ..NONE }).build().unwrap();
    // More than the buffers of both sides take.
    let bytes = vec![b'x'; 32 << 20];
    for client in [&total, &between] {
        for body in [RequestBody::from_bytes(&bytes[..]), RequestBody::from_reader(&bytes[..])] {
            let error = client.put(&url).body(body).send().unwrap_err();
            assert_timed_out(&error, Phase::Send);
        }
    }
}

#[test]
fn a_server_that_does_not_answer_ends_the_handshake() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    for builder in [
        Client::builder().timeout(SHORT),
        Client::builder().connect_timeout(SHORT),
        Client::builder().timeouts(Timeouts { connect: Some(SHORT), ..NONE }),
        Client::builder().timeouts(Timeouts { handshake: Some(SHORT), ..NONE }),
    ] {
        let error = builder.build().unwrap().post(&url).body("x").send().unwrap_err();
        assert_timed_out(&error, Phase::Handshake);
        assert!(error.is_retryable());
    }
}

/// Never gets anywhere.
struct Unreachable;

impl Connector for Unreachable {
    fn connect(&self, _: Destination<'_>, _: Deadline) -> io::Result<Box<dyn Transport>> {
        Err(io::ErrorKind::TimedOut.into())
    }
}

#[test]
fn a_connector_that_times_out_ends_connecting() {
    let client = Client::builder().connector(Unreachable).build().unwrap();
    let error = client.post("http://test.example/").body("x").send().unwrap_err();
    assert_timed_out(&error, Phase::Connect);
    assert!(error.is_retryable());
}

#[cfg(target_os = "linux")]
#[test]
fn a_host_that_does_not_answer_ends_connecting() {
    let black_hole = httpkit_tests::BlackHole::new();
    let address = black_hole.address();
    for builder in [Client::builder().timeout(SHORT), Client::builder().connect_timeout(SHORT)] {
        let client = builder.build().unwrap();
        let error = client.post(format!("http://{address}/")).body("x").send().unwrap_err();
        assert_timed_out(&error, Phase::Connect);
    }
}

#[test]
fn a_deadline_that_has_passed_sends_nothing() {
    let server = silent_after("");
    let client = Client::new();
    let error = client.get(server.url("/")).timeout(Duration::ZERO).send().unwrap_err();
    assert_timed_out(&error, Phase::Connect);

    client.get(server.url("/quick")).send().unwrap().bytes().unwrap();
    let error = client.post(server.url("/")).timeout(Duration::ZERO).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(Phase::Send)), "{error}");
    assert!(!error.may_have_been_processed());
    assert_eq!(server.received().len(), 1);
}

#[test]
fn a_short_timeout_leaves_no_trace_on_its_connection() {
    let server = Server::start(|request| match request.target() {
        "/quick" => Reply::text(200, "quick"),
        _ => Reply::raw("").pause(Duration::from_millis(700)).send(OK),
    });
    let client = Client::new();
    client.get(server.url("/quick")).timeout(Duration::from_millis(500)).send().unwrap().bytes().unwrap();
    // Not so much longer that the socket's timeout is changed: it wakes the wait early.
    let longer = Duration::from_secs(4);
    assert_eq!(client.get(server.url("/slow")).timeout(longer).send().unwrap().status(), 200);
    assert_eq!(client.get(server.url("/slow")).timeout(LONG).send().unwrap().status(), 200);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_long_timeout_does_not_hide_a_shorter_one_behind_it() {
    let server = silent_after("");
    let client = Client::new();
    client.get(server.url("/quick")).timeout(LONG).send().unwrap().bytes().unwrap();
    let error = client.get(server.url("/")).timeout(SHORT).send().unwrap_err();
    assert_timed_out(&error, Phase::Response);
    assert_eq!(server.connections(), 1);
}
