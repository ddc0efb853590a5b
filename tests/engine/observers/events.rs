//! What happens to requests, as those who look on see it.

use std::{
    collections::BTreeSet,
    fmt::Write,
    io::Read as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, Event, EventKind, Response, RetryPolicy,
    testing::{Reply, Server},
};

/// What a test does with a response.
type Read = fn(Response);

/// What was seen, each event as one word and what it tells.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(u64, Duration, String)>>>);

impl Log {
    fn builder(&self) -> ClientBuilder {
        let log = self.0.clone();
        Client::builder().on_event(move |event| {
            log.lock().unwrap().push((event.exchange, event.elapsed, line(event)));
        })
    }

    fn take(&self) -> Vec<String> {
        let events = std::mem::take(&mut *self.0.lock().unwrap());
        assert!(events.is_sorted_by_key(|(exchange, elapsed, _)| (*exchange, *elapsed)), "{events:?}");
        events.into_iter().map(|(_, _, line)| line).collect()
    }
}

fn line(event: &Event<'_>) -> String {
    match event.kind {
        EventKind::Started => format!("started {} {}", event.method, event.url.path()),
        EventKind::Reused => "reused".into(),
        EventKind::Connected { took, .. } => {
            format!("connected{}", if took > event.elapsed { " late" } else { "" })
        }
        EventKind::Sent => "sent".into(),
        EventKind::HeadReceived { status, .. } => format!("head {}", status.code()),
        EventKind::Redirected { status, location, .. } => {
            format!("redirected {} {}", status.code(), location.path())
        }
        EventKind::Retried { attempts, error, .. } => {
            format!(
                "retried {attempts}{}",
                error.map_or(String::new(), |error| format!(" {:?}", error.kind()))
            )
        }
        EventKind::Finished { status, bytes, .. } => format!("finished {} {bytes}", status.code()),
        EventKind::Failed { error, .. } => format!("failed {:?}", error.kind()),
        _ => unreachable!("{event:?}"),
    }
}

#[test]
fn a_request_is_seen_from_its_start_to_the_end_of_its_body() {
    let log = Log::default();
    let client = log.builder().build().unwrap();
    let server = Server::start(|request| Reply::text(200, &"x".repeat(request.target().len())));
    let reads: [(&str, Read, &str); 6] = [
        ("/text", |response| drop(response.text().unwrap()), "finished 200 5"),
        ("/json", |response| drop(response.json::<u8>()), "finished 200 5"),
        (
            "/read",
            |mut response| assert_eq!(response.read_to_end(&mut Vec::new()).unwrap(), 5),
            "finished 200 5",
        ),
        ("/drop", drop, "finished 200 0"),
        ("/drain", Response::drain, "finished 200 6"),
        ("/1", |mut response| response.read_exact(&mut [0; 1]).unwrap(), "finished 200 1"),
    ];
    for (number, (path, read, end)) in reads.into_iter().enumerate() {
        let response = client.get(server.url(path)).send().unwrap();
        let opened = if number == 0 { "connected" } else { "reused" };
        assert_eq!(log.take(), [&*format!("started GET {path}"), opened, "sent", "head 200"]);
        read(response);
        assert_eq!(log.take(), [end], "{path}");
    }
    // A response without a body is over with its head.
    client.head(server.url("/a")).send().unwrap();
    assert_eq!(log.take(), ["started HEAD /a", "reused", "sent", "head 200", "finished 200 0"]);
}

#[test]
fn attempts_and_failures_are_seen() {
    let log = Log::default();
    let policy = RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO);
    let client = log.builder().retry(policy).build().unwrap();
    let server = Server::start(|request| match request.connection() {
        0 => Reply::new(503).header("Connection", "close").close(),
        1 => Reply::raw("").close(),
        _ => Reply::raw("nonsense\r\n\r\n").close(),
    });
    client.get(server.url("/a")).send().unwrap_err();
    let seen = log.take();
    let expected = [
        "started GET /a",
        "connected",
        "sent",
        "head 503",
        "retried 1",
        "connected",
        "sent",
        "retried 2 RemoteDisconnected",
        "connected",
        "sent",
    ];
    assert_eq!(seen[..expected.len()], expected);
    assert!(seen[expected.len()].starts_with("failed BadStatusLine"), "{seen:?}");
    assert_eq!(seen.len(), expected.len() + 1);
}

#[test]
fn redirects_are_seen() {
    let log = Log::default();
    let client = log.builder().build().unwrap();
    let server = Server::start(|request| match request.target() {
        "/a" => Reply::new(302).header("Location", "/b"),
        "/b" => Reply::new(303).header("Location", "http://me:hidden@127.0.0.1:1/c"),
        _ => unreachable!(),
    });
    client.get(server.url("/a")).send().unwrap_err();
    let seen = log.take();
    let expected = [
        "started GET /a",
        "connected",
        "sent",
        "head 302",
        "redirected 302 /b",
        "reused",
        "sent",
        "head 303",
        "redirected 303 /c",
    ];
    assert_eq!(seen[..expected.len()], expected);
    assert!(seen[expected.len()].starts_with("failed Connect"), "{seen:?}");
    assert_eq!(seen.len(), expected.len() + 1);
}

#[test]
fn a_redirect_that_is_not_followed_is_none() {
    let log = Log::default();
    let client = log.builder().build().unwrap();
    let server = Server::start(|_| Reply::new(302));
    client.get(server.url("/a")).send().unwrap();
    assert_eq!(log.take(), ["started GET /a", "connected", "sent", "head 302", "finished 302 0"]);
}

#[test]
fn a_body_that_cannot_be_read_ends_in_failure() {
    let read: Read = |mut response| drop(response.read_to_end(&mut Vec::new()).unwrap_err());
    let fill: Read = |mut response| drop(response.copy_to(&mut std::io::sink()).unwrap_err());
    let collect: Read = |response| drop(response.bytes().unwrap_err());
    let json: Read = |response| drop(response.json::<u8>().unwrap_err());
    for (head, failure) in [
        ("Content-Length: 9", "failed IncompleteRead"),
        ("Transfer-Encoding: chunked", "failed BadChunk"),
        ("Content-Encoding: gzip\r\nContent-Length: 5", "failed ContentCoding"),
        ("Content-Encoding: gzip\r\nContent-Length: 9", "failed"),
    ] {
        let server =
            Server::start(move |_| Reply::raw(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nhello")).close());
        for read in [read, fill, collect, json] {
            let log = Log::default();
            let client = log.builder().build().unwrap();
            read(client.get(server.url("/a")).send().unwrap());
            let seen = log.take();
            assert_eq!(seen[..4], ["started GET /a", "connected", "sent", "head 200"]);
            assert!(seen.len() == 5 && seen[4].starts_with(failure), "{seen:?}");
        }
    }
}

#[test]
fn each_request_has_a_number_and_several_functions_see_it() {
    let (first, second) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let (sink, other) = (first.clone(), second.clone());
    let client = Client::builder()
        .on_event(move |event| sink.lock().unwrap().push(event.exchange))
        .on_event(move |event| other.lock().unwrap().push(event.exchange))
        .build()
        .unwrap();
    let server = Server::start(|_| Reply::new(200));
    for _ in 0..3 {
        client.get(server.url("/")).send().unwrap();
    }
    let seen = first.lock().unwrap();
    assert_eq!(*seen, *second.lock().unwrap());
    assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (15, 3));
}

#[test]
fn events_show_no_secret() {
    let log = Arc::new(Mutex::new(String::new()));
    let sink = log.clone();
    let client = Client::builder()
        .on_event(move |event| write!(sink.lock().unwrap(), "{event:?}").unwrap())
        .build()
        .unwrap();
    let server = Server::start(|_| Reply::new(200).header("Set-Cookie", "id=hidden"));
    let url = server.url("/").replace("http://", "http://me:hidden@");
    client.get(&url).header("Cookie", "hidden").send().unwrap();
    drop(server);
    client.get(&url).bearer("hidden").send().unwrap_err();
    let log = log.lock().unwrap();
    assert!(log.contains("Finished") && log.contains("Failed") && !log.contains("hidden"), "{log}");
}
