//! When a connection serves again, when it does not, and what happens when it dies between two requests.

use std::{
    fs::File,
    io::{self, Read},
    thread,
    time::Duration,
};

use httpkit::{
    Client, ErrorKind, Method, Phase, RequestBody, RequestBuilder,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};
use httpkit_tests::{OK, answers, kind_name, scripted, scripted_with};

const URL: &str = "http://test.example/";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

type Build = fn(&Client) -> RequestBuilder<'static>;

/// How many requests each connection carried.
fn requests(connector: &ScriptedConnector) -> Vec<usize> {
    let count = |written: &[u8]| written.windows(9).filter(|window| window == b"HTTP/1.1\r").count();
    connector.recorded().iter().map(|recorded| count(&recorded.written)).collect()
}

fn is_closed(connector: &ScriptedConnector, connection: usize) -> bool {
    connector.recorded()[connection].is_closed
}

#[test]
fn one_connection_serves_any_kind_of_request() {
    let server = Server::start(|request| match request.target() {
        "/json" => Reply::json(200, "[1, 2]"),
        "/chunked" => Reply::raw(CHUNKED),
        "/none" => Reply::raw("HTTP/1.1 204 No Content\r\n\r\n"),
        "/missing" => Reply::text(404, "not here"),
        _ => Reply::text(200, "text"),
    });
    let client = Client::builder().base_url(server.url("")).build().unwrap();
    for _ in 0..3 {
        assert_eq!(client.get("/json").send().unwrap().json::<Vec<u8>>().unwrap(), [1, 2]);
        assert_eq!(client.get("/chunked").send().unwrap().text().unwrap(), "hello");
        assert_eq!(client.head("/").send().unwrap().content_length(), Some(4));
        assert_eq!(client.get("/none").send().unwrap().bytes().unwrap(), b"");
        assert_eq!(client.post("/").body("x").send().unwrap().text().unwrap(), "text");
        assert!(client.get("/json").send().unwrap().json::<bool>().is_err());
        client.get("/missing").send().unwrap().error_for_status().unwrap_err();
        drop(client.clone().put("/").body(RequestBody::from_reader(&b"y"[..])).send().unwrap());
    }
    assert_eq!((server.received().len(), server.connections()), (24, 1));
}

#[test]
fn a_connection_serves_again_unless_something_speaks_against_it() {
    for (name, response, serves_again) in [
        ("length", &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"[..], true),
        ("chunks", CHUNKED, true),
        (
            "HTTP/1.0 with keep-alive",
            b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
            true,
        ),
        ("HTTP/1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false),
        ("close", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false),
        ("close in a list", b"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", false),
        ("bytes behind the response", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhello", false),
        (
            "bytes behind the last chunk",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\r\n",
            false,
        ),
    ] {
        let (client, connector) = scripted([answers([response, OK]), answers([OK])]);
        client.get(URL).send().unwrap().bytes().unwrap();
        assert_eq!(is_closed(&connector, 0), !serves_again, "{name}");
        client.get(URL).send().unwrap();
        assert_eq!(requests(&connector), if serves_again { vec![2] } else { vec![1, 1] }, "{name}");
    }
}

#[test]
fn a_body_that_ends_with_the_connection_takes_it_along() {
    let first = Script::answer(b"HTTP/1.1 200 OK\r\n\r\nhello");
    let (client, connector) = scripted([first, answers([OK])]);
    assert_eq!(client.get(URL).send().unwrap().text().unwrap(), "hello");
    assert!(is_closed(&connector, 0));
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn a_request_that_says_close_is_the_last() {
    let (client, connector) = scripted([answers([OK, OK]), answers([OK])]);
    client.get(URL).header("connection", "close").send().unwrap();
    assert!(is_closed(&connector, 0));
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn a_failed_exchange_takes_the_connection_along() {
    let (client, connector) = scripted([answers([b"HTTP/1.1 2000 OK\r\n\r\n", OK]), answers([OK])]);
    client.get(URL).send().unwrap_err();
    assert!(is_closed(&connector, 0));
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn a_response_left_unread_keeps_the_connection_if_all_of_it_has_come() {
    let length: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    let chunked: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (name, pieces, serves_again) in [
        ("whole", vec![length, b"hello"], true),
        ("no body yet", vec![length], false),
        ("a part", vec![length, b"hell"], false),
        ("chunks", vec![chunked, b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"], true),
        ("chunks with trailers", vec![chunked, b"5\r\nhello\r\n0\r\nA: b\r\n\r\n"], true),
        ("no last chunk", vec![chunked, b"5\r\nhello\r\n"], false),
        ("last chunk cut", vec![chunked, b"5\r\nhello\r\n0\r\n"], false),
        ("a chunk that is none", vec![chunked, b"5\r\nhello\r\nx\r\n"], false),
        ("all, and more", vec![length, b"hello!"], false),
    ] {
        let (client, connector) = scripted([answers([&pieces.concat()[..], OK]), answers([OK])]);
        drop(client.get(URL).send().unwrap());
        assert_eq!(is_closed(&connector, 0), !serves_again, "{name}");
        client.get(URL).send().unwrap();
        assert_eq!(requests(&connector), if serves_again { vec![2] } else { vec![1, 1] }, "{name}");
    }
}

#[test]
fn a_drop_does_not_wait_for_the_rest() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe";
    let script = answers([&head[..]]).then(Act::Send(b"llo".to_vec()));
    let (client, connector) = scripted([script]);
    let mut response = client.get(URL).send().unwrap();
    response.read_exact(&mut [0; 1]).unwrap();
    let calls = connector.recorded()[0].calls;
    drop(response);
    assert_eq!(connector.recorded()[0].calls, calls);
    assert!(is_closed(&connector, 0));
}

#[test]
fn bytes_between_two_exchanges_are_nobodys_response() {
    let forged = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";
    let first = answers([OK]).then(Act::Send(forged.to_vec()));
    let good = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    let (client, connector) = scripted([first, answers([&good[..]])]);
    client.get(URL).send().unwrap();
    assert!(!is_closed(&connector, 0));
    assert_eq!(client.get(URL).send().unwrap().text().unwrap(), "good");
    assert!(is_closed(&connector, 0));
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn an_end_between_two_exchanges_is_seen_before_the_request() {
    let first = answers([OK]).then(Act::End);
    let (client, connector) = scripted([first, answers([OK])]);
    client.get(URL).send().unwrap();
    client.post(URL).body("x").send().unwrap();
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn without_a_pool_each_request_has_a_connection() {
    let builder = Client::builder().max_idle_per_host(0);
    let (client, connector) = scripted_with(builder, [answers([OK, OK]), answers([OK])]);
    for number in 0..2 {
        client.get(URL).send().unwrap();
        assert!(is_closed(&connector, number));
    }
    assert_eq!(requests(&connector), [1, 1]);
}

#[test]
fn one_idle_connection_a_host_is_the_one_used_last() {
    let body = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    let script = || answers([&body[..], OK]);
    let (client, connector) = scripted_with(Client::builder().max_idle_per_host(1), [script(), script()]);
    let first = client.get(URL).send().unwrap();
    let second = client.get(URL).send().unwrap();
    first.bytes().unwrap();
    second.bytes().unwrap();
    assert_eq!((is_closed(&connector, 0), is_closed(&connector, 1)), (true, false));
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [1, 2]);
}

#[test]
fn the_connection_used_last_serves_first() {
    let body = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    let script = || answers([&body[..], OK, OK]);
    let (client, connector) = scripted([script(), script()]);
    let first = client.get(URL).send().unwrap();
    let second = client.get(URL).send().unwrap();
    second.bytes().unwrap();
    first.bytes().unwrap();
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [2, 1]);
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [3, 1]);
}

#[test]
fn a_full_pool_keeps_no_further_host() {
    let builder = Client::builder().max_idle(1);
    let (client, connector) = scripted_with(builder, [answers([OK, OK]), answers([OK])]);
    client.get("http://a.example/").send().unwrap();
    client.get("http://b.example/").send().unwrap();
    assert_eq!((is_closed(&connector, 0), is_closed(&connector, 1)), (false, true));
    client.get("http://a.example/").send().unwrap();
    assert_eq!(requests(&connector), [2, 1]);
}

#[test]
fn places_in_the_pool_become_free_again() {
    let scripts = (0..2).map(|_| answers([OK, OK, OK]));
    let (client, connector) = scripted_with(Client::builder().max_idle(1), scripts);
    for host in ["a", "a", "b", "a"] {
        client.get(format!("http://{host}.example/")).send().unwrap();
    }
    // The first connection was lent for the second request, and given back.
    assert_eq!(requests(&connector), [3, 1]);
    // An expired connection makes room for another host.
    let expiring = Client::builder().max_idle(1).idle_timeout(Duration::ZERO);
    let (client, connector) = scripted_with(expiring, [answers([OK]), answers([OK])]);
    client.get("http://a.example/").send().unwrap();
    client.get("http://b.example/").send().unwrap();
    assert_eq!((is_closed(&connector, 0), is_closed(&connector, 1)), (true, false));
}

#[test]
fn a_connection_that_has_idled_too_long_is_closed() {
    let builder = || Client::builder().idle_timeout(Duration::ZERO);
    let (client, connector) = scripted_with(builder(), [answers([OK, OK]), answers([OK])]);
    client.get(URL).send().unwrap();
    client.get(URL).send().unwrap();
    assert!(is_closed(&connector, 0));
    assert_eq!(requests(&connector), [1, 1]);

    let builder = Client::builder().idle_timeout(Duration::MAX);
    let (client, connector) = scripted_with(builder, [answers([OK, OK])]);
    client.get(URL).send().unwrap();
    client.get(URL).send().unwrap();
    assert_eq!(requests(&connector), [2]);
}

#[test]
fn origins_share_no_connections() {
    let scripts = (0..3).map(|_| answers([OK, OK, OK]));
    let (client, connector) = scripted(scripts);
    for url in [
        "http://a.example/",
        "http://b.example/",
        "http://a.example:81/",
        "http://A.example:80/x",
        "http://user@a.example/",
        "http://a.example:81/?q",
    ] {
        client.get(url).send().unwrap();
    }
    assert_eq!(requests(&connector), [3, 1, 2]);
}

#[test]
fn clones_share_connections_and_other_clients_do_not() {
    let server = Server::start(|_| Reply::new(200));
    let client = Client::new();
    client.get(server.url("/")).send().unwrap();
    client.clone().get(server.url("/")).send().unwrap();
    assert_eq!(server.connections(), 1);
    Client::new().get(server.url("/")).send().unwrap();
    httpkit::get(server.url("/")).unwrap();
    assert_eq!(server.connections(), 3);
}

#[test]
fn threads_get_their_own_answers() {
    const THREADS: usize = 8;
    let server = Server::start(|request| Reply::text(200, request.target()));
    let client = Client::builder().base_url(server.url("")).max_idle_per_host(THREADS).build().unwrap();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let client = &client;
            scope.spawn(move || {
                for number in 0..50 {
                    let target = format!("/{thread}/{number}");
                    assert_eq!(client.get(&target).send().unwrap().text().unwrap(), target);
                }
            });
        }
    });
    assert_eq!(server.received().len(), THREADS * 50);
    assert!(server.connections() <= THREADS, "{} connections", server.connections());
}

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
    assert!(matches!(result.unwrap_err().kind(), ErrorKind::Timeout(Phase::Response)));
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
