//! A chunked body: the same however it is split, in both degrees of strictness; what Strict reads, Compat
//! reads alike.
//!
//! Input: the length of the pieces, then the body.

#![no_main]

use httpkit::{Method, Strictness};
use httpkit_tests::Outcome;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((length, body)) = input.split_first() else { return };
    let response = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
    let strict = exchange(&Method::GET, &[&response], Strictness::Strict);
    let compat = exchange(&Method::GET, &[&response], Strictness::Compat);
    let pieces: Vec<&[u8]> = response.chunks(usize::from(*length).max(1)).collect();
    assert_eq!(strict, exchange(&Method::GET, &pieces, Strictness::Strict));
    assert_eq!(compat, exchange(&Method::GET, &pieces, Strictness::Compat));
    if strict.is_ok() {
        assert_eq!(strict, compat);
    }
});

/// The exchange, whether or not the connection may serve again: that depends on bytes behind the response
/// having come already.
fn exchange(method: &Method, pieces: &[&[u8]], strictness: Strictness) -> Outcome {
    let mut outcome = httpkit_tests::exchange(method, pieces, strictness);
    if let Ok(answer) = &mut outcome {
        answer.reusable = false;
    }
    outcome
}
