//! From a destination to the addresses to try.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs},
};

use super::{family::interleave, lookups::look_up, route::Route};
use crate::net::{cancel::CancelTokens, deadline::Deadline, error::NetError, transport::Destination};

/// The maximum number of addresses to try. Large services return about 10 of each family. A DNS message has room for
/// 4,000, and each attempt costs a thread.
const MAX_ADDRESSES: usize = 32;

/// Returns the addresses to try, in this order: at least one. Looks up neither IP addresses nor names that the route
/// knows.
pub(crate) fn resolve(
    route: &Route,
    destination: Destination<'_>,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<Vec<SocketAddr>, NetError> {
    let mut addresses = if let Ok(address) = destination.host.parse::<IpAddr>() {
        vec![SocketAddr::new(address, destination.port)]
    } else if has_zone(destination.host) {
        // Only the system knows the number of a zone. It sends no query for it, so this thread can wait.
        (destination.host, destination.port).to_socket_addrs().map_err(NetError::Dns)?.collect()
    } else if let Some(known) = known(route, destination.host) {
        known
    } else {
        look_up(route.resolver.as_ref(), destination, deadline, cancel)?
    };
    for address in addresses.iter_mut().filter(|address| address.port() == 0) {
        address.set_port(destination.port);
    }
    let mut seen = HashSet::new();
    addresses.retain(|address| route.tcp.may_reach(address) && seen.insert(*address));
    if addresses.is_empty() {
        let reason = format!("the host has no {} address", route.tcp.family());
        return Err(NetError::Dns(io::Error::new(io::ErrorKind::NotFound, reason)));
    }
    let mut addresses = interleave(addresses);
    addresses.truncate(MAX_ADDRESSES);
    Ok(addresses)
}

/// Returns whether the host is an IPv6 address with a zone (RFC 4007 §11).
fn has_zone(host: &str) -> bool {
    host.split_once('%').is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok())
}

/// Returns the addresses that the route has for a name. Names are compared without regard to case (RFC 4343).
fn known(route: &Route, name: &str) -> Option<Vec<SocketAddr>> {
    let of_name = route.names.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let addresses: Vec<_> = of_name.map(|(_, address)| *address).collect();
    (!addresses.is_empty()).then_some(addresses)
}
