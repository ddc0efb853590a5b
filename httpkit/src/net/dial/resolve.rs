//! From a destination to the addresses to try.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use super::{family::interleave, lookups::look_up, route::Route};
use crate::net::{cancel::CancelTokens, deadline::Deadline, error::NetError, transport::Destination};

/// The addresses to try, in this order: at least one. An IP address is never looked up; a name that the
/// route knows neither.
pub(crate) fn resolve(
    route: &Route,
    destination: Destination<'_>,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<Vec<SocketAddr>, NetError> {
    let mut addresses = if let Ok(address) = destination.host.parse::<IpAddr>() {
        vec![SocketAddr::new(address, destination.port)]
    } else if has_zone(destination.host) {
        // The system alone knows the number of a zone. No lookup goes out for it.
        look_up(None, destination, deadline, cancel)?
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
    Ok(interleave(addresses))
}

/// Whether the host is an IPv6 address with a zone (RFC 4007, Section 11).
fn has_zone(host: &str) -> bool {
    host.split_once('%').is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok())
}

/// What the route says of a name; names are compared without regard to case (RFC 4343).
fn known(route: &Route, name: &str) -> Option<Vec<SocketAddr>> {
    let of_name = route.names.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let addresses: Vec<_> = of_name.map(|(_, address)| *address).collect();
    (!addresses.is_empty()).then_some(addresses)
}
