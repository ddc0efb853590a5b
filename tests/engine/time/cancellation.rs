//! Waits that another thread ends.

use std::{io::Read, sync::mpsc, time::Duration};

use httpkit::{
    CancelToken, Client, Error, ErrorKind, HttpConnection, Method,
    testing::{Reply, Server},
};

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
    let token = CancelToken::new();
    let canceller = std::thread::spawn({
        let token = token.clone();
        move || {
            has_arrived.recv().unwrap();
            token.cancel();
        }
    });
    let client = Client::new();
    let error = client.get(server.url("/")).cancel_token(&token).send().unwrap_err();
    assert!(is_cancelled(&error) && error.may_have_been_processed(), "{error}");
    canceller.join().unwrap();
    // What has been cancelled stays so, and nothing is sent.
    let error = client.get(server.url("/")).cancel_token(&token).send().unwrap_err();
    assert!(is_cancelled(&error) && !error.may_have_been_processed(), "{error}");
    assert_eq!(server.received().len(), 1);
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
        let canceller = std::thread::spawn(move || token.cancel());
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
