//! Files, as nginx serves them.

use httpkit::Response;
use httpkit_tests::Program;

use crate::{counted::Counted, programs::nginx_with};

const LENGTH: usize = 100_000;

fn content() -> String {
    "spam, eggs, ham and spam\n".chars().cycle().take(LENGTH).collect()
}

/// nginx with a file, compressed for who asks for that.
fn nginx() -> Option<Program> {
    nginx_with("", |place| {
        place.write("menu", content());
        "gzip on;\ngzip_min_length 1;\ngzip_types text/plain;".to_owned()
    })
}

#[test]
fn gzip_is_undone_and_the_connection_serves_again() {
    let Some(nginx) = nginx() else { return };
    let counted = Counted::new();
    for _ in 0..5 {
        let response = counted.get(&nginx.url("/menu"));
        assert_eq!(response.header("content-encoding").unwrap(), "gzip");
        assert!(response.is_decoded());
        assert!(response.header("transfer-encoding").is_some_and(|coding| coding == "chunked"));
        assert!(response.text().unwrap() == content());
    }
    assert_eq!(counted.opened(), 1);
}

#[test]
fn gzip_that_is_not_to_be_undone_stays_what_it_is() {
    let Some(nginx) = nginx() else { return };
    let counted = Counted::new();
    let request = || counted.client.get(nginx.url("/menu"));
    let coded = request().header("Accept-Encoding", "gzip").send().unwrap();
    assert!(!coded.is_decoded());
    assert_eq!(coded.bytes().unwrap()[..2], [0x1f, 0x8b]);
    let plain = request().header("Accept-Encoding", "identity").send().unwrap();
    assert_eq!(plain.content_length(), Some(LENGTH as u64));
    assert!(plain.text().unwrap() == content());
    assert_eq!(counted.opened(), 1);
}

#[test]
fn what_is_known_already_is_not_sent_again() {
    let Some(nginx) = nginx() else { return };
    let counted = Counted::new();
    let url = nginx.url("/menu");
    let first = counted.get(&url);
    let value = |name: &str| first.header(name).unwrap().to_str_lossy().into_owned();
    let conditions = [("If-None-Match", value("etag")), ("If-Modified-Since", value("last-modified"))];
    first.drain();
    for (name, value) in conditions {
        let response = counted.client.get(&url).header(name, &value).send().unwrap();
        assert_eq!(response.status(), 304, "{name}: {value}");
        assert!(response.bytes().unwrap().is_empty(), "{name}");
    }
    let other = counted.client.get(&url).header("If-None-Match", "\"other\"").send().unwrap();
    assert!(other.text().unwrap() == content());
    let refused = counted.client.get(&url).header("If-Match", "\"other\"").send().unwrap();
    assert_eq!(refused.status(), 412);
    refused.drain();
    assert_eq!(counted.opened(), 1);
}

#[test]
fn head_has_the_length_and_no_content() {
    let Some(nginx) = nginx() else { return };
    let counted = Counted::new();
    for _ in 0..3 {
        let request = counted.client.head(nginx.url("/menu")).header("Accept-Encoding", "identity");
        let response = request.send().unwrap();
        assert_eq!(response.content_length(), Some(LENGTH as u64));
        assert!(response.bytes().unwrap().is_empty());
    }
    assert_eq!(counted.opened(), 1);
}

#[test]
fn a_range_is_part_of_the_file() {
    let Some(nginx) = nginx() else { return };
    let counted = Counted::new();
    let part = |range: &str| -> Response {
        counted.client.get(nginx.url("/menu")).header("Range", range).send().unwrap()
    };
    for (range, status, expected) in [
        ("bytes=0-3", 206, "spam"),
        ("bytes=6-9", 206, "eggs"),
        ("bytes=-1", 206, "\n"),
        ("bytes=99999-200000", 206, "\n"),
    ] {
        let response = part(range);
        assert_eq!(response.status(), status, "{range}");
        assert!(response.headers().contains("content-range"), "{range}");
        assert_eq!(response.text().unwrap(), expected, "{range}");
    }
    let several = part("bytes=0-3,6-9");
    assert_eq!(several.status(), 206);
    assert_eq!(several.content_type().unwrap().essence(), "multipart/byteranges");
    let text = several.text().unwrap();
    assert!(text.contains("\r\n\r\nspam\r\n") && text.contains("\r\n\r\neggs\r\n"), "{text}");
    let beyond = part("bytes=100000-");
    assert_eq!(beyond.status(), 416);
    assert_eq!(beyond.header("content-range").unwrap(), "bytes */100000");
    beyond.drain();
    assert_eq!(counted.opened(), 1);
}
