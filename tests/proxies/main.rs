//! Requests through proxies that others have written: squid, tinyproxy, dante and microsocks.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod http;
#[cfg(feature = "socks")]
mod socks;

use httpkit::{
    Client, Proxy,
    testing::{Received, Reply, Server},
};
use httpkit_tests::tls::{Authority, Then, TlsServer};
use rustls::version::{TLS12, TLS13};

const BODY: usize = 300_000;

/// What each proxy of the suite has to carry.
struct Servers {
    authority: Authority,
    plain: Server,
    secure: TlsServer,
}

impl Servers {
    fn start() -> Servers {
        let echo = |request: &Received| Reply::new(200).body(request.body());
        let authority = Authority::new();
        let secure = authority.issue("localhost").server(&[&TLS12, &TLS13]);
        Servers {
            authority,
            plain: Server::start(echo),
            secure: TlsServer::start(secure, Then::Silence, echo),
        }
    }

    fn urls(&self) -> [String; 2] {
        let port = self.secure.server().address().port();
        [self.plain.url("/spam?eggs"), format!("https://localhost:{port}/spam?eggs")]
    }

    fn client(&self, proxy: Proxy) -> Client {
        self.authority.client_with(Client::builder().proxy(proxy))
    }

    /// Sends some requests to each server through the proxy: such as may be sent again, since a proxy may close a
    /// connection that waits just when it is used.
    fn exchange_through(&self, proxy: &Proxy) {
        let client = self.client(proxy.clone());
        let before = self.secure.server().connections();
        for url in self.urls() {
            for body in [vec![], b"ham".to_vec(), vec![b'x'; BODY]] {
                let response = client.put(&url).body(&body).send();
                let response = response.unwrap_or_else(|error| panic!("{proxy}: {error:?}"));
                assert_eq!(response.status(), 200, "{proxy} to {url}");
                assert!(response.bytes().unwrap() == body, "{proxy} to {url}");
            }
        }
        // A tunnel serves again; what a proxy keeps open of its own accord is its own affair.
        assert_eq!(self.secure.server().connections(), before + 1, "{proxy}");
        let received = [self.plain.received(), self.secure.server().received()].concat();
        for request in received {
            assert_eq!(request.target(), "/spam?eggs", "{proxy}: {request:?}");
            assert!(!request.headers().contains("proxy-authorization"), "{proxy}");
        }
    }
}
