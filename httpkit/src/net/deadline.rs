//! Points in time after which nobody waits any more.

use std::time::{Duration, Instant};

use crate::net::clock::now;

/// The point in time at which a wait ends with a timeout, or never.
///
/// A deadline is a value: passing it on does not restart it, so it bounds any number of waits together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// A wait without end.
    pub const NEVER: Deadline = Deadline(None);

    /// The deadline `timeout` from now; a duration that no clock can count means never.
    pub fn after(timeout: Duration) -> Deadline {
        Deadline(now().checked_add(timeout))
    }

    /// As [`Deadline::after`], where `None` means never.
    pub(crate) fn after_optional(timeout: Option<Duration>) -> Deadline {
        timeout.map_or(Deadline::NEVER, Deadline::after)
    }

    /// The deadline so long after a moment, where `None` means never.
    pub(crate) fn since(moment: Instant, timeout: Option<Duration>) -> Deadline {
        Deadline(timeout.and_then(|timeout| moment.checked_add(timeout)))
    }

    /// The earlier of two deadlines.
    #[must_use]
    pub fn min(self, other: Deadline) -> Deadline {
        match (self.0, other.0) {
            (Some(this), Some(that)) => Deadline(Some(this.min(that))),
            (this, that) => Deadline(this.or(that)),
        }
    }

    /// The later of two deadlines.
    pub(crate) fn max(self, other: Deadline) -> Deadline {
        Deadline(self.0.zip(other.0).map(|(this, that)| this.max(that)))
    }

    /// The time that is left; `None` means without end, zero that the deadline has passed.
    pub fn remaining(self) -> Option<Duration> {
        self.0.map(|at| at.saturating_duration_since(now()))
    }

    /// Whether the deadline has passed by a moment.
    pub(crate) fn has_passed_by(self, moment: Instant) -> bool {
        self.0.is_some_and(|at| at <= moment)
    }

    /// Whether the deadline has passed.
    pub fn has_passed(self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }
}
