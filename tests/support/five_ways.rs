//! Runs a raw response through a connection in five ways: whole, byte by byte, split at every index, with
//! bytes behind it, and cut short at every index.

use httpkit::{
    ErrorKind, HttpConnection, Method, Strictness,
    testing::{Act, Script, ScriptedConnector},
};

use crate::keep_as_seed;

/// What a client makes of a response.
pub type Outcome = Result<Answer, String>;

/// A response that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// Headers as `name: value`, then trailers as `+name: value`.
    pub fields: Vec<String>,
    /// Whether the connection may serve again.
    pub reusable: bool,
}

/// Sends one request to a server that answers with these pieces and then closes.
pub fn exchange(method: &Method, pieces: &[&[u8]], strictness: Strictness) -> Outcome {
    let mut script = Script::new().then(Act::AwaitWrite);
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        script = script.then(Act::Send(piece.to_vec()));
    }
    let connector = ScriptedConnector::new([script.then(Act::End)]);
    let mut connection = HttpConnection::builder("test.example")
        .connector(connector)
        .strictness(strictness)
        .build()
        .expect("the host is well-formed");
    let outcome = read(&mut connection, method);
    assert!(outcome.is_ok() || !connection.is_open(), "a connection stays open after {outcome:?}");
    outcome
}

fn read(connection: &mut HttpConnection, method: &Method) -> Outcome {
    let name = |error: httpkit::Error| kind_name(error.kind());
    connection.request(method.clone(), "/", (), &[]).map_err(name)?;
    let mut response = connection.get_response().map_err(name)?;
    let status = response.status().code();
    let body = response.read_all().map_err(name)?;
    let headers = response.headers().iter().map(|(name, value)| format!("{name}: {value}"));
    let trailers = response.trailers().iter().map(|(name, value)| format!("+{name}: {value}"));
    let fields = headers.chain(trailers).collect();
    drop(response);
    Ok(Answer { status, body, fields, reusable: connection.is_open() })
}

/// The name of an error's variant.
pub fn kind_name(kind: &ErrorKind) -> String {
    format!("{kind:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}

/// Runs the response in five ways and checks that all of them agree; returns the outcome.
pub fn five_ways(method: &Method, response: &[u8], strictness: Strictness) -> Outcome {
    keep_as_seeds(response);
    let whole = exchange(method, &[response], strictness);
    let bytes: Vec<&[u8]> = response.chunks(1).collect();
    assert_eq!(exchange(method, &bytes, strictness), whole, "byte by byte: {:?}", shown(response));
    for index in 1..response.len() {
        let (front, back) = response.split_at(index);
        assert_eq!(
            exchange(method, &[front, back], strictness),
            whole,
            "split at {index}: {:?}",
            shown(response)
        );
    }
    if let Ok(answer) = &whole {
        check_trailing(method, response, strictness, answer);
        check_truncated(method, response, strictness, answer);
    }
    whole
}

/// Keeps the response as a seed of the fuzz targets that read one.
fn keep_as_seeds(response: &[u8]) {
    let body =
        response.windows(4).position(|window| window == b"\r\n\r\n").map_or(response.len(), |end| end + 4);
    let seeds: [(&str, &[u8], &[u8]); 3] = [
        ("response_head", b"\x10", response),
        ("chunked", b"\x03", &response[body..]),
        ("exchange", b"\x00\xff", response),
    ];
    for (target, choices, bytes) in seeds {
        keep_as_seed(target, &[choices, bytes].concat());
    }
}

/// Bytes behind the response are not part of it, and nobody gets them as the next one.
fn check_trailing(method: &Method, response: &[u8], strictness: Strictness, answer: &Answer) {
    let extra = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";
    let followed = exchange(method, &[&[response, extra].concat()], strictness);
    let has_end = response.ends_with(b"\n\r\n") || response.ends_with(b"\n\n");
    if strictness == Strictness::Compat && has_chunks(answer) && !has_end {
        // A last chunk that is missing is forgiven at the end of the connection, which is not here.
        return;
    }
    let mut expected = answer.clone();
    if is_close_delimited(method, answer) {
        expected.body.extend_from_slice(extra);
    }
    expected.reusable = false;
    assert_eq!(followed, Ok(expected), "with bytes behind: {:?}", shown(response));
}

/// What is cut short is never taken for whole, unless the end of the connection ends the body.
fn check_truncated(method: &Method, response: &[u8], strictness: Strictness, answer: &Answer) {
    for length in 0..response.len() {
        let Ok(cut) = exchange(method, &[&response[..length]], strictness) else {
            continue;
        };
        let is_prefix = answer.body.starts_with(&cut.body) && cut.status == answer.status && !cut.reusable;
        let may_end =
            is_close_delimited(method, answer) || (strictness == Strictness::Compat && has_chunks(answer));
        assert!(is_prefix && may_end, "cut after {length} bytes: {:?} gave {cut:?}", shown(response));
    }
}

fn has(answer: &Answer, name: &str) -> bool {
    answer.fields.iter().any(|field| field.to_ascii_lowercase().starts_with(name))
}

fn has_chunks(answer: &Answer) -> bool {
    has(answer, "transfer-encoding:")
}

fn is_close_delimited(method: &Method, answer: &Answer) -> bool {
    let bodiless = *method == Method::HEAD || matches!(answer.status, 204 | 304);
    let identity =
        answer.fields.iter().any(|field| field.eq_ignore_ascii_case("transfer-encoding: identity"));
    !bodiless && !has(answer, "content-length:") && (!has_chunks(answer) || identity)
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
