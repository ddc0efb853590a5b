//! How far the body of a response has come, as the hook of its request is told.

use std::{
    io::{self, Read as _},
    sync::{Arc, Mutex},
};

use httpkit::{
    Client, ErrorKind, Limits, RequestBuilder, Response,
    testing::{Act, Reply, Script, Server},
};
use httpkit_tests::{answers, gzip, scripted, scripted_with, with_body};

const URL: &str = "http://test.example/";

/// What was told, in order.
type Told = Arc<Mutex<Vec<(u64, Option<u64>)>>>;

fn followed(request: RequestBuilder<'_>) -> (RequestBuilder<'_>, Told) {
    let told = Told::default();
    let other = told.clone();
    (request.on_download_progress(move |bytes, total| other.lock().unwrap().push((bytes, total))), told)
}

/// JSON of 500 bytes, in pieces of 100 bytes.
fn pieces() -> Vec<Vec<u8>> {
    let json = format!("\"{}\"", "x".repeat(498));
    json.as_bytes().chunks(100).map(<[u8]>::to_vec).collect()
}

/// A response whose head and pieces come one by one.
fn one_by_one(head: &str, pieces: impl IntoIterator<Item = Vec<u8>>) -> Script {
    let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n");
    pieces.into_iter().fold(answers([head.as_bytes()]), |script, piece| script.then(Act::Send(piece)))
}

fn in_chunks() -> Script {
    let chunk = |piece: Vec<u8>| [&b"64\r\n"[..], &piece[..], b"\r\n"].concat();
    let chunks = pieces().into_iter().map(chunk).chain([b"0\r\n\r\n".to_vec()]);
    one_by_one("Transfer-Encoding: chunked", chunks)
}

/// Reads a body to its end, and says how long it was.
type Read = fn(Response) -> u64;

/// Each way to do so.
const WAYS: [(&str, Read); 6] = [
    ("bytes", |response| response.bytes().unwrap().len() as u64),
    ("text", |response| response.text().unwrap().len() as u64),
    ("json", |response| response.json::<String>().unwrap().len() as u64 + 2),
    ("copy_to", |mut response| response.copy_to(&mut io::sink()).unwrap()),
    ("read", |mut response| {
        let mut target = [0; 1000];
        std::iter::repeat_with(|| response.read(&mut target).unwrap())
            .take_while(|count| *count > 0)
            .sum::<usize>() as u64
    }),
    ("save_to", |response| {
        let path = std::env::temp_dir().join(format!("httpkit-progress-{}", std::process::id()));
        let length = response.save_to(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        length
    }),
];

#[test]
fn each_piece_is_told_however_a_body_is_read() {
    let sized = || one_by_one("Content-Length: 500", pieces());
    for (script, total) in [(sized as fn() -> Script, Some(500)), (in_chunks, None)] {
        for (way, read) in WAYS {
            let (client, _) = scripted([script()]);
            let (request, told) = followed(client.get(URL));
            let response = request.send().unwrap();
            assert!(told.lock().unwrap().is_empty(), "{way}");
            assert_eq!(read(response), 500, "{way}");
            let expected: Vec<_> = (1..=5).map(|count| (count * 100, total)).collect();
            assert_eq!(*told.lock().unwrap(), expected, "{way}");
        }
    }
}

#[test]
fn content_codings_are_counted_as_they_come() {
    let coded = gzip(&vec![b'x'; 100_000]);
    let head = format!("Content-Length: {}\r\nContent-Encoding: gzip", coded.len());
    let (client, _) = scripted([one_by_one(&head, coded.chunks(20).map(<[u8]>::to_vec))]);
    let (request, told) = followed(client.get(URL));
    assert_eq!(request.send().unwrap().bytes().unwrap().len(), 100_000);
    let told = told.lock().unwrap();
    let total = coded.len() as u64;
    assert!(told.is_sorted() && told.iter().all(|(_, of)| *of == Some(total)), "{told:?}");
    assert!(told.len() >= coded.len().div_ceil(20) && told.last() == Some(&(total, Some(total))), "{told:?}");
}

#[test]
fn a_body_without_content_is_not_told() {
    let server = Server::start(|_| Reply::new(200));
    let (request, told) = followed(Client::new().get(server.url("/")));
    assert_eq!(request.send().unwrap().bytes().unwrap(), b"");
    assert!(told.lock().unwrap().is_empty());
}

#[test]
fn the_response_of_a_redirect_is_not_told() {
    let server = Server::start(|request| match request.target() {
        "/" => Reply::new(302).header("Location", "/there").body("go there"),
        _ => Reply::text(200, "there"),
    });
    let (request, told) = followed(Client::new().get(server.url("/")));
    assert_eq!(request.send().unwrap().text().unwrap(), "there");
    assert_eq!(*told.lock().unwrap(), [(5, Some(5))]);
}

#[test]
fn limits_and_failures_are_those_of_a_body_that_nobody_follows() {
    let limits = Limits::new().max_collected_bytes(250);
    for is_followed in [false, true] {
        let response = |builder, script| {
            let (client, _) = scripted_with(builder, [script]);
            let request = client.get(URL);
            if is_followed { followed(request).0.send().unwrap() } else { request.send().unwrap() }
        };
        let error = response(Client::builder().limits(limits), in_chunks()).bytes().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 250, .. }), "{error}");
        assert_eq!(error.partial().len(), 250, "{is_followed}");

        let limits = limits.max_collected_bytes(500);
        assert_eq!(response(Client::builder().limits(limits), in_chunks()).bytes().unwrap().len(), 500);

        let mut cut = with_body(&[b'x'; 500]);
        cut.truncate(cut.len() - 100);
        let script = answers([&cut[..]]).then(Act::End);
        let error = response(Client::builder(), script).bytes().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::IncompleteRead { received: 400, .. }), "{error:?}");
        assert_eq!(error.partial().len(), 400, "{is_followed}");
    }
}
