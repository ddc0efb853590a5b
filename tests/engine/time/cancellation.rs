//! Waits that another thread ends.

use std::{
    io::{self, Read},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use httpkit::{
    CancelToken, Client, Connector, Deadline, Destination, Error, ErrorKind, HttpConnection, Method, Probe,
    Timeouts, Transport,
    testing::{Reply, Server},
};
use httpkit_tests::CancelledBy;

/// A pause that no test waits for: cancellation ends it.
const LONG: Duration = Duration::from_secs(30);

fn is_cancelled(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Cancelled)
}

#[test]
fn a_wait_for_the_head_ends() {
    let (arrived, has_arrived) = mpsc::channel();
    let server = Server::start(move |_| {
        arrived.send(()).unwrap();
        Reply::raw("").pause(LONG)
    });
    let client = Client::new();
    let error = CancelledBy::Token.when(has_arrived, &client, client.get(server.url("/")));
    assert!(error.may_have_been_processed(), "{error}");
}

#[test]
fn what_has_been_cancelled_is_not_sent() {
    let server = Server::start(|_| Reply::new(200));
    let token = CancelToken::new();
    token.cancel();
    let error = Client::new().get(server.url("/")).cancel_token(&token).send().unwrap_err();
    assert!(is_cancelled(&error) && !error.may_have_been_processed(), "{error}");
    assert_eq!(server.connections(), 0);
}

/// A server that reads a byte of one connection, says so, and neither answers nor reads on.
fn silent() -> (String, mpsc::Receiver<()>, JoinHandle<TcpStream>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let (say, word) = mpsc::channel();
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        socket.read_exact(&mut [0]).unwrap();
        say.send(()).unwrap();
        socket
    });
    (authority, word, server)
}

#[test]
fn a_handshake_that_nobody_answers_ends() {
    for by in CancelledBy::ALL {
        let (authority, word, server) = silent();
        let client = Client::builder().timeouts(Timeouts::NONE).build().unwrap();
        let error = by.when(word, &client, client.post(format!("https://{authority}/")).body("x"));
        assert!(!error.may_have_been_processed(), "{error}");
        drop(server.join().unwrap());
    }
}

#[test]
fn an_upload_that_nobody_takes_ends() {
    // More than the buffers of both sides take.
    let bytes = vec![b'x'; 32 << 20];
    for by in CancelledBy::ALL {
        let (authority, word, server) = silent();
        let client = Client::builder().timeouts(Timeouts::NONE).build().unwrap();
        let error = by.when(word, &client, client.put(format!("http://{authority}/")).body(&bytes[..]));
        assert!(error.may_have_been_processed(), "{error}");
        drop(server.join().unwrap());
    }
}

#[test]
fn a_wait_within_a_body_ends_and_is_no_end_of_it() {
    for head in ["Content-Length: 10", "Transfer-Encoding: chunked", "Connection: close"] {
        let server = Server::start(move |_| {
            Reply::raw(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n")).send("5\r\nhel").pause(LONG)
        });
        let token = CancelToken::new();
        let mut response = Client::new().get(server.url("/")).cancel_token(&token).send().unwrap();
        let mut start = [0; 3];
        response.read_exact(&mut start).unwrap();
        let canceller = thread::spawn(move || token.cancel());
        let error = Error::from(std::io::copy(&mut response, &mut std::io::sink()).unwrap_err());
        assert!(is_cancelled(&error), "{head}: {error}");
        canceller.join().unwrap();
    }
}

#[test]
fn a_connection_is_opened_anew_without_its_token() {
    let server = Server::start(|_| Reply::text(200, "ok"));
    let mut connection = HttpConnection::new(&server.address().to_string()).unwrap();
    let token = CancelToken::new();
    connection.set_cancel_token(Some(token.clone()));
    connection.request(Method::GET, "/", (), &[]).unwrap();
    token.cancel();
    let error = connection.get_response().and_then(|mut response| response.read_all()).unwrap_err();
    assert!(is_cancelled(&error), "{error}");
    connection.set_cancel_token(None);
    connection.request(Method::GET, "/", (), &[]).unwrap();
    assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"ok");
}

#[test]
fn a_token_that_does_not_cancel_changes_nothing() {
    let server = Server::start(|_| Reply::text(200, "ok"));
    let client = Client::new();
    let token = CancelToken::new();
    for _ in 0..3 {
        assert_eq!(client.get(server.url("/")).cancel_token(&token).send().unwrap().text().unwrap(), "ok");
    }
    assert_eq!(server.connections(), 1);
    // A later request on the same connection is none of the token's business.
    token.cancel();
    assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "ok");
    assert_eq!(server.connections(), 1);
}

/// A transport whose reads report that they have begun, and then wait for a message.
struct Waiting {
    began: Sender<()>,
    end: Sender<()>,
    may_end: Receiver<()>,
    does_panic: bool,
}

impl Transport for Waiting {
    fn read(&mut self, _: &mut [u8], _: Deadline) -> io::Result<usize> {
        self.began.send(()).unwrap();
        self.may_end.recv().unwrap();
        Ok(0)
    }

    fn write(&mut self, bytes: &[u8], _: Deadline) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn probe(&mut self) -> Probe {
        Probe::Quiet
    }

    fn stop(&self) -> Box<dyn Fn() + Send> {
        let (end, does_panic) = (self.end.clone(), self.does_panic);
        Box::new(move || {
            assert!(!does_panic, "the test wants this");
            let _ = end.send(());
        })
    }
}

/// Opens [`Waiting`] transports. The stop of the one to `panic.test` panics, so its end is sent to the test.
struct Waits {
    began: Sender<()>,
    panicking: Mutex<Sender<Sender<()>>>,
}

impl Connector for Waits {
    fn connect(&self, to: Destination<'_>, _: Deadline) -> io::Result<Box<dyn Transport>> {
        let does_panic = to.host == "panic.test";
        let (end, may_end) = mpsc::channel();
        if does_panic {
            self.panicking.lock().unwrap().send(end.clone()).unwrap();
        }
        Ok(Box::new(Waiting { began: self.began.clone(), end, may_end, does_panic }))
    }
}

#[test]
fn panicking_stop_leaves_other_waits_cancelled() {
    let (began, has_begun) = mpsc::channel();
    let (panicking, end_of_panicking) = mpsc::channel();
    let connector = Waits { began, panicking: Mutex::new(panicking) };
    let client = Client::builder().no_proxy().timeouts(Timeouts::NONE).connector(connector).build().unwrap();
    let token = CancelToken::new();
    let mut requests = ["one.test", "panic.test", "other.test"].map(|host| {
        let (client, token) = (client.clone(), token.clone());
        let request = thread::spawn(move || {
            client.get(format!("http://{host}/")).cancel_token(&token).send().unwrap_err()
        });
        // Requests begin one after another, so that the panicking stop is the second.
        has_begun.recv().unwrap();
        Some(request)
    });
    token.cancel();
    for index in [0, 2] {
        assert!(is_cancelled(&requests[index].take().unwrap().join().unwrap()));
    }
    end_of_panicking.recv().unwrap().send(()).unwrap();
    assert!(is_cancelled(&requests[1].take().unwrap().join().unwrap()));
}
