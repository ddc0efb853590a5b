//! Bodies in pieces.

use httpkit::testing::{Act, Script};

/// Answers with this body: whole, byte by byte, and split at every index; of known length, and in chunks.
pub(crate) fn split_ways(body: &[u8]) -> Vec<Script> {
    let mut ways: Vec<Vec<&[u8]>> = vec![body.chunks(1).collect()];
    ways.extend((0..=body.len()).map(|index| [&body[..index], &body[index..]].to_vec()));
    let scripts = ways.iter().flat_map(|pieces| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let known = script(&head, pieces.iter().map(|piece| piece.to_vec()), b"");
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunks = pieces
            .iter()
            .filter(|piece| !piece.is_empty())
            .map(|piece| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
        [known, script(head, chunks, b"0\r\n\r\n")]
    });
    scripts.collect()
}

fn script(head: &str, pieces: impl Iterator<Item = Vec<u8>>, end: &[u8]) -> Script {
    let begun = Script::new().then(Act::AwaitWrite).then(Act::Send(head.into()));
    let sent = pieces.chain([end.to_vec()]).filter(|piece| !piece.is_empty());
    sent.fold(begun, |script, piece| script.then(Act::Send(piece))).then(Act::End)
}
