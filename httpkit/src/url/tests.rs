use fluent_uri::{Uri, pct_enc::EStr};
use proptest::prelude::*;

use super::{HostPort, Url};

#[test]
fn a_url_is_normalised_at_intake() {
    for (text, normalised) in [
        ("http://h", "http://h/"),
        ("http://h?q", "http://h/?q"),
        ("http://h#f", "http://h/#f"),
        ("http://h:/x", "http://h/x"),
        ("http://h:80/", "http://h/"),
        ("https://h:443/", "https://h/"),
        ("https://h:80/", "https://h:80/"),
        ("http://h:008080/", "http://h:8080/"),
        ("HTTPS://EXAMPLE.org/Path", "https://example.org/Path"),
        (" http://h/x ", "http://h/x"),
        ("http://h/a b/ü?q=a b&x=[1]|2#f g", "http://h/a%20b/%C3%BC?q=a%20b&x=%5B1%5D%7C2#f%20g"),
        ("http://h/100%/%41%zz%", "http://h/100%25/%41%25zz%25"),
        ("http://h/a/./b/../c", "http://h/a/c"),
        ("http://h/../../x", "http://h/x"),
        ("http://h/a/..", "http://h/"),
        ("http://h/a/%2e%2E/b/%2e/.%2e/c", "http://h/c"),
        ("http://h/public/%2e%2e/private", "http://h/private"),
        ("http://h/%2e%2e%2e/%2ea/%252e", "http://h/%2e%2e%2e/%2ea/%252e"),
        ("http://h/a/b/.", "http://h/a/b/"),
        ("http://h//a//b/", "http://h//a//b/"),
        ("http://h/a/.../b..c/.d", "http://h/a/.../b..c/.d"),
        ("http://h/?q=a/../b", "http://h/?q=a/../b"),
        ("http://u:p@h/x", "http://h/x"),
        ("http://a:80@b/", "http://b/"),
        ("http://a@b@c/", "http://c/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
        ("http://h./", "http://h./"),
        ("http://my_host/", "http://my_host/"),
    ] {
        assert_eq!(
            Url::parse(text).map(|url| url.as_str().to_owned()),
            Ok(normalised.to_owned()),
            "{text:?}"
        );
    }
}

#[test]
fn a_url_that_could_mislead_is_refused() {
    for text in [
        "",
        "h",
        "/path",
        "ftp://h/",
        "http:/h",
        "http:h",
        "://h",
        "http://",
        "http:///path",
        "http://:80/",
        "http://u@/",
        "http://h:x/",
        "http://h:+1/",
        "http://h:65536/",
        "http://h:-1/",
        "http://h:80:80/",
        "http://h\\@x/",
        "http://h/a\\b",
        "http://h/\n",
        "http://h\0/",
        "http://h\tx/",
        "http://h x/",
        "http://h%2ex/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://00../",
        "http://127.1../",
        "http://1.2.3.4.5/",
        "http://127.0.0.1.x.0x7f/",
        "http://127.0.0.01/",
        "http://99999999999999999999999/",
        "http://[::1/",
        "http://::1/",
        "http://[::1]x/",
        "http://[g::1]/",
        "http://[fe80::1%25eth0]/",
        "http://a<b/",
    ] {
        assert!(Url::parse(text).is_err(), "{text:?} -> {:?}", Url::parse(text));
    }
}

#[cfg(not(feature = "idna"))]
#[test]
fn a_name_that_is_not_ascii_needs_the_feature() {
    let error = Url::parse("http://exämple.org/").unwrap_err().to_string();
    assert!(error.contains("`idna`"), "{error}");
}

/// Non-transitional: `ß`, `ς` and joiners are letters of their own, as in IDNA 2008.
#[cfg(feature = "idna")]
#[test]
fn a_name_that_is_not_ascii_is_kept_in_its_ascii_form() {
    for (host, ascii) in [
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.DE", "xn--bcher-kva.de"),
        ("bu\u{308}cher.de", "xn--bcher-kva.de"),
        ("faß.de", "xn--fa-hia.de"),
        ("βόλος.com", "xn--nxasmm1c.com"),
        ("\u{646}\u{627}\u{645}\u{647}\u{200c}\u{627}\u{6cc}.com", "xn--mgba3gch31f060k.com"),
        ("☃.net", "xn--n3h.net"),
        ("例え\u{3002}テスト", "xn--r8jz45g.xn--zckzah"),
        ("ｅｘａｍｐｌｅ．org", "example.org"),
        ("ex\u{ad}ample.org", "example.org"),
        ("my_ü-host.", "xn--my_-host-85a."),
        ("ü.xn--bcher-kva.de", "xn--tda.xn--bcher-kva.de"),
        ("１２７.0.0.1", "127.0.0.1"),
    ] {
        let url = Url::parse(&format!("http://{host}:8080/ü")).map(|url| url.as_str().to_owned());
        assert_eq!(url, Ok(format!("http://{ascii}:8080/%C3%BC")), "{host}");
        assert_eq!(HostPort::parse(host, 80), Ok(HostPort { host: ascii.into(), port: 80 }));
    }
}

/// A name that is ASCII names what it says: nothing here ever decodes it.
#[test]
fn an_ascii_form_is_left_alone() {
    for host in ["xn--bcher-kva.de", "xn--example-.com", "xn--a.com", "xn--.com", "ab--c.com"] {
        assert_eq!(Url::parse(&format!("http://{host}/")).unwrap().host(), host);
    }
}

#[cfg(feature = "idna")]
#[test]
fn a_name_that_maps_to_something_else_is_refused() {
    for host in [
        "a\u{2100}b.org",       // a/c
        "h\u{ff0f}x.org",       // /
        "h\u{ff1f}x.org",       // ?
        "h\u{ff03}x.org",       // #
        "u\u{ff20}h.org",       // @
        "h\u{ff1a}81",          // :
        "h\u{ff05}2e.org",      // %
        "h\u{ff3c}x.org",       // backslash
        "h\u{fe68}x.org",       // backslash
        "\u{2024}\u{2048}.org", // two dots, ?!
        "h\u{3000}x.org",       // space
        "ü*.org",
        "ü!.org",
        "h\u{ff01}.org", // !
        "\u{ad}",        // nothing
        "１２７.1",      // numbers that are no dotted quad
        "0ｘ7f.1",
        "١٢٧.0.0.1",
        "ü.1",
        "①",
        "\u{ff3b}::1\u{ff3d}",
        "ü.xn--example-.com",
        "ü.xn--a.com",
        "ü.xn--ASCII-.com",
        "\u{301}a.org",  // a mark first
        "ü\u{202e}.org", // the direction of text
        "a\u{5d0}.org",  // two directions in a label
        "\u{fffd}.org",
        "ü\u{e000}.org",
    ] {
        let url = Url::parse(&format!("http://{host}/"));
        assert!(url.is_err(), "{host:?} -> {url:?}");
        assert!(HostPort::parse(host, 80).is_err(), "{host:?}");
    }
}

/// Without a limit, a megabyte of it would take minutes.
#[cfg(feature = "idna")]
#[test]
fn a_name_that_is_not_ascii_has_a_limit() {
    let distinct: String = ('\u{4e00}'..'\u{9000}').cycle().take(1 << 20).collect();
    for host in [&distinct[..1023], &distinct, &["äöü"; 24].join(".")] {
        let error = Url::parse(&format!("http://{host}/")).unwrap_err().to_string();
        assert!(error.contains("at most 255 octets"), "{error}");
    }
    assert!(Url::parse(&format!("http://{}/", ["äöü"; 23].join("."))).is_ok());
}

#[test]
fn a_refusal_shows_no_password() {
    for text in [
        "ftp://user:hunter2@h/",
        "http://user:hunter2@h/\n",
        "http://user:hunter2@h\\x/",
        "http://user:hunter2@/",
    ] {
        let error = Url::parse(text).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn the_parts_of_a_url_are_where_they_should_be() {
    let url = Url::parse("https://me:secret@[2001:db8::1]:8443/a/b?c=d#e").unwrap();
    assert_eq!(url.host(), "2001:db8::1");
    assert_eq!(url.port(), 8443);
    assert_eq!(url.path(), "/a/b");
    assert_eq!(url.query(), Some("c=d"));
    assert_eq!(url.fragment(), Some("e"));
    assert_eq!(url.target(), "/a/b?c=d");
    assert_eq!(url.user_info(), Some("me:secret"));
    assert_eq!(url.host_and_port(), "[2001:db8::1]:8443");
    assert_eq!(url.origin().to_string(), "https://[2001:db8::1]:8443");
    assert_eq!(url.to_string(), "https://[2001:db8::1]:8443/a/b?c=d#e");
    assert!(!format!("{url:?}").contains("secret"));
}

#[test]
fn address_has_one_text() {
    for (spelled, text) in [
        ("0:0:0:0:0:0:0:1", "::1"),
        ("::", "::"),
        ("1:0::", "1::"),
        ("1::", "1::"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("::ffff:127.0.0.1", "::ffff:7f00:1"),
        ("::1.2.3.4", "::102:304"),
        ("0:0:1::", "0:0:1::"),
    ] {
        let url = Url::parse(&format!("http://[{spelled}]/")).unwrap();
        assert_eq!((url.host(), url.as_str()), (text, &*format!("http://[{text}]/")), "{spelled}");
        assert_eq!(HostPort::parse(&format!("[{spelled}]:1"), 80).unwrap().host, text, "{spelled}");
    }
    assert_eq!(HostPort::from_parts("FE80:0::1%Eth0", 80).unwrap().host, "fe80::1%Eth0");
}

#[test]
fn a_base_is_a_prefix_and_never_resolved() {
    for (base, target, whole) in [
        ("http://h/api/v1", "/users", "http://h/api/v1/users"),
        ("http://h/api/v1/", "/users/", "http://h/api/v1/users/"),
        ("http://h", "users?q=1", "http://h/users?q=1"),
        ("http://h/api?drop=me#too", "/x", "http://h/api/x"),
    ] {
        let base = Url::parse(base).unwrap();
        assert_eq!(base.append(target).unwrap().as_str(), whole);
    }
}

#[test]
fn a_query_is_added_before_the_fragment() {
    let mut url = Url::parse("http://h/x#f").unwrap();
    url.push_query("a=1");
    url.push_query("");
    url.push_query("b=2");
    assert_eq!(url.as_str(), "http://h/x?a=1&b=2#f");
    assert_eq!((url.query(), url.fragment(), url.target()), (Some("a=1&b=2"), Some("f"), "/x?a=1&b=2"));
}

#[test]
fn user_info_is_left_out_and_the_fragment_replaced() {
    let mut url = Url::parse("https://me:secret@[::1]:8443/a?b#c").unwrap();
    assert_eq!(url.take_user_info().as_deref(), Some("me:secret"));
    assert_eq!(url.take_user_info(), None);
    url.set_fragment(Some("d"));
    assert_eq!(url, Url::parse("https://[::1]:8443/a?b#d").unwrap());
    url.set_fragment(None);
    assert_eq!(url, Url::parse("https://[::1]:8443/a?b").unwrap());
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    let url = Url::parse("http://h/a").unwrap();
    for (other, is_same) in [
        ("http://H:80/b?c#d", true),
        ("http://u:p@h/", true),
        ("https://h/", false),
        ("http://h:81/", false),
        ("http://h.x/", false),
        ("http://h./", false),
        ("https://h:80/", false),
    ] {
        assert_eq!(url.is_same_origin(&Url::parse(other).unwrap()), is_same, "{other}");
    }
}

#[test]
fn host_and_port_of_a_connection() {
    for (text, host, port) in [
        ("www.cwi.nl", "www.cwi.nl", 80),
        ("www.cwi.nl:8080", "www.cwi.nl", 8080),
        ("WWW.cwi.nl", "www.cwi.nl", 80),
        ("[::1]", "::1", 80),
        ("[::1]:81", "::1", 81),
        ("[fe80::1%eth0]:81", "fe80::1%eth0", 81),
    ] {
        assert_eq!(HostPort::parse(text, 80), Ok(HostPort { host: host.into(), port }), "{text:?}");
    }
    for text in [
        "", ":80", "h:", "h:abc", "h:+80", "h:65536", "::1", "h:80:80", "a b", "a\r\nb", "[::1]x", "[]",
        "[::1%]", "h/x",
    ] {
        assert!(HostPort::parse(text, 80).is_err(), "{text:?}");
    }
    assert_eq!(HostPort::from_parts("::1", 8080).unwrap().host_field(80), "[::1]:8080");
    assert_eq!(HostPort::from_parts("[fe80::1%eth0]", 80).unwrap().host_field(80), "[fe80::1]");
    assert_eq!(HostPort::from_parts("h", 80).unwrap().host_field(80), "h");
}

#[test]
fn limits_length_of_host() {
    let name = |length: usize| ["a".repeat(60).as_str(); 5].join(".")[..length].to_owned();
    for (longest, too_long) in [
        (name(255), name(256)),
        (name(254) + ".", name(255) + "."),
        ("a.".repeat(127) + "b", "a.".repeat(128)),
        (name(247) + ".1.2.3.x", name(248) + ".1.2.3.x"),
    ] {
        assert_eq!((longest.len(), too_long.len()), (255, 256));
        let parsed = HostPort::parse(&format!("{longest}:81"), 80);
        assert_eq!(parsed, Ok(HostPort { host: longest.clone(), port: 81 }));
        assert!(HostPort::from_parts(&longest, 80).is_ok());
        assert_eq!(Url::parse(&format!("http://u:p@{longest}:81/")).unwrap().host(), longest);
        let base = Url::parse("http://h/").unwrap();
        assert_eq!(base.resolve(&format!("//{longest}/x")).unwrap().host(), longest);

        for error in [
            HostPort::parse(&format!("{too_long}:81"), 80).unwrap_err(),
            HostPort::from_parts(&too_long, 80).unwrap_err(),
            Url::parse(&format!("http://u:p@{too_long}:81/")).unwrap_err(),
            base.resolve(&format!("//{too_long}/x")).unwrap_err(),
        ] {
            assert!(error.to_string().contains("at most 255 octets"), "{error}");
        }
    }
    let huge = Url::parse(&format!("http://{}/", "a".repeat(60_000))).unwrap_err().to_string();
    assert!(huge.len() < 250, "{huge}");
}

#[test]
fn limits_length_of_zone() {
    let address = |length: usize| format!("fe80::1%{}", "e".repeat(length - "fe80::1%".len()));
    for text in [address(255), format!("[{}]", address(255))] {
        assert_eq!(HostPort::from_parts(&text, 80).unwrap().host, address(255));
    }
    assert_eq!(HostPort::parse(&format!("[{}]:81", address(255)), 80).unwrap().host, address(255));
    for text in [address(256), format!("[{}]", address(256))] {
        let error = HostPort::from_parts(&text, 80).unwrap_err().to_string();
        assert!(error.contains("at most 255 octets"), "{error}");
    }
    assert!(HostPort::parse(&format!("[{}]:81", address(256)), 80).is_err());
}

proptest! {
    /// Whatever the intake lets through is a URL by RFC 3986, as a parser of others reads it.
    #[test]
    fn what_is_let_through_follows_rfc_3986(
        text in "(?i:https?)://([a-z0-9.@:%\\[\\]_-]{1,12})?[ -~äü]{0,30}",
    ) {
        let Ok(url) = Url::parse(&text) else { return Ok(()) };
        let text = url.to_text_with_user_info();
        let uri = Uri::parse(text.as_str()).map_err(|error| TestCaseError::fail(format!("{url:?}: {error}")))?;
        let authority = uri.authority().expect("it has an authority");
        prop_assert_eq!(uri.scheme().as_str(), url.scheme().as_str());
        prop_assert_eq!(authority.host().trim_matches(['[', ']']), url.host());
        let port = authority.port_to_u16().expect("it is in range").unwrap_or(url.scheme().default_port());
        prop_assert_eq!(port, url.port());
        prop_assert_eq!(uri.path().as_str(), url.path());
        prop_assert_eq!(uri.query().map(EStr::as_str), url.query());
        prop_assert_eq!(uri.fragment().map(EStr::as_str), url.fragment());
        prop_assert_eq!(authority.userinfo().map(EStr::as_str), url.user_info());
        prop_assert_eq!(Url::parse(&text), Ok(url), "normalizing again changes nothing");
    }
}
