//! Uploads to nginx.

use std::io::Read as _;

use httpkit::{Client, RequestBody, RequestBuilder, StatusCode};
use httpkit_tests::Program;

use crate::{counted::Counted, programs::nginx};

const LENGTH: u64 = 50_000_000;

type Build = fn(&Client, &str) -> RequestBuilder<'static>;

/// nginx that keeps what is put there, up to `max` bytes.
fn store(max: &str) -> Option<Program> {
    nginx(&format!("dav_methods PUT DELETE; client_max_body_size {max};"))
}

fn reader(length: u64) -> impl std::io::Read + Send {
    std::io::repeat(b'x').take(length)
}

#[test]
fn uploads_are_stored_whatever_their_framing() {
    let Some(nginx) = store("100m") else { return };
    let counted = Counted::new();
    let builds: [(&str, Build); 3] = [
        ("bytes", |client, url| client.put(url).body(vec![b'x'; 1_000_000])),
        ("length", |client, url| {
            client.put(url).body(RequestBody::from_sized_reader(reader(1_000_000), 1_000_000))
        }),
        ("chunks", |client, url| client.put(url).body(RequestBody::from_reader(reader(1_000_000)))),
    ];
    for (name, build) in builds {
        let url = nginx.url(&format!("/{name}"));
        assert_eq!(build(&counted.client, &url).send().unwrap().status(), StatusCode::Created, "{name}");
        assert!(counted.get(&url).bytes().unwrap() == vec![b'x'; 1_000_000], "{name}");
        assert_eq!(counted.client.delete(&url).send().unwrap().status(), StatusCode::NoContent, "{name}");
    }
    assert_eq!(counted.opened(), 1);
}

/// Uploads too much in each way, to nginx that ends such connections as `lingering_close` says.
fn upload_too_much(lingering: &str) {
    let Some(nginx) = store(&format!("1k; lingering_close {lingering}")) else { return };
    let builds: [(&str, Build); 4] = [
        ("bytes", |client, url| client.put(url).body(vec![b'x'; 50_000_000])),
        ("length", |client, url| {
            client.put(url).body(RequestBody::from_sized_reader(reader(LENGTH), LENGTH))
        }),
        ("chunks", |client, url| client.put(url).body(RequestBody::from_reader(reader(LENGTH)))),
        ("announced", |client, url| {
            client.put(url).header("Expect", "100-continue").body(RequestBody::from_reader(reader(LENGTH)))
        }),
    ];
    for (name, build) in builds {
        let counted = Counted::new();
        let response = build(&counted.client, &nginx.url("/file")).send();
        let response = response.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(response.status(), 413, "{name}");
        assert!(response.text().unwrap().contains("413 Request Entity Too Large"), "{name}");
        // What was sent of the upload does not stand in front of the next request.
        assert_eq!(counted.get(&nginx.url("/file")).status(), 404, "{name}");
    }
}

#[test]
fn an_upload_that_is_too_large_is_a_status() {
    upload_too_much("on");
}

/// The reset comes behind the answer; Linux keeps what has come before it.
#[test]
#[cfg(target_os = "linux")]
fn an_upload_that_is_too_large_is_a_status_although_the_connection_is_reset() {
    upload_too_much("off");
}

#[test]
fn an_announced_upload_is_sent_when_the_server_says_continue() {
    let Some(nginx) = store("1m") else { return };
    let counted = Counted::new();
    for _ in 0..3 {
        let request = counted.client.put(nginx.url("/file")).header("Expect", "100-continue");
        let status = request.body(vec![b'x'; 100_000]).send().unwrap().status();
        assert!(status.is_success(), "{status}");
    }
    assert_eq!(counted.opened(), 1);
}
