//! The servers of `httpkit::testing`: they keep no test waiting, and hide no failed assertion.

use std::{
    any::Any,
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
    time::Duration,
};

use httpkit::{
    Client, Error, ErrorKind,
    testing::{Duplex, Received, Reply, Server},
};
use httpkit_tests::{
    kind_name,
    tls::{Authority, Then, TlsServer},
};

/// A handler whose assertion fails for every target but `/good`.
fn picky(request: &Received) -> Reply {
    assert_eq!(request.target(), "/good", "wrong target");
    Reply::text(200, "good")
}

/// The message with which dropping `server` panics.
fn panic_of_drop<S>(server: S) -> Option<String> {
    catch_unwind(AssertUnwindSafe(|| drop(server))).err().map(|payload| message(payload.as_ref()))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap()
}

fn fail(url: String) -> Error {
    Client::new().get(url).send().unwrap_err()
}

#[test]
fn dropping_server_raises_panic_of_handler() {
    let server = Server::start(picky);
    assert_eq!(Client::new().get(server.url("/good")).send().unwrap().text().unwrap(), "good");
    let error = fail(server.url("/bad"));
    assert!(matches!(error.kind(), ErrorKind::RemoteDisconnected), "{error:?}");
    // The server goes on, and what it has received tells what the handler was called for.
    assert_eq!(Client::new().get(server.url("/good")).send().unwrap().text().unwrap(), "good");
    let received = server.received();
    assert_eq!(received.iter().map(Received::target).collect::<Vec<_>>(), ["/good", "/bad", "/good"]);
    assert_eq!(server.connections(), 3);
    let panic = panic_of_drop(server).unwrap();
    assert!(panic.contains("wrong target") && panic.contains("/bad"), "{panic}");
}

#[test]
fn raises_panic_of_handler_over_tls() {
    let authority = Authority::new();
    let server =
        TlsServer::start(authority.issue("127.0.0.1").server(rustls::ALL_VERSIONS), Then::Silence, picky);
    let error = authority.client().get(server.url("/bad")).send().unwrap_err();
    assert!(!error.is_timeout(), "{error:?}");
    assert!(panic_of_drop(server).unwrap().contains("wrong target"));
}

#[test]
fn raises_first_of_several_panics() {
    let server = Server::start(|request| panic!("no {}", request.target()));
    for target in ["/one", "/two", "/three"] {
        fail(server.url(target));
    }
    assert_eq!(panic_of_drop(server).unwrap(), "no /one");
}

#[test]
fn raises_panics_of_stream() {
    /// Panics in the method that it names.
    struct Faulty(TcpStream, &'static str);

    impl Read for Faulty {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert_ne!(self.1, "read");
            self.0.read(buffer)
        }
    }

    impl Write for Faulty {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            assert_ne!(self.1, "write");
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    for faulty in ["wrap", "read", "write"] {
        let wrap = move |socket| {
            assert_ne!(faulty, "wrap");
            Ok(Box::new(Faulty(socket, faulty)) as Box<dyn Duplex>)
        };
        let server = Server::start_over(wrap, picky);
        let error = fail(server.url("/good"));
        assert!(!error.is_timeout(), "{faulty}: {error:?}");
        assert!(panic_of_drop(server).unwrap().contains(faulty), "{faulty}");
    }
}

#[test]
fn leaves_panic_of_test_alone() {
    let test = catch_unwind(|| {
        let server = Server::start(picky);
        let _other = Server::start(picky);
        fail(server.url("/bad"));
        panic!("the test's own");
    });
    assert_eq!(message(test.unwrap_err().as_ref()), "the test's own");
}

#[test]
fn dropping_server_raises_nothing_without_panic() {
    let server = Server::start(picky);
    Client::new().get(server.url("/good")).send().unwrap();
    assert_eq!(panic_of_drop(server), None);
}

#[test]
fn rejects_https_immediately() {
    let server = Server::start(picky);
    let error = fail(server.url("/good").replace("http://", "https://"));
    assert!(matches!(kind_name(error.kind()).as_str(), "Tls" | "Connect"), "{error:?}");
    assert!(server.received().is_empty());
}

#[test]
fn closes_connection_after_bytes_that_are_not_http() {
    let server = Server::start(picky);
    for bytes in [
        &b"\x05\x01\x00"[..],
        b"\x16",
        b"\r\n\x16",
        b"GET / HTTP/2.0\r\n",
        b"POST /good HTTP/1.1\r\nContent-Length: +5\r\n\r\n",
        b"POST /good HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    ] {
        let mut socket = TcpStream::connect(server.address()).unwrap();
        socket.write_all(bytes).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let ended = socket.read_to_end(&mut Vec::new());
        let is_closed =
            ended.as_ref().is_ok() || ended.as_ref().unwrap_err().kind() == io::ErrorKind::ConnectionReset;
        assert!(is_closed, "{}: {ended:?}", bytes.escape_ascii());
    }
    assert!(server.received().is_empty());
}

#[test]
fn discards_request_that_client_does_not_finish() {
    let server = Server::start(picky);
    for bytes in [
        &b"GET /go"[..],
        b"GET /good HTTP/1.1\r\nHost: h\r\n",
        // No space is reserved for what is only announced.
        b"POST /good HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\nsome",
        b"POST /good HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nsome",
    ] {
        let mut socket = TcpStream::connect(server.address()).unwrap();
        socket.write_all(bytes).unwrap();
        socket.shutdown(Shutdown::Write).unwrap();
        assert_eq!(socket.read(&mut [0; 1]).unwrap(), 0, "{}", bytes.escape_ascii());
    }
    assert!(server.received().is_empty());
    assert_eq!(panic_of_drop(server), None);
}

/// What a connection does when its server is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Busy {
    Idle,
    WithinHead,
    WithinBody,
    InHandler,
    InPause,
    InHandshake,
}

#[test]
fn dropping_server_ends_connections_in_any_state() {
    use Busy::{Idle, InHandler, InHandshake, InPause, WithinBody, WithinHead};
    for busy in [Idle, WithinHead, WithinBody, InHandler, InPause, InHandshake] {
        let (entered, in_handler) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let released = std::sync::Mutex::new(released);
        let handler = move |_: &Received| {
            entered.send(()).unwrap();
            if busy == InHandler {
                // Until the test ends, which is after the server.
                let _ = released.lock().unwrap().recv();
            }
            if busy == InPause {
                Reply::text(200, "x").pause(Duration::from_secs(3600))
            } else {
                Reply::new(204)
            }
        };
        let wrap = move |mut socket: TcpStream| {
            if busy == InHandshake {
                socket.read_exact(&mut [0; 1000])?;
            }
            Ok(Box::new(socket) as Box<dyn Duplex>)
        };
        let server = Server::start_over(wrap, handler);
        let mut socket = TcpStream::connect(server.address()).unwrap();
        let sent: &[u8] = match busy {
            Idle | InHandshake => b"",
            WithinHead => b"GET /",
            WithinBody => b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nsome",
            InHandler | InPause => b"GET / HTTP/1.1\r\n\r\n",
        };
        socket.write_all(sent).unwrap();
        if matches!(busy, InHandler | InPause) {
            in_handler.recv().unwrap();
        }
        let dropping = thread::spawn(move || drop(server));
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let ended = socket.read_to_end(&mut Vec::new());
        assert!(!matches!(&ended, Err(error) if error.kind() == io::ErrorKind::WouldBlock), "{busy:?}");
        dropping.join().unwrap();
        drop(release);
    }
}
