//! Two exchanges on one client against a server that sends anything: no panic, no hang, and bytes that
//! nobody asked for are never an answer.
//!
//! Input: the method, the length of the pieces, then what the server sends.

#![no_main]

use httpkit::{
    Client, Method, Strictness,
    testing::{Act, Script, ScriptedConnector},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [choice, length, bytes @ ..] = input else { return };
    let method = [Method::GET, Method::HEAD, Method::POST, Method::CONNECT][usize::from(*choice) % 4].clone();
    let strictness = if choice & 0x80 == 0 { Strictness::Strict } else { Strictness::Compat };
    let pieces = bytes.chunks(usize::from(*length).max(1));
    let script = pieces
        .fold(Script::new().then(Act::AwaitWrite), |script, piece| script.then(Act::Send(piece.to_vec())));
    let second = Script::answer(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
    let connector = ScriptedConnector::new([script.then(Act::End), second]);
    let client = Client::builder()
        .connector(connector)
        .strictness(strictness)
        .build()
        .expect("the settings are valid");
    if method != Method::CONNECT {
        let first =
            client.request(method, "http://h/").header("Upgrade", "x").header("Connection", "Upgrade").send();
        let _ = first.and_then(|response| response.bytes());
        // The first connection has ended, so this one is served by the second script.
        let answer = client.get("http://h/").send().and_then(|response| response.text());
        assert_eq!(answer.expect("the second server answers"), "second");
    }
});
