//! TLS: whom a client trusts, what connections share, and where a body ends.

use std::{
    error::Error as _,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, mpsc::channel},
    thread,
};

use httpkit::{
    Client, Connector, Deadline, Destination, Error, ErrorKind, Probe, RequestBody, Strictness, TlsConfig,
    TlsError, Transport,
    testing::{Received, Reply},
};
use httpkit_tests::{
    kind_name,
    tls::{Authority, Then, TlsServer},
};
use rustls::{
    HandshakeKind, ProtocolVersion, ServerConnection, SupportedProtocolVersion,
    version::{TLS12, TLS13},
};

const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];
const HOST: &str = "127.0.0.1";

fn echo(request: &Received) -> Reply {
    Reply::new(200).body(request.body())
}

/// A server with a certificate for its address, and its authority.
fn serve(
    versions: &[&'static SupportedProtocolVersion],
    then: Then,
    handler: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (Authority, TlsServer) {
    let authority = Authority::new();
    let server = TlsServer::start(authority.issue(HOST).server(versions), then, handler);
    (authority, server)
}

#[test]
fn both_versions_are_spoken_with_http_1_1_by_alpn() {
    for (version, expected) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let authority = Authority::new();
        let mut config = authority.issue(HOST).server(&[version]);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let server = TlsServer::start(config, Then::Silence, |_| Reply::text(200, "hello"));
        let client = authority.client();
        for _ in 0..3 {
            assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "hello");
        }
        let agreed = server.agreed();
        assert_eq!(agreed.len(), 1, "each request had a connection of its own");
        assert_eq!(agreed[0].version, Some(expected));
        assert_eq!(agreed[0].protocol.as_deref(), Some(&b"http/1.1"[..]));
        assert!(!agreed[0].has_client_certificate);
        assert!(server.server().received().iter().all(|request| request.connection() == 0));
    }
}

#[test]
fn host_names_are_verified_too() {
    let authority = Authority::new();
    let config = authority.issue("localhost").server(&BOTH);
    let server = TlsServer::start(config, Then::Silence, echo);
    let url = format!("https://localhost:{}/", server.server().address().port());
    let response = authority.client().post(url).body("hello").send().unwrap();
    assert_eq!(response.text().unwrap(), "hello");
    let host = server.server().received()[0].header("host").unwrap().to_string();
    assert_eq!(host, format!("localhost:{}", server.server().address().port()));
}

/// No connection came about, and the server saw no request.
fn assert_refused(error: &Error, server: &TlsServer, reason: &str) {
    assert!(matches!(error.kind(), ErrorKind::Tls(_)), "{reason}: {error}");
    assert!(error.is_connect() && !error.may_have_been_processed() && !error.is_retryable(), "{reason}");
    let source = error.source().unwrap().to_string();
    assert!(source.contains(reason), "{source} does not say {reason}");
    assert!(server.server().received().is_empty(), "{reason}");
}

#[test]
fn a_server_without_http_1_1_is_refused() {
    let authority = Authority::new();
    let mut config = authority.issue(HOST).server(&BOTH);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let server = TlsServer::start(config, Then::Silence, echo);
    let error = authority.client().get(server.url("/")).send().unwrap_err();
    assert_refused(&error, &server, "NoApplicationProtocol");
}

#[test]
fn what_is_no_tls_is_no_connection() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let answers = [&b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..], b""];
    let server = thread::spawn(move || {
        for answer in answers {
            let (mut socket, _) = listener.accept().unwrap();
            socket.read_exact(&mut [0; 64]).unwrap();
            socket.write_all(answer).unwrap();
        }
    });
    for kind in ["Tls", "Connect"] {
        let error = Client::new().post(&url).body("x").send().unwrap_err();
        assert_eq!(kind_name(error.kind()), kind, "{error}: {:?}", error.source());
        assert!(error.is_connect() && !error.may_have_been_processed(), "{error}");
    }
    server.join().unwrap();
}

#[test]
fn further_connections_resume() {
    use HandshakeKind::{Full, Resumed};

    for version in BOTH {
        let (authority, server) = serve(&[version], Then::Silence, echo);
        let client = authority.client_with(Client::builder().max_idle_per_host(0));
        for _ in 0..50 {
            client.get(server.url("/")).send().unwrap().bytes().unwrap();
        }
        // Another client knows nothing of their session.
        authority.client().get(server.url("/")).send().unwrap();
        let kinds: Vec<_> = server.agreed().iter().map(|agreed| agreed.kind.unwrap()).collect();
        let (first, further, other) = (&kinds[0], &kinds[1..50], &kinds[50..]);
        assert!(further.iter().all(|kind| *kind == Resumed), "{version:?}: {kinds:?}");
        assert_eq!((*first, other), (Full, &[Full][..]), "{version:?}");
    }
}

#[test]
fn clients_of_one_configuration_share_sessions() {
    let (authority, server) = serve(&BOTH, Then::Silence, echo);
    let tls = authority.trusted();
    for kind in [HandshakeKind::Full, HandshakeKind::Resumed] {
        let client = Client::builder().tls(tls.clone()).build().unwrap();
        client.get(server.url("/")).send().unwrap().bytes().unwrap();
        assert_eq!(server.agreed().last().unwrap().kind, Some(kind));
    }
}

#[test]
fn large_bodies_pass_both_ways() {
    let bytes: Vec<u8> = (0..=250).cycle().take(2_000_037).collect();
    for version in BOTH {
        let (authority, server) = serve(&[version], Then::Silence, echo);
        let client = authority.client();
        let response = client.put(server.url("/")).body(&bytes).send().unwrap();
        assert!(response.bytes().unwrap() == bytes);

        let body = RequestBody::from_reader(&bytes[..]);
        let mut response = client.put(server.url("/")).body(body).send().unwrap();
        let mut read = Vec::new();
        // In pieces that fit no record.
        let mut piece = vec![0; 30_011];
        while let count @ 1.. = response.read(&mut piece).unwrap() {
            read.extend_from_slice(&piece[..count]);
        }
        assert!(read == bytes, "{} bytes came back", read.len());
        assert_eq!(server.server().connections(), 1);
    }
}

#[test]
fn a_body_that_ends_with_the_connection_ends_with_close_notify() {
    for version in BOTH {
        for (then, strictness, is_whole) in [
            (Then::CloseNotify, Strictness::Strict, true),
            (Then::CloseNotify, Strictness::Compat, true),
            (Then::Silence, Strictness::Strict, false),
            (Then::Silence, Strictness::Compat, true),
        ] {
            let raw = "HTTP/1.1 200 OK\r\n\r\nhello";
            let (authority, server) = serve(&[version], then, move |_| Reply::raw(raw).close());
            let client = authority.client_with(Client::builder().strictness(strictness));
            match client.get(server.url("/")).send().unwrap().bytes() {
                Ok(bytes) => assert!(is_whole && bytes == b"hello", "{then:?}, {strictness:?}"),
                Err(error) => {
                    assert!(!is_whole, "{then:?}, {strictness:?}: {error}");
                    let expected = ErrorKind::IncompleteRead { received: 5, expected: None };
                    assert_eq!(error.kind().to_string(), expected.to_string());
                    assert_eq!(error.partial(), b"hello");
                }
            }
        }
    }
}

#[test]
fn a_body_of_known_length_needs_no_close_notify_and_is_not_cut_by_one() {
    for then in [Then::CloseNotify, Then::Silence] {
        for strictness in [Strictness::Strict, Strictness::Compat] {
            let (authority, server) = serve(&BOTH, then, |request| {
                let length = &request.target()[1..];
                Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nhello")).close()
            });
            let client = authority.client_with(Client::builder().strictness(strictness));
            let get = |path| client.get(server.url(path)).send().unwrap().bytes();
            assert_eq!(get("/5").unwrap(), b"hello");
            let error = get("/6").unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::IncompleteRead { received: 5, expected: Some(6) }));
        }
    }
}

#[test]
fn a_client_shows_its_certificate_where_one_is_demanded() {
    for version in BOTH {
        let authority = Authority::new();
        let config = authority.demanded(&[version], &authority.issue(HOST));
        let server = TlsServer::start(config, Then::Silence, echo);

        let error = authority.client().post(server.url("/")).body("x").send().unwrap_err();
        let ErrorKind::Tls(TlsError::Alert(alert)) = error.kind() else { panic!("{error:?}") };
        assert!(matches!(alert.as_str(), "CertificateRequired" | "HandshakeFailure"), "{alert}");
        assert!(server.agreed().is_empty() && server.server().received().is_empty());

        let me = authority.issue("me.example");
        let tls = authority.trusted();
        let tls = tls.client_auth_pem(me.certificate_pem.as_bytes(), me.key_pem.as_bytes()).unwrap();
        let client = Client::builder().tls(tls).build().unwrap();
        client.post(server.url("/")).body("x").send().unwrap();
        assert!(server.agreed()[0].has_client_certificate);
    }
}

#[test]
fn pem_that_cannot_be_used_is_told_when_it_is_given() {
    let me = Authority::new().issue("me.example");
    let (certificate, key) = (me.certificate_pem.as_bytes(), me.key_pem.as_bytes());
    for (what, result) in [
        ("no root", TlsConfig::new().roots_pem(b"")),
        ("a root that is a key", TlsConfig::new().roots_pem(key)),
        ("a root that is cut", TlsConfig::new().roots_pem(&certificate[..certificate.len() / 2])),
        ("no chain", TlsConfig::new().client_auth_pem(b"", key)),
        ("a key that is a certificate", TlsConfig::new().client_auth_pem(certificate, certificate)),
    ] {
        let error = Error::from(result.expect_err(what));
        assert!(matches!(error.kind(), ErrorKind::Tls(_)) && error.source().is_some(), "{what}: {error}");
        assert!(!format!("{error:?}").contains("PRIVATE KEY"), "{error:?}");
    }
    // A key of somebody else's shows when a connection is opened.
    let other = Authority::new().issue("other.example");
    let tls = TlsConfig::new().client_auth_pem(certificate, other.key_pem.as_bytes()).unwrap();
    let server = TlsServer::start(me.server(&BOTH), Then::Silence, echo);
    let error = Client::builder().tls(tls).build().unwrap().get(server.url("/")).send().unwrap_err();
    assert_refused(&error, &server, "");
}

#[test]
fn what_comes_on_an_idle_connection_decides_whether_it_serves_again() {
    for (then, versions, serves_again) in [
        (Then::KeyUpdate, &[&TLS13][..], true),
        (Then::Plaintext, &[&TLS12], false),
        (Then::Plaintext, &[&TLS13], false),
        (Then::CloseNotify, &[&TLS12], false),
        (Then::CloseNotify, &[&TLS13], false),
        (Then::Garbage, &[&TLS12], false),
        (Then::Garbage, &[&TLS13], false),
    ] {
        let (authority, server) = serve(versions, then, |_| Reply::text(200, "good"));
        let client = authority.client();
        for _ in 0..3 {
            // A POST is not sent again, so it must not have been sent on the wrong connection.
            let response = client.post(server.url("/")).body("x").send().unwrap();
            assert_eq!(response.text().unwrap(), "good");
            server.await_answer();
        }
        let connections = if serves_again { 1 } else { 3 };
        assert_eq!(server.server().connections(), connections, "{then:?}");
    }
}

/// A server that answers the first request before it has read it, so that its session tickets, which follow
/// the client's last message of the handshake, come behind the response.
#[test]
fn late_session_tickets_leave_an_idle_connection_alone() {
    let authority = Authority::new();
    let mut config = authority.issue(HOST).server(&[&TLS13]);
    config.send_half_rtt_data = true;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let (go_on, may_go_on) = channel();
    let (sent, tickets_are_sent) = channel();
    let server = thread::spawn(move || {
        let response = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
        let (mut socket, _) = listener.accept().unwrap();
        let mut session = ServerConnection::new(Arc::new(config)).unwrap();
        session.read_tls(&mut socket).unwrap();
        session.process_new_packets().unwrap();
        session.writer().write_all(response).unwrap();
        while session.wants_write() {
            session.write_tls(&mut socket).unwrap();
        }
        may_go_on.recv().unwrap();
        let mut request = [0; 1000];
        let mut stream = rustls::Stream::new(&mut session, &mut socket);
        let count = stream.read(&mut request).unwrap();
        stream.flush().unwrap();
        sent.send(()).unwrap();
        let again = stream.read(&mut request).unwrap();
        stream.write_all(response).unwrap();
        (count, again)
    });
    let client = authority.client();
    assert_eq!(client.get(&url).send().unwrap().text().unwrap(), "good");
    go_on.send(()).unwrap();
    tickets_are_sent.recv().unwrap();
    assert_eq!(client.get(&url).send().unwrap().text().unwrap(), "good");
    let (first, second) = server.join().unwrap();
    assert_eq!(first, second, "both requests came on one connection");
}

#[test]
fn garbage_within_a_body_is_no_failure_to_connect() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    let (authority, server) = serve(&BOTH, Then::Garbage, move |_| Reply::raw(half));
    let error = authority.client().get(server.url("/")).send().unwrap().bytes().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Tls(_)), "{error}");
    assert!(!error.is_connect() && error.may_have_been_processed());
    assert_eq!(error.partial(), b"hello");
}

/// Carries so many bytes to the server, and then no more.
struct Budget {
    socket: TcpStream,
    left: usize,
    is_broken: bool,
}

/// Opens connections that carry so many bytes.
struct Budgeted(usize);

impl Connector for Budgeted {
    fn connect(&self, to: Destination<'_>, _: Deadline) -> io::Result<Box<dyn Transport>> {
        let socket = TcpStream::connect((to.host, to.port))?;
        Ok(Box::new(Budget { socket, left: self.0, is_broken: false }))
    }
}

impl Transport for Budget {
    fn read(&mut self, buffer: &mut [u8], _: Deadline) -> io::Result<usize> {
        if self.is_broken { Err(io::ErrorKind::ConnectionReset.into()) } else { self.socket.read(buffer) }
    }

    fn write(&mut self, bytes: &[u8], _: Deadline) -> io::Result<usize> {
        let count = bytes.len().min(self.left);
        if count == 0 {
            self.is_broken = true;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        self.left -= count;
        self.socket.write_all(&bytes[..count])?;
        Ok(count)
    }

    fn probe(&mut self) -> Probe {
        Probe::Quiet
    }
}

#[test]
fn what_a_server_has_read_of_a_request_is_never_called_unsent() {
    let body = vec![b'x'; 40_000];
    for version in BOTH {
        let (authority, server) = serve(&[version], Then::Silence, echo);
        let (mut unsent, mut part_sent) = (0, 0);
        for budget in (0..44_000).step_by(2027) {
            let client = authority.client_with(Client::builder().connector(Budgeted(budget)));
            let Err(error) = client.post(server.url("/")).body(&body).send() else {
                break;
            };
            let received = server.await_end().received;
            if error.may_have_been_processed() {
                part_sent += 1;
            } else {
                assert_eq!(received, 0, "{budget} bytes were carried: {error}");
                unsent += 1;
            }
        }
        assert!(unsent > 0 && part_sent > 5, "{unsent} unsent, {part_sent} sent in part");
    }
}
