//! Socket timeouts that follow deadlines with hardly a system call.

use std::{io, time::Duration};

use crate::net::deadline::Deadline;

/// Below this, a timeout is installed as it is.
const EXACT: Duration = Duration::from_millis(20);

/// A timeout as the socket has it installed (`SO_RCVTIMEO` or `SO_SNDTIMEO`).
///
/// It is installed anew only when it would overshoot the deadline, and then somewhat shorter than what is
/// left, so that the next deadline, which is as far away as this one was, finds it short enough. A wait that
/// wakes early looks at the deadline and waits again.
#[derive(Debug, Default)]
pub(super) struct Armed {
    installed: Option<Duration>,
}

impl Armed {
    /// Runs `transfer` until it moves bytes, fails, or the deadline passes.
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

    /// Whether what an earlier, shorter wait has left would wake this one all the time.
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

fn is_early(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Waits once without a deadline's end in sight and counts the installations.
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
    fn a_shorter_deadline_and_a_much_longer_one_install_anew() {
        let mut armed = Armed::default();
        assert_eq!(installs(&mut armed, None), 0);
        assert_eq!(installs(&mut armed, Some(Duration::from_secs(30))), 1);
        assert_eq!(installs(&mut armed, Some(Duration::from_millis(50))), 1);
        assert_eq!(installs(&mut armed, Some(Duration::from_secs(30))), 1);
        assert_eq!(installs(&mut armed, None), 0);
        assert_eq!(installs(&mut armed, Some(Duration::MAX)), 0);
    }

    #[test]
    fn an_early_wake_is_no_timeout() {
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
    fn a_deadline_that_has_passed_moves_nothing() {
        let result = Armed::default().wait(
            Deadline::after(Duration::ZERO),
            |_| Ok(()),
            || -> io::Result<()> { unreachable!() },
        );
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
