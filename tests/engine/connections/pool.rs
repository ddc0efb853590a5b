//! How many connections a client keeps, for how long, and whom the others wait for.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use httpkit::{
    CancelToken, Client, ClientBuilder, Connector, Deadline, Destination, ErrorKind, Phase, Probe, Proxies,
    Proxy, Response, Timeouts, Transport,
    testing::{Act, Reply, Script, ScriptedConnector, Server, advance_clock},
};
use httpkit_tests::{CancelledBy, OK, answers, kind_name, scripted_with, with_body};

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
fn idle_connections_stay_open_without_requests() {
    let scripts = [answers([OK]).then(Act::End), answers([OK]), answers([OK])];
    let (client, connector) = scripted_with(Client::builder(), scripts);
    let closed = || connector.recorded().iter().map(|recorded| recorded.is_closed).collect::<Vec<_>>();
    client.get("http://h.example/").send().unwrap();
    // The server has closed it, and its time is over.
    advance_clock(Duration::from_secs(100));
    assert_eq!(closed(), [false]);
    client.get("http://i.example/").send().unwrap();
    assert_eq!(closed(), [true, false]);
    client.get("http://j.example/").send().unwrap();
    client.close_idle();
    assert_eq!(closed(), [true, true, true]);
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

/// The ways to one origin that make different peers.
fn ways() -> Vec<(&'static str, Proxies)> {
    let through = |url: &str| Proxy::parse(url).unwrap();
    let headed = through("http://p.example").header("X-Team", "spam").unwrap();
    vec![
        ("directly", Proxies::none()),
        ("through a proxy", Proxies::all(through("http://p.example"))),
        ("through another one", Proxies::all(through("http://q.example"))),
        ("with credentials", Proxies::all(through("http://me:secret@p.example"))),
        ("with a header", Proxies::all(headed)),
    ]
}

const URL: &str = "http://h.example/";

/// Reads responses that held their connections at the same time.
fn read_all(held: impl IntoIterator<Item = Response>) {
    for response in held {
        response.bytes().unwrap();
    }
}

#[test]
fn closes_idle_connection_of_other_peer_for_slot() {
    for (first, first_proxies) in ways() {
        for (second, second_proxies) in ways() {
            let (client, connector) =
                scripted_with(Client::builder().max_open_per_host(1), [answers([OK, OK]), answers([OK])]);
            for proxies in [first_proxies.clone(), second_proxies] {
                client.get(URL).proxies(proxies).send().unwrap();
            }
            let closed: Vec<bool> = connector.recorded().iter().map(|recorded| recorded.is_closed).collect();
            let expected = if first == second { &[false][..] } else { &[true, false] };
            assert_eq!(closed, expected, "{first}, then {second}");
        }
    }
}

#[test]
fn leaves_idle_connections_of_other_origins_open() {
    let scripts = (0..4).map(|_| answers([OK]));
    let (client, connector) = scripted_with(Client::builder().max_open_per_host(1), scripts);
    let [(_, directly), (_, proxied), ..] = &ways()[..] else { panic!("there are several ways") };
    for url in ["http://h.example/", "http://h.example:81/", "http://i.example/"] {
        client.get(url).proxies(directly.clone()).send().unwrap();
    }
    client.get("http://h.example/").proxies(proxied.clone()).send().unwrap();
    let closed: Vec<bool> = connector.recorded().iter().map(|recorded| recorded.is_closed).collect();
    assert_eq!(closed, [true, false, false, false]);
}

#[test]
fn closes_only_as_many_idle_connections_as_needed() {
    let scripts = (0..3).map(|_| answers([&with_body(b"x")[..]]));
    let (client, connector) = scripted_with(Client::builder().max_open_per_host(2), scripts);
    let [(_, directly), (_, proxied), ..] = &ways()[..] else { panic!("there are several ways") };
    let held: Vec<_> = (0..2).map(|_| client.get(URL).proxies(directly.clone()).send().unwrap()).collect();
    read_all(held);
    client.get(URL).proxies(proxied.clone()).send().unwrap().bytes().unwrap();
    let closed: Vec<bool> = connector.recorded().iter().map(|recorded| recorded.is_closed).collect();
    // The one that was used least recently.
    assert_eq!(closed, [true, false, false]);
}

#[test]
fn dead_connection_makes_room_before_others() {
    let body = with_body(b"x");
    // The server closes the connection after its response.
    let scripts = [Script::answer(&body), answers([&body[..]]), answers([&body[..]])];
    let (client, connector) = scripted_with(Client::builder().max_open_per_host(2), scripts);
    let [(_, directly), (_, proxied), ..] = &ways()[..] else { panic!("there are several ways") };
    let ask = |proxies: &Proxies| client.get(URL).proxies(proxies.clone()).send().unwrap();
    let held = [ask(directly), ask(proxied)];
    read_all(held);
    ask(directly).bytes().unwrap();
    let closed: Vec<bool> = connector.recorded().iter().map(|recorded| recorded.is_closed).collect();
    assert_eq!(closed, [true, false, false]);
}

#[test]
fn waiting_request_gets_slot_when_other_peer_goes_idle() {
    let with_body = with_body(b"x");
    let (client, connector) = scripted_with(
        Client::builder().max_open_per_host(1),
        [answers([&with_body[..]]), answers([&with_body[..]])],
    );
    let unread = client.get(URL).send().unwrap();
    let (choose, chosen) = mpsc::channel();
    let proxies = Proxies::by(move |_| {
        // The next step of the request is to wait.
        choose.send(()).unwrap();
        Some(Proxy::parse("http://p.example").unwrap())
    });
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.get(URL).proxies(proxies).send().unwrap().text().unwrap());
        chosen.recv().unwrap();
        assert_eq!(unread.text().unwrap(), "x");
        assert_eq!(waiting.join().unwrap(), "x");
    });
    assert!(connector.recorded()[0].is_closed);
    assert_eq!(connector.recorded().len(), 2);
}

/// Counts the transports that are open at once.
#[derive(Clone, Default)]
struct Counting {
    open: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

struct Counted(Box<dyn Transport>, Arc<AtomicUsize>);

impl Connector for Counting {
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        self.most.fetch_max(self.open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let script = answers(vec![OK; 1000]);
        let transport = ScriptedConnector::new([script]).connect(destination, deadline)?;
        Ok(Box::new(Counted(transport, self.open.clone())))
    }
}

impl Transport for Counted {
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        thread::yield_now();
        self.0.read(buffer, deadline)
    }

    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> io::Result<usize> {
        self.0.write(bytes, deadline)
    }

    fn probe(&mut self) -> Probe {
        self.0.probe()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn serves_all_peers_of_origin_within_limit() {
    let connector = Counting::default();
    let client = Client::builder().connector(connector.clone()).max_open_per_host(2).build().unwrap();
    thread::scope(|scope| {
        for (way, proxies) in ways().into_iter().cycle().take(10) {
            let client = client.clone();
            scope.spawn(move || {
                for _ in 0..50 {
                    client.get(URL).proxies(proxies.clone()).send().expect(way);
                }
            });
        }
    });
    assert!(connector.most.load(Ordering::SeqCst) <= 2, "{:?}", connector.most);
}

#[test]
fn full_host_replaces_its_own_connection_in_full_pool() {
    let (own, other) = (server(), server());
    let client = Client::builder().max_idle_per_host(2).max_idle(3).build().unwrap();
    get(&client, &other);
    let held: Vec<_> = (0..3).map(|_| client.get(own.url("/x")).send().unwrap()).collect();
    read_all(held);
    get(&client, &other);
    get(&client, &own);
    assert_eq!((own.connections(), other.connections()), (3, 1));
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
