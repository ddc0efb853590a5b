//! Downloads from servers that send too little, too much, or contradict themselves.

use std::fs;

use httpkit::{
    Client, Download, Error, ErrorKind, Limits,
    testing::{Received, Reply, Server},
};

use super::downloads::{Folder, prompt, start, starts};

/// A file of ten bytes.
const FILE: &[u8] = b"0123456789";
/// How many bytes come before the first response is cut off.
const CUT: usize = 4;

/// A server that cuts the file off, and responds in this way to requests for the rest.
fn cutting(file: Vec<u8>, rest: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |request| {
        if start(request).is_some() {
            return rest(request);
        }
        let head = format!("HTTP/1.1 200 x\r\nETag: \"one\"\r\nContent-Length: {}\r\n\r\n", file.len());
        Reply::raw([head.as_bytes(), &file[..CUT]].concat()).close()
    })
}

/// A part of the file, with its framing and content.
fn part(range: &str, fields: &str, content: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 206 x\r\nContent-Range: bytes {range}\r\n{fields}\r\n");
    Reply::raw([head.as_bytes(), content].concat())
}

fn chunked(range: &str, content: &[u8]) -> Reply {
    let chunk = [format!("{:x}\r\n", content.len()).as_bytes(), content, b"\r\n0\r\n\r\n"].concat();
    part(range, "Transfer-Encoding: chunked\r\n", if content.is_empty() { b"0\r\n\r\n" } else { &chunk })
}

fn download(server: &Server, attempts: u32) -> Download<'static> {
    let download = Client::new().get(server.url("/file")).download().resume();
    download.retry(prompt().attempts(attempts).without_budget())
}

/// The part of the file that has arrived.
fn kept(folder: &Folder) -> Vec<u8> {
    fs::read(folder.0.join(".file.part")).unwrap_or_default()
}

fn assert_too_large(error: &Error, limit: u64) {
    assert_eq!(error.kind().to_string(), format!("body exceeds {limit} bytes (`Limits::max_body_bytes`)"));
}

#[test]
fn small_parts_count_as_attempts() {
    for attempts in [2, 5] {
        let file = vec![b'x'; 1000];
        let (folder, server) = (
            Folder::new(),
            cutting(file, |request| {
                let at = start(request).unwrap();
                chunked(&format!("{at}-{at}/1000"), b"x")
            }),
        );
        let error = download(&server, attempts).save_to(folder.file()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
        assert_eq!((error.attempts(), server.received().len()), (attempts, attempts as usize));
        // The bytes that have arrived are kept.
        assert_eq!(kept(&folder).len(), CUT + attempts as usize - 1);
    }
}

#[test]
fn empty_parts_count_as_attempts() {
    let (folder, server) = (Folder::new(), cutting(FILE.to_vec(), |_| chunked("4-9/10", b"")));
    let error = download(&server, 3).save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
    assert_eq!(starts(&server), [None, Some(4), Some(4)]);
}

#[test]
fn parts_of_64_kib_are_no_attempts() {
    const LENGTH: usize = 1_000_000;
    for (size, is_enough) in [(65_536, true), (65_535, false)] {
        let (folder, server) = (
            Folder::new(),
            cutting(vec![b'x'; LENGTH], move |request| {
                let at = start(request).unwrap();
                let end = (at + size).min(LENGTH);
                chunked(&format!("{at}-{}/{LENGTH}", end - 1), &vec![b'x'; end - at])
            }),
        );
        match download(&server, 2).save_to(folder.file()) {
            Ok(length) => assert!(is_enough && length == LENGTH as u64 && server.received().len() == 17),
            Err(error) => assert!(!is_enough && server.received().len() == 2, "{error}"),
        }
    }
}

#[test]
fn rejects_more_bytes_than_the_range() {
    let surplus = b"456789abcdefghij";
    for reply in [
        chunked("4-9/10", surplus),
        chunked("4-9/*", surplus),
        chunked("4-9/10", &surplus[..7]),
        part("4-9/10", "", surplus).close(),
        // In several chunks, of which the first fits.
        part("4-9/10", "Transfer-Encoding: chunked\r\n", b"6\r\n456789\r\n1\r\na\r\n0\r\n\r\n"),
    ] {
        let (folder, server) = (Folder::new(), cutting(FILE.to_vec(), move |_| reply.clone()));
        let error = download(&server, 5).save_to(folder.file()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::BadRange(_)), "{error}");
        assert_eq!(kept(&folder), FILE[..CUT]);
        assert_eq!(server.received().len(), 2);
    }
}

#[test]
fn surplus_in_later_blocks_is_not_kept() {
    let (folder, server) = (
        Folder::new(),
        cutting(vec![b'x'; 1_000_000], |_| chunked("4-199999/1000000", &vec![b'y'; 200_000])),
    );
    let error = download(&server, 5).save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadRange(_)), "{error}");
    assert_eq!(kept(&folder), b"xxxx");
}

#[test]
fn continues_after_fewer_bytes_than_the_range() {
    let (folder, server) = (
        Folder::new(),
        cutting(FILE.to_vec(), |request| {
            let at = start(request).unwrap();
            chunked(&format!("{at}-9/10"), &FILE[at..(at + 3).min(10)])
        }),
    );
    assert_eq!(download(&server, 5).save_to(folder.file()).unwrap(), 10);
    assert_eq!(fs::read(folder.file()).unwrap(), FILE);
    assert_eq!(starts(&server), [None, Some(4), Some(7)]);
}

#[test]
fn rejects_parts_of_a_file_of_another_length() {
    for (range, content) in
        [("4-9/11", &b"456789"[..]), ("4-10/11", b"456789a"), ("4-10/*", b"456789a"), ("4-7/8", b"4567")]
    {
        for reply in
            [chunked(range, content), part(range, &format!("Content-Length: {}\r\n", content.len()), content)]
        {
            let (folder, server) = (Folder::new(), cutting(FILE.to_vec(), move |_| reply.clone()));
            let error = download(&server, 5).save_to(folder.file()).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::BadRange(_)), "{range}: {error}");
            assert_eq!(kept(&folder), FILE[..CUT], "{range}");
        }
    }
    // Between two parts as well.
    let (folder, server) = (
        Folder::new(),
        cutting(FILE.to_vec(), |request| match start(request).unwrap() {
            4 => chunked("4-5/10", b"45"),
            at => chunked(&format!("{at}-11/12"), b"6789ab"),
        }),
    );
    let error = download(&server, 5).save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadRange(_)), "{error}");
    assert_eq!(kept(&folder), b"012345");
}

#[test]
fn begins_anew_once_without_an_attempt() {
    for (status, range) in [(416, "bytes */1"), (416, "bytes */11"), (412, "")] {
        let reply = Reply::new(status).header("Content-Range", range);
        let (folder, server) = (Folder::new(), cutting(FILE.to_vec(), move |_| reply.clone()));
        let error = download(&server, 9).save_to(folder.file()).unwrap_err();
        assert_eq!(error.status().unwrap().code(), status, "{error}");
        // It is cut off, discarded, cut off again, and then the server is not believed any more.
        assert_eq!(starts(&server), [None, Some(4), None, Some(4)]);
    }
    // The first time costs nothing: one attempt, in a later call, is enough.
    let folder = Folder::new();
    let server = Server::start(move |request| match (start(request), request.connection()) {
        (Some(_), _) => Reply::new(412),
        (None, 0) => Reply::raw("HTTP/1.1 200 x\r\nETag: \"one\"\r\nContent-Length: 10\r\n\r\n0123").close(),
        (None, _) => Reply::new(200).body(FILE),
    });
    download(&server, 1).save_to(folder.file()).unwrap_err();
    assert_eq!(download(&server, 1).save_to(folder.file()).unwrap(), 10);
    assert_eq!(starts(&server), [None, Some(4), None]);
}

#[test]
fn replaces_the_part_by_a_response_of_another_length() {
    // A server that ignores ranges, and whose file grows.
    let folder = Folder::new();
    let server = Server::start(|request| {
        let length = 10 + request.connection();
        let head = format!("HTTP/1.1 200 x\r\nETag: \"one\"\r\nContent-Length: {length}\r\n\r\n");
        let (letter, sent) = [(b'a', 5), (b'b', 5), (b'c', length)][request.connection()];
        Reply::raw([head.into_bytes(), vec![letter; sent]].concat()).close()
    });
    assert_eq!(download(&server, 3).save_to(folder.file()).unwrap(), 12);
    assert_eq!(fs::read(folder.file()).unwrap(), [b'c'; 12]);
    let error = download(&server_that_cuts_always(), 3).save_to(folder.file()).unwrap_err();
    assert_eq!(error.attempts(), 3);
}

/// A server that ignores ranges, and never sends all.
fn server_that_cuts_always() -> Server {
    Server::start(|request| {
        let length = 10 + request.connection();
        let head = format!("HTTP/1.1 200 x\r\nETag: \"one\"\r\nContent-Length: {length}\r\n\r\n");
        Reply::raw([head.as_bytes(), b"01234"].concat()).close()
    })
}

#[test]
fn body_limit_applies_to_the_whole_file() {
    let length = |content: &[u8]| format!("Content-Length: {}\r\n", content.len());
    let rest = move |request: &Received| match start(request).unwrap() {
        4 => part("4-6/10", &length(b"456"), b"456"),
        7 => part("7-9/10", &length(b"789"), b"789"),
        _ => Reply::new(416).header("Content-Range", "bytes */10"),
    };
    // The server tells the length of the file, or does not.
    let unknown = |request: &Received| match start(request) {
        None => {
            Reply::raw("HTTP/1.1 200 x\r\nETag: \"one\"\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n")
                .close()
        }
        Some(4) => chunked("4-6/*", b"456"),
        Some(7) => chunked("7-9/*", b"789"),
        Some(_) => Reply::new(416).header("Content-Range", "bytes */10"),
    };
    for server in [cutting(FILE.to_vec(), rest), Server::start(unknown)] {
        for (limit, fits) in [(10, true), (9, false), (5, false)] {
            let folder = Folder::new();
            let request = Client::new().get(server.url("/file")).limits(Limits::new().max_body_bytes(limit));
            let download = request.download().resume().retry(prompt().attempts(9));
            match download.save_to(folder.file()) {
                Ok(length) => assert!(fits && length == 10, "{limit}"),
                Err(error) => {
                    assert!(!fits, "{error}");
                    assert_too_large(&error, limit);
                    assert!(kept(&folder).len() as u64 <= limit);
                    assert!(!folder.file().exists());
                }
            }
        }
    }
}

#[test]
fn body_limit_applies_to_a_single_response() {
    let replies = [
        Reply::new(200).body(FILE),
        Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n"),
        Reply::raw("HTTP/1.1 200 OK\r\n\r\n0123456789").close(),
    ];
    for reply in replies {
        let server = Server::start(move |_| reply.clone());
        for (limit, fits) in [(10, true), (9, false)] {
            let folder = Folder::new();
            let client = Client::builder().limits(Limits::new().max_body_bytes(limit)).build().unwrap();
            match client.get(server.url("/file")).download().save_to(folder.file()) {
                Ok(length) => assert!(fits && length == 10, "{limit}"),
                Err(error) => {
                    assert!(!fits, "{error}");
                    assert_too_large(&error, limit);
                    assert!(folder.names().is_empty());
                }
            }
            // A request has its own.
            let own = Limits::new().max_body_bytes(None);
            assert_eq!(
                client.get(server.url("/file")).limits(own).download().save_to(folder.file()).unwrap(),
                10
            );
        }
    }
}

#[test]
fn body_limit_applies_to_a_part_of_an_earlier_call() {
    for (limit, fits) in [(4, true), (3, false)] {
        let folder = Folder::new();
        let server = cutting(FILE.to_vec(), |_| Reply::new(416).header("Content-Range", "bytes */4"));
        download(&server, 1).save_to(folder.file()).unwrap_err();
        let request = Client::new().get(server.url("/file")).limits(Limits::new().max_body_bytes(limit));
        match request.download().resume().save_to(folder.file()) {
            Ok(length) => assert!(fits && length == 4, "{limit}"),
            Err(error) => {
                assert!(!fits, "{error}");
                assert_too_large(&error, limit);
            }
        }
    }
}
