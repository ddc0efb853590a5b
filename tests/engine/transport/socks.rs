//! SOCKS proxies: what they are sent, byte by byte, and what becomes of each answer.

use std::{
    error::Error as _,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::mpsc,
    thread,
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, Deadline, Destination, Error, ErrorKind, Phase, Proxy, ProxyError, SocksError,
    Timeouts,
    testing::{Act, Script},
};
use httpkit_tests::{CancelledBy, OK, scripted_with};

const URL: &str = "http://test.example/";

/// What a proxy says: each piece answers what the client wrote before it.
type Dialogue = &'static [&'static [u8]];

const V4_GRANTED: Dialogue = &[&[0, 90, 0, 0, 0, 0, 0, 0]];
const V5_GRANTED: Dialogue = &[&[5, 0], &[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]];
const V5_GRANTED_TO_USER: Dialogue = &[&[5, 2], &[1, 0], &[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]];

fn through(proxy: &str) -> ClientBuilder {
    Client::builder().user_agent("t").proxy(Proxy::parse(proxy).unwrap())
}

/// A proxy that says this, and a server behind it that answers.
fn script(dialogue: &[&[u8]]) -> Script {
    let said = dialogue
        .iter()
        .fold(Script::new(), |script, said| script.then(Act::AwaitWrite).then(Act::Send(said.to_vec())));
    said.then(Act::AwaitWrite).then(Act::Send(OK.to_vec()))
}

/// What the client wrote up to its request.
fn negotiated(builder: ClientBuilder, url: &str, dialogue: &[&[u8]]) -> Vec<u8> {
    let (client, connector) = scripted_with(builder, [script(dialogue)]);
    client.get(url).send().unwrap_or_else(|error| panic!("{url}: {error:?}"));
    let mut written = connector.recorded()[0].written.clone();
    let request = written.windows(4).position(|window| window == b"GET ").expect("the request was sent");
    written.truncate(request);
    written
}

fn refused(proxy: &str, url: &str, dialogue: &[&[u8]]) -> (Error, SocksError, Vec<u8>) {
    let said = dialogue
        .iter()
        .fold(Script::new(), |script, said| script.then(Act::AwaitWrite).then(Act::Send(said.to_vec())));
    let (client, connector) = scripted_with(through(proxy), [said.then(Act::End)]);
    let error = client.get(url).send().unwrap_err();
    let source = match error.kind() {
        ErrorKind::Proxy { source: ProxyError::Socks(source), .. } => source.clone(),
        _ => panic!("{proxy}: {error:?}"),
    };
    assert!(error.is_connect() && !error.may_have_been_processed(), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("eggs"), "{error:?}");
    let written = connector.recorded().first().map(|recorded| recorded.written.clone()).unwrap_or_default();
    assert!(!written.windows(4).any(|window| window == b"GET "), "a request went to {proxy}");
    (error, source, written)
}

/// Knows `test.example`, and an address of each family.
fn resolver(destination: Destination<'_>, _: Deadline) -> io::Result<Vec<SocketAddr>> {
    match destination.host {
        "test.example" => Ok(vec!["192.0.2.7:0".parse().unwrap(), "[2001:db8::7]:0".parse().unwrap()]),
        "v6.example" => Ok(vec!["[2001:db8::7]:0".parse().unwrap()]),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}

#[test]
fn each_version_sends_what_it_says() {
    let name = b"test.example";
    let v5_name = [&[5, 1, 0, 5, 1, 0, 3, 12][..], name, &[0, 80]].concat();
    let v5_login =
        [&[5, 2, 0, 2, 1, 4][..], b"spam", &[4], b"eggs", &[5, 1, 0, 3, 12], name, &[0, 80]].concat();
    let v5_offered = [&[5, 2, 0, 2, 5, 1, 0, 3, 12][..], name, &[0, 80]].concat();
    let v5_ipv6 = [&[5, 1, 0, 5, 1, 0, 4][..], &[0; 15], &[1, 0, 80]].concat();
    let v4a = [&[4, 1, 0, 80, 0, 0, 0, 1, 0][..], name, &[0]].concat();
    let v4a_user = [&[4, 1, 0, 80, 0, 0, 0, 1][..], b"spam\0", name, &[0]].concat();
    for (proxy, url, dialogue, expected) in [
        ("socks5h://p", URL, V5_GRANTED, &v5_name[..]),
        ("socks://p", URL, V5_GRANTED, &v5_name),
        ("socks5h://p", "http://192.0.2.7:8080/", V5_GRANTED, &[5, 1, 0, 5, 1, 0, 1, 192, 0, 2, 7, 31, 144]),
        ("socks5h://p", "http://[::1]/", V5_GRANTED, &v5_ipv6),
        ("socks5h://spam:eggs@p", URL, V5_GRANTED_TO_USER, &v5_login),
        // The proxy does without.
        ("socks5h://spam:eggs@p", URL, V5_GRANTED, &v5_offered),
        ("socks5://p", URL, V5_GRANTED, &[5, 1, 0, 5, 1, 0, 1, 192, 0, 2, 7, 0, 80]),
        ("socks4://p", URL, V4_GRANTED, &[4, 1, 0, 80, 192, 0, 2, 7, 0]),
        ("socks4://spam@p", URL, V4_GRANTED, b"\x04\x01\x00\x50\xc0\x00\x02\x07spam\0"),
        ("socks4a://p", URL, V4_GRANTED, &v4a),
        ("socks4a://spam@p", URL, V4_GRANTED, &v4a_user),
        ("socks4a://p", "http://192.0.2.7/", V4_GRANTED, &[4, 1, 0, 80, 192, 0, 2, 7, 0]),
    ] {
        let written = negotiated(through(proxy).resolver(resolver), url, dialogue);
        assert_eq!(written, expected, "{proxy} for {url}");
    }
}

#[test]
fn an_address_of_any_kind_in_the_reply_is_passed_over() {
    let ipv6 = [&[5, 0, 0, 4][..], &[7; 18]].concat();
    let name = [&[5, 0, 0, 3, 255][..], &[b'x'; 257]].concat();
    for reply in [&ipv6[..], &name, &[5, 0, 0, 3, 0, 1, 2], &[5, 0, 0, 1, 1, 2, 3, 4, 5, 6]] {
        negotiated(through("socks5h://p"), URL, &[&[5, 0], reply]);
    }
}

#[test]
fn replies_may_come_in_any_pieces() {
    for (proxy, dialogue) in [
        ("socks4a://p", V4_GRANTED),
        ("socks5h://p", V5_GRANTED),
        ("socks5h://spam:eggs@p", V5_GRANTED_TO_USER),
    ] {
        for (index, whole) in dialogue.iter().enumerate() {
            for split in 1..whole.len() {
                let pieces = dialogue.iter().enumerate().fold(Script::new(), |script, (at, said)| {
                    let (first, rest) = said.split_at(if at == index { split } else { said.len() });
                    let script = script.then(Act::AwaitWrite).then(Act::Send(first.to_vec()));
                    if rest.is_empty() { script } else { script.then(Act::Send(rest.to_vec())) }
                });
                let answered = pieces.then(Act::AwaitWrite).then(Act::Send(OK.to_vec()));
                let (client, _) = scripted_with(through(proxy), [answered]);
                assert_eq!(client.get(URL).send().unwrap().status(), 200, "{proxy}: {index}, {split}");
            }
        }
    }
}

#[test]
fn a_reply_that_is_cut_anywhere_is_an_error() {
    for (proxy, dialogue) in [
        ("socks4a://p", V4_GRANTED),
        ("socks5h://p", V5_GRANTED),
        ("socks5h://spam:eggs@p", V5_GRANTED_TO_USER),
    ] {
        for (index, whole) in dialogue.iter().enumerate() {
            for length in 1..whole.len() {
                let cut = [&dialogue[..index], &[&whole[..length]]].concat();
                let (error, source, _) = refused(proxy, URL, &cut);
                assert_eq!(source, SocksError::Ended, "{proxy}: {index}, {length}");
                assert!(error.is_retryable());
            }
        }
    }
}

#[test]
fn no_byte_of_the_server_is_taken_for_the_proxy() {
    // The server speaks at once; that is what the first exchange then reads.
    for (proxy, dialogue) in [("socks4a://p", V4_GRANTED), ("socks5h://p", V5_GRANTED)] {
        let (last, before) = dialogue.split_last().unwrap();
        let with_response = [last, OK].concat();
        let script = before
            .iter()
            .chain([&&with_response[..]])
            .fold(Script::new(), |script, said| script.then(Act::AwaitWrite).then(Act::Send(said.to_vec())));
        let (client, _) = scripted_with(through(proxy), [script]);
        assert_eq!(client.get(URL).send().unwrap().status(), 200, "{proxy}");
    }
}

#[test]
fn each_refusal_says_why() {
    for (code, meaning, is_retryable) in [
        (1, "general failure", true),
        (2, "not allowed", false),
        (3, "network unreachable", true),
        (4, "host unreachable", true),
        (5, "connection refused", true),
        (6, "TTL expired", true),
        (7, "command not supported", false),
        (8, "address type", false),
        (9, "code 9", false),
        (255, "code 255", false),
    ] {
        // Some proxies say no more than that.
        for reply in [&[5, code, 0, 1, 0, 0, 0, 0, 0, 0][..], &[5, code]] {
            let (error, source, _) = refused("socks5h://p", URL, &[&[5, 0], reply]);
            assert_eq!(source, SocksError::Refused { code });
            assert!(source.to_string().contains(meaning), "{source}");
            assert!(error.source().unwrap().to_string().contains(meaning), "{error:?}");
            assert_eq!(error.is_retryable(), is_retryable, "{code}");
        }
    }
    for (code, meaning) in [(91, "rejected"), (92, "identd"), (93, "another user"), (200, "code 200")] {
        let (_, source, _) = refused("socks4a://p", URL, &[&[0, code, 0, 0, 0, 0, 0, 0]]);
        assert_eq!(source, SocksError::Refused { code });
        assert!(source.to_string().contains(meaning), "{source}");
    }
}

#[test]
fn a_login_can_be_wanted_and_refused() {
    let (error, source, _) = refused("socks5h://p", URL, &[&[5, 255]]);
    assert_eq!(source, SocksError::NoAcceptableMethod);
    assert!(!error.is_retryable());
    let (_, source, written) = refused("socks5h://spam:eggs@p", URL, &[&[5, 255]]);
    assert_eq!((source, &written[..]), (SocksError::NoAcceptableMethod, &[5, 2, 0, 2][..]));
    for code in [1, 255] {
        let (_, source, _) = refused("socks5h://spam:eggs@p", URL, &[&[5, 2], &[1, code]]);
        assert_eq!(source, SocksError::Authentication { code });
    }
}

#[test]
fn a_reply_that_is_none_is_an_error() {
    for (proxy, dialogue, expected) in [
        ("socks5h://p", &[&[4, 0][..]][..], 4),
        ("socks5h://p", &[b"HTTP/1.1 400 Bad Request\r\n\r\n"], b'H'),
        // A method that was not offered.
        ("socks5h://p", &[&[5, 2]], 2),
        ("socks5h://p", &[&[5, 1]], 1),
        ("socks5h://spam:eggs@p", &[&[5, 1]], 1),
        ("socks5h://spam:eggs@p", &[&[5, 2], &[5, 0]], 5),
        ("socks5h://p", &[&[5, 0], &[0, 0, 0, 1]], 0),
        ("socks5h://p", &[&[5, 0], &[5, 0, 1, 1, 0, 0, 0, 0, 0, 0]], 1),
        ("socks5h://p", &[&[5, 0], &[5, 0, 0, 2, 0, 0, 0, 0, 0, 0]], 2),
        ("socks4a://p", &[&[4, 90, 0, 0, 0, 0, 0, 0]], 4),
        ("socks4a://p", &[&[0, 0, 0, 0, 0, 0, 0, 0]], 0),
        ("socks4a://p", &[&[5, 0, 0, 0, 0, 0, 0, 0]], 5),
    ] {
        let (_, source, _) = refused(proxy, URL, dialogue);
        assert!(
            matches!(source, SocksError::Malformed { found, .. } if found == expected),
            "{proxy}: {source:?}"
        );
    }
}

#[test]
fn rejects_what_does_not_fit_before_sending() {
    let label = "x".repeat(63);
    let longest = format!("{label}.{label}.{label}.{}", "y".repeat(63));
    // A longer one is no host at all.
    assert_eq!(longest.len(), 255);
    for (proxy, dialogue) in [("socks5h://p", V5_GRANTED), ("socks4a://p", V4_GRANTED)] {
        let written = negotiated(through(proxy), &format!("http://{longest}/"), dialogue);
        assert!(written.windows(255).any(|window| window == longest.as_bytes()), "{proxy}");
    }
    let long = "z".repeat(256);
    for proxy in
        [format!("socks5h://{long}:x@p"), format!("socks5h://x:{long}@p"), format!("socks4a://{long}@p")]
    {
        let (error, source, written) = refused(&proxy, URL, &[]);
        assert!(matches!(source, SocksError::TooLong { length: 256, .. }), "{source:?}");
        assert!(written.is_empty() && !error.is_retryable(), "{proxy}: {written:?}");
    }
    let (_, source, written) = refused("socks4a://sp%00m@p", URL, &[]);
    assert!(matches!(source, SocksError::Nul(_)) && written.is_empty(), "{source:?}");
}

#[test]
fn socks_4_has_no_ipv6() {
    for (proxy, url) in [("socks4a://p", "http://[2001:db8::7]/"), ("socks4://p", "http://[2001:db8::7]/")] {
        let (_, source, written) = refused(proxy, url, &[]);
        assert_eq!((source, written.len()), (SocksError::Ipv6, 0), "{proxy}");
    }
    // Of several addresses, it takes the first that it can.
    let (client, connector) = scripted_with(through("socks4://p").resolver(resolver), []);
    let error = client.get("http://v6.example/").send().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Proxy { source: ProxyError::Socks(SocksError::Ipv6), .. }),
        "{error:?}"
    );
    assert!(connector.recorded().is_empty());
}

#[test]
fn names_are_resolved_where_the_scheme_says() {
    let nowhere = |_: Destination<'_>, _: Deadline| Err(io::ErrorKind::NotFound.into());
    for (proxy, dialogue) in [("socks5h://192.0.2.1", V5_GRANTED), ("socks4a://192.0.2.1", V4_GRANTED)] {
        negotiated(through(proxy).resolver(nowhere), URL, dialogue);
    }
    for proxy in ["socks5://192.0.2.1", "socks4://192.0.2.1"] {
        let (client, connector) = scripted_with(through(proxy).resolver(nowhere), []);
        let error = client.get(URL).send().unwrap_err();
        // It is the server's name that is not known, and the proxy has not been asked for anything.
        assert!(matches!(error.kind(), ErrorKind::Dns { host, .. } if host == "test.example"), "{error:?}");
        assert!(connector.recorded().is_empty());
    }
}

#[test]
fn a_proxy_that_does_not_answer_ends_with_the_time_for_connecting() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let proxy = format!("socks5h://{}", listener.local_addr().unwrap());
    let timeouts = Timeouts::new().connect(Duration::from_millis(50));
    let error = through(&proxy).timeouts(timeouts).build().unwrap().get(URL).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Proxy, .. }), "{error:?}");
    assert!(!error.may_have_been_processed(), "{error:?}");
}

#[test]
fn a_wait_for_a_proxy_can_be_cancelled() {
    for by in CancelledBy::ALL {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let client = through(&format!("socks5h://{}", listener.local_addr().unwrap())).build().unwrap();
        let (ask, asked) = mpsc::channel();
        let proxy = thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            io::Read::read_exact(&mut socket, &mut [0; 3]).unwrap();
            ask.send(()).unwrap();
            // The socket stays open until the client has given up.
            let _ = io::copy(&mut socket, &mut io::sink());
        });
        by.when(asked, &client, client.get(URL));
        proxy.join().unwrap();
    }
}

#[test]
fn a_connection_through_socks_serves_again() {
    let script = script(V5_GRANTED).then(Act::AwaitWrite).then(Act::Send(OK.to_vec()));
    let (client, connector) = scripted_with(through("socks5h://p"), [script]);
    for _ in 0..2 {
        client.get(URL).send().unwrap();
    }
    assert_eq!(connector.recorded().len(), 1);
}
