//! Bodies that are events. How streams are parsed is tested beside the parser.

use std::{io::ErrorKind as IoErrorKind, time::Duration};

use httpkit::{
    Client, ErrorKind, Limits, Response, Result, ServerSentEvent, ServerSentEvents, StatusCode, http_client,
    testing::{Act, Reply, Script, Server},
};
use httpkit_tests::{CODINGS, gzip};
use serde::Deserialize;

use crate::{only_request, pieces::split_ways};

#[derive(Debug, Deserialize, PartialEq)]
struct Delta {
    text: String,
}

#[http_client]
trait Api {
    #[get("/events")]
    fn events(&self, #[header("last-event-id")] after: Option<&str>) -> Result<ServerSentEvents>;

    #[post("/chat")]
    fn chat(&self, #[json] prompt: &str) -> Result<Response<ServerSentEvents>>;
}

fn scripted(script: Script) -> ApiClient {
    let builder = Client::builder().base_url("http://test.example");
    let (client, _) = httpkit_tests::scripted_with(builder, [script]);
    ApiClient::new(client)
}

fn with_events(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

fn shown(event: &ServerSentEvent) -> String {
    format!("{} {:?} {:?}", event.name(), event.data(), event.id())
}

#[test]
fn events_are_the_same_however_they_come() {
    let stream = "\u{feff}: hi\r\nid: 7\r\nevent: add\r\ndata: {\"text\":\r\ndata: \"\u{e4}\"}\r\n\r\n\
                  retry: 1500\n\ndata\r\rid: 8\ndata: lost";
    for script in split_ways(stream.as_bytes()) {
        let mut events = scripted(script).events(None).unwrap();
        let received: Vec<_> = events.by_ref().map(Result::unwrap).collect();
        assert_eq!(
            received.iter().map(shown).collect::<Vec<_>>(),
            ["add \"{\\\"text\\\":\\n\\\"\u{e4}\\\"}\" \"7\"", "message \"\" \"7\""]
        );
        assert_eq!(received[0].json::<Delta>().unwrap(), Delta { text: "\u{e4}".into() });
        assert_eq!(
            (events.last_event_id(), events.reconnection_time()),
            ("7", Some(Duration::from_millis(1500)))
        );
        assert!(events.next().is_none());
    }
}

#[test]
fn an_event_is_there_before_anything_follows() {
    let script = Script::new()
        .then(Act::AwaitWrite)
        .then(Act::Send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\r\r".to_vec()))
        .then(Act::FailRead(IoErrorKind::ConnectionReset));
    let mut events = scripted(script).events(None).unwrap();
    assert_eq!(events.next().unwrap().unwrap().into_data(), "1");
    let error = events.next().unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
    assert_eq!(error.endpoint(), Some("Api::events"));
    assert!(events.next().is_none());
}

#[test]
fn a_body_cut_short_ends_in_an_error_behind_what_came() {
    for response in [
        &b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 30\r\n\r\ndata: 1\n\ndata: 2\n"[..],
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
    ] {
        let mut events = scripted(Script::answer(response)).events(None).unwrap();
        assert_eq!(events.next().unwrap().unwrap().data(), "1");
        let error = events.next().unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
        assert!(events.next().is_none() && events.next().is_none());
    }
}

#[test]
fn an_event_has_a_limit() {
    let body = "data: 123\n\ndata: 1234\n\n";
    let mut events = scripted(Script::answer(&with_events(body))).events(None).unwrap().max_event_bytes(9);
    assert_eq!(events.next().unwrap().unwrap().data(), "123");
    let error = events.next().unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Api::events: GET http://test.example/events: event exceeds 9 bytes (`ServerSentEvents::max_event_bytes`)"
    );
    assert!(events.next().is_none());

    // The client's limit on what is collected holds where no other is set.
    let limits = Limits::new().max_collected_bytes(9);
    let builder = Client::builder().limits(limits).base_url("http://test.example");
    let (client, _) = httpkit_tests::scripted_with(builder, [Script::answer(&with_events(body))]);
    let outcomes: Vec<_> = ApiClient::new(client).events(None).unwrap().map(|event| event.is_ok()).collect();
    assert_eq!(outcomes, [true, false]);
}

#[test]
fn other_types_than_event_streams_are_refused_with_what_they_say() {
    for content_type in ["application/json", "text/event-stream-not", "text/plain; a=text/event-stream", "x"]
    {
        let body = r#"{"error": "not streaming"}"#;
        let server = Server::start(move |_| Reply::new(200).header("content-type", content_type).body(body));
        let api = ApiClient::builder().base(server.url("")).build().unwrap();
        let error = api.events(None).unwrap_err();
        let ErrorKind::ContentType { expected, found } = error.kind() else { panic!("{error}") };
        assert_eq!((*expected, found.as_bytes()), ("text/event-stream", content_type.as_bytes()));
        assert_eq!((error.partial(), error.endpoint()), (body.as_bytes(), Some("Api::events")));
        assert!(error.url().is_some());
    }
    let error = scripted(Script::answer(&httpkit_tests::with_body(b"data: 1\n\n"))).events(None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Api::events: GET http://test.example/events: the body is not text/event-stream: its Content-Type is \"\""
    );
}

#[test]
fn a_body_that_is_refused_is_not_waited_for() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n".to_vec();
    let begun = Script::new().then(Act::AwaitWrite).then(Act::Send(head));
    let script = begun.then(Act::Send(b"data: 1\n\n".to_vec())).then(Act::Send(b"data: 2\n\n".to_vec()));
    let error = scripted(script).events(None).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContentType { .. }), "{error}");
    assert_eq!(error.partial(), b"data: 1\n\n");
}

#[test]
fn an_event_that_was_flushed_is_there_whatever_its_coding() {
    for coding in CODINGS {
        let pieces = (coding.encode_pieces)(&[b"data: 1\n\n", b"data: 2\n\n"]);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: {}\r\n\r\n",
            coding.name
        );
        let begun = Script::new().then(Act::AwaitWrite).then(Act::Send(head.into()));
        let script =
            begun.then(Act::Send(pieces[0].clone())).then(Act::FailRead(IoErrorKind::ConnectionReset));
        let mut events = scripted(script).events(None).unwrap();
        assert_eq!(events.next().unwrap().unwrap().data(), "1", "{} {}", coding.name, coding.variant);
        let error = events.next().unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
    }
}

#[test]
fn a_media_type_is_told_without_case_and_parameters() {
    let reply = Reply::new(201).header("content-type", "Text/Event-Stream; charset=x").body("data: 1\n\n");
    let server = Server::start(move |_| reply.clone());
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let response = api.chat("hi").unwrap();
    assert_eq!(response.status(), StatusCode::Created);
    assert_eq!(response.into_value().map(|event| event.unwrap().into_data()).collect::<Vec<_>>(), ["1"]);
    let request = only_request(&server);
    assert_eq!(
        (request.method(), request.header("accept").unwrap().as_bytes()),
        ("POST", &b"text/event-stream"[..])
    );
}

#[test]
fn no_content_has_no_events() {
    let server = Server::start(|_| Reply::new(204));
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let mut events = api.events(Some("7")).unwrap();
    assert!(events.next().is_none());
    assert_eq!(format!("{events:?}"), "ServerSentEvents { last_event_id: \"\", is_over: true, .. }");
    assert_eq!(only_request(&server).header("last-event-id").unwrap(), "7");
}

#[test]
fn other_statuses_are_no_events() {
    let reply = Reply::new(503).header("content-type", "text/event-stream").body("data: 1\n\n");
    let server = Server::start(move |_| reply.clone());
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    assert_eq!(api.events(None).unwrap_err().status(), Some(StatusCode::ServiceUnavailable));
}

#[test]
fn data_that_are_no_json_say_where() {
    let mut events = scripted(Script::answer(&with_events("data: {\"text\": 1}\n\n"))).events(None).unwrap();
    let event = events.next().unwrap().unwrap();
    let error = event.json::<Delta>().unwrap_err();
    assert_eq!(error.to_string(), "cannot decode JSON at `text`");
    assert_eq!(error.partial(), event.data().as_bytes());
}

#[test]
fn events_that_are_left_close_their_connection_without_waiting() {
    let script = Script::new()
        .then(Act::AwaitWrite)
        .then(Act::Send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n".to_vec()))
        .then(Act::AwaitWrite);
    let builder = Client::builder().base_url("http://test.example");
    let (client, connector) = httpkit_tests::scripted_with(builder, [script]);
    let mut events = ApiClient::new(client).events(None).unwrap();
    assert_eq!(events.next().unwrap().unwrap().data(), "1");
    let calls = connector.recorded()[0].calls;
    drop(events);
    let recorded = &connector.recorded()[0];
    assert_eq!((recorded.calls, recorded.is_closed), (calls, true));
}

/// A response that begins with an event, and what follows: in one part, which has arrived with it.
fn begun_with(coding: &str, event: &[u8], rest: &[u8]) -> Script {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: {coding}\r\n\r\n");
    Script::answer(&[head.as_bytes(), event, rest].concat())
}

#[test]
fn cancels_events_that_never_end() {
    for line in [":\n", "\n", "\r\n", "id: 7\n", "retry: 1\n", "event: add\n", "other\n"] {
        let endless = line.repeat(200_000);
        let coded = gzip(format!("data: 1\n\n{endless}").as_bytes());
        for (script, calls) in [
            // Whatever is in the receive buffer is read, but not what follows it.
            (begun_with("identity", b"data: 1\n\n", endless.as_bytes()), 2),
            (begun_with("gzip", b"", &coded), 2),
        ] {
            let builder = Client::builder().base_url("http://test.example");
            let (client, connector) = httpkit_tests::scripted_with(builder, [script]);
            let mut events = ApiClient::new(client.clone()).events(None).unwrap();
            assert_eq!(events.next().unwrap().unwrap().data(), "1");
            client.shut_down();
            let error = events.next().unwrap().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Cancelled), "{line:?}: {error}");
            assert_eq!(error.endpoint(), Some("Api::events"));
            assert!(events.next().is_none());
            assert_eq!(connector.recorded()[0].calls, calls, "{line:?}");
        }
    }
}

#[test]
fn limits_an_id() {
    let stream = |length: usize| with_events(&format!("id: {}\ndata: 1\n\n", "7".repeat(length)));
    let longest = ServerSentEvents::MAX_ID_BYTES;
    let mut events = scripted(Script::answer(&stream(longest))).events(None).unwrap();
    assert_eq!(events.next().unwrap().unwrap().id().len(), longest);
    assert_eq!(events.last_event_id().len(), longest);

    let mut events = scripted(Script::answer(&stream(longest + 1))).events(None).unwrap();
    let error = events.next().unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 4096, unit: "bytes", .. }), "{error}");
    assert!(
        error.to_string().ends_with("event id exceeds 4 KiB (`ServerSentEvents::MAX_ID_BYTES`)"),
        "{error}"
    );
    assert!(events.next().is_none());
}
