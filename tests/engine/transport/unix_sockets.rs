//! HTTP over Unix domain sockets.

#![cfg(unix)]

use std::{
    io::{Read, Write},
    os::unix::net::UnixListener,
    path::PathBuf,
    thread,
};

use httpkit::{Client, ErrorKind, HttpConnection, Method};

/// A path of its own for each test.
fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("httpkit-{name}-{}.sock", std::process::id()))
}

/// Answers so many requests on one connection with their own heads.
fn echo_heads(listener: UnixListener, requests: usize) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for _ in 0..requests {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", head.len());
            stream.write_all(&[answer.into_bytes(), head].concat()).unwrap();
        }
    })
}

#[test]
fn a_connection_over_a_unix_socket() {
    let path = path("connection");
    let server = echo_heads(UnixListener::bind(&path).unwrap(), 2);
    let mut connection = HttpConnection::unix(&path);
    for target in ["/a", "/b"] {
        connection.request(Method::GET, target, (), &[]).unwrap();
        let body = connection.get_response().unwrap().read_all().unwrap();
        assert_eq!(
            body,
            format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n\r\n")
                .as_bytes()
        );
    }
    server.join().unwrap();
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_client_over_a_unix_socket_keeps_its_connection() {
    let path = path("client");
    let server = echo_heads(UnixListener::bind(&path).unwrap(), 2);
    let client = Client::builder().unix_socket(&path).build().unwrap();
    for _ in 0..2 {
        let text = client.get("http://docker/info").send().unwrap().text().unwrap();
        assert!(text.starts_with("GET /info HTTP/1.1\r\nHost: docker\r\n"), "{text}");
    }
    server.join().unwrap();
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_socket_that_is_not_there_is_a_connect_error() {
    let error = HttpConnection::unix(path("nowhere")).connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect { .. }) && error.is_connect(), "{error}");
}
