//! Whether a body comes fast enough.

use std::time::Duration;

use crate::{
    config::LowSpeed,
    net::{Deadline, NetError, Stage, now},
};

/// What has come of a body within the window that is open.
///
/// Only waiting counts: a body that its reader takes slowly is not a slow one.
#[derive(Debug)]
pub(super) struct Pace {
    limit: LowSpeed,
    waited: Duration,
    bytes: u64,
    is_too_slow: bool,
}

impl Pace {
    pub(super) fn new(limit: LowSpeed) -> Pace {
        Pace { limit, waited: Duration::ZERO, bytes: 0, is_too_slow: false }
    }

    /// Whether reading has ended because too little came.
    pub(super) fn is_too_slow(&self) -> bool {
        self.is_too_slow
    }

    /// Runs `read` until it moves bytes, fails, the deadline passes, or a window ends in which too little came.
    pub(super) fn read(
        &mut self,
        deadline: Deadline,
        mut read: impl FnMut(Deadline) -> Result<usize, NetError>,
    ) -> Result<usize, NetError> {
        loop {
            self.end_window()?;
            let began = now();
            let window_ends = Deadline::since(began, Some(self.limit.window.saturating_sub(self.waited)));
            let result = read(deadline.min(window_ends));
            self.waited += now().duration_since(began);
            match result {
                Ok(count) => {
                    self.bytes += count as u64;
                    return Ok(count);
                }
                Err(NetError::TimedOut(_)) if self.is_window_over() && !deadline.has_passed() => {}
                failed => return failed,
            }
        }
    }

    fn is_window_over(&self) -> bool {
        self.waited >= self.limit.window
    }

    /// Judges a window that is over, and opens the next one.
    fn end_window(&mut self) -> Result<(), NetError> {
        if !self.is_window_over() {
            return Ok(());
        }
        // What comes in time longer than the window belongs to it.
        let expected = u128::from(self.limit.bytes_per_second) * self.waited.as_millis() / 1000;
        self.is_too_slow = u128::from(self.bytes) < expected;
        if self.is_too_slow {
            return Err(NetError::TimedOut(Stage::Transfer));
        }
        (self.waited, self.bytes) = (Duration::ZERO, 0);
        Ok(())
    }
}
