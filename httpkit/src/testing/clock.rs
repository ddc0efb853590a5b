//! A clock for tests that would otherwise wait.

use std::time::Duration;

use crate::net::advance;

/// Moves the clock of this thread on: deadlines come nearer, connections that wait grow older, without a wait.
///
/// It concerns what the calls of this thread ask the clock for from now on; a system call that waits still
/// takes its time.
///
/// ```
/// use std::time::Duration;
/// use httpkit::{Deadline, testing::advance_clock};
///
/// let deadline = Deadline::after(Duration::from_secs(3600));
/// advance_clock(Duration::from_secs(3601));
/// assert!(deadline.has_passed());
/// ```
pub fn advance_clock(time: Duration) {
    advance(time);
}
