//! Deadlines that pass: the wait ends, and the error says what was waited for.
//!
//! Each passes within a fraction of a second, where the server would keep silent for a minute.

use std::{
    io::{self, Read},
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use httpkit::{
    Client, Connector, Deadline, Destination, Error, ErrorKind, LowSpeed, Phase, RequestBody, Response,
    RetryPolicy, Timeouts, Transport,
    testing::{Act, Reply, Script, Server, advance_clock},
};
use httpkit_tests::{OK, Slow, answers};

const SHORT: Duration = Duration::from_millis(100);
/// Long enough for a server on loopback to begin its answer.
const ANSWERED: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(60);
const NONE: Timeouts = Timeouts::NONE;

#[test]
fn the_longest_duration_works_on_sockets() {
    let server = Server::start(|_| Reply::text(200, "hello"));
    let low_speed = LowSpeed::new(u64::MAX, Duration::MAX);
    let timeouts = Timeouts::new()
        .pool(Duration::MAX)
        .resolve(Duration::MAX)
        .connect(Duration::MAX)
        .handshake(Duration::MAX)
        .send(Duration::MAX)
        .response(Duration::MAX)
        .between_bytes(Duration::MAX)
        .low_speed(low_speed)
        .expect_continue(Duration::MAX);
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
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: found, .. } if *found == phase), "{error}");
    assert!(error.is_timeout());
    let is_connect = matches!(phase, Phase::Resolve | Phase::Connect | Phase::Handshake);
    assert_eq!(error.is_connect(), is_connect, "{error}");
    assert_eq!(error.may_have_been_processed(), !is_connect, "{error}");
}

#[test]
fn total_timeout_ends_wait_for_head() {
    for sent in ["", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 102 Processing\r\n\r\n"] {
        let server = silent_after(sent);
        let client = Client::new();
        let error = client.get(server.url("/")).timeout(ANSWERED).send().unwrap_err();
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
    let client = Client::builder().timeouts(NONE.response(SHORT)).build().unwrap();
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
    let client = Client::builder().timeouts(NONE.between_bytes(SHORT)).build().unwrap();
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
    let client = Client::builder().timeouts(NONE.response(ANSWERED)).build().unwrap();
    assert_timed_out(&client.get(server.url("/")).send().unwrap_err(), Phase::Response);
}

#[test]
fn a_server_that_does_not_read_ends_the_upload() {
    // The system accepts connections for it.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let total = Client::builder().timeouts(NONE).timeout(ANSWERED).build().unwrap();
    let between = Client::builder().timeouts(NONE.between_bytes(SHORT)).build().unwrap();
    let low_speed = Some(LowSpeed::new(1000, SHORT));
    let fast = Client::builder().timeouts(NONE.low_speed(low_speed)).build().unwrap();
    // More than the buffers of both sides take.
    let bytes = vec![b'x'; 32 << 20];
    for (client, phase) in [(&total, Phase::Send), (&between, Phase::Send), (&fast, Phase::LowSpeed)] {
        for body in [RequestBody::from_bytes(&bytes[..]), RequestBody::from_reader(&bytes[..])] {
            let error = client.put(&url).body(body).send().unwrap_err();
            assert_timed_out(&error, phase);
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
        Client::builder().timeouts(NONE.connect(SHORT)),
        Client::builder().timeouts(NONE.handshake(SHORT)),
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
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Send, .. }), "{error}");
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

const SECOND: Duration = Duration::from_secs(1);
const URL: &str = "http://test.example/";

/// A body in pieces, each of which takes a second.
struct SlowSource(usize);

impl Read for SlowSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(left) = self.0.checked_sub(1) else { return Ok(0) };
        self.0 = left;
        advance_clock(SECOND);
        buffer[..3].copy_from_slice(b"egg");
        Ok(3)
    }
}

/// Requests have 10 s to be sent.
fn send_timeout() -> Timeouts {
    NONE.send(10 * SECOND)
}

#[test]
fn the_send_timeout_bounds_head_and_body_together() {
    let bodies: [fn(usize) -> RequestBody<'static>; 2] = [
        |pieces| RequestBody::from_reader(SlowSource(pieces)),
        |pieces| RequestBody::from_sized_reader(SlowSource(pieces), 3 * pieces as u64),
    ];
    for body in bodies {
        for (pieces, is_in_time) in [(5, true), (20, false)] {
            let server = Server::start(|_| Reply::new(200));
            let client = Client::builder().timeouts(send_timeout()).build().unwrap();
            let answered = client.put(server.url("/")).body(body(pieces)).send();
            match answered {
                Ok(response) => assert!(is_in_time && response.status() == 200),
                Err(error) => {
                    assert!(!is_in_time, "{error}");
                    assert_timed_out(&error, Phase::Send);
                }
            }
        }
    }
    // Each write is in time, but not all of them.
    let reads_much = (0..10).fold(Script::new(), |script, _| script.then(Act::AwaitWrite));
    let slow = Slow { writing: 4 * SECOND, ..Slow::new([reads_much]) };
    let client = Client::builder().timeouts(send_timeout()).connector(slow).build().unwrap();
    let error =
        client.put(URL).body(RequestBody::from_reader(io::repeat(b'x').take(1 << 20))).send().unwrap_err();
    assert_timed_out(&error, Phase::Send);
}

#[test]
fn the_send_timeout_says_nothing_of_the_connection_and_the_response() {
    let slow = Slow { connecting: 60 * SECOND, reading: 60 * SECOND, ..Slow::new([answers([OK, OK])]) };
    let client = Client::builder().timeouts(send_timeout()).connector(slow).build().unwrap();
    for _ in 0..2 {
        client.put(URL).body("x").send().unwrap().bytes().unwrap();
    }
}

#[test]
fn a_window_without_length_ends() {
    let low_speed = Some(LowSpeed::new(0, Duration::ZERO));
    let slow = Slow { reading: SECOND, ..Slow::new([pieces(3)]) };
    let client = Client::builder().timeouts(NONE.low_speed(low_speed)).connector(slow).build().unwrap();
    assert_eq!(client.get(URL).send().unwrap().bytes().unwrap().len(), 300);
}

#[test]
fn the_time_for_the_response_begins_when_the_request_is_sent() {
    let slow = Slow { writing: 60 * SECOND, reading: SECOND, ..Slow::new([answers([OK])]) };
    let timeouts = NONE.response(30 * SECOND);
    let client = Client::builder().timeouts(timeouts).connector(slow).build().unwrap();
    client.put(URL).body("x").send().unwrap().bytes().unwrap();
}

/// A body in so many pieces of 100 bytes.
fn pieces(count: usize) -> Script {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", count * 100);
    (0..count).fold(answers([head.as_bytes()]), |script, _| script.then(Act::Send(vec![b'x'; 100])))
}

fn at_least(bytes_per_second: u64, slow: Slow) -> Client {
    let low_speed = LowSpeed::new(bytes_per_second, 10 * SECOND);
    Client::builder().timeouts(NONE.low_speed(low_speed)).connector(slow).build().unwrap()
}

#[test]
fn a_body_that_is_too_slow_is_not_waited_for() {
    // 300 pieces are read past the buffer, 30 are not.
    for count in [30, 300] {
        for (bytes_per_second, is_in_time) in [(0, true), (50, true), (70, true), (120, false), (1000, false)]
        {
            let slow = Slow { reading: SECOND, ..Slow::new([pieces(count)]) };
            let response = at_least(bytes_per_second, slow).get(URL).send().unwrap();
            match response.bytes() {
                Ok(bytes) => assert!(is_in_time && bytes.len() == count * 100, "{bytes_per_second}"),
                Err(error) => {
                    assert!(!is_in_time, "{bytes_per_second}");
                    assert_timed_out(&error, Phase::LowSpeed);
                    // The first window has shown it.
                    assert!((900..=1000).contains(&error.partial().len()), "{}", error.partial().len());
                }
            }
        }
    }
}

#[test]
fn a_body_that_is_read_slowly_is_not_a_slow_one() {
    let slow = Slow { reading: SECOND, ..Slow::new([pieces(30)]) };
    let mut response = at_least(90, slow).get(URL).send().unwrap();
    let mut piece = [0; 100];
    for _ in 0..30 {
        advance_clock(3600 * SECOND);
        response.read_exact(&mut piece).unwrap();
    }
    assert_eq!(response.read(&mut piece).unwrap(), 0);
}

#[test]
fn each_body_has_windows_of_its_own() {
    let two = (0..2).fold(Script::new(), |script, _| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n".to_vec();
        (0..7).fold(script.then(Act::AwaitWrite).then(Act::Send(head)), |script, _| {
            script.then(Act::Send(vec![b'x'; 100]))
        })
    });
    let client = at_least(1_000_000, Slow { reading: SECOND, ..Slow::new([two]) });
    for _ in 0..2 {
        // Over before its first window is.
        assert_eq!(client.get(URL).send().unwrap().bytes().unwrap().len(), 700);
    }
}

#[test]
fn a_body_that_stops_is_too_slow_at_the_end_of_a_window() {
    let server = silent_after(HALF);
    for (bytes_per_second, phase) in [(1000, Phase::LowSpeed), (0, Phase::Body)] {
        let low_speed = Some(LowSpeed::new(bytes_per_second, SHORT));
        let client = Client::builder().timeouts(NONE.low_speed(low_speed)).timeout(4 * ANSWERED);
        let error = client.build().unwrap().get(server.url("/")).send().unwrap().bytes().unwrap_err();
        assert_timed_out(&error, phase);
        assert_eq!(error.partial(), b"hello");
    }
}

/// A server that takes the first bytes of a request 100 at a time, so many times.
fn takes_little(times: usize) -> Script {
    let script = (0..times).fold(Script::new(), |script, _| script.then(Act::ShortWrite(100)));
    script.then(Act::AwaitWrite).then(Act::Send(OK.to_vec()))
}

#[test]
fn a_request_that_is_taken_too_slowly_is_not_sent_to_its_end() {
    const CONTENT: &[u8] = &[b'x'; 10_000];
    let bodies = [
        || RequestBody::from_bytes(CONTENT),
        || RequestBody::from_sized_reader(CONTENT, CONTENT.len() as u64),
        || RequestBody::from_reader(CONTENT),
    ];
    for body in bodies {
        for (bytes_per_second, is_in_time) in [(0, true), (50, true), (70, true), (120, false), (1000, false)]
        {
            let slow = Slow { writing: SECOND, ..Slow::new([takes_little(40)]) };
            let scripted = slow.scripted.clone();
            match at_least(bytes_per_second, slow).put(URL).body(body()).send() {
                Ok(response) => assert!(is_in_time && response.status() == 200, "{bytes_per_second}"),
                Err(error) => {
                    assert!(!is_in_time, "{bytes_per_second}");
                    assert_timed_out(&error, Phase::LowSpeed);
                    // The first window has shown it.
                    let written = scripted.recorded()[0].written.len();
                    assert!((800..=1000).contains(&written), "{written}");
                }
            }
        }
    }
}

#[test]
fn a_server_that_takes_nothing_is_too_slow_and_has_not_seen_the_request() {
    let slow = Slow { writing: 3600 * SECOND, ..Slow::new([takes_little(0)]) };
    let error = at_least(1, slow).post(URL).body("x").send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::LowSpeed, .. }), "{error}");
    assert!(!error.may_have_been_processed());
}

#[test]
fn a_request_whose_source_is_slow_is_not_a_slow_one() {
    let server = Server::start(|_| Reply::new(200));
    let low_speed = Some(LowSpeed::new(1000, SECOND));
    let client = Client::builder().timeouts(NONE.low_speed(low_speed)).build().unwrap();
    let response = client.put(server.url("/")).body(RequestBody::from_reader(SlowSource(20))).send();
    assert_eq!(response.unwrap().status(), 200);
    assert_eq!(server.received()[0].body(), b"egg".repeat(20));
}

#[test]
fn each_request_has_windows_of_its_own() {
    // Over before its first window is.
    let seven = |script: Script| (0..7).fold(script, |script, _| script.then(Act::ShortWrite(100)));
    let answer = |script: Script| seven(script).then(Act::AwaitWrite).then(Act::Send(OK.to_vec()));
    let slow = Slow { writing: SECOND, ..Slow::new([answer(answer(Script::new()))]) };
    let client = at_least(1_000_000, slow);
    for _ in 0..2 {
        client.put(URL).body(&[b'x'; 1000]).send().unwrap().bytes().unwrap();
    }
}

#[test]
fn the_total_timeout_runs_on_through_redirects_and_retries() {
    let redirect = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
    let busy = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    // Ten requests, each of which takes 10 s; and a body.
    let body = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    let script = || {
        let requests = [&redirect[..], busy].into_iter().cycle().take(9).chain([&body[..]]);
        answers(requests).then(Act::Send(b"hello".to_vec()))
    };
    for (timeout, requests, phase) in
        [(75, 8, Some(Phase::Response)), (105, 10, Some(Phase::Body)), (1000, 10, None)]
    {
        let slow = Slow { reading: 10 * SECOND, ..Slow::new([script()]) };
        let scripted = slow.scripted.clone();
        let retry = RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO).attempts(20);
        let builder = Client::builder().retry(retry).timeouts(NONE).timeout(timeout * SECOND);
        let client = builder.connector(slow).build().unwrap();
        let answered = client.get(URL).send().and_then(Response::bytes);
        match (answered, phase) {
            (Ok(bytes), None) => assert_eq!(bytes, b"hello"),
            (Err(error), Some(phase)) => assert_timed_out(&error, phase),
            (answered, _) => panic!("{answered:?} within {timeout} s"),
        }
        assert_eq!(httpkit_tests::requests(&scripted), [requests], "{timeout}");
    }
}
