//! Encoded content: the same however it is split and read, never more than its limits, and never a panic.
//!
//! Input: the codings, the length of the pieces, then the body.

#![no_main]

use std::io::Read;

use httpkit::{
    Client, Limits, Response,
    testing::{Act, Script, ScriptedConnector},
};
use httpkit_tests::kind_name;
use libfuzzer_sys::fuzz_target;

const CODINGS: [&str; 8] =
    ["gzip", "deflate", "br", "zstd", "gzip, gzip", "br, gzip", "deflate, zstd", "zstd, br"];

fuzz_target!(|input: &[u8]| {
    let [coding, length, body @ ..] = input else { return };
    let coding = CODINGS[usize::from(*coding) % CODINGS.len()];
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
    let response = [head.as_bytes(), body].concat();
    let whole = decoded(&[&response], |response| response.bytes());
    let pieces: Vec<&[u8]> = response.chunks(usize::from(*length).max(1)).collect();
    assert_eq!(whole, decoded(&pieces, |response| response.bytes()));
    let streamed = decoded(&pieces, |mut response| {
        let mut bytes = Vec::new();
        let mut block = [0; 7];
        loop {
            match response.read(&mut block)? {
                0 => return Ok(bytes),
                count => bytes.extend_from_slice(&block[..count]),
            }
        }
    });
    assert_eq!(whole.as_ref().ok(), streamed.as_ref().ok());
});

/// What comes of a response in these pieces: content, or what is wrong with it.
fn decoded(pieces: &[&[u8]], read: impl Fn(Response) -> httpkit::Result<Vec<u8>>) -> Result<Vec<u8>, String> {
    let script = pieces
        .iter()
        .filter(|piece| !piece.is_empty())
        .fold(Script::new().then(Act::AwaitWrite), |script, piece| script.then(Act::Send(piece.to_vec())));
    let limits = Limits::new().max_body_bytes(1 << 20).max_collected_bytes(1 << 21);
    let client = Client::builder()
        .connector(ScriptedConnector::new([script.then(Act::End)]))
        .limits(limits)
        .build()
        .expect("the settings are valid");
    let response = client.get("http://test.example/").send().expect("the head is well-formed");
    read(response).map_err(|error| kind_name(error.kind()))
}
