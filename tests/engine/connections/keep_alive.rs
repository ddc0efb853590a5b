//! When a connection serves again, and when it does not.

use std::{io::Read, thread};

use httpkit::{
    Client, RequestBody,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};
use httpkit_tests::{OK, answers, requests, scripted, scripted_with};

const URL: &str = "http://test.example/";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

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
fn a_connection_that_was_lent_takes_its_place_again() {
    let (client, connector) = scripted_with(Client::builder().max_idle(1), [answers([OK, OK, OK])]);
    for _ in 0..3 {
        client.get(URL).send().unwrap();
    }
    assert_eq!(requests(&connector), [3]);
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
fn the_last_clone_of_a_client_takes_its_connections_along() {
    let script = Script::new().then(Act::AwaitWrite).then(Act::Send(OK.to_vec()));
    let connector = ScriptedConnector::new([script]);
    let client = Client::builder().connector(connector.clone()).build().unwrap();
    let clone = client.clone();
    client.get(URL).send().unwrap().bytes().unwrap();
    drop(client);
    assert!(!is_closed(&connector, 0));
    drop(clone);
    assert!(is_closed(&connector, 0));
}
