//! How many connections a client keeps, for how long, and whom the others wait for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use httpkit::{
    CancelToken, Client, ClientBuilder, ErrorKind, Phase, Timeouts,
    testing::{Reply, Server, advance_clock},
};
use httpkit_tests::{CancelledBy, kind_name};

fn server() -> Server {
    Server::start(|request| Reply::text(200, request.target()))
}

fn get(client: &Client, server: &Server) {
    assert_eq!(client.get(server.url("/x")).send().unwrap().text().unwrap(), "/x");
}

/// How many connections two requests take, so long after each other.
fn connections(builder: ClientBuilder, server: &Server, pause: Duration) -> usize {
    let client = builder.build().unwrap();
    let before = server.connections();
    get(&client, server);
    advance_clock(pause);
    get(&client, server);
    server.connections() - before
}

#[test]
fn a_connection_grows_too_old() {
    let server = server();
    let seconds = Duration::from_secs;
    for (name, builder, pause, expected) in [
        ("within the default of 90 s", Client::builder(), seconds(89), 1),
        ("beyond it", Client::builder(), seconds(90), 2),
        ("beyond a timeout of its own", Client::builder().idle_timeout(seconds(10)), seconds(11), 2),
        ("no time at all", Client::builder().idle_timeout(Duration::ZERO), Duration::ZERO, 2),
        ("for ever", Client::builder().idle_timeout(Duration::MAX), seconds(1_000_000), 1),
        ("within its lifetime", Client::builder().max_lifetime(seconds(30)), seconds(29), 1),
        ("beyond its lifetime", Client::builder().max_lifetime(seconds(30)), seconds(30), 2),
        ("a lifetime without end", Client::builder().max_lifetime(Duration::MAX), seconds(89), 1),
    ] {
        assert_eq!(connections(builder, &server, pause), expected, "{name}");
    }
}

#[test]
fn a_lifetime_counts_from_the_opening() {
    let server = server();
    let client = Client::builder().max_lifetime(Duration::from_secs(30)).build().unwrap();
    for _ in 0..4 {
        get(&client, &server);
        advance_clock(Duration::from_secs(12));
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn the_server_says_how_long_it_keeps_a_connection() {
    for (hint, pause, expected) in [
        ("timeout=5", 3, 1),
        // A second before the server closes is too late to send a request.
        ("timeout=5", 4, 2),
        ("timeout=5, max=100", 3, 1),
        ("max=0", 0, 2),
        ("timeout=0", 0, 2),
        // No longer than the client wants.
        ("timeout=1000000", 91, 2),
        ("timeout=soon", 80, 1),
    ] {
        let server = Server::start(move |_| {
            Reply::text(200, "/x").header("Connection", "keep-alive").header("Keep-Alive", hint)
        });
        let pause = Duration::from_secs(pause);
        assert_eq!(connections(Client::builder(), &server, pause), expected, "{hint} after {pause:?}");
    }
}

#[test]
fn a_connection_serves_so_many_requests() {
    let server = server();
    let client = Client::builder().max_requests_per_connection(3).build().unwrap();
    for _ in 0..7 {
        get(&client, &server);
    }
    assert_eq!(server.connections(), 3);
}

#[test]
fn the_oldest_makes_room_when_the_pool_is_full() {
    let servers: Vec<Server> = (0..5).map(|_| server()).collect();
    let client = Client::builder().max_idle(3).build().unwrap();
    for server in &servers {
        get(&client, server);
    }
    for server in servers.iter().rev() {
        get(&client, server);
    }
    let connections: Vec<usize> = servers.iter().map(Server::connections).collect();
    assert_eq!(connections, [2, 2, 1, 1, 1]);
}

#[test]
fn closing_idle_connections_lets_the_client_go_on() {
    let server = server();
    let client = Client::new();
    get(&client, &server);
    client.close_idle();
    get(&client, &server);
    assert_eq!(server.connections(), 2);
}

#[test]
fn so_many_connections_to_a_host_are_open_at_once() {
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let server = Server::start({
        let most = most.clone();
        move |_| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
            Reply::text(200, "/x")
        }
    });
    let client = Client::builder().max_open_per_host(2).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| get(&client, &server)));
        }
    });
    assert_eq!(server.received().len(), 400);
    assert!(most.load(Ordering::SeqCst) <= 2, "{most:?}");
    assert!(server.connections() <= 2, "{}", server.connections());
}

#[test]
fn who_waits_for_a_connection_waits_no_longer_than_it_may() {
    let server = server();
    let client = Client::builder().max_open_per_host(1).build().unwrap();
    let unread = client.get(server.url("/x")).send().unwrap();
    // A response without content gives its connection back at once, this one does not.
    assert_eq!(unread.content_length(), Some(2));

    let error = client.get(server.url("/y")).timeout(Duration::from_millis(30)).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Pool, .. }), "{error:?}");
    assert!(error.is_timeout() && !error.may_have_been_processed());

    let timeouts = Timeouts::new().pool(Duration::from_millis(30));
    let impatient = Client::builder().max_open_per_host(1).timeouts(timeouts).build().unwrap();
    let held = impatient.get(server.url("/x")).send().unwrap();
    let error = impatient.get(server.url("/y")).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Pool, .. }), "{error:?}");
    drop(held);

    let token = CancelToken::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.get(server.url("/z")).cancel_token(&token).send().map(drop));
        token.cancel();
        assert_eq!(kind_name(waiting.join().unwrap().unwrap_err().kind()), "Cancelled");
    });

    thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&client, &server));
        drop(unread);
        waiting.join().unwrap();
    });
    assert_eq!(server.received().len(), 3);
}

#[test]
fn a_client_that_is_shut_down_waits_for_no_connection() {
    let server = Server::start(|_| {
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").pause(Duration::from_secs(60))
    });
    let client = Client::builder().max_open_per_host(1).timeouts(Timeouts::NONE).build().unwrap();
    let _held = client.get(server.url("/x")).send().unwrap();
    let (say, word) = mpsc::channel();
    say.send(()).unwrap();
    let error = CancelledBy::ShutDown.when(word, &client, client.get(server.url("/y")));
    assert!(!error.may_have_been_processed());
}

#[test]
fn a_client_that_is_shut_down_ends_what_it_does() {
    let server = Server::start(|request| match request.target() {
        "/slow" => {
            Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").pause(Duration::from_secs(60))
        }
        _ => Reply::text(200, "/x"),
    });
    let client = Client::new();
    get(&client, &server);
    thread::scope(|scope| {
        let response = client.get(server.url("/slow")).send().unwrap();
        let reading = scope.spawn(|| response.bytes());
        client.clone().shut_down();
        let error = reading.join().unwrap().unwrap_err();
        assert_eq!(kind_name(error.kind()), "Cancelled");
    });
    let error = client.get(server.url("/x")).send().unwrap_err();
    assert_eq!(kind_name(error.kind()), "Cancelled");
    assert!(!error.may_have_been_processed());
    // Another client is another matter.
    get(&Client::new(), &server);
}
