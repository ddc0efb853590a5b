use proptest::prelude::*;

use super::*;

const NO_LIMIT: usize = usize::MAX;

/// All events of a stream that comes in these pieces, and the parser behind it.
fn parsed(pieces: &[&[u8]]) -> (Vec<ServerSentEvent>, EventParser) {
    let mut parser = EventParser::new(NO_LIMIT);
    let mut events = Vec::new();
    for piece in pieces {
        let mut rest = *piece;
        while !rest.is_empty() {
            let (read, event) = parser.read(rest).unwrap();
            assert!(read > 0, "a parser that is given bytes reads some");
            events.extend(event);
            rest = &rest[read..];
        }
    }
    (events, parser)
}

/// As name, data and id.
fn events(pieces: &[&[u8]]) -> Vec<(String, String, String)> {
    parsed(pieces).0.into_iter().map(|event| (event.name, event.data, event.id.to_string())).collect()
}

/// Checks a stream whole, byte by byte, and split at every index.
fn check(stream: &[u8], expected: &[(&str, &str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(name, data, id)| ((*name).into(), (*data).into(), (*id).into())).collect();
    let shown = stream.escape_ascii();
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(events(&bytes), expected, "{shown} byte by byte");
    for index in 0..=stream.len() {
        assert_eq!(events(&[&stream[..index], &stream[index..]]), expected, "{shown} split at {index}");
    }
}

/// HTML Standard, Section 9.2.6; each with the three ends that a line can have.
#[test]
fn the_examples_of_the_standard_are_read() {
    type Case<'c> = (&'c str, &'c [(&'c str, &'c str, &'c str)]);
    let cases: [Case<'_>; 6] = [
        (
            "data: This is the first message.\n\ndata: This is the second message, it\ndata: has two \
             lines.\n\ndata: This is the third message.\n\n",
            &[
                ("message", "This is the first message.", ""),
                ("message", "This is the second message, it\nhas two lines.", ""),
                ("message", "This is the third message.", ""),
            ],
        ),
        (
            "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
            &[("add", "73857293", ""), ("remove", "2153", ""), ("add", "113411", "")],
        ),
        ("data: YHOO\ndata: +2\ndata: 10\n\n", &[("message", "YHOO\n+2\n10", "")]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            &[
                ("message", "first event", "1"),
                ("message", "second event", ""),
                ("message", " third event", ""),
            ],
        ),
        ("data\n\ndata\ndata\n\ndata:", &[("message", "", ""), ("message", "\n", "")]),
        ("data:test\n\ndata: test\n\n", &[("message", "test", ""), ("message", "test", "")]),
    ];
    for (stream, expected) in cases {
        for end in ["\n", "\r\n", "\r"] {
            check(stream.replace('\n', end).as_bytes(), expected);
        }
    }
}

#[test]
fn streams_are_read_by_the_letter_of_the_standard() {
    type Case<'c> = (&'c [u8], &'c [(&'c str, &'c str, &'c str)]);
    let cases: [Case<'_>; 22] = [
        (b"", &[]),
        (b"\n\n\r\r\r\n", &[]),
        (b"data: 1", &[]),
        (b"data: 1\n", &[]),
        (b"data: 1\r\n", &[]),
        // Ends of lines may be mixed; CR and LF are one.
        (
            b"data: 1\r\n\ndata: 2\n\r\ndata: 3\r\r\n\n",
            &[("message", "1", ""), ("message", "2", ""), ("message", "3", "")],
        ),
        // One mark is no part of the stream.
        (b"\xef\xbb\xbfdata: 1\n\n", &[("message", "1", "")]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\n", &[]),
        (b"data: 1\n\xef\xbb\xbfdata: 2\n\n", &[("message", "1", "")]),
        (b"\xef\xbb\xbf\ndata: 1\n\n", &[("message", "1", "")]),
        // Names are told by case, and no blank but the one behind the colon is left out.
        (b"Data: 1\ndata : 2\n data: 3\ndata: 4 \n\n", &[("message", "4 ", "")]),
        (b"data:\tx\n\n", &[("message", "\tx", "")]),
        (b"data:a:b: c\n\n", &[("message", "a:b: c", "")]),
        (b":data: 1\n: \n:\nother: 2\n\n", &[]),
        // The last name counts, and only for its own event, also where that has no data.
        (b"event: a\nevent: b\ndata: 1\n\ndata: 2\n\n", &[("b", "1", ""), ("message", "2", "")]),
        (b"event: a\n\ndata: 1\n\n", &[("message", "1", "")]),
        (b"event: a\nevent\ndata: 1\n\n", &[("message", "1", "")]),
        // An id stays, also that of an event without data; not one with NUL.
        (
            b"id: 1\n\ndata: 1\n\nid: 2\ndata: 2\n\ndata: 3\n\n",
            &[("message", "1", "1"), ("message", "2", "2"), ("message", "3", "2")],
        ),
        (b"id: 1\nid: 2\0\ndata: 1\n\n", &[("message", "1", "1")]),
        (b"data: 1\0\n\n", &[("message", "1\0", "")]),
        // What is not UTF-8 is replaced, and a character may come in pieces.
        (b"data: \xc3\xa4\xff\xe2\x82\n\n", &[("message", "\u{e4}\u{fffd}\u{fffd}", "")]),
        (b"data: 1\nretry: 5\ndata: 2\n\n", &[("message", "1\n2", "")]),
    ];
    for (stream, expected) in cases {
        check(stream, expected);
    }
}

#[test]
fn an_event_ends_with_its_blank_line_and_not_with_what_follows() {
    for stream in ["data: 1\n\n", "data: 1\r\r", "data: 1\r\n\r"] {
        let (events, _) = parsed(&[stream.as_bytes()]);
        assert_eq!(events.len(), 1, "{stream:?}");
    }
}

#[test]
fn the_last_id_is_that_of_the_last_event_that_was_complete() {
    for (stream, id) in [
        ("", ""),
        ("id: 1\ndata: 1\n", ""),
        ("id: 1\ndata: 1\n\n", "1"),
        ("id: 1\n\n", "1"),
        ("id: 1\ndata: 1\n\nid: 2\ndata: 2\n", "1"),
        ("id: 1\n\nid\n\n", ""),
        ("id:  a b \n\n", " a b "),
    ] {
        assert_eq!(parsed(&[stream.as_bytes()]).1.last_event_id(), id, "{stream:?}");
    }
}

#[test]
fn times_of_reconnection_are_digits() {
    for (stream, milliseconds) in [
        ("", None),
        ("retry: 1500\n", Some(1500)),
        ("retry:0\n", Some(0)),
        ("retry: 10\nretry: 20\n\n", Some(20)),
        ("retry: 10\nretry: +20\nretry\nretry: 1s\nretry:  5\n", Some(10)),
        ("retry: 1.5\n", None),
        ("retry: -1\n", None),
        ("retry: 18446744073709551616\n", None),
    ] {
        let time = parsed(&[stream.as_bytes()]).1.reconnection_time();
        assert_eq!(time, milliseconds.map(Duration::from_millis), "{stream:?}");
    }
}

#[test]
fn what_is_held_of_an_event_has_a_limit() {
    for (stream, needed) in [
        (&b"data: 1\n\ndata: 2\n\n"[..], 7),
        // What has been read of the event, and the line that is being read.
        (b"data: 1\ndata: 2\n\n", 9),
        (b"event: abc\ndata: 1\n\n", 10),
        (b": comment\n", 9),
        (b"\xef\xbb\xbfdata: 1", 10),
        // As text, with replacement characters.
        (b"data: \xff\xff\n\n", 12),
        // The id belongs to its event and to those that follow it.
        (b"id: ab\ndata: 1\n\n", 9),
        (b"id: ab\n\ndata: 1\n\n", 9),
        (b"id: ab\ndata: 1\n\nid\ndata: 12\n\n", 9),
    ] {
        for pieces in [stream.chunks(1).collect::<Vec<_>>(), vec![stream]] {
            for limit in 0..20 {
                let mut parser = EventParser::new(limit);
                let mut outcome = Ok(());
                for piece in &pieces {
                    let mut rest = *piece;
                    while !rest.is_empty() && outcome.is_ok() {
                        outcome = parser.read(rest).map(|(read, _)| rest = &rest[read..]);
                    }
                }
                assert_eq!(outcome.is_ok(), limit >= needed, "{} within {limit}", stream.escape_ascii());
            }
        }
    }
    let error = EventParser::new(8).read(b"data: 123").map(drop).unwrap_err();
    assert_eq!(error.to_string(), "event exceeds 8 bytes (`ServerSentEvents::max_event_bytes`)");
}

#[test]
fn limits_an_id() {
    let stream = |length| format!("id: {}\ndata: 1\n\n", "x".repeat(length)).into_bytes();
    assert_eq!(parsed(&[&stream(MAX_ID_BYTES)]).0[0].id().len(), MAX_ID_BYTES);
    for pieces in [stream(MAX_ID_BYTES + 1).chunks(1).collect(), vec![&stream(MAX_ID_BYTES + 1)[..]]] {
        let mut parser = EventParser::new(NO_LIMIT);
        let error = pieces.iter().find_map(|piece| parser.read(piece).err()).unwrap();
        assert_eq!(error.to_string(), "event id exceeds 4 KiB (`ServerSentEvents::MAX_ID_BYTES`)");
    }
    // Not an id, since it contains NUL.
    let ignored = format!("id: {}\0\ndata: 1\n\n", "x".repeat(MAX_ID_BYTES));
    assert_eq!(parsed(&[ignored.as_bytes()]).0[0].id(), "");
}

#[test]
fn events_share_the_id_before_them() {
    let stream = format!("id: 1\n{}id: 1\ndata\n\n", "data\n\n".repeat(1000));
    let (events, parser) = parsed(&[stream.as_bytes()]);
    assert_eq!(events.len(), 1001);
    for event in &events {
        assert!(Arc::ptr_eq(&event.id, &parser.last_event_id));
    }
}

#[test]
fn blank_lines_copy_no_id() {
    let (_, mut parser) = parsed(&[b"id: 1\n\n"]);
    let id = parser.last_event_id.clone();
    assert_eq!(parser.read(&b"\n".repeat(1000)).unwrap().0, 1000);
    assert!(Arc::ptr_eq(&id, &parser.last_event_id) && Arc::ptr_eq(&id, &parser.id));
    assert_eq!(&*id, "1");
}

/// Name, data and id of the events of a whole stream, read in the plainest way there is: as one text, of which all
/// ends of lines have been made alike.
fn plainly_read(stream: &[u8]) -> Vec<(String, String, String)> {
    let text = String::from_utf8_lossy(stream).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (complete, _) = text.rsplit_once('\n').unwrap_or_default();
    let (mut events, mut id) = (Vec::new(), String::new());
    let (mut name, mut data): (String, Vec<&str>) = (String::new(), Vec::new());
    for line in complete.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() => {
                let name = std::mem::take(&mut name);
                if !data.is_empty() {
                    let name = if name.is_empty() { "message".into() } else { name };
                    events.push((name, data.join("\n"), id.clone()));
                    data.clear();
                }
            }
            "event" => name = value.into(),
            "data" => data.push(value),
            "id" if !value.contains('\0') => id = value.into(),
            _ => {}
        }
    }
    events
}

proptest! {
    #[test]
    fn a_stream_is_what_its_text_says_however_it_is_split(
        words in prop::collection::vec(
            prop::sample::select(vec![
                &b"data"[..], b"event", b"id", b"retry", b":", b": ", b" ", b"\r", b"\n", b"\r\n", b"\n\n", b"1", b"x",
                b"\0", b"\xef\xbb\xbf", b"\xc3", b"\xa4", b"\xff", b"data: 1\n\n", b"id: 7\r", b"event: add\r\n",
            ]),
            0..40,
        ),
        lengths in prop::collection::vec(1_usize..12, 1..10),
    ) {
        let stream = words.concat();
        let (mut rest, mut pieces) = (&stream[..], Vec::new());
        for length in lengths.iter().cycle() {
            let (piece, behind) = rest.split_at((*length).min(rest.len()));
            pieces.push(piece);
            rest = behind;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(events(&pieces), plainly_read(&stream));
    }
}
