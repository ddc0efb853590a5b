//! The hosts that a cookie is for (RFC 6265bis, Sections 5.1.2 and 5.1.3).
//!
//! Hosts are in lower case here, as URLs have them.

use std::net::IpAddr;

/// Whether a cookie for `domain` is for `host` too: the same, or a name below it. An address has none below.
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || (rest.ends_with('.') && !is_address(host)))
}

/// Returns whether `host` may set cookies for `domain` and the names below it. Chromium, Firefox and curl ask the same: the
/// domain must not be above the registrable domain of the host, since its other owners are there too.
pub(super) fn may_set_for(host: &str, domain: &str) -> bool {
    !is_address(host)
        && domain_matches(host, domain)
        && registrable(host).is_some_and(|own| domain_matches(domain, own))
}

/// Returns whether a cookie for a domain may also be for the names below it: it is at or below a registrable domain.
pub(super) fn may_have_subdomains(domain: &str) -> bool {
    !is_address(domain) && registrable(domain).is_some()
}

/// The part of a name that its owner has registered: one label below a public suffix.
fn registrable(name: &str) -> Option<&str> {
    let length = psl::domain(name.as_bytes())?.as_bytes().len();
    name.get(name.len() - length..)
}

/// Returns the site of a host or cookie domain: the name directly below its public suffix, as `example.co.uk` for
/// `a.b.example.co.uk`. A public suffix and an address are sites of their own.
///
/// A cookie is sent to hosts of its own site alone, so one that was stored for a shared domain reaches nobody.
pub(super) fn site(domain: &str) -> &str {
    registrable(domain).filter(|_| !is_address(domain)).unwrap_or(domain)
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
    fn only_registrable_domains_have_subdomains_of_one_owner() {
        for domain in ["com", "co.uk", "github.io", "ck", "x.ck", "localhost", "internal", "127.0.0.1", "::1"]
        {
            assert!(!may_have_subdomains(domain), "{domain}");
        }
        for domain in ["example.com", "example.co.uk", "me.github.io", "www.ck", "a.internal", "b.a.internal"]
        {
            assert!(may_have_subdomains(domain), "{domain}");
        }
    }

    #[test]
    fn host_sets_cookies_up_to_its_registrable_domain() {
        for (host, domain, may) in [
            ("a.b.example.com", "example.com", true),
            ("a.b.example.com", "b.example.com", true),
            ("example.com", "example.com", true),
            ("example.com", "a.example.com", false),
            ("a.example.com", "com", false),
            // The suffix is below a name that is none.
            ("evil.s3.amazonaws.com", "amazonaws.com", false),
            ("evil.s3.amazonaws.com", "s3.amazonaws.com", false),
            ("a.evil.s3.amazonaws.com", "evil.s3.amazonaws.com", true),
            ("evil.blob.core.windows.net", "core.windows.net", false),
            ("me.github.io", "github.io", false),
            ("127.0.0.1", "127.0.0.1", false),
            ("127.0.0.1", "0.1", false),
        ] {
            assert_eq!(may_set_for(host, domain), may, "{host} {domain}");
        }
    }

    #[test]
    fn returns_site_of_host() {
        for (host, expected) in [
            ("example.org", "example.org"),
            ("a.b.example.org", "example.org"),
            ("a.example.org.", "example.org."),
            ("a.b.example.co.uk", "example.co.uk"),
            ("a.me.github.io", "me.github.io"),
            ("a.www.ck", "www.ck"),
            ("a.b.internal", "b.internal"),
            ("co.uk", "co.uk"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "::1"),
            (".", "."),
            ("..", ".."),
            ("a..b", ".b"),
        ] {
            assert_eq!(site(host), expected, "{host}");
            assert_eq!(site(expected), expected, "{host}");
        }
    }

    #[test]
    fn cookie_domain_and_host_have_one_site() {
        for host in
            ["a.b.example.org", "a.b.example.org.", "a.b.c.co.uk", "a.b.me.github.io", "x.www.ck", "a.b.c"]
        {
            for (dot, _) in host.match_indices('.') {
                let domain = &host[dot + 1..];
                assert!(!may_set_for(host, domain) || site(domain) == site(host), "{domain} {host}");
            }
        }
    }
}
