//! The head of a response: the same however it is split, and the same as `httparse` reads it, where that one
//! does.
//!
//! Input: the place of the split, then the head.

#![no_main]

use httpkit::{Method, Strictness};
use httpkit_tests::Outcome;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((split, head)) = input.split_first() else { return };
    for strictness in [Strictness::Strict, Strictness::Compat] {
        let whole = exchange(&Method::HEAD, &[head], strictness);
        let (front, back) = head.split_at(usize::from(*split).min(head.len()));
        let parts = exchange(&Method::HEAD, &[front, back], strictness);
        assert_eq!(whole, parts, "split at {split}, {strictness:?}");
    }
    compare(head, &exchange(&Method::HEAD, &[head], Strictness::Strict));
});

/// What both read, they read alike.
fn compare(head: &[u8], ours: &Outcome) {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut theirs = httparse::Response::new(&mut headers);
    let (Ok(httparse::Status::Complete(_)), Ok(answer)) = (theirs.parse(head), ours) else { return };
    // The first head is an interim one, or a field is folded, which `httparse` does not read.
    if theirs.code.is_some_and(|code| code < 200) {
        return;
    }
    assert_eq!(theirs.code, Some(answer.status));
    let fields: Vec<String> = theirs
        .headers
        .iter()
        .map(|header| format!("{}: {}", header.name, String::from_utf8_lossy(header.value)))
        .collect();
    assert_eq!(answer.fields, fields);
}

/// The exchange, whether or not the connection may serve again: that depends on bytes behind the response
/// having come already.
fn exchange(method: &Method, pieces: &[&[u8]], strictness: Strictness) -> Outcome {
    let mut outcome = httpkit_tests::exchange(method, pieces, strictness);
    if let Ok(answer) = &mut outcome {
        answer.reusable = false;
    }
    outcome
}
