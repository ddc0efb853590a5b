//! Socket timeouts that follow deadlines and rarely take a system call.

use std::{io, time::Duration};

use crate::net::deadline::Deadline;

/// Up to this length, a timeout is installed without a reserve. A quarter of it would be less than the system's
/// timers resolve.
const EXACT: Duration = Duration::from_millis(20);

/// The timeout that is installed on a socket (`SO_RCVTIMEO` or `SO_SNDTIMEO`).
///
/// A timeout is replaced only if it would overshoot the deadline. The new one is shorter than the remaining time, so
/// that it also serves the next deadline, which is usually as far away as this one was. A wait that wakes early
/// checks the deadline and waits again.
#[derive(Debug, Default)]
pub(super) struct Armed {
    installed: Option<Duration>,
}

impl Armed {
    /// Calls `transfer` until it moves bytes or fails, or the deadline passes.
    ///
    /// `transfer` is called again when it reports that nothing was moved in time. A transfer that moved some bytes
    /// must report these as a success.
    pub(super) fn wait<T>(
        &mut self,
        deadline: Deadline,
        set_timeout: impl Fn(Option<Duration>) -> io::Result<()>,
        mut transfer: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            let remaining = deadline.remaining();
            if remaining == Some(Duration::ZERO) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            if self.overshoots(remaining) || self.wakes_too_often(remaining) {
                let timeout = remaining.map(shorten);
                set_timeout(timeout)?;
                self.installed = timeout;
            }
            match transfer() {
                Err(error) if is_early(&error) => {}
                result => return result,
            }
        }
    }

    fn overshoots(&self, remaining: Option<Duration>) -> bool {
        match (self.installed, remaining) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(installed), Some(remaining)) => installed > remaining,
        }
    }

    /// Returns whether the timeout of an earlier, shorter wait would wake this one too often.
    fn wakes_too_often(&self, remaining: Option<Duration>) -> bool {
        let Some(installed) = self.installed else {
            return false;
        };
        installed < Duration::from_secs(1) && remaining.is_none_or(|remaining| remaining / 16 > installed)
    }
}

fn shorten(remaining: Duration) -> Duration {
    if remaining <= EXACT { remaining } else { remaining / 4 * 3 }
}

/// Returns whether a wait ended early, with nothing moved. `TimedOut` is not among these errors: on Unix, a socket
/// timeout ends with `WouldBlock`, and `TimedOut` says that the system gave the connection up (keepalive).
fn is_early(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Waits once, with a transfer that succeeds immediately, and returns the number of installed timeouts.
    fn installs(armed: &mut Armed, timeout: Option<Duration>) -> u32 {
        let count = Cell::new(0);
        let set = |_| {
            count.set(count.get() + 1);
            Ok(())
        };
        armed.wait(Deadline::after_optional(timeout), set, || Ok(())).unwrap();
        count.get()
    }

    #[test]
    fn equal_deadlines_install_one_timeout() {
        let mut armed = Armed::default();
        let requests: u32 = (0..1000).map(|_| installs(&mut armed, Some(Duration::from_secs(20)))).sum();
        assert_eq!(requests, 1);
    }

    #[test]
    fn shorter_and_much_longer_deadlines_install_timeouts() {
        let mut armed = Armed::default();
        assert_eq!(installs(&mut armed, None), 0);
        assert_eq!(installs(&mut armed, Some(Duration::from_secs(30))), 1);
        assert_eq!(installs(&mut armed, Some(Duration::from_millis(50))), 1);
        assert_eq!(installs(&mut armed, Some(Duration::from_secs(30))), 1);
        assert_eq!(installs(&mut armed, None), 0);
        assert_eq!(installs(&mut armed, Some(Duration::MAX)), 0);
    }

    #[test]
    fn early_wake_repeats_transfer() {
        let wakes = Cell::new(0);
        let result = Armed::default().wait(
            Deadline::NEVER,
            |_| Ok(()),
            || {
                wakes.set(wakes.get() + 1);
                match wakes.get() {
                    1 => Err(io::ErrorKind::WouldBlock.into()),
                    2 => Err(io::ErrorKind::Interrupted.into()),
                    _ => Ok(7),
                }
            },
        );
        assert_eq!((result.unwrap(), wakes.get()), (7, 3));
    }

    #[test]
    fn reports_connection_that_system_gave_up() {
        let calls = Cell::new(0);
        let result = Armed::default().wait(
            Deadline::NEVER,
            |_| Ok(()),
            || -> io::Result<()> {
                calls.set(calls.get() + 1);
                Err(io::ErrorKind::TimedOut.into())
            },
        );
        assert_eq!((result.unwrap_err().kind(), calls.get()), (io::ErrorKind::TimedOut, 1));
    }

    #[test]
    fn passed_deadline_prevents_transfer() {
        let result = Armed::default().wait(
            Deadline::after(Duration::ZERO),
            |_| Ok(()),
            || -> io::Result<()> { unreachable!() },
        );
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
