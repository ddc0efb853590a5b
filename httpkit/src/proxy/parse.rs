//! From the URL of a proxy to the proxy.

use percent_encoding::percent_decode_str;

use super::{Credentials, Proxy, protocol::Protocol};
use crate::{
    url::HostPort,
    violation::{InvalidUrl, Violation},
};

impl Proxy {
    /// Parses `[scheme://][user[:password]@]host[:port][/]`.
    ///
    /// # Errors
    /// `InvalidUrl` for an unknown scheme, an invalid host or port, text after these, `://` in a password without a
    /// scheme before it, a colon in the user of an HTTP proxy, and a password for SOCKS 4, which does not support
    /// passwords.
    pub fn parse(text: &str) -> Result<Proxy, InvalidUrl> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        if scheme.contains(':') {
            // What precedes `://` may be a user and the start of a password, so the error does not show it.
            let rule = "the scheme of a proxy must not contain a colon; a password must be percent-encoded";
            return Err(InvalidUrl(Violation::without_value(rule)));
        }
        let protocol = Protocol::of_scheme(scheme)?;
        // A password may hold anything, so that the last `@` is the one that counts.
        let (user_info, authority) = rest.rsplit_once('@').unwrap_or(("", rest));
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if authority.contains(['/', '?', '#']) {
            let rule = "the URL of a proxy ends with its host and port";
            return Err(InvalidUrl::new(rule, authority.as_bytes()));
        }
        let proxy = Proxy::new(protocol, HostPort::parse(authority, protocol.default_port())?);
        match Credentials::parse(user_info, protocol)? {
            Some(credentials) => proxy.with_credentials(credentials).map_err(|error| InvalidUrl(error.0)),
            None => Ok(proxy),
        }
    }
}

impl Credentials {
    /// `None` where there is nothing, or just the colon.
    fn parse(user_info: &str, protocol: Protocol) -> Result<Option<Credentials>, InvalidUrl> {
        let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
        let [user, password] = [user, password].map(|part| percent_decode_str(part).collect::<Vec<u8>>());
        if !password.is_empty() && !protocol.has_passwords() {
            let rule = "a SOCKS 4 proxy has users, and must not have a password";
            return Err(InvalidUrl(Violation::without_value(rule)));
        }
        let is_empty = user.is_empty() && password.is_empty();
        Ok((!is_empty).then_some(Credentials { user, password }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_told_by_its_url() {
        for (text, shown) in [
            ("http://proxy.example", "http://proxy.example:80"),
            ("HTTP://Proxy.Example:3128/", "http://proxy.example:3128"),
            ("https://proxy.example", "https://proxy.example:443"),
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("proxy", "http://proxy:80"),
            (" http://proxy:1 ", "http://proxy:1"),
            ("http://[::1]:3128", "http://[::1]:3128"),
            ("http://[fe80::1%eth0]:3128", "http://[fe80::1%eth0]:3128"),
            ("http://spam:eggs@proxy:1/", "http://proxy:1"),
            ("http://spam:a@b/c@proxy:1", "http://proxy:1"),
            ("spam:eggs@proxy:1", "http://proxy:1"),
        ] {
            assert_eq!(Proxy::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[cfg(feature = "socks")]
    #[test]
    fn socks_is_told_by_its_scheme() {
        for (text, shown) in [
            ("socks4://p", "socks4://p:1080"),
            ("socks4a://user@p", "socks4a://p:1080"),
            ("socks5://p:9", "socks5://p:9"),
            ("SOCKS5H://p", "socks5h://p:1080"),
            ("socks://p", "socks5h://p:1080"),
        ] {
            assert_eq!(Proxy::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["socks4://user:password@p", "socks6://p", "socks5a://p"] {
            assert!(Proxy::parse(text).is_err(), "{text}");
        }
    }

    #[cfg(not(feature = "socks"))]
    #[test]
    fn socks_names_the_feature_that_it_needs() {
        assert!(Proxy::parse("socks5://p").unwrap_err().to_string().contains("feature `socks`"));
    }

    #[test]
    fn user_info_is_decoded_once() {
        for (user_info, expected) in [
            ("spam:eggs", Some(("spam", "eggs"))),
            ("spam", Some(("spam", ""))),
            (":eggs", Some(("", "eggs"))),
            ("sp%40m:e%3Aggs%25", Some(("sp@m", "e:ggs%"))),
            ("spam:%2540", Some(("spam", "%40"))),
            ("spam:a:b", Some(("spam", "a:b"))),
            ("spam:100%", Some(("spam", "100%"))),
            ("", None),
            (":", None),
        ] {
            let proxy = Proxy::parse(&format!("http://{user_info}@proxy")).unwrap();
            let found = proxy.0.credentials.as_ref();
            let found = found.map(|Credentials { user, password }| {
                [user, password].map(|part| String::from_utf8(part.clone()).unwrap())
            });
            assert_eq!(found, expected.map(|(user, password)| [user.into(), password.into()]), "{user_info}");
        }
    }

    #[test]
    fn what_names_no_proxy_is_refused_without_its_password() {
        for text in [
            "",
            "http://",
            "http://:3128",
            "ftp://proxy",
            "http://proxy:",
            "http://proxy:+1",
            "http://proxy:65536",
            "http://proxy/path",
            "http://proxy?query",
            "http://::1:3128",
            "http://127.1:3128",
            "http://pro xy",
            "http://spam:hunter2@",
            "http://spam:hunter2@proxy:x",
            "http://sp%3Am:hunter2@proxy",
            "ftp://spam:hunter2@proxy",
            "spam:hunter2://@proxy",
            "socks5:hunter2://@proxy",
        ] {
            let error = Proxy::parse(text).expect_err(text).to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn nothing_that_shows_a_proxy_shows_its_password() {
        let proxy = Proxy::parse("http://spam:hunter2@proxy").unwrap();
        let secret = proxy.headers().get("proxy-authorization").unwrap().to_str().unwrap().to_owned();
        assert_eq!(secret, "Basic c3BhbTpodW50ZXIy");
        for shown in [format!("{proxy}"), format!("{proxy:?}")] {
            assert!(!shown.contains("hunter2") && !shown.contains(&secret), "{shown}");
        }
    }

    #[test]
    fn proxies_equal_each_other_when_all_is_the_same() {
        let plain = Proxy::parse("http://proxy:1").unwrap();
        let others = [
            Proxy::parse("http://proxy:2").unwrap(),
            Proxy::parse("https://proxy:1").unwrap(),
            Proxy::parse("http://spam@proxy:1").unwrap(),
            plain.clone().header("X-Team", "spam").unwrap(),
            plain.clone().tunnel_http(),
        ];
        assert_eq!(plain, Proxy::parse("HTTP://PROXY:1/").unwrap());
        assert_eq!(others[2], plain.clone().basic("spam", "").unwrap());
        assert!(others.iter().all(|other| *other != plain));
    }

    #[test]
    fn headers_that_frame_or_route_are_not_for_a_proxy() {
        for name in ["host", "Content-Length", "transfer-encoding", "Connection", "X Y"] {
            let proxy = Proxy::parse("http://proxy").unwrap();
            assert!(proxy.header(name, "1").is_err(), "{name}");
        }
    }
}
