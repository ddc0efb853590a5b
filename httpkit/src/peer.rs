//! Who is at the other end of a connection, and how one got there.

use crate::{net::Route, proxy::Proxy, url::Scheme};

/// All that decides who answers. A connection serves requests to an equal peer, and no other.
#[derive(Clone, Copy)]
pub(crate) struct Peer<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) route: &'a Route,
    pub(crate) proxy: Option<&'a Proxy>,
}

impl Peer<'_> {
    /// Returns whether both have the same scheme, host and port, whatever their routes and proxies are.
    pub(crate) fn is_same_origin(&self, other: Peer<'_>) -> bool {
        (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)
    }
}

impl PartialEq for Peer<'_> {
    fn eq(&self, other: &Peer<'_>) -> bool {
        let Peer { scheme, host, port, route, proxy } = *self;
        // Nearly always it is the one route of the client.
        let is_route = std::ptr::eq(route, other.route) || *route == *other.route;
        scheme == other.scheme && host == other.host && port == other.port && proxy == other.proxy && is_route
    }
}

impl Eq for Peer<'_> {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::net::{Connector, Deadline, Destination, Shared, Transport};

    struct Nowhere;

    impl Connector for Nowhere {
        fn connect(&self, _: Destination<'_>, _: Deadline) -> std::io::Result<Box<dyn Transport>> {
            Err(std::io::ErrorKind::Unsupported.into())
        }
    }

    type Parts = (Scheme, &'static str, u16, usize, usize);

    /// Few values of each, so that equal ones meet.
    fn parts() -> impl Strategy<Value = Parts> {
        let scheme = prop_oneof![Just(Scheme::Http), Just(Scheme::Https)];
        let host = prop_oneof![Just("a.test"), Just("b.test"), Just("fe80::1%1"), Just("fe80::1%2")];
        (scheme, host, 80_u16..82, 0..2_usize, 0..5_usize)
    }

    /// Two that differ: what routes differ by is shown where they are.
    fn routes() -> [Route; 2] {
        let connector: Arc<dyn Connector> = Arc::new(Nowhere);
        [Route::default(), Route { connector: Some(Shared(connector)), ..Route::default() }]
    }

    fn proxies() -> [Option<Proxy>; 5] {
        let proxy = |url| Proxy::parse(url).expect("a proxy");
        let urls = ["http://p.test", "http://q.test", "http://user:a@p.test", "http://user:b@p.test"];
        let [p, q, a, b] = urls.map(|url| Some(proxy(url)));
        [None, p, q, a, b]
    }

    /// The peer of these parts, with a route and a proxy of its own.
    fn with_peer<T>(
        (scheme, host, port, route, proxy): Parts,
        routes: &[Route],
        act: impl FnOnce(Peer<'_>) -> T,
    ) -> T {
        let (route, proxy) = (routes[route].clone(), proxies()[proxy].clone());
        act(Peer { scheme, host, port, route: &route, proxy: proxy.as_ref() })
    }

    proptest! {
        #[test]
        fn peers_are_equal_when_all_about_them_is(one in parts(), other in parts()) {
            let routes = routes();
            let are_equal = with_peer(one, &routes, |one| with_peer(other, &routes, |other| one == other));
            prop_assert_eq!(are_equal, one == other);
        }
    }
}
