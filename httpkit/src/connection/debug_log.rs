//! Where the lines of a debug log go.

use std::{fmt, io::Write};

use crate::secrecy::{Shown, View};

/// A sink of lines, and how much goes there.
pub(super) struct DebugLog {
    level: u8,
    sink: Box<dyn Write + Send>,
}

impl DebugLog {
    pub(super) fn new(level: u8, sink: impl Write + Send + 'static) -> DebugLog {
        DebugLog { level, sink: Box::new(sink) }
    }

    pub(super) fn line(&mut self, mark: &str, line: &dyn fmt::Display) {
        // A log that cannot be written is no reason to fail.
        let _ = writeln!(self.sink, "{mark}{line}");
    }

    /// Writes a field as it may be shown. A line of a folded value has no name.
    pub(super) fn field(&mut self, mark: &str, name: &str, value: &[u8], view: View) {
        let colon = if name.is_empty() { "" } else { ": " };
        self.line(mark, &format_args!("{name}{colon}{}", Shown(value, view)));
    }

    /// Writes a part of a body, where the level wants bodies.
    pub(super) fn content(&mut self, mark: &str, bytes: &[u8]) {
        if self.level > 1 && !bytes.is_empty() {
            self.line(mark, &bytes.escape_ascii());
        }
    }
}
