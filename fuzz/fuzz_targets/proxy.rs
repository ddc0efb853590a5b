//! Proxies: a displayed proxy parses to the same text, credentials are decoded once, and neither proxies nor
//! errors show a password.
//!
//! Input, by line: what precedes the password, what follows the password up to an `@`, the host, then the
//! user.

#![no_main]

use httpkit::Proxy;
use libfuzzer_sys::fuzz_target;

const PASSWORD: &str = "hunter2";

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(4, '\n');
    let [start, end, host, user] = [(); 4].map(|()| lines.next().unwrap_or_default());
    check_secret(&format!("{start}:{PASSWORD}{end}@{host}"));
    check_secret(&format!("{start}{user}:{PASSWORD}{end}@{host}"));
    for text in [start, host, &format!("{start}{host}")] {
        let Ok(proxy) = Proxy::parse(text) else { continue };
        let shown = proxy.to_string();
        let again = Proxy::parse(&shown).expect("a displayed proxy can be parsed");
        assert_eq!(again.to_string(), shown, "{text:?}");
        check_credentials(&again, user, end);
    }
});

fn check_secret(text: &str) {
    let shown = match Proxy::parse(text) {
        Ok(proxy) => format!("{proxy} {proxy:?}"),
        Err(error) => format!("{error} {error:?}"),
    };
    assert!(!shown.contains(PASSWORD), "{shown}");
}

/// A user and password that are percent-encoded in the URL are those that `basic` sets.
fn check_credentials(proxy: &Proxy, user: &str, password: &str) {
    let shown = proxy.to_string();
    let (scheme, server) = shown.split_once("://").expect("a displayed proxy has a scheme");
    let url = format!("{scheme}://{}:{}@{server}", encoded(user), encoded(password));
    match Proxy::parse(&url) {
        Ok(parsed) if user.is_empty() && password.is_empty() => assert_eq!(parsed, *proxy),
        Ok(parsed) => assert_eq!(Ok(parsed), proxy.clone().basic(user, password), "{url}"),
        Err(error) => {
            let is_refused = match scheme {
                "http" | "https" => user.contains(':'),
                "socks4" | "socks4a" => !password.is_empty(),
                _ => false,
            };
            assert!(is_refused, "{url}: {error}");
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
