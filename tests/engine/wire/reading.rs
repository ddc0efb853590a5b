//! Bodies, read in each way that there is.

use std::{
    io::{self, BufRead, BufReader, Read},
    thread,
};

use httpkit::{
    Client, Error, ErrorKind, HttpConnection, Method, Response,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};
use httpkit_tests::{answers, scripted};

const URL: &str = "http://test.example/";
const SIZE: usize = 10_000_019;

/// Bytes that repeat in no step that a buffer has.
fn content() -> Vec<u8> {
    (0..=250).cycle().take(SIZE).collect()
}

/// The content as chunks whose sizes are odd.
fn chunked(content: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(content.len() * 2);
    let mut rest = content;
    for size in [1, 3, 8191, 16_385, 65_537, 7, 300_007].into_iter().cycle() {
        let (chunk, further) = rest.split_at(rest.len().min(size));
        if chunk.is_empty() {
            break;
        }
        body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        body.extend_from_slice(chunk);
        body.extend_from_slice(b"\r\n");
        rest = further;
    }
    body.extend_from_slice(b"0\r\n\r\n");
    body
}

/// A server that sends the content in the framing that the target names.
fn large() -> Server {
    let content = content();
    let chunked = chunked(&content);
    Server::start(move |request| match request.target() {
        "/length" => Reply::new(200).body(&content[..]),
        "/chunked" => Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").send(&chunked[..]),
        _ => Reply::raw("HTTP/1.1 200 OK\r\n\r\n").send(&content[..]).close(),
    })
}

/// A way to read a whole body.
type Way = fn(Response) -> Vec<u8>;

const WAYS: [(&str, Way); 6] = [
    ("bytes", |response| response.bytes().unwrap()),
    ("read_to_end", |mut response| {
        let mut bytes = Vec::new();
        response.read_to_end(&mut bytes).unwrap();
        bytes
    }),
    ("copy_to", |mut response| {
        let mut bytes = Vec::new();
        assert_eq!(response.copy_to(&mut bytes).unwrap(), SIZE as u64);
        bytes
    }),
    ("small and large reads", |mut response| {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 100_003];
        for size in [1, 40_009, 17, 100_003, 4096].into_iter().cycle() {
            match response.read(&mut buffer[..size]).unwrap() {
                0 => break,
                count => bytes.extend_from_slice(&buffer[..count]),
            }
        }
        bytes
    }),
    ("fill_buf and consume", |mut response| {
        let mut bytes = Vec::new();
        loop {
            let at_hand = response.fill_buf().unwrap();
            if at_hand.is_empty() {
                return bytes;
            }
            // Not all of what is there.
            let count = at_hand.len().div_ceil(2);
            bytes.extend_from_slice(&at_hand[..count]);
            response.consume(count);
        }
    }),
    ("another buffer", |response| {
        let mut bytes = Vec::new();
        BufReader::with_capacity(1009, response).read_to_end(&mut bytes).unwrap();
        bytes
    }),
];

#[test]
fn large_bodies_are_whole_in_each_framing_and_each_way() {
    let server = large();
    let expected = content();
    let client = Client::new();
    for target in ["/length", "/chunked", "/close"] {
        for (way, read) in WAYS {
            let bytes = read(client.get(server.url(target)).send().unwrap());
            assert!(bytes == expected, "{target} by {way}: {} bytes", bytes.len());
        }
    }
    // Each body that did not end with its connection left that to the next request.
    assert_eq!(server.connections(), WAYS.len());
}

const LENGTH: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// The response to a GET, in pieces; then the server waits for ever.
fn in_pieces(pieces: &[&str]) -> Response {
    let mut script = Script::new().then(Act::AwaitWrite);
    for piece in pieces {
        script = script.then(Act::Send(piece.as_bytes().to_vec()));
    }
    scripted([script]).0.get(URL).send().unwrap()
}

#[test]
fn pieces_are_put_together() {
    for pieces in [
        &[LENGTH, "h", "ell", "o"][..],
        &[LENGTH, "hello"],
        &[CHUNKED, "5", "\r", "\nhel", "lo\r\n0", "\r\n\r\n"],
        &[CHUNKED, "1\r\nh\r\n1\r\ne\r\n3\r\nllo\r\n0\r\n\r\n"],
    ] {
        assert_eq!(in_pieces(pieces).bytes().unwrap(), b"hello", "{pieces:?}");
        assert_eq!(in_pieces(pieces).text().unwrap(), "hello", "{pieces:?}");
        let mut response = in_pieces(pieces);
        let mut text = String::new();
        assert_eq!(response.read_to_string(&mut text).unwrap(), 5);
        assert_eq!(text, "hello", "{pieces:?}");
    }
    for pieces in [&[LENGTH, "[1,", "2]"][..], &[CHUNKED, "2\r\n[1\r\n3\r\n,2]\r\n", "0\r\n\r\n"]] {
        assert_eq!(in_pieces(pieces).json::<Vec<u8>>().unwrap(), [1, 2], "{pieces:?}");
    }
}

#[test]
fn a_read_gives_what_has_come_and_waits_for_no_more() {
    let mut buffer = vec![0; 100_000];
    for (pieces, expected) in [
        (&[LENGTH, "he", "llo"][..], &["he", "llo", ""][..]),
        (&[&[LENGTH, "he"].concat(), "llo"], &["he", "llo", ""]),
        // What has come of several chunks is one read.
        (&[CHUNKED, "2\r\nhe\r\n2\r\nll\r\n", "1\r\no\r\n0\r\n\r\n"], &["hell", "o", ""]),
    ] {
        for size in [100, buffer.len()] {
            let mut response = in_pieces(pieces);
            for expected in expected {
                let count = response.read(&mut buffer[..size]).unwrap();
                assert_eq!(&buffer[..count], expected.as_bytes(), "{pieces:?}");
            }
        }
    }
}

#[test]
fn read_up_to_waits_for_no_more_than_was_asked_for() {
    for head in [LENGTH, CHUNKED] {
        let rest = if head == LENGTH { "hel" } else { "3\r\nhel\r\n" };
        let script = Script::new()
            .then(Act::AwaitWrite)
            .then(Act::Send(head.as_bytes().to_vec()))
            .then(Act::Send(rest.as_bytes().to_vec()));
        let connector = ScriptedConnector::new([script]);
        let mut connection =
            HttpConnection::builder("test.example").connector(connector.clone()).build().unwrap();
        connection.request(Method::GET, "/", (), &[]).unwrap();
        let mut response = connection.get_response().unwrap();
        let calls = || connector.recorded()[0].calls;
        let before = calls();
        assert_eq!(response.read_up_to(0).unwrap(), b"");
        assert_eq!(calls(), before);
        assert_eq!(response.read_up_to(1).unwrap(), b"h");
        assert_eq!(calls(), before + 1);
        // Two bytes are there, and nothing more comes.
        assert_eq!(response.read_up_to(2).unwrap(), b"el");
        assert_eq!(calls(), before + 1);
        assert!(!response.is_read());
        assert!(response.read_up_to(1).unwrap_err().is_timeout());
    }
}

#[test]
fn read_up_to_gives_fewer_bytes_only_at_the_end() {
    let script = answers([format!("{LENGTH}h").as_bytes()]);
    let script = script.then(Act::Send(b"el".to_vec())).then(Act::Send(b"lo".to_vec()));
    let connector = ScriptedConnector::new([script]);
    let mut connection = HttpConnection::builder("test.example").connector(connector).build().unwrap();
    connection.request(Method::GET, "/", (), &[]).unwrap();
    let mut response = connection.get_response().unwrap();
    assert_eq!(response.read_up_to(4).unwrap(), b"hell");
    assert_eq!(response.read_up_to(4).unwrap(), b"o");
    assert_eq!(response.read_up_to(4).unwrap(), b"");
    assert!(response.is_read());
    drop(response);
    assert!(connection.is_open());
}

#[test]
fn behind_the_end_there_is_nothing() {
    for pieces in [&[LENGTH, "hello"][..], &[CHUNKED, "5\r\nhello\r\n0\r\n\r\n"]] {
        let mut response = in_pieces(pieces);
        response.read_to_end(&mut Vec::new()).unwrap();
        for _ in 0..3 {
            assert_eq!(response.read(&mut [0; 10]).unwrap(), 0);
            assert!(response.fill_buf().unwrap().is_empty());
            assert_eq!(response.copy_to(&mut io::sink()).unwrap(), 0);
        }
        assert_eq!(response.bytes().unwrap(), b"");
    }
}

#[test]
fn a_read_into_no_space_is_not_the_end() {
    let mut response = in_pieces(&[LENGTH, "hello"]);
    assert_eq!(response.read(&mut []).unwrap(), 0);
    assert_eq!(response.text().unwrap(), "hello");
}

#[test]
fn what_was_read_before_is_not_read_again() {
    let mut response = in_pieces(&[LENGTH, "he", "llo"]);
    response.read_exact(&mut [0; 1]).unwrap();
    assert_eq!(response.bytes().unwrap(), b"ello");

    let mut response = in_pieces(&[CHUNKED, "2\r\nx[\r\n2\r\n1]\r\n0\r\n\r\n"]);
    response.read_exact(&mut [0; 1]).unwrap();
    assert_eq!(response.json::<Vec<u8>>().unwrap(), [1]);
}

#[test]
fn what_comes_before_an_error_is_read_in_each_way() {
    let response = || {
        let script = Script::new().then(Act::AwaitWrite).then(Act::Send(
            b"HTTP/1.1 200 OK\r\n\
            Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nXYZ\r\n"
                .to_vec(),
        ));
        scripted([script]).0.get(URL).send().unwrap()
    };
    let mut buffered = response();
    for _ in 0..2 {
        assert_eq!(buffered.fill_buf().unwrap(), b"hello");
    }
    buffered.consume(5);
    buffered.fill_buf().unwrap_err();
    let (mut read, mut copied) = (Vec::new(), Vec::new());
    response().read_to_end(&mut read).unwrap_err();
    response().copy_to(&mut copied).unwrap_err();
    let (collected, decoded) = (response().bytes().unwrap_err(), response().json::<String>().unwrap_err());
    for found in [&read, &copied, collected.partial(), decoded.partial()] {
        assert_eq!(found, b"hello");
    }
}

#[test]
fn behind_an_error_there_is_no_end() {
    let cut = |pieces: &[&str], last: Act| {
        let mut script = Script::new().then(Act::AwaitWrite);
        for piece in pieces {
            script = script.then(Act::Send(piece.as_bytes().to_vec()));
        }
        scripted([script.then(last)]).0.get(URL).send().unwrap()
    };
    let reset = || Act::FailRead(io::ErrorKind::ConnectionReset);
    let late = || Act::FailRead(io::ErrorKind::TimedOut);
    for (pieces, last) in [
        (&[LENGTH, "hell"][..], Act::End),
        (&[LENGTH, "hell"], reset()),
        (&[LENGTH, "hell"], late()),
        (&[CHUNKED, "5\r\nhell"], Act::End),
        (&[CHUNKED, "5\r\nhello\r\n"], Act::End),
        (&[CHUNKED, "5\r\nhello\r\n0\r\n"], Act::End),
        (&[CHUNKED, "5\r\nhello\r\n"], reset()),
        (&[CHUNKED, "5\r\nhello\r\n"], late()),
        (&[CHUNKED, "5\r\nhello\r\nx\r\n"], Act::End),
        (&[CHUNKED, "5\r\nhello\r\n0\r\nA B: c\r\n\r\n"], Act::End),
        (&["HTTP/1.1 200 OK\r\n\r\n", "hello"], reset()),
    ] {
        let mut response = cut(pieces, last.clone());
        let first = Error::from(response.read_to_end(&mut Vec::new()).unwrap_err());
        for _ in 0..3 {
            response.read(&mut [0; 10]).expect_err("no end");
            response.read(&mut vec![0; 100_000]).expect_err("no end");
            response.fill_buf().expect_err("no end");
            response.copy_to(&mut io::sink()).expect_err("no end");
        }
        let last = response.bytes().unwrap_err();
        assert!(matches!(last.kind(), ErrorKind::IncompleteRead { .. }), "{pieces:?}: {first}, then {last}");
    }
}

#[test]
fn trailers_are_there_once_the_body_has_been_read() {
    let mut response = in_pieces(&[CHUNKED, "5\r\nhello\r\n", "0\r\nX-Sum: 5\r\nx-sum: 6\r\n\r\n"]);
    assert!(response.trailers().is_empty());
    response.read_exact(&mut [0; 5]).unwrap();
    assert!(response.trailers().is_empty());
    assert_eq!(response.read(&mut [0; 5]).unwrap(), 0);
    let sums: Vec<String> = response.trailers().get_all("X-Sum").map(|value| value.to_string()).collect();
    assert_eq!(sums, ["5", "6"]);
    assert!(!response.headers().contains("x-sum"));

    let mut response = in_pieces(&[CHUNKED, "0\r\nX-Sum: 0\r\n\r\n"]);
    assert_eq!(response.copy_to(&mut io::sink()).unwrap(), 0);
    assert_eq!(response.trailers().get("x-sum").unwrap(), "0");
}

#[test]
fn trailers_of_one_response_are_not_those_of_the_next() {
    let first = format!("{CHUNKED}0\r\nX-Sum: 0\r\n\r\n");
    let (client, _) = scripted([answers([first.as_bytes(), format!("{LENGTH}hello").as_bytes()])]);
    client.get(URL).send().unwrap().bytes().unwrap();
    let mut second = client.get(URL).send().unwrap();
    second.copy_to(&mut io::sink()).unwrap();
    assert!(second.trailers().is_empty());
}

#[test]
fn no_body_is_an_empty_one() {
    for response in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        assert_eq!(in_pieces(&[response]).text().unwrap(), "", "{response}");
        assert!(in_pieces(&[response]).fill_buf().unwrap().is_empty(), "{response}");
        assert!(in_pieces(&[response]).json::<Vec<u8>>().is_err(), "{response}");
    }
    let (client, _) = scripted([answers([LENGTH.as_bytes()])]);
    let response = client.head(URL).send().unwrap();
    assert_eq!(response.content_length(), Some(5));
    assert_eq!(response.text().unwrap(), "");
}

#[test]
fn short_chunks_that_came_together_are_shown_together() {
    let long = "x".repeat(2000);
    let body = format!("1\r\na\r\n2;b=c\r\nbc\r\n7d0\r\n{long}\r\n1\r\nd\r\n01\r\ne\r\n0\r\n\r\n");
    let mut response = in_pieces(&[CHUNKED, &body]);
    let (mut shown, mut lengths) = (Vec::new(), Vec::new());
    while let content @ [_, ..] = response.fill_buf().unwrap() {
        let length = content.len();
        shown.extend_from_slice(content);
        lengths.push(length);
        response.consume(length);
    }
    assert_eq!(shown, format!("abc{long}de").as_bytes());
    assert_eq!(lengths, [3, 2002]);
}

#[test]
fn lines_are_read_across_chunks() {
    let response =
        in_pieces(&[CHUNKED, "4\r\none\n\r\n2\r\ntw\r\n", "3\r\no\nt\r\n", "4\r\nhree\r\n0\r\n\r\n"]);
    let lines: Vec<String> = response.lines().collect::<Result<_, _>>().unwrap();
    assert_eq!(lines, ["one", "two", "three"]);
}

#[test]
fn a_response_can_be_read_on_another_thread() {
    let response = in_pieces(&[LENGTH, "hello"]);
    assert_eq!(thread::spawn(|| response.text()).join().unwrap().unwrap(), "hello");
}
