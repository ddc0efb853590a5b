//! Interim responses: limited by their bytes, whenever they come.

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use httpkit::{
    Client, Error, ErrorKind, Limits, RequestBody, RequestBuilder,
    testing::{Act, Script, ScriptedConnector},
};
use httpkit_tests::{OK, scripted};

const URL: &str = "http://test.example/";
const EARLY: &[u8] = b"HTTP/1.1 103 Early Hints\r\n\r\n";
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
const LIMIT: usize = 64 * 1024;
const TOO_LARGE: &str = "sequence of interim responses exceeds 64 KiB (`Limits::max_head_bytes`)";

/// Interim responses that have exactly this number of bytes together, most of them 4 KiB.
fn interim(bytes: usize) -> Vec<u8> {
    let empty = "HTTP/1.1 103 Early Hints\r\nX: \r\n\r\n".len();
    let one =
        |length: usize| format!("HTTP/1.1 103 Early Hints\r\nX: {}\r\n\r\n", "x".repeat(length - empty));
    let whole = bytes / 4096 - 1;
    (one(4096).repeat(whole) + &one(bytes - whole * 4096)).into_bytes()
}

/// The outcome of a request whose server sends these bytes, then reads the rest, and the bytes that it has read.
fn exchange(
    sent: Vec<u8>,
    request: impl FnOnce(&Client) -> RequestBuilder<'static>,
) -> (Result<u16, Error>, ScriptedConnector) {
    let script = Script::new().then(Act::AwaitWrite).then(Act::Send(sent));
    let (client, connector) = scripted([script]);
    (request(&client).send().map(|response| response.status().code()), connector)
}

fn assert_too_large(outcome: Result<u16, Error>) {
    let error = outcome.expect_err("the limit is exceeded");
    assert!(matches!(error.kind(), ErrorKind::TooLarge { .. }), "{error}");
    assert_eq!(error.kind().to_string(), TOO_LARGE);
}

/// 40 blocks of content, of unknown length.
fn upload(client: &Client) -> RequestBuilder<'static> {
    client.put(URL).body(RequestBody::from_reader(std::io::repeat(b'x').take(40 * 64 * 1024)))
}

fn expecting(client: &Client) -> RequestBuilder<'static> {
    client.put(URL).header("Expect", "100-continue").body(&b"spam"[..])
}

#[test]
fn passes_a_thousand_empty_interim_responses() {
    let early = EARLY.repeat(1000);
    for (sent, request) in [
        ([&early[..], OK].concat(), (|client: &Client| client.get(URL)) as fn(&Client) -> _),
        ([&early[..], OK].concat(), upload),
        ([&early[..], CONTINUE, OK].concat(), expecting),
    ] {
        let seen = Arc::new(AtomicUsize::new(0));
        let count = seen.clone();
        let (outcome, _) = exchange(sent.clone(), |client| {
            request(client).on_interim(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
            })
        });
        assert_eq!(outcome.unwrap(), 200);
        let expected = sent.windows(8).filter(|window| window == b"HTTP/1.1").count() - 1;
        assert_eq!(seen.load(Ordering::Relaxed), expected);
    }
}

#[test]
fn rejects_interim_responses_beyond_the_bytes_of_a_head() {
    let get = |client: &Client| client.get(URL);
    assert_eq!(exchange([interim(LIMIT), OK.to_vec()].concat(), get).0.unwrap(), 200);
    assert_too_large(exchange([interim(LIMIT + 1), OK.to_vec()].concat(), get).0);
    // 27 bytes each.
    assert_eq!(exchange([EARLY.repeat(LIMIT / EARLY.len()), OK.to_vec()].concat(), get).0.unwrap(), 200);
    assert_too_large(exchange([EARLY.repeat(LIMIT / EARLY.len() + 1), OK.to_vec()].concat(), get).0);
}

#[test]
fn rejects_interim_responses_while_a_body_is_sent() {
    let (outcome, _) = exchange([interim(LIMIT), OK.to_vec()].concat(), upload);
    assert_eq!(outcome.unwrap(), 200);
    let (outcome, connector) = exchange([interim(LIMIT + 1), OK.to_vec()].concat(), upload);
    assert_too_large(outcome);
    // Not all of the body was sent: the limit ended it.
    let written = connector.recorded()[0].written.len();
    assert!(written < 20 * 64 * 1024, "{written}");
}

#[test]
fn rejects_interim_responses_while_waiting_to_send_a_body() {
    let (outcome, connector) =
        exchange([interim(LIMIT - CONTINUE.len()), CONTINUE.to_vec(), OK.to_vec()].concat(), expecting);
    assert_eq!(outcome.unwrap(), 200);
    assert!(connector.recorded()[0].written.ends_with(b"spam"));
    let (outcome, connector) =
        exchange([interim(LIMIT + 1), CONTINUE.to_vec(), OK.to_vec()].concat(), expecting);
    assert_too_large(outcome);
    assert!(!connector.recorded()[0].written.ends_with(b"spam"));
}

#[test]
fn counts_interim_responses_of_each_request_alone() {
    let answer = [interim(LIMIT), OK.to_vec()].concat();
    let script =
        (0..3).fold(Script::new(), |script, _| script.then(Act::AwaitWrite).then(Act::Send(answer.clone())));
    let (client, connector) = scripted([script]);
    for _ in 0..3 {
        assert_eq!(client.get(URL).send().unwrap().status().code(), 200);
    }
    assert_eq!(connector.recorded().len(), 1);
}

#[test]
fn limit_of_heads_limits_interim_responses_too() {
    for (limit, fits) in [(4 * EARLY.len(), true), (4 * EARLY.len() - 1, false)] {
        let sent = [EARLY.repeat(4), OK.to_vec()].concat();
        let limits = Limits::new().max_head_bytes(limit);
        let (outcome, _) = exchange(sent, |client| client.get(URL).limits(limits));
        assert_eq!(outcome.is_ok(), fits, "{outcome:?}");
    }
    let (outcome, _) = exchange([EARLY.repeat(10_000), OK.to_vec()].concat(), |client| {
        client.get(URL).limits(Limits::new().max_head_bytes(None))
    });
    assert_eq!(outcome.unwrap(), 200);
}
