//! The way to a server: names, addresses, and which of them answers first.

use std::{
    error::Error as _,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use httpkit::{
    AddressFamily, CancelToken, Client, ClientBuilder, Deadline, Destination, Error, ErrorKind,
    HttpConnection, Method, Phase, Resolver, TcpConfig, Timeouts,
    testing::{Reply, Server},
};
use httpkit_tests::CancelledBy;
use socket2::{Domain, Socket, Type};

const SHORT: Duration = Duration::from_millis(100);
const URL: &str = "http://test.example/";

fn hello() -> Server {
    Server::start(|_| Reply::text(200, "hello"))
}

/// An address that is taken, so that nobody else listens there, and refuses connections.
struct Refusing(Socket);

impl Refusing {
    fn new() -> Refusing {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        Refusing(socket)
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap().as_socket().unwrap()
    }
}

/// Resolves each name to these addresses.
fn to<const N: usize>(addresses: [SocketAddr; N]) -> impl Resolver {
    move |_: Destination<'_>, _: Deadline| Ok(addresses.to_vec())
}

/// Whatever the environment says of proxies.
fn build(builder: ClientBuilder) -> Client {
    builder.no_proxy().build().unwrap()
}

fn text(client: &Client, url: &str) -> httpkit::Result<String> {
    client.get(url).send()?.text()
}

#[test]
fn the_first_address_that_answers_serves() {
    let (first, second) = (hello(), hello());
    let client = build(Client::builder().resolver(to([first.address(), second.address()])));
    assert_eq!(text(&client, URL).unwrap(), "hello");
    assert_eq!((first.connections(), second.connections()), (1, 0));
}

#[test]
fn the_next_address_is_tried_when_one_refuses() {
    let server = hello();
    let refusing = [Refusing::new(), Refusing::new(), Refusing::new()];
    let [first, second, last] = refusing.each_ref().map(Refusing::address);
    let addresses = [first, second, server.address(), last];
    for token in [None, Some(CancelToken::new())] {
        let client = build(Client::builder().resolver(to(addresses)));
        let request = client.get(URL);
        let request = if let Some(token) = &token { request.cancel_token(token) } else { request };
        assert_eq!(request.send().unwrap().text().unwrap(), "hello");
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_failure_names_each_address_and_its_error() {
    let refusing = [Refusing::new(), Refusing::new(), Refusing::new()];
    let addresses = refusing.each_ref().map(Refusing::address);
    let client = build(Client::builder().resolver(to(addresses)));
    let error = client.post(URL).body("x").send().unwrap_err();
    let ErrorKind::Connect { host, source } = error.kind() else { panic!("{error:?}") };
    assert_eq!((host.as_str(), source.kind()), ("test.example:80", io::ErrorKind::ConnectionRefused));
    assert!(error.is_connect() && error.is_retryable() && !error.may_have_been_processed());
    let report = source.to_string();
    for address in addresses {
        assert!(report.contains(&format!("{address}: Connection refused")), "{report}");
    }
    let client = build(Client::builder().resolver(to([addresses[0]])));
    let report = client.get(URL).send().unwrap_err().source().unwrap().to_string();
    assert!(report.starts_with(&format!("{}: ", addresses[0])) && !report.contains(';'), "{report}");
}

#[test]
fn an_address_that_is_there_twice_is_tried_once() {
    let refusing = Refusing::new();
    let address = refusing.address();
    let client = build(Client::builder().resolver(to([address, address])));
    let report = client.get(URL).send().unwrap_err().source().unwrap().to_string();
    assert_eq!(report.matches(&address.to_string()).count(), 1, "{report}");
}

#[test]
fn families_take_turns() {
    let refusing = [Refusing::new(), Refusing::new()];
    let [first, second] = refusing.each_ref().map(Refusing::address);
    // Whether or not this machine has that address, nothing listens on its port 1.
    let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 1));
    let client = build(Client::builder().resolver(to([first, second, v6])));
    let report = client.get(URL).send().unwrap_err().source().unwrap().to_string();
    let places = [first, v6, second].map(|address| report.find(&address.to_string()).unwrap());
    assert!(places.is_sorted(), "{report}");
}

#[test]
fn ip_addresses_are_not_looked_up() {
    let asked = Arc::new(AtomicUsize::new(0));
    let resolver = {
        let asked = asked.clone();
        move |_: Destination<'_>, _: Deadline| {
            asked.fetch_add(1, Ordering::Relaxed);
            Err(io::ErrorKind::NotFound.into())
        }
    };
    let resolver = Arc::new(resolver);
    let ours = |asked: Arc<dyn Resolver>| move |to: Destination<'_>, by: Deadline| asked.resolve(to, by);
    let (server, refusing) = (hello(), Refusing::new());
    let builder = Client::builder().resolver(ours(resolver.clone()));
    let client = build(builder.resolve("127.0.0.1", refusing.address()));
    assert_eq!(text(&client, &server.url("/")).unwrap(), "hello");
    for host in ["[::1]:1", "[fe80::1%1]:1"] {
        let connection = HttpConnection::builder(host).resolver(ours(resolver.clone()));
        let error = connection.build().unwrap().connect().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Connect { .. }), "{host}: {error:?}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    client.get(URL).send().unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn a_name_is_looked_up_once_a_connection() {
    let server = hello();
    let asked = Arc::new(AtomicUsize::new(0));
    let resolver = {
        let (asked, address) = (asked.clone(), server.address());
        move |destination: Destination<'_>, _: Deadline| {
            assert_eq!((destination.host, destination.port), ("test.example", 80));
            asked.fetch_add(1, Ordering::Relaxed);
            Ok(vec![address])
        }
    };
    let client = build(Client::builder().resolver(resolver));
    for _ in 0..3 {
        text(&client, URL).unwrap();
    }
    assert_eq!((asked.load(Ordering::Relaxed), server.connections()), (1, 1));
}

#[test]
fn known_names_need_no_resolver() {
    let (server, refusing) = (hello(), Refusing::new());
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let client = build(
        Client::builder()
            .resolver(to([refusing.address()]))
            .resolve("api.test", server.address())
            .resolve("Port.TEST", any_port)
            .resolve("two.test", refusing.address())
            .resolve("two.test", server.address()),
    );
    let port = server.address().port();
    for host in ["api.test", "API.Test", &format!("port.test:{port}"), "two.test"] {
        assert_eq!(text(&client, &format!("http://{host}/")).unwrap(), "hello", "{host}");
        let last = server.received().pop().unwrap();
        assert_eq!(last.header("host").unwrap().to_string(), host.to_ascii_lowercase());
    }
    let error = text(&client, "http://other.test/").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect { .. }), "{error}");
}

#[test]
fn a_connection_has_the_same_settings() {
    let server = hello();
    let connect = |host: &str| {
        HttpConnection::builder(host)
            .resolve("api.test", server.address())
            .resolver(to([server.address()]))
            .tcp(TcpConfig::new().address_family(AddressFamily::Ipv4))
            .build()
            .unwrap()
    };
    for host in ["api.test", "other.test"] {
        let mut connection = connect(host);
        connection.request(Method::GET, "/", (), &[]).unwrap();
        assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"hello");
    }
    let error = connect("[::1]").connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Dns { .. }), "{error}");
}

#[test]
fn other_families_are_left_alone() {
    let server = hello();
    let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 9));
    let limited = |family, addresses: Vec<SocketAddr>| {
        let tcp = TcpConfig::new().address_family(family);
        let resolver = move |_: Destination<'_>, _: Deadline| Ok(addresses.clone());
        build(Client::builder().tcp(tcp).resolver(resolver))
    };
    let client = limited(AddressFamily::Ipv4, vec![v6, server.address()]);
    assert_eq!(text(&client, URL).unwrap(), "hello");
    for (family, addresses, reason) in [
        (AddressFamily::Ipv4, vec![v6], "no IPv4 address"),
        (AddressFamily::Ipv6, vec![server.address()], "no IPv6 address"),
        (AddressFamily::Any, vec![], "no IP address"),
    ] {
        let error = text(&limited(family, addresses), URL).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Dns { .. }), "{error}");
        assert!(error.source().unwrap().to_string().contains(reason), "{error:?}");
    }
}

#[test]
fn what_a_resolver_says_is_the_cause() {
    let client = build(
        Client::builder().resolver(|_: Destination<'_>, _: Deadline| Err(io::Error::other("no such planet"))),
    );
    let error = client.post(URL).body("x").send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Dns { host, .. } if host == "test.example"), "{error:?}");
    assert_eq!(error.source().unwrap().to_string(), "no such planet");
}

#[test]
fn a_resolver_that_panics_costs_its_own_requests_alone() {
    let client =
        build(Client::builder().resolver(|_: Destination<'_>, _: Deadline| -> io::Result<Vec<SocketAddr>> {
            panic!("the test wants this")
        }));
    for _ in 0..10 {
        let error = client.get(URL).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Dns { .. }), "{error:?}");
    }
    let server = hello();
    let other = build(Client::builder().resolver(to([server.address()])));
    assert_eq!(text(&other, URL).unwrap(), "hello");
}

/// A resolver that waits until the test is over, and a word when it has been asked.
fn silent() -> (impl Resolver, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (ask, asked) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let ended = std::sync::Mutex::new(ended);
    let resolver = move |_: Destination<'_>, _: Deadline| {
        let _ = ask.send(());
        let _ = ended.lock().unwrap().recv();
        Err(io::ErrorKind::NotFound.into())
    };
    (resolver, asked, end)
}

fn assert_timed_out(error: &Error, phase: Phase) {
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: found, .. } if *found == phase), "{error}");
    assert!(error.is_connect() && error.is_retryable() && !error.may_have_been_processed());
}

#[test]
fn a_resolver_that_does_not_answer_ends_at_its_deadline() {
    for timeouts in [
        Timeouts::NONE.resolve(SHORT),
        Timeouts::NONE.connect(SHORT),
        Timeouts::NONE.resolve(SHORT).connect(Duration::MAX),
    ] {
        let (resolver, _asked, _end) = silent();
        let client = build(Client::builder().resolver(resolver).timeouts(timeouts));
        assert_timed_out(&client.post(URL).body("x").send().unwrap_err(), Phase::Resolve);
    }
    let late = build(
        Client::builder().resolver(|_: Destination<'_>, _: Deadline| Err(io::ErrorKind::TimedOut.into())),
    );
    assert_timed_out(&late.post(URL).body("x").send().unwrap_err(), Phase::Resolve);
}

#[test]
fn the_timeout_for_names_does_not_end_connecting() {
    let server = hello();
    let timeouts = Timeouts::NONE.resolve(Duration::ZERO);
    let client = build(Client::builder().timeouts(timeouts).resolve("api.test", server.address()));
    for url in [server.url("/"), "http://api.test/".into()] {
        assert_eq!(text(&client, &url).unwrap(), "hello");
    }
}

/// Ends a request before it has been sent, as soon as there is a word.
fn cancel_when(word: mpsc::Receiver<()>, by: CancelledBy, builder: ClientBuilder, url: &str) {
    let client = build(builder.timeouts(Timeouts::NONE));
    let error = by.when(word, &client, client.post(url).body("x"));
    assert!(!error.may_have_been_processed());
}

#[test]
fn cancellation_ends_a_lookup() {
    for by in CancelledBy::ALL {
        let (resolver, asked, _end) = silent();
        cancel_when(asked, by, Client::builder().resolver(resolver), URL);
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        fs,
        net::{IpAddr, TcpListener},
        os::unix::net::UnixListener,
        thread,
    };

    use httpkit_tests::{BlackHole, skip};
    use socket2::SockAddr;

    use super::*;

    #[test]
    fn an_address_that_does_not_answer_is_joined_by_the_next() {
        let (black_hole, refusing, server) = (BlackHole::new(), Refusing::new(), hello());
        let addresses = [black_hole.address(), refusing.address(), server.address()];
        // There is no deadline that could end the first attempt.
        let client = build(Client::builder().resolver(to(addresses)).timeouts(Timeouts::NONE));
        assert_eq!(text(&client, URL).unwrap(), "hello");
        await_end_of_dial_threads();
    }

    #[test]
    fn addresses_that_do_not_answer_end_at_the_deadline() {
        let (one, other, refusing) = (BlackHole::new(), BlackHole::new(), Refusing::new());
        for addresses in [vec![one.address()], vec![one.address(), other.address(), refusing.address()]] {
            let resolver = move |_: Destination<'_>, _: Deadline| Ok(addresses.clone());
            let client = build(Client::builder().resolver(resolver).connect_timeout(3 * SHORT));
            assert_timed_out(&client.post(URL).body("x").send().unwrap_err(), Phase::Connect);
        }
        await_end_of_dial_threads();
    }

    #[test]
    fn cancellation_ends_connecting() {
        for by in CancelledBy::ALL {
            let (one, other) = (BlackHole::new(), BlackHole::new());
            for addresses in [vec![one.address()], vec![one.address(), other.address()]] {
                let resolver = move |_: Destination<'_>, _: Deadline| Ok(addresses.clone());
                let (say, word) = mpsc::channel();
                thread::scope(|scope| {
                    scope.spawn(|| {
                        one.await_attempt();
                        say.send(()).unwrap();
                    });
                    cancel_when(word, by, Client::builder().resolver(resolver), URL);
                });
                await_end_of_dial_threads();
            }
        }
    }

    #[test]
    fn a_request_that_has_been_cancelled_connects_nowhere() {
        let black_hole = BlackHole::new();
        for by in CancelledBy::ALL {
            // The word may come at any time from the first look at the token to the wait.
            for _ in 0..100 {
                let (say, word) = mpsc::channel();
                say.send(()).unwrap();
                cancel_when(word, by, Client::builder(), &format!("http://{}/", black_hole.address()));
            }
        }
    }

    /// Attempts that nobody waits for any more end, and with them their threads.
    fn await_end_of_dial_threads() {
        let dials = || {
            let tasks = fs::read_dir("/proc/self/task").unwrap();
            let name =
                |task: io::Result<fs::DirEntry>| fs::read_to_string(task.ok()?.path().join("comm")).ok();
            tasks.filter_map(name).filter(|name| name.trim_end() == "httpkit-dial").count()
        };
        // Other tests dial too, but no attempt of theirs lasts.
        for _ in 0..600 {
            if dials() == 0 {
                return;
            }
            thread::sleep(SHORT);
        }
        panic!("{} dials are still under way", dials());
    }

    #[test]
    fn tries_32_addresses_and_reports_three() {
        let (server, refusing) = (hello(), Refusing::new());
        let port = refusing.address().port();
        // On Linux, all of 127.0.0.0/8 is local. Nothing listens at these addresses.
        let refuse = |count: u8| (1..=count).map(move |number| SocketAddr::from(([127, 0, 1, number], port)));
        let to_last = |count| {
            let addresses: Vec<_> = refuse(count).chain([server.address()]).collect();
            let resolver = move |_: Destination<'_>, _: Deadline| Ok(addresses.clone());
            text(&build(Client::builder().resolver(resolver)), URL)
        };
        assert_eq!(to_last(31).unwrap(), "hello");
        let error = to_last(32).unwrap_err();
        let report = error.source().unwrap().to_string();
        assert_eq!(report.matches("refused").count(), 3, "{report}");
        assert!(report.ends_with("; and 29 more of 32 addresses"), "{report}");
        assert_eq!(server.connections(), 1);
    }

    /// Answers one request with the address that it comes from.
    fn tell_peer() -> (SocketAddr, thread::JoinHandle<IpAddr>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        (address, thread::spawn(move || listener.accept().unwrap().1.ip()))
    }

    #[test]
    fn connections_come_from_the_local_address() {
        let local = IpAddr::from([127, 0, 0, 77]);
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 9));
        let tcp = TcpConfig::new().local_address(local);
        let refusing = Refusing::new();
        for others in [vec![], vec![v6], vec![refusing.address(), v6]] {
            let (address, server) = tell_peer();
            let addresses = [others, vec![address]].concat();
            let resolver = move |_: Destination<'_>, _: Deadline| Ok(addresses.clone());
            let connection = HttpConnection::builder("test.example").tcp(tcp.clone()).resolver(resolver);
            connection.build().unwrap().connect().unwrap();
            assert_eq!(server.join().unwrap(), local);
        }
    }

    #[test]
    fn a_local_address_of_somebody_else_connects_nowhere() {
        let server = hello();
        let tcp = TcpConfig::new().local_address([192, 0, 2, 1].into());
        let error = text(&build(Client::builder().tcp(tcp)), &server.url("/")).unwrap_err();
        let ErrorKind::Connect { source, .. } = error.kind() else { panic!("{error:?}") };
        assert_eq!(source.kind(), io::ErrorKind::AddrNotAvailable);
        assert_eq!(server.connections(), 0);
    }

    #[test]
    fn connections_go_through_the_interface() {
        let server = hello();
        let through = |name| build(Client::builder().tcp(TcpConfig::new().interface(name)));
        let error = text(&through("nowhere0"), &server.url("/")).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Connect { .. }), "{error:?}");
        match text(&through("lo"), &server.url("/")) {
            Ok(text) => assert_eq!(text, "hello"),
            Err(error) => {
                let ErrorKind::Connect { source, .. } = error.kind() else { panic!("{error:?}") };
                assert_eq!(source.kind(), io::ErrorKind::PermissionDenied, "{error:?}");
                skip::<()>("this user has no right to choose the interface", "run the tests as root");
            }
        }
    }

    /// A Unix domain socket whose queue is full: connecting to it waits.
    fn full_unix_socket(name: &str) -> (std::path::PathBuf, Vec<Socket>) {
        let path = std::env::temp_dir().join(format!("httpkit-{name}-{}.sock", std::process::id()));
        let listener = Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
        listener.bind(&SockAddr::unix(&path).unwrap()).unwrap();
        listener.listen(0).unwrap();
        let mut sockets = vec![listener];
        loop {
            let socket = Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
            socket.set_nonblocking(true).unwrap();
            let connected = socket.connect(&SockAddr::unix(&path).unwrap());
            sockets.push(socket);
            if connected.is_err() {
                return (path, sockets);
            }
        }
    }

    #[test]
    fn a_unix_socket_that_does_not_accept_ends_at_the_deadline_or_by_cancellation() {
        let (path, sockets) = full_unix_socket("full");
        let client = build(Client::builder().unix_socket(&path).connect_timeout(SHORT));
        assert_timed_out(&client.post(URL).body("x").send().unwrap_err(), Phase::Connect);

        for by in CancelledBy::ALL {
            let (say, word) = mpsc::channel();
            say.send(()).unwrap();
            cancel_when(word, by, Client::builder().unix_socket(&path), URL);
        }
        // As soon as there is room, it is taken.
        let client = build(Client::builder().unix_socket(&path).timeouts(Timeouts::NONE));
        let connected = thread::spawn(move || client.get(URL).send());
        let accepted: Vec<_> = sockets[1..].iter().map(|_| sockets[0].accept().unwrap()).collect();
        drop((accepted, sockets));
        assert!(!matches!(connected.join().unwrap().unwrap_err().kind(), ErrorKind::Timeout { .. }));
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_unix_socket_serves_with_a_deadline_and_a_token() {
        let path = std::env::temp_dir().join(format!("httpkit-token-{}.sock", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let client = build(Client::builder().unix_socket(&path));
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            io::Write::write_all(&mut stream, httpkit_tests::OK).unwrap();
            // The response comes before the request, which is fine over a socket of this kind.
            io::copy(&mut stream, &mut io::sink()).unwrap();
        });
        client.get(URL).cancel_token(&CancelToken::new()).send().unwrap().bytes().unwrap();
        drop(client);
        server.join().unwrap();
        fs::remove_file(path).unwrap();
    }
}
