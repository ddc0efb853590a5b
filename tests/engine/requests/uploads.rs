//! Bodies of requests: files, readers, and how far they have come; and what becomes of a response's rest.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use httpkit::{
    Client, ErrorKind, IntoBody, RequestBody, Timeouts,
    testing::{Act, Reply, Script, Server},
};
use httpkit_tests::{OK, answers, requests, scripted, with_body};

const URL: &str = "http://test.example/";

/// A connection that serves one request, takes a second one, and dies.
fn stale() -> Script {
    answers([OK]).then(Act::AwaitWrite).then(Act::End)
}

/// A file that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &[u8]) -> Temporary {
        let path = std::env::temp_dir().join(format!("httpkit-{name}-{}", std::process::id()));
        fs::write(&path, content).unwrap();
        Temporary(path)
    }

    fn open(&self) -> File {
        File::options().read(true).write(true).open(&self.0).unwrap()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_file_is_sent_from_where_it_stands_with_its_length() {
    let content: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let file = Temporary::new("whole", &content);
    let server = Server::start(|_| Reply::new(204));
    let client = Client::new();
    client.put(server.url("/")).body(file.open()).send().unwrap();
    let mut open = file.open();
    open.seek(SeekFrom::Start(299_990)).unwrap();
    client.put(server.url("/")).body(open).send().unwrap();
    for (request, expected) in server.received().iter().zip([&content[..], &content[299_990..]]) {
        assert!(request.body() == expected);
        assert_eq!(request.header("content-length").unwrap(), &*expected.len().to_string());
    }
}

#[test]
fn a_file_is_sent_again_from_where_it_stood() {
    let file = Temporary::new("again", b"0123456789");
    let (client, connector) = scripted([stale(), Script::answer(OK)]);
    client.get(URL).send().unwrap();
    let mut open = file.open();
    open.seek(SeekFrom::Start(7)).unwrap();
    client.put(URL).body(open).send().unwrap();
    assert_eq!(requests(&connector), [2, 1]);
    assert!(connector.recorded()[1].written.ends_with(b"\r\n\r\n789"));
}

#[test]
fn a_file_that_has_shrunk_is_an_error() {
    let file = Temporary::new("shrinks", &[b'x'; 1000]);
    let body = file.open().into_body();
    assert_eq!(body.length(), Some(1000));
    file.open().set_len(400).unwrap();
    let error = scripted([Script::new()]).0.put(URL).body(body).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BodyLength { declared: 1000, given: 400 }), "{error:?}");
}

#[test]
fn a_file_that_has_grown_is_sent_up_to_its_length() {
    let file = Temporary::new("grows", b"as it was");
    let body = file.open().into_body();
    let mut open = file.open();
    open.seek(SeekFrom::End(0)).unwrap();
    open.write_all(b", and more").unwrap();
    let (client, connector) = scripted([answers([OK, OK])]);
    client.put(URL).body(body).send().unwrap();
    client.get(URL).send().unwrap();
    let written = String::from_utf8(connector.recorded()[0].written.clone()).unwrap();
    assert!(written.contains("\r\n\r\nas it wasGET / "), "{written}");
}

#[test]
fn the_progress_of_an_upload_is_told() {
    for (body, length, total) in [
        (RequestBody::from_bytes(vec![0; 200_000]), 200_000, Some(200_000)),
        (RequestBody::from_sized_reader(std::io::repeat(1), 100_000), 100_000, Some(100_000)),
        (RequestBody::from_reader(std::io::repeat(1).take(150_000)), 150_000, None),
        (RequestBody::from_bytes(Vec::new()), 0, Some(0)),
        (RequestBody::none(), 0, Some(0)),
    ] {
        let server = Server::start(|_| Reply::new(204));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let hook = {
            let seen = seen.clone();
            move |bytes, total| seen.lock().unwrap().push((bytes, total))
        };
        Client::new().put(server.url("/")).on_upload_progress(hook).body(body).send().unwrap();
        assert_eq!(server.received()[0].body().len(), length);
        let seen = seen.lock().unwrap();
        assert!(seen.is_sorted());
        assert!(seen.iter().all(|(_, told)| *told == total), "{seen:?}");
        assert_eq!(seen.last().map_or(0, |(bytes, _)| *bytes), length as u64);
        assert!(length == 0 || seen.len() > 1, "{seen:?}");
    }
}

#[test]
fn the_progress_of_a_body_that_is_sent_again_begins_again() {
    let (client, connector) = scripted([stale(), Script::answer(OK)]);
    client.get(URL).send().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = seen.clone();
        move |bytes, _| seen.lock().unwrap().push(bytes)
    };
    client.put(URL).body("spam").on_upload_progress(hook).send().unwrap();
    assert_eq!(requests(&connector), [2, 1]);
    assert_eq!(*seen.lock().unwrap(), [4, 4]);
}

#[test]
fn a_rest_that_is_drained_leaves_the_connection_to_the_next_request() {
    // The rest has not come yet when the head has.
    let response = with_body(b"0123456789");
    let (head, rest) = response.split_at(response.len() - 8);
    let script = Script::new()
        .then(Act::AwaitWrite)
        .then(Act::Send(head.to_vec()))
        .then(Act::Send(rest.to_vec()))
        .then(Act::AwaitWrite)
        .then(Act::Send(with_body(b"next")));
    let (client, connector) = scripted([script]);
    client.get(URL).send().unwrap().drain();
    assert_eq!(client.get(URL).send().unwrap().text().unwrap(), "next");
    assert_eq!(requests(&connector), [2]);
}

#[test]
fn a_rest_that_is_long_or_late_closes_the_connection() {
    let long = with_body(&vec![0; 200_000]);
    let late = Script::new().then(Act::AwaitWrite).then(Act::Send(with_body(b"0123456789")[..45].to_vec()));
    for first in [answers([&long[..]]), late] {
        let (client, connector) = scripted([first, answers([&with_body(b"next")[..]])]);
        client.get(URL).send().unwrap().drain();
        assert_eq!(client.get(URL).send().unwrap().text().unwrap(), "next");
        assert_eq!(requests(&connector), [1, 1]);
    }
}

/// Reads a request at a steady pace, and returns everything after its head when it has `length` bytes of content.
fn read_slowly(mut socket: TcpStream, length: usize) -> Vec<u8> {
    let mut received = Vec::new();
    let mut block = vec![0; 64 * 1024];
    loop {
        let head = received.windows(4).take(1024).position(|bytes| bytes == b"\r\n\r\n").map(|at| at + 4);
        if let Some(head) = head.filter(|head| received.len() >= head + length) {
            socket.write_all(OK).unwrap();
            return received.split_off(head);
        }
        let count = socket.read(&mut block).unwrap();
        assert!(count > 0, "the client ended the connection after {} bytes", received.len());
        received.extend_from_slice(&block[..count]);
        thread::sleep(Duration::from_millis(6));
    }
}

/// A write waits for much longer than its deadline, which is not reached since bytes move all the time.
#[test]
fn slow_reader_receives_each_byte_once() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    // Four times what the systems buffer on loopback. Reading it takes 2 s, and a timeout of the socket wakes the client
    // after three quarters of a second.
    let content: Vec<u8> = (0..6_u32 << 20).flat_map(u32::to_be_bytes).collect();
    let length = content.len();
    let server = thread::spawn(move || read_slowly(listener.accept().unwrap().0, length));
    let timeouts = Timeouts::NONE.between_bytes(Duration::from_secs(1));
    let client = Client::builder().timeouts(timeouts).build().unwrap();
    assert_eq!(client.put(&url).body(&content[..]).send().unwrap().status(), 200);
    assert!(server.join().unwrap() == content, "the server received other content");
}
