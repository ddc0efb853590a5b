//! Every read and write of an exchange in turn goes wrong, in every way.

use std::io;

use httpkit::{
    Error, ErrorKind, HttpConnection, Method, RequestBody,
    testing::{Act, Script, ScriptedConnector},
};

/// How a call goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Short,
    Interrupted,
    TimedOut,
    Reset,
    End,
}

const FAULTS: [Fault; 5] = [Fault::Short, Fault::Interrupted, Fault::TimedOut, Fault::Reset, Fault::End];

/// A call of the exchange: what the server does in it.
#[derive(Debug, Clone)]
enum Call {
    /// Takes a write of the client.
    Write,
    /// Sends a piece of the response.
    Read(&'static [u8]),
}

/// A request with a chunked body, answered piece by piece.
fn calls() -> Vec<Call> {
    // The head with the size of the chunk, its data, and the last chunk.
    let mut calls = vec![Call::Write; 3];
    calls.extend([
        Call::Read(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-"),
        Call::Read(b"Encoding: chunked\r\n\r\n5\r\nhel"),
        Call::Read(b"lo\r\n6\r\n world\r\n0\r\nX-Trailer: y"),
        Call::Read(b"\r\n\r\n"),
    ]);
    calls
}

/// The script of the exchange in which call number `index` goes wrong.
fn script(index: usize, fault: Fault) -> Script {
    let mut script = Script::new();
    for (number, call) in calls().into_iter().enumerate() {
        let acts = match (call, number == index) {
            (Call::Write, false) => vec![Act::ShortWrite(usize::MAX)],
            (Call::Read(piece), false) => vec![Act::Send(piece.to_vec())],
            (Call::Write, true) => write_fault(fault),
            (Call::Read(piece), true) => read_fault(fault, piece),
        };
        script = acts.into_iter().fold(script, Script::then);
    }
    script
}

fn write_fault(fault: Fault) -> Vec<Act> {
    match fault {
        // The rest is written by a call of its own.
        Fault::Short => vec![Act::ShortWrite(2), Act::ShortWrite(usize::MAX)],
        Fault::Interrupted => vec![Act::FailWrite(io::ErrorKind::Interrupted), Act::ShortWrite(usize::MAX)],
        Fault::TimedOut => vec![Act::FailWrite(io::ErrorKind::TimedOut)],
        Fault::Reset => vec![Act::FailWrite(io::ErrorKind::ConnectionReset), Act::End],
        Fault::End => vec![Act::ShortWrite(0), Act::End],
    }
}

fn read_fault(fault: Fault, piece: &[u8]) -> Vec<Act> {
    match fault {
        Fault::Short => piece.iter().map(|byte| Act::Send(vec![*byte])).collect(),
        Fault::Interrupted => vec![Act::FailRead(io::ErrorKind::Interrupted), Act::Send(piece.to_vec())],
        Fault::TimedOut => vec![Act::FailRead(io::ErrorKind::TimedOut)],
        Fault::Reset => vec![Act::FailRead(io::ErrorKind::ConnectionReset)],
        Fault::End => vec![Act::End],
    }
}

/// Runs the exchange; the body, or the error.
fn run(connection: &mut HttpConnection) -> Result<Vec<u8>, Error> {
    let body = RequestBody::from_reader("content".as_bytes());
    connection.request(Method::POST, "/", body, &[])?;
    let mut response = connection.get_response()?;
    response.read_all()
}

#[test]
fn each_call_goes_wrong_in_each_way() {
    for index in 0..calls().len() {
        for fault in FAULTS {
            let connector = ScriptedConnector::new([script(index, fault)]);
            let builder = HttpConnection::builder("h").connector(connector.clone());
            let mut connection = builder.build().unwrap();
            let outcome = run(&mut connection);
            let written = connector.recorded()[0].written.len();
            let place = format!("call {index}, {fault:?}: {outcome:?} after {written} bytes");
            if matches!(fault, Fault::Short | Fault::Interrupted) {
                assert_eq!(outcome.as_deref().unwrap_or_else(|_| panic!("{place}")), b"hello world");
                assert!(connection.is_open(), "{place}");
                continue;
            }
            let error = outcome.err().unwrap_or_else(|| panic!("{place}"));
            assert!(is_expected(index, fault, error.kind()), "{place}");
            assert!(!connection.is_open() && connector.recorded()[0].is_closed, "{place}");
            assert_eq!(error.may_have_been_processed(), written > 0, "{place}");
            assert!(b"hello world".starts_with(error.partial()), "{place}");
            // No state error follows: the next request opens a connection, which is refused here.
            let next = connection.request(Method::GET, "/", (), &[]).unwrap_err();
            assert!(matches!(next.kind(), ErrorKind::Connect { .. }), "{place}, then {next}");
        }
    }
}

/// Whether the error is the one that this fault has at this call.
fn is_expected(index: usize, fault: Fault, kind: &ErrorKind) -> bool {
    let writes = calls().iter().filter(|call| matches!(call, Call::Write)).count();
    let (is_write, is_first_read) = (index < writes, index == writes);
    match fault {
        Fault::TimedOut => matches!(kind, ErrorKind::Timeout { .. }),
        Fault::Reset if is_first_read => matches!(kind, ErrorKind::RemoteDisconnected),
        Fault::Reset => {
            matches!(kind, ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::ConnectionReset)
        }
        Fault::End if is_write => {
            matches!(kind, ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::WriteZero)
        }
        Fault::End if is_first_read => matches!(kind, ErrorKind::RemoteDisconnected),
        Fault::End => matches!(kind, ErrorKind::IncompleteRead { .. }),
        Fault::Short | Fault::Interrupted => false,
    }
}
