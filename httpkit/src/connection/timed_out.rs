//! Which timeout has ended a wait.

use std::time::Duration;

use super::HttpConnection;
use crate::{
    error::{ErrorKind, Phase, TimeoutLimit},
    net::{Deadline, NetError, Pace},
    timeouts::LowSpeed,
};

/// A custom transport may round its deadline, and so give up a little earlier: the timers of Windows tick every 16 ms.
const ROUNDING: Duration = Duration::from_millis(20);

impl HttpConnection {
    /// Begins to measure the speed of a transfer, if there is a lowest speed.
    #[inline]
    pub(super) fn open_pace(&mut self) {
        if self.pace.is_some() || self.bounds.timeouts.low_speed.value.is_some() {
            self.replace_pace();
        }
    }

    /// Without a lowest speed, this ends the measurement for an earlier request, which had one of its own.
    #[cold]
    fn replace_pace(&mut self) {
        let low_speed = self.bounds.timeouts.low_speed.value;
        let pace = |LowSpeed { bytes_per_second, window }| Pace::new(bytes_per_second, window);
        self.pace = low_speed.map(pace).map(Box::new);
    }

    /// Returns [`Phase::LowSpeed`] if the transfer was too slow, else `phase`.
    pub(super) fn phase_by_pace(&self, phase: Phase) -> Phase {
        let is_too_slow = self.pace.as_ref().is_some_and(|pace| pace.is_too_slow());
        if is_too_slow { Phase::LowSpeed } else { phase }
    }

    /// Notes when the pause between two bytes had to end, if it has.
    pub(super) fn note_pause(&mut self, error: &NetError, deadline: Deadline) {
        if let NetError::TimedOut(_) = error {
            self.pause_by = deadline;
        }
    }

    /// Returns the error for a wait that has timed out in `phase`.
    #[cold]
    pub(super) fn timeout(&self, phase: Phase) -> ErrorKind {
        ErrorKind::Timeout { phase, limit: self.expired_limit(phase) }
    }

    /// Returns the setting with the earliest deadline, which has ended the wait. Returns `System` if that deadline is
    /// still ahead.
    fn expired_limit(&self, phase: Phase) -> TimeoutLimit {
        if let (Phase::LowSpeed, Some(low_speed)) = (phase, self.bounds.timeouts.low_speed.value) {
            return TimeoutLimit::LowSpeed(low_speed);
        }
        let limits = self.limits_of(phase).into_iter().flatten();
        // Each deadline includes those before it in the list, so the first of equal ones is the cause.
        let earliest =
            limits.reduce(|earlier, other| if earlier.0.min(other.0) == earlier.0 { earlier } else { other });
        earliest
            .filter(|(deadline, _)| has_expired(*deadline))
            .map_or(TimeoutLimit::System, |(_, limit)| limit)
    }

    /// Returns the settings that limit a wait in `phase`, and their deadlines.
    fn limits_of(&self, phase: Phase) -> [Option<(Deadline, TimeoutLimit)>; 3] {
        let timeouts = &self.bounds.timeouts;
        let of = |deadline: Deadline, timeout: Option<Duration>, limit: fn(Duration) -> TimeoutLimit| {
            timeout.map(|timeout| (deadline, limit(timeout)))
        };
        let total = of(self.deadline, self.total, TimeoutLimit::Total);
        let connect = of(self.connect_by, timeouts.connect.value, TimeoutLimit::Connect);
        let pause = of(self.pause_by, timeouts.between_bytes.value, TimeoutLimit::BetweenBytes);
        match phase {
            Phase::Resolve => {
                [total, connect, of(self.resolve_by, timeouts.resolve.value, TimeoutLimit::Resolve)]
            }
            Phase::Handshake => {
                [total, connect, of(self.handshake_by, timeouts.handshake.value, TimeoutLimit::Handshake)]
            }
            Phase::Connect | Phase::Proxy => [total, connect, None],
            Phase::Send => [total, of(self.send_by, timeouts.send.value, TimeoutLimit::Send), pause],
            Phase::Response => {
                [total, of(self.response_by, timeouts.response.value, TimeoutLimit::Response), None]
            }
            Phase::Body => [total, pause, None],
            // Neither is a wait of a connection for bytes.
            Phase::Pool | Phase::LowSpeed => [total, None, None],
        }
    }
}

/// Returns whether a wait that has timed out has reached its deadline. Otherwise something else has ended it.
pub(super) fn has_expired(deadline: Deadline) -> bool {
    deadline.remaining().is_some_and(|left| left <= ROUNDING)
}
