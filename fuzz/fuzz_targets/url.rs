//! URLs: whatever is let through is normalised, so that parsing it again changes nothing, and can be sent.

#![no_main]

use httpkit::Url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for text in [text.to_owned(), format!("http://{text}"), format!("https://h/{text}")] {
        let Ok(url) = Url::parse(&text) else { continue };
        assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(&url), "{text:?}");
        assert!(url.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
        assert!(url.target().starts_with('/') && !url.target().contains('#'), "{text:?}");
        assert!(!url.host().is_empty() && !url.host().contains(['/', '@', '\\', '%']), "{text:?}");
    }
});
