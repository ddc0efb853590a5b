//! A file of saved cookies, in either format: loaded cookies are saved unchanged, and their `Cookie` field can be sent.
//!
//! Input, by line: the URL of a request, then the file.

#![no_main]

use httpkit::{CookieJar, Headers, Url};
use libfuzzer_sys::fuzz_target;

/// The longest `Cookie` field.
const MAX_FIELD: usize = 8 * 1024;

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(Ok(url)) = str::from_utf8(&input[..end]).map(Url::parse) else { return };
    for load in [CookieJar::load, CookieJar::load_netscape] {
        if let Ok(jar) = load(&input[end + 1..]) {
            check(&jar, &url);
        }
    }
});

fn check(jar: &CookieJar, url: &Url) {
    let (saved, count) = (saved(jar), jar.cookies().len());
    let loaded = CookieJar::load(&*saved).expect("a saved jar loads");
    // A cookie that expired in between is missing.
    if loaded.cookies().len() == count {
        assert_eq!(self::saved(&loaded).escape_ascii().to_string(), saved.escape_ascii().to_string());
        assert_eq!(loaded.field(url), jar.field(url));
    }
    if let Some(field) = jar.field(url) {
        assert!(field.len() <= MAX_FIELD);
        Headers::new().append("Cookie", field).expect("the field can be sent");
    }
}

fn saved(jar: &CookieJar) -> Vec<u8> {
    let mut file = Vec::new();
    jar.save(&mut file).expect("memory accepts each write");
    file
}
