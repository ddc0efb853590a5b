//! URLs: the text of an accepted URL parses to the same URL, and can be sent.

#![no_main]

use httpkit::Url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for text in [text.to_owned(), format!("http://{text}"), format!("https://h/{text}")] {
        let Ok(url) = Url::parse(&text) else { continue };
        // The text of a URL has no user info.
        let user_info = url.user_info().map_or(String::new(), |user_info| format!("{user_info}@"));
        let again = url.as_str().replacen("://", &format!("://{user_info}"), 1);
        assert_eq!(Url::parse(&again).as_ref(), Ok(&url), "{text:?}");
        assert!(url.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
        assert!(url.target().starts_with('/') && !url.target().contains('#'), "{text:?}");
        assert!(!url.host().is_empty() && !url.host().contains(['/', '@', '\\', '%']), "{text:?}");
    }
});
