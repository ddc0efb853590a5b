//! What an application learns of the way that a response has come.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, EventKind, HttpConnection, Method, Proxies, Proxy, Timings,
    testing::{Reply, Script, Server, advance_clock},
};
use httpkit_tests::{
    OK, Slow, TunnelProxy, answers,
    tls::{Authority, Then, TlsServer},
};
use rustls::version::{TLS12, TLS13};

const SECOND: Duration = Duration::from_secs(1);
const HOST: &str = "127.0.0.1";

/// Whether there is a time for the name, for connecting, for the proxy and for TLS.
fn parts(timings: Timings) -> [bool; 4] {
    let Timings { dns, connect, proxy, tls, .. } = timings;
    [dns, connect, proxy, tls].map(|part| part.is_some())
}

const NONE: [bool; 4] = [false; 4];
const DIRECT: [bool; 4] = [true, true, false, false];
const DIRECT_TLS: [bool; 4] = [true, true, false, true];
const PROXIED: [bool; 4] = [true, true, true, false];
const PROXIED_TLS: [bool; 4] = [true; 4];

#[test]
fn a_response_says_where_it_has_come_from() {
    let server = Server::start(|_| Reply::text(200, "hello").header("Connection", "close"));
    let response = Client::new().get(server.url("/")).send().unwrap();
    assert_eq!(response.remote_addr(), Some(server.address()));
    let local = response.local_addr().unwrap();
    assert!(local.ip().is_loopback() && local != server.address(), "{local}");

    let mut connection = HttpConnection::new(&server.address().to_string()).unwrap();
    assert_eq!((connection.remote_addr(), connection.local_addr()), (None, None));
    connection.request(Method::GET, "/", (), &[]).unwrap();
    assert_eq!(connection.remote_addr(), Some(server.address()));
    assert!(connection.local_addr().is_some_and(|local| local.ip().is_loopback()));
    connection.get_response().unwrap().read_all().unwrap();
    assert!(!connection.is_open());
    assert_eq!((connection.remote_addr(), connection.local_addr()), (None, None));
}

#[test]
fn a_connection_that_served_before_was_not_opened_for_the_response() {
    let server = Server::start(|request| match request.target() {
        "/away" => Reply::new(302).header("Location", "/here"),
        _ => Reply::text(200, "hello"),
    });
    let client = Client::new();
    let first = client.get(server.url("/")).send().unwrap();
    let (timings, remote, local) = (first.timings(), first.remote_addr(), first.local_addr());
    assert!(timings.dns.is_some() && timings.connect.is_some(), "{timings:?}");
    assert!(timings.dns.unwrap() + timings.connect.unwrap() <= timings.head.unwrap(), "{timings:?}");
    assert!(timings.head.unwrap() <= timings.total, "{timings:?}");
    assert_eq!(parts(timings), DIRECT);
    first.bytes().unwrap();

    let second = client.get(server.url("/")).send().unwrap();
    assert_eq!(parts(second.timings()), NONE);
    assert!(second.timings().head.is_none());
    // It is still the same connection, also when the body has been read.
    assert_eq!((second.remote_addr(), second.local_addr()), (remote, local));
    second.bytes().unwrap();

    // The redirect opened it, not its target.
    let client = Client::new();
    let last = client.get(server.url("/away")).send().unwrap();
    assert_eq!(parts(last.timings()), NONE);
}

fn slow(scripts: impl IntoIterator<Item = Script>) -> Slow {
    Slow { connecting: 3 * SECOND, reading: 5 * SECOND, ..Slow::new(scripts) }
}

/// Time in whole seconds.
fn seconds(time: Duration) -> u64 {
    time.as_secs()
}

#[test]
fn times_are_measured() {
    let client = Client::builder().connector(slow([answers([OK, OK])])).build().unwrap();
    advance_clock(100 * SECOND);
    let response = client.get("http://test.example/").send().unwrap();
    advance_clock(10 * SECOND);
    let timings = response.timings();
    assert_eq!(timings.dns, None);
    assert_eq!(timings.connect.map(seconds), Some(3));
    assert_eq!(timings.head.map(seconds), Some(8));
    assert_eq!(seconds(timings.total), 18);
    assert_eq!((response.remote_addr(), response.local_addr()), (None, None));
    let timings = client.get("http://test.example/").send().unwrap().timings();
    assert_eq!((timings.connect, timings.head, seconds(timings.total)), (None, None, 5));
}

#[test]
fn who_looks_on_learns_when_the_head_of_a_pooled_response_came() {
    let client = Client::builder().connector(slow([answers([OK, OK])])).on_event(|_| {}).build().unwrap();
    client.get("http://test.example/").send().unwrap();
    let timings = client.get("http://test.example/").send().unwrap().timings();
    assert_eq!((timings.connect, timings.head.map(seconds), seconds(timings.total)), (None, Some(5), 5));
}

/// What `Connected` says: which parts there are, and the address.
type Opened = Arc<Mutex<Vec<([bool; 4], Option<SocketAddr>)>>>;

fn observed(opened: &Opened) -> ClientBuilder {
    let opened = opened.clone();
    Client::builder().on_event(move |event| {
        if let EventKind::Connected { took, dns, connect, proxy, tls, remote_addr, .. } = event.kind {
            let all = [dns, connect, proxy, tls];
            assert!(all.into_iter().flatten().sum::<Duration>() <= took, "{event:?}");
            opened.lock().unwrap().push((all.map(|part| part.is_some()), remote_addr));
        }
    })
}

#[test]
fn each_part_of_the_way_has_its_time() {
    let authority = Authority::new();
    let secure = TlsServer::start(authority.issue(HOST).server(&[&TLS13, &TLS12]), Then::Silence, |_| {
        Reply::text(200, "hello").header("Connection", "close")
    });
    let plain = Server::start(|_| Reply::text(200, "hello").header("Connection", "close"));
    let tunnels = TunnelProxy::start(None);
    let tunnel = || Proxy::parse(&format!("http://{}", tunnels.address())).unwrap();
    let secure_tunnels = TunnelProxy::start(Some(authority.issue(HOST).server(&[&TLS13, &TLS12])));
    let secure_tunnel = || {
        let proxy = Proxy::parse(&format!("https://{}", secure_tunnels.address())).unwrap();
        proxy.tls(authority.trusted())
    };
    let forward = || Proxy::parse(&plain.url("")).unwrap();
    let rows = [
        ("http", None, plain.url("/"), DIRECT, plain.address()),
        ("https", None, secure.url("/"), DIRECT_TLS, secure.server().address()),
        ("forwarded", Some(forward()), "http://test.example/".to_owned(), PROXIED, plain.address()),
        ("tunnelled", Some(tunnel()), secure.url("/"), PROXIED_TLS, tunnels.address()),
        ("TLS in TLS", Some(secure_tunnel()), secure.url("/"), PROXIED_TLS, secure_tunnels.address()),
    ];
    for (name, proxy, url, expected, address) in rows {
        for is_observed in [false, true] {
            let opened = Opened::default();
            let builder = if is_observed { observed(&opened) } else { Client::builder() };
            let builder = match &proxy {
                Some(proxy) => builder.proxy(proxy.clone()),
                None => builder.proxies(Proxies::none()),
            };
            let response = authority.client_with(builder).get(&url).send().unwrap();
            assert_eq!(
                (parts(response.timings()), response.remote_addr()),
                (expected, Some(address)),
                "{name}"
            );
            assert!(response.local_addr().is_some(), "{name}");
            assert!(response.timings().head.is_some(), "{name}");
            let opened = std::mem::take(&mut *opened.lock().unwrap());
            assert_eq!(opened, if is_observed { vec![(expected, Some(address))] } else { vec![] }, "{name}");
        }
    }
}
