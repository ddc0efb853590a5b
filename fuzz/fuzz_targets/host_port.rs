//! `host:port`: no panic, and what is let through names one server.

#![no_main]

use httpkit::HttpConnection;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(connection) = HttpConnection::new(text) else { return };
    let host = connection.host().to_owned();
    assert!(!host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    let again = HttpConnection::with_port(&host, connection.port())
        .expect("what was let through is let through again");
    assert_eq!((again.host(), again.port()), (&*host, connection.port()));
});
