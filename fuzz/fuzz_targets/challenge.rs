//! `WWW-Authenticate`: the client responds to a challenge with one `Authorization` field. It repeats parameters of
//! the server exactly, and does not contain the password.
//!
//! Input, by line: the fields.

#![no_main]

use std::collections::HashMap;

use httpkit_tests::{OK, answers, scripted};
use libfuzzer_sys::fuzz_target;

const USER: &str = "Mufasa \"the\" King";
const PASSWORD: &str = "Circle of Life";
/// The parameters that are the same in a challenge and the response to it.
const REPEATED: [&str; 6] = ["realm", "nonce", "opaque", "qop", "algorithm", "userhash"];

type Parameters = HashMap<String, Vec<u8>>;

fuzz_target!(|input: &[u8]| {
    let fields: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let Some(answer) = answer(&fields) else { return };
    check_answer(&answer);
    // The parameters of the response make a challenge that gets the same response.
    let repeated = REPEATED.iter().filter_map(|name| Some((*name, answer.get(*name)?)));
    let parameters = repeated.map(|(name, value)| [name.as_bytes(), b"=", &quoted(value)].concat());
    let again = [b"Basic realm=x, Digest ", &*parameters.collect::<Vec<_>>().join(&b", "[..])].concat();
    let repeated = self::answer(&[&again]).expect("the challenge is one for Digest");
    for name in REPEATED.into_iter().chain(["username"]) {
        assert_eq!(repeated.get(name), answer.get(name), "{name} of {}", again.escape_ascii());
    }
});

fn quoted(value: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for byte in value {
        // Each byte may have a backslash.
        quoted.extend([b'\\', *byte]);
    }
    quoted.push(b'"');
    quoted
}

fn check_answer(answer: &Parameters) {
    let text = |name: &str| answer.get(name).map(|value| String::from_utf8_lossy(value).into_owned());
    let algorithm = text("algorithm").unwrap_or("MD5".into()).to_ascii_lowercase();
    let length = if algorithm.starts_with("md5") { 32 } else { 64 };
    let is_hash = |text: &str| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(["md5", "md5-sess", "sha-256", "sha-256-sess"].contains(&&*algorithm), "{algorithm}");
    assert!(is_hash(&text("response").expect("there is a response")));
    assert_eq!(text("uri").as_deref(), Some("/a?b"));
    assert!(text("nonce").is_some() && text("realm").is_some());
    let user = text("username").expect("there is a user");
    match text("userhash") {
        Some(_) => assert!(is_hash(&user), "{user}"),
        None => assert_eq!(user, USER),
    }
    match text("qop") {
        Some(qop) => assert_eq!((&*qop, text("nc").as_deref()), ("auth", Some("00000001"))),
        None => assert_eq!(text("nc"), None),
    }
}

/// The parameters of the request that follows a response with these fields, if there is one.
fn answer(fields: &[&[u8]]) -> Option<Parameters> {
    let lines = fields.iter().map(|field| [b"WWW-Authenticate: ", *field, b"\r\n"].concat());
    let head = [
        &b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"[..],
        &lines.collect::<Vec<_>>().concat(),
        b"\r\n",
    ];
    let (client, connector) = scripted([answers([&*head.concat(), OK])]);
    client.get("http://test.example/a?b").digest(USER, PASSWORD).send().ok()?;
    let written = connector.recorded().remove(0).written;
    assert!(!written.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes()));
    let mut values = written
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.strip_prefix(b"Authorization: Digest ")?.strip_suffix(b"\r"));
    let value = values.next()?;
    assert_eq!(values.next(), None, "a field is sent twice");
    Some(parameters(value))
}

/// Reads `name=token` and `name="value"`, with commas in between.
fn parameters(mut text: &[u8]) -> Parameters {
    let mut parameters = Parameters::new();
    while !text.is_empty() {
        let equals = text.iter().position(|byte| *byte == b'=').expect("a parameter has a value");
        let name = str::from_utf8(&text[..equals]).expect("a name is ASCII").to_owned();
        let (value, rest) = value(&text[equals + 1..]);
        assert_eq!(parameters.insert(name, value), None, "a parameter stands twice");
        text = rest.strip_prefix(b", ").unwrap_or_else(|| {
            assert!(rest.is_empty(), "{}", rest.escape_ascii());
            rest
        });
    }
    parameters
}

fn value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let (token, rest) = text.split_at(text.iter().position(|byte| *byte == b',').unwrap_or(text.len()));
        return (token.to_vec(), rest);
    };
    let (mut value, mut bytes) = (Vec::new(), quoted.iter());
    loop {
        match bytes.next().expect("a quoted string ends") {
            b'"' => return (value, bytes.as_slice()),
            b'\\' => value.extend(bytes.next()),
            byte => value.push(*byte),
        }
    }
}
