//! The limit on the bytes of a body, to the byte, for every way of reading it.

use std::{
    env, fs,
    io::{BufRead, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use httpkit::{
    Client, Error, ErrorKind, Limits, RequestBuilder, Response,
    testing::{Script, ScriptedConnector},
};
use httpkit_tests::{CODINGS, scripted_with, with_body};

use super::codings::encoded;

const URL: &str = "http://test.example/";

/// JSON of several blocks, so that it is text and a value too.
fn content() -> Vec<u8> {
    let numbers: Vec<String> =
        (0..12_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 12).to_string()).collect();
    format!("[{}]", numbers.join(",")).into_bytes()
}

/// The content in each framing and each coding.
fn responses() -> Vec<(String, Vec<u8>)> {
    let content = content();
    let half = content.len() / 2;
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{half:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        str::from_utf8(&content[..half]).unwrap(),
        content.len() - half,
        str::from_utf8(&content[half..]).unwrap(),
    );
    let mut responses = vec![
        ("length".to_owned(), with_body(&content)),
        ("chunked".to_owned(), chunked.into_bytes()),
        ("close-delimited".to_owned(), [b"HTTP/1.1 200 OK\r\n\r\n", &content[..]].concat()),
    ];
    for coding in CODINGS {
        let name = format!("{} {}", coding.name, coding.variant);
        responses.push((name, encoded(coding.name, &coding.encode(&content))));
        let name = format!("{} {} twice", coding.name, coding.variant);
        let twice = coding.encode(&coding.encode(&content));
        responses.push((name, encoded(&format!("{0}, {0}", coding.name), &twice)));
    }
    responses
}

/// The bytes that a way of reading has received, and its result.
type Outcome = (Vec<u8>, Result<(), Error>);

/// A way that returns the body.
fn collected(body: Result<impl Into<Vec<u8>>, Error>) -> Outcome {
    match body {
        Ok(body) => (body.into(), Ok(())),
        Err(error) => (error.partial().to_vec(), Err(error)),
    }
}

type Way = (&'static str, fn(RequestBuilder<'_>) -> Outcome);

/// The ways to read a body.
const WAYS: [Way; 9] = [
    ("bytes", |request| collected(request.send().and_then(Response::bytes))),
    ("text", |request| collected(request.send().and_then(Response::text))),
    ("json", |request| {
        let numbers = request.send().and_then(Response::json::<Vec<u32>>);
        collected(numbers.map(|numbers| {
            let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
            format!("[{}]", numbers.join(","))
        }))
    }),
    ("large reads", |request| read(request, 1_000_000)),
    ("small reads", |request| read(request, 100)),
    ("fill_buf", |request| {
        let (mut response, mut bytes) = (request.send().unwrap(), Vec::new());
        loop {
            match response.fill_buf() {
                Ok([]) => return (bytes, Ok(())),
                Ok(filled) => {
                    let count = filled.len().div_ceil(2);
                    bytes.extend_from_slice(&filled[..count]);
                    response.consume(count);
                }
                Err(error) => return (bytes, Err(error.into())),
            }
        }
    }),
    ("copy_to", |request| {
        let mut bytes = Vec::new();
        let copied = request.send().unwrap().copy_to(&mut bytes);
        (bytes, copied.map(drop))
    }),
    ("save_to", |request| {
        let path = path();
        let saved = request.send().unwrap().save_to(&path);
        (take_file(&path), saved.map(drop))
    }),
    ("download", |request| {
        let path = path();
        let saved = request.download().save_to(&path);
        (take_file(&path), saved.map(drop))
    }),
];

fn read(request: RequestBuilder<'_>, size: usize) -> Outcome {
    let (mut response, mut bytes) = (request.send().unwrap(), Vec::new());
    let mut buffer = vec![0; size];
    loop {
        match response.read(&mut buffer) {
            Ok(0) => return (bytes, Ok(())),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) => return (bytes, Err(error.into())),
        }
    }
}

/// A path in a new directory.
fn path() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let directory = env::temp_dir().join(format!("httpkit-body-limits-{}-{number}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory.join("file")
}

/// Removes the directory and returns the content of the file. Empty if there is no such file.
fn take_file(path: &Path) -> Vec<u8> {
    let content = fs::read(path).unwrap_or_default();
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    content
}

/// Sends a request with limits that the client has set, or the request.
fn exchange(
    response: &[u8],
    limits: Limits,
    by_request: bool,
    read: fn(RequestBuilder<'_>) -> Outcome,
) -> Outcome {
    let of_client = if by_request { Limits::new().max_body_bytes(1) } else { limits };
    let (client, _): (Client, ScriptedConnector) =
        scripted_with(Client::builder().limits(of_client), [Script::answer(response)]);
    let request = client.get(URL);
    read(if by_request { request.limits(limits) } else { request })
}

#[test]
fn limits_a_body_however_it_is_read() {
    let content = content();
    let length = content.len();
    for (name, response) in responses() {
        for (way, read) in WAYS {
            // A download requests no coding, and saves an encoded body as it is.
            if way == "download" && response.windows(17).any(|window| window == b"Content-Encoding:") {
                continue;
            }
            for by_request in [false, true] {
                let within = |limit: usize| {
                    let limits = Limits::new().max_body_bytes(limit as u64);
                    exchange(&response, limits, by_request, read)
                };
                let (received, result) = within(length);
                result.unwrap_or_else(|error| panic!("{name} by {way}: {error}"));
                assert!(received == content, "{name} by {way}");

                let (received, result) = within(length - 1);
                let Err(error) = result else {
                    panic!("{name} by {way}, {by_request}: {} bytes", received.len())
                };
                let expected = format!("body exceeds {} bytes (`Limits::max_body_bytes`)", length - 1);
                assert!(error.to_string().ends_with(&expected), "{name} by {way}: {error}");
                // Files appear when they are complete.
                let kept = if way == "save_to" || way == "download" { 0 } else { length - 1 };
                assert!(received == content[..kept], "{name} by {way}: {}", received.len());
            }
        }
    }
}

#[test]
fn accepts_only_empty_bodies_at_zero() {
    let limits = Limits::new().max_body_bytes(0);
    for coding in CODINGS {
        for (content, is_accepted) in [(&b""[..], true), (b"x", false)] {
            let response = encoded(coding.name, &coding.encode(content));
            for (way, read) in WAYS.into_iter().filter(|(way, _)| !["json", "download"].contains(way)) {
                let (received, result) = exchange(&response, limits, false, read);
                assert!(received.is_empty() && result.is_ok() == is_accepted, "{} by {way}", coding.name);
            }
        }
    }
}

#[test]
fn does_not_limit_data_between_codings() {
    // One coding makes 500,000 bytes of it, the other one 10.
    let inner = [httpkit_tests::zstd(b"0123456789"), skippable_frame(400_000)].concat();
    let response = encoded("zstd, gzip", &httpkit_tests::gzip(&inner));
    let limits = Limits::new().max_body_bytes(10);
    let (received, result) = exchange(&response, limits, false, WAYS[0].1);
    assert!(result.is_ok() && received == b"0123456789", "{result:?}");
    let limits = Limits::new().max_body_bytes(9);
    let error = exchange(&response, limits, false, WAYS[0].1).1.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 9, .. }), "{error}");
    assert_eq!(error.partial(), b"012345678");
}

fn skippable_frame(length: u32) -> Vec<u8> {
    let header = [0x184D_2A50, length].map(u32::to_le_bytes).concat();
    [header, vec![0; length as usize]].concat()
}
