//! A connection that dies while it waits for its next request, and what of it the caller sees.

use std::{fs::File, io};

use httpkit::{
    Client, ErrorKind, Method, Phase, RequestBody, RequestBuilder,
    testing::{Act, Reply, Script, Server},
};
use httpkit_tests::{OK, answers, kind_name, requests, scripted};

const URL: &str = "http://test.example/";

type Build = fn(&Client) -> RequestBuilder<'static>;

#[test]
fn a_server_that_closes_behind_each_response_is_served() {
    let server = Server::start(|request| Reply::text(200, request.target()).close());
    let client = Client::new();
    for number in 0..20 {
        let target = format!("/{number}");
        assert_eq!(client.get(server.url(&target)).send().unwrap().text().unwrap(), target);
    }
}

/// A connection that serves one request, takes a second one, and dies.
fn stale(death: Act) -> Script {
    answers([OK]).then(Act::AwaitWrite).then(death)
}

/// Sends `request` on a connection that turns out stale; says how it went and on which connections.
fn on_stale(
    first: Script,
    request: impl FnOnce(&Client) -> RequestBuilder<'static>,
) -> (httpkit::Result<()>, Vec<usize>) {
    let (client, connector) = scripted([first, answers([OK])]);
    client.get(URL).send().unwrap();
    let result = request(&client).send().map(drop);
    if let [stale, fresh] = &connector.recorded()[..] {
        let end = stale.written.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        assert!(fresh.written.starts_with(&stale.written[end..]), "the second attempt is another request");
    }
    (result, requests(&connector))
}

#[test]
fn an_idempotent_request_on_a_stale_connection_is_sent_again() {
    let rows: [(&str, Build); 8] = [
        ("GET", |c| c.get(URL)),
        ("HEAD", |c| c.head(URL)),
        ("OPTIONS", |c| c.options(URL)),
        ("DELETE", |c| c.delete(URL)),
        ("PROPFIND", |c| c.request(Method::new("PROPFIND").unwrap(), URL)),
        ("PUT with bytes", |c| c.put(URL).body("hello")),
        ("PUT with JSON", |c| c.put(URL).json(&[1, 2, 3])),
        ("PUT with a file", |c| {
            let file = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
            c.put(URL).body(RequestBody::from_file(file).unwrap())
        }),
    ];
    for (name, request) in rows {
        for death in [Act::End, Act::FailRead(io::ErrorKind::ConnectionReset)] {
            let (result, connections) = on_stale(stale(death), request);
            result.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(connections, [2, 1], "{name}");
        }
    }
}

#[test]
fn a_request_that_may_do_harm_twice_is_not_sent_again() {
    let rows: [(&str, Build); 4] = [
        ("POST", |c| c.post(URL).body("x")),
        ("PATCH", |c| c.patch(URL).body("x")),
        ("unknown method", |c| c.request(Method::new("BUY").unwrap(), URL)),
        ("PUT with a reader", |c| c.put(URL).body(RequestBody::from_sized_reader(&b"x"[..], 1))),
    ];
    for (name, request) in rows {
        for death in [Act::End, Act::FailRead(io::ErrorKind::ConnectionReset)] {
            let (result, connections) = on_stale(stale(death), request);
            let error = result.expect_err(name);
            assert!(matches!(error.kind(), ErrorKind::RemoteDisconnected), "{name}: {error}");
            assert!(error.may_have_been_processed(), "{name}");
            assert_eq!(connections, [2], "{name}");
        }
    }
    let (result, _) = on_stale(stale(Act::End), |client| client.post(URL).body("x"));
    assert!(!result.unwrap_err().is_retryable());
}

#[test]
fn a_request_of_which_nothing_was_sent_is_sent_again() {
    for kind in [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset] {
        let first = answers([OK]).then(Act::FailWrite(kind));
        let (result, connections) = on_stale(first, |client| client.post(URL).body("x"));
        result.unwrap();
        assert_eq!(connections, [1, 1]);
    }
}

#[test]
fn a_request_of_which_a_part_was_sent_is_not_sent_again_unless_idempotent() {
    let first = || answers([OK]).then(Act::ShortWrite(10)).then(Act::FailWrite(io::ErrorKind::BrokenPipe));
    let (client, connector) = scripted([first(), answers([OK])]);
    client.get(URL).send().unwrap();
    let error = client.post(URL).body("x").send().unwrap_err();
    assert!(error.may_have_been_processed(), "{error}");
    assert_eq!(requests(&connector), [1]);

    let (client, connector) = scripted([first(), answers([OK])]);
    client.get(URL).send().unwrap();
    client.put(URL).body("x").send().unwrap();
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn a_request_whose_response_has_begun_is_not_sent_again() {
    let first = answers([OK, b"HTTP/1.1 2"]).then(Act::End);
    let (result, connections) = on_stale(first, |client| client.get(URL));
    assert!(matches!(result.unwrap_err().kind(), ErrorKind::IncompleteRead { .. }));
    assert_eq!(connections, [2]);
}

#[test]
fn a_request_that_timed_out_is_not_sent_again() {
    let (result, connections) = on_stale(answers([OK]), |client| client.get(URL));
    assert!(matches!(result.unwrap_err().kind(), ErrorKind::Timeout { phase: Phase::Response, .. }));
    assert_eq!(connections, [2]);
}

#[test]
fn a_fresh_connection_gets_no_second_attempt() {
    let dead = || Script::new().then(Act::AwaitWrite).then(Act::End);
    let (client, connector) = scripted([dead(), answers([OK])]);
    let error = client.get(URL).send().unwrap_err();
    assert_eq!(kind_name(error.kind()), "RemoteDisconnected");
    assert!(error.may_have_been_processed() && error.is_retryable());
    assert_eq!(requests(&connector), [1]);
}

#[test]
fn the_second_attempt_is_the_last() {
    let body = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    let stale = || answers([&body[..]]).then(Act::AwaitWrite).then(Act::End);
    let dead = Script::new().then(Act::AwaitWrite).then(Act::End);
    let (client, connector) = scripted([stale(), stale(), dead, answers([OK])]);
    // Two connections idle, both stale.
    for response in [client.get(URL).send().unwrap(), client.get(URL).send().unwrap()] {
        response.bytes().unwrap();
    }
    let error = client.get(URL).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RemoteDisconnected), "{error}");
    // The second attempt was made on a fresh connection, not on the other idle one.
    assert_eq!(requests(&connector), [1, 2, 1]);
}
