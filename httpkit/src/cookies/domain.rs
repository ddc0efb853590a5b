//! The hosts that a cookie is for (RFC 6265bis, Sections 5.1.2 and 5.1.3).
//!
//! Hosts are in lower case here, as URLs have them.

use std::net::IpAddr;

/// Whether a cookie for `domain` is for `host` too: the same, or a name below it. An address has none below.
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || (rest.ends_with('.') && !is_address(host)))
}

/// Whether anybody can get a name below this one, as below `com` and `co.uk`. Of a name that the list does not
/// know, the last label is one.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.as_bytes() == domain.as_bytes())
}

/// The host, and all names that it is below of; of an address, itself alone.
pub(super) fn names_above(host: &str) -> impl Iterator<Item = &str> {
    let count = if is_address(host) { 1 } else { usize::MAX };
    std::iter::successors(Some(host), |name| Some(name.split_once('.')?.1)).take(count)
}

fn is_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_match_at_their_dots() {
        for (host, domain, matches) in [
            ("example.org", "example.org", true),
            ("a.b.example.org", "example.org", true),
            ("badexample.org", "example.org", false),
            ("example.org", "a.example.org", false),
            ("example.org.", "example.org", false),
            ("a.example.org", "example.org.", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("::1", "::1", true),
        ] {
            assert_eq!(domain_matches(host, domain), matches, "{host} {domain}");
        }
    }

    #[test]
    fn public_suffixes() {
        for domain in ["com", "co.uk", "github.io", "ck", "x.ck", "localhost", "internal"] {
            assert!(is_public_suffix(domain), "{domain}");
        }
        for domain in ["example.com", "example.co.uk", "me.github.io", "www.ck", "a.internal"] {
            assert!(!is_public_suffix(domain), "{domain}");
        }
    }

    #[test]
    fn names_above_a_host() {
        let above = |host| names_above(host).collect::<Vec<_>>();
        assert_eq!(above("a.b.c"), ["a.b.c", "b.c", "c"]);
        assert_eq!(above("127.0.0.1"), ["127.0.0.1"]);
        assert_eq!(above("::1"), ["::1"]);
    }
}
