//! What a server may make a client read, and where it ends.

use httpkit::{
    ErrorKind, HttpConnection, Limits, Method,
    testing::{Act, Script, ScriptedConnector},
};

/// What reading this response with these limits ends in: the body's length, or what was too large.
fn read(response: &[u8], limits: Limits) -> Result<usize, String> {
    let script = Script::new().then(Act::AwaitWrite).then(Act::Send(response.to_vec())).then(Act::End);
    let connector = ScriptedConnector::new([script]);
    let mut connection = HttpConnection::builder("h").connector(connector).limits(limits).build().unwrap();
    connection.request(Method::GET, "/", (), &[]).unwrap();
    let outcome = connection.get_response().and_then(|mut response| response.read_all());
    match outcome {
        Ok(body) => Ok(body.len()),
        Err(error) => match error.kind() {
            ErrorKind::TooLarge { .. } => Err(error.kind().to_string()),
            _ => panic!("{error}"),
        },
    }
}

fn head(fields: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{fields}\r\n").into_bytes()
}

#[test]
fn a_head_ends_at_its_limit() {
    let whole = head("X: y\r\n");
    let limits = |max_head_bytes| Limits::new().max_head_bytes(max_head_bytes);
    assert_eq!(read(&whole, limits(whole.len())), Ok(0));
    assert_eq!(
        read(&whole, limits(whole.len() - 1)),
        Err(format!("response head exceeds {} bytes (`Limits::max_head_bytes`)", whole.len() - 1))
    );
    // Whatever comes without an end.
    let endless = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'a'; 200_000]].concat();
    assert_eq!(
        read(&endless, Limits::new()),
        Err("response head exceeds 64 KiB (`Limits::max_head_bytes`)".to_owned())
    );
    let endless = [b"HTTP/1.1 200 ".to_vec(), vec![b'a'; 200_000]].concat();
    assert_eq!(
        read(&endless, Limits::new()),
        Err("response head exceeds 64 KiB (`Limits::max_head_bytes`)".to_owned())
    );
    // A limit beyond the first buffer.
    let large = head(&format!("X: {}\r\n", "a".repeat(300_000)));
    assert_eq!(read(&large, limits(400_000)), Ok(0));
}

#[test]
fn fields_are_counted() {
    let limits = Limits::new().max_fields(3);
    assert_eq!(read(&head("A: 1\r\nB: 2\r\n"), limits), Ok(0));
    assert_eq!(
        read(&head("A: 1\r\nB: 2\r\nC: 3\r\n"), limits),
        Err("response head exceeds 3 fields (`Limits::max_fields`)".to_owned())
    );
    assert_eq!(read(&head("A: 1\r\nB: 2\r\n\tfold\r\n"), limits), Ok(0));
}

#[test]
fn limits_interim_responses_by_their_bytes() {
    let interim = |count: usize, fields: &str| {
        let interim = format!("HTTP/1.1 103 Early Hints\r\n{fields}\r\n").repeat(count);
        [interim.into_bytes(), head("")].concat()
    };
    assert_eq!(read(&interim(1000, ""), Limits::new()), Ok(0));
    let heavy = format!("Link: {}\r\n", "x".repeat(5_000));
    assert_eq!(read(&interim(12, &heavy), Limits::new()), Ok(0));
    assert_eq!(
        read(&interim(14, &heavy), Limits::new()),
        Err("sequence of interim responses exceeds 64 KiB (`Limits::max_head_bytes`)".to_owned())
    );
}

fn chunked(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}").into_bytes()
}

#[test]
fn chunk_extensions_share_one_limit_over_the_body() {
    let limits = Limits::new().max_chunk_extension_bytes(100);
    let extension = ";".to_owned() + &"e".repeat(49);
    assert_eq!(
        read(&chunked(&format!("1{extension}\r\nx\r\n1{extension}\r\ny\r\n0\r\n\r\n")), limits),
        Ok(2)
    );
    let error =
        Err("chunk framing of the body exceeds 100 bytes (`Limits::max_chunk_extension_bytes`)".to_owned());
    assert_eq!(
        read(&chunked(&format!("1{extension}\r\nx\r\n1{extension}e\r\ny\r\n0\r\n\r\n")), limits),
        error
    );
    assert_eq!(read(&chunked(&format!("{}1\r\nx\r\n0\r\n\r\n", "0".repeat(200))), limits), error);
}

#[test]
fn trailers_end_at_their_limits() {
    let limits = Limits::new().max_trailer_bytes(20).max_trailer_fields(2);
    assert_eq!(read(&chunked("0\r\nA: 1\r\nB: 2\r\n\r\n"), limits), Ok(0));
    assert_eq!(
        read(&chunked("0\r\nA:\r\nB:\r\nC:\r\n\r\n"), limits),
        Err("trailer section exceeds 2 fields (`Limits::max_trailer_fields`)".to_owned())
    );
    assert_eq!(
        read(&chunked("0\r\nA: 12345\r\nB: 67890\r\n\r\n"), limits),
        Err("trailer section exceeds 20 bytes (`Limits::max_trailer_bytes`)".to_owned())
    );
    let flood = chunked(&format!("0\r\n{}\r\n", "A: b\r\n".repeat(100_000)));
    assert_eq!(
        read(&flood, Limits::new()),
        Err("trailer section exceeds 64 fields (`Limits::max_trailer_fields`)".to_owned())
    );
}

#[test]
fn a_collected_body_ends_at_its_limit() {
    let response = |length: usize| {
        [format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes(), vec![b'x'; length]]
            .concat()
    };
    let limits = Limits::new().max_collected_bytes(100_000);
    assert_eq!(read(&response(100_000), limits), Ok(100_000));
    assert_eq!(
        read(&response(100_001), limits),
        Err("body in memory exceeds 100000 bytes (`Limits::max_collected_bytes`)".to_owned())
    );
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 100_001]].concat();
    assert_eq!(
        read(&endless, limits),
        Err("body in memory exceeds 100000 bytes (`Limits::max_collected_bytes`)".to_owned())
    );
    assert_eq!(read(&endless[..endless.len() - 1], limits), Ok(100_000));
}

#[test]
fn an_announced_length_reserves_no_memory() {
    let huge = b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nx".to_vec();
    let script = Script::new().then(Act::AwaitWrite).then(Act::Send(huge)).then(Act::End);
    let mut connection =
        HttpConnection::builder("h").connector(ScriptedConnector::new([script])).build().unwrap();
    connection.request(Method::GET, "/", (), &[]).unwrap();
    let error = connection.get_response().unwrap().read_all().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::IncompleteRead { received: 1, expected: Some(u64::MAX) }),
        "{error}"
    );
    assert_eq!(error.partial(), b"x");
}
