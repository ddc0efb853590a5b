//! The message of a timeout names the setting, and whether it was the total.
//!
//! The servers are in memory, and what takes time moves the clock on.

use std::{
    io::{self, Read, Write},
    net::SocketAddr,
    thread,
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, Connector, Deadline, Destination, Error, ErrorKind, LowSpeed, Proxy, Response,
    RetryPolicy, TimeoutLimit, Timeouts, TlsConfig, Transport,
    testing::{Act, Reply, Script, advance_clock},
};
use httpkit_tests::{
    OK, Slow, answers, scripted_with,
    tls::{Authority, Then, TlsServer},
};

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);
const NONE: Timeouts = Timeouts::NONE;
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";

/// A server whose connection takes 60 s.
fn connecting() -> Slow {
    Slow { connecting: 60 * SECOND, ..Slow::new([answers([OK])]) }
}

/// A server to which each write takes 60 s.
fn writing() -> Slow {
    Slow { writing: 60 * SECOND, ..Slow::new([answers([OK])]) }
}

/// A server each of whose pieces takes 4 s: the head, and then the body.
fn reading() -> Slow {
    Slow { reading: 4 * SECOND, ..Slow::new([answers([HEAD]).then(Act::Send(b"late".to_vec()))]) }
}

/// A proxy that makes a tunnel, to which a server says nothing.
fn tunnel() -> Slow {
    let granted = answers([&b"HTTP/1.1 200 OK\r\n\r\n"[..]]).then(Act::Send(b"late".to_vec()));
    Slow { reading: 4 * SECOND, ..Slow::new([granted]) }
}

const HTTP: &str = "http://test.example/";
const HTTPS: &str = "https://test.example/";
const HTTP_PROXY: Option<&str> = Some("http://proxy.example");
const HTTPS_PROXY: Option<&str> = Some("https://proxy.example");

/// A URL, a proxy, a server, timeouts, a total in seconds; and the message.
type Row = (&'static str, Option<&'static str>, fn() -> Slow, fn() -> Timeouts, u64, &'static str);

#[rustfmt::skip] // One row a line.
const ROWS: &[Row] = &[
    (HTTP, None, connecting, Timeouts::new, 0, "timed out after 10 s connecting (`Timeouts::connect`)"),
    (HTTP, None, connecting, || NONE.connect(3 * SECOND), 0, "timed out after 3 s connecting (`Timeouts::connect`)"),
    (HTTP, None, connecting, Timeouts::new, 3, "timed out after 3 s connecting (total `timeout`)"),
    (HTTP, None, writing, Timeouts::new, 0, "timed out after 30 s sending the request (`Timeouts::between_bytes`)"),
    (HTTP, None, writing, || NONE.send(3 * SECOND), 0, "timed out after 3 s sending the request (`Timeouts::send`)"),
    (HTTP, None, writing, || Timeouts::new().send(31 * SECOND), 0, "timed out after 30 s sending the request (`Timeouts::between_bytes`)"),
    (HTTP, None, writing, || Timeouts::new().send(29 * SECOND), 0, "timed out after 29 s sending the request (`Timeouts::send`)"),
    (HTTP, None, writing, Timeouts::new, 3, "timed out after 3 s sending the request (total `timeout`)"),
    (HTTP, None, reading, || NONE.response(1500 * MILLISECOND), 0, "timed out after 1500 ms waiting for the response (`Timeouts::response`)"),
    (HTTP, None, reading, || NONE.response(3 * SECOND), 2, "timed out after 2 s waiting for the response (total `timeout`)"),
    (HTTP, None, reading, || NONE.response(3 * SECOND), 4, "timed out after 3 s waiting for the response (`Timeouts::response`)"),
    (HTTP, None, reading, || NONE.between_bytes(3 * SECOND), 0, "timed out after 3 s reading the response body (`Timeouts::between_bytes`)"),
    (HTTP, None, reading, || NONE.between_bytes(3 * SECOND), 6, "timed out after 6 s reading the response body (total `timeout`)"),
    (HTTP, None, reading, || NONE.between_bytes(1 * SECOND), 6, "timed out after 1 s reading the response body (`Timeouts::between_bytes`)"),
    (HTTP, None, reading, || NONE.low_speed(LowSpeed::new(1000, 2 * SECOND)), 0, "transfer slower than 1000 bytes/s for 2 s (`Timeouts::low_speed`)"),
    (HTTP, None, reading, || NONE.low_speed(LowSpeed::new(0, 2 * SECOND)), 5, "timed out after 5 s reading the response body (total `timeout`)"),
    (HTTP, None, writing, || NONE.low_speed(LowSpeed::new(9, 2 * SECOND)), 0, "transfer slower than 9 bytes/s for 2 s (`Timeouts::low_speed`)"),
    (HTTPS, None, reading, || NONE.connect(3 * SECOND), 0, "timed out after 3 s during the TLS handshake (`Timeouts::connect`)"),
    (HTTPS, None, reading, || NONE.connect(3 * SECOND).handshake(2 * SECOND), 0, "timed out after 2 s during the TLS handshake (`Timeouts::handshake`)"),
    (HTTPS, None, reading, || NONE.connect(3 * SECOND).handshake(2 * SECOND), 1, "timed out after 1 s during the TLS handshake (total `timeout`)"),
    // Timeouts of a transfer do not end a handshake.
    (HTTPS, None, reading, || NONE.send(SECOND).between_bytes(SECOND).response(SECOND).handshake(3 * SECOND), 0, "timed out after 3 s during the TLS handshake (`Timeouts::handshake`)"),
    (HTTPS, None, reading, || NONE.between_bytes(SECOND).handshake(3 * SECOND), 0, "timed out after 3 s during the TLS handshake (`Timeouts::handshake`)"),
    (HTTP, HTTP_PROXY, connecting, Timeouts::new, 0, "timed out after 10 s connecting (`Timeouts::connect`)"),
    (HTTPS, HTTP_PROXY, connecting, Timeouts::new, 0, "timed out after 10 s connecting (`Timeouts::connect`)"),
    (HTTPS, HTTP_PROXY, connecting, Timeouts::new, 3, "timed out after 3 s connecting (total `timeout`)"),
    (HTTPS, HTTP_PROXY, tunnel, || NONE.connect(3 * SECOND), 0, "timed out after 3 s waiting for the proxy (`Timeouts::connect`)"),
    (HTTPS, HTTP_PROXY, tunnel, || NONE.connect(3 * SECOND).response(2 * SECOND), 0, "timed out after 2 s waiting for the proxy (`Timeouts::response`)"),
    (HTTPS, HTTP_PROXY, tunnel, || NONE.connect(3 * SECOND), 2, "timed out after 2 s waiting for the proxy (total `timeout`)"),
    (HTTPS, HTTP_PROXY, writing, || NONE.send(2 * SECOND), 0, "timed out after 2 s waiting for the proxy (`Timeouts::send`)"),
    (HTTPS, HTTP_PROXY, tunnel, || NONE.connect(6 * SECOND), 0, "timed out after 6 s during the TLS handshake (`Timeouts::connect`)"),
    (HTTPS, HTTP_PROXY, tunnel, || NONE.connect(9 * SECOND).handshake(3 * SECOND), 0, "timed out after 3 s during the TLS handshake (`Timeouts::handshake`)"),
    (HTTPS, HTTP_PROXY, tunnel, || NONE.connect(9 * SECOND), 6, "timed out after 6 s during the TLS handshake (total `timeout`)"),
    (HTTP, HTTP_PROXY, reading, || NONE.response(3 * SECOND), 0, "timed out after 3 s waiting for the response (`Timeouts::response`)"),
    (HTTP, HTTPS_PROXY, reading, || NONE.connect(3 * SECOND), 0, "timed out after 3 s during the TLS handshake (`Timeouts::connect`)"),
    (HTTP, HTTPS_PROXY, reading, || NONE.handshake(2 * SECOND), 0, "timed out after 2 s during the TLS handshake (`Timeouts::handshake`)"),
    (HTTPS, HTTPS_PROXY, reading, || NONE.handshake(3 * SECOND), 1, "timed out after 1 s during the TLS handshake (total `timeout`)"),
    (HTTPS, HTTPS_PROXY, connecting, Timeouts::new, 0, "timed out after 10 s connecting (`Timeouts::connect`)"),
];

fn builder(timeouts: Timeouts, total: u64) -> ClientBuilder {
    Client::builder().timeouts(timeouts).timeout((total > 0).then(|| Duration::from_secs(total)))
}

/// Checks the message, and what code is told of the limit.
fn assert_message(error: &Error, message: &str) {
    assert_eq!(error.kind().to_string(), message, "{error:?}");
    let ErrorKind::Timeout { limit, .. } = error.kind() else { panic!("{error:?}") };
    assert_eq!(limit.is_total(), message.ends_with("(total `timeout`)"), "{message}");
    let of_system = message.ends_with("(not a timeout of httpkit)");
    assert_eq!(limit.duration().is_none(), of_system, "{message}");
    assert!(error.is_timeout(), "{message}");
}

#[test]
fn timeout_names_its_limit_in_each_phase() {
    for (url, proxy, server, timeouts, total, message) in ROWS {
        let mut builder = builder(timeouts(), *total).connector(server());
        if let Some(proxy) = proxy {
            builder = builder.proxy(Proxy::parse(proxy).unwrap());
        }
        let client = builder.build().unwrap();
        let error = client.post(*url).body("x").send().and_then(Response::bytes).unwrap_err();
        assert_message(&error, message);
    }
}

#[cfg(feature = "socks")]
#[test]
fn timeout_names_its_limit_through_socks() {
    for (timeouts, total, message) in [
        (NONE.connect(3 * SECOND), 0, "timed out after 3 s waiting for the proxy (`Timeouts::connect`)"),
        (NONE.connect(3 * SECOND), 2, "timed out after 2 s waiting for the proxy (total `timeout`)"),
        (Timeouts::new().response(SECOND), 3, "timed out after 3 s waiting for the proxy (total `timeout`)"),
    ] {
        for proxy in ["socks4a://proxy.example", "socks5h://proxy.example"] {
            let client = builder(timeouts, total).proxy(Proxy::parse(proxy).unwrap()).connector(reading());
            assert_message(&client.build().unwrap().get(HTTP).send().unwrap_err(), message);
        }
    }
}

/// Takes until shortly after the deadline. It holds no worker longer.
fn late_resolver(_: Destination<'_>, deadline: Deadline) -> io::Result<Vec<SocketAddr>> {
    thread::sleep(deadline.remaining().expect("there is a timeout") + 20 * MILLISECOND);
    Err(io::ErrorKind::NotFound.into())
}

#[test]
fn timeout_of_lookup_names_its_limit() {
    let [short, long] = [30 * MILLISECOND, 60 * SECOND];
    for (timeouts, total, setting) in [
        (NONE.resolve(short), None, "`Timeouts::resolve`"),
        (NONE.resolve(short).connect(long), Some(long), "`Timeouts::resolve`"),
        (NONE.connect(short), None, "`Timeouts::connect`"),
        (NONE.connect(short).resolve(long), None, "`Timeouts::connect`"),
        (NONE.connect(long).resolve(long), Some(short), "total `timeout`"),
    ] {
        let client = Client::builder().timeouts(timeouts).timeout(total).resolver(late_resolver);
        let error = client.no_proxy().build().unwrap().get(HTTP).send().unwrap_err();
        assert_message(&error, &format!("timed out after 30 ms resolving the host name ({setting})"));
    }
}

#[test]
fn timeout_of_pool_names_its_limit() {
    for (pool, total, message) in [
        (2, 60_000, "timed out after 2 ms waiting for a free connection (`Timeouts::pool`)"),
        (60_000, 2, "timed out after 2 ms waiting for a free connection (total `timeout`)"),
    ] {
        let builder = Client::builder().timeouts(NONE.pool(pool * MILLISECOND)).max_open_per_host(1);
        let (client, _) = scripted_with(builder, [answers([HEAD])]);
        let held = client.get(HTTP).send().unwrap();
        let error = client.get(HTTP).timeout(total * MILLISECOND).send().unwrap_err();
        assert_message(&error, message);
        drop(held);
    }
}

/// Gives up at once.
struct Impatient;

impl Connector for Impatient {
    fn connect(&self, _: Destination<'_>, _: Deadline) -> io::Result<Box<dyn Transport>> {
        Err(io::ErrorKind::TimedOut.into())
    }
}

#[test]
fn timeout_of_the_system_is_not_blamed_on_a_setting() {
    let timeouts = Timeouts::new().resolve(5 * SECOND).handshake(5 * SECOND).send(5 * SECOND);
    let builder = || Client::builder().no_proxy().timeouts(timeouts).timeout(60 * SECOND);
    let impatient = |_: Destination<'_>, _: Deadline| Err(io::ErrorKind::TimedOut.into());
    let refuses_writes = Script::new().then(Act::FailWrite(io::ErrorKind::TimedOut));
    let scripted = |script| scripted_with(builder(), [script]).0;
    for (client, url, what) in [
        (builder().resolver(impatient).build().unwrap(), HTTP, "resolving the host name"),
        (builder().connector(Impatient).build().unwrap(), HTTP, "connecting"),
        (scripted(Script::new()), HTTPS, "during the TLS handshake"),
        (scripted(refuses_writes), HTTP, "sending the request"),
        (scripted(Script::new()), HTTP, "waiting for the response"),
        (scripted(answers([HEAD])), HTTP, "reading the response body"),
    ] {
        let error = client.get(url).send().and_then(Response::bytes).unwrap_err();
        assert_message(&error, &format!("timed out {what} (not a timeout of httpkit)"));
    }
}

#[test]
fn timeout_of_upgraded_connection_names_its_limit() {
    let switched = b"HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    let upgrade = |slow: Slow| {
        let client = Client::builder().timeouts(NONE).connector(slow).build().unwrap();
        let request = client.get(HTTP).header("Connection", "upgrade").header("Upgrade", "x");
        request.send().unwrap().into_upgraded().unwrap()
    };
    let script = || answers([&switched[..]]).then(Act::Send(b"late".to_vec()));
    let message = |error: io::Error| Error::from(error).kind().to_string();

    let mut stream = upgrade(Slow { reading: 4 * SECOND, ..Slow::new([script()]) });
    stream.set_timeout(Some(3 * SECOND));
    assert_eq!(
        message(stream.read(&mut [0; 4]).unwrap_err()),
        "timed out after 3 s reading from the upgraded connection (`Upgraded::set_timeout`)"
    );
    // The rest of the time.
    assert_eq!(stream.read(&mut [0; 4]).unwrap(), 4);
    assert!(message(stream.read(&mut [0; 4]).unwrap_err()).contains("`Upgraded::set_timeout`"));

    let mut stream = upgrade(Slow { writing: 4 * SECOND, ..Slow::new([script()]) });
    stream.set_timeout(Some(3 * SECOND));
    assert_eq!(
        message(stream.write(b"spam").unwrap_err()),
        "timed out after 3 s writing to the upgraded connection (`Upgraded::set_timeout`)"
    );

    let mut stream = upgrade(Slow::new([answers([&switched[..]])]));
    for timeout in [None, Some(3 * SECOND)] {
        stream.set_timeout(timeout);
        assert!(message(stream.read(&mut [0; 4]).unwrap_err()).ends_with("(not a timeout of httpkit)"));
    }
}

const MOVED: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

#[test]
fn total_that_expires_after_a_redirect_is_named() {
    for (first, attempts) in [(MOVED, 1), (BUSY, 2)] {
        let slow = Slow { reading: 4 * SECOND, ..Slow::new([answers([first, OK])]) };
        let retry = RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO);
        let client = builder(NONE.response(5 * SECOND), 6).retry(retry).connector(slow).build().unwrap();
        let error = client.get(HTTP).send().unwrap_err();
        assert_message(&error, "timed out after 6 s waiting for the response (total `timeout`)");
        assert_eq!(error.attempts(), attempts);
    }
}

#[test]
fn limit_of_second_attempt_is_named() {
    let slow = Slow { reading: 4 * SECOND, ..Slow::new([Script::new(), answers([OK])]) };
    let retry = RetryPolicy::new().attempts(2).backoff(Duration::ZERO, Duration::ZERO);
    let client = builder(NONE.response(3 * SECOND), 60).retry(retry).connector(slow).build().unwrap();
    let error = client.get(HTTP).send().unwrap_err();
    assert_message(&error, "timed out after 3 s waiting for the response (`Timeouts::response`)");
    assert_eq!(error.attempts(), 2);
}

#[test]
fn backoff_beyond_the_total_is_not_begun() {
    let asks_for_more = b"HTTP/1.1 503 Busy\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n";
    let slow = Slow { reading: 4 * SECOND, ..Slow::new([answers([&asks_for_more[..], OK])]) };
    let client = builder(NONE, 6).retry(RetryPolicy::new()).connector(slow).build().unwrap();
    let response = client.get(HTTP).send().unwrap();
    assert_eq!((response.status().code(), response.attempts()), (503, 1));
}

/// Moves the clock on when it is written to.
struct SlowLog;

impl Write for SlowLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        advance_clock(60 * SECOND);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn handshake_does_not_count_as_sending() {
    let authority = Authority::new();
    let config = authority.issue("127.0.0.1").server(rustls::ALL_VERSIONS);
    let server = TlsServer::start(config, Then::Silence, |_| Reply::text(200, "hello"));
    let tls = |log: SlowLog| -> TlsConfig { authority.trusted().key_log(log) };
    let timeouts = NONE.send(10 * SECOND).between_bytes(10 * SECOND).response(10 * SECOND);
    let client = Client::builder().no_proxy().timeouts(timeouts).tls(tls(SlowLog)).build().unwrap();
    // More than one write takes.
    let response = client.put(server.url("/")).body(vec![b'x'; 1 << 20]).send().unwrap();
    assert_eq!(response.text().unwrap(), "hello");
}

#[test]
fn limits_are_values_that_code_can_match() {
    let client = builder(NONE.response(3 * SECOND), 0).connector(reading()).build().unwrap();
    let error = client.get(HTTP).send().unwrap_err();
    let ErrorKind::Timeout { limit, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(*limit, TimeoutLimit::Response(3 * SECOND));
    assert_eq!((limit.duration(), limit.is_total()), (Some(3 * SECOND), false));
    let low_speed = TimeoutLimit::LowSpeed(LowSpeed::new(1, 9 * SECOND));
    assert_eq!(low_speed.duration(), Some(9 * SECOND));
}
