use std::time::Duration;

use super::*;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000 + seconds)
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn store(set: &[(&str, &str)]) -> Store {
    let mut store = Store::default();
    for (from, field) in set {
        assert!(store.set(&url(from), field.as_bytes(), at(0)), "{field:?} from {from}");
    }
    store
}

fn sent(store: &mut Store, to: &str) -> String {
    String::from_utf8(store.field(&url(to), at(0)).unwrap_or_default()).unwrap()
}

/// For each row: a cookie, who sets it, and who is sent it; then who is not.
#[test]
fn cookies_go_where_they_are_for() {
    for (from, field, to, not_to) in [
        (
            "http://www.example.org/a/b",
            "x=1",
            &["http://www.example.org/a", "https://www.example.org:8443/a/c?d"][..],
            &[
                "http://www.example.org/",
                "http://www.example.org/ab",
                "http://example.org/a",
                "http://a.www.example.org/a",
            ][..],
        ),
        (
            "http://www.example.org/",
            "x=1; Domain=.Example.ORG",
            &["http://example.org/", "http://www.example.org/y", "http://a.b.example.org/"],
            &["http://badexample.org/", "http://example.org./", "http://example.com/", "http://org/"],
        ),
        ("http://h.example/", "x=1; Domain=", &["http://h.example/"], &["http://a.h.example/"]),
        (
            "http://h.example/any/",
            "x=1; Path=/any",
            &["http://h.example/any", "http://h.example/any/x"],
            &["http://h.example/anybad"],
        ),
        ("http://h.example/a/b", "x=1; Path=b", &["http://h.example/a"], &["http://h.example/b"]),
        ("http://h.example/a/b", "x=1; Path=/; Path=", &["http://h.example/a"], &["http://h.example/b"]),
        ("https://h.example/", "x=1; Secure", &["https://h.example/"], &["http://h.example/"]),
        (
            "http://127.0.0.1:81/",
            "x=1; Domain=127.0.0.1",
            &["http://127.0.0.1:82/"],
            &["http://127.0.0.2/", "http://0.0.1.example/"],
        ),
        ("http://[::1]/", "x=1", &["http://[::1]:80/"], &["http://[::2]/"]),
        ("http://localhost/", "x=1; Domain=localhost", &["http://localhost/"], &["http://a.localhost/"]),
        ("http://h.example./", "x=1", &["http://h.example./"], &["http://h.example/"]),
        ("https://h.example/", "__Secure-x=1; Secure", &["https://h.example/"], &["https://a.h.example/"]),
        (
            "https://h.example/a",
            "__Host-x=1; Secure; Path=/",
            &["https://h.example/b"],
            &["https://a.h.example/"],
        ),
        ("https://h.example/", "x=1; SameSite=None; Secure", &["https://h.example/"], &[]),
        ("http://h.example/", "x=1; SameSite=Strict; HttpOnly", &["http://h.example/"], &[]),
    ] {
        let mut store = store(&[(from, field)]);
        for to in to {
            assert!(sent(&mut store, to).ends_with("x=1"), "{field:?} from {from} is for {to}");
        }
        for not_to in not_to {
            assert_eq!(sent(&mut store, not_to), "", "{field:?} from {from} is not for {not_to}");
        }
    }
}

#[test]
fn a_server_can_set_what_is_its_own_and_nothing_else() {
    for (from, field) in [
        ("http://a.example.org/", "x=1; Domain=b.example.org"),
        ("http://example.org/", "x=1; Domain=a.example.org"),
        ("http://a.example.org/", "x=1; Domain=org"),
        ("http://a.example.co.uk/", "x=1; Domain=co.uk"),
        ("http://a.example.co.uk/", "x=1; Domain=.CO.UK"),
        ("http://a.example.org/", "x=1; Domain=example.org."),
        ("http://a.example.org./", "x=1; Domain=example.org"),
        ("http://a.example.org./", "x=1; Domain=org."),
        ("http://me.github.io/", "x=1; Domain=github.io"),
        ("http://a.internal/", "x=1; Domain=internal"),
        ("http://127.0.0.1/", "x=1; Domain=0.0.1"),
        ("http://a.example.org/", "x=1; Domain=..example.org"),
        ("http://a.example.org/", "x=1; Domain=ex\u{e4}mple.org"),
        ("http://h.example/", "x=1; Secure"),
        ("http://h.example/", "x=1; SameSite=None"),
        ("https://h.example/", "__Secure-x=1"),
        ("https://h.example/", "__secure-x=1"),
        ("http://h.example/", "__Secure-x=1; Secure"),
        ("https://h.example/", "__Host-x=1; Path=/"),
        ("https://h.example/", "__Host-x=1; Secure"),
        ("https://h.example/", "__Host-x=1; Secure; Path=/a"),
        ("https://h.example/", "__HOST-x=1; Secure; Path=/; Domain=h.example"),
        ("https://h.example/", "=__Host-x=1; Secure; Path=/a"),
        ("https://h.example/", "__Secure-x"),
        ("http://h.example/", "x=1\u{1}"),
        ("http://h.example/", ""),
    ] {
        assert!(!Store::default().set(&url(from), field.as_bytes(), at(0)), "{field:?} from {from}");
    }
}

#[test]
fn longer_paths_come_first_then_older_cookies() {
    let mut store = store(&[
        ("http://a.h.example/", "one=1; Path=/"),
        ("http://a.h.example/", "two=2; Path=/a; Domain=h.example"),
        ("http://a.h.example/", "three=3; Path=/"),
        ("http://a.h.example/", "four=4; Path=/a"),
        ("http://a.h.example/", "five; Path=/"),
        ("http://a.h.example/", "one=11; Path=/"),
    ]);
    assert_eq!(sent(&mut store, "http://a.h.example/a/b"), "two=2; four=4; one=11; three=3; five");
}

#[test]
fn a_cookie_is_replaced_by_its_name_domain_and_path() {
    let from = "http://a.h.example/x";
    let mut store = store(&[
        (from, "n=1; Path=/"),
        (from, "n=2; Path=/x"),
        (from, "n=3; Path=/; Domain=a.h.example"),
        (from, "N=4; Path=/"),
        (from, "n=5; Path=/"),
    ]);
    assert_eq!(sent(&mut store, from), "n=2; n=5; n=3; N=4");
}

#[test]
fn what_has_expired_is_neither_sent_nor_kept() {
    let from = "http://h.example/";
    let mut store = store(&[(from, "a=1; Max-Age=60"), (from, "b=2"), (from, "c=3; Max-Age=120")]);
    let sent_at = |store: &mut Store, seconds| {
        String::from_utf8(store.field(&url(from), at(seconds)).unwrap_or_default()).unwrap()
    };
    assert_eq!(sent_at(&mut store, 59), "a=1; b=2; c=3");
    assert_eq!(sent_at(&mut store, 60), "b=2; c=3");
    assert!(store.set(&url(from), b"c=gone; Max-Age=0", at(61)));
    assert!(store.set(&url(from), b"b=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT", at(61)));
    assert_eq!(sent_at(&mut store, 61), "");
    assert!(store.cookies(at(61)).is_empty());
    assert!(store.set(&url(from), b"d=4; Max-Age=99999999999999999999", at(0)));
    assert_eq!(sent_at(&mut store, 400 * 86_400 - 1), "d=4");
    assert_eq!(sent_at(&mut store, 400 * 86_400), "");
}

#[test]
fn http_replaces_and_shadows_nothing_that_https_has_secured() {
    let (secure, plain) = ("https://a.h.example/", "http://a.h.example/");
    let mut store = store(&[(secure, "x=good; Secure; Path=/p; Domain=h.example")]);
    for field in
        ["x=evil; Path=/p; Domain=h.example", "x=evil; Path=/p/q", "x=evil; Path=/p; Domain=a.h.example"]
    {
        assert!(!store.set(&url(plain), field.as_bytes(), at(0)), "{field}");
    }
    assert_eq!(sent(&mut store, "https://a.h.example/p/q"), "x=good");
    for field in ["x=1; Path=/other", "y=1; Path=/p"] {
        assert!(store.set(&url(plain), field.as_bytes(), at(0)), "{field}");
    }
    assert!(store.set(&url(secure), b"x=new; Path=/p; Domain=h.example", at(0)));
}

#[test]
fn a_flood_is_bounded_and_secure_cookies_outlast_it() {
    let (secure, plain) = (url("https://h.example/"), url("http://h.example/"));
    let mut store = Store::default();
    assert!(store.set(&secure, b"kept=1; Secure", at(0)));
    for index in 0..1000 {
        assert!(store.set(&plain, format!("c{index}=x").as_bytes(), at(0)));
    }
    assert_eq!(store.len(), MAX_OF_DOMAIN);
    let field = sent(&mut store, "https://h.example/");
    assert!(field.starts_with("kept=1; ") && field.ends_with("c999=x"), "{field}");

    for host in 0..40 {
        for index in 0..100 {
            let from = url(&format!("http://h{host}.example/"));
            assert!(store.set(&from, format!("c{index}=x").as_bytes(), at(0)));
        }
    }
    assert_eq!(store.len(), MAX_IN_ALL);
    assert_eq!(
        store.cookies(at(0)).last().map(|cookie| cookie.domain.clone()).as_deref(),
        Some("h39.example")
    );
}

/// Sets so many cookies for each of these hosts.
fn flood(store: &mut Store, hosts: impl Iterator<Item = String>, count: usize) {
    for host in hosts {
        for index in 0..count {
            assert!(store.set(&url(&format!("http://{host}/")), format!("c{index}=x").as_bytes(), at(0)));
        }
    }
}

#[test]
fn full_site_evicts_its_own_cookies() {
    let mut store = store(&[("http://bank.example/", "session=1"), ("http://www.bank.example/", "other=1")]);
    let hosts = |suffix: &'static str| (0..).map(move |number| format!("h{number}.{suffix}"));
    // One below the limit, at the limit, and above it.
    flood(&mut store, hosts("evil.co.uk").take(16), 180);
    flood(&mut store, hosts("evil.co.uk").skip(16).take(1), MAX_IN_ALL - 1 - 16 * 180 - 2);
    assert_eq!(store.len(), MAX_IN_ALL - 1);
    flood(&mut store, ["last.evil.co.uk".to_owned()].into_iter(), 1);
    assert_eq!(store.len(), MAX_IN_ALL);
    assert_eq!(sent(&mut store, "http://h0.evil.co.uk/").split("; ").count(), 180);

    flood(&mut store, ["next.evil.co.uk".to_owned()].into_iter(), 1);
    assert_eq!(store.len(), MAX_IN_ALL);
    assert_eq!(sent(&mut store, "http://next.evil.co.uk/"), "c0=x");
    flood(&mut store, hosts("evil.co.uk").skip(17).take(3), 180);
    assert_eq!(store.len(), MAX_IN_ALL);
    assert_eq!(sent(&mut store, "http://bank.example/"), "session=1");
    assert_eq!(sent(&mut store, "http://www.bank.example/"), "other=1");
}

#[test]
fn full_site_yields_to_others() {
    let mut store = store(&[("http://me.github.io/", "session=1")]);
    let hosts = (0..17).map(|number| format!("h{number}.you.github.io"));
    flood(&mut store, hosts, 180);
    assert_eq!(store.len(), MAX_IN_ALL);
    // Others set as many as one domain may have, and none of them loses any.
    for host in ["one.example", "two.example"] {
        flood(&mut store, [host.to_owned()].into_iter(), MAX_OF_DOMAIN);
    }
    assert_eq!(store.len(), MAX_IN_ALL);
    for (host, count) in [("one.example", MAX_OF_DOMAIN), ("two.example", MAX_OF_DOMAIN), ("me.github.io", 1)]
    {
        let kept = store.cookies(at(0)).iter().filter(|cookie| cookie.domain == host).count();
        assert_eq!(kept, count, "{host}");
    }
}

#[test]
fn evicts_least_recently_used_if_no_site_has_too_many() {
    let mut store = store(&[("http://old.example/", "a=1"), ("http://used.example/", "b=1")]);
    for number in 0..MAX_IN_ALL - 2 {
        assert!(store.set(&url(&format!("http://h{number}.example/")), b"c=1", at(0)));
    }
    assert_eq!(sent(&mut store, "http://used.example/"), "b=1");
    assert!(store.set(&url("http://next.example/"), b"c=1", at(0)));
    assert_eq!(store.len(), MAX_IN_ALL);
    assert_eq!(sent(&mut store, "http://old.example/"), "");
    for kept in ["http://used.example/", "http://h0.example/", "http://next.example/"] {
        assert_ne!(sent(&mut store, kept), "", "{kept}");
    }
}

#[test]
fn full_site_evicts_cookies_that_are_not_secure_first() {
    let mut store = store(&[("https://evil.example/", "kept=1; Secure; Domain=evil.example")]);
    flood(&mut store, (0..17).map(|number| format!("h{number}.evil.example")), 180);
    assert_eq!(sent(&mut store, "https://evil.example/"), "kept=1");
}

#[test]
fn keeps_no_site_without_cookies() {
    let mut store = store(&[("http://kept.example/", "a=1"), ("http://gone.example/", "a=1")]);
    for host in ["gone.example", "new.example", "kept.example"] {
        let from = url(&format!("http://{host}/"));
        assert!(store.set(&from, b"b=2; Max-Age=0", at(0)) && store.set(&from, b"b=2; Max-Age=0", at(0)));
    }
    assert!(store.set(&url("http://gone.example/"), b"a=1; Max-Age=0", at(0)));
    assert_eq!(store.sites.keys().collect::<Vec<_>>(), ["kept.example"]);
}

#[test]
fn rejects_default_path_over_1024_bytes() {
    let from = |length: usize| url(&format!("http://h.example/{}/page", "x".repeat(length - 1)));
    let mut store = Store::default();
    assert!(!store.set(&from(1025), b"a=1", at(0)));
    assert!(store.set(&from(1024), b"a=1", at(0)));
    assert!(store.set(&from(1025), b"a=1; Path=/", at(0)));
}

#[test]
fn the_field_is_bounded_and_no_cookie_cut() {
    let mut store = Store::default();
    let from = url("http://h.example/");
    for index in 0..10 {
        assert!(store.set(&from, format!("c{index}={}", "x".repeat(1000)).as_bytes(), at(0)));
    }
    let field = sent(&mut store, "http://h.example/");
    assert!(field.len() <= MAX_FIELD, "{}", field.len());
    assert_eq!(field.split("; ").count(), 8);
    assert!(field.split("; ").all(|pair| pair.len() == 1003));
}
