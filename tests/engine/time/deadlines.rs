//! The deadlines that a transport is given: values, so that nothing here waits.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, Connector, Deadline, Destination, ErrorKind, Phase, Probe, TimeoutLimit, Timeouts,
    Transport,
    testing::{Act, Script, ScriptedConnector, advance_clock},
};
use httpkit_tests::{OK, answers, with_body};

const URL: &str = "http://test.example/";
const NONE: Timeouts = Timeouts::NONE;

/// What a transport waited for, and until when.
type Waits = Arc<Mutex<Vec<(&'static str, Deadline)>>>;

/// Notes the deadline of each call.
struct Watched<T> {
    inner: T,
    waits: Waits,
}

impl<T> Watched<T> {
    fn note(&self, what: &'static str, deadline: Deadline) {
        self.waits.lock().unwrap().push((what, deadline));
    }
}

impl Connector for Watched<ScriptedConnector> {
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        self.note("connect", deadline);
        let inner = self.inner.connect(destination, deadline)?;
        Ok(Box::new(Watched { inner, waits: self.waits.clone() }))
    }
}

impl Transport for Watched<Box<dyn Transport>> {
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.note("read", deadline);
        self.inner.read(buffer, deadline)
    }

    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> io::Result<usize> {
        self.note("write", deadline);
        self.inner.write(bytes, deadline)
    }

    fn probe(&mut self) -> Probe {
        self.inner.probe()
    }
}

/// A client whose waits are noted.
fn watched(builder: ClientBuilder, scripts: impl IntoIterator<Item = Script>) -> (Client, Waits) {
    let waits = Waits::default();
    let connector = Watched { inner: ScriptedConnector::new(scripts), waits: waits.clone() };
    (builder.connector(connector).build().unwrap(), waits)
}

/// The head of a response, and in a later piece its body.
fn in_two_pieces() -> Script {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    answers([&head[..]]).then(Act::Send(b"he".to_vec())).then(Act::Send(b"llo".to_vec()))
}

/// Whether the deadline lies about so many seconds ahead.
fn lies_ahead(deadline: Deadline, seconds: u64) -> bool {
    let expected = Duration::from_secs(seconds);
    deadline.remaining().is_some_and(|left| left <= expected && left + Duration::from_secs(60) > expected)
}

#[test]
fn each_wait_has_its_own_timeout() {
    let timeouts = NONE
        .connect(Duration::from_secs(1000))
        .response(Duration::from_secs(2000))
        .between_bytes(Duration::from_secs(3000));
    let (client, waits) = watched(Client::builder().timeouts(timeouts), [in_two_pieces()]);
    client.post(URL).body("x").send().unwrap().bytes().unwrap();
    let waits = waits.lock().unwrap();
    let expected =
        [("connect", 1000), ("write", 3000), ("write", 3000), ("read", 2000), ("read", 3000), ("read", 3000)];
    assert_eq!(waits.len(), expected.len(), "{waits:?}");
    for ((what, deadline), (expected, seconds)) in waits.iter().zip(expected) {
        assert!(*what == expected && lies_ahead(*deadline, seconds), "{waits:?}");
    }
}

#[test]
fn the_defaults_bound_every_wait() {
    let (client, waits) = watched(Client::builder(), [in_two_pieces()]);
    client.post(URL).body("x").send().unwrap().bytes().unwrap();
    for (what, deadline) in waits.lock().unwrap().iter() {
        let seconds = if *what == "connect" { 10 } else { 30 };
        assert!(deadline.remaining().unwrap() <= Duration::from_secs(seconds), "{what}");
    }
    let (client, waits) =
        watched(Client::builder().connect_timeout(Duration::from_secs(500)), [answers([OK])]);
    client.get(URL).send().unwrap();
    let (_, connect) = waits.lock().unwrap()[0];
    assert!(lies_ahead(connect, 500));
}

#[test]
fn the_total_timeout_is_one_point_in_time() {
    let stale = answers([OK]).then(Act::AwaitWrite).then(Act::End);
    let builder = Client::builder().timeouts(NONE).timeout(Duration::from_secs(1000));
    let (client, waits) = watched(builder, [stale, in_two_pieces()]);
    client.get(URL).send().unwrap();
    waits.lock().unwrap().clear();
    // On the idle connection, which is stale, and then on a fresh one, up to the end of the body.
    client.put(URL).body("x").send().unwrap().bytes().unwrap();
    let waits = waits.lock().unwrap();
    let (_, first) = waits[0];
    assert!(lies_ahead(first, 1000));
    assert!(waits.iter().any(|(what, _)| *what == "connect"), "{waits:?}");
    assert!(waits.iter().all(|(_, deadline)| *deadline == first), "{waits:?}");
}

#[test]
fn the_earlier_of_two_deadlines_counts() {
    let timeouts = NONE.between_bytes(Duration::from_secs(100));
    let builder = Client::builder().timeouts(timeouts).timeout(Duration::from_secs(1000));
    let (client, waits) = watched(builder, [in_two_pieces()]);
    client.get(URL).send().unwrap().bytes().unwrap();
    let waits = waits.lock().unwrap();
    let seconds = |(what, index): (&str, usize)| if what == "write" || index > 2 { 100 } else { 1000 };
    for (index, (what, deadline)) in waits.iter().enumerate() {
        assert!(lies_ahead(*deadline, seconds((what, index))), "{waits:?}");
    }
}

#[test]
fn a_request_has_its_own_total_timeout() {
    let builder = Client::builder().timeouts(NONE).timeout(Duration::from_secs(1000));
    let (client, waits) = watched(builder, [answers([OK, OK, OK])]);
    for (request, seconds) in [
        (client.get(URL).timeout(Duration::from_secs(5000)), 5000),
        (client.get(URL), 1000),
        (client.get(URL).timeout(Duration::from_secs(200)), 200),
    ] {
        waits.lock().unwrap().clear();
        request.send().unwrap();
        let waits = waits.lock().unwrap();
        assert!(waits.iter().all(|(_, deadline)| lies_ahead(*deadline, seconds)), "{seconds}: {waits:?}");
    }
}

#[test]
fn times_out_a_transport_with_endless_bytes() {
    let total = Duration::from_secs(60);
    let body = answers([&with_body(&vec![b'x'; 1024 * 1024])[..]]);
    let (client, waits) = watched(Client::builder().timeouts(NONE).timeout(total), [body]);
    let response = client.get(URL).send().unwrap();
    waits.lock().unwrap().clear();
    advance_clock(total);
    let error = response.bytes().unwrap_err();
    let ErrorKind::Timeout { phase: Phase::Body, limit } = error.kind() else { panic!("{error}") };
    assert_eq!(*limit, TimeoutLimit::Total(total));
    // The part that had arrived with the head.
    assert!(!error.partial().is_empty());
    assert!(waits.lock().unwrap().is_empty());
}

#[test]
fn without_timeouts_waits_have_no_end() {
    for builder in [
        Client::builder().timeouts(NONE),
        Client::builder().timeouts(NONE).timeout(Duration::MAX),
        Client::builder()
            .timeout(Duration::MAX)
            .timeouts(NONE.connect(Duration::MAX).response(Duration::MAX).between_bytes(Duration::MAX)),
    ] {
        let (client, waits) = watched(builder, [in_two_pieces()]);
        client.get(URL).send().unwrap().bytes().unwrap();
        let waits = waits.lock().unwrap();
        assert!(waits.iter().all(|(_, deadline)| *deadline == Deadline::NEVER), "{waits:?}");
    }
}
