//! How long the values of a typed client may last: a total is for values, a limit on pauses for streams.
//!
//! The servers are in memory. Each piece that they send moves the clock on by 40 s.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

use std::{io, time::Duration};

use httpkit::{
    Body, Client, ClientBuilder, Deadline, Error, ErrorKind, Lines, Pages, Response, Result,
    ServerSentEvents, TimeoutLimit, Timeouts, TypedClientBuilder, http_client,
    testing::{Act, Script},
};
use httpkit_tests::{Slow, answers};

const SECOND: Duration = Duration::from_secs(1);

#[http_client(base = "http://test.example")]
trait Api {
    #[get("/")]
    fn text(&self) -> Result<String>;

    #[get("/")]
    fn bytes(&self) -> Result<Vec<u8>>;

    #[get("/")]
    fn values(&self) -> Result<Vec<u32>>;

    #[get("/")]
    fn events(&self) -> Result<ServerSentEvents>;

    #[get("/")]
    fn events_with_head(&self) -> Result<Response<ServerSentEvents>>;

    #[get("/")]
    fn lines(&self) -> Result<Lines<u32>>;

    #[get("/")]
    fn body(&self) -> Result<Body>;

    #[get("/")]
    fn response(&self) -> Result<Response>;

    #[get("/")]
    fn pages(&self) -> Result<Pages<Vec<u32>>>;

    #[get("/")]
    fn raw_pages(&self) -> Result<Pages<Body>>;
}

type Builder = TypedClientBuilder<ApiClient>;

/// A typed client of a server each of whose pieces takes 40 s.
fn slow(set: fn(Builder) -> Builder, pieces: &[&str]) -> ApiClient {
    slow_with(Client::builder(), set, pieces)
}

fn slow_with(builder: ClientBuilder, set: fn(Builder) -> Builder, pieces: &[&str]) -> ApiClient {
    let script = Script::new().then(Act::AwaitWrite);
    let script =
        pieces.iter().fold(script, |script, piece| script.then(Act::Send(piece.as_bytes().to_vec())));
    let slow = Slow { reading: 40 * SECOND, ..Slow::new([script.then(Act::End)]) };
    let client = builder.timeouts(Timeouts::new().response(None)).connector(slow).build().unwrap();
    set(ApiClient::builder().client(client)).build().unwrap()
}

/// A body without a length, in three pieces after the head.
const EVENTS: [&str; 4] = [
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
    "data: 1\n\n",
    "data: 2\n\n",
    "data: 3\n\n",
];
const NUMBERS: [&str; 4] = ["HTTP/1.1 200 OK\r\n\r\n", "1\n", "2\n", "3\n"];
const ARRAY: [&str; 4] = ["HTTP/1.1 200 OK\r\n\r\n", "[1,", "2,", "3]"];

/// A total of 60 s, in which the head comes, but not the body.
fn total(builder: Builder) -> Builder {
    builder.timeout(60 * SECOND).timeouts(Timeouts::new().between_bytes(None))
}

fn limit(error: &Error) -> TimeoutLimit {
    match error.kind() {
        ErrorKind::Timeout { limit, .. } => *limit,
        _ => panic!("{error:?}"),
    }
}

#[test]
fn stream_outlives_the_total() {
    assert_eq!(slow(total, &EVENTS).events().unwrap().map(Result::unwrap).count(), 3);
    let events = slow(total, &EVENTS).events_with_head().unwrap().into_value();
    assert_eq!(events.map(Result::unwrap).count(), 3);
    let lines: Vec<u32> = slow(total, &NUMBERS).lines().unwrap().map(Result::unwrap).collect();
    assert_eq!(lines, [1, 2, 3]);
    let mut text = String::new();
    io::Read::read_to_string(&mut slow(total, &NUMBERS).body().unwrap(), &mut text).unwrap();
    assert_eq!(text, "1\n2\n3\n");
    assert_eq!(slow(total, &NUMBERS).response().unwrap().text().unwrap(), text);
}

#[test]
fn answer_does_not_outlive_the_total() {
    for error in [
        slow(total, &ARRAY).values().unwrap_err(),
        slow(total, &ARRAY).text().unwrap_err(),
        slow(total, &ARRAY).bytes().unwrap_err(),
        slow(total, &ARRAY).pages().unwrap_err(),
    ] {
        assert_eq!(limit(&error), TimeoutLimit::Total(60 * SECOND));
        assert!(error.to_string().contains("timed out after 60 s reading the response body"), "{error}");
    }
}

#[test]
fn total_of_the_client_ends_with_the_head_of_a_stream() {
    let builder = || Client::builder().timeout(60 * SECOND);
    let events = slow_with(builder(), |builder| builder, &EVENTS).events().unwrap();
    assert_eq!(events.map(Result::unwrap).count(), 3);
    let error =
        slow_with(builder(), |builder| builder.timeouts(Timeouts::NONE), &ARRAY).values().unwrap_err();
    assert_eq!(limit(&error), TimeoutLimit::Total(60 * SECOND));
}

#[test]
fn total_limits_the_head_of_a_stream() {
    let late: fn(Builder) -> Builder = |builder| builder.timeout(30 * SECOND);
    for error in [
        slow(late, &EVENTS).events().unwrap_err(),
        slow(late, &EVENTS).events_with_head().unwrap_err(),
        slow(late, &NUMBERS).lines().unwrap_err(),
        slow(late, &NUMBERS).body().unwrap_err(),
        slow(late, &NUMBERS).response().unwrap_err(),
    ] {
        assert_eq!(limit(&error), TimeoutLimit::Total(30 * SECOND));
        assert!(error.to_string().contains("timed out after 30 s waiting for the response"), "{error}");
    }
}

#[test]
fn total_limits_the_body_of_a_refused_stream() {
    let busy = ["HTTP/1.1 503 Busy\r\n\r\n", "spam", "eggs"];
    let error = slow(|builder| total(builder).timeout(100 * SECOND), &busy).events().unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.body(), response.is_truncated()), (&b"spam"[..], true));
    // A response that is no stream is not waited for.
    let soon = Deadline::after(60 * SECOND);
    let error = slow(total, &ARRAY).events().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContentType { .. }), "{error}");
    assert!(!soon.has_passed());
}

#[test]
fn events_pause_without_limit_unless_one_is_set() {
    let pause = |seconds: u64| Timeouts::new().between_bytes(Duration::from_secs(seconds));
    // By default, other bodies may pause for 30 s.
    assert_eq!(slow(|builder| builder, &EVENTS).events().unwrap().map(Result::unwrap).count(), 3);
    let error = slow(|builder| builder, &NUMBERS).lines().unwrap().next().unwrap().unwrap_err();
    assert_eq!(limit(&error), TimeoutLimit::BetweenBytes(30 * SECOND));

    let of_typed: fn(Builder) -> Builder =
        |builder| builder.timeouts(Timeouts::new().between_bytes(20 * SECOND));
    let error = slow(of_typed, &EVENTS).events().unwrap().next().unwrap().unwrap_err();
    assert_eq!(limit(&error), TimeoutLimit::BetweenBytes(20 * SECOND));

    let of_client = || Client::builder().timeouts(pause(10));
    let error =
        slow_with(of_client(), |builder| builder, &EVENTS).events().unwrap().next().unwrap().unwrap_err();
    assert_eq!(limit(&error), TimeoutLimit::BetweenBytes(10 * SECOND));
    let off: fn(Builder) -> Builder = |builder| builder.timeouts(Timeouts::new().between_bytes(None));
    let events = slow_with(of_client(), off, &EVENTS).events().unwrap();
    assert_eq!(events.map(Result::unwrap).count(), 3);
}

#[test]
fn connection_of_events_has_the_default_pause_again() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\n";
    let script = answers([head.as_bytes()]).then(Act::Send(b"data: 1\n\n".to_vec()));
    let script = script.then(Act::AwaitWrite).then(Act::Send(head.as_bytes().to_vec()));
    let slow = Slow { reading: 40 * SECOND, ..Slow::new([script.then(Act::Send(b"123456789".to_vec()))]) };
    let scripted = slow.scripted.clone();
    let client = Client::builder().timeouts(Timeouts::new().response(None)).connector(slow).build().unwrap();
    let api = ApiClient::new(client);
    assert_eq!(api.events().unwrap().map(Result::unwrap).count(), 1);
    let error = api.bytes().unwrap_err();
    assert_eq!(limit(&error), TimeoutLimit::BetweenBytes(30 * SECOND));
    assert_eq!(scripted.recorded().len(), 1);
}

/// Three pages, whose heads and bodies take 40 s each.
fn pages(set: fn(Builder) -> Builder) -> ApiClient {
    let page = |number: u32, link: &str| {
        let head = format!("HTTP/1.1 200 OK\r\n{link}Content-Length: 3\r\n\r\n");
        (head.into_bytes(), format!("[{number}]").into_bytes())
    };
    let links = ["Link: <?page=2>; rel=next\r\n", "Link: <?page=3>; rel=next\r\n", ""];
    let script = (1..).zip(links).fold(Script::new(), |script, (number, link)| {
        let (head, body) = page(number, link);
        script.then(Act::AwaitWrite).then(Act::Send(head)).then(Act::Send(body))
    });
    let slow = Slow { reading: 40 * SECOND, ..Slow::new([script]) };
    let client = Client::builder().timeouts(Timeouts::NONE).connector(slow).build().unwrap();
    set(ApiClient::builder().client(client)).build().unwrap()
}

#[test]
fn each_page_has_the_total() {
    let items: Result<Vec<u32>> =
        pages(|builder| builder.timeout(90 * SECOND)).pages().unwrap().items().collect();
    assert_eq!(items.unwrap(), [1, 2, 3]);
    let error = pages(|builder| builder.timeout(70 * SECOND)).pages().unwrap_err();
    assert_eq!(limit(&error), TimeoutLimit::Total(70 * SECOND));
    // A page that is a stream is limited up to its head.
    let bodies = pages(|builder| builder.timeout(50 * SECOND)).raw_pages().unwrap();
    let texts: Vec<String> =
        bodies.map(|page| io::read_to_string(page.unwrap().into_value()).unwrap()).collect();
    assert_eq!(texts, ["[1]", "[2]", "[3]"]);
}
