//! Responses that become files, and what of them stays when they are interrupted.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use httpkit::{
    Client, Download, Error, ErrorKind, RequestBody, RetryPolicy, StatusCode,
    testing::{Received, Reply, Server},
};

/// A folder of a test's own.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("httpkit-downloads-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("file")
    }

    /// The names in it.
    pub(super) fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A representation, and how a server offers it.
#[derive(Clone)]
struct Site {
    content: Vec<u8>,
    validator: &'static str,
}

impl Site {
    fn new(content: impl Into<Vec<u8>>) -> Site {
        Site { content: content.into(), validator: "ETag: \"one\"" }
    }

    /// What a server that knows ranges answers, cut off after so many bytes of the body.
    fn answer(&self, request: &Received, cut: Option<usize>) -> Reply {
        let length = self.content.len();
        let value = self.validator.split_once(": ").unwrap().1;
        let is_same =
            request.header("if-range").is_some_and(|known| known == value.split('\r').next().unwrap());
        let (head, body) = match start(request).filter(|_| is_same) {
            Some(start) if start >= length => {
                return Reply::new(416).header("Content-Range", &format!("bytes */{length}"));
            }
            Some(start) => {
                let range = format!("206 x\r\nContent-Range: bytes {start}-{}/{length}", length - 1);
                (range, &self.content[start..])
            }
            None => ("200 x".to_owned(), &self.content[..]),
        };
        let head = format!("HTTP/1.1 {head}\r\n{}\r\nContent-Length: {}\r\n\r\n", self.validator, body.len());
        let sent = &body[..cut.unwrap_or(body.len()).min(body.len())];
        let reply = Reply::raw([head.as_bytes(), sent].concat());
        if sent.len() < body.len() { reply.close() } else { reply }
    }
}

/// The first byte of the requested range.
pub(super) fn start(request: &Received) -> Option<usize> {
    let range = request.header("range")?.to_str_lossy().into_owned();
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// A server whose answers to the first requests are cut off after so many bytes.
fn cutting(site: Site, cuts: impl IntoIterator<Item = usize>) -> Server {
    let cuts = Mutex::new(cuts.into_iter().collect::<std::collections::VecDeque<_>>());
    Server::start(move |request| {
        let cut = cuts.lock().unwrap().pop_front();
        site.answer(request, cut)
    })
}

pub(super) fn prompt() -> RetryPolicy {
    RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1))
}

fn download(server: &Server) -> Download<'static> {
    Client::new().get(server.url("/file")).download().retry(prompt())
}

pub(super) fn starts(server: &Server) -> Vec<Option<usize>> {
    server.received().iter().map(start).collect()
}

#[test]
fn a_response_becomes_a_file_in_place_of_another() {
    let (folder, server) = (Folder::new(), cutting(Site::new("hello"), []));
    fs::write(folder.file(), "what was there before").unwrap();
    for save in [
        |server: &Server, path: &Path| download(server).save_to(path),
        |server: &Server, path: &Path| Client::new().get(server.url("/file")).send()?.save_to(path),
    ] {
        assert_eq!(save(&server, &folder.file()).unwrap(), 5);
        assert_eq!(fs::read(folder.file()).unwrap(), b"hello");
        assert_eq!(folder.names(), ["file"]);
    }
    assert_eq!(server.received()[0].header("accept-encoding").unwrap(), "identity");
}

#[test]
fn a_response_that_is_cut_off_leaves_what_was_there() {
    let (folder, server) = (Folder::new(), cutting(Site::new("hello"), [2, 0, 0, 0]));
    fs::write(folder.file(), "before").unwrap();
    let response = Client::new().get(server.url("/file")).send().unwrap();
    let error = response.save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
    let error = download(&server).save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
    assert_eq!(error.attempts(), 3);
    assert!(error.to_string().contains("/file"), "{error}");
    assert_eq!(fs::read(folder.file()).unwrap(), b"before");
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn a_download_that_is_cut_off_anywhere_is_continued() {
    for length in 0..=6 {
        let content: Vec<u8> = (0..length).collect();
        for first in 0..length {
            for second in 0..length - first {
                let (folder, server) =
                    (Folder::new(), cutting(Site::new(&content[..]), [first, second].map(usize::from)));
                let (mut seen, mut progress) = (Vec::new(), Vec::new());
                let saved = download(&server)
                    .on_content(|bytes| seen.extend_from_slice(bytes))
                    .on_progress(|bytes, total| progress.push((bytes, total)))
                    .save_to(folder.file());
                assert_eq!(saved.unwrap(), u64::from(length));
                assert_eq!(fs::read(folder.file()).unwrap(), content);
                assert_eq!(seen, content);
                assert_eq!(progress.last(), Some(&(u64::from(length), Some(u64::from(length)))));
                assert!(progress.is_sorted(), "{progress:?}");
                let asked = |have: u8| (have > 0).then_some(usize::from(have));
                assert_eq!(starts(&server), [None, asked(first), asked(first + second)]);
                assert_eq!(folder.names(), ["file"]);
            }
        }
    }
}

#[test]
fn a_large_download_is_continued_at_any_block() {
    let content: Vec<u8> = (0..1_000_003_u32).map(|number| (number % 251) as u8).collect();
    let cuts = [65_535, 65_536, 65_537, 1, 300_000, 262_144];
    let (folder, server) = (Folder::new(), cutting(Site::new(&content[..]), cuts));
    let saved = download(&server).retry(prompt().attempts(9)).save_to(folder.file());
    assert_eq!(saved.unwrap(), 1_000_003);
    assert!(fs::read(folder.file()).unwrap() == content, "the content differs");
    let expected = cuts.iter().scan(0, |sum, cut| {
        *sum += cut;
        Some(Some(*sum))
    });
    assert_eq!(starts(&server)[1..], expected.collect::<Vec<_>>());
}

#[test]
fn what_an_earlier_call_has_left_is_continued() {
    let settled = "Last-Modified: Mon, 23 Nov 2026 12:00:00 GMT\r\nDate: Mon, 23 Nov 2026 12:01:00 GMT";
    for validator in ["ETag: \"one\"", settled] {
        for cut in 1..5 {
            let site = Site { validator, ..Site::new("hello") };
            let (folder, server) = (Folder::new(), cutting(site, [cut]));
            let once = || download(&server).resume().retry(prompt().attempts(1));
            once().save_to(folder.file()).unwrap_err();
            assert_eq!(folder.names(), [".file.part", ".file.part-of"]);
            let mut seen = Vec::new();
            let saved = once().on_content(|bytes| seen.extend_from_slice(bytes)).save_to(folder.file());
            assert_eq!((saved.unwrap(), &seen[..]), (5, &b"hello"[..]));
            assert_eq!(fs::read(folder.file()).unwrap(), b"hello");
            assert_eq!(starts(&server), [None, Some(cut)]);
            assert_eq!(folder.names(), ["file"]);
        }
    }
}

#[test]
fn what_cannot_be_continued_is_not_kept() {
    let fresh = "Last-Modified: Mon, 23 Nov 2026 12:00:00 GMT\r\nDate: Mon, 23 Nov 2026 12:00:59 GMT";
    for validator in ["ETag: W/\"one\"", "X-Nothing: 1", fresh] {
        let site = Site { validator, ..Site::new("hello") };
        let (folder, server) = (Folder::new(), cutting(site, [2, 3]));
        download(&server).resume().retry(prompt().attempts(1)).save_to(folder.file()).unwrap_err();
        assert_eq!(folder.names(), Vec::<String>::new(), "{validator}");
        // It is begun anew.
        assert_eq!(download(&server).save_to(folder.file()).unwrap(), 5);
        assert_eq!(fs::read(folder.file()).unwrap(), b"hello");
        assert_eq!(starts(&server), [None, None, None]);
    }
}

#[test]
fn a_part_of_what_has_changed_or_is_of_another_url_is_begun_anew() {
    let folder = Folder::new();
    let sites = [Site::new("hello"), Site { validator: "ETag: \"two\"", ..Site::new("HELLO!") }];
    let server = Server::start(move |request| match request.connection() {
        0 => sites[0].answer(request, Some(2)),
        _ => sites[1].answer(request, None),
    });
    download(&server).resume().retry(prompt().attempts(1)).save_to(folder.file()).unwrap_err();
    let mut seen = Vec::new();
    let download = download(&server).resume().on_content(|bytes| seen.extend_from_slice(bytes));
    assert_eq!(download.save_to(folder.file()).unwrap(), 6);
    assert_eq!((starts(&server), &seen[..]), (vec![None, Some(2)], &b"HELLO!"[..]));

    let folder = Folder::new();
    let server = cutting(Site::new("hello"), [2]);
    let client = Client::new();
    let policy = prompt().attempts(1);
    client.get(server.url("/a")).download().resume().retry(policy).save_to(folder.file()).unwrap_err();
    client.get(server.url("/b")).download().resume().save_to(folder.file()).unwrap();
    assert_eq!(starts(&server), [None, None]);
}

/// Leaves two bytes of `hello`, and has the rest answered so.
fn continued(
    answer: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (Result<u64, Error>, Folder, Server) {
    let (folder, site) = (Folder::new(), Site::new("hello"));
    let server = Server::start(move |request| match start(request) {
        None => site.answer(request, (request.connection() == 0).then_some(2)),
        Some(_) => answer(request),
    });
    let saved = download(&server).resume().save_to(folder.file());
    (saved, folder, server)
}

#[test]
fn a_part_that_is_not_what_was_asked_for_is_an_error() {
    for (fields, body) in [
        ("Content-Range: bytes 1-4/5", "ello"),
        ("Content-Range: bytes 3-4/5", "lo"),
        ("Content-Range: bytes 0-4/5", "hello"),
        ("Content-Range: bytes 2-4/4", "llo"),
        ("Content-Range: bytes 4-2/5", "llo"),
        ("Content-Range: bytes 2-3/5", "llo"),
        ("Content-Range: bytes 2-4", "llo"),
        ("Content-Range: 2-4/5", "llo"),
        ("Content-Range: bytes +2-4/5", "llo"),
        ("Content-Range: bytes */5", "llo"),
        ("Content-Range: bytes 2-4/5\r\nContent-Range: bytes 2-4/5", "llo"),
        ("Content-Range: bytes 2-4/5\r\nETag: \"two\"", "llo"),
        ("Content-Range: bytes 2-4/5\r\nContent-Encoding: gzip", "llo"),
        ("Content-Type: multipart/byteranges; boundary=x", "--x--"),
    ] {
        let answer = format!("HTTP/1.1 206 x\r\n{fields}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let (saved, folder, _server) = continued(move |_| Reply::raw(answer.clone()));
        let error = saved.expect_err(fields);
        assert!(matches!(error.kind(), ErrorKind::BadRange(_)), "{fields}: {error}");
        assert_eq!(fs::read(folder.0.join(".file.part")).unwrap(), b"he", "{fields}");
    }
}

#[test]
fn a_part_that_nobody_asked_for_is_an_error() {
    let server = Server::start(|_| Reply::new(206).header("Content-Range", "bytes 0-1/5").body("he"));
    let folder = Folder::new();
    let error = download(&server).save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadRange(_)), "{error}");
    assert!(folder.names().is_empty());
}

#[test]
fn a_server_may_send_the_rest_in_parts() {
    for length in ["5", "*"] {
        let (folder, site) = (Folder::new(), Site::new("hello"));
        let server = Server::start(move |request| match start(request) {
            None => site.answer(request, Some(2)),
            Some(5) => Reply::new(416).header("Content-Range", "bytes */5"),
            Some(at) => Reply::new(206)
                .header("Content-Range", &format!("bytes {at}-{at}/{length}"))
                .body(&b"hello"[at..=at]),
        });
        // Each of these parts counts as an attempt.
        let saved = download(&server).retry(prompt().attempts(5)).save_to(folder.file());
        assert_eq!(saved.unwrap(), 5);
        assert_eq!(fs::read(folder.file()).unwrap(), b"hello");
        let last = if length == "*" { &[Some(5)][..] } else { &[] };
        assert_eq!(starts(&server), [&[None, Some(2), Some(3), Some(4)], last].concat());
    }
}

#[test]
fn a_rest_that_cannot_be_had_is_begun_anew() {
    for answer in [
        Reply::new(416).header("Content-Range", "bytes */1"),
        // As much as has come, but the file had five bytes.
        Reply::new(416).header("Content-Range", "bytes */2"),
        Reply::new(416).header("Content-Range", "bytes 0-1/2"),
        Reply::new(416),
        Reply::new(412),
    ] {
        let (saved, folder, server) = continued(move |_| answer.clone());
        assert_eq!(saved.unwrap(), 5);
        assert_eq!(fs::read(folder.file()).unwrap(), b"hello");
        assert_eq!(starts(&server), [None, Some(2), None]);
        assert_eq!(folder.names(), ["file"]);
    }
}

#[test]
fn a_part_to_which_nothing_is_missing_is_the_file() {
    let (folder, site) = (Folder::new(), Site::new("hello"));
    let server = Server::start(move |request| match start(request) {
        None => site.answer(request, Some(2)),
        Some(_) => Reply::new(416).header("Content-Range", "bytes */2"),
    });
    download(&server).resume().retry(prompt().attempts(1)).save_to(folder.file()).unwrap_err();
    // Another call, which does not know that the file had five bytes.
    assert_eq!(download(&server).resume().save_to(folder.file()).unwrap(), 2);
    assert_eq!(fs::read(folder.file()).unwrap(), b"he");
    assert_eq!(starts(&server), [None, Some(2)]);
}

#[test]
fn a_response_that_is_no_content_is_an_error_and_its_body_no_file() {
    for status in [204, 304, 404, 416, 500] {
        let server = Server::start(move |_| Reply::new(status));
        let folder = Folder::new();
        for download in [download(&server), download(&server).resume()] {
            let error = download.save_to(folder.file()).unwrap_err();
            assert_eq!(error.status().map(StatusCode::code), Some(status), "{error}");
            assert!(folder.names().is_empty(), "{status}");
        }
        assert_eq!(server.received().len(), 2);
    }
}

#[test]
fn a_refusal_for_the_moment_is_retried() {
    let (folder, site) = (Folder::new(), Site::new("hello"));
    let server = Server::start(move |request| match request.connection() {
        0 => site.answer(request, Some(2)),
        1 => Reply::new(503).close(),
        _ => site.answer(request, None),
    });
    assert_eq!(download(&server).save_to(folder.file()).unwrap(), 5);
    assert_eq!(starts(&server), [None, Some(2), Some(2)]);
}

#[test]
fn other_methods_ask_for_no_range() {
    let (folder, server) = (Folder::new(), cutting(Site::new("hello"), [2]));
    let download = Client::new().post(server.url("/export")).body("all").idempotency_key("k").download();
    assert_eq!(download.retry(prompt().any_method()).save_to(folder.file()).unwrap(), 5);
    assert_eq!(starts(&server), [None, None]);
    assert!(server.received().iter().all(|request| request.body() == b"all"));
}

#[test]
fn what_cannot_be_saved_is_an_error_with_its_path() {
    let (folder, server) = (Folder::new(), cutting(Site::new("hello"), []));
    for path in [folder.0.join("missing").join("file"), folder.0.join(".."), folder.0.clone()] {
        let error = download(&server).save_to(&path).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::File { .. }), "{error}");
        assert!(error.to_string().contains(&*folder.0.to_string_lossy()), "{error}");
    }
    let once = Client::new().post(server.url("/")).body(RequestBody::from_reader(&b"x"[..])).download();
    let error = once.save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnsupportedBody(_)), "{error}");
    assert!(server.received().is_empty() && folder.names().is_empty());
}

#[test]
fn the_total_time_bounds_all_attempts() {
    let (folder, server) = (Folder::new(), Arc::new(cutting(Site::new("hello"), [2, 1])));
    let download = Client::new().get(server.url("/file")).timeout(Duration::from_secs(20)).download();
    let slow = RetryPolicy::new().backoff(Duration::MAX, Duration::MAX);
    let error = download.retry(slow).save_to(folder.file()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
    assert_eq!(starts(&server), [None]);
}
