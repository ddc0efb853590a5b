//! What is reached without a proxy: the lists of `NO_PROXY`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    grammar,
    url::{HostPort, Url},
};

/// A list of servers that no proxy leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NoProxy {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    hosts: Hosts,
    /// Of all ports where there is none.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    All,
    /// A name, in lower case, and all that end with a dot and this name.
    Domain(Box<str>),
    /// The addresses that share so many bits at the front.
    Network(IpAddr, u32),
}

impl NoProxy {
    /// Reads a list whose entries stand between commas or blanks. What is no entry matches nothing.
    pub(super) fn parse(list: &str) -> NoProxy {
        let entries = list.split(|mark: char| mark == ',' || mark.is_ascii_whitespace());
        NoProxy { entries: entries.filter(|entry| !entry.is_empty()).filter_map(Entry::parse).collect() }
    }

    /// Adds the entries of another list.
    pub(super) fn extend(&mut self, other: NoProxy) {
        self.entries.extend(other.entries);
    }

    /// Whether the server of this URL is on the list.
    pub(super) fn lists(&self, url: &Url) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let host = strip_dot(url.host());
        let address = address(host);
        self.entries.iter().any(|entry| {
            entry.port.is_none_or(|port| port == url.port())
                && match &entry.hosts {
                    Hosts::All => true,
                    Hosts::Domain(domain) => address.is_none() && is_within(host, domain),
                    Hosts::Network(network, length) => {
                        address.is_some_and(|address| shared_bits(address, *network) >= Some(*length))
                    }
                }
        })
    }
}

impl Entry {
    /// `*`, an address, a network as `10.0.0.0/8`, or a name with or without a dot or `*.` before it; all but a
    /// network may have a port, and an IPv6 address then has brackets.
    fn parse(entry: &str) -> Option<Entry> {
        if let Some((network, length)) = entry.split_once('/') {
            return Entry::network(network, length);
        }
        if let Some(address) = address(unbracket(entry)) {
            return Some(Entry { hosts: Hosts::Network(address, width(address)), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            None => (entry, None),
            Some((host, port)) => {
                let port = grammar::decimal(port.as_bytes()).and_then(|port| u16::try_from(port).ok())?;
                (host, Some(port))
            }
        };
        let hosts = match address(unbracket(host)) {
            Some(address) => Hosts::Network(address, width(address)),
            None => Hosts::named(host)?,
        };
        Some(Entry { hosts, port })
    }

    fn network(network: &str, length: &str) -> Option<Entry> {
        // Not made canonical: the length counts the bits of the address as it is written.
        let address: IpAddr = unbracket(network).parse().ok()?;
        let length = u32::try_from(grammar::decimal(length.as_bytes())?).ok()?;
        let hosts = (length <= width(address)).then_some(Hosts::Network(address, length))?;
        Some(Entry { hosts, port: None })
    }
}

impl Hosts {
    fn named(name: &str) -> Option<Hosts> {
        if name == "*" {
            return Some(Hosts::All);
        }
        let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
        let name = strip_dot(name.strip_prefix('.').unwrap_or(name));
        let name = HostPort::from_parts(name, 0).ok().filter(|name| !name.host.contains(':'))?;
        Some(Hosts::Domain(name.host.into()))
    }
}

/// Returns whether `host` is `domain` or, behind a dot, ends with it.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// How many bits two addresses of one family have in common at the front.
fn shared_bits(one: IpAddr, other: IpAddr) -> Option<u32> {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => Some((one.to_bits() ^ other.to_bits()).leading_zeros()),
        (IpAddr::V6(one), IpAddr::V6(other)) => Some((one.to_bits() ^ other.to_bits()).leading_zeros()),
        _ => None,
    }
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => Ipv4Addr::BITS,
        IpAddr::V6(_) => Ipv6Addr::BITS,
    }
}

/// An address; an IPv4 one also where it is written as `::ffff:10.0.0.1`.
fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn unbracket(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// The dot at the end of a name that is absolute.
fn strip_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_names_addresses_networks_and_ports() {
        let any = ["http://a.com/", "https://a.com:8443/", "http://10.0.0.1/", "http://[::1]/"];
        for (list, listed, others) in [
            ("", &[][..], &any[..]),
            (" , ,", &[], &any),
            ("*", &any, &[]),
            ("b.com, *", &any, &[]),
            ("*:8443", &["https://a.com:8443/"], &["http://a.com/", "http://[::1]/"]),
            (
                "a.com",
                &["http://a.com/", "http://A.COM./", "http://b.a.com:81/", "http://c.b.a.com/"],
                &["http://evila.com/", "http://a.com.evil.com/", "http://com/", "http://a.co/"],
            ),
            (".a.com", &["http://a.com/", "http://b.a.com/"], &["http://xa.com/", "http://com/"]),
            ("*.a.com", &["http://a.com/", "http://b.a.com/"], &["http://xa.com/"]),
            ("A.Com.", &["http://a.com/", "http://b.a.com./"], &["http://xa.com/"]),
            (" a.com\t, b.com ", &["http://a.com/", "http://x.b.com/"], &["http://c.com/"]),
            ("a.com b.com", &["http://a.com/", "http://b.com/"], &["http://c.com/"]),
            ("a.com:443", &["https://a.com/", "https://b.a.com/"], &["http://a.com/", "https://a.com:444/"]),
            (
                "localhost",
                &["http://localhost/", "http://x.localhost/"],
                &["http://127.0.0.1/", "http://localhosts/"],
            ),
            ("10.0.0.1", &["http://10.0.0.1/", "http://[::ffff:10.0.0.1]/"], &["http://10.0.0.10/"]),
            ("::ffff:10.0.0.1", &["http://10.0.0.1/"], &["http://10.0.0.2/"]),
            ("10.0.0.1:81", &["http://10.0.0.1:81/"], &["http://10.0.0.1/"]),
            (
                "10.1.2.3/8",
                &["http://10.0.0.1/", "http://10.255.0.1/"],
                &["http://11.0.0.1/", "http://[a00::]/"],
            ),
            ("10.0.0.0/0", &["http://1.2.3.4/"], &["http://[::1]/", "http://a.com/"]),
            (
                "10.0.0.4/31",
                &["http://10.0.0.4/", "http://10.0.0.5/"],
                &["http://10.0.0.6/", "http://10.0.0.3/"],
            ),
            ("10.0.0.4/32", &["http://10.0.0.4/"], &["http://10.0.0.5/"]),
            ("fd00::/8", &["http://[fd12::1]/"], &["http://[fe80::1]/", "http://253.0.0.1/"]),
            ("[fd00::]/8", &["http://[fd12::1]/"], &["http://[fe80::1]/"]),
            ("::1", &["http://[::1]/", "http://[0:0::1]:81/"], &["http://[::2]/"]),
            ("[::1]", &["http://[::1]/"], &["http://[::2]/"]),
            ("[::1]:81", &["http://[::1]:81/"], &["http://[::1]/"]),
            // An address is no name, however it ends.
            ("0.0.1", &[], &["http://127.0.0.1/", "http://10.0.0.1/"]),
            // What is no entry matches nothing.
            (
                "10.0.0.0/33, 10.0.0.0/+8, 10.0.0.0/, fd00::/129, a.com:, a.com:+80, a.com:65536, [::1, ::1%eth0, \
                 a*.com, *a.com, ., http://a.com, a.com/8",
                &[],
                &any,
            ),
        ] {
            let list_of = NoProxy::parse(list);
            for (urls, expected) in [(listed, true), (others, false)] {
                for url in urls {
                    assert_eq!(list_of.lists(&Url::parse(url).unwrap()), expected, "{list:?}: {url}");
                }
            }
        }
    }

    #[test]
    fn ignores_name_of_more_than_255_octets() {
        let name = |length: usize| ["a".repeat(60).as_str(); 5].join(".")[..length].to_owned();
        let url = Url::parse(&format!("http://{}/", name(255))).unwrap();
        for (entry, is_kept) in [(name(255), true), (format!(".{}.", name(255)), true), (name(256), false)] {
            let list = NoProxy::parse(&entry);
            assert_eq!((list.entries.len(), list.lists(&url)), (usize::from(is_kept), is_kept), "{entry}");
        }
    }
}
