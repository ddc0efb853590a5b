//! Seeds of the fuzz targets, from the tables of the parsers' tests.

use std::fs;

use httpkit_tests::keep_as_seed;
use proc_macro2::{TokenStream, TokenTree};

use crate::workspace;

/// Fuzz targets, files with tests, and the text that precedes each string of the tests in an input.
const TABLES: [(&str, &str, &[u8]); 15] = [
    ("challenge", "httpkit/src/auth/challenge.rs", b""),
    ("challenge", "httpkit/src/auth/digest.rs", b"Digest realm=r, nonce=n, "),
    ("cookie_file", "httpkit/src/cookies/netscape.rs", b"https://example.org/\n"),
    ("cookie_file", "httpkit/src/cookies/saved.rs", b"https://example.org/p/a\n"),
    ("cookies", "httpkit/src/cookies/date.rs", b"http://example.org/\nhttp://example.org/\na=b; Expires="),
    ("cookies", "httpkit/src/cookies/set_cookie.rs", b"https://a.example.org/p/\nhttps://example.org/\n"),
    ("cookies", "httpkit/src/cookies/store/tests.rs", b"https://a.h.example/a\nhttps://h.example/\n"),
    ("events", "httpkit/src/event_stream/parser/tests.rs", b"\x03\x10"),
    ("host_port", "httpkit/src/url/host.rs", b""),
    ("link", "httpkit/src/web_link.rs", b"next\n"),
    ("media_type", "httpkit/src/media_type.rs", b"charset\nutf-8\n"),
    ("netrc", "httpkit/src/auth/netrc.rs", b"a.example\n"),
    ("proxy", "httpkit/src/proxy/parse.rs", b""),
    ("template", "httpkit-macros/src/template/tests.rs", b""),
    ("url", "httpkit/src/url/tests.rs", b""),
];

#[test]
fn collects_seeds_from_parser_tests() {
    for (target, file, start) in TABLES {
        let path = workspace().join("fuzz/fuzz_targets").join(target).with_extension("rs");
        assert!(path.exists(), "{target} is not a fuzz target");
        let text =
            fs::read_to_string(workspace().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let tokens = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut strings = Vec::new();
        collect_strings(tests_of(tokens), &mut strings);
        assert!(!strings.is_empty(), "{file} has no table of tests");
        for string in strings {
            keep_as_seed(target, &[start, &string].concat());
        }
    }
}

/// Returns the contents of the module `tests`, or the whole file if it has none.
fn tests_of(tokens: TokenStream) -> TokenStream {
    let mut rest = tokens.clone().into_iter().skip_while(|token| !is_named(token, "tests")).skip(1);
    match rest.next() {
        Some(TokenTree::Group(tests)) => tests.stream(),
        _ => tokens,
    }
}

fn is_named(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(found) if found == name)
}

fn collect_strings(tokens: TokenStream, strings: &mut Vec<Vec<u8>>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_strings(group.stream(), strings),
            TokenTree::Literal(literal) => match syn::Lit::new(literal) {
                syn::Lit::Str(text) => strings.push(text.value().into_bytes()),
                syn::Lit::ByteStr(bytes) => strings.push(bytes.value()),
                _ => {}
            },
            _ => {}
        }
    }
}
