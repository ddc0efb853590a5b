//! Bodies that are a value a line.

use httpkit::{
    Client, Error, ErrorKind, Limits, Lines, Response, Result, StatusCode, http_client,
    testing::{Act, Reply, Script, Server},
};
use httpkit_tests::gzip;
use serde::Deserialize;

use crate::{only_request, pieces::split_ways};

#[derive(Debug, Deserialize, PartialEq)]
struct Reading {
    at: Place,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Place {
    x: u8,
}

#[http_client]
trait Api {
    #[get("/numbers")]
    fn numbers(&self) -> Result<Lines<i32>>;

    #[get("/numbers")]
    fn with_head(&self) -> Result<Response<Lines<i32>>>;

    #[get("/readings")]
    fn readings(&self) -> Result<Lines<Reading>>;

    #[get("/numbers")]
    #[headers("accept" = "application/json")]
    fn as_json(&self) -> Result<Lines<i32>>;
}

fn scripted(script: Script) -> ApiClient {
    let (client, _) =
        httpkit_tests::scripted_with(Client::builder().base_url("http://test.example"), [script]);
    ApiClient::new(client)
}

fn answered(response: &[u8]) -> ApiClient {
    scripted(Script::answer(response))
}

/// What comes of each line: its number, or the line that is none.
fn outcomes(lines: Lines<i32>) -> Vec<std::result::Result<i32, u64>> {
    let line = |error: Error| match error.kind() {
        ErrorKind::JsonLine { line, .. } => *line,
        _ => panic!("{error}"),
    };
    lines.map(|number| number.map_err(line)).collect()
}

#[test]
fn lines_are_values_however_they_come() {
    for (body, expected) in [
        (&b""[..], &[][..]),
        (b"\n", &[]),
        (b"1\n2\n3\n", &[Ok(1), Ok(2), Ok(3)]),
        (b"1\r\n2\r\n", &[Ok(1), Ok(2)]),
        (b"1\n2", &[Ok(1), Ok(2)]),
        (b"\n\r\n1\n \t\n\n 2 \n\n", &[Ok(1), Ok(2)]),
        (b"\xef\xbb\xbf1\n2\n", &[Ok(1), Ok(2)]),
        // An error of one line is none of the next.
        (b"1\n\nx\n2\n3 4\n\xff\n-5\n", &[Ok(1), Err(3), Ok(2), Err(5), Err(6), Ok(-5)]),
        // CR ends no line.
        (b"1\r2\n3\n", &[Err(1), Ok(3)]),
    ] {
        for script in split_ways(body) {
            assert_eq!(outcomes(scripted(script).numbers().unwrap()), expected, "{:?}", body.escape_ascii());
        }
    }
}

#[test]
fn a_line_that_does_not_fit_says_which_and_where() {
    let api = answered(&httpkit_tests::with_body(
        b"{\"at\":{\"x\":1}}\n\n{\"at\":{\"x\":256}}\n{\"at\":{\"x\":3}}\n",
    ));
    let mut readings = api.readings().unwrap();
    assert_eq!(readings.next().unwrap().unwrap(), Reading { at: Place { x: 1 } });

    let error = readings.next().unwrap().unwrap_err();
    let ErrorKind::JsonLine { line, path, status, found, source } = error.kind() else { panic!("{error}") };
    assert_eq!((*line, path.as_str(), *status), (3, "at.x", StatusCode::OK));
    assert_eq!(*found, None);
    assert!(source.is_data(), "{source}");
    assert_eq!(
        error.to_string(),
        "Api::readings: GET http://test.example/readings: cannot decode JSON in line 3 at `at.x` (status 200)"
    );
    assert_eq!((error.status(), error.partial()), (Some(StatusCode::OK), &b"{\"at\":{\"x\":256}}"[..]));

    assert_eq!(readings.next().unwrap().unwrap(), Reading { at: Place { x: 3 } });
    assert!(readings.next().is_none());
}

#[test]
fn a_body_cut_short_ends_in_an_error_behind_what_came() {
    for (response, whole) in [
        (&b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1\n2\n3"[..], 2),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1\n2\n\r\n3\r\n3\n", 3),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1\n2\n3\r\n", 2),
    ] {
        let mut lines = answered(response).numbers().unwrap();
        let numbers: Vec<i32> = lines.by_ref().take(whole).map(Result::unwrap).collect();
        assert_eq!(numbers, [1, 2, 3][..whole]);
        let error = lines.next().unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
        assert_eq!(error.endpoint(), Some("Api::numbers"));
        assert_eq!(error.url().unwrap().path(), "/numbers");
        assert!(lines.next().is_none() && lines.next().is_none());
    }
}

#[test]
fn a_line_has_a_limit() {
    let lines = |limit| {
        answered(&httpkit_tests::with_body(b"1\n1234\r\n12345\n6\n")).numbers().unwrap().max_line_bytes(limit)
    };
    assert_eq!(outcomes(lines(5)), [Ok(1), Ok(1234), Ok(12345), Ok(6)]);
    for (limit, whole) in [(4, 1), (1, 1), (0, 0)] {
        let mut lines = lines(limit);
        assert_eq!(lines.by_ref().take_while(Result::is_ok).count(), whole);
        assert!(lines.next().is_none());
    }

    // The client's limit on what is collected holds where no other is set.
    let limits = Limits::new().max_collected_bytes(3);
    let response = httpkit_tests::with_body(b"123\n1234");
    let builder = Client::builder().limits(limits).base_url("http://test.example");
    let (client, _) = httpkit_tests::scripted_with(builder, [Script::answer(&response)]);
    let mut lines = ApiClient::new(client).numbers().unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), 123);
    let error = lines.next().unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Api::numbers: GET http://test.example/numbers: line exceeds 3 bytes (`Lines::max_line_bytes`)"
    );
    assert!(lines.next().is_none());
}

#[test]
fn a_line_is_there_before_the_next_one_comes() {
    let script = Script::new()
        .then(Act::AwaitWrite)
        .then(Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1\n".to_vec()))
        .then(Act::FailRead(std::io::ErrorKind::ConnectionReset));
    let mut lines = scripted(script).numbers().unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), 1);
    let error = lines.next().unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
    assert!(lines.next().is_none());
}

#[test]
fn lines_stand_beside_a_head_and_are_asked_for() {
    let server = Server::start(|_| Reply::new(206).header("etag", "\"1\"").body("1\n2\n"));
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let response = api.with_head().unwrap();
    assert_eq!((response.status().code(), response.header("etag").unwrap().as_bytes()), (206, &b"\"1\""[..]));
    let mut lines = response.into_value();
    assert_eq!(lines.next().unwrap().unwrap(), 1);
    assert_eq!(format!("{lines:?}"), "Lines { number: 1, is_over: false, .. }");
    assert_eq!(
        only_request(&server).header("accept").unwrap(),
        "application/x-ndjson, application/jsonl, */*;q=0.5"
    );

    api.as_json().unwrap().for_each(drop);
    assert_eq!(server.received()[1].header("accept").unwrap(), "application/json");
}

#[test]
fn errors_beside_a_head_name_the_method_too() {
    let mut lines = answered(&httpkit_tests::with_body(b"x\n")).with_head().unwrap().into_value();
    assert_eq!(lines.next().unwrap().unwrap_err().endpoint(), Some("Api::with_head"));
}

#[test]
fn other_statuses_are_no_lines() {
    let server = Server::start(|_| Reply::json(500, "1\n"));
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    assert_eq!(api.numbers().unwrap_err().status(), Some(StatusCode::InternalServerError));
}

#[test]
fn the_connection_serves_again_behind_the_last_line() {
    let server = Server::start(|_| Reply::new(200).body("1\n2\n"));
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    for _ in 0..3 {
        assert_eq!(api.numbers().unwrap().count(), 2);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn cancels_blank_lines_that_never_end() {
    let blank = b"\n".repeat(200_000);
    for (coding, body) in
        [("identity", [b"1\n", &blank[..]].concat()), ("gzip", gzip(&[b"1\n", &blank[..]].concat()))]
    {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        let script = Script::answer(&[head.as_bytes(), &body].concat());
        let builder = Client::builder().base_url("http://test.example");
        let (client, connector) = httpkit_tests::scripted_with(builder, [script]);
        let mut lines = ApiClient::new(client.clone()).numbers().unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), 1);
        client.shut_down();
        let error = lines.next().unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Cancelled), "{coding}: {error}");
        assert!(lines.next().is_none());
        // The request, and the read of what had arrived then.
        assert_eq!(connector.recorded()[0].calls, 2);
    }
}
