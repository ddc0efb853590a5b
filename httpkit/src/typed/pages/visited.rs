//! The pages that were requested, so that links in a circle end.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use crate::url::Url;

/// The URLs that were requested. Keeps 16 bytes for each, since a server can send thousands of links of 60 KB.
///
/// A false match would end the pages with an error, so it must be practically impossible. A key has 128 bits, made by
/// the keyed hash of the standard library with random keys. Two of a million URLs have the same key with a probability
/// below 1 in 10^26. A server cannot search for such a pair either: it does not know the random keys and never sees a
/// hash.
#[derive(Default)]
pub(super) struct Visited {
    hasher: RandomState,
    keys: HashSet<u128>,
}

impl Visited {
    /// Adds a URL, without user info and fragment, which do not tell pages apart. Returns whether it is new.
    pub(super) fn insert(&mut self, url: &Url) -> bool {
        let key = self.key(url);
        self.keys.insert(key)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Two hashes of 64 bits. They are independent, because a prefix makes their inputs differ.
    fn key(&self, url: &Url) -> u128 {
        let half = |prefix: u8| {
            let parts = (prefix, url.scheme(), url.host(), url.port(), url.target());
            u128::from(self.hasher.hash_one(parts))
        };
        half(0) << 64 | half(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn tells_pages_by_all_but_user_info_and_fragment() {
        let mut visited = Visited::default();
        for text in [
            "http://h/",
            "https://h/",
            "http://h:81/",
            "http://i/",
            "http://h/a",
            "http://h/a?",
            "http://h/a?b",
            "http://h/?a/b",
            "http://[::1]/",
        ] {
            assert!(visited.insert(&url(text)), "{text}");
            for same in [text.to_owned(), text.replace("//", "//me:secret@"), format!("{text}#part")] {
                assert!(!visited.insert(&url(&same)), "{same}");
            }
        }
        assert_eq!(visited.len(), 9);
    }

    #[test]
    fn tells_long_urls_apart_by_last_byte() {
        let mut visited = Visited::default();
        let long = |end: usize| url(&format!("http://h/?{}{end}", "x".repeat(60_000)));
        assert!((0..100).all(|end| visited.insert(&long(end))));
        assert!((0..100).all(|end| !visited.insert(&long(end))));
        assert_eq!(visited.len(), 100);
        let key = visited.key(&long(0));
        assert_ne!(key >> 64, key & u128::from(u64::MAX), "the halves are independent");
        assert_ne!(key, Visited::default().key(&long(0)), "the key of the hash is random");
    }
}
