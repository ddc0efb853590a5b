//! Slow servers behind haproxy: whose patience ends first, and what the client makes of it.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use httpkit::{
    Client, ErrorKind, Phase, RequestBody, Result, Timeouts,
    testing::{Reply, Server},
};

use crate::programs::{haproxy, haproxy_before};

const SHORT: Duration = Duration::from_millis(100);
/// Longer than any test lasts.
const LONG: Duration = Duration::from_secs(60);

/// A server whose answers stop short, at a place that the path names.
fn slow() -> Server {
    Server::start(|request| match request.target() {
        "/head" => Reply::raw("").pause(LONG),
        "/within-head" => Reply::raw("HTTP/1.1 200 OK\r\nContent-Le").pause(LONG),
        "/body" => Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nspam").pause(LONG),
        "/chunk" => {
            Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nspam\r\n").pause(LONG)
        }
        "/drip" => {
            let head = Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            (0..1000).fold(head, |reply, _| reply.send("x").pause(SHORT / 4))
        }
        target => panic!("{target}"),
    })
}

/// A GET, with its body.
fn get(client: &Client, url: String) -> Result<Vec<u8>> {
    client.get(url).send()?.bytes()
}

fn client(timeouts: Timeouts) -> Client {
    Client::builder().timeouts(timeouts).build().unwrap()
}

fn assert_timed_out<T: std::fmt::Debug>(result: Result<T>, phase: Phase) {
    let error = result.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Timeout { phase: found, .. } if *found == phase),
        "{phase}: {error:?}"
    );
}

#[test]
fn our_patience_ends_in_the_phase_that_lasts() {
    let server = slow();
    let Some(haproxy) = haproxy_before(&server, "") else { return };
    let none = Timeouts::NONE;
    let (response, between_bytes) = (none.response(SHORT), none.between_bytes(SHORT));
    for (path, timeouts, phase) in [
        ("/head", response, Phase::Response),
        ("/within-head", response, Phase::Response),
        ("/body", between_bytes, Phase::Body),
        ("/chunk", between_bytes, Phase::Body),
    ] {
        assert_timed_out(get(&client(timeouts), haproxy.url(path)), phase);
    }
    // Bytes that come in time do not help against the total.
    let patient = client(none);
    let response = patient.get(haproxy.url("/drip")).timeout(5 * SHORT).send().unwrap();
    assert_timed_out(response.bytes(), Phase::Body);
    assert_timed_out(patient.get(haproxy.url("/head")).timeout(SHORT).send(), Phase::Response);
}

#[test]
fn a_server_that_reads_nothing_ends_our_patience_in_sending() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let Some(haproxy) = haproxy(&silent.local_addr().unwrap().to_string(), "") else { return };
    let client = client(Timeouts::NONE.between_bytes(SHORT));
    let request = client.post(haproxy.url("/")).body(RequestBody::from_reader(io::repeat(b'x')));
    assert_timed_out(request.send(), Phase::Send);
}

#[test]
fn a_server_that_shakes_no_hands_ends_our_patience_in_the_handshake() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let Some(haproxy) = haproxy(&silent.local_addr().unwrap().to_string(), "mode tcp") else { return };
    for timeouts in [Timeouts::NONE.handshake(SHORT), Timeouts::NONE.connect(SHORT)] {
        let url = haproxy.url("/").replace("http:", "https:");
        assert_timed_out(client(timeouts).get(url).send(), Phase::Handshake);
    }
}

#[test]
fn patience_of_haproxy_that_ends_before_an_answer_is_a_status() {
    let server = slow();
    let Some(haproxy) = haproxy_before(&server, "timeout server 100ms") else { return };
    for path in ["/head", "/within-head"] {
        let response = Client::new().get(haproxy.url(path)).send().unwrap();
        assert_eq!(response.status(), 504, "{path}");
        assert!(response.text().unwrap().contains("504 Gateway Time-out"), "{path}");
    }
}

#[test]
fn patience_of_haproxy_that_ends_within_a_body_leaves_it_incomplete() {
    let server = slow();
    let Some(haproxy) = haproxy_before(&server, "timeout server 100ms") else { return };
    for path in ["/body", "/chunk"] {
        let error = get(&Client::new(), haproxy.url(path)).unwrap_err();
        let ErrorKind::IncompleteRead { received: 4, .. } = error.kind() else { panic!("{path}: {error:?}") };
    }
}

#[test]
fn a_server_that_haproxy_does_not_reach_is_a_status() {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let Some(haproxy) = haproxy(&nobody.to_string(), "") else { return };
    let response = Client::new().get(haproxy.url("/")).send().unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.text().unwrap().contains("503 Service Unavailable"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_does_not_answer_the_knock_of_haproxy_is_a_status() {
    let hole = httpkit_tests::BlackHole::new();
    let Some(haproxy) = haproxy(&hole.address().to_string(), "timeout connect 100ms") else { return };
    assert_eq!(Client::new().get(haproxy.url("/")).send().unwrap().status(), 503);
}
