//! Content codings: what is asked for, how it is undone, and what is refused.

use std::io::{BufRead, Read};

use httpkit::{
    Client, ClientBuilder, CodingFault, Error, ErrorKind, Limits, RequestBuilder, Response,
    testing::{Act, Reply, Script, Server},
};
use httpkit_tests::{
    CODINGS, answered, answered_within, brotli, deflate, gzip, requests, scripted, scripted_with, with_body,
    zlib, zstd,
};

const URL: &str = "http://test.example/";
const CONTENT: &[u8] = b"Spam, spam, spam, lovely spam, wonderful spam. Spam, eggs, spam and spam.";

/// A response whose body has this coding and a known length.
pub(super) fn encoded(coding: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The same in chunks of this size.
fn encoded_in_chunks(coding: &str, body: &[u8], size: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunks = body
        .chunks(size)
        .flat_map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    head.bytes().chain(chunks).chain(*b"0\r\n\r\n").collect()
}

/// Runs an exchange whose response comes in these pieces; then the server waits for ever.
fn exchange(pieces: &[&[u8]], read: impl Fn(Response) -> Result<Vec<u8>, Error>) -> Result<Vec<u8>, Error> {
    let script = pieces
        .iter()
        .filter(|piece| !piece.is_empty())
        .fold(Script::new().then(Act::AwaitWrite), |script, piece| script.then(Act::Send(piece.to_vec())));
    read(scripted([script]).0.get(URL).send()?)
}

/// A way to read a whole body.
pub(super) type Way = fn(Response) -> Result<Vec<u8>, Error>;

pub(super) const WAYS: [(&str, Way); 4] = [
    ("bytes", |response| response.bytes()),
    ("copy_to", |mut response| {
        let mut bytes = Vec::new();
        response.copy_to(&mut bytes).map(|_| bytes)
    }),
    ("single bytes", |mut response| {
        let mut bytes = Vec::new();
        let mut byte = [0];
        while response.read(&mut byte)? > 0 {
            bytes.push(byte[0]);
        }
        Ok(bytes)
    }),
    ("fill_buf and read", |mut response| {
        let mut bytes = Vec::new();
        loop {
            let Some(first) = response.fill_buf()?.first().copied() else { return Ok(bytes) };
            bytes.push(first);
            response.consume(1);
            let mut three = [0; 3];
            let count = response.read(&mut three)?;
            bytes.extend_from_slice(&three[..count]);
        }
    }),
];

#[test]
fn each_coding_is_undone_however_the_body_comes_and_is_read() {
    for coding in CODINGS {
        let (name, body) = (coding.name, coding.encode(CONTENT));
        for response in [encoded(name, &body), encoded_in_chunks(name, &body, 7)] {
            for (way, read) in WAYS {
                let at = |split: &str| format!("{name} {} by {way}, {split}", coding.variant);
                assert_eq!(exchange(&[&response], read).unwrap(), CONTENT, "{}", at("whole"));
                let bytes: Vec<&[u8]> = response.chunks(1).collect();
                assert_eq!(exchange(&bytes, read).unwrap(), CONTENT, "{}", at("byte by byte"));
            }
            for index in 1..response.len() {
                let (front, back) = response.split_at(index);
                let decoded = exchange(&[front, back], Response::bytes).unwrap();
                assert_eq!(decoded, CONTENT, "{name} {} split at {index}", coding.variant);
            }
        }
    }
}

#[test]
fn large_content_is_undone() {
    // Words in an order that repeats nowhere.
    let content: Vec<u8> =
        (0..300_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761) >> 15 & 0xff).to_le_bytes()).collect();
    let client = Client::new();
    for coding in CODINGS {
        let encoded = coding.encode(&content);
        let server = Server::start(move |_| {
            Reply::new(200).header("Content-Encoding", coding.name).body(&encoded[..])
        });
        let get = || client.get(server.url("/")).send().unwrap();
        assert!(get().bytes().unwrap() == content, "{} {}", coding.name, coding.variant);
        let mut copied = Vec::new();
        get().copy_to(&mut copied).unwrap();
        assert!(copied == content, "{} {}", coding.name, coding.variant);
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn what_is_cut_short_is_an_error_that_keeps_what_was_decoded() {
    for coding in CODINGS {
        let body = (coding.encode_pieces)(&[&CONTENT[..20], &CONTENT[20..]]).concat();
        let mut longest = 0;
        for length in 1..body.len() {
            for (way, read) in WAYS {
                let error = exchange(&[&encoded(coding.name, &body[..length])], read).unwrap_err();
                let ErrorKind::ContentCoding { coding: name, fault } = error.kind() else {
                    panic!("{} {} cut after {length} by {way}: {error:?}", coding.name, coding.variant);
                };
                assert_eq!((*name, fault), (coding.name, &CodingFault::Truncated));
                assert!(CONTENT.starts_with(error.partial()));
                longest = longest.max(error.partial().len());
            }
        }
        assert!(longest >= 20, "{} {}: {longest}", coding.name, coding.variant);
    }
}

#[test]
fn a_body_that_the_connection_cuts_short_says_so() {
    let body = gzip(CONTENT);
    let response = encoded("gzip", &body);
    let error = answered(&response[..response.len() - 3]).unwrap().bytes().unwrap_err();
    let (received, expected) = (body.len() as u64 - 3, Some(body.len() as u64));
    assert!(
        matches!(error.kind(), ErrorKind::IncompleteRead { received: r, expected: e } if (*r, *e) == (received, expected)),
        "{error:?}"
    );
    assert!(CONTENT.starts_with(error.partial()) && !error.partial().is_empty());
}

#[test]
fn what_stands_behind_the_end_is_an_error() {
    for coding in CODINGS {
        let body = [coding.encode(CONTENT), b"\0".to_vec()].concat();
        for response in [encoded(coding.name, &body), encoded_in_chunks(coding.name, &body, 1)] {
            let error = exchange(&[&response], Response::bytes).unwrap_err();
            let ErrorKind::ContentCoding { fault: CodingFault::Trailing(found), .. } = error.kind() else {
                panic!("{} {}: {error:?}", coding.name, coding.variant);
            };
            assert_eq!(found.as_bytes(), b"\0");
            assert_eq!(error.partial(), CONTENT);
        }
    }
}

#[test]
fn what_is_no_such_data_is_an_error() {
    let html = b"<html>Not Found</html>";
    for name in ["gzip", "deflate", "br", "zstd"] {
        let error = answered(&encoded(name, html)).unwrap().bytes().unwrap_err();
        let expected = format!("the body does not follow its content coding {name}: ");
        assert!(error.to_string().contains(&expected), "{error}");
        assert!(error.to_string().starts_with(&format!("GET {URL}: ")), "{error}");
    }
}

#[test]
fn checksums_are_checked() {
    for (name, mut body, from_end) in [
        ("gzip", gzip(CONTENT), 5),
        ("gzip", gzip(CONTENT), 1),
        ("deflate", zlib(CONTENT), 1),
        ("zstd", zstd(CONTENT), 1),
    ] {
        let index = body.len() - from_end;
        body[index] ^= 1;
        let error = answered(&encoded(name, &body)).unwrap().bytes().unwrap_err();
        let is_malformed =
            matches!(error.kind(), ErrorKind::ContentCoding { fault: CodingFault::Malformed(_), .. });
        assert!(is_malformed, "{name}: {error:?}");
    }
}

#[test]
fn several_members_and_frames_are_one_content() {
    let skippable = [&0x184D_2A53_u32.to_le_bytes()[..], &3_u32.to_le_bytes(), b"abc"].concat();
    let (front, back) = CONTENT.split_at(31);
    for (name, pieces) in [
        ("gzip", [gzip(front), gzip(b""), gzip(back)]),
        ("zstd", [zstd(front), skippable.clone(), zstd(back)]),
        ("zstd", [skippable, zstd(front), zstd(back)]),
    ] {
        let body = pieces.concat();
        assert_eq!(answered(&encoded(name, &body)).unwrap().bytes().unwrap(), CONTENT, "{name}");
        let response = encoded_in_chunks(name, &body, 1);
        let bytes: Vec<&[u8]> = response.chunks(1).collect();
        assert_eq!(exchange(&bytes, Response::bytes).unwrap(), CONTENT, "{name}");
    }
    // A second member that is cut short is no end.
    let body = [gzip(front), gzip(back)].concat();
    let error = answered(&encoded("gzip", &body[..body.len() - 1])).unwrap().bytes().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContentCoding { fault: CodingFault::Truncated, .. }));
}

#[test]
fn codings_upon_codings_are_undone_up_to_a_limit() {
    let twice = gzip(&brotli(CONTENT));
    let thrice = zstd(&twice);
    for fields in ["br, gzip", "br\r\nContent-Encoding: gzip", "Br,\tidentity,, X-GZIP"] {
        for size in [1, 7, 1000] {
            let response = answered(&encoded_in_chunks(fields, &twice, size)).unwrap();
            assert!(response.is_decoded());
            assert_eq!(response.bytes().unwrap(), CONTENT, "{fields}");
        }
    }
    let response = answered(&encoded("br, gzip, zstd", &thrice)).unwrap();
    assert_eq!(response.status(), 200);
    let error = response.bytes().unwrap_err();
    assert!(
        error.to_string().ends_with("Content-Encoding exceeds 2 codings (`Limits::max_content_codings`)"),
        "{error}"
    );
    let three = Limits::new().max_content_codings(3);
    assert_eq!(answered_within(three, &encoded("br, gzip, zstd", &thrice)).bytes().unwrap(), CONTENT);
}

#[test]
fn a_fault_in_any_of_several_codings_is_told() {
    let inner = brotli(CONTENT);
    for (body, expected) in [
        (gzip(&inner[..inner.len() - 1]), "br: the body ends within the encoded data"),
        (gzip(&[&inner[..], b"x"].concat()), "br: something stands behind the encoded data; found \"x\""),
        ([&gzip(&inner)[..], b"x"].concat(), "gzip: something stands behind the encoded data; found \"x\""),
    ] {
        let error = answered(&encoded("br, gzip", &body)).unwrap().bytes().unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[test]
fn names_have_no_case_and_identity_is_none() {
    for name in ["gzip", "GZip", "x-gzip", "X-Gzip", "identity, gzip", "gzip , Identity"] {
        assert_eq!(answered(&encoded(name, &gzip(CONTENT))).unwrap().bytes().unwrap(), CONTENT, "{name}");
    }
    for name in ["identity", "", ","] {
        let response = answered(&encoded(name, CONTENT)).unwrap();
        assert!(!response.is_decoded());
        assert_eq!(response.content_coding(), None);
        assert_eq!(response.bytes().unwrap(), CONTENT, "{name}");
    }
}

#[test]
fn deflate_is_zlib_or_raw() {
    for body in [zlib(CONTENT), deflate(CONTENT), vec![3, 0]] {
        let expected = if body == [3, 0] { b"" } else { CONTENT };
        assert_eq!(answered(&encoded("deflate", &body)).unwrap().bytes().unwrap(), expected);
    }
    // A preset dictionary is none that anybody could have agreed on.
    let error = answered(&encoded("deflate", &[0x78, 0x20 | 0x1b, 0, 0, 0, 1])).unwrap().bytes().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContentCoding { .. }), "{error:?}");
}

#[test]
fn what_is_not_spoken_is_handed_over_as_it_is() {
    for (names, shown) in
        [("compress", "compress"), ("sdch , gzip", "sdch, gzip"), ("gzip, aes128gcm", "gzip, aes128gcm")]
    {
        let response = answered(&encoded(names, b"\x1f\x9d\x90")).unwrap();
        assert!(!response.is_decoded());
        assert_eq!(response.content_coding().as_deref(), Some(shown));
        assert_eq!(response.bytes().unwrap(), b"\x1f\x9d\x90");
    }
}

#[test]
fn no_body_is_no_encoded_data() {
    for coding in CODINGS {
        let empty = encoded(coding.name, b"");
        assert_eq!(answered(&empty).unwrap().bytes().unwrap(), b"", "{}", coding.name);
        let chunked = encoded_in_chunks(coding.name, b"", 1);
        assert_eq!(answered(&chunked).unwrap().bytes().unwrap(), b"", "{}", coding.name);
        for status in [204, 304] {
            let head = format!("HTTP/1.1 {status} X\r\nContent-Encoding: {}\r\n\r\n", coding.name);
            assert_eq!(answered(head.as_bytes()).unwrap().bytes().unwrap(), b"");
        }
        let (client, _) = scripted([Script::answer(&encoded(coding.name, &[])[..])]);
        assert_eq!(client.head(URL).send().unwrap().bytes().unwrap(), b"");
    }
}

/// The `Accept-Encoding` that was sent, and whether the response was decoded.
fn asked(
    builder: ClientBuilder,
    request: impl FnOnce(RequestBuilder<'_>) -> RequestBuilder<'_>,
) -> (String, bool) {
    let (client, connector) = scripted_with(builder, [Script::answer(&encoded("gzip", &gzip(CONTENT)))]);
    let response = request(client.get(URL)).send().unwrap();
    let is_decoded = response.is_decoded();
    assert_eq!(response.content_coding().as_deref(), (!is_decoded).then_some("gzip"));
    assert_eq!(response.bytes().unwrap(), if is_decoded { CONTENT.to_vec() } else { gzip(CONTENT) });
    let written = String::from_utf8(connector.recorded()[0].written.clone()).unwrap();
    let values: Vec<&str> =
        written.lines().filter_map(|line| line.strip_prefix("Accept-Encoding: ")).collect();
    (values.join("; "), is_decoded)
}

#[test]
fn what_the_library_asked_for_is_undone_and_what_the_user_asked_for_is_not() {
    let all = "gzip, deflate, br, zstd";
    let client = Client::builder;
    assert_eq!(asked(client(), |get| get), (all.into(), true));
    assert_eq!(asked(client(), |get| get.decode(false)), ("identity".into(), false));
    assert!(!asked(client(), |get| get.header("accept-encoding", "gzip")).1);
    assert_eq!(
        asked(client(), |get| get.header("Accept-Encoding", "gzip").decode(true)),
        ("gzip".into(), true)
    );
    assert_eq!(asked(client(), |get| get.header("Range", "bytes=0-")), ("identity".into(), false));
    assert_eq!(asked(client().decode(false), |get| get), ("identity".into(), false));
    assert_eq!(asked(client().decode(false), |get| get.decode(true)), (all.into(), true));
    let own = || client().default_header("Accept-Encoding", "gzip;q=1");
    assert_eq!(asked(own(), |get| get), ("gzip;q=1".into(), false));
    assert_eq!(asked(own(), |get| get.decode(true)), ("gzip;q=1".into(), true));
    assert_eq!(asked(own().decode(true), |get| get), ("gzip;q=1".into(), true));
}

#[test]
fn a_part_of_encoded_content_is_left_as_it_is() {
    let body = &gzip(CONTENT)[5..];
    let response = [
        format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .as_bytes(),
        body,
    ]
    .concat();
    let (client, _) = scripted([Script::answer(&response)]);
    let response = client.get(URL).header("Range", "bytes=5-").decode(true).send().unwrap();
    assert_eq!(response.content_coding().as_deref(), Some("gzip"));
    assert_eq!(response.bytes().unwrap(), body);
}

#[test]
fn the_head_stays_as_it_was_received() {
    let body = gzip(CONTENT);
    let response = answered(&encoded("gzip", &body)).unwrap();
    assert_eq!(response.header("content-encoding").unwrap(), "gzip");
    assert_eq!(response.content_length(), Some(body.len() as u64));
    assert_eq!(response.text().unwrap().as_bytes(), CONTENT);
}

#[test]
fn a_body_read_to_its_decoded_end_leaves_its_connection_to_the_next_request() {
    for coding in CODINGS {
        let response = encoded_in_chunks(coding.name, &coding.encode(b"[1,2]"), 5);
        let script = (0..3).fold(Script::new(), |script, _| {
            // The last chunk comes apart, behind the end of the encoded data.
            let (front, back) = response.split_at(response.len() - 5);
            script.then(Act::AwaitWrite).then(Act::Send(front.to_vec())).then(Act::Send(back.to_vec()))
        });
        let (client, connector) = scripted([script]);
        let get = || client.get(URL).send().unwrap();
        assert_eq!(get().bytes().unwrap(), b"[1,2]");
        assert_eq!(get().json::<Vec<u8>>().unwrap(), [1, 2]);
        get().read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(requests(&connector), [3], "{} {}", coding.name, coding.variant);
    }
}

#[test]
fn what_was_flushed_is_read_before_more_comes() {
    for coding in CODINGS {
        let pieces = (coding.encode_pieces)(&[b"first", b"second"]);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {}\r\n\r\n", coding.name);
        let script = Script::answer(&[head.as_bytes(), &pieces[0]].concat());
        // Then the server waits for ever: what is not given by now would not be.
        let mut response = scripted([script]).0.get(URL).send().unwrap();
        let mut first = [0; 5];
        response.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"first", "{} {}", coding.name, coding.variant);
    }
}

#[test]
fn behind_a_fault_there_is_no_end() {
    let mut response = answered(&encoded("gzip", &[&gzip(CONTENT)[..], b"more"].concat())).unwrap();
    let error = Error::from(response.read_to_end(&mut Vec::new()).unwrap_err());
    for _ in 0..3 {
        let again = Error::from(response.read(&mut [0; 10]).unwrap_err());
        assert_eq!(again.to_string(), error.to_string());
        assert!(response.fill_buf().is_err());
    }
    let error = Error::from(response.fill_buf().unwrap_err());
    assert!(matches!(error.kind(), ErrorKind::ContentCoding { .. }));
}

#[test]
fn the_limit_on_collected_bytes_is_one_on_decoded_bytes() {
    let length = CONTENT.len();
    for (max_collected_bytes, is_enough) in [(length, true), (length + 1, true), (length - 1, false)] {
        let limits = Limits::new().max_collected_bytes(max_collected_bytes);
        for coding in CODINGS {
            let answered = || answered_within(limits, &encoded(coding.name, &coding.encode(CONTENT)));
            assert_eq!(answered().text().is_ok(), is_enough, "{max_collected_bytes}");
            match answered().bytes() {
                Ok(bytes) => assert_eq!(bytes, CONTENT),
                Err(error) => {
                    assert!(
                        matches!(error.kind(), ErrorKind::TooLarge { limit, .. } if *limit == max_collected_bytes as u64)
                    );
                    assert_eq!(error.partial(), &CONTENT[..max_collected_bytes]);
                }
            }
        }
    }
}

#[test]
fn a_body_that_swells_beyond_reason_is_refused() {
    let zeros = vec![0; 8 * 1024 * 1024];
    for coding in CODINGS {
        let response = encoded(coding.name, &coding.encode(&zeros));
        let count = |response: Response| {
            let mut decoded = Vec::new();
            let error = { response }.copy_to(&mut decoded).unwrap_err();
            (decoded.len(), error.to_string())
        };
        let (decoded, error) = count(answered(&response).unwrap());
        let rule = "exceeds 1000 decoded bytes per byte received (`Limits::max_decoded_ratio`)";
        assert!(error.ends_with(rule), "{error}");
        assert!((900_000..3 << 20).contains(&decoded), "{} {}: {decoded}", coding.name, coding.variant);

        let limits = Limits::new().max_decoded_ratio(u64::MAX).max_body_bytes(5_000_000);
        let (decoded, error) = count(answered_within(limits, &response));
        assert!(error.ends_with("body exceeds 5000000 bytes (`Limits::max_body_bytes`)"), "{error}");
        assert_eq!(decoded, 5_000_000);

        let limits = Limits::new().max_decoded_ratio(u64::MAX);
        assert_eq!(answered_within(limits, &response).bytes().unwrap().len(), zeros.len());
    }
    // What is within a first coding counts, too.
    let response = encoded("gzip, gzip", &gzip(&gzip(&zeros)));
    assert!(matches!(
        answered(&response).unwrap().bytes().unwrap_err().kind(),
        ErrorKind::TooLarge { limit: 1000, .. }
    ));
}

#[test]
fn windows_of_zstd_have_at_most_8_mib() {
    // RFC 8878, Section 3.1.1: magic number, no flags, the window, and one raw block.
    let frame = |window: u8| [b"\x28\xb5\x2f\xfd\x00", &[window][..], b"\x29\x00\x00hello"].concat();
    assert_eq!(answered(&encoded("zstd", &frame(0x68))).unwrap().text().unwrap(), "hello");
    let error = answered(&encoded("zstd", &frame(0x69))).unwrap().text().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContentCoding { .. }), "{error:?}");
}

#[test]
fn the_body_of_an_error_is_decoded() {
    let problem = br#"{"title": "No credit", "detail": "30 of 50"}"#;
    let body = gzip(problem);
    let head =
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\nContent-Encoding: gzip\r\n";
    let response =
        |body: &[u8]| [format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
    let error = answered(&response(&body)).unwrap().error_for_status().unwrap_err();
    assert_eq!(error.response().unwrap().body(), problem);
    assert!(!error.response().unwrap().is_truncated());
    assert_eq!(error.problem().unwrap().title(), Some("No credit"));

    let error = answered(&response(&body[..body.len() - 1])).unwrap().error_for_status().unwrap_err();
    assert_eq!((error.status().unwrap().code(), error.response().unwrap().is_truncated()), (403, true));

    let limits = Limits::new().max_error_body_bytes(8);
    let error = answered_within(limits, &response(&body)).error_for_status().unwrap_err();
    assert_eq!(error.response().unwrap().body(), &problem[..8]);
    assert!(error.response().unwrap().is_truncated());
}

#[test]
fn a_body_that_is_not_read_is_not_decoded() {
    let (client, connector) =
        scripted([httpkit_tests::answers([&encoded("gzip", b"no gzip")[..], &with_body(b"ok")])]);
    drop(client.get(URL).send().unwrap());
    assert_eq!(client.get(URL).send().unwrap().text().unwrap(), "ok");
    assert_eq!(requests(&connector), [2]);
}
