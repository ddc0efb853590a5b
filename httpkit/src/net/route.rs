//! The way to a server: all that decides how one gets there, and who is taken for whom there.

#[cfg(unix)]
use std::path::PathBuf;

#[cfg(feature = "tls")]
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
    /// Whom the client trusts, and as whom it shows itself.
    #[cfg(feature = "tls")]
    pub(crate) tls: TlsConfig,
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use super::*;
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
    ];

    #[cfg(unix)]
    const UNIX_CHANGES: &[Change] = &[
        |route| route.unix_socket = Some("a.sock".into()),
        |route| route.unix_socket = Some("b.sock".into()),
    ];
    #[cfg(not(unix))]
    const UNIX_CHANGES: &[Change] = &[];

    #[cfg(feature = "tls")]
    const TLS_CHANGES: &[Change] =
        &[|route| route.tls = TlsConfig::new(), |route| route.tls = TlsConfig::new()];
    #[cfg(not(feature = "tls"))]
    const TLS_CHANGES: &[Change] = &[];

    #[test]
    fn routes_differ_when_any_setting_does_and_equal_their_clones() {
        let plain = Route::default();
        let changed = [CHANGES, UNIX_CHANGES, TLS_CHANGES].concat().into_iter().map(|change| {
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
