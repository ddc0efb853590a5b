//! `Set-Cookie` fields: a server sets cookies only for its own domain, and a cookie is sent only within its
//! domain and path. A saved jar loads as the same jar.
//!
//! Input, by line: the URL of the request that may carry the cookies, the URL that sets them, then the fields.

#![no_main]

use std::{
    net::IpAddr,
    time::{Duration, SystemTime},
};

use httpkit::{Cookie, CookieJar, SameSite, Scheme, Url};
use libfuzzer_sys::fuzz_target;

/// A cookie that expires this soon may do so before the checks end.
const MARGIN: Duration = Duration::from_secs(60);
/// The maximum of RFC 6265bis §5.5.
const MAX_LIFETIME: Duration = Duration::from_secs(400 * 24 * 60 * 60);

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|byte| *byte == b'\n');
    let mut url = || Url::parse(str::from_utf8(lines.next()?).ok()?).ok();
    let (Some(to), Some(from)) = (url(), url()) else { return };
    let jar = CookieJar::new();
    for field in lines {
        jar.set(&from, field);
    }
    let cookies = jar.cookies();
    for cookie in &cookies {
        check_scope(cookie, &from);
        check_attributes(cookie, &from);
    }
    let soon = SystemTime::now() + MARGIN;
    if cookies.iter().all(|cookie| cookie.expires().is_none_or(|expires| expires > soon)) {
        let sent = jar.field(&to).unwrap_or_default();
        assert_eq!(sent.escape_ascii().to_string(), expected(&cookies, &to).escape_ascii().to_string());
        check_saved(&jar);
    }
});

/// A cookie is for the host that set it, or for a parent domain, which has more than one label.
fn check_scope(cookie: &Cookie, from: &Url) {
    assert!(is_within(from.host(), cookie.domain()), "{cookie:?} from {from}");
    assert!(!cookie.is_host_only() || cookie.domain() == from.host(), "{cookie:?} from {from}");
    assert!(cookie.is_host_only() || cookie.domain().contains(['.', ':']), "{cookie:?} from {from}");
    assert!(cookie.path().starts_with(b"/"), "{cookie:?} from {from}");
}

fn check_attributes(cookie: &Cookie, from: &Url) {
    let begins = |prefix: &str| {
        let start = cookie.name().get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    let is_bound = cookie.is_host_only() && cookie.path() == b"/";
    assert!(!cookie.is_secure() || from.scheme() == Scheme::Https, "{cookie:?} from {from}");
    assert!(cookie.is_secure() || cookie.same_site() != Some(SameSite::None), "{cookie:?} from {from}");
    assert!(cookie.is_secure() || !begins("__Secure-"), "{cookie:?} from {from}");
    assert!((cookie.is_secure() && is_bound) || !begins("__Host-"), "{cookie:?} from {from}");
    let latest = SystemTime::now() + MAX_LIFETIME;
    assert!(cookie.expires().is_none_or(|expires| expires <= latest), "{cookie:?} from {from}");
}

/// The `Cookie` field by RFC 6265bis §5.8.3, without its limits: longer paths first, then older cookies.
fn expected(cookies: &[Cookie], to: &Url) -> Vec<u8> {
    let mut selected: Vec<&Cookie> = cookies.iter().filter(|cookie| is_for(cookie, to)).collect();
    selected.sort_by_key(|cookie| std::cmp::Reverse(cookie.path().len()));
    let pairs = selected.iter().map(|cookie| match cookie.name() {
        b"" => cookie.value().to_vec(),
        name => [name, b"=", cookie.value()].concat(),
    });
    pairs.collect::<Vec<_>>().join(&b"; "[..])
}

fn is_for(cookie: &Cookie, url: &Url) -> bool {
    let is_in_domain = match cookie.is_host_only() {
        true => url.host() == cookie.domain(),
        false => is_within(url.host(), cookie.domain()),
    };
    let path = url.path().as_bytes();
    let folder = [cookie.path().strip_suffix(b"/").unwrap_or(cookie.path()), b"/"].concat();
    is_in_domain
        && (path == cookie.path() || path.starts_with(&folder))
        && (url.scheme() == Scheme::Https || !cookie.is_secure())
}

/// Returns whether `host` is `domain` or a name below it (RFC 6265bis §5.1.3).
fn is_within(host: &str, domain: &str) -> bool {
    host == domain || (host.ends_with(&format!(".{domain}")) && host.parse::<IpAddr>().is_err())
}

fn check_saved(jar: &CookieJar) {
    let mut file = Vec::new();
    jar.save(&mut file).expect("memory accepts each write");
    let loaded = CookieJar::load(&*file).expect("a saved jar loads").cookies();
    assert!(jar.cookies().iter().map(without_site).eq(loaded.iter().map(without_site)));
    let sites = |cookies: &[Cookie]| cookies.iter().map(Cookie::same_site).collect::<Vec<_>>();
    assert_eq!(sites(&loaded), sites(&jar.cookies()));

    let mut file = Vec::new();
    jar.save_netscape(&mut file).expect("memory accepts each write");
    let loaded = CookieJar::load_netscape(&*file).expect("a saved jar loads").cookies();
    let expected = jar.cookies();
    let expected = expected.iter().filter(|cookie| is_expressible(cookie)).map(without_site);
    assert!(expected.eq(loaded.iter().map(without_site)), "{}", file.escape_ascii());
}

/// Returns whether the Netscape format can express a cookie.
fn is_expressible(cookie: &Cookie) -> bool {
    let has_tab = [cookie.name(), cookie.path()].iter().any(|field| field.contains(&b'\t'));
    !has_tab && !cookie.domain().starts_with('.')
}

/// All of a cookie that the Netscape format can express, with its lifetime in whole seconds.
fn without_site(cookie: &Cookie) -> impl PartialEq {
    let seconds =
        |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let flags = [cookie.is_host_only(), cookie.is_secure(), cookie.is_http_only()];
    let texts =
        [cookie.name(), cookie.value(), cookie.domain().as_bytes(), cookie.path()].map(<[u8]>::to_vec);
    (texts, flags, cookie.expires().map(seconds))
}
