//! Where bodies end: RFC 9112, Section 6.3, and the chunked coding.

use httpkit::{Method, Strictness};
use httpkit_tests::five_ways;

/// What a row expects: the body and whether the connection may serve again, or the kind of the error.
#[derive(Debug, Clone, Copy)]
enum Expect {
    Read(&'static [u8], bool),
    Refused(&'static str),
}

use Expect::{Read, Refused};

const REUSED: bool = true;
const CLOSED: bool = false;

/// Runs fields and body behind a status line, in both degrees of strictness.
fn check(method: &Method, status: u16, rows: &[(&str, &[u8], Expect, Expect)]) {
    for (name, rest, strict, compat) in rows {
        let response = [format!("HTTP/1.1 {status} x\r\n").as_bytes(), rest].concat();
        for (strictness, expect) in [(Strictness::Strict, strict), (Strictness::Compat, compat)] {
            let outcome = five_ways(method, &response, strictness);
            match (expect, &outcome) {
                (Read(body, reusable), Ok(answer)) => {
                    assert_eq!(
                        (&answer.body[..], answer.reusable),
                        (*body, *reusable),
                        "{name} ({strictness:?})"
                    );
                }
                (Refused(kind), Err(found)) => assert_eq!(found, kind, "{name} ({strictness:?})"),
                _ => panic!("{name} ({strictness:?}): expected {expect:?}, found {outcome:?}"),
            }
        }
    }
}

fn same<'a>(name: &'a str, rest: &'a [u8], expect: Expect) -> (&'a str, &'a [u8], Expect, Expect) {
    (name, rest, expect, expect)
}

#[test]
fn lengths() {
    check(
        &Method::GET,
        200,
        &[
            same("plain", b"Content-Length: 5\r\n\r\nhello", Read(b"hello", REUSED)),
            same("leading zeros", b"Content-Length: 005\r\n\r\nhello", Read(b"hello", REUSED)),
            same("none", b"Content-Length: 0\r\n\r\n", Read(b"", REUSED)),
            same("list of one value", b"Content-Length: 5, 5\r\n\r\nhello", Read(b"hello", CLOSED)),
            same(
                "repeated alike",
                b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                Read(b"hello", CLOSED),
            ),
            same(
                "repeated with another",
                b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                Refused("BadContentLength"),
            ),
            same("list of two values", b"Content-Length: 5, 6\r\n\r\nhello!", Refused("BadContentLength")),
            same("plus", b"Content-Length: +5\r\n\r\nhello", Refused("BadContentLength")),
            same("minus", b"Content-Length: -5\r\n\r\nhello", Refused("BadContentLength")),
            same("hexadecimal", b"Content-Length: 0x5\r\n\r\nhello", Refused("BadContentLength")),
            same("blank within", b"Content-Length: 5 5\r\n\r\nhello", Refused("BadContentLength")),
            same("underscore", b"Content-Length: 0_5\r\n\r\nhello", Refused("BadContentLength")),
            same("empty", b"Content-Length:\r\n\r\nhello", Refused("BadContentLength")),
            same("decimal point", b"Content-Length: 5.0\r\n\r\nhello", Refused("BadContentLength")),
            same(
                "beyond 64 bits",
                b"Content-Length: 18446744073709551616\r\n\r\n",
                Refused("BadContentLength"),
            ),
            same("huge and cut", b"Content-Length: 18446744073709551615\r\n\r\nx", Refused("IncompleteRead")),
            same("cut", b"Content-Length: 6\r\n\r\nhello", Refused("IncompleteRead")),
        ],
    );
}

#[test]
fn transfer_codings() {
    check(
        &Method::GET,
        200,
        &[
            same(
                "chunked",
                b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                Read(b"hello", REUSED),
            ),
            same(
                "any case",
                b"Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                Read(b"hello", REUSED),
            ),
            same(
                "empty members",
                b"Transfer-Encoding: , chunked,\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                Read(b"hello", REUSED),
            ),
            same(
                "beside a length",
                b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                Read(b"hello", CLOSED),
            ),
            same("gzip", b"Transfer-Encoding: gzip\r\n\r\nhello", Refused("UnknownTransferEncoding")),
            same(
                "gzip, chunked",
                b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                Refused("UnknownTransferEncoding"),
            ),
            same(
                "chunked, gzip",
                b"Transfer-Encoding: chunked, gzip\r\n\r\nhello",
                Refused("UnknownTransferEncoding"),
            ),
            same(
                "chunked twice",
                b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                Refused("UnknownTransferEncoding"),
            ),
            same(
                "xchunked",
                b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                Refused("UnknownTransferEncoding"),
            ),
            same(
                "parameter",
                b"Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
                Refused("UnknownTransferEncoding"),
            ),
            same(
                "quoted",
                b"Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
                Refused("UnknownTransferEncoding"),
            ),
            same("empty", b"Transfer-Encoding:\r\n\r\n", Refused("UnknownTransferEncoding")),
            (
                "vertical tab",
                b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
                Refused("BadHeader"),
                Refused("UnknownTransferEncoding"),
            ),
            (
                "identity",
                b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
                Refused("UnknownTransferEncoding"),
                Read(b"hello", CLOSED),
            ),
            (
                "identity alone",
                b"Transfer-Encoding: identity\r\n\r\nhello",
                Refused("UnknownTransferEncoding"),
                Read(b"hello", CLOSED),
            ),
        ],
    );
}

#[test]
fn chunked_in_http_1_0_is_read_and_closed() {
    let response = b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for strictness in [Strictness::Strict, Strictness::Compat] {
        let answer = five_ways(&Method::GET, response, strictness).unwrap();
        assert_eq!((answer.body, answer.reusable), (b"hello".to_vec(), CLOSED));
    }
}

#[test]
fn responses_that_have_no_body() {
    for (method, status) in [(Method::HEAD, 200), (Method::GET, 204), (Method::GET, 304)] {
        // What would be the body of another response may be announced, but not for a 204.
        let announced = if status == 204 { CLOSED } else { REUSED };
        check(
            &method,
            status,
            &[
                same("nothing said", b"\r\n", Read(b"", REUSED)),
                same("length of 0", b"Content-Length: 0\r\n\r\n", Read(b"", REUSED)),
                same("length", b"Content-Length: 5\r\n\r\n", Read(b"", announced)),
                same("chunked", b"Transfer-Encoding: chunked\r\n\r\n", Read(b"", announced)),
                same("invalid length", b"Content-Length: x\r\n\r\n", Read(b"", CLOSED)),
                same("repeated length", b"Content-Length: 5, 5\r\n\r\n", Read(b"", CLOSED)),
                same("both", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", Read(b"", CLOSED)),
            ],
        );
    }
    let sent_anyway = b"HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\nhello";
    let answer = httpkit_tests::exchange(&Method::GET, &[sent_anyway], Strictness::Strict).unwrap();
    assert_eq!((answer.body, answer.reusable), (Vec::new(), CLOSED));
}

#[test]
fn bodies_that_end_with_the_connection() {
    check(
        &Method::GET,
        200,
        &[
            same("no framing", b"\r\nhello", Read(b"hello", CLOSED)),
            same("no framing and no body", b"\r\n", Read(b"", CLOSED)),
            same("keep-alive says nothing", b"Connection: keep-alive\r\n\r\nhello", Read(b"hello", CLOSED)),
        ],
    );
}

/// Runs a chunked body.
fn check_chunks(rows: &[(&str, &[u8], Expect, Expect)]) {
    let owned: Vec<(&str, Vec<u8>, Expect, Expect)> = rows
        .iter()
        .map(|(name, body, strict, compat)| {
            (*name, [b"Transfer-Encoding: chunked\r\n\r\n", *body].concat(), *strict, *compat)
        })
        .collect();
    let rows: Vec<(&str, &[u8], Expect, Expect)> =
        owned.iter().map(|(name, rest, strict, compat)| (*name, &rest[..], *strict, *compat)).collect();
    check(&Method::GET, 200, &rows);
}

#[test]
fn chunk_sizes() {
    check_chunks(&[
        same("two chunks", b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", Read(b"hello world", REUSED)),
        same(
            "both cases of hexadecimal",
            b"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
            Read(b"01234567890123456789", REUSED),
        ),
        same(
            "leading zeros",
            b"0000000000000000000000000000005\r\nhello\r\n000\r\n\r\n",
            Read(b"hello", REUSED),
        ),
        same("plus", b"+5\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("minus", b"-5\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("0x", b"0x5\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("underscore", b"5_0\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("empty", b"\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("no hexadecimal", b"g\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("17 digits", b"10000000000000005\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("16 digits and cut", b"ffffffffffffffff\r\nhello", Refused("IncompleteRead")),
        same("quoted", b"\"5\"\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("NUL", b"5\0\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        ("blank before", b" 5\r\nhello\r\n0\r\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        ("blank behind", b"5 \r\nhello\r\n0\t\r\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        same("digits behind a blank", b"5 5\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
    ]);
}

#[test]
fn chunk_extensions() {
    check_chunks(&[
        same("name", b"5;a\r\nhello\r\n0;b\r\n\r\n", Read(b"hello", REUSED)),
        same("value", b"5;a=b;c=\"d e\"\r\nhello\r\n0\r\n\r\n", Read(b"hello", REUSED)),
        same("blanks around", b"5 ; a = b\r\nhello\r\n0\r\n\r\n", Read(b"hello", REUSED)),
        same(
            "longer than twenty bytes",
            b"5;name=a-rather-long-value-of-an-extension\r\nhello\r\n0\r\n\r\n",
            Read(b"hello", REUSED),
        ),
        same("control byte", b"5;a=\x01\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("bare CR", b"5;a\rb\r\nhello\r\n0\r\n\r\n", Refused("BadChunk")),
        ("bare LF", b"5;a\nhello\r\n0\r\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
    ]);
}

#[test]
fn chunk_line_ends() {
    check_chunks(&[
        ("LF behind the size", b"5\nhello\r\n0\r\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        ("LF behind the data", b"5\r\nhello\n0\r\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        ("LF behind the last chunk", b"5\r\nhello\r\n0\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        ("LF at the end", b"5\r\nhello\r\n0\r\n\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        same("CR behind the size alone", b"5\rhello\r\n0\r\n\r\n", Refused("BadChunk")),
        same("data longer than said", b"5\r\nhello!\r\n0\r\n\r\n", Refused("BadChunk")),
        same("other bytes behind the data", b"5\r\nhelloXX0\r\n\r\n", Refused("BadChunk")),
        same("data cut", b"5\r\nhell", Refused("IncompleteRead")),
        ("no last chunk", b"5\r\nhello\r\n", Refused("IncompleteRead"), Read(b"hello", CLOSED)),
        ("last chunk cut", b"5\r\nhello\r\n0\r\n", Refused("IncompleteRead"), Read(b"hello", CLOSED)),
    ]);
}

#[test]
fn trailers() {
    let body =
        b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\na: c \r\n\r\n";
    for strictness in [Strictness::Strict, Strictness::Compat] {
        let answer = five_ways(&Method::GET, body, strictness).unwrap();
        assert_eq!(answer.fields, ["Transfer-Encoding: chunked", "+A: b", "+a: c"]);
        assert!(answer.reusable);
    }
    check_chunks(&[
        same("bad name", b"5\r\nhello\r\n0\r\nA B: c\r\n\r\n", Refused("BadHeader")),
        same("NUL", b"5\r\nhello\r\n0\r\nA: \0\r\n\r\n", Refused("BadHeader")),
        ("bare LF", b"5\r\nhello\r\n0\r\nA: b\n\r\n", Refused("BadChunk"), Read(b"hello", CLOSED)),
        ("no colon", b"5\r\nhello\r\n0\r\nA\r\n\r\n", Refused("BadHeader"), Read(b"hello", CLOSED)),
        (
            "bare LF before a line without a colon",
            b"5\r\nhello\r\n0\r\nA: b\nB\r\n\r\n",
            Refused("BadChunk"),
            Read(b"hello", CLOSED),
        ),
    ]);
}
