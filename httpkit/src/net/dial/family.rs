//! The families of addresses, and the order in which addresses are tried.

use std::{fmt, net::SocketAddr};

/// Which of a host's addresses are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AddressFamily {
    /// All.
    #[default]
    Any,
    /// Those of IPv4.
    Ipv4,
    /// Those of IPv6.
    Ipv6,
}

impl AddressFamily {
    pub(super) fn includes(self, address: &SocketAddr) -> bool {
        match self {
            AddressFamily::Any => true,
            AddressFamily::Ipv4 => address.is_ipv4(),
            AddressFamily::Ipv6 => address.is_ipv6(),
        }
    }
}

impl fmt::Display for AddressFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressFamily::Any => "IP",
            AddressFamily::Ipv4 => "IPv4",
            AddressFamily::Ipv6 => "IPv6",
        })
    }
}

/// Lets the families take turns, beginning with that of the first address; within a family the order stays
/// (RFC 8305, Section 4, with a First Address Family Count of 1).
pub(super) fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let Some(first) = addresses.first().copied() else { return addresses };
    let count = addresses.len();
    let (preferred, others): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv4() == first.is_ipv4());
    let (mut preferred, mut others) = (preferred.into_iter(), others.into_iter());
    let mut interleaved = Vec::with_capacity(count);
    while interleaved.len() < count {
        interleaved.extend(preferred.next());
        interleaved.extend(others.next());
    }
    interleaved
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    /// `4` and `6` are addresses of these families, each with its index as its port.
    fn addresses(families: &str) -> Vec<SocketAddr> {
        let address = |(port, family)| match family {
            '4' => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            _ => SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
        };
        (0..).zip(families.chars()).map(address).collect()
    }

    #[test]
    fn families_take_turns_and_keep_their_order() {
        for (families, expected) in [
            ("", &[][..]),
            ("4", &[0]),
            ("64", &[0, 1]),
            ("46", &[0, 1]),
            ("6644", &[0, 2, 1, 3]),
            ("4466", &[0, 2, 1, 3]),
            ("66664", &[0, 4, 1, 2, 3]),
            ("46666", &[0, 1, 2, 3, 4]),
            ("444", &[0, 1, 2]),
        ] {
            let ports: Vec<u16> = interleave(addresses(families)).iter().map(SocketAddr::port).collect();
            assert_eq!(ports, expected, "{families}");
        }
    }

    #[test]
    fn a_family_includes_its_own_addresses() {
        for (family, expected) in
            [(AddressFamily::Any, "46"), (AddressFamily::Ipv4, "4"), (AddressFamily::Ipv6, "6")]
        {
            let included: String = addresses("46")
                .iter()
                .filter(|address| family.includes(address))
                .map(|address| if address.is_ipv4() { '4' } else { '6' })
                .collect();
            assert_eq!(included, expected, "{family}");
        }
    }
}
