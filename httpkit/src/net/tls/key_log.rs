//! The secrets of sessions, written down for those who look into traffic.

use std::{
    fmt,
    io::Write,
    sync::{Mutex, PoisonError},
};

use rustls::KeyLog;

/// Writes the lines of the format that browsers write to `SSLKEYLOGFILE` (RFC 9850).
pub(super) struct KeyLogSink(Mutex<Box<dyn Write + Send>>);

impl KeyLogSink {
    pub(super) fn new(sink: impl Write + Send + 'static) -> KeyLogSink {
        KeyLogSink(Mutex::new(Box::new(sink)))
    }
}

impl KeyLog for KeyLogSink {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", Hex(client_random), Hex(secret));
        let mut sink = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What cannot be written is lost; that fails no connection.
        let _ = sink.write_all(line.as_bytes()).and_then(|()| sink.flush());
    }
}

impl fmt::Debug for KeyLogSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyLogSink")
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
