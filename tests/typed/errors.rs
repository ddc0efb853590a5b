//! What errors say, and what they become.

use std::error::Error as _;

use httpkit::{
    ApiError, Error, ErrorKind, Problem, Result, StatusCode, http_client,
    testing::{Reply, Server},
};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
struct Reason {
    detail: String,
}

#[derive(Debug)]
#[expect(dead_code, reason = "they are never made")]
#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "they are never made")]
#[derive(Deserialize)]
struct Item {
    name: String,
}

/// An error type of a user's.
#[derive(Debug)]
enum Failure {
    NotFound,
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error.status() {
            Some(StatusCode::NotFound) => Failure::NotFound,
            _ => Failure::Other(error),
        }
    }
}

#[http_client]
trait Api {
    #[get("/pages/{number}")]
    fn page(&self, number: u32) -> Result<Page>;

    #[delete("/pages/{number}")]
    fn delete(&self, number: &str) -> Result<(), ApiError<Reason>>;

    #[post("/pages")]
    fn create(&self) -> Result<(), ApiError<Problem>>;

    #[get("/")]
    fn own(&self) -> Result<(), Failure>;

    #[get("/")]
    fn boxed(&self) -> Result<(), Box<dyn std::error::Error>>;
}

fn answered(reply: Reply) -> (Server, ApiClient) {
    let server = Server::start(move |_| reply.clone());
    let api = ApiClient::builder().base(server.url("/v1")).build().expect("the base URL is one");
    (server, api)
}

#[test]
fn status_errors_keep_headers_and_body() {
    let (server, api) = answered(Reply::json(422, r#"{"detail": "no"}"#).header("x-request-id", "7"));
    let error = api.page(1).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "Api::page: GET {}: 422 Unprocessable Content; the body begins \"{{\\\"detail\\\": \\\"no\\\"}}\"",
            server.url("/v1/pages/1")
        )
    );
    let response = error.response().unwrap();
    assert_eq!(response.headers().get("x-request-id").unwrap(), "7");
    assert_eq!(response.json::<Reason>().unwrap(), Reason { detail: "no".into() });
    assert!(error.may_have_been_processed());
}

#[test]
fn long_error_bodies_are_cut() {
    let (_server, api) = answered(Reply::text(500, &"x".repeat(100_000)));
    let error = api.page(1).unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.body().len(), response.is_truncated()), (65_536, true));
}

#[test]
fn json_errors_say_where_and_keep_the_body() {
    let body = r#"{"items": [{"name": "a"}, {"name": 5}]}"#;
    let (_server, api) = answered(Reply::json(200, body));
    let error = api.page(3).unwrap_err();
    let ErrorKind::Json { path, status, .. } = error.kind() else { panic!("{error}") };
    assert_eq!((path.as_str(), *status), ("items[1].name", Some(StatusCode::OK)));
    assert_eq!(error.partial(), body.as_bytes());
    assert_eq!(error.endpoint(), Some("Api::page"));
    assert!(error.url().unwrap().as_str().ends_with("/v1/pages/3"));
    assert!(error.source().is_some());
}

#[test]
fn network_errors_say_what_was_called() {
    let api = ApiClient::builder().base("http://127.0.0.1:1").build().unwrap();
    let error = api.page(1).unwrap_err();
    assert!(error.is_connect());
    assert_eq!(error.endpoint(), Some("Api::page"));
    assert_eq!(error.url().unwrap().as_str(), "http://127.0.0.1:1/pages/1");
}

#[test]
fn typed_errors_hold_the_decoded_body_and_the_error() {
    let (_server, api) = answered(Reply::json(409, r#"{"detail": "in use"}"#));
    let error = api.delete("1").unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::Conflict));
    assert_eq!(error.body(), Some(&Reason { detail: "in use".into() }));
    assert_eq!(error.to_string(), error.error().to_string());
    let ApiError::Api { body, error } = error else { panic!("{error}") };
    assert_eq!(body.detail, "in use");
    assert_eq!(error.endpoint(), Some("Api::delete"));
}

#[test]
fn typed_errors_never_lose_a_body_that_does_not_fit() {
    let (_server, api) = answered(Reply::text(502, "<html>Bad Gateway</html>"));
    let error = api.delete("1").unwrap_err();
    assert!(error.body().is_none());
    assert_eq!(error.response().unwrap().text(), "<html>Bad Gateway</html>");
    assert!(matches!(error, ApiError::Other(_)));
}

#[test]
fn typed_errors_hold_what_is_no_response() {
    let (server, api) = answered(Reply::new(204));
    let error = api.delete("..").unwrap_err();
    assert!(matches!(error.error().kind(), ErrorKind::Parameter { .. }), "{error}");
    assert!(error.response().is_none() && server.received().is_empty());

    let back: Error = error.into();
    assert_eq!(back.endpoint(), Some("Api::delete"));
}

#[test]
fn errors_become_what_the_user_says() {
    let (_server, api) = answered(Reply::new(404));
    assert!(matches!(api.own(), Err(Failure::NotFound)));
    assert!(api.boxed().unwrap_err().downcast::<Error>().is_ok());

    let (_server, api) = answered(Reply::new(500));
    let Err(Failure::Other(error)) = api.own() else { panic!("500 is an error") };
    assert_eq!(error.endpoint(), Some("Api::own"));
}

/// RFC 9457, Section 3.
const OUT_OF_CREDIT: &str = r#"{
    "type": "https://example.com/probs/out-of-credit",
    "title": "You do not have enough credit.",
    "detail": "Your current balance is 30, but that costs 50.",
    "instance": "/account/12345/msgs/abc",
    "balance": 30,
    "accounts": ["/account/12345", "/account/67890"]
}"#;

#[test]
fn problem_details_are_decoded() {
    let reply = Reply::new(403).header("content-type", "Application/Problem+JSON; charset=utf-8");
    let (_server, api) = answered(reply.body(OUT_OF_CREDIT));
    let error = api.create().unwrap_err();
    let problem = error.body().unwrap();
    assert_eq!(problem.title(), Some("You do not have enough credit."));
    assert_eq!(problem.instance(), Some("/account/12345/msgs/abc"));
    assert_eq!(problem.extension("accounts").unwrap()[1], "/account/67890");
    assert_eq!(error.error().problem().as_ref(), Some(problem));
    assert_eq!(error.response().unwrap().problem().as_ref(), Some(problem));
}

#[test]
fn problem_details_are_known_by_their_media_type() {
    let (_server, api) = answered(Reply::json(403, OUT_OF_CREDIT));
    let error = api.create().unwrap_err();
    assert!(error.body().is_some(), "the type of the error says what the body is");
    assert_eq!(error.error().problem(), None);

    let (_server, api) = answered(Reply::new(403).header("content-type", Problem::MEDIA_TYPE).body("[]"));
    let error = api.create().unwrap_err();
    assert!(error.body().is_none() && error.error().problem().is_none());
}
