//! Heads of responses: what is read, what is refused, in both degrees of strictness.

use httpkit::{Method, Strictness};
use httpkit_tests::five_ways;

/// What a row expects: the status and fields that are read, or the kind of the error.
#[derive(Debug, Clone, Copy)]
enum Expect {
    /// Status, the head's fields beside `Content-Length`, and whether the connection may serve again.
    Read(u16, &'static [&'static str], bool),
    Refused(&'static str),
}

use Expect::{Read, Refused};

/// A row: the head without its last fields, what Strict and Compat make of it.
type Row = (&'static str, &'static [u8], Expect, Expect);

const REUSED: bool = true;
const CLOSED: bool = false;

fn both(expect: Expect) -> (Expect, Expect) {
    (expect, expect)
}

/// Runs each row with an empty body of length 0.
fn check(rows: &[Row]) {
    for (name, head, strict, compat) in rows {
        for (strictness, expect) in [(Strictness::Strict, strict), (Strictness::Compat, compat)] {
            let outcome = five_ways(&Method::GET, head, strictness);
            match (expect, &outcome) {
                (Read(status, fields, reusable), Ok(answer)) => {
                    let shown: Vec<&str> = answer
                        .fields
                        .iter()
                        .map(String::as_str)
                        .filter(|field| !field.starts_with("Content-Length"))
                        .collect();
                    assert_eq!(
                        (answer.status, &shown[..], answer.reusable),
                        (*status, *fields, *reusable),
                        "{name} ({strictness:?})"
                    );
                }
                (Refused(kind), Err(found)) => assert_eq!(found, kind, "{name} ({strictness:?})"),
                _ => panic!("{name} ({strictness:?}): expected {expect:?}, found {outcome:?}"),
            }
        }
    }
}

fn same(name: &'static str, head: &'static [u8], expect: Expect) -> Row {
    let (strict, compat) = both(expect);
    (name, head, strict, compat)
}

#[test]
fn status_lines() {
    check(&[
        same("plain", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same("no reason", b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same("no reason and no blank", b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same(
            "long reason",
            b"HTTP/1.1 404 Not  Found\tat all\r\nContent-Length: 0\r\n\r\n",
            Read(404, &[], REUSED),
        ),
        same(
            "reason of high bytes",
            b"HTTP/1.1 200 \xc3\xbc\xff\r\nContent-Length: 0\r\n\r\n",
            Read(200, &[], REUSED),
        ),
        same("unregistered status", b"HTTP/1.1 299 x\r\nContent-Length: 0\r\n\r\n", Read(299, &[], REUSED)),
        same(
            "status beyond the classes",
            b"HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n",
            Read(999, &[], REUSED),
        ),
        same("higher minor version", b"HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same("1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], CLOSED)),
        same("status below 100", b"HTTP/1.1 099 x\r\n\r\n", Refused("BadStatusLine")),
        same("status of two digits", b"HTTP/1.1 20 OK\r\n\r\n", Refused("BadStatusLine")),
        same("status of four digits", b"HTTP/1.1 2000 OK\r\n\r\n", Refused("BadStatusLine")),
        same("status with a sign", b"HTTP/1.1 +20 OK\r\n\r\n", Refused("BadStatusLine")),
        same("status and reason joined", b"HTTP/1.1 200OK\r\n\r\n", Refused("BadStatusLine")),
        same("no status", b"HTTP/1.1\r\n\r\n", Refused("BadStatusLine")),
        same("other protocol", b"ICY 200 OK\r\n\r\n", Refused("BadStatusLine")),
        same("lower case", b"http/1.1 200 OK\r\n\r\n", Refused("BadStatusLine")),
        same("HTTP/0.9", b"<html>hello</html>", Refused("BadStatusLine")),
        same("HTTP/2", b"HTTP/2 200\r\n\r\n", Refused("UnknownProtocol")),
        same("HTTP/2.0", b"HTTP/2.0 200 OK\r\n\r\n", Refused("UnknownProtocol")),
        same("HTTP/1.10", b"HTTP/1.10 200 OK\r\n\r\n", Refused("UnknownProtocol")),
        same("HTTP/0.9 by name", b"HTTP/0.9 200 OK\r\n\r\n", Refused("UnknownProtocol")),
        same("NUL in the reason", b"HTTP/1.1 200 O\0K\r\n\r\n", Refused("BadStatusLine")),
        same("bare CR in the reason", b"HTTP/1.1 200 O\rK\r\n\r\n", Refused("BadStatusLine")),
        (
            "control byte in the reason",
            b"HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n",
            Refused("BadStatusLine"),
            Read(200, &[], CLOSED),
        ),
        same(
            "phrase that begins with blanks",
            b"HTTP/1.1 200 \t OK\r\nContent-Length: 0\r\n\r\n",
            Read(200, &[], REUSED),
        ),
        same(
            "phrase of nothing but blanks",
            b"HTTP/1.1 200  \r\nContent-Length: 0\r\n\r\n",
            Read(200, &[], REUSED),
        ),
        (
            "tab behind the status",
            b"HTTP/1.1 200\tOK\r\nContent-Length: 0\r\n\r\n",
            Refused("BadStatusLine"),
            Read(200, &[], CLOSED),
        ),
        (
            "two blanks",
            b"HTTP/1.1  200  OK\r\nContent-Length: 0\r\n\r\n",
            Refused("BadStatusLine"),
            Read(200, &[], CLOSED),
        ),
        (
            "tab for a blank",
            b"HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n",
            Refused("BadStatusLine"),
            Read(200, &[], CLOSED),
        ),
        (
            "empty line before",
            b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            Refused("BadStatusLine"),
            Read(200, &[], CLOSED),
        ),
    ]);
}

#[test]
fn header_lines() {
    check(&[
        same(
            "case and order are kept",
            b"HTTP/1.1 200 OK\r\nB: 1\r\na:2\r\nb: 3\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["B: 1", "a: 2", "b: 3"], REUSED),
        ),
        same(
            "blanks around values",
            b"HTTP/1.1 200 OK\r\nA: \t x y \t\r\nB:\r\nC:  \r\nContent-Length: 0\r\n\r\n",
            Read(200, &["A: x y", "B: ", "C: "], REUSED),
        ),
        same(
            "all tchars",
            b"HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ: x\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["!#$%&'*+-.^_`|~09azAZ: x"], REUSED),
        ),
        same(
            "colons in values",
            b"HTTP/1.1 200 OK\r\nA: b: c:\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["A: b: c:"], REUSED),
        ),
        same(
            "fold",
            b"HTTP/1.1 200 OK\r\nA: b\r\n  c\r\n\td \r\nContent-Length: 0\r\n\r\n",
            Read(200, &["A: b    c   d"], CLOSED),
        ),
        same(
            "fold of nothing",
            b"HTTP/1.1 200 OK\r\nA:\r\n b\r\n \r\nContent-Length: 0\r\n\r\n",
            Read(200, &["A: b"], CLOSED),
        ),
        same("bare LF", b"HTTP/1.1 200 OK\nA: b\nContent-Length: 0\n\n", Read(200, &["A: b"], CLOSED)),
        same(
            "bare LF at the end alone",
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n",
            Read(200, &[], CLOSED),
        ),
        same("bare CR in a value", b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", Refused("BadHeader")),
        same("CR before CRLF", b"HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", Refused("BadHeader")),
        same("NUL in a value", b"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", Refused("BadHeader")),
        same("NUL in a name", b"HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n", Refused("BadHeader")),
        same("NUL in a fold", b"HTTP/1.1 200 OK\r\nA: b\r\n \0c\r\n\r\n", Refused("BadHeader")),
        same("empty name", b"HTTP/1.1 200 OK\r\n: b\r\n\r\n", Refused("BadHeader")),
        same("name of high bytes", b"HTTP/1.1 200 OK\r\n\xc3\xbc: b\r\n\r\n", Refused("BadHeader")),
        same("name with a blank", b"HTTP/1.1 200 OK\r\nA B: c\r\n\r\n", Refused("BadHeader")),
        same("first line begins with a blank", b"HTTP/1.1 200 OK\r\n A: b\r\n\r\n", Refused("BadHeader")),
        same("bare CR alone on a line", b"HTTP/1.1 200 OK\r\nA: b\r\n\rX: y\r\n\r\n", Refused("BadHeader")),
        (
            "control byte in a value",
            b"HTTP/1.1 200 OK\r\nA: b\x01c\x7f\r\nContent-Length: 0\r\n\r\n",
            Refused("BadHeader"),
            Read(200, &["A: b\u{1}c\u{7f}"], CLOSED),
        ),
        (
            "no colon",
            b"HTTP/1.1 200 OK\r\nA: b\r\nnonsense\r\n fold of it\r\nC: d\r\nContent-Length: 0\r\n\r\n",
            Refused("BadHeader"),
            Read(200, &["A: b", "C: d"], CLOSED),
        ),
        (
            "blank before the colon",
            b"HTTP/1.1 200 OK\r\nA : b\r\nContent-Length\t: 0\r\n\r\n",
            Refused("BadHeader"),
            Read(200, &["A: b"], CLOSED),
        ),
    ]);
}

#[test]
fn persistence_follows_version_and_options() {
    check(&[
        same(
            "close",
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: close"], CLOSED),
        ),
        same(
            "close in a list",
            b"HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: x, CLOSE"], CLOSED),
        ),
        same(
            "close on a second line",
            b"HTTP/1.1 200 OK\r\nConnection: x\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: x", "Connection: Close"], CLOSED),
        ),
        same(
            "close within a word",
            b"HTTP/1.1 200 OK\r\nConnection: closed\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: closed"], REUSED),
        ),
        same(
            "close that is no token",
            b"HTTP/1.1 200 OK\r\nConnection: close;x\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: close;x"], CLOSED),
        ),
        same(
            "option of high bytes",
            b"HTTP/1.1 200 OK\r\nConnection: \xff, Close\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: \u{fffd}, Close"], CLOSED),
        ),
        same(
            "1.0 keeps alive",
            b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: Keep-Alive"], REUSED),
        ),
        same(
            "1.0 says both",
            b"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 0\r\n\r\n",
            Read(200, &["Connection: keep-alive, close"], CLOSED),
        ),
    ]);
}

#[test]
fn interim_responses_are_passed_over() {
    check(&[
        same("100", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same("100 with fields", b"HTTP/1.1 100 Continue\r\nA: b\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same("100 with a length", b"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], CLOSED)),
        same("100 with a transfer coding", b"HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], CLOSED)),
        same("103 that closes", b"HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], CLOSED)),
        same("102 and 103", b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n", Read(404, &[], REUSED)),
        same("unknown interim", b"HTTP/1.1 199 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Read(200, &[], REUSED)),
        same("101 unasked", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Refused("UnexpectedUpgrade")),
    ]);
}
