//! Lists of what is reached without a proxy, and proxies: no panic, and `*` and the host itself always count.

#![no_main]

use httpkit::{Proxies, Proxy, Url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &str, &str)| {
    let (list, authority, proxy) = parts;
    let Ok(url) = Url::parse(&format!("http://{authority}")) else { return };
    let Ok(proxy) = Proxy::parse(proxy).or_else(|_| Proxy::parse("http://proxy")) else { return };
    assert_eq!(Proxy::parse(&proxy.to_string()).map(|proxy| proxy.to_string()), Ok(proxy.to_string()));
    // A host of dots alone is none that a list could name.
    if url.host().bytes().all(|byte| byte == b'.') {
        return;
    }
    let proxies = Proxies::all(proxy).except(list);
    let chosen = proxies.choose(&url).expect("no rule here is faulty");
    for more in ["*", url.host()] {
        assert_eq!(proxies.clone().except(more).choose(&url), Ok(None), "{list:?} and {more:?}");
    }
    // A list only ever takes away.
    let both = proxies.clone().except("other.example").choose(&url);
    assert!(chosen.is_some() || both == Ok(None), "{list:?}");
});
