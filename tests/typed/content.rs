//! The content of requests, as it arrives.

use std::{collections::BTreeMap, io::Cursor};

use httpkit::{ErrorKind, RequestBody, Result, http_client};
use serde::Serialize;

use crate::{only_request, silent};

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    tags: Vec<u8>,
}

const USER: User<'static> = User { name: "Å \"b\"", tags: Vec::new() };

#[http_client]
trait Api {
    #[post("/")]
    fn json(&self, #[json] user: &User<'_>) -> Result<()>;

    #[post("/")]
    #[headers("content-type" = "application/vnd.api+json")]
    fn other_json(&self, #[json] numbers: [u8; 2]) -> Result<()>;

    #[post("/")]
    fn keyed(&self, #[json] values: &BTreeMap<(u8, u8), u8>) -> Result<()>;

    #[post("/")]
    fn form(&self, #[form] fields: &[(&str, &str)]) -> Result<()>;

    #[put("/")]
    fn text(&self, #[body] text: &str) -> Result<()>;

    #[put("/")]
    #[headers("content-type" = "application/json")]
    fn csv(&self, #[body("text/csv")] rows: Vec<u8>) -> Result<()>;

    #[put("/")]
    fn stream(&self, #[body("video/mp4")] source: RequestBody<'_>) -> Result<()>;

    #[post("/")]
    fn nothing(&self) -> Result<()>;
}

/// A method to call, and the content and its type that arrive.
type Case = (fn(&ApiClient) -> Result<()>, &'static str, Option<&'static str>);

const ARRIVING: &[Case] = &[
    (|api| api.json(&USER), r#"{"name":"Å \"b\"","tags":[]}"#, Some("application/json")),
    (|api| api.other_json([1, 2]), "[1,2]", Some("application/vnd.api+json")),
    (
        |api| api.form(&[("a", "b c"), ("d", "é&")]),
        "a=b+c&d=%C3%A9%26",
        Some("application/x-www-form-urlencoded"),
    ),
    (|api| api.text("as it is"), "as it is", None),
    (|api| api.csv(b"a,b\r\n".to_vec()), "a,b\r\n", Some("text/csv")),
    (|api| api.stream(RequestBody::from_reader(Cursor::new("abc"))), "abc", Some("video/mp4")),
    (|api| api.nothing(), "", None),
];

#[test]
fn content_arrives_with_its_type() {
    for (call, content, content_type) in ARRIVING {
        let server = silent();
        let api = ApiClient::builder().base(server.url("")).build().unwrap();
        call(&api).unwrap();
        let request = only_request(&server);
        assert_eq!(String::from_utf8_lossy(request.body()), *content);
        let found = request.header("content-type").map(|value| value.to_string());
        assert_eq!(found.as_deref(), *content_type, "{content}");
    }
}

#[test]
fn what_json_cannot_say_is_refused_before_anything_is_sent() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let error = api.keyed(&BTreeMap::from([((1, 2), 3)])).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Json { status: None, .. }), "{error}");
    assert!(!error.may_have_been_processed());
    assert_eq!(error.endpoint(), Some("Api::keyed"));
    assert!(server.received().is_empty());
}
