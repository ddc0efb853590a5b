//! Requests that are sent again by a retry policy.

use std::{fs::File, io, sync::mpsc, time::Duration};

use httpkit::{
    Client, ClientBuilder, Connector, Deadline, Destination, ErrorKind, Event, EventKind, RequestBody,
    RequestBuilder, RetryPolicy, StatusCode, Transport,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};
use httpkit_tests::{CancelledBy, OK, answers, requests, scripted, scripted_with};

const URL: &str = "http://test.example/";
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

type Build = fn(&Client) -> RequestBuilder<'static>;

/// A policy that hardly waits.
fn prompt() -> RetryPolicy {
    RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(2))
}

fn retrying(policy: RetryPolicy) -> ClientBuilder {
    Client::builder().retry(policy)
}

/// A server that answers so often with the first, and then with 200.
fn recovering(times: usize, answer: &[u8]) -> Script {
    answers(std::iter::repeat_n(answer, times).chain([OK]))
}

/// A connection that dies without an answer.
fn dead() -> Script {
    Script::new().then(Act::AwaitWrite).then(Act::End)
}

#[test]
fn without_a_policy_nothing_is_sent_again() {
    let (client, connector) = scripted([recovering(1, BUSY), answers([OK])]);
    let response = client.get(URL).send().unwrap();
    assert_eq!((response.status().code(), response.attempts()), (503, 1));
    assert_eq!(requests(&connector), [1]);
}

#[test]
fn statuses_of_the_moment_are_retried() {
    for code in [200, 304, 400, 404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 505, 529] {
        let is_retried = [408, 425, 429, 502, 503, 504].contains(&code);
        let answer = format!("HTTP/1.1 {code} x\r\nContent-Length: 0\r\n\r\n").into_bytes();
        let (client, connector) = scripted_with(retrying(prompt()), [recovering(1, &answer)]);
        let response = client.get(URL).send().unwrap();
        assert_eq!(response.status().code(), if is_retried { 200 } else { code });
        assert_eq!(response.attempts(), if is_retried { 2 } else { 1 }, "{code}");
        assert_eq!(requests(&connector).iter().sum::<usize>(), if is_retried { 2 } else { 1 }, "{code}");
    }
}

#[test]
fn the_statuses_can_be_chosen() {
    let policy = || prompt().statuses([StatusCode::InternalServerError]);
    let answer = b"HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n";
    let (client, _) = scripted_with(retrying(policy()), [recovering(1, answer)]);
    assert_eq!(client.get(URL).send().unwrap().status(), StatusCode::OK);
    let (client, _) = scripted_with(retrying(policy()), [recovering(1, BUSY)]);
    assert_eq!(client.get(URL).send().unwrap().status(), StatusCode::ServiceUnavailable);
}

#[test]
fn the_last_response_is_returned_whole() {
    let (client, connector) = scripted_with(retrying(prompt().attempts(4)), [recovering(9, BUSY)]);
    let response = client.get(URL).send().unwrap();
    assert_eq!((response.status().code(), response.attempts()), (503, 4));
    assert_eq!(response.text().unwrap(), "busy");
    assert_eq!(requests(&connector), [4]);
}

#[test]
fn the_last_error_is_returned_and_counts_the_attempts() {
    for (attempts, expected) in [(0, 1), (1, 1), (2, 2), (3, 3)] {
        let (client, connector) =
            scripted_with(retrying(prompt().attempts(attempts)), (0..5).map(|_| dead()));
        let error = client.get(URL).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::RemoteDisconnected), "{error}");
        assert_eq!(error.attempts(), expected);
        assert_eq!(requests(&connector), vec![1; expected as usize]);
    }
}

#[test]
fn errors_that_come_again_are_not_retried() {
    let malformed = || answers([&b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n"[..]]);
    let (client, connector) = scripted_with(retrying(prompt()), [malformed(), malformed()]);
    let error = client.get(URL).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadContentLength(_)), "{error}");
    assert_eq!((error.attempts(), requests(&connector)), (1, vec![1]));
}

#[test]
fn what_may_do_harm_twice_is_retried_only_on_request() {
    let rows: [(&str, Build, bool); 8] = [
        ("PUT", |c| c.put(URL).body("x"), true),
        ("DELETE", |c| c.delete(URL), true),
        ("POST", |c| c.post(URL).body("x"), false),
        ("PATCH", |c| c.patch(URL).body("x"), false),
        ("POST with a key", |c| c.post(URL).body("x").idempotency_key("k"), true),
        ("POST with a key as a header", |c| c.post(URL).header("idempotency-key", "\"k\""), true),
        ("POST, asked for", |c| c.post(URL).body("x").retry(prompt().any_method()), true),
        ("PUT of a reader", |c| c.put(URL).body(RequestBody::from_sized_reader(&b"x"[..], 1)), false),
    ];
    for (name, request, is_retried) in rows {
        let (client, connector) = scripted_with(retrying(prompt()), [recovering(1, BUSY)]);
        let response = request(&client).send().unwrap();
        assert_eq!(response.attempts(), if is_retried { 2 } else { 1 }, "{name}");
        assert_eq!(requests(&connector), [if is_retried { 2 } else { 1 }], "{name}");
        let (client, connector) = scripted_with(retrying(prompt()), [dead(), answers([OK])]);
        assert_eq!(request(&client).send().is_ok(), is_retried, "{name}");
        assert_eq!(requests(&connector).len(), if is_retried { 2 } else { 1 }, "{name}");
    }
}

/// Refuses so many connections before it leads to scripted servers.
struct Refusing {
    left: std::sync::Mutex<usize>,
    scripted: ScriptedConnector,
}

impl Connector for Refusing {
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        let mut left = self.left.lock().unwrap();
        if *left > 0 {
            *left -= 1;
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        self.scripted.connect(destination, deadline)
    }
}

#[test]
fn a_request_of_which_nothing_was_sent_is_retried_whatever_it_is() {
    let rows: [(&str, Build); 3] = [
        ("GET", |c| c.get(URL)),
        ("POST", |c| c.post(URL).body("x")),
        ("POST of a reader", |c| c.post(URL).body(RequestBody::from_sized_reader(&b"x"[..], 1))),
    ];
    for (name, request) in rows {
        let scripted = ScriptedConnector::new([answers([OK])]);
        let connector = Refusing { left: 2.into(), scripted: scripted.clone() };
        let client = retrying(prompt()).connector(connector).build().unwrap();
        let response = request(&client).send().unwrap();
        assert_eq!(response.attempts(), 3, "{name}");
        assert_eq!(requests(&scripted), [1], "{name}");
    }
    let connector = Refusing { left: 9.into(), scripted: ScriptedConnector::default() };
    let client = retrying(prompt()).connector(connector).build().unwrap();
    let error = client.post(URL).body("x").send().unwrap_err();
    assert!(error.is_connect() && !error.may_have_been_processed(), "{error}");
    assert_eq!(error.attempts(), 3);
}

#[test]
fn each_attempt_is_the_same_request() {
    let file = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let content = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    for (body, content) in [
        (RequestBody::from_bytes(&b"hello"[..]), &b"hello"[..]),
        (RequestBody::from_file(file).unwrap(), &content),
    ] {
        let server = Server::start(|_| Reply::new(503));
        let client = retrying(prompt()).build().unwrap();
        client.put(server.url("/a?b")).header("X-One", "1").body(body).send().unwrap();
        let received = server.received();
        assert_eq!(received.len(), 3);
        for request in &received {
            assert_eq!((request.method(), request.target(), request.body()), ("PUT", "/a?b", content));
            assert_eq!(request.headers(), received[0].headers());
        }
    }
}

#[test]
fn a_request_can_have_a_policy_of_its_own() {
    let (client, connector) = scripted([recovering(1, BUSY)]);
    assert_eq!(client.get(URL).retry(prompt()).send().unwrap().attempts(), 2);
    assert_eq!(requests(&connector), [2]);
    let (client, connector) = scripted_with(retrying(prompt()), [recovering(1, BUSY)]);
    assert_eq!(client.get(URL).without_retry().send().unwrap().status().code(), 503);
    assert_eq!(requests(&connector), [1]);
}

fn asking_for(wait: &str) -> Vec<u8> {
    format!("HTTP/1.1 429 x\r\nRetry-After: {wait}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

#[test]
fn a_wait_that_is_too_long_is_not_begun() {
    let minutes = || prompt().max_retry_after(Duration::from_secs(120));
    let rows: [(&str, RetryPolicy, Option<u64>, u32); 7] = [
        ("0", prompt(), None, 2),
        ("soon", prompt(), None, 2),
        // Beyond the cap: of the policy, and by default.
        ("1", prompt().max_retry_after(Duration::from_millis(999)), None, 1),
        ("61", prompt(), None, 1),
        ("1000000000", prompt(), None, 1),
        ("18446744073709551615", prompt().max_retry_after(Duration::MAX), Some(30), 1),
        // Beyond the deadline.
        ("60", minutes(), Some(59), 1),
    ];
    for (wait, policy, timeout, attempts) in rows {
        let (client, connector) = scripted_with(retrying(policy), [recovering(1, &asking_for(wait))]);
        let request = client.get(URL);
        let request = match timeout {
            Some(seconds) => request.timeout(Duration::from_secs(seconds)),
            None => request,
        };
        let response = request.send().unwrap();
        assert_eq!(response.attempts(), attempts, "{wait}");
        assert_eq!(response.status().code(), if attempts == 1 { 429 } else { 200 }, "{wait}");
        assert_eq!(requests(&connector), [attempts as usize], "{wait}");
    }
}

#[test]
fn a_wait_without_end_is_no_panic() {
    let policy = prompt().backoff(Duration::MAX, Duration::MAX);
    let (client, _) = scripted_with(retrying(policy), [dead(), answers([OK])]);
    let error = client.get(URL).timeout(Duration::from_secs(30)).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RemoteDisconnected), "{error}");
}

#[test]
fn a_date_of_retry_after_is_measured_by_the_servers_clock() {
    let answer = b"HTTP/1.1 503 x\r\nDate: Mon, 23 Nov 2020 12:00:00 GMT\r\n\
        Retry-After: Mon, 23 Nov 2020 12:02:00 GMT\r\nContent-Length: 0\r\n\r\n";
    let policy = prompt().max_retry_after(Duration::from_secs(119));
    let (client, _) = scripted_with(retrying(policy), [recovering(1, answer)]);
    assert_eq!(client.get(URL).send().unwrap().attempts(), 1);
    let passed = b"HTTP/1.1 503 x\r\nRetry-After: Mon, 23 Nov 2020 12:02:00 GMT\r\nContent-Length: 0\r\n\r\n";
    let (client, _) = scripted_with(retrying(prompt()), [recovering(1, passed)]);
    assert_eq!(client.get(URL).send().unwrap().attempts(), 2);
}

#[test]
fn a_wait_ends_with_cancellation() {
    for by in CancelledBy::ALL {
        let server = Server::start(|_| Reply::new(503).header("Retry-After", "1000000"));
        let (say, word) = mpsc::channel();
        let on_event = move |event: &Event<'_>| {
            if matches!(event.kind, EventKind::Retried { .. }) {
                say.send(()).unwrap();
            }
        };
        let policy = prompt().max_retry_after(Duration::MAX);
        let client = retrying(policy).on_event(on_event).build().unwrap();
        let error = by.when(word, &client, client.get(server.url("/")));
        assert!(error.may_have_been_processed());
        assert_eq!(server.received().len(), 1);
    }
}

#[test]
fn a_client_has_one_budget() {
    let server = Server::start(|_| Reply::new(503));
    let client = retrying(prompt().budget(0, 3)).build().unwrap();
    let attempts: Vec<u32> =
        (0..5).map(|_| client.clone().get(server.url("/")).send().unwrap().attempts()).collect();
    assert_eq!(attempts, [3, 2, 1, 1, 1]);
    // One retry for two requests; what has been spent is spent.
    let half = || prompt().budget(50, 3);
    let attempts: Vec<u32> =
        (0..4).map(|_| client.get(server.url("/")).retry(half()).send().unwrap().attempts()).collect();
    assert_eq!(attempts, [1, 2, 1, 2]);
    let response = client.get(server.url("/")).retry(prompt().without_budget()).send().unwrap();
    assert_eq!(response.attempts(), 3);
}

#[test]
fn a_short_response_is_passed_over_and_its_connection_serves_again() {
    let rows: [(&str, Reply, usize); 5] = [
        ("empty", Reply::new(503), 1),
        ("64 KiB", Reply::text(503, &"x".repeat(64 * 1024)), 1),
        (
            "chunked",
            Reply::raw("HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbusy\r\n0\r\n\r\n"),
            1,
        ),
        ("more than 64 KiB", Reply::text(503, &"x".repeat(64 * 1024 + 1)), 2),
        ("closed", Reply::text(503, "busy").close(), 2),
    ];
    for (name, busy, connections) in rows {
        let server = Server::start(move |_| busy.clone());
        let client = retrying(prompt().attempts(2)).build().unwrap();
        let response = client.get(server.url("/")).send().unwrap();
        assert_eq!(response.attempts(), 2, "{name}");
        assert_eq!(server.connections(), connections, "{name}");
    }
}

#[test]
fn a_response_that_does_not_end_is_not_waited_for() {
    for start in ["Content-Length: 9\r\n\r\nbusy", "Transfer-Encoding: chunked\r\n\r\n4\r\nbusy\r\n"] {
        let busy = format!("HTTP/1.1 503 x\r\n{start}");
        let server = Server::start(move |request| match request.connection() {
            0 => Reply::raw(busy.clone()).pause(Duration::from_secs(30)),
            _ => Reply::new(200),
        });
        let client = retrying(prompt()).build().unwrap();
        let response = client.get(server.url("/")).send().unwrap();
        assert_eq!((response.status().code(), response.attempts()), (200, 2));
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn the_retry_on_a_stale_connection_counts_as_no_attempt() {
    let stale = || answers([OK]).then(Act::AwaitWrite).then(Act::End);
    let (client, connector) = scripted_with(retrying(prompt().budget(0, 0)), [stale(), answers([OK])]);
    client.get(URL).send().unwrap();
    assert_eq!(client.get(URL).send().unwrap().attempts(), 1);
    assert_eq!(requests(&connector), [2, 1]);
}

#[test]
fn a_key_lets_a_post_be_sent_again_on_a_stale_connection() {
    let stale = answers([OK]).then(Act::AwaitWrite).then(Act::End);
    let (client, connector) = scripted([stale, answers([OK])]);
    client.get(URL).send().unwrap();
    client.post(URL).body("x").idempotency_key(r#"a "b""#).send().unwrap();
    assert_eq!(requests(&connector), [2, 1]);
    let written = String::from_utf8(connector.recorded()[1].written.clone()).unwrap();
    assert!(written.contains("\r\nIdempotency-Key: \"a \\\"b\\\"\"\r\n"), "{written}");
}

#[test]
fn a_key_that_is_no_string_is_refused() {
    for key in ["", "schlüssel", "a\r\nb"] {
        let error = Client::new().post(URL).idempotency_key(key).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
    }
}
