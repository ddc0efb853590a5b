//! Whether bytes move fast enough.

use std::{io, time::Duration};

use crate::net::{clock::now, deadline::Deadline, error::NetError};

/// What has moved within the window that is open.
///
/// Only waiting counts: a body that its reader takes slowly is not a slow one, nor one whose source is slow.
#[derive(Debug)]
pub(crate) struct Pace {
    bytes_per_second: u64,
    window: Duration,
    waited: Duration,
    bytes: u64,
    is_too_slow: bool,
}

/// A failure that may be the end of a deadline.
pub(super) trait MayTimeOut: From<io::Error> {
    fn is_timeout(&self) -> bool;
}

impl MayTimeOut for io::Error {
    fn is_timeout(&self) -> bool {
        matches!(self.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
    }
}

impl MayTimeOut for NetError {
    fn is_timeout(&self) -> bool {
        matches!(self, NetError::TimedOut(_))
    }
}

impl Pace {
    /// The lowest speed, on average over a window.
    pub(crate) fn new(bytes_per_second: u64, window: Duration) -> Pace {
        // Speed is measured in milliseconds, and a window without length would end before each transfer.
        let window = window.max(Duration::from_millis(1));
        Pace { bytes_per_second, window, waited: Duration::ZERO, bytes: 0, is_too_slow: false }
    }

    /// Whether too little has moved, which has ended a transfer.
    pub(crate) fn is_too_slow(&self) -> bool {
        self.is_too_slow
    }

    /// Runs `transfer` until it moves bytes, fails, the deadline passes, or a window ends in which too little
    /// moved.
    pub(super) fn transfer<E: MayTimeOut>(
        &mut self,
        deadline: Deadline,
        mut transfer: impl FnMut(Deadline) -> Result<usize, E>,
    ) -> Result<usize, E> {
        loop {
            self.end_window()?;
            let began = now();
            let window_ends = Deadline::since(began, Some(self.window.saturating_sub(self.waited)));
            let result = transfer(deadline.min(window_ends));
            self.waited += now().duration_since(began);
            match result {
                Ok(count) => {
                    self.bytes += count as u64;
                    return Ok(count);
                }
                Err(error) if error.is_timeout() && self.is_window_over() && !deadline.has_passed() => {}
                failed => return failed,
            }
        }
    }

    fn is_window_over(&self) -> bool {
        self.waited >= self.window
    }

    /// Judges a window that is over, and opens the next one.
    fn end_window(&mut self) -> io::Result<()> {
        if !self.is_window_over() {
            return Ok(());
        }
        // A transfer that ends after the window counts in it, with all its time.
        let expected = u128::from(self.bytes_per_second) * self.waited.as_millis() / 1000;
        self.is_too_slow = u128::from(self.bytes) < expected;
        if self.is_too_slow {
            return Err(io::ErrorKind::TimedOut.into());
        }
        (self.waited, self.bytes) = (Duration::ZERO, 0);
        Ok(())
    }
}
