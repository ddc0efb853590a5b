//! The cost of bodies, counted: allocations per chunk, and memory for content that expands.

use httpkit::{
    Client, Limits, Response,
    testing::{Reply, Server},
};
use httpkit_tests::{CODINGS, gzip, zstd};

/// Starts a server that sends one body in chunks of four bytes.
fn in_tiny_chunks(coding: &str, body: &[u8]) -> Server {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let mut response = head.into_bytes();
    for chunk in body.chunks(4) {
        response.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        response.extend_from_slice(chunk);
        response.extend_from_slice(b"\r\n");
    }
    response.extend_from_slice(b"0\r\n\r\n");
    Server::start(move |_| Reply::raw(&response[..]))
}

/// Returns bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// Returns the number of allocations for reading the body of a second response. The first one fills the buffers.
fn allocations(server: &Server, read: impl Fn(Response)) -> u64 {
    let client = Client::new();
    let get = || client.get(server.url("/")).send().unwrap();
    read(get());
    let mut response = Some(get());
    allocation_counter::measure(|| read(response.take().unwrap())).count_total
}

#[test]
fn copying_tiny_chunks_allocates_nothing_per_chunk() {
    let copy = |mut response: Response| {
        response.copy_to(&mut std::io::sink()).unwrap();
    };
    let count = |length| allocations(&in_tiny_chunks("identity", &noise(length)), copy);
    assert_eq!(count(400), count(40_000));
    for coding in CODINGS {
        let count = |length| allocations(&in_tiny_chunks(coding.name, &coding.encode(&noise(length))), copy);
        let (few, many) = (count(20_000), count(200_000));
        // Tables and windows of the decoder grow with the first blocks.
        assert!(many <= few + 50, "{} {}: {few}, {many}", coding.name, coding.variant);
    }
}

#[test]
fn members_and_frames_share_one_decoder() {
    let copy = |mut response: Response| {
        response.copy_to(&mut std::io::sink()).unwrap();
    };
    for (coding, part) in [("gzip", gzip(b"spam")), ("gzip", gzip(b"")), ("zstd", zstd(b"spam"))] {
        let count = |parts: usize| {
            let body = part.repeat(parts);
            let reply = Reply::new(200).header("Content-Encoding", coding).body(body);
            allocations(&Server::start(move |_| reply.clone()), copy)
        };
        assert_eq!(count(1), count(1000), "{coding}");
    }
}

#[test]
fn expanding_content_takes_little_memory() {
    let zeros = gzip(&vec![0; 10 * 1024 * 1024]);
    let bomb = zeros.repeat(1000);
    let twice = gzip(&bomb);
    let server = Server::start(move |request| match request.target() {
        "/members" => Reply::new(200).header("Content-Encoding", "gzip").body(&bomb[..]),
        _ => Reply::new(200).header("Content-Encoding", "gzip, gzip").body(&twice[..]),
    });
    let memory = |client: &Client, target: &str, read: fn(Response) -> httpkit::Error| {
        let response = client.get(server.url(target)).send().unwrap();
        let mut error = None;
        let measured = allocation_counter::measure(|| error = Some(read(response)));
        let error = error.unwrap();
        assert!(matches!(error.kind(), httpkit::ErrorKind::TooLarge { .. }), "{error:?}");
        measured.bytes_max
    };
    let copy = |mut response: Response| response.copy_to(&mut std::io::sink()).unwrap_err();
    let text = |response: Response| response.text().unwrap_err();
    for target in ["/members", "/twice"] {
        // Rejected by the ratio of decoded to received bytes.
        let copied = memory(&Client::new(), target, copy);
        assert!(copied < 1024 * 1024, "{target}: {copied}");
        let collected = memory(&Client::new(), target, text);
        assert!(collected < 4 * 1024 * 1024, "{target}: {collected}");
        // Rejected by the number of decoded or collected bytes.
        let limits = Limits::new()
            .max_decoded_ratio(u64::MAX)
            .max_body_bytes(30_000_000)
            .max_collected_bytes(1_000_000);
        let client = Client::builder().limits(limits).build().unwrap();
        let copied = memory(&client, target, copy);
        assert!(copied < 1024 * 1024, "{target}: {copied}");
        let collected = memory(&client, target, text);
        assert!(collected < 3_000_000, "{target}: {collected}");
    }
}
