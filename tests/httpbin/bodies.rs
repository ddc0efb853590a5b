//! Content codings, and forms with files.

use httpkit::{
    Client,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::url;

#[test]
fn content_codings_are_undone() {
    let Some(url) = url() else { return };
    let client = Client::new();
    for (path, flag) in [("/gzip", "gzipped"), ("/deflate", "deflated"), ("/brotli", "brotli")] {
        let response = client.get(format!("{url}{path}")).send().unwrap();
        assert!(response.is_decoded(), "{path}: {:?}", response.headers());
        let shown: Value = response.json().unwrap();
        assert_eq!(shown[flag], true, "{path}");
        assert_eq!(shown["headers"]["Accept-Encoding"], "gzip, deflate, br, zstd", "{path}");

        let response = client.get(format!("{url}{path}")).decode(false).send().unwrap();
        assert!(response.content_coding().is_some(), "{path}");
        assert!(serde_json::from_slice::<Value>(&response.bytes().unwrap()).is_err(), "{path}");
    }
}

#[test]
fn forms_with_files_are_understood() {
    let Some(url) = url() else { return };
    let form = Form::new()
        .text("title", "\u{fc}\r\nspam")
        .text("tags", "a")
        .text("tags", "b")
        .part("photo", Part::bytes(vec![0xff; 3]).file_name("a \"b\".png").content_type("image/png"))
        .part("read", Part::reader(&b"of unknown length"[..]).file_name("r"));
    let shown: Value = Client::new()
        .post(format!("{url}/post"))
        .multipart(form)
        .send()
        .unwrap()
        .error_for_status()
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(shown["form"], json!({"title": "\u{fc}\r\nspam", "tags": ["a", "b"]}));
    assert_eq!(shown["files"], json!({"photo": "data:image/png;base64,////", "read": "of unknown length"}));
}
