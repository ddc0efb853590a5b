//! The way to a server: all that decides how one gets there, and who is taken for whom there.

use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use super::{resolver::Resolver, tcp::TcpConfig};
#[cfg(feature = "__tls")]
use crate::net::tls::TlsConfig;
use crate::net::{shared::Shared, transport::Connector};

/// The way to any server of a client or connection.
///
/// Where two routes are equal, connections to one origin that were opened by them may stand in for each
/// other: they lead to the same peer, which has shown and been shown the same. The derived equality is what
/// keeps connections of different settings apart in a pool, so that no field can be left out of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// In place of TCP, where one is given.
    pub(crate) connector: Option<Shared<dyn Connector>>,
    /// In place of TCP and of the connector, where one is given.
    #[cfg(unix)]
    pub(crate) unix_socket: Option<PathBuf>,
    /// Addresses of hosts that are known before anybody is asked.
    pub(crate) names: Vec<(String, SocketAddr)>,
    /// In place of the system's, where one is given.
    pub(crate) resolver: Option<Shared<dyn Resolver>>,
    pub(crate) tcp: TcpConfig,
    /// Whom the client trusts, and as whom it shows itself.
    #[cfg(feature = "__tls")]
    pub(crate) tls: TlsConfig,
}

impl Route {
    /// Whether it leads over TCP, as the environment's proxies take for granted.
    #[cfg(unix)]
    pub(crate) fn is_tcp(&self) -> bool {
        self.connector.is_none() && self.unix_socket.is_none()
    }

    /// Whether it leads over TCP, as the environment's proxies take for granted.
    #[cfg(not(unix))]
    pub(crate) fn is_tcp(&self) -> bool {
        self.connector.is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use super::{
        super::{family::AddressFamily, tcp::TcpKeepalive},
        *,
    };
    use crate::net::{
        deadline::Deadline,
        transport::{Destination, Transport},
    };

    struct Nowhere;

    impl Connector for Nowhere {
        fn connect(&self, _: Destination<'_>, _: Deadline) -> io::Result<Box<dyn Transport>> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    type Change = fn(&mut Route);

    /// Each changes one setting; none makes what another one makes.
    const CHANGES: &[Change] = &[
        |route| route.connector = Some(Shared(Arc::new(Nowhere))),
        // Another one of the same kind.
        |route| route.connector = Some(Shared(Arc::new(Nowhere))),
        |route| route.resolver = Some(Shared(Arc::new(nowhere))),
        |route| route.resolver = Some(Shared(Arc::new(nowhere))),
        |route| route.names = vec![("a.test".into(), known([192, 0, 2, 1]))],
        |route| route.names = vec![("b.test".into(), known([192, 0, 2, 1]))],
        |route| route.names = vec![("a.test".into(), known([192, 0, 2, 2]))],
        |route| route.tcp = TcpConfig::new().address_family(AddressFamily::Ipv4),
        |route| route.tcp = TcpConfig::new().address_family(AddressFamily::Ipv6),
        |route| route.tcp = TcpConfig::new().local_address(known([192, 0, 2, 1]).ip()),
        |route| route.tcp = TcpConfig::new().local_address(known([192, 0, 2, 2]).ip()),
        |route| route.tcp = TcpConfig::new().keepalive(TcpKeepalive::default()),
        |route| route.tcp = TcpConfig::new().keepalive(TcpKeepalive { probes: 9, ..TcpKeepalive::default() }),
        |route| route.tcp = TcpConfig::new().nodelay(false),
    ];

    fn nowhere(_: Destination<'_>, _: Deadline) -> io::Result<Vec<SocketAddr>> {
        Ok(Vec::new())
    }

    fn known(address: [u8; 4]) -> SocketAddr {
        SocketAddr::from((address, 80))
    }

    #[cfg(any(target_os = "android", target_os = "linux"))]
    const INTERFACES: &[Change] = &[
        |route| route.tcp = TcpConfig::new().interface("eth0"),
        |route| route.tcp = TcpConfig::new().interface("eth1"),
    ];
    #[cfg(not(any(target_os = "android", target_os = "linux")))]
    const INTERFACES: &[Change] = &[];

    #[cfg(unix)]
    const UNIX_CHANGES: &[Change] = &[
        |route| route.unix_socket = Some("a.sock".into()),
        |route| route.unix_socket = Some("b.sock".into()),
    ];
    #[cfg(not(unix))]
    const UNIX_CHANGES: &[Change] = &[];

    #[cfg(feature = "__tls")]
    const TLS_CHANGES: &[Change] =
        &[|route| route.tls = TlsConfig::new(), |route| route.tls = TlsConfig::new()];
    #[cfg(not(feature = "__tls"))]
    const TLS_CHANGES: &[Change] = &[];

    #[test]
    fn routes_differ_when_any_setting_does_and_equal_their_clones() {
        let plain = Route::default();
        let changed = [CHANGES, INTERFACES, UNIX_CHANGES, TLS_CHANGES].concat().into_iter().map(|change| {
            let mut route = plain.clone();
            change(&mut route);
            route
        });
        let routes: Vec<Route> = [plain.clone()].into_iter().chain(changed).collect();
        for (index, route) in routes.iter().enumerate() {
            for (other_index, other) in routes.iter().enumerate() {
                assert_eq!(*route == other.clone(), index == other_index, "{index} and {other_index}");
            }
        }
    }
}
