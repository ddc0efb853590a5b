//! The content of requests, as it arrives.

use std::{collections::BTreeMap, io::Cursor};

use httpkit::{ErrorKind, RequestBody, Result, http_client, multipart::Part};
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

    #[post("/{album}")]
    #[headers("content-type" = "text/plain")]
    fn upload<'p>(
        &self,
        album: &str,
        #[part] photo: Part<'p>,
        #[part] more: Vec<Part<'p>>,
        #[part("type")] kind: &str,
        #[part] tag: &[&str],
        #[part] count: Option<u8>,
    ) -> Result<()>;

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
    assert!(matches!(error.kind(), ErrorKind::SerializeJson(_)), "{error}");
    assert!(!error.may_have_been_processed());
    assert_eq!(error.endpoint(), Some("Api::keyed"));
    assert!(server.received().is_empty());
}

#[test]
fn parts_become_fields_of_a_form_in_their_order() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let photo = Part::bytes(&b"\x89PNG"[..]).file_name("a.png").content_type("image/png");
    let more = vec![Part::reader(Cursor::new("b")), Part::text("c")];
    api.upload("summer", photo, more, "beach", &["x", "y"], Some(3)).unwrap();
    api.upload("summer", Part::text("d"), Vec::new(), "", &[], None).unwrap();
    let sent = server.received();

    let content_type = sent[0].header("content-type").expect("the form has a type").to_string();
    let (media_type, boundary) = content_type.split_once("; boundary=").expect("it names the boundary");
    assert_eq!((sent[0].target(), media_type), ("/summer", "multipart/form-data"));
    let field = |name: &str, rest: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n")
    };
    let expected = [
        field("photo", "; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{fffd}PNG"),
        field("more", "\r\n\r\nb"),
        field("more", "\r\n\r\nc"),
        field("type", "\r\n\r\nbeach"),
        field("tag", "\r\n\r\nx"),
        field("tag", "\r\n\r\ny"),
        field("count", "\r\n\r\n3"),
        format!("--{boundary}--\r\n"),
    ];
    assert_eq!(String::from_utf8_lossy(sent[0].body()), expected.concat());
    assert_eq!(String::from_utf8_lossy(sent[1].body()).matches("form-data").count(), 2);
}

#[test]
fn fields_that_no_form_can_name_are_refused_before_anything_is_sent() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let photo = Part::text("").file_name("a\0");
    let error = api.upload("summer", photo, Vec::new(), "", &[], None).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
    assert_eq!(error.endpoint(), Some("Api::upload"));
    assert!(server.received().is_empty());
}
