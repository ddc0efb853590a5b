//! Event streams: the events are the same whole and in pieces, and those of a plain reading of the text. With
//! a limit, they are the same up to the first event that exceeds it.
//!
//! Input: the length of the pieces, the limit of an event, then the stream.

#![no_main]

use std::time::Duration;

use httpkit::{
    ErrorKind, FromResponse, ServerSentEvent, ServerSentEvents,
    testing::{Act, Script},
};
use httpkit_tests::scripted;
use libfuzzer_sys::fuzz_target;

const MAX_PIECES: usize = 16;

/// The contents of a stream: its events, whether one exceeds the limit, the last id and the reconnection time.
#[derive(Debug, PartialEq)]
struct Read {
    events: Vec<ServerSentEvent>,
    is_too_large: bool,
    last_event_id: String,
    reconnection_time: Option<Duration>,
}

fuzz_target!(|input: &[u8]| {
    let [length, limit, stream @ ..] = input else { return };
    // More pieces would take longer without showing more.
    let pieces = || stream.chunks(usize::from(*length).max(1 + stream.len() / MAX_PIECES));
    let whole = read([stream], usize::MAX);
    assert_eq!(read(pieces(), usize::MAX), whole);
    let events = whole.events.iter().map(|event| [event.name(), event.data(), event.id()].map(str::to_owned));
    assert_eq!(events.collect::<Vec<_>>(), plainly_read(stream));
    let limited = read(pieces(), usize::from(*limit));
    assert!(whole.events.starts_with(&limited.events));
    assert!(limited.is_too_large || limited == whole);
    assert!(limited.events.iter().all(|event| event.data().len() <= usize::from(*limit)));
});

fn read<'s>(pieces: impl IntoIterator<Item = &'s [u8]>, limit: usize) -> Read {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    let script = Script::new().then(Act::AwaitWrite).then(Act::Send(head.to_vec()));
    let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
    let script = pieces.fold(script, |script, piece| script.then(Act::Send(piece.to_vec())));
    let (client, _) = scripted([script.then(Act::End)]);
    let response = client.get("http://test.example/").send().expect("the head is well-formed");
    let events = ServerSentEvents::from_response(response).expect("the response is an event stream");
    let mut stream = events.max_event_bytes(limit);
    let (mut events, mut is_too_large) = (Vec::new(), false);
    for event in &mut stream {
        match event {
            Ok(event) => events.push(event),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::TooLarge { .. }), "{error}");
                is_too_large = true;
            }
        }
    }
    let last_event_id = stream.last_event_id().to_owned();
    Read { events, is_too_large, last_event_id, reconnection_time: stream.reconnection_time() }
}

/// Name, data and id of the events, read from the whole text after all line ends were made alike.
fn plainly_read(stream: &[u8]) -> Vec<[String; 3]> {
    let text = String::from_utf8_lossy(stream).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (complete, _) = text.rsplit_once('\n').unwrap_or_default();
    let (mut events, mut name, mut data, mut id) = (Vec::new(), "", Vec::new(), "");
    for line in complete.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => name = value,
            "data" => data.push(value),
            "id" if !value.contains('\0') => id = value,
            "" if line.is_empty() => {
                if !data.is_empty() {
                    let name = if name.is_empty() { "message" } else { name };
                    events.push([name, &data.join("\n"), id].map(str::to_owned));
                }
                name = "";
                data.clear();
            }
            _ => {}
        }
    }
    events
}
