//! Signals of lost connections: a program that links httpkit must not be killed by `SIGPIPE`.
//!
//! Rust programs ignore the signal. If it is also blocked, Linux keeps it pending, where it can be seen.

#![cfg(target_os = "linux")]

use std::{
    fs,
    io::Read,
    net::{Ipv4Addr, Shutdown, TcpListener},
    os::unix::net::{UnixListener, UnixStream},
    process::Command,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use httpkit::{Client, ClientBuilder};
use httpkit_tests::{CancelledBy, is_child, run_under, skip, tls::Authority};
use rustls::{ServerConnection, version::TLS13};
use socket2::SockRef;

const TEST: &str = "transport::signals::write_to_closed_connection_raises_no_signal";
/// Runs a program with `SIGPIPE` blocked.
const BLOCKED: &[&str] = &["env", "--block-signal=PIPE"];

/// Returns whether `SIGPIPE` is pending for this thread, which is where a write raises it.
fn is_pending() -> bool {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap();
    let pending = status.lines().find_map(|line| line.strip_prefix("SigPnd:")).unwrap();
    // Bit 0 is for signal 1, and `SIGPIPE` is signal 13.
    u64::from_str_radix(pending.trim(), 16).unwrap() & (1 << 12) != 0
}

/// Uploads more than the systems buffer to a peer that `serve` leaves connected, and cancels that while it waits.
fn cancel_upload<T: Send + 'static>(
    builder: ClientBuilder,
    url: &str,
    serve: impl FnOnce() -> T + Send + 'static,
) {
    let (say, word) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let server = thread::spawn(move || {
        let connection = serve();
        // Let the client write until it has to wait. Without a wait the test passes too, but shows less.
        thread::sleep(Duration::from_millis(300));
        say.send(()).unwrap();
        ended.recv().unwrap_err();
        drop(connection);
    });
    let client = builder.build().unwrap();
    CancelledBy::Token.when(word, &client, client.put(url).body(vec![b'x'; 32 << 20]));
    drop(end);
    server.join().unwrap();
}

fn cancel_over_tcp() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    cancel_upload(Client::builder(), &url, move || listener.accept().unwrap());
}

fn cancel_over_tls() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let authority = Authority::new();
    let config = Arc::new(authority.issue("127.0.0.1").server(&[&TLS13]));
    cancel_upload(Client::builder().tls(authority.trusted()), &url, move || {
        let mut session = ServerConnection::new(config).unwrap();
        let (mut socket, _) = listener.accept().unwrap();
        while session.is_handshaking() {
            session.complete_io(&mut socket).unwrap();
        }
        socket
    });
}

fn cancel_over_unix_socket() {
    let path = std::env::temp_dir().join(format!("httpkit-signals-{}.sock", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let client = Client::builder().unix_socket(&path);
    cancel_upload(client, "http://test.example/", move || listener.accept().unwrap());
    fs::remove_file(path).unwrap();
}

/// Writes without the flag that suppresses the signal.
fn write_carelessly() {
    let (socket, peer) = UnixStream::pair().unwrap();
    peer.shutdown(Shutdown::Both).unwrap();
    SockRef::from(&socket).send(b"x").unwrap_err();
    assert_eq!((&socket).read(&mut [0]).unwrap(), 0);
}

#[test]
fn write_to_closed_connection_raises_no_signal() {
    if !is_child() {
        if Command::new(BLOCKED[0]).args([BLOCKED[1], "true"]).status().is_ok_and(|status| status.success()) {
            run_under(BLOCKED, TEST, &[]);
        } else {
            skip::<()>("`env` cannot block signals", "install coreutils 8.31 or later");
        }
        return;
    }
    for cancel in [cancel_over_tcp, cancel_over_tls, cancel_over_unix_socket] {
        cancel();
        assert!(!is_pending());
    }
    write_carelessly();
    assert!(is_pending(), "the signal would have been seen");
}
