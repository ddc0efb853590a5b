//! TLS through proxies, and to them.

use std::{sync::mpsc, time::Duration};

use httpkit::{
    Client, Error, ErrorKind, HttpConnection, Method, Proxy, ProxyError, TlsConfig,
    testing::{Received, Reply},
};
use httpkit_tests::{
    CancelledBy, TunnelProxy,
    tls::{Authority, Then, TlsServer},
};
use rustls::version::{TLS12, TLS13};

const HOST: &str = "127.0.0.1";
const LONG: usize = 300_000;

fn echo(request: &Received) -> Reply {
    Reply::new(200).body(request.body())
}

/// A proxy in the clear.
fn plain() -> (TunnelProxy, Proxy) {
    let tunnels = TunnelProxy::start(None);
    let proxy = Proxy::parse(&format!("http://spam:eggs@{}", tunnels.address())).unwrap();
    (tunnels, proxy)
}

/// A proxy over TLS, which is trusted by its own settings.
fn secure() -> (TunnelProxy, Proxy) {
    let authority = Authority::new();
    let tunnels = TunnelProxy::start(Some(authority.issue(HOST).server(&[&TLS13, &TLS12])));
    let proxy = Proxy::parse(&format!("https://spam:eggs@{}", tunnels.address())).unwrap();
    (tunnels, proxy.tls(authority.trusted()))
}

/// The TLS failure on the way to a proxy.
fn is_refused_by_client(error: &Error) -> bool {
    let ErrorKind::Proxy { source: ProxyError::Connection(source), .. } = error.kind() else {
        return false;
    };
    matches!(source.kind(), ErrorKind::Tls(_))
}

#[test]
fn https_goes_through_a_tunnel_of_either_kind_end_to_end() {
    for (tunnels, proxy) in [plain(), secure()] {
        for version in [&TLS12, &TLS13] {
            let authority = Authority::new();
            let server = TlsServer::start(authority.issue(HOST).server(&[version]), Then::Silence, echo);
            let client = authority.client_with(Client::builder().proxy(proxy.clone()));
            let body = vec![b'x'; LONG];
            let before = tunnels.heads().len();
            for _ in 0..3 {
                let response = client.post(server.url("/")).body(&body).send().unwrap();
                assert!(response.tls_session().is_some());
                assert!(response.bytes().unwrap() == body, "{proxy}");
            }
            let heads = tunnels.heads().split_off(before);
            let authority = server.server().address();
            let expected = format!(
                "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\
                 Proxy-Authorization: Basic c3BhbTplZ2dz\r\n\r\n"
            );
            assert_eq!(heads, [expected], "one tunnel serves again");
            for request in server.server().received() {
                assert!(!request.headers().contains("proxy-authorization"));
                assert_eq!(request.target(), "/");
            }
        }
    }
}

#[test]
fn http_goes_to_an_https_proxy_over_tls() {
    let authority = Authority::new();
    let handler = |request: &Received| Reply::text(200, request.target());
    let server = TlsServer::start(authority.issue(HOST).server(&[&TLS13]), Then::Silence, handler);
    let proxy = Proxy::parse(&server.url("")).unwrap().tls(authority.trusted());
    let client = Client::builder().proxy(proxy).build().unwrap();
    for _ in 0..2 {
        let response = client.get("http://test.example/spam").send().unwrap();
        // What was agreed on with the proxy says nothing of the server.
        assert!(response.tls_session().is_none());
        assert_eq!(response.text().unwrap(), "http://test.example/spam");
    }
    assert_eq!(server.server().connections(), 1);
}

#[test]
fn an_https_proxy_has_to_show_who_it_is() {
    let authority = Authority::new();
    let named_otherwise = authority.issue("other.example").server(&[&TLS13]);
    let (unknown, _) = secure();
    let misnamed = TunnelProxy::start(Some(named_otherwise));
    for (tunnels, tls) in [(unknown, TlsConfig::new()), (misnamed, authority.trusted())] {
        let proxy = Proxy::parse(&format!("https://{}", tunnels.address())).unwrap().tls(tls);
        for url in ["http://test.example/", "https://test.example/"] {
            // To trust anybody as the server is not to trust anybody as the proxy.
            let client = authority.client_with(Client::builder().proxy(proxy.clone()));
            let error = client.get(url).send().unwrap_err();
            assert!(is_refused_by_client(&error), "{error:?}");
            assert!(error.is_connect() && !error.may_have_been_processed(), "{error:?}");
        }
        assert!(tunnels.heads().is_empty(), "nothing was said to a proxy that is another");
    }
}

#[test]
fn a_proxy_cannot_stand_in_for_the_server() {
    let authority = Authority::new();
    let server = TlsServer::start(Authority::new().issue(HOST).server(&[&TLS13]), Then::Silence, echo);
    for (_tunnels, proxy) in [plain(), secure()] {
        let client = authority.client_with(Client::builder().proxy(proxy));
        let error = client.get(server.url("/")).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Tls(_)), "{error:?}");
    }
    assert!(server.server().received().is_empty());
}

#[test]
fn a_wire_level_connection_speaks_tls_through_a_proxy() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.issue(HOST).server(&[&TLS13]), Then::Silence, echo);
    let (tunnels, proxy) = secure();
    let builder = HttpConnection::builder(&server.server().address().to_string());
    let mut connection = builder.tls(authority.trusted()).proxy(proxy).build().unwrap();
    connection.request(Method::PUT, "/", "spam", &[]).unwrap();
    assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"spam");
    assert_eq!(tunnels.heads().len(), 1);
}

#[test]
fn a_wait_within_a_tunnel_can_be_cancelled() {
    for (_tunnels, proxy) in [plain(), secure()] {
        let authority = Authority::new();
        let (arrived, has_arrived) = mpsc::channel();
        let handler = move |_: &Received| {
            arrived.send(()).unwrap();
            Reply::raw("").pause(Duration::from_secs(30))
        };
        let server = TlsServer::start(authority.issue(HOST).server(&[&TLS13]), Then::Silence, handler);
        let client = authority.client_with(Client::builder().proxy(proxy));
        CancelledBy::Token.when(has_arrived, &client, client.get(server.url("/")));
    }
}
