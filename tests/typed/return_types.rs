//! What methods return.

use std::io::Read;

use httpkit::{
    Body, Bytes, Error, ErrorKind, FromResponse, Response, Result, StatusCode, Text as Parsed, http_client,
    testing::{Reply, Server},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::only_request;

#[derive(Debug, Deserialize, PartialEq)]
struct User {
    name: String,
    age: u8,
}

type Text = String;

/// An `Option` by another name.
#[derive(Debug, Deserialize, PartialEq)]
struct Maybe(Option<User>);

/// A format of the test's own.
#[derive(Debug)]
struct Number(u32);

impl FromResponse for Number {
    fn accept() -> Option<&'static str> {
        Some("text/x-number")
    }

    fn accepts(status: StatusCode) -> bool {
        status == StatusCode::OK || status == StatusCode::Conflict
    }

    fn from_response(response: Response) -> Result<Number> {
        let status = response.status();
        let decode = |source| Error::from(ErrorKind::Decode { status, source: Box::new(source) });
        response.text()?.parse().map(Number).map_err(|source: std::num::ParseIntError| decode(source))
    }
}

#[http_client]
trait Api {
    #[get("/")]
    fn unit(&self) -> Result<()>;
    #[get("/")]
    fn text(&self) -> Result<Text>;
    #[get("/")]
    fn bytes(&self) -> Result<Vec<u8>>;
    #[get("/")]
    fn shared_bytes(&self) -> Result<Bytes>;
    #[get("/")]
    fn parsed(&self) -> Result<Parsed<u32>>;
    #[get("/")]
    fn parsed_with_head(&self) -> Result<Response<Parsed<f32>>>;
    #[get("/")]
    fn json(&self) -> Result<User>;
    #[get("/")]
    fn value(&self) -> Result<serde_json::Value>;
    #[get("/")]
    fn generic<T: DeserializeOwned + 'static>(&self) -> Result<T>;
    #[get("/")]
    fn optional(&self) -> Result<Option<User>>;
    #[get("/")]
    fn newtype(&self) -> Result<Maybe>;
    #[get("/")]
    fn optional_text(&self) -> Result<Option<String>>;
    #[get("/")]
    fn optional_bytes(&self) -> Result<Option<Vec<u8>>>;
    #[get("/")]
    fn optional_shared_bytes(&self) -> Result<Option<Bytes>>;
    #[get("/")]
    fn optional_unit(&self) -> Result<Option<()>>;
    #[get("/")]
    fn body(&self) -> Result<Body>;
    #[get("/")]
    fn raw(&self) -> Result<Response>;
    #[get("/")]
    fn with_head(&self) -> Result<Response<User>>;
    #[get("/")]
    fn optional_with_head(&self) -> Result<Response<Option<User>>>;
    #[head("/")]
    fn head_alone(&self) -> Result<Response<()>>;
    #[head("/")]
    fn is_there(&self) -> Result<Option<()>>;
    #[head("/")]
    fn raw_head(&self) -> Result<Response>;
    #[get("/")]
    fn number(&self) -> Result<Number>;
}

const ADA: &str = r#"{"name": "Ada", "age": 36}"#;

fn ada() -> User {
    User { name: "Ada".into(), age: 36 }
}

/// A client of a server that always gives this reply.
fn answered(reply: &Reply) -> (Server, ApiClient) {
    let reply = reply.clone();
    let server = Server::start(move |_| reply.clone());
    let api = ApiClient::builder().base(server.url("")).build().expect("the base URL is one");
    (server, api)
}

fn empty() -> Reply {
    Reply::new(204)
}

fn not_found() -> Reply {
    Reply::json(404, r#"{"message": "Not Found"}"#)
}

#[test]
fn success_is_decoded_by_type() {
    let (_server, api) = answered(&Reply::json(201, ADA));
    api.unit().unwrap();
    assert_eq!(api.text().unwrap(), ADA);
    assert_eq!(api.bytes().unwrap(), ADA.as_bytes());
    assert_eq!(&*api.shared_bytes().unwrap(), ADA.as_bytes());
    assert_eq!(api.json().unwrap(), ada());
    assert_eq!(api.value().unwrap()["name"], "Ada");
    assert_eq!(api.generic::<User>().unwrap(), ada());
    assert_eq!(api.generic::<Text>().unwrap(), ADA);
    assert_eq!(api.optional().unwrap(), Some(ada()));
    assert_eq!(api.newtype().unwrap(), Maybe(Some(ada())));
    assert_eq!(api.optional_text().unwrap().as_deref(), Some(ADA));
    assert_eq!(api.optional_bytes().unwrap().as_deref(), Some(ADA.as_bytes()));
    assert_eq!(api.optional_shared_bytes().unwrap().as_deref(), Some(ADA.as_bytes()));
    assert_eq!(api.optional_unit().unwrap(), Some(()));
    assert_eq!(api.head_alone().unwrap().status(), 201);
    assert_eq!(api.is_there().unwrap(), Some(()));
    assert_eq!(api.raw_head().unwrap().text().unwrap(), "");
}

#[test]
fn bodies_are_read_as_they_come() {
    let (_server, api) = answered(&Reply::text(200, "streamed"));
    let mut text = String::new();
    api.body().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "streamed");
    assert_eq!(api.raw().unwrap().text().unwrap(), "streamed");
}

#[test]
fn head_and_value_come_together() {
    let (_server, api) = answered(&Reply::json(201, ADA).header("etag", "\"1\""));
    let response = api.with_head().unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.header("ETag").unwrap(), "\"1\"");
    assert_eq!(response.into_value(), ada());
}

#[test]
fn not_found_is_none_of_an_option_and_else_an_error() {
    let (_server, api) = answered(&not_found());
    assert_eq!(api.optional().unwrap(), None);
    assert_eq!(api.newtype().unwrap(), Maybe(None));
    assert_eq!(api.optional_text().unwrap(), None);
    assert_eq!(api.optional_bytes().unwrap(), None);
    assert_eq!(api.optional_shared_bytes().unwrap(), None);
    assert_eq!(api.optional_unit().unwrap(), None);
    let response = api.optional_with_head().unwrap();
    assert_eq!((response.status(), response.value()), (StatusCode::NotFound, &None));
    assert_eq!(api.raw().unwrap().status(), 404);
    assert_eq!(api.is_there().unwrap(), None);
    assert_eq!(api.raw_head().unwrap().status(), 404);

    for error in [
        api.unit().unwrap_err(),
        api.text().unwrap_err(),
        api.bytes().unwrap_err(),
        api.json().unwrap_err(),
        api.value().unwrap_err(),
        api.body().unwrap_err(),
        api.with_head().unwrap_err(),
        api.number().unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::Status(_)), "{error}");
    }
}

#[test]
fn an_empty_body_is_none_of_an_option_and_else_an_error() {
    let (_server, api) = answered(&empty());
    assert_eq!(api.optional().unwrap(), None);
    assert_eq!(api.optional_text().unwrap(), None);
    assert_eq!(api.optional_bytes().unwrap(), None);
    assert_eq!(api.optional_unit().unwrap(), Some(()));
    assert_eq!(api.text().unwrap(), "");
    assert_eq!(api.bytes().unwrap(), b"");

    let error = api.json().unwrap_err();
    let ErrorKind::EmptyBody { status, target } = error.kind() else { panic!("{error}") };
    assert_eq!(*status, StatusCode::NoContent);
    assert!(target.ends_with("::User"));
    assert_eq!(error.status(), Some(StatusCode::NoContent));
    assert!(error.may_have_been_processed());
}

#[test]
fn null_is_none() {
    let (_server, api) = answered(&Reply::json(200, "null"));
    assert_eq!(api.optional().unwrap(), None);
    assert!(matches!(api.json().unwrap_err().kind(), ErrorKind::Json { .. }));
}

#[test]
fn other_statuses_than_success_are_errors_below_400_too() {
    for status in [304, 410, 500, 599] {
        let (_server, api) = answered(&Reply::text(status, if status == 304 { "" } else { "gone" }));
        for error in [api.unit().unwrap_err(), api.optional().unwrap_err(), api.body().unwrap_err()] {
            let response = error.response().expect("it has the response");
            assert_eq!(response.status(), status);
        }
        assert_eq!(api.raw().unwrap().status(), status);
    }
}

#[test]
fn formats_of_the_users_decide_about_all() {
    let (server, api) = answered(&Reply::text(409, "12"));
    assert_eq!(api.number().unwrap().0, 12);
    assert_eq!(only_request(&server).header("accept").unwrap(), "text/x-number");

    let (_server, api) = answered(&Reply::text(200, "twelve"));
    let error = api.number().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{error}");
    assert_eq!(error.endpoint(), Some("Api::number"));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "invalid digit found in string");

    let (_server, api) = answered(&Reply::text(202, "12"));
    assert_eq!(api.number().unwrap_err().response().unwrap().status(), 202);
}

#[test]
fn types_ask_for_what_they_read() {
    type Case = (fn(&ApiClient) -> bool, &'static str);
    let cases: [Case; 9] = [
        (|api| api.json().is_ok(), "application/json"),
        (|api| api.optional().is_ok(), "application/json"),
        (|api| api.with_head().is_ok(), "application/json"),
        (|api| api.optional_text().is_ok(), "text/plain, */*;q=0.5"),
        (|api| api.parsed_with_head().is_err(), "text/plain, */*;q=0.5"),
        (|api| api.bytes().is_ok(), "*/*"),
        (|api| api.shared_bytes().is_ok(), "*/*"),
        (|api| api.unit().is_ok(), "*/*"),
        (|api| api.raw().is_ok(), "*/*"),
    ];
    for (call, accept) in cases {
        let (server, api) = answered(&Reply::json(200, ADA));
        assert!(call(&api));
        assert_eq!(only_request(&server).header("accept").unwrap(), accept);
    }
}

#[test]
fn text_is_parsed_without_the_blanks_around_it() {
    let (_server, api) = answered(&Reply::text(200, " 1729\r\n"));
    assert_eq!(api.parsed().unwrap(), Parsed(1729));
    let response = api.parsed_with_head().unwrap();
    assert_eq!((response.status(), response.into_value().into_inner()), (StatusCode::OK, 1729.0));
}

#[test]
fn text_that_does_not_parse_is_an_error_with_the_body() {
    for (body, reason) in
        [(&b"many"[..], "invalid digit found in string"), (b"", "cannot parse integer from empty string")]
    {
        let (_server, api) = answered(&Reply::new(200).body(body));
        let error = api.parsed().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{error}");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), reason);
        assert_eq!((error.partial(), error.endpoint()), (body, Some("Api::parsed")));
        assert!(error.url().is_some());
    }
}

#[test]
fn text_is_read_in_its_charset() {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for (content_type, body) in [
        ("text/plain", b"\xef\xbb\xbf1729".to_vec()),
        ("text/plain; charset=utf-16le", utf_16("1729")),
        ("text/plain", utf_16("\u{feff}1729")),
    ] {
        let (_server, api) = answered(&Reply::new(200).header("content-type", content_type).body(body));
        assert_eq!(api.parsed().unwrap(), Parsed(1729), "{content_type}");
        assert_eq!(api.text().unwrap(), "1729", "{content_type}");
    }

    let (_server, api) = answered(&Reply::new(200).body(b"1\xff"));
    let error = api.parsed().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Text { charset: "UTF-8", valid_up_to: 1, .. }), "{error}");
    assert_eq!((error.partial(), error.endpoint()), (&b"1\xff"[..], Some("Api::parsed")));
}

#[test]
fn bytes_are_shared_and_shown_as_text() {
    let bytes = Bytes::from(b"a\x00\"".to_vec());
    assert_eq!(format!("{bytes:?}"), r#""a\x00\"""#);
    let clone = bytes.clone();
    assert_eq!(clone.as_ptr(), bytes.as_ptr());
    let address = bytes.as_ptr();
    drop(clone);
    let bytes = bytes.into_vec();
    assert_eq!(bytes.as_ptr(), address);
}

#[test]
fn a_short_body_that_nobody_reads_leaves_the_connection_open() {
    for (length, connections) in [(0, 1), (1, 1), (60_000, 1), (70_000, 2), (2_000_000, 2)] {
        let (server, api) = answered(&Reply::new(200).body(vec![b'x'; length]));
        api.unit().unwrap();
        assert_eq!(api.optional_unit().unwrap(), Some(()));
        assert_eq!(server.connections(), connections, "after bodies of {length} bytes");
    }
}
