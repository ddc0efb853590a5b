//! `RequestBuilder`: the order of two setters does not matter, and a specific one takes precedence.

use std::time::Duration;

use httpkit::{
    Client, ErrorKind, Limits, Proxies, Proxy, RedirectPolicy, RequestBuilder, RetryPolicy, Timeouts,
};
use httpkit_tests::{NotedServer, Notes};

type Setter = fn(RequestBuilder<'static>) -> RequestBuilder<'static>;

const SECOND: Duration = Duration::from_secs(1);

const SETTERS: &[(&str, Setter)] = &[
    ("timeout", |request| request.timeout(7000 * SECOND)),
    ("timeouts", |request| request.timeouts(Timeouts::new().connect(2000 * SECOND))),
    ("limits", |request| request.limits(Limits::new().max_fields(1))),
    ("retry", |request| request.retry(prompt())),
    ("without_retry", |request| request.without_retry()),
    ("decode", |request| request.decode(false)),
    ("redirects", |request| request.redirects(RedirectPolicy::none())),
    ("proxies", |request| request.proxies(Proxies::all(Proxy::parse("http://proxy.example").unwrap()))),
    ("bearer", |request| request.bearer("specific")),
    ("basic", |request| request.basic("specific", "")),
    ("header", |request| request.header("authorization", "general")),
    ("header_sensitive", |request| request.header_sensitive("authorization", "secret")),
    ("append_header", |request| request.append_header("Authorization", "appended")),
    ("header", |request| request.header("idempotency-key", "general")),
    ("append_header", |request| request.append_header("Idempotency-Key", "appended")),
    ("idempotency_key", |request| request.idempotency_key("specific")),
];

/// Setters of one thing, of which the last call counts, or which add to each other.
const HAVE_AN_ORDER: &[&[&str]] =
    &[&["retry", "without_retry"], &["bearer", "basic"], &["header", "header_sensitive", "append_header"]];

fn prompt() -> RetryPolicy {
    RetryPolicy::new().attempts(2).backoff(Duration::ZERO, Duration::ZERO)
}

fn respond(head: &str) -> Vec<u8> {
    match head.split(' ').nth(1) {
        Some("/moved") => b"HTTP/1.1 302 Found\r\nLocation: /busy\r\nContent-Length: 0\r\n\r\n".into(),
        _ => b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".into(),
    }
}

/// Returns everything that the server and the caller see, the lines of heads in alphabetical order.
fn observe(set: impl Fn(RequestBuilder<'static>) -> RequestBuilder<'static>) -> Vec<String> {
    let notes = Notes::default();
    // Without timeouts, so that a total ends each wait.
    let builder = Client::builder().retry(prompt()).timeouts(Timeouts::NONE);
    let client = builder.connector(NotedServer::new(&notes, respond)).build().unwrap();
    let result = set(client.get("http://test.example/moved")).send();
    let status = result.map(|response| response.status().to_string());
    notes.add(status.unwrap_or_else(|error| format!("{error:#}")));
    notes.take()
}

fn sorted(mut notes: Vec<String>) -> Vec<String> {
    notes.sort();
    notes
}

#[test]
fn order_of_request_setters_does_not_matter() {
    for (index, (first, set_first)) in SETTERS.iter().enumerate() {
        for (second, set_second) in &SETTERS[index + 1..] {
            let has_order = |group: &&[&str]| group.contains(first) && group.contains(second);
            if first == second || HAVE_AN_ORDER.iter().any(has_order) {
                continue;
            }
            // Fields of different names are sent in the order of the calls.
            let one_way = sorted(observe(|request| set_second(set_first(request))));
            let other_way = sorted(observe(|request| set_first(set_second(request))));
            assert_eq!(one_way, other_way, "{first} and {second}");
        }
    }
}

#[test]
fn each_request_setter_has_an_effect() {
    let none = observe(|request| request);
    for (name, set) in SETTERS {
        // The client has the policy of `retry`.
        if *name != "retry" {
            assert_ne!(observe(set), none, "{name}");
        }
    }
    assert_eq!(observe(|request| request.without_retry().retry(prompt())), none);
}

#[test]
fn specific_request_setter_takes_precedence() {
    let lines = |set: Setter| observe(set).join("\n");
    for set in [
        (|request| request.bearer("specific").header("authorization", "general")) as Setter,
        |request| request.header("authorization", "general").bearer("specific"),
        |request| request.bearer("specific").append_header("authorization", "general"),
        |request| request.bearer("specific").header_sensitive("authorization", "general"),
        |request| request.basic("me", "secret").bearer("specific"),
    ] {
        let seen = lines(set);
        assert!(seen.contains("\nAuthorization: Bearer specific\n"), "{seen}");
        assert!(!seen.contains("general") && !seen.contains("Basic"), "{seen}");
    }
    let seen = lines(|request| request.idempotency_key("specific").header("idempotency-key", "general"));
    assert!(seen.contains("\nIdempotency-Key: \"specific\"\n") && !seen.contains("general"), "{seen}");
}

#[test]
fn overridden_header_is_checked_all_the_same() {
    let client = Client::new();
    for request in [
        client.get("http://test.example/").bearer("t").header("Authorization", "a\r\nb"),
        client.get("http://test.example/").bearer("t").append_header("Authorization", "a\r\nb"),
        client.get("http://test.example/").bearer("t").header_sensitive("Authorization", "a\r\nb"),
    ] {
        let error = request.build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
    }
}

#[test]
fn later_request_call_keeps_what_it_does_not_set() {
    let seen = observe(|request| {
        let first = Timeouts::new().connect(2000 * SECOND).response(3000 * SECOND);
        request.timeouts(first).timeouts(Timeouts::new().response(4000 * SECOND))
    });
    assert!(seen.contains(&"connect to test.example:80 within 2000 s".to_owned()), "{seen:?}");
    assert!(seen.contains(&"read within 4000 s".to_owned()), "{seen:?}");
    let seen = observe(|request| {
        request.limits(Limits::new().max_fields(1)).limits(Limits::new().max_head_bytes(1000))
    });
    assert!(seen.join("\n").contains("exceeds 1 field (`Limits::max_fields`)"), "{seen:?}");
}
