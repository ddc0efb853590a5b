//! `Link` fields: the URL of a link is normalized, comes from a field, and is found again in a field that is
//! written for it.
//!
//! Input, by line: the relation type, then the fields.

#![no_main]

use std::cell::RefCell;

use httpkit::{Client, Response, StatusCode, Url};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static CLIENT: Client = Client::builder()
        .middleware(|request, _| {
            let fields = FIELDS.take();
            let response = Response::builder(&request, StatusCode::OK);
            fields.iter().fold(response, |response, field| response.append_header("Link", field)).build()
        })
        .build()
        .expect("the settings are valid");
    /// The fields of the next response.
    static FIELDS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|byte| *byte == b'\n');
    let Some(Ok(relation)) = lines.next().map(str::from_utf8) else { return };
    let fields: Vec<&[u8]> = lines.collect();
    let Some(response) = response(&fields) else { return };
    let found = response.link(relation);
    let in_other_case = response.link(&relation.to_ascii_uppercase());
    assert_eq!(found.as_ref().ok(), in_other_case.as_ref().ok());
    let Ok(found) = found else { return };
    if let Some(url) = &found {
        check_found(url, relation, &fields);
    }
    // An open quote would extend into the next field.
    if !input.contains(&b'"') {
        let joined = self::response(&[&fields.join(&b", "[..])]).expect("each field can be sent");
        assert_eq!(joined.link(relation).expect("the fields are well-formed"), found);
    }
});

fn check_found(url: &Url, relation: &str, fields: &[&[u8]]) {
    assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(url));
    assert_eq!(url.user_info(), None);
    assert!(fields.iter().any(|field| field.contains(&b'<') && field.contains(&b'>')), "{url}");
    assert!(!relation.is_empty() && !relation.contains(|mark: char| mark.is_ascii_whitespace()), "{url}");
    // Without quotes and backslashes, the relation type needs no escapes in a quoted string.
    if !relation.contains(['"', '\\']) {
        let alone = format!("<{url}>; title=\"<x>; rel=\\\"{relation}\\\"\"; rel=\"{relation}\"");
        let again = response(&[alone.as_bytes()]).expect("the field can be sent").link(relation);
        assert_eq!(again.expect("the field is well-formed").as_ref(), Some(url), "{alone}");
    }
}

/// The response with these fields; `None` if one of them has a control byte.
fn response(fields: &[&[u8]]) -> Option<Response> {
    FIELDS.set(fields.iter().map(|field| field.to_vec()).collect());
    CLIENT.with(|client| client.get("http://test.example/a/b?c").send()).ok()
}
