//! Connections that servers end as they are configured to.

use std::{thread, time::Duration};

use httpkit::{
    Client,
    testing::{Reply, Server, advance_clock},
};

use crate::{
    counted::Counted,
    programs::{haproxy_before, nginx},
};

/// Answers with the number of the connection and the number of the request on it.
const NUMBERS: &str = "location / { return 200 \"$connection $connection_requests\"; }";

fn greeting() -> Server {
    Server::start(|_| Reply::text(200, "hello"))
}

/// Sends requests with pauses that are shorter and longer than the 10 ms after which the server ends connections.
fn request_around_the_end(url: &str) {
    let counted = Counted::new();
    for number in 0..100 {
        counted.text(url);
        thread::sleep(Duration::from_micros(5_000 + 150 * number));
    }
    assert!(counted.opened() > 1);
}

#[test]
fn connections_that_serve_three_requests_serve_a_hundred() {
    let Some(nginx) = nginx(&format!("keepalive_requests 3; {NUMBERS}")) else { return };
    let counted = Counted::new();
    for number in 0..100 {
        let text = counted.text(&nginx.url("/"));
        let nth = text.split(' ').nth(1).unwrap();
        assert_eq!(nth, (number % 3 + 1).to_string(), "{text}");
    }
    assert_eq!(counted.opened(), 34);
}

#[test]
fn connections_that_nginx_ends_while_they_wait_cost_no_request() {
    let Some(nginx) = nginx(&format!("keepalive_timeout 10ms; {NUMBERS}")) else { return };
    request_around_the_end(&nginx.url("/"));
}

#[test]
fn connections_that_haproxy_ends_while_they_wait_cost_no_request() {
    let server = greeting();
    let Some(haproxy) = haproxy_before(&server, "timeout http-keep-alive 10ms") else { return };
    request_around_the_end(&haproxy.url("/"));
}

#[test]
fn a_connection_is_not_used_for_longer_than_keep_alive_says() {
    let Some(nginx) = nginx(&format!("keepalive_timeout 60s 10s; {NUMBERS}")) else { return };
    let counted = Counted::new();
    assert_eq!(counted.get(&nginx.url("/")).header("keep-alive").unwrap(), "timeout=10");
    for (idle, opened) in [(0, 1), (5, 1), (5, 1), (10, 2)] {
        advance_clock(Duration::from_secs(idle));
        counted.text(&nginx.url("/"));
        assert_eq!(counted.opened(), opened, "after {idle} s");
    }
}

#[test]
fn a_server_that_keeps_no_connection_is_served_on_one_for_each_request() {
    let Some(nginx) = nginx(&format!("keepalive_timeout 0; {NUMBERS}")) else { return };
    let counted = Counted::new();
    for _ in 0..10 {
        assert!(counted.text(&nginx.url("/")).ends_with(" 1"));
    }
    assert_eq!(counted.opened(), 10);
}

#[test]
fn a_request_that_says_close_is_the_last_of_its_connection() {
    let Some(nginx) = nginx(NUMBERS) else { return };
    let counted = Counted::new();
    let close = |client: &Client| client.get(nginx.url("/")).header("Connection", "close").send().unwrap();
    for _ in 0..10 {
        assert!(close(&counted.client).text().unwrap().ends_with(" 1"));
    }
    assert_eq!(counted.opened(), 10);
}

#[test]
fn haproxy_decides_on_either_side_how_long_connections_last() {
    for (settings, before, behind) in
        [("option http-keep-alive", 1, 1), ("option http-server-close", 1, 10), ("option httpclose", 10, 10)]
    {
        let server = greeting();
        let Some(haproxy) = haproxy_before(&server, settings) else { return };
        let counted = Counted::new();
        for _ in 0..10 {
            assert_eq!(counted.text(&haproxy.url("/")), "hello");
        }
        assert_eq!((counted.opened(), server.connections()), (before, behind), "{settings}");
    }
}
