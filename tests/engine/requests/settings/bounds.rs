//! Timeouts and limits of one request: they reach each part of its exchange, and no other request.

use std::{
    io::{self, Read},
    net::SocketAddr,
    sync::LazyLock,
    time::Duration,
};

use httpkit::{
    Client, Deadline, Destination, Limits, LowSpeed, RequestBuilder, Response, RetryPolicy, Timeouts,
    testing::{Act, Script},
};
use httpkit_tests::{NotedServer, Notes, OK, Slow, answers, gzip, within};

const SECOND: Duration = Duration::from_secs(1);
const URL: &str = "http://test.example/";
const NEW: Limits = Limits::new();

/// A limit below and at what its response needs, the response, and the error of the former.
struct Row {
    tight: Limits,
    wide: Limits,
    response: fn() -> Vec<u8>,
    message: &'static str,
}

fn chunked(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}").into_bytes()
}

fn encoded(codings: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {codings}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content].concat()
}

/// Content with a ratio of some hundred, and beyond the first MiB, up to which no ratio is checked.
static REPETITIVE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let content: Vec<u8> = (0..1_200_000_u32).map(|number| (number % 251) as u8).collect();
    encoded("gzip", &gzip(&content))
});

fn rows() -> Vec<Row> {
    vec![
        Row {
            tight: NEW.max_head_bytes(37),
            wide: NEW.max_head_bytes(38),
            response: || OK.to_vec(),
            message: "response head exceeds 37 bytes (`Limits::max_head_bytes`)",
        },
        Row {
            tight: NEW.max_fields(1),
            wide: NEW.max_fields(2),
            response: || b"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 0\r\n\r\n".to_vec(),
            message: "response head exceeds 1 field (`Limits::max_fields`)",
        },
        Row {
            tight: NEW.max_chunk_extension_bytes(3),
            wide: NEW.max_chunk_extension_bytes(4),
            response: || chunked("1;ext\r\nx\r\n0\r\n\r\n"),
            message: "chunk framing of the body exceeds 3 bytes (`Limits::max_chunk_extension_bytes`)",
        },
        Row {
            tight: NEW.max_trailer_bytes(7),
            wide: NEW.max_trailer_bytes(8),
            response: || chunked("0\r\nA: 1\r\n\r\n"),
            message: "trailer section exceeds 7 bytes (`Limits::max_trailer_bytes`)",
        },
        Row {
            tight: NEW.max_trailer_fields(1),
            wide: NEW.max_trailer_fields(2),
            response: || chunked("0\r\nA: 1\r\nB: 2\r\n\r\n"),
            message: "trailer section exceeds 1 field (`Limits::max_trailer_fields`)",
        },
        Row {
            tight: NEW.max_body_bytes(4),
            wide: NEW.max_body_bytes(5),
            response: || chunked("3\r\nspa\r\n2\r\nm!\r\n0\r\n\r\n"),
            message: "body exceeds 4 bytes (`Limits::max_body_bytes`)",
        },
        Row {
            tight: NEW.max_body_bytes(6),
            wide: NEW.max_body_bytes(7),
            response: || encoded("gzip", &gzip(b"encoded")),
            message: "body exceeds 6 bytes (`Limits::max_body_bytes`)",
        },
        Row {
            tight: NEW.max_collected_bytes(4),
            wide: NEW.max_collected_bytes(5),
            response: || b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nspam!".to_vec(),
            message: "body in memory exceeds 4 bytes (`Limits::max_collected_bytes`)",
        },
        Row {
            tight: NEW.max_collected_bytes(6),
            wide: NEW.max_collected_bytes(7),
            response: || encoded("gzip", &gzip(b"encoded")),
            message: "body in memory exceeds 6 bytes (`Limits::max_collected_bytes`)",
        },
        Row {
            tight: NEW.max_content_codings(1),
            wide: NEW.max_content_codings(2),
            response: || encoded("gzip, gzip", &gzip(&gzip(b"encoded"))),
            message: "Content-Encoding exceeds 1 coding (`Limits::max_content_codings`)",
        },
        Row {
            tight: NEW.max_decoded_ratio(50),
            wide: NEW.max_decoded_ratio(900),
            response: || REPETITIVE.clone(),
            message: "content coding exceeds 50 decoded bytes per byte received (`Limits::max_decoded_ratio`)",
        },
        Row {
            tight: NEW.max_coding_overhead(19),
            wide: NEW.max_coding_overhead(20),
            response: || encoded("gzip", &gzip(b"")),
            message: "encoded data without content exceeds 19 bytes (`Limits::max_coding_overhead`)",
        },
    ]
}

fn get(request: RequestBuilder<'_>) -> Result<Vec<u8>, String> {
    request.send().and_then(Response::bytes).map_err(|error| error.kind().to_string())
}

/// A client of a server that gives this response to all requests but one to `/warm`.
fn client(limits: Limits, response: fn() -> Vec<u8>) -> (Client, Notes) {
    let notes = Notes::default();
    let server =
        NotedServer::new(
            &notes,
            move |head| {
                if head.starts_with("GET /warm ") { OK.to_vec() } else { response() }
            },
        );
    (Client::builder().limits(limits).connector(server).build().unwrap(), notes)
}

fn connections(notes: &Notes) -> usize {
    notes.take().iter().filter(|note| note.starts_with("connect ")).count()
}

#[test]
fn limit_of_a_request_applies_to_that_request_alone() {
    for Row { tight, wide, response, message } in rows() {
        for (of_client, own) in [(NEW, tight), (tight, wide), (tight, all_off())] {
            for is_reused in [false, true] {
                let (client, notes) = client(of_client, response);
                if is_reused {
                    get(client.get("http://test.example/warm").limits(wide)).unwrap();
                }
                let with_own = get(client.get(URL).limits(own));
                let opened = connections(&notes);
                assert_eq!(opened, 1, "{message}");
                let without = get(client.get(URL));
                let (exceeds, fits) = if own == tight { (with_own, without) } else { (without, with_own) };
                assert_eq!(exceeds.unwrap_err(), message);
                assert!(fits.is_ok(), "{message}: {fits:?}");
            }
        }
    }
}

fn all_off() -> Limits {
    NEW.max_head_bytes(None)
        .max_fields(None)
        .max_chunk_extension_bytes(None)
        .max_trailer_bytes(None)
        .max_trailer_fields(None)
        .max_body_bytes(None)
        .max_collected_bytes(None)
        .max_content_codings(None)
        .max_decoded_ratio(None)
        .max_coding_overhead(None)
}

#[test]
fn body_limit_applies_to_each_way_of_reading() {
    let file = std::env::temp_dir().join(format!("httpkit-body-limit-{}", std::process::id()));
    let reads: [fn(Response, &std::path::Path) -> httpkit::Result<u64>; 5] = [
        |response, _| response.bytes().map(|bytes| bytes.len() as u64),
        |response, _| response.text().map(|text| text.len() as u64),
        |mut response, _| response.copy_to(&mut Vec::new()),
        |response, file| response.save_to(file),
        |mut response, _| Ok(io::copy(&mut response.by_ref(), &mut io::sink())?),
    ];
    // With a length, in chunks, up to the end of the connection; and too long for a buffer.
    let body = "x".repeat(100_000);
    let responses = [
        format!("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{body}").into_bytes(),
        chunked(&format!("186a0\r\n{body}\r\n0\r\n\r\n")),
        format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes(),
        encoded("gzip", &gzip(body.as_bytes())),
    ];
    for response in responses {
        for read in reads {
            for (limit, fits) in [(99_999, false), (100_000, true)] {
                let script =
                    Script::new().then(Act::AwaitWrite).then(Act::Send(response.clone())).then(Act::End);
                let (client, _) = httpkit_tests::scripted([script]);
                let sent = client.get(URL).limits(NEW.max_body_bytes(limit)).send().unwrap();
                match read(sent, &file) {
                    Ok(length) => assert!(fits && length == 100_000, "{limit}"),
                    Err(error) => {
                        assert!(!fits, "{error}");
                        let message = "body exceeds 99999 bytes (`Limits::max_body_bytes`)";
                        assert_eq!(error.kind().to_string(), message);
                    }
                }
            }
        }
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn error_body_limit_of_a_request_applies() {
    let busy = || b"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nspam!".to_vec();
    let (client, _) = client(NEW.max_error_body_bytes(3), busy);
    for (own, body, is_truncated) in [
        (NEW, "spa", true),
        (NEW.max_error_body_bytes(4), "spam", true),
        (NEW.max_error_body_bytes(5), "spam!", false),
        (NEW.max_error_body_bytes(None), "spam!", false),
    ] {
        let error = client.get(URL).limits(own).send().unwrap().error_for_status().unwrap_err();
        let response = error.response().unwrap();
        assert_eq!((response.body(), response.is_truncated()), (body.as_bytes(), is_truncated));
    }
}

#[test]
fn timeouts_of_a_request_reach_the_dial() {
    let own = Timeouts::new().connect(3000 * SECOND).resolve(2000 * SECOND);
    let notes = Notes::default();
    let log = notes.clone();
    let resolver = move |_: Destination<'_>, deadline: Deadline| -> io::Result<Vec<SocketAddr>> {
        log.add(format!("resolve within {}", within(deadline)));
        Err(io::ErrorKind::NotFound.into())
    };
    let client = Client::builder().no_proxy().resolver(resolver).build().unwrap();
    for (request, expected) in [
        (client.get(URL).timeouts(own), "resolve within 2000 s"),
        (client.get(URL).timeouts(own.resolve(None)), "resolve within 3000 s"),
        (client.get(URL).timeouts(Timeouts::NONE).timeout(1000 * SECOND), "resolve within 1000 s"),
        (client.get(URL), "resolve within 100 s"),
    ] {
        request.send().unwrap_err();
        assert_eq!(notes.take(), [expected]);
    }
}

#[test]
fn request_may_wait_longer_than_its_client() {
    // Each response takes 40 s.
    let slow = Slow { reading: 40 * SECOND, ..Slow::new([answers([OK, OK]), answers([OK])]) };
    let scripted = slow.scripted.clone();
    let client = Client::builder().connector(slow).build().unwrap();
    let poll = || client.get(URL).timeouts(Timeouts::new().response(3600 * SECOND));
    // On a new connection, on the same one, and then as the client has it.
    for request in [poll(), poll()] {
        request.send().unwrap();
    }
    assert_eq!(httpkit_tests::requests(&scripted), [2]);
    let error = client.get(URL).send().unwrap_err();
    assert_eq!(
        error.kind().to_string(),
        "timed out after 30 s waiting for the response (`Timeouts::response`)"
    );
}

#[test]
fn low_speed_of_a_request_ends_with_it() {
    // Each piece takes two seconds: four bytes at once, then one by one.
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
    let respond = |script: Script| script.then(Act::AwaitWrite).then(Act::Send(head.to_vec()));
    let one_by_one =
        |script| b"slow".iter().fold(respond(script), |script, byte| script.then(Act::Send(vec![*byte])));
    let script = one_by_one(respond(Script::new()).then(Act::Send(b"fast".to_vec())));
    let slow = Slow { reading: 2 * SECOND, ..Slow::new([one_by_one(script)]) };
    let client = Client::builder().timeouts(Timeouts::NONE).connector(slow).build().unwrap();
    let own = Timeouts::new().low_speed(LowSpeed::new(1, 3 * SECOND));
    assert_eq!(get(client.get(URL).timeouts(own)).unwrap(), b"fast");
    assert_eq!(get(client.get(URL)).unwrap(), b"slow");
    let error = get(client.get(URL).timeouts(own)).unwrap_err();
    assert_eq!(error, "transfer slower than 1 bytes/s for 3 s (`Timeouts::low_speed`)");
}

#[test]
fn own_settings_survive_redirects_retries_and_challenges() {
    let notes = Notes::default();
    let server = NotedServer::new(&notes, |head| {
        let has_answer = head.contains("Authorization: Digest");
        match head.split(' ').nth(1) {
            Some("/moved") => {
                b"HTTP/1.1 302 Found\r\nLocation: /guarded\r\nContent-Length: 0\r\n\r\n".to_vec()
            }
            Some("/guarded") if !has_answer => {
                let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
                format!("HTTP/1.1 401 x\r\n{challenge}\r\nContent-Length: 0\r\n\r\n").into_bytes()
            }
            _ => b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 5\r\n\r\nspam!".to_vec(),
        }
    });
    let client = Client::builder().connector(server).build().unwrap();
    let timeouts = Timeouts::new().response(3000 * SECOND);
    let retry = RetryPolicy::new().attempts(3).backoff(Duration::ZERO, Duration::ZERO);
    let request = client.get("http://test.example/moved").digest("me", "secret").retry(retry);
    let request = request.timeouts(timeouts).limits(NEW.max_collected_bytes(4));
    let response = request.send().unwrap();
    assert_eq!((response.attempts(), response.history().len()), (3, 1));
    let error = response.bytes().unwrap_err();
    assert!(error.to_string().contains("`Limits::max_collected_bytes`"), "{error}");
    let reads: Vec<_> = notes.take().into_iter().filter(|note| note.starts_with("read ")).collect();
    assert_eq!(reads, ["read within 3000 s"; 5]);
}
