//! The end of a client while it is at work.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use httpkit::{Client, ErrorKind, Response};

use crate::resources::{Resources, assert_all_gone};

const THREADS: usize = 8;
/// The others wait until a connection is free.
const CONNECTIONS: usize = 6;

/// Those that wait for a connection, for a head and for the rest of a body.
pub(crate) fn a_shut_down_ends_what_is_under_way() {
    let before = Resources::now();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let client = Client::builder().max_open_per_host(CONNECTIONS).build().unwrap();
    thread::scope(|scope| {
        let get = || client.get(&url).send().and_then(Response::bytes);
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(get)).collect();
        let sockets: Vec<_> = (0..CONNECTIONS).map(|number| answer_in_part(&listener, number)).collect();
        client.shut_down();
        for worker in workers {
            let error = worker.join().unwrap().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Cancelled), "{error}");
        }
        drop(sockets);
    });
    let error = client.get(&url).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Cancelled), "{error}");
    drop((client, listener));
    assert_all_gone(before);
}

/// Reads a request; answers each second one, with half of a body.
fn answer_in_part(listener: &TcpListener, number: usize) -> TcpStream {
    let (mut socket, _) = listener.accept().unwrap();
    let mut lines = BufReader::new(&socket).lines();
    while !lines.next().unwrap().unwrap().is_empty() {}
    if number % 2 == 1 {
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello").unwrap();
    }
    socket
}
