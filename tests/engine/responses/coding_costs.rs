//! Encoded bodies that take work and yield little or nothing.

use std::{io::Read, sync::OnceLock, time::Duration};

use httpkit::{
    CancelToken, Client, ErrorKind, Limits, Phase, Response, TimeoutLimit,
    testing::{Act, Script, advance_clock},
};
use httpkit_tests::{
    CODINGS, Coding, OK, answered, answered_within, answers, gzip, requests, scripted, scripted_with, zlib,
    zstd,
};

use super::codings::{WAYS, encoded};

const URL: &str = "http://test.example/";
const MIB: usize = 1024 * 1024;
/// The total time of a request.
const TOTAL: Duration = Duration::from_secs(60);
/// The default of the limit.
const OVERHEAD: usize = 512 * 1024;

/// A skippable frame of zstd (RFC 8878 §3.1.2) with this many bytes of user data.
fn skippable(length: usize) -> Vec<u8> {
    let header = [0x184D_2A50, u32::try_from(length).unwrap()].map(u32::to_le_bytes).concat();
    [header, vec![0; length]].concat()
}

/// A frame of zstd with this many empty raw blocks, and no content.
fn empty_blocks(count: usize) -> Vec<u8> {
    [b"\x28\xb5\x2f\xfd\x00\x58", &b"\0\0\0".repeat(count)[..], b"\x01\0\0"].concat()
}

/// DEFLATE data of this many empty stored blocks, and no content.
fn empty_stored_blocks(count: usize) -> Vec<u8> {
    [&b"\0\0\0\xff\xff".repeat(count)[..], b"\x01\0\0\xff\xff"].concat()
}

/// Bits in the order in which DEFLATE packs them (RFC 1951 §3.1.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    length: u32,
}

impl Bits {
    /// Adds numbers of some bits each.
    fn put(&mut self, numbers: impl IntoIterator<Item = (u32, u32)>) {
        for (number, length) in numbers {
            self.pending |= number << self.length;
            self.length += length;
            while self.length >= 8 {
                self.bytes.push(self.pending.to_le_bytes()[0]);
                self.pending >>= 8;
                self.length -= 8;
            }
        }
    }
}

/// DEFLATE data of this many empty blocks with dynamic codes (RFC 1951 §3.2.7), and no content.
fn empty_dynamic_blocks(count: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    for _ in 0..count {
        // Not the last block, its type, 257 literal and length codes, 1 distance code, 18 code length codes.
        bits.put([(0, 1), (2, 2), (0, 5), (0, 5), (14, 4)]);
        // The code length codes, in their order: those for 18 and for 1 have one bit.
        bits.put((0..18).map(|index| (u32::from(index == 2 || index == 17), 3)));
        // 256 zeros by two repetitions, a 1 for the end of the block, and a 1 for the distance.
        bits.put([(1, 1), (127, 7), (1, 1), (107, 7), (0, 1), (0, 1)]);
        // The end of the block.
        bits.put([(0, 1)]);
    }
    // The last block is empty and has fixed codes.
    bits.put([(1, 1), (1, 2), (0, 7), (0, 7)]);
    bits.bytes
}

/// A member of gzip with these DEFLATE data, which have no content, and with a comment.
fn member(comment: &[u8], deflated: &[u8]) -> Vec<u8> {
    [b"\x1f\x8b\x08\x10\0\0\0\0\0\x03", comment, b"\0", deflated, &[0; 8]].concat()
}

/// Bodies without content, of this length or a little more: the coding, what they consist of, and the body.
fn empty_bodies(length: usize) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    vec![
        ("zstd", "skippable frames", skippable(0).repeat(length / 8)),
        ("zstd", "one skippable frame", skippable(length)),
        ("zstd", "frames", empty_blocks(0).repeat(length / 9)),
        ("zstd", "blocks", empty_blocks(length / 3)),
        ("gzip", "members", gzip(b"").repeat(length / 20)),
        ("gzip", "stored blocks", member(b"", &empty_stored_blocks(length / 5))),
        ("gzip", "dynamic blocks", member(b"", &empty_dynamic_blocks(length / 12))),
        ("gzip", "a comment", member(&vec![b'x'; length], &empty_stored_blocks(0))),
        ("deflate", "stored blocks", empty_stored_blocks(length / 5)),
        ("deflate", "dynamic blocks", empty_dynamic_blocks(length / 12)),
        // Metadata blocks without metadata (RFC 7932 §9.2).
        ("br", "metadata blocks", [b"\x0c", &b"\x06".repeat(length)[..], b"\x03"].concat()),
    ]
}

/// Such bodies, which a second coding makes small.
fn small_empty_bodies() -> &'static [(String, String, Vec<u8>)] {
    static BODIES: OnceLock<Vec<(String, String, Vec<u8>)>> = OnceLock::new();
    BODIES.get_or_init(|| {
        let bodies = empty_bodies(OVERHEAD + 128 * 1024);
        bodies
            .iter()
            .map(|(coding, name, body)| (format!("{coding}, gzip"), format!("{coding}: {name}"), gzip(body)))
            .collect()
    })
}

/// Checks that the body is rejected because it has no content, in the first of the ways to read it.
fn rejects(response: &[u8], name: &str, ways: usize) {
    for (way, read) in WAYS.into_iter().take(ways) {
        let error = read(answered(response).unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "GET {URL}: encoded data without content exceeds 512 KiB (`Limits::max_coding_overhead`)"
            ),
            "{name} by {way}"
        );
        assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 524_288, unit: "bytes", .. }));
        assert_eq!(error.partial(), b"");
    }
}

#[test]
fn rejects_large_bodies_without_content() {
    for (coding, name, body) in empty_bodies(1_000_000) {
        rejects(&encoded(coding, &body), &format!("{coding}: {name}"), WAYS.len());
    }
}

#[test]
fn rejects_small_bodies_that_expand_to_no_content() {
    for (codings, name, body) in small_empty_bodies() {
        assert!(body.len() < 6_000, "{name}: {}", body.len());
        rejects(&encoded(codings, body), name, 1);
    }
}

#[test]
fn rejects_bodies_with_hardly_any_content() {
    let (frame, member) = (zstd(b"x"), gzip(b"x"));
    for (coding, unit) in [
        ("zstd", [&skippable(0).repeat(100)[..], &frame].concat()),
        ("zstd", [&skippable(1000)[..], &frame].concat()),
        ("gzip", [&gzip(b"").repeat(100)[..], &member].concat()),
        // A stage reads 64 KiB in each step, so each of its steps has some content.
        ("gzip", [&gzip(b"").repeat(3000)[..], &member].concat()),
    ] {
        let body = gzip(&unit.repeat(MIB / unit.len()));
        let mut response = answered(&encoded(&format!("{coding}, gzip"), &body)).unwrap();
        let mut content = Vec::new();
        let error = response.copy_to(&mut content).unwrap_err();
        assert!(error.to_string().ends_with("(`Limits::max_coding_overhead`)"), "{error}");
        // Each unit costs at least 100 bytes more than its byte pays for.
        assert!(content.len() < OVERHEAD / 100, "{}", content.len());
    }
}

#[test]
fn rejects_overhead_above_the_limit_only() {
    for limit in [1000, 300_000, OVERHEAD] {
        let within = |limit: usize| Limits::new().max_coding_overhead(limit as u64);
        for (length, is_accepted) in [(limit - 8, true), (limit - 7, false)] {
            let response = encoded("zstd", &skippable(length));
            assert_eq!(answered_within(within(limit), &response).bytes().is_ok(), is_accepted, "{limit}");
            let set_by_request = scripted([Script::answer(&response)]).0;
            let request = set_by_request.get(URL).limits(within(limit));
            assert_eq!(request.send().unwrap().bytes().is_ok(), is_accepted, "{limit}");
        }
    }
    let unlimited = Limits::new().max_coding_overhead(None);
    let response = encoded("zstd", &[skippable(2 * MIB), zstd(b"end")].concat());
    assert_eq!(answered_within(unlimited, &response).bytes().unwrap(), b"end");
}

#[test]
fn accepts_an_index_in_proportion_to_the_body() {
    let frames = zstd(b"0123456789").repeat(4000);
    let share = (frames.len() + frames.len() / 64) / 64;
    let limits = Limits::new().max_coding_overhead(100);
    for (index, is_accepted) in [(share - 8, true), (share + 8, false)] {
        let response = encoded("zstd", &[frames.clone(), skippable(index)].concat());
        assert_eq!(answered_within(limits, &response).bytes().is_ok(), is_accepted, "{index}");
    }
}

/// Enough for a block of zstd, and far less than short members, frames and flushed blocks have.
fn little_overhead() -> Limits {
    Limits::new().max_coding_overhead(140_000)
}

/// Content that no two neighbors of are alike.
fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|index| index.to_le_bytes()[0]).collect()
}

#[test]
fn decodes_thousands_of_short_members_and_frames() {
    let content = bytes(10_000);
    let each = |encode: fn(&[u8]) -> Vec<u8>| content.chunks(1).flat_map(encode).collect::<Vec<u8>>();
    for (coding, body) in [
        ("gzip", each(gzip)),
        ("zstd", each(zstd)),
        // As pzstd writes them: the length of each frame before it.
        ("zstd", each(|byte| [skippable(4), zstd(byte)].concat())),
        ("zstd", [skippable(50_000), each(zstd)].concat()),
        // As bgzip ends each file: with an empty member.
        ("gzip", content.chunks(10).flat_map(|part| [gzip(part), gzip(b"")].concat()).collect()),
    ] {
        assert!(
            answered_within(little_overhead(), &encoded(coding, &body)).bytes().unwrap() == content,
            "{coding}"
        );
        let twice = encoded(&format!("{coding}, gzip"), &gzip(&body));
        assert!(answered_within(little_overhead(), &twice).bytes().unwrap() == content, "{coding} in gzip");
    }
}

#[test]
fn decodes_content_that_is_flushed_after_each_byte() {
    let content = bytes(30_000);
    let parts: Vec<&[u8]> = content.chunks(1).collect();
    for coding in CODINGS {
        let body = (coding.encode_pieces)(&parts).concat();
        let decoded = answered_within(little_overhead(), &encoded(coding.name, &body)).bytes().unwrap();
        assert!(decoded == content, "{} {}", coding.name, coding.variant);
        let twice = encoded(&format!("{}, gzip", coding.name), &gzip(&body));
        assert!(
            answered_within(little_overhead(), &twice).bytes().unwrap() == content,
            "{} in gzip",
            coding.name
        );
    }
}

#[test]
fn decodes_a_quiet_stream_that_is_flushed() {
    // Some servers flush without content, as a sign of life.
    let quiet = b"\0\0\0\xff\xff".repeat(20_000);
    let body = [&quiet[..], b"\x01\x01\0\xfe\xffx"].concat();
    for round in [body.clone(), zlib(&body)] {
        let coding = if round == body { "deflate" } else { "deflate, deflate" };
        assert_eq!(answered(&encoded(coding, &round)).unwrap().text().unwrap(), "x");
    }
}

/// Responses that have arrived as a whole before they take work: content that expands, and data without content. Some
/// decoders take all of the first kind before they write a byte, so the connection has been returned then.
fn responses_that_take_work() -> Vec<(String, Vec<u8>)> {
    let zeros = vec![0; 3 * MIB];
    let name = |coding: &Coding| format!("{} {}", coding.name, coding.variant);
    let expands = CODINGS.iter().map(|coding| (name(coding), encoded(coding.name, &coding.encode(&zeros))));
    let is_empty =
        small_empty_bodies().iter().map(|(codings, name, body)| (name.clone(), encoded(codings, body)));
    expands.chain(is_empty).collect()
}

/// Nothing but the deadline and the tokens ends the decoding.
fn unlimited() -> Limits {
    Limits::new().max_coding_overhead(None).max_decoded_ratio(None).max_collected_bytes(None)
}

/// Checks that reading ends soon after `end`, and that the connection is not used again.
fn ends(end: End, is_expected: impl Fn(&ErrorKind) -> bool, may_connect_again: bool) {
    for (name, response) in responses_that_take_work() {
        let script = Script::new().then(Act::AwaitWrite).then(Act::Send(response));
        let builder = Client::builder().limits(unlimited()).timeout(TOTAL);
        let (client, connector) = scripted_with(builder, [script, answers([OK])]);
        let token = CancelToken::new();
        let response = client.get(URL).cancel_token(&token).send().unwrap();
        let calls = connector.recorded()[0].calls;
        end(&client, &token);
        let error = response.bytes().unwrap_err();
        assert!(is_expected(error.kind()), "{name}: {error:?}");
        // The most that is written before a check.
        assert!(error.partial().len() <= MIB, "{name}: {}", error.partial().len());
        let recorded = &connector.recorded()[0];
        assert!(recorded.calls == calls && recorded.is_closed, "{name}");
        if may_connect_again {
            client.get(URL).send().unwrap();
            assert_eq!(requests(&connector), [1, 1]);
        }
    }
}

#[test]
fn decoding_ends_when_its_token_is_cancelled() {
    ends(|_, token| token.cancel(), |kind| matches!(kind, ErrorKind::Cancelled), true);
}

#[test]
fn decoding_ends_when_the_client_is_shut_down() {
    ends(|client, _| client.shut_down(), |kind| matches!(kind, ErrorKind::Cancelled), false);
}

#[test]
fn decoding_ends_at_the_deadline() {
    ends(
        |_, _| advance_clock(TOTAL),
        |kind| matches!(kind, ErrorKind::Timeout { phase: Phase::Body, limit: TimeoutLimit::Total(TOTAL) }),
        true,
    );
}

/// Ends a request before its time.
type End = fn(&Client, &CancelToken);
/// And whether an error is the one that it must cause.
type Ending = (End, fn(&ErrorKind) -> bool);

#[test]
fn decoding_ends_after_its_connection_was_returned() {
    // The first of two codings is decoded in one step, and then all of the body has been received.
    let response = encoded("gzip, gzip", &gzip(&gzip(&vec![0; 128 * 1024])));
    let is_cancelled = |kind: &ErrorKind| matches!(kind, ErrorKind::Cancelled);
    let has_timed_out = |kind: &ErrorKind| {
        matches!(kind, ErrorKind::Timeout { phase: Phase::Body, limit: TimeoutLimit::Total(TOTAL) })
    };
    let cases: [Ending; 3] = [
        (|_, token| token.cancel(), is_cancelled),
        (|client, _| client.shut_down(), is_cancelled),
        (|_, _| advance_clock(TOTAL), has_timed_out),
    ];
    for (end, is_expected) in cases {
        let builder = Client::builder().limits(unlimited()).timeout(TOTAL);
        let (client, connector) = scripted_with(builder, [answers([&response[..]; 2])]);
        let token = CancelToken::new();
        let mut response = client.get(URL).cancel_token(&token).send().unwrap();
        response.read_exact(&mut [1]).unwrap();
        let mut other = client.get(URL).send().unwrap();
        other.read_exact(&mut [1]).unwrap();
        assert_eq!(requests(&connector), [2], "the second request reuses the connection");
        end(&client, &token);
        let error = response.bytes().unwrap_err();
        assert!(is_expected(error.kind()), "{error}");
        assert_eq!(error.partial().len(), 64 * 1024 - 1);
        // The token concerns its own request alone.
        assert_eq!(other.bytes().is_ok(), token.is_cancelled());
    }
}

#[test]
fn keeps_what_was_decoded_before_cancellation() {
    for coding in CODINGS {
        let zeros = vec![0; 3 * MIB];
        let response = encoded(coding.name, &coding.encode(&zeros));
        let builder = Client::builder().limits(unlimited());
        let (client, _) = scripted_with(builder, [Script::answer(&response)]);
        let token = CancelToken::new();
        let mut response = client.get(URL).cancel_token(&token).send().unwrap();
        let mut start = [1; 10];
        response.read_exact(&mut start).unwrap();
        assert_eq!(start, [0; 10]);
        token.cancel();
        let error = response.bytes().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Cancelled), "{} {}: {error}", coding.name, coding.variant);
        let kept = error.partial();
        assert!(!kept.is_empty() && kept.iter().all(|byte| *byte == 0), "{} {}", coding.name, coding.variant);
    }
}

#[test]
fn further_reads_report_the_same_error() {
    let response = encoded("zstd, gzip", &gzip(&skippable(0).repeat(MIB / 4)));
    let check = |mut response: Response, expected: &str| {
        let mut buffer = [0; 10];
        let error = response.read(&mut buffer).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
        for _ in 0..3 {
            assert_eq!(response.read(&mut buffer).unwrap_err().to_string(), error);
            assert_eq!(response.copy_to(&mut Vec::new()).unwrap_err().to_string(), error);
        }
        assert_eq!(response.bytes().unwrap_err().to_string(), error);
    };
    check(answered(&response).unwrap(), "(`Limits::max_coding_overhead`)");
    for expected in ["cancelled", "timed out after 60 s reading the response body (total `timeout`)"] {
        let builder = Client::builder().limits(unlimited()).timeout(TOTAL);
        let (client, _) = scripted_with(builder, [Script::answer(&response)]);
        let token = CancelToken::new();
        let response = client.get(URL).cancel_token(&token).send().unwrap();
        match expected {
            "cancelled" => token.cancel(),
            _ => advance_clock(TOTAL),
        }
        check(response, expected);
    }
}
